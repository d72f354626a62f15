// The programs of python/tests/programs in Pyodide: the same output at the same times, the same
// total, the same end, as in the Python of this machine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { isAsExpected, nativePrograms, told } from "./programs.mjs";
import { startPython } from "./python.mjs";

let started;
/** Whether the last run left an interpreter that can be used again. */
let isUsable = true;
let programs;
before(async () => {
  [started, programs] = await Promise.all([startPython(), nativePrograms()]);
});

/** Runs a program as the page does, one after another in one interpreter. */
function run(source, options = {}, python = started) {
  try {
    const { result, trace } = python.run(source, JSON.stringify(options));
    return { ...JSON.parse(result), trace: JSON.parse(trace) };
  } catch (error) {
    if (python.isBroken(error)) throw error;
    return { refused: python.words(error) };
  } finally {
    isUsable = python.reset();
  }
}

test("every program does the same as natively", { timeout: 240_000 }, async (context) => {
  assert.ok(programs.length > 200);
  for (const program of programs) {
    const found = run(program.source, program.options);
    if (isAsExpected(program, found)) continue;
    await context.test(program.name, () => assert.deepEqual(told(found), told(program.result), found.words));
  }
});

test("a run leaves no trace in the next one", () => {
  const state = "import sys, json\nprint(id(json), sorted(sys.modules) == sorted(set(sys.modules)), json.dumps({}))\n";
  const changes = [
    "import asyncio, builtins, json\njson.dumps = None\nbuiltins.print = None\nasyncio.run = None\n",
    "import asyncio\nasync def f(): await asyncio.Event().wait()\nasyncio.run(f())\n",
    "import sys, loopscope.runner\nloopscope.runner.run_source = None\nsys.modules.clear()\n",
    "import gc, asyncio\nfor one in gc.get_objects():\n    if isinstance(one, dict) and '__builtins__' in one: one.clear()\n",
    "x = [bytearray(10_000_000) for _ in range(5)]\nraise KeyboardInterrupt\n",
  ];
  const [before] = run(state).lines;
  for (const change of changes) {
    run(change);
    assert.ok(isUsable, change);
    assert.deepEqual(run(state).lines, [before], change);
  }
});

test("an interpreter that starts from the memory of another one is the same", async () => {
  const other = await startPython(started.snapshot);
  for (const { source, options } of programs.filter(({ name }) => /^(gather|standin|thread_pool|dates)/.test(name))) {
    assert.deepEqual(run(source, options, other), run(source, options));
  }
});

test("every task has a number, a module that is left out is said to be, and the browser is refused", () => {
  const names = run("import asyncio\nasync def f(): print(asyncio.current_task().get_name())\nasyncio.run(f())\n");
  assert.equal(names.lines[0].text, "Task-1");
  const missing = run("import sqlite3\n");
  assert.deepEqual([missing.problems[0].kind, missing.problems[0].place.line], ["ModuleNotFoundError", 1]);
  assert.match(missing.problems[0].advice, /^The page leaves out this part of Python's library/);
  const browser = run("print(1)\nfrom pyodide.ffi import to_js\n");
  assert.deepEqual([browser.ending, browser.message.split(".")[0]], ["refused", "line 2: `import pyodide"]);
});

test("the library has everything that its own modules import", () => {
  const source = readFileSync(new URL("../../tools/page/python-runtime.mjs", import.meta.url), "utf8");
  const names = source.match(/LIBRARY_KEPT = new Set\(`([^`]*)`/)[1].trim().split(/\s+/);
  const result = run(`import importlib\nfor name in ${JSON.stringify(names.filter((name) => !/pyodide/.test(name)))}:\n    importlib.import_module(name)\n`);
  assert.deepEqual(result.problems, [], result.words);
});

test("what asyncio itself does is no turn of the program", () => {
  const many = "import asyncio\nasync def f(): await asyncio.sleep(1)\nasync def main(): await asyncio.gather(*[f() for _ in range(2_000)])\nasyncio.run(main())\n";
  assert.equal(run(many, { turns: 10_000 }).ending, "finished");
});

// The last one: the interpreter is then spent.
test("a run without an end is ended, and memory has a bound", () => {
  const calls = run("def f(n):\n    f(n - 1) if n else 0\n    f(n - 1) if n else 0\nf(60)\n", { turns: 100_000 });
  assert.deepEqual([calls.ending, /more than 100,000 turns/.test(calls.message)], ["limit", true]);
  const memory = run("x = []\nwhile True:\n    x.append(bytearray(50_000_000))\n", { real_seconds: 60 });
  assert.deepEqual([memory.ending, memory.problems[0].kind, memory.problems[0].place.line], ["error", "MemoryError", 3]);
  assert.equal(isUsable, false);
});
