// axe-core on the built page: light, dark, English, Korean, every dialog.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, open, ready, serve } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site;
let browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "ko-KR"]) {
    for (const [view, width, act] of [
      ["the page", 1280, () => {}],
      ["on a phone", 360, () => {}],
      ["lessons", 1280, (page) => page.click("#lessons")],
      ["sharing", 1280, (page) => page.click("#share")],
      ["help", 1280, (page) => page.click("#help")],
    ]) {
      test(`no violations: ${view}, ${colorScheme}, ${locale}`, async () => {
        // axe is put in by the test, which the page's own policy would refuse.
        const context = await browser.newContext({ colorScheme, locale, bypassCSP: true, reducedMotion: "reduce", viewport: { width, height: 800 } });
        const page = await open(context, site.address);
        await ready(page);
        await act(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary.split("\n")[1]?.trim() ?? ""}`).slice(0, 4).join(" | ")}`);
        assert.deepEqual(found, []);
        await context.close();
      });
    }
  }
}
