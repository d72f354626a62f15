// The last step of every `trunk build`: turns Trunk's output into what is served.
//
// 1. bundles the editor (www/editor) into one module, loaded after the first chart, and the two
//    sides of an embedding (www/embed);
// 2. in a release, shrinks the WebAssembly, the bindings and the style sheet, and forgets whose
//    machine it was built on;
// 3. writes the workers' modules: of the page's own WebAssembly and of the programs that are loaded
//    later, which are named after their content as Trunk does with all others;
// 4. tells the page these names, puts first what it needs first, and writes the content security
//    policy and the manifest;
// 5. in a release, writes the service worker that keeps the page usable offline.
//
// Trunk runs it in its staging folder; what it writes there becomes dist/.

import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stage = process.env.TRUNK_STAGING_DIR;
const release = process.env.TRUNK_PROFILE === "release";
if (!stage) fail("run me through `trunk build`; TRUNK_STAGING_DIR is not set");

const digest = (content, algorithm = "sha256") => createHash(algorithm).update(content).digest();
const integrity = (content) => `sha256-${digest(content).toString("base64")}`;
const shortName = (content) => digest(content).toString("hex").slice(0, 16);
const read = (name) => readFileSync(join(stage, name));
/** What the page itself consists of: the element for other pages is in a folder of its own. */
const files = () => readdirSync(stage, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);

function fail(message) {
  console.error(`seal: ${message}`);
  process.exit(1);
}

function tool(name) {
  const path = join(root, "node_modules", ".bin", name);
  if (!existsSync(path)) fail(`\`${name}\` is missing; run \`npm ci\``);
  return path;
}

function bundle(source, format) {
  return execFileSync(tool("esbuild"), [
    join(root, source), "--bundle", format, "--target=es2022", "--minify", "--legal-comments=none",
  ], { maxBuffer: 1 << 26 });
}

/** Bundles the editor; returns its file name. */
function bundleEditor() {
  const out = bundle("www/editor/main.js", "--format=esm");
  const name = `editor-${shortName(out)}.js`;
  writeFileSync(join(stage, name), out);
  return name;
}

/** What an embedded page loads besides; returns its file name. */
function bundleInside() {
  const out = bundle("www/embed/inside.js", "--format=iife");
  const name = `inside-${shortName(out)}.js`;
  writeFileSync(join(stage, name), out);
  return name;
}

/** The element for other pages. Its path says its version and stays: authors link to it. */
function writeElement() {
  mkdirSync(join(stage, "embed/v1"), { recursive: true });
  writeFileSync(join(stage, "embed/v1/embed.js"), bundle("www/embed/embed.js", "--format=iife"));
}

/** Features that Rust's wasm target uses, which binaryen must be told of. */
const WASM_FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];

function shrink(name) {
  const path = join(stage, name);
  execFileSync(tool("wasm-opt"), ["-Oz", "--strip-debug", "--strip-producers", ...WASM_FEATURES.map((f) => `--enable-${f}`), path, "-o", path]);
}

/** The names of others' sources, for messages of panics. */
const SOURCES = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src", "/");

/** Where the builder keeps them is nobody's business; the name stays as long as it was, since its length is elsewhere. */
function forgetHome(name) {
  const bytes = readFileSync(join(stage, name));
  for (let at = bytes.indexOf(SOURCES); at >= 0; at = bytes.indexOf(SOURCES, at)) {
    const end = bytes.indexOf("/", at + SOURCES.length);
    bytes.fill("/", at, end).write("crates", at);
  }
  writeFileSync(join(stage, name), bytes);
}

/** What Trunk leaves as it was written: bindings and style sheets. */
function shrinkTexts() {
  const texts = files().filter((name) => /\.(js|css)$/.test(name)).map((name) => join(stage, name));
  execFileSync(tool("esbuild"), [...texts, "--minify", "--target=es2022", `--outdir=${stage}`, "--allow-overwrite", "--log-level=warning"]);
  // Most of the bindings are called at once: Chromium then compiles them while it waits for the rest.
  const bindings = join(stage, wasm.replace("_bg.wasm", ".js"));
  writeFileSync(bindings, `//# allFunctionsCalledOnLoad\n${readFileSync(bindings)}`);
}

