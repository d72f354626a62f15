// Measures the page and comparable chart libraries, and writes docs/benchmarks.md; `make bench`
// runs it.
//
// `node benches/browser/bench.mjs NATIVE_SECONDS`, where the argument is the time of the native
// simulator for 100,000 offloading tasks.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { serve } from "../../tests/e2e/site.mjs";
import { LIMIT_MS, alone, median } from "./measure.mjs";
import { chart, comparing, firstPaint, following, keystrokes, opening, simulating, sweeping } from "./ours.mjs";
import { mermaidGantt, serve as servePeers, visTimeline } from "./peers.mjs";
import { busyScript, script, spans } from "./spans.mjs";

const SIZES = [100, 1_000, 10_000, 100_000];
const MILLION = 1_000_000;
const OFFLOADING = "async def job: await 1 -> thread (block 1) -> await 2\nrun 100000 job\n";

const site = await serve();
const peers = await servePeers();
const native = Number(process.argv[2] ?? NaN) * 1000;

const say = (what) => console.log(`==> ${what}`);
/** A figure of our own page, which must not give up. */
const needed = (found) => found ?? fail("no figure; see above");
const fail = (why) => { throw new Error(why); };
const ms = (value) => value === undefined || value === null ? "–" : value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value).toLocaleString("en-US")} ms`;
const row = (...cells) => `| ${cells.join(" | ")} |`;
const several = async (times, act) => {
  const found = [];
  for (let round = 0; round < times; round++) found.push(await act());
  return median(found);
};

async function typing() {
  const rows = [];
  for (const tasks of [3, 100, 1_000]) {
    const found = await keystrokes(site.address, tasks);
    rows.push(row(`keystroke to painted chart, ${tasks.toLocaleString("en-US")} tasks`, ms(found?.median), ms(found?.p95), "16 ms, p95 33 ms", ms(found?.blocked)));
  }
  return rows;
}

async function million() {
  const rows = [];
  for (const [name, byThread] of [["by task", false], ["by thread", true]]) {
    const runs = [];
    for (let round = 0; round < 3; round++) runs.push(await chart(site.address, busyScript(MILLION), { byThread, limit: 4 * LIMIT_MS }));
    const found = runs.every(Boolean) && Object.fromEntries(Object.keys(runs[0]).map((name) => [name, median(runs.map((run) => run[name]))]));
    if (!byThread) rows.push(row("1,000,000 spans: trace's arrival to first chart", ms(found?.first), "", "1 s", ""));
    rows.push(row(`1,000,000 spans ${name}: a frame of panning`, ms(found?.pan), ms(found?.panP95), "p95 16 ms", ""));
    rows.push(row(`1,000,000 spans ${name}: a frame of zooming`, ms(found?.zoom), ms(found?.zoomP95), "p95 16 ms", ""));
    rows.push(row(`1,000,000 spans ${name}: opening, panning, zooming, jumping through time`, "", "", "no block over 50 ms", ms(found?.blocked)));
  }
  return rows;
}

async function sideBySide() {
  const contenders = {
    Loopscope: async (count) => {
      const [first, drawn] = [await following(site.address, script(count)), await chart(site.address, script(count))];
      return first && drawn && { ...drawn, first };
    },
    "vis-timeline": (count) => visTimeline(peers.address, spans(count)),
    "Mermaid gantt": (count) => mermaidGantt(peers.address, spans(count)),
  };
  const rows = [];
  for (const [name, draw] of Object.entries(contenders)) {
    const cells = [];
    let gaveUp = false;
    for (const count of SIZES) {
      say(`${name}, ${count.toLocaleString("en-US")} spans`);
      const found = gaveUp ? null : await draw(count);
      gaveUp ||= found === null;
      cells.push(found ? `${ms(found.first)}; ${ms(found.pan)}` : "gave up");
    }
    rows.push(row(name, ...cells));
  }
  return rows;
}

say("keystrokes");
const typed = await typing();
say("opening");
const opened = [];
const LINE = `data:text/html,${encodeURIComponent("<!doctype html><p>Loopscope")}`;
for (const slowdown of [1, 4]) {
  const slowed = slowdown > 1 ? `, processor slowed ${slowdown} times` : "";
  const line = await several(5, () => firstPaint(LINE, slowdown, { pictured: false }));
  const paint = await several(5, () => firstPaint(site.address, slowdown));
  const chart = await several(5, () => opening(site.address, slowdown));
  opened.push(
    row(`navigation to first paint of a page with one line of text${slowed}`, ms(line), "", "", ""),
    row(`navigation to first paint, with the picture of the chart${slowed}`, ms(paint), "", "300 ms", ""),
    row(`navigation to first chart${slowed}`, ms(chart), "", slowed && "1 s", ""),
  );
}
say("a sweep, a comparison");
const swept = needed(await sweeping(site.address));
const looked = [
  row("a sweep of 200 points, 100 tasks each, under 8 strategies", ms(swept.took), "", "1 s", ms(swept.blocked)),
  row("strategies compared, 1,000 tasks", ms(needed(await comparing(site.address, 1_000))), "", "as one types", ""),
];
say("the simulator in the worker");
const worker = needed(await simulating(site.address, OFFLOADING));
say("a million spans");
const huge = await million();
const compared = await sideBySide();
const version = await alone(async (page) => page.context().browser().version());
await site.close();
peers.close();

const report = `## The page

\`make bench\` (\`node benches/browser/bench.mjs\`), ${new Date().toISOString().slice(0, 10)}; headless Chromium ${version}, ${cpus().length} cores, without a GPU. Medians. The time of a frame is its scripting and painting on the main thread, also where a library draws in the frame after the call. The time of a keystroke ends when the chart is drawn; it starts at a random moment between two frames.

| What | median | p95 | aim | longest block |
| --- | --- | --- | --- | --- |
${[...typed, ...huge, ...opened, ...looked].join("\n")}

- The simulator in the worker: 100,000 tasks \`await 1 -> thread (block 1) -> await 2\`, from the request to the arrival of the trace: ${ms(worker)}${native ? `; natively ${ms(native)}, ${(native / worker).toFixed(2)} of native speed (aim: 0.5)` : ""}.

### Compared with other chart libraries

The same spans in the same browser, ten in each row: time to the first picture; time of a frame while panning. Loopscope's time starts with a link that an open page follows, and includes parsing and simulating; the others start with the data in memory. Mermaid has no panning, so its picture is scrolled. A library that takes more than ${LIMIT_MS / 1000} s counts as “gave up” and gets no larger number.

| | ${SIZES.map((count) => count.toLocaleString("en-US")).join(" | ")} |
| --- |${" --- |".repeat(SIZES.length)}
${compared.join("\n")}
`;
console.log(report);

const place = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const others = readFileSync(place, "utf8").split("\n## ").filter((part) => !part.startsWith("The page\n"));
writeFileSync(place, `${others.join("\n## ").trimEnd()}\n\n${report}`);
process.exit();
