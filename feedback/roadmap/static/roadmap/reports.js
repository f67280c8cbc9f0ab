// The four-grid report: an item stands in one cell, each tile counts what is in it, and what is not sent says so.
"use strict";

(() => {
  const form = document.querySelector("[data-report]");
  if (!form) return;
  const note = form.querySelector("[data-unsent]");
  let isSent = false;

  function tally() {
    for (const count of form.querySelectorAll("[data-count]")) {
      const cell = form.querySelector(`[data-cell="${count.dataset.count}"]`);
      const picked = cell.querySelectorAll("[type=checkbox]:checked").length;
      const number = picked + (cell.querySelector("[data-line]").value.trim() ? 1 : 0);
      count.textContent = number || "";
    }
  }

  form.addEventListener("input", (event) => {
    const box = event.target;
    if (box.name === "cell") return;
    if (box.type === "checkbox" && box.checked)
      for (const other of form.querySelectorAll(`[type=checkbox][value="${CSS.escape(box.value)}"]`))
        if (other !== box) other.checked = false;
    note.textContent = note.dataset.unsent;
    tally();
  });

  form.addEventListener("submit", () => (isSent = true));
  window.addEventListener("beforeunload", (event) => {
    if (note.textContent && !isSent) event.preventDefault();
  });
  tally();
})();
