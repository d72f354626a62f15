//! The result of a run, as the program left it (`loopscope.run/1`, docs/python-runtime.md).
//!
//! It was in the hands of the program, so it is read as untrusted: every field may be missing or
//! wrong. [`super::view`] cuts its lists.

use serde::Deserialize;

use formats::program::ProgramEnding;
use model::trace::State;

/// The name of the program's file, as `python/loopscope/embedded.py` has it.
pub(super) const FILE: &str = "program.py";

/// Bytes of a result: ten thousand lines of output are below it.
const RESULT_BYTES_MAX: usize = 32 << 20;
/// Characters of a line; a program may print a megabyte without a line feed.
const CHARS_MAX: usize = 500;

/// The fields of a result that the strip shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RunResult {
    pub(super) python: String,
    pub(super) ending: ProgramEnding,
    pub(super) message: String,
    pub(super) total_ns: u64,
    pub(super) is_exact: Option<bool>,
    pub(super) counts: Counts,
    pub(super) lines: Vec<OutputLine>,
    pub(super) lines_omitted: u64,
    pub(super) problems: Vec<Problem>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) notes: Vec<Note>,
    pub(super) responses: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Response {
    pub(super) route: String,
    pub(super) status: Option<u32>,
    pub(super) latency_ns: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    pub(super) tasks: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OutputLine {
    pub(super) at_ns: u64,
    pub(super) stream: String,
    pub(super) text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LineOfFile {
    pub(super) file: String,
    pub(super) line: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) place: Option<LineOfFile>,
    pub(super) source: String,
    pub(super) called_from: Vec<Option<LineOfFile>>,
    pub(super) task: Option<String>,
    pub(super) advice: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Waiting {
    pub(super) name: String,
    pub(super) state: Option<State>,
    pub(super) place: Option<LineOfFile>,
    pub(super) source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Note {
    pub(super) place: Option<LineOfFile>,
    pub(super) text: String,
}

impl RunResult {
    /// Reads the result; `None` if it is too long or no result.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = Some(text).filter(|text| text.len() <= RESULT_BYTES_MAX)?;
        serde_json::from_str(text).ok()
    }
}

impl LineOfFile {
    /// The line, if it is one of the program itself.
    pub(super) fn own(place: Option<&Self>) -> Option<u32> {
        let place = place.filter(|place| place.file == FILE);
        place.map(|place| place.line).filter(|&line| line > 0)
    }
}

/// The text without invisible letters, cut after [`CHARS_MAX`].
pub(super) fn cut(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\t' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    };
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => text[..end].chars().map(shown).chain(['…']).collect(),
        None => text.chars().map(shown).collect(),
    }
}
