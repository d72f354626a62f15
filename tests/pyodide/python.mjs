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

/** The unpacked parts of the runtime by role; nothing for one that this build could not get. */
async function parts() {
  const { files } = await pythonRuntime({ isRelease: false });
  return (role) => {
    const found = [...files].find(([name]) => name.startsWith(`python/${role}-`));
    return found && gunzipSync(found[1]);
  };
}

/** FastAPI's part, for `add`. */
export const fastapiPart = async () => (await parts())("fastapi");

/** Starts an interpreter from the runtime's own files, and from a snapshot if there is one. */
export async function startPython(snapshot) {
  const part = await parts();
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
