// Finds the command `wasm-bindgen`: the installed one if its version matches, otherwise
// tools/bindgen, which compiles in a third of the time.
//
// Run as a program, it prints a PATH that contains the command.

import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { argv, env } from "node:process";
import { fileURLToPath } from "node:url";

import { build } from "./cargo.mjs";
import { readText } from "./source.mjs";

/** The path of the command, or its name if it is on PATH. Reports a build to `say`. */
export function wasmBindgen(say) {
  // The versions of library and command must match.
  const [, version] = readText("Cargo.lock").match(/name = "wasm-bindgen"\nversion = "(.*)"/);
  const { stdout } = spawnSync("wasm-bindgen", ["--version"], { encoding: "utf8" });
  if (stdout?.trim() === `wasm-bindgen ${version}`) return "wasm-bindgen";
  say("wasm-bindgen, which makes modules of the page's programs (a minute, once)");
  return build(["--profile", "local", "--package", "page-bindgen"]).get("wasm-bindgen");
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const command = wasmBindgen((what) => console.error(`==> ${what}`));
  console.log(command === "wasm-bindgen" ? env.PATH : [dirname(command), env.PATH].join(delimiter));
}
