// The check of licences and origins of crates.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isAllowed, licenceComplaints, lockComplaints, npmComplaints } from "../../tools/dependencies.mjs";

test("a licence expression is allowed if a choice of it is", () => {
  for (const expression of ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR (MIT AND Zlib)", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception OR MIT"])
    assert.ok(isAllowed(expression), expression);
  for (const expression of [undefined, "", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT)", "MIT Zlib", "MIT WITH Some-exception", "AND MIT"])
    assert.ok(!isAllowed(expression), expression);
});

test("a crate without a licence expression is named", () => {
  const [complaint, ...others] = licenceComplaints([{ name: "a", version: "1.0.0", license: "MIT" }, { name: "b", version: "2.0.0", license: null }]);
  assert.match(complaint, /^b 2\.0\.0 has the licence of a file/);
  assert.deepEqual(others, []);
});

test("a crate from elsewhere and a second version of a large crate are named", () => {
  const entry = (name, version, source) => `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "${source}"\n`;
  const cratesIo = "registry+https://github.com/rust-lang/crates.io-index";
  const lock = [entry("serde", "1.0.0", cratesIo), entry("serde", "2.0.0", cratesIo), entry("syn", "1.0.0", cratesIo), entry("syn", "2.0.0", cratesIo), entry("fork", "1.0.0", "git+https://example.org/fork")];
  assert.deepEqual(
    lockComplaints(lock.join("\n")).map((complaint) => complaint.split(":")[0]),
    ["fork comes from git+https", "serde is there as 1.0.0 and 2.0.0"],
  );
});

test("a package of npm under another licence or from elsewhere is named", () => {
  const one = { version: "1.0.0", license: "MIT", integrity: "sha512-…" };
  const packages = {
    "": { name: "page" },
    "node_modules/fine": one,
    "node_modules/fine/node_modules/@scope/fine": { ...one, resolved: "https://registry.npmjs.org/fine.tgz" },
    "node_modules/pyodide": { ...one, license: "MPL-2.0" },
    "node_modules/pyodide-3.13": { ...one, name: "pyodide", license: "MPL-2.0" },
    "node_modules/copied": { ...one, license: "MPL-2.0" },
    "node_modules/odd": { ...one, license: undefined },
    "node_modules/@scope/fork": { ...one, resolved: "git+https://example.org/fork" },
    "node_modules/unchecked": { ...one, integrity: undefined },
  };
  assert.deepEqual(
    npmComplaints({ packages }).map((complaint) => complaint.split(":")[0]),
    [
      "copied 1.0.0 has the licence MPL-2.0", "odd 1.0.0 has the licence of a file", "@scope/fork 1.0.0 comes from git+https",
      "unchecked 1.0.0 comes from https",
    ],
  );
});
