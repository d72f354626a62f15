//! The model: workloads, traces, and everything that is derived from a trace.
//!
//! Two types are the narrow waists of the program: [`workload::Workload`], the input of a
//! simulation, and [`trace::Trace`], the log of a run. This crate is pure: it has no clock,
//! thread, environment or hash order. It leaves running a workload to `sim`, and drawing a
//! trace to `chart`.

pub mod cooperative;
pub mod limits;
pub mod replay;
pub mod sorting;
pub mod time;
pub mod trace;
pub mod workload;
