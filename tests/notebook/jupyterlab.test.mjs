// Loopscope in a real JupyterLab, used in Chromium: magics, a lab, an exported notebook. No request leaves this machine.
//
// `tools/need notebook` installs JupyterLab. The package is that of the clone, with the program in LOOPSCOPE_PROGRAM or
// target/ (server.mjs).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "../e2e/site.mjs";
import { START_MS, jupyter, notebook, pageOf, start, venv } from "./server.mjs";

const CELLS = [
  "%load_ext loopscope",
  "%%loopscope\nmake_pasta: cpu 3 -> await 5\nmake_toast: cpu 6",
  "import asyncio, loopscope\n\nasync def nap(seconds):\n    await asyncio.sleep(seconds)",
  "%%loopscope python\nawait asyncio.gather(nap(1), nap(60))\nprint('awake')",
  "lab = loopscope.Lab('pool 4\\ndef ping: block 1s\\nrun 8 ping\\n', goal='under 2 s')\nlab",
  "print('so far', lab.total, lab.reached)",
];

let server, browser;
before(async () => {
  const options = (place, port) => [...jupyter(place, port), "--LabApp.news_url="];
  server = await start({ command: "jupyter-lab", options, asked: "api", file: "lab.ipynb", text: notebook(CELLS) });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const outputs = (page, cell) => page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea-output");
const text = async (locator) => (await locator.allInnerTexts()).join("\n");

/** Waits until the text of a cell's outputs matches. */
async function says(page, cell, pattern) {
  await outputs(page, cell).filter({ hasText: pattern }).first().waitFor({ timeout: START_MS });
}

test("magics, a Python cell and a lab work in JupyterLab, and the saved notebook keeps their pictures", async () => {
  const { page, elsewhere } = await pageOf(browser, server.address);
  await page.goto(`${server.address}lab/tree/lab.ipynb?reset`);
  await page.locator(".jp-Notebook .jp-Cell").nth(CELLS.length - 1).waitFor({ timeout: START_MS });
  await page.locator(".jp-Notebook .jp-Cell").first().click();
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();

  await says(page, 1, /total 9s/);
  assert.equal(await outputs(page, 1).locator("svg").count(), 1, "the chart of a script");
  await says(page, 3, /60s {2}awake/);
  assert.equal(await outputs(page, 3).locator("svg").count(), 1, "the chart of a Python cell");
  await says(page, 5, /so far 2\.0 False/);

  const lab = page.locator(".loopscope-lab");
  await lab.locator("textarea").waitFor();
  assert.match(await lab.locator(".loopscope-said").innerText(), /total 2s · ✗ goal: under 2 s/);
  assert.equal(await page.locator("[data-loopscope-lab]").isVisible(), false, "the picture is hidden while the widget is there");
  await lab.locator("textarea").fill("pool 8\ndef ping: block 1s\nrun 8 ping\n");
  await lab.locator(".loopscope-said", { hasText: "total 1s · ✓ goal: under 2 s" }).waitFor();
  await lab.locator("textarea").fill("pool 8\ndef ping: blok 1s\n");
  await lab.locator(".loopscope-said", { hasText: "unknown segment `blok`" }).waitFor();
  await lab.locator("textarea").fill("pool 3\ndef ping: block 1s\nrun 8 ping\n");
  await lab.locator(".loopscope-said", { hasText: "total 3s" }).waitFor();
  assert.ok(await lab.locator("svg").isVisible());

  // What the kernel knows: the cell runs again.
  await page.locator(".jp-Notebook .jp-Cell").nth(5).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
  await says(page, 5, /so far 3\.0 False/);
  if (process.env.LOOPSCOPE_PICTURES) await page.screenshot({ path: join(process.env.LOOPSCOPE_PICTURES, "jupyterlab.png") });

  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => !document.querySelector(".jp-mod-dirty"));
  assert.deepEqual(elsewhere, []);
  await page.close();

  const saved = JSON.parse(readFileSync(join(server.place, "lab.ipynb"), "utf8"));
  const html = saved.cells.map(({ outputs }) => outputs.map(({ data }) => [data?.["text/html"] ?? ""].flat().join("")).join(""));
  for (const at of [1, 3, 4]) assert.match(html[at], /<svg/, `cell ${at}`);
  assert.match(html[4], /total 3s/, "the picture is that of the last change");
});

/** Opens an exported notebook without a network: its charts are there. */
async function check(file, picture) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 1400 } });
  await context.route((url) => url.protocol !== "file:" && url.protocol !== "data:", (route) => route.abort());
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  for (const words of ["total 9s", "60s  awake", "total 3s · ✗ goal: under 2 s", "pool 3"]) {
    assert.ok((await text(page.locator("body"))).includes(words), words);
  }
  const charts = page.locator("svg desc");
  assert.ok(await charts.count() >= 3, `${await charts.count()} charts`);
  assert.ok(await page.locator("[data-loopscope-lab] svg").first().isVisible(), "the lab's chart");
  if (picture && process.env.LOOPSCOPE_PICTURES) await page.screenshot({ path: join(process.env.LOOPSCOPE_PICTURES, picture), fullPage: true });
  const pdf = await page.pdf();
  await context.close();
  return pdf;
}

function nbconvert(...options) {
  const { status, stderr } = spawnSync(join(venv, "jupyter-nbconvert"), [...options, "lab.ipynb"], { cwd: server.place, env: server.environment, encoding: "utf8", timeout: 5 * START_MS });
  assert.equal(status, 0, stderr);
}

test("nbconvert to HTML keeps the charts, and Chromium prints them as PDF", async () => {
  nbconvert("--to", "html", "--output", "saved.html");
  const pdf = await check(join(server.place, "saved.html"), "nbconvert.png");
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  // The charts are drawn, with the names of the tasks.
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
});

test("nbconvert that runs the notebook keeps them, too", async () => {
  // With widget state in the file, which a page without a network cannot show.
  const changed = JSON.parse(notebook(CELLS));
  changed.cells[4].source = changed.cells[4].source.replace("pool 4", "pool 3");
  writeFileSync(join(server.place, "lab.ipynb"), JSON.stringify(changed));
  nbconvert("--to", "html", "--execute", "--output", "executed.html");
  assert.match(readFileSync(join(server.place, "executed.html"), "utf8"), /application\/vnd\.jupyter\.widget-state\+json/);
  await check(join(server.place, "executed.html"), "executed.png");
});
