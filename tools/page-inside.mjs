// Writes page-inside.rs: the files of dist/ as constants, for a companion that is built
// with them inside (`--features with-page`). Without the service worker: a companion's
// address is another one each time, so there is nothing to keep for it; and without what
// an embedded page needs: nobody frames a companion.

import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
if (!existsSync(join(root, "dist/index.html"))) {
  console.error("page-inside: there is no dist/index.html; run `make page`");
  process.exit(1);
}
const entries = readdirSync(join(root, "dist"), { withFileTypes: true }).filter((entry) => entry.isFile());
const names = entries.map(({ name }) => name).filter((name) => name !== "offline.js" && !name.startsWith("inside-")).sort();
const files = names.map((name) => `    (${JSON.stringify(name)}, include_bytes!(${JSON.stringify(`dist/${name}`)})),`);
const list = ["pub(super) const NAMES_AND_BYTES: &[(&str, &[u8])] = &[", ...files, "];", ""].join("\n");
const place = join(root, "page-inside.rs");
// What is there already is left alone: a new one is a reason to build the companion again.
if (!existsSync(place) || readFileSync(place, "utf8") !== list) writeFileSync(place, list);
