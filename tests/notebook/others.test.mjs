// The same package in other notebooks, in Chromium: Notebook 7, the classic Notebook, marimo. Charts of a script and of
// a run, a lab that is changed; no request leaves this machine.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../e2e/site.mjs";
import { START_MS, jupyter, notebook, pageOf, start } from "./server.mjs";

const LAB = `loopscope.Lab("pool 4\\ndef ping: block 1s\\nrun 8 ping\\n", goal="under 2 s")`;
const CELLS = [
  "%load_ext loopscope\nimport asyncio, loopscope",
  "%%loopscope\nmake_pasta: cpu 3 -> await 5\nmake_toast: cpu 6",
  "%%loopscope python\nawait asyncio.gather(asyncio.sleep(1), asyncio.sleep(60))\nprint('awake')",
  `lab = ${LAB}\nlab`,
];
const MARIMO = `import marimo
app = marimo.App()

@app.cell
def _():
    import asyncio, loopscope
    import marimo as mo
    return asyncio, loopscope, mo

@app.cell
def _(loopscope):
    loopscope.run("make_pasta: cpu 3 -> await 5\\nmake_toast: cpu 6")
    return

@app.cell
def _(asyncio, loopscope):
    async def main():
        await asyncio.gather(asyncio.sleep(1), asyncio.sleep(60))
        print("awake")
    loopscope.run(main)
    return

@app.cell
def _(loopscope, mo):
    lab = mo.ui.anywidget(${LAB})
    lab
    return (lab,)

@app.cell
def _(lab):
    print("so far", lab.total, lab.reached)
    return

if __name__ == "__main__":
    app.run()
`;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Opens a notebook, runs all of it by `act`, and uses it; then it says `words`, too. */
async function check(server, path, act, words = "") {
  const { address, stop } = await start(server);
  try {
    const { page, elsewhere } = await pageOf(browser, address);
    page.setDefaultTimeout(START_MS);
    await page.goto(`${address}${path}`);
    await act(page);
    const lab = page.locator(".loopscope-lab");
    const says = (text) => lab.locator(".loopscope-said", { hasText: text }).waitFor();
    await says("total 2s · ✗ goal: under 2 s");
    for (const text of ["total 9s", "60s  awake"]) await page.getByText(text, { exact: false }).first().waitFor();
    assert.equal(await page.locator("svg:visible", { has: page.locator("desc") }).count(), 3, "two charts, and that of the lab");
    await lab.locator("textarea").fill("pool 8\ndef ping: block 1s\nrun 8 ping\n");
    await says("total 1s · ✓ goal: under 2 s");
    if (words) await page.getByText(words).waitFor();
    assert.deepEqual(elsewhere, []);
    await page.close();
  } finally {
    await stop();
  }
}

test("Notebook 7", () =>
  check({ command: "jupyter-notebook", options: jupyter, asked: "api", file: "lab.ipynb", text: notebook(CELLS) }, "notebooks/lab.ipynb", async (page) => {
    await page.locator(".jp-Notebook .jp-Cell").nth(CELLS.length - 1).waitFor();
    await page.locator(".jp-Notebook .jp-Cell").first().click();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  }));

test("the classic Notebook", () =>
  check({ command: "jupyter-nbclassic", options: jupyter, asked: "api", file: "lab.ipynb", text: notebook(CELLS) }, "nbclassic/notebooks/lab.ipynb", async (page) => {
    // A cell that runs before the kernel has introduced itself shows no widget.
    await page.waitForFunction(() => {
      const kernel = globalThis.Jupyter?.notebook?.kernel;
      return kernel?.widget_manager && kernel.info_reply?.status === "ok";
    });
    await page.evaluate(() => Jupyter.notebook.execute_all_cells());
  }));

test("marimo", () =>
  check({
    command: "marimo", options: (_, port) => ["edit", "lab.py", "--headless", "--no-token", "--skip-update-check", "--port", String(port)],
    asked: "health", file: "lab.py", text: MARIMO,
  }, "", async (page) => {
    await page.locator(".marimo-cell").nth(4).waitFor();
    await page.locator("[data-testid=chrome-controls-bottom-right] [data-testid=run-button]").click();
    await page.getByText("so far 2.0 False").waitFor();
    // A cell that uses the lab runs again when the reader has changed it.
  }, "so far 1.0 True"));
