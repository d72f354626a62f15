// Labs in a course page, in Firefox: the features that authors rely on. The course has an origin of
// its own.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { serve } from "../e2e/site.mjs";
import { Firefox } from "./driver.mjs";

const SCRIPT = "pool 4\ndef ping:\n    block 1s\nrun 8 ping\n";
const END = "\uE010";
const lab = (attributes = "", script = SCRIPT) => `<loopscope-lab ${attributes}><pre>${script}</pre></loopscope-lab>`;

/** Records the events of the labs, and opens their shadow roots for the tests. */
const LISTEN = `<script>
  globalThis.heard = [];
  for (const name of ["ready", "result", "goal", "error"]) addEventListener("loopscope-" + name, ({ detail, target }) => heard.push({ name, detail, id: target.id }));
  addEventListener("error", ({ message }) => heard.push({ name: "uncaught", detail: message }));
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); };
</script>`;

let firefox;
let site;
let server;
let host;
let body = "";

before(async () => {
  site = await serve();
  server = createServer((request, response) => {
    const isPage = new URL(request.url, "http://host").pathname === "/";
    response.writeHead(isPage ? 200 : 204, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(isPage ? `<!doctype html><html lang="en"><body>${LISTEN}${body}<script src="${site.address}embed/v1/embed.js"></script></body></html>` : undefined);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  host = `http://127.0.0.1:${server.address().port}/`;
  firefox = await Firefox.start();
});
after(async () => {
  await firefox?.end();
  server?.closeAllConnections();
  server?.close();
  await site?.close();
});

/** Opens a course page with this content; at the end there must be no errors in it. */
async function on(content, act) {
  body = content;
  await firefox.leave();
  await firefox.open("about:blank");
  await firefox.open(host);
  await act();
  await firefox.leave();
  assert.deepEqual(await firefox.run(() => heard.filter(({ name }) => name === "error" || name === "uncaught")), []);
}

/**
 * The first event of this name from a lab, for a result with this total; waits for it if necessary.
 */
const heard = (name, { id, total_s } = {}) => firefox.until((name, id, total_ns) => globalThis.heard.find((one) =>
  one.name === name && (!id || one.id === id) && (total_ns === null || one.detail.total_ns === total_ns))?.detail, name, id ?? "", total_s === undefined ? null : total_s * 1e9);

/**
 * Enters the frame of a lab, or a plain frame, when it is shown: before that, it cannot be clicked.
 */
const enter = async (selector = "loopscope-lab") => firefox.enter(await firefox.until((selector) => {
  const found = document.querySelector(selector);
  const frame = found.shadowRoot?.querySelector("iframe") ?? found;
  return frame.inert ? null : frame;
}, selector));

test("the element shows its script, runs it, and says so to the page", () => on(lab(), async () => {
  assert.equal((await heard("ready")).schema, "loopscope.embed/1");
  const result = await heard("result");
  assert.equal(result.total_ns, 2e9);
  assert.equal(result.script, SCRIPT);
  assert.ok(await firefox.run(() => document.querySelector("loopscope-lab").offsetHeight) > 400, "as high as what is in it");
  await enter();
  assert.equal(await firefox.run(() => document.querySelector("#total").textContent), "2s");
}));

test("a goal is judged at each run, and attributes that change are carried out", () => on(lab('goal="under 2 s"'), async () => {
  assert.equal((await heard("goal")).reached, false);
  await firefox.run(() => { document.querySelector("loopscope-lab").script = "pool 8\ndef ping: block 1s\nrun 8 ping\n"; });
  await heard("result", { total_s: 1 });
  await firefox.until(() => heard.some(({ name, detail }) => name === "goal" && detail.reached));
  await firefox.run(() => {
    const lab = document.querySelector("loopscope-lab");
    lab.setAttribute("panes", "result");
    lab.setAttribute("height", "333");
  });
  await firefox.until(() => document.querySelector("loopscope-lab").offsetHeight === 333);
  await enter();
  await firefox.until(() => document.querySelector("main[data-panes=result]") !== null);
}));

test("frozen lines stay, and others can be edited", () => on(lab('frozen="2-3"'), async () => {
  await heard("result");
  await enter();
  await firefox.until(() => document.querySelector(".editor-host:not([hidden])")?.shadowRoot.querySelectorAll(".cm-line.frozen").length === 2);
  // A click moves the caret, and then the keys type there.
  const at = async (line) => {
    await firefox.press(await firefox.run((line) => document.querySelector(".editor-host").shadowRoot.querySelectorAll(".cm-line")[line], line));
    await firefox.until(() => document.querySelector(".editor-host").shadowRoot.querySelector(".cm-focused") !== null);
  };
  const text = () => firefox.run(() => [...document.querySelector(".editor-host").shadowRoot.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
  await at(1);
  await firefox.type(END);
  await firefox.type("xyz");
  assert.match(await text(), /^pool 4\ndef ping:\n    block 1s\nrun 8 ping/);
  await at(0);
  await firefox.type(END);
  await firefox.type("0");
  await firefox.leave();
  await heard("result", { total_s: 1 });
  await enter();
  assert.match(await text(), /^pool 40\ndef ping:/);
}));

test("guessing covers every figure until it is uncovered", () => on(lab('guess="total" goal="under 3 s"'), async () => {
  await heard("result");
  await enter();
  await firefox.until(() => document.querySelector("#guess") !== null);
  assert.equal(await firefox.run(() => document.querySelectorAll("#total, .chart").length), 0);
  await firefox.click("#reveal");
  await firefox.until(() => document.querySelector("#total") !== null && document.querySelector("#goal .good") !== null);
}));

test("the plain frame does the same by its address alone", () => {
  const address = `${site.address}#embed&script=${encodeURIComponent("a: cpu 2 -> await 3\n")}`;
  return on(`<iframe src="${address}" width="800" height="600"></iframe>`, async () => {
    await enter("iframe");
    await firefox.until(() => document.querySelector("#total")?.textContent === "5s");
  });
});

test("two labs are two labs", () => on(lab('id="one" height="300"') + lab('id="two" height="300"', "a: await 7\n"), async () => {
  await heard("result", { id: "one", total_s: 2 });
  await heard("result", { id: "two", total_s: 7 });
  assert.deepEqual(await firefox.run(() => [...document.querySelectorAll("loopscope-lab")].map((lab) => lab.result.total_ns)), [2e9, 7e9]);
}));

test("who comes back finds the lab at work", () => on(lab(), async () => {
  await heard("result", { total_s: 2 });
  await firefox.open(`${site.address}icon.svg`);
  await firefox.do("POST", "/back", {});
  await firefox.run(() => { globalThis.heard.length = 0; });
  await firefox.until(() => document.querySelector("loopscope-lab").result !== null);
  await firefox.run(() => { document.querySelector("loopscope-lab").script = "a: await 4\n"; });
  await heard("result", { total_s: 4 });
}));
