// The script inside the sandboxed frame: starts the worker and gives it the page's port.
//
// The frame has an opaque origin and a policy that allows blobs as workers, WebAssembly, and
// nothing else (tools/page/python-runtime.mjs). The worker inherits both. `client.js` tells the
// rest.
addEventListener("message", ({ source, data, ports }) => {
  if (source !== parent) return;
  const { version, script, files } = data;
  const tell = (message) => parent.postMessage({ version, kind: "broken", message }, "*");
  try {
    // A classic worker: Chromium refuses module workers from blobs of an opaque origin.
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    worker.onerror = (event) => tell(event.message || "the worker did not start");
    worker.postMessage({ version, files }, [...ports, ...Object.values(files)]);
  } catch (error) {
    tell(String(error));
  }
}, { once: true });
