// `make site`: the landing page, the documentation and the lessons as static pages around the
// playground.
//
// Reads docs/, CHANGELOG.md, the lessons, the built page (dist/), and the results and charts that
// the program computes. Writes site/, files for any static host under any path. A dead link or a
// missing translation fails the build.
//
// LOOPSCOPE_SITE_ADDRESS is where the site will be, LOOPSCOPE_SITE_SOURCE where its source is, and
// LOOPSCOPE_SITE_RELEASED a folder with the pages of earlier releases, `loopscope-page-1.2.3.zip`.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { releases } from "../version.mjs";
import { unzip } from "../page/zip.mjs";
import { writeInto } from "../page/folder.mjs";
import { feed, headers, robots, sitemap } from "./around.mjs";
import { Charts } from "./charts.mjs";
import { landing, lesson, lessons, lost, missing } from "./pages.mjs";
import { frame } from "./frame.mjs";
import { Markdown, plain } from "./markdown.mjs";
import { Program } from "./program.mjs";
import { DOCUMENTS, LANGUAGES } from "./plan.mjs";
import { inOrder, place } from "./place.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, process.env.LOOPSCOPE_SITE ?? "site");
const site = place(root);
const program = new Program(root);
const charts = new Charts(program, write);
const written = new Map();
const found = Object.fromEntries(LANGUAGES.map((language) => [language, []]));

function write(path, content) {
  const file = join(out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Writes one page in the common frame. `sections` are its entries in the search. */
function page({ path, language, title, description, body, current, other, sections = [], scripts = [] }) {
  const toRoot = "../".repeat(path.split("/").length - 1);
  written.set(path, body);
  write(posix.join(path, "index.html"), frame({ site, toRoot, path, language, title, description, body, current, other, scripts }));
  found[language].push(...sections.map((section) => ({ ...section, page: title, path: `${path}${section.id ? `#${section.id}` : ""}` })));
}

/** Sets the title of each document to its first heading. */
function nameDocuments() {
  for (const entry of DOCUMENTS) {
    entry.title = readFileSync(join(root, entry.source), "utf8").match(/^# (.*)$/m)[1].replaceAll("`", "");
  }
}

function documents() {
  for (const entry of DOCUMENTS) {
    const source = join(root, entry.source);
    const markdown = new Markdown({ root, entry, charts, program });
    const { html, title, description, sections } = markdown.render(readFileSync(source, "utf8"));
    page({ path: entry.path, language: entry.language, title, description, body: `<article class="prose">${html}</article>`, current: entry, other: entry.other, sections });
  }
}

function landings() {
  for (const language of LANGUAGES) {
    const path = language === "en" ? "" : `${language}/`;
    const { html, title, description } = landing({ site, language, charts, program });
    page({ path, language, title, description, body: html, current: { path }, other: "", scripts: ["v1/embed/v1/embed.js"] });
  }
}

function gallery() {
  for (const language of LANGUAGES) {
    const folder = language === "en" ? "lessons/" : `${language}/lessons/`;
    const all = program.lessons(language);
    const { html, title, description } = lessons({ language, all });
    page({ path: folder, language, title, description, body: html, current: { path: folder }, other: "lessons/" });
    all.forEach((one, index) => {
      const path = `${folder}${one.name}/`;
      const made = lesson({ language, one, before: all[index - 1], after: all[index + 1], charts });
      const sections = [{ id: "", head: one.title, text: plain(`${one.text} ${one.try}`) }];
      page({ path, language, title: made.title, description: made.description, body: made.html, current: { path: folder }, other: `lessons/${one.name}/`, sections });
    });
  }
}

/**
 * The page of each release in a folder of its own, which never changes; the newest one in v1/ too, the address for
 * labs: a page there will always understand the first version of their message protocol. Before the first release
 * both are the page of dist/, which may still change. Returns the released versions.
 */
function versions() {
  const dist = join(root, "dist");
  if (site.released.size === 0) {
    for (const name of [site.version, "1"]) cpSync(dist, join(out, `v${name}`), { recursive: true });
    return [];
  }
  const all = inOrder(site.released.keys());
  for (const version of all) writeInto(join(out, `v${version}`), unzip(readFileSync(site.released.get(version))));
  cpSync(join(out, `v${all.at(-1)}`), join(out, "v1"), { recursive: true });
  return all;
}

function lostPage() {
  const { html, title, description } = lost(site.base);
  write("404.html", frame({ site, toRoot: site.base, path: "", language: "en", title, description, body: html, current: {}, scripts: [], isMissing: true }));
}

function changelogFeed() {
  const entry = { ...DOCUMENTS.find(({ source }) => source === "CHANGELOG.md"), path: "" };
  const html = (notes) => {
    const markdown = new Markdown({ root, entry, charts, program });
    // A reader of feeds knows no place for relative links.
    markdown.toRoot = site.address;
    return markdown.render(notes).html;
  };
  const all = releases(readFileSync(join(root, entry.source), "utf8")).filter(({ version }) => version);
  const { stdout } = spawnSync("git", ["log", "-1", "--format=%cI", "--", entry.source], { cwd: root, encoding: "utf8" });
  write("feed.xml", feed(site, all, { title: `Loopscope: ${entry.title}`, html, changed: stdout?.trim() }));
}

/** Links inside the site that lead to no file of it. */
function deadLinks() {
  const dead = [];
  for (const [path, html] of written) {
    for (const [, address] of html.matchAll(/(?:href|src)="([^"#:]+)[^":]*"/g)) {
      const target = posix.join("/", path, address.split(/[#?]/)[0]);
      const file = join(out, target.endsWith("/") ? `${target}index.html` : target);
      if (!existsSync(file)) dead.push(`${path || "/"}: ${address}`);
    }
  }
  return dead;
}

if (!existsSync(join(root, "dist/index.html"))) fail(["there is no dist/; run `make page` first"]);
rmSync(out, { recursive: true, force: true });
cpSync(join(root, "dist"), join(out, "play"), { recursive: true });
for (const name of ["site.css", "search.js"]) write(name, readFileSync(join(root, "www/site", name)));
write("icon.svg", readFileSync(join(root, "www/icon.svg")));
cpSync(join(root, "docs/pictures"), join(out, "pictures"), { recursive: true });
nameDocuments();
landings();
documents();
gallery();
for (const language of LANGUAGES) write(`search.${language}.json`, JSON.stringify(found[language]));
lostPage();
changelogFeed();
write("_headers", headers(versions()));
write("robots.txt", robots(site));
if (site.address) write("sitemap.xml", sitemap(site, [...written.keys()]));
const wrong = [...missing(), ...deadLinks().map((link) => `dead link in ${link}`)];
if (wrong.length > 0) fail(wrong);
console.log(`site/: ${written.size} pages, ${charts.count} charts`);

function fail(reasons) {
  for (const reason of reasons) console.error(`site: ${reason}`);
  process.exit(1);
}
