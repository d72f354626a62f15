// What the site says about itself: addresses, previews of links, headers, sitemap, feed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { feed, headers, robots, sitemap } from "../../tools/site/around.mjs";
import { frame } from "../../tools/site/frame.mjs";
import { inOrder, normalised, place } from "../../tools/site/place.mjs";
import { releases } from "../../tools/version.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const AT = { address: "https://course.example/loops/", base: "/loops/", source: "https://code.example/loops", version: "1.2.3" };
const NOWHERE = { address: "", base: "/", source: "", version: "1.2.3" };
const PAGE = { toRoot: "../", path: "docs/", language: "en", title: "A & B", description: "\"Why?\"", body: "", current: {}, other: "docs/", scripts: [] };
const head = (site, more = {}) => frame({ site, ...PAGE, ...more }).split("</head>")[0];

test("an address ends with one slash; none is a site for any path", () => {
  assert.equal(normalised("https://course.example"), "https://course.example/");
  assert.equal(normalised("https://course.example/loops"), AT.address);
  assert.equal(normalised("https://course.example/loops/"), AT.address);
  assert.throws(() => normalised("javascript:alert(1)"), /does not begin with http/);
  assert.deepEqual({ ...place(root, {}), version: "" }, { address: "", base: "/", source: "", released: new Map(), version: "" });
  assert.equal(place(root, { LOOPSCOPE_SITE_ADDRESS: "https://course.example/loops" }).base, "/loops/");
});

test("a page says its address, its other languages and its picture, if the site has an address", () => {
  const said = head(AT);
  for (const line of [
    `<link rel="canonical" href="https://course.example/loops/docs/">`,
    `<link rel="alternate" hreflang="ko" href="https://course.example/loops/ko/docs/">`,
    `<meta property="og:url" content="https://course.example/loops/docs/">`,
    `<meta property="og:image" content="https://course.example/loops/pictures/card.png">`,
    `<meta property="og:title" content="A &amp; B · Loopscope">`,
    `<meta property="og:description" content="&quot;Why?&quot;">`,
  ]) assert.ok(said.includes(line), line);
  const other = head(AT, { other: undefined });
  assert.ok(!other.includes("hreflang"), "a page in one language has no other");
});

test("without an address no page invents one", () => {
  const said = frame({ site: NOWHERE, ...PAGE });
  assert.doesNotMatch(said, /https?:|canonical|og:image|og:url/);
  assert.match(said, /<meta property="og:title"/);
});

test("the footer has the version, and the source if it is known", () => {
  const footer = (site) => /<footer>[^]*<\/footer>/.exec(frame({ site, ...PAGE }))[0];
  assert.match(footer(AT), /docs\/changelog\/">Loopscope 1\.2\.3<\/a>.*href="https:\/\/code\.example\/loops">Source code/);
  assert.doesNotMatch(footer(NOWHERE), /Source code/);
});

test("the page for wrong addresses is not to be found", () => {
  assert.match(head(AT, { isMissing: true }), /<meta name="robots" content="noindex">/);
  assert.doesNotMatch(head(AT, { isMissing: true }), /canonical|og:/);
});

test("releases are recognised by their names and sorted by number", () => {
  const folder = mkdtempSync(join(tmpdir(), "loopscope-released-"));
  try {
    for (const name of ["loopscope-page-1.10.0.zip", "loopscope-page-1.9.2.zip", "loopscope-site-1.9.2.zip", "notes.txt"]) writeFileSync(join(folder, name), "");
    const { released } = place(root, { LOOPSCOPE_SITE_RELEASED: folder });
    assert.deepEqual(inOrder(released.keys()), ["1.9.2", "1.10.0"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("labs of other sites may load every file, and released files never change", () => {
  assert.equal(headers(["1.2.3"]), `/*
  Access-Control-Allow-Origin: *
  X-Content-Type-Options: nosniff
/v1.2.3/*
  Cache-Control: public, max-age=31536000, immutable
`);
});

test("robots find the sitemap where there is one", () => {
  assert.match(robots(AT), /^Sitemap: https:\/\/course\.example\/loops\/sitemap\.xml$/m);
  assert.doesNotMatch(robots(NOWHERE), /Sitemap/);
  assert.match(sitemap(AT, ["", "docs/"]), /<loc>https:\/\/course\.example\/loops\/<\/loc>[^]*<loc>https:\/\/course\.example\/loops\/docs\/<\/loc>/);
});

test("the feed has an entry for each release, the newest first", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n- next\n\n## 1.3.0 (2026-12-24)\n\n- new\n\n## 1.2.3 (2026-11-30)\n\n- old & good\n";
  const released = releases(changelog).filter(({ version }) => version);
  const options = { title: "Loopscope: Changelog", html: (notes) => `<p>${notes}</p>`, changed: "2027-01-01T00:00:00Z" };
  const text = feed(AT, released, options);
  assert.deepEqual([...text.matchAll(/<title>(.*)<\/title>/g)].map(([, title]) => title), ["Loopscope: Changelog", "Loopscope 1.3.0", "Loopscope 1.2.3"]);
  assert.match(text, /<updated>2026-12-24T00:00:00Z<\/updated>/);
  assert.match(text, /<id>urn:loopscope:changelog:1\.2\.3<\/id>/);
  assert.match(text, /<content type="html">&lt;p&gt;- old &amp; good&lt;\/p&gt;<\/content>/);
  assert.doesNotMatch(text, /next/);
  // Before the first release it has the time of the last change.
  assert.match(feed(AT, [], options), /<updated>2027-01-01T00:00:00Z<\/updated>\n<link rel="self"/);
});
