// The picture of the page that a newcomer sees before the program has loaded, and the live page that
// takes its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { link, ready, suite } from "./site.mjs";

const on = suite();
const PHONE = { hasTouch: true, isMobile: true };
const DESK = { viewport: { width: 1440, height: 900 } };

/** The parts whose places are compared. */
const PARTS = [
  ".top", ".brand", ".tagline p", ".tools", ".sign", ".pane-head", ".editor", ".plain", ".settings", ".result", ".total strong", ".finding-line p",
  ".verdicts li", ".best-fix", ".seg .on", ".legend", ".chip:nth-child(4)", ".zoom", ".chart", ".transport", ".play", "input[type=range]", ".transport .t",
  ".speed", ".say", ".now", ".about", ".tabs", ".door-numbers", ".insight-body", "footer", ".sheet-bar button",
];

/** Runs in the page: `parts(root)` is the place and the text of each part below an element. */
function watchParts(all) {
  globalThis.parts = (root) => Object.fromEntries(all.map((part) => {
    // In the picture each language has an element of its own.
    const seen = [...document.querySelectorAll(`${root} ${part}`)].find((element) => element.checkVisibility());
    if (!seen) return [part, "nothing"];
    const { x, y, width, height } = seen.getBoundingClientRect();
    const text = seen.selectedOptions?.[0].text ?? (seen.matches("textarea") ? seen.value : seen.innerText);
    return [part, { x, y, width, height, text: seen.matches(".chart") ? "" : text }];
  }));
  // The live page as it takes the picture's place, before editor and analysis load.
  new MutationObserver((_, observer) => {
    if (document.querySelector("#boot")) return;
    observer.disconnect();
    globalThis.first = globalThis.parts("#app");
  }).observe(document.body, { childList: true });
}

/** Demands that both have the same parts in the same places, up to one pixel. */
function alike(picture, live) {
  for (const part of PARTS) {
    const [was, is] = [picture[part], live[part]];
    const moved = ["x", "y", "width", "height"].some((side) => !(Math.abs(was[side] - is[side]) <= 1));
    if (was === is || !moved && was.text === is.text) continue;
    assert.fail(`${part} is ${JSON.stringify(is)} and was ${JSON.stringify(was)}`);
  }
}

/** The edges of the bars in the picture that block the loop (1) or a thread (2), from the chart's corner. */
const bars = (page) => page.evaluate(() => {
  const chart = document.querySelector(".first-picture .chart").getBoundingClientRect();
  const all = [...document.querySelectorAll(".first-picture .chart rect")].filter((bar) => bar.checkVisibility() && /first-[12]\)/.test(bar.getAttribute("fill")));
  return all.map((bar) => {
    const { left, right, top, height } = bar.getBoundingClientRect();
    // The outline has the colour of the background.
    const gap = Number(bar.getAttribute("stroke-width")) / 2;
    // At a quarter of the height no label is in the way.
    return { left: left - chart.left + gap, right: right - chart.left - gap, y: top + height / 4 - chart.top };
  });
});

/** The ends of these bars on the live canvas: where the colour of work begins and ends. */
const painted = (page, bars) => page.evaluate((bars) => {
  const canvas = document.querySelector("#app .chart-below");
  const ratio = canvas.width / canvas.clientWidth;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // Quite saturated, unlike waiting bars, grid and background.
  const isWork = (x, y) => {
    const [red, green, blue, opacity] = context.getImageData(x, y, 1, 1).data;
    return opacity === 255 && Math.max(red, green, blue) - Math.min(red, green, blue) > 90;
  };
  return bars.map(({ left, right, y }) => {
    const row = Math.round(y * ratio);
    let [from, to] = [Math.round((left + 8) * ratio), Math.round((right - 8) * ratio)];
    while (from > 0 && isWork(from - 1, row)) from--;
    while (to < canvas.width - 1 && isWork(to, row)) to++;
    return { left: from / ratio, right: to / ratio };
  });
}, bars);

/** Records every layout shift. */
const watchShifts = (context) => context.addInitScript(() => {
  globalThis.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) globalThis.shifts.push(`${value}: ${sources.map(({ node }) => (node?.outerHTML ?? node?.nodeValue ?? "").slice(0, 80)).join(" | ")}`);
  }).observe({ type: "layout-shift", buffered: true });
});

/** Holds back all programs until `letIn` is called. */
function heldBack() {
  let letIn;
  const gate = new Promise((go) => { letIn = go; });
  const hold = (context) => context.route(/\.wasm$/, async (route) => {
    await gate;
    await route.continue();
  });
  return { hold, letIn };
}

