"""Goals in words as claims that `expect` understands.

E.g. "under 4 s with at most 40 threads" → `total < 4s`, `threads <= 40`. The same rules as
www/embed/goal.js has, so that a lab has the same goal in a notebook and in a course page.
"""

import re

_COMPARISONS = [
    (r"\b(?:no more than|not more than|at most|up to|within)\b|이하|이내|까지", "<="),
    (r"\b(?:no less than|not less than|at least)\b|이상", ">="),
    (r"\b(?:less than|fewer than|under|below)\b|미만", "<"),
    (r"\b(?:more than|over|above)\b|초과", ">"),
    (r"\bexactly\b|정확히", "="),
]
"""The longer phrases first. In Korean they follow the number."""

_QUANTITY = re.compile(r"([0-9][0-9_.]*)\s*([^\W\d_]*)")
"""A number and its unit, e.g. `40 threads`, `4 s`, `스레드 40개`."""

_SUBJECTS = [(r"\bloop[ -]?lag\b|루프 지연", "loop lag"), (r"\b(?:freeze|frozen)\b|멈춤", "freeze")]

_CLAUSES = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:with|and|using)\s+", re.IGNORECASE)

_CLAIMS_MAX = 8


def claims(goal: str) -> list[str]:
    """The claims of a goal, in its order."""
    clauses: list[str] = []
    for part in goal.split(";"):
        # The commas in `order a, b` do not separate claims.
        clauses += [part] if re.match(r"\s*order\b", part) else _CLAUSES.split(part)
    named = [clause.strip() for clause in clauses if clause.strip()]
    return [_claim(clause) for clause in named[:_CLAIMS_MAX]]


def _claim(clause: str) -> str:
    for words, sign in _COMPARISONS:
        if _has(words, clause):
            break
    else:
        # The clause is already a claim of the script language.
        return clause
    rest = re.sub(words, " ", clause, count=1, flags=re.ASCII | re.IGNORECASE)
    quantity = _QUANTITY.search(rest)
    if quantity is None:
        return clause
    number, unit = quantity.groups()
    if re.fullmatch("threads?", unit, re.IGNORECASE) or _has(r"스레드|\bthreads?\b", rest):
        return f"threads {sign} {number}"
    subject = next((name for words, name in _SUBJECTS if _has(words, rest)), "total")
    return f"{subject} {sign} {number}{unit or 's'}"


def _has(words: str, text: str) -> bool:
    return re.search(words, text, re.ASCII | re.IGNORECASE) is not None
