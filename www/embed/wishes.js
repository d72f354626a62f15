// The settings of an embedded page, from its address or from a message: checked, bounded and
// normalised.
//
// A malformed setting counts as not given.

import { claims } from "./goal.js";

/**
 * A little more than the limit of the language, so that the parser reports a script that is too
 * long.
 */
export const SCRIPT_MAX = 300_000;
const WORDS_MAX = 500;
const RANGES_MAX = 100;
/** Greater than the last line of any script. */
const LAST = 0xffff_ffff;

/**
 * Sorted pairs of lines, e.g. `1-3, 5` → `[[1, 3], [5, 5]]`; `null` if the text is not such a list.
 */
export function lines(text) {
  const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
  const pairs = parts.map((part) => /^(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?$/.exec(part)).map((found) => found && [+found[1], +(found[2] ?? found[1])]);
  if (pairs.length > RANGES_MAX || pairs.some((pair) => !pair || pair[0] < 1 || pair[1] < pair[0])) return null;
  return pairs.sort((a, b) => a[0] - b[0]);
}

/** The lines outside of the pairs, e.g. `[[2, 3]]` → `[[1, 1], [4, LAST]]`. */
function others(pairs) {
  const rest = [];
  let from = 1;
  for (const [start, end] of pairs) {
    if (start > from) rest.push([from, start - 1]);
    from = Math.max(from, end + 1);
  }
  return [...rest, [from, LAST]];
}

/** The locked lines; `undefined` if they are not set. */
function frozen(word) {
  const editable = word("editable");
  if (editable !== undefined) {
    if (/^(|all|true|yes)$/i.test(editable)) return [];
    if (/^(none|false|no)$/i.test(editable)) return [[1, LAST]];
    const pairs = lines(editable);
    return pairs ? others(pairs) : undefined;
  }
  const frozen = word("frozen");
  if (frozen === undefined) return undefined;
  return (/^all$/i.test(frozen) ? [[1, LAST]] : lines(frozen)) ?? undefined;
}

const GUESSES = { "": "total", total: "total", true: "total", order: "order", bars: "bars", off: "", false: "" };

/** `get` returns the raw value of a setting, of any type; `undefined` if it is not given. */
export function wishes(get) {
  const word = (name, max = WORDS_MAX) => {
    const value = get(name);
    return typeof value === "string" && value.length <= max ? value : undefined;
  };
  const goal = word("goal");
  const theme = word("theme");
  const lang = word("lang");
  return {
    script: word("script", SCRIPT_MAX),
    program: word("program", SCRIPT_MAX),
    panes: word("panes"),
    frozen: frozen(word)?.flat(),
    goal,
    claims: goal === undefined ? undefined : claims(goal),
    guess: GUESSES[word("guess")?.toLowerCase()],
    theme: ["light", "dark", "auto"].includes(theme) ? theme : undefined,
    lang: /^[a-z]{2,3}(-[a-z\d]+)*$/i.exec(lang ?? "")?.[0],
  };
}
