//! `loopscope serve`, asked over raw sockets: what it answers, what it refuses,
//! and that it still serves afterwards.
//!
//! The names begin with the attack of the security list that they are about
//! (docs/companion-api.md).

#![cfg(not(target_arch = "wasm32"))]

mod codes;
mod ends;
mod malformed;
mod pressure;
mod refused;
mod support;
mod verified;
mod without_page;
