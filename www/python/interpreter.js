// CPython by Pyodide, ready to run one program after another. Used by the worker and by tests in
// Node.
//
// Each run begins with the same memory: after a run, all of it is put back to what it was before.
// So nothing of a program is left, every run is the same, and a later run needs no new start.

/** The most memory of Python. A program that asks for more gets a MemoryError. */
const MEMORY_BYTES_MAX = 512 << 20;
const PAGE_BYTES = 64 << 10;

/** Memory never shrinks. With more than this a new start is better than to put it back. */
const MEMORY_BYTES_KEPT_MAX = 128 << 20;

/** An index of packages without any: programs get what is in the runtime, and stand-ins. */
const NO_PACKAGES = { info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten", python: "", version: "" }, packages: {} };

/** Where packages go: a zip file, and beside it what cannot be imported out of one. */
const PACKAGES = "/lib/python3.14/site-packages/packages.zip";

const START = `
import asyncio, gc, importlib, json, os, sys, zipimport
# Pyodide's own loop, which the browser turns, and its \`asyncio.run\`, which asks JavaScript: what a
# run holds of JavaScript's objects does not come back with the memory.
asyncio.set_event_loop_policy(None)
asyncio.run = asyncio.runners.run
sys.path.append("/lib/loopscope.zip")
from loopscope import embedded

def run(source, options):
    before = set(sys.modules)
    texts = embedded.run_json(source, options)
    imported = [
        name for name in sys.modules
        if name not in before and getattr(sys.modules[name], "__file__", "").startswith("/lib/python")
    ]
    # JSON has no line breaks of its own.
    return "\\n".join([*texts, json.dumps(imported)])

def load(names):
    for name in json.loads(names):
        try:
            importlib.import_module(name)
        except Exception:
            pass
    gc.freeze()

def add(path):
    packages = zipimport.zipimporter(path)
    contents = json.loads(packages.get_data("contents.json"))
    for name in contents["unpacked"]:
        file = os.path.join(os.path.dirname(path), name)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as writing:
            writing.write(packages.get_data(name))
    sys.path.append(path)
    for name in contents["extended"]:
        importlib.import_module(name).__path__.append(os.path.join(path, name))
    importlib.invalidate_caches()
    for name in contents["imported"]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()

# What the first run needs, it finds. No task is made here: the program's first one is \`Task-1\`.
run("print(1)\\n", "{}")

# What is there now stays: the garbage collector need not look through it after each run.
gc.collect()
gc.freeze()
`;

/**
 * Starts Python. `settings` are those of Pyodide for its files; `loopscope` is the zip file of
 * python/loopscope. `snapshot`, if there is one, is the memory of an earlier start, and saves most
 * of this one. Without one the interpreter has a new `snapshot`, of before the first program.
 */
export async function start(loadPyodide, settings, loopscope, snapshot) {
  limitMemory();
  const pyodide = await loadPyodide({
    lockFileContents: NO_PACKAGES,
    packageBaseUrl: settings.indexURL,
    // Without a fixed seed the order of sets of texts would differ from start to start.
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
    stdin: () => null,
    stdout: () => {},
    stderr: () => {},
    ...settings,
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
    fsInit: async (files) => files.writeFile("/lib/loopscope.zip", new Uint8Array(loopscope)),
  });
  if (!snapshot) pyodide.runPython(START);
  const made = snapshot ? undefined : pyodide.makeMemorySnapshot();
  const python = pyodide.runPython("sys.version.partition(' ')[0]");
  const [run, load, add] = ["run", "load", "add"].map((name) => pyodide.globals.get(name));
  const memory = () => pyodide._module.HEAPU8;
  let kept = memory().slice();
  let imported = "[]";
  const loaded = new Set();

  const putBack = () => {
    const now = memory();
    now.set(kept);
    now.fill(0, kept.length);
  };

  return {
    python,
    snapshot: made,
    /** Runs a program. Returns the result and its trace, both JSON. */
    run(source, options) {
      const texts = run(source, options).split("\n");
      imported = texts[2];
      return { result: texts[0], trace: texts[1] };
    },
    /**
     * Makes everything as before the run, but for parts of Python's library: the next run will need
     * them, too. Returns whether the interpreter can be used again.
     */
    reset() {
      if (memory().length > MEMORY_BYTES_KEPT_MAX) return false;
      putBack();
      const names = JSON.parse(imported).filter((name) => !loaded.has(name));
      if (names.length > 0) {
        names.forEach((name) => loaded.add(name));
        load(JSON.stringify(names));
        kept = memory().slice();
      }
      return true;
    },
    /** Adds packages, a zip file, for all runs from now on. Not during a run. */
    add(packages) {
      pyodide.FS.writeFile(PACKAGES, new Uint8Array(packages));
      add(PACKAGES);
      kept = memory().slice();
    },
    /** Whether the interpreter cannot go on after this error of `run`. */
    isBroken: (error) => error?.name !== "PythonError",
    words(error) {
      return error?.name === "PythonError" ? error.message.trim().split("\n").at(-1).replace(/^ValueError: /, "") : String(error);
    },
  };
}

/** Pyodide makes the memory itself and lets it grow to 4 GB. */
function limitMemory() {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = function (description) {
    const maximum = Math.min(description.maximum ?? Infinity, MEMORY_BYTES_MAX / PAGE_BYTES);
    return new Memory({ ...description, maximum });
  };
  WebAssembly.Memory.prototype = Memory.prototype;
}

/** What a worker could reach the outside by. Its frame's policy refuses each of them as well. */
const OUTSIDE = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts", "Worker",
  "indexedDB", "caches", "BroadcastChannel", "navigator", "postMessage", "close",
  // Not in a worker anyway, but a program that asks for them reads why.
  "localStorage", "sessionStorage", "parent", "top",
];

/** Replaces them, so that a program that finds its way to JavaScript reads why it gets nothing. */
export function afterLoading(scope) {
  for (const name of OUTSIDE) {
    Object.defineProperty(scope, name, {
      configurable: true,
      get() {
        throw new Error(`\`${name}\` is not there: a program in the page gets no network, no storage and no page`);
      },
    });
  }
}
