// Makes downloads smaller: programs with wasm-opt, text files with esbuild. Also bundles with
// esbuild.

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, transform } from "esbuild";

import { target } from "./cargo.mjs";
import { readText, root } from "./source.mjs";

const TARGET = "es2022";

/** Bundles a file with everything that it imports. */
export async function bundle(source, format) {
  const { outputFiles } = await build({
    entryPoints: [join(root, source)], bundle: true, format, target: TARGET, minify: true, legalComments: "none", write: false,
  });
  return outputFiles[0].text;
}

export async function shrinkText(text, loader) {
  return (await transform(text, { loader, minify: true, target: TARGET })).code;
}

/** WebAssembly features that Rust's target uses and binaryen must enable. */
const WASM_FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

const TOOL = JSON.parse(readText("node_modules/binaryen/package.json")).version;
const WASM_OPT = ["-Oz", "--strip-debug", "--strip-producers", ...WASM_FEATURES.map((feature) => `--enable-${feature}`)];
/** The cache of wasm-opt's results: its slowest level takes about ten seconds per program. */
const KEPT = join(target, "page-programs/small");

async function shrinkWasm(wasm) {
  const path = join(KEPT, `${createHash("sha256").update(TOOL).update(WASM_OPT.join()).update(wasm).digest("hex")}.wasm`);
  if (!existsSync(path)) {
    // Renamed when complete, so that parallel builds never read a half-written file.
    const unfinished = join(KEPT, randomUUID());
    writeFileSync(unfinished, wasm);
    await promisify(execFile)(process.execPath, [join(root, "node_modules/binaryen/bin/wasm-opt"), ...WASM_OPT, unfinished, "-o", unfinished]);
    renameSync(unfinished, path);
  }
  return path;
}

/**
 * The programs after wasm-opt, in the same order. Removes the results of earlier builds from the
 * cache.
 */
export async function shrinkWasms(wasms) {
  mkdirSync(KEPT, { recursive: true });
  const paths = await Promise.all(wasms.map(shrinkWasm));
  for (const name of readdirSync(KEPT)) {
    if (!paths.includes(join(KEPT, name))) rmSync(join(KEPT, name), { force: true });
  }
  return paths.map((path) => readFileSync(path));
}

/** The folder of the dependencies' sources, whose path appears in panic messages. */
const SOURCES = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src", "/");

/**
 * Removes the home folder of the build machine from a program. Each path keeps its length, since
 * the program stores lengths elsewhere.
 */
export function withoutHome(wasm) {
  const bytes = Buffer.from(wasm);
  for (let at = bytes.indexOf(SOURCES); at >= 0; at = bytes.indexOf(SOURCES, at)) {
    const end = bytes.indexOf("/", at + SOURCES.length);
    bytes.fill("/", at, end).write("crates", at);
  }
  return bytes;
}