/** The worker's module: the page's own program, which notices that it has no window. */
function writeWorker(program, wasm) {
  const start = [
    `import init from "./${program}";`,
    // Said instead of thrown: without a network it is nothing that went wrong with us.
    `await init({ module_or_path: new URL("${wasm}", import.meta.url) }).catch(() => postMessage(false));`,
    "",
  ].join("\n");
  const name = `worker-${shortName(start)}.js`;
  writeFileSync(join(stage, name), start);
  return name;
}

/** Of a program that answers each message, one after the other. */
const ANSWERING = `const bytes = answer(data);
  postMessage(bytes, [bytes.buffer]);`;
/** Of a program that says what it has to say when it has something to say. */
const HEARING = "hear(data);";

/**
 * The worker's module of a program that does this with each message. It first says whether it could be
 * loaded, and is told nothing before: so the page knows a program that is not there from one that trapped.
 */
function writeWorkerOf(program, heard) {
  const wasm = `${program}-${shortName(read(`${program}_bg.wasm`))}_bg.wasm`;
  renameSync(join(stage, `${program}_bg.wasm`), join(stage, wasm));
  const module = read(`${program}.js`).toString().replaceAll(`${program}_bg.wasm`, wasm);
  const start = `${module}
__wbg_init({ module_or_path: new URL(${JSON.stringify(wasm)}, import.meta.url) }).then(() => postMessage(true), () => postMessage(false));
onmessage = ({ data }) => {
  ${heard}
};
// Thrown from a task of its own, it becomes the worker's error event.
onunhandledrejection = ({ reason }) => setTimeout(() => { throw reason; });
`;
  const name = `${program}-${shortName(start)}.js`;
  writeFileSync(join(stage, name), start);
  rmSync(join(stage, `${program}.js`));
  return name;
}

/** All lessons in one file, each below its name (src/lessons.rs reads it); returns its name. */
function writeLessons() {
  const folder = join(root, "www/lessons");
  const each = readdirSync(folder).sort().map((name) => `=== ${name}\n${readFileSync(join(folder, name), "utf8")}`);
  const text = each.join("\n");
  const name = `lessons-${shortName(text)}.txt`;
  writeFileSync(join(stage, name), text);
  return name;
}

/** What makes the page installable; returns its file name. */
function writeManifest(icon) {
  const manifest = JSON.stringify({
    name: "Loopscope",
    short_name: "Loopscope",
    id: "./",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#f6f5f2",
    theme_color: "#f6f5f2",
    icons: [{ src: icon, sizes: "any", type: "image/svg+xml" }],
  });
  const name = `app-${shortName(manifest)}.webmanifest`;
  writeFileSync(join(stage, name), manifest);
  return name;
}

/**
 * `trunk serve` has the page reload by a WebSocket, and writes its address into the script with each answer: too
 * late for a hash. So it is written here, and the page may open it.
 */
const RELOADS = "{{__TRUNK_ADDRESS__}}";
function withReload(html) {
  return html.replace(/'{{__TRUNK_ADDRESS__}}'|`{{__TRUNK_ADDRESS__}}`/, "location.host").replace("{{__TRUNK_WS_BASE__}}", "/");
}

/** The policy, with the hash of each inline script that Trunk wrote. */
function policy(html, reloads) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
  const hashes = inline.map((script) => `'sha256-${digest(script).toString("base64")}'`);
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    // The companion, on this machine only; a page that a companion serves may ask no other (src/native/serve/answer.rs).
    `connect-src 'self' http://127.0.0.1:*${reloads ? " ws://127.0.0.1:*" : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The service worker, which keeps these files and knows what is in them. */
function serviceWorker(names, build) {
  const source = readFileSync(join(root, "www/offline.js"), "utf8");
  const files = names.map((name) => [name === "index.html" ? "./" : name, integrity(read(name))]);
  return source
    .replace("/* build */ \"\"", JSON.stringify(build))
    .replace("/* files */ {}", JSON.stringify(Object.fromEntries(files)));
}

/** Takes out of the page what matches; returns the page without it, and what it was. */
function without(html, pattern) {
  const found = html.match(pattern) ?? fail(`Trunk's page has no ${pattern}`);
  return [html.replace(pattern, ""), found];
}

