// How quick the page feels, in real headless Chromium: keystroke to painted
// chart, navigation to first chart, the longest block of the main thread.
// Prints one line for each figure; `make bench` reads them.

import { launch, open, ready, serve } from "./site.mjs";

const site = await serve();
const browser = await launch();

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const p95 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)];
const line = (name, values) => console.log(`${name}: median ${median(values).toFixed(1)} ms, p95 ${p95(values).toFixed(1)} ms, n ${values.length}`);

async function keystrokes(tasks) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await open(context, site.address);
  await ready(page);
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(`async def a: cpu 1ms -> await 1\nrun ${tasks} a\n\nasync def b: await 2`);
  await page.waitForTimeout(500);
  // From the key's event to the paint of the chart that shows it.
  await page.evaluate(() => {
    globalThis.painted = [];
    let pressed = 0;
    addEventListener("keydown", () => { pressed = performance.now(); }, true);
    const draw = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      draw.apply(this, area);
      if (pressed && this.canvas.className === "chart-below") {
        const from = pressed;
        pressed = 0;
        queueMicrotask(() => painted.push(performance.now() - from));
      }
    };
  });
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press(press % 2 ? "Backspace" : "5");
    await page.waitForTimeout(60);
  }
  const painted = await page.evaluate(() => painted);
  await context.close();
  return painted;
}

async function firstChart(slowdown) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (!globalThis.firstChart && document.querySelector("#total")) globalThis.firstChart = performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(site.address);
  await page.waitForSelector("#total");
  const at = await page.evaluate(() => globalThis.firstChart);
  await context.close();
  return at;
}

for (const tasks of [3, 100, 1_000]) line(`keystroke to painted chart, ${tasks} tasks`, await keystrokes(tasks));
for (const slowdown of [1, 4]) {
  const values = [];
  for (let round = 0; round < 5; round++) values.push(await firstChart(slowdown));
  line(`navigation to first chart, CPU slowed ${slowdown} times`, values);
}
await browser.close();
await site.close();
