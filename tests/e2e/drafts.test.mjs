// No typed text is lost: when the script is replaced, links are opened, tabs are closed, or the
// storage is full.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { editor, link, look, open, openDraft, ready, script, settled, simulate, suite, totalBecomes, write } from "./site.mjs";

const on = suite();

const MINE = "my_work_of_a_week: await 42\n";
/** Runs until it is cancelled. */
const ENDLESS = "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n";

/** Tabs share one storage. */
const stored = (page, key) => page.evaluate((key) => localStorage.getItem(`loopscope.${key}`), key);
const isStored = (page, key, text) => page.waitForFunction(([key, text]) => localStorage.getItem(`loopscope.${key}`)?.includes(text), [key, text]);
const follow = (page, script) => page.evaluate((fragment) => { location.hash = fragment; }, link({ script }));

async function writeMine(page) {
  await simulate(page, MINE, "42s");
  await isStored(page, "script", MINE);
}

async function openLesson(page, number) {
  await page.click("#lessons");
  await page.locator("[data-lesson]").nth(number - 1).click();
  await settled(page);
}

/** The listed drafts: the first line of each and its description. */
async function drafts(page) {
  await page.click("#drafts");
  const rows = await page.locator(".draft").evaluateAll((all) => all.map((row) => [...row.children].map((part) => part.textContent)));
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  return rows;
}

/** Another visit: a new tab with the same storage. */
async function visit(context, address) {
  const page = await open(context, address);
  await ready(page);
  return page;
}

test("your script comes back after two exercises", () => on(async (page) => {
  await writeMine(page);
  const exercise = page.locator("[data-family]");
  for (const index of [0, 3]) {
    await look(page, "exercises");
    const before = await script(page);
    await exercise.nth(index).click();
    await page.waitForFunction(([editor, before]) => editor.innerText !== before, [await editor(page).elementHandle(), before]);
  }
  await openDraft(page, "my_work_of_a_week");
  await page.waitForFunction((editor) => editor.innerText.startsWith("my_work_of_a_week: await 42"), await editor(page).elementHandle());
}));

