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

/** What pulling at this place does: a function of how far, in pixels; nothing where no duration is. */
function pulling(page, view, { clientX: x, clientY: y, target }) {
  const position = target.closest?.(".tok-duration") ? view.posAtCoords({ x, y }) : null;
  let range = position === null ? null : durationAt(page, view.state, position);
  if (!range) return null;
  const original = view.state.sliceDoc(range.from, range.to);
  let steps = 0;
  const pull = (now) => {
    const stepsNow = Math.round((now - x) / PIXELS_PER_STEP);
    if (stepsNow === steps) return;
    steps = stepsNow;
    const changed = steps === 0 ? original : page.nudge(original, steps);
    if (changed) range = replace(view, range, changed);
  };
  return { position, pull };
}

/** Calls `act` with each of these events until one of the others comes. */
function listen(target, name, act, ends) {
  const stop = () => {
    target.removeEventListener(name, act);
    for (const end of ends) target.removeEventListener(end, stop);
    target.classList.remove("dragging");
  };
  target.addEventListener(name, act, { passive: false });
  for (const end of ends) target.addEventListener(end, stop);
}

function startDrag(page, view, event) {
  if (event.pointerType === "touch" || event.button !== 0 || event.shiftKey || event.detail > 1) return false;
  const pulled = pulling(page, view, event);
  if (!pulled) return false;
  const target = view.contentDOM;
  target.setPointerCapture(event.pointerId);
  target.classList.add("dragging");
  listen(target, "pointermove", ({ clientX }) => pulled.pull(clientX), ["pointerup", "pointercancel"]);
  view.focus();
  view.dispatch({ selection: { anchor: pulled.position } });
  return true;
}

/**
 * A finger that goes sideways drags, without the keyboard coming up; one that goes up or down
 * scrolls (`touch-action` in the theme), and a tap stays a tap. Its events go to what it touched
 * first, even when that has been drawn anew.
 */
function startTouch(page, view, event) {
  const [touch] = event.touches;
  const pulled = event.touches.length === 1 && pulling(page, view, touch);
  if (!pulled) return false;
  let isSideways = false;
  const move = (event) => {
    const [now] = event.touches;
    isSideways ||= Math.abs(now.clientX - touch.clientX) > Math.abs(now.clientY - touch.clientY);
    // What the browser scrolls by cannot be had back.
    if (!isSideways || !event.cancelable) return;
    event.preventDefault();
    pulled.pull(now.clientX);
  };
  listen(touch.target, "touchmove", move, ["touchend", "touchcancel"]);
  return false;
}

export const durations = (page) => [
  EditorView.domEventHandlers({
    pointerdown: (event, view) => startDrag(page, view, event),
    touchstart: (event, view) => startTouch(page, view, event),
    // Dragging a number must not select the text under it.
    mousedown: (event, view) => view.contentDOM.classList.contains("dragging"),
  }),
  Prec.high(keymap.of([
    { key: "Alt-ArrowUp", run: step(page, 1) },
    { key: "Alt-ArrowDown", run: step(page, -1) },
  ])),
];
