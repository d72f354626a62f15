// Pages without a generator: a handwritten one, and one of a learning platform, which allows a
// sandboxed frame but no script.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LOOP, course, dist, here, result, root, useThePool } from "./course.mjs";

test("a page that is written by hand has both labs at work", () => course(join(here, "plain"), async (page, { frame }) => {
  await useThePool(page, frame);
  const loop = await result(page, 1);
  assert.equal(loop.script, LOOP);
  assert.equal(loop.total_ns, 1e9);
}));

test("a learning platform's sandbox has the whole lab, which fits and can be edited", () => course(join(here, "plain"), async (page) => {
  const inside = await page.locator("iframe").elementHandle().then((handle) => handle.contentFrame());
  await inside.waitForSelector("#goal .bad");
  assert.equal(await inside.textContent("#total"), "2s");
  await inside.click(".editor-host:not([hidden]) .cm-line >> nth=0");
  await page.keyboard.press("End");
  await page.keyboard.type("0");
  await inside.waitForSelector("#goal .good");
  assert.ok(await inside.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
}, { path: "platform.html" }));

test("a bundled copy of the element is told where Loopscope is", () => course(join(here, "plain"), async (page, { site }) => {
  await page.evaluate((address) => {
    const lab = document.createElement("loopscope-lab");
    lab.setAttribute("app", address);
    lab.append(Object.assign(document.createElement("pre"), { textContent: "a: await 4\n" }));
    document.body.append(lab);
  }, site.address);
  await page.addScriptTag({ content: readFileSync(join(dist, "embed/v1/embed.js"), "utf8") });
  assert.equal((await result(page)).total_ns, 4e9);
}, { path: "platform.html" }));

/** The folder with the files of each how-to. */
const SOURCES = { "plain.md": "plain", "lms.md": "plain", "jekyll.md": "jekyll", "mkdocs.md": "mkdocs", "docusaurus.md": "docusaurus" };

const filesIn = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
  const path = join(folder, entry.name);
  return entry.isDirectory() ? filesIn(path) : [readFileSync(path, "utf8")];
});

/** The code blocks of a document. A block in four backticks may contain blocks in three. */
const blocks = (text) => [...text.matchAll(/^(`{3,})[^\n]*\n([\s\S]*?)^\1$/gm)].map(([, , code]) => code);

for (const [howTo, folder] of Object.entries(SOURCES)) {
  test(`all code of ${howTo} is what these tests build`, () => {
    const files = filesIn(join(here, folder)).map((file) => file.replace(/\s+/g, " "));
    const found = blocks(readFileSync(join(root, "docs/embed", howTo), "utf8"));
    assert.ok(found.length > 0);
    for (const code of found) assert.ok(files.some((file) => file.includes(code.replace(/\s+/g, " ").trim())), code);
  });
}
