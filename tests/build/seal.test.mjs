// The build of the page, with empty programs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const place = mkdtempSync(join(tmpdir(), "loopscope-seal-"));
// The tests must not clean up the cache of the real build.
process.env.CARGO_TARGET_DIR = join(place, "target");
const { replace } = await import("../../tools/page/folder.mjs");
const { seal } = await import("../../tools/page/seal.mjs");

const root = fileURLToPath(new URL("../..", import.meta.url));
const NAMES = ["page", "files", "python", "insight", "proof"];
/** An empty WebAssembly module. */
const EMPTY = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const programs = () => new Map(NAMES.map((name) => [name, { module: `export default new URL("${name}_bg.wasm", import.meta.url);`, wasm: EMPTY }]));

const sha256 = (text, encoding) => createHash("sha256").update(text).digest(encoding);
const inlineScripts = (html) => [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]);

after(() => rmSync(place, { recursive: true, force: true }));

test("every file of a release is named after its content, and the page names no other", async () => {
  const files = await seal(programs(), { isRelease: true });
  const fixed = ["index.html", "offline.js", "embed/v1/embed.js"];
  for (const [name, content] of files) {
    if (!fixed.includes(name)) assert.ok(name.includes(sha256(content, "hex").slice(0, 16)), name);
  }
  for (const text of [files.get("index.html"), files.get("offline.js")]) {
    for (const [name] of String(text).matchAll(/(?:python\/)?[a-z]+-[0-9a-f]{16}[a-z_.]+/g)) assert.ok(files.has(name), name);
  }
  assert.deepEqual(await seal(programs(), { isRelease: true }), files);
});

test("the policy allows the page's own scripts", async () => {
  for (const isRelease of [false, true]) {
    const html = String((await seal(programs(), { isRelease })).get("index.html"));
    const [, allowed] = /script-src ([^;]*);/.exec(html);
    for (const script of inlineScripts(html)) assert.ok(allowed.includes(`'sha256-${sha256(script, "base64")}'`), script);
    assert.equal(inlineScripts(html).length, 2);
    assert.ok(!html.includes("data-trunk"), html);
  }
});

test("`trunk serve` may reload the page: the policy allows its script as the browser gets it", () => {
  const stage = mkdtempSync(join(place, "stage-"));
  writeFileSync(join(stage, "page-1f.js"), "export {};");
  writeFileSync(join(stage, "page-1f_bg.wasm"), EMPTY);
  for (const name of NAMES.slice(1)) {
    writeFileSync(join(stage, `${name}.js`), "export {};");
    writeFileSync(join(stage, `${name}_bg.wasm`), EMPTY);
  }
  const script = "const url = `ws://` + '{{__TRUNK_ADDRESS__}}' + '{{__TRUNK_WS_BASE__}}.well-known/trunk/ws';";
  writeFileSync(join(stage, "index.html"), `<body><script>other()</script><script>${script}</script></body>`);
  execFileSync(process.execPath, ["tools/seal.mjs"], { cwd: root, env: { ...process.env, TRUNK_STAGING_DIR: stage, TRUNK_PROFILE: "debug" } });
  const html = readFileSync(join(stage, "index.html"), "utf8");
  const reloading = inlineScripts(html).at(-1);
  assert.equal(reloading, "const url = `ws://` + window.location.host + '/.well-known/trunk/ws';");
  assert.ok(html.includes(`'sha256-${sha256(reloading, "base64")}'`));
  assert.ok(!readdirSync(stage).includes("page-1f.js"), "Trunk's own files are not part of the page");
});

test("a page that has not changed is left alone, so that the companion with it is not built again", async () => {
  const folder = join(place, "page");
  const files = await seal(programs(), { isRelease: false });
  replace(folder, files);
  const { ino, mtimeMs } = statSync(join(folder, "index.html"));
  replace(folder, files);
  assert.deepEqual([statSync(join(folder, "index.html")).ino, statSync(join(folder, "index.html")).mtimeMs], [ino, mtimeMs]);
  const fewer = new Map([...files].filter(([name]) => name === "index.html"));
  replace(folder, fewer);
  assert.deepEqual(readdirSync(folder), ["index.html"]);
});
