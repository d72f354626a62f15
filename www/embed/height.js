// The height of a lab, estimated from its script: the host page keeps it free, so that nothing moves
// when the lab appears.
//
// A lab that becomes a little lower keeps this height, one that becomes higher takes what it needs.
// tests/e2e/lab-size.test.mjs compares the estimates with real labs.

/** Up to this width the chart is below the script (www/css/narrow.css). */
const BELOW_PX = 900;
/** Up to this width the legend has a line of its own (www/css/embedded.css). */
const PHONE_PX = 520;
/** A line of the script, and the space above and below all of them. */
const LINE_PX = 24.5;
const AROUND_SCRIPT_PX = 13;
const SCRIPT_MAX_PX = 421;
/** The lowest and the highest rows of a chart, as in crates/chart/src/scene/plan.rs. */
const PITCHES = [40, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2];
const ROWS_MAX_PX = 240;
const ROWS_MAX_BESIDE_PX = 300;
/** A name above its bar, on a phone. */
const NAME_PX = 20;
/** The labels above the rows, and the axis below them. */
const AROUND_ROWS_PX = 48;
/** More rows than these make no chart higher. */
const ROWS_MAX = 200;

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const HEADER = new RegExp(String.raw`^(?:async\s+)?(?:def\s+)?(${NAME})(?:\(\))?\s*:(.*)`, "iu");
const RUN = /^run\s+(.+?)(?:\s+(?:at|every|from)\s.*)?$/i;
const STARTS = /\b(?:spawn|gather(?:\s+(?:all|first))?|as_completed|shield|send)\s+([^:;()>\-\n]+)/giu;
const ITEM = new RegExp(String.raw`^(?:(\d[\d_]*)\s+)?(${NAME})`, "u");

/** The tasks of a list and their numbers, e.g. `a, 3 b` → `[["a", 1], ["b", 3]]`. */
const items = (list) => list.split(",").map((item) => ITEM.exec(item.trim())).filter(Boolean).map(([, count, name]) => [name, Math.min(Number((count ?? "1").replaceAll("_", "")), ROWS_MAX)]);

/** The number of rows in the chart of this script, more or less. */
export function rowsOf(script) {
  const bodies = new Map();
  const runs = [];
  let body;
  for (const line of script.split("\n").map((line) => line.replace(/#.*/, "").trimEnd()).filter(Boolean)) {
    const header = HEADER.exec(line);
    const run = RUN.exec(line);
    if (header) bodies.set(header[1], [header[2]]);
    else if (run) runs.push(...items(run[1]));
    if (header) body = bodies.get(header[1]);
    else if (/^\s/.test(line)) body?.push(line);
  }
  const started = new Map([...bodies].map(([name, lines]) => {
    const text = lines.join("\n");
    const times = Number(/\brepeat\s+(\d+)/i.exec(text)?.[1] ?? 1);
    const children = [...text.matchAll(STARTS)].flatMap(([, list]) => items(list)).filter(([child]) => bodies.has(child));
    return [name, children.map(([child, count]) => [child, count * times])];
  }));
  // Tasks that start each other have no bound; a script with those is wrong anyway.
  const rows = (name, depth) => depth > 5 ? 0 : 1 + (started.get(name) ?? []).reduce((all, [child, count]) => all + count * rows(child, depth + 1), 0);
  const named = (name) => [...bodies].some(([other, lines]) => other !== name && new RegExp(String.raw`(?<![\p{L}\p{N}_])${name}(?![\p{L}\p{N}_])`, "u").test(lines.join("\n")));
  const first = runs.length ? runs : [...bodies.keys()].filter((name) => !named(name)).map((name) => [name, 1]);
  const all = first.reduce((all, [name, count]) => all + count * rows(name, 0), 0);
  return Math.min(Math.max(all, 1), ROWS_MAX);
}

function chartPx(rows, width) {
  const most = width > BELOW_PX ? ROWS_MAX_BESIDE_PX : ROWS_MAX_PX;
  const pitch = (most) => PITCHES.find((pitch) => rows * pitch <= most) ?? most / rows;
  // On a phone the names are above the bars, if all rows fit so.
  const isAbove = width < PHONE_PX + 24 && rows * (NAME_PX + 16) <= most;
  const row = isAbove ? NAME_PX + Math.min(Math.max(pitch(most * 0.6), 16), 26) : pitch(most);
  return AROUND_ROWS_PX + Math.min(rows * row, most);
}

/** The height in pixels of a lab of this width. `get` returns the value of an attribute. */
export function heightOf(script, width, isPython, get) {
  const panes = new Set((get("panes") ?? "").split(/[ ,+]/).filter((name) => /^(script|result|chart|now|why|settings)$/.test(name)));
  const shows = (name) => panes.size ? panes.has(name) : /^(script|result|chart)$/.test(name);
  const isPhone = width <= PHONE_PX;
  const lines = script.trimEnd().split("\n").length;
  const goal = get("goal") ? (isPhone ? 58 : 50) : 0;
  if (isPython) return goal + 44 + Math.min(lines * LINE_PX, 408) + AROUND_SCRIPT_PX + 89 + 122 + 32;
  // The last line of the editor is empty.
  const text = shows("script") ? Math.min((lines + 1) * LINE_PX + AROUND_SCRIPT_PX, SCRIPT_MAX_PX) + (shows("settings") ? 41 : 0) : 0;
  const around = goal + 2;
  const isGuess = get("guess") !== null && !/^(off|false)$/.test(get("guess"));
  // A legend or a caption of two lines.
  let stage = isPhone ? 30 : 26;
  if (isGuess) stage += isPhone ? 360 : 244;
  else {
    if (shows("result")) stage += (isPhone ? 73 : 53) + (/^\s*expect\b/m.test(script) ? (isPhone ? 38 : 20) : 0);
    if (shows("chart")) stage += chartPx(rowsOf(script), width) + 40 + (isPhone ? 60 : 34) + 33;
    if (shows("now")) stage += isPhone ? 190 : 130;
    stage += shows("chart") || shows("result") ? (isPhone ? 56 : 33) : 30;
    if (shows("why")) stage += 240;
  }
  return Math.ceil(around + (width > BELOW_PX ? Math.max(text, stage) : text + stage));
}
