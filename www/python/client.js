// Real Python in the page: loads CPython once, runs programs, and keeps both away from the page.
//
//     const python = window.loopscopePython;       // after the event `loopscope-python`
//     await python.load({ onProgress, signal });    // `{ python: "3.14.2" }`
//     const { result, trace } = await python.run(source, { time_limit: "1h" });
//     python.cancel();                              // ends whatever goes on
//
// The module of the address in `<meta name="loopscope-runtime">` sets `window.loopscopePython` and
// fires the event. Nothing is downloaded before `load`.
//
// - `load` downloads about 4.7 MB, or takes them from the browser's cache, checks their hashes, and
//   starts Python. `onProgress(bytes, total)` counts what is downloaded; at `bytes === total` Python
//   starts, which takes some seconds the first time and about one later (docs/benchmarks.md). Loading again
//   while Python is there costs nothing.
// - FastAPI and what it imports are a part of their own, 2.4 MB more. `run` and `runFor` load it for a
//   program that imports one of these packages, and `load` if its `fastapi` is true. Its import takes
//   as long as a start, once, before the program begins.
// - `run` takes the text of a program and the options of `python/loopscope/embedded.py`, as an object
//   or as JSON. `result` and `trace` are JSON: `loopscope.run/1` and `loopscope.trace/1`, or `null`
//   for a trace that is too large. Both were in the hands of the program: read them as untrusted.
//   A program that ends, fails, or reaches a limit is a result, and no rejection.
// - `cancel` rejects a running `load` or `run` with an `AbortError`. After a cancelled run Python
//   starts again in the background, and the next `run` waits for it.
// - `runFor` does both for a pane of the page, which hears of it by `tell`. The panes' runs wait for
//   one another in a queue.
// - `state` is `absent`, `loading`, `ready` or `running`; `close` frees everything.
//
// Rejections are an `AbortError`, or a `PythonError` with a `code`:
//
// | code | when |
// | --- | --- |
// | `offline` | a file cannot be downloaded |
// | `damaged` | a file is not the one of this build |
// | `unsupported` | the browser refuses the frame, the worker or WebAssembly |
// | `broken` | Python itself crashed, e.g. by a stack that is too deep; it starts again for the next run |
// | `busy` | `run` while a program runs; the runs of `runFor` wait instead |
// | `no-fastapi` | the program needs FastAPI, and this build has none; nothing was downloaded for it |
// | `refused` | an option that is none; `message` has the words |
//
// # The sandbox
//
// The program runs in a worker inside `<iframe sandbox="allow-scripts">`: its origin is opaque, so
// there are no cookies, storage or caches, and no way to the page but messages. The frame's
// document comes from this module (`srcdoc`), so it works without a network, and the page's policy
// counts for it as well as its own, which allows no address at all. A worker alone would be no
// boundary.
//
// # The snapshot
//
// Python's first start takes seconds; its memory afterwards, before any program has run, is kept
// like the parts, and later starts take it over. It has no hash of the build: a program of the same
// origin could forge it, and would be in the sandbox, where it can do what any program can.
//
// # The messages, version 1
//
// The page gives the frame `{ version, script, files }` and a port: the worker's script, and the
// bytes of the parts `interpreter`, `library` and `loopscope`, and `snapshot` if there is one. The
// frame gives both to the worker. Over the port:
//
// | from the page | `{ version, kind: "run", id, source, options }`, options as JSON |
// | | `{ version, kind: "add", id, packages }`: the bytes of the part `fastapi`, for all later runs |
// | to the page | `{ version, kind: "ready", python, snapshot }`: the memory after a start without a snapshot |
// | | `{ version, kind: "result", id, result, trace }` |
// | | `{ version, kind: "added", id }` |
// | | `{ version, kind: "failed", id, message }`: an option that is none |
// | | `{ version, kind: "spent" }`: the last program took so much memory that Python has to start anew |
// | | `{ version, kind: "broken", message }`: the worker is of no use any more |

/** Written in by the build (tools/page/python-runtime.mjs): the parts with their hashes, the packages of the part `fastapi`, and the frame. */
const { parts: PARTS, packages: PACKAGES, frame: FRAME } = globalThis.__RUNTIME__;

/** The part that only some programs need; none in a build that could not get it. */
const FASTAPI = PARTS.find(({ role }) => role === "fastapi");
const BASE = PARTS.filter((part) => part !== FASTAPI);

