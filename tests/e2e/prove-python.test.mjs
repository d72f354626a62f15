// The proof of a script on the page's own Python: the verdict, the first difference, what cannot be
// proved, and every way in which it can fail.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { look, settled, suite, write } from "./site.mjs";

const on = suite();

const LESSONS = fileURLToPath(new URL("../../crates/lessons/course/", import.meta.url));
const lesson = (name) => readFileSync(`${LESSONS}${name}.loop`, "utf8");

const QUEUE = "lock m\nasync def a:\n    with m (await 1)\n    print \"out\"\nrun 3 a\n";
const DEADLOCK = "lock m\nlock n\na: with m (await 1 -> with n (cpu 1))\nb: with n (await 1 -> with m (cpu 1))\n";

/** Replaces the script. */
const given = async (page, script) => {
  await write(page, script);
  await settled(page);
};

/** Opens the panel with a script that can be proved; the page's first one needs a thread. */
const pane = async (page, script = QUEUE) => {
  await given(page, script);
  await look(page, "proof");
  await page.waitForSelector("#prove-here:enabled");
};

/** Replaces the script while the panel is open, and waits until the panel knows it. */
const follow = async (page, script) => {
  // In between there is nothing to prove, so what the panel shows afterwards is of this script.
  await write(page, "a: awiat 1\n");
  await page.waitForSelector("#prove-here:disabled");
  await given(page, script);
  await page.waitForSelector(".python-proof :is(#prove-here:enabled, [data-code=unprovable])");
};

const verdict = (page) => page.textContent(".python-proof .proved .lead");
const proved = (page) => page.waitForSelector(".python-proof [data-code=same]", { timeout: 120_000 });

const prove = async (page) => {
  await page.click("#prove-here");
  await proved(page);
};

/** How many events a verdict counts, if all of them agree. */
function agreeing(said) {
  const [, agreeing, events, python] = /^✓ (\d+) of (\d+) events as on CPython (3\.\d+\.\d+)$/.exec(said) ?? assert.fail(said);
  assert.equal(agreeing, events, said);
  assert.match(python, /^3\.14\./);
  return Number(events);
}

const trouble = (page, code) => page.waitForSelector(`.python-proof .trouble[data-code=${code}]`, { timeout: 60_000 });

