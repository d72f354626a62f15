// Nothing moves while the reader works: stepping, mistakes in the script, dragging a bar, findings
// that arrive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, openLesson, script, settled, suite, write } from "./site.mjs";

const on = suite();

/** The main parts of the page. */
const PARTS = [".top", ".result", "#total", ".said", ".remedy", ".chart", ".transport", "#scrub", ".say", ".now", ".tabs", "#door-what-if", "#door-numbers"];
/** Boxes of fixed size, in which text flows. */
const FLOWS = ".cm-editor, .problems, .say, .now, .about, .legend, .answer";

/** Records all layout shifts from now on, also those after input, outside of the flows. */
const watch = (page) => page.evaluate((flows) => {
  globalThis.shifts = [];
  const name = (node) => (node.outerHTML ?? node.nodeValue ?? "").slice(0, 80);
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      // Nodes of the editor's shadow tree are not named.
      const moved = sources.map(({ node }) => node).filter((node) => node && !(node.closest?.(flows) ?? node.parentElement?.closest(flows)));
      if (moved.length) globalThis.shifts.push(moved.map(name).join(" | "));
    }
  }).observe({ type: "layout-shift" });
}, FLOWS);

const places = (page) => page.evaluate((parts) => parts.map((part) => {
  const element = document.querySelector(part);
  const { x, y } = element.getBoundingClientRect();
  return `${part} at ${Math.round(x)},${Math.round(y + scrollY)}${part === ".chart" ? `, ${element.offsetHeight} high` : ""}`;
}), PARTS);

/** Does this and demands that every part is where it was. */
async function still(page, before, what, act) {
  await act();
  // Two frames: the answer is rendered in the first one.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.deepEqual(await places(page), before, what);
}

const shifts = (page) => page.evaluate(() => globalThis.shifts);
const found = (page) => page.waitForSelector(".finding-line:not(.older), .said:not(:has(.finding-line))", { state: "attached" });

const DESKS = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SIZES = [...DESKS.map((viewport) => [`${viewport.width} px`, { viewport }]), ["a phone", PHONE], ["Korean", { viewport: DESKS[0], locale: "ko-KR" }]];

for (const [name, options] of SIZES) {
  test(`steps through a lesson move nothing: ${name}`, () => on(async (page) => {
    await openLesson(page, "busy-hands");
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.waitForSelector("#door-why", { state: "attached" });
    await watch(page);
    const before = await places(page);
    for (let step = 0; step < 40 && await page.isEnabled("#step-on"); step++) await still(page, before, `step ${step}`, () => page.click("#step-on"));
    assert.deepEqual(await shifts(page), []);
  }, options));
}

