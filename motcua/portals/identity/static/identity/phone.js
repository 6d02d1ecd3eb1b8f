// Asks every two seconds whether the phone has answered, then goes on. Without this script the button does it.
const form = document.querySelector("form[data-state]");

async function look() {
  const answer = await fetch(form.dataset.state, { cache: "no-store" }).catch(() => null);
  const word = answer && answer.ok ? await answer.text() : "waiting";
  if (word === "approved") form.submit();
  else if (word !== "waiting") location.replace(location.pathname.replace(/vao\/$/, "") + location.search);
  else setTimeout(look, 2000);
}

if (form) setTimeout(look, 2000);
