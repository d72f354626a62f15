//! Python in: the reader against CPython's own, and what becomes of real programs.

#![cfg(not(target_arch = "wasm32"))]

mod any_text;
mod cases;
mod corpus;
mod deep;
mod objects;
#[path = "../support/python_lines.rs"]
mod python_lines;
