// Courses built by real site generators.
//
// Each generator changes pages in a way that a lab must survive: Markdown and its escapes, themes,
// navigation without loading, hydration, paper. `tools/need courses` installs the generators.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { LOOP, course, here, result, root, themeBecomes, useThePool } from "./course.mjs";

const venv = join(root, "target/courses/venv/bin");
/** The program that draws the charts for paper. */
const program = process.env.LOOPSCOPE_PROGRAM ?? ["release", "debug"].map((profile) => join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), profile, "loopscope")).find((path) => existsSync(path));

/** The emptied folder for a course. */
function fresh(name) {
  const out = join(root, "target/courses", name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return out;
}

function run(name, command, args, env = {}) {
  execFileSync(command, args, { cwd: join(here, name), env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

/**
 * Goes to the second page by a link and checks that no page was loaded: a mark on the window
 * survives.
 */
async function goToTheLoop(page) {
  await page.evaluate(() => { globalThis.mark = true; });
  await page.getByRole("link", { name: "the loop" }).first().click();
  await page.waitForFunction(() => document.querySelector("h1")?.textContent.startsWith("The loop"));
  assert.equal(await page.evaluate(() => globalThis.mark), true);
  const loop = await result(page);
  assert.equal(loop.script, LOOP);
  assert.equal(loop.total_ns, 1e9);
  assert.equal(page.frames().length, 2, "the other page's lab is gone");
}

test("Jekyll: a post with a drawing beside the labs, in light and dark", async () => {
  const out = fresh("jekyll");
  run("jekyll", "jekyll", ["build", "--quiet", "--destination", out, "--disable-disk-cache"]);
  cpSync(join(here, "jekyll/node_modules/mermaid/dist/mermaid.min.js"), join(out, "mermaid.min.js"));
  await course(out, async (page, { frame }) => {
    await page.waitForSelector(".mermaid svg");
    await useThePool(page, frame);
    await themeBecomes(page, frame, "light");
    await page.click("#mode");
    await themeBecomes(page, frame, "dark");
    const loop = await result(page, 1);
    assert.equal(loop.script, LOOP);
  });
});

test("MkDocs Material: instant navigation, and its palette", async () => {
  const out = fresh("mkdocs");
  run("mkdocs", join(venv, "mkdocs"), ["build", "--quiet", "--site-dir", out], { NO_MKDOCS_2_WARNING: "1" });
  await course(out, async (page, { frame }) => {
    await useThePool(page, frame);
    await page.click("label[title=Dark]");
    await themeBecomes(page, frame, "dark");
    await goToTheLoop(page);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("h1")?.textContent.startsWith("The pool"));
    await useThePool(page, frame);
  });
});

test("Docusaurus: MDX, hydration, and navigation inside of the application", async () => {
  const out = fresh("docusaurus");
  run("docusaurus", join(here, "docusaurus/node_modules/.bin/docusaurus"), ["build", "--out-dir", out], { DOCUSAURUS_DISABLE_UPDATE_CHECK: "1", CI: "1" });
  await course(out, async (page, { frame }) => {
    await useThePool(page, frame);
    await page.evaluate(() => { document.documentElement.dataset.theme = "dark"; });
    await themeBecomes(page, frame, "dark");
    await goToTheLoop(page);
  });
});

test("Sphinx: the directive in HTML", async () => {
  const out = fresh("sphinx");
  run("sphinx", join(venv, "sphinx-build"), ["-q", "-W", "-b", "html", ".", out]);
  await course(out, async (page, { frame }) => {
    await useThePool(page, frame);
    await page.goto(new URL("loop.html", page.url()).href);
    const loop = await result(page);
    assert.equal(loop.script, LOOP);
  });
});

test("Sphinx: a PDF has the script and the static chart", () => {
  const out = fresh("sphinx-pdf");
  assert.ok(program, "`cargo build` has made the command line");
  run("sphinx", join(venv, "sphinx-build"), ["-q", "-b", "rinoh", ".", out], { PATH: `${dirname(program)}${delimiter}${process.env.PATH}` });
  const pdf = readFileSync(join(out, readdirSync(out).find((name) => name.endsWith(".pdf"))), "latin1");
  assert.match(pdf, /\/Subtype\s*\/Image/);
});
