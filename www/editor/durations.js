// Durations that can be dragged: moving one sideways changes the schedule.
//
// Alt with the up or down arrow does the same while the cursor is in a duration. The page decides
// how a duration is written, e.g. that one step after `150ms` is `160ms`.

import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { DURATION, firstTokenAt, tokensOf } from "./highlighting.js";

const PIXELS_PER_STEP = 8;

/** The duration at a position, including both of its ends. */
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
 * Starts a drag at this place: the position and a function that takes the pointer's x. `null` where
 * there is no duration.
 */
function pulling(page, view, { clientX: x, clientY: y, target }) {
  const position = target.closest?.(".tok-duration") ? view.posAtCoords({ x, y }) : null;
  let range = position === null ? null : durationAt(page, view.state, position);
  if (!range) return null;
  const original = view.state.sliceDoc(range.from, range.to);
  let steps = 0;
  const pull = (now) => {
    // From the start of the drag, so that moving back restores the original.
    const stepsNow = Math.round((now - x) / PIXELS_PER_STEP);
    if (stepsNow === steps) return;
    steps = stepsNow;
    const changed = steps === 0 ? original : page.nudge(original, steps);
    if (changed) range = replace(view, range, changed);
  };
  return { position, pull };
}

/** Calls `act` for each event of this name until one of `ends` occurs, then `done`. */
function listen(target, name, act, ends, done) {
  const stop = () => {
    target.removeEventListener(name, act);
    for (const end of ends) target.removeEventListener(end, stop);
    target.classList.remove("dragging");
    done();
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
  listen(target, "pointermove", ({ clientX }) => pulled.pull(clientX), ["pointerup", "pointercancel"], () => page.dragging(false));
  page.dragging(true);
  view.focus();
  view.dispatch({ selection: { anchor: pulled.position } });
  return true;
}

/**
 * A sideways touch drags without opening the keyboard; a vertical one scrolls (`touch-action` in
 * the theme), and a tap stays a tap. Touch events go to the element that was touched first, even
 * when the editor has replaced it.
 */
function startTouch(page, view, event) {
  const [touch] = event.touches;
  const pulled = event.touches.length === 1 && pulling(page, view, touch);
  if (!pulled) return false;
  let isSideways = false;
  const move = (event) => {
    const [now] = event.touches;
    if (!isSideways) {
      isSideways = Math.abs(now.clientX - touch.clientX) > Math.abs(now.clientY - touch.clientY);
      if (isSideways) page.dragging(true);
    }
    // An event that the browser already uses for scrolling cannot be cancelled.
    if (!isSideways || !event.cancelable) return;
    event.preventDefault();
    pulled.pull(now.clientX);
  };
  listen(touch.target, "touchmove", move, ["touchend", "touchcancel"], () => { if (isSideways) page.dragging(false); });
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
