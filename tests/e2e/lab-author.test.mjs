// Labs as their authors write them: code blocks that become labs, attributes that are wrong, the
// course's looks, keys, and exercises.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SCRIPT, element, heard, inside, lab, on, resultWith, site } from "./host.mjs";
import { serve } from "./site.mjs";

const edited = async (page) => {
  await inside(page).locator(".editor-host:not([hidden]) .cm-line").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type("0");
};

// Code blocks

const code = SCRIPT.trimEnd();
const PROGRAM = "import asyncio\nasyncio.run(asyncio.sleep(1))";
/** The HTML that generators make of ```` ```loopscope ````. */
const FENCES = {
  "CommonMark, mdBook": `<pre><code class="language-loopscope">${code}\n</code></pre>`,
  "kramdown with Rouge": `<div class="language-loopscope highlighter-rouge"><div class="highlight"><pre class="highlight"><code>${code}\n</code></pre></div></div>`,
  Hugo: `<pre tabindex="0"><code class="language-loopscope" data-lang="loopscope">${code}\n</code></pre>`,
  pandoc: `<pre class="loopscope"><code>${code}</code></pre>`,
  "Sphinx and MyST": `<div class="highlight-loopscope notranslate"><div class="highlight"><pre><span></span>${code}\n</pre></div></div>`,
  "Python-Markdown": `<div class="language-loopscope highlight"><pre><span></span><code>${code}\n</code></pre></div>`,
};

for (const [generator, html] of Object.entries(FENCES)) {
  test(`a code block of ${generator} becomes a lab`, () => on(html + element(), async (page) => {
    assert.equal((await resultWith(page, 2)).script, SCRIPT);
    assert.equal(await page.locator("loopscope-lab > *").count(), 1);
    assert.equal(await page.locator("body > loopscope-lab").count(), 1, "the whole block is in the lab");
  }));
}

test("the options of a code block are in its first comment, which is no part of the script", () => on(`<pre><code class="language-loopscope"># lab: goal="under 3 s" frozen="2-3" panes='script chart' id=pool\n${code}\n</code></pre>` + element(), async (page) => {
  const result = await resultWith(page, 2, "pool");
  assert.deepEqual([result.script, result.goal.reached], [SCRIPT, true]);
  await inside(page).waitForSelector("main[data-panes='script chart']");
}));

test("a block of Python becomes a lab only if it says so; a lab's own block and `# lab: off` stay", () => {
  const python = (text) => `<pre><code class="language-python">${text}\n</code></pre>`;
  const off = `<pre><code class="language-loopscope"># lab: off\n${code}\n</code></pre>`;
  return on(python("print(1)") + off + lab() + python(`# lab: python\n${PROGRAM}`) + element(), async (page) => {
    await resultWith(page, 2);
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll("loopscope-lab")].map((lab) => [lab.getAttribute("lang"), lab.script])), [[null, SCRIPT], ["python", `${PROGRAM}\n`]]);
    assert.equal(await page.locator("body > pre").count(), 2);
  });
});

test("a code block that comes later becomes a lab, too", () => on(element(), async (page) => {
  await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), FENCES.pandoc);
  await resultWith(page, 2);
}));

test("with `data-fences=\"off\"` code blocks stay as they are", () => on("", async (page) => {
  await page.evaluate(([html, address]) => new Promise((done) => {
    document.body.innerHTML = html;
    const script = Object.assign(document.createElement("script"), { src: `${address}embed/v1/embed.js`, onload: done });
    script.dataset.fences = "off";
    document.body.append(script);
  }), [FENCES.pandoc, site.address]);
  assert.equal(await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(document.querySelectorAll("loopscope-lab").length)))), 0);
}));

// Attributes that are wrong

const WRONG = [
  ['height="abc"', /height="abc" .*a number of pixels/],
  ['theme="drak"', /theme="drak" has no effect; it may be `light` or `dark`/],
  ['guess="totl"', /guess="totl" .*`total`, `order` or `bars`/],
  ['panes="skript"', /panes="skript" .*script result chart/],
  ['frozen="2-"', /frozen="2-" .*2-3, 7/],
  ['frozen="9-12"', /frozen="9-12" names line 12, but the script has 4 lines/],
  ['goal="uner 2 s"', /goal="uner 2 s" cannot be judged: .+/],
];

for (const [attribute, expected] of WRONG) {
  test(`${attribute} is said, to the console and by an event, and the lab works`, () => {
    const warnings = [];
    const prepare = (context) => context.on("console", (message) => warnings.push(message.text()));
    return on(lab(attribute) + element(), async (page) => {
      const { code, message } = await heard(page, "error");
      assert.equal(code, "attribute");
      assert.match(message, expected);
      assert.ok(warnings.some((said) => expected.test(said)), warnings.join("\n"));
      await resultWith(page, 2);
    }, { prepare });
  });
}