/** What decides how the first frame looks, taken out of the files: nobody has to wait for it. */
function takeBoot(html) {
  const [rest, [, name]] = without(html, /<script src="\.\/(boot-[^"]*\.js)"[^>]*><\/script>/);
  const text = read(name).toString().trim();
  rmSync(join(stage, name));
  return [rest, `<script>${text}</script>`];
}

const wasm = files().find((name) => /^page-.*_bg\.wasm$/.test(name));
const parts = ["files_bg.wasm", "insight_bg.wasm", "python_bg.wasm", "proof_bg.wasm"];
if (!wasm || !parts.every((name) => existsSync(join(stage, name)))) fail("Trunk left no page, or not all of its parts; see its output above");
if (release) {
  for (const program of [wasm, ...parts]) {
    shrink(program);
    forgetHome(program);
  }
}
const worker = writeWorker(wasm.replace("_bg.wasm", ".js"), wasm);
const programOfFiles = writeWorkerOf("files", ANSWERING);
const insight = writeWorkerOf("insight", ANSWERING);
const python = writeWorkerOf("python", ANSWERING);
const proof = writeWorkerOf("proof", HEARING);
const editor = bundleEditor();
const inside = bundleInside();
const lessons = writeLessons();
writeElement();
if (release) shrinkTexts();
const manifest = writeManifest(files().find((name) => /^icon-.*\.svg$/.test(name)));

const source = read("index.html").toString();
const reloads = source.includes(RELOADS);
let html = withReload(source)
  // Loaded when they are needed.
  .replace(/<link[^>]*\/(files|insight|python|proof)(_loader|_bg)?\.(js|wasm)[^>]*>/g, "")
  // A frame without an origin may not check it: what is named after its content needs no check besides.
  .replace(/(<(?:link rel="stylesheet"|script src)[^>]*?) integrity="[^"]*"/g, "$1")
  // Nothing but a module's own check would see another content: the WebAssembly is compiled while it arrives.
  .replace(/(<link[^>]*_bg\.wasm"[^>]*?) integrity="[^"]*"/g, "$1")
  // Shrinking changed the content, which is named after what it was made of.
  .replace(/(<link rel="modulepreload" href="\.\/([^"]*\.js)"[^>]*?) integrity="[^"]*"/g, (_, link, name) => `${link} integrity="${integrity(read(name))}"`);
const [unbooted, boot] = takeBoot(html);
// A policy in the page makes Chromium ask for nothing that it has not come to: the program comes first.
const [unloaded, preloads] = without(unbooted, /<link rel="(?:module)?preload"[^>]*>/g);
html = unloaded;
const build = shortName(html + boot + worker + editor + inside + lessons + programOfFiles + insight + python + proof);
const metas = [
  ["loopscope-build", build],
  ["loopscope-worker", worker],
  ["loopscope-editor", editor],
  ["loopscope-inside", inside],
  ["loopscope-lessons", lessons],
  ["loopscope-files", programOfFiles],
  ["loopscope-insight", insight],
  ["loopscope-python", python],
  ["loopscope-proof", proof],
  ...(release ? [["loopscope-offline", "offline.js"]] : []),
];
const head = [
  "<meta charset=\"utf-8\">",
  `<meta http-equiv="Content-Security-Policy" content="${policy(html + boot, reloads)}">`,
  ...preloads,
  ...metas.map(([name, content]) => `<meta name="${name}" content="${content}">`),
  // Before the style sheet, which a script would have to wait for.
  boot,
  `<link rel="manifest" href="./${manifest}">`,
].join("\n");
html = html.replace("<meta charset=\"utf-8\">", () => head);
writeFileSync(join(stage, "index.html"), html);
if (release) writeFileSync(join(stage, "offline.js"), serviceWorker(files(), build));
