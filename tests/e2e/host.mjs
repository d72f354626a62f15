// Host pages with labs, for the tests of the page inside other pages.
//
// The host has an origin of its own, like a course.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { launch, serve } from "./site.mjs";

export const SCRIPT = "pool 4\ndef ping:\n    block 1s\nrun 8 ping\n";
/** Too long for a synchronous run, and longer than any test. */
export const ENDLESS = "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n";
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
export const lab = (attributes = "", script = SCRIPT) => `<loopscope-lab ${attributes}><pre>${escaped(script)}</pre></loopscope-lab>`;

export let site;
let browser;
let server;
export let host;
/** The responses of the host by path: `{ body, headers }`. */
let pages = {};

before(async () => {
  site = await serve();
  browser = await launch();
  server = createServer((request, response) => {
    const found = pages[new URL(request.url, "http://host").pathname];
    const isIcon = request.url === "/favicon.ico";
    response.writeHead(found ? 200 : isIcon ? 204 : 404, { "content-type": "text/html; charset=utf-8", ...found?.headers });
    response.end(found?.body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  host = `http://127.0.0.1:${server.address().port}/`;
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await site?.close();
});

export const element = () => `<script src="${site.address}embed/v1/embed.js"></script>`;

/** Opens a page of the host with this body; collects the events of its labs in `heard`. */
export async function on(body, act, { headers, head = "", options = {}, complaints = [], prepare } = {}) {
  pages = { "/": { headers, body: `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>` }, ...options.pages };
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-US", ...options.context });
  try {
    await prepare?.(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.asked = [];
    page.complaints = [];
    page.on("request", (request) => page.asked.push(request.url()));
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") page.complaints.push(message.text()); });
    await page.addInitScript(() => {
      if (top !== self) return;
      const heard = [];
      for (const name of ["ready", "result", "goal", "error"]) addEventListener(`loopscope-${name}`, ({ detail, target }) => heard.push({ name, detail, id: target.id }));
      Object.defineProperty(globalThis, "heard", { value: heard, enumerable: false });
    });
    await page.goto(host);
    await act(page, context);
    assert.deepEqual(page.complaints.filter((said) => !complaints.some((expected) => expected.test(said))), []);
  } finally {
    await context.close();
  }
}

/** The first event of this name from a lab; waits for it if necessary. */
export const heard = (page, name, id = "") => page.waitForFunction(([name, id]) => globalThis.heard.find((one) => one.name === name && (!id || one.id === id))?.detail, [name, id]).then((found) => found.jsonValue());
export const resultWith = (page, total_s, id = "") => page.waitForFunction(([total, id]) => globalThis.heard.find((one) => one.name === "result" && one.detail.total_ns === total && (!id || one.id === id))?.detail, [total_s * 1e9, id]).then((found) => found.jsonValue());
/** The frame of our page at this index. */
export const inside = (page, index = 0) => {
  const frames = page.frames().filter((frame) => frame.url().startsWith(site.address));
  assert.ok(frames[index], "the frame is there");
  return frames[index];
};
export const ours = (page) => page.asked.filter((address) => address.startsWith(site.address));
