// Real runs on the page: the measurements of `loopscope serve`, and every way in which a run can
// fail.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { program, start } from "./companions.mjs";
import { launch, link, look, open, ready, script, serve, settled, simulate, totalBecomes, write } from "./site.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SCRIPT = "async def pasta: cpu 30ms -> await 150ms\nasync def toast: cpu 60ms\nrun pasta\nrun toast\n";
const LONG = "async def nap: await 20s\nrun nap\n";

let browser;
let site;
let companion;

before(async () => {
  browser = await launch();
  site = await serve();
  companion = await start();
});

after(async () => {
  await browser?.close();
  await site?.close();
  await companion?.end();
});

/**
 * Opens a page at an address, or at the next address of a companion. At the end it must have no
 * unexpected complaints.
 */
async function on(address, act, { complaints = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US", ...options });
  try {
    const page = await open(context, typeof address === "string" ? address : await address.take());
    await ready(page);
    await act(page, context);
    assert.deepEqual(page.complaints.filter((said) => !complaints.some((expected) => expected.test(said))), []);
  } finally {
    await context.close();
  }
}

const pane = async (page) => {
  await look(page, "proof");
  await page.waitForSelector(".proof");
};

/** Opens the pane of real runs and waits for the companion. */
const found = async (page) => {
  await pane(page);
  await page.waitForSelector("#prove:enabled");
};

const prove = async (page) => {
  await page.click("#prove");
  await page.waitForSelector(".proved [data-code]", { timeout: 60_000 });
};

const trouble = (page, code) => page.waitForSelector(`.trouble[data-code=${code}]`, { timeout: 30_000 });

test("a script is run on asyncio from the page, and said task by task", () => on(companion, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  await found(page);
  assert.match(await page.textContent(".versions"), /Python 3/);
  await page.selectOption("#tolerance", "10");
  await prove(page);
  const measured = await page.textContent(".proof-total");
  assert.match(measured, /predicted180ms/);
  assert.match(measured, /measured\d/);
  assert.equal(await page.locator(".proof-table tbody tr").count(), 2);
  assert.match(await page.textContent(".proof-table [data-task=toast]"), /90ms/);
  assert.match(await page.textContent(".proof-notes"), /order was as predicted in every run/);
  assert.equal(new URL(page.url()).hash, "");
}));

test("what was measured is a ghost behind its script, and of no other", () => on(companion, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  const picture = () => page.locator(".chart-below").evaluate((canvas) => canvas.toDataURL());
  const plain = await picture();
  await found(page);
  await prove(page);
  await page.waitForSelector(".chart.proven");
  assert.notEqual(await picture(), plain);
  const proven = await picture();
  await simulate(page, SCRIPT.replace("run toast", "run 3 toast"), "210ms");
  await page.waitForSelector(".proved.stale");
  await page.waitForSelector(".chart:not(.proven)");
  await simulate(page, SCRIPT, "180ms");
  await page.waitForSelector(".proved:not(.stale)");
  await page.waitForSelector(".chart.proven");
  // The outlines of the run before the edit go after a moment.
  await page.waitForFunction((proven) => document.querySelector(".chart-below").toDataURL() === proven, proven);
}));

test("on threads the prediction that was judged is drawn, and not the chart's", () => on(companion, async (page) => {
  await simulate(page, "async def a: block 200ms\nasync def b: block 200ms\nrun a\nrun b\n", "400ms");
  await found(page);
  await prove(page);
  await page.waitForSelector(".chart.proven");
  await page.click("[data-runtime=threads]");
  await prove(page);
  await page.getByText("The chart above shows another prediction. The one for threads is in the last column").waitFor();
  await page.waitForSelector(".chart:not(.proven)");
  assert.match(await page.textContent(".proof-total"), /predicted200ms/);
  // The narrow bars are predicted: both tasks begin at once, and none waits for the other.
  const begins = await page.locator(".proof-table tbody svg").evaluateAll((all) => all.map((svg) => (
    [...svg.querySelectorAll("rect[height='6']")].map((bar) => bar.getAttribute("x"))
  )));
  assert.deepEqual(begins, [["0"], ["0"]]);
  assert.ok(await page.locator(".proof-table tbody rect[height='14']").count() >= 2);
}));

test("a run is cancelled, and the next one has its turn", () => on(companion, async (page) => {
  await simulate(page, LONG, "20s");
  await found(page);
  await page.selectOption("#runs", "1");
  await page.click("#prove");
  await page.waitForFunction(() => /run 1 of 1/.test(document.querySelector(".proof-run")?.textContent));
  await page.click("#prove-cancel");
  await page.waitForFunction(() => /everything that it started/.test(document.querySelector(".proof .none")?.textContent));
  await simulate(page, SCRIPT, "180ms");
  await prove(page);
}));

