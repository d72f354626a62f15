// The colours of Python, loaded when the Python side is first opened. Only what the eye needs:
// words, strings, comments, numbers, and the names after `def` and `class`.

/** In the order of `KINDS` in highlighting.js. */
const [KEYWORD, NAME, , NUMBER, STRING, COMMENT, OPERATOR] = [0, 1, 2, 3, 4, 5, 6];

const KEYWORDS = new Set(("False None True and as assert async await break case class continue def del elif else except finally for from global if "
  + "import in is lambda match nonlocal not or pass raise return try while with yield").split(" "));
/** Keywords only in certain places, where a name does not follow or stand alone. */
const SOFT = new Set(["match", "case"]);

const PATTERN = new RegExp([
  "(#[^\\n]*)",
  // Strings with their prefixes. One that is not closed ends with its line, a triple one with the text.
  "([rbfutRBFUT]{0,2}(?:\"\"\"(?:\\\\[\\s\\S]|[^\\\\])*?(?:\"\"\"|$(?![\\s\\S]))|'''(?:\\\\[\\s\\S]|[^\\\\])*?(?:'''|$(?![\\s\\S]))|\"(?:\\\\[\\s\\S]|[^\"\\\\\\n])*\"?|'(?:\\\\[\\s\\S]|[^'\\\\\\n])*'?))",
  "((?:0[xXoObB][\\da-fA-F_]+|(?:\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)(?:[eE][+-]?\\d+)?)[jJ]?)",
  "([\\p{L}_][\\p{L}\\p{N}\\p{M}_]*)",
  "([-+*/%@&|^~<>=!:.,;()[\\]{}]+)",
].join("|"), "gu");

/** Triples of from, to and kind, in ascending order. */
export function tokens(text) {
  const found = [];
  let defines = false;
  for (const match of text.matchAll(PATTERN)) {
    const [all, comment, string, number, word] = match;
    const from = match.index;
    let kind = OPERATOR;
    if (comment !== undefined) kind = COMMENT;
    else if (string !== undefined) kind = STRING;
    else if (number !== undefined) kind = NUMBER;
    else if (word !== undefined) {
      const isKeyword = KEYWORDS.has(word) && (!SOFT.has(word) || /^ [^\n=]*:/.test(text.slice(from + word.length, from + word.length + 200)));
      kind = isKeyword ? KEYWORD : defines ? NAME : undefined;
      defines = word === "def" || word === "class";
    }
    if (kind !== undefined && all) found.push(from, from + all.length, kind);
  }
  return found;
}
