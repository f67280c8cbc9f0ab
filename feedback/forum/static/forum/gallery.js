// A picture that is clicked opens large, over the page: arrow keys and a swipe lead to the next one of the same text,
// Escape closes it, and the focus goes back to where it was. Without this file the picture opens by itself.
"use strict";

(() => {
  const gallery = document.getElementById("gallery");
  if (!gallery?.showModal) return;
  const picture = gallery.querySelector(".gallery__picture");
  const words = gallery.querySelector(".gallery__words");
  const number = gallery.querySelector(".gallery__number");
  const steps = gallery.querySelectorAll("[data-gallery-step]");
  const SWIPE_PX = 50;

  let links = [];
  let at = 0;
  let touched = null;

  function show(next) {
    at = Math.max(0, Math.min(links.length - 1, next));
    const said = links[at].querySelector("img").alt;
    picture.src = links[at].href;
    picture.alt = said;
    words.textContent = said === gallery.dataset.nameless ? "" : said;
    number.textContent = links.length > 1 ? `${at + 1} / ${links.length}` : "";
    for (const step of steps) {
      step.hidden = links.length < 2;
      const isEnd = step.dataset.galleryStep === "1" ? at === links.length - 1 : at === 0;
      step.setAttribute("aria-disabled", String(isEnd));
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-gallery]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    links = [...(link.closest("article") ?? document).querySelectorAll("a[data-gallery]")];
    show(links.indexOf(link));
    gallery.showModal();
  });

  gallery.addEventListener("click", (event) => {
    const step = event.target.closest("[data-gallery-step]");
    if (step) show(at + Number(step.dataset.galleryStep));
    else if (event.target === gallery || event.target.closest("[data-gallery-close]")) gallery.close();
  });

  gallery.addEventListener("keydown", (event) => {
    event.stopPropagation(); // single keys of the page rest while it is covered
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const end = { Home: 0, End: links.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    show(end ?? at + step);
  });

  gallery.addEventListener("close", () => {
    picture.removeAttribute("src");
    links[at]?.focus();
  });

  gallery.addEventListener("touchstart", (event) => {
    touched = event.touches.length === 1 ? event.touches[0].clientX : null;
  }, { passive: true });

  gallery.addEventListener("touchend", (event) => {
    if (touched === null) return;
    const way = event.changedTouches[0].clientX - touched;
    touched = null;
    if (Math.abs(way) > SWIPE_PX) show(at - Math.sign(way));
  });
})();
