// The worker inside the sandboxed frame: CPython by Pyodide, with python/loopscope.
//
// Bundled with Pyodide's own two scripts into one classic script, so that no script is loaded
// from an address. What Pyodide would fetch comes by message. `client.js` lists the messages.

import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";

import { afterLoading, start } from "./interpreter.js";

/** Nothing is ever asked from this address; `fetch` below answers for it. */
const NOWHERE = "https://python.invalid/";
const TYPES = { "pyodide.asm.wasm": "application/wasm" };

onmessage = async ({ data: { version, files }, ports: [port] }) => {
  onmessage = null;
  const post = (kind, content) => port.postMessage({ version, kind, ...content });
  try {
    const parts = { [`${NOWHERE}pyodide.asm.wasm`]: files.interpreter, [`${NOWHERE}library.zip`]: files.library };
    self.fetch = async (address) => {
      const bytes = parts[String(address)];
      if (!bytes) throw new TypeError(`no file ${address}`);
      return new Response(bytes, { headers: { "content-type": TYPES[String(address).slice(NOWHERE.length)] ?? "application/zip" } });
    };
    // Pyodide's test for classic workers: in those it would not run, and this one has no address.
    self.importScripts = () => { throw new TypeError("no scripts"); };
    const interpreter = await start(loadPyodide, {
      indexURL: NOWHERE,
      stdLibURL: `${NOWHERE}library.zip`,
      createPyodideModule,
    }, files.loopscope, files.snapshot);
    afterLoading(self);
    port.onmessage = ({ data }) => {
      if (data.version !== version) return;
      const { kind, id, packages, source, options } = data;
      if (kind === "add") {
        try {
          interpreter.add(packages);
          post("added", { id });
        } catch (error) {
          post("broken", { message: String(error) });
        }
      }
      if (kind !== "run") return;
      try {
        post("result", { id, ...interpreter.run(source, options) });
      } catch (error) {
        post(interpreter.isBroken(error) ? "broken" : "failed", { id, message: interpreter.words(error) });
        return;
      }
      // After the answer: it takes some milliseconds.
      if (!interpreter.reset()) post("spent");
    };
    const { python, snapshot } = interpreter;
    delete interpreter.snapshot;
    port.postMessage({ version, kind: "ready", python, snapshot: snapshot?.buffer }, snapshot ? [snapshot.buffer] : []);
  } catch (error) {
    post("broken", { message: String(error) });
  }
};
