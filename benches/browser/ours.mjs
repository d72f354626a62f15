// Measures the page itself.

import { link, look } from "../../tests/e2e/site.mjs";
import { alone, instruments, median, p95 } from "./measure.mjs";

/**
 * Records when a trace arrives from the worker, and when the first chart is visible. A run that the
 * page simulates by itself never arrives; it counts from the time at which the page reads the
 * script.
 */
function watchChart() {
  const Plain = Worker;
  const read = Storage.prototype.getItem;
  Storage.prototype.getItem = function (name) {
    // The boot script looks for it, too; the program reads it later.
    if (name === "loopscope.script" && !globalThis.painted) globalThis.begun = performance.now();
    return read.call(this, name);
  };
  globalThis.arrived = 0;
  globalThis.painted = 0;
  globalThis.drawn = 0;
  // The loading screen covers the page until it is removed.
  const lookForIt = () => requestAnimationFrame(() => document.getElementById("boot") ? lookForIt() : setTimeout(() => {
    painted ||= performance.now();
    dispatchEvent(new Event("painted"));
  }));
  globalThis.Worker = class extends Plain {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => { if (data.length > 1) arrived ||= performance.now(); });
    }
  };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    clear.apply(this, area);
    if (this.canvas.className === "chart-below") drawn++;
    if (!painted && this.canvas.className === "chart-below") lookForIt();
  };
}

async function opened(page, address, script) {
  await page.addInitScript(instruments);
  await page.addInitScript(watchChart);
  await page.addInitScript((text) => localStorage.setItem("loopscope.script", text), script);
  await page.goto(address);
  await page.waitForFunction(() => painted > 0);
  await page.waitForSelector(".editor-host:not([hidden])", { state: "attached" });
}

/** Runs in the page: moves the cursor to a fraction of the run. */
function scrub(part) {
  const slider = document.querySelector("input[type=range]");
  slider.value = String(Number(slider.max) * part);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return framed();
}

/**
 * The time from the trace's arrival to the first picture, the frames of panning and zooming, and
 * the longest block, including jumps through time.
 */
export function chart(address, script, { byThread = false, limit } = {}) {
  return alone(async (page) => {
    await opened(page, address, script);
    const first = await page.evaluate(() => painted - (arrived || begun));
    if (byThread) {
      await page.locator(".seg button").nth(1).click();
      // The rows by thread are built on demand.
      await page.waitForSelector(".seg button:nth-child(2).on");
      await page.evaluate(() => framed());
    }
    const wheel = (options) => page.evaluate(async ({ count, deltaX, deltaY, ctrlKey }) => {
      // The upper canvas receives the events; the lower one shows the chart.
      const canvas = document.querySelector(".chart-above");
      const { left, top, width, height } = canvas.getBoundingClientRect();
      return frames(count, (number) => canvas.dispatchEvent(new WheelEvent("wheel", {
        bubbles: true, cancelable: true, composed: true, ctrlKey, deltaX, deltaY: ctrlKey && number % 40 >= 20 ? -deltaY : deltaY,
        clientX: left + width / 2, clientY: top + height / 2,
      })));
    }, options);
    await wheel({ count: 5, deltaX: 0, deltaY: -100, ctrlKey: true });
    await page.evaluate(() => { drawn = 0; });
    const pan = await wheel({ count: 120, deltaX: 7, deltaY: 0, ctrlKey: false });
    const zoom = await wheel({ count: 120, deltaX: 0, deltaY: -40, ctrlKey: true });
    // Frames that draw nothing would make the figures meaningless.
    if (await page.evaluate(() => drawn) < 200) throw new Error("the chart was not drawn anew");
    for (const to of [0.9, 0.1]) await page.evaluate(scrub, to);
    await page.click("#step-back");
    await page.evaluate(() => framed());
    const blocked = await page.evaluate(() => longest);
    return { first, blocked, pan: median(pan), panP95: p95(pan), zoom: median(zoom), zoomP95: p95(zoom) };
  }, { limit });
}

/** An open page follows a link, which includes parsing, simulating and drawing. */
export function following(address, script) {
  return alone(async (page) => {
    await opened(page, address, "a: await 7\n");
    await page.waitForSelector("#insight .none:not([role])", { state: "attached" });
    return page.evaluate(async (fragment) => {
      const total = () => document.querySelector("#total")?.textContent;
      const [before, from] = [total(), performance.now()];
      drawn = 0;
      location.hash = fragment;
      while (total() === before || drawn === 0) await framed();
      // The chart of the new run appears with its total or in the next frame.
      await framed();
      return performance.now() - from;
    }, link({ script }));
  });
}

/**
 * The time from a key's event to the end of drawing its chart; the screen shows it with the next
 * frame. Keys are pressed at random moments between two frames: otherwise all of them would come
 * just after one.
 */
