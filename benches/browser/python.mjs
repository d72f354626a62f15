// Measures Python in the page: its download, its start, and runs.
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

const site = await serve();
const browser = await launch();
const context = await browser.newContext();
const page = await context.newPage();
page.setDefaultTimeout(120_000);
await page.goto(site.address);
await ready(page);

/** Milliseconds from asking for the module to the first result, and of two runs after it. */
const measure = () => page.evaluate(async ([small, many]) => {
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
  const first = await timed(async () => {
    await import(new URL(content, document.baseURI));
    await run(small);
  });
  // The next run waits for the memory that is put back after the one before, as it would for a person.
  await new Promise((done) => setTimeout(done, 500));
  return { first, later: await run(small), many: await run(many) };
}, [SMALL, MANY]);

const cold = await measure();
const warm = [];
for (let round = 0; round < ROUNDS; round++) {
  await page.reload();
  await ready(page);
  warm.push(await measure());
}
await browser.close();
await site.close();

const folder = fileURLToPath(new URL("../../dist/python/", import.meta.url));
const files = readdirSync(folder).map((name) => [name.split("-")[0], statSync(folder + name).size]);
const download = (parts) => `${mb(parts.reduce((sum, [, size]) => sum + size, 0))} (${parts.map(([name, size]) => `${name} ${mb(size)}`).join(", ")})`;
const mb = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
const ms = (value) => `${Math.round(value).toLocaleString("en-US")} ms`;
const of = (name) => ms(median(warm.map((found) => found[name])));
const report = `## Python in the page

\`make bench\` (\`node benches/browser/python.mjs\`), ${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores. Medians of ${ROUNDS} visits.

| | | aim |
| --- | --- | --- |
| download for asyncio | ${download(files.filter(([name]) => name !== "fastapi"))} | 4.8 MB |
| download with the first program that imports FastAPI | ${download(files.filter(([name]) => name === "fastapi"))} | 2.6 MB |
| from the click to the first result, first visit, from this machine | ${ms(cold.first)} | |
| the same from the cache | ${of("first")} | 2.5 s |
| a later run of a small program | ${of("later")} | 50 ms |
| 10,000 tasks of two sleeps, with their trace | ${of("many")} | 1 s |
`;
console.log(report);
const place = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const others = readFileSync(place, "utf8").split("\n## ").filter((part) => !part.startsWith("Python in the page\n"));
writeFileSync(place, `${others.join("\n## ").trimEnd()}\n\n${report}`);
