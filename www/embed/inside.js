// The page's side of an embedding: the protocol with the host page (docs/embed/protocol.md), the
// height, and taking turns with other labs.
//
// www/boot.js loads it only if the address asks for it, and never on a page that the companion
// serves.
//
// It answers only its parent, through the one port that the parent has sent. Malformed messages are
// ignored. Requests are batched, so any number of them costs the work of one per tick.

import { SCRIPT_MAX, complaints, looks, wishes } from "./wishes.js";

const SCHEMA = "loopscope.embed/1";
/** The interval at which requests are applied and results are sent. */
const TICK_MS = 50;
/** Further questions within a tick are not answered. */
const QUESTIONS_MAX = 32;
/** The longest time to wait for a turn. */
const TURN_MS = 5_000;

const asked = window.loopscopeAsked;
const first = wishes((name) => asked.get(name) ?? undefined);

/** The methods of the page, after it has called `attach`. */
let page;
/** The port to the parent, after the parent has sent it. */
let port;
/** The page's last report. */
let report;

// Requests

let wanted = {};
let questions = [];
let tick;

/**
 * Applies all requests since the last tick at once; the last value of a setting wins. Requests are
 * kept until the page is there.
 */
function carryOut() {
  tick = undefined;
  const ids = questions;
  questions = [];
  if (page && Object.keys(wanted).length) {
    const wish = wanted;
    wanted = {};
    page.set(wish);
  }
  for (const id of ids) if (report) port?.postMessage({ type: "result", id, ...report });
}

function requested({ data }) {
  if (typeof data !== "object" || data === null) return;
  if (data.type === "set") {
    if ([data.script, data.program].some((text) => typeof text === "string" && text.length > SCRIPT_MAX)) tellError("too_large", `a script may have ${SCRIPT_MAX} characters`);
    const said = Object.entries(wishes((name) => data[name])).filter(([, value]) => value !== undefined);
    Object.assign(wanted, Object.fromEntries(said));
    for (const complaint of complaints((name) => data[name])) tellError("attribute", complaint);
    adopt(looks((name) => data[name]));
  } else if (data.type === "get") {
    if (!["string", "number"].includes(typeof data.id) || String(data.id).length > 64 || questions.length >= QUESTIONS_MAX) return;
    questions.push(data.id);
  } else {
    return;
  }
  tick ??= setTimeout(carryOut, TICK_MS);
}

let lastError;
function tellError(code, message) {
  // A repeated error contains nothing new.
  if (`${code} ${message}` === lastError) return;
  lastError = `${code} ${message}`;
  port?.postMessage({ type: "error", code, message });
}

// The looks of the host page

/** Whether white text is readable on this colour: decided by what the browser makes of it. */
function isDark(color) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = color;
  const [red, green, blue] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 150;
}

function adopt({ accent, font, radius, frame }) {
  const { style, dataset } = document.documentElement;
  if (accent) {
    style.setProperty("--accent", accent);
    style.setProperty("--accent-ink", isDark(accent) ? "#fff" : "#10131c");
  }
  if (font) style.setProperty("--sans", font);
  if (radius) style.setProperty("--radius", radius);
  if (typeof frame === "string") dataset.frame = frame;
}
const adoptFirst = () => adopt(looks((name) => asked.get(name) ?? undefined));
if (document.body) adoptFirst();
else addEventListener("DOMContentLoaded", adoptFirst);

// Keys that the page does not use are the host's, e.g. those of a deck of slides.

const HOST_KEYS = /^(Arrow(Left|Right|Up|Down)|Page(Up|Down)|Home|End|Escape)$/;
addEventListener("keydown", (event) => {
  const { key, code, keyCode, shiftKey, isTrusted, defaultPrevented } = event;
  const [target] = event.composedPath();
  const isField = target.isContentEditable || /^(input|textarea|select|canvas)$/.test(target.localName) && key !== "Escape";
  if (!isTrusted || defaultPrevented || isField || event.ctrlKey || event.metaKey || event.altKey || !HOST_KEYS.test(key)) return;
  port?.postMessage({ type: "key", key, code, keyCode, shiftKey });
});

