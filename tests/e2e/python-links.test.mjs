// Share links with a Python program: they bring back its text and its load bar, never run it, and
// take nothing of the reader's away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { own, program, programEditor, requests, strip, suiteOnPython, type } from "./python-side.mjs";
import { link, open, ready, settled, totalBecomes, write } from "./site.mjs";

const on = suiteOnPython();
const PROGRAM = "import asyncio\n\n\nasync def main():\n    await asyncio.sleep(3)\n    print(\"안녕\")\n\n\nasyncio.run(main())\n";
const APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/ping\")\ndef ping():\n    return {}\n\n\n@app.post(\"/items\")\ndef add():\n    return {}\n";
/** Longer than the pause after which an edited program runs. */
const PAUSE_MS = 1_500;

const shown = (page, text) => programEditor(page).getByText(text).first().waitFor();
const follow = (page, content) => page.evaluate((fragment) => { location.hash = fragment; }, link(content));
const stored = (page) => page.evaluate(() => localStorage.getItem("loopscope.program"));

async function shared(page) {
  await page.click("#share");
  const address = await page.inputValue("#share-link");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  return address;
}

test("a link brings the program back, which runs at a click and not before", () => on(async (page, context) => {
  await own(page, PROGRAM);
  const address = await shared(page);
  const other = await open(context, address);
  other.setDefaultTimeout(60_000);
  const asked = requests(other);
  await ready(other);
  await shown(other, "asyncio.sleep(3)");
  assert.equal(await other.getAttribute("#side-python", "aria-selected"), "true");
  assert.match(await other.innerText("#program-strip"), /CPython in this page, cut off from the network/);
  await other.waitForTimeout(PAUSE_MS);
  assert.deepEqual(asked, []);
  await other.click("#run-program");
  await strip(other, "Ended at 3");
  await totalBecomes(other, "3s");
  assert.match(await other.innerText(".program-output"), /안녕/);
  assert.deepEqual(other.complaints, []);
}));

test("a link has the load bar of the program", () => on(async (page, context) => {
  await own(page, APP);
  const field = (page, name) => page.locator(`#python-side .load [name=${name}]`);
  await field(page, "count").fill("7");
  await field(page, "path").fill("/items");
  const address = await shared(page);
  // On an open page, whose own program has another load.
  const other = await open(context, page.url().split("#")[0]);
  other.setDefaultTimeout(60_000);
  await ready(other);
  await other.click("#side-python");
  await field(other, "count").fill("9");
  await other.evaluate((address) => { location.hash = new URL(address).hash; }, address);
  await other.waitForFunction(() => document.querySelector("#python-side .editor-host")?.shadowRoot?.querySelector(".load [name=count]")?.value === "7");
  assert.deepEqual(await Promise.all(["count", "method", "path"].map((name) => field(other, name).inputValue())), ["7", "POST", "/items"]);
}));

test("a link to the script's program opens its side", () => on(async (page, context) => {
  await write(page, "a: await 4\n");
  await totalBecomes(page, "4s");
  await settled(page);
  await page.click("#side-python");
  await shown(page, "asyncio.sleep(4)");
  const other = await open(context, await shared(page));
  await ready(other);
  await shown(other, "asyncio.sleep(4)");
  await other.click("#side-script");
  await totalBecomes(other, "4s");
}));

test("a link that comes while a program is edited runs nothing, and the program is a draft", () => on(async (page) => {
  await own(page, "print('mine')\n");
  await page.click("#run-program");
  await page.locator(".program-output", { hasText: "mine" }).waitFor();
  await type(page, "import time; print('mine, edited')\n");
  await follow(page, { program: "print('theirs')\n" });
  await shown(page, "theirs");
  await page.waitForTimeout(PAUSE_MS);
  assert.equal(await page.locator(".program-output").count(), 0);
  await type(page, "print('theirs, edited')\n");
  await page.waitForTimeout(PAUSE_MS);
  assert.equal(await page.locator(".program-output").count(), 0);
  await page.click("#side-script");
  await page.click("#drafts");
  await page.locator(".draft", { hasText: "mine, edited" }).first().click();
  await shown(page, "mine, edited");
}));

test("a program under way is ended by a link", () => on(async (page) => {
  await own(page, "import itertools\nsum(itertools.repeat(0))\n");
  await page.click("#run-program");
  await strip(page, "Running");
  await follow(page, { program: "print('theirs')\n" });
  await shown(page, "theirs");
  await page.waitForSelector("#stop-program", { state: "detached" });
  await page.click("#run-program");
  await page.locator(".program-output", { hasText: "theirs" }).waitFor();
}));

test("a link's program stays for the tab, and the reader's stays stored until an edit", () => on(async (page, context, site) => {
  await own(page, "print('mine')\n");
  await page.waitForFunction(() => localStorage.getItem("loopscope.program")?.includes("mine"));
  await follow(page, { program: "print('theirs')\n" });
  await shown(page, "theirs");
  assert.match(await stored(page), /mine/);
  await page.reload();
  await ready(page);
  await shown(page, "theirs");
  // Another tab has the reader's own.
  const other = await open(context, site);
  await ready(other);
  await other.click("#side-python");
  await shown(other, "mine");
  await type(page, "print('theirs, edited')\n");
  await page.waitForFunction(() => localStorage.getItem("loopscope.program")?.includes("theirs, edited"));
  await page.reload();
  await ready(page);
  await page.click("#side-python");
  await shown(page, "theirs, edited");
}));

test("a script's link leaves the program where it is, and text that is no Python is shown as text", () => on(async (page) => {
  await own(page, "print('mine')\n");
  await follow(page, { script: "a: await 7\n" });
  await totalBecomes(page, "7s");
  await page.click("#side-python");
  await shown(page, "mine");
  await follow(page, { program: "<img src=x onerror='hurt=1'><script>hurt=1</script>\n", requests: "<b>" });
  await shown(page, "<img src=x");
  assert.equal(await page.evaluate(() => globalThis.hurt), undefined);
}));

test("on a phone a link's program is in view", () => on(async (page) => {
  await page.locator("#python-side .editor-host:not([hidden])").waitFor();
  assert.match(await program(page), /안녕/);
  assert.ok(await page.isVisible("#run-program"));
}, { fragment: link({ program: PROGRAM }), viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, waitFor: (page) => page.waitForSelector("#boot", { state: "detached" }) }));
