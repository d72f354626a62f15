//! Verifications on real runtimes, through the command line.
//!
//! A busy machine does not fail these tests: they accept the verdict "too noisy", and check only
//! which tasks ran, how they ended, and that nothing is left behind. The other tests take minutes
//! and need a quiet machine: `make test-long`.

#![cfg(not(target_arch = "wasm32"))]

mod asyncio;
mod calibrate;
mod celery;
mod ends;
mod fastapi;
mod kills;
mod lessons;
mod local;
mod programs;
mod supervisor;
mod support;
