// The page's Python runtime in Node: the same parts and the same www/python/interpreter.js, without
// a browser around them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";

import { pythonRuntime } from "../../tools/page/python-runtime.mjs";
import { start } from "../../www/python/interpreter.js";

/** Starts an interpreter from the runtime's own files, and from a snapshot if there is one. */
export async function startPython(snapshot) {
  const { files } = await pythonRuntime({ isRelease: false });
  const part = (role) => gunzipSync([...files].find(([name]) => name.startsWith(`python/${role}-`))[1]);
  const folder = mkdtempSync(join(tmpdir(), "loopscope-python-"));
  try {
    const stdLibURL = join(folder, "library.zip");
    writeFileSync(stdLibURL, part("library"));
    const indexURL = fileURLToPath(new URL("../../node_modules/pyodide/", import.meta.url));
    return await start(loadPyodide, { indexURL, stdLibURL }, part("loopscope"), snapshot);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
