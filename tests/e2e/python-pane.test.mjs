// The Python side of the script's card: the script's program, lit lines on both sides, pasted
// Python, and the reader's own program on the real runtime.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { link, ready, settled, suite, totalBecomes, write } from "./site.mjs";

const visit = suite();
/** Python takes its time to start, the more so on a busy machine. */
const on = (act, options) => visit((page, ...rest) => {
  page.setDefaultTimeout(60_000);
  return act(page, ...rest);
}, options);
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
const programEditor = (page) => page.locator("#python-side .cm-content");
/** The text of the program's editor, which renders its visible part. */
const program = (page) => programEditor(page).innerText();
const strip = (page, text) => page.locator("#program-strip", { hasText: text }).waitFor();
const litLines = (side) => side.locator(".cm-line.lit").allInnerTexts();

/** Replaces the program by typing. */
async function type(page, text) {
  await programEditor(page).click({ position: { x: 40, y: 20 } });
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Opens the Python side and makes its program the reader's. */
async function own(page, text) {
  await page.click("#side-python");
  await page.click("#own-program:enabled");
  await page.locator("#program-strip").waitFor();
  await page.locator("#python-side .editor-host:not([hidden])").waitFor();
  if (text) await type(page, text);
}

/** The parts of the runtime that the page asks for. */
function requests(page) {
  const asked = [];
  page.on("request", (request) => {
    const part = new URL(request.url()).pathname.match(/\/python\/([a-z]+)/);
    if (part) asked.push(part[1]);
  });
  return asked;
}

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
  await strip(page, "the program still computes");
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

/** A build that could not get FastAPI refuses it. */
const hasFastApi = readdirSync(new URL(`../../${process.env.LOOPSCOPE_DIST ?? "dist"}/python`, import.meta.url)).some((name) => name.startsWith("fastapi-"));
const APP = (define, wait) => `import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
${define} ping():
    ${wait}
    return {"ping": "pong"}


@app.post("/items")
async def add():
    return {}
`;
const bar = (page) => page.locator("#python-side .load");
const field = (page, name) => bar(page).locator(`[name=${name}]`);

test("a FastAPI program gets 100 requests, or as many as its load bar says, and takes 1000, 30 or 10 s", { skip: !hasFastApi && "this build has no FastAPI" }, () => on(async (page) => {
  const asked = requests(page);
  await own(page, APP("async def", "time.sleep(10)"));
  await bar(page).waitFor();
  const load = async () => Promise.all(["count", "method", "path"].map((name) => field(page, name).inputValue()));
  assert.deepEqual(await load(), ["100", "GET", "/ping"]);
  assert.deepEqual(await bar(page).locator("datalist option").evaluateAll((options) => options.map(({ value }) => value)), ["/ping", "/items"]);
  assert.deepEqual(asked, []);
  await page.click("#run-program");
  await strip(page, "GET /ping: 100 × 200; answered after 500 s (median), at most 16 min 40 s");
  await totalBecomes(page, "16min 40s");
  assert.ok(asked.includes("fastapi"));
  // The chart has a bar for each request, and the findings name the line.
  await page.locator("#insight .finding .places", { hasText: "line 11" }).waitFor();
  await type(page, APP("def", "time.sleep(10)"));
  await strip(page, "GET /ping: 100 × 200; answered after 20 s (median), at most 30 s");
  await totalBecomes(page, "30s");
  await type(page, APP("async def", "await asyncio.sleep(10)"));
  await strip(page, "Ended at 10");
  await totalBecomes(page, "10s");
  // Another load runs the program again.
  await field(page, "count").fill("7");
  await strip(page, "GET /ping: 7 × 200");
  await field(page, "path").fill("/items");
  await strip(page, "POST /items: 7 × 200");
  assert.deepEqual(await load(), ["7", "POST", "/items"]);
  // The choice is there after a look at the script.
  await page.click("#side-script");
  await page.click("#side-python");
  await bar(page).waitFor();
  assert.deepEqual(await load(), ["7", "POST", "/items"]);
  // A comment of the program says it instead, and a program without an app needs no bar.
  await type(page, `# run 3 GET /ping\n${APP("def", "time.sleep(10)")}`);
  await strip(page, "GET /ping: 3 × 200");
  assert.equal(await field(page, "count").isVisible(), false);
  assert.match(await bar(page).innerText(), /# run/);
  await type(page, "print('no app')\n");
  await page.locator(".program-output", { hasText: "no app" }).waitFor();
  assert.equal(await bar(page).isVisible(), false);
}));

test("without a network, or in a build without it, FastAPI is refused in words, and the next program runs", () => on(async (page) => {
  await own(page, APP("def", "time.sleep(10)"));
  await page.click("#run-program");
  const refusal = hasFastApi ? "[data-code=offline]" : "code >> text=loopscope run app.py";
  await page.locator(`#program-strip ${refusal}`).waitFor();
  // The program was run before, so the typed one runs by itself.
  await type(page, "print(1)\n");
  await page.locator(".program-output", { hasText: "1" }).waitFor();
}, { prepare: (context) => context.route(/python\/fastapi-/, (route) => route.abort()), complaints: [/Failed to load resource|ERR_FAILED/] }));

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
