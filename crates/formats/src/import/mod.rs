//! Traces from files: our own, and Chrome's format as VizTracer writes it.
//!
//! A file becomes what a simulation makes, a [`Workload`] and a [`Trace`], so
//! that the same chart shows it. Files come from anywhere: sizes are bounded,
//! what is unknown is counted, and nothing in them is believed to be in range.
//!
//! - [`ours`]: `loopscope.trace/1`, with the script that ran.
//! - [`chrome`]: the Trace Event Format; [`slices`]: its nested slices as states;
//!   [`names`]: what stands for the script that it has not.

mod chrome;
mod names;
mod ours;
mod slices;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use names::Names;

use model::trace::Trace;
use model::workload::Workload;
use texts::{Language, say};

/// Larger files are not read.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Events of a file, or records of one of ours.
const EVENTS_MAX: usize = 2_000_000;
/// Threads and tasks; a chart of more says nothing.
const ROWS_MAX: usize = 10_000;

/// What a file held.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The script that ran; of other tools' traces, names and lines alone.
    pub workload: Workload,
    pub trace: Trace,
    pub source: Source,
    /// Events that mean nothing here, or are impossible.
    pub left_out: usize,
}

/// What a workload can be made of again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Script(String),
    Names(Names),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    TooLarge,
    /// No JSON, or not as deep and as large as any trace.
    Unreadable(String),
    /// JSON, but of something else.
    NoTrace,
    /// Ours, with a script that has errors.
    Script,
    /// There is nothing to draw.
    Empty,
    TooMany,
}

/// Only what says whose file it is.
#[derive(Deserialize)]
struct Kind {
    schema: Option<String>,
}

pub fn open(bytes: &[u8]) -> Result<Opened, OpenError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(OpenError::TooLarge);
    }
    // Chrome's format may also be the list of events alone.
    let kind = serde_json::from_slice::<Kind>(bytes).ok();
    let opened = match kind.and_then(|kind| kind.schema) {
        Some(schema) if schema == ours::SCHEMA => ours::open(bytes),
        Some(_) => Err(OpenError::NoTrace),
        None => chrome::open(bytes),
    }?;
    // Each format brings what it can into range; nothing behind here has to ask again.
    match opened.trace.is_of(&opened.workload) {
        true => Ok(opened),
        false => Err(OpenError::NoTrace),
    }
}

impl OpenError {
    pub fn message(&self, language: Language) -> String {
        let mib = FILE_BYTES_MAX >> 20;
        match self {
            Self::TooLarge => say!(
                language,
                "it is larger than {mib} MiB; record a shorter time",
                mib
            ),
            Self::Unreadable(error) => say!(language, "it is no trace in JSON: {error}", error),
            Self::NoTrace => say!(
                language,
                "it is JSON, but no trace; open what `verify --trace` or VizTracer wrote"
            ),
            Self::Script => say!(
                language,
                "the script in it has errors; it was not written by `verify --trace`"
            ),
            Self::Empty => say!(
                language,
                "there is nothing in it to draw: no slice with a beginning and an end"
            ),
            Self::TooMany => say!(
                language,
                "it has more than {events_max} events or {rows_max} threads and tasks; record a shorter time",
                events_max = EVENTS_MAX,
                rows_max = ROWS_MAX
            ),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}
