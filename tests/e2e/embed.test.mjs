// The page inside other pages: the element, the plain frame, the messages, and hostile or careless
// host pages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { ENDLESS, SCRIPT, element, heard, host, inside, lab, on, ours, resultWith, site } from "./host.mjs";
import { link } from "./site.mjs";

test("the element shows its script, runs it, and says the result to the page", () => on(lab() + element(), async (page) => {
  const ready = await heard(page, "ready");
  assert.equal(ready.schema, "loopscope.embed/1");
  const result = await heard(page, "result");
  assert.equal(result.total_ns, 2e9);
  assert.equal(result.threads_peak, 4);
  assert.equal(result.ending, "finished");
  assert.equal(result.script, SCRIPT);
  assert.equal(await inside(page).textContent("#total"), "2s");
  const found = await page.evaluate(() => {
    const lab = document.querySelector("loopscope-lab");
    return { script: lab.script, total: lab.result.total_ns, height: lab.offsetHeight };
  });
  assert.equal(found.script, SCRIPT);
  assert.equal(found.total, 2e9);
  assert.ok(found.height > 500, "as high as what is in it");
}));

test("a goal is judged at each run, and reaching it is said once", () => on(lab('goal="under 2 s with at most 40 threads"') + element(), async (page) => {
  assert.equal((await heard(page, "goal")).reached, false);
  const frame = inside(page);
  assert.match(await frame.textContent("#goal"), /under 2 s with at most 40 threads.*not yet.*total < 2s/);
  await page.evaluate(() => { document.querySelector("loopscope-lab").script = "pool 8\ndef ping:\n    block 1s\nrun 8 ping\n"; });
  await resultWith(page, 1);
  await frame.locator("#goal .good").waitFor();
  const said = await page.evaluate(() => globalThis.heard.filter(({ name }) => name === "goal").map(({ detail }) => detail.reached));
  assert.deepEqual(said, [false, true]);
}));

test("frozen lines refuse every way of changing them, and others can be edited", () => on(lab('frozen="2-3" panes="script result chart settings"') + element(), async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  await frame.waitForSelector(".editor-host:not([hidden]) .cm-line.frozen");
  assert.equal(await frame.locator(".cm-line.frozen").count(), 2);
  const text = () => frame.locator(".cm-content").innerText();
  await frame.locator(".cm-line").nth(1).click();
  await page.keyboard.press("End");
  for (const key of ["x", "Backspace", "Enter", "Delete"]) await page.keyboard.press(key);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText("gone");
  assert.match(await text(), /^pool 4\ndef ping:\n    block 1s\nrun 8 ping/);
  await frame.locator(".cm-line").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type("0");
  await resultWith(page, 1);
  assert.match(await text(), /^pool 40\ndef ping:/);
  // The formatter and the settings must not change locked lines either.
  await frame.click(".settings summary");
  await frame.locator(".settings input").nth(1).fill("2");
  await resultWith(page, 4);
}));

test("a lab that cannot be edited loads no editor", () => on(lab('editable="none"') + element(), async (page) => {
  await heard(page, "result");
  assert.equal(await inside(page).inputValue("#script"), SCRIPT);
  assert.notEqual(await inside(page).getAttribute("#script", "readonly"), null);
  assert.ok(!ours(page).some((address) => address.includes("editor-")));
}));

test("panes, language and theme are the author's", () => on(`<div lang="ko">${lab('panes="chart now" theme="dark"')}</div>${element()}`, async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  assert.equal(await frame.getAttribute("main", "data-panes"), "chart now");
  assert.equal(await frame.locator("#script-card, .result, .insight, header.top").count(), 0);
  assert.equal(await frame.locator(".now").count(), 1);
  assert.deepEqual(await frame.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]), ["ko", "dark"]);
}));

test("the lab follows the colours of the page around it", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  const themeBecomes = (theme) => inside(page).waitForFunction((theme) => document.documentElement.dataset.theme === theme, theme);
  await themeBecomes("light");
  await page.evaluate(() => document.documentElement.classList.add("night"));
  await themeBecomes("dark");
}, { head: "<style>.night body { background: #111; color: #eee; }</style>" }));

