// Making and using passkeys. A form with data-passkey says what it does: "make", "use" (its options stand in the page) or
// "sign-in" (its options are fetched). What went wrong is said beside it; without a browser that can, the form stays away.

const forms = document.querySelectorAll("[data-passkey]");
const isAddress = /^[\d.]+$|^\[/.test(location.hostname); // passkeys belong to names
const isAble = window.isSecureContext && "PublicKeyCredential" in window && !isAddress;

function say(form, words) {
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = words;
  said.hidden = !words;
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") {
    return JSON.parse(document.getElementById(form.dataset.options).textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey !== "make") return window.webauthnJSON.get(options.request_options);
  const wanted = options.creation_options;
  Object.assign(wanted.publicKey.authenticatorSelection, {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  return window.webauthnJSON.create(wanted);
}

for (const form of forms) {
  if (isAble) form.hidden = false;
  else if (form.dataset.unable) say(form, form.dataset.unable);
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (!isAble) return;
    const button = form.querySelector("button");
    button.disabled = true;
    say(form, "");
    try {
      form.elements.credential.value = JSON.stringify(await credentialFor(form));
      form.submit();
    } catch {
      say(form, form.dataset.failed);
      button.disabled = false;
    }
  });
}
