// Writes the page's files into a folder that then contains nothing else.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const paths = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1).split(sep).join("/"));

const holds = (folder, files) => existsSync(folder) && paths(folder).length === files.size
  && [...files].every(([name, content]) => existsSync(join(folder, name)) && readFileSync(join(folder, name)).equals(content));

export function writeInto(folder, files) {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/**
 * Replaces the content of a folder. A folder that already contains exactly these files is not
 * touched, so that a companion with the page inside is not built again.
 */
export function replace(folder, files) {
  if (holds(folder, files)) return;
  // Written next to the folder first: an interrupted build leaves no half-written page.
  const next = `${folder}.next`;
  rmSync(next, { recursive: true, force: true });
  writeInto(next, files);
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
}
