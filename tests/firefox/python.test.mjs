// Real Python in the page in Firefox: the Python side from a paste to the steps, a proof, FastAPI,
// what a hostile program tries, and a visit without a network.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { hasFastApi, serve } from "../e2e/site.mjs";
import { Firefox } from "./driver.mjs";

const CONTROL = "\uE009";
const PROGRAM = `import asyncio
import time


async def fetch():
    await asyncio.sleep(1)
    print("fetched")


async def report():
    time.sleep(5)
    print("done")


async def main():
    await asyncio.gather(fetch(), report())


asyncio.run(main())
`;

let firefox;
let site;
before(async () => {
  site = await serve();
  firefox = await Firefox.start();
  // Python starts in some seconds, on a busy machine in many.
  firefox.patience_ms = 120_000;
});
after(async () => {
  await firefox?.end();
  await site?.close();
});

async function open() {
  await firefox.open("about:blank");
  await firefox.open(site.address);
  await firefox.until(() => document.querySelector("main[data-phase=settled]") !== null && document.querySelector(".editor-host:not([hidden])") !== null);
}

/** Opens the Python side with the reader's own program, e.g. that of the script. */
async function own() {
  await firefox.click("#side-python");
  await firefox.until(() => document.querySelector("#own-program:enabled, #run-program") !== null);
  if (await firefox.run(() => document.querySelector("#own-program") !== null)) await firefox.click("#own-program");
  await firefox.until(() => document.querySelector("#python-side .editor-host:not([hidden])")?.shadowRoot.querySelector(".cm-content") && document.querySelector("#run-program") !== null);
}

/** Replaces the text of the editor on this side by a paste; typed lines would be indented by the editor. */
async function paste(side, text) {
  await firefox.run((text) => {
    const area = Object.assign(document.createElement("textarea"), { id: "copied", value: text });
    document.body.append(area);
    area.focus();
    area.select();
  }, text);
  await firefox.type("c", CONTROL);
  await firefox.run(() => document.querySelector("#copied").remove());
  const isWritten = (side, text) => {
    const content = document.querySelector(`#${side} .editor-host`).shadowRoot.querySelector(".cm-content");
    // Lines that are out of sight are not there.
    return text.startsWith([...content.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n").slice(0, text.length).trimEnd()) && content.textContent.startsWith(text.split("\n")[0]);
  };
  // In Firefox a key within some 10 ms of a regained focus can lose the caret.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await firefox.until((side) => {
      const root = document.querySelector(`#${side} .editor-host:not([hidden])`)?.shadowRoot;
      if (root?.querySelector(".cm-focused")) return true;
      root?.querySelector(".cm-content")?.focus();
      return false;
    }, side);
    await firefox.type("a", CONTROL);
    await firefox.type("v", CONTROL);
    if (await firefox.run(isWritten, side, text)) return;
  }
  assert.fail(`not pasted: ${text}`);
}

const strip = (text) => firefox.until((text) => document.querySelector("#program-strip")?.textContent.replaceAll("\u00a0", " ").includes(text), text);
const totalBecomes = (text) => firefox.until((text) => document.querySelector("#total")?.textContent === text, text);

