// Real Python in the page (www/python): loaded when it is used, kept, cancelled, and shut in.
//
// The tests call its module inside the built page, under the page's policy; `prove-python.test.mjs`
// uses it by the page's own buttons.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SLEEPS, run, use } from "./python-runtime.mjs";
import { requests } from "./python-side.mjs";
import { ready, suite } from "./site.mjs";

const on = suite();

const PARTS = ["interpreter", "library", "loopscope", "worker"];

test("nothing of it is in the first visit; a program runs, is edited, and runs again", () => on(async (page) => {
  const asked = requests(page);
  await page.reload();
  await ready(page);
  assert.deepEqual(asked, []);
  await use(page);
  assert.deepEqual(asked, ["client"]);
  const progress = await page.evaluate(async () => {
    const told = [];
    await window.loopscopePython.load({ onProgress: (bytes, total) => told.push([bytes, total]) });
    return told;
  });
  // The module asks for itself once more, to be kept.
  const parts = () => asked.filter((part) => part !== "client").sort();
  assert.deepEqual(parts(), PARTS);
  assert.deepEqual(progress.map(([bytes]) => bytes), progress.map(([bytes]) => bytes).toSorted((one, other) => one - other));
  assert.equal(progress.at(-1)[0], progress.at(-1)[1]);
  const first = await run(page, SLEEPS(5));
  assert.deepEqual([first.ending, first.total_ns, first.lines[0].text, first.lines[0].at_ns], ["finished", 5e9, "held", 5e9]);
  assert.match(first.python, /^3\.\d+\.\d+$/);
  assert.deepEqual([first.blamed[0].source, first.blamed[0].waited_ns], ["time.sleep(5)", 4e9]);
  assert.deepEqual([first.trace.schema, first.trace.end_ns], ["loopscope.trace/1", 5e9]);
  assert.equal((await run(page, SLEEPS(3))).total_ns, 3e9);
  assert.deepEqual(parts(), PARTS);
}));

test("a program without an end is ended: a loop, memory, and a loop in C by a cancel", () => on(async (page) => {
  await use(page);
  const loop = await run(page, "print('begins')\nwhile True:\n    pass\n", { real_seconds: 1 });
  assert.equal(loop.ending, "limit");
  assert.match(loop.message, /^line \d: the program still computes after 1 s of real time, the limit$/);
  assert.equal(loop.lines[0].text, "begins");
  const memory = await run(page, "x = []\nwhile True:\n    x.append(bytearray(50_000_000))\n", { real_seconds: 60 });
  assert.deepEqual([memory.ending, memory.problems[0].kind, memory.problems[0].place.line], ["error", "MemoryError", 3]);
  const endless = run(page, "import itertools\nsum(itertools.repeat(0))\n");
  await page.waitForFunction(() => window.loopscopePython.state === "running");
  assert.equal((await run(page, "")).rejected, "busy");
  await page.evaluate(() => window.loopscopePython.cancel());
  assert.equal((await endless).rejected, "AbortError");
  assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
}));

test("a loop that cannot be interrupted is ended from outside", () => on(async (page) => {
  await use(page);
  const endless = await run(page, "import itertools\nsum(itertools.repeat(0))\n", { real_seconds: 0.1 });
  assert.equal(endless.ending, "limit");
  assert.match(endless.message, /could not be interrupted$/);
  assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
}));

test("errors and deadlocks come with plain words, nothing is left behind, and no program reaches the browser", () => on(async (page) => {
  await use(page);
  const wrong = await run(page, "import asyncio\nasyncio.sleep = None\nimport builtins\nbuiltins.print = 3\n1 / 0\n");
  assert.deepEqual([wrong.ending, wrong.problems[0].kind, wrong.problems[0].place.line], ["error", "ZeroDivisionError", 5]);
  const stuck = await run(page, "import asyncio\nasync def f():\n    await asyncio.sleep(1)\n    await asyncio.Event().wait()\nprint('begins')\nasyncio.run(f())\n");
  assert.deepEqual([stuck.ending, stuck.waiting[0].words], ["deadlock", "line 4: `f` waits for an event or a future that is never set"]);
  assert.equal(stuck.lines[0].text, "begins");
  assert.equal((await run(page, "", { speed: 1 })).rejected, "refused");
  assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
  const asks = await run(page, "import asyncio\nfrom js import fetch\n");
  assert.deepEqual([asks.ending, asks.message.split(".")[0]], ["refused", "line 2: `import js` reaches the browser"]);
  for (const name of ["fetch", "indexedDB", "caches", "XMLHttpRequest", "navigator", "postMessage", "localStorage", "parent"]) {
    const sneaks = await run(page, `import importlib\nimportlib.import_module("js").${name}\n`);
    assert.equal(sneaks.ending, "error", name);
    assert.match(sneaks.problems[0].message, /a program in the page gets no network, no storage and no page/);
  }
  const connects = await run(page, "import importlib\nimportlib.import_module('socket').create_connection(('example.org', 80))\n");
  assert.deepEqual([connects.ending, /needs the network/.test(connects.message)], ["refused", true]);
}));

