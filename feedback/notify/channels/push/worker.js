// What a browser runs for this site while no page is open: it shows news, opens what they are about, and tells the site when the
// browser changes its address. It keeps no pages and answers no requests.
"use strict";

const RENEW = "/settings/news/devices/renew/";
const INBOX = "/inbox/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// ---- showing ------------------------------------------------------------------------------------

function read(data) {
  try {
    return data.json();
  } catch {
    return {}; // browsers want something shown for every message
  }
}

async function show(news) {
  const tag = news.tag || "news";
  const shown = await self.registration.getNotifications({ tag });
  // News of one thing replace what is shown of it. The same message, sent twice after a crash, is no news.
  const isCopy = shown.some((one) => one.data?.id === news.id);
  await self.registration.showNotification(news.title || self.location.hostname, {
    body: news.body || "",
    tag,
    renotify: !isCopy,
    lang: news.lang || "",
    dir: "auto",
    icon: "/static/ui/img/icon-192.png",
    badge: "/static/ui/img/badge.png",
    data: { id: news.id, url: news.url || INBOX },
  });
}

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

// ---- opening ------------------------------------------------------------------------------------

async function open(address) {
  const url = new URL(address, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const here = tabs.find((tab) => new URL(tab.url).pathname === url.pathname);
  if (!here) {
    await self.clients.openWindow(url.href);
    return;
  }
  await here.focus();
  try {
    await here.navigate(url.href); // it may have been open since before the news
  } catch {
    // a tab that this worker does not serve yet stays as it is
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url || INBOX));
});

// ---- another address ----------------------------------------------------------------------------

function key(subscription, name) {
  const bytes = new Uint8Array(subscription.getKey(name));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function renew(before, after) {
  if (!before) return; // the page of the settings offers to turn it on anew
  const now = after || (await self.registration.pushManager.subscribe(before.options));
  await fetch(RENEW, {
    method: "POST",
    body: new URLSearchParams({
      instead_of: before.endpoint,
      known_by: key(before, "auth"),
      endpoint: now.endpoint,
      p256dh: key(now, "p256dh"),
      auth: key(now, "auth"),
    }),
  });
}

self.addEventListener("pushsubscriptionchange", (event) =>
  event.waitUntil(renew(event.oldSubscription, event.newSubscription)),
);
