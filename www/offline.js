// The service worker: once everything was loaded, the page opens without a network.
//
// Files are named after their content, so what is in the cache never goes
// stale; only the page itself is asked for anew, and kept for when nobody answers.

const CACHE = `loopscope-${/* build */ ""}`;
const FILES = /* files */ [];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => skipWaiting()));
});

// The build before this one is kept: a page of it may still be open, and has not loaded all of its parts.
addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("loopscope-") && name !== CACHE).slice(0, -1);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const kept = () => caches.match(request, { ignoreSearch: true });
  const page = () => caches.open(CACHE).then((cache) => cache.match("./"));
  event.respondWith(request.mode === "navigate" ? fetch(request).catch(page) : kept().then((found) => found ?? fetch(request)));
});
