// The clock of the benchmarks, which compares the page with libraries that draw at other times.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instruments, median } from "../../benches/browser/measure.mjs";
import { launch } from "./site.mjs";

const WORK_MS = 5;

/** The median of frames that do `WORK_MS` of work: at once, or in the frame after that. */
async function timed(page, isPutOff) {
  return median(await page.evaluate(([work, isPutOff]) => {
    const draw = () => {
      const end = performance.now() + work;
      while (performance.now() < end);
    };
    return frames(9, () => isPutOff ? requestAnimationFrame(draw) : draw());
  }, [WORK_MS, isPutOff]));
}

test("the time of a frame counts drawing that waits for the next frame", async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.addInitScript(instruments);
    await page.goto("data:text/html,frames");
    for (const isPutOff of [false, true]) {
      const found = await timed(page, isPutOff);
      assert.ok(found >= WORK_MS, `${isPutOff ? "later" : "at once"}: ${found} ms`);
    }
  } finally {
    await browser.close();
  }
});
