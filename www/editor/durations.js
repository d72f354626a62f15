// Durations that can be dragged: pull one sideways and the schedule follows.
//
// With the keyboard, Alt with the up or down arrow does the same while the
// cursor is in a duration. How a duration is written is the page's business.

import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { DURATION, firstTokenAt, tokensOf } from "./highlighting.js";

const PIXELS_PER_STEP = 8;

/** The duration at a position, both of its ends included. */
function durationAt(page, state, position) {
  const tokens = tokensOf(page, state.doc);
  for (let at = 3 * firstTokenAt(tokens, position - 1); at < tokens.length && tokens[at] <= position; at += 3) {
    if (tokens[at + 2] === DURATION && position <= tokens[at + 1]) return { from: tokens[at], to: tokens[at + 1] };
  }
  return null;
}

function replace(view, { from, to }, text) {
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.drag" });
  return { from, to: from + text.length };
}

const step = (page, steps) => (view) => {
  const range = durationAt(page, view.state, view.state.selection.main.head);
  const changed = range && page.nudge(view.state.sliceDoc(range.from, range.to), steps);
  if (!changed) return false;
  replace(view, range, changed);
  return true;
};

/**
 * A finger drags without the keyboard coming up; a tap stays a tap, and up and down scrolls
 * (`touch-action` in the theme).
 */
function startDrag(page, view, event) {
  if (event.button !== 0 || event.shiftKey || event.detail > 1 || !event.target.closest?.(".tok-duration")) return false;
  const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
  let range = position === null ? null : durationAt(page, view.state, position);
  if (!range) return false;

  const original = view.state.sliceDoc(range.from, range.to);
  let steps = 0;
  const target = view.contentDOM;
  const move = (event) => {
    const now = Math.round((event.clientX - start) / PIXELS_PER_STEP);
    if (now === steps) return;
    steps = now;
    const changed = steps === 0 ? original : page.nudge(original, steps);
    if (changed) range = replace(view, range, changed);
  };
  const stop = () => {
    target.removeEventListener("pointermove", move);
    target.removeEventListener("pointerup", stop);
    target.removeEventListener("pointercancel", stop);
    target.classList.remove("dragging");
  };
  const start = event.clientX;
  target.setPointerCapture(event.pointerId);
  target.addEventListener("pointermove", move);
  target.addEventListener("pointerup", stop);
  target.addEventListener("pointercancel", stop);
  if (event.pointerType === "touch") return false;
  target.classList.add("dragging");
  view.focus();
  view.dispatch({ selection: { anchor: position } });
  return true;
}

export const durations = (page) => [
  EditorView.domEventHandlers({
    pointerdown: (event, view) => startDrag(page, view, event),
    // Dragging a number must not select the text under it.
    mousedown: (event, view) => view.contentDOM.classList.contains("dragging"),
  }),
  Prec.high(keymap.of([
    { key: "Alt-ArrowUp", run: step(page, 1) },
    { key: "Alt-ArrowDown", run: step(page, -1) },
  ])),
];
