// Runs Lighthouse on the built site in the local Chromium and prints a table.
//
// Fails if a page is not fully accessible, well built and found by search engines. Speed depends on
// the machine, so it is only printed.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import lighthouse from "lighthouse";

const site = fileURLToPath(new URL("../../site", import.meta.url));
/** The pages in the arguments, or one of each kind. */
const PAGES = process.argv.length > 2 ? process.argv.slice(2) : ["", "ko/", "docs/language/", "lessons/the-gil/", "play/"];
const MUST_BE_FULL = ["accessibility", "best-practices", "seo"];
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".json": "application/json", ".txt": "text/plain" };

/** Serves files compressed, as a static host does. */
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
  try {
    const body = gzipSync(readFileSync(file));
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-encoding": "gzip", "cache-control": "max-age=600" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/`;

const profile = mkdtempSync(join(tmpdir(), "loopscope-lighthouse-"));
const quiet = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", [...quiet, "--remote-debugging-port=0", `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "pipe"] });
const port = await new Promise((done, failed) => {
  browser.on("error", failed);
  browser.on("exit", () => failed(new Error("Chromium ended")));
  browser.stderr.on("data", (text) => {
    const said = String(text).match(/ws:\/\/127\.0\.0\.1:(\d+)/);
    if (said) done(Number(said[1]));
  });
});

let wrong = 0;
console.log("| page | speed | accessible | well built | found | first picture | largest | blocked | moved |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const path of PAGES) {
  const { lhr } = await lighthouse(address + path, { port, output: "json", logLevel: "silent" });
  const score = (name) => Math.round(lhr.categories[name].score * 100);
  const said = (name) => lhr.audits[name].displayValue.replaceAll("\u00a0", " ");
  console.log(`| /${path} | ${[score("performance"), ...MUST_BE_FULL.map(score), said("first-contentful-paint"), said("largest-contentful-paint"), said("total-blocking-time"), said("cumulative-layout-shift")].join(" | ")} |`);
  for (const name of MUST_BE_FULL.filter((name) => score(name) < 100)) {
    wrong += 1;
    const audits = lhr.categories[name].auditRefs.map(({ id }) => lhr.audits[id]).filter((audit) => audit.score !== null && audit.score < 1);
    console.error(`/${path}: ${name} ${score(name)}: ${audits.map((audit) => audit.title).join("; ")}`);
  }
}
const ended = new Promise((done) => browser.on("close", done));
browser.kill();
await ended;
server.close();
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exitCode = wrong > 0 ? 1 : 0;
