// The same spans for everybody: tasks that wait ten times a second each.

/** How many spans a task has. */
const EACH = 10;

/** The script whose chart has so many spans. */
export const script = (count) => `async def job:\n    repeat ${EACH}:\n        await 1s\n\nrun ${count / EACH} job\n`;

/** Computing and waiting in turn, so that there is as much to see by thread as by task. */
export const busyScript = (count) => `async def job:\n    repeat ${EACH / 2}:\n        cpu 1ms -> await 1s\n\nrun ${count / EACH} job\n`;

/** One task a row; times in milliseconds. */
export function spans(count) {
  const all = [];
  for (let task = 0; task < count / EACH; task++) {
    for (let turn = 0; turn < EACH; turn++) all.push({ task, start: turn * 1000, end: (turn + 1) * 1000 });
  }
  return all;
}
