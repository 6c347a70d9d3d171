// Keeps the public pages ready for when there is no network, and the summary only if the person asked for it.
// Nothing else is stored: pages with answers always come from the network. Forms are never touched.
"use strict";
const CACHE = "midback-" + HELD.version;
const KEPT = "midback-kept"; // the same name stands in offline.js
const READY = new Set(HELD.pages);

async function hold(cache, address, ask) {
  const response = await fetch(new Request(ask, { credentials: "omit", cache: "reload" }));
  if (response.ok) { await cache.put(address, response); }
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all([
      ...HELD.pages.map((page) => hold(cache, page, page + "?lang=" + HELD.language)),
      ...HELD.files.map((file) => hold(cache, file, file)),
    ]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("midback-") && name !== CACHE && name !== KEPT)
      .map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

async function held(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) || (await cache.match("/offline", { ignoreVary: true }));
}

async function summary(request) {
  const kept = await (await caches.open(KEPT)).match("/kept", { ignoreVary: true });
  return kept || fetch(request).catch(() => held("/kept"));
}

async function leave() {
  const names = await caches.keys();
  await Promise.all(names.map((name) => caches.delete(name)));
  return Response.redirect(HELD.leaveTo);
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) { return; }
  if (path.startsWith("/static/")) {
    event.respondWith(caches.match(path, { ignoreVary: true }).then((file) => file || fetch(request)));
  } else if (path === "/leave") {
    if (!self.navigator.onLine) { event.respondWith(leave()); } // else the server's own answer clears everything
  } else if (request.mode === "navigate") {
    if (path === "/kept") { event.respondWith(summary(request)); } else {
      event.respondWith(fetch(request).catch(() => held(READY.has(path) ? path : "/offline")));
    }
  }
});
