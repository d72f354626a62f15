//! Readers of trace files: our own format, and the Trace Event Format, e.g. of VizTracer.
//!
//! A file becomes a [`Workload`] and a [`Trace`], as a simulation has them, so that the same
//! charts show it. Files are untrusted: sizes are bounded, unknown events are counted, and every
//! index and time is checked.
//!
//! - [`ours`]: `loopscope.trace/1`, with the script that ran.
//! - [`chrome`]: the Trace Event Format; [`slices`]: its nested slices as states;
//!   [`names`]: the replacement for the script that it lacks.

mod chrome;
mod names;
mod ours;
mod slices;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use names::ForeignNames;

use crate::program::ProgramRun;
use model::trace::Trace;
use model::workload::Workload;
use texts::{Language, say};

/// The largest trace file: 64 MiB.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// The most events of a file, or records in our format.
const EVENTS_MAX: usize = 2_000_000;
/// The most threads and tasks; a chart with more is not readable. Lane ids have 16 bits.
const ROWS_MAX: usize = 10_000;

/// The content of a trace file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The workload of the script. For a trace of another tool, only names and lines.
    pub workload: Workload,
    pub trace: Trace,
    pub source: Source,
    /// The number of events that were ignored as unknown or invalid.
    pub left_out: usize,
}

/// The source from which the workload can be rebuilt, e.g. in another web worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Script(String),
    Names(ForeignNames),
}

/// Reasons why a trace file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Larger than [`FILE_BYTES_MAX`].
    TooLarge,
    /// Not JSON, or JSON that does not fit our format.
    Unreadable(String),
    /// JSON, but not a trace.
    NoTrace,
    /// A trace in our format that contains a script with errors.
    Script,
    /// A trace without anything to draw.
    Empty,
    /// More events or rows than the limits allow.
    TooMany,
}

/// The fields that identify the format.
#[derive(Default, Deserialize)]
struct FormatFields<'a> {
    schema: Option<String>,
    /// Our own trace, in a file that we exported to Perfetto.
    #[serde(borrow)]
    loopscope: Option<&'a RawValue>,
}

/// Reads a trace file. Detects its format by the field `schema`, or by the trace in an export to
/// Perfetto.
pub fn open(bytes: &[u8]) -> Result<Opened, OpenError> {
    open_with_program(bytes).map(|(opened, _)| opened)
}

/// Reads a trace file, and the Python program if it is the trace of one. The lines and names of
/// the workload are those of the script until [`ProgramRun::rename`].
pub fn open_with_program(bytes: &[u8]) -> Result<(Opened, Option<ProgramRun>), OpenError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(OpenError::TooLarge);
    }
    // Chrome's format may also be a list of events, which has no fields.
    let fields = serde_json::from_slice::<FormatFields>(bytes).unwrap_or_default();
    let (opened, program) = match (fields.schema, fields.loopscope) {
        (Some(schema), _) if schema == ours::SCHEMA => ours::open(bytes),
        (Some(_), _) => Err(OpenError::NoTrace),
        (None, Some(own)) => ours::open(own.get().as_bytes()),
        (None, None) => chrome::open(bytes).map(|opened| (opened, None)),
    }?;
    // Each reader clamps indices. This final check protects the analysis and the charts, which
    // index without checks.
    if opened.trace.is_of(&opened.workload) {
        Ok((opened, program))
    } else {
        Err(OpenError::NoTrace)
    }
}

impl OpenError {
    /// The words after `cannot open FILE:`.
    pub fn message(&self, language: Language) -> String {
        let mib = FILE_BYTES_MAX >> 20;
        match self {
            Self::TooLarge => say!(
                language,
                "it is larger than {mib} MiB; record a shorter time",
                mib
            ),
            Self::Unreadable(error) => say!(language, "it is not a trace in JSON: {error}", error),
            Self::NoTrace => say!(
                language,
                "it is JSON, but not a trace; open a file from `loopscope verify --trace` or VizTracer"
            ),
            Self::Script => say!(
                language,
                "the script in it has errors; record the trace again with `loopscope verify --trace`"
            ),
            Self::Empty => say!(
                language,
                "it has nothing to draw: no slice has both a start and an end"
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