const VERSION = 1;
/** The module's own address. After a failed load the page names it with a fragment. */
const OWN = import.meta.url.split("#")[0];
const HERE = new URL("./", OWN).href;
/** Shared by all builds, whose unchanged parts have unchanged names. The service worker, which removes caches of old builds, leaves it: theirs begin with `loopscope-`. */
const CACHE = "loopscope.python";
/** What a run may compute unless its options say otherwise, and how much later it is ended from outside. */
const REAL_SECONDS = 10;
const GRACE_SECONDS = 5;

export class PythonError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "PythonError";
    this.code = code;
  }
}

const aborted = () => new DOMException("cancelled", "AbortError");

/** A line that imports one of the packages, e.g. `import time, fastapi` or `from fastapi.responses import …`. */
const IMPORT = new RegExp(`^[ \\t]*(?:from[ \\t]+|import[ \\t]+(?:[^,\\n#]*,)*[ \\t]*)(?:${PACKAGES.join("|")})\\b`, "m");

/** Whether a program needs the part `fastapi`. One that imports it by other means finds it missing. */
export const needsFastApi = (source) => IMPORT.test(source);

// Parts

async function isSound(bytes, integrity) {
  // Without a secure context there are neither hashes nor a cache.
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return integrity === `sha256-${btoa(String.fromCharCode(...digest))}`;
}

/** The cache, or nothing where the browser refuses it; a frame without an origin refuses its mention. */
const openCache = async () => {
  try {
    return await caches.open(CACHE);
  } catch {
    return undefined;
  }
};

/** Reads a response's bytes, and reports how many there are so far. */
async function readBytes(response, report) {
  const pieces = [];
  let length = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces.push(value);
    report(length += value.length);
  }
}

async function download({ name, integrity }, signal, report) {
  try {
    const response = await fetch(HERE + name, { signal });
    if (!response.ok) throw new PythonError("offline", `${name}: ${response.status}`);
    const bytes = await readBytes(response, report);
    if (await isSound(bytes, integrity)) return bytes;
  } catch (error) {
    if (signal.aborted || error instanceof PythonError) throw error;
    throw new PythonError("offline", `${name}: ${error.message}`);
  }
  throw new PythonError("damaged", `${name} is not the file of this build`);
}

/** A part from the cache, or from the network and then in the cache, as it is downloaded. */
async function packed(part, cache, signal, report) {
  const kept = await cache?.match(HERE + part.name).catch(() => undefined);
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (await isSound(bytes, part.integrity)) {
      report(part.bytes);
      return bytes;
    }
    // The service worker would answer the download with it.
    await cache.delete(HERE + part.name);
  }
  const bytes = await download(part, signal, report);
  // A full storage is no reason to fail.
  await cache?.put(HERE + part.name, new Response(bytes)).catch(() => {});
  return bytes;
}

const unpacked = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

/** The snapshot's address in the cache: it is of these parts in this browser. */
const SNAPSHOT = `${HERE}snapshot?${encodeURIComponent([...BASE.map(({ name }) => name), navigator.userAgent].join())}`;

const packedSnapshot = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).blob();

async function keptSnapshot() {
  const cache = await openCache();
  const kept = await cache?.match(SNAPSHOT).catch(() => undefined);
  return kept?.blob();
}

async function keepSnapshot(blob) {
  const cache = await openCache();
  await cache?.put(SNAPSHOT, new Response(blob));
}

async function dropSnapshot() {
  const cache = await openCache();
  await cache?.delete(SNAPSHOT);
}

/** Removes the parts of builds before this one, and keeps this module for a visit without a network. */
async function tidy(cache) {
  const names = new Set([...PARTS.map(({ name }) => HERE + name), SNAPSHOT, OWN]);
  if (!await cache.match(OWN)) await cache.add(OWN);
  for (const { url } of await cache.keys()) {
    if (url.startsWith(HERE) && !names.has(url)) await cache.delete(url);
  }
}

/** Parts by their roles, as unpacked bytes. */
async function loadParts(parts, onProgress, signal) {
  const cache = await openCache();
  const loaded = new Map();
  const sum = (lengths) => lengths.reduce((sum, length) => sum + length, 0);
  const all = sum(parts.map(({ bytes }) => bytes));
  // A part that fails ends the load; the others go on and are kept, unheard.
  let isOver = false;
  const entries = await Promise.all(parts.map(async (part) => {
    const bytes = await packed(part, cache, signal, (length) => {
      loaded.set(part, Math.min(length, part.bytes));
      if (!signal.aborted && !isOver) onProgress(sum([...loaded.values()]), all);
    });
    return [part.role, await unpacked(bytes)];
  })).finally(() => { isOver = true; });
  if (cache) tidy(cache).catch(() => {});
  return Object.fromEntries(entries);
}

