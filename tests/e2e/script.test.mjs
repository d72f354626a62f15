// From the script to the chart: the first view, typing, fixes, dragging and lessons.

import assert from "node:assert/strict";
import { test } from "node:test";
import { editor, openDraft, openLesson, script, settled, simulate, suite, total, totalBecomes, write } from "./site.mjs";

const on = suite();

test("the first chart is there without a click", () => on(async (page) => {
  assert.equal(await total(page), "12s");
  const painted = await page.locator(".chart-below").evaluate((canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value) => value !== 0);
  });
  assert.ok(painted);
}, { waitFor: (page) => page.waitForSelector("#total") }));

test("one changed digit changes the total", () => on(async (page) => {
  await simulate(page, "a: await 3\n", "3s");
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("7");
  await totalBecomes(page, "7s");
  await page.keyboard.press("ControlOrMeta+z");
  await totalBecomes(page, "3s");
}));

test("an error is underlined where it is, and a click beside it fixes it", () => on(async (page) => {
  await write(page, "a: cpu 1\nb: awiat 3\n");
  await page.waitForSelector(".cm-lintRange-error");
  assert.deepEqual(await page.locator(".cm-lintRange-error").allTextContents(), ["awiat"]);
  assert.match(await page.textContent(".problems"), /line 2/);
  await page.click(".problems .fix");
  await totalBecomes(page, "4s");
  assert.equal(await page.locator(".problems .error").count(), 0);
  assert.equal(await page.locator(".cm-lintRange-error").count(), 0);
}));

test("an error can be fixed where it is underlined", () => on(async (page) => {
  await write(page, "a: awiat 3\n");
  await page.locator(".cm-lintRange-error").hover();
  await page.click(".cm-tooltip .cm-diagnosticAction");
  await totalBecomes(page, "3s");
  await page.keyboard.press("ControlOrMeta+z");
  await page.waitForSelector(".cm-lintRange-error");
}));

test("while the script has an error the last chart stays and is said to be old", () => on(async (page) => {
  await simulate(page, "a: await 3\n", "3s");
  await write(page, "a: await\n");
  await page.waitForSelector("main[data-phase=faulty]");
  assert.equal(await total(page), "3s");
  assert.equal(await page.locator(".stale-note").count(), 1);
}));

test("keywords, units and names are completed", () => on(async (page) => {
  await write(page, "make_pasta: cp");
  await page.keyboard.press("ControlOrMeta+Space");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "cpu" }).first().click();
  assert.match(await script(page), /make_pasta: cpu/);
}));

test("the script is laid out by a key", () => on(async (page) => {
  await simulate(page, "a:cpu    3\n", "3s");
  await editor(page).focus();
  await page.keyboard.press("Shift+Alt+f");
  await page.waitForFunction((editor) => editor.innerText.startsWith("a: cpu 3"), await editor(page).elementHandle());
}));

test("a duration can be dragged in the text", () => on(async (page) => {
  await simulate(page, "a: await 3s\n", "3s");
  const box = await page.locator(".tok-duration").first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 80, y, { steps: 5 });
  await totalBecomes(page, "4s");
  await page.mouse.up();
  assert.match(await script(page), /a: await 4s/);
}));

/** Puts a finger on the only duration and moves it; returns a function that lifts it. */
async function finger(page, context, right, down) {
  await page.tap("#sheet");
  await simulate(page, "a: await 3s\n", "3s");
  await page.locator(".cm-content").evaluate((element) => element.blur());
  const session = await context.newCDPSession(page);
  const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  const box = await page.locator(".tok-duration").first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await touch("touchStart", [{ x, y }]);
  for (const part of [0.25, 0.5, 0.75, 1]) await touch("touchMove", [{ x: x + part * right, y: y + part * down }]);
  return () => touch("touchEnd", []);
}

const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } };

test("a finger that goes sideways drags a duration, and no keyboard comes up", () => on(async (page, context) => {
  const lift = await finger(page, context, 80, 0);
  // A touch counts as a drag only after it has moved a little.
  await page.waitForFunction(() => Number.parseFloat(document.querySelector("#total").textContent) > 3.5);
  await lift();
  assert.match(await script(page), /a: await [34]\.?\d*s/);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
}, PHONE));

test("a finger that goes up or down scrolls, and changes nothing", () => on(async (page, context) => {
  const lift = await finger(page, context, 20, -80);
  await lift();
  assert.match(await script(page), /a: await 3s/);
}, PHONE));

test("the settings edit the script", () => on(async (page) => {
  await simulate(page, "def a: block 1\nrun 4 a\n", "1s");
  await page.click(".settings summary");
  await page.fill(".settings input[name=pool]", "2");
  await totalBecomes(page, "2s");
  assert.match(await script(page), /pool 2/);
}));

test("the line with the cursor lights its bars", () => on(async (page) => {
  await simulate(page, "a: await 4s\nb: await 8s\n", "8s");
  const above = () => page.locator(".chart-above").evaluate((canvas) => canvas.toDataURL());
  await page.keyboard.press("ControlOrMeta+Home");
  await page.waitForFunction(() => document.querySelector(".editor-host"));
  const first = await above();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction((first) => document.querySelector(".chart-above").toDataURL() !== first, first);
}));

test("every lesson about a script opens, runs, knows its answer and reaches its goal", () => on(async (page) => {
  await page.click("#lessons");
  await page.waitForSelector("[data-lesson]");
  const slugs = await page.locator("[data-lesson]").evaluateAll((all) => all.map((each) => each.dataset.lesson));
  assert.equal(slugs.length, 27);
  await page.keyboard.press("Escape");
  // Those about a program run on Python: lessons-python.test.mjs.
  const scripts = slugs.filter((slug) => !["a-return-annotation", "the-way-out"].includes(slug));
  assert.equal(scripts.length, 25);
  for (const slug of scripts) {
    await openLesson(page, slug);
    const choices = page.locator("#lesson-more [role=group] button");
    const variants = Math.max(1, await choices.count());
    for (let variant = 0; variant < variants; variant++) {
      if (variant > 0) await choices.nth(variant).click();
      await settled(page);
      // The run agrees with one of the answers.
      assert.match(await page.textContent(".said-of-guess"), /\d/, `${slug}, script ${variant + 1}`);
      assert.equal(await page.locator(".problems .error").count(), 0, slug);
    }
    // Twice, if the change is one of another script.
    if (await page.textContent("#try-it") !== "Do it for me") await page.click("#try-it");
    await settled(page);
    await page.click("#try-it");
    await page.waitForFunction(() => document.querySelector("#lesson-goal")?.textContent.includes("✓"), null, { timeout: 10_000 });
  }
}));

test("a lesson gives back what it replaced", () => on(async (page) => {
  await simulate(page, "mine: await 42\n", "42s");
  await page.click("#lessons");
  await page.locator("[data-lesson]").nth(3).click();
  await settled(page);
  assert.doesNotMatch(await script(page), /mine/);
  await openDraft(page, "mine");
  await totalBecomes(page, "42s");
}));

test("a reload keeps the text, what was typed last included", () => on(async (page) => {
  await simulate(page, "mine: await 42\n", "42s");
  await page.reload();
  await totalBecomes(page, "42s");
  await page.waitForSelector(".editor-host:not([hidden])");
  assert.match(await script(page), /mine: await 42/);
}));
