// The page by keyboard alone, on a small phone, in the other language and theme, without a network,
// and with changed files.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, ready, settled, simulate, suite, total, totalBecomes, write } from "./site.mjs";

const on = suite();

/** Presses Tab until an element has the focus; gives up after 60 times, as a person would. */
async function tabTo(page, selector) {
  for (let press = 0; press < 60; press++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${selector} by Tab`);
}

test("the keyboard alone is enough", () => on(async (page) => {
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /script/i, "the first stop leads past the header");
  await tabTo(page, "#lessons");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.waitForSelector("[data-lesson]");
  await tabTo(page, "[data-lesson]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#lesson");
  await settled(page);

  await tabTo(page, ".editor-host");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("a: await 3s\nb: await 8s\n");
  await totalBecomes(page, "8s");
  // In the editor Tab indents; after Escape it moves on. The second Escape closes completions that
  // may still appear.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.matches(".editor-host")), false);

  await tabTo(page, ".chart-above");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#picked")?.textContent.includes("line"));
  const now = await page.textContent("#say");
  await page.keyboard.press("BracketRight");
  await page.waitForFunction((before) => document.querySelector("#say").textContent !== before, now);
  await page.keyboard.press("KeyW");
  await page.waitForSelector(".minimap");
  await page.keyboard.press("Digit0");
  await page.waitForSelector(".minimap", { state: "detached" });
  await page.keyboard.press("Slash");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await tabTo(page, "#step-on");
}));

test("a duration is changed by a key", () => on(async (page) => {
  await simulate(page, "a: await 3s", "3s");
  await page.keyboard.press("Alt+ArrowUp");
  await page.waitForFunction(() => document.querySelector("#total").textContent !== "3s");
  await page.keyboard.press("Alt+ArrowDown");
  await totalBecomes(page, "3s");
}));

const SMALL = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
const width = (page) => page.evaluate(() => document.documentElement.scrollWidth);

for (const locale of ["en-US", "ko-KR"]) {
  test(`nothing sticks out of 320 pixels, and the script is one thumb away, ${locale}`, () => on(async (page) => {
    assert.equal(await width(page), 320);
    await page.tap("#sheet");
    await write(page, "a_task_with_quite_a_long_name_for_so_small_a_screen: awiat 9\n");
    await page.waitForSelector(".problems .error");
    assert.equal(await width(page), 320);
    await page.tap(".problems .fix");
    await totalBecomes(page, "9s");
    await page.tap("#sheet");
    assert.equal(await width(page), 320);
    for (const dialog of ["#lessons", "#help", "#share"]) {
      await page.tap(dialog);
      await page.waitForSelector("dialog[open]");
      assert.equal(await width(page), 320, dialog);
      const box = await page.locator("dialog[open]").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 320, dialog);
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog[open]", { state: "detached" });
    }
  }, { ...SMALL, locale }));
}

test("the language is the browser's until one is chosen, which is remembered", () => on(async (page) => {
  assert.equal(await page.getAttribute("html", "lang"), "ko");
  await page.click("#language");
  await page.waitForSelector("html[lang=en]");
  await page.reload();
  await ready(page);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.match(await page.textContent("#share"), /Share/);
}, { locale: "ko-KR" }));

test("the theme is the system's until one is chosen, which is remembered", () => on(async (page) => {
  const theme = () => page.getAttribute("html", "data-theme");
  assert.equal(await theme(), "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForSelector("html[data-theme=light]");
  while (await theme() !== "dark") await page.click("#theme");
  await page.reload();
  await ready(page);
  assert.equal(await theme(), "dark");
}, { colorScheme: "dark" }));

/** Allows the service worker and waits until it has cached everything. */
const kept = { serviceWorkers: "allow" };
const isKept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller);

test("it opens again without a network", () => on(async (page, context) => {
  await isKept(page);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  assert.equal(await total(page), "12s");
  await simulate(page, "a: await 5\n", "5s");
  assert.equal(await editor(page).count(), 1);
}, kept));

test("a page that is open when the network goes has all of its parts", () => on(async (page, context) => {
  await isKept(page);
  await context.setOffline(true);
  await page.click("#side-python");
  await page.click("#from-python");
  await page.fill("#python", "import time\n\ndef main():\n    time.sleep(3)\n\nmain()\n");
  await page.locator(".reading pre").waitFor();
}, kept));

test("a part that is under way when the network goes is said to be missing, and nothing is raised", () => {
  let goes;
  const network = new Promise((done) => { goes = done; });
  return on(async (page) => {
    await page.getByText("Computing…").waitFor();
    goes();
    await page.getByText("a part of Loopscope did not load").waitFor();
    await page.unroute(/insight-.*\.wasm/);
    await page.context().unroute(/insight-.*\.wasm/);
    await page.click(".again");
    await page.waitForSelector("#door-why .count", { state: "attached" });
  }, {
    prepare: (context) => context.route(/insight-.*\.wasm/, async (route) => { await network; await route.abort("internetdisconnected"); }),
    // The browser's own message about the request.
    complaints: [/Failed to load resource: net::ERR_INTERNET_DISCONNECTED/],
  });
});

/** Replaces the cached file with such a name; returns its address. */
const changeKept = (page, source, text) => page.evaluate(async ([source, text]) => {
  const name = (await caches.keys()).find((name) => name.startsWith("loopscope-"));
  const cache = await caches.open(name);
  const request = (await cache.keys()).find(({ url }) => new RegExp(source).test(url));
  await cache.put(request, new Response(text, { headers: { "content-type": "text/javascript" } }));
  return request.url;
}, [source.source, text]);

test("a file that another project has changed in the cache is not handed out", () => on(async (page) => {
  await isKept(page);
  const changed = await changeKept(page, /\/insight-[^/]*\.js$/, "postMessage(false); self.changed = true;");
  await page.reload();
  await ready(page);
  await page.waitForSelector("#door-why .count", { state: "attached" });
  const text = await page.evaluate(async (url) => (await fetch(url)).text(), changed);
  assert.ok(!text.includes("changed"));
}, kept));

test("the page that another project has changed in the cache is not opened without a network", () => on(async (page, context) => {
  await isKept(page);
  await changeKept(page, /\/$/, "<!doctype html><title>changed</title>");
  await context.setOffline(true);
  await assert.rejects(page.reload());
}, { ...kept, complaints: [/ERR_FAILED|ERR_INTERNET_DISCONNECTED/] }));

test("a module that is not what the page was built with is not run", () => on(async (page) => {
  await page.getByText("could not start").waitFor();
}, {
  prepare: (context) => context.route(/\/page-[^/]*\.js$/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: `${await answer.text()}\n// changed` });
  }),
  waitFor: (page) => page.waitForSelector("#boot-text"),
  complaints: [/integrity|digest|Failed to fetch/i],
}));