test("drafts are listed with what replaced them, and the one that is opened gives way to the next", () => on(async (page) => {
  await writeMine(page);
  await openLesson(page, 3);
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.insertText("# my third\n");
  await openLesson(page, 4);
  const [[third, before4], [week, before3]] = await drafts(page);
  assert.deepEqual([third, week], ["# my third", "my_work_of_a_week: await 42"]);
  assert.match(before4, /^before lesson 4 · just now · \d+ lines$/);
  assert.equal(before3, "before lesson 3 · just now");
  await openDraft(page, "my_work_of_a_week");
  await totalBecomes(page, "42s");
  await openDraft(page, "my third");
  await settled(page);
  assert.match(await script(page), /^# my third/);
  assert.deepEqual((await drafts(page)).map(([line]) => line), ["my_work_of_a_week: await 42"]);
}));

test("the list is used from the keyboard, and left as it was by Escape", () => on(async (page) => {
  await writeMine(page);
  await follow(page, "theirs: await 7\n");
  await totalBecomes(page, "7s");
  await page.focus("#drafts");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.match(await script(page), /theirs/);
  await page.focus("#drafts");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  for (let tabs = 0; tabs < 5 && !await page.evaluate(() => document.activeElement.matches(".draft")); tabs++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await totalBecomes(page, "42s");
}));

test("what you only looked at is not listed as written by you", () => on(async (page) => {
  await openLesson(page, 3);
  await follow(page, "theirs: await 7\n");
  await totalBecomes(page, "7s");
  await openLesson(page, 5);
  assert.deepEqual((await drafts(page)).map(([line, said]) => [line, said.split(" · ")[0]]), [["theirs: await 7", "from a link"]]);
  assert.equal(await stored(page, "script"), null);
}));

/** A page of another origin with a button that opens ours. */
async function stranger(address, act) {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><link rel="icon" href="data:,"><button onclick="w = window.open('${address}')">Win a prize</button>`);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await act(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a page of another origin wipes nothing, whatever it opens and navigates", () => on((page, context, address) => stranger(address, async (strange) => {
  await writeMine(page);
  await openLesson(page, 3);
  await simulate(page, "my_second: await 41\n", "41s");
  await isStored(page, "script", "my_second");
  await page.close();
  const other = await context.newPage();
  await other.goto(strange);
  const [opened] = await Promise.all([context.waitForEvent("page"), other.click("button")]);
  await ready(opened);
  for (let index = 1; index <= 8; index++) {
    await other.evaluate((to) => { globalThis.w.location = to; }, address + link({ script: `theirs: await ${index}\n` }));
    await totalBecomes(opened, `${index}s`);
  }
  // The same in a new tab each time.
  for (let index = 11; index <= 16; index++) {
    const to = address + link({ script: `theirs: await ${index}\n` });
    const [tab] = await Promise.all([context.waitForEvent("page"), other.evaluate((to) => { window.open(to); }, to)]);
    await totalBecomes(tab, `${index}s`);
    await tab.close();
  }
  const back = await visit(context, address);
  await totalBecomes(back, "41s");
  const written = (await drafts(back)).filter(([, said]) => !said.startsWith("from a link"));
  assert.deepEqual(written.map(([line]) => line), ["my_work_of_a_week: await 42"]);
  // The script is there in the opened tab, too.
  await openDraft(opened, "my_second");
  await totalBecomes(opened, "41s");
})));

test("a link's text outlives a page that its run ends", () => on(async (page, context, address) => {
  await writeMine(page);
  await follow(page, ENDLESS);
  await page.waitForSelector("#cancel");
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await crashed;
  const back = await visit(context, address);
  await totalBecomes(back, "42s");
  await openDraft(back, "async def spin");
  await back.waitForSelector("#cancel");
  assert.match(await script(back), /repeat 1000000/);
}));

test("a reload shows a link and a lesson again, and your own script is untouched", () => on(async (page) => {
  await writeMine(page);
  await follow(page, "theirs: await 7\n");
  await totalBecomes(page, "7s");
  await page.reload();
  await totalBecomes(page, "7s");
  await openLesson(page, 1);
  const lesson = await script(page);
  await page.reload();
  // The lesson asks again.
  await page.waitForSelector(".answer-button");
  await page.waitForSelector(".editor-host:not([hidden])");
  assert.equal(await script(page), lesson);
  assert.equal(await stored(page, "script"), MINE);
  await openDraft(page, "my_work_of_a_week");
  await totalBecomes(page, "42s");
  await page.reload();
  await totalBecomes(page, "42s");
}));

test("typing without a pause is stored all the same", () => on(async (page) => {
  await write(page, "a: await 4\n# ");
  await isStored(page, "script", "a: await 4");
  const saved = await stored(page, "script");
  // 400 keys take far longer than the two seconds between savings.
  for (let key = 0; key < 400 && await stored(page, "script") === saved; key++) await page.keyboard.type("x", { delay: 20 });
  assert.match(await stored(page, "script"), /# xx/);
}));

test("a page that is hidden has stored what was typed", () => on(async (page) => {
  await write(page, MINE);
  const kept = await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
    // At once: a page that closes gets no later task.
    return localStorage.getItem("loopscope.script");
  });
  assert.equal(kept, MINE);
}));

/** Types a whole script in the page's own task, and leaves the page that many milliseconds later. */
async function typeAndLeave(page, text, delay) {
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+a");
  // Otherwise `insertText` keeps the look of the old text by an inline style, which the page refuses.
  await page.keyboard.press("Delete");
  await page.evaluate(([text, delay]) => {
    document.execCommand("insertText", false, text);
    setTimeout(() => { location = "about:blank"; }, delay);
  }, [text, delay]);
  await page.waitForURL("about:blank");
}

test("whatever you type up to 30 ms before the page closes is there again", () => on(async (page, context, address) => {
  for (let tried = 0; tried < 20; tried++) {
    const seconds = 20 + tried;
    await typeAndLeave(page, `last_word: await ${seconds}\n`, tried * 1.5);
    await page.goto(address);
    await ready(page);
    await totalBecomes(page, `${seconds}s`);
  }
}));

/**
 * Makes Yew wait for a timer after each turn, as a slow machine does, and never fires the timer: the
 * page closes before.
 */
const stall = (page) => page.evaluate(() => {
  const later = globalThis.setTimeout;
  let now = Date.now();
  Date.now = () => now += 20;
  globalThis.setTimeout = (act, delay) => (delay === 0 ? 0 : later(act, delay));
});

test("a page that closes before it has handled a key has stored the text", () => on(async (page, context, address) => {
  await writeMine(page);
  await stall(page);
  await write(page, "first: await 51\n");
  await write(page, "last: await 52\n");
  await page.close({ runBeforeUnload: true });
  const back = await visit(context, address);
  await totalBecomes(back, "52s");
}));

test("your own Python program is stored as well when the page closes at once", () => on(async (page, context, address) => {
  await page.click("#side-python");
  await page.click("#own-program:enabled");
  const program = page.locator("#python-side .cm-content[contenteditable=true]");
  await program.click();
  await stall(page);
  for (const text of ["# first", "# last"]) {
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  }
  await page.close({ runBeforeUnload: true });
  const back = await visit(context, address);
  assert.equal(await stored(back, "program"), "# last");
}));

test("of two tabs the one that closes before it has handled a key keeps both scripts", () => on(async (page, context, address) => {
  await writeMine(page);
  const other = await visit(context, address);
  await stall(page);
  await simulate(other, "theirs: await 3\n", "3s");
  await isStored(other, "script", "theirs");
  await write(page, "last: await 52\n");
  await page.close({ runBeforeUnload: true });
  const back = await visit(context, address);
  await totalBecomes(back, "52s");
  assert.deepEqual(await drafts(back), [["theirs: await 3", "from another tab · just now"]]);
}));

test("of two tabs the one that is saved first keeps its script, too", () => on(async (page, context, address) => {
  await writeMine(page);
  const other = await visit(context, address);
  await totalBecomes(other, "42s");
  await simulate(page, "first: await 3\n", "3s");
  await isStored(page, "script", "first");
  await other.waitForSelector("#elsewhere");
  await simulate(other, "second: await 4\n", "4s");
  await isStored(other, "script", "second");
  await page.waitForSelector("#elsewhere");
  await Promise.all([page, other].map((tab) => tab.close()));
  const back = await visit(context, address);
  await totalBecomes(back, "4s");
  assert.deepEqual(await drafts(back), [["first: await 3", "from another tab · just now"]]);
}));

test("a draft is listed in the tab beside, too", () => on(async (page, context, address) => {
  await writeMine(page);
  const other = await visit(context, address);
  await simulate(other, "second: await 4\n", "4s");
  await openLesson(other, 3);
  await openDraft(page, "second");
  await totalBecomes(page, "4s");
}));

/** Fills the storage before the first visit only. */
const before = (things) => (context) => context.addInitScript((things) => {
  if (localStorage.length === 0) for (const [key, value] of Object.entries(things)) localStorage.setItem(key, value);
}, things);

test("drafts of an earlier version are read", () => on(async (page) => {
  assert.deepEqual(await drafts(page), [["older: await 2", ""], ["old: await 1", ""]]);
  assert.equal(await stored(page, "drafts"), null);
  await page.reload();
  await ready(page);
  assert.equal((await drafts(page)).length, 2);
}, { prepare: before({ "loopscope.drafts": "15\nolder: await 2\n13\nold: await 1\n" }) }));

test("of a damaged list nothing is thrown away", () => on(async (page) => {
  assert.deepEqual(await drafts(page), [["reader - 5 999", "recovered from damaged storage · 2 lines"], ["mine: await 1", ""]]);
  await openDraft(page, "damaged");
  assert.match(await script(page), /mine: await 2/);
}, { prepare: before({ "loopscope.drafts.2": "reader - 0 13\nmine: await 1reader - 5 999\nmine: await 2" }) }));

/** Fills the whole storage, as another project on the same host may. */
const fillStorage = (page) => page.evaluate(() => {
  for (let length = 1 << 23; length > 0; length >>= 1) {
    for (;;) {
      try {
        localStorage.setItem(`other.${localStorage.length}`, "x".repeat(length));
      } catch {
        break;
      }
    }
  }
});

test("in a full storage your script takes the room of what links brought", () => on(async (page) => {
  await writeMine(page);
  await follow(page, `theirs: await 7\n${"# long\n".repeat(500)}`);
  await totalBecomes(page, "7s");
  await isStored(page, "drafts.2", "# long");
  await openDraft(page, "my_work_of_a_week");
  await totalBecomes(page, "42s");
  await fillStorage(page);
  await write(page, `${MINE}${"# mine\n".repeat(100)}`);
  await isStored(page, "script", "# mine");
  assert.doesNotMatch(await stored(page, "drafts.2"), /# long/);
  assert.equal(await page.getByText("not saved", { exact: false }).count(), 0);
}));

test("a full storage that has no room for what was replaced says so, and the tab still has it", () => on(async (page) => {
  await writeMine(page);
  await fillStorage(page);
  await openLesson(page, 3);
  assert.match(await page.textContent("#notice"), /storage is full/);
  await page.click("#drafts");
  await page.locator("dialog .bad").waitFor();
  await page.locator(".draft", { hasText: "my_work_of_a_week" }).click();
  await totalBecomes(page, "42s");
}));

test("without storage the drafts are there until the tab is closed", () => on(async (page) => {
  await simulate(page, MINE, "42s");
  await openLesson(page, 3);
  assert.equal(await page.locator("#notice").count(), 0);
  await openDraft(page, "my_work_of_a_week");
  await totalBecomes(page, "42s");
}, { prepare: (context) => context.addInitScript(() => {
  Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
}) }));