test("even a script of its own reaches nothing from the sandbox", () => on(async (page, _, address) => {
  await use(page);
  const found = await page.evaluate((address) => new Promise((resolve, reject) => {
    const attack = async (address) => {
      const tries = {
        origin: () => self.origin,
        parent: () => typeof self.parent,
        document: () => typeof self.document,
        localStorage: () => typeof self.localStorage,
        fetch: () => fetch(address),
        own: () => fetch("data:text/plain,x"),
        request: () => new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = resolve;
          request.onerror = () => reject(new Error("refused"));
          request.open("GET", address);
          request.send();
        }),
        socket: () => new Promise((resolve, reject) => {
          const socket = new WebSocket(address.replace("http", "ws"));
          socket.onopen = resolve;
          socket.onerror = () => reject(new Error("refused"));
        }),
        script: () => importScripts(`${address}embed/v1/embed.js`),
        module: () => import(`${address}embed/v1/embed.js`),
        text: () => new Function("return 1")(),
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
    const { port, end } = window.runtime.openSandbox(new TextEncoder().encode(script), {}, reject);
    port.onmessage = ({ data }) => {
      end();
      resolve(data);
    };
  }), address);
  const refused = ["fetch", "own", "request", "socket", "script", "module", "text", "database", "caches", "serviceWorker"];
  assert.deepEqual(found, {
    origin: "null", parent: "undefined", document: "undefined", localStorage: "undefined",
    ...Object.fromEntries(refused.map((name) => [name, "refused"])),
  });
}, { complaints: [/policy|Policy|CSP|Refused|violates|net::|WebSocket|asked for/] }));

test("a load that is cancelled says so, and the next one goes on", () => {
  let goes;
  const network = new Promise((done) => { goes = done; });
  return on(async (page) => {
    await use(page);
    const outcome = await page.evaluate(async () => {
      const controller = new AbortController();
      const loading = window.loopscopePython.load({ signal: controller.signal, onProgress: () => controller.abort() });
      return loading.then(() => "loaded", ({ name }) => name);
    });
    assert.equal(outcome, "AbortError");
    goes();
    const again = await page.evaluate(async () => {
      const loading = window.loopscopePython.load();
      window.loopscopePython.cancel();
      return loading.then(() => "loaded", ({ name }) => name);
    });
    assert.equal(again, "AbortError");
    assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
  }, { prepare: (context) => context.route(/python\/interpreter-/, async (route) => { await network; await route.continue().catch(() => {}); }) });
});

test("without a network it says which part is missing, and a part that was changed is not used", () => {
  let answer = (route) => route.abort();
  return on(async (page) => {
    await use(page);
    const missing = await run(page, "");
    assert.deepEqual([missing.rejected, /^library-/.test(missing.message)], ["offline", true]);
    answer = (route) => route.fulfill({ body: "changed" });
    assert.equal((await run(page, "")).rejected, "damaged");
    answer = (route) => route.continue();
    assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
  }, { prepare: (context) => context.route(/python\/library-/, (route) => answer(route)), complaints: [/Failed to load resource/] });
});

test("it is kept: the next visit downloads nothing, needs no network, and uses no part that was changed", () => on(async (page, context) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await use(page);
  await run(page, "");
  // The module and a snapshot of the memory are kept after the first load.
  await page.waitForFunction(async () => (await (await caches.open("loopscope.python")).keys()).length === 6);
  const asked = requests(page);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await use(page);
  assert.equal((await run(page, SLEEPS(2))).total_ns, 2e9);
  await context.setOffline(false);
  await page.evaluate(async () => {
    const cache = await caches.open("loopscope.python");
    const change = async (part, content) => cache.put((await cache.keys()).find(({ url }) => url.includes(part)), new Response(content));
    await change("/library-", "changed by another project");
    await change("/snapshot?", new Blob(["changed by another project"]).stream().pipeThrough(new CompressionStream("gzip")));
  });
  await page.reload();
  await ready(page);
  await use(page);
  assert.equal((await run(page, SLEEPS(3))).total_ns, 3e9);
  assert.deepEqual(asked.filter((part) => part !== "client"), ["library"]);
}, { serviceWorkers: "allow" }));