test("guessing covers the chart and every figure until it is uncovered", () => on(lab('guess="total" goal="under 3 s"') + element(), async (page) => {
  await heard(page, "result");
  const frame = inside(page);
  await frame.waitForSelector("#guess");
  assert.equal(await frame.locator("#total, .chart, #goal .good, #goal .bad").count(), 0);
  await frame.click("#reveal");
  await frame.waitForSelector("#total");
  await frame.waitForSelector("#goal .good");
}));

test("an attribute that changes is carried out without loading anew", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  // The editor is the last part that loads by itself.
  await inside(page).waitForSelector(".editor-host:not([hidden])");
  const before = ours(page).length;
  await page.evaluate(() => {
    const lab = document.querySelector("loopscope-lab");
    lab.setAttribute("goal", "under 3 s");
    lab.setAttribute("panes", "result");
    lab.setAttribute("height", "333");
  });
  assert.equal((await heard(page, "goal")).reached, true);
  await inside(page).waitForSelector("main[data-panes=result]");
  assert.equal(await page.evaluate(() => document.querySelector("loopscope-lab").offsetHeight), 333);
  assert.equal(ours(page).length, before);
}));

test("a script that is hidden while its editor is on the way has one when it is shown again", () => {
  let letIn;
  const held = new Promise((resolve) => letIn = resolve);
  const prepare = (context) => context.route(/\/editor-[^/]*\.js$/, async (route) => { await held; await route.continue(); });
  return on(lab() + element(), async (page) => {
    const asked = page.waitForRequest(/\/editor-/);
    await heard(page, "result");
    await asked;
    const show = async (panes) => {
      await page.evaluate((panes) => document.querySelector("loopscope-lab").setAttribute("panes", panes), panes);
      await inside(page).waitForSelector(`main[data-panes="${panes}"]`);
    };
    await show("result");
    const came = page.waitForResponse(/\/editor-/);
    letIn();
    await came;
    await inside(page).waitForFunction(() => globalThis.loopscopeEditor);
    await show("script result");
    await inside(page).waitForSelector(".editor-host .cm-content");
    await show("result");
    await show("script result");
    await inside(page).waitForSelector(".editor-host .cm-content");
  }, { prepare });
});

test("a share link and a file of the host's are sources too; one of another host is refused", () => on("", async (page) => {
  const add = (id, src) => page.evaluate(([id, src]) => {
    const lab = Object.assign(document.createElement("loopscope-lab"), { id });
    lab.setAttribute("src", src);
    document.body.prepend(lab);
  }, [id, src]);
  await add("link", `https://elsewhere.example/${link({ script: "a: await 7\n", language: "ko" })}`);
  await resultWith(page, 7, "link");
  assert.equal(await inside(page).getAttribute("html", "lang"), "en", "the page's own language goes before the link's");
  await add("file", "lesson.loop");
  await resultWith(page, 6, "file");
  await add("strange", "https://elsewhere.example/lesson.loop");
  assert.match((await heard(page, "error", "strange")).message, /own host/);
  await add("missing", "missing.loop");
  assert.match((await heard(page, "error", "missing")).message, /404/);
}, { head: element(), options: { pages: { "/lesson.loop": { headers: { "content-type": "text/plain" }, body: "a: await 6\n" } } }, complaints: [/404/] }));

test("the plain frame does the same, by its address alone", () => on("", async (page) => {
  const settings = "embed&goal=under+2+s&frozen=2-3&panes=script+result";
  for (const [index, address] of [`${site.address}${link({ script: SCRIPT })}&${settings}`, `${site.address}?${settings}${link({ script: SCRIPT })}`, `${site.address}#${settings}&script=${encodeURIComponent(SCRIPT)}`].entries()) {
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src, height: 700 })), address);
    await page.waitForFunction((index) => globalThis.frames.length > index, index);
    const frame = await page.locator("iframe").nth(index).elementHandle().then((handle) => handle.contentFrame());
    await frame.waitForSelector("#goal .bad");
    await frame.waitForSelector(".cm-line.frozen");
    assert.equal(await frame.textContent("#total"), "2s");
    assert.equal(frame.url(), address, "the address stays as it is");
  }
}));

