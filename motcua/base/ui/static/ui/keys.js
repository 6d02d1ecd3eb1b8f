// Keys of the officer's lists: j k move, x ticks, Enter opens, / searches, ? explains. Every key has a button or link beside it.
// The switch in the help window turns the single letters off (WCAG 2.1.4); nothing listens while somebody types.
const OFF = "keys-off";
const rows = () => [...document.querySelectorAll("[data-row]")];
const here = () => document.querySelector("[data-row].is-here");
const off = () => localStorage.getItem(OFF) === "1";

function move(step) {
  const all = rows();
  if (!all.length) return;
  const current = here();
  const target = all[Math.min(Math.max(all.indexOf(current) + step, 0), all.length - 1)];
  current?.classList.remove("is-here");
  target.classList.add("is-here");
  target.querySelector("a")?.focus();
  target.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => here()?.querySelector("input[type=checkbox]")?.click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]),select,textarea,[contenteditable]");
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const named = /^F\d+$/.test(event.key);
  if (button && (named || (!typing && !off()))) {
    event.preventDefault();
    button.focus();
    button.click();
  } else if (!typing && keys[event.key] && (!off() || event.key === "?")) {
    event.preventDefault();
    keys[event.key]();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row) return;
  here()?.classList.remove("is-here");
  row.classList.add("is-here");
});

const box = document.getElementById("keys-off");
if (box) {
  box.checked = off();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "1" : "0"));
}
document.querySelector("[data-keys]")?.addEventListener("click", () => document.getElementById("keys").showModal());

// A form sent twice is one form: the second press within a second is not sent.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
  setTimeout(() => delete event.target.dataset.sent, 1000);
});

// After htmx has replaced a list, say how many there are and stand on its heading.
document.addEventListener("htmx:after:swap", () => {
  const heading = document.querySelector("[data-found]");
  if (!heading) return;
  document.getElementById("said").textContent = heading.dataset.found;
});
