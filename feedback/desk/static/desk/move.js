// On the page of one ask: a post is dragged by its grip onto an ask near it, and moves there. Ticked posts come along,
// those ticked on other pages of the list too (desk.js keeps them).
// By keys the same is "m" with the posts ticked.
"use strict";

(() => {
  const form = document.querySelector("[data-move-to]");
  const list = document.querySelector("[data-choosing] .evidence");
  if (!form || !list) return;
  let dragged = null;
  let isSent = false;
  const posts = form.appendChild(document.createElement("div"));

  for (const row of list.querySelectorAll(".evidence__row")) {
    const grip = document.createElement("span");
    grip.className = "evidence__grip";
    grip.draggable = true;
    grip.title = form.dataset.moveTo;
    grip.ariaHidden = "true";
    row.append(grip);
  }

  const places = () => document.querySelectorAll("[data-drop]");
  const placeOf = (event) => event.target.closest?.("[data-drop]");

  // While a post is held, the asks near it come into sight, wherever the page has been scrolled to.
  const show = (isHeld) => document.querySelector(".ask-related__list")?.toggleAttribute("data-dragging", isHeld);

  const key = `heed.ticks.${list.closest("[data-keeps]")?.dataset.keeps}`;

  // What goes with the row that is held: every ticked post where it is one of them, otherwise it alone.
  function moving() {
    const own = dragged.querySelector("[data-choose]");
    if (!own.checked) return [own.value];
    const boxes = [...list.querySelectorAll("[data-choose]")];
    const here = new Set(boxes.map((box) => box.value));
    const elsewhere = JSON.parse(sessionStorage.getItem(key) || "[]").filter((value) => !here.has(value));
    sessionStorage.removeItem(key);
    return [...boxes.filter((box) => box.checked).map((box) => box.value), ...elsewhere];
  }

  list.addEventListener("dragstart", (event) => {
    if (!event.target.classList?.contains("evidence__grip")) return;
    dragged = event.target.closest(".evidence__row");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector(".evidence__title").textContent.trim());
    event.dataTransfer.setDragImage(dragged, 12, 12);
    // Chromium ends a drag whose page changes while it begins.
    setTimeout(() => show(dragged !== null));
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    show(false);
    places().forEach((place) => place.removeAttribute("data-over"));
  });
  document.addEventListener("dragover", (event) => {
    const place = dragged && placeOf(event);
    places().forEach((one) => one.toggleAttribute("data-over", one === place));
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("drop", (event) => {
    const place = dragged && placeOf(event);
    if (!place) return;
    event.preventDefault();
    if (isSent) return;
    isSent = true;
    form.elements.to.value = place.dataset.drop;
    posts.replaceChildren(
      ...moving().map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "post", value })),
    );
    form.submit();
  });
  // A browser that goes back may show this very page again.
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
})();
