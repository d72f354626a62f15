// Writes what npm gets as `loopscope-lab`: the element, the built page of dist/, and the command that copies it.
//
// node tools/lab-package.mjs FOLDER. LOOPSCOPE_SITE_SOURCE is where the source is: npm accepts a statement of
// provenance only for a package that names the repository which publishes it.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = join(root, "dist");
const [folder] = process.argv.slice(2);

if (!folder) throw new Error("usage: node tools/lab-package.mjs FOLDER");
if (!existsSync(join(page, "index.html"))) throw new Error("there is no dist/; run `make page` first");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of ["README.md", "copy.mjs"]) copyFileSync(join(root, "www/embed", name), join(folder, name));
// The bundled element: its sources are several files.
copyFileSync(join(page, "embed/v1/embed.js"), join(folder, "embed.js"));
const description = JSON.parse(readFileSync(join(root, "www/embed/package.json"), "utf8"));
const source = process.env.LOOPSCOPE_SITE_SOURCE;
if (source) description.repository = { type: "git", url: `git+${source}.git` };
writeFileSync(join(folder, "package.json"), `${JSON.stringify(description, null, 2)}\n`);
copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
cpSync(page, join(folder, "page"), { recursive: true });
