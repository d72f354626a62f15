// A goal in a teacher's words, as claims that `expect` understands: "under 4 s with at
// most 40 threads" is `total < 4s` and `threads <= 40`. Whether they hold, and what is no
// claim at all, is not decided here.

/** Words for comparisons; the longer ones first. The Korean ones stand behind their number. */
const COMPARISONS = [
  [/\b(?:no more than|not more than|at most|up to|within)\b|이하|이내|까지/i, "<="],
  [/\b(?:no less than|not less than|at least)\b|이상/i, ">="],
  [/\b(?:less than|fewer than|under|below)\b|미만/i, "<"],
  [/\b(?:more than|over|above)\b|초과/i, ">"],
  [/\bexactly\b|정확히/i, "="],
];

/** A number with what it counts: `40 threads`, `4 s`, `스레드 40개`. */
const QUANTITY = /(\d[\d_.]*)\s*([\p{L}µ]*)/u;

const SUBJECTS = [
  [/\bloop[ -]?lag\b|루프 지연/i, "loop lag"],
  [/\b(?:freeze|frozen)\b|멈춤/i, "freeze"],
];

const CLAUSES = /\s*,\s*(?:and\s+)?|\s+(?:with|and|using)\s+/i;

function claim(clause) {
  const found = COMPARISONS.find(([words]) => words.test(clause));
  // Already in the language's own words.
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
  // The commas of an order are its own.
  const clauses = goal.split(";").flatMap((part) => /^\s*order\b/.test(part) ? [part] : part.split(CLAUSES));
  return clauses.map((clause) => clause.trim()).filter(Boolean).slice(0, 8).map(claim);
}
