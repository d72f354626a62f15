// Screenshots of the page's main states, from the built site in dist/.
//
// `node tools/pictures.mjs` writes the few that the documentation shows to docs/pictures. `node
// tools/pictures.mjs FOLDER` writes every state at every size, light and dark, in both languages,
// for review; with a regular expression behind it only those whose name it matches, e.g.
// `node tools/pictures.mjs /tmp/pictures 'deadlock-.*-dark'`.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, open, ready, serve } from "../tests/e2e/site.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const SIZES = { wide: [1440, 900], laptop: [1024, 768], tablet: [768, 1024], handset: [390, 844], landscape: [844, 390], phone: [320, 640] };
/** For previews of links (tools/site/frame.mjs). */
const CARD = [1200, 630];
const TOUCHED = ["handset", "landscape", "phone"];

const SCRIPTS = {
  faulty: "async def order:\n    awiat 1s\n    block 3x\nrun 3 ordre\n",
  deadlock: "lock a\nlock b\nasync def one:\n    with a:\n        await 1\n        with b:\n            await 1\nasync def two:\n    with b:\n        await 1\n        with a:\n            await 1\nrun one\nrun two\n",
  failures: "async def slow:\n    timeout 2s:\n        await 5s\nasync def broken:\n    await 1s\n    fail \"no\"\nasync def both:\n    group:\n        spawn slow\n        spawn broken\nrun both\nrun slow\n",
  pool: "pool 4\n\ndef ping: block 1\nasync def pong: cpu 500ms -> await 2s \"asyncpg\" -> cpu 1\nrun 30 ping\nrun 5 pong\n",
  thousand: "async def ping:\n    await 100ms\n    cpu 5ms\n    await 200ms\nrun 1000 ping every 2ms\n",
  long: Array.from({ length: 120 }, (_, at) => `task_${at}: cpu ${1 + at % 3} -> await ${2 + at % 5} "service ${at}"\n`).join(""),
  empty: "",
};

/** Replaces the script; on a phone the sheet with the script is opened for that. */
const write = (text) => async (page) => {
  const sheet = page.locator("#sheet");
  const hidden = await sheet.isVisible();
  if (hidden) await sheet.click();
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  if (text) await page.keyboard.insertText(text);
  else await page.keyboard.press("Delete");
  await page.locator("#scrub, .empty h2").first().waitFor();
  if (hidden) await sheet.click();
};

const question = (slug) => async (page) => {
  await page.click("#lessons");
  await page.click(`[data-lesson="${slug}"]`);
  await page.waitForSelector(".answer-button");
};

const lesson = (slug) => async (page) => {
  await question(slug)(page);
  await page.locator(".answer-button").first().click();
  await page.waitForSelector("#lesson-more");
};

/** The states, each with the actions that lead to it. */
const STATES = {
  page: () => {},
  ...Object.fromEntries(Object.entries(SCRIPTS).map(([name, text]) => [name, write(text)])),
  lessons: (page) => page.click("#lessons"),
  question: question("busy-hands"),
  lesson: lesson("busy-hands"),
  tried: async (page) => {
    await lesson("pasta-and-toast")(page);
    // First the script to change, then the change.
    for (let click = 0; click < 2; click++) await page.click("#try-it");
    await page.waitForSelector("#lesson-goal.good");
  },
  cheats: async (page) => {
    if (await page.locator("#sheet").isVisible()) await page.click("#sheet");
    await page.click("#cheat-sheet");
    await page.waitForSelector(".cheats");
  },
  share: (page) => page.click("#share"),
  help: (page) => page.click("#help"),
  drafts: async (page) => {
    await write(SCRIPTS.pool)(page);
    await lesson("busy-hands")(page);
    if (await page.locator("#sheet").isVisible()) await page.click("#sheet");
    await page.click("#drafts");
    await page.waitForSelector(".draft");
  },
  settings: async (page) => {
    if (await page.locator("#sheet").isVisible()) await page.click("#sheet");
    await page.click(".settings summary");
  },
  words: async (page) => {
    await page.click("#door-numbers");
    for (const fold of ["#by-task", "#legend-in-words", "#as-table"]) await page.click(`${fold} summary`);
  },
  threads: async (page) => {
    await write(SCRIPTS.pool)(page);
    await page.locator(".view .seg button").nth(1).click();
  },
  zoomed: async (page) => {
    await write(SCRIPTS.thousand)(page);
    await page.locator("#scrub").fill("5000");
    await page.locator(".chart-above").focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press("w");
  },
};

async function picture(browser, address, folder, name, { state, size = "wide", theme = "light", locale = "en-US", whole = false }) {
  const [width, height] = size === "card" ? CARD : SIZES[size];
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, locale, reducedMotion: "reduce", deviceScaleFactor: 1,
    ...(TOUCHED.includes(size) ? { hasTouch: true, isMobile: true } : {}),
  });
  const page = await open(context, address);
  await ready(page);
  await STATES[state](page);
  // Wait for effects of the last action, such as a run, a frame or a font.
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300)));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
  if (page.complaints.length) console.error(`${name}: ${page.complaints.join("\n")}`);
  await context.close();
}

/** The pictures in the documentation. */
const SHOWN = [
  ["page", { state: "page" }],
  ["page-dark", { state: "page", theme: "dark" }],
  ["korean", { state: "lesson", locale: "ko-KR" }],
  ["phone", { state: "page", size: "phone" }],
  ["card", { state: "page", size: "card" }],
];

function* everything() {
  for (const state of Object.keys(STATES)) {
    for (const size of Object.keys(SIZES)) {
      for (const theme of ["light", "dark"]) {
        for (const locale of ["en-US", "ko-KR"]) {
          yield [[state, size, theme, locale.slice(0, 2)].join("-"), { state, size, theme, locale, whole: true }];
        }
      }
    }
  }
}

const [, , asked, matching = ""] = process.argv;
const folder = asked ?? join(root, "docs/pictures");
mkdirSync(folder, { recursive: true });
const site = await serve();
const browser = await launch();
for (const [name, wanted] of asked ? everything() : SHOWN) {
  if (!name.match(matching)) continue;
  await picture(browser, site.address, folder, name, wanted);
}
await browser.close();
await site.close();
