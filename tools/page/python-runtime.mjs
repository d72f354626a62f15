// Makes the page's Python runtime: Pyodide, the parts of Python's library that asyncio programs
// import, python/loopscope, and the module by which the page uses them (www/python).
//
// Each part is one file, compressed here, so that it is as small on hosts that do not compress. The
// Python files stay sources: compiled ones are three times the download.
//
// `node tools/page/python-runtime.mjs` prints the sizes.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

import { shrinkText } from "./shrink.mjs";
import { read, readText, root } from "./source.mjs";
import { unzip, zip } from "./zip.mjs";

const PYODIDE = "node_modules/pyodide";

const digest = (content) => createHash("sha256").update(content).digest();
const integrity = (content) => `sha256-${digest(content).toString("base64")}`;

/**
 * The top-level modules and packages of Python's library that are in the runtime: what asyncio,
 * Loopscope and Pyodide import, and what programs about concurrency use. A program that imports
 * another one reads that the page leaves it out.
 */
const LIBRARY_KEPT = new Set(`
  __future__ _ast_unparse _colorize _compat_pickle _opcode_metadata _py_warnings _pylong _pyodide _strptime _threading_local
  _weakrefset annotationlib argparse ast asyncio base64 bisect calendar codeop collections concurrent contextlib contextvars
  copy copyreg csv dataclasses datetime decimal dis encodings enum fnmatch fractions functools gettext glob graphlib hashlib
  heapq hmac http importlib inspect json keyword linecache locale logging multiprocessing numbers opcode operator pathlib pickle platform
  pprint pyodide queue random re reprlib sched secrets selectors shlex shutil signal socket statistics string struct
  subprocess tempfile textwrap threading timeit token tokenize traceback types typing urllib uuid warnings weakref
`.trim().split(/\s+/));

/** Files below them that no program in a browser needs, or that are frozen into the interpreter. */
const LIBRARY_LEFT_OUT = [
  /^asyncio\/(__main__|proactor_events|tools|windows_)/,
  /^concurrent\/(interpreters|futures\/(interpreter|process))/,
  /^encodings\/(?!__init__|aliases|ascii|base64_codec|charmap|cp1252|cp949|euc_kr|hex_codec|latin_1|raw_unicode_escape|rot_13|unicode_escape|utf_)/,
  /^http\/(client|cookie|server)/,
  /^importlib\/(_bootstrap|metadata|readers|resources|simple)/,
  /^json\/(__main__|tool)/,
  /^logging\/config/,
  /^multiprocessing\/(?!__init__|context|process|reduction)/,
  /^pathlib\/(_local|types)/,
  /^pyodide\/(console|http|_nodesock_transport|_package_loader)/,
  /^urllib\/(request|robotparser)/,
];

/** Pyodide's loader of packages needs a tenth of Python's library, and no packages are loaded. */
const PACKAGE_LOADER = `from pathlib import Path

from pyodide_js import loadedPackages

SITE_PACKAGES = DSO_DIR = Path("/lib/python3.14/site-packages")


def init_loaded_packages():
    pass
`;

const isKept = (name) => name.endsWith(".py") && LIBRARY_KEPT.has(name.split(/[/.]/)[0]) && !LIBRARY_LEFT_OUT.some((pattern) => pattern.test(name));

/** The command line, which is of no use in a page. */
const COMMAND = new Set(["__main__.py", "command.py"]);

function loopscope() {
  const folder = join(root, "python/loopscope");
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const files = names.filter((name) => /\.(py|txt)$/.test(name) && !COMMAND.has(name)).sort();
  return new Map(files.map((name) => [`loopscope/${name}`, readFileSync(join(folder, name))]));
}

/** The worker's script: ours and Pyodide's in one. */
async function worker() {
  const { outputFiles } = await build({
    entryPoints: [join(root, "www/python/worker.js")],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    // Only in Node, and never reached in a browser.
    external: ["node:*", "ws"],
    // The script has no address; Pyodide asks for it and gets the files by message.
    define: { "import.meta.url": "\"https://python.invalid/worker.js\"" },
    logOverride: { "empty-import-meta": "silent" },
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The frame's document; `hash` is that of its script, which the page's policy has to allow, too. */
async function frame() {
  const script = (await shrinkText(readText("www/python/frame.js"), "js")).trim();
  const hash = `'${integrity(script)}'`;
  const policy = `default-src 'none'; script-src ${hash} 'wasm-unsafe-eval'; worker-src blob:`;
  return { html: `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${script}</script>`, hash };
}

/** The smallest download takes a second and a half to make, and a local build has the smallest delay. */
const LEVELS = { release: 9, local: 1 };

/**
 * The runtime's files by name, the name of the module that uses them, and the hash of the frame's
 * script.
 */
export async function pythonRuntime({ isRelease }) {
  const library = new Map([...unzip(read(`${PYODIDE}/python_stdlib.zip`))].filter(([name]) => isKept(name)));
  library.set("pyodide/_package_loader.py", Buffer.from(PACKAGE_LOADER));
  const contents = {
    worker: await worker(),
    interpreter: read(`${PYODIDE}/pyodide.asm.wasm`),
    library: zip(library),
    loopscope: zip(loopscope()),
  };
  const files = new Map();
  const parts = Object.entries(contents).map(([role, content]) => {
    const bytes = gzipSync(content, { level: isRelease ? LEVELS.release : LEVELS.local });
    const name = `${role}-${digest(bytes).toString("hex").slice(0, 16)}.bin`;
    files.set(`python/${name}`, bytes);
    return { role, name, bytes: bytes.length, integrity: integrity(bytes) };
  });
  const { html, hash } = await frame();
  const { outputFiles } = await build({
    entryPoints: [join(root, "www/python/client.js")],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    define: { "globalThis.__RUNTIME__": JSON.stringify({ parts, frame: html }) },
  });
  const module = Buffer.from(outputFiles[0].contents);
  const client = `python/client-${digest(module).toString("hex").slice(0, 16)}.js`;
  files.set(client, module);
  return { files, client, hash };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files } = await pythonRuntime({ isRelease: true });
  let sum = 0;
  for (const [name, content] of files) {
    const bytes = name.endsWith(".js") ? gzipSync(content, { level: 9 }).length : content.length;
    sum += bytes;
    console.log(`${String(bytes).padStart(9)}  ${name}`);
  }
  console.log(`${String(sum).padStart(9)}  in all`);
}
