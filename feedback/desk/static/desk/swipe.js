// On a phone a row is swiped away: to the right it is accepted, to the left it waits for later. Each can be undone.
"use strict";

(() => {
  const form = document.querySelector("[data-several]");
  const list = form?.querySelector("[data-desk-list]");
  if (!list) return;
  const FAR = 96;
  const SLOP = 12;
  let swipe = null;

  function put(row, by) {
    const word = by > SLOP ? list.dataset.accept : by < -SLOP ? list.dataset.later : "";
    if (word) row.dataset.word = word;
    else delete row.dataset.word;
    row.toggleAttribute("data-far", Math.abs(by) >= FAR);
    row.toggleAttribute("data-left", by < 0);
    row.querySelector("a[hx-get]").style.transform = by ? `translateX(${by}px)` : "";
  }

  async function send(row, act) {
    row.setAttribute("data-going", "");
    const values = {
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      seen_at: form.elements.seen_at.value,
      proposal: row.dataset.proposal,
      do: act,
    };
    try {
      await window.htmx.ajax("POST", form.action, { target: "#said", swap: "innerHTML", values });
    } catch {
      /* what was lost is told by app.js */
    }
    // The server is the truth: a row that it has not taken away comes back.
    row.removeAttribute("data-going");
    put(row, 0);
  }

  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.pointerType !== "touch" || !event.isPrimary || !row) return;
    if (event.target.closest("label") || row.hasAttribute("data-became")) return;
    swipe = { row, id: event.pointerId, x: event.clientX, y: event.clientY, by: 0, on: false };
  });
  list.addEventListener("pointermove", (event) => {
    if (event.pointerId !== swipe?.id) return;
    const by = event.clientX - swipe.x;
    const down = Math.abs(event.clientY - swipe.y);
    if (!swipe.on && down > SLOP && down > Math.abs(by)) swipe = null;
    if (!swipe || (!swipe.on && Math.abs(by) < SLOP)) return;
    swipe.on = true;
    swipe.by = by;
    put(swipe.row, by);
  });
  list.addEventListener("pointerup", (event) => {
    if (event.pointerId !== swipe?.id) return;
    const { row, by, on } = swipe;
    swipe = null;
    if (!on) return;
    // The tap that ends a swipe opens nothing.
    const stop = (click) => {
      click.preventDefault();
      click.stopPropagation();
    };
    row.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => row.removeEventListener("click", stop, { capture: true }), 300);
    if (Math.abs(by) < FAR) put(row, 0);
    else send(row, by > 0 ? "confirm" : "later");
  });
  list.addEventListener("pointercancel", () => {
    if (swipe) put(swipe.row, 0);
    swipe = null;
  });
})();
