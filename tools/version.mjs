// The version of everything that is released. `Cargo.toml` says it; the other places follow.
//
// node tools/version.mjs            prints the version, and fails if a place does not follow
// node tools/version.mjs 1.2.3      sets it everywhere; *Unreleased* in the changelog becomes 1.2.3
// node tools/version.mjs --tag v1.2.3   fails if this is not the version, or if the changelog has no notes of it
// node tools/version.mjs --notes    prints the notes of this version

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const VERSION = String.raw`\d+\.\d+\.\d+(?:-[\w.]+)?`;
const SOURCE = /^\[workspace\.package\]\nversion = "(.*)"$/m;

/** Where a version is, and how it is written there: `@` stands for it. */
const PLACES = [
  ["Cargo.toml", `path = "crates/.*", version = "@"`],
  ["Cargo.lock", `name = "loopscope(?:-\\w+)?"\nversion = "@"`],
  ["python/loopscope/__init__.py", `^__version__ = "@"$`],
  ["www/embed/package.json", `"version": "@"`],
  ["README.md", `Version @`],
  ["docs/embed/README.md", "(?:`v|loopscope-page-)@"],
  ["docs/embed/README.ko.md", "(?:`v|loopscope-page-)@"],
  ["SECURITY.md", `Version @`],
  ["docs/companion-api.md", `"version":"@"`],
  ["crates/companion/tests/cli/cases/usage.txt", `^> loopscope @$`],
  ["crates/companion/tests/cli/cases/export.txt", `"engine":"loopscope @"`],
].map(([file, pattern]) => ({ file, pattern: new RegExp(`(${pattern.replace("@", `)(${VERSION})(`)})`, "gm") }));

const CHANGELOG = "CHANGELOG.md";
/** E.g. `## 1.2.3 (2026-11-30)`. */
const RELEASE = new RegExp(`^## (${VERSION}) \\((\\d{4}-\\d{2}-\\d{2})\\)$`);

/** The sections of the changelog, the newest first; `version` is `null` for *Unreleased*. */
export function releases(changelog) {
  const sections = changelog.split(/^(?=## )/m).slice(1);
  return sections.map((section) => {
    const end = section.indexOf("\n");
    const [, version = null, date = null] = RELEASE.exec(section.slice(0, end)) ?? [];
    return { heading: section.slice(0, end), version, date, notes: section.slice(end).trim() };
  });
}

const version = (read) => SOURCE.exec(read("Cargo.toml"))[1];

/** Negative if the first version is older. */
function compare(one, other) {
  const numbers = (text) => text.split("-")[0].split(".").map(Number);
  const at = numbers(one).findIndex((number, index) => number !== numbers(other)[index]);
  return at < 0 ? 0 : numbers(one)[at] - numbers(other)[at];
}

/** The places that do not follow. `read` returns the text of a file. */
export function problems(read) {
  const wanted = version(read);
  const found = PLACES.flatMap(({ file, pattern }) => {
    const written = [...read(file).matchAll(pattern)].map((match) => match[2]);
    if (written.length === 0) return [`${file}: the version is not where it was; tools/version.mjs says where it looks`];
    return [...new Set(written)].filter((other) => other !== wanted).map((other) => `${file}: ${other} instead of ${wanted}`);
  });
  if (!/^dynamic = \["version"\]$/m.test(read("pyproject.toml"))) found.push("pyproject.toml: a version of its own; it is that of Cargo.toml");
  const sections = releases(read(CHANGELOG));
  const odd = sections.slice(1).find((section) => section.version === null);
  if (sections[0]?.heading !== "## Unreleased") found.push(`${CHANGELOG}: does not begin with \`## Unreleased\``);
  if (odd) found.push(`${CHANGELOG}: \`${odd.heading}\` is no heading like \`## 1.2.3 (2026-11-30)\``);
  const newest = sections[1]?.version;
  if (newest && compare(newest, wanted) > 0) found.push(`${CHANGELOG}: ${newest} is newer than ${wanted}`);
  return found;
}

/** What keeps a tag from being released. */
export function problemsOfTag(tag, read) {
  const wanted = version(read);
  const found = problems(read);
  if (tag !== `v${wanted}`) found.push(`the tag is ${tag}, and the version ${wanted}: set it by \`node tools/version.mjs ${tag.replace(/^v/, "")}\``);
  if (!releases(read(CHANGELOG)).some((section) => section.version === wanted && section.notes)) found.push(`${CHANGELOG}: no notes of ${wanted}`);
  return found;
}

/** The texts of all files that change, by name. */
export function changed(next, read, today) {
  const texts = new Map(PLACES.map(({ file }) => [file, read(file)]));
  for (const { file, pattern } of PLACES) texts.set(file, texts.get(file).replace(pattern, `$1${next}$3`));
  texts.set("Cargo.toml", texts.get("Cargo.toml").replace(SOURCE, `[workspace.package]\nversion = "${next}"`));
  const changes = read(CHANGELOG);
  // Set twice, a version keeps its notes.
  const isThere = releases(changes).some((section) => section.version === next);
  texts.set(CHANGELOG, isThere ? changes : changes.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${next} (${today})\n`));
  return texts;
}

function main([word, tag]) {
  const read = (file) => readFileSync(join(root, file), "utf8");
  if (word && !word.startsWith("-")) {
    if (!new RegExp(`^${VERSION}$`).test(word)) throw new Error(`\`${word}\` is no version like 1.2.3`);
    for (const [file, text] of changed(word, read, new Date().toISOString().slice(0, 10))) writeFileSync(join(root, file), text);
  }
  const found = word === "--tag" ? problemsOfTag(tag ?? "", read) : problems(read);
  for (const problem of found) console.error(`version: ${problem}`);
  if (found.length > 0) process.exit(1);
  if (word === "--notes") return console.log(releases(read(CHANGELOG)).find((section) => section.version === version(read))?.notes ?? "");
  console.log(version(read));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
