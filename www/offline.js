// The service worker: once everything was loaded, the page opens without a network.
//
// Files are named after their content, so what is in the cache never goes stale; only the page
// itself is asked for anew, and kept for when nothing answers. All pages of an origin share its
// caches, also those of other projects: what is in ours is handed out only if it is what this
// build consists of.

const CACHE = `loopscope-${/* build */ ""}`;
/** What is in each file, as `integrity` says it. */
const FILES = /* files */ {};

addEventListener("install", (event) => {
  const asked = Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: name === "./" ? "no-cache" : "default" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)).then(() => skipWaiting()));
});

// The build before this one is kept: a page of it may still be open, and has not loaded all of its parts.
// The page that is open now has parts left to load as well: they come from here, whatever the network does.
addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("loopscope-") && name !== CACHE).slice(0, -1);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

/** Whether the answer is this file of this build. */
async function isSound(answer, integrity) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/** A file of this build, from the cache if it is there and sound. */
async function ofThisBuild(name, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(name);
  if (kept && await isSound(kept, FILES[name])) return kept;
  if (kept) await cache.delete(name);
  return fromNetwork(request);
}

/** What asked hears that there was none; nothing here is left unhandled. */
const fromNetwork = (request) => fetch(request).catch(() => Response.error());

/** The page as it was when this build was kept. */
async function keptPage() {
  const kept = await (await caches.open(CACHE)).match("./");
  return kept && await isSound(kept, FILES["./"]) ? kept : Response.error();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (request.mode === "navigate") return event.respondWith(fetch(request).catch(keptPage));
  const name = new URL(request.url).pathname.slice(new URL(registration.scope).pathname.length);
  if (Object.hasOwn(FILES, name)) return event.respondWith(ofThisBuild(name, request));
  // Of the build before, or nothing of ours.
  event.respondWith(caches.match(request, { ignoreSearch: true }).then((found) => found ?? fromNetwork(request)));
});
