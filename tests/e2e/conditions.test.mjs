// The page under its readers' settings: forced colours, reduced motion, 200 % zoom, and print.
//
// Also the back and forward cache, which restores a page as it was left.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, link, serve, settled, suite, totalBecomes } from "./site.mjs";

const SCRIPT = "async def pasta: cpu 3 -> await 5\nasync def toast: cpu 6\nrun pasta\nrun toast\n";
const on = suite();
const shown = { fragment: link({ script: SCRIPT }) };

/** The number of different colours on the canvas. */
const colours = (page) => page.locator(".chart-below").evaluate((canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
});

test("with forced colours every control has an edge, what is chosen is told apart, and bars are drawn", () => on(async (page) => {
  await totalBecomes(page, "9s");
  assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
  const edges = await page.evaluate(() => [...document.querySelectorAll("main button:not([role=tab], .link)")].filter((button) => button.offsetWidth > 0).map((button) => {
    const style = getComputedStyle(button);
    return { name: button.textContent || button.ariaLabel, border: style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0, outline: style.outlineStyle !== "none" };
  }).filter(({ border, outline }) => !border && !outline));
  assert.deepEqual(edges, []);
  const look = (selector) => page.evaluate((selector) => {
    const { outlineStyle, borderBottomColor } = getComputedStyle(document.querySelector(selector));
    return `${outlineStyle} ${borderBottomColor}`;
  }, selector);
  assert.notEqual(await look(".seg button.on"), await look(".seg button:not(.on)"));
  assert.notEqual(await look(".tab[aria-selected=true]"), await look(".tab[aria-selected=false]"));
  assert.ok(await colours(page) > 5, "bars and their patterns");
}, { ...shown, forcedColors: "active" }));

test("with reduced motion nothing moves by itself", () => on(async (page) => {
  await totalBecomes(page, "9s");
  await page.click("#share");
  await page.waitForSelector("dialog[open]");
  const moving = await page.evaluate(() => document.getAnimations().filter((animation) => {
    const { duration, iterations } = animation.effect.getComputedTiming();
    return animation.playState === "running" && (duration > 10 || iterations === Infinity);
  }).length);
  assert.equal(moving, 0);
}, { ...shown, reducedMotion: "reduce" }));

// A window of 1280 px has 640 CSS pixels at 200 %, and 320 at 400 % (WCAG 1.4.10).
for (const [percent, width] of [[200, 640], [400, 320]]) {
  test(`at ${percent} % everything is there and nothing is cut off`, () => on(async (page) => {
    await totalBecomes(page, "9s");
    const found = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      cut: [...document.querySelectorAll("main button, main input, main select, #total")]
        .filter((element) => element.offsetWidth > 0 && element.checkVisibility())
        .filter((element) => { const { left, right } = element.getBoundingClientRect(); return left < -1 || right > innerWidth + 1; })
        // Content of scrolling elements may be wider than the window.
        .filter((element) => { for (let up = element.parentElement; up; up = up.parentElement) if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return false; return true; })
        .map((element) => element.id || element.textContent),
    }));
    assert.ok(found.wide <= 0, `${found.wide} px to the side`);
    assert.deepEqual(found.cut, []);
  }, { ...shown, viewport: { width, height: 400 }, deviceScaleFactor: percent / 100 }));
}

test("on paper stand the script, the result and the chart, black on white, and no controls", () => on(async (page) => {
  await totalBecomes(page, "9s");
  await page.emulateMedia({ media: "print" });
  await settled(page);
  const seen = (selector) => page.evaluate((selector) => [...document.querySelectorAll(selector)].some((element) => {
    const { top, height } = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && height > 0 && top < document.documentElement.scrollHeight;
  }), selector);
  // At the width of paper, the screen layout has the script in a sheet.
  assert.equal(await page.evaluate(() => document.querySelector("#script-card").getBoundingClientRect().bottom <= document.querySelector("#total").getBoundingClientRect().top), true);
  for (const selector of ["#total", ".chart", "#script-card"]) assert.ok(await seen(selector), selector);
  for (const selector of [".transport", "#share", ".sheet-bar", "footer button"]) assert.equal(await seen(selector), false, selector);
  const [ground, ink] = await page.evaluate(() => [document.body, document.querySelector("#total")].map((element, index) => getComputedStyle(element)[index ? "color" : "backgroundColor"]));
  assert.match(ground, /^rgba\(0, 0, 0, 0\)$/, "paper has its own colour");
  assert.ok(Number(/\d+/.exec(ink)) < 60, `${ink} is no ink`);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 10_000, `${pdf.length} bytes`);
}, { ...shown, colorScheme: "dark", viewport: { width: 794, height: 1123 } }));

