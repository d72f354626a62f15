// Builds the page: `node tools/build-page.mjs [--local] [--out FOLDER]`.
//
// Without options it builds a release in dist/: small to download, some minutes to build. With
// `--local` it builds the page that `make serve` puts into a companion for this machine, in
// target/page: large, and built in a minute.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import "./page/packages.mjs";
import { target } from "./page/cargo.mjs";
import { replace } from "./page/folder.mjs";
import { buildPrograms } from "./page/programs.mjs";
import { root } from "./page/source.mjs";

const { values } = parseArgs({ options: { local: { type: "boolean", default: false }, out: { type: "string" } } });
const isRelease = !values.local;
const say = (what) => console.log(`\u001b[1m==> ${what}\u001b[0m`);

const programs = buildPrograms(isRelease, say);
if (isRelease) say("as small as possible, by wasm-opt (a minute)");
// Imported late, since it needs the npm packages that packages.mjs installs.
const { seal } = await import("./page/seal.mjs");
replace(resolve(values.out ?? (isRelease ? join(root, "dist") : join(target, "page"))), await seal(programs, { isRelease }));
