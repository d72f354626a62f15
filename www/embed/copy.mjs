#!/usr/bin/env node
// `npx loopscope-lab copy static/loopscope`: writes the whole page, to serve it beside a course.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const USAGE = `Usage: loopscope-lab copy DIR

Writes the files of Loopscope into a folder; any web server can serve them. Put into your course page:
  <script async src="ADDRESS-OF-DIR/embed/v1/embed.js"></script>`;
const EXIT_USAGE = 2;

const page = fileURLToPath(new URL("page", import.meta.url));

function fail(words) {
  console.error(words);
  process.exit(EXIT_USAGE);
}

/** Whether there is an `index.html` that is not Loopscope's. */
function holdsOtherSite(folder) {
  const index = join(folder, "index.html");
  return existsSync(index) && !readFileSync(index, "utf8").includes(`<meta name="loopscope-build"`);
}

const [command, folder, ...more] = process.argv.slice(2);
if (command === "--help" || command === "-h") {
  console.log(USAGE);
  process.exit(0);
}
if (command !== "copy" || !folder || more.length > 0) fail(USAGE);
if (holdsOtherSite(folder)) fail(`error: \`${folder}\` holds a site of its own; name a folder for Loopscope, e.g. \`${join(folder, "loopscope")}\``);
const names = readdirSync(page, { recursive: true }).filter((name) => statSync(join(page, name)).isFile());
// The page itself comes last: a server that serves the folder meanwhile has all its parts then.
names.sort((one, other) => (one === "index.html") - (other === "index.html"));
let bytes = 0;
for (const name of names) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  cpSync(join(page, name), join(folder, name));
  bytes += statSync(join(page, name)).size;
}
console.log(`${names.length} files (${(bytes / 1e6).toFixed(1)} MB) are in \`${folder}\`; any web server can serve them`);
