// Tools for course repositories: pre-commit with our hooks, our GitHub Action step by step, and
// mdBook with our preprocessor.
//
// `tools/need courses` installs the real tools.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { here, root } from "./course.mjs";

const venv = join(root, "target/courses/venv/bin");
const built = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.LOOPSCOPE_PROGRAM ?? ["release", "debug"].map((profile) => join(built, profile, "loopscope")).find((path) => existsSync(path));
/** Optimised for a short compile time, in a folder that is kept. */
const QUICKLY = { CARGO_TARGET_DIR: join(built, "courses-tools"), CARGO_PROFILE_RELEASE_LTO: "off", CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16", CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" };
const PAGE = (total) => `# Pasta\n\n\`\`\`loopscope\na: cpu 3 -> await 5\nb: cpu 6\nexpect total ${total}s\n\`\`\`\n`;

/** Runs `act` in a temporary folder with these files. */
function inFolder(files, act) {
  const folder = mkdtempSync(join(tmpdir(), "loopscope-tools-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    act(folder, (command, args, env = {}) => {
      const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } });
      assert.equal(error, undefined);
      return { status, said: `${stdout}${stderr}` };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("pre-commit installs the hooks from the repository; they pass a good course and stop a broken one", () => {
  const hooks = ["loopscope-check", "loopscope-fmt", "loopscope-lesson"];
  const config = (rev) => `repos:\n- repo: file://${root}\n  rev: ${rev}\n  hooks:\n${hooks.map((id) => `    - id: ${id}\n`).join("")}`;
  const files = { "a.loop": "a: cpu 3s -> await 5s\n", "page.md": PAGE(9), "notes.md": "# No script\n" };
  inFolder(files, (folder, run) => {
    const env = { ...QUICKLY, PRE_COMMIT_HOME: join(folder, ".home"), GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };
    const revision = run("git", ["-C", root, "rev-parse", "HEAD"], env).said.trim();
    writeFileSync(join(folder, ".pre-commit-config.yaml"), config(revision));
    writeFileSync(join(folder, ".gitignore"), ".home\n");
    assert.equal(run("git", ["init", "--quiet"]).status, 0);
    const commit = () => {
      assert.equal(run("git", ["add", "--all"]).status, 0);
      return run(join(venv, "pre-commit"), ["run", "--all-files", "--color", "never"], env);
    };
    const good = commit();
    assert.equal(good.status, 0, good.said);
    for (const name of ["loopscope check", "loopscope fmt", "loopscope check --lesson"]) assert.match(good.said, new RegExp(`^${name}\\.+Passed$`, "m"));
    writeFileSync(join(folder, "page.md"), PAGE(8));
    writeFileSync(join(folder, "a.loop"), "a:   cpu 3 -> awiat 5\n");
    const broken = commit();
    assert.equal(broken.status, 1, broken.said);
    assert.match(broken.said, /^loopscope check\.+Failed$/m);
    assert.match(broken.said, /awiat/);
    assert.match(broken.said, /^loopscope check --lesson\.+Failed$/m);
    assert.match(broken.said, /page\.md/);
  });
});

test("the action is a valid one, and its steps test the pages they are given", () => {
  const action = readFileSync(join(root, "action.yml"), "utf8");
  const judge = join(here, "action/node_modules/.bin/action-validator");
  inFolder({ "action.yml": action.replace("using: composite", "using: compostie") }, (folder, run) => {
    assert.notEqual(run(judge, ["action.yml"]).status, 0, "who judges sees a mistake");
  });
  const valid = spawnSync(judge, [join(root, "action.yml")], { encoding: "utf8" });
  assert.equal(valid.status, 0, `${valid.stdout}${valid.stderr}`);
  const parse = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
  const read = spawnSync(join(venv, "python"), ["-c", parse], { input: action, encoding: "utf8" });
  const { runs, inputs } = JSON.parse(read.stdout);
  const [install, judged] = runs.steps;
  assert.ok(existsSync(join(root, "Cargo.lock")), "it installs with --locked");
  inFolder({ "docs/deep/one.md": PAGE(9), "docs/two.md": PAGE(9), "three.md": PAGE(8) }, (folder, run) => {
    const there = join(folder, ".cargo-root");
    const path = `${join(there, "bin")}${delimiter}${process.env.PATH}`;
    // Like GitHub's runner: bash, with the inputs in the environment.
    const step = ({ run: script, shell, env = {} }, pages) => {
      assert.equal(shell, "bash");
      const given = { "${{ inputs.pages }}": pages, "${{ inputs.language }}": inputs.language.default };
      const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, given[value]]));
      assert.ok(Object.values(filled).every((value) => value !== undefined), JSON.stringify(env));
      return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { ...QUICKLY, ...filled, GITHUB_ACTION_PATH: root, CARGO_INSTALL_ROOT: there, PATH: path });
    };
    const installed = step(install);
    assert.equal(installed.status, 0, installed.said);
    const good = step(judged, "docs/**/*.md");
    assert.equal(good.status, 0, good.said);
    assert.match(good.said, /one\.md: 1 script[\s\S]*two\.md: 1 script/);
    const broken = step(judged, "docs/**/*.md *.md");
    assert.equal(broken.status, 1, broken.said);
    assert.match(broken.said, /three\.md/);
  });
});

test("mdBook builds a book with the charts in its pages", () => {
  const book = "[book]\ntitle = \"Course\"\nlanguage = \"en\"\n\n[preprocessor.loopscope]\ncommand = \"loopscope mdbook\"\n";
  inFolder({ "book.toml": book, "src/SUMMARY.md": "# Summary\n\n- [Pasta](pasta.md)\n", "src/pasta.md": PAGE(9) }, (folder, run) => {
    // mdBook runs `loopscope`, so the tested program gets this name.
    mkdirSync(join(folder, "bin"));
    symlinkSync(program, join(folder, "bin/loopscope"));
    const path = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
    const made = run("mdbook", ["build"], { PATH: path });
    assert.equal(made.status, 0, made.said);
    assert.doesNotMatch(made.said, /warn|error/i);
    const page = readFileSync(join(folder, "book/pasta.html"), "utf8");
    const picture = /<img src="data:image\/svg\+xml;base64,([^"]+)" alt="9s"/.exec(page);
    assert.ok(picture, "a picture with its total");
    assert.match(Buffer.from(picture[1], "base64").toString(), /^<svg /);
    assert.match(page, /<code class="language-loopscope/, "the script is still there");
  });
});