test("without JavaScript the reader sees the script and the static chart", () => on(`${lab("", SCRIPT).replace("</loopscope-lab>", '<figure><img alt="8 tasks, 2 s" src="data:,"></figure></loopscope-lab>')}${element()}`, async (page) => {
  assert.ok(await page.locator("loopscope-lab pre").isVisible());
  assert.ok(await page.locator("loopscope-lab figure").isVisible());
}, { options: { context: { javaScriptEnabled: false } } }));

test("a picture in the element is shown until the lab is there, and is no part of its script", () => on(`<loopscope-lab>a: await 3\nb: await 4<figure><figcaption>a chart</figcaption></figure></loopscope-lab>${element()}`, async (page) => {
  await resultWith(page, 4);
  // The lab appears shortly after its first result, when its height has settled.
  await page.locator("figure").waitFor({ state: "hidden" });
}));

test("a lab far below is not loaded: nothing of ours but its script", () => on(`<div style="height:6000px"></div>${lab()}${element()}`, async (page) => {
  await page.waitForLoadState("networkidle");
  assert.deepEqual(ours(page), [`${site.address}embed/v1/embed.js`]);
  assert.ok(await page.locator("loopscope-lab pre").isVisible(), "its script stands there meanwhile");
  await page.evaluate(() => document.querySelector("loopscope-lab").scrollIntoView());
  await heard(page, "result");
}));

test("two labs are two labs; what one downloads the other has", () => on(lab('id="one" height="300"') + lab('id="two" height="300"', "a: await 7\n") + element(), async (page) => {
  await resultWith(page, 2, "one");
  await resultWith(page, 7, "two");
  await page.evaluate(() => { document.querySelector("#one").script = "a: await 5\n"; });
  await resultWith(page, 5, "one");
  assert.equal(await page.evaluate(() => document.querySelector("#two").script), "a: await 7\n");
}));

test("labs in view come one after the other", () => on(["a", "b", "c"].map((id) => lab(`id="${id}" height="150"`)).join("") + element(), async (page) => {
  for (const id of ["a", "b", "c"]) await resultWith(page, 2, id);
  const { begun, done } = await page.evaluate((home) => ({
    begun: performance.getEntriesByType("resource").filter(({ initiatorType, name }) => initiatorType === "iframe" && name.startsWith(home)).map(({ startTime }) => startTime),
    done: globalThis.done,
  }), site.address);
  assert.equal(begun.length, 3);
  // No lab waits more than two seconds for another.
  for (const after of [1, 2]) assert.ok(begun[after] >= Math.min(done[after - 1], begun[after - 1] + 2_000), `${begun} beside ${done}`);
}, {
  prepare: (context) => context.addInitScript(() => {
    globalThis.done = [];
    addEventListener("loopscope-result", () => globalThis.done.push(performance.now()));
  }),
}));

/**
 * Simulates scrolling until `globalThis.rest()`. The timer is inside the page, so a busy machine
 * causes no pauses.
 */
const scrolls = () => {
  globalThis.strokes = 0;
  const stroke = () => {
    globalThis.strokes += 1;
    document.dispatchEvent(new Event("scroll"));
  };
  stroke();
  const strokes = setInterval(stroke, 10);
  globalThis.rest = () => clearInterval(strokes);
};

test("no lab loads while the reader scrolls, whatever a ticker somewhere else does", () => on(`<div id="ticker"></div><div style="height:6000px"></div>${lab()}${element()}`, async (page) => {
  await page.evaluate(scrolls);
  await page.evaluate(() => document.querySelector("loopscope-lab").scrollIntoView());
  await page.waitForFunction(() => globalThis.strokes > 50);
  assert.deepEqual(ours(page), [`${site.address}embed/v1/embed.js`]);
  await page.evaluate(() => {
    globalThis.rest();
    setInterval(() => [window, document.querySelector("#ticker")].forEach((place) => place.dispatchEvent(new Event("scroll"))), 10);
  });
  await heard(page, "result");
}));

