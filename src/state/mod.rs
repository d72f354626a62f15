//! The page's state, actions and texts, without a browser.
//!
//! - [`parsed`]: a parsed script; [`small_run`]: runs on the page's own thread.
//! - [`State`]: the state; [`action`]: the actions; `reduce`, `rewriting`, `travel`: the
//!   reducer; [`effect`]: what the browser must do after an action; [`shown`]: a completed run.
//! - [`lessons`]: the gallery; `first`: the headline of the first script; [`drafts`]: scripts that were replaced; [`autosave`]: when the
//!   script is stored; [`unsaved`]: which text is stored then; [`download`]: files.
//! - [`embedded`]: the page embedded in another page.
//! - [`tour`]: the tour for newcomers.
//! - [`program`]: the Python side of the script's card; [`python`]: Python that becomes a script.
//! - [`table`]: the chart as lines of text; [`insight`]: the analysis.
//! - [`moment`]: the comparison of a run with the one before an edit; [`active_lines`]: the lines
//!   at work at the cursor.
//! - [`tokens`], [`completion`]: colours and proposals for the editor.
//! - [`words`], [`sentences`], [`steps`], [`bars`]: all texts of the page.

// Native builds have no components, so parts of this are unused there.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub(super) mod action;
pub(super) mod active_lines;
pub(super) mod autosave;
pub(super) mod bars;
pub(super) mod choices;
pub(super) mod completion;
pub(super) mod course;
pub(super) mod download;
pub(super) mod drafts;
pub(super) mod effect;
pub(super) mod embed_code;
pub(super) mod embedded;
mod first;
pub(super) mod insight;
pub(super) mod lessons;
pub(super) mod moment;
pub(super) mod number;
pub(super) mod opened;
mod page_state;
pub(super) mod parsed;
pub(super) mod program;
pub(super) mod proof;
pub(super) mod python;
mod reduce;
mod rewriting;
pub(super) mod sentences;
pub(super) mod shown;
pub(super) mod small_run;
pub(super) mod speed;
pub(super) mod steps;
pub(super) mod table;
pub(super) mod tokens;
pub(super) mod tour;
mod travel;
#[cfg(test)]
pub(super) mod trial;
pub(super) mod unsaved;
pub(super) mod words;

pub(crate) use page_state::{
    BeforeChange, Cursor, Dialog, Notice, Phase, Pointed, Saving, Sheet, State, View,
};
