// Opens a built course in a browser, with the address of the built Loopscope instead of the
// example's.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { dist, launch, serve } from "../e2e/site.mjs";

export { dist };

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const here = join(root, "tests/embed");
/** The placeholder for Loopscope's address in every course and how-to. */
const EXAMPLE = "https://loopscope.example/";
/** The placeholder for the course's own address. */
const COURSE = "https://course.example/";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json", ".xml": "text/xml" };

/** The scripts of every course, which the generators must not damage. */
export const POOL = "pool 4\ndef ping:\n    block 1s -> cpu 10ms\n\nrun 8 ping\n";
export const LOOP = "async def call: await 1s\n\nrun 8 call\n";

async function host(folder, loopscope) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://host").pathname);
    const file = [path, `${path}/index.html`, `${path}.html`].map((name) => join(folder, name)).find((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
    if (!file) return response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    const body = readFileSync(file);
    const isText = /\.(html|js|json|xml)$/.test(file);
    const own = `http://${request.headers.host}/`;
    response.end(isText ? body.toString().replaceAll(EXAMPLE, loopscope).replaceAll(COURSE, own) : body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => { server.closeAllConnections(); server.close(); } };
}

/** Serves the course in `folder` and opens one of its pages for `act`. */
export async function course(folder, act, { path = "", complaints = [] } = {}) {
  const site = await serve();
  const served = await host(folder, site.address);
  const browser = await launch();
  try {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-US", colorScheme: "light", serviceWorkers: "block" });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const said = [];
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") said.push(message.text()); });
    await page.goto(served.address + path);
    await act(page, { site, frame: (index = 0) => page.frames().filter((frame) => frame.url().startsWith(site.address))[index] });
    assert.deepEqual(said.filter((words) => !complaints.some((expected) => expected.test(words))), []);
  } finally {
    await browser.close();
    served.close();
    await site.close();
  }
}

/** Scrolls to a lab, waits until it has run, and returns its result. */
export async function result(page, index = 0) {
  await page.locator("loopscope-lab").nth(index).scrollIntoViewIfNeeded();
  const found = await page.waitForFunction((index) => document.querySelectorAll("loopscope-lab")[index]?.result, index);
  return found.jsonValue();
}

/** Reads and edits the first lab until its goal is reached. */
export async function useThePool(page, frame) {
  const first = await result(page);
  assert.equal(first.script, POOL);
  assert.equal(first.goal.reached, false);
  const inside = frame();
  await inside.click(".editor-host:not([hidden]) .cm-line >> nth=0");
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("8");
  await page.waitForFunction(() => document.querySelector("loopscope-lab").result?.goal?.reached);
  assert.match(await inside.textContent("#goal"), /reached/);
}

/** Waits until the lab has adopted the colours of the page. */
export async function themeBecomes(page, frame, theme) {
  await frame().waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme);
}
