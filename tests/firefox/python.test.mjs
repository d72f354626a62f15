// Real Python in the page in Firefox: every program of python/tests/programs, the Python side from
// a paste to the steps, a proof, FastAPI, what a hostile program tries, and a visit without a network.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { serve } from "../e2e/site.mjs";
import { isAsExpected, nativePrograms, told } from "../pyodide/programs.mjs";
import { Firefox } from "./driver.mjs";

/** Programs for which the page is asked at once; it runs one after another. */
const BATCH = 20;
/** A build that could not get FastAPI refuses it. */
const hasFastApi = readdirSync(new URL(`../../${process.env.LOOPSCOPE_DIST ?? "dist"}/python`, import.meta.url)).some((name) => name.startsWith("fastapi-"));
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

/** Replaces the text of the editor on this side by a paste; keys would be indented by the editor. */
const paste = (side, text) => firefox.run((side, text) => {
  const content = document.querySelector(`#${side} .editor-host`).shadowRoot.querySelector(".cm-content");
  content.focus();
  content.dispatchEvent(new KeyboardEvent("keydown", { key: "a", code: "KeyA", keyCode: 65, ctrlKey: true, bubbles: true, cancelable: true }));
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}, side, text);

const strip = (text) => firefox.until((text) => document.querySelector("#program-strip")?.textContent.replaceAll("\u00a0", " ").includes(text), text);
const totalBecomes = (text) => firefox.until((text) => document.querySelector("#total")?.textContent === text, text);

/** Loads the module of the page's Python (www/python), as the page would at the first run. */
const use = () => firefox.until(() => {
  if (!window.runtime) import(new URL(document.querySelector("meta[name=loopscope-runtime]").content, document.baseURI)).then((module) => { window.runtime = module; });
  return window.loopscopePython !== undefined && window.runtime !== undefined;
});

test("every program does the same as natively, one after another in one page", { timeout: 300_000 }, async (context) => {
  const programs = await nativePrograms();
  assert.ok(programs.length > 200);
  await open();
  await use();
  for (let first = 0; first < programs.length; first += BATCH) {
    const batch = programs.slice(first, first + BATCH);
    await firefox.run((batch) => {
      window.outcomes = undefined;
      (async () => {
        const outcomes = [];
        for (const { source, options } of batch) {
          try {
            const { result, trace } = await window.loopscopePython.run(source, { real_seconds: 60, ...options });
            outcomes.push({ ...JSON.parse(result), schema: JSON.parse(trace)?.schema ?? null });
          } catch ({ code, message }) {
            outcomes.push(code === "refused" ? { refused: message } : { refused: `${code}: ${message}` });
          }
        }
        window.outcomes = outcomes;
      })();
    }, batch.map(({ source, options }) => ({ source, options })));
    const outcomes = await firefox.until(() => window.outcomes);
    for (const [index, program] of batch.entries()) {
      const found = outcomes[index];
      if (isAsExpected(program, found)) continue;
      await context.test(program.name, () => assert.deepEqual(told(found), told(program.result), found.words));
    }
  }
});

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
  await use();
  await firefox.run((address) => {
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
    const { port, end } = window.runtime.openSandbox(new TextEncoder().encode(script), {}, (message) => { window.reached = { message }; });
    port.onmessage = ({ data }) => {
      end();
      window.reached = data;
    };
  }, site.address);
  const found = await firefox.until(() => window.reached);
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