test("a script with errors is not run, and one that takes too long is refused in words", () => on(companion, async (page) => {
  await found(page);
  await write(page, "a: awiat 3\n");
  await page.waitForSelector("#prove:disabled");
  await simulate(page, "a: await 50s\n", "50s");
  await page.click("#prove");
  await trouble(page, "too_much");
  assert.match(await page.textContent(".trouble"), /a shorter time for 1.s of the script/);
}, { complaints: [/422/] }));

test("what is missing is named with its remedy, and what is there is run", async () => {
  const without = await start({ env: { LOOPSCOPE_PYTHON: "/no/python" } });
  try {
    await on(without, async (page) => {
      await simulate(page, "a: await 50ms\n", "50ms");
      await found(page);
      assert.equal(await page.isDisabled("[data-runtime=asyncio]"), true);
      await page.click(".missing summary");
      assert.match(await page.textContent(".missing li[data-runtime=asyncio]"), /\/no\/python.*apt-get install python3/);
      await page.click("[data-runtime=tokio]");
      await page.waitForSelector("[data-runtime=tokio][aria-pressed=true]");
      await prove(page);
    });
  } finally {
    await without.end();
  }
});

test("a companion that is ended in the middle is said, and the script is kept", async () => {
  const other = await start();
  await on(other, async (page) => {
    await simulate(page, LONG, "20s");
    await found(page);
    await page.selectOption("#runs", "1");
    await page.click("#prove");
    await page.waitForFunction(() => /run 1 of 1/.test(document.querySelector(".proof-run")?.textContent));
    await other.end();
    await trouble(page, "interrupted");
    await page.click("#prove");
    await trouble(page, "silent");
    assert.match(await page.textContent("#total"), /20s/);
  }, { complaints: [/ERR_/] });
});

test("a companion that is killed in the middle is said, too", async () => {
  const other = await start();
  await on(other, async (page) => {
    await simulate(page, LONG, "20s");
    await found(page);
    // tokio runs inside the companion, so nothing is left behind when it is killed.
    await page.click("[data-runtime=tokio]");
    await page.selectOption("#runs", "1");
    await page.click("#prove");
    await page.waitForFunction(() => /run 1 of 1/.test(document.querySelector(".proof-run")?.textContent));
    await other.end("SIGKILL");
    await trouble(page, "cut_off");
  }, { complaints: [/ERR_/] });
});

