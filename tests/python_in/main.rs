//! The Python reader: its parser compared with CPython's, and the scripts that programs become.

#![cfg(not(target_arch = "wasm32"))]

mod any_text;
mod cases;
mod corpus;
mod deep;
mod objects;
mod projects;
#[path = "../support/python_lines.rs"]
mod python_lines;
