// The pages that are not documents: the landing page and the lessons.

import { escaped, listing } from "./markdown.mjs";
import { LANGUAGES } from "./plan.mjs";
import { WORDS } from "./words.mjs";

const HERO = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n";
const WAITS = [
  ["awaited", "async def ping: await 1s\n\nrun 100 ping\n"],
  ["pooled", "def ping: block 1s\n\nrun 100 ping\n"],
  ["blocked", "async def ping: block 1s\n\nrun 100 ping\n"],
];
const LAB = `<loopscope-lab goal="under 2 s with at most 40 threads">
<pre>
pool 4
def ping: block 1s
run 8 ping
</pre>
</loopscope-lab>
`;
/** The newest release whose labs speak the first version of the message protocol, for ever at this path. */
const SCRIPT = "v1/embed/v1/embed.js";
const embedded = ({ address }) => `<script async src="${address || "…/"}${SCRIPT}"></script>\n\n${LAB}`;

/** Messages begin in lower case, since they usually follow a position. Makes a sentence of one. */
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
const seconds = (ns) => `${Number((ns / 1e9).toFixed(3))} s`;

export function landing({ site, language, charts, program }) {
  const words = WORDS[language];
  const toRoot = language === "en" ? "" : "../";
  const play = (script) => `${toRoot}play/#${program.link(script)}`;
  const waits = WAITS.map(([name, script]) => `<li><p class="total">${seconds(program.result(script, language).total_ns)}</p><p>${words[name]}</p>${charts.picture(script, toRoot, language, { isNarrow: true })}<a href="${play(script)}">${words.open}</a></li>`);
  const all = program.lessons(language);
  const titles = all.map((one) => `<li><a href="lessons/${one.name}/">${escaped(one.title)}</a></li>`);
  const findings = program.result(WAITS[2][1], language).findings[0];
  const html = `<section class="hero">
<div><h1>${words.claim}</h1>
<p class="lead">${words.lead}</p>
<p class="go"><a class="primary" href="${toRoot}play/">${words.start}</a> <a href="docs/guide/">${words.learn}</a></p></div>
<div class="show">${listing(HERO, language)}${charts.picture(HERO, toRoot, language, { eager: true })}<a href="${play(HERO)}">${words.open}</a></div>
</section>
<section><h2>${words.sameSecond}</h2><p class="lead">${words.sameSecondText}</p><ul class="three">${waits.join("\n")}</ul></section>
<section class="pair"><div><h2>${words.proves}</h2><p>${words.provesText}</p>
<p><a href="${toRoot}docs/model-card/">${words.provesLink}</a></p></div>
<pre tabindex="0" role="group" aria-label="${words.code}"><code>${escaped(program.verification)}</code></pre></section>
<section class="pair"><div><h2>${words.decides}</h2><p>${words.decidesText}</p></div>
<blockquote><p>${escaped(sentence(findings.text))}</p><p><b>${escaped(sentence(findings.fix.text))}</b></p></blockquote></section>
<section class="pair"><div><h2>${words.teaches}</h2><p>${words.teachesText}</p>
<p><a href="${toRoot}docs/embed/">${words.teachesLink}</a></p></div>
<pre tabindex="0" role="group" aria-label="${words.code}"><code>${escaped(embedded(site))}</code></pre></section>
${LAB}
<section><h2>${words.experiments}</h2><p class="lead">${words.experimentsText}</p><ol class="titles">${titles.join("\n")}</ol><p><a href="lessons/">${words.all}</a></p></section>`;
  return { html, title: words.title, description: words.description };
}

export function lessons({ language, all }) {
  const words = WORDS[language];
  const items = all.map((one) => `<li><a href="${one.name}/"><b>${escaped(one.title)}</b></a><p>${inline(one.text)}</p></li>`);
  const html = `<article class="prose"><h1>${words.lessonsTitle}</h1><p class="lead">${words.lessonsText}</p></article><ol class="gallery">${items.join("\n")}</ol>`;
  return { html, title: words.lessonsTitle, description: words.lessonsText };
}

export function lesson({ language, one, before, after, charts }) {
  const words = WORDS[language];
  const toRoot = language === "en" ? "../../" : "../../../";
  const experiments = one.variants.map((variant, index) => {
    const heading = one.variants.length > 1 ? `<h2>${escaped(variant.name)}</h2>` : "";
    const address = `${toRoot}play/#lesson=${one.name}${index ? `/${index + 1}` : ""}`;
    // A program runs only where there is Python: in the reader's browser.
    const picture = variant.is_program ? "" : charts.picture(variant.script, toRoot, language);
    const links = variant.is_program
      ? `<a href="${address}">${words.runsThere}</a>`
      : `<a href="${toRoot}play/#${variant.link}">${words.open}</a> · <a href="${address}/python">${words.inPython}</a>`;
    return `${heading}\n<figure class="experiment">${listing(variant.script, language)}${picture}<figcaption>${links}</figcaption></figure>`;
  });
  const step = (other, name, rel) => (other ? `<a rel="${rel}" href="../${other.name}/"><small>${name}</small>${escaped(other.title)}</a>` : "<span></span>");
  const html = `<article class="prose"><h1><small>${one.number}</small>${escaped(one.title)}</h1>
<p class="guess"><a href="${toRoot}play/#lesson=${one.name}">${words.guessFirst}</a></p>
<p class="lead">${inline(one.text)}</p>
${experiments.join("\n")}
<p class="try"><b>${words.tryThis}</b> ${inline(one.try)}</p></article>
<nav class="steps" aria-label="${words.lessons}">${step(before, words.before, "prev")}${step(after, words.after, "next")}</nav>`;
  return { html, title: `${one.number}. ${one.title}`, description: one.text.replace(/`/g, "").slice(0, 155) };
}

/** The page for addresses that lead nowhere, in every language. `toRoot` is the site's path on its host. */
export function lost(toRoot) {
  const said = LANGUAGES.map((language) => {
    const words = WORDS[language];
    const heading = language === "en" ? "h1" : "h2";
    const home = `${toRoot}${language === "en" ? "" : `${language}/`}`;
    return `<section lang="${language}"><${heading}>${words.lost}</${heading}><p>${words.lostText}</p><p><a href="${home}">${words.home}</a></p></section>`;
  });
  return { html: `<article class="prose">${said.join("\n")}</article>`, title: WORDS.en.lost, description: WORDS.en.lostText };
}

const inline = (text) => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

/** Texts that one language has and another lacks. */
export function missing() {
  const keys = (words, before = "") => Object.entries(words).flatMap(([key, value]) => (typeof value === "object" ? keys(value, `${before}${key}.`) : [`${before}${key}`]));
  return LANGUAGES.flatMap((language) => keys(WORDS.en).filter((key) => !keys(WORDS[language]).includes(key)).map((key) => `tools/site/words.mjs: \`${language}\` has no \`${key}\``));
}
