// The command `wasm-bindgen`: the one that is installed if its version is right, otherwise the one of
// tools/bindgen, which is built in a third of the time. Run by itself, prints a PATH on which it is found.

import { spawnSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { argv, env } from "node:process";
import { fileURLToPath } from "node:url";

import { build } from "./cargo.mjs";
import { readText } from "./source.mjs";

/** The path of the command, or its name if it is on PATH. `say` hears what is built. */
export function wasmBindgen(say) {
  // Library and command must agree.
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
