// axe-core on the built page: light, dark, English, Korean, every dialog and state.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { settled, suite, write } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const on = suite();

/** Each state of the page, and how one gets there. */
const STATES = [
  ["the page", settled],
  ["a lesson", async (page) => {
    await page.click("#lessons");
    await page.locator("[data-lesson]").nth(5).click();
    await settled(page);
  }],
  ["a script with errors", async (page) => {
    await write(page, "a: awiat 3\n");
    await page.waitForSelector(".problems .error");
  }],
  ["a cancelled run", async (page) => {
    await write(page, "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n");
    await page.click("#cancel");
    await page.waitForSelector("#run-again");
  }],
  ["findings, and why a bar waits", async (page) => {
    await page.waitForSelector(".finding");
    await page.click("#as-table summary");
    await page.locator("#as-table tbody tr").nth(3).click();
    await page.waitForSelector("#why");
  }],
  ["placements", async (page) => {
    await page.click("#tab-compare");
    await page.waitForSelector(".placements");
  }],
  ["a sweep", async (page) => {
    await page.click("#tab-sweep");
    await page.fill("#vary", "run 1..9");
    await page.click("#sweep");
    await page.waitForSelector(".points");
  }],
  ["lessons", (page) => page.click("#lessons")],
  ["sharing", (page) => page.click("#share")],
  ["Python in", async (page) => {
    // On a phone the script comes up when it is asked for.
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.click("#from-python");
    await page.fill("#python", "import time\nasync def main():\n    time.sleep(3)\n    await other()\n");
    await page.waitForSelector(".reading");
  }],
  ["help", (page) => page.click("#help")],
  ["the tour", async (page) => {
    await page.click("#help");
    await page.click("#tour-again");
    await page.click("#tour-next");
  }],
];

async function violations(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary.split("\n")[1]?.trim() ?? ""}`).slice(0, 4).join(" | ")}`);
}

/** Each pair of a size, a scheme and a language occurs; `make test-long` asks for all eight. */
const EVERY = ["wide light en-US", "wide dark ko-KR", "phone light ko-KR", "phone dark en-US", "wide light ko-KR", "wide dark en-US", "phone light en-US", "phone dark ko-KR"];

for (const way of EVERY.slice(0, process.env.LOOPSCOPE_EVERY ? EVERY.length : 4)) {
  const [size, colorScheme, locale] = way.split(" ");
  const width = { wide: 1280, phone: 360 }[size];
  test(`no violations: ${way}`, async () => {
    for (const [state, reach] of STATES) {
      // On a phone the script is behind a button; the states that need it are looked at on the wide page.
      if (size === "phone" && reach.toString().includes("write(")) continue;
      // axe is put in by the test, which the page's own policy would refuse.
      await on(async (page) => {
        await reach(page);
        await page.evaluate(axe);
        assert.deepEqual(await violations(page), [], state);
      }, { colorScheme, locale, bypassCSP: true, reducedMotion: "reduce", viewport: { width, height: 800 } });
    }
  });
}
