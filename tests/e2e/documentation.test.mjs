// The site around the playground as `make site` builds it: landing page, documentation and lessons.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, open, serve, totalBecomes } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = fileURLToPath(new URL("../../site", import.meta.url));
let site;
let browser;
before(async () => {
  site = await serve(folder, "make site");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens a page of the site; at the end it must have no complaints. */
async function on(path, act, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  try {
    const page = await open(context, site.address + path, site.address);
    await act(page);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

/** The paths of all pages except the playground, which is there for labs under its versions, too. */
function pages(within = folder) {
  return readdirSync(within).filter((name) => within !== folder || !/^(play|v\d.*)$/.test(name)).flatMap((name) => {
    const path = join(within, name);
    if (statSync(path).isDirectory()) return pages(path);
    return name === "index.html" ? [`${relative(folder, within)}/`.replace(/^\/$/, "")] : [];
  });
}

test("every page opens without a complaint, has one heading and a title of its own", async () => {
  const titles = new Set();
  const paths = pages();
  await on("", async (page) => {
    for (const path of paths) {
      await page.goto(site.address + path);
      assert.equal(await page.locator("h1").count(), 1, path);
      titles.add(await page.title());
    }
  });
  assert.ok(paths.length > 60, `${paths.length} pages`);
  assert.equal(titles.size, paths.length);
});

test("every picture is there and says what it shows", async () => {
  await on("docs/guide/", async (page) => {
    const images = page.locator("img");
    assert.ok(await images.count() > 3);
    for (const image of await images.all()) {
      await image.scrollIntoViewIfNeeded();
      await image.evaluate((img) => img.decode());
      assert.match(await image.getAttribute("alt"), /\S{3}/);
    }
  });
});

test("an experiment of the documentation opens in the playground as it stands", async () => {
  await on("lessons/the-staircase/", async (page) => {
    const written = await page.locator(".script").first().innerText();
    await page.click(".experiment figcaption a");
    await totalBecomes(page, "20s");
    await page.waitForSelector(".cm-content");
    const lines = (text) => text.split("\n").filter(Boolean);
    assert.deepEqual(lines(await page.locator(".cm-content").innerText()), lines(written));
  });
});

test("a lesson of the documentation opens in the playground with its question", async () => {
  await on("lessons/the-staircase/", async (page) => {
    await page.click(".guess a");
    await page.waitForSelector(".answer-button");
    await page.click("#show-me");
    await totalBecomes(page, "20s");
  });
});

test("the cheat sheet of the playground leads to the guide and the language reference", async () => {
  await on("play/", async (page) => {
    await page.waitForSelector("#boot", { state: "detached" });
    await page.click("#cheat-sheet");
    const links = await page.locator(".links a").evaluateAll((all) => all.map(({ href }) => href));
    assert.equal(links.length, 2);
    for (const link of links) {
      const answer = await page.request.get(link);
      assert.ok(answer.ok(), link);
    }
  });
});

test("the search finds sections by their words, by keys alone", async () => {
  await on("", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("semaphore");
    await page.waitForSelector("#found a");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/semaphore|language/);
  });
});

test("the search finds Korean words, and says when there is nothing", async () => {
  await on("ko/", async (page) => {
    await page.fill(".search input", "교착");
    await page.waitForFunction(() => document.querySelector(".said").textContent.length > 0);
    await page.fill(".search input", "세마포어");
    await page.waitForSelector("#found a");
    await page.fill(".search input", "qqqq");
    await page.waitForSelector("#found p");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#found", { state: "hidden" });
  });
});

test("each language leads to the same page in the other", async () => {
  await on("lessons/the-gil/", async (page) => {
    const name = new URL(page.url()).pathname;
    await page.click(".language");
    await page.waitForURL(/ko\/lessons\/the-gil/);
    assert.equal(await page.getAttribute("html", "lang"), "ko");
    await page.click(".language");
    await page.waitForFunction((name) => location.pathname === name, name);
  });
});

for (const path of ["", "ko/", "docs/language/", "docs/guide/", "lessons/", "ko/lessons/the-gil/"]) {
  test(`axe finds nothing on ${path || "the landing page"}, light and dark, wide and narrow`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 320]) {
        await on(path, async (page) => {
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")}`), []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
        }, { colorScheme, viewport: { width, height: 800 } });
      }
    }
  });
}

test("the page for wrong addresses looks like the others and leads home", async () => {
  // At the root of a host, where this site expects to be unless it was built for an address.
  const host = await serve(folder, "make site");
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const root = new URL("/", host.address).href;
    await page.goto(`${root}404.html`);
    assert.equal(await page.locator("h1").innerText(), "There is no such page");
    assert.ok(await page.evaluate(() => getComputedStyle(document.querySelector(".top")).display === "flex"), "its style sheet is found");
    await page.click("section[lang=ko] a");
    await page.waitForURL(`${root}ko/`);
  } finally {
    await context.close();
    await host.close();
  }
});

test("labs have a page at v1 and at the version, and each page names version and feed", async () => {
  const version = JSON.parse(readFileSync(new URL("../../www/embed/package.json", import.meta.url), "utf8")).version;
  for (const name of ["v1", `v${version}`]) {
    assert.deepEqual(readFileSync(join(folder, name, "embed/v1/embed.js")), readFileSync(join(folder, "play/embed/v1/embed.js")), name);
  }
  await on("docs/guide/", async (page) => {
    assert.match(await page.locator("footer").innerText(), new RegExp(`Loopscope ${version.replaceAll(".", "\\.")}`));
    const feed = await page.request.get(await page.locator("link[type='application/atom+xml']").evaluate(({ href }) => href));
    assert.match(await feed.text(), /^<\?xml[^]*<feed /);
  });
  await on(`v1/#embed`, (page) => page.waitForSelector("#total"));
});

test("without JavaScript the charts and the scripts are there", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${site.address}lessons/the-staircase/`);
  assert.match(await page.locator(".script").first().innerText(), /block 5s/);
  assert.equal(await page.locator(".chart img").count(), 1);
  await context.close();
});
