// Runs that are too large, traps on every thread, and programs that do not answer.
//
// Each one is reported with a remedy and can be cancelled, and the next run works.

import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { link, look, ready, script, settled, simulate, suite, totalBecomes } from "./site.mjs";

const on = suite();
const isSettled = (page) => page.waitForSelector("main[data-phase=settled]", { timeout: 240_000 });

test("a link of 24 bytes that never ends is cut off where the page has room, and says so", () => on(async (page) => {
  const result = page.locator("main .stage").getByText("more than 10000000 state changes");
  await result.waitFor();
  assert.match(await result.innerText(), /correct up to that point.*fewer tasks or repetitions/);
  assert.equal(await page.locator("#crash").count(), 0);
  // The memory of the long run is free again.
  await simulate(page, "a: await 5\n", "5s");
}, { fragment: link({ script: "a: forever: (await 1ns)" }), waitFor: isSettled }));

test("a run that is cancelled while its chart is prepared stays cancelled", () => on(async (page) => {
  // Clicked within the page: on a fast machine the chart is ready before a click from outside arrives.
  await page.evaluate(() => new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector("main").textContent.includes("Preparing the chart")) return void requestAnimationFrame(look);
      document.querySelector("#cancel").click();
      resolve();
    };
    look();
  }));
  await page.waitForSelector("main[data-phase=cancelled]");
  // The editor loads after the first chart, so this is the plain text area.
  await page.fill("#script", "a: await 5\n");
  await totalBecomes(page, "5s");
}, { fragment: link({ script: "until 4ms\na: forever: (await 1ns)" }), waitFor: (page) => page.waitForSelector("#cancel") }));

test("a run in which the browser ended the tab is not run again by itself", () => on(async (page) => {
  await page.getByText("the script was not run again").waitFor();
  assert.equal(await page.getAttribute("main", "data-phase"), "cancelled");
  await page.click("#notice .small");
  await settled(page);
}, {
  prepare: (context) => context.addInitScript(() => { if (sessionStorage.length === 0) sessionStorage.setItem("loopscope.running", "1"); }),
  waitFor: (page) => page.waitForSelector("#notice"),
}));

/** Throws on the page's own thread, in a task of its own. */
const uncaught = (page, source) => page.evaluate((source) => { setTimeout(() => { throw new Function(`return ${source}`)(); }); }, source);
const crashes = (page) => page.evaluate(() => sessionStorage.getItem("loopscope.crashes"));

test("a trap on the page's own thread is said with what to do, counted once, and a reload goes on", () => on(async (page) => {
  await simulate(page, "a: await 5\n", "5s");
  await page.evaluate(() => { Promise.reject(new WebAssembly.RuntimeError("unreachable")); });
  await page.waitForSelector("#crash");
  assert.match(await page.textContent("#crash"), /Your script is saved; reload.*make it smaller.*RuntimeError: unreachable/s);
  await uncaught(page, "new WebAssembly.RuntimeError('memory access out of bounds')");
  await page.waitForFunction(() => document.querySelectorAll("#crash").length === 1);
  assert.equal(await crashes(page), "1");
  await page.click("#crash a");
  await page.waitForSelector("#crash", { state: "detached" });
  await ready(page);
  assert.match(await script(page), /await/);
  assert.equal(await page.locator("#crash").count(), 0);
}, { bypassCSP: true, complaints: [/RuntimeError/] }));

test("a stack that is full in the program is said, in the reader's language", () => on(async (page) => {
  await uncaught(page, "Object.assign(new RangeError('Maximum call stack size exceeded'), { stack: 'RangeError\\n at page_bg.wasm:wasm-function[7]:0x1' })");
  await page.waitForSelector("#crash");
  assert.match(await page.textContent("#crash"), /새로 고쳐.*Maximum call stack/s);
}, { bypassCSP: true, locale: "ko-KR", complaints: [/Maximum call stack/] }));

test("an error that is none of the program's leaves the page alone", () => on(async (page) => {
  await uncaught(page, "new RangeError('of an extension')");
  await simulate(page, "a: await 5\n", "5s");
  assert.equal(await page.locator("#crash").count(), 0);
  assert.equal(await crashes(page), null);
}, { bypassCSP: true, complaints: [/of an extension/] }));

/**
 * Makes the first worker of a program run this code for each message; later workers are unchanged.
 */
