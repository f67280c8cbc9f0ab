// The desk: walking the list of proposals shows each one's evidence beside it. Keys are in app.js.
"use strict";

(() => {
  const list = document.querySelector("[data-desk-list]");
  const wide = matchMedia("(min-width: 64rem)");

  if (list) {
    // Show the evidence of the row one has walked to, a moment after the last step, when there is room for it.
    let timer = 0;
    let held = "";
    list.addEventListener("heed:row", (event) => {
      clearTimeout(timer);
      held = "";
      const link = event.target.querySelector("a[hx-get]");
      if (link && wide.matches) timer = setTimeout(() => link.click(), 160);
    });

    // A key decides about the row one has walked to, never about the evidence that still stands beside it:
    // it is held until that row's evidence is there.
    const walkedTo = () => list.querySelector("[data-row][data-here]")?.dataset.proposal;
    const shown = () => document.querySelector("#evidence [data-proposal]")?.dataset.proposal;
    document.addEventListener("heed:press", (event) => {
      const row = walkedTo();
      if (!wide.matches || !row || row === shown() || !"exsrldwmb123456789".includes(event.detail.key)) return;
      event.preventDefault();
      held = event.detail.key;
      clearTimeout(timer);
      list.querySelector("[data-row][data-here] a[hx-get]").click();
    });
    document.addEventListener("htmx:afterSettle", () => {
      if (!held || walkedTo() !== shown()) return;
      const key = held;
      held = "";
      document.dispatchEvent(new CustomEvent("heed:key", { detail: { key } }));
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
      if (!list.contains(opened)) return;
      for (const link of list.querySelectorAll("a[aria-current]")) link.removeAttribute("aria-current");
      opened.setAttribute("aria-current", "true");
      for (const row of list.querySelectorAll("[data-row]")) row.toggleAttribute("data-here", row.contains(opened));
    });
  }

  // "Select all" above a list with boxes, and the number that is chosen.
  function tally(form) {
    const boxes = [...form.querySelectorAll("[data-choose]")];
    const all = form.querySelector("[data-choose-all]");
    const chosen = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = boxes.length > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    const number = form.querySelector("[data-chosen]");
    if (number) number.textContent = String(chosen);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-choosing]");
    if (!form) return;
    if (event.target.matches("[data-choose-all]"))
      for (const box of form.querySelectorAll("[data-choose]")) box.checked = event.target.checked;
    tally(form);
  });

  // What opens to be written in is written in at once.
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.open) event.target.querySelector("[data-write]")?.select();
    },
    true,
  );

  // A browser that goes back keeps the boxes as they were left, so count them afresh.
  for (const form of document.querySelectorAll("[data-choosing]")) tally(form);
})();
