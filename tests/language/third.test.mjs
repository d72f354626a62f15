// A third language by one file, as docs/languages.md describes it: in a copy of the sources, with a
// language that does not exist yet.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = ["Cargo.toml", "Cargo.lock", "src", "crates", "tests", "benches", "www", "tools", "docs"];
const FILE = "crates/texts/languages/eo.txt";
const SCRIPT = "a: cpu 1s -> await 2s\nb: await 1s\n";

let place;
before(() => {
  place = mkdtempSync(join(tmpdir(), "loopscope-language-"));
  const isSource = (path) => !/node_modules|target$/.test(path);
  for (const name of SOURCES) cpSync(join(root, name), join(place, name), { recursive: true, filter: isSource });
});
after(() => rmSync(place, { recursive: true, force: true }));

// A target folder of its own, since other tests run the programs in ours; kept for the next time.
const environment = { ...process.env, CARGO_TARGET_DIR: join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "language") };

function cargo(args, env = {}) {
  const { status, stdout, stderr } = spawnSync("cargo", args, { cwd: place, encoding: "utf8", env: { ...environment, ...env } });
  return { status, said: stdout + stderr };
}
const missing = (env) => cargo(["test", "--quiet", "--test", "languages"], env);
const write = (text) => writeFileSync(join(place, FILE), text);

test("one file is a language: what it holds is said in it, the rest in English", () => {
  write("name = Esperanto\n\nen: ready, loop is busy\neo: preta, la ciklo okupita\n");
  writeFileSync(join(place, "pasta.loop"), SCRIPT);
  const { status, said } = cargo(["run", "--quiet", "--package", "loopscope", "--", "--lang", "eo", "run", "pasta.loop"]);
  assert.equal(status, 0, said);
  assert.match(said, /· preta, la ciklo okupita/);
  assert.match(said, /░ awaiting/);
});

test("the build names each text that is missing, with its place", () => {
  const { status, said } = missing();
  assert.notEqual(status, 0);
  assert.match(said, /crates\/[\w/]+\/[\w/]+\.rs:\d+: not translated: awaiting$/m);
  assert.match(said, /src\/state\/words\.rs:\d+: not translated: Share$/m);
  assert.doesNotMatch(said, /not translated: ready, loop is busy/);
});

test("it writes what is missing into the file, and names what is wrong there", () => {
  missing({ UPDATE: "1" });
  const filled = readFileSync(join(place, FILE), "utf8");
  assert.ok(filled.match(/^en: /gm).length > 500, "all texts are there");
  assert.match(filled, /^eo: preta, la ciklo okupita$/m, "what was translated is kept");
  write(filled.replace(/^(en: .*\{line\}.*\n(?:ko: .*\n)?eo:).*$/m, "$1 {linio}"));
  assert.match(missing().said, /a placeholder of this sentence or of a translation has no value/);
});
