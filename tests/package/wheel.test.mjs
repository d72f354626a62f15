// Installs the wheel of `make wheel` as a user does who has Python and nothing else: an empty virtual
// environment, and a PATH on which there is only Python.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wheels = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wheels");
const version = /^version = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
const MEGABYTES_MAX = 40;

const PASTA = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n";
const APP = "import time\nasync def main():\n    time.sleep(50)\nimport asyncio\nasyncio.run(main())\nprint('done')\n";

let place, wheel, path, emptyFiles;
const bin = (name) => join(place, "venv/bin", name);

/** The files of the environment, but for what Python caches. */
const files = () => readdirSync(join(place, "venv"), { recursive: true }).filter((name) => !name.includes("__pycache__")).sort();

/** Runs a command to its end. `status` is the exit code that it has to have, or several. */
function run(command, args, { status = 0, ...options } = {}) {
  const env = { PATH: path, HOME: join(place, "home"), LANG: "C.UTF-8", ...options.env };
  const done = spawnSync(command, args, { cwd: place, encoding: "utf8", ...options, env });
  assert.ok([status].flat().includes(done.status), `${command} ${args.join(" ")}\n${done.error ?? ""}${done.stdout}${done.stderr}`);
  return done.stdout;
}

before(() => {
  place = mkdtempSync(join(tmpdir(), "loopscope-wheel-"));
  const found = readdirSync(wheels).filter((name) => name.startsWith(`loopscope-${version}-`) && name.endsWith(".whl"));
  assert.equal(found.length, 1, `one wheel in ${wheels}: ${found}`);
  wheel = join(wheels, found[0]);
  path = join(place, "path");
  for (const folder of [path, join(place, "home")]) mkdirSync(folder);
  const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();
  symlinkSync(python, join(path, "python3"));
  run(join(path, "python3"), ["-m", "venv", "venv"]);
  emptyFiles = files();
  run(bin("python3"), ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel]);
  writeFileSync(join(place, "pasta.loop"), PASTA);
  writeFileSync(join(place, "app.py"), APP);
});
after(() => rmSync(place, { recursive: true, force: true }));

test("the wheel fits into a download, and runs on older systems", () => {
  assert.ok(statSync(wheel).size < MEGABYTES_MAX * 1e6, `${statSync(wheel).size} bytes`);
  assert.match(wheel, /py3-none-(manylinux_2_(1\d|2[0-8])_|manylinux2014_|musllinux_|macosx_)/);
});

test("the sdist holds the page, its Python and the package, and no tests", () => {
  const name = `loopscope-${version}`;
  const held = spawnSync("tar", ["-tzf", join(wheels, `${name}.tar.gz`)], { encoding: "utf8" }).stdout.split("\n");
  for (const file of ["Cargo.lock", "crates/companion/build.rs", "crates/companion/dist/index.html", "python/loopscope/py.typed"]) {
    assert.ok(held.includes(`${name}/${file}`), file);
  }
  assert.ok(held.some((file) => file.includes("/crates/companion/dist/python/interpreter-")), "the page's Python");
  assert.ok(!held.some((file) => file.startsWith(`${name}/python/tests/`) || file.startsWith(`${name}/tests/`)), "no tests");
});

test("it has one version", () => {
  assert.equal(run(bin("loopscope"), ["--version"]).trim(), `loopscope ${version}`);
  assert.equal(run(bin("python3"), ["-c", "import loopscope; print(loopscope.__version__)"]).trim(), version);
});

test("the commands of the README work", () => {
  assert.match(run(bin("loopscope"), ["run", "pasta.loop"]), /total 9s/);
  assert.match(run(bin("loopscope"), ["run", "app.py"]), /50s {2}done/);
  run(bin("loopscope"), ["check", "pasta.loop"]);
  run(bin("loopscope"), ["draw", "pasta.loop", "-o", "pasta.svg"]);
  assert.match(readFileSync(join(place, "pasta.svg"), "utf8"), /^<svg/);
  assert.match(run(bin("loopscope"), ["import", "app.py"]), /block 50s/);
  assert.match(run(bin("loopscope"), ["lessons"]), /Pasta and toast/);
});