// The sandbox

/**
 * Starts a script as a worker in the sandbox, and gives it `files`. Returns its port and the
 * function that ends it. `onBroken` is called if the worker does not start or throws.
 */
export function openSandbox(script, files, onBroken) {
  const frame = document.createElement("iframe");
  const { port1: port, port2: workersPort } = new MessageChannel();
  frame.setAttribute("sandbox", "allow-scripts");
  frame.hidden = true;
  frame.title = "Python";
  frame.srcdoc = FRAME;
  const onMessage = ({ source, data }) => {
    // Read as untrusted: the program may have written it.
    if (source === frame.contentWindow && data?.version === VERSION && data.kind === "broken") onBroken(String(data.message));
  };
  // The frame's own "*": an opaque origin has no name, and only this frame gets the message.
  frame.onload = () => frame.contentWindow.postMessage({ version: VERSION, script, files }, "*", [workersPort]);
  addEventListener("message", onMessage);
  document.body.append(frame);
  const end = () => {
    removeEventListener("message", onMessage);
    port.close();
    // Ends the worker as well, whatever it does.
    frame.remove();
  };
  return { port, end };
}

/** Python in a sandbox: `ready` resolves when it can run programs, with FastAPI if that is among its files. */
class Interpreter {
  #files;
  #sandbox;
  /** What the worker was asked for, by number. */
  #asked = new Map();
  #count = 0;
  #hasPackages = false;
  #onSpent;
  /** The packed snapshot from which it starts, and which it makes if it has none. */
  snapshot;

  constructor(files, snapshot, onSpent) {
    this.#files = files;
    this.snapshot = snapshot;
    this.#onSpent = onSpent;
    this.ready = new Promise((resolve, reject) => {
      this.started = resolve;
      this.failed = reject;
    });
    // A start in the background that fails is told by the next run.
    this.ready.catch(() => {});
    this.#open();
  }