for (const viewport of DESKS) {
  test(`a mistake, its message and its end move nothing: ${viewport.width} px`, () => on(async (page) => {
    await page.waitForSelector("#door-why .count", { state: "attached" });
    await editor(page).click();
    await page.keyboard.press("ControlOrMeta+End");
    await watch(page);
    const before = await places(page);
    for (const key of "\nawiat 3") await still(page, before, `typed ${key}`, () => page.keyboard.type(key));
    await still(page, before, "the message", () => page.waitForSelector(".problems .error"));
    for (let press = 0; press < 8; press++) await still(page, before, `back ${press}`, () => page.keyboard.press("Backspace"));
    await settled(page);
    await still(page, before, "the findings", () => page.waitForSelector("#fix:not(.older)"));
    assert.deepEqual(await shifts(page), []);
  }, { viewport }));

  test(`a bar that is dragged moves nothing else: ${viewport.width} px`, () => on(async (page) => {
    await page.waitForSelector("#door-why .count", { state: "attached" });
    const chart = page.locator(".chart-above");
    const box = await chart.boundingBox();
    const y = box.y + 45;
    let x = box.x + box.width - 4;
    const isEdge = () => chart.evaluate((canvas) => canvas.style.cursor === "ew-resize");
    for (; x > box.x; x -= 2) {
      await page.mouse.move(x, y);
      if (await isEdge()) break;
    }
    await watch(page);
    const before = await places(page);
    await page.mouse.down();
    for (const to of [10, 30, 60, 90, 40, -10, -30]) await still(page, before, `dragged by ${to}`, () => page.mouse.move(x + to, y));
    await page.mouse.up();
    await settled(page);
    await still(page, before, "the findings", () => found(page));
    assert.deepEqual(await shifts(page), []);
  }, { viewport }));

  test(`a goal, a formula or nothing to say: the chart is where it was: ${viewport.width} px`, () => on(async (page) => {
    await page.waitForSelector("#door-why .count", { state: "attached" });
    const top = () => page.locator(".chart").evaluate((chart) => chart.getBoundingClientRect().top);
    const before = await top();
    for (const text of ["a: await 3\n", "a: cpu 1 -> await 2\nb: block 3\nexpect total 4s\n", "def a: block 1s\nrun 100 a\n", "a: await 1..2s\n", "a: awiat 3\n"]) {
      await write(page, text);
      if (text.includes("awiat")) await page.waitForSelector("main[data-phase=faulty]");
      else await settled(page).then(() => found(page));
      assert.equal(await top(), before, text);
    }
  }, { viewport }));
}

/** The bottom of an element and the height of the window. */
const bottom = (page, selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().bottom);

for (const viewport of [...DESKS, { width: 768, height: 1024 }, { width: 390, height: 844 }, { width: 320, height: 640 }, { width: 844, height: 390 }]) {
  test(`verdict, chart and playback are in the first screen: ${viewport.width} × ${viewport.height}`, () => on(async (page) => {
    await page.waitForSelector("#door-why .count", { state: "attached" });
    const bar = await page.isVisible("#sheet") ? await page.locator(".sheet-bar").evaluate((bar) => bar.offsetHeight) : 0;
    for (const part of ["#total", "#fix", ".chart", ".transport"]) {
      assert.ok(await bottom(page, part) <= viewport.height - bar, `${part} ends at ${await bottom(page, part)}`);
    }
    assert.ok(await page.locator(".chart").evaluate((chart) => chart.offsetHeight <= innerHeight * 0.45 + 1));
  }, { viewport }));
}

test("a run of a thousand tasks leaves the playback in view", () => on(async (page) => {
  await write(page, "async def a: await 1 -> cpu 1ms\nrun 1000 a\n");
  await settled(page);
  assert.ok(await bottom(page, ".transport") <= 900);
  assert.ok(await page.locator(".chart").evaluate((chart) => chart.offsetHeight <= innerHeight * 0.45 + 1));
}, { viewport: DESKS[0] }));

test("on a phone the chart stays in view above the script", () => on(async (page) => {
  await page.tap("#sheet");
  await page.waitForSelector(".editor-host:not([hidden])", { state: "attached" });
  await page.waitForFunction(() => document.querySelector("#script-card").getBoundingClientRect().top < innerHeight);
  await page.evaluate(() => Promise.all(document.querySelector("#script-card").getAnimations().map(({ finished }) => finished)));
  const sheet = await page.locator("#script-card").evaluate((card) => card.getBoundingClientRect().top);
  assert.ok(await bottom(page, ".chart") <= sheet, `${await bottom(page, ".chart")} and ${sheet}`);
  assert.ok(await page.isVisible("#total"));
}, PHONE));

test("on a phone a guess has its script", () => on(async (page) => {
  await page.tap("#door-practise");
  await page.tap("#tab-guess");
  await page.waitForSelector("#guess");
  const card = await page.locator("#script-card").boundingBox();
  assert.ok(card.y >= 0 && card.y + 80 < 844, JSON.stringify(card));
  await editor(page).waitFor();
  assert.match(await script(page), /block/);
}, PHONE));
