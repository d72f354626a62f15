// The packages of package-lock.json, in node_modules: installed if they are missing or older than it.
// Trunk runs this before each build (Trunk.toml), `tools/need npm` and tools/build-page.mjs too.

import { spawnSync } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const OLDEST_NODE = 20;

const version = process.versions.node;
if (Number(version.split(".")[0]) < OLDEST_NODE) {
  console.error(`missing: node of at least ${OLDEST_NODE} (found ${version})\n   to get it: https://nodejs.org, or nvm install ${OLDEST_NODE}`);
  process.exit(5);
}
const wanted = join(root, "package-lock.json");
// npm writes this one last.
const installed = join(root, "node_modules/.package-lock.json");
const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
if (!isCurrent) {
  console.log("==> installing the packages of package-lock.json (some seconds)");
  // A shell finds `npm.cmd` on Windows, too.
  const { status } = spawnSync("npm ci --no-audit --no-fund --loglevel=error", { cwd: root, shell: true, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const now = new Date();
  utimesSync(installed, now, now);
}
