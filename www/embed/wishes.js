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

const PANES = ["script", "result", "chart", "now", "why", "settings"];
const isOneOf = (names) => (value) => names.includes(value.toLowerCase());
const areLines = (words) => (value) => words.test(value) || lines(value) !== null;
/** What each setting may be, for people, and whether a value is that. */
const ALLOWED = {
  theme: ["`light` or `dark`", isOneOf(["light", "dark", "auto"])],
  guess: ["`total`, `order` or `bars`", isOneOf(Object.keys(GUESSES))],
  frame: ["`none`", isOneOf(["", "none"])],
  frozen: ["lines such as `2-3, 7`, or `all`", areLines(/^(all)?$/i)],
  editable: ["lines such as `4-6`, or `none`", areLines(/^(|all|true|yes|none|false|no)$/i)],
  panes: [`some of \`${PANES.join(" ")}\``, (value) => value.split(/[ ,+]+/).filter(Boolean).every((name) => PANES.includes(name))],
  lang: ["the tag of a language, e.g. `ko`", (value) => /^[a-z]{2,3}(-[a-z\d]+)*$/i.test(value)],
};

/** The settings that are not what they may be, and lines that the script does not have. */
export function complaints(get) {
  const text = (name) => (typeof get(name) === "string" ? get(name) : undefined);
  const wrong = Object.entries(ALLOWED).filter(([name, [, isRight]]) => text(name) !== undefined && !isRight(text(name)));
  const said = wrong.map(([name, [may]]) => `${name}="${text(name).slice(0, 80)}" has no effect; it may be ${may}`);
  const script = text("script") ?? text("program");
  const last = script?.trimEnd().split("\n").length;
  for (const name of ["frozen", "editable"]) {
    const beyond = (lines(text(name) ?? "") ?? []).find(([, to]) => to > last);
    if (beyond) said.push(`${name}="${text(name)}" names line ${beyond[1]}, but the script has ${last} ${last === 1 ? "line" : "lines"}`);
  }
  return said;
}

/** The looks of the host page, of known forms only. */
export function looks(get) {
  const value = (name, property) => {
    const value = get(name);
    return typeof value === "string" && value.length <= WORDS_MAX && CSS.supports(property, value) ? value : undefined;
  };
  return { accent: value("accent", "color"), font: value("font", "font-family"), radius: value("radius", "border-radius"), frame: get("frame") };
}

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
    at: word("at", 40),
    theme: ["light", "dark", "auto"].includes(theme) ? theme : undefined,
    lang: /^[a-z]{2,3}(-[a-z\d]+)*$/i.exec(lang ?? "")?.[0],
  };
}
