// What the editor of a Python program has more than that of a script, loaded when the Python side is
// first opened.

export { tokens } from "./highlight.js";
export { loadBar } from "./load.js";
