// FastAPI programs on the Python side: the load bar, the totals, and a page without FastAPI.

import assert from "node:assert/strict";
import { test } from "node:test";
import { own, requests, strip, suiteOnPython, type } from "./python-side.mjs";
import { hasFastApi, totalBecomes } from "./site.mjs";

const on = suiteOnPython();

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
  await totalBecomes(page, "16min 40 s");
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
