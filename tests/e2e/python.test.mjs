// Importing Python: pasted programs become scripts and are never executed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDraft, script, simulate, suite, totalBecomes } from "./site.mjs";

const on = suite();
const HANDLER = `import time
from fastapi import FastAPI
app = FastAPI()

@app.get("/")
async def home():
    time.sleep(3)
    await mine.fetch()
`;
const paste = async (page, text) => {
  await page.click("#side-python");
  await page.click("#from-python");
  await page.fill("#python", text);
};

test("a handler becomes a script, its guesses are questions, and one click runs it", () => on(async (page) => {
  await simulate(page, "mine: cpu 2\n", "2s");
  await paste(page, HANDLER);
  await page.locator(".reading pre").waitFor();
  assert.match(await page.locator(".reading pre").innerText(), /async def home:\s+block 3s/);
  assert.match(await page.locator(".notes .question").first().innerText(), /line \d+/);
  await page.click(".use");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.match(await script(page), /block 3s/);
  await openDraft(page, "mine");
  assert.match(await script(page), /mine: cpu 2/);
}));

test("what one knows of a library answers the question", () => on(async (page) => {
  await paste(page, HANDLER);
  await page.locator(".notes .question", { hasText: "mine.fetch" }).waitFor();
  await page.locator("dialog summary").click();
  await page.fill("#library", "mine.fetch await 250ms");
  await page.locator(".reading pre", { hasText: "await 250ms" }).waitFor();
  await page.fill("#library", "mine.fetch takes long");
  await page.locator(".python-out .bad").waitFor();
}));

test("nothing pasted is run or becomes markup, whatever it says", () => on(async (page) => {
  await paste(page, "__import__('os').system('x')\nasync def f():\n    await g('<img src=x onerror=alert(1)>')\n");
  await page.locator(".python-out .notes li").first().waitFor();
  assert.equal(await page.locator(".python-out img").count(), 0);
  await page.fill("#python", "def (((((\n\u0000\u{1F40D}" + "[".repeat(5000));
  await page.locator(".notes [data-code=unreadable]").first().waitFor();
  await page.keyboard.press("Escape");
  await page.click("#side-script");
  await simulate(page, "a: cpu 2\n", "2s");
}));

test("a program that is used gives the total it gives by hand", () => on(async (page) => {
  await paste(page, "import asyncio\n\nasync def cook(s):\n    await asyncio.sleep(s)\n\nasync def main():\n    await asyncio.gather(cook(3), cook(5))\n\nasyncio.run(main())\n");
  await page.click(".use");
  await totalBecomes(page, "5s");
}));

test("without its program the dialog says so", () => on(async (page) => {
  await paste(page, HANDLER);
  await page.locator(".python-out .bad").waitFor();
}, { prepare: (context) => context.route(/python-/, (route) => route.abort()), complaints: [/python|ERR_FAILED|Failed/] }));
