// The lines at which tasks are at work or wait at the cursor of the chart: a tint, and an arrow
// beside the number of a line that is at work.
//
// Only decoration: the page says the same in sentences, for screen readers, too.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass } from "@codemirror/view";

/** In the order of `LineActivity` in the page. */
const CLASSES = ["waits", "works thread", "works cpu", "works block"].map((name) => `active-line ${name}`);

class LineClass extends GutterMarker {
  constructor(elementClass) {
    super();
    this.elementClass = elementClass;
  }

  eq(other) {
    return other.elementClass === this.elementClass;
  }
}

const markers = CLASSES.map((name) => new LineClass(name));
const decorations = CLASSES.map((name) => Decoration.line({ class: name }));
const setActive = StateEffect.define();

/** The active lines, which move with the text until new ones arrive. */
const activeLines = StateField.define({
  create: () => ({ lines: Decoration.none, gutters: RangeSet.empty }),
  update(active, transaction) {
    if (transaction.docChanged) {
      active = { lines: active.lines.map(transaction.changes), gutters: active.gutters.map(transaction.changes) };
    }
    for (const effect of transaction.effects) {
      if (!effect.is(setActive)) continue;
      const { doc } = transaction.state;
      const inside = effect.value.filter(([line]) => line <= doc.lines).map(([line, kind]) => [doc.line(line).from, kind]);
      active = {
        lines: Decoration.set(inside.map(([from, kind]) => decorations[kind].range(from))),
        gutters: RangeSet.of(inside.map(([from, kind]) => markers[kind].range(from))),
      };
    }
    return active;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (active) => active.lines),
    gutterLineClass.from(field, (active) => active.gutters),
  ],
});

// In the middle of the first line of text, also if the line wraps.
const arrow = {
  content: "''", position: "absolute", left: "3px", top: "calc(0.875em - 5px)", width: "8px", height: "10px",
  clipPath: "polygon(0 0, 100% 50%, 0 100%)",
};

const theme = EditorView.theme({
  ".cm-gutterElement.active-line": { position: "relative" },
  ".active-line.waits": { backgroundColor: "color-mix(in srgb, var(--ink) 4%, transparent)" },
  ".active-line.cpu": { "--work": "var(--cpu)" },
  ".active-line.thread": { "--work": "var(--thread)" },
  ".active-line.block": { "--work": "var(--block)" },
  ".active-line.works": { backgroundColor: "color-mix(in srgb, var(--work) 15%, transparent)" },
  ".cm-lineNumbers .active-line.works": { color: "var(--ink)", fontWeight: "600" },
  ".cm-lineNumbers .active-line.works::before": { ...arrow, backgroundColor: "var(--work)" },
  // Only the system's own colours: the arrow, and a frame instead of the tint.
  "@media (forced-colors: active)": {
    ".cm-lineNumbers .active-line.works::before": { backgroundColor: "CanvasText", forcedColorAdjust: "none" },
    ".cm-line.active-line.works": { outline: "1px solid CanvasText", outlineOffset: "-1px" },
  },
});

export const active = [activeLines, theme];

/** Shows these lines as active: pairs of a line and its kind, in order. */
export function showActive(view, pairs) {
  const lines = [];
  for (let at = 0; at < pairs.length; at += 2) lines.push([pairs[at], pairs[at + 1]]);
  view.dispatch({ effects: setActive.of(lines) });
}
