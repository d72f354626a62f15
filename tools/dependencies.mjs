// Checks every crate that Cargo.lock names, without a network: its licence, its origin, and that
// large crates are there once. Of the npm packages for the page and its tests, licence and origin.
// Advisories need a network and are left to `cargo audit` and `npm audit`.
//
// node tools/dependencies.mjs

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Licences that ask for no more than their text. */
const ALLOWED = new Set([
  "MIT", "MIT-0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "ISC",
  "Unicode-3.0", "Unlicense", "Zlib", "0BSD", "CC0-1.0", "BSL-1.0",
]);
const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
/** Packages of npm under the MPL 2.0, which asks to publish changes of its files: these are used unchanged. */
const UNCHANGED = new Set(["axe-core", "pyodide"]);
const NPM = "https://registry.npmjs.org/";
/** Two versions of these would not work together, or would weigh on the page or the companion. */
const ONCE = ["clap", "hyper", "js-sys", "rustix", "serde", "sha2", "tokio", "wasm-bindgen", "web-sys", "yew"];
/** Others are for systems that nothing here is built for, and may not be on this machine. */
const TARGETS = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];

/** Whether a licence expression allows the use, e.g. `(MIT OR GPL-3.0) AND Zlib`. */
export function isAllowed(expression) {
  // `/` is the old way to write OR.
  const words = (expression ?? "").replaceAll("/", " OR ").match(/[()]|[^\s()]+/g) ?? [];
  const take = (word) => words[0] === word && words.shift() !== undefined;
  const one = () => {
    if (take("(")) {
      const inside = any();
      return take(")") && inside;
    }
    const name = words.shift();
    return ALLOWED.has(take("WITH") ? `${name} WITH ${words.shift()}` : name);
  };
  const all = () => {
    let holds = one();
    while (take("AND")) holds = one() && holds;
    return holds;
  };
  const any = () => {
    let holds = all();
    while (take("OR")) holds = all() || holds;
    return holds;
  };
  return any() && words.length === 0;
}

/** Complaints about the licences of packages, each of the form that `cargo metadata` prints. */
export function licenceComplaints(packages) {
  return packages
    .filter(({ license }) => !isAllowed(license))
    .map(({ name, version, license }) => `${name} ${version} has the licence ${license ?? "of a file"}: replace it, or allow the licence here`);
}

/** Complaints about origins and double versions, from the text of Cargo.lock. */
export function lockComplaints(lock) {
  const entries = [...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = "(.+)"$/gm)];
  const foreign = entries
    .filter(([, , , source]) => source !== CRATES_IO)
    .map(([, name, , source]) => `${name} comes from ${source}: use a version on crates.io`);
  const versions = (once) => entries.filter(([, name]) => name === once).map(([, , version]) => version);
  const doubled = ONCE.filter((name) => versions(name).length > 1)
    .map((name) => `${name} is there as ${versions(name).join(" and ")}: \`cargo tree --invert ${name}\` names the users`);
  return [...foreign, ...doubled];
}

/** Complaints about the packages of npm, from a parsed package-lock.json. */
export function npmComplaints({ packages }) {
  return Object.entries(packages).filter(([path]) => path).flatMap(([path, { name = path.split("node_modules/").at(-1), version, license, resolved = NPM, integrity }]) => {
    const isAllowedHere = isAllowed(license) || (license === "MPL-2.0" && UNCHANGED.has(name));
    return [
      ...(isAllowedHere ? [] : licenceComplaints([{ name, version, license }])),
      ...(integrity && resolved.startsWith(NPM) ? [] : [`${name} ${version} comes from ${resolved}${integrity ? "" : " without a hash"}: use a version on npm`]),
    ];
  });
}

/** The packages that are built for `TARGETS`, our own included. */
function builtPackages() {
  const filters = TARGETS.flatMap((target) => ["--filter-platform", target]);
  const command = ["metadata", "--format-version=1", "--locked", "--offline", ...filters];
  const output = execFileSync(process.env.CARGO ?? "cargo", command, { maxBuffer: 1 << 28, encoding: "utf8" });
  return JSON.parse(output).packages;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const packages = builtPackages();
  const locks = ["package-lock.json", "tests/pyodide/package-lock.json"].map((path) => JSON.parse(readFileSync(path, "utf8")));
  const complaints = [
    ...licenceComplaints(packages), ...lockComplaints(readFileSync("Cargo.lock", "utf8")), ...locks.flatMap(npmComplaints),
  ];
  for (const complaint of complaints) console.error(`✗ ${complaint}`);
  const count = locks.map((lock) => Object.keys(lock.packages).length - 1).reduce((sum, each) => sum + each);
  console.log(`${packages.length} crates, ${count} packages of npm, ${complaints.length} complaints`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}