test("`python -m loopscope` is the whole command line", () => {
  assert.match(run(bin("python3"), ["-m", "loopscope", "run", "pasta.loop"]), /total 9s/);
  assert.match(run(bin("python3"), ["-m", "loopscope", "run", "app.py"]), /loop frozen 50s/);
  assert.match(run(bin("python3"), ["-m", "loopscope", "--help"]), /Commands:/);
});

test("real runs use the Python of the environment, without it on PATH", () => {
  const empty = { PATH: join(place, "home") };
  // On a busy machine the verdict is *too noisy*, which exits with 1 and is no matter here.
  const printed = run(bin("loopscope"), ["verify", "pasta.loop", "--on", "asyncio", "--scale", "0.02", "--format", "json"], { env: empty, status: [0, 1] });
  assert.match(printed, /loopscope\.verification\/1/);
  const asked = "import sys, pathlib\nprint(pathlib.Path(sys.executable).parent)\n";
  writeFileSync(join(place, "which.py"), asked);
  assert.ok(run(bin("loopscope"), ["run", "which.py"], { env: empty }).includes(join(place, "venv/bin")));
});

test("the Python package runs scripts and functions", () => {
  writeFileSync(join(place, "use.py"), `
import asyncio, loopscope
async def main(): await asyncio.sleep(60)
print(loopscope.run(main).total, loopscope.run("a: cpu 1").total, loopscope.run(main).svg()[:4])
`);
  assert.equal(run(bin("python3"), ["use.py"]).trim(), "60.0 1.0 <svg");
  const entry = "import importlib.metadata as m; print([e.value for e in m.entry_points(group='pytest11')])";
  assert.equal(run(bin("python3"), ["-c", entry]).trim(), "['loopscope.pytest_plugin']");
  assert.ok(existsSync(join(run(bin("python3"), ["-c", "import loopscope; print(loopscope.__path__[0])"]).trim(), "py.typed")));
});

test("`loopscope page` writes the whole page", () => {
  run(bin("loopscope"), ["page", "static/loopscope"]);
  const written = readdirSync(join(place, "static/loopscope"), { recursive: true });
  for (const name of ["index.html", "offline.js", "embed/v1/embed.js"]) assert.ok(written.includes(name), name);
  for (const role of ["client", "interpreter", "library", "fastapi"]) {
    assert.ok(written.some((name) => name.startsWith(`python/${role}-`)), role);
  }
  const dist = join(root, "dist");
  for (const name of readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile())) {
    assert.ok(readFileSync(join(dist, name)).equals(readFileSync(join(place, "static/loopscope", name))), name);
  }
  writeFileSync(join(place, "static/index.html"), "<h1>My course</h1>");
  run(bin("loopscope"), ["page", "static"], { status: 2 });
});

test("`loopscope serve` serves the page with its Python", async () => {
  const server = spawn(bin("loopscope"), ["serve"], { cwd: place, stdio: ["ignore", "pipe", "ignore"], env: { PATH: path } });
  try {
    const printed = await new Promise((done) => server.stdout.once("data", (data) => done(String(data))));
    const address = printed.split("#")[0];
    const page = await (await fetch(address)).text();
    for (const name of [/page-[0-9a-f]+_bg\.wasm/, /python\/client-[0-9a-f]+\.js/]) {
      assert.equal((await fetch(new URL(name.exec(page)[0], address))).status, 200, name);
    }
  } finally {
    server.kill("SIGINT");
  }
});

// The last one.
test("nothing is left when it is uninstalled", () => {
  run(bin("python3"), ["-m", "pip", "uninstall", "--quiet", "--yes", "--disable-pip-version-check", "loopscope"]);
  assert.deepEqual(files(), emptyFiles);
  assert.deepEqual(readdirSync(join(place, "home")), []);
});
