// What a teacher asks of an embedded page, from the address or from a message: checked,
// bounded and brought into one form. What is malformed is as if it had not been said.

import { claims } from "./goal.js";

/** A little more than a script may be, so that it is the parser who says that it is too long. */
export const SCRIPT_MAX = 300_000;
const WORDS_MAX = 500;
const RANGES_MAX = 100;
/** Behind the last line of any script. */
const LAST = 0xffff_ffff;

/** `1-3, 5` as pairs of lines, in order; `null` of what is no such list. */
export function lines(text) {
  const parts = text.split(",").map((part) => part.trim()).filter(Boolean);
  const pairs = parts.map((part) => /^(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?$/.exec(part)).map((found) => found && [+found[1], +(found[2] ?? found[1])]);
  if (pairs.length > RANGES_MAX || pairs.some((pair) => !pair || pair[0] < 1 || pair[1] < pair[0])) return null;
  return pairs.sort((a, b) => a[0] - b[0]);
}

/** All lines that are in none of the pairs. */
function others(pairs) {
  const rest = [];
  let from = 1;
  for (const [start, end] of pairs) {
    if (start > from) rest.push([from, start - 1]);
    from = Math.max(from, end + 1);
  }
  return [...rest, [from, LAST]];
}

/** The lines that may not be changed; `undefined` where nothing is said of them. */
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

/** `get` gives what is said under a name, of any type; nothing for what is not said. */
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
    panes: word("panes"),
    frozen: frozen(word)?.flat(),
    goal,
    claims: goal === undefined ? undefined : claims(goal),
    guess: GUESSES[word("guess")?.toLowerCase()],
    theme: ["light", "dark", "auto"].includes(theme) ? theme : undefined,
    lang: /^[a-z]{2,3}(-[a-z\d]+)*$/i.exec(lang ?? "")?.[0],
  };
}
