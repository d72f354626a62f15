// Colours for tokens. The page's lexer decides where a token is and of which kind.

import { StateEffect } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

/** The tokens of the same document have changed. */
export const renew = StateEffect.define();

/**
 * The kinds of tokens by their numbers. `page.tokens(text)` returns triples of from, to and kind in
 * ascending order, e.g. `[0, 3, 0, 4, 6, 2]` for `cpu 3s`.
 */
const KINDS = ["keyword", "name", "duration", "number", "string", "comment", "operator", "error"];
const MARKS = KINDS.map((kind) => Decoration.mark({ class: `tok-${kind}` }));

export const DURATION = KINDS.indexOf("duration");

/**
 * All tokens of a document. Keeps the last result, since several extensions ask for the same
 * document.
 */
export function tokensOf(page, doc) {
  if (tokensOf.doc !== doc) {
    tokensOf.doc = doc;
    tokensOf.tokens = page.tokens(doc.toString());
  }
  return tokensOf.tokens;
}

/** The index of the first token that ends after `position`. */
export function firstTokenAt(tokens, position) {
  let low = 0;
  let high = tokens.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[3 * middle + 1] > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

function decorate(page, view) {
  const tokens = tokensOf(page, view.state.doc);
  const length = view.state.doc.length;
  const marks = [];
  for (const { from, to } of view.visibleRanges) {
    for (let at = 3 * firstTokenAt(tokens, from); at < tokens.length && tokens[at] < to; at += 3) {
      const mark = MARKS[tokens[at + 2]];
      if (mark && tokens[at] < tokens[at + 1] && tokens[at + 1] <= length) marks.push(mark.range(tokens[at], tokens[at + 1]));
    }
  }
  return Decoration.set(marks, true);
}

export const highlighting = (page) => ViewPlugin.define(
  (view) => ({
    decorations: decorate(page, view),
    update(update) {
      const isRenewed = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(renew)));
      if (isRenewed) tokensOf.doc = undefined;
      if (isRenewed || update.docChanged || update.viewportChanged) this.decorations = decorate(page, update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);
