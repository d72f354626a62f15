// The attributes that teachers write: goals as claims, lines as ranges.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { claims } from "../../www/embed/goal.js";
import { wishes } from "../../www/embed/wishes.js";

// The Python package has the same rules (python/tests/test_notebook_lab.py).
for (const [goal, expected] of JSON.parse(readFileSync(new URL("../cases/goals.json", import.meta.url), "utf8"))) {
  test(`the goal “${goal}” claims ${expected.join(" and ") || "nothing"}`, () => assert.deepEqual(claims(goal), expected));
}

const LAST = 0xffff_ffff;
const frozen = (said) => wishes((name) => said[name]).frozen;

for (const [said, expected] of [
  [{ frozen: "2-3, 7" }, [2, 3, 7, 7]],
  [{ frozen: "all" }, [1, LAST]],
  [{ editable: "none" }, [1, LAST]],
  [{ editable: "4-6" }, [1, 3, 7, LAST]],
  [{ editable: "1, 3-4" }, [2, 2, 5, LAST]],
  [{ editable: "" }, []],
  [{ frozen: "3-2" }, undefined],
  [{ frozen: "the first" }, undefined],
  [{ frozen: "1,".repeat(101) }, undefined],
  [{}, undefined],
]) {
  test(`${JSON.stringify(said).slice(0, 40)} freezes ${expected?.join(" ") ?? "nothing new"}`, () => assert.deepEqual(frozen(said), expected));
}

test("what has another type, is too long or unknown is as if it had not been said", () => {
  const said = { script: 7, panes: ["chart"], theme: "pink", lang: "<b>", goal: "x".repeat(501), guess: {}, frozen: null, editable: 3 };
  assert.deepEqual(new Set(Object.values(wishes((name) => said[name]))), new Set([undefined]));
});
