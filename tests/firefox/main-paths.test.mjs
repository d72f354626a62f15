// The main paths through the built page in Firefox: the first minutes of a reader.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { link, serve } from "../e2e/site.mjs";
import { Firefox } from "./driver.mjs";

const CONTROL = "\uE009";
let firefox;
let site;
before(async () => {
  site = await serve();
  firefox = await Firefox.start();
});
after(async () => {
  await firefox?.end();
  await site?.close();
});
// Each test is a first visit.
beforeEach(async () => {
  await firefox.open(`${site.address}icon.svg`);
  await firefox.run(() => { localStorage.clear(); sessionStorage.clear(); });
});

async function open(fragment = "") {
  // Opens another address first, since a change of the fragment alone would not reload.
  await firefox.open("about:blank");
  await firefox.open(site.address + fragment);
  await settled();
}

const settled = () => firefox.until(() => document.querySelector("main[data-phase=settled]") !== null);
const totalBecomes = (text) => firefox.until((text) => document.querySelector("#total")?.textContent === text, text);

/** Focuses the editor in its shadow root. CodeMirror notices the focus a moment later. */
const toEditor = () => firefox.until(() => {
  const root = document.querySelector(".editor-host:not([hidden])")?.shadowRoot;
  if (root?.querySelector(".cm-focused")) return true;
  root?.querySelector(".cm-content")?.focus();
  return false;
});

/**
 * Replaces the script by typing. In Firefox a key within some 10 ms of a regained focus can lose
 * the caret, which no person is fast enough to notice, so the test tries again.
 */
async function write(script) {
  const written = () => firefox.run(() => document.querySelector(".editor-host").shadowRoot.querySelector(".cm-content").innerText);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await toEditor();
    await firefox.type("a", CONTROL);
    await firefox.type(script);
    if ((await written()).trim() === script) return;
  }
  assert.equal((await written()).trim(), script);
}

test("the first chart needs no click, and something is painted on it", async () => {
  await open();
  const painted = () => firefox.until(() => {
    const canvas = document.querySelector(".view canvas");
    const pixels = canvas?.width && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels && new Set(new Uint32Array(pixels.buffer)).size > 10;
  });
  assert.ok(await painted());
  assert.match(await firefox.run(() => document.querySelector("#total").textContent), /\ds/);
});

test("what is typed is simulated", async () => {
  await open();
  await write("a: cpu 3 -> await 4");
  await totalBecomes("7s");
});

test("an error is said with its remedy, which a click applies", async () => {
  await open();
  await write("a: awiat 3");
  await firefox.click(".problems .fix");
  await totalBecomes("3s");
});

test("steps lead on and back to the same place", async () => {
  await open(link({ script: "a: cpu 1 -> await 2\nb: cpu 3\n", at: 0 }));
  const now = () => firefox.run(() => document.querySelector("#now").textContent);
  await firefox.click(".buttons button");
  const start = await now();
  for (let step = 0; step < 8; step += 1) await firefox.click("#step-on");
  assert.notEqual(await now(), start);
  for (let step = 0; step < 8; step += 1) await firefox.click("#step-back");
  assert.equal(await now(), start);
});

test("a link with Korean names opens, and a reload keeps the text", async () => {
  await open(link({ script: "파스타: cpu 2초 -> await 1초\n" }));
  await totalBecomes("3s");
  await toEditor();
  await firefox.type("\n");
  await firefox.until(() => localStorage.getItem("loopscope.script")?.includes("파스타"));
  await open();
  await totalBecomes("3s");
});

test("findings, strategies and a long run come from workers", async () => {
  await open(link({ script: "async def ping: block 1s\nrun 20 ping\n" }));
  await firefox.until(() => document.querySelector(".finding") !== null);
  await firefox.click("#door-what-if");
  await firefox.until(() => document.querySelector(".strategies") !== null);
  await write("async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin");
  await firefox.click("#cancel");
  await firefox.click("#run-again");
  await firefox.click("#cancel");
  await write("a: cpu 2");
  await totalBecomes("2s");
});

test("every lesson opens and comes to an end", async () => {
  await open();
  await firefox.until(() => document.querySelector(".editor-host:not([hidden])") !== null);
  for (let lesson = 0; lesson < 25; lesson += 1) {
    await firefox.click("#lessons");
    await firefox.until(() => document.querySelectorAll("[data-lesson]").length >= 25);
    await firefox.run((lesson) => document.querySelectorAll("[data-lesson]")[lesson].click(), lesson);
    await firefox.until(() => document.querySelector("dialog") === null && document.querySelector(".lesson-open") !== null);
    await firefox.click("#show-me");
    await firefox.until(() => document.querySelector("#lesson-more") !== null && document.querySelector(".chart") !== null);
    await settled();
  }
});
