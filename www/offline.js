// The service worker: after the first visit the page opens without a network.
//
// Files are named after their content, so a cached file never goes stale. Only the page itself is
// always requested from the network; the cached copy is the fallback. All pages of an origin share
// its caches, including pages of other projects, so a cached file is used only if its hash is that
// of this build.

const CACHE = `loopscope-${/* build */ ""}`;
/** The hash of each file by name, as in the attribute `integrity`. */
const FILES = /* files */ {};
/** Files that the page itself puts into a cache when it first uses them. */
const LATER = /* later */ {};

addEventListener("install", (event) => {
  const asked = Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: name === "./" ? "no-cache" : "default" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(asked)).then(() => skipWaiting()));
});

// Keeps the build before this one: an open page of it may not have loaded all of its parts yet.
// `claim` lets the page that is open now load its remaining parts from the cache.
addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("loopscope-") && name !== CACHE).slice(0, -1);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

/** Whether the response is this file of this build. */
async function isSound(answer, integrity) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/** A file of this build, from the cache if it is there and its hash is right. */
async function ofThisBuild(name, request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(name);
  if (kept && await isSound(kept, FILES[name])) return kept;
  if (kept) await cache.delete(name);
  return fromNetwork(request);
}

/** A file that the page has put into a cache, if its hash is right. */
async function putByPage(name, request) {
  const kept = await caches.match(request);
  return kept && await isSound(kept, LATER[name]) ? kept : fromNetwork(request);
}

/** The response of the network, or an error response, so that no rejection stays unhandled. */
const fromNetwork = (request) => fetch(request).catch(() => Response.error());

/** The cached page of this build. */
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
  if (Object.hasOwn(LATER, name)) return event.respondWith(putByPage(name, request));
  // A file of the previous build, or none of ours.
  event.respondWith(caches.match(request, { ignoreSearch: true }).then((found) => found ?? fromNetwork(request)));
});
