// The command line for people without Python: the program of a wheel, its man pages and the licence as an archive.
//
// node tools/archive.mjs WHEEL writes target/archives/loopscope-1.2.3-linux-x86_64.tar.gz. It runs the program,
// so the wheel has to be one for this machine.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { unzip } from "./page/zip.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const SYSTEMS = { manylinux: "linux", musllinux: "linux-musl", macosx: "macos" };

/**
 * The name of a wheel's archive, e.g. `loopscope-1.2.3-py3-none-manylinux2014_x86_64.whl` →
 * `loopscope-1.2.3-linux-x86_64`.
 */
export function archiveName(wheel) {
  const found = /^(loopscope-[^-]+)-py3-none-(manylinux|musllinux|macosx)\w*?_(x86_64|aarch64|arm64)(?:\.\w+)?\.whl$/.exec(wheel);
  if (!found) throw new Error(`${wheel} is no wheel of a system that has an archive`);
  const [, name, system, machine] = found;
  return `${name}-${SYSTEMS[system]}-${machine}`;
}

function main([wheel]) {
  const name = archiveName(basename(wheel));
  const archives = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "archives");
  const folder = join(archives, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "man"), { recursive: true });
  const [, program] = [...unzip(readFileSync(wheel))].find(([path]) => path.endsWith(".data/scripts/loopscope"));
  const path = join(folder, "loopscope");
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  execFileSync(path, ["man", join(folder, "man")], { stdio: ["ignore", "ignore", "inherit"] });
  for (const text of ["LICENSE", "README.md", "CHANGELOG.md"]) copyFileSync(join(root, text), join(folder, text));
  execFileSync("tar", ["-czf", `${folder}.tar.gz`, "-C", archives, name]);
  rmSync(folder, { recursive: true });
  console.log(`${folder}.tar.gz`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
