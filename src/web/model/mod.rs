//! What the page shows and says, without a browser.
//!
//! - [`state`]: what there is; [`action`]: what can happen; `reduce`, `rewriting`, `travel`:
//!   what follows; [`shown`]: a finished run.
//! - [`lessons`]: the gallery; [`drafts`]: scripts that were replaced; [`autosave`]: when the
//!   script is stored; [`download`]: files.
//! - [`embedded`]: the page inside of another one.
//! - [`tour`]: for whoever is here for the first time.
//! - [`table`]: the chart in lines; [`insight`]: the closer look.
//! - [`tokens`], [`completion`], [`nudge`], [`declare`]: the script as text that is edited.
//! - [`words`], [`sentences`], [`steps`], [`bars`]: everything that is said, in every language.

// The components are not there natively to use all of it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub(super) mod action;
pub(super) mod autosave;
pub(super) mod bars;
pub(super) mod choices;
pub(super) mod completion;
pub(super) mod declare;
pub(super) mod download;
pub(super) mod drafts;
pub(super) mod embed_code;
pub(super) mod embedded;
pub(super) mod insight;
pub(super) mod lessons;
pub(super) mod nudge;
pub(super) mod number;
pub(super) mod opened;
pub(super) mod proof;
mod reduce;
mod rewriting;
pub(super) mod sentences;
pub(super) mod shown;
pub(super) mod speed;
pub(super) mod state;
pub(super) mod steps;
pub(super) mod table;
pub(super) mod tokens;
pub(super) mod tour;
mod travel;
#[cfg(test)]
pub(super) mod trial;
pub(super) mod units;
pub(super) mod words;