function first(program, does) {
  let isFirst = true;
  return (context) => context.route(new RegExp(`/${program}-[^/]*\\.js$`), async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: isFirst ? `${text}\nconst sound = onmessage;\nonmessage = ({ data }) => { ${does} };` : text });
    isFirst = false;
  });
}
const TRAPS = "throw new WebAssembly.RuntimeError('unreachable');";
const HANGS = "";
const raised = { complaints: [/unreachable/] };

test("a look at a run that breaks its program is said, and the next one is answered", () => on(async (page) => {
  await page.getByText("a part of Loopscope crashed").waitFor();
  await simulate(page, "async def a: block 3s\nasync def b: await 1s\nrun 2 a\nrun b\n", "7s");
  await page.locator(".finding").first().waitFor();
}, { prepare: first("insight", TRAPS), ...raised }));

const PYTHON = "import time\n\ndef main():\n    time.sleep(3)\n\nmain()\n";
/** Not for the program of the script, which the Python side asks for first. */
const reader = (does) => `if (data[0][1] === 1) return sound({ data }); ${does}`;
const paste = async (page) => {
  await page.click("#side-python");
  await page.click("#from-python");
  await page.fill("#python", PYTHON);
};

test("Python that breaks its reader is said, and the next program is read", () => on(async (page) => {
  await paste(page);
  await page.locator(".python-out .bad").waitFor();
  await page.fill("#python", PYTHON.replace("3", "4"));
  await page.locator(".reading pre", { hasText: "4s" }).waitFor();
}, { prepare: first("python", reader(TRAPS)), ...raised }));

test("a file that breaks its program is said, and the next one is made", () => on(async (page) => {
  await page.click("#share");
  await page.click("#download-svg");
  await page.locator("dialog .hint.bad", { hasText: "too large" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download-svg")]);
  assert.equal(download.suggestedFilename(), "schedule.svg");
}, { prepare: first("files", TRAPS), ...raised }));

test("a comparison that takes too long can be cancelled, and asked for again", () => on(async (page) => {
  await look(page, "compare");
  await page.click(".working button");
  await page.getByText("there is no result").waitFor();
  assert.equal(await page.locator(".working").count(), 0);
  await page.click(".again");
  await page.locator("[data-strategy=as_written]").waitFor();
}, { prepare: first("insight", HANGS) }));

test("what an older script asks for is given up, and the new one is looked at", () => on(async (page) => {
  await look(page, "compare");
  await page.locator(".working").waitFor();
  await simulate(page, "a: await 5\n", "5s");
  await page.locator("[data-strategy=as_written]").waitFor();
}, { prepare: first("insight", HANGS) }));

test("reading Python can be cancelled", () => on(async (page) => {
  await paste(page);
  await page.click(".python-out .working button");
  await page.click(".python-out .again");
  await page.locator(".reading pre", { hasText: "3s" }).waitFor();
}, { prepare: first("python", reader(HANGS)) }));

test("a download can be cancelled, and another one comes", () => on(async (page) => {
  await page.click("#share");
  await page.click("#download-trace");
  await page.waitForSelector("#download-svg:disabled");
  await page.click("dialog .working button");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download-svg")]);
  assert.equal(download.suggestedFilename(), "schedule.svg");
  await page.waitForSelector("dialog .working", { state: "detached" });
}, { prepare: first("files", HANGS) }));

test("a trace that takes too long to open can be cancelled, and another one opens", () => on(async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "loopscope-traces-"));
  const file = join(folder, "mine.json");
  writeFileSync(file, JSON.stringify({ traceEvents: [{ ph: "X", pid: 1, tid: 1, ts: 0, dur: 5, name: "f" }], viztracer_metadata: {} }));
  try {
    await look(page, "proof");
    await page.setInputFiles("#trace-file", file);
    await page.getByText("Opening mine.json").waitFor();
    await page.click("#opening button");
    await page.waitForSelector("#opening", { state: "detached" });
    await page.waitForSelector("#trace-file");
    await page.setInputFiles("#trace-file", file);
    await page.waitForSelector("#opened, .trouble[data-code=file]");
    assert.equal(await page.locator("#opening").count(), 0);
    await settled(page);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, { prepare: first("proof", "if (!data.some((part) => part instanceof File)) sound({ data });") }));
