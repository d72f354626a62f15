// Lessons in Python: their programs on the Python side, run to the totals that the lessons claim, and
// the lessons about what the real FastAPI does beyond the model.

import assert from "node:assert/strict";
import { test } from "node:test";
import { program, programEditor, requests, strip, suiteOnPython, type } from "./python-side.mjs";
import { hasFastApi, openLesson, totalBecomes } from "./site.mjs";

const on = suiteOnPython();

const needsFastApi = { skip: !hasFastApi && "this build has no FastAPI" };
/** The page first opens with its script; a busy machine takes its time. */
const asked = (page) => page.waitForSelector(".answer-button", { timeout: 60_000 });
const answer = (page, name) => page.getByRole("button", { name, exact: true }).click();
const variant = (page, number) => page.locator("#lesson-more [role=group] button").nth(number - 1).click();
const isPython = (page) => page.locator("#side-python[aria-selected=true]").waitFor();

test("an exported lesson runs in Python, and the next lesson opens there, too", () => on(async (page) => {
  await isPython(page);
  await answer(page, "3 s");
  await totalBecomes(page, "3s");
  await programEditor(page).getByText("asyncio.gather").waitFor();
  await page.click("#run-program:enabled");
  await strip(page, "Ended at 3");
  await page.waitForSelector("#opened");
  await totalBecomes(page, "3s");
  await variant(page, 2);
  await isPython(page);
  await programEditor(page).getByText("asyncio.gather").waitFor({ state: "detached" });
  await page.click("#run-program:enabled");
  await strip(page, "Ended at 6");
  await totalBecomes(page, "6s");
}, { fragment: "#lesson=gather/python", waitFor: asked }));

test("a lesson about FastAPI is a FastAPI app in Python, with the total of its script", needsFastApi, () => on(async (page) => {
  const parts = requests(page);
  await openLesson(page, "three-pings");
  for (const [number, definition, total] of [[1, "async def terrible_ping():", "30s"], [2, "def good_ping():", "10s"], [3, "async def perfect_ping():", "10s"]]) {
    if (number > 1) await variant(page, number);
    if (number === 1) await page.click("#side-python");
    await programEditor(page).getByText(definition).waitFor();
    if (number === 1) assert.deepEqual(parts, [], "nothing is downloaded before the click");
    await page.click("#run-program:enabled");
    await strip(page, "3 × 200");
    await strip(page, "GET /hello");
    await totalBecomes(page, total);
  }
}));

test("a lesson about a program asks, runs, explains, and is changed to its goal", needsFastApi, () => on(async (page) => {
  await isPython(page);
  assert.match(await page.textContent("#lesson h2"), /26 · A return annotation/);
  assert.match(await program(page), /def price\(\):/);
  await answer(page, "3 s");
  // The run tells; nothing is said before it.
  assert.equal(await page.locator("#total, #outcome, #lesson-more").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "question");
  await page.click("#run-lesson");
  await page.waitForSelector("#outcome");
  assert.match(await page.innerText("#outcome"), /Not 3 s\. It is 1 s\./);
  await totalBecomes(page, "3s");
  await variant(page, 2);
  await page.waitForSelector("#run-lesson");
  assert.match(await program(page), /-> dict\[str, int\]:/);
  await page.click("#run-program");
  await page.locator("#outcome", { hasText: "3 s" }).waitFor();
  await strip(page, "answered after 3 s (median)");
  assert.match(await page.textContent("#lesson-goal"), /not yet/);
  await page.click("#try-it");
  await page.waitForSelector("#lesson-goal.good");
  await strip(page, "answered after 2 s (median)");
  await page.click("#try-it");
  await strip(page, "answered after 3 s (median)");
  // The reader's own way to the goal.
  await type(page, (await program(page)).replace(" -> dict[str, int]", ""));
  await page.waitForSelector("#lesson-goal.good");
  await page.click("#next-lesson");
  await asked(page);
  await answer(page, "1 s");
  await page.click("#run-lesson");
  await page.locator("#outcome", { hasText: "Right: 1 s." }).waitFor();
  await totalBecomes(page, "1s");
  await page.click("#try-it");
  await page.waitForSelector("#lesson-goal.good");
  await strip(page, "400 × 200");
  await variant(page, 2);
  await page.click("#run-lesson");
  await totalBecomes(page, "3s");
  // The script was there all the time.
  await page.click("#side-script");
  await totalBecomes(page, "12s");
}, { fragment: "#lesson=a-return-annotation", waitFor: asked }));

test("a lesson about a program in Korean, on a phone", needsFastApi, () => on(async (page) => {
  await answer(page, "1초");
  await page.tap("#run-lesson");
  await page.locator("#outcome", { hasText: "1초" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
}, { fragment: "#lesson=the-way-out", waitFor: asked, locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }));
