// Failures around the page: workers, storage, files, fonts or WebAssembly that are missing, broken
// or refused.
//
// The page reports each one and keeps the text.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, ready, script, serve, settled, simulate, suite, total, totalBecomes, write } from "./site.mjs";

const on = suite();
const noEditor = (page) => page.waitForSelector("#total");

/** Too long for a synchronous run, so a worker simulates it. */
const MANY = "async def a: await 7\nrun 5000 a\n";
const ENDLESS = "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n";

test("a long run is said to take long, can be cancelled, and the next one is clean", () => on(async (page) => {
  await write(page, ENDLESS);
  await page.click("#cancel");
  await page.waitForSelector("main[data-phase=cancelled]");
  assert.match(await script(page), /repeat 1000000/);
  await page.click("#run-again");
  await page.waitForSelector("#cancel");
  await simulate(page, "a: await 5\n", "5s");
}));

test("while a long run goes on the page answers", () => on(async (page) => {
  await write(page, ENDLESS);
  await page.waitForSelector("#cancel");
  await page.click("#help");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.click("#cancel");
  await page.waitForSelector("#run-again");
}));

test("lessons that cannot be loaded are asked for again when they are opened again", () => {
  let isOut = true;
  const prepare = (context) => context.route(/\/lessons-[^/]*\.txt$/, (route) => isOut ? route.abort() : route.continue());
  return on(async (page) => {
    await page.click("#lessons");
    await page.waitForSelector(".lacking");
    await page.keyboard.press("Escape");
    isOut = false;
    await page.click("#lessons");
    await page.locator("[data-lesson]").first().click();
    await settled(page);
  }, { prepare, complaints: [/Failed to load resource/] });
});

/** Makes the first workers run this code before their own; later ones are unchanged. */
const withFirstWorkers = (count, code) => (context) => context.addInitScript(([count, code]) => {
  const Sound = globalThis.Worker;
  let left = count;
  globalThis.Worker = class extends Sound {
    constructor(address, options) {
      // Only the workers that simulate.
      if (String(address).includes("insight-")) return new Sound(address, options);
      const own = `await import(${JSON.stringify(new URL(address, document.baseURI).href)});`;
      const blob = new Blob([`${code}\n${own}`], { type: "text/javascript" });
      super(left > 0 ? URL.createObjectURL(blob) : address, left > 0 ? { type: "module" } : options);
      left--;
    }
  };
}, [count, code]);

/** The worker traps at its first message. */
const TRAP = `
  const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,116,0,0,10,5,1,3,0,0,11])));
  addEventListener("message", () => { trap.exports.t(); });
`;

test("a worker that traps is said to, the text stays, and the next run is clean", () => on(async (page) => {
  await write(page, ENDLESS);
  await page.waitForSelector("#broke");
  assert.match(await page.textContent("#broke"), /unreachable/);
  assert.match(await script(page), /repeat 1000000/);
  await simulate(page, MANY, "7s");
  await simulate(page, "a: await 5\n", "5s");
  assert.equal(await page.locator("#broke").count(), 0);
}, { prepare: withFirstWorkers(1, TRAP), bypassCSP: true, complaints: [/^asked for blob:/] }));

test("a worker whose file may not be started is started another way", () => on(async (page) => {
  assert.equal(await total(page), "12s");
  await simulate(page, MANY, "7s");
  assert.equal(await page.locator("#notice").count(), 0);
}, { prepare: withFirstWorkers(1, "throw new Error('refused');"), bypassCSP: true }));

test("a worker that cannot be started in any way is done without", () => on(async (page) => {
  assert.equal(await total(page), "12s");
  await page.getByText("cannot start a worker", { exact: false }).waitFor();
  await simulate(page, MANY, "7s");
}, { prepare: withFirstWorkers(2, "throw new Error('refused');"), bypassCSP: true }));

const withoutWorkers = (context) => context.addInitScript(() => {
  globalThis.Worker = function () { throw new DOMException("refused", "SecurityError"); };
});

test("a page that broke leaves the next run to the worker, and what breaks there is said", () => on(async (page) => {
  await page.click("#broke .small");
  await page.waitForSelector("#total");
}, { prepare: async (context) => {
  await context.addInitScript(() => { if (sessionStorage.length === 0) sessionStorage.setItem("loopscope.crashes", "1"); });
  await withFirstWorkers(1, TRAP)(context);
}, bypassCSP: true, complaints: [/^asked for blob:/], waitFor: (page) => page.waitForSelector("#broke") }));

test("without a worker the page simulates, says so, and still cancels", () => on(async (page) => {
  assert.equal(await total(page), "12s");
  assert.match(await page.textContent("#notice"), /cannot start a worker/);
  await write(page, ENDLESS);
  await page.click("#cancel");
  await page.waitForSelector("#run-again");
  await simulate(page, "a: await 5\n", "5s");
}, { prepare: withoutWorkers }));

