// Runs axe-core on each state of the built page, in both colour schemes and languages, at one size.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { link, look, settled, suite, totalBecomes, write } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The states of the page, each with the actions that lead to it. */
const STATES = [
  ["the page", settled],
  ["the question of a lesson", async (page) => {
    await page.click("#lessons");
    await page.locator("[data-lesson]").nth(5).click();
    await page.waitForSelector(".answer-button");
  }],
  ["a lesson after a wrong guess", async (page) => {
    await page.click("#lessons");
    await page.click("[data-lesson=three-requests]");
    await page.locator(".answer-button").first().click();
    await settled(page);
  }],
  ["the cheat sheet", async (page) => {
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.click("#cheat-sheet");
    await page.waitForSelector(".cheats");
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
    await look(page, "numbers");
    await page.click("#as-table summary");
    await page.locator("#as-table tbody tr").nth(3).click();
    await page.waitForSelector("#why");
  }],
  ["strategies", async (page) => {
    await look(page, "compare");
    await page.waitForSelector(".strategies");
  }],
  ["a sweep", async (page) => {
    await look(page, "sweep");
    await page.fill("#vary", "run 1..9");
    await page.click("#sweep");
    await page.waitForSelector(".points");
  }],
  ["lessons", (page) => page.click("#lessons")],
  ["sharing", (page) => page.click("#share")],
  ["the Python side", async (page) => {
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.click("#side-python");
    await page.waitForSelector("#python-side .editor-host .cm-line");
  }],
  ["Python in", async (page) => {
    // On a phone the script is in a sheet that must be opened.
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.click("#side-python");
    await page.click("#from-python");
    await page.fill("#python", "import time\nasync def main():\n    time.sleep(3)\n    await other()\n");
    await page.waitForSelector(".reading");
  }],
  ["drafts", async (page) => {
    for (const seconds of [7, 8]) {
      await page.evaluate((fragment) => { location.hash = fragment; }, link({ script: `theirs: await ${seconds}\n` }));
      await totalBecomes(page, `${seconds}s`);
    }
    if (await page.isVisible("#sheet")) await page.click("#sheet");
    await page.click("#drafts");
    await page.waitForSelector(".draft");
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

/** One test per language. Each state is reached once and checked in both colour schemes. */
export function accessibleAt({ viewport, states = () => true }) {
  const on = suite();
  for (const locale of ["en-US", "ko-KR"]) {
    test(`no violations: ${viewport.width} px, ${locale}`, async () => {
      for (const [state, reach] of STATES.filter(states)) {
        // The test injects axe, which the page's content security policy would refuse
        // (`bypassCSP`).
        await on(async (page) => {
          await reach(page);
          await page.evaluate(axe);
          for (const colorScheme of ["light", "dark"]) {
            await page.emulateMedia({ colorScheme });
            await page.waitForSelector(`html[data-theme=${colorScheme}]`);
            assert.deepEqual(await violations(page), [], `${state}, ${colorScheme}`);
          }
        }, { locale, bypassCSP: true, reducedMotion: "reduce", viewport });
      }
    });
  }
}

/** Whether a state needs typing in the editor. */
export const isTyped = ([, reach]) => reach.toString().includes("write(");