/** A server that is no companion: it answers `hello` with this text and records all requests. */
async function impostor(hello) {
  const heard = [];
  const server = createServer((request, response) => {
    heard.push({ url: request.url, headers: request.headers });
    const allow = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    response.writeHead(200, { "content-type": "application/json", ...allow });
    response.end(request.url.startsWith("/api/hello") ? hello : "{}");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => { server.closeAllConnections(); server.close(); };
  return { place: `http://127.0.0.1:${server.address().port}`, heard, close };
}

const CODE = "0123456789abcdef".repeat(2);
const WRONG = JSON.stringify({
  schema: "loopscope.companion/1", version: "0.1.0", proof: "0".repeat(64), code_proof: "0".repeat(64),
  runtimes: [{ name: "asyncio", ready: true, versions: {}, missing: null, remedy: null }],
});

const elsewhere = { complaints: [/asked for http:\/\/127/] };

/** Enters a companion's address on a page from another host. */
async function connect(page, address) {
  await pane(page);
  await page.click(".from-here summary");
  await page.fill("#companion", address);
  await page.click("#connect");
}

for (const [what, hello, code] of [["does not know the code", WRONG, "spent"], ["is no companion", "<!doctype html>", "stranger"]]) {
  test(`C14: what ${what} never gets it`, async () => {
    const other = await impostor(hello);
    try {
      await on(site.address, async (page) => {
        await connect(page, `${other.place}/#c=${CODE}`);
        await trouble(page, code);
        assert.equal(await page.locator("#prove").count(), 0);
        assert.ok(other.heard.length > 0);
        assert.ok(!JSON.stringify(other.heard).includes(CODE), JSON.stringify(other.heard));
        assert.ok(other.heard.every(({ url }) => url.startsWith("/api/hello")), JSON.stringify(other.heard));
      }, elsewhere);
    } finally {
      other.close();
    }
  });
}

test("C14: a companion whose port was taken over gets no token in the next run", async () => {
  const own = await start();
  const port = Number(new URL(own.place).port);
  const heard = [];
  await on(own, async (page) => {
    await simulate(page, SCRIPT, "180ms");
    await found(page);
    await own.end();
    const server = createServer((request, response) => {
      heard.push({ url: request.url, headers: request.headers });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(WRONG);
    });
    await new Promise((done) => server.listen(port, "127.0.0.1", done));
    await page.click("#prove");
    await trouble(page, "proof");
    server.closeAllConnections();
    server.close();
    assert.ok(!JSON.stringify(heard).includes(own.token), JSON.stringify(heard));
  });
});

test("a page without a companion says in a line how to get one, and asks nobody", () => on(site.address, async (page) => {
  await pane(page);
  assert.match(await page.textContent(".get"), /cargo install loopscope.*loopscope serve/);
  await page.click(".from-here summary");
  assert.match(await page.textContent(".from-here"), /--allow-origin http:\/\/127\.0\.0\.1:\d+/);
  await page.fill("#companion", "http://evil.example/#c=1");
  await page.click("#connect");
  await trouble(page, "address");
}));

test("a page from elsewhere uses a companion that was told of it, and no other", async () => {
  const own = await start({ args: ["--allow-origin", new URL(site.address).origin] });
  try {
    await on(site.address, async (page) => {
      await simulate(page, SCRIPT, "180ms");
      await connect(page, await own.take());
      await page.waitForSelector("#prove:enabled");
      await prove(page);
    }, elsewhere);
    await on(site.address, async (page) => {
      await connect(page, await companion.address());
      await trouble(page, "silent");
      assert.match(await page.textContent(".trouble"), /--allow-origin/);
    }, { complaints: [...elsewhere.complaints, /CORS|ERR_FAILED/] });
  } finally {
    await own.end();
  }
});

test("a browser that keeps public pages from this machine is told apart, and obeyed when it lets them", async () => {
  const origin = new URL(site.address).origin;
  const own = await start({ args: ["--allow-origin", origin] });
  const strict = await launch({ args: [`--ip-address-space-overrides=${new URL(origin).host}=public`] });
  try {
    for (const isAllowed of [false, true]) {
      const context = await strict.newContext({ locale: "en-US" });
      if (isAllowed) await context.grantPermissions(["local-network-access"], { origin });
      const page = await open(context, site.address);
      await ready(page);
      await connect(page, await (isAllowed ? own.take() : own.address()));
      await page.waitForSelector(isAllowed ? "#prove:enabled" : ".trouble[data-code=denied]");
      await context.close();
    }
  } finally {
    await strict.close();
    await own.end();
  }
});

test("a page that was opened without a code says so", () => on(companion.place, async (page) => {
  await pane(page);
  await trouble(page, "no_token");
  await page.fill("#companion", await companion.take());
  await page.click("#connect");
  await page.waitForSelector("#prove:enabled");
}));

test("a pasted address works once: it serves every run of its page, and no other page", async () => {
  const address = await companion.take();
  await on(companion.place, async (page) => {
    await simulate(page, SCRIPT, "180ms");
    await pane(page);
    await page.fill("#companion", address);
    await page.click("#connect");
    await page.waitForSelector("#prove:enabled");
    await prove(page);
    await prove(page);
  });
  await on(companion.place, async (page) => {
    await pane(page);
    await page.fill("#companion", address);
    await page.click("#connect");
    await trouble(page, "spent");
    assert.match(await page.textContent(".trouble"), /printed last/);
  });
});

test("a command is copied by its button", () => on(site.address, async (page) => {
  await pane(page);
  await page.locator(".get .command button").first().click();
  await page.waitForFunction(() => document.querySelector(".get .command button").textContent === "Copied");
}, { permissions: ["clipboard-read", "clipboard-write"] }));

const VIZTRACER = join(root, "tests/traces/viztracer.json");
const BLOCKED = "async def a: block 3s \"requests.get\"\nasync def b: await 1s\nrun 2 a\nrun b\n";

/** Our own trace, as the command line writes it. */
function ours() {
  const folder = mkdtempSync(join(tmpdir(), "loopscope-"));
  try {
    writeFileSync(join(folder, "a.loop"), BLOCKED);
    return spawnSync(program, ["export", join(folder, "a.loop"), "--to", "trace"]).stdout.toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const drop = (page, selector, name, text) => page.evaluate(([selector, name, text]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type: "application/json" }));
  const event = new DragEvent("drop", { bubbles: true, composed: true, cancelable: true, dataTransfer });
  document.querySelector(selector).dispatchEvent(event);
}, [selector, name, text]);

const isOpen = (page, name) => page.waitForFunction((name) => document.querySelector("#opened code")?.textContent === name, name);

test("a trace of VizTracer is chosen, drawn, and left again", () => on(site.address, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  await pane(page);
  await page.setInputFiles("#trace-file", VIZTRACER);
  await isOpen(page, "viztracer.json");
  assert.notEqual(await page.textContent("#total"), "180ms");
  await page.waitForSelector(".opened .lead");
  assert.match(await script(page), /async def pasta/);
  await page.click("#back");
  await totalBecomes(page, "180ms");
  assert.equal(await page.locator("#opened").count(), 0);
}));