// The back and forward cache. Playwright disables it and loses pages that come from it, so these
// tests use the browser's own protocol.

let site;
let browser;
let course;

before(async () => {
  site = await serve();
  browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  const pages = { "/": `<loopscope-lab><pre>pool 4\ndef ping: block 1s\nrun 8 ping</pre></loopscope-lab><loopscope-lab id="two"><pre>a: await 7</pre></loopscope-lab><script src="${site.address}embed/v1/embed.js"></script>`, "/next": "next" };
  course = createServer((request, response) => {
    const body = pages[request.url];
    response.writeHead(body ? 200 : 404, { "content-type": "text/html" });
    response.end(body && `<!doctype html><html lang="en"><title>course</title><body>${body}</body></html>`);
  });
  await new Promise((done) => course.listen(0, "127.0.0.1", done));
});

after(async () => {
  await browser?.close();
  course?.closeAllConnections();
  course?.close();
  await site?.close();
});

/** A page that is controlled through the DevTools protocol. */
async function plainPage() {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-US" });
  const session = await context.newCDPSession(await context.newPage());
  await session.send("Page.enable");
  const run = async (act, ...args) => {
    const expression = `(${act})(...${JSON.stringify(args)})`;
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const until = async (act, ...args) => {
    const deadline = Date.now() + 30_000;
    for (;;) {
      // During a navigation no page answers.
      const given = await run(act, ...args).catch(() => undefined);
      if (given) return given;
      if (Date.now() > deadline) throw new Error(`in vain: ${act} ${JSON.stringify(args)}; the page says ${await run(() => document.body?.innerText.slice(0, 500)).catch(String)}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const go = async (url) => {
    await session.send("Page.navigate", { url });
    await until((url) => location.href.split("#")[0] === url.split("#")[0] && document.readyState === "complete", url);
  };
  return { run, until, go, end: () => context.close() };
}

/**
 * Leaves the page and comes back; fails with the browser's reasons if the page does not come from
 * the cache.
 */
async function leaveAndComeBack({ run, until, go }, elsewhere) {
  const here = await run(() => {
    globalThis.returned = null;
    globalThis.wrong = [];
    addEventListener("error", ({ message }) => globalThis.wrong.push(message));
    addEventListener("pageshow", ({ persisted }) => { globalThis.returned = persisted; });
    return location.href.split("#")[0];
  });
  await go(elsewhere);
  await run(() => { history.back(); });
  await until((here) => location.href.split("#")[0] === here, here);
  const why = await until(() => {
    if (globalThis.returned) return "from the cache";
    const [navigation] = performance.getEntriesByType("navigation");
    return navigation.type === "back_forward" && document.readyState === "complete" && `anew: ${JSON.stringify(navigation.notRestoredReasons)}`;
  });
  assert.equal(why, "from the cache");
  return () => run(() => globalThis.wrong);
}

test("the page comes back from the cache as it was left, and goes on working", async () => {
  const page = await plainPage();
  const total = (text) => page.until((text) => document.querySelector("#total")?.textContent === text && document.querySelector("main[data-phase=settled]") !== null, text);
  await page.go(site.address + link({ script: SCRIPT }));
  await total("9s");
  await page.until(() => document.querySelector(".finding, .none") !== null);
  // A service worker that claims a cached page evicts it, so on a first visit the test waits for
  // it.
  await page.until(() => navigator.serviceWorker.controller !== null);
  const wrong = await leaveAndComeBack(page, `${site.address}embed/v1/embed.js`);
  await total("9s");
  // Its workers still answer: for a run, and for the analysis.
  await page.run(() => document.querySelector("#door-what-if").click());
  await page.until(() => document.querySelector(".strategies") !== null);
  await page.run((fragment) => { location.hash = fragment; }, link({ script: "a: await 4\n" }));
  await total("4s");
  assert.deepEqual(await wrong(), []);
  await page.end();
});

test("a course page comes back from the cache with its labs, which run again", async () => {
  const address = `http://127.0.0.1:${course.address().port}/`;
  const page = await plainPage();
  const totals = (...expected) => page.until((expected) => JSON.stringify([...document.querySelectorAll("loopscope-lab")].map((lab) => lab.result && lab.result.total_ns / 1e9)) === JSON.stringify(expected), expected);
  await page.go(address);
  await totals(2, 7);
  const wrong = await leaveAndComeBack(page, `${address}next`);
  await totals(2, 7);
  await page.run(() => { document.querySelector("loopscope-lab").script = "a: await 5\n"; });
  await totals(5, 7);
  assert.deepEqual(await wrong(), []);
  await page.end();
});
