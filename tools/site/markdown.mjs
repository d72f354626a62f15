// Converts Markdown to HTML. Links between documents become links between pages, and every script
// gets its chart and a link into the playground.

import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { Marked } from "marked";
import { DOCUMENTS } from "./plan.mjs";
import { WORDS } from "./words.mjs";

export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" })[sign]);
const unescaped = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: "\"", "#39": "'" })[name]);
/** The plain text of HTML or Markdown, e.g. `<b>a</b> &amp; b` → `a & b`. */
export const plain = (html) => unescaped(html.replace(/<[^>]*>/g, " ").replace(/[`*]/g, "").replace(/\s+/g, " ")).trim();

/** The anchor of a heading as on GitHub, so that links work in both places. */
const slug = (text) => plain(text).toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");

/** A script with the editor's colours for comments and durations. */
export function listing(script, language) {
  const lines = script.trimEnd().split("\n").map((line) => {
    const [, code, comment] = line.match(/^((?:[^#"]|"[^"]*")*)(#.*)?$/) ?? [null, line, undefined];
    const lit = escaped(code).replace(/(?<![\p{L}\p{N}_.])[\d.]+(?:ns|us|ms|s|min|h|초|밀리초|분|시간)?(?![\p{L}\p{N}_])/gu, "<b>$&</b>");
    return lit + (comment ? `<i>${escaped(comment)}</i>` : "");
  });
  return `<pre class="script" tabindex="0" role="group" aria-label="${WORDS[language].script}"><code>${lines.join("\n")}\n</code></pre>`;
}

export class Markdown {
  constructor({ root, entry, charts, program }) {
    Object.assign(this, { root, entry, charts, program });
    this.toRoot = "../".repeat(entry.path.split("/").length - 1);
    this.sections = [];
    this.title = "";
  }

  render(text) {
    const marked = new Marked({ gfm: true, renderer: this.renderer() });
    const html = marked.parse(text);
    const first = this.sections.map((section) => section.text).find((words) => words.length > 40) ?? this.title;
    const description = first.length > 155 ? `${first.slice(0, first.lastIndexOf(" ", 150))} …` : first;
    return { html, title: this.title, description, sections: this.sections };
  }

  renderer() {
    const site = this;
    const note = (text) => {
      const last = site.sections.at(-1);
      if (last && last.text.length < 600) last.text = `${last.text} ${plain(text)}`.trim();
    };
    return {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        const id = slug(html);
        site.title ||= plain(html);
        site.sections.push({ id: depth === 1 ? "" : id, head: plain(html), text: "" });
        return depth === 1 ? `<h1>${html}</h1>\n` : `<h${depth} id="${id}"><a href="#${id}">${html}</a></h${depth}>\n`;
      },
      paragraph({ tokens }) {
        const html = this.parser.parseInline(tokens);
        note(html);
        return `<p>${html}</p>\n`;
      },
      listitem(item) {
        const html = this.parser.parse(item.tokens, Boolean(item.loose));
        note(html);
        return `<li>${html}</li>\n`;
      },
      table({ header, rows }) {
        const cells = (tag, row) => row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("");
        const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
        note(body);
        return `<div class="table" tabindex="0" role="group" aria-label="${WORDS[site.entry.language].table}"><table><thead><tr>${cells("th", header)}</tr></thead><tbody>${body}</tbody></table></div>\n`;
      },
      code({ text, lang }) {
        return site.code(text, lang ?? "");
      },
      html({ text }) {
        // Documents contain only comments as HTML: marks for tools.
        return /^\s*<!--[\s\S]*-->\s*$/.test(text) ? "" : `<p>${escaped(text)}</p>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens);
        const address = site.address(href);
        return address === null ? html : `<a href="${escaped(address)}">${html}</a>`;
      },
      image({ href, text }) {
        const name = posix.basename(href);
        return `<img src="${site.toRoot}pictures/${escaped(name)}" alt="${escaped(text)}" loading="lazy">`;
      },
    };
  }

  code(text, lang) {
    const scroll = `tabindex="0" role="group" aria-label="${WORDS[this.entry.language].code}"`;
    if (lang !== "loop" && lang !== "loopscope") return `<pre ${scroll}><code>${escaped(text)}\n</code></pre>\n`;
    const link = `${this.toRoot}play/#${this.program.link(`${text}\n`)}`;
    const chart = this.charts.picture(`${text}\n`, this.toRoot, this.entry.language);
    return `<figure class="experiment">${listing(text, this.entry.language)}${chart}<figcaption><a href="${link}">${WORDS[this.entry.language].open}</a></figcaption></figure>\n`;
  }

  /** The address of a link on the site; `null` if its target is not a page of the site. */
  address(href) {
    if (/^[a-z]+:/.test(href) || href.startsWith("#")) return href;
    const [file, id] = href.split("#");
    const target = posix.normalize(posix.join(posix.dirname(this.entry.source), file));
    const entry = DOCUMENTS.find(({ source }) => source === target);
    const exists = existsSync(join(this.root, target));
    if (!exists) throw new Error(`${this.entry.source}: nothing is at ${href}`);
    if (!entry) return target.startsWith("crates/lessons/course") ? `${this.toRoot}lessons/` : null;
    return `${this.toRoot}${entry.path}${id ? `#${id}` : ""}`;
  }
}
