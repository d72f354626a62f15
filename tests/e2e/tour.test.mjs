// The tour for whoever is here for the first time.

import assert from "node:assert/strict";
import { test } from "node:test";
import { suite } from "./site.mjs";

const on = suite();
const FIRST = { isFirstUse: true };
const stop = (page) => page.getAttribute("#tour", "data-stop");
/** The part that is framed, and whether it is in view beside the card. */
const framed = (page) => page.evaluate(() => {
  const parts = ["#script-card", ".view", ".transport", ".insight"].map((selector) => document.querySelector(selector));
  const lit = parts.filter((part) => part && getComputedStyle(part).outlineStyle === "solid");
  const place = lit[0]?.getBoundingClientRect();
  return { which: parts.indexOf(lit[0]), count: lit.length, isInView: place && place.top < innerHeight && place.bottom > 0 };
});

for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
  test(`four steps frame four parts of the page, ${viewport.width} px wide`, async () => {
    await on(async (page) => {
      await page.click("#tour-start");
      for (const [place, name] of ["script", "chart", "time", "why"].entries()) {
        await page.waitForSelector(`#tour[data-stop=${name}]`);
        assert.deepEqual(await framed(page), { which: place, count: 1, isInView: true });
        assert.equal(await page.evaluate(() => document.activeElement.id), "tour-next");
        await page.keyboard.press("Enter");
      }
      await page.waitForSelector("#tour", { state: "detached" });
      assert.equal((await framed(page)).count, 0);
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
