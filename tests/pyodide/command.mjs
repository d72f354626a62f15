// CPython by Pyodide in Node, as a command. The files `pythonX.Y.mjs` name the version.

import { closeSync, readSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const START = `
import asyncio, os, runpy, sys, warnings
warnings.simplefilter("ignore")
# Pyodide's own loop, which Node turns.
asyncio.set_event_loop_policy(None)
asyncio.events._set_running_loop(None)
first, *sys.argv[:] = arguments
if first == "-c":
    sys.argv.insert(0, "-c")
    exec(compile(sys.argv.pop(1), "<string>", "exec"), {"__name__": "__main__"})
else:
    sys.argv.insert(0, first)
    sys.path.insert(0, os.path.dirname(first))
    runpy.run_path(first, run_name="__main__")
sys.stdout.flush()
`;

/** Does what `python3 SCRIPT ARGUMENT…` or `python3 -c CODE` does, and exits. */
export async function run(loadPyodide) {
  const pyodide = await loadPyodide({ env: { ...process.env, HOME: "/home/pyodide", PYTHONHASHSEED: "0" } });
  pyodide.setStdin({ read: (buffer) => readSync(0, buffer, 0, buffer.length, null) });
  for (const [stream, descriptor] of [["setStdout", 1], ["setStderr", 2]]) {
    pyodide[stream]({ write: (buffer) => writeSync(descriptor, buffer), isatty: false });
  }
  pyodide.FS.mkdirTree(ROOT);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: ROOT }, ROOT);
  let code = 0;
  try {
    pyodide.runPython(START, { globals: pyodide.toPy({ __name__: "start", arguments: process.argv.slice(2) }) });
  } catch (error) {
    // By `sys.exit` and `os._exit`.
    const told = /(?:SystemExit: |terminated with exit\()(\d+)\)?\s*$/.exec(error.message)?.[1];
    code = Number(told ?? 1);
    if (told === undefined) process.stderr.write(`${error.message}\n`);
  }
  closeSync(1);
  process.exit(code);
}
