// One version: that of Cargo.toml, which all other places follow.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { changed, problems, problemsOfTag, releases } from "../../tools/version.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file) => readFileSync(join(root, file), "utf8");
/** The repository with other texts in some files. */
const withTexts = (texts) => (file) => texts.get(file) ?? read(file);
const now = /^\[workspace\.package\]\nversion = "(.*)"$/m.exec(read("Cargo.toml"))[1];

/** The problems if `text` in `file` is `other`. */
const found = (file, text, other) => {
  assert.ok(read(file).includes(text), `${file} contains ${text}`);
  return problems(withTexts(new Map([[file, read(file).replace(text, other)]])));
};

test("every place has the version of Cargo.toml", () => {
  assert.deepEqual(problems(read), []);
  const { status, stdout } = spawnSync(process.execPath, ["tools/version.mjs"], { cwd: root, encoding: "utf8" });
  assert.deepEqual([status, stdout], [0, `${now}\n`]);
});

test("a place that does not follow is named", () => {
  assert.deepEqual(found("www/embed/package.json", `"version": "${now}"`, `"version": "9.8.7"`), [`www/embed/package.json: 9.8.7 instead of ${now}`]);
  assert.deepEqual(found("Cargo.toml", `path = "crates/sim", version = "${now}"`, `path = "crates/sim", version = "9.8.7"`), [`Cargo.toml: 9.8.7 instead of ${now}`]);
  assert.match(found("python/loopscope/__init__.py", "__version__", "__edition__")[0], /^python\/loopscope\/__init__\.py: the version is not where it was/);
  assert.match(found("pyproject.toml", `dynamic = ["version"]`, `version = "${now}"`)[0], /^pyproject\.toml: a version of its own/);
  assert.match(found("CHANGELOG.md", "## Unreleased", "## Coming")[0], /does not begin with `## Unreleased`/);
  assert.match(found("CHANGELOG.md", "## Unreleased", "## Unreleased\n\n## 9.8.7 (2026-01-02)")[0], /9\.8\.7 is newer than/);
  assert.match(found("CHANGELOG.md", "## Unreleased", "## Unreleased\n\n## Version 0.0.1")[0], /`## Version 0\.0\.1` is no heading/);
});

test("a new version is set everywhere, and the changelog begins anew", () => {
  const texts = changed("9.8.7", read, "2026-11-30");
  assert.deepEqual(problems(withTexts(texts)), []);
  const [unreleased, newest] = releases(texts.get("CHANGELOG.md"));
  assert.deepEqual([unreleased.notes, newest.version, newest.date], ["", "9.8.7", "2026-11-30"]);
  assert.equal(newest.notes, releases(read("CHANGELOG.md"))[0].notes);
  const again = changed("9.8.7", withTexts(texts), "2026-12-01");
  assert.equal(again.get("CHANGELOG.md"), texts.get("CHANGELOG.md"), "set twice, it keeps its notes");
  // What is not ours keeps its version.
  const ours = read("Cargo.lock").match(/^name = "loopscope.*"$/gm).length;
  assert.equal(texts.get("Cargo.lock").match(/^version = "9\.8\.7"$/gm).length, ours);
});

test("a tag is released only if it is the version and has notes", () => {
  const ready = withTexts(changed("9.8.7", read, "2026-11-30"));
  assert.deepEqual(problemsOfTag("v9.8.7", ready), []);
  assert.match(problemsOfTag("v9.8.6", ready)[0], /the tag is v9\.8\.6, and the version 9\.8\.7: set it by `node tools\/version\.mjs 9\.8\.6`/);
  assert.match(problemsOfTag(`v${now}`, (file) => (file === "CHANGELOG.md" ? "# Changelog\n\n## Unreleased\n" : read(file)))[0], /no notes of/);
});