test("a lab that comes or changes its height while the reader scrolls does so when they rest", () => on(`<div style="height:6000px"></div>${lab()}${element()}`, async (page) => {
  const height = () => page.evaluate(() => document.querySelector("loopscope-lab").getBoundingClientRect().height);
  const frame = async () => (await inside(page).frameElement()).evaluate((frame) => ({ inert: frame.inert, opacity: getComputedStyle(frame).opacity }));
  const isThere = () => page.waitForSelector("loopscope-lab pre", { state: "hidden" });
  const first = await height();
  await page.evaluate(scrolls);
  await page.evaluate(() => document.querySelector("loopscope-lab").scrollIntoView());
  await page.evaluate(() => document.querySelector("loopscope-lab").begin());
  await heard(page, "result");
  assert.ok(await page.isVisible("loopscope-lab pre"), "its script stands there meanwhile");
  assert.deepEqual(await frame(), { inert: true, opacity: "0" });
  assert.equal(await height(), first);
  await page.evaluate(() => globalThis.rest());
  await isThere();
  assert.deepEqual(await frame(), { inert: false, opacity: "1" });

  await inside(page).waitForSelector(".editor-host:not([hidden])");
  await page.evaluate(scrolls);
  const before = await height();
  const change = (lines) => page.evaluate((lines) => { document.querySelector("loopscope-lab").script = Array.from({ length: lines }, (_, at) => `t${at}: await ${lines}`).join("\n"); }, lines);
  // The report of the second change comes after that of the first.
  for (const lines of [12, 13]) {
    await change(lines);
    await resultWith(page, lines);
    await inside(page).waitForFunction((before) => Math.ceil(document.body.getBoundingClientRect().height) !== before, before);
  }
  assert.equal(await height(), before);
  await page.evaluate(() => globalThis.rest());
  await page.waitForFunction((before) => document.querySelector("loopscope-lab").getBoundingClientRect().height !== before, before);
}));

test("long simulations take turns, and are not kept waiting for ever", () => on(lab('id="one" height="300"', ENDLESS) + lab('id="two" height="300"', "async def a: await 7\nrun 5000 a\n") + element(), async (page) => {
  await heard(page, "ready", "one");
  await resultWith(page, 7, "two");
  assert.equal(await page.evaluate(() => document.querySelector("#one").result), null, "the other one is still at it");
}));

test("a lab that is removed in the middle of a run is gone, and comes back as it was", () => on(lab("", ENDLESS) + element(), async (page) => {
  await heard(page, "ready");
  await inside(page).waitForSelector("main[data-phase=running]");
  await page.evaluate(() => {
    globalThis.kept = document.querySelector("loopscope-lab");
    globalThis.kept.remove();
  });
  while (page.frames().length > 1) await page.waitForTimeout(20);
  await page.evaluate(() => {
    globalThis.kept.script = "a: await 3\n";
    document.body.append(globalThis.kept);
  });
  await resultWith(page, 3);
}));

test("what was written survives that the frame is loaded anew", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  await page.evaluate(() => { document.querySelector("loopscope-lab").script = "a: await 5\n"; });
  await resultWith(page, 5);
  await page.evaluate(() => { globalThis.heard.length = 0; });
  await inside(page).evaluate(() => location.reload());
  await heard(page, "ready");
  await resultWith(page, 5);
}));

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const theme of ["light", "dark"]) {
  for (const lang of ["en", "ko"]) {
    test(`axe-core finds nothing in a lab, ${theme}, ${lang}`, () => on(lab(`theme="${theme}" lang="${lang}" goal="under 2 s" frozen="2-3" panes="script result chart now"`) + element(), async (page) => {
      await heard(page, "result");
      const frame = inside(page);
      await frame.waitForSelector(".editor-host:not([hidden])", { state: "attached" });
      await frame.waitForSelector("#goal .bad");
      await frame.evaluate(axe);
      const found = await frame.evaluate(async () => {
        const { violations } = await globalThis.axe.run(document, { rules: { "page-has-heading-one": { enabled: false } } });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      assert.deepEqual(found, []);
    }));
  }
}

test("back and forward find the lab at work", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  await page.goto(`${host}other`);
  await page.goBack();
  await page.evaluate(() => { document.querySelector("loopscope-lab").script = "a: await 5\n"; });
  await page.waitForFunction(() => document.querySelector("loopscope-lab").result?.total_ns === 5e9);
}, { options: { pages: { "/other": { body: "other" } } } }));

const HOSTILE = `* { all: unset !important; display: inline !important; visibility: hidden !important; opacity: 0 !important; color: red !important; }
  iframe { width: 3px !important; height: 3px !important; display: none !important; position: fixed !important; } div { display: none !important; }`;

