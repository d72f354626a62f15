// The built page, driven as a person would. Run by `make test-page`.

import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { after, before, test } from "node:test";
import { launch, open, ready, serve } from "./site.mjs";

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

/** A page of its own for each test; nothing may be complained about on it. */
async function on(act, { fragment = "", expectComplaints = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
  const page = await open(context, site.address + fragment);
  try {
    await act(page, context);
    if (!expectComplaints) assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

const total = (page) => page.textContent("#total");
const content = (page) => page.locator(".cm-content");

/** Replaces the whole script by typing. */
async function write(page, text) {
  await content(page).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

const totalBecomes = (page, text) => page.waitForFunction((text) => document.querySelector("#total")?.textContent === text, text);

const link = (json) => `#v1.${deflateRawSync(Buffer.from(typeof json === "string" ? json : JSON.stringify(json))).toString("base64url")}`;

test("the first chart is there without a click", () => on(async (page) => {
  await page.waitForSelector("#total");
  assert.equal(await total(page), "12s");
  assert.equal(await page.locator(".chart-below").count(), 1);
  const painted = await page.evaluate(() => {
    const canvas = document.querySelector(".chart-below");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value) => value !== 0);
  });
  assert.ok(painted);
}));

test("one changed digit changes the total", () => on(async (page) => {
  await ready(page);
  await write(page, "a: await 3\n");
  await totalBecomes(page, "3s");
  await page.keyboard.press("ControlOrMeta+Home");
  for (let step = 0; step < "a: await 3".length; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("7");
  await totalBecomes(page, "7s");
}));

test("every lesson opens, runs and keeps its promises", () => on(async (page) => {
  await ready(page);
  await page.click("#lessons");
  const slugs = await page.locator("[data-lesson]").evaluateAll((all) => all.map((each) => each.dataset.lesson));
  assert.equal(slugs.length, 25);
  await page.keyboard.press("Escape");
  for (const slug of slugs) {
    await page.click("#lessons");
    await page.click(`[data-lesson="${slug}"]`);
    const variants = Math.max(1, await page.locator("#lesson .seg button").count());
    for (let variant = 0; variant < variants; variant++) {
      if (variant > 0) await page.locator("#lesson .seg button").nth(variant).click();
      await page.waitForFunction(() => document.querySelector(".verdicts"));
      await page.waitForTimeout(30);
      assert.equal(await page.locator(".verdicts .bad").count(), 0, `${slug}, script ${variant + 1}: ${await page.textContent(".verdicts")}`);
      assert.equal(await page.locator(".problems li.error").count(), 0, slug);
    }
  }
}));

test("an error is underlined where it is, and a click fixes it", () => on(async (page) => {
  await ready(page);
  await write(page, "a: awiat 3\n");
  await page.waitForSelector(".cm-lintRange-error");
  assert.equal(await page.textContent(".cm-lintRange-error"), "awiat");
  assert.match(await page.textContent(".problems"), /line 1/);
  await page.click(".problems .fix");
  await totalBecomes(page, "3s");
  assert.equal(await page.locator(".problems").count(), 0);
}));

test("fifty steps on and fifty back end where one was", () => on(async (page) => {
  await ready(page);
  await write(page, "def ping: block 5\nasync def pong: cpu 1 -> await 2 -> cpu 1\nrun 30 ping\nrun 30 pong\n");
  await page.waitForFunction(() => document.querySelector(".now")?.textContent.includes("Thread pool"));
  await page.locator("#scrub").focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 20; step++) await page.click("#step-on");
  const state = () => page.evaluate(() => [document.querySelector("#say").textContent, document.querySelector(".now").textContent, document.querySelector("#now").textContent]);
  const start = await state();
  for (let step = 0; step < 50; step++) await page.click("#step-on");
  const there = await state();
  assert.notDeepEqual(there, start);
  for (let step = 0; step < 50; step++) await page.click("#step-back");
  assert.deepEqual(await state(), start);
}));

/** Where the chart's plot is: the end of the first bar, found by hovering. */
async function edgeOfFirstBar(page) {
  const box = await page.locator(".chart-above").boundingBox();
  const y = box.y + 45;
  for (let x = box.x + box.width - 4; x > box.x; x -= 2) {
    await page.mouse.move(x, y);
    const cursor = await page.evaluate(() => document.querySelector(".chart-above").style.cursor);
    if (cursor === "ew-resize") return { x, y };
  }
  throw new Error("no edge found");
}

test("dragging the edge of a bar changes the script", () => on(async (page) => {
  await ready(page);
  await write(page, "a: await 4s\nb: await 8s\n");
  await totalBecomes(page, "8s");
  const edge = await edgeOfFirstBar(page);
  await page.mouse.down();
  await page.mouse.move(edge.x + 60, edge.y, { steps: 4 });
  await page.mouse.up();
  const text = await content(page).innerText();
  const length = Number(/a: await ([\d.]+)s/.exec(text)?.[1]);
  assert.ok(length > 4.1 && length < 7, text);
}));

test("a duration can be dragged in the text", () => on(async (page) => {
  await ready(page);
  await write(page, "a: await 3s\n");
  await totalBecomes(page, "3s");
  const box = await page.locator(".tok-duration").first().boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await totalBecomes(page, "4s");
}));

test("zoom, pan and fit", () => on(async (page) => {
  await ready(page);
  await page.locator(".chart-above").focus();
  assert.equal(await page.locator(".minimap").count(), 0);
  await page.keyboard.press("w");
  await page.keyboard.press("w");
  await page.waitForSelector(".minimap-window");
  const start = () => page.getAttribute(".minimap-window", "x");
  const before = Number(await start());
  await page.keyboard.press("d");
  await page.waitForFunction((before) => Number(document.querySelector(".minimap-window")?.getAttribute("x")) > before, before);
  await page.keyboard.press("0");
  await page.waitForSelector(".minimap", { state: "detached" });
  const box = await page.locator(".chart-above").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await page.waitForSelector(".minimap-window");
}));

test("a bar and its line light each other", () => on(async (page) => {
  await ready(page);
  await write(page, "a: await 4s\nb: await 8s\n");
  await totalBecomes(page, "8s");
  const box = await page.locator(".chart-above").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 70);
  await page.waitForSelector(".cm-line.lit");
  assert.equal(await page.textContent(".cm-line.lit"), "b: await 8s");
}));

test("a link gives back script, rows, cursor and language, Korean names too", () => on(async (page, context) => {
  await ready(page);
  await write(page, "파스타: cpu 3초 -> await 5초\n토스트: cpu 6초\n");
  await totalBecomes(page, "9s");
  await page.click("#language");
  await page.click("text=스레드별");
  await page.click("#share");
  const address = await page.inputValue("#share-link");
  const other = await open(context, address);
  await ready(other);
  assert.equal(await total(other), "9s");
  assert.match(await content(other).innerText(), /파스타: cpu 3초/);
  assert.equal(await other.getAttribute("html", "lang"), "ko");
  assert.equal(await other.getAttribute(".seg button:nth-child(2)", "aria-pressed"), "true");
  assert.deepEqual(other.complaints, []);
}));

for (const [name, fragment, says] of [
  ["of a future version", "#v99.abc", /version 99/],
  ["of noise", "#v1.%00%ff!!", /damaged/],
  ["cut short", link({ script: "a: await 1" }).slice(0, 20), /damaged/],
  ["that is a deflate bomb", link(`{"script":"${" ".repeat(40_000_000)}"}`), /KiB/],
]) {
  test(`a link ${name} is refused in words, and the page goes on`, () => on(async (page) => {
    await ready(page);
    assert.match(await page.textContent("#notice"), says);
    assert.equal(await total(page), "12s");
  }, { fragment }));
}

test("a link with a million million tasks costs nothing", () => on(async (page) => {
  await page.waitForSelector(".problems .error");
  assert.match(await page.textContent(".problems"), /1000000000000|1_000_000_000_000|2,?000,?000/);
}, { fragment: link({ script: "a: cpu 1\nrun 1000000000000 a\n" }) }));

test("a reload keeps the text", () => on(async (page) => {
  await ready(page);
  await write(page, "mine: await 42\n");
  await totalBecomes(page, "42s");
  await page.reload();
  await ready(page);
  assert.match(await content(page).innerText(), /mine: await 42/);
  assert.equal(await total(page), "42s");
}));

const ENDLESS = "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n";

test("a long run can be cancelled at once, and the next one is quick", () => on(async (page) => {
  await ready(page);
  await write(page, ENDLESS);
  await page.waitForSelector("#cancel");
  const before = Date.now();
  await page.click("#cancel");
  await page.waitForSelector("#run-again");
  assert.ok(Date.now() - before < 1_000);
  await write(page, "a: await 5\n");
  await totalBecomes(page, "5s");
}));

/** The first worker that starts throws at its second order; later ones are sound. */
async function withTrap(context) {
  let first = true;
  await context.route(/worker-[0-9a-f]+\.js/, async (route) => {
    const response = await route.fetch();
    const trap = '\nlet orders = 0; addEventListener("message", () => { if (++orders === 2) throw new Error("trap"); });';
    const body = (await response.text()) + (first ? trap : "");
    first = false;
    await route.fulfill({ response, body });
  });
}

test("a worker that traps is replaced, and the next run is clean", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  await withTrap(context);
  const page = await open(context, site.address);
  await ready(page);
  await write(page, "a: await 1\n");
  await page.waitForSelector("#broke");
  assert.match(await content(page).innerText(), /a: await 1/);
  await write(page, "a: await 5\n");
  await totalBecomes(page, "5s");
  await page.waitForSelector("#broke", { state: "detached" });
  await context.close();
});

