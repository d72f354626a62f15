// The last step of every `trunk build`: assembles the page from Trunk's programs, as
// tools/build-page.mjs does.
//
// It rewrites Trunk's staging folder, which then becomes dist/.

import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { writeInto } from "./page/folder.mjs";
import { programs, readText } from "./page/source.mjs";
import { seal } from "./page/seal.mjs";

const stage = process.env.TRUNK_STAGING_DIR;
if (!stage) {
  console.error("seal: run me through `trunk build`; TRUNK_STAGING_DIR is not set");
  process.exit(1);
}
const isRelease = process.env.TRUNK_PROFILE === "release";
const entries = readdirSync(stage);

/** A file of this name, with or without the hash that Trunk may add, e.g. `page-1f_bg.wasm`. */
function staged(name, ending) {
  const found = entries.find((entry) => entry.startsWith(name) && /^(-[0-9a-f]+)?$/.test(entry.slice(name.length, -ending.length)) && entry.endsWith(ending));
  if (!found) throw new Error(`Trunk left no ${name}${ending}; see its output above`);
  return readFileSync(join(stage, found));
}

/**
 * The script with which `trunk serve` reloads the page. Its placeholders are filled in here:
 * Trunk's server would do it later, and the hash in the policy would be wrong.
 */
function reloading(html) {
  const [script = ""] = html.match(/<script[^>]*>(?:(?!<\/script>)[\s\S])*__TRUNK_ADDRESS__[\s\S]*?<\/script>/) ?? [];
  return script.replace(/['`]\{\{__TRUNK_ADDRESS__\}\}['`]/, "window.location.host").replace("{{__TRUNK_WS_BASE__}}", "/");
}

const { names } = programs(readText("index.html"), isRelease);
const built = new Map(names.map((name) => [name, { module: staged(name, ".js").toString(), wasm: staged(name, "_bg.wasm") }]));
const extra = reloading(readFileSync(join(stage, "index.html"), "utf8"));
for (const entry of entries) rmSync(join(stage, entry), { recursive: true });
writeInto(stage, await seal(built, { isRelease, extra }));
