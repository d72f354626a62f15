// The moment that teaches: an edit shows what it changed, playing marks the lines that run, and a
// bar says what it is where the pointer is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate, suite, totalBecomes, write } from "./site.mjs";

const on = suite();
const FOUR = (how) => `async def order:\n    ${how} 5s\nrun 4 order\n`;

/** The playhead, e.g. `10 s`. */
const now = (page) => page.textContent("#now");
const quiet = (page) => page.waitForSelector(".chart:not([data-moment]):not([data-earlier-bars]):not([data-moving-bars])");

/** From now on a moment ends only when the test calls `endMoment()`. */
const holdMoments = (page) => page.evaluate(() => {
  const MOMENT_MS = 1500;
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (act, ms, ...rest) => {
    if (ms !== MOMENT_MS) return setTimeout(act, ms, ...rest);
    globalThis.endMoment = act;
    return 0;
  };
});
const endMoment = (page) => page.evaluate(() => globalThis.endMoment());

/** Promises how many bars the next motion moves. */
const nextMotion = (page) => page.evaluate(() => {
  const chart = document.querySelector(".chart");
  globalThis.moved = new Promise((done) => {
    new MutationObserver((_, observer) => {
      if (!(Number(chart.dataset.movingBars) > 0)) return;
      observer.disconnect();
      done(Number(chart.dataset.movingBars));
    }).observe(chart, { attributes: true });
  });
});
const moved = (page) => page.evaluate(() => globalThis.moved);

/** Clicks in the empty space right of the middle of the chart, which moves the playhead there. */
async function clickOnAxis(page) {
  const box = await page.locator(".chart-above").boundingBox();
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height - 8);
}

test("an edit moves the bars on the same axis, outlines the earlier run and says the difference", () => on(async (page) => {
  await simulate(page, FOUR("block"), "20s");
  await quiet(page);
  await clickOnAxis(page);
  const before = await now(page);
  /** Within the card of the chart. */
  const boxes = () => page.evaluate(() => [".chart", ".transport"].map((where) => {
    const { top } = document.querySelector(".view").getBoundingClientRect();
    const { x, y, width, height } = document.querySelector(where).getBoundingClientRect();
    return [x, y - top, width, height];
  }));
  const places = await boxes();

  await holdMoments(page);
  await nextMotion(page);
  await write(page, FOUR("await"));
  await totalBecomes(page, "5s");
  assert.equal(await moved(page), 4);
  await page.waitForSelector('.chart[data-earlier-bars="7"]:not([data-moving-bars])');
  await page.locator("#change", { hasText: "20 s → 5 s, four times faster" }).waitFor();
  assert.deepEqual(await boxes(), places, "the bars move, and nothing around them");

  // The playhead was moved to the end of the shorter run; the axis is still the same.
  await page.keyboard.press("Escape");
  await clickOnAxis(page);
  assert.equal(await now(page), "5 s", `${before} is after the end`);
  await endMoment(page);
  await quiet(page);
  await clickOnAxis(page);
  await page.waitForFunction(() => /^[23]/.test(document.querySelector("#now").textContent));
  assert.deepEqual(await boxes(), places);
}));

test("while several edits follow each other, the outlines stay those of the first run", () => on(async (page) => {
  await simulate(page, "a: await 8s -> await 8s\n", "16s");
  await quiet(page);
  await holdMoments(page);
  await write(page, "a: await 2s\n");
  await totalBecomes(page, "2s");
  await page.waitForSelector('.chart[data-earlier-bars="2"]');
  await write(page, "a: await 4s\n");
  await totalBecomes(page, "4s");
  await page.locator("#change", { hasText: "16 s → 4 s, four times faster" }).waitFor();
  await page.waitForSelector('.chart[data-earlier-bars="2"]');
}));

