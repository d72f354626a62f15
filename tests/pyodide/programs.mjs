// The programs of python/tests/programs with what they do in the Python of this machine, and the
// comparison with what they do in the page's runtime.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";

/** All programs that need no library: `{ name, source, options, result }`. */
export async function nativePrograms() {
  const { stdout } = await promisify(execFile)("python3", [fileURLToPath(new URL("natively.py", import.meta.url))], { maxBuffer: 1 << 28 });
  const programs = JSON.parse(stdout);
  for (const { options, result } of programs) {
    // A busy machine, on which this is slower, must not end another one early.
    if (!/real time/.test(result.message)) delete options.real_seconds;
  }
  return programs;
}

/** Where a traceback shows a line of Python's own library, which differs. */
const isOfLibrary = ([, stream, text]) => stream === "stderr" && /^ {2}/.test(text);

/** What has to be equal in both, in the order in which a difference is best read. */
export const told = ({ refused, ending, total_ns, exit_code, lines, problems, waiting }) => refused ?? {
  problems: problems.map(({ kind, place }) => [kind, kind === "RecursionError" ? "somewhere" : place?.line]),
  ending,
  total_ns,
  exit_code,
  lines: lines.map(({ at_ns, stream, text }) => [at_ns, stream, text]).filter((line) => !isOfLibrary(line)),
  waiting: waiting.map(({ name, state, place }) => [name, state, place?.line]),
};

/** Programs that differ, and why. */
const DIFFERENT = {
  "connects_for_real.py": "the page has no `http.client` to connect by",
  "run_of_a_function.py": "Python 3.14 raises another error than 3.11",
};

/** Whether a program did what it has to: the same as natively, or something else if that is known. */
export function isAsExpected({ name, result }, found) {
  const isEqual = isDeepStrictEqual(told(found), told(result));
  if (!DIFFERENT[name]) return isEqual;
  // What differs is known of this version only.
  return !isEqual || result.python !== "3.11.7";
}
