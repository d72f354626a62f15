// The attributes that teachers write: goals as claims, lines as ranges.

import assert from "node:assert/strict";
import { test } from "node:test";
import { claims } from "../../www/embed/goal.js";
import { wishes } from "../../www/embed/wishes.js";

for (const [goal, expected] of [
  ["under 4 s with at most 40 threads", ["total < 4s", "threads <= 40"]],
  ["at most 2.5s", ["total <= 2.5s"]],
  ["below 300 ms, and no more than 8 threads", ["total < 300ms", "threads <= 8"]],
  ["loop lag under 100ms; freeze at most 10 ms", ["loop lag < 100ms", "freeze <= 10ms"]],
  ["exactly 9s", ["total = 9s"]],
  ["at least 3", ["total >= 3s"]],
  ["4초 미만, 스레드 40개 이하", ["total < 4초", "threads <= 40"]],
  ["total <= 9s; order toast, pasta", ["total <= 9s", "order toast, pasta"]],
  ["order toast, pasta", ["order toast, pasta"]],
  ["be quick", ["be quick"]],
  [" ; ,", []],
]) {
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
