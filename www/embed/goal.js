// Turns a goal in natural language into claims that `expect` understands.
//
// E.g. "under 4 s with at most 40 threads" → `total < 4s`, `threads <= 40`. The page judges the
// claims; one that does not parse counts as failed. python/loopscope/goals.py has the same rules.

/** Comparisons, the longer phrases first. In Korean they follow the number. */
const COMPARISONS = [
  [/\b(?:no more than|not more than|at most|up to|within)\b|이하|이내|까지/i, "<="],
  [/\b(?:no less than|not less than|at least)\b|이상/i, ">="],
  [/\b(?:less than|fewer than|under|below)\b|미만/i, "<"],
  [/\b(?:more than|over|above)\b|초과/i, ">"],
  [/\bexactly\b|정확히/i, "="],
];

/** A number and its unit, e.g. `40 threads`, `4 s`, `스레드 40개`. */
const QUANTITY = /(\d[\d_.]*)\s*([\p{L}µ]*)/u;

const SUBJECTS = [
  [/\bloop[ -]?lag\b|루프 지연/i, "loop lag"],
  [/\b(?:freeze|frozen)\b|멈춤/i, "freeze"],
];

const CLAUSES = /\s*,\s*(?:and\s+)?|\s+(?:with|and|using)\s+/i;

function claim(clause) {
  const found = COMPARISONS.find(([words]) => words.test(clause));
  // The clause is already a claim of the script language.
  if (!found) return clause;
  const [words, sign] = found;
  const rest = clause.replace(words, " ");
  const quantity = QUANTITY.exec(rest);
  if (!quantity) return clause;
  const [, number, unit] = quantity;
  if (/^threads?$/i.test(unit) || /스레드|\bthreads?\b/i.test(rest)) return `threads ${sign} ${number}`;
  const subject = SUBJECTS.find(([words]) => words.test(rest));
  return `${subject?.[1] ?? "total"} ${sign} ${number}${unit || "s"}`;
}

/** The claims of a goal, in its order. */
export function claims(goal) {
  // The commas in `order a, b` do not separate claims.
  const clauses = goal.split(";").flatMap((part) => /^\s*order\b/.test(part) ? [part] : part.split(CLAUSES));
  return clauses.map((clause) => clause.trim()).filter(Boolean).slice(0, 8).map(claim);
}
