// Reads index.html: the programs and files that it names for the build. Trunk reads the same
// attributes.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const read = (name) => readFileSync(join(root, name));
export const readText = (name) => readFileSync(join(root, name), "utf8");

const RUST = /<link data-trunk rel="rust"[^>]*>\n?/g;

const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];

/**
 * The names of the programs, and the features and the profile that they share, e.g. `{ names:
 * ["page", "files"], features: "web", profile: "local" }`.
 */
export function programs(html, isRelease) {
  const tags = html.match(RUST) ?? [];
  const same = (name) => {
    const [value, ...others] = new Set(tags.map((tag) => attribute(tag, name)));
    if (value === undefined || others.length > 0) throw new Error(`index.html: the programs need one ${name}, the same for all`);
    return value;
  };
  return {
    names: tags.map((tag) => attribute(tag, "data-bin")),
    features: same("data-cargo-features"),
    profile: same(isRelease ? "data-cargo-profile-release" : "data-cargo-profile-dev"),
  };
}

/** The path of the file that a tag names, e.g. `www/icon.svg` for `rel="icon"`. */
export function named(html, tag) {
  const found = html.match(tag);
  if (!found) throw new Error(`index.html has no ${tag}`);
  return attribute(found[0], "href") ?? attribute(found[0], "src");
}

export const ICON = /<link data-trunk rel="icon"[^>]*>/;
const STYLE = /<link data-trunk rel="css"[^>]*>\n?/g;
export const BOOT = /<script data-trunk src="[^"]*"><\/script>\n?/;

/** The text of the style sheets, in their order: the page gets them as one file. */
export function styleSheet(html) {
  return html.match(STYLE).map((tag) => readText(attribute(tag, "href"))).join("\n");
}

/** The page with these tags instead of those for the build. */
export function withTags(html, { icon, style, start }) {
  const inPlaceOfAll = (text, tags, tag) => {
    let isFirst = true;
    return text.replace(tags, () => {
      const line = isFirst ? `${tag}\n` : "";
      isFirst = false;
      return line;
    });
  };
  const page = inPlaceOfAll(html.replace(ICON, () => icon).replace(BOOT, ""), STYLE, style);
  return inPlaceOfAll(page, RUST, start);
}
