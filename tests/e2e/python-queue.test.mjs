// The queue for the page's Python: the proof of the script and the reader's program wait for one
// another, say so, and can each be cancelled.

import assert from "node:assert/strict";
import { test } from "node:test";
import { own, programEditor, strip, suiteOnPython, type } from "./python-side.mjs";
import { look, settled, write } from "./site.mjs";

const on = suiteOnPython();
const SCRIPT = "lock m\nasync def a:\n    with m (await 1)\n    print \"out\"\nrun 3 a\n";
/** Computes until it is cancelled. */
const ENDLESS = "import itertools\nsum(itertools.repeat(0))\n";

const proof = (page, text) => page.locator(".python-proof", { hasText: text }).waitFor();
const proved = (page) => page.locator(".python-proof [data-code=same]").waitFor();

/** A script that can be proved, and a program beside it that has run. */
async function both(page, program) {
  await write(page, SCRIPT);
  await settled(page);
  await own(page, "print('first')\n");
  await page.click("#run-program");
  await page.locator(".program-output", { hasText: "first" }).waitFor();
  await type(page, program);
}

/** Holds the next run, which then counts as under way, until `letGo`. */
const hold = (page) => page.evaluate(() => {
  const python = window.loopscopePython;
  const gate = new Promise((resolve) => { window.letGo = resolve; });
  python.run = async (...call) => {
    delete python.run;
    await gate;
    return python.run(...call);
  };
});
const letGo = (page) => page.evaluate(() => window.letGo());

test("a proof waits for the program, and goes on when that ends", () => on(async (page) => {
  await both(page, ENDLESS);
  await strip(page, "Running");
  await look(page, "proof");
  await page.click("#prove-here:enabled");
  await proof(page, "Waiting: Python runs the program first.");
  // The proof that waits is cancelled, not the program.
  await page.click("#prove-here-cancel");
  await proof(page, "Cancelled");
  await strip(page, "Running");
  await page.click("#prove-here:enabled");
  await proof(page, "Waiting: Python runs the program first.");
  await page.click("#stop-program");
  await strip(page, "Cancelled");
  await proved(page);
}));

test("a program waits for the proof, and only its newest text runs", () => on(async (page) => {
  await both(page, "print('second')\n");
  await page.locator(".program-output", { hasText: "second" }).waitFor();
  await look(page, "proof");
  await page.waitForSelector("#prove-here:enabled");
  await hold(page);
  await page.click("#prove-here");
  await proof(page, "Python runs the script");
  await page.click("#run-program");
  await strip(page, "Waiting: Python proves the script first.");
  // The program that waits is cancelled, not the proof.
  await page.click("#stop-program");
  await strip(page, "Cancelled");
  await proof(page, "Python runs the script");
  const runs = await page.evaluate(() => {
    const python = window.loopscopePython;
    window.sources = [];
    const { runFor } = python;
    python.runFor = (source, options, tell, pane) => runFor.call(python, source, options, (event, ...rest) => {
      if (event === 1) window.sources.push(source);
      tell(event, ...rest);
    }, pane);
    return window.sources.length;
  });
  assert.equal(runs, 0);
  await page.click("#run-program");
  await strip(page, "Waiting");
  for (const text of ["third", "fourth"]) {
    await type(page, `print("${text}")\n`);
    await page.click("#run-program");
    await strip(page, "Waiting");
  }
  await letGo(page);
  await page.locator(".program-output", { hasText: "fourth" }).waitFor();
  assert.deepEqual(await page.evaluate(() => window.sources), ["print(\"fourth\")\n"]);
  await look(page, "proof");
  await proved(page);
}));

test("a cancelled proof lets the program run that waits for it", () => on(async (page) => {
  await both(page, "print('second')\n");
  await page.locator(".program-output", { hasText: "second" }).waitFor();
  await look(page, "proof");
  await page.waitForSelector("#prove-here:enabled");
  await page.evaluate(() => {
    const python = window.loopscopePython;
    const run = python.run.bind(python);
    python.run = () => {
      delete python.run;
      return run("import itertools\nsum(itertools.repeat(0))\n", { real_seconds: 60 });
    };
  });
  await page.click("#prove-here");
  await proof(page, "Python runs the script");
  await page.click("#run-program");
  await strip(page, "Waiting");
  await page.click("#prove-here-cancel");
  await page.locator(".program-output", { hasText: "second" }).waitFor();
}));

test("a download is for both, and goes on for the other when one is cancelled", () => {
  let goes;
  const network = new Promise((done) => { goes = done; });
  return on(async (page) => {
    await write(page, SCRIPT);
    await settled(page);
    await look(page, "proof");
    await page.click("#prove-here:enabled");
    await proof(page, "Downloading Python");
    await own(page, "print('first')\n");
    await programEditor(page).press("ControlOrMeta+Enter");
    await strip(page, "Downloading Python");
    await page.click("#prove-here-cancel");
    await proof(page, "Cancelled");
    goes();
    await page.locator(".program-output", { hasText: "first" }).waitFor();
  }, { prepare: (context) => context.route(/python\/interpreter-/, async (route) => { await network; await route.continue().catch(() => {}); }) });
});
