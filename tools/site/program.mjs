// Runs the companion for everything that the pages show: charts, results, links, lessons.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export class Program {
  constructor(root) {
    const folder = process.env.CARGO_TARGET_DIR ?? join(root, "target");
    const places = [process.env.LOOPSCOPE_PROGRAM, join(folder, "release/loopscope"), join(folder, "debug/loopscope")].filter(Boolean);
    this.path = places.find((path) => existsSync(path));
    this.verification = Program.session(root);
    if (!this.path) throw new Error("there is no `loopscope` yet; run `cargo build --release`, or name one in LOOPSCOPE_PROGRAM");
  }

  /** The terminal session with `verify` from the README. */
  static session(root) {
    return readFileSync(join(root, "README.md"), "utf8").match(/```text\n(\$ loopscope verify [\s\S]*?)```/)[1].trimEnd();
  }

  run(args, input = "") {
    return execFileSync(this.path, args, { input, maxBuffer: 1 << 26, stdio: ["pipe", "pipe", "inherit"] });
  }

  lessons(language) {
    return JSON.parse(this.run(["lessons", "--format", "json", "--lang", language])).lessons;
  }

  /** The fragment of a share link. */
  link(script) {
    return this.run(["link", "-"], script).toString().trim();
  }

  result(script, language) {
    return JSON.parse(this.run(["run", "-", "--format", "json", "--summary", "--lang", language], script));
  }

  drawing(script, file, width, language) {
    this.run(["draw", "-", "-o", file, "--width", String(width), "--lang", language], script);
  }
}
