// The chart: zoom, pan, drag, step and play, with mouse, touch and keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { look, script, settled, simulate, suite, totalBecomes, write } from "./site.mjs";

const on = suite();
const chart = (page) => page.locator(".chart-above");
const TWO = "a: await 4s\nb: await 8s\n";
const MANY = "def ping: block 5\nasync def pong: cpu 1 -> await 2 -> cpu 1\nrun 30 ping\nrun 30 pong\n";

/**
 * The visible part of the run, e.g. `[0, 0.5]` for the first half. Without a minimap everything is
 * visible.
 */
const seen = (page) => page.evaluate(() => {
  const part = document.querySelector(".minimap-window");
  if (!part) return [0, 1];
  const [from, width] = ["x", "width"].map((name) => Number(part.getAttribute(name)) / 1000);
  return [from, from + width];
});

/** Waits until the visible part is narrower than `below` and ends after `beyond`; returns it. */
async function shows(page, { below = 2, beyond = -1 }) {
  await page.waitForFunction(([below, beyond]) => {
    const part = document.querySelector(".minimap-window");
    const [from, width] = part ? ["x", "width"].map((name) => Number(part.getAttribute(name)) / 1000) : [0, 1];
    return width < below && from + width > beyond;
  }, [below, beyond]);
  return seen(page);
}

async function middle(page, down = 0.5) {
  const box = await chart(page).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height * down, box };
}

async function wheel(page, x, y, held) {
  if (held) await page.keyboard.down(held);
  await page.mouse.wheel(x, y);
  if (held) await page.keyboard.up(held);
}

/** Finds the right edge of the first bar as a person does: there the pointer changes. */
async function edgeOfFirstBar(page) {
  const box = await chart(page).boundingBox();
  const y = box.y + 45;
  for (let x = box.x + box.width - 4; x > box.x; x -= 2) {
    await page.mouse.move(x, y);
    if (await chart(page).evaluate((canvas) => canvas.style.cursor) === "ew-resize") return { x, y };
  }
  throw new Error("no edge found");
}

test("dragging the edge of a bar changes the script", () => on(async (page) => {
  await simulate(page, TWO, "8s");
  const edge = await edgeOfFirstBar(page);
  await page.mouse.down();
  await page.mouse.move(edge.x + 60, edge.y, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => !/a: await 4s/.test(document.querySelector(".editor-host").shadowRoot.querySelector(".cm-content").innerText));
  const text = await script(page);
  const length = Number(/a: await ([\d.]+)s/.exec(text)?.[1]);
  assert.ok(length > 4.1 && length < 7, text);
}));

test("a bar and its line light each other", () => on(async (page) => {
  await simulate(page, TWO, "8s");
  const box = await chart(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 70);
  await page.waitForSelector(".cm-line.lit");
  assert.equal(await page.textContent(".cm-line.lit"), "b: await 8s");
  assert.match(await page.locator("#tip").innerText(), /line 2/);
}));

test("the wheel scrolls the page; with Ctrl it zooms, with Shift it pans", () => on(async (page) => {
  const { x, y } = await middle(page, 0.3);
  await page.mouse.move(x, y);
  await wheel(page, 0, 120);
  await page.waitForFunction(() => scrollY > 0);
  assert.deepEqual(await seen(page), [0, 1]);
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(x, y);
  await wheel(page, 0, -300, "Control");
  const zoomed = await shows(page, { below: 0.6 });
  await wheel(page, 0, -300, "Shift");
  await page.waitForFunction((before) => Number(document.querySelector(".minimap-window").getAttribute("x")) / 1000 < before, zoomed[0]);
}, { viewport: { width: 1280, height: 500 } }));

test("Alt and the wheel make the rows higher", () => on(async (page) => {
  await simulate(page, MANY, "1min");
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  const below = () => page.locator(".chart-below").evaluate((canvas) => canvas.toDataURL());
  const before = await below();
  await wheel(page, 0, -300, "Alt");
  await page.waitForFunction((before) => document.querySelector(".chart-below").toDataURL() !== before, before);
  assert.deepEqual(await seen(page), [0, 1]);
  assert.equal(await page.locator("#fit").isEnabled(), true);
}));

test("a drag pans what is zoomed, and moves the cursor in what is not", () => on(async (page) => {
  const { x, y } = await middle(page);
  const now = () => page.textContent("#now");
  const before = await now();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction((before) => document.querySelector("#now").textContent !== before, before);
  assert.deepEqual(await seen(page), [0, 1]);
  await page.click("#zoom-in");
  const [from] = await shows(page, { below: 0.6 });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 80, y, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction((before) => Number(document.querySelector(".minimap-window").getAttribute("x")) / 1000 < before, from);
}));

test("the minimap moves what is shown", () => on(async (page) => {
  await page.click("#zoom-in");
  await shows(page, { below: 0.6 });
  const box = await page.locator(".minimap").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 3 });
  await page.mouse.up();
  await shows(page, { beyond: 0.98 });
}));

test("the table has the bars that the chart shows, also while it is panned", () => on(async (page) => {
  await simulate(page, "async def a: repeat 20 (cpu 10ms -> await 1s)\n", "20.2s");
  await look(page, "numbers");
  await page.locator("#as-table summary").click();
  const first = () => page.locator("#as-table tbody tr").first().innerText();
  const becomesOther = (before) => page.waitForFunction((before) => document.querySelector("#as-table tbody tr")?.innerText !== before, before);
  const all = await first();
  await page.click("#zoom-in");
  await page.getByText("Only the time range that the chart shows.").waitFor();
  await chart(page).focus();
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await becomesOther(all);
  const [from] = await seen(page);
  const later = await first();
  await page.keyboard.press("a");
  await becomesOther(later);
  assert.ok((await seen(page))[0] < from);
}));

