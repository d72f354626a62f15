// Runs cargo and finds the programs that it built.

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { root } from "./source.mjs";

export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
/** Enough for cargo's list of a few hundred artifacts. */
const OUTPUT_BYTES_MAX = 64 << 20;

/** Runs a command and returns its output. Ends this program if the command fails. */
export function run(command, args) {
  const { status, stdout, error } = spawnSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: OUTPUT_BYTES_MAX });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Builds and returns the paths of the programs by name. */
export function build(args) {
  // In a terminal cargo shows a progress bar; elsewhere it would print a line per package.
  const quiet = process.stderr.isTTY ? [] : ["--quiet"];
  const lines = run(process.env.CARGO ?? "cargo", ["build", "--locked", ...quiet, "--message-format=json-render-diagnostics", ...args]).split("\n");
  const messages = lines.filter(Boolean).map((line) => JSON.parse(line));
  const artifacts = messages.filter(({ reason, target }) => reason === "compiler-artifact" && target.kind.includes("bin"));
  return new Map(artifacts.map(({ target, filenames, executable }) => [target.name, executable ?? filenames.find((name) => name.endsWith(".wasm"))]));
}