/** The document of the sandboxed frame, which the build has written into the module. */
function frame() {
  const folder = new URL(`../../${process.env.LOOPSCOPE_DIST ?? "dist"}/python/`, import.meta.url);
  const client = readdirSync(folder).find((name) => name.startsWith("client-"));
  const [quoted] = /(["'`])<!doctype html>.*?<\\?\/script>\1/s.exec(readFileSync(new URL(client, folder), "utf8"));
  return quoted.slice(1, -1).replace(/\\(.)/g, "$1");
}

test("a program is pasted, run, edited and stepped through by its own lines", async () => {
  await open();
  await paste("script-side", PROGRAM);
  await firefox.click("#run-as-python");
  await strip("Ended at 5 s");
  await totalBecomes("5s");
  await firefox.until(() => [...document.querySelectorAll("#insight .finding .places")].some((place) => place.textContent.includes("line 11")));
  await firefox.click(".buttons button");
  for (let step = 0; step < 3; step += 1) await firefox.click("#step-on");
  await firefox.until(() => document.querySelector("#python-side .editor-host").shadowRoot.querySelector(".cm-line.active-line") !== null);
  // Each pause in the typing runs it again.
  await paste("python-side", PROGRAM.replace("sleep(5)", "sleep(3)"));
  await strip("Ended at 3 s");
  await totalBecomes("3s");
  await paste("python-side", "import itertools\nprint('begins')\nwhile True:\n    pass\n");
  await strip("the program still computes");
  await paste("python-side", "import itertools\nsum(itertools.repeat(0))\n");
  await firefox.click("#stop-program");
  await strip("Cancelled");
});

test("a script is proved, and a run of the program waits for its turn", async () => {
  await open();
  await paste("script-side", "lock m\nasync def a:\n    with m (await 1)\n    print \"out\"\nrun 3 a\n");
  await firefox.until(() => document.querySelector("#total")?.textContent === "3s");
  await firefox.click("#door-prove");
  await firefox.click("#tab-proof");
  await firefox.click("#prove-here:enabled");
  const verdict = await firefox.until(() => document.querySelector(".python-proof .proved .lead")?.textContent);
  assert.match(verdict, /^✓ 6 of 6 events as on CPython 3\.14\.\d+$/);
  await own();
  await paste("python-side", "import itertools\nsum(itertools.repeat(0))\n");
  await firefox.click("#run-program");
  await strip("Running");
  await firefox.click("#prove-here:enabled");
  await firefox.until(() => document.querySelector(".python-proof")?.textContent.includes("Waiting: Python runs the program first."));
  await firefox.click("#stop-program");
  await firefox.until(() => document.querySelector(".python-proof .proved .lead") !== null);
});

test("FastAPI takes 1000, 30 or 10 s for a hundred requests", { skip: !hasFastApi && "this build has no FastAPI" }, async () => {
  const app = (define, wait) => `import asyncio\nimport time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/ping")\n${define} ping():\n    ${wait}\n    return {}\n`;
  await open();
  await own();
  for (const [define, wait, total] of [["async def", "time.sleep(10)", "16min 40 s"], ["def", "time.sleep(10)", "30s"], ["async def", "await asyncio.sleep(10)", "10s"]]) {
    await paste("python-side", app(define, wait));
    await firefox.click("#run-program");
    await strip("100 × 200");
    await firefox.until((total) => document.querySelector("#total")?.textContent.replaceAll("\u00a0", " ") === total, total);
  }
});

test("a hostile program is refused in words, and a script in its place reaches nothing", async () => {
  await open();
  await own();
  const refused = async (program, words) => {
    await paste("python-side", program);
    await firefox.click("#run-program");
    await strip(words);
  };
  await refused("from js import fetch\n", "`import js` reaches the browser".replaceAll("`", ""));
  for (const name of ["fetch", "localStorage", "indexedDB", "parent", "navigator.serviceWorker"]) {
    await refused(`print('${name}')\nimport importlib\nimportlib.import_module("js").${name}\n`, "a program in the page gets no network, no storage and no page");
  }
  await refused("import importlib\nimportlib.import_module('socket').create_connection(('example.org', 80))\n", "needs the network");
  await firefox.run((address, html) => {
    const attack = async (address) => {
      const tries = {
        origin: () => self.origin,
        parent: () => typeof self.parent,
        document: () => typeof self.document,
        localStorage: () => typeof self.localStorage,
        fetch: () => fetch(address),
        script: () => importScripts(`${address}embed/v1/embed.js`),
        database: () => new Promise((resolve, reject) => {
          const request = indexedDB.open("x");
          request.onsuccess = resolve;
          request.onerror = () => reject(new Error("refused"));
        }),
        caches: () => caches.open("x"),
        serviceWorker: () => navigator.serviceWorker.register("offline.js"),
      };
      const found = {};
      for (const [name, act] of Object.entries(tries)) {
        try {
          found[name] = String(await act());
        } catch {
          found[name] = "refused";
        }
      }
      return found;
    };
    const script = `onmessage = async ({ ports: [port] }) => port.postMessage(await (${attack})(${JSON.stringify(address)}));`;
    // As `openSandbox` of www/python/client.js does it.
    const frame = document.createElement("iframe");
    const { port1, port2 } = new MessageChannel();
    frame.setAttribute("sandbox", "allow-scripts");
    frame.srcdoc = html;
    frame.onload = () => frame.contentWindow.postMessage({ version: 1, script, files: {} }, "*", [port2]);
    port1.onmessage = ({ data }) => { window.reached = JSON.stringify(data); };
    document.body.append(frame);
  }, site.address, frame());
  const found = JSON.parse(await firefox.until(() => window.reached));
  const nothing = ["fetch", "script", "database", "caches", "serviceWorker"].map((name) => [name, "refused"]);
  assert.deepEqual(found, { origin: "null", parent: "undefined", document: "undefined", localStorage: "undefined", ...Object.fromEntries(nothing) });
});

// The last one: the site is then gone.
test("the second visit needs no network", async () => {
  await open();
  await firefox.until(() => navigator.serviceWorker.controller !== null);
  await own();
  await paste("python-side", "print('first')\n");
  await firefox.click("#run-program");
  await firefox.until(() => document.querySelector(".program-output")?.textContent.includes("first"));
  // The module and a snapshot of the memory are kept after the first load.
  await firefox.until(async () => (await (await caches.open("loopscope.python")).keys()).length >= 6);
  await site.close();
  await open();
  await own();
  await paste("python-side", "print('second')\n");
  await firefox.click("#run-program");
  await firefox.until(() => document.querySelector(".program-output")?.textContent.includes("second"));
});