test("a double click shows everything again", () => on(async (page) => {
  await page.click("#zoom-in");
  await shows(page, { below: 0.6 });
  const { x, y } = await middle(page);
  await page.mouse.dblclick(x, y);
  await page.waitForSelector(".minimap", { state: "detached" });
}));

/** Moves two fingers around the middle from one distance to another. */
async function pinch(page, context, from, to) {
  const session = await context.newCDPSession(page);
  const { x, y } = await middle(page);
  const points = (apart) => [{ x: x - apart / 2, y, id: 0 }, { x: x + apart / 2, y, id: 1 }];
  const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", points(from));
  for (let step = 1; step <= 8; step++) await touch("touchMove", points(from + (to - from) * step / 8));
  await touch("touchEnd", []);
}

const TOUCH = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } };

test("two fingers zoom, a double tap shows everything again", () => on(async (page, context) => {
  await chart(page).scrollIntoViewIfNeeded();
  await pinch(page, context, 60, 200);
  const [from, to] = await shows(page, { below: 0.6 });
  assert.ok(from > 0.05 && to < 0.95, "around the middle");
  assert.equal(await page.evaluate(() => visualViewport.scale), 1, "the page itself did not zoom");
  const { x, y } = await middle(page);
  await page.touchscreen.tap(x, y);
  await page.touchscreen.tap(x, y);
  await page.waitForSelector(".minimap", { state: "detached" });
}, TOUCH));

test("keys go by their place, so that they work while Korean is typed", () => on(async (page) => {
  // The keys zoom around the cursor.
  await page.locator("#scrub").fill("5500");
  await chart(page).focus();
  /** The events of a Korean keyboard: the key is a Hangul letter, the code is the physical key. */
  const press = (code, key) => chart(page).dispatchEvent("keydown", { code, key, bubbles: true, cancelable: true });
  await press("KeyW", "ㅈ");
  await press("KeyW", "ㅈ");
  const zoomed = await shows(page, { below: 0.7 });
  await press("KeyD", "ㅇ");
  const right = await shows(page, { beyond: 0.75 });
  assert.ok(right[0] > zoomed[0]);
  await press("KeyS", "ㄴ");
  await page.waitForFunction((before) => Number(document.querySelector(".minimap-window")?.getAttribute("width") ?? 1000) / 1000 > before + 0.01, right[1] - right[0]);
  await press("KeyF", "ㄹ");
  await page.waitForSelector(".minimap", { state: "detached" });
  await press("Slash", "/");
  await page.waitForSelector("dialog[open]");
}));

test("fifty steps on and fifty back end where one was", () => on(async (page) => {
  await simulate(page, MANY, "1min");
  await page.locator("#scrub").focus();
  await page.keyboard.press("Home");
  const step = async (id, times) => {
    for (let time = 0; time < times; time++) await page.click(id);
  };
  await step("#step-on", 20);
  const state = () => page.evaluate(() => ["#say", ".now", "#now"].map((where) => document.querySelector(where).textContent));
  const start = await state();
  await step("#step-on", 50);
  assert.notDeepEqual(await state(), start);
  await step("#step-back", 50);
  assert.deepEqual(await state(), start);
}));

test("playing moves time until it is paused", () => on(async (page) => {
  await simulate(page, "a: await 50s\n", "50s");
  const now = () => page.textContent("#now");
  await page.locator("#scrub").focus();
  await page.keyboard.press("Home");
  const before = await now();
  await page.click("#play");
  await page.waitForFunction((before) => document.querySelector("#now").textContent !== before, before);
  await page.click("#play");
  await page.waitForSelector('#play[aria-label="Play"]');
  const paused = await now();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await now(), paused);
}));

test("lanes by thread show the pool", () => on(async (page) => {
  await simulate(page, "def ping: block 5\nrun 3 ping\n", "5s");
  const picture = () => page.locator(".chart-below").evaluate((canvas) => canvas.toDataURL());
  const before = await picture();
  await page.getByRole("button", { name: "By thread" }).click();
  await page.waitForFunction((before) => document.querySelector(".chart-below").toDataURL() !== before, before);
}));

test("a thousand tasks and none at all have their pictures", () => on(async (page) => {
  await simulate(page, "async def a: await 1 -> cpu 1ms\nrun 1000 a\n", "2s");
  await write(page, "# nothing to run yet\n");
  await page.waitForFunction(() => ["settled", "faulty"].includes(document.querySelector("main").dataset.phase));
}));

/** Each download has the right name and content. */
for (const [id, name, holds] of [
  ["#download-script", /\.loop$/, /^파스타: await 3/],
  ["#download-svg", /\.svg$/, /^<svg[^]*파스타/],
  ["#download-png", /\.png$/, /^.PNG/],
  ["#download-trace", /\.json$/, /^[[{][^]*파스타/],
  ["#download-csv", /\.csv$/, /파스타/],
  ["#download-python", /\.py$/, /import asyncio/],
]) {
  test(`a download: ${id}`, () => on(async (page) => {
    await simulate(page, "파스타: await 3\n", "3s");
    await page.click("#share");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(id)]);
    assert.match(download.suggestedFilename(), name);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    assert.match(Buffer.concat(chunks).toString(), holds);
  }, { complaints: [/^asked for blob:/] }));
}
