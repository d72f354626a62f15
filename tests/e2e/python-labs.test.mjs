// Python programs in labs: shown, run at the reader's click and never before, and shut in.
//
// The host has an origin of its own, like a course.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { requests } from "./python-side.mjs";
import { launch, link, open, serve } from "./site.mjs";

const PROGRAM = "import asyncio\n\n\nasync def main():\n    await asyncio.sleep(3)\n    print(\"a &lt; b\")\n\n\nasyncio.run(main())\n";
const plain = (text) => text.replaceAll("&lt;", "<");
/** Longer than the pause after which an edited program runs. */
const PAUSE_MS = 1_500;

let site;
let browser;
let server;
let body;
before(async () => {
  site = await serve();
  browser = await launch();
  server = createServer((request, response) => {
    response.writeHead(request.url === "/" ? 200 : 204, { "content-type": "text/html; charset=utf-8" });
    response.end(request.url === "/" ? body : undefined);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await site?.close();
});

const element = () => `<script src="${site.address}embed/v1/embed.js"></script>`;
const lab = (attributes = "", program = PROGRAM) => `<loopscope-lab lang="python" ${attributes}><pre>${program}</pre></loopscope-lab>`;

/** Opens a page of the host with the content that `written` gives; the parts of Python that are asked for are in `page.asked`. */
async function on(written, act, { lang = "en", complaints = [] } = {}) {
  body = `<!doctype html><html lang="${lang}"><body>${written()}</body></html>`;
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: "en-US" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.complaints = [];
    page.asked = requests(page);
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") page.complaints.push(message.text()); });
    await page.addInitScript(() => {
      if (top !== self) return;
      globalThis.heard = [];
      for (const name of ["ready", "result", "goal", "error"]) addEventListener(`loopscope-${name}`, ({ detail }) => globalThis.heard.push({ name, detail }));
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await act(page, context);
    assert.deepEqual(page.complaints.filter((said) => !complaints.some((expected) => expected.test(said))), []);
  } finally {
    await context.close();
  }
}

const heard = (page, name, phase) => page.waitForFunction(([name, phase]) => globalThis.heard.findLast((one) => one.name === name && (!phase || one.detail.phase === phase))?.detail, [name, phase]).then((found) => found.jsonValue());
/** The frame of our page. */
async function inside(page) {
  for (;;) {
    const frame = page.frames().find((frame) => frame.url().startsWith(site.address));
    if (frame) return frame;
    await page.waitForTimeout(20);
  }
}
const shown = (frame, text) => frame.locator("#python-side .cm-content").getByText(text).first().waitFor();
const strip = (frame, text) => frame.locator("#program-strip", { hasText: text }).waitFor();
async function type(page, frame, text) {
  await frame.click("#python-side .cm-content");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

test("the element shows its program, which runs at a click and not before", () => on(() => lab('goal="under 4 s"') + element(), async (page, context) => {
  const first = await heard(page, "result");
  assert.deepEqual([first.phase, first.script, first.problems, first.total_ns], ["idle", plain(PROGRAM), [], undefined]);
  const frame = await inside(page);
  await shown(frame, "asyncio.sleep(3)");
  assert.match(await frame.innerText("#program-strip"), /CPython in this page, cut off from the network/);
  assert.equal(await frame.locator("#total, #side-script, #start-over, #own-program").count(), 0);
  await page.waitForTimeout(PAUSE_MS);
  assert.deepEqual(page.asked, []);
  await frame.click("#run-program");
  await strip(frame, "Ended at 3");
  assert.equal(await frame.innerText(".program-output code"), "a < b");
  const result = await heard(page, "result", "settled");
  assert.deepEqual([result.total_ns, result.ending, result.script], [3e9, "finished", plain(PROGRAM)]);
  assert.equal((await heard(page, "goal")).reached, true);
  await frame.waitForSelector("#total");
  assert.equal(await frame.locator("#back").count(), 0);
  // The reader edits it, and the whole page has the edited program.
  await type(page, frame, plain(PROGRAM).replace("sleep(3)", "sleep(5)"));
  await strip(frame, "Ended at 5");
  await page.waitForFunction(() => globalThis.heard.some(({ name, detail }) => name === "goal" && !detail.reached));
  assert.match(await page.evaluate(() => document.querySelector("loopscope-lab").script), /sleep\(5\)/);
  const whole = await open(context, new URL(await frame.getAttribute("#whole-page", "href"), site.address).href);
  const asked = requests(whole);
  // It keeps the goal, and has no total before the program runs.
  await shown(whole, "asyncio.sleep(5)");
  assert.match(await whole.innerText("#goal"), /under 4 s/);
  await whole.waitForTimeout(PAUSE_MS);
  assert.deepEqual(asked, []);
  await whole.click("#run-program");
  await strip(whole, "Ended at 5");
}));

test("the page around sets programs and runs none", () => on(() => lab() + element(), async (page) => {
  await heard(page, "ready");
  const frame = await inside(page);
  await shown(frame, "asyncio.sleep(3)");
  const set = (text) => page.evaluate((text) => { document.querySelector("loopscope-lab").script = text; }, text);
  await set("print('theirs')\n");
  await shown(frame, "theirs");
  await frame.click("#run-program");
  await frame.locator(".program-output", { hasText: "theirs" }).waitFor();
  await set("print('again')\n");
  await shown(frame, "again");
  await page.waitForTimeout(PAUSE_MS);
  assert.equal(await frame.locator(".program-output").count(), 0);
  assert.equal(await page.evaluate(() => document.querySelector("loopscope-lab").script), "print('again')\n");
}));

test("errors are told to the page around with their lines", () => on(() => lab("", "import asyncio\n\nasync def main():\n    await 3\n\nasyncio.run(main())\n") + element(), async (page) => {
  await heard(page, "ready");
  const frame = await inside(page);
  await frame.click("#run-program");
  const { problems } = await heard(page, "result", "faulty");
  assert.deepEqual([problems[0].line, problems[0].severity], [4, "error"]);
  assert.match(problems[0].message, /TypeError/);
}));

test("locked lines of a program stay, and its words are in the reader's language", () => on(() => lab('frozen="1" height="500"', "import asyncio\nprint(1)\n") + element(), async (page) => {
  await heard(page, "ready");
  const frame = await inside(page);
  await shown(frame, "import asyncio");
  await frame.waitForFunction(() => document.querySelector("#python-side .editor-host")?.shadowRoot.querySelector(".cm-line.frozen"));
  assert.match(await frame.innerText("#run-program"), /실행/);
  await type(page, frame, "print(2)\n");
  assert.match(await frame.innerText("#python-side .cm-content"), /import asyncio\s+print\(1\)/);
}, { lang: "ko" }));

for (const [name, fragment] of [
  ["a link", () => `${link({ program: plain(PROGRAM) })}&embed`],
  ["its text in the address", () => `#embed&program=${encodeURIComponent(plain(PROGRAM))}`],
]) {
  test(`a plain frame does the same by ${name}`, () => on(() => `<iframe src="${site.address}${fragment()}" width="900" height="800"></iframe>`, async (page) => {
    const frame = await inside(page);
    await shown(frame, "asyncio.sleep(3)");
    await page.waitForTimeout(PAUSE_MS);
    assert.deepEqual(page.asked, []);
    await frame.click("#run-program");
    await strip(frame, "Ended at 3");
  }));
}

test("a frame without an origin of its own runs programs, too", () => on(() => `<iframe sandbox="allow-scripts" src="${site.address}#embed&program=${encodeURIComponent(plain(PROGRAM))}" width="900" height="800"></iframe>`, async (page) => {
  const frame = await inside(page);
  await shown(frame, "asyncio.sleep(3)");
  await frame.click("#run-program");
  await strip(frame, "Ended at 3");
}, { complaints: [/storage|Storage|sandboxed/] }));

test("a hostile program in a lab is refused in words", () => on(() => lab() + element(), async (page) => {
  await heard(page, "ready");
  const frame = await inside(page);
  const refused = async (text, words) => {
    await type(page, frame, text);
    await frame.click("#run-program");
    await strip(frame, words);
  };
  await refused("print('a')\nfrom js import fetch\n", "reaches the browser");
  for (const name of ["fetch", "localStorage", "parent", "navigator.serviceWorker"]) {
    await refused(`print('${name}')\nimport importlib\nimportlib.import_module("js").${name}\n`, "a program in the page gets no network, no storage and no page");
  }
  await refused("import socket\nsocket.create_connection(('example.org', 80)).send(b'')\nprint('stand-in')\n", "stand-in");
}));
