// The board of the roadmap for a manager: an item is dragged to another column, or moved there by < and >.
// Both send the form that the plain link leads to; where a reason, a version or a stage is open, that form asks.
"use strict";

(() => {
  const board = document.querySelector("[data-board]");
  const form = document.querySelector("[data-board-move]");
  if (!board || !form) return;
  const columns = [...document.querySelectorAll("[data-stages]")];
  const ASKS = new Set(["SHIPPED", "DECLINED"]);
  let dragged = null;

  const stagesOf = (column) => column.dataset.stages.split(" ");
  const mayBecome = (row) => row.dataset.mayBecome.split(" ");

  function open(row, column) {
    const may = mayBecome(row);
    return stagesOf(column).includes(row.dataset.stage) ? [] : stagesOf(column).filter((stage) => may.includes(stage));
  }

  function move(row, column) {
    const stages = open(row, column);
    if (!stages.length) return;
    const back = form.elements.back.value;
    if (stages.length > 1 || ASKS.has(stages[0])) {
      const asked = new URLSearchParams([...stages.map((stage) => ["to", stage]), ["back", back]]);
      location.assign(`${row.dataset.move}?${asked}`);
      return;
    }
    row.setAttribute("aria-busy", "true");
    form.action = row.dataset.move;
    form.elements.to.value = stages[0];
    form.elements.seen.value = row.dataset.stage;
    form.submit();
  }

  function mark(row) {
    for (const column of columns) column.toggleAttribute("data-open", Boolean(row) && open(row, column).length > 0);
  }

  board.addEventListener("dragstart", (event) => {
    const row = event.target.closest("[data-move]");
    if (!row) return;
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.querySelector("h3").textContent.trim());
    // Chromium ends a drag whose page changes while it begins.
    setTimeout(() => mark(dragged));
  });
  document.addEventListener("dragend", () => mark((dragged = null)));

  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!dragged || !open(dragged, column).length) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      column.toggleAttribute("data-over", true);
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) column.removeAttribute("data-over");
    });
    column.addEventListener("drop", (event) => {
      column.removeAttribute("data-over");
      if (!dragged) return;
      event.preventDefault();
      move(dragged, column);
    });
  }

  // app.js gives every key that a page may use, and not while somebody writes or has switched keys off.
  document.addEventListener("heed:press", (event) => {
    const step = { "<": -1, ">": 1 }[event.detail.key];
    const row = document.querySelector("[data-move][data-here]") || document.activeElement?.closest("[data-move]");
    if (!step || !row) return;
    event.preventDefault();
    const shown = [...board.querySelectorAll("[data-stages]")];
    let at = shown.indexOf(row.closest("[data-stages]")) + step;
    while (shown[at] && !open(row, shown[at]).length) at += step;
    if (shown[at]) move(row, shown[at]);
  });

  // Back from a move: go on where the item is, once the browser has looked for the address's end and let go of the focus.
  const moved = location.hash.startsWith("#item-") ? document.getElementById(location.hash.slice(1)) : null;
  if (moved?.dataset.move) {
    moved.toggleAttribute("data-here", true);
    window.addEventListener("load", () => setTimeout(() => moved.querySelector("a[href]").focus()));
  }
})();
