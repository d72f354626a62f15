// The page's side of an embedding: talks with the page around it (docs/embed/protocol.md),
// tells it the height, and takes turns with other labs. Loaded by www/boot.js, and only
// where the address asks for it; a page that the companion serves never has it.
//
// Answers nobody but its parent, over the one port that the parent has handed over.
// What is malformed is ignored. However much is asked, it is done once a tick.

import { SCRIPT_MAX, wishes } from "./wishes.js";

const SCHEMA = "loopscope.embed/1";
/** Between two times that wishes are carried out, or results told. */
const TICK_MS = 50;
/** More questions than this in a tick are not answered. */
const QUESTIONS_MAX = 32;
/** After so long one does not wait for one's turn any longer. */
const TURN_MS = 5_000;

const asked = window.loopscopeAsked;
const first = wishes((name) => asked.get(name) ?? undefined);

/** What the page has offered, once it is there. */
let page;
/** To the parent, once it has handed it over. */
let port;
/** The last report of the page. */
let report;

// Requests

let wanted = {};
let questions = [];
let tick;

/** Everything that has come since the last time, at once: the last word counts. Until the page is there, it is kept. */
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
    if (typeof data.script === "string" && data.script.length > SCRIPT_MAX) tellError("too_large", `a script may have ${SCRIPT_MAX} characters`);
    const said = Object.entries(wishes((name) => data[name])).filter(([, value]) => value !== undefined);
    Object.assign(wanted, Object.fromEntries(said));
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
  // The same again says nothing new.
  if (`${code} ${message}` === lastError) return;
  lastError = `${code} ${message}`;
  port?.postMessage({ type: "error", code, message });
}

// Reports

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
  if (report.phase === "broke") tellError("broke", report.message ?? "");
  else lastError = undefined;
}

// The handshake

function connected(event) {
  const { data, source, ports } = event;
  if (source !== parent || source === window || data?.schema !== SCHEMA || data.type !== "connect" || ports.length !== 1) return;
  // Whoever has the port is the one that is listened to.
  removeEventListener("message", connected);
  port = ports[0];
  port.onmessage = requested;
  port.postMessage({ type: "ready", schema: SCHEMA, build: document.querySelector("meta[name='loopscope-build']")?.content ?? "" });
  tellHeight();
  if (report) tellReport();
}

if (parent !== window) {
  addEventListener("message", connected);
  // It says no more than who is here, and may be read by anybody.
  parent.postMessage({ schema: SCHEMA, type: "hello" }, "*");
}

// The height

let height;
function tellHeight() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (!port || now === height || now < 40) return;
  port.postMessage({ type: "height", px: height = now });
}
new ResizeObserver(tellHeight).observe(document.body);

// Turns: only labs that are seen simulate for long, and those one after the other.

let seen = true;
let whenSeen = [];
let release;
let waiting;

new IntersectionObserver((entries) => {
  seen = entries.at(-1).isIntersecting;
  if (seen) whenSeen.splice(0).forEach((go) => go());
  // Its worker's memory is worth more to others.
  else if (!release) page?.rest();
}).observe(document.documentElement);

async function wait() {
  if (!seen) await new Promise((go) => whenSeen.push(go));
  // Missing on pages that are not served securely.
  if (!navigator.locks) return;
  await new Promise((go) => {
    const held = () => new Promise((done) => {
      release = done;
      go();
    });
    // Refused in frames without an origin of their own.
    navigator.locks.request(SCHEMA, { signal: AbortSignal.timeout(TURN_MS) }, held).catch(go);
  });
}

window.loopscopeInside = {
  /** What the address asks for. */
  asked: () => first,
  /** `page` has `set(wishes)` and `rest()`. */
  attach(itsPage) {
    page = itsPage;
    if (Object.keys(wanted).length) carryOut();
  },
  /** The state of the page, whenever it changes. */
  tell(now) {
    report = now;
    telling ??= setTimeout(tellReport, TICK_MS);
  },
  /** Resolves when a long simulation may begin. */
  turn: () => release ? Promise.resolve() : waiting ??= wait().finally(() => { waiting = undefined; }),
  /** Nothing long is under way any more. */
  over() {
    release?.();
    release = undefined;
  },
};
window.dispatchEvent(new Event("loopscope-inside"));
