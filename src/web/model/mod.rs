//! What the page shows and says, without a browser.
//!
//! - [`state`]: the state, the actions, `reduce`; [`shown`]: a finished run.
//! - [`lessons`], [`experiments`]: the gallery.
//! - [`tokens`], [`completion`], [`nudge`], [`declare`]: the script as text that is edited.
//! - [`words`], [`sentences`]: everything that is said, in every language.

// The components are not there natively to use all of it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub(super) mod completion;
pub(super) mod declare;
pub(super) mod experiments;
pub(super) mod lessons;
pub(super) mod nudge;
pub(super) mod sentences;
pub(super) mod shown;
pub(super) mod state;
pub(super) mod tokens;
pub(super) mod words;
