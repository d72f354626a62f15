// The page of `loopscope serve`, and attacks on the companion by other pages.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { start } from "./companions.mjs";
import { launch, look, open, ready, simulate } from "./site.mjs";

let companion;
let foreign;
let browser;

/** A foreign page, on another port of this machine. */
async function stranger() {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>stranger</title><body></body>");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}

before(async () => {
  companion = await start();
  foreign = await stranger();
  browser = await launch({ args: ["--host-resolver-rules=MAP evil.test 127.0.0.1"] });
});

after(async () => {
  await browser?.close();
  companion?.end();
  foreign?.server.closeAllConnections();
  foreign?.server.close();
});

async function on(address, act) {
  const context = await browser.newContext({ locale: "en-US" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const answer = address && await page.goto(address);
    await act(page, answer);
  } finally {
    await context.close();
  }
}

/** Requests a legitimate run; returns how many runs were queued before it. */
async function aheadOfUs() {
  const answer = await fetch(`${companion.place}api/verify`, {
    method: "POST",
    headers: { authorization: `Bearer ${companion.token}`, "content-type": "application/json" },
    body: JSON.stringify({ script: "a: await 1ms\n", runtime: "tokio", runs: 1 }),
  });
  const lines = (await answer.text()).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.at(-1).event, "done");
  return lines[0].ahead;
}

const body = JSON.stringify({ script: "a: await 20s\n", runtime: "tokio", runs: 1 });

test("the page inside the program runs, and keeps its own policy and the server's", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await open(context, await companion.take());
  await ready(page);
  await simulate(page, "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n", "9s");
  assert.equal(await page.getAttribute("meta[name=loopscope-offline]", "content", { timeout: 100 }).catch(() => null), null);
  assert.deepEqual(page.complaints, []);
  await context.close();
});

const kept = (page) => page.evaluate(() => sessionStorage.getItem("loopscope.token"));

/** The browser's history as its user can see it. */
const visited = async (page) => {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  return JSON.stringify([entries, page.url()]);
};

test("C9: no address of the browser's history holds the token, and a reload keeps it", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await open(context, await companion.take());
  await ready(page);
  await page.waitForFunction(() => sessionStorage.getItem("loopscope.token"));
  assert.equal(await kept(page), companion.token);
  assert.ok(!(await visited(page)).includes(companion.token));
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await ready(page);
  assert.equal(await kept(page), companion.token);
  assert.deepEqual(page.complaints, []);
  await context.close();
});

test("an address that was opened before gives no token, and says which one does", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  const page = await open(context, companion.first);
  await ready(page);
  await look(page, "proof");
  await page.waitForSelector(".trouble[data-code=spent]");
  assert.match(await page.textContent(".trouble"), /printed last/);
  assert.equal(await kept(page), null);
  // The address that was printed last, in the same tab.
  const next = await companion.take();
  await page.evaluate((hash) => { location.hash = hash; }, new URL(next).hash);
  await page.waitForSelector("#prove:enabled");
  assert.equal(await kept(page), companion.token);
  assert.deepEqual(page.complaints.filter((said) => !/401/.test(said)), []);
  await context.close();
});

test("the used address in a tab that has the token already does no harm", async () => {
  const context = await browser.newContext({ locale: "en-US" });
  const used = await companion.take();
  const page = await open(context, used);
  await ready(page);
  await look(page, "proof");
  await page.waitForSelector("#prove:enabled");
  await page.evaluate((hash) => { location.hash = hash; }, new URL(used).hash);
  await page.waitForFunction(() => location.hash === "");
  await page.reload();
  await ready(page);
  await look(page, "proof");
  await page.waitForSelector("#prove:enabled");
  await context.close();
});

test("C1: a name that was made to point here is not ours", () => on(`http://evil.test:${new URL(companion.place).port}/`, (page, answer) => {
  assert.equal(answer.status(), 403);
}));

test("C2: a form and a simple request of another page start nothing", () => on(foreign.address, async (page) => {
  await page.evaluate(async ([address, body]) => {
    await fetch(address, { method: "POST", mode: "no-cors", headers: { "content-type": "text/plain" }, body }).catch(() => {});
  }, [`${companion.place}api/verify`, body]);
  await page.setContent(`<form method="post" enctype="text/plain" action="${companion.place}api/verify"><input name='${body}'></form>`);
  const [answer] = await Promise.all([
    page.waitForResponse(`${companion.place}api/verify`),
    page.evaluate(() => document.forms[0].submit()),
  ]);
  assert.equal(answer.status(), 403);
  assert.equal(await aheadOfUs(), 0);
}));

test("C3: no other page gets a WebSocket", () => on(foreign.address, async (page) => {
  const outcome = await page.evaluate((address) => new Promise((done) => {
    const socket = new WebSocket(address);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  }), companion.place.replace("http:", "ws:") + "api/verify");
  assert.equal(outcome, "refused");
}));

test("C4: no other page reads an answer, not even with the token", () => on(foreign.address, async (page) => {
  const read = await page.evaluate(async ([place, token, body]) => {
    const attempts = [
      fetch(`${place}api/hello?nonce=0123456789abcdef`),
      fetch(`${place}api/verify`, {
        method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body,
      }),
      new Promise((done, fail) => {
        const script = Object.assign(document.createElement("script"), { src: `${place}api/hello?nonce=0123456789abcdef` });
        script.onload = done;
        script.onerror = () => fail(new Error("blocked"));
        document.head.append(script);
      }),
    ];
    return (await Promise.allSettled(attempts)).map((each) => each.status);
  }, [companion.place, companion.token, body]);
  assert.deepEqual(read, ["rejected", "rejected", "rejected"]);
  assert.equal(await aheadOfUs(), 0);
}));

test("C5: a frame without an origin reads nothing", () => on(foreign.address, async (page) => {
  const outcome = await page.evaluate((place) => new Promise((done) => {
    addEventListener("message", (event) => done(event.data));
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.srcdoc = `<script>fetch("${place}api/hello?nonce=0123456789abcdef")
      .then(() => "read", () => "refused").then((word) => parent.postMessage(word, "*"))</script>`;
    document.body.append(frame);
  }), companion.place);
  assert.equal(outcome, "refused");
}));

test("C12: no other page frames it", () => on(foreign.address, async (page) => {
  await page.evaluate((place) => {
    const frame = Object.assign(document.createElement("iframe"), { src: place, id: "framed" });
    document.body.append(frame);
    return new Promise((done) => { frame.onload = done; });
  }, companion.place);
  const frame = page.frames().find((each) => each !== page.mainFrame());
  assert.ok(!frame.url().startsWith(companion.place), frame.url());
}));

test("after all that it still serves", async () => {
  assert.equal((await fetch(companion.place)).status, 200);
  assert.equal(await aheadOfUs(), 0);
});
