//! Requests to the reader of Python programs.

use serde::{Deserialize, Serialize};

use super::Program;
use super::panel::PanelNode;
use texts::Language;

/// Translates pasted Python into a script, without running it.
#[derive(Debug)]
pub(crate) enum PythonReader {}

impl Program for PythonReader {
    const NAME: &'static str = "python";
    type Request = PythonRequest;
    /// The script with a button to use it, and the notes about it.
    type Response = PanelNode;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PythonRequest {
    pub(crate) python: String,
    /// The reader's answers about libraries, e.g. `mine.fetch await 250ms`.
    pub(crate) library: String,
    pub(crate) language: Language,
}
