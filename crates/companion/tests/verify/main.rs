//! Scripts on real runtimes, through the command line.
//!
//! A loaded machine fails none of these: what the verification itself calls too
//! noisy is accepted, and only who ran, how it ended and what is left behind is
//! demanded. The rest takes minutes and a quiet machine: `make test-long`.

#![cfg(not(target_arch = "wasm32"))]

mod asyncio;
mod calibrate;
mod celery;
mod ends;
mod fastapi;
mod kills;
mod lessons;
mod local;
mod supervisor;
mod support;