test("a hostile style sheet and a strict policy do it no harm", () => on(lab() + element(), async (page) => {
  await heard(page, "result");
  await page.waitForFunction(() => document.querySelector("loopscope-lab").getBoundingClientRect().height > 500);
  const box = await page.evaluate(() => {
    const { width, height } = document.querySelector("loopscope-lab").getBoundingClientRect();
    return { width, height };
  });
  assert.ok(box.height > 500 && box.width > 500, JSON.stringify(box));
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("loopscope-lab")).visibility), "visible");
  assert.equal(await inside(page).textContent("#total"), "2s");
}, {
  head: "<link rel=stylesheet href=hostile.css>",
  headers: { get "content-security-policy"() { return `default-src 'none'; script-src ${new URL(site.address).origin}; style-src 'self'; frame-src ${new URL(site.address).origin}`; } },
  options: { pages: { "/hostile.css": { headers: { "content-type": "text/css" }, body: HOSTILE } } },
}));

/** The styles of the host page's elements, and its global names. */
const surroundings = () => {
  const elements = [...document.querySelectorAll("body, h1, p, button, pre.own")];
  return {
    styles: elements.map((element) => Object.fromEntries([...getComputedStyle(element)].map((name) => [name, getComputedStyle(element)[name]]))),
    globals: Object.getOwnPropertyNames(globalThis).filter((name) => !/^\d+$/.test(name)).sort(),
    sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    head: document.head.innerHTML,
    prototypes: [Object, Array, Function, Element, Node].map(({ prototype }) => Object.getOwnPropertyNames(prototype).length),
  };
};

test("the page around is as it was before", () => on("<h1>Course</h1><p>Text <button>b</button></p><pre class=own>own</pre>", async (page) => {
  const before = await page.evaluate(surroundings);
  await page.evaluate(([html, address]) => new Promise((done) => {
    document.body.insertAdjacentHTML("beforeend", html);
    document.body.append(Object.assign(document.createElement("script"), { src: `${address}embed/v1/embed.js`, onload: done }));
  }), [lab('height="300"'), site.address]);
  await heard(page, "result");
  const now = await page.evaluate(surroundings);
  // The page became longer, which is the purpose.
  for (const styles of [...before.styles, ...now.styles]) for (const name of ["height", "blockSize", "block-size", "perspectiveOrigin", "perspective-origin", "transformOrigin", "transform-origin"]) delete styles[name];
  assert.deepEqual(now, before);
}));

test("in a sandbox without an origin it runs, keeps nothing, and answers", () => on("", async (page) => {
  await page.evaluate(([address, script]) => {
    const frame = Object.assign(document.createElement("iframe"), { src: `${address}#embed&script=${encodeURIComponent(script)}`, width: 320, height: 400 });
    frame.setAttribute("sandbox", "allow-scripts");
    addEventListener("message", ({ data, source }) => {
      if (source !== frame.contentWindow || data?.type !== "hello") return;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data: { type, ...detail } }) => globalThis.heard.push({ name: type, detail });
      source.postMessage({ schema: "loopscope.embed/1", type: "connect" }, "*", [port2]);
    });
    document.body.append(frame);
  }, [site.address, "async def a: await 7\nrun 5000 a\n"]);
  await resultWith(page, 7);
  assert.ok(await inside(page).evaluate(() => document.documentElement.scrollWidth <= innerWidth), "fits into 320 pixels");
}));

// Messages. In these tests the page itself acts as the host.

/** A host page without our element: it frames the app and sends it a port. */
const byHand = (settings = "") => `<iframe id="app" width="900" height="700" src="${site.address}#embed&script=${encodeURIComponent(SCRIPT)}${settings}"></iframe>
<script>
  const schema = "loopscope.embed/1";
  addEventListener("message", ({ data, source }) => {
    if (data?.schema !== schema || data.type !== "hello" || globalThis.port) return;
    const { port1, port2 } = new MessageChannel();
    globalThis.port = port1;
    port1.onmessage = ({ data: { type, ...detail } }) => globalThis.heard.push({ name: type, detail });
    source.postMessage({ schema, type: "connect" }, "*", [port2]);
  });
</script>`;

