// The tour for first-time visitors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { suite } from "./site.mjs";

const on = suite();
const FIRST = { isFirstUse: true };
const stop = (page) => page.getAttribute("#tour", "data-stop");
const PARTS = ["#script-card", ".plot", ".transport", ".insight"];
/** Waits until exactly these parts are framed and in view, e.g. after scrolling. */
const framed = (page, ...expected) => page.waitForFunction(([selectors, expected]) => {
  const lit = selectors.filter((selector) => getComputedStyle(document.querySelector(selector)).outlineStyle === "solid");
  const isInView = (selector) => {
    const place = document.querySelector(selector).getBoundingClientRect();
    return place.top < innerHeight && place.bottom > 0;
  };
  return lit.join() === expected.join() && lit.every(isInView);
}, [PARTS, expected]);

for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
  test(`four steps frame four parts of the page, ${viewport.width} px wide`, async () => {
    await on(async (page) => {
      await page.click("#tour-start");
      for (const [place, name] of ["script", "chart", "time", "why"].entries()) {
        await page.waitForSelector(`#tour[data-stop=${name}]`);
        await framed(page, PARTS[place]);
        assert.equal(await page.evaluate(() => document.activeElement.id), "tour-next");
        await page.keyboard.press("Enter");
      }
      await page.waitForSelector("#tour", { state: "detached" });
      await framed(page);
    }, { ...FIRST, viewport });
  });
}

test("it can be left at once, in the middle and by a key, and is not offered again", async () => {
  for (const leave of [
    (page) => page.click("#tour-leave"),
    async (page) => {
      await page.click("#tour-start");
      await page.click("#tour-next");
      await page.click("#tour-leave");
    },
    async (page) => {
      await page.click("#tour-start");
      await page.keyboard.press("Escape");
    },
  ]) {
    await on(async (page, context, address) => {
      await leave(page);
      await page.waitForSelector("#tour", { state: "detached" });
      await page.goto(address);
      await page.waitForSelector("#total");
      assert.equal(await page.locator("#tour").count(), 0);
    }, FIRST);
  }
});

test("one can go back, and take it again from the help", async () => {
  await on(async (page) => {
    await page.click("#help");
    await page.click("#tour-again");
    await page.click("#tour-next");
    assert.equal(await stop(page), "chart");
    await page.getByRole("button", { name: "Back", exact: true }).click();
    assert.equal(await stop(page), "script");
    assert.equal(await page.getByRole("button", { name: "Back", exact: true }).count(), 0);
  });
});

test("it speaks Korean", async () => {
  await on(async (page) => {
    await page.click("#tour-start");
    assert.match(await page.textContent("#tour-title"), /태스크/);
  }, { ...FIRST, locale: "ko-KR" });
});