export function keystrokes(address, tasks) {
  return alone(async (page) => {
    await opened(page, address, `async def a: cpu 1ms -> await 1\nrun ${tasks} a\n\nasync def b: await 2\n`);
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.press("ArrowLeft");
    await page.evaluate(() => {
      longest = 0;
      globalThis.times = [];
      let pressed = 0;
      addEventListener("keydown", () => { pressed = performance.now(); }, true);
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        clear.apply(this, area);
        if (!pressed || this.canvas.className !== "chart-below") return;
        const from = pressed;
        pressed = 0;
        queueMicrotask(() => times.push(performance.now() - from));
      };
    });
    for (let press = 0; press < 100; press++) {
      await new Promise((done) => setTimeout(done, 30 + Math.random() * 50));
      await page.keyboard.press(press % 2 ? "Backspace" : "5");
      // One key at a time, as people type. Each chart is awaited.
      await page.waitForFunction((done) => times.length > done, press);
    }
    const { times, longest } = await page.evaluate(() => ({ times, longest }));
    return { median: median(times), p95: p95(times), blocked: longest };
  });
}

/** A browser that was just started is busy with itself for about a second, on both cores. */
const SETTLED_MS = 2_500;

/**
 * The time from navigation to the first chart, on a processor that is slowed down this many times.
 */
export function opening(address, slowdown) {
  return alone(async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.addInitScript(watchChart);
    await page.addInitScript(() => addEventListener("painted", () => console.log(`painted ${painted}`)));
    // The page reports the time itself: on a slowed processor a query would take a tenth of a
    // second.
    const said = page.waitForEvent("console", (message) => message.text().startsWith("painted "));
    await page.waitForTimeout(SETTLED_MS);
    await page.goto(address);
    return Number((await said).text().split(" ")[1]);
  });
}

/** From the navigation to the first paint, which shows the picture of the page if it has one. */
export function firstPaint(address, slowdown, { pictured = true } = {}) {
  return alone(async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.addInitScript((pictured) => new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName("first-contentful-paint");
      const isThere = !pictured || document.querySelector(".first-picture")?.checkVisibility();
      if (paint) console.log(`paint ${isThere ? paint.startTime : NaN}`);
    }).observe({ type: "paint", buffered: true }), pictured);
    const said = page.waitForEvent("console", (message) => message.text().startsWith("paint "));
    await page.waitForTimeout(SETTLED_MS);
    await page.goto(address);
    return Number((await said).text().split(" ")[1]);
  });
}

/**
 * A sweep of 200 points with 100 tasks each, under every strategy: from the click to the curves.
 */
export function sweeping(address) {
  return alone(async (page) => {
    await opened(page, address, "async def a: await 1s -> block 10ms\nrun 100 a\n");
    await page.waitForSelector("#door-why .count, #insight .none:not([role])");
    await look(page, "sweep");
    await page.fill("#vary", "line 1 1ms..200ms by 1ms");
    return page.evaluate(() => new Promise((done) => {
      const from = performance.now();
      longest = 0;
      document.querySelector("#sweep").click();
      const look = () => document.querySelector("svg.sweep polyline") ? done({ took: performance.now() - from, blocked: longest }) : requestAnimationFrame(look);
      look();
    }));
  });
}

/** Comparing strategies: from opening the panel to the figures. */
export function comparing(address, tasks) {
  return alone(async (page) => {
    await opened(page, address, `async def a: cpu 1ms -> await 1\nrun ${tasks} a\n`);
    await page.waitForSelector(".finding, #insight .none:not([role])");
    return page.evaluate(() => new Promise((done) => {
      const from = performance.now();
      document.querySelector("#door-what-if").click();
      const look = () => document.querySelector("[data-strategy=as_written] td") ? done(performance.now() - from) : requestAnimationFrame(look);
      look();
    }));
  });
}

/** The simulator in the worker: from the request to the arrival of the trace. */
export function simulating(address, script) {
  return alone(async (page) => {
    await page.goto(address);
    await page.waitForSelector("#total");
    return page.evaluate(async (text) => {
      const worker = new Worker(document.querySelector("meta[name='loopscope-worker']").content, { type: "module" });
      await new Promise((done) => { worker.onmessage = done; });
      const bytes = new TextEncoder().encode(text);
      // Requests in postcard: a number, the first kind (`Run`), and a text of less than 128 bytes.
      if (bytes.length > 127) throw new Error("the length of the script would need two bytes");
      const times = [];
      for (let round = 0; round < 7; round++) {
        const start = performance.now();
        worker.postMessage([Uint8Array.from([round, 0, bytes.length, ...bytes])]);
        // Progress is one part; the result has the trace in further ones.
        await new Promise((done) => { worker.onmessage = ({ data }) => data.length > 1 && done(); });
        times.push(performance.now() - start);
      }
      return times.toSorted((a, b) => a - b)[3];
    }, script);
  });
}
