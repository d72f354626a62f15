// Installs the packages of package-lock.json into node_modules, if they are missing or outdated.
//
// Trunk (Trunk.toml), `tools/need npm` and tools/build-page.mjs run it.

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
// npm writes this file last.
const installed = join(root, "node_modules/.package-lock.json");
const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
if (!isCurrent) {
  console.log("==> installing the packages of package-lock.json (some seconds)");
  // Through a shell, since npm is `npm.cmd` on Windows.
  const { status } = spawnSync("npm ci --no-audit --no-fund --loglevel=error", { cwd: root, shell: true, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  // Marks the packages as newer than package-lock.json, whatever times npm has set.
  const now = new Date();
  utimesSync(installed, now, now);
}
