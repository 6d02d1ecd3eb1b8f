// Lets the browser make or use a passkey, then sends the form. Without this script the button is not shown.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function ask(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw Object.assign(new Error("refused"), { words: answer.status === 409 ? await answer.text() : "" });
  return answer.json();
}

async function make(options) {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = (options.excludeCredentials || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const made = await navigator.credentials.create({ publicKey: options });
  const transports = made.response.getTransports ? made.response.getTransports() : [];
  return told(made, { attestationObject: text(made.response.attestationObject), transports });
}

async function use(options) {
  options.challenge = bytes(options.challenge);
  const used = await navigator.credentials.get({ publicKey: options });
  return told(used, {
    authenticatorData: text(used.response.authenticatorData),
    signature: text(used.response.signature),
    userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
  });
}

function told(credential, more) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON), ...more };
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const fault = form.querySelector("[data-fault]");
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential || location.origin !== form.dataset.origin) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    button.disabled = true;
    try {
      const number = document.querySelector("form:not([data-passkey]) input[name=number]");
      if (form.elements.number && number) form.elements.number.value = number.value;
      const options = await ask(form);
      form.elements.credential.value = await (form.dataset.passkey === "make" ? make(options) : use(options));
      form.submit();
    } catch (error) {
      fault.textContent = error.words || (error.name === "InvalidStateError" ? fault.dataset.known : fault.dataset.words);
      fault.hidden = false;
      button.disabled = false;
    }
  });
}
