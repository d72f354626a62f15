// The Python packages of the page's runtime: FastAPI and what it imports, as wheels from PyPI by pip.
//
// `python-packages.txt` pins their versions and hashes. They are downloaded once and kept beside the
// npm packages. Without pip or a network the page is built without them, and says so when a program
// needs FastAPI.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { root } from "./source.mjs";
import { unzip } from "./zip.mjs";

const LOCK = join(root, "tools/page/python-packages.txt");
const FOLDER = join(root, "node_modules/.cache/loopscope-wheels");
/** The Python and the platform of the `pyodide` in package.json. */
const PLATFORM = ["--platform", "pyemscripten_2026_0_wasm32", "--platform", "any", "--python-version", "3.14", "--implementation", "cp", "--abi", "cp314", "--abi", "none"];
/** Without a network pip gives up after a few seconds, not after a minute. */
const PATIENCE = ["--retries", "1", "--timeout", "15"];

const PYTHON = process.platform === "win32" ? "python" : "python3";

const hashes = () => [...readFileSync(LOCK, "utf8").matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, hash]) => hash);

/** The wheels of the lock file that are in the folder, by hash. */
function kept(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".whl")) : [];
  return new Map(names.map((name) => readFileSync(join(folder, name))).map((wheel) => [createHash("sha256").update(wheel).digest("hex"), wheel]));
}

/** Downloads the wheels. Returns what went wrong, if anything. */
function download(folder, python) {
  mkdirSync(folder, { recursive: true });
  const args = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", ...PATIENCE, "--only-binary=:all:", ...PLATFORM, "--no-deps", "--require-hashes", "--dest", folder, "--requirement", LOCK];
  const { status, stderr, error } = spawnSync(python, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (error) return `${python} was not found`;
  const lines = stderr.trim().split("\n");
  return status === 0 ? undefined : lines.findLast((line) => /error|no module/i.test(line)) ?? lines.at(-1);
}

/** The files of all wheels by path, or nothing if they cannot be had; that is said on standard error. */
export function pythonPackages({ folder = FOLDER, python = PYTHON } = {}) {
  let found = kept(folder);
  const isThere = () => hashes().every((hash) => found.has(hash));
  if (!isThere()) {
    console.log("==> downloading FastAPI for the page's Python (2.5 MB, once)");
    const trouble = download(folder, python);
    found = kept(folder);
    if (!isThere()) {
      console.error(`missing: FastAPI for the page's Python (${trouble ?? "pip left no wheels"})\n   the page is built without it: it refuses FastAPI programs, and says so\n   to get it: python3 with pip (apt-get install python3-pip) and a connection to PyPI, then build again`);
      return undefined;
    }
  }
  return new Map(hashes().flatMap((hash) => [...unzip(found.get(hash))]));
}