test("a trace becomes a script at a click, with the total of its run", () => on(site.address, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  await drop(page, ".editor-host", "mine.json", ours());
  await isOpen(page, "mine.json");
  await page.click(".opened .as-script button");
  await totalBecomes(page, "7s");
  assert.equal(await page.locator("#opened").count(), 0);
  assert.match(await script(page), /block 3s/);
}));

test("a trace of ours is dropped on the editor: drawn with its findings, and the script stays", () => on(site.address, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  const before = await script(page);
  await drop(page, ".editor-host", "mine.json", ours());
  await isOpen(page, "mine.json");
  await totalBecomes(page, "7s");
  await page.waitForSelector(".opened [data-code=blocking_on_loop]");
  assert.equal(await script(page), before);
  await page.locator(".chart-above").focus();
  await page.keyboard.press("Escape");
  await totalBecomes(page, "180ms");
  await drop(page, ".chart", "again.json", ours());
  await isOpen(page, "again.json");
  await simulate(page, BLOCKED.replace("3s", "2s"), "5s");
  assert.equal(await page.locator("#opened").count(), 0);
}));

test("a broken file that is dropped where there is no chart is said, and is seen", () => on(site.address, async (page) => {
  // Opens another page first, since a change of the fragment alone would not reload.
  await page.goto("about:blank");
  await page.goto(site.address + link({ script: "a: awiat 1\n" }));
  await page.waitForSelector(".problems");
  assert.equal(await page.locator(".chart").count(), 0);
  await drop(page, "body", "broken.json", "{");
  await trouble(page, "file");
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(".trouble").getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  // A valid trace is drawn even without a valid script.
  await drop(page, "body", "viztracer.json", readFileSync(VIZTRACER, "utf8"));
  await isOpen(page, "viztracer.json");
  assert.doesNotMatch(await page.textContent("#picked"), /drag/i);
}));

test("on a narrow screen nothing of the pane reaches over its edge", () => on(site.address, async (page) => {
  await connect(page, "nowhere");
  await trouble(page, "address");
  const over = await page.evaluate(() => [...document.querySelectorAll("#insight *")].filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.outerHTML.slice(0, 80)));
  assert.deepEqual(over, []);
}, { viewport: { width: 320, height: 800 } }));

test("a page from elsewhere forgets a companion's address with its token", async () => {
  const own = await start({ args: ["--allow-origin", new URL(site.address).origin] });
  try {
    await on(site.address, async (page) => {
      await connect(page, await own.take());
      await page.waitForSelector("#prove:enabled");
      const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
      assert.ok(!kept.includes(own.token), kept);
      await page.reload();
      await ready(page);
      await pane(page);
      await page.waitForSelector(".from-here");
      assert.equal(await page.inputValue("#companion"), "");
    }, elsewhere);
  } finally {
    await own.end();
  }
});

test("what is no trace is said with its place and a remedy, and changes nothing", () => on(site.address, async (page) => {
  await simulate(page, SCRIPT, "180ms");
  await drop(page, "#total", "broken.json", "{\"traceEvents\": [{\"ph\": ");
  await trouble(page, "file");
  assert.match(await page.textContent(".trouble"), /broken\.json.*line 1 column/);
  await drop(page, "#total", "other.json", "{\"a\": 1}");
  await page.waitForFunction(() => /other\.json.*VizTracer/.test(document.querySelector(".trouble")?.textContent));
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Blob([new Uint8Array(65 << 20)])], "large.json"));
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  });
  await page.waitForFunction(() => /large\.json.*64 MiB/.test(document.querySelector(".trouble")?.textContent));
  assert.equal(await page.textContent("#total"), "180ms");
  assert.equal(await page.locator("#opened").count(), 0);
}));

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "ko-KR"]) {
    for (const width of [1280, 320]) {
      test(`no violations: ${width}px, ${colorScheme}, ${locale}`, async () => {
        const look = { colorScheme, locale, bypassCSP: true, reducedMotion: "reduce", viewport: { width, height: 800 } };
        const violations = async (page) => {
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 4).join(" | ")}`);
        };
        await on(companion, async (page) => {
          await settled(page);
          await found(page);
          await page.selectOption("#scale", "0.05");
          await page.selectOption("#runs", "1");
          await prove(page);
          assert.deepEqual(await violations(page), [], "a result");
        }, look);
        await on(site.address, async (page) => {
          await connect(page, "nowhere");
          await trouble(page, "address");
          assert.deepEqual(await violations(page), [], "no companion");
          await page.setInputFiles("#trace-file", VIZTRACER);
          await isOpen(page, "viztracer.json");
          await page.waitForSelector(".opened .lead");
          assert.deepEqual(await violations(page), [], "a trace");
        }, look);
      });
    }
  }
}
