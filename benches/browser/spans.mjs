// The spans for all contenders: tasks that wait ten times for a second each.

/** The number of spans per task. */
const EACH = 10;

/** The script whose chart has this many spans. */
export const script = (count) => `async def job:\n    repeat ${EACH}:\n        await 1s\n\nrun ${count / EACH} job\n`;

/** Alternates computing and waiting, so that rows by thread contain as much as rows by task. */
export const busyScript = (count) => `async def job:\n    repeat ${EACH / 2}:\n        cpu 1ms -> await 1s\n\nrun ${count / EACH} job\n`;

/** One row per task; times in milliseconds. */
export function spans(count) {
  const all = [];
  for (let task = 0; task < count / EACH; task++) {
    for (let turn = 0; turn < EACH; turn++) all.push({ task, start: turn * 1000, end: (turn + 1) * 1000 });
  }
  return all;
}
