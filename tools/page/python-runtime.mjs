// Makes the page's Python runtime: Pyodide, the parts of Python's library that asyncio programs
// import, python/loopscope, FastAPI as a part of its own, and the module by which the page uses them
// (www/python).
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

import { pythonPackages } from "./python-packages.mjs";
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

/** The packages that come with FastAPI's part: a program that imports one of them needs it. */
const PACKAGES = ["fastapi", "starlette", "pydantic", "pydantic_core", "anyio", "annotated_doc", "annotated_types", "idna", "opentelemetry", "typing_extensions", "typing_inspection"];

/** What of Python's library only they import. */
const PACKAGES_LIBRARY = /^(colorsys|email|encodings\/cp437|html|http\/(client|cookies)|importlib\/metadata|ipaddress|mimetypes|quopri|runpy|ssl|_ssl|sysconfig\/__init__|zipfile|zoneinfo)\b/;

/** Files of the packages for other event loops, tests, tools and old versions. */
const PACKAGES_LEFT_OUT = [
  /^anyio\/(pytest_plugin|_backends\/_trio)/,
  /^fastapi\/(__main__|cli|testclient)/,
  /^idna\/(__main__|cli|codec|compat)/,
  /^pydantic\/(mypy|v1\/|_hypothesis)/,
  /^starlette\/testclient/,
];

/** What is imported before the first program: all that FastAPI needs at a request. */
const PACKAGES_IMPORTED = ["fastapi", "fastapi.responses", "anyio._backends._asyncio", "anyio.from_thread", "anyio.to_thread"];

const isKept = (name) => name.endsWith(".py") && LIBRARY_KEPT.has(name.split(/[/.]/)[0]) && !LIBRARY_LEFT_OUT.some((pattern) => pattern.test(name));

/** The command line and what other Python programs call, which is of no use in a page. */
const OUTER = new Set(["__main__", "api", "calls", "command", "companion", "errors", "goals", "history", "lab", "notebook", "pytest_plugin", "testing", "traces"].map((name) => `${name}.py`));

function loopscope() {
  const folder = join(root, "python/loopscope");
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const files = names.filter((name) => /\.(py|txt)$/.test(name) && !OUTER.has(name)).sort();
  return new Map(files.map((name) => [`loopscope/${name}`, readFileSync(join(folder, name))]));
}

/**
 * FastAPI's part, or nothing if its packages cannot be had. Beside the modules it has
 * `contents.json`, by which www/python/interpreter.js adds it: files that cannot be imported out of
 * a zip file, packages of Python's library that get modules, and what is imported at once.
 */
function fastapi(stdlib) {
  const packages = pythonPackages();
  if (!packages) return undefined;
  const isWanted = (name) => /\.(py|so)$|\.dist-info\/(licenses\/|METADATA$|entry_points\.txt$)/.test(name) && !PACKAGES_LEFT_OUT.some((pattern) => pattern.test(name));
  const files = new Map([...packages].filter(([name]) => isWanted(name)));
  // Its own modules have to be beside a compiled one.
  const compiled = new Set([...files.keys()].filter((name) => name.endsWith(".so")).map((name) => name.split("/")[0]));
  const unpacked = [...files.keys()].filter((name) => compiled.has(name.split("/")[0]));
  const added = [...stdlib].filter(([name]) => name.endsWith(".py") && PACKAGES_LIBRARY.test(name) && !isKept(name));
  const folders = new Set(added.map(([name]) => name.split("/")).filter(({ length }) => length > 1).map(([folder]) => folder));
  const extended = [...folders].filter((folder) => LIBRARY_KEPT.has(folder));
  for (const [name, content] of added) files.set(name, content);
  // How CPython was compiled, which nothing here asks for.
  files.set("_sysconfigdata__emscripten_wasm32-emscripten.py", Buffer.from("build_time_vars = {}\n"));
  files.set("contents.json", Buffer.from(JSON.stringify({ unpacked, extended, imported: PACKAGES_IMPORTED })));
  return zip(files);
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
  const stdlib = unzip(read(`${PYODIDE}/python_stdlib.zip`));
  const library = new Map([...stdlib].filter(([name]) => isKept(name)));
  library.set("pyodide/_package_loader.py", Buffer.from(PACKAGE_LOADER));
  const contents = {
    worker: await worker(),
    interpreter: read(`${PYODIDE}/pyodide.asm.wasm`),
    library: zip(library),
    loopscope: zip(loopscope()),
  };
  const packages = fastapi(stdlib);
  if (packages) contents.fastapi = packages;
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
    define: { "globalThis.__RUNTIME__": JSON.stringify({ parts, packages: PACKAGES, frame: html }) },
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
