// The wheel of `make wheel` in a Debian in which nothing but Python was ever installed: every command of the README
// that needs no compiler, and nothing left after it is uninstalled.
//
// `tools/need debian` makes that Debian, by debootstrap, in target/debian. Entering it needs root.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const debian = join(root, "target/debian");
const wheels = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "wheels");
const HOME = "/home/reader";
const APP = `import asyncio\nasync def main():\n    await asyncio.sleep(50)\n    print('done')\nasyncio.run(main())\n`;
const PAGE = "# Pasta\n\n```loopscope\na: cpu 3 -> await 5\nb: cpu 6\nexpect total 9s\n```\n";
const PATH = `${HOME}/venv/bin:/usr/bin:/bin`;
const START_MS = 30_000;
const skip = existsSync(join(debian, "done")) && process.getuid?.() === 0 ? false : "needs root, and a Debian by `tools/need debian`";

/** A command in the Debian, with mounts that end with it. The system's own files cannot be seen from there. */
const inside = (command) => ["unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", `
mount --make-rprivate / && mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
exec chroot "$0" /usr/bin/env -i PATH="$1" HOME="$2" LANG=C.UTF-8 sh -c 'cd "$HOME" && eval "$0"' "$3"`, debian, PATH, HOME, command]];

function run(command, { status = 0, ...options } = {}) {
  const done = spawnSync(...inside(command), { encoding: "utf8", ...options });
  assert.ok([status].flat().includes(done.status), `${command}: ${done.status}\n${done.error ?? ""}${done.stdout}${done.stderr}`);
  return `${done.stdout}${done.stderr}`;
}

/** Every file of the Debian but those of the system that runs, with what it is. */
const files = () => run(`find / -xdev \\( -path /proc -o -path /dev -o -path /tmp -o -name __pycache__ \\) -prune -o -printf '%p %y %s\\n' | sort`);

let installed;
before(() => {
  if (skip) return;
  const wheel = readdirSync(wheels).find((name) => name.endsWith(".whl"));
  const home = join(debian, HOME);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  cpSync(join(root, "crates/lessons/course"), join(home, "crates/lessons/course"), { recursive: true });
  copyFileSync(join(wheels, wheel), join(debian, "tmp", wheel));
  writeFileSync(join(home, "app.py"), APP);
  writeFileSync(join(home, "page.md"), PAGE);
  writeFileSync(join(home, "pasta.loop"), "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n");
  run("python3 -m venv venv");
  installed = files();
  run(`python3 -m pip install --quiet --no-index --disable-pip-version-check /tmp/${wheel}`);
});
after(() => {
  if (!skip) rmSync(join(debian, HOME), { recursive: true, force: true });
});

test("there is no compiler, no Node and no Rust", { skip }, () => {
  for (const name of ["cc", "gcc", "rustc", "cargo", "node"]) run(`command -v ${name}`, { status: [1, 127] });
});

/** What the README shows, with files for its placeholders, and what is printed. */
const COMMANDS = [
  ["printf 'make_pasta: cpu 3 -> await 5\\nmake_toast: cpu 6\\n' | loopscope run -", /^total 9s$/m],
  ["loopscope run crates/lessons/course/09c-a-hundred-pings.loop", /total 3s/],
  ["loopscope draw crates/lessons/course/11-the-staircase.loop -o staircase.svg && head -c 4 staircase.svg && rm staircase.svg", /<svg/],
  ["loopscope import app.py", /await 50s/],
  ["loopscope run app.py", /50s {2}done/],
  ["loopscope why pasta.loop make_toast", /make_pasta/],
  ["loopscope compare pasta.loop", /await/],
  ["loopscope sweep pasta.loop --vary 'line 2 1s..9s'", /line 2/],
  ["loopscope prove pasta.loop", /./],
  // Too noisy is a verdict, too, on a machine that does other things.
  ["loopscope verify crates/lessons/course/01a-pasta-and-toast.loop --on asyncio --scale 0.1", /measured on asyncio/, [0, 1]],
  ["loopscope verify pasta.loop --on fastapi", /loopscope setup python/, 5],
  ["loopscope check --lesson page.md", /./],
  ["loopscope lessons", /Pasta and toast/],
  ["loopscope help", /^ *prove /m],
  ["python3 -m loopscope run pasta.loop", /total 9s/],
];

for (const [command, printed, status] of COMMANDS) {
  test(command, { skip }, () => assert.match(run(command, { status }), printed));
}

test("the READMEs, here and on PyPI, mention no other command", () => {
  const readme = ["README.md", "python/README.md"].map((name) => readFileSync(join(root, name), "utf8")).join("\n");
  const mentioned = new Set([...readme.matchAll(/(?<!%%)loopscope (?!--)([a-z]+)\b(?= |`|\n)/g)].map(([, name]) => name));
  const tried = new Set([...COMMANDS.map(([command]) => /loopscope ([a-z]+)/.exec(command)[1]), "serve", "page"]);
  const words = new Set(["is", "predicts", "runs", "has", "shows", "simulates"]);
  assert.deepEqual([...mentioned].filter((name) => !tried.has(name) && !words.has(name)), []);
});

test("`loopscope page` and `loopscope serve` have the page", { skip }, async () => {
  assert.match(run("loopscope page static && ls static && rm -r static"), /index\.html/);
  const server = spawn(...inside("loopscope serve"), { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const printed = await new Promise((done, failed) => {
      server.stdout.once("data", (data) => done(String(data)));
      setTimeout(failed, START_MS, new Error("the companion says nothing")).unref();
    });
    assert.match(await (await fetch(printed.split("#")[0])).text(), /loopscope-build/);
  } finally {
    // With `unshare` ends the first process of its PID namespace, and with that all of it.
    server.kill("SIGKILL");
  }
});

// The last one.
test("nothing is left when it is uninstalled", { skip }, () => {
  run("python3 -m pip uninstall --quiet --yes --disable-pip-version-check loopscope");
  assert.equal(files(), installed);
});