test("without a worker the page simulates", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  await context.addInitScript(() => { globalThis.Worker = function () { throw new DOMException("refused", "SecurityError"); }; });
  const page = await open(context, site.address);
  await ready(page);
  assert.equal(await total(page), "12s");
  assert.match(await page.textContent("#notice"), /no worker/);
  assert.deepEqual(page.complaints, []);
  await context.close();
});

test("without storage the page works and says that it does not save", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
  });
  const page = await open(context, site.address);
  await ready(page);
  await write(page, "a: await 5\n");
  await totalBecomes(page, "5s");
  await page.waitForFunction(() => document.querySelector(".pane-head")?.textContent.includes("not saved"));
  await context.close();
});

test("without the editor's bundle the text area works", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  await context.route(/editor-.*\.js/, (route) => route.abort());
  const page = await open(context, site.address);
  await page.waitForSelector("#total");
  await page.fill("#script", "a: await 6\n");
  await totalBecomes(page, "6s");
  await context.close();
});

test("the keyboard alone is enough", () => on(async (page) => {
  await ready(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#lesson");
  await page.locator(".chart-above").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#picked")?.textContent.includes("line"));
  await page.keyboard.press("BracketRight");
  await page.keyboard.press("Slash");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
}));

test("nothing sticks out of 320 pixels, and the script is one thumb away", () => on(async (page) => {
  await ready(page);
  await page.waitForSelector("#total");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 320);
  await page.click("#sheet");
  await content(page).click();
  await write(page, "a: await 9\n");
  await totalBecomes(page, "9s");
}, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }));

test("it opens again without a network", () => on(async (page, context) => {
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => (await caches.keys()).length > 0);
  await page.waitForTimeout(300);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  assert.equal(await total(page), "12s");
}, { expectComplaints: true }));

test("settings edit the script", () => on(async (page) => {
  await ready(page);
  await write(page, "def a: block 1\nrun 4 a\n");
  await totalBecomes(page, "1s");
  await page.fill('.settings input[name="pool"]', "2");
  await page.keyboard.press("Tab");
  await totalBecomes(page, "2s");
  assert.match(await content(page).innerText(), /pool 2/);
}));