test("the page may ask itself and a companion on this machine, and open no socket", () => on(async (page) => {
  const policy = await page.getAttribute("meta[http-equiv='Content-Security-Policy']", "content");
  assert.match(policy, /; connect-src 'self' http:\/\/127\.0\.0\.1:\*;/);
  assert.ok(!policy.includes("ws:"), policy);
}));

test("it can be installed", () => on(async (page, context) => {
  const devtools = await context.newCDPSession(page);
  const { errors, data } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, "standalone");
  const icon = await page.evaluate(async (src) => (await fetch(src)).headers.get("content-type"), manifest.icons[0].src);
  assert.equal(icon, "image/svg+xml");
}, kept));

test("a new build keeps the one before it, and nothing older", () => on(async (page) => {
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    for (const name of ["loopscope-oldest", "loopscope-before", "others"]) await caches.open(name);
  });
  await page.reload();
  await ready(page);
  const build = await page.getAttribute("meta[name=loopscope-build]", "content");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async (last) => {
    const names = await caches.keys();
    return names.includes(last) && !names.includes("loopscope-oldest");
  }, `loopscope-${build}`);
  assert.deepEqual((await page.evaluate(() => caches.keys())).sort(), [`loopscope-${build}`, "loopscope-before", "others"].sort());
}, kept));
