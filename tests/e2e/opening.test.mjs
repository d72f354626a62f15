// The first seconds: a text before the program starts, no layout shifts, and no unneeded downloads
// on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, suite } from "./site.mjs";

const on = suite();
const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** Records layout shifts that the reader did not cause, and when the page became visible. */
const watchJumps = (context) => context.addInitScript(() => {
  globalThis.jumps = [];
  new PerformanceObserver((list) => {
    for (const { startTime, hadRecentInput, sources } of list.getEntries()) {
      const moved = sources.map(({ node, previousRect, currentRect }) => `${(node?.outerHTML ?? node?.nodeValue ?? "").slice(0, 60)} from ${previousRect.x},${previousRect.y} to ${currentRect.x},${currentRect.y}`);
      if (!hadRecentInput) globalThis.jumps.push({ startTime, moved });
    }
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector("main") || document.getElementById("boot")) return;
    observer.disconnect();
    // Chromium counts the first visible frame as a shift from the hidden layout.
    requestAnimationFrame((first) => {
      globalThis.firstFrame = first;
      requestAnimationFrame((now) => { globalThis.seenSince = now; });
    });
  }).observe(document, { childList: true, subtree: true });
});

for (const [name, options] of [["on a desk", {}], ["on a phone", PHONE]]) {
  test(`nothing jumps while the page comes, ${name}`, () => on(async (page) => {
    // The findings are the last part that loads by itself.
    await page.waitForSelector("#door-why .count", { state: "attached" });
    await page.waitForFunction(() => globalThis.seenSince);
    assert.deepEqual(await page.evaluate(() => globalThis.jumps.filter(({ startTime }) => startTime >= globalThis.seenSince)), []);
  }, { prepare: watchJumps, ...options }));
}

/** Holds back the program until `letIn` is called. */
function heldBack() {
  let letIn;
  const gate = new Promise((go) => { letIn = go; });
  const prepare = (context) => context.route(/page-.*_bg\.wasm/, async (route) => {
    await gate;
    await route.continue();
  });
  return { prepare, letIn };
}

for (const [locale, words] of [["en-US", /Watch the event loop/], ["ko-KR", /이벤트 루프/]]) {
  const { prepare, letIn } = heldBack();
  test(`before the program is there the page says what it is, ${locale}`, () => on(async (page) => {
    assert.match(await page.locator("#boot").innerText(), words);
    assert.ok(!await page.isVisible("#app"));
    letIn();
    await ready(page);
    assert.equal(await page.locator("#boot").count(), 0);
  }, { locale, prepare, waitFor: (page) => page.waitForSelector("#boot", { state: "attached" }) }));
}

/** Whether the editor was requested, after all parts have loaded that load by themselves. */
async function hasEditor(page) {
  await page.waitForSelector("#door-why .count", { state: "attached" });
  return page.evaluate(() => Boolean(document.querySelector("script[src*='editor-']")));
}
const editorComes = (page) => page.waitForSelector(".editor-host:not([hidden])");

/** When the page requested the file with such a name. */
const askedFor = (page, name) => page.evaluate((source) => {
  const found = performance.getEntriesByType("resource").find((entry) => new RegExp(source).test(entry.name));
  return found.startTime;
}, name.source);

test("the program is asked for first, and the editor once the first picture is there", () => on(async (page) => {
  await editorComes(page);
  const [program, style, editor] = await Promise.all([/page-.*\.wasm/, /page-.*\.css/, /editor-/].map((name) => askedFor(page, name)));
  assert.ok(program <= style);
  assert.ok(editor >= await page.evaluate(() => globalThis.firstFrame));
}, { prepare: watchJumps }));

test("on a desk the editor comes by itself", () => on(async (page) => {
  assert.ok(await hasEditor(page));
}));

test("on a phone the editor comes when the script is brought up", () => on(async (page) => {
  assert.ok(!await hasEditor(page));
  await page.tap("#sheet");
  await editorComes(page);
}, PHONE));

test("a phone that is turned has its editor", () => on(async (page) => {
  assert.ok(!await hasEditor(page));
  await page.setViewportSize({ width: 1000, height: 390 });
  await editorComes(page);
}, PHONE));
