// Writing the page's files into a folder that then holds nothing else.

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

/** Leaves a folder alone that holds just these files already: a companion with them inside is then built still. */
export function replace(folder, files) {
  if (holds(folder, files)) return;
  const next = `${folder}.next`;
  rmSync(next, { recursive: true, force: true });
  writeInto(next, files);
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
}
