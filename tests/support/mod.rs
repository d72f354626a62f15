//! Modules shared by the tests against CPython and the tests in the browser.
//!
//! - [`bodies`]: random bodies of tasks.
//! - [`fingerprint`]: the traces of many programs, one line each.
//! - [`generate`]: random workloads from a seed, with numbers from [`rng`] and weights from
//!   [`taste`].
//! - [`layout`]: a workload as script text, with lines and ids in order.
//! - [`observed`]: the visible events of a run, from a trace or from Python.
//! - [`prune`]: removes unused tasks and resources.
//! - [`python`]: runs exported programs on CPython.
//! - `scripts`, `python_lines`: random valid scripts, and lines of Python. Their users include
//!   these files by path.
//! - [`shrink`]: smaller workloads that may show the same divergence.

// Each test program uses only some of the modules.
#![allow(dead_code)]

pub(crate) mod bodies;
pub(crate) mod fingerprint;
pub(crate) mod generate;
pub(crate) mod layout;
pub(crate) mod observed;
pub(crate) mod prune;
pub(crate) mod python;
pub(crate) mod rng;
pub(crate) mod shrink;
pub(crate) mod taste;