test("with less motion the bars are at their new places at once, and the outlines stay", () => on(async (page) => {
  await simulate(page, FOUR("block"), "20s");
  await quiet(page);
  await holdMoments(page);
  await nextMotion(page);
  await write(page, FOUR("await"));
  await page.waitForSelector('.chart[data-earlier-bars="7"]');
  const motion = await page.evaluate(() => Promise.race([globalThis.moved, Promise.resolve("none")]));
  assert.equal(motion, "none");
}, { reducedMotion: "reduce" }));

test("a run is played in ten seconds from before its first event", () => on(async (page) => {
  await simulate(page, "a: await 20h\n", "20h");
  assert.equal(await page.locator(".speed option:checked").textContent(), "whole run in 10 s");
  assert.equal(await now(page), "0 s");
  assert.match(await page.textContent("#say"), /No events yet/);
  await page.click("#step-on");
  assert.match(await page.textContent("#say"), /a arrives/);
  await page.getByRole("button", { name: "To the start" }).click();
  await page.locator("#say", { hasText: "No events yet" }).waitFor();
  await page.click("#play");
  // At the speed of real time this would take an hour.
  await page.waitForFunction(() => / h$/.test(document.querySelector("#now").textContent));
  await page.click("#play");
}));

test("the lines at work are marked in the script at every position", () => on(async (page) => {
  await simulate(page, "a:\n    cpu 2s\n    await 3s\nb:\n    block 4s\n", "6s");
  const marked = () => page.evaluate(() => {
    const lines = [...document.querySelector(".editor-host").shadowRoot.querySelectorAll(".cm-line")];
    return lines.flatMap((line, index) => (line.classList.contains("active-line") ? [`${index + 1} ${line.className.replace(/.*active-line /, "")}`] : []));
  });
  const marks = async (expected) => {
    await page.waitForFunction((count) => document.querySelector(".editor-host").shadowRoot.querySelectorAll(".cm-line.active-line").length === count, expected.length);
    assert.deepEqual(await marked(), expected);
  };
  await marks([]);
  for (let step = 0; step < 3; step++) await page.click("#step-on");
  await marks(["2 works cpu", "5 waits"]);
  for (let step = 0; step < 2; step++) await page.click("#step-on");
  await marks(["3 waits", "5 works block"]);
  const arrows = page.locator(".cm-lineNumbers .works");
  assert.deepEqual(await arrows.allTextContents(), ["5"]);
  await page.locator("#scrub").focus();
  await page.keyboard.press("End");
  await marks([]);
}));

test("a bar says what it is at the pointer, inside the window, until Escape", () => on(async (page) => {
  await simulate(page, FOUR("block"), "20s");
  await quiet(page);
  const box = await page.locator(".chart-above").boundingBox();
  await page.mouse.move(box.x + box.width - 40, box.y + box.height - 44);
  const tip = page.locator("#tip");
  await tip.waitFor();
  const text = await tip.innerText();
  assert.match(text, /order 4\s+blocking the loop for 5 s\s+15 s – 20 s\s+line 2/);
  const place = await tip.boundingBox();
  const { width, height } = page.viewportSize();
  assert.ok(place.x >= 0 && place.y >= 0 && place.x + place.width <= width && place.y + place.height <= height, JSON.stringify(place));
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "detached" });
  await page.mouse.move(box.x + box.width - 40, box.y + 40);
  await page.mouse.move(box.x + box.width - 40, box.y + box.height - 44);
  await tip.waitFor();
  // The sentence below the chart belongs to the selected bar.
  assert.doesNotMatch(await page.textContent("#picked"), /order 4/);
  await page.mouse.click(box.x + box.width - 40, box.y + box.height - 44);
  await page.locator("#picked", { hasText: "order 4: blocking the loop" }).waitFor();
}));

test("a touched bar has its sentence and no tooltip", () => on(async (page) => {
  const box = await page.locator(".chart-above").boundingBox();
  await page.touchscreen.tap(box.x + box.width / 2, box.y + 60);
  await page.locator("#picked", { hasText: "line" }).waitFor();
  assert.equal(await page.locator("#tip").count(), 0);
}, { hasTouch: true }));
