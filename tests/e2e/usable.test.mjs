// By keyboard alone, on a small phone, in the other language and theme, without a network.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, ready, settled, simulate, suite, total, totalBecomes, write } from "./site.mjs";

const on = suite();

/** Tabs on until the focus is where it should be; a person would give up after a while. */
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
  // In the editor Tab indents; Escape first lets it move on. One more closes completions on their way.
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

test("it opens again without a network", () => on(async (page, context) => {
  // Active: everything has been put into the cache.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  assert.equal(await total(page), "12s");
  await simulate(page, "a: await 5\n", "5s");
  assert.equal(await editor(page).count(), 1);
}));

test("it can be installed", () => on(async (page, context) => {
  const devtools = await context.newCDPSession(page);
  const { errors, data } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, "standalone");
  const icon = await page.evaluate(async (src) => (await fetch(src)).headers.get("content-type"), manifest.icons[0].src);
  assert.equal(icon, "image/svg+xml");
}));

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
}));
