// The common frame of the site's pages: head, navigation, search and footer.

import { DOCUMENTS, LANGUAGES } from "./plan.mjs";
import { escaped } from "./markdown.mjs";
import { WORDS } from "./words.mjs";

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "frame-src 'self'",
  "base-uri 'none'", "form-action 'none'",
].join("; ");

const BRAND = `<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><circle class="orbit" cx="12" cy="12" r="9"/><path class="arc" d="M12 3a9 9 0 0 1 9 9"/></svg>`;

const LOCALES = { en: "en_US", ko: "ko_KR" };
/** The picture in previews of links; tools/pictures.mjs takes it. */
const CARD = { path: "pictures/card.png", width: 1200, height: 630 };

/** What previews of links show, and where the page is; `paths` are those of the page in all languages. */
function preview({ address, path, paths, language, title, description }) {
  const property = (name, content) => `<meta property="og:${name}" content="${escaped(String(content))}">`;
  const told = [
    property("type", "website"), property("site_name", "Loopscope"), property("title", title),
    property("description", description), property("locale", LOCALES[language]),
  ];
  // The rest needs whole addresses.
  if (!address) return told;
  const alternates = Object.entries(paths).map(([tag, path]) => `<link rel="alternate" hreflang="${tag}" href="${escaped(address + path)}">`);
  return [
    ...told, property("url", address + path), property("image", address + CARD.path), property("image:width", CARD.width),
    property("image:height", CARD.height), property("image:alt", WORDS[language].card),
    `<meta name="twitter:card" content="summary_large_image">`, `<link rel="canonical" href="${escaped(address + path)}">`, ...alternates,
  ];
}

export function frame({ site, toRoot, path, language, title, description, body, current, other, scripts, isMissing = false }) {
  const words = WORDS[language];
  const home = `${toRoot}${language === "en" ? "" : `${language}/`}` || "./";
  const full = title.startsWith("Loopscope") ? title : `${title} · Loopscope`;
  const isDocument = Boolean(current.group);
  const paths = other === undefined ? {} : Object.fromEntries(LANGUAGES.map((tag) => [tag, `${tag === "en" ? "" : `${tag}/`}${other}`]));
  const head = isMissing ? [`<meta name="robots" content="noindex">`] : preview({ ...site, path, paths, language, title: full, description });
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(full)}</title>
<meta name="description" content="${escaped(description)}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${head.join("\n")}
<link rel="alternate" type="application/atom+xml" title="${words.feed}" href="${toRoot}feed.xml">
<link rel="icon" href="${toRoot}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${toRoot}site.css">
<script type="module" src="${toRoot}search.js"></script>
${scripts.map((script) => `<script async src="${toRoot}${script}"></script>`).join("\n")}
</head>
<body>
<a class="skip" href="#text">${words.skip}</a>
<header class="top">
<a class="brand" href="${home}">${BRAND}Loopscope</a>
<nav aria-label="${words.docs}">
${link(`${home === "./" ? "" : home}docs/guide/`, words.guide, path.endsWith("docs/guide/"))}
${link(`${home === "./" ? "" : home}lessons/`, words.lessons, path.includes("lessons/"))}
${link(`${toRoot}docs/language/`, words.docs, isDocument && !path.endsWith("docs/guide/"))}
</nav>
<form class="search" role="search" data-index="${toRoot}search.${language}.json" data-root="${toRoot}" data-found="${words.found}" data-nothing="${words.nothing}">
<input type="search" aria-label="${words.searchHint}" placeholder="${words.search}" autocomplete="off" spellcheck="false" aria-controls="found">
<div id="found" hidden></div>
<p class="said" role="status"></p>
</form>
${languages(toRoot, language, other)}
<a class="primary" href="${toRoot}play/">${words.playground}</a>
</header>
<div class="${isDocument ? "with-menu" : "wide"}">
${isDocument ? menu(toRoot, language, current, words) : ""}
<main id="text" tabindex="-1">
${body}
</main>
</div>
<footer><p>${words.footer}</p>
<p><a href="${toRoot}docs/changelog/">Loopscope ${site.version}</a>${site.source ? ` · <a href="${escaped(site.source)}">${words.source}</a>` : ""} · <a href="${toRoot}feed.xml">${words.feed}</a></p></footer>
</body>
</html>
`;
}

function link(address, words, isCurrent) {
  return `<a href="${address}"${isCurrent ? ` aria-current="page"` : ""}>${escaped(words)}</a>`;
}

/** Links to the same page in the other languages, if it exists there. */
function languages(toRoot, language, other) {
  if (other === undefined) return "";
  const others = LANGUAGES.filter((tag) => tag !== language);
  return others.map((tag) => `<a class="language" lang="${tag}" hreflang="${tag}" href="${toRoot}${tag === "en" ? "" : `${tag}/`}${other}">${WORDS[tag].name}</a>`).join("");
}

function menu(toRoot, language, current, words) {
  const groups = Object.entries(words.groups).map(([group, name]) => {
    const entries = DOCUMENTS.filter((entry) => entry.group === group && (entry.language === language || !entry.other));
    const items = entries.map((entry) => `<li>${link(`${toRoot}${entry.path}`, entry.title, entry === current)}</li>`).join("\n");
    return entries.length > 0 ? `<h2>${escaped(name)}</h2>\n<ul>${items}</ul>` : "";
  });
  return `<details class="menu"><summary>${words.menu}</summary><nav aria-label="${words.menu}">${groups.join("\n")}</nav></details>`;
}
