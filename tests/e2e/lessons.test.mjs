// The lessons: a prediction before the chart, the explanation, a change with a goal, the progress,
// and an address for each lesson and variant.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, link, openLesson, script, settled, suite, totalBecomes, write } from "./site.mjs";

const on = suite();

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** A page that opens with a lesson has no total at first. */
const asked = (page) => page.waitForSelector(".answer-button");
const fragment = (page) => new URL(page.url()).hash;
const focused = (page) => page.evaluate(() => document.activeElement?.id);

async function open(page, slug) {
  await page.click("#lessons");
  await page.click(`[data-lesson="${slug}"]`);
  await asked(page);
}

async function tabTo(page, selector) {
  for (let press = 0; press < 60; press++) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no way to ${selector} by Tab`);
}

test("a lesson by keyboard alone: guess, explanation, change, goal, next", () => on(async (page) => {
  await tabTo(page, "#lessons");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-lesson]");
  await tabTo(page, "[data-lesson=pasta-and-toast]");
  await page.keyboard.press("Enter");
  await asked(page);
  assert.equal(await focused(page), "question");
  assert.equal(await page.locator("#total, .chart").count(), 0, "nothing gives the answer away");
  assert.doesNotMatch(await script(page), /expect/);

  // 5 s; 8 s; 10 s; 14 s.
  for (let press = 0; press < 3; press++) await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "10 s");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".chart");
  assert.equal(await focused(page), "outcome");
  const outcome = await page.innerText("#outcome");
  assert.match(outcome, /Not 10 s\. It is 8 s\./);
  assert.match(outcome, /adds up every wait/, "the wrong answer is explained");
  assert.match(outcome, /The waits overlap/, "the right one, too");

  // The change is one of the second script.
  await tabTo(page, "#try-it");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#lesson-goal");
  assert.match(await page.textContent("#lesson-goal"), /not yet/);
  await tabTo(page, "#try-it");
  await page.keyboard.press("Enter");
  await totalBecomes(page, "10s");
  await page.waitForSelector("#lesson-goal.good");
  await tabTo(page, "#next-lesson");
  await page.keyboard.press("Enter");
  await asked(page);
  assert.match(await page.textContent("#lesson h2"), /Busy hands/);
}));

test("the reader's own edit reaches the goal", () => on(async (page) => {
  await openLesson(page, "the-staircase");
  await write(page, (await script(page)).replace("block 5s", "await 5s"));
  await page.waitForSelector("#lesson-goal.good");
  await page.waitForSelector(".goal-reached");
}));

test("an edit before the guess uncovers the chart", () => on(async (page) => {
  await open(page, "gather");
  await write(page, "a: await 3\n");
  await totalBecomes(page, "3s");
  // The focus stays in the editor.
  await page.keyboard.type("b: await 4\n");
  await totalBecomes(page, "4s");
}));

test("a key that waits while the next lesson is opened leaves the lesson", () => on(async (page) => {
  await openLesson(page, "gather");
  await editor(page).click();
  // A draft is listed with its first line.
  await page.keyboard.press("ControlOrMeta+Home");
  await page.evaluate(() => {
    // In one task, so that the page has handled neither.
    document.execCommand("insertText", false, "# late");
    document.querySelector("[aria-label='Next lesson']").click();
  });
  await asked(page);
  assert.doesNotMatch(await page.textContent("#lesson h2"), /Gather/);
  assert.doesNotMatch(await script(page), /late/);
  await page.click("#drafts");
  assert.match(await page.textContent(".draft"), /late/, "the text is a draft");
}));

test("an address opens a variant, which asks first", () => on(async (page) => {
  assert.match(await script(page), /await 2s/);
  assert.match(await page.textContent("#lesson h2"), /2 · Busy hands/);
  await page.getByRole("button", { name: "8 s", exact: true }).click();
  assert.match(await page.innerText("#outcome"), /Right: 8 s\./);
  await totalBecomes(page, "8s");
  await page.locator("#lesson-more [role=group] button").nth(3).click();
  await totalBecomes(page, "11s");
  assert.equal(fragment(page), "#lesson=busy-hands/4");
}, { fragment: "#lesson=busy-hands/2", waitFor: asked }));

test("back and forward go through the lessons and out of them", () => on(async (page) => {
  await write(page, "mine: await 42\n");
  await totalBecomes(page, "42s");
  await openLesson(page, "gather");
  await page.locator("#lesson-more [role=group] button").nth(1).click();
  await totalBecomes(page, "6s");
  assert.equal(fragment(page), "#lesson=gather/2");
  await page.goBack();
  await totalBecomes(page, "3s");
  assert.equal(fragment(page), "#lesson=gather");
  await page.goBack();
  await totalBecomes(page, "42s");
  assert.equal(await page.locator("#lesson").count(), 0);
  await page.goForward();
  await asked(page);
  assert.match(await page.textContent("#lesson h2"), /Gather/);
  await page.click("#close-lesson");
  await totalBecomes(page, "3s");
  assert.equal(fragment(page), "");
}));

test("an address of no lesson says so and leaves the page usable", () => on(async (page) => {
  assert.match(await page.textContent("#notice"), /no lesson “nothing”/);
  await totalBecomes(page, "12s");
}, { fragment: "#lesson=nothing" , waitFor: (page) => page.waitForSelector("#notice") }));

test("lessons that cannot be loaded leave the page usable", () => on(async (page) => {
  await page.waitForSelector("#notice");
  await totalBecomes(page, "12s");
}, {
  fragment: "#lesson=gather",
  prepare: (context) => context.route(/\/lessons-[^/]*\.txt$/, (route) => route.abort()),
  complaints: [/ERR_FAILED/],
  waitFor: (page) => page.waitForSelector("#notice"),
}));

test("the progress and an edited lesson survive a reload", () => on(async (page) => {
  await open(page, "gather");
  await page.getByRole("button", { name: "3 s", exact: true }).click();
  await settled(page);
  await page.waitForSelector(".editor-host:not([hidden])");
  await write(page, (await script(page)).replace("await 3s", "await 4s"));
  await totalBecomes(page, "4s");
  await page.waitForFunction(() => localStorage.getItem("loopscope.script")?.includes("await 4s"));
  await page.reload();
  await totalBecomes(page, "4s");
  await page.waitForSelector("#lesson-more");
  await page.click("#lessons");
  await page.waitForSelector("[data-lesson=gather] .mark-guessed");
  await page.keyboard.press("Escape");
  await openLesson(page, "the-staircase");
  await page.click("#try-it");
  await page.waitForSelector("#lesson-goal.good");
  await page.reload();
  await asked(page);
  await page.click("#lessons");
  await page.waitForSelector("[data-lesson=the-staircase] .mark-reached");
  assert.match(await page.textContent(".progress-line"), /^1 of 27/);
}));

test("a lesson works without storage", () => on(async (page) => {
  await open(page, "gather");
  await page.locator(".answer-button").first().click();
  await totalBecomes(page, "3s");
  await page.click("#lessons");
  await page.waitForSelector("[data-lesson=gather] .mark-guessed");
}, { prepare: (context) => context.addInitScript(() => {
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { get() { throw new DOMException("refused", "SecurityError"); } });
}) }));

test("a link with a script hides nothing", () => on(async (page) => {
  await open(page, "gather");
  await page.evaluate((fragment) => { location.hash = fragment; }, link({ script: "theirs: await 7\n" }));
  await totalBecomes(page, "7s");
  assert.equal(await page.locator("#lesson, .lid").count(), 0);
}));

test("in Korean", () => on(async (page) => {
  await open(page, "pasta-and-toast");
  assert.match(await page.textContent(".lid"), /먼저 예상해 보세요.*얼마나 걸릴까요/s);
  await page.getByRole("button", { name: "10초", exact: true }).click();
  const outcome = await page.innerText("#outcome");
  assert.match(outcome, /8초/);
  assert.match(outcome, /더한 것입니다/);
}, { locale: "ko-KR" }));

test("on a phone the question and the script are in view, then the outcome above the chart", () => on(async (page) => {
  await open(page, "pasta-and-toast");
  const top = (selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(await top("#script-card") < 700, "the script can be read");
  for (const button of await page.locator(".answer-button").all()) assert.ok((await button.boundingBox()).height >= 40);
  await page.tap(".answer-button");
  await settled(page);
  await page.waitForSelector(".chart");
  assert.ok(await top("#outcome") >= 0 && await top("#outcome") < await top(".chart"));
  assert.ok(await top(".chart") < await top("#lesson-more"));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
}, PHONE));

test("guessing moves only what takes the place of the question", () => on(async (page) => {
  await open(page, "busy-hands");
  const place = () => page.locator(".top").evaluate((element) => JSON.stringify(element.getBoundingClientRect()));
  const stage = () => page.locator(".stage").evaluate((element) => element.getBoundingClientRect().top);
  const before = [await place(), await stage()];
  await page.locator(".answer-button").first().click();
  await page.waitForSelector(".chart");
  assert.deepEqual([await place(), await stage()], before);
}));

test("the cheat sheet shows words with their Python and a chart", () => on(async (page) => {
  await page.click("#cheat-sheet");
  await page.waitForSelector(".cheats");
  assert.ok(await page.locator(".cheats li").count() >= 20);
  const await_ = page.locator(".cheats li", { hasText: "await asyncio.sleep(D)" });
  assert.match(await await_.innerText(), /Waits for D without blocking/);
  assert.ok(await await_.locator("svg rect").count() >= 2);
  assert.equal(await page.locator(".links").count(), 0, "no links outside of the site");
  await page.keyboard.press("Escape");
  await editor(page).click();
  await page.click("#help");
  await page.click("#cheat-sheet-too");
  await page.waitForSelector(".cheats");
}));