// Reports

function tellStarted() {
  if (page) port?.postMessage({ type: "started" });
}

let failure;
let telling;
let goalWas;

function tellReport() {
  telling = undefined;
  if (!port || !report) return;
  port.postMessage({ type: "result", ...report });
  const reached = report.goal?.reached;
  if (reached !== goalWas) {
    goalWas = reached;
    if (reached !== undefined) port.postMessage({ type: "goal", ...report.goal });
  }
  if (report.goal?.mistake) tellError("attribute", `goal="${report.goal.text}" cannot be judged: ${report.goal.mistake}`);
  if (report.phase === "broke") tellError("broke", report.message ?? "");
  else if (!report.goal?.mistake) lastError = undefined;
}

// The handshake

function connected(event) {
  const { data, source, ports } = event;
  if (source !== parent || source === window || data?.schema !== SCHEMA || data.type !== "connect" || ports.length !== 1) return;
  // The first parent that connects is the only one that is answered.
  removeEventListener("message", connected);
  port = ports[0];
  port.onmessage = requested;
  port.postMessage({ type: "ready", schema: SCHEMA, build: document.querySelector("meta[name='loopscope-build']")?.content ?? "" });
  tellHeight();
  tellStarted();
  if (failure) tellError("unreachable", failure);
  for (const complaint of complaints((name) => asked.get(name) ?? undefined)) tellError("attribute", complaint);
  if (report) tellReport();
}

if (parent !== window) {
  addEventListener("message", connected);
  // The message contains only the schema, so any origin may read it.
  parent.postMessage({ schema: SCHEMA, type: "hello" }, "*");
}

// The reader's first click or key

const tellUsed = ({ isTrusted }) => {
  if (!isTrusted) return;
  for (const name of ["pointerdown", "keydown"]) removeEventListener(name, tellUsed, true);
  port?.postMessage({ type: "used" });
};
for (const name of ["pointerdown", "keydown"]) addEventListener(name, tellUsed, true);

// The height

let height;
function tellHeight() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (!port || now === height || now < 40) return;
  port.postMessage({ type: "height", px: height = now });
}
new ResizeObserver(tellHeight).observe(document.body);

// Turns: only visible labs run long simulations, and only one at a time.

let seen = true;
let whenSeen = [];
let release;
let waiting;

new IntersectionObserver((entries) => {
  seen = entries.at(-1).isIntersecting;
  if (seen) whenSeen.splice(0).forEach((go) => go());
  // Other labs need the memory of its worker more.
  else if (!release) page?.rest();
}).observe(document.documentElement);

async function wait() {
  if (!seen) await new Promise((go) => whenSeen.push(go));
  // `navigator.locks` is missing on insecure pages.
  if (!navigator.locks) return;
  await new Promise((go) => {
    const held = () => new Promise((done) => {
      release = done;
      go();
    });
    // Refused in frames without an origin, and aborted after TURN_MS: then the lab runs without a
    // turn.
    navigator.locks.request(SCHEMA, { signal: AbortSignal.timeout(TURN_MS) }, held).catch(go);
  });
}

window.loopscopeInside = {
  /** The settings in the address. */
  asked: () => ({ ...first, alone: parent === window }),
  /** Connects the page, which has `set(wishes)` and `rest()`. */
  attach(itsPage) {
    page = itsPage;
    tellStarted();
    if (Object.keys(wanted).length) carryOut();
  },
  /** The page could not start, for this reason. */
  failed(reason) {
    failure = reason;
    tellError("unreachable", reason);
  },
  /** Takes the state of the page after every change. */
  tell(now) {
    report = now;
    telling ??= setTimeout(tellReport, TICK_MS);
  },
  /** Resolves when a long simulation may start. */
  turn: () => release ? Promise.resolve() : waiting ??= wait().finally(() => { waiting = undefined; }),
  /** Ends the turn: no long simulation is running any more. */
  over() {
    release?.();
    release = undefined;
  },
};
window.dispatchEvent(new Event("loopscope-inside"));
