// Writes what npm gets as `loopscope-lab`: the element, the built page of dist/, and the command that copies it.
//
// node tools/lab-package.mjs FOLDER

import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "dist");
const [folder] = process.argv.slice(2);

if (!folder) throw new Error("usage: node tools/lab-package.mjs FOLDER");
if (!existsSync(join(page, "index.html"))) throw new Error("there is no dist/; run `make page` first");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of ["package.json", "README.md", "copy.mjs", "embed.js"]) copyFileSync(join(root, "www/embed", name), join(folder, name));
copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
cpSync(page, join(folder, "page"), { recursive: true });
