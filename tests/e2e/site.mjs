// Serves the built site like a static host, and opens it in a browser.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const dist = join(root, process.env.LOOPSCOPE_DIST ?? "dist");

/** Whether the page was built with FastAPI. Otherwise it refuses it in words. */
export const hasFastApi = existsSync(join(dist, "python")) && readdirSync(join(dist, "python")).some((name) => name.startsWith("fastapi-"));

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm",
  ".json": "application/json", ".webmanifest": "application/manifest+json",
};

/** Serves a folder below a path, since the site must work under any path. */
export async function serve(folder = dist, built = "make page", headers = { "access-control-allow-origin": "*" }) {
  if (!existsSync(join(folder, "index.html"))) throw new Error(`nothing to serve; run \`${built}\` first`);
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/some\/where\//, "");
    const file = join(folder, normalize(`/${path}${path === "" || path.endsWith("/") ? "index.html" : ""}`));
    try {
      const body = await readFile(file);
      // Frames without an origin may load it, as on GitHub Pages.
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/some/where/`;
  return { address, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

/** Debian's Chromium, or the browser that CHROMIUM names. */
export function launch({ args = [], ...options } = {}) {
  const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].filter(Boolean);
  const executablePath = candidates.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium; `apt-get install chromium`, or name one in CHROMIUM");
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, timeout: 60_000, args: [...quiet, ...args], ...options });
}

/**
 * Opens a page of the site. Problems are collected in `page.complaints`: exceptions, errors on the
 * console, violations of the content security policy, and requests to other addresses than its own.
 */
export async function open(context, address, home = new URL("./", address.split("#")[0]).href) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !/^(data|blob):/.test(url)) page.complaints.push(`asked for ${url}`);
  });
  await page.exposeFunction("complain", (what) => page.complaints.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => globalThis.complain(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(address);
  return page;
}

/** Waits for the chart and the editor; on a phone the editor loads with the script's sheet. */
export async function ready(page) {
  await page.waitForSelector("#total");
  await page.waitForSelector("#boot", { state: "detached" });
  if (await page.isVisible("#script-card")) await page.waitForSelector(".editor-host:not([hidden])", { state: "attached" });
}

/** Waits until everything on the page belongs to the current script. */
export const settled = (page) => page.waitForSelector("main[data-phase=settled]");

/** Marks the tour as taken. If storage is refused, the page offers no tour. */
function seenBefore() {
  try {
    localStorage.setItem("loopscope.toured", "1");
  } catch { /* refused */ }
}

/**
 * A site and a browser for the tests of one file. The returned function opens a new page for each
 * test and waits until it is ready; at the end the page must have no unexpected complaints. The
 * tour counts as taken unless `isFirstUse` is set.
 */
export function suite(launching = {}) {
  let site;
  let browser;
  before(async () => {
    site = await serve();
    browser = await launch(launching);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  return async (act, { fragment = "", prepare, complaints = [], waitFor = ready, isFirstUse = false, ...options } = {}) => {
    // Service workers are blocked, since tests cannot intercept their responses; tests about them
    // allow them.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", serviceWorkers: "block", ...options });
    try {
      await prepare?.(context);
      if (!isFirstUse) await context.addInitScript(seenBefore);
      const page = await open(context, site.address + fragment);
      await waitFor(page);
      await act(page, context, site.address);
      assert.deepEqual(page.complaints.filter((said) => !complaints.some((expected) => expected.test(said))), []);
    } finally {
      await context.close();
    }
  };
}

export const total = (page) => page.textContent("#total");
/** Waits for a total such as `9s`, which a Korean page writes as `9초`. */
export const totalBecomes = (page, text) => page.waitForFunction((text) => document.querySelector("#total")?.textContent.replace("초", "s") === text, text);
/** The script's editor; the Python side has another one. */
export const editor = (page) => page.locator("#script-side .cm-content");

/** The script in the editor, which renders only its visible part. */
export const script = (page) => editor(page).innerText();

/** Replaces the whole script by typing. */
export async function write(page, text) {
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Replaces the script and waits for its total. */
export async function simulate(page, text, expected) {
  await write(page, text);
  await totalBecomes(page, expected);
  await settled(page);
}

/** Opens the draft with this text in its first line. */
export async function openDraft(page, text) {
  await page.click("#drafts");
  await page.locator(".draft", { hasText: text }).click();
}

/** Opens a lesson and uncovers its chart without a guess. */
export async function openLesson(page, slug) {
  await page.click("#lessons");
  await page.click(`[data-lesson="${slug}"]`);
  await page.click("#show-me");
  await settled(page);
  await page.waitForSelector("#lesson-more");
}

/** The question below the chart that leads to each panel. */
const DOORS = {
  findings: "why", difference: "why", compare: "what-if", sweep: "what-if", exercises: "practise", guess: "practise",
  proof: "prove", orders: "prove", numbers: "numbers",
};

/** Opens a panel below the chart. */
export async function look(page, panel) {
  await page.click(`#door-${DOORS[panel]}`);
  if (panel !== "numbers") await page.click(`#tab-${panel}`);
}

/** The fragment of a share link with any content, also invalid. */
export const link = (content) => {
  const json = typeof content === "string" ? content : JSON.stringify(content);
  return `#v1.${deflateRawSync(Buffer.from(json)).toString("base64url")}`;
};
