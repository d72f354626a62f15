// The package `loopscope-lab` of npm, packed, installed from its archive and used.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");
const MEGABYTES_MAX = 15;

let place, packed;

function run(command, args, status = 0) {
  const done = spawnSync(command, args, { cwd: place, encoding: "utf8" });
  assert.equal(done.status, status, `${command} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return `${done.stdout}${status ? done.stderr : ""}`;
}

const files = (folder) => readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile()).sort();

before(() => {
  place = mkdtempSync(join(tmpdir(), "loopscope-lab-"));
  run(process.execPath, [join(root, "tools/lab-package.mjs"), join(place, "made")]);
  [packed] = JSON.parse(run("npm", ["pack", "./made", "--json"]));
  writeFileSync(join(place, "package.json"), `{"name": "course", "private": true}`);
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", `./${packed.filename}`]);
});
after(() => rmSync(place, { recursive: true, force: true }));

test("the package holds the element, the command and the whole page, and nothing else", () => {
  const own = ["LICENSE", "README.md", "copy.mjs", "embed.js", "package.json"];
  const wanted = [...own, ...files(dist).map((name) => `page/${name}`)];
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), wanted.sort());
  assert.ok(packed.size < MEGABYTES_MAX * 1e6, `${packed.size} bytes`);
});

test("`npx loopscope-lab copy` writes the page, byte for byte, and again over itself", () => {
  for (let time = 0; time < 2; time++) {
    assert.match(run("npx", ["--offline", "loopscope-lab", "copy", "static/loopscope"]), /^\d+ files \([\d.]+ MB\) are in `static\/loopscope`/);
    assert.deepEqual(files(join(place, "static/loopscope")), files(dist));
  }
  for (const name of files(dist)) assert.ok(readFileSync(join(dist, name)).equals(readFileSync(join(place, "static/loopscope", name))), name);
});

test("another site is not written over, and wrong usage is said", () => {
  writeFileSync(join(place, "static/index.html"), "<h1>My course</h1>");
  assert.match(run("npx", ["--offline", "loopscope-lab", "copy", "static"], 2), /`static` holds a site of its own; name a folder for Loopscope, e\.g\. `static\/loopscope`/);
  assert.equal(readFileSync(join(place, "static/index.html"), "utf8"), "<h1>My course</h1>");
  assert.match(run("npx", ["--offline", "loopscope-lab"], 2), /Usage: loopscope-lab copy DIR/);
});

test("importing it without a window has no effect", () => {
  assert.equal(run(process.execPath, ["--input-type=module", "--eval", `await import("loopscope-lab"); console.log("imported")`]), "imported\n");
});
