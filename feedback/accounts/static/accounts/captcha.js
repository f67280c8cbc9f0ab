// Solving the challenge of a form in a worker of its own while the person writes; whoever sends earlier waits for it.
"use strict";

(() => {
  const begin = (box) => {
    if (box.dataset.begun) return;
    box.dataset.begun = "1";
    const field = box.querySelector("input");
    const state = box.querySelector("[data-busy]");
    const form = box.closest("form");
    const challenge = JSON.parse(box.dataset.captcha);
    let wanted = null;
    // A button that sends the form elsewhere, or looks at it first, need not wait; one may say whether it does.
    const waits = (button) =>
      button?.dataset.waits ? button.dataset.waits === "yes" : !button?.hasAttribute("formaction") && !button?.name;
    state.textContent = state.dataset.busy;
    const worker = new Worker(box.dataset.worker);
    worker.onmessage = ({ data }) => {
      worker.terminate();
      const { algorithm, challenge: digest, salt, signature } = challenge;
      field.value = btoa(JSON.stringify({ algorithm, challenge: digest, number: data, salt, signature }));
      state.textContent = state.dataset.done;
      if (wanted) form.requestSubmit(wanted.button);
    };
    form.addEventListener(
      "submit",
      (event) => {
        if (field.value || !waits(event.submitter)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        wanted = { button: event.submitter };
      },
      true,
    );
    worker.postMessage({ salt: challenge.salt, digest: challenge.challenge, most: challenge.maxNumber });
  };

  const look = () => document.querySelectorAll("[data-captcha]").forEach(begin);
  look();
  document.addEventListener("htmx:load", look);
})();
