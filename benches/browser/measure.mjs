// Measurements inside a page, in milliseconds.

import { launch } from "../../tests/e2e/site.mjs";

/** The time without a picture or a frame after which a contender has given up. */
export const LIMIT_MS = 30_000;

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
export const p95 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)];

/** Runs `act(page)` in a browser of its own; null if that takes too long or fails. */
export async function alone(act, { limit = LIMIT_MS } = {}) {
  const browser = await launch();
  let timer;
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
    const page = await context.newPage();
    page.setDefaultTimeout(limit);
    const late = new Promise((done) => { timer = setTimeout(() => done(null), limit); });
    return await Promise.race([act(page), late]);
  } catch (error) {
    console.error(`    gave up: ${String(error).split("\n")[0]}`);
    return null;
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

/**
 * Defines in the page: `framed()` waits for a painted frame; `frames(count, act)` returns the
 * main-thread time of each frame, from its beginning through scripting, style and layout to the end
 * of painting.
 */
export function instruments() {
  const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
  // A message is delivered after the frame in which it was sent.
  const end = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(); };
    port2.postMessage(0);
  });
  globalThis.framed = async () => { await frame(); await end(); };
  globalThis.frames = (count, act) => new Promise((done) => {
    const times = [];
    let number = 0;
    const step = () => {
      if (number === count) return;
      const start = performance.now();
      // Asked for before `act`: a library that puts its drawing off to the next frame must not
      // draw before that frame's clock starts.
      requestAnimationFrame(step);
      act(number++);
      end().then(() => {
        if (times.push(performance.now() - start) === count) done(times);
      });
    };
    requestAnimationFrame(step);
  });
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  }).observe({ type: "longtask", buffered: true });
}
