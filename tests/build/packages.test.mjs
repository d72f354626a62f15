// The Python packages of the page's runtime, where they cannot be had.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { pythonPackages } from "../../tools/page/python-packages.mjs";

/** What a build without them prints; `python` stands for the command that has pip. */
function said(context, python) {
  const folder = mkdtempSync(join(tmpdir(), "loopscope-wheels-"));
  try {
    const errors = context.mock.method(console, "error", () => {});
    context.mock.method(console, "log", () => {});
    assert.equal(pythonPackages({ folder, python }), undefined);
    return errors.mock.calls.map(({ arguments: [text] }) => text).join("\n");
  } finally {
    context.mock.restoreAll();
    rmSync(folder, { recursive: true });
  }
}

test("without Python or without pip a build says what is missing, and goes on", (context) => {
  assert.match(said(context, "no-such-python"), /^missing: FastAPI for the page's Python \(no-such-python was not found\)\n.*refuses FastAPI programs.*\n.*python3-pip/);
  // Node is a program without a pip.
  assert.match(said(context, process.execPath), /^missing: FastAPI for the page's Python \(.+\)\n/);
});
