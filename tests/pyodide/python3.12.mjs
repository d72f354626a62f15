#!/usr/bin/env node
// CPython 3.12 by Pyodide, as a command: `python3.12.mjs SCRIPT ARGUMENT…` or `python3.12.mjs -c CODE`.
//
// `LOOPSCOPE_PYTHON=tests/pyodide/python3.12.mjs cargo test --test asyncio_differential` compares the
// simulator with it. Reads the standard input, and files of this repository.

import { loadPyodide } from "pyodide-3.12";
import { run } from "./command.mjs";

await run(loadPyodide);
