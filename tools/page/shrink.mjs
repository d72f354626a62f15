// What makes the page smaller to download: wasm-opt for programs, esbuild for texts; and esbuild's bundles.

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, transform } from "esbuild";

import { target } from "./cargo.mjs";
import { root } from "./source.mjs";

const TARGET = "es2022";

/** One file with everything that it imports. */
export async function bundle(source, format) {
  const { outputFiles } = await build({
    entryPoints: [join(root, source)], bundle: true, format, target: TARGET, minify: true, legalComments: "none", write: false,
  });
  return outputFiles[0].text;
}

export async function shrinkText(text, loader) {
  return (await transform(text, { loader, minify: true, target: TARGET })).code;
}

/** Features that Rust's wasm target uses, which binaryen must be told of. */
const WASM_FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

const WASM_OPT = ["-Oz", "--strip-debug", "--strip-producers", ...WASM_FEATURES.map((feature) => `--enable-${feature}`)];
/** What wasm-opt made of a program, by the content of both: its slowest level takes some ten seconds for each. */
const KEPT = join(target, "page-programs/small");

async function shrinkWasm(wasm) {
  const path = join(KEPT, `${createHash("sha256").update(WASM_OPT.join()).update(wasm).digest("hex")}.wasm`);
  if (!existsSync(path)) {
    const unfinished = join(KEPT, randomUUID());
    writeFileSync(unfinished, wasm);
    await promisify(execFile)(process.execPath, [join(root, "node_modules/binaryen/bin/wasm-opt"), ...WASM_OPT, unfinished, "-o", unfinished]);
    renameSync(unfinished, path);
  }
  return path;
}

/** The programs as small as wasm-opt makes them, in their order. Forgets the ones of earlier builds. */
export async function shrinkWasms(wasms) {
  mkdirSync(KEPT, { recursive: true });
  const paths = await Promise.all(wasms.map(shrinkWasm));
  for (const name of readdirSync(KEPT)) {
    if (!paths.includes(join(KEPT, name))) rmSync(join(KEPT, name), { force: true });
  }
  return paths.map((path) => readFileSync(path));
}

/** The names of others' sources, for messages of panics. */
const SOURCES = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src", "/");

/** Leaves out where the builder's machine keeps them. The name stays as long as it was, since its length is elsewhere. */
export function withoutHome(wasm) {
  const bytes = Buffer.from(wasm);
  for (let at = bytes.indexOf(SOURCES); at >= 0; at = bytes.indexOf(SOURCES, at)) {
    const end = bytes.indexOf("/", at + SOURCES.length);
    bytes.fill("/", at, end).write("crates", at);
  }
  return bytes;
}