  async #open() {
    const { worker, fastapi, ...files } = this.#files;
    const snapshot = await (this.snapshot && unpacked(this.snapshot).catch(() => undefined));
    if (this.isOver) return;
    this.#sandbox = openSandbox(worker, snapshot ? { ...files, snapshot } : files, (message) => this.#broken(message));
    this.#sandbox.port.onmessage = ({ data }) => this.#told(data);
  }

  #broken(message) {
    if (this.snapshot && !this.isReady && !this.isOver) {
      // It is damaged, or of a browser that reads it otherwise.
      this.snapshot = undefined;
      dropSnapshot().catch(() => {});
      this.#sandbox.end();
      this.#open();
      return;
    }
    this.failed(new PythonError("unsupported", message));
    this.end(new PythonError("broken", message));
  }

  #becomeReady({ python, snapshot }) {
    // Once: what comes later may be of a program.
    if (this.isReady) return;
    this.isReady = true;
    const { fastapi } = this.#files;
    Promise.resolve(fastapi && this.add(fastapi)).then(() => this.started({ python: String(python) }), this.failed);
    if (this.snapshot || !(snapshot instanceof ArrayBuffer)) return;
    packedSnapshot(snapshot).then((blob) => keepSnapshot(this.snapshot = blob)).catch(() => {});
  }

  #told(data) {
    if (data?.version !== VERSION) return;
    const { kind, id, message } = data;
    if (kind === "ready") this.#becomeReady(data);
    else if (kind === "broken") this.#broken(String(message));
    else if (kind === "spent") this.#onSpent();
    else if (kind === "result") this.#settle(id, "resolve", { result: String(data.result), trace: String(data.trace) });
    else if (kind === "added") this.#settle(id, "resolve");
    else if (kind === "failed") this.#settle(id, "reject", new PythonError("refused", String(message)));
  }

  #settle(id, how, what) {
    this.#asked.get(id)?.[how](what);
    this.#asked.delete(id);
  }

  /** The worker does one thing after another. */
  #ask(kind, content) {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#sandbox.port.postMessage({ version: VERSION, kind, id, ...content });
    });
  }

  run(source, options) {
    return this.#ask("run", { source, options });
  }

  /** Adds FastAPI, unless it is there. */
  async add(packages) {
    if (this.#hasPackages) return;
    await this.#ask("add", { packages });
    this.#hasPackages = true;
  }

  /** Ends the worker. What runs is rejected for this reason. */
  end(reason) {
    this.isOver = true;
    this.#sandbox?.end();
    this.failed(reason);
    for (const id of this.#asked.keys()) this.#settle(id, "reject", reason);
  }
}

/** The result of a program that could only be ended from outside. */
const overdue = (seconds) => JSON.stringify({
  schema: "loopscope.run/1",
  python: "",
  ending: "limit",
  message: `the program still computes after ${seconds} s of real time, the limit, and could not be interrupted`,
  exit_code: 1,
  total_ns: 0,
  is_exact: false,
  counts: { tasks: 0, calls_on_threads: 0, failed: 0, cancelled: 0 },
  lines: [],
  lines_omitted: 0,
  problems: [],
  waiting: [],
  blamed: [],
  notes: [],
  assumed: [],
  responses: [],
  words: `stopped: the program still computes after ${seconds} s of real time, the limit, and could not be interrupted\n`,
});

/** Python for one page; the head of this file says how it is used. */
export class Python {
  #files;
  #snapshot;
  /** The last call of `load` that goes on or has succeeded: its promise, its controller while it goes on, and whether it is with FastAPI. */
  #loading;
  #interpreter;
  #isBusy = false;
  /** The runs of `runFor`, at most one of each pane. The first one loads Python or runs. */
  #turns = [];
  #isServing = false;
  /** The downloaded and all bytes, while Python loads for them. */
  #loaded;

  /** `absent`, `loading`, `ready` or `running`. */
  get state() {
    if (this.#loading?.controller) return "loading";
    if (this.#isBusy) return "running";
    return this.#loading ? "ready" : "absent";
  }

  /** Downloads and starts Python. While it loads or is there, other calls get the same promise. */
  load({ onProgress = () => {}, signal, fastapi = false } = {}) {
    if (signal?.aborted) return Promise.reject(aborted());
    const before = this.#loading;
    if (before && (before.fastapi || !fastapi)) return before.promise;
    if (fastapi && !FASTAPI) return Promise.reject(new PythonError("no-fastapi", "this build of the page has no FastAPI"));
    const loading = { controller: new AbortController(), fastapi };
    const stop = () => loading.controller?.abort();
    signal?.addEventListener("abort", stop);
    // Python without FastAPI may be on its way: its files are used, and both are cancelled together.
    loading.controller.signal.addEventListener("abort", () => before?.controller?.abort());
    loading.promise = Promise.resolve(before?.promise)
      .then(() => this.#load(onProgress, loading.controller.signal, fastapi))
      .then((started) => {
        loading.isReady = true;
        return started;
      })
      .catch((error) => {
        // Python as it was before can still be used.
        if (this.#loading === loading) this.#loading = before?.isReady ? before : undefined;
        throw loading.controller.signal.aborted ? aborted() : error;
      })
      .finally(() => {
        loading.controller = undefined;
        signal?.removeEventListener("abort", stop);
      });
    return (this.#loading = loading).promise;
  }

  async #load(onProgress, signal, fastapi) {
    const parts = [...(this.#files ? [] : BASE), ...(fastapi ? [FASTAPI] : [])];
    const [files, snapshot] = await Promise.all([loadParts(parts, onProgress, signal), this.#snapshot ?? keptSnapshot()]);
    this.#files = { ...this.#files, ...files };
    this.#snapshot = snapshot;
    if (signal.aborted) throw aborted();
    const interpreter = this.#start();
    signal.addEventListener("abort", () => interpreter.end(aborted()));
    const started = await interpreter.ready;
    if (fastapi) await interpreter.add(this.#files.fastapi);
    return started;
  }

  #start() {
    if (this.#interpreter && !this.#interpreter.isOver) return this.#interpreter;
    if (this.#interpreter) this.#snapshot = this.#interpreter.snapshot;
    return (this.#interpreter = new Interpreter(this.#files, this.#snapshot, () => this.#startAnew()));
  }

  #startAnew() {
    this.#interpreter.end(aborted());
    this.#start();
  }

  /** Runs a program, and loads Python before if need be. */
  async run(source, options = {}) {
    if (this.#isBusy) throw new PythonError("busy", "a program runs already");
    this.#isBusy = true;
    try {
      await this.load({ fastapi: needsFastApi(source) });
      return await this.#run(source, { real_seconds: REAL_SECONDS, ...(typeof options === "string" ? JSON.parse(options) : options) });
    } finally {
      this.#isBusy = false;
      // Ready for the next run before it is asked for.
      if (this.#loading && this.#interpreter?.isOver) this.#start();
    }
  }

  async #run(source, options) {
    const interpreter = this.#start();
    await interpreter.ready;
    let isOverdue = false;
    const timer = setTimeout(() => {
      isOverdue = true;
      interpreter.end(aborted());
    }, 1_000 * (options.real_seconds + GRACE_SECONDS));
    try {
      return await interpreter.run(source, JSON.stringify(options));
    } catch (error) {
      if (isOverdue) return { result: overdue(options.real_seconds), trace: "null" };
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Loads Python and runs a program for a pane, once it is its turn: in the order in which the panes
   * asked. A new run of the same pane takes the place of its last one if that still waits or loads;
   * one under way is ended. `tell(event, one, other)` gets
   *
   * - 0 with the downloaded and all bytes, at most ten times a second,
   * - 4 while the program of another pane runs,
   * - 1 when the program begins,
   * - then 2 with result and trace, or 3 with the code of the failure and its message.
   */
  runFor(source, options, tell, pane) {
    const turn = { source, options, tell, pane };
    const before = this.#turns.find((other) => other.pane === pane);
    if (before && !before.hasBegun) {
      this.#turns[this.#turns.indexOf(before)] = turn;
      before.tell(3, "cancelled");
    } else {
      if (before) this.#drop(before);
      this.#turns.push(turn);
    }
    if (this.#turns[0].hasBegun) turn.tell(4);
    else if (this.#loaded) turn.tell(0, ...this.#loaded);
    this.#serve();
  }

  /** Runs one turn after another. */
  async #serve() {
    if (this.#isServing) return;
    this.#isServing = true;
    while (this.#turns.length) await this.#take(this.#turns[0]);
    this.#isServing = false;
  }

  async #take(turn) {
    let told = 0;
    // Replaced or cancelled meanwhile.
    const isGone = () => turn !== this.#turns[0];
    try {
      await this.load({
        fastapi: needsFastApi(turn.source),
        onProgress: (bytes, total) => {
          this.#loaded = [bytes, total];
          const now = performance.now();
          if (bytes < total && now - told < 100) return;
          told = now;
          // The download is for all of them, and for those that have replaced one.
          for (const { tell } of this.#turns) tell(0, bytes, total);
        },
      });
      this.#loaded = undefined;
      if (isGone()) return;
      turn.hasBegun = true;
      turn.tell(1);
      for (const { tell } of this.#turns.slice(1)) tell(4);
      if (isGone()) return;
      const { result, trace } = await this.run(turn.source, turn.options);
      this.#end(turn, 2, result, trace);
    } catch ({ name, code, message }) {
      this.#loaded = undefined;
      // What has no code is something that the browser lacks.
      this.#end(turn, 3, name === "AbortError" ? "cancelled" : code ?? "unsupported", message);
    }
  }

  #end(turn, ...outcome) {
    const place = this.#turns.indexOf(turn);
    // One that was dropped has been told.
    if (place < 0) return;
    this.#turns.splice(place, 1);
    turn.tell(...outcome);
  }

  #drop(turn) {
    const isFirst = turn === this.#turns[0];
    this.#end(turn, 3, "cancelled");
    // A download goes on for the turns that wait.
    if (isFirst && (turn.hasBegun || !this.#turns.length)) this.#stop();
  }

  /** Ends the run of a pane, whether it waits or goes on; without a pane, whatever goes on. */
  cancel(pane) {
    if (pane === undefined) return this.#stop();
    const turn = this.#turns.find((turn) => turn.pane === pane);
    if (turn) this.#drop(turn);
  }

  /** Ends what goes on: a download, a start, a run. */
  #stop() {
    if (this.#loading?.controller) this.#loading.controller.abort();
    else if (this.#isBusy) this.#interpreter?.end(aborted());
  }

  /** Frees the interpreter and its files. */
  close() {
    while (this.#turns.length) this.#drop(this.#turns.at(-1));
    this.#loading?.controller?.abort();
    this.#interpreter?.end(aborted());
    this.#files = this.#snapshot = this.#loading = this.#interpreter = undefined;
  }
}

globalThis.loopscopePython = new Python();
dispatchEvent(new Event("loopscope-python"));
