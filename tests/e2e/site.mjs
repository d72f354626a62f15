// The built site, served as any static host would, and a browser to look at it.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, process.env.LOOPSCOPE_DIST ?? "dist");

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm",
};

/** Serves dist/ below a path of its own, since the page must work under any. */
export async function serve() {
  if (!existsSync(join(dist, "index.html"))) throw new Error("nothing to serve; run `trunk build --release` first");
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname.replace(/^\/some\/where\//, "");
    const file = join(dist, normalize(`/${path === "" ? "index.html" : path}`));
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${server.address().port}/some/where/`;
  return { address, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

/** Debian's Chromium, or whatever CHROMIUM names. */
export function launch(options = {}) {
  const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].filter(Boolean);
  const executablePath = candidates.find((path) => existsSync(path));
  if (!executablePath) throw new Error("no Chromium; `apt-get install chromium`, or name one in CHROMIUM");
  return chromium.launch({ executablePath, args: ["--no-sandbox"], ...options });
}

/** A page with the first chart on it; what went wrong on it is collected in `page.complaints`. */
export async function open(context, address) {
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(message.text());
  });
  await page.goto(address);
  return page;
}

/** The chart is drawn, and the editor is there. */
export async function ready(page) {
  await page.waitForSelector("#total");
  await page.waitForSelector(".editor-host:not([hidden])", { state: "attached" });
}
