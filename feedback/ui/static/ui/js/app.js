// What Heed does in the browser beyond htmx: honest toasts, menus that close, the theme at once,
// dialogs, and single keys. Every page works without this file.
"use strict";

(() => {
  const toasts = document.getElementById("toasts");
  const dialog = document.getElementById("dialog");
  const TOAST_MS = 9000;

  // ---- toasts -------------------------------------------------------------------------------

  function watchToast(toast) {
    let timer = 0;
    const start = () => (timer = setTimeout(() => toast.remove(), TOAST_MS));
    const stop = () => clearTimeout(timer);
    toast.addEventListener("pointerenter", stop);
    toast.addEventListener("pointerleave", start);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("focusout", start);
    start();
  }

  function say(text) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.toast = "";
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button--quiet button--small";
    close.dataset.toastClose = "";
    close.textContent = toasts.dataset.close;
    toast.append(words, close);
    toasts.append(toast);
  }

  if (toasts) {
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) watchToast(node);
    }).observe(toasts, { childList: true });

    // A click that failed says so; what was on the page stays as it was, because it was not changed.
    document.addEventListener("htmx:sendError", () => say(toasts.dataset.lost));
    document.addEventListener("htmx:timeout", () => say(toasts.dataset.lost));
    document.addEventListener("htmx:responseError", (event) => {
      const xhr = event.detail.xhr;
      const told = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") && xhr.responseText;
      const known = { 403: toasts.dataset.forbidden, 429: toasts.dataset.busy }[xhr.status];
      say(told || known || toasts.dataset.failed);
    });
  }

  // ---- one listener for every click ----------------------------------------------------------

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]"))
      if (!menu.contains(event.target)) menu.open = false;
    const target = event.target.closest?.("[data-toast-close], [data-dialog-close], [data-shortcuts]");
    if (!target) return;
    if (target.matches("[data-toast-close]")) target.closest("[data-toast]").remove();
    if (target.matches("[data-shortcuts]")) showShortcuts();
    if (target.matches("[data-dialog-close]") && dialog.open) {
      event.preventDefault();
      dialog.close();
    }
  });

  // ---- day and night -------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `heed_theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch] button"))
      button.setAttribute("aria-pressed", String(button.value === theme));
  });

  // ---- dialog: a link with hx-target="#dialog" opens it; without JavaScript its href is a page -------

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("input:not([type=hidden]), textarea, select, button")?.focus();
  });

  // ---- keys ----------------------------------------------------------------------------------
  // Any element with data-key="x" (or "x y") is pressed (or, a field, focused) by that key; j and k walk the rows of
  // [data-rows]. Keys can be switched off, as readers who dictate need (WCAG 2.1.4).

  const KEYS_OFF = "heed-keys-off";
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  function rows() {
    return [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent);
  }

  function walk(step) {
    const all = rows();
    if (!all.length) return;
    // Without a row walked to, begin at the one that is open.
    const walked = all.findIndex((row) => row.hasAttribute("data-here"));
    const at = walked < 0 ? all.findIndex((row) => row.querySelector('a[aria-current="true"]')) : walked;
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    for (const row of all) row.toggleAttribute("data-here", row === next);
    next.querySelector("a[href]:not(.vote), button[data-open]")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    next.dispatchEvent(new CustomEvent("heed:row", { bubbles: true }));
  }

  function press(key) {
    // A page may hold a key until what it acts on is there; it then asks for it again with heed:key.
    const asking = new CustomEvent("heed:press", { cancelable: true, detail: { key } });
    if (!document.dispatchEvent(asking)) return true;
    const here = document.querySelector("[data-row][data-here]");
    const wanted = `[data-key~="${CSS.escape(key)}"]`;
    const found =
      here?.querySelector(wanted) || [...document.querySelectorAll(wanted)].find((one) => one.offsetParent);
    if (!found) return false;
    if (found.matches("input, textarea, select")) {
      found.focus();
      // Whoever types says it anew; whoever moves in it keeps the words.
      if (found.matches("input")) found.select();
    } else found.click();
    return true;
  }

  document.addEventListener("heed:key", (event) => press(event.detail.key));

  document.addEventListener("keydown", (event) => {
    // A field that a key led into is left the same way, so that the next key is a key again.
    if (event.key === "Escape" && !event.isComposing && event.target.matches("input[data-key], textarea[data-key]"))
      event.target.blur();
    if (event.key === "Escape")
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    if (dialog?.open || stored(KEYS_OFF)) return;
    if (event.key === "?") showShortcuts();
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "v" && document.querySelector("[data-row][data-here] [data-vote]"))
      document.querySelector("[data-row][data-here] [data-vote]").click();
    // A key that is held down walks on, and presses once.
    else if (event.key.length !== 1 || ((!event.repeat || "JK".includes(event.key)) && !press(event.key))) return;
    event.preventDefault();
  });

  function showShortcuts() {
    const source = document.getElementById("shortcuts");
    if (!source || !dialog) return;
    dialog.replaceChildren(source.content.cloneNode(true));
    const off = dialog.querySelector("[data-keys-off]");
    if (off) {
      off.checked = Boolean(stored(KEYS_OFF));
      off.addEventListener("change", () => {
        try {
          off.checked ? localStorage.setItem(KEYS_OFF, "1") : localStorage.removeItem(KEYS_OFF);
        } catch {
          /* storage is closed: the choice holds for this page only */
        }
      });
    }
    dialog.showModal();
  }

  // ---- how long it is --------------------------------------------------------------------------
  // As a person sees it, and as the server counts (kernel/visible.py): a family of emoji is one character.

  const COUNT_FROM = 0.8;
  const POINTS = 10;
  const clusters = window.Intl?.Segmenter && new Intl.Segmenter();

  function seen(text) {
    const points = [...text].length;
    return clusters ? Math.max([...clusters.segment(text)].length, Math.ceil(points / POINTS)) : points;
  }

  function count(field) {
    const most = Number(field.dataset.most);
    const long = field.value.length < COUNT_FROM * most ? 0 : seen(field.value.trim());
    let shown = field.parentElement.querySelector(".field__count");
    if (!shown && long >= COUNT_FROM * most) {
      shown = document.createElement("output");
      shown.className = "field__count";
      field.after(shown);
    }
    if (!shown) return;
    shown.hidden = long < COUNT_FROM * most;
    shown.textContent = `${long.toLocaleString(document.documentElement.lang)} / ${most.toLocaleString(document.documentElement.lang)}`;
    shown.toggleAttribute("data-over", long > most);
  }

  document.addEventListener("input", (event) => {
    if (event.target.dataset?.most) count(event.target);
  });
  for (const field of document.querySelectorAll("[data-most]")) count(field);

  // A row of links that is wider than the phone shows the one that is open.

  for (const open of document.querySelectorAll(":is(.tabs, .places) [aria-current]")) {
    const row = open.parentElement;
    row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }
})();
