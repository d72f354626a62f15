//! `loopscope serve`, tested over raw sockets: its answers, its refusals, and that it still serves
//! afterwards.
//!
//! A test name such as `c8_…` begins with the number of an attack in docs/companion-api.md.

#![cfg(not(target_arch = "wasm32"))]

mod codes;
mod ends;
mod malformed;
mod pressure;
mod refused;
mod support;
mod verified;
mod without_page;