test("who has the port sets scripts and settings and asks for results", async () => on(byHand(), async (page) => {
  await heard(page, "ready");
  await resultWith(page, 2);
  await page.evaluate(() => {
    globalThis.port.postMessage({ type: "set", script: "a: await 5\n", goal: "under 6 s", panes: "result", theme: "dark", lang: "ko" });
  });
  assert.equal((await resultWith(page, 5)).goal.reached, true);
  await page.evaluate(() => globalThis.port.postMessage({ type: "get", id: "q1" }));
  const answered = await page.waitForFunction(() => globalThis.heard.find(({ detail }) => detail.id === "q1")?.detail);
  assert.equal((await answered.jsonValue()).total_ns, 5e9);
}));

test("a script with errors, or too long, is said to be so", () => on(byHand(), async (page) => {
  await resultWith(page, 2);
  await page.evaluate(() => globalThis.port.postMessage({ type: "set", script: "a: awiat 5\n" }));
  const faulty = await page.waitForFunction(() => globalThis.heard.find(({ detail }) => detail.phase === "faulty")?.detail);
  const { problems, total_ns } = await faulty.jsonValue();
  assert.equal(problems[0].line, 1);
  assert.match(problems[0].message, /awiat/);
  assert.equal(total_ns, undefined);
  await page.evaluate(() => globalThis.port.postMessage({ type: "set", script: "a: await 5\n".repeat(50_000) }));
  assert.equal((await heard(page, "error")).code, "too_large");
  assert.equal(await page.evaluate(() => globalThis.port.postMessage({ type: "set", script: "a: await 9\n" })), undefined);
  await resultWith(page, 9);
}));

test("whatever is malformed is ignored, and a flood is one change", () => on(byHand(), async (page) => {
  await resultWith(page, 2);
  await page.evaluate(() => {
    const { port } = globalThis;
    for (const what of [null, 7, "set", [], {}, { type: 7 }, { type: "run" }, { type: "set", script: { toString: 1 } }, { type: "set", panes: ["chart"], frozen: "x" }, { type: "get" }, { type: "get", id: {} }, { type: "get", id: "x".repeat(1000) }, new Uint8Array(9), new Map([["type", "set"]])]) port.postMessage(what);
    for (let at = 0; at < 20_000; at++) port.postMessage({ type: "set", script: `a: await ${1 + at % 7}\n` });
    for (let at = 0; at < 20_000; at++) port.postMessage({ type: "get", id: at });
    port.postMessage({ type: "set", script: "a: await 33\n" });
  });
  await resultWith(page, 33);
  const answers = await page.evaluate(() => globalThis.heard.length);
  assert.ok(answers < 3_000, `${answers} answers`);
  assert.equal(await inside(page).textContent("#total"), "33s");
}));

test("other versions, other windows and a second host are not answered", () => on(byHand(), async (page) => {
  await resultWith(page, 2);
  const answered = await page.evaluate(async () => {
    const app = document.querySelector("#app").contentWindow;
    const answers = [];
    const offer = (from, message) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => answers.push(data);
      from.postMessage.call(app, message, "*", [port2]);
      port1.postMessage({ type: "set", script: "a: await 66\n" });
      port1.postMessage({ type: "get", id: 1 });
    };
    const connect = { schema: "loopscope.embed/1", type: "connect" };
    offer(app, connect);
    offer(app, { ...connect, schema: "loopscope.embed/2" });
    // A sibling frame that pretends to be the parent, from a window of its own.
    const sibling = document.body.appendChild(document.createElement("iframe"));
    sibling.contentWindow.eval(`const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => parent.fooled = true;
      parent.frames[0].postMessage({ schema: "loopscope.embed/1", type: "connect" }, "*", [port2]);
      port1.postMessage({ type: "set", script: "a: await 77\\n" });`);
    globalThis.port.postMessage({ type: "set", script: "a: await 5\n" });
    while (!globalThis.heard.some(({ detail }) => detail.total_ns === 5e9)) await new Promise((done) => setTimeout(done, 20));
    return { answers, fooled: globalThis.fooled };
  });
  assert.deepEqual(answered, { answers: [], fooled: undefined });
  assert.equal(await inside(page).textContent("#total"), "5s");
}));

