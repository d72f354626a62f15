// Installs Loopscope from the packages of `make package`, as a user installs it from a registry,
// and requests the page.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "package");
const version = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
const MEGABYTES_MAX = 10;
/** The packages that the companion is made of. */
const LIBRARIES = readdirSync(join(root, "crates")).filter((name) => name !== "companion").map((name) => `loopscope-${name}`);

let place;
before(() => { place = mkdtempSync(join(tmpdir(), "loopscope-package-")); });
after(() => rmSync(place, { recursive: true, force: true }));

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: place, encoding: "utf8", ...options });
  assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

test("the packages hold what is needed and nothing that builds or tests it", () => {
  for (const name of ["loopscope", ...LIBRARIES]) {
    run("tar", ["-xzf", join(packages, `${name}-${version}.crate`)]);
  }
  const files = readdirSync(join(place, `loopscope-${version}`));
  for (const name of ["build.rs", "dist", "python", "src", "README.md"]) assert.ok(files.includes(name), name);
  for (const name of ["tests", "tools", "benches", "docs", "node_modules", "fuzz"]) assert.ok(!files.includes(name), name);
  const dist = join(place, `loopscope-${version}/dist`);
  for (const name of readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile())) {
    assert.ok(!readFileSync(join(dist, name)).includes(`${homedir()}/`), `${name} says whose machine it was built on`);
  }
  // The limit of crates.io.
  assert.ok(readFileSync(join(packages, `loopscope-${version}.crate`)).length < MEGABYTES_MAX * 1e6);
});

test("what is installed from them runs scripts, and serves the page without being built for it", async () => {
  const patches = LIBRARIES.flatMap((name) => ["--config", `patch.crates-io.${name}.path="${join(place, `${name}-${version}`)}"`]);
  // A debug build, for a short compile time, in a folder that is kept.
  const target = join(packages, "../package-tried");
  const options = { env: { ...process.env, CARGO_TARGET_DIR: target } };
  run("cargo", ["install", "--quiet", "--debug", "--path", `loopscope-${version}`, "--root", "there", ...patches], options);
  const program = join(place, "there/bin/loopscope");
  assert.match(run(program, ["lessons"]), /Pasta and toast/);
  writeFileSync(join(place, "app.py"), "import time\ntime.sleep(60)\nprint('done')\n");
  assert.match(run(program, ["run", "app.py"]), /1min {2}done/);
  const server = spawn(program, ["serve"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const printed = await new Promise((done) => server.stdout.once("data", (data) => done(String(data))));
    const address = printed.split("#")[0];
    const page = await (await fetch(address)).text();
    const program = /page-[0-9a-f]+_bg\.wasm/.exec(page);
    assert.ok(program, "the page with its program");
    const answer = await fetch(new URL(program[0], address));
    assert.equal(answer.headers.get("content-type"), "application/wasm");
    const bytes = new Uint8Array(await answer.arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 4)], [0, 0x61, 0x73, 0x6d]);
  } finally {
    server.kill("SIGINT");
  }
});
