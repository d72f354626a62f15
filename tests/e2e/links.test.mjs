// Share links: they restore what was shared, and their content can do no harm.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { link, open, openDraft, ready, script, settled, simulate, suite, total, totalBecomes } from "./site.mjs";

const on = suite();

test("a link gives back script, rows, cursor and language, Korean names too", () => on(async (page, context) => {
  await simulate(page, "파스타: cpu 3초 -> await 5초\n토스트: cpu 6초\n", "9s");
  await page.locator("#scrub").focus();
  await page.keyboard.press("Home");
  await page.click("#step-on");
  await page.click("#language");
  const now = await page.textContent("#now");
  await page.getByRole("button", { name: "스레드별" }).click();
  await page.click("#share");
  const address = await page.inputValue("#share-link");
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/some\/where\/#v\d+\.[\w.-]+$/, "safe anywhere");
  const other = await open(context, address);
  await ready(other);
  await totalBecomes(other, "9s");
  assert.match(await script(other), /파스타: cpu 3초 -> await 5초/);
  assert.equal(await other.getAttribute("html", "lang"), "ko");
  assert.equal(await other.getByRole("button", { name: "스레드별" }).getAttribute("aria-pressed"), "true");
  assert.equal(await other.textContent("#now"), now);
  assert.deepEqual(other.complaints, []);
}));

test("a link that is opened on the open page replaces the script, which can be had back", () => on(async (page) => {
  await simulate(page, "mine: await 42\n", "42s");
  await page.evaluate((fragment) => { location.hash = fragment; }, link({ script: "theirs: await 7\n" }));
  await totalBecomes(page, "7s");
  await openDraft(page, "mine");
  await totalBecomes(page, "42s");
}));

test("a good link takes the notice of a damaged one away", () => on(async (page) => {
  assert.match(await page.textContent("#notice"), /damaged/);
  await page.evaluate((fragment) => { location.hash = fragment; }, link({ script: "theirs: await 7\n" }));
  await totalBecomes(page, "7s");
  assert.equal(await page.locator("#notice").count(), 0);
}, { fragment: "#v1.%00%ff!!" }));

const noise = randomBytes(3000).toString("base64url");

for (const [name, fragment, says] of [
  ["of a future version", "#v99.abc", /version 99/],
  ["of noise", "#v1.%00%ff!!", /damaged/],
  ["of well-formed noise", `#v1.${noise}`, /damaged/],
  ["cut short", link({ script: "a: await 1" }).slice(0, 20), /damaged/],
  ["of JSON that is something else", link("[1, 2, 3]"), /damaged/],
  ["that is a deflate bomb", link(`{"script":"${" ".repeat(40_000_000)}"}`), /KiB/],
  ["that is half a megabyte long", `#v1.${"A".repeat(500_000)}`, /KiB/],
  ["that is no link", "#lesson", /not a share link/],
]) {
  test(`a link ${name} is refused in words, and the page goes on`, () => on(async (page) => {
    assert.match(await page.textContent("#notice"), says);
    assert.equal(await total(page), "12s");
    await simulate(page, "a: await 5\n", "5s");
  }, { fragment }));
}

test("a link with a million million tasks costs nothing and keeps its text", () => on(async (page) => {
  await page.waitForSelector(".problems .error");
  assert.match(await page.textContent(".problems"), /2[,_]?000[,_]?000/);
  assert.match(await script(page), /run 1000000000000 a/);
  await simulate(page, "a: await 5\n", "5s");
}, { fragment: link({ script: "a: cpu 1\nrun 1000000000000 a\n" }), waitFor: (page) => page.waitForSelector("main[data-phase=faulty]") }));

test("a link with strange fields opens as far as they make sense", () => on(async (page) => {
  await settled(page);
  assert.equal(await total(page), "1s");
  assert.equal(await page.getAttribute("html", "lang"), "en");
}, { fragment: link({ script: "a: await 1\n", at_ns: 2 ** 53, language: "tlh", lane: "</script>", by_thread: true }) }));

test("a script in a link is shown as text, whatever it says", () => on(async (page) => {
  await page.waitForSelector("main[data-phase=faulty]");
  assert.match(await script(page), /<img src=x/);
  assert.equal(await page.evaluate(() => globalThis.hurt), undefined);
}, { fragment: link({ script: "<img src=x onerror='hurt=1'><script>hurt=1</script>: await 1\n" }), waitFor: (page) => page.waitForSelector(".editor-host:not([hidden])", { state: "attached" }) }));

test("a companion's code is taken out of the address, sent nowhere from a page elsewhere, and no bad link", () => on(async (page) => {
  assert.equal(await page.evaluate(() => location.hash), "");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.equal(await page.locator("#notice").count(), 0);
}, { fragment: "#c=c0ffee" }));
