// FastAPI in the page's Python, in Node: the FastAPI programs of python/tests/programs keep the
// promises of their first lines (python/tests/check.py lists the words), as they do natively.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, test } from "node:test";

import { fastapiPart, startPython } from "./python.mjs";

const PROGRAMS = new URL("../../python/tests/programs/", import.meta.url);
const part = await fastapiPart();
const options = part ? { timeout: 240_000 } : { skip: "this build has no FastAPI; the output of the build says why" };

let python;
before(async () => {
  if (!part) return;
  python = await startPython();
  python.add(part);
});

function run(source, settings = {}, on = python) {
  const { result, trace } = on.run(source, JSON.stringify(settings));
  assert.ok(on.reset(), "the interpreter is spent");
  return { ...JSON.parse(result), trace: JSON.parse(trace) };
}

/** The claims of a program: `["total", "10s"]`. */
const claims = (source) => /^(# .*\n)*/.exec(source)[0].split("\n").filter(Boolean).map((line) => /^# (\S+) ?(.*)$/.exec(line).slice(1));

const NANOS = { ms: 1e6, s: 1e9, min: 60e9 };
const nanos = (text) => {
  const [, number, unit] = /^([\d.]+)(\w+)$/.exec(text);
  return Number(number) * NANOS[unit];
};

const names = readdirSync(PROGRAMS).filter((name) => /^fastapi_.*\.py$/.test(name));

test("every FastAPI program does what it promises", options, async (context) => {
  assert.ok(names.length > 12);
  for (const name of names) {
    const source = readFileSync(new URL(name, PROGRAMS), "utf8");
    const requests = claims(source).filter(([word, rest]) => word === "with" && rest.startsWith("requests ")).map(([, rest]) => rest.slice("requests ".length));
    const found = run(source, { requests });
    await context.test(name, () => {
      assert.equal(found.ending, "finished", found.words);
      assert.equal(found.trace.schema, "loopscope.trace/1");
      for (const [word, rest] of claims(source)) {
        if (word === "total") assert.equal(found.total_ns, nanos(rest), found.words);
        else if (word === "says") assert.ok(found.words.includes(rest), `${rest}\n${found.words}`);
        else if (word === "prints") assert.deepEqual(found.lines.map(({ text }) => text), rest.split(" | "));
        else if (word === "prints@") assert.deepEqual(found.lines.map(({ at_ns, text }) => [at_ns, text]), rest.split(" | ").map((line) => [nanos(line.split(" ")[0]), line.slice(line.indexOf(" ") + 1)]));
        else if (word === "error") assert.ok(found.problems.some(({ kind, message, place }) => rest.startsWith(`${kind} line ${place?.line}: `) && message.includes(rest.split(": ")[1])), found.words);
      }
    });
  }
});

const LESSONS = new URL("../../crates/lessons/course/", import.meta.url);

test("the apps of the lessons take what their scripts claim", options, async (context) => {
  const files = readdirSync(LESSONS);
  const apps = files.filter((file) => file.endsWith(".py") && files.includes(file.replace(/py$/, "loop")));
  assert.ok(apps.length > 20);
  for (const file of apps) {
    const script = readFileSync(new URL(file.replace(/py$/, "loop"), LESSONS), "utf8");
    const found = run(readFileSync(new URL(file, LESSONS), "utf8"));
    await context.test(file, () => {
      assert.equal(found.ending, "finished", found.words);
      assert.deepEqual([...new Set(found.responses.map(({ status }) => status))], [200], found.words);
      const total = /^expect total (\S+)/m.exec(script)?.[1];
      if (total) assert.ok(Math.abs(found.total_ns - nanos(total)) <= 1e6, found.words);
    });
  }
});

test("each run is the same, and a program changes neither FastAPI nor the next run", options, () => {
  const source = "from fastapi import FastAPI\nimport fastapi, asyncio\nprint(id(fastapi), sorted({'a', 'b'}))\nasync def f(): print(asyncio.current_task().get_name())\nasyncio.run(f())\n";
  run(source);
  const before = run(source).lines;
  assert.equal(before[1].text, "Task-1");
  run("import fastapi, pydantic\nfastapi.FastAPI = None\npydantic.BaseModel.model_dump = None\n");
  assert.deepEqual(run(source).lines, before);
});

test("an interpreter that starts from the memory of another one gets FastAPI, too", options, async () => {
  const other = await startPython(python.snapshot);
  other.add(part);
  const source = "import time\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef wait(): time.sleep(10)\n";
  assert.equal(run(source, { requests: ["100 GET /"] }, other).total_ns, 30e9);
});
