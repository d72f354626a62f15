//! A [`Workload`](crate::workload::Workload) written as a program for a real runtime.
//!
//! What is exported is what is verified: the tests and the companion run these
//! very programs. Nothing here runs anything.

mod asyncio;
mod python;

pub use asyncio::asyncio;
