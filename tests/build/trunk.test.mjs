// Trunk in a fresh clone: it needs no other tool that is installed by hand, and builds the same
// page as tools/build-page.mjs.
//
// Compiles the page's programs with two profiles, which takes some minutes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

let clone;
let env;
before(() => {
  clone = mkdtempSync(join(tmpdir(), "loopscope-clone-"));
  // Includes files that are not committed yet.
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const names = execFileSync("git", list, { cwd: root, encoding: "utf8" }).split("\0").filter((name) => name && statSync(join(root, name), { throwIfNoEntry: false }));
  for (const name of names) cpSync(join(root, name), join(clone, name));
  // Shares the target folder, so that dependencies are not compiled again. Without wasm-bindgen on
  // PATH, Trunk would try to download it.
  const PATH = execFileSync(process.execPath, ["tools/page/wasm-bindgen.mjs"], { cwd: root, encoding: "utf8" }).trim();
  env = { ...process.env, PATH, CARGO_TARGET_DIR: resolve(root, process.env.CARGO_TARGET_DIR ?? "target") };
});
after(() => rmSync(clone, { recursive: true, force: true }));

const run = (command, args) => execFileSync(command, args, { cwd: clone, env, stdio: ["ignore", "ignore", "inherit"] });

/** The content of a folder by path. */
function content(folder) {
  const entries = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile()).sort();
  return new Map(entries.map((name) => [name, readFileSync(join(folder, name))]));
}

for (const [kind, ofTrunk, ofOurs] of [["a page for this machine", [], ["--local"]], ["a release", ["--release"], []]]) {
  test(`Trunk builds ${kind} in a fresh clone, the same as tools/build-page.mjs, byte for byte`, () => {
    run("trunk", ["build", "--dist", "by-trunk", ...ofTrunk]);
    run(process.execPath, ["tools/build-page.mjs", "--out", "by-us", ...ofOurs]);
    const [byTrunk, byUs] = [content(join(clone, "by-trunk")), content(join(clone, "by-us"))];
    assert.deepEqual([...byTrunk.keys()], [...byUs.keys()]);
    for (const [name, bytes] of byTrunk) assert.ok(bytes.equals(byUs.get(name)), name);
  });
}
