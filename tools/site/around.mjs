// The files of the site that are no pages: headers, sitemap, robots.txt, and the feed of the changelog.

import { escaped } from "./markdown.mjs";

const LONG_AGO = "1970-01-01T00:00:00Z";

/**
 * For hosts that read such a file, e.g. Netlify and Cloudflare Pages. Labs in other sites need the first header;
 * GitHub Pages sends it by itself.
 */
export function headers(versions) {
  const frozen = versions.map((version) => `/v${version}/*\n  Cache-Control: public, max-age=31536000, immutable\n`);
  return `/*\n  Access-Control-Allow-Origin: *\n  X-Content-Type-Options: nosniff\n${frozen.join("")}`;
}

export function robots({ address }) {
  return `User-agent: *\nAllow: /\n${address ? `\nSitemap: ${address}sitemap.xml\n` : ""}`;
}

export function sitemap({ address }, paths) {
  const entries = paths.map((path) => `<url><loc>${escaped(address + path)}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join("\n")}
</urlset>
`;
}

/** An Atom feed with an entry for each release. `html` are its notes; `changed` is the time of the last change. */
export function feed({ address }, releases, { title, html, changed }) {
  const id = (version) => `urn:loopscope:changelog${version ? `:${version}` : ""}`;
  const at = (date) => `${date}T00:00:00Z`;
  const link = (rel, path) => `<link rel="${rel}" href="${escaped(address + path)}"/>`;
  const entries = releases.map(({ version, date, notes }) => `<entry>
<id>${id(version)}</id>
<title>Loopscope ${version}</title>
<updated>${at(date)}</updated>
${link("alternate", "docs/changelog/")}
<content type="html">${escaped(html(notes))}</content>
</entry>
`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${id()}</id>
<title>${escaped(title)}</title>
<author><name>Loopscope</name></author>
<updated>${releases[0] ? at(releases[0].date) : changed || LONG_AGO}</updated>
${link("self", "feed.xml")}
${link("alternate", "docs/changelog/")}
${entries.join("")}</feed>
`;
}
