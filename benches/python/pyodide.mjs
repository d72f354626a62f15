// The page's Python in Node: 10,000 tasks of two sleeps, with their trace, without a browser.
//
// `node benches/python/pyodide.mjs`. The time is CPU time of this process; the best of 7 runs.

import { startPython } from "../../tests/pyodide/python.mjs";

const ROUNDS = 7;
const MANY = `import asyncio
async def f():
    await asyncio.sleep(1)
    await asyncio.sleep(1)
async def main():
    await asyncio.gather(*[f() for _ in range(10_000)])
asyncio.run(main())
`;

const python = await startPython();
const times = [];
for (let round = 0; round < ROUNDS; round++) {
  const begin = process.cpuUsage();
  const { result } = python.run(MANY, JSON.stringify({ real_seconds: 60 }));
  const { user, system } = process.cpuUsage(begin);
  if (JSON.parse(result).ending !== "finished") throw new Error(result);
  times.push(Math.round((user + system) / 1000));
  python.reset();
}
console.log(`Python ${python.python}: ${Math.min(...times)} ms (${times.join(", ")})`);
