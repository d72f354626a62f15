// The size of labs on course pages: how high they are, and that nothing moves when they appear.

import assert from "node:assert/strict";
import { test } from "node:test";
import { element, heard, inside, lab, on } from "./host.mjs";

const KITCHEN = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n";
const PINGS = "async def ping:\n    block 1s\nrun 100 ping\nexpect total 100s\n";
const POOL = "pool 40\ndef ping:\n    block 1s\n\nrun 100 ping\n";
const GROUP = "async def page:\n    cpu 100ms\n    gather query, 3 image\nquery: await 2s\nimage: await 1s\nrun 2 page\n";
/** A column of this width, as a course has it. */
const column = (width, labs) => `<style>body { margin: 16px }</style><div style="max-width:${width}px;margin:auto">${labs}</div>`;
const BLOG = { width: 700, viewport: { width: 760, height: 900 } };
const PHONE = { width: 358, viewport: { width: 390, height: 844 } };
const WIDE = { width: 1000, viewport: { width: 1440, height: 900 } };
/** Remembers the height of the lab as soon as the element is defined. */
const noted = `<script>globalThis.first = document.querySelector("loopscope-lab").offsetHeight</script>`;

/** Checks the height of a lab in a column, and that the page keeps it free from the beginning. */
function check(place, name, script, most, attributes = "", lang = "en") {
  test(`${name} in ${place.width} px: at most ${most} px, from the beginning, ${lang} ${attributes}`, () => {
    return on(column(place.width, `<div lang="${lang}">${lab(attributes, script)}</div>`) + element() + noted, async (page) => {
      await heard(page, "result");
      await page.locator("loopscope-lab pre").waitFor({ state: "hidden" });
      const frame = inside(page);
      // The editor is the last part to arrive, and may change the height.
      if (!/panes/.test(attributes)) await frame.waitForSelector(".editor-host:not([hidden])");
      const { first, now } = await page.evaluate(() => ({ first: globalThis.first, now: document.querySelector("loopscope-lab").offsetHeight }));
      const needed = await frame.evaluate(() => document.body.getBoundingClientRect().height);
      assert.deepEqual({ now, isEnough: needed <= first }, { now: first, isEnough: true }, `${first} px are kept free, ${needed} px needed`);
      assert.ok(first <= most, `${first} px`);
      assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is cut off");
    }, { options: { context: { viewport: place.viewport } } });
  });
}

for (const lang of ["en", "ko"]) {
  check(BLOG, "two tasks", KITCHEN, 480, "", lang);
  check(BLOG, "a hundred requests", PINGS, 640, "", lang);
  check(PHONE, "two tasks", KITCHEN, 760, "", lang);
  check(PHONE, "a hundred requests", PINGS, 760, "", lang);
  check(PHONE, "an exercise", POOL, 760, 'goal="under 2 s with at most 40 threads"', lang);
}
check(BLOG, "a goal", KITCHEN, 540, 'goal="under 8 s"');
check(BLOG, "a guess", KITCHEN, 480, 'guess="total"');
check(BLOG, "only a chart", PINGS, 480, 'panes="chart"');
check(BLOG, "tasks that start others", GROUP, 760);
check(WIDE, "two tasks", KITCHEN, 480);
check(WIDE, "a hundred requests", PINGS, 640);

/** Sum of the page's layout shifts, as the browser counts them. */
const shifts = () => {
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.shifted += entry.value;
  }).observe({ type: "layout-shift" });
};

test("nothing moves while a reader scrolls through twenty-five labs", () => {
  const kinds = [["", KITCHEN], ["", PINGS], ['goal="under 2 s"', POOL], ['guess="total"', KITCHEN], ["", GROUP]];
  const text = "<p>This paragraph explains the lab below, and has some lines of text.</p>".repeat(4);
  const labs = Array.from({ length: 25 }, (_, at) => text + lab(`id="lab${at}" ${kinds[at % kinds.length][0]}`, kinds[at % kinds.length][1])).join("");
  return on(column(BLOG.width, labs) + element(), async (page) => {
    // When the element becomes known, labs take the height that they will have.
    await page.evaluate(shifts);
    for (let at = 0; at < 25; at++) {
      await page.locator(`#lab${at}`).scrollIntoViewIfNeeded();
      await page.locator(`#lab${at} pre`).waitFor({ state: "hidden" });
    }
    const shifted = await page.evaluate(() => globalThis.shifted);
    assert.ok(shifted < 0.1, `${shifted} in total`);
  }, { options: { context: { viewport: BLOG.viewport } } });
});

test("labs far away that were not used are unloaded, and load again", () => {
  const labs = Array.from({ length: 12 }, (_, at) => `${lab(`id="lab${at}"`, KITCHEN)}<div style="height:600px"></div>`).join("");
  return on(column(BLOG.width, labs) + element(), async (page) => {
    const show = async (at) => {
      await page.locator(`#lab${at}`).scrollIntoViewIfNeeded();
      await page.locator(`#lab${at} pre`).waitFor({ state: "hidden" });
    };
    const height = () => page.evaluate(() => document.documentElement.scrollHeight);
    const before = await height();
    await show(0);
    await inside(page).locator("#play").click();
    for (let at = 1; at < 12; at++) await show(at);
    const isLoaded = (at) => page.locator(`#lab${at} pre`).isHidden();
    assert.ok(page.frames().length <= 10, `${page.frames().length} frames`);
    assert.deepEqual([await isLoaded(0), await isLoaded(1), await isLoaded(11)], [true, false, true], "the first one was used");
    assert.equal(await height(), before);
    await show(1);
  }, { options: { context: { viewport: BLOG.viewport } } });
});
