// Assembles the page from its programs and the files that index.html names, for
// tools/build-page.mjs and for Trunk (tools/seal.mjs):
//
// 1. in a release, shrinks programs, modules, scripts and the style sheet;
// 2. bundles the editor (www/editor) and the two sides of an embedding (www/embed), and makes the
//    Python runtime (python-runtime.mjs);
// 3. names every file after its content, and writes the modules that start the programs, the
//    lessons and the manifest;
// 4. writes these names into the page, with the most urgent requests first, the picture of the first
//    script, and the content security policy;
// 5. in a release, writes the service worker that keeps the page usable offline.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { pythonRuntime } from "./python-runtime.mjs";
import { bundle, shrinkText, shrinkWasms, withoutHome } from "./shrink.mjs";
import { BOOT, ICON, named, read, readText, root, styleSheet, withTags } from "./source.mjs";

const digest = (content, algorithm = "sha256") => createHash(algorithm).update(content).digest();
const shortName = (content) => digest(content).toString("hex").slice(0, 16);
const integrity = (content) => `sha256-${digest(content).toString("base64")}`;

/**
 * The module of the simulation worker: the page's own program, which detects that it has no window.
 */
const startWorker = (program, wasm) => `import init from "./${program}";
// Posted and not thrown: a program that cannot be loaded, e.g. without a network, is no defect of the page.
await init({ module_or_path: new URL("${wasm}", import.meta.url) }).catch(() => postMessage(false));
`;

/**
 * The module of a program that receives requests and posts its responses itself (src/protocol/).
 * It first reports whether it loaded, and the page sends nothing before that. So the page can tell
 * a missing program from one that trapped.
 */
const startProgram = (module, wasm) => `${module}
__wbg_init({ module_or_path: new URL(${JSON.stringify(wasm)}, import.meta.url) }).then(() => postMessage(true), () => postMessage(false));
onmessage = ({ data }) => receive(data);
// Thrown from a task of its own, it becomes the worker's error event.
onunhandledrejection = ({ reason }) => setTimeout(() => { throw reason; });
`;

/** The programs besides the page, each with the function that writes its module. */
const PARTS = {
  files: startProgram,
  insight: startProgram,
  python: startProgram,
  proof: startProgram,
};

/** The page as a newcomer sees it first; src/view/first_picture.rs writes its two files. */
const PICTURE = "www/first-picture";