test("a script is proved on Python, and nothing is downloaded before", () => on(async (page) => {
  const asked = [];
  page.on("request", (request) => {
    if (/\/python\//.test(request.url())) asked.push(request.url());
  });
  await pane(page);
  assert.match(await page.textContent(".python-proof"), /CPython 3\.14 on a virtual clock.*Downloads 4\.7.MB once/);
  assert.deepEqual(asked, []);
  await prove(page);
  assert.equal(agreeing(await verdict(page)), 6);
  assert.match(await page.textContent(".python-proof .proved"), /Every print, response and end of a task/);
  // Python is there now.
  assert.doesNotMatch(await page.textContent(".python-proof"), /Downloads/);
}));

test("an edit takes the mark away, and after a pause the new script is proved", () => on(async (page) => {
  await pane(page);
  await prove(page);
  assert.equal(agreeing(await verdict(page)), 6);
  const two = QUEUE.replace("run 3", "run 2");
  await page.evaluate(() => {
    const python = window.loopscopePython;
    const run = python.run.bind(python);
    // Until it is let go, the page shows what it knows without the next run.
    const gate = new Promise((resolve) => { window.letGo = resolve; });
    python.run = async (...call) => {
      await gate;
      return run(...call);
    };
  });
  await given(page, two);
  await page.waitForSelector(".python-proof .proof-older");
  assert.match(await page.textContent(".python-proof .proof-older"), /^Before your edit: 6 of 6 events/);
  assert.equal(await page.locator(".python-proof .good").count(), 0);
  await page.evaluate(() => window.letGo());
  await proved(page);
  assert.equal(agreeing(await verdict(page)), 4);
}));

test("a lesson with timeouts, one with a semaphore, and a deadlock are proved", () => on(async (page) => {
  await pane(page, lesson("21a-timeouts"));
  await prove(page);
  agreeing(await verdict(page));
  for (const script of [lesson("20-a-semaphore"), DEADLOCK]) {
    await follow(page, script);
    await proved(page);
    agreeing(await verdict(page));
  }
  assert.equal(agreeing(await verdict(page)), 3);
}));

test("a script with threads is not proved: it says what is modelled, and offers the companion", () => on(async (page) => {
  await look(page, "proof");
  await page.waitForSelector(".python-proof [data-code=unprovable]");
  assert.match(await page.textContent(".python-proof"), /Line 7 is a plain def, which FastAPI runs on a thread\./);
  await given(page, "async def a: await 1\nasync def b: thread (block 2)\nrun a, b\n");
  await page.waitForFunction(() => /Line 2 moves work/.test(document.querySelector(".python-proof").textContent));
  const said = await page.textContent(".python-proof");
  assert.match(said, /Line 2 moves work to a thread\./);
  assert.match(said, /Threads are modelled here/);
  assert.match(said, /use the companion below/);
  assert.equal(await page.locator("#prove-here").count(), 0);
  await page.waitForSelector(".real-run .command");
}));

test("the first difference is shown: what the simulation said, and what Python did", () => on(async (page) => {
  await pane(page);
  await prove(page);
  await page.evaluate(() => {
    const python = window.loopscopePython;
    const run = python.run.bind(python);
    python.run = async (...call) => {
      const { result, trace } = await run(...call);
      // The third task gets the lock before the second.
      const swapped = JSON.parse(trace);
      for (const record of swapped.records) {
        if (record[0] === 2e9 && [2, 3].includes(record[1])) record[1] = 5 - record[1];
      }
      return { result, trace: JSON.stringify(swapped) };
    };
  });
  await page.click("#prove-here");
  await page.waitForSelector(".python-proof [data-code=different]");
  assert.match(await verdict(page), /^✗ 2 of 6 events as on CPython 3\.14/);
  const rows = await page.locator(".proof-difference tr").allTextContents();
  assert.match(rows[0], /^simulated2s {2}a 2 \(line 4\): prints "out"/);
  assert.match(rows[1], /^CPython2s {2}a 3 \(line 4\): prints "out"/);
  assert.match(await page.textContent(".python-proof .proved"), /Another task has its turn at this point\./);
  await page.click(".show-difference");
  await page.waitForFunction(() => /^2.?s/.test(document.querySelector("#now")?.textContent ?? ""));
}));

test("what comes from Python is read as untrusted", () => on(async (page) => {
  await pane(page);
  await prove(page);
  const answer = (result, trace) => page.evaluate(([result, trace]) => {
    window.loopscopePython.run = async () => ({ result, trace });
  }, [result, trace]);
  for (const trace of ["", "null", "[]", "{\"schema\":\"loopscope.trace/1\"}", 7]) {
    await answer("{\"message\":\"<b>so</b>\"}", trace);
    await page.click("#prove-here");
    await page.waitForFunction(() => !document.querySelector(".python-proof .proved"));
    await trouble(page, "unfinished");
    await page.evaluate(() => { delete window.loopscopePython.run; });
    await prove(page);
  }
}));

test("a download shows its progress, and a cancelled one begins again", () => {
  let goes;
  const network = new Promise((done) => { goes = done; });
  return on(async (page) => {
    await pane(page);
    await page.click("#prove-here");
    await page.waitForSelector(".python-proof progress");
    await page.waitForFunction(() => /Downloading Python: \d\.\d of 4\.\d.MB/.test(document.querySelector(".python-proof .proof-run")?.textContent));
    await page.click("#prove-here-cancel");
    await page.waitForSelector(".python-proof [data-code=cancelled]");
    goes();
    await prove(page);
  }, { prepare: (context) => context.route(/python\/interpreter-/, async (route) => { await network; await route.continue().catch(() => {}); }) });
});

test("without a network it says so, also for the module itself, and the next try goes on", () => {
  let blocked = /python\/client-/;
  return on(async (page) => {
    await pane(page);
    await page.click("#prove-here");
    await trouble(page, "offline");
    assert.match(await page.textContent(".python-proof .trouble"), /Check the network/);
    blocked = /python\/library-/;
    await page.click("#prove-here");
    await page.waitForFunction(() => window.loopscopePython);
    await trouble(page, "offline");
    blocked = /nothing/;
    await prove(page);
  }, {
    prepare: (context) => context.route(/\/python\//, (route) => (blocked.test(route.request().url()) ? route.abort() : route.continue())),
    complaints: [/Failed to load resource/],
  });
});

test("each failure of the runtime is worded, and the next try goes on", () => {
  let isChanged = true;
  return on(async (page) => {
    await pane(page);
    await page.click("#prove-here");
    await trouble(page, "damaged");
    isChanged = false;
    await prove(page);
    for (const code of ["broken", "refused", "unsupported"]) {
      await page.evaluate((code) => {
        window.loopscopePython.run = () => Promise.reject(Object.assign(new Error("no"), { code }));
      }, code);
      await page.click("#prove-here");
      await trouble(page, code);
      await page.evaluate(() => { delete window.loopscopePython.run; });
      await prove(page);
    }
  }, {
    prepare: (context) => context.route(/python\/library-/, (route) => (isChanged ? route.fulfill({ body: "changed" }) : route.continue())),
    complaints: [/Failed to load resource/],
  });
});

test("in Korean every sentence is Korean", () => on(async (page) => {
  await pane(page);
  await prove(page);
  assert.match(await verdict(page), /^✓ 이벤트 6개 가운데 6개가 CPython 3\.14\.\d+[와과] 같습니다$/);
}, { locale: "ko-KR" }));
