//! The panel *Prove it*: proves a script on the page's own Python, runs it in real time through a
//! companion on this machine, and opens traces from files.
//!
//! It is a separate program in a web worker, which the page loads when the panel is first opened.
//! The page sends the script and the reader's input ([`RealRunRequest`]). The worker talks to
//! the companion (`docs/companion-api.md`) and sends the panel back as data
//! ([`RealRunResponse`]), after each change.
//!
//! [`RealRunRequest`]: crate::protocol::real_run::RealRunRequest
//! [`RealRunResponse`]: crate::protocol::real_run::RealRunResponse
//!
//! - [`panel_state`]: the state of the panel, and its reaction to each event. Does no I/O itself.
//! - [`python_proof`]: the proof on the page's own Python; [`python_view`]: its nodes and texts;
//!   [`python_failure`]: the failures of Python itself. The comparison is [`formats::proof`].
//! - [`companion`]: addresses and secrets; the check that a companion may have the token.
//! - [`lines`]: the messages of a companion; its report is [`formats::verification`].
//! - [`view`], [`result`], [`words`]: the panel's nodes and texts. [`drawing`]: the judged and
//!   the measured bars, in the table and on the chart.
//! - [`mod@file`], [`file_view`]: traces from files; [`fitted`]: a trace as a script.
//! - [`program`]: the output of a Python program that ran in the page.
//! - `wire`: the I/O, in the worker.

// In a native build only the tests use these modules.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod companion;
mod drawing;
mod file;
mod file_view;
mod fitted;
mod lines;
mod panel_state;
mod program;
mod program_words;
mod python_failure;
mod python_proof;
mod python_view;
mod result;
mod trouble;
mod view;
#[cfg(target_arch = "wasm32")]
mod wire;
mod words;

#[cfg(target_arch = "wasm32")]
pub(crate) use wire::receive;