test("without storage the page works and says that it does not save", () => on(async (page) => {
  await simulate(page, "a: await 5\n", "5s");
  await page.getByText("not saved", { exact: false }).first().waitFor();
}, { prepare: (context) => context.addInitScript(() => {
  Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
  Object.defineProperty(globalThis, "sessionStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
}) }));

test("a full storage is said", () => on(async (page) => {
  await simulate(page, "a: await 5\n", "5s");
  await page.getByText("not saved", { exact: false }).first().waitFor();
}, { prepare: (context) => context.addInitScript(() => {
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
}) }));

/** Fills the storage before the first visit only. */
const stored = (things) => (context) => context.addInitScript((things) => {
  if (localStorage.length === 0) for (const [key, value] of Object.entries(things)) localStorage.setItem(key, value);
}, things);

test("damaged settings in storage are no settings", () => on(async (page) => {
  assert.equal(await total(page), "12s");
  await page.click("#theme");
  assert.ok(await page.getAttribute("html", "data-theme"));
}, { prepare: stored({ "loopscope.settings": "{\"theme\":[\"}" }) }));

test("a stored script that is no script is kept and explained", () => on(async (page) => {
  await page.waitForSelector("main[data-phase=faulty]");
  assert.ok(await page.locator(".problems .error").count() > 0);
  assert.match(await script(page), /\{"not": "a script"\}/);
}, { prepare: stored({ "loopscope.script": "{\"not\": \"a script\"}\n\u0000\u202e" }), waitFor: (page) => page.waitForSelector(".editor-host:not([hidden])", { state: "attached" }) }));

test("a stored script beyond the limit is kept and explained", () => on(async (page) => {
  await page.waitForSelector("main[data-phase=faulty]");
  assert.match(await page.textContent(".problems"), /limit is 262144/);
  await page.reload();
  await page.waitForSelector("main[data-phase=faulty]");
  assert.equal(await page.evaluate(() => localStorage.getItem("loopscope.script").length), 300_000);
}, { prepare: stored({ "loopscope.script": "# long\n".padEnd(300_000, "a: cpu 1\n") }), waitFor: (page) => page.waitForSelector(".editor-host:not([hidden])", { state: "attached" }) }));

test("without the editor's bundle the text area works", () => on(async (page) => {
  await page.fill("#script", "a: await 6\n");
  await totalBecomes(page, "6s");
  await page.fill("#script", "a: awiat 6\n");
  await page.click(".problems .fix");
  await settled(page);
  assert.equal(await page.inputValue("#script"), "a: await 6\n");
}, { prepare: (context) => context.route(/editor-.*\.js/, (route) => route.abort()), waitFor: noEditor, complaints: [/ERR_FAILED/] }));

test("a file that is missing on the server is said", () => on(async (page) => {
  await page.getByText("could not start").waitFor();
}, { prepare: (context) => context.route(/_bg\.wasm/, (route) => route.fulfill({ status: 404 })), waitFor: (page) => page.waitForSelector("#boot-text"), complaints: [/404/, /WebAssembly|wasm/i, /rejection|TypeError|CompileError/i] }));

test("without JavaScript there is a word about it", () => on(async (page) => {
  await page.locator(".boot-note").waitFor();
  assert.match(await page.textContent(".boot-note"), /needs JavaScript/);
}, { javaScriptEnabled: false, waitFor: (page) => page.waitForSelector("noscript", { state: "attached" }) }));

test("where WebAssembly is off it is said, in the reader's language", () => on(async (page) => {
  await page.getByText("WebAssembly를 실행할 수 없습니다").waitFor();
}, { locale: "ko-KR", prepare: (context) => context.addInitScript(() => { delete globalThis.WebAssembly; }), waitFor: (page) => page.waitForSelector("#boot-text"), complaints: [/WebAssembly/] }));

let fonts;
before(() => {
  fonts = mkdtempSync(join(tmpdir(), "loopscope-fonts-"));
  writeFileSync(join(fonts, "fonts.conf"), `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>${fonts}</cachedir></fontconfig>`);
});
after(() => rmSync(fonts, { recursive: true, force: true }));

/** A browser of its own, since fonts are found when it starts. */
test("with hardly a font on the machine Korean opens, simulates and stays in place", async () => {
  const site = await serve();
  const browser = await launch({ env: { ...process.env, FONTCONFIG_FILE: join(fonts, "fonts.conf") } });
  try {
    const page = await open(await browser.newContext({ locale: "ko-KR" }), site.address);
    await ready(page);
    await simulate(page, "파스타: cpu 3초\n", "3s");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(page.complaints, []);
  } finally {
    await browser.close();
    await site.close();
  }
});
