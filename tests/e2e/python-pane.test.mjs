// The Python side of the script's card: the script's program, lit lines on both sides, pasted
// Python, and the reader's own program on the real runtime.

import assert from "node:assert/strict";
import { test } from "node:test";
import { own, program, programEditor, requests, strip, suiteOnPython, type } from "./python-side.mjs";
import { link, ready, settled, totalBecomes, write } from "./site.mjs";

const on = suiteOnPython();
const SCRIPT = "async def fetch: await 2s\nasync def report: block 5s\nrun fetch, report\n";
const PROGRAM = `import asyncio
import time


async def fetch():
    await asyncio.sleep(1)
    print("fetched")


async def report():
    time.sleep(5)
    print("done")


async def main():
    await asyncio.gather(fetch(), report())


asyncio.run(main())
`;

const scriptEditor = (page) => page.locator("#script-side .cm-content");
const litLines = (side) => side.locator(".cm-line.lit").allInnerTexts();

test("the Python side shows the script's program in colours, and the same line is lit on both", () => on(async (page) => {
  await write(page, SCRIPT);
  await totalBecomes(page, "5s");
  await settled(page);
  await page.click("#side-python");
  await programEditor(page).getByText("time.sleep(5)").waitFor();
  assert.equal(await page.locator("#python-side .tok-keyword", { hasText: "await" }).first().innerText(), "await");
  assert.equal(await page.getAttribute("#side-python", "aria-selected"), "true");
  assert.equal(await page.isVisible("#script-side"), false);
  // It cannot be changed yet.
  const before = await program(page);
  await programEditor(page).click();
  await page.keyboard.type("x");
  assert.equal(await program(page), before);
  // The cursor's line is that of the script, on both sides.
  await programEditor(page).getByText("time.sleep(5)").click();
  await page.waitForFunction(() => document.querySelector("#python-side .editor-host").shadowRoot.querySelector(".cm-line.lit"));
  assert.ok((await litLines(page.locator("#python-side"))).some((text) => text.includes("time.sleep(5)")));
  await page.click("#side-script");
  await page.waitForFunction(() => document.querySelector("#script-side .editor-host").shadowRoot.querySelector(".cm-line.lit"));
  assert.deepEqual(await litLines(page.locator("#script-side")), ["async def report: block 5s"]);
  // A fix changes the program with the script.
  await page.click("#side-python");
  await page.click("#fix:not(.older)");
  await page.waitForFunction(() => !document.querySelector("#python-side .editor-host").shadowRoot.textContent.includes("time.sleep(5)"));
}));

test("a program is edited, run, edited again, and the script is a click away", () => on(async (page) => {
  await write(page, SCRIPT);
  await totalBecomes(page, "5s");
  const asked = requests(page);
  await own(page, PROGRAM);
  assert.deepEqual(asked, [], "nothing is downloaded before the click");
  await page.click("#run-program");
  await strip(page, "Ended at 5");
  assert.deepEqual(await page.locator(".program-output .at").allInnerTexts().then((texts) => texts.map((text) => text.replace("\u00a0", " "))), ["5 s", "5 s"]);
  assert.deepEqual((await page.locator(".program-output code").allInnerTexts()).sort(), ["done", "fetched"]);
  await totalBecomes(page, "5s");
  await page.waitForSelector("#opened");
  // The findings name the program's own line.
  await page.locator("#insight .finding .places", { hasText: "line 11" }).waitFor();
  // The same line is lit while the cursor of the chart is there.
  await page.waitForSelector("#scrub");
  await page.locator("#scrub").fill("5000");
  await page.waitForFunction(() => [...document.querySelector("#python-side .editor-host").shadowRoot.querySelectorAll(".cm-line.active-line")].some((line) => line.textContent.includes("time.sleep(5)")));
  // Each pause in the typing runs it again.
  await type(page, PROGRAM.replace("sleep(5)", "sleep(3)"));
  await strip(page, "Ended at 3");
  await totalBecomes(page, "3s");
  // Back to the script, and again to the program.
  await page.click("#side-script");
  await totalBecomes(page, "5s");
  assert.match(await scriptEditor(page).innerText(), /block 5s/);
  assert.equal(await page.locator("#opened").count(), 0);
  await page.click("#side-python");
  await totalBecomes(page, "3s");
  await page.click("#back");
  await totalBecomes(page, "5s");
  // After a reload the program is there, and does not run by itself.
  await page.reload();
  await ready(page);
  const later = requests(page);
  await page.click("#side-python");
  await programEditor(page).getByText("time.sleep(3)").waitFor();
  await type(page, PROGRAM.replace("sleep(5)", "sleep(4)"));
  await page.waitForTimeout(1_500);
  assert.deepEqual(later, []);
  // Starting over keeps it as a draft.
  await page.click("#start-over");
  await page.waitForSelector("#own-program");
  await page.click("#side-script");
  await page.click("#drafts");
  await page.locator(".draft", { hasText: "import asyncio" }).first().click();
  await programEditor(page).getByText("time.sleep(4)").waitFor();
}));

