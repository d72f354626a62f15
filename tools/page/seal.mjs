// The page as it is served, from its programs and the files that index.html names. One definition for
// tools/build-page.mjs and for Trunk (tools/seal.mjs):
//
// 1. in a release, shrinks programs, modules, scripts and the style sheet;
// 2. bundles the editor (www/editor), loaded after the first chart, and the two sides of an embedding (www/embed);
// 3. names everything after its content, writes the modules that start the programs, the lessons and the manifest;
// 4. tells the page these names, puts first what it needs first, and writes the content security policy;
// 5. in a release, writes the service worker that keeps the page usable offline.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { bundle, shrinkText, shrinkWasms, withoutHome } from "./shrink.mjs";
import { BOOT, ICON, STYLE, named, read, readText, root, withTags } from "./source.mjs";

const digest = (content, algorithm = "sha256") => createHash(algorithm).update(content).digest();
const shortName = (content) => digest(content).toString("hex").slice(0, 16);

/** The worker's module: the page's own program, which notices that it has no window. */
const startWorker = (program, wasm) => `import init from "./${program}";
// Awaited, so that a failure reaches the page as an error event.
await init({ module_or_path: new URL("${wasm}", import.meta.url) });
`;

/** Of the program that makes files for download. */
const startFiles = (module, wasm) => `${module}
await __wbg_init({ module_or_path: new URL(${JSON.stringify(wasm)}, import.meta.url) });
window.loopscopeFiles = { file };
window.dispatchEvent(new Event("loopscope-files"));
`;

/** Of a program that answers each message with one message. */
const ANSWERING = `const bytes = answer(data);
  postMessage(bytes, [bytes.buffer]);`;
/** Of a program that posts messages by itself. */
const HEARING = "hear(data);";

/** The worker's module of a program that does this with each message. */
const startHearing = (heard) => (module, wasm) => `${module}
const ready = __wbg_init({ module_or_path: new URL(${JSON.stringify(wasm)}, import.meta.url) });
onmessage = async ({ data }) => {
  await ready;
  ${heard}
};
// Thrown from a task of its own, it becomes the worker's error event.
onunhandledrejection = ({ reason }) => setTimeout(() => { throw reason; });
`;

/** The programs besides the page, and the module that starts each. */
const PARTS = {
  files: startFiles,
  insight: startHearing(ANSWERING),
  python: startHearing(ANSWERING),
  proof: startHearing(HEARING),
};

/** All lessons in one text, each below its name (src/lessons.rs reads it). */
function lessons() {
  const folder = join(root, "www/lessons");
  return readdirSync(folder).sort().map((name) => `=== ${name}\n${readText(join("www/lessons", name))}`).join("\n");
}

/** The manifest makes the page installable. */
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

/** The policy, with the hash of each inline script. */
function policy(html) {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
  const hashes = inline.map((script) => `'sha256-${digest(script).toString("base64")}'`);
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(" ")}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    // The companion, on this machine only.
    "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function serviceWorker(names, build) {
  return readText("www/offline.js")
    .replace("/* build */ \"\"", JSON.stringify(build))
    .replace("/* files */ []", JSON.stringify(["./", ...names]));
}

/**
 * The files of the page by their names, from the programs by theirs (`{ module, wasm }`).
 * A release is as small as possible and usable offline. `extra`: scripts for the end of the page.
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

  // Most of the bindings are called at once: Chromium then compiles them while it waits for the rest.
  const program = add("page", ".js", `//# allFunctionsCalledOnLoad\n${await text(modules.get("page"), "js")}`);
  const wasm = wasms.get("page");
  const worker = add("worker", ".js", await text(startWorker(program, wasm), "js"));
  const parts = [];
  for (const [name, start] of Object.entries(PARTS)) {
    parts.push([name, add(name, ".js", await text(start(modules.get(name), wasms.get(name)), "js"))]);
  }
  const editor = add("editor", ".js", await bundle("www/editor/main.js", "esm"));
  const inside = add("inside", ".js", await bundle("www/embed/inside.js", "iife"));
  // The element for other pages. Its path says its version and stays: authors link to it.
  files.set("embed/v1/embed.js", Buffer.from(await bundle("www/embed/embed.js", "iife")));

  const source = readText("index.html");
  const place = (tag) => named(source, tag);
  const icon = add(basename(place(ICON), extname(place(ICON))), extname(place(ICON)), read(place(ICON)));
  const style = add("page", ".css", await text(readText(place(STYLE)), "css"));
  // Decides how the first frame looks, so it is inline and waits for no request.
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
  }).replace("</body>", () => `${extra}</body>`);

  const metas = [["worker", worker], ["editor", editor], ["inside", inside], ["lessons", add("lessons", ".txt", lessons())], ...parts];
  const build = shortName(html + boot + metas.flat().join(" "));
  const head = [
    "<meta charset=\"utf-8\">",
    `<meta http-equiv="Content-Security-Policy" content="${policy(html + boot)}">`,
    // With a policy in the page, Chromium requests only files that its parser has reached: the program comes first.
    `<link rel="modulepreload" href="./${program}" crossorigin="anonymous">`,
    `<link rel="preload" href="./${wasm}" crossorigin="anonymous" as="fetch" type="application/wasm">`,
    ...[["build", build], ...metas, ...(isRelease ? [["offline", "offline.js"]] : [])].map(([name, content]) => `<meta name="loopscope-${name}" content="${content}">`),
    // Before the style sheet, which a script would have to wait for.
    boot,
    `<link rel="manifest" href="./${add("app", ".webmanifest", manifest(icon))}">`,
  ].join("\n");
  // The element for course pages is not part of the page.
  const kept = [...files.keys()].filter((name) => !name.startsWith("embed/")).sort();
  files.set("index.html", Buffer.from(html.replace("<meta charset=\"utf-8\">", () => head)));
  if (isRelease) files.set("offline.js", Buffer.from(serviceWorker(kept, build)));
  return files;
}
