// The desk: walking the list of proposals shows each one's evidence beside it. Keys are in app.js.
"use strict";

(() => {
  const list = document.querySelector("[data-desk-list]");
  if (!list) return;
  const wide = matchMedia("(min-width: 64rem)");

  // Show the evidence of the row one has walked to, a moment after the last step, when there is room for it.
  let timer = 0;
  list.addEventListener("heed:row", (event) => {
    clearTimeout(timer);
    if (!wide.matches) return;
    const link = event.target.querySelector("a[hx-get]");
    if (link) timer = setTimeout(() => link.click(), 160);
  });

  // On a narrow screen a proposal is a page of its own: follow the link instead of swapping out of sight.
  list.addEventListener("htmx:confirm", (event) => {
    if (wide.matches) return;
    event.preventDefault();
    location.assign(`${event.detail.elt.href}#evidence`);
  });

  // The opened proposal is marked for eyes and for readers that do not see.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "evidence") return;
    const opened = event.detail.requestConfig.elt;
    for (const link of list.querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
    if (list.contains(opened)) {
      opened.setAttribute("aria-current", "true");
      for (const row of list.querySelectorAll("[data-row]")) row.toggleAttribute("data-here", row.contains(opened));
    }
  });

  // "All of them" above a list with boxes, and the number that is chosen.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choosing]");
    if (!form) return;
    const boxes = [...form.querySelectorAll("[data-choose]")];
    const all = form.querySelector("[data-choose-all]");
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    const chosen = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const number = form.querySelector("[data-chosen]");
    if (number) number.textContent = String(chosen);
  });
})();
