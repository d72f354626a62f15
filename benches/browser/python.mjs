// Measures Python in the page: its download, its start, and runs, also with FastAPI.
//
// `node benches/browser/python.mjs` writes its section of docs/benchmarks.md; `make bench` runs it.

import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { launch, ready, serve } from "../../tests/e2e/site.mjs";
import { median } from "./measure.mjs";

const ROUNDS = 5;
const SMALL = "import asyncio\nasync def f():\n    await asyncio.sleep(1)\n    print('done')\nasyncio.run(f())\n";
const MANY = `import asyncio
async def f():
    await asyncio.sleep(1)
    await asyncio.sleep(1)
async def main():
    await asyncio.gather(*[f() for _ in range(10_000)])
asyncio.run(main())
`;
/** The tutorial's ping: 100 requests on 40 threads. */
const APP = `import time
from fastapi import FastAPI
# run 100 GET /ping
app = FastAPI()
@app.get("/ping")
def ping():
    time.sleep(10)
    return "pong"
`;

const site = await serve();
const browser = await launch();
const context = await browser.newContext();
const page = await context.newPage();
page.setDefaultTimeout(120_000);
await page.goto(site.address);
await ready(page);

/** Milliseconds from asking for the module to the first result, and of later runs. */
const measure = (programs) => page.evaluate(async ([first, ...later]) => {
  const timed = async (act) => {
    const begin = performance.now();
    await act();
    return performance.now() - begin;
  };
  const run = (source) => timed(async () => {
    const { result } = await window.loopscopePython.run(source, { real_seconds: 60 });
    if (JSON.parse(result).ending !== "finished") throw new Error(result);
  });
  const { content } = document.querySelector("meta[name=loopscope-runtime]");
  const times = [await timed(async () => {
    await import(new URL(content, document.baseURI));
    await run(first);
  })];
  for (const source of later) {
    // A run waits for the memory that is put back after the one before, as it would for a person.
    await new Promise((done) => setTimeout(done, 500));
    times.push(await run(source));
  }
  return times;
}, programs);

/** The first visit, and the medians of later ones, for which the files are in the browser's cache. */
async function visits(programs) {
  const cold = await measure(programs);
  const warm = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.reload();
    await ready(page);
    warm.push(await measure(programs));
  }
  return { cold, warm: cold.map((_, index) => median(warm.map((times) => times[index]))) };
}

const folder = fileURLToPath(new URL("../../dist/python/", import.meta.url));
const sizes = readdirSync(folder).map((name) => [name.split("-")[0], statSync(folder + name).size]);
const own = sizes.filter(([name]) => name !== "fastapi");
// Where PyPI could not be reached, the page was built without it.
const hasFastApi = own.length < sizes.length;

const asyncio = await visits([SMALL, SMALL, MANY]);
await page.reload();
await ready(page);
const fastapi = hasFastApi && await visits([APP, APP]);
await browser.close();
await site.close();

const sum = (files) => files.reduce((all, [, size]) => all + size, 0);
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const ms = (value) => `${Math.round(value).toLocaleString("en-US")} ms`;
const fastapiRows = hasFastApi ? `| FastAPI: download, beside the above | ${mb(sum(sizes) - sum(own))} | 2.6 MB |
| from the click to the first result of a FastAPI app, the first visit with one | ${ms(fastapi.cold[0])} | |
| the same from the cache: Python's start, \`import fastapi\`, 100 requests | ${ms(fastapi.warm[0])} | |
| a later run of the app | ${ms(fastapi.warm[1])} | |
` : "| FastAPI: not in this build | | |\n";
const report = `## Python in the page

\`make bench\` (\`node benches/browser/python.mjs\`), ${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores. Medians of ${ROUNDS} visits.

| | | aim |
| --- | --- | --- |
| download, all of it | ${mb(sum(own))} | 4.8 MB |
| ${own.map(([name, size]) => `${name} ${mb(size)}`).join(", ")} | | |
| from the click to the first result, first visit, from this machine | ${ms(asyncio.cold[0])} | |
| the same from the cache | ${ms(asyncio.warm[0])} | 2.5 s |
| a later run of a small program | ${ms(asyncio.warm[1])} | 50 ms |
| 10,000 tasks of two sleeps, with their trace | ${ms(asyncio.warm[2])} | 1 s |
${fastapiRows}`;
console.log(report);
const place = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const others = readFileSync(place, "utf8").split("\n## ").filter((part) => !part.startsWith("Python in the page\n"));
writeFileSync(place, `${others.join("\n## ").trimEnd()}\n\n${report}`);
