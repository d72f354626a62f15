// Runs the steps of .github/workflows in their order, in a copy of the sources that is set to another version. What a
// step gets from other jobs is what `make wheel` and `make page` have built. `gh` and `sudo` are stand-ins.
//
// steps.mjs says why a step is not run.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { PLAN, SOURCE, VERSION, root, steps } from "./steps.mjs";

const built = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.LOOPSCOPE_PROGRAM ?? ["release", "debug"].map((profile) => join(built, profile, "loopscope")).find((path) => existsSync(path));

/** Stands for GitHub's command: one release, whose page is the zip that a step made; a new release is a list of its files. */
const GH = `#!/bin/sh
set -eu
case "$1 $2" in
  "release list") echo v${VERSION} ;;
  "release download") while [ "$1" != --dir ]; do shift; done; cp target/zips/loopscope-page-*.zip "$2/" ;;
  "release create") printf '%s\\n' "$@" > target/released-files ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;
const SUDO = "#!/bin/sh\nexec \"$@\"\n";

/** `version` is that of the wheel: the copy gets another one. */
let place, shims, version;

/** The sources as they are now, and what is built from them. */
function copySources() {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  for (const name of execFileSync("git", list, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }).split("\0")) {
    if (!name || !existsSync(join(root, name))) continue;
    mkdirSync(dirname(join(place, name)), { recursive: true });
    // With its time: what was installed for a file of requirements is newer.
    cpSync(join(root, name), join(place, name), { preserveTimestamps: true });
  }
  cpSync(join(root, "dist"), join(place, "dist"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
  mkdirSync(join(place, "target/wheels"), { recursive: true });
  symlinkSync(join(root, "target/wheel-tools"), join(place, "target/wheel-tools"));
  for (const name of readdirSync(join(built, "wheels")).filter((name) => name.endsWith(".whl"))) {
    cpSync(join(built, "wheels", name), join(place, "target/wheels", name));
  }
}

before(() => {
  place = mkdtempSync(join(tmpdir(), "loopscope-steps-"));
  version = execFileSync(process.execPath, ["tools/version.mjs"], { cwd: root, encoding: "utf8" }).trim();
  copySources();
  execFileSync(process.execPath, ["tools/version.mjs", VERSION], { cwd: place });
  shims = join(place, "target/shims");
  mkdirSync(shims);
  for (const [name, text] of [["gh", GH], ["sudo", SUDO]]) {
    writeFileSync(join(shims, name), text);
    chmodSync(join(shims, name), 0o755);
  }
});
after(() => rmSync(place, { recursive: true, force: true }));

/** What a job has downloaded before its steps run. */
function download(job) {
  const take = (from, to) => cpSync(join(place, "target", from), join(place, to), { recursive: true });
  if (job === "release") {
    for (const name of ["zips", "archives", "any"]) take(name, `target/release-files/release-${name}`);
    take("wheels", "target/release-files/release-linux/wheels");
    take("npm", "target/release-files/release-packages/npm");
    rmSync(join(place, "target/release-files/release-packages/npm/loopscope-lab"), { recursive: true });
  }
  if (job === "pypi") take("release-files", "files");
}

function environment({ venv, isNew, instead }, env) {
  const folders = [shims, process.env.PATH];
  // Only the site is made by a program that is there already.
  const { LOOPSCOPE_PROGRAM: _, ...other } = process.env;
  const own = instead ? { LOOPSCOPE_PROGRAM: program } : {};
  if (isNew) execFileSync("python3", ["-m", "venv", "--clear", venv], { cwd: place });
  if (venv) folders.unshift(join(place, venv, "bin"));
  return { ...other, CARGO_TARGET_DIR: join(place, "target"), ...own, ...env, PATH: folders.join(":") };
}

function check(step) {
  const plan = PLAN[step.workflow][step.job][step.name];
  const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => {
    const isComputed = String(value).includes("${{");
    assert.ok(!isComputed || name in plan.env, `a value for ${name}`);
    return [name, isComputed ? plan.env[name] : String(value)];
  }));
  let { run } = step;
  if (plan.instead) {
    const [command, instead] = plan.instead;
    assert.equal(run.trim(), command);
    // The command that `make` ends with.
    assert.equal(execFileSync("make", ["--dry-run", command.split(" ")[1]], { cwd: root, encoding: "utf8" }).trim().split("\n").at(-1), instead);
    run = instead;
  }
  const done = spawnSync("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", run], { cwd: place, encoding: "utf8", env: environment(plan, env) });
  assert.equal(done.status, 0, `${run}\n${done.error ?? ""}${done.stdout}${done.stderr}`);
  for (const name of plan.leaves ?? []) {
    const path = join(place, name);
    assert.ok(existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0), `${name} is there`);
  }
}

const has = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
/** The site of the pages needs the zip of a release. */
const ORDER = ["release.yml", "pages.yml", "test.yml"];
const inOrder = steps().sort((one, other) => ORDER.indexOf(one.workflow) - ORDER.indexOf(other.workflow));
const jobs = new Set();

for (const step of inOrder) {
  const plan = PLAN[step.workflow][step.job][step.name];
  const skip = plan.isRun ? plan.needs && !has(plan.needs) && `there is no ${plan.needs} here` : plan.why;
  test(`${step.workflow}, ${step.job}: ${step.name}`, { skip }, () => {
    if (!jobs.has(step.job)) download(step.job);
    jobs.add(step.job);
    check(step);
  });
}

test("a release has every file, and PyPI gets the wheels and the sdist", () => {
  const released = readFileSync(join(place, "target/released-files"), "utf8");
  for (const file of [
    `loopscope-page-${VERSION}.zip`, `loopscope-site-${VERSION}.zip`, `loopscope-lab-${VERSION}.tgz`, `loopscope-${VERSION}.tar.gz`, "SHA256SUMS",
    `loopscope-${version}-py3-none-any.whl`, `loopscope-${version}-linux-x86_64.tar.gz`,
  ]) assert.ok(released.includes(`/${file}\n`), `${file}\n${released}`);
  assert.match(released, new RegExp(`--title\nLoopscope ${VERSION}\n`));
  const packages = readdirSync(join(place, "packages"));
  assert.equal(packages.filter((name) => name.endsWith(".whl")).length, 2, String(packages));
  assert.deepEqual(packages.filter((name) => name.endsWith(".tar.gz")), [`loopscope-${VERSION}.tar.gz`]);
});

test("npm can check where its package comes from", () => {
  const packed = join(place, `target/npm/loopscope-lab-${VERSION}.tgz`);
  const description = JSON.parse(execFileSync("tar", ["-xzOf", packed, "package/package.json"], { encoding: "utf8" }));
  assert.deepEqual(description.repository, { type: "git", url: `git+${SOURCE}.git` });
});

test("the site has the released page, and says where it is", () => {
  assert.match(readFileSync(join(place, "site/index.html"), "utf8"), /<link rel="canonical" href="https:\/\/course\.example\/loops\/">/);
  assert.match(readFileSync(join(place, "site/404.html"), "utf8"), /href="\/loops\/site\.css"/);
  assert.match(readFileSync(join(place, "site/feed.xml"), "utf8"), new RegExp(`<title>Loopscope ${VERSION}</title>`));
  for (const name of ["v1", `v${VERSION}`]) {
    assert.ok(readFileSync(join(place, "site", name, "index.html")).equals(readFileSync(join(place, "dist/index.html"))), name);
  }
  assert.ok(!existsSync(join(place, `site/v${version}`)), "no page of a version that is not released");
});
