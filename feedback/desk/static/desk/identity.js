// The picker of the colour and the words of it say the same.
"use strict";

(() => {
  const field = document.querySelector("[data-colour]");
  if (!field) return;
  const words = field.querySelector("input[name=colour]");
  const picker = field.querySelector("input[type=color]");
  picker.closest("label").hidden = false;
  picker.addEventListener("input", () => {
    words.value = picker.value;
  });
  words.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(words.value.trim())) picker.value = words.value.trim().toLowerCase();
  });
})();
