// Loopscope in a real JupyterLab, used in Chromium: magics, a lab, an exported notebook. No request leaves this machine.
//
// `tools/need notebook` installs JupyterLab. The package is that of the clone, with the program in
// LOOPSCOPE_PROGRAM or target/.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../e2e/site.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const venv = join(root, "target/notebook/bin");
const built = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.LOOPSCOPE_PROGRAM ?? ["release", "debug"].map((profile) => join(built, profile, "loopscope")).find((path) => existsSync(path));
const START_MS = 60_000;

const CELLS = [
  "%load_ext loopscope",
  "%%loopscope\nmake_pasta: cpu 3 -> await 5\nmake_toast: cpu 6",
  "import asyncio, loopscope\n\nasync def nap(seconds):\n    await asyncio.sleep(seconds)",
  "%%loopscope python\nawait asyncio.gather(nap(1), nap(60))\nprint('awake')",
  "lab = loopscope.Lab('pool 4\\ndef ping: block 1s\\nrun 8 ping\\n', goal='under 2 s')\nlab",
  "print('so far', lab.total, lab.reached)",
];

const notebook = JSON.stringify({
  nbformat: 4, nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
  cells: CELLS.map((source, at) => ({ id: `cell-${at}`, cell_type: "code", execution_count: null, metadata: {}, outputs: [], source })),
});

let place, server, browser, address, environment;

const freePort = () => new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});

async function answers(url) {
  for (const end = Date.now() + START_MS; Date.now() < end;) {
    if (server.exitCode !== null) throw new Error(`JupyterLab ended:\n${server.said}`);
    const ok = await fetch(url).then((answer) => answer.ok, () => false);
    if (ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing answers at ${url}\n${server.said}`);
}

before(async () => {
  assert.ok(program, "the program `loopscope` is built");
  place = mkdtempSync(join(tmpdir(), "loopscope-notebook-"));
  const own = (name) => join(place, name);
  environment = {
    PATH: `${venv}:${process.env.PATH}`, LANG: "C.UTF-8", HOME: own("home"), PYTHONPATH: join(root, "python"), PYTHONDONTWRITEBYTECODE: "1",
    LOOPSCOPE_PROGRAM: program, JUPYTER_CONFIG_DIR: own("config"), JUPYTER_RUNTIME_DIR: own("runtime"), IPYTHONDIR: own("ipython"),
  };
  writeFileSync(own("lab.ipynb"), notebook);
  const port = await freePort();
  address = `http://127.0.0.1:${port}/`;
  const options = ["--no-browser", "--allow-root", `--ServerApp.root_dir=${place}`, `--ServerApp.port=${port}`, "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--LabApp.news_url="];
  server = spawn(join(venv, "jupyter-lab"), options, { cwd: place, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  server.said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (data) => { server.said += data; });
  await answers(`${address}api`);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  if (server?.exitCode === null) {
    const ended = new Promise((done) => server.once("exit", done));
    // Twice: the first asks for confirmation.
    server.kill("SIGTERM");
    await ended;
  }
  if (place) rmSync(place, { recursive: true, force: true, maxRetries: 5 });
});

const outputs = (page, cell) => page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea-output");
const text = async (locator) => (await locator.allInnerTexts()).join("\n");

/** Waits until the text of a cell's outputs matches. */
async function says(page, cell, pattern) {
  await outputs(page, cell).filter({ hasText: pattern }).first().waitFor({ timeout: START_MS });
}

test("magics, a Python cell and a lab work in JupyterLab, and the saved notebook keeps their pictures", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 2200 } });
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) elsewhere.push(request.url());
  });
  await page.goto(`${address}lab/tree/lab.ipynb?reset`);
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

  const saved = JSON.parse(readFileSync(join(place, "lab.ipynb"), "utf8"));
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
  const { status, stderr } = spawnSync(join(venv, "jupyter-nbconvert"), [...options, "lab.ipynb"], { cwd: place, env: environment, encoding: "utf8", timeout: 5 * START_MS });
  assert.equal(status, 0, stderr);
}

test("nbconvert to HTML keeps the charts, and Chromium prints them as PDF", async () => {
  nbconvert("--to", "html", "--output", "saved.html");
  const pdf = await check(join(place, "saved.html"), "nbconvert.png");
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  // The charts are drawn, with the names of the tasks.
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
});

test("nbconvert that runs the notebook keeps them, too", async () => {
  // With widget state in the file, which a page without a network cannot show.
  const changed = JSON.parse(notebook);
  changed.cells[4].source = changed.cells[4].source.replace("pool 4", "pool 3");
  writeFileSync(join(place, "lab.ipynb"), JSON.stringify(changed));
  nbconvert("--to", "html", "--execute", "--output", "executed.html");
  assert.match(readFileSync(join(place, "executed.html"), "utf8"), /application\/vnd\.jupyter\.widget-state\+json/);
  await check(join(place, "executed.html"), "executed.png");
});
