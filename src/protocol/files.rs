//! Requests to the program that makes files for download.

use serde::{Deserialize, Serialize};

use super::Program;
use texts::Language;

#[derive(Debug)]
pub(crate) enum FileMaker {}

impl Program for FileMaker {
    const NAME: &'static str = "files";
    type Request = FileRequest;
    type Response = FileResponse;
}

/// The parameters of a file. The chunks of the trace are attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileRequest {
    /// The kind of file, e.g. `"svg"`; `state::download::File` has all of them.
    pub(crate) kind: String,
    pub(crate) script: String,
    pub(crate) by_thread: bool,
    pub(crate) language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FileResponse {
    /// The bytes of the file are attached.
    Made,
    /// The kind of file is unknown, or script and trace do not belong together.
    Refused,
}