test("a sibling that is quicker than the parent is no parent", () => on("", async (page) => {
  await page.evaluate((src) => {
    const app = document.body.appendChild(Object.assign(document.createElement("iframe"), { id: "app", src }));
    const sibling = document.body.appendChild(document.createElement("iframe"));
    sibling.contentWindow.eval(`const app = parent.frames[0];
      globalThis.timer = setInterval(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => parent.fooled = true;
        app.postMessage({ schema: "loopscope.embed/1", type: "connect" }, "*", [port2]);
      }, 5);`);
    return app.id;
  }, `${site.address}#embed&script=${encodeURIComponent(SCRIPT)}`);
  await page.frameLocator("#app").locator("#total").waitFor();
  assert.equal(await page.evaluate(() => globalThis.fooled), undefined);
}));

test("an embedded page leaves the reader's own script and settings alone", () => on(byHand("&theme=dark"), async (page, context) => {
  await resultWith(page, 2);
  await inside(page).click(".editor-host:not([hidden]) .cm-content");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("mine: await 4\n");
  await resultWith(page, 4);
  await page.goto("about:blank");
  const own = await context.newPage();
  await own.goto(site.address);
  await own.waitForSelector("#total");
  assert.equal(await own.evaluate(() => localStorage.length), 0);
  assert.equal(await own.getAttribute("html", "data-theme"), "light");
}));

test("a page that the companion serves takes no messages and is nobody's part", () => on(byHand(), async (page) => {
  const frame = inside(page);
  await frame.waitForSelector("header.top");
  await frame.waitForSelector("#total");
  assert.equal(await page.evaluate(() => globalThis.port), undefined, "it has not said hello");
}, { prepare: (context) => context.route((address) => address.href.split("#")[0] === site.address, async (route) => {
  const response = await route.fetch();
  const html = (await response.text()).replace("<meta name=\"loopscope-offline\"", "<meta name=\"loopscope-companion\" content=\"0\"><meta name=\"loopscope-none\"");
  assert.match(html, /loopscope-companion/);
  await route.fulfill({ response, body: html });
}) }));

/** Addresses that would run code in the host page if a frame loaded them. */
const CODE = [
  "javascript:void(parent.hurt='by javascript')",
  " JavaScript:void(parent.hurt='by a blank')",
  "java\nscript:void(parent.hurt='by a line break')",
  "data:text/html,<script>parent.hurt='by data'</script>",
  "blob:null/1", "file:///etc/hostname", "about:blank", "https://",
];

test("an \"app\" of code runs nothing in the page around, is said, and leaves the script to be read", () => on(CODE.map((_, index) => lab(`id="code${index}"`)).join(""), async (page) => {
  const warnings = [];
  page.on("console", (message) => { if (message.type() === "warning") warnings.push(message.text()); });
  await page.evaluate((addresses) => addresses.forEach((address, index) => document.querySelector(`#code${index}`).setAttribute("app", address)), CODE);
  await page.addScriptTag({ url: `${site.address}embed/v1/embed.js` });
  await page.evaluate(() => document.querySelectorAll("loopscope-lab").forEach((lab) => lab.begin()));
  for (const index of CODE.keys()) {
    assert.equal((await heard(page, "error", `code${index}`)).code, "unreachable");
    assert.ok(await page.locator(`#code${index} pre`).isVisible());
  }
  // A lab near the reader starts to load by itself, too.
  assert.ok(warnings.filter((said) => /<loopscope-lab>: .*(app|URL)/.test(said)).length >= CODE.length, warnings.join("\n"));
  assert.equal(page.frames().length, 1);
  assert.equal(await page.evaluate(() => globalThis.hurt), undefined);
}));

test("a lab that is given an \"app\" of code while it runs goes back to its script", () => on(lab('id="lab"') + element(), async (page) => {
  await heard(page, "result");
  await page.evaluate((address) => document.querySelector("#lab").setAttribute("app", address), CODE[0]);
  await heard(page, "error");
  assert.ok(await page.locator("#lab pre").isVisible());
  assert.equal(page.frames().length, 1);
  assert.equal(await page.evaluate(() => globalThis.hurt), undefined);
}));

test("a frame that never answers leaves the script where it is", () => on(lab() + element(), async (page) => {
  // The browser reports that it refuses the frame.
  while (!page.complaints.length) await page.waitForTimeout(20);
  assert.ok(await page.locator("loopscope-lab pre").isVisible());
}, { headers: { get "content-security-policy"() { return `frame-src 'none'`; } }, complaints: [/frame-src/] }));
