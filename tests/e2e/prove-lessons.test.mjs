// Every lesson that needs one loop only is proved on the page's own Python.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { look, settled, suite, write } from "./site.mjs";

const on = suite();

const LESSONS = fileURLToPath(new URL("../../crates/lessons/course/", import.meta.url));

test("every lesson that needs one loop only is proved", { timeout: 280_000 }, () => on(async (page) => {
  await write(page, "a: await 1\n");
  await settled(page);
  await look(page, "proof");
  await page.click("#prove-here:enabled");
  await page.waitForSelector(".python-proof [data-code=same]", { timeout: 120_000 });
  let count = 0;
  for (const file of readdirSync(LESSONS).filter((name) => name.endsWith(".loop"))) {
    // In between there is nothing to prove, so what the panel shows afterwards is of the lesson.
    await write(page, "a: awiat 1\n");
    await page.waitForSelector("#prove-here:disabled");
    await write(page, readFileSync(LESSONS + file, "utf8"));
    await settled(page);
    await page.waitForSelector(".python-proof :is(#prove-here:enabled, [data-code=unprovable])");
    if (await page.isVisible(".python-proof [data-code=unprovable]")) {
      assert.match(await page.textContent(".python-proof"), /Line \d+ .*(thread|process|job)|several server/, file);
      continue;
    }
    // By itself, after a pause.
    await page.waitForSelector(".python-proof :is([data-code], .trouble)", { timeout: 60_000 });
    const said = await page.textContent(".python-proof [data-code]");
    const [, agreeing, events] = /^✓ (\d+) of (\d+) events as on CPython 3\.14\.\d+$/.exec(said) ?? assert.fail(`${file}: ${said}`);
    assert.equal(agreeing, events, file);
    count += 1;
  }
  assert.ok(count > 20, `${count}`);
}));