/** All lessons as one text: their values in the order in which `unpack` of crates/lessons/src/packed.rs takes them. */
function lessons() {
  const folder = "crates/lessons/course";
  const pictures = new Map(readText("crates/lessons/pictures.txt").trim().split("\n").map((line) => [line.split("|", 1)[0], line.slice(line.indexOf("|") + 1)]));
  const files = new Map();
  const all = readdirSync(join(root, folder)).sort();
  /** The program beside a script, which is its Python form. */
  const form = (name) => all.find((other) => name.endsWith(".loop") && other === name.replace(/\.loop$/, ".py"));
  for (const name of all.filter((name) => !all.some((other) => form(other) === name))) {
    const slug = /^\d+[a-z]?-(.*)\.(loop|py)$/.exec(name)[1];
    files.set(slug, [...(files.get(slug) ?? []), name]);
  }
  const values = [...files].flatMap(([slug, names]) => {
    const variants = names.map((file) => {
      const [, top, script] = /^(.*?)\n\n(.*)$/s.exec(readText(join(folder, file)));
      const lines = top.replaceAll("\n#   ", " ").split("\n");
      const python = form(file) ? readText(join(folder, form(file))) : "";
      return { file, script, python, fields: new Map(lines.map((line) => /^# ([a-z0-9. ]+): (.*)$/.exec(line).slice(1))) };
    });
    const both = ({ fields }, name) => [fields.get(name) ?? "", fields.get(`${name}.ko`) ?? ""];
    const [first] = variants;
    const answers = first.fields.get("answers").split("; ");
    const place = variants.findIndex(({ fields }) => fields.has("try"));
    const change = variants[place];
    return [
      slug, ...both(first, "group"), ...both(first, "title"), ...both(first, "question"), first.fields.get("asks") ?? "total",
      answers.length, ...answers.flatMap((answer) => [answer, ...both(first, `wrong ${answer}`)]),
      ...both(first, "text"), pictures.get(slug),
      ...both(change, "try"), place, ...change.fields.get("edit").split(" => "), change.fields.get("then"),
      variants.length, ...variants.flatMap((variant) => [variant.file, ...both(variant, variants.length > 1 ? "name" : "title"), ...both(variant, "note"), variant.script, variant.python]),
    ];
  });
  return values.join("\u{1e}");
}

/** The web app manifest, which makes the page installable. */
const manifest = (icon) => JSON.stringify({
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

/**
 * The content security policy, with the hash of each inline script, and of the one in the frame of
 * the Python runtime, for which the policy counts as well. `trunk serve` reloads the page through a
 * WebSocket.
 */
function policy(html, reloads, frameHash) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
  const hashes = [...inline.map((script) => `'sha256-${digest(script).toString("base64")}'`), frameHash];
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    // A companion on this machine. Its own policy allows only the companion that serves the page
    // (crates/companion/src/serve/answer.rs).
    `connect-src 'self' http://127.0.0.1:*${reloads ? " ws://127.0.0.1:*" : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The service worker for these files, with their names and hashes; `later` is kept when it is asked for. */
function serviceWorker(files, later, build) {
  const known = ([name, content]) => [name === "index.html" ? "./" : name, integrity(content)];
  return readText("www/offline.js")
    .replace("/* build */ \"\"", JSON.stringify(build))
    .replace("/* files */ {}", JSON.stringify(Object.fromEntries(files.map(known))))
    .replace("/* later */ {}", JSON.stringify(Object.fromEntries(later.map(known))));
}

/**
 * The files of the page by name, from the programs by name (`{ module, wasm }`). A release is as
 * small as possible and usable offline. `extra` is markup for the end of the page.
 */
export async function seal(programs, { isRelease, extra = "" }) {
  const files = new Map();
  const add = (stem, ending, content) => {
    const name = `${stem}-${shortName(content)}${ending}`;
    files.set(name, Buffer.from(content));
    return name;
  };
  const text = (source, loader) => (isRelease ? shrinkText(source, loader) : source);

  const names = ["page", ...Object.keys(PARTS)];
  const missing = names.filter((name) => !programs.has(name));
  if (missing.length > 0) throw new Error(`no program ${missing.join(", ")}; index.html and tools/page/seal.mjs name the same ones`);
  const compiled = names.map((name) => programs.get(name).wasm);
  const shrunk = isRelease ? await shrinkWasms(compiled) : compiled;
  const wasms = new Map(names.map((name, index) => [name, add(name, "_bg.wasm", withoutHome(shrunk[index]))]));
  const modules = new Map(names.map((name) => [name, programs.get(name).module.replaceAll(`${name}_bg.wasm`, wasms.get(name))]));

  // Most bindings are called during startup. With this hint Chromium compiles them while it waits
  // for the other files.
  const program = add("page", ".js", `//# allFunctionsCalledOnLoad\n${await text(modules.get("page"), "js")}`);
  const wasm = wasms.get("page");
  const worker = add("worker", ".js", await text(startWorker(program, wasm), "js"));
  const parts = [];
  for (const [name, start] of Object.entries(PARTS)) {
    parts.push([name, add(name, ".js", await text(start(modules.get(name), wasms.get(name)), "js"))]);
  }
  const editor = add("editor", ".js", await bundle("www/editor/main.js", "esm"));
  const highlight = add("highlight", ".js", await bundle("www/editor/python.js", "esm"));
  const inside = add("inside", ".js", await bundle("www/embed/inside.js", "iife"));
  // The element for other pages. Authors link to it, so its path is stable and contains its
  // version.
  files.set("embed/v1/embed.js", Buffer.from(await bundle("www/embed/embed.js", "iife")));
  // Loaded when the reader runs a Python program.
  const runtime = await pythonRuntime({ isRelease });
  for (const [name, content] of runtime.files) files.set(name, content);

  const source = readText("index.html");
  const place = (tag) => named(source, tag);
  const icon = add(basename(place(ICON), extname(place(ICON))), extname(place(ICON)), read(place(ICON)));
  const style = add("page", ".css", await text(styleSheet(source) + readText(`${PICTURE}.css`), "css"));
  // Determines the look of the first frame, so it is inline and needs no request.
  const boot = `<script>${(await text(readText(place(BOOT)), "js")).trim()}</script>`;
  const start = `<script type="module">
import init from "./${program}";
await init({ module_or_path: "./${wasm}" });
dispatchEvent(new Event("loopscope-started"));
</script>`;
  const html = withTags(source, {
    icon: `<link rel="icon" href="./${icon}" type="image/svg+xml">`,
    style: `<link rel="stylesheet" href="./${style}">`,
    start,
  }).replace(`<!-- ${PICTURE}.html -->`, () => readText(`${PICTURE}.html`).trim()).replace("</body>", () => `${extra}</body>`);

  const metas = [["worker", worker], ["editor", editor], ["highlight", highlight], ["inside", inside], ["lessons", add("lessons", ".txt", lessons())], ["runtime", runtime.client], ...parts];
  const build = shortName(html + boot + metas.flat().join(" "));
  const head = [
    "<meta charset=\"utf-8\">",
    `<meta http-equiv="Content-Security-Policy" content="${policy(html + boot, extra !== "", runtime.hash)}">`,
    // If a page contains a policy, Chromium requests only files that its parser has reached, so the
    // program comes first.
    `<link rel="modulepreload" href="./${program}" crossorigin="anonymous" integrity="${integrity(files.get(program))}">`,
    `<link rel="preload" href="./${wasm}" crossorigin="anonymous" as="fetch" type="application/wasm">`,
    ...[["build", build], ...metas, ...(isRelease ? [["offline", "offline.js"]] : [])].map(([name, content]) => `<meta name="loopscope-${name}" content="${content}">`),
    // Before the style sheet, since a script after it would wait for it.
    boot,
    `<link rel="manifest" href="./${add("app", ".webmanifest", manifest(icon))}">`,
  ].join("\n");
  files.set("index.html", Buffer.from(html.replace("<meta charset=\"utf-8\">", () => head)));
  // The element for course pages is not cached: it is not part of the page. The Python runtime
  // caches itself when it is used (www/python/client.js), and it is larger than the page.
  const kept = [...files].filter(([name]) => !/^(embed|python)\//.test(name)).sort(([one], [other]) => (one < other ? -1 : 1));
  const later = [[runtime.client, files.get(runtime.client)]];
  if (isRelease) files.set("offline.js", Buffer.from(serviceWorker(kept, later, build)));
  return files;
}