const SIZES = [
  ["1440 px", DESK],
  ["1024 px", { viewport: { width: 1024, height: 768 } }],
  ["768 px", { viewport: { width: 768, height: 1024 } }],
  ["a phone", { viewport: { width: 390, height: 844 }, ...PHONE }],
  ["a small phone", { viewport: { width: 320, height: 640 }, ...PHONE }],
  ["dark", { ...DESK, colorScheme: "dark" }],
  ["Korean", { ...DESK, locale: "ko-KR" }],
  ["Korean on a phone", { viewport: { width: 390, height: 844 }, locale: "ko-KR", ...PHONE }],
];
for (const [name, options] of SIZES) {
  const { hold, letIn } = heldBack();
  test(`the live page takes the place of its picture and nothing moves: ${name}`, () => on(async (page) => {
    await page.evaluate(watchParts, PARTS);
    const picture = await page.evaluate(() => globalThis.parts(".first-picture"));
    const drawn = await bars(page);
    assert.equal(drawn.length, 4);
    assert.match(picture[".total strong"].text, /^12\s*(s|초)$/);
    assert.equal(await page.locator("#boot-text").innerText(), "");
    letIn();
    await ready(page);
    alike(picture, await page.evaluate(() => globalThis.first));
    const found = await painted(page, drawn);
    for (const [index, { left, right }] of drawn.entries()) {
      const differences = [found[index].left - left, right - found[index].right];
      assert.ok(differences.every((difference) => Math.abs(difference) <= 2), `${JSON.stringify(found[index])} and ${JSON.stringify(drawn[index])}`);
    }
    await page.waitForSelector("#door-why .count", { state: "attached" });
    assert.deepEqual(await page.evaluate(() => globalThis.shifts), []);
  }, {
    ...options,
    isFirstUse: true,
    prepare: async (context) => {
      await watchShifts(context);
      await hold(context);
    },
    waitFor: (page) => page.locator(".first-picture .chart").waitFor(),
  }));
}

/** Whether the picture is seen before the program has loaded. */
async function isPictured(page) {
  const [picture, card] = await Promise.all([".first-picture", ".boot-name"].map((part) => page.locator(part).evaluate((element) => element.checkVisibility() && getComputedStyle(element).clipPath === "none")));
  assert.notEqual(picture, card, "one of them");
  return picture;
}

/** Opens a page whose program never arrives. */
const before = (act, { prepare, ...options } = {}) => on(act, {
  ...DESK,
  ...options,
  prepare: async (context) => {
    await heldBack().hold(context);
    await prepare?.(context);
  },
  waitFor: (page) => page.waitForSelector("#boot", { state: "attached" }),
});
const storing = (storage, name, value) => (context) => context.addInitScript(([storage, name, value]) => window[storage].setItem(`loopscope.${name}`, value), [storage, name, value]);

const OTHERS = [
  ["with a script from an earlier visit", { prepare: storing("localStorage", "script", "a: cpu 1\n") }],
  ["with drafts", { prepare: storing("localStorage", "drafts.2", "x") }],
  ["whose tab has another script", { prepare: storing("sessionStorage", "brought", "link\na: cpu 1\n") }],
  ["whose page has crashed", { prepare: storing("sessionStorage", "crashes", "1") }],
  ["with a link", { fragment: link({ script: "a: cpu 1\n" }) }],
  ["with the address of a lesson", { fragment: "#lesson=first" }],
  ["with a low window", { viewport: { width: 844, height: 390 } }],
];
for (const [name, options] of OTHERS) {
  test(`a visitor ${name} sees no picture`, () => before(async (page) => assert.equal(await isPictured(page), false), options));
}

test("a visitor who has taken the tour and chosen a theme sees both in the picture", () => before(async (page) => {
  assert.equal(await isPictured(page), true);
  assert.equal(await page.locator(".first-picture .offer").isVisible(), false);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(18, 19, 23)");
  const signs = await page.locator(".first-picture .sign").evaluateAll((signs) => signs.filter((sign) => sign.checkVisibility()).map((sign) => sign.getAttribute("class")));
  assert.deepEqual(signs, ["sign if-dark"]);
}, { colorScheme: "light", prepare: storing("localStorage", "settings", "{\"language\":null,\"theme\":\"dark\"}") }));

test("a page that cannot start says so instead of showing the picture", () => on(async (page) => {
  await page.getByText("could not start").waitFor();
  assert.equal(await isPictured(page), false);
}, { ...DESK, prepare: (context) => context.route(/page-.*_bg\.wasm/, (route) => route.fulfill({ status: 404 })), waitFor: (page) => page.waitForSelector("#boot-text", { state: "attached" }), complaints: [/404/, /WebAssembly|wasm/i, /rejection|TypeError|CompileError/i] }));

test("the fix is there with the chart, and can be pressed before the analysis has loaded", () => on(async (page) => {
  await page.click("#fix");
  await page.waitForFunction(() => document.querySelector("#total").textContent === "6s");
}, { ...DESK, prepare: (context) => context.route(/insight-.*/, (route) => route.abort()), complaints: [/ERR_FAILED/] }));
