// Where the site will be, as the workflow that deploys it says. Without an address the site works under any path, and
// leaves out what needs one: canonical links, the picture for previews of links, and the sitemap.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The address as it is joined with paths: with a slash at its end, or empty. */
export function normalised(address) {
  if (!address) return "";
  const url = new URL(address);
  if (!["http:", "https:"].includes(url.protocol)) throw new Error(`LOOPSCOPE_SITE_ADDRESS: ${address} does not begin with http: or https:`);
  return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
}

/** Newer versions last. */
export function inOrder(versions) {
  const numbers = (version) => version.split(/[.-]/).slice(0, 3).map(Number);
  const compare = (one, other) => numbers(one).map((number, at) => number - numbers(other)[at]).find((difference) => difference !== 0) ?? 0;
  return [...versions].sort(compare);
}

/** The zips of earlier releases by version, e.g. `loopscope-page-1.2.3.zip`. */
function releases(folder) {
  if (!folder) return new Map();
  const found = readdirSync(folder).map((name) => [/^loopscope-page-(\d+\.\d+\.\d+)\.zip$/.exec(name)?.[1], join(folder, name)]);
  return new Map(found.filter(([version]) => version));
}

export function place(root, { LOOPSCOPE_SITE_ADDRESS, LOOPSCOPE_SITE_SOURCE, LOOPSCOPE_SITE_RELEASED } = process.env) {
  const address = normalised(LOOPSCOPE_SITE_ADDRESS);
  return {
    address,
    /** The path of the site on its host. The page for wrong addresses may be shown at any depth. */
    base: address ? new URL(address).pathname : "/",
    source: LOOPSCOPE_SITE_SOURCE ?? "",
    released: releases(LOOPSCOPE_SITE_RELEASED),
    version: /^\[workspace\.package\]\nversion = "(.*)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1],
  };
}
