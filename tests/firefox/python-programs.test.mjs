// Every program of python/tests/programs in the page's Python, in Firefox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../e2e/site.mjs";
import { isAsExpected, nativePrograms, told } from "../pyodide/programs.mjs";
import { Firefox } from "./driver.mjs";

/** Programs that the page gets at once; it runs one after another. */
const BATCH = 20;

let firefox;
let site;
before(async () => {
  site = await serve();
  firefox = await Firefox.start();
  // Python starts in some seconds, on a busy machine in many.
  firefox.patience_ms = 120_000;
});
after(async () => {
  await firefox?.end();
  await site?.close();
});

/** Loads the module of the page's Python (www/python), as the page does at the first run. */
async function use() {
  await firefox.run(() => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = document.querySelector("meta[name=loopscope-runtime]").content;
    document.head.append(script);
  });
  await firefox.until(() => window.loopscopePython !== undefined);
}

test("every program does the same as natively, one after another in one page", { timeout: 300_000 }, async (context) => {
  const programs = await nativePrograms();
  assert.ok(programs.length > 200);
  await firefox.open(site.address);
  await firefox.until(() => document.querySelector("main[data-phase=settled]") !== null);
  await use();
  for (let first = 0; first < programs.length; first += BATCH) {
    const batch = programs.slice(first, first + BATCH);
    await firefox.run((batch) => {
      window.outcomes = undefined;
      (async () => {
        const outcomes = [];
        for (const { source, options } of batch) {
          try {
            const { result, trace } = await window.loopscopePython.run(source, { real_seconds: 60, ...options });
            outcomes.push({ ...JSON.parse(result), schema: JSON.parse(trace)?.schema ?? null });
          } catch ({ code, message }) {
            outcomes.push(code === "refused" ? { refused: message } : { refused: `${code}: ${message}` });
          }
        }
        window.outcomes = outcomes;
      })();
    }, batch.map(({ source, options }) => ({ source, options })));
    const outcomes = await firefox.until(() => window.outcomes);
    for (const [index, program] of batch.entries()) {
      const found = outcomes[index];
      if (isAsExpected(program, found)) continue;
      await context.test(program.name, () => assert.deepEqual(told(found), told(program.result), found.words));
    }
  }
});