test("attributes that are right are not complained about", () => on(lab('theme="dark" guess="off" panes="script, chart" frozen="2-3" lang="ko" at="1s" goal="total &lt; 9s"') + element(), async (page) => {
  await resultWith(page, 2);
  assert.deepEqual(await page.evaluate(() => globalThis.heard.filter(({ name }) => name === "error")), []);
}));

test("a server without the header that a sandbox needs is named", () => on("", async (page) => {
  const silent = await serve(undefined, undefined, {});
  try {
    await page.evaluate((src) => {
      const frame = Object.assign(document.createElement("iframe"), { src, width: 600, height: 300 });
      frame.setAttribute("sandbox", "allow-scripts");
      document.body.append(frame);
    }, `${silent.address}#embed&script=a`);
    await page.frameLocator("iframe").locator("#boot-text", { hasText: "Access-Control-Allow-Origin" }).waitFor();
  } finally {
    await silent.close();
  }
}, { complaints: [/CORS|ERR_FAILED|Access-Control/] }));

// Looks, moments and locks

test("a lab adopts the colour, the font and the corners of its course", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  const style = () => inside(page).evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    return ["--accent", "--accent-ink", "--sans", "--radius"].map((name) => style.getPropertyValue(name));
  });
  assert.deepEqual(await style(), ["#c02", "#fff", "Georgia, serif", "3px"]);
}, { head: "<style>:root { --loopscope-accent: #c02; --loopscope-font: Georgia, serif; --loopscope-radius: 3px; }</style>" }));

test("a lab opens at the moment that its author names", () => on(lab('at="1.5s"') + element(), async (page) => {
  await heard(page, "result");
  await inside(page).locator("#now", { hasText: "1.5 s" }).waitFor();
}));

test("a locked line locks its setting", () => on(lab('frozen="1" panes="script result chart settings"') + element(), async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  await frame.click(".settings summary");
  assert.ok(await frame.locator("[name=pool]").isDisabled());
  assert.ok(await frame.locator("[name=cores]").isEnabled());
}));

test("*Open in Loopscope* keeps goal and locks, and leads on to the playground", () => on(lab('goal="under 2 s" frozen="2-3"') + element(), async (page, context) => {
  await heard(page, "result");
  const opened = context.waitForEvent("page");
  await inside(page).click("#whole-page");
  const own = await opened;
  await own.waitForSelector("#goal .bad");
  await own.waitForSelector(".editor-host:not([hidden]) .cm-line.frozen");
  assert.equal(await own.textContent("#total"), "2s");
  assert.ok(!(await own.getAttribute("#whole-page", "href")).includes("embed"));
}));

// Exercises

test("a changed script can be reset, and what was typed comes back by undo", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  assert.equal(await frame.locator("#reset").count(), 0);
  await edited(page);
  await resultWith(page, 1);
  await frame.click("#reset");
  await page.waitForFunction(() => document.querySelector("loopscope-lab").result.total_ns === 2e9);
  await frame.locator("#reset").waitFor({ state: "detached" });
  await frame.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await page.waitForFunction(() => document.querySelector("loopscope-lab").result.total_ns === 1e9);
}));

// Keys

test("Tab walks through a lab and leaves it unchanged; after typing it indents", () => on(`${lab()}<button id="after">after</button>${element()}`, async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  await frame.waitForSelector(".editor-host:not([hidden])");
  await frame.locator(".cm-content").focus();
  for (let at = 0; at < 40 && await page.evaluate(() => document.activeElement.id !== "after"); at++) await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "after");
  assert.equal(await page.evaluate(() => document.querySelector("loopscope-lab").script), SCRIPT);
  await edited(page);
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.querySelector("loopscope-lab").script.startsWith("    pool 40"));
}));

test("keys that a lab has no use for reach a deck of slides", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  await page.evaluate(() => {
    globalThis.keys = [];
    document.addEventListener("keydown", ({ key, keyCode }) => globalThis.keys.push(`${key} ${keyCode}`));
  });
  await inside(page).locator("#play").focus();
  for (const key of ["ArrowRight", "Escape", "PageDown", "x"]) await page.keyboard.press(key);
  await inside(page).locator("#scrub").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => globalThis.keys.length >= 4);
  assert.deepEqual(await page.evaluate(() => globalThis.keys), ["ArrowRight 39", "Escape 27", "PageDown 34", "Escape 27"]);
}));
