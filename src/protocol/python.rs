//! Requests to the reader and writer of Python programs.

use serde::{Deserialize, Serialize};

use super::Program;
use super::panel::PanelNode;
use texts::Language;

/// Translates pasted Python into a script, without running it, and a script into Python.
#[derive(Debug)]
pub(crate) enum PythonReader {}

impl Program for PythonReader {
    const NAME: &'static str = "python";
    type Request = PythonRequest;
    type Response = PythonResponse;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PythonRequest {
    /// The script of a program.
    Read {
        python: String,
        /// The reader's answers about libraries, e.g. `mine.fetch await 250ms`.
        library: String,
        language: Language,
    },
    /// The program of a script.
    Write { script: String },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum PythonResponse {
    /// The script with a button to use it, and the notes about it; the script alone.
    Reading {
        panel: PanelNode,
        script: String,
    },
    Written(WrittenProgram),
}

/// The asyncio program of a script; empty for a script with errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrittenProgram {
    pub(crate) text: String,
    /// Lines of the program and the lines of the script that they come from, both from 1.
    pub(crate) lines: Vec<(u32, u32)>,
}
