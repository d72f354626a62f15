// The analysis panels: findings, blame, why, the critical path, strategies, orders, differences,
// sweeps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, look, openDraft, script, settled, simulate, suite, total, totalBecomes, write } from "./site.mjs";

const on = suite();
const FROZEN = "async def a: block 3s \"requests.get\"\nasync def b: await 1s\nrun 2 a\nrun b\n";
const inLight = (act, options) => on(async (page, ...rest) => {
  await simulate(page, FROZEN, "7s");
  await act(page, ...rest);
}, options);
const chart = (page) => page.evaluate(() => document.querySelector(".chart-above").toDataURL());
const chartChanges = (page, before) => page.waitForFunction((before) => document.querySelector(".chart-above").toDataURL() !== before, before);

test("findings say what, where and why, and one click mends the script", () => inLight(async (page) => {
  const finding = page.locator(".finding");
  await finding.getByText("line 1").waitFor();
  assert.equal(await page.textContent("#door-why .count"), "1");
  const apply = finding.locator(".fix").first();
  const promised = /total (\S+) instead/.exec(await apply.innerText())[1];
  assert.equal((await page.textContent("#fix")).replaceAll("\u00a0", ""), `Fix line 1: 7s → ${promised}`);
  await apply.click();
  await totalBecomes(page, promised);
  await page.locator("#fix").waitFor({ state: "detached" });
  await page.getByText("No task is blocking another.").waitFor();
  await openDraft(page, "before a suggested change");
  await totalBecomes(page, "7s");
}));

test("each line says beside it what it cost others", () => inLight(async (page) => {
  const cost = page.locator(".cost");
  await cost.waitFor();
  assert.equal(await cost.innerText(), "9s");
  assert.match(await cost.getAttribute("title"), /other tasks waited 9s .* because of this line: loop/);
  await simulate(page, "async def a: await 1s\nrun 3 a\n", "1s");
  await cost.waitFor({ state: "detached" });
}));

test("a waiting bar says whom it waits for, down to the line", () => inLight(async (page) => {
  await look(page, "numbers");
  await page.locator("#as-table summary").click();
  await page.locator("#as-table tr", { hasText: "ready" }).first().click();
  const why = page.locator("#why");
  await why.locator(".chain li").first().waitFor();
  assert.match(await why.innerText(), /a 1.*blocking the loop.*line 1/s);
  await page.locator("#as-table tr", { hasText: "a 1" }).first().click();
  await why.locator(".waiters").waitFor();
  assert.match(await why.locator(".waiters").innerText(), /waiting for a 1 at 0s: a 2, b/);
}));

test("a line of a finding lights its bars, and the total is a sum", () => inLight(async (page) => {
  await look(page, "numbers");
  await page.getByText("where the 7s go").waitFor();
  const before = await chart(page);
  const parts = await page.locator(".parts li b").allInnerTexts();
  assert.equal(parts.map((text) => parseInt(text, 10)).reduce((sum, part) => sum + part), 7);
  await look(page, "findings");
  await page.locator(".finding").getByText("line 1").click();
  await chartChanges(page, before);
}));

test("the total is a formula, whose terms light their bars", () => on(async (page) => {
  await simulate(page, "def a: block 1s\nrun 100 a\n", "3s");
  await look(page, "numbers");
  await page.getByText("3s = ceil(100/40) × 1s").waitFor();
  const before = await chart(page);
  await page.locator(".formula").getByText("line 1").click();
  await chartChanges(page, before);
  await write(page, "async def a: await 1..2s\nrun 3 a\n");
  await page.locator(".formula.none").waitFor();
}));

test("the critical path is shown on the chart, and goes again", () => inLight(async (page) => {
  await page.locator("#path").waitFor();
  const before = await chart(page);
  await page.click("#path");
  await page.waitForSelector("#path[aria-pressed=true]");
  await chartChanges(page, before);
  await page.click("#path");
  await page.waitForFunction((before) => document.querySelector(".chart-above").toDataURL() === before, before);
}));

test("strategies are compared, and follow what is typed", () => inLight(async (page) => {
  await look(page, "compare");
  const written = page.locator("[data-strategy=as_written] td").first();
  await written.waitFor();
  assert.equal(await written.innerText(), "7s");
  assert.equal(await page.locator(".strategies .best").getAttribute("data-strategy"), "awaiting");
  await simulate(page, FROZEN.replace("3s", "4s"), "9s");
  await page.waitForFunction(() => document.querySelector("[data-strategy=as_written] td")?.textContent === "9s");
}));

test("an order is told to be an accident, with a run that shows it", () => on(async (page) => {
  await simulate(page, "async def a: await 10s\nasync def b: await 11s\nrun a\nrun b\n", "11s");
  await look(page, "orders");
  await page.locator(".orders .bad").waitFor();
  assert.match(await page.locator(".orders .bad").innerText(), /a 1 before b 1: an accident \(\d+ % of the runs\)/);
  await page.locator(".orders summary").click();
  await page.locator(".orders svg.small-chart rect").first().waitFor();
}));

test("what changed is the first event that differs", () => inLight(async (page) => {
  await look(page, "difference");
  await page.click("#pin");
  await page.getByText("the runs are the same, event by event").waitFor();
  await simulate(page, FROZEN.replace("block 3s", "await 3s"), "3s");
  await page.locator(".difference").waitFor();
  await page.locator("#scrub").fill("5500");
  await page.getByText("show 0s on the chart").click();
  await page.waitForFunction(() => document.querySelector("#now")?.textContent === "0 s");
  assert.match(await page.locator("#insight").innerText(), /the first \d+ events are the same.*before.*total 7s.*now.*total 3s/is);
}));