test("an error has its line, an endless loop ends, and a cancelled program waits for a click", () => on(async (page) => {
  await own(page, "import asyncio\n\nasync def main():\n    await 3\n\nasyncio.run(main())\n");
  await programEditor(page).press("ControlOrMeta+Enter");
  await page.locator(".program-problem", { hasText: "TypeError" }).waitFor();
  assert.match(await page.innerText(".program-problem"), /line 4/);
  assert.match(await page.innerText(".program-problem pre"), /await 3/);
  await page.locator("#python-side .cm-lint-marker-error").waitFor();
  await type(page, "def f(:\n");
  await page.locator(".program-problem", { hasText: "SyntaxError" }).waitFor();
  await type(page, "import itertools\nsum(itertools.repeat(0))\n");
  await page.click("#stop-program");
  await strip(page, "Cancelled");
  await type(page, "print('again')\n");
  await page.waitForTimeout(1_500);
  assert.match(await page.innerText("#program-strip"), /Cancelled/);
  await page.click("#run-program");
  await page.locator(".program-output", { hasText: "again" }).waitFor();
  await type(page, "print('begins')\nwhile True:\n    pass\n");
  // A fast machine reaches the limit of turns before that of time.
  await strip(page, /the program still computes|turns of loops and calls, the limit/);
  assert.match(await page.innerText(".program-output"), /begins/);
}));

test("pasted Python is run with one click, or read as a script with one, and nothing is lost", () => on(async (page) => {
  await write(page, SCRIPT);
  await totalBecomes(page, "5s");
  await write(page, PROGRAM);
  await page.waitForSelector("#looks-like-python");
  assert.equal(await page.locator(".problems").count(), 0);
  await page.click("#read-as-script-now");
  await page.waitForSelector("#read-as-script");
  assert.match(await scriptEditor(page).innerText(), /block 5s/);
  await settled(page);
  await page.click("#undo-reading");
  await page.waitForSelector("#looks-like-python");
  await page.click("#run-as-python");
  await strip(page, "Ended at 5");
  assert.match(await program(page), /asyncio\.gather/);
  await page.click("#side-script");
  assert.match(await scriptEditor(page).innerText(), /block 5s/);
}));

test("Python that comes by a link waits for a click", async () => {
  const fragment = link({ script: PROGRAM });
  await on(async (page) => {
    const asked = requests(page);
    await page.waitForSelector("#looks-like-python");
    await page.waitForTimeout(1_500);
    assert.deepEqual(asked, []);
    assert.match(await page.innerText("#looks-like-python"), /CPython in this page/);
    await page.click("#run-as-python");
    await strip(page, "Ended at 5");
  }, { fragment, waitFor: (page) => page.waitForSelector("#boot", { state: "detached" }) });
});

test("a click on Run runs what is in the editor, whenever it comes", () => on(async (page) => {
  await own(page, "print(0)\n");
  await page.click("#run-program");
  await page.locator(".program-output", { hasText: "0" }).waitFor();
  // Around the pause after which the program runs by itself.
  for (const [number, wait] of [0, 600, 700, 750, 1_100].entries()) {
    await type(page, `import itertools\nprint(${number + 1})\n${number % 2 ? "sum(itertools.repeat(0))" : ""}\n`);
    await page.waitForTimeout(wait);
    await page.click("#run-program");
    await type(page, `print("after ${number + 1}")\n`);
    await page.click("#run-program");
    await page.locator(".program-output", { hasText: `after ${number + 1}` }).waitFor();
  }
}));

test("without a network the words are there", () => on(async (page) => {
  await own(page, "print(1)\n");
  await page.click("#run-program");
  await page.locator("#program-strip [data-code=offline]").waitFor();
}, { prepare: (context) => context.route(/python\/library-/, (route) => route.abort()), complaints: [/Failed to load resource|ERR_FAILED/] }));

test("a download shows its bytes and can be cancelled", () => {
  let goes;
  const network = new Promise((done) => { goes = done; });
  return on(async (page) => {
    await own(page, "print(1)\n");
    await page.click("#run-program");
    await page.locator("#program-strip progress").waitFor();
    assert.match(await page.innerText("#program-strip"), /of \d\.\d MB, once/);
    await page.click("#stop-program");
    await strip(page, "Cancelled");
    goes();
    await page.click("#run-program");
    await page.locator(".program-output", { hasText: "1" }).waitFor();
  }, { prepare: (context) => context.route(/python\/interpreter-/, async (route) => { await network; await route.continue().catch(() => {}); }) });
});

for (const width of [1440, 768, 390, 320]) {
  test(`both sides have the same place at ${width} px, and the strip its height`, () => on(async (page) => {
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await ready(page);
    const boxes = () => page.evaluate(() => ["#script-card", ".sides", "#side-python"].map((part) => {
      const { x, y, width, height } = document.querySelector(part).getBoundingClientRect();
      return [x, y, width, height].map(Math.round).join();
    }));
    // The sheet slides in.
    await page.waitForFunction(() => document.getAnimations().length === 0);
    const before = await boxes();
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const fits = () => page.evaluate(() => {
      const head = document.querySelector(".pane-head");
      return head.scrollWidth <= head.clientWidth;
    });
    assert.ok(await fits());
    await page.click("#side-python");
    await page.locator("#python-side .editor-host:not([hidden])").waitFor();
    assert.deepEqual(await boxes(), before);
    assert.ok(await fits());
    await page.click("#own-program:enabled");
    await page.locator("#program-strip").waitFor();
    assert.deepEqual(await boxes(), before);
    const height = await page.locator("#program-strip").evaluate((strip) => strip.offsetHeight);
    await page.click("#run-program");
    await strip(page, "Ended at");
    assert.equal(await page.locator("#program-strip").evaluate((strip) => strip.offsetHeight), height);
    assert.deepEqual(await boxes(), before);
    assert.ok(await fits());
    assert.equal(await wide(), 0);
  }, { viewport: { width, height: width < 700 ? 844 : 900 }, ...(width < 700 && { hasTouch: true, isMobile: true }) }));
}
