//! What the tests against real CPython and those in the browser share.
//!
//! - [`fingerprint`]: the traces of many programs, a line each.
//! - [`generate`]: random workloads from a seed; [`rng`] its numbers, [`taste`] its likings.
//! - [`layout`]: a workload as script text, with its lines and ids in order.
//! - [`observed`]: what a run showed, from a trace or from Python.
//! - [`prune`]: leaves out what nothing refers to.
//! - [`python`]: runs exported programs under the virtual loop.
//! - [`shrink`]: smaller workloads that might show the same divergence.

// Each test program uses a part of it.
#![allow(dead_code)]

pub(crate) mod fingerprint;
pub(crate) mod generate;
pub(crate) mod layout;
pub(crate) mod observed;
pub(crate) mod prune;
pub(crate) mod python;
pub(crate) mod rng;
pub(crate) mod shrink;
pub(crate) mod taste;