test("a sweep draws its curves, marks nothing it has not tried, and opens each point", () => inLight(async (page) => {
  await look(page, "sweep");
  await page.fill("#vary", "run 1..5");
  await page.click("#sweep");
  await page.locator("svg.sweep polyline").first().waitFor();
  const values = await page.locator(".points tbody th").allInnerTexts();
  assert.deepEqual(values, ["1", "2", "3", "4", "5"]);
  const totals = await page.locator(".points tbody tr td:nth-child(2)").allInnerTexts();
  await page.locator(".points button", { hasText: "4" }).click();
  await totalBecomes(page, totals[3]);
  assert.match(await script(page), /run 4 a/);
  assert.equal(await page.locator("svg.sweep").count(), 1, "the sweep stays, so that another point can be opened");
}));

test("two ranges are a map; a range that makes no sense is said", () => inLight(async (page) => {
  await look(page, "sweep");
  await page.fill("#vary", "run 1..3, cores 1..2");
  await page.click("#sweep");
  await page.locator(".heat td").first().waitFor();
  assert.equal(await page.locator(".heat tbody tr").count(), 3);
  const cell = page.locator(".heat tbody tr").nth(2).locator("button").nth(0);
  const promised = await cell.innerText();
  await cell.click();
  await totalBecomes(page, promised);
  assert.match(await script(page), /cores 1[\s\S]*run 3 a/);
  await page.fill("#vary", "walk 1..3");
  await page.click("#sweep");
  await page.getByText("cannot vary").waitFor();
}));

test("a long sweep says how far it is, and can be stopped", () => on(async (page) => {
  await simulate(page, "async def a: repeat 200 (cpu 1ms -> yield)\nrun 100 a\n", "20s");
  await look(page, "sweep");
  await page.fill("#vary", "run 1..1000 by 1");
  await page.click("#sweep");
  await page.getByText(/\d+ of 1000 points/).waitFor();
  await page.click("#sweep-stop");
  await page.locator("#sweep").waitFor();
  await look(page, "findings");
  await page.locator(".finding, #insight .none").first().waitFor();
}));

test("without its program the page says so and goes on", () => on(async (page) => {
  await page.getByText("a part of Loopscope did not load").waitFor();
  await simulate(page, FROZEN, "7s");
  assert.equal(await total(page), "7s");
}, { prepare: (context) => context.route(/insight-/, (route) => route.abort()), complaints: [/insight|ERR_FAILED|Failed/] }));

test("a script with errors has no findings; mended, it has", () => inLight(async (page) => {
  await page.locator(".finding").waitFor();
  await write(page, "a: awiat 1\n");
  await page.waitForSelector(".problems .error");
  await page.locator(".answer.stale").waitFor();
  await simulate(page, FROZEN, "7s");
  await settled(page);
  await page.locator(".answer:not(.stale) .finding").waitFor();
  await editor(page).click();
}));

test("a guess is judged before the chart is uncovered, and a wrong one is named", () => inLight(async (page) => {
  await look(page, "guess");
  await page.locator("#total").waitFor({ state: "detached" });
  assert.equal(await page.locator(".chart").count(), 0);
  await page.locator(".cost").waitFor({ state: "detached" });
  await page.fill("#guess", "3");
  await page.click("#check");
  await page.locator("[data-code=blocking_frees]").waitFor();
  assert.equal(await page.locator("#total").count(), 0, "it is not given away");
  await page.fill("#guess", "7s");
  await page.click("#check");
  await totalBecomes(page, "7s");
  await page.getByText("Right.").waitFor();
}));

test("the order is guessed by names, and can be revealed instead", () => inLight(async (page) => {
  await look(page, "guess");
  await page.locator("#guess-about").getByText("the order").click();
  await page.fill("#guess", "b, a");
  await page.click("#check");
  await page.getByText("Not quite.").waitFor();
  await page.click("#reveal");
  await totalBecomes(page, "7s");
}));

test("bars are drawn, and those that are elsewhere are named", () => on(async (page) => {
  await simulate(page, "async def a: cpu 2s\nasync def b: cpu 2s\nrun a\nrun b\n", "4s");
  await look(page, "guess");
  await page.locator("#guess-about").getByText("the bars").click();
  const put = (row, end, step) => page.locator(".drawn-row").nth(row).locator("input").nth(end).fill(String(step));
  await put(0, 1, 67);
  await put(1, 1, 67);
  await page.click("#check");
  await page.getByText("b starts or ends at another time").waitFor();
  await put(1, 1, 133);
  await put(1, 0, 67);
  await page.click("#check");
  await totalBecomes(page, "4s");
}));

test("an exercise covers its chart, is the same again, and what was revealed is right", () => on(async (page) => {
  await look(page, "exercises");
  await page.locator("[data-family=waits]").click();
  await settled(page);
  assert.match(await script(page), /await/);
  assert.equal(await page.locator("#total").count(), 0);
  await page.click("#reveal");
  const revealed = await total(page);
  const first = await script(page);
  await look(page, "findings");
  await simulate(page, "a: cpu 2\n", "2s");
  await look(page, "exercises");
  await page.locator("[data-family=waits]").click();
  await settled(page);
  assert.equal(await script(page), first);
  await page.fill("#guess", revealed);
  await page.click("#check");
  await totalBecomes(page, revealed);
  await page.getByText("Right.").waitFor();
}));
