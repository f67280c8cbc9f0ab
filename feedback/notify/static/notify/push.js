// News on this device: says what this browser can do, and turns it on when its person clicks, never before.
// The list of devices, turning one off and sending a trial work without this file.
"use strict";

(() => {
  const place = document.querySelector("[data-push]");
  if (!place) return;
  const form = place.querySelector("form[data-push-on]");

  function show(state) {
    for (const one of place.querySelectorAll("[data-push-state]")) one.hidden = one.dataset.pushState !== state;
  }

  // iPads say that they are Macs.
  const isApplesPhone =
    /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);
  const canPush = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const text = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  function bytesOf(key) {
    const letters = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  }

  async function digestOf(endpoint) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function subscription() {
    const registration = await navigator.serviceWorker.getRegistration("/");
    return registration ? registration.pushManager.getSubscription() : null;
  }

  function rowOf(digest) {
    return place.querySelector(`[data-device="${CSS.escape(digest)}"]`);
  }

  async function look() {
    if (!window.isSecureContext) return show("insecure");
    if (!canPush) return show(isApplesPhone ? "home-screen" : "unsupported");
    if (Notification.permission === "denied") return show("denied");
    const here = await subscription();
    const row = here && rowOf(await digestOf(here.endpoint));
    if (!row) return show("off");
    row.querySelector("[data-here]").hidden = false;
    return show("on");
  }

  async function subscribed() {
    await navigator.serviceWorker.register(place.dataset.worker, { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const known = await pushManager.getSubscription();
    // A subscription is bound to the site's key: one for another key, as of before a restore, takes nothing from here.
    if (known && text(known.options.applicationServerKey ?? []) === place.dataset.key) return known;
    await known?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(place.dataset.key) });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("working");
    try {
      if ((await Notification.requestPermission()) !== "granted") return look();
      const here = await subscribed();
      form.elements.endpoint.value = here.endpoint;
      form.elements.p256dh.value = text(here.getKey("p256dh"));
      form.elements.auth.value = text(here.getKey("auth"));
      return form.submit();
    } catch {
      return show("failed");
    }
  });

  // Turning this very browser off, it forgets the site too.
  place.addEventListener("submit", async (event) => {
    const row = event.target.matches("[data-push-off]") && event.target.closest("[data-device]");
    if (!row || row.querySelector("[data-here]").hidden) return;
    event.preventDefault();
    try {
      await (await subscription())?.unsubscribe();
    } finally {
      event.target.submit();
    }
  });

  look().catch(() => show("off"));
})();
