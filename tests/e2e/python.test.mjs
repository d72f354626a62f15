// The part that reads Python: loaded when it is asked for, under the page's own policy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { settled, simulate, suite } from "./site.mjs";

const on = suite();
const PING = "import time\n\n@app.get('/ping')\nasync def ping():\n    time.sleep(2)\n";

/** What the part makes of a program. */
const read = (page, source, language) => page.evaluate(async ([source, language]) => {
  const name = document.querySelector("meta[name=loopscope-python]").content;
  await import(new URL(name, document.baseURI).href);
  return JSON.parse(window.loopscopePython.read(source, language));
}, [source, language]);

test("a handler becomes a script that the page simulates", () => on(async (page) => {
  await settled(page);
  assert.equal(await page.evaluate(() => typeof window.loopscopePython), "undefined");
  const reading = await read(page, PING, "ko");
  assert.equal(reading.script, "async def ping: block 2s\n\nrun 3 ping\n");
  assert.match(reading.notes[0].text, /요청이 몇 개/);
  await simulate(page, reading.script, "6s");
}));

test("what is nested too deeply is said, and reading goes on", () => on(async (page) => {
  const deep = `x = ${"(".repeat(50_000)}1${")".repeat(50_000)}\n`;
  const shallow = await read(page, `${deep}${PING}`, "en");
  assert.match(shallow.notes[0].text, /cannot be read/);
  assert.match(shallow.script, /run 3 ping/);
  const chain = Array.from({ length: 3_000 }, (_, n) => `async def f${n}():\n    await f${n + 1}()\n`).join("");
  assert.match((await read(page, `${chain}\nawait f0()\n`, "en")).script, /^async def f0/);
}));
