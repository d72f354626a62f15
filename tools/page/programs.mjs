// Builds the page's programs: cargo compiles them, and wasm-bindgen turns each into a module and
// its WebAssembly.

import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { build, run, target } from "./cargo.mjs";
import { programs, readText } from "./source.mjs";
import { wasmBindgen } from "./wasm-bindgen.mjs";

const isNewer = (made, source) => (statSync(made, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync(source).mtimeMs;

/** The module and the WebAssembly of each program, by name. Reports its progress to `say`. */
export function buildPrograms(isRelease, say) {
  const command = wasmBindgen(say);
  const { names, features, profile } = programs(readText("index.html"), isRelease);
  say(`the page's programs by cargo's profile \`${profile}\` (${isRelease ? "two minutes" : "a minute the first time"})`);
  const bins = names.flatMap((name) => ["--bin", name]);
  const compiled = build(["--package", "loopscope-page", "--target", "wasm32-unknown-unknown", "--profile", profile, "--features", features, ...bins]);
  const place = join(target, "page-programs", profile);
  mkdirSync(place, { recursive: true });
  for (const name of names) {
    if (isNewer(join(place, `${name}_bg.wasm`), compiled.get(name))) continue;
    // The options that Trunk uses.
    run(command, ["--target=web", `--out-dir=${place}`, `--out-name=${name}`, compiled.get(name), "--no-typescript"]);
  }
  return new Map(names.map((name) => [name, {
    module: readFileSync(join(place, `${name}.js`), "utf8"),
    wasm: readFileSync(join(place, `${name}_bg.wasm`)),
  }]));
}
