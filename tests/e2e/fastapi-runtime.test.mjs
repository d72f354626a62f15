// FastAPI as a part of the page's Python (www/python): downloaded for the programs that import it,
// kept, and missed in words.
//
// `python-fastapi.test.mjs` uses it by the page's own buttons.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SLEEPS, run, use } from "./python-runtime.mjs";
import { requests } from "./python-side.mjs";
import { ready, suite } from "./site.mjs";

const on = suite();

/** FastAPI's part; a build that could not get it has none. */
const hasFastApi = (page) => page.evaluate(async () => (await window.loopscopePython.load({ fastapi: true }).catch(({ code }) => ({ code }))).code !== "no-fastapi");

const APP = (define, wait) => `import asyncio, time
from fastapi import FastAPI

app = FastAPI()

@app.get("/ping")
${define} ping():
    ${wait}
    return {"ping": "pong"}
`;
const HUNDRED = { requests: ["100 GET /ping"] };

/** Runs a program with 100 requests, which take this long. */
async function serves(page, define, wait, seconds) {
  const found = await run(page, APP(define, wait), HUNDRED);
  assert.deepEqual([found.ending, found.total_ns, found.responses?.length], ["finished", seconds * 1e9, 100], found.words ?? found.message);
  assert.ok(found.responses.every(({ route, status }) => route === "GET /ping" && status === 200));
  assert.equal(found.trace.schema, "loopscope.trace/1");
}

test("FastAPI is downloaded for a program that imports it, and serves 100 requests in 1000, 30 and 10 s", (context) => {
  let answer = (route) => route.continue();
  return on(async (page) => {
    await use(page);
    const asked = requests(page);
    assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
    assert.ok(!asked.includes("fastapi"), "a program without it needs no FastAPI");
    answer = (route) => route.abort();
    if (!await hasFastApi(page)) return context.skip("this build has no FastAPI");
    const missing = await run(page, APP("async def", "time.sleep(10)"), HUNDRED);
    assert.deepEqual([missing.rejected, /^fastapi-/.test(missing.message)], ["offline", true]);
    answer = (route) => route.fulfill({ body: "changed" });
    assert.equal((await run(page, APP("def", "time.sleep(10)"), HUNDRED)).rejected, "damaged");
    // Python itself was not lost.
    assert.equal((await run(page, SLEEPS(3))).total_ns, 3e9);
    answer = (route) => route.continue();
    await serves(page, "async def", "time.sleep(10)", 1000);
    await serves(page, "def", "time.sleep(10)", 30);
    await serves(page, "async def", "await asyncio.sleep(10)", 10);
    assert.equal((await run(page, SLEEPS(4))).total_ns, 4e9);
    // A new interpreter has it, too.
    const endless = run(page, "import itertools\nsum(itertools.repeat(0))\n");
    await page.waitForFunction(() => window.loopscopePython.state === "running");
    await page.evaluate(() => window.loopscopePython.cancel());
    assert.equal((await endless).rejected, "AbortError");
    await serves(page, "def", "time.sleep(10)", 30);
  }, { prepare: (browser) => browser.route(/python\/fastapi-/, (route) => answer(route)), complaints: [/Failed to load resource|ERR_FAILED/] });
});

test("FastAPI is kept: the next visit needs no network for it", (context) => on(async (page, browser) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await use(page);
  if (!await hasFastApi(page)) return context.skip("this build has no FastAPI");
  await page.waitForFunction(async () => (await (await caches.open("loopscope.python")).keys()).length === 7);
  await browser.setOffline(true);
  await page.reload();
  await ready(page);
  await use(page);
  await serves(page, "async def", "await asyncio.sleep(10)", 10);
}, { serviceWorkers: "allow" }));
