//! Downloads besides the script: charts, traces, figures and programs.
//!
//! A separate program in a worker that the page starts for each file, so that it can be
//! cancelled and its memory is freed afterwards. Plain Rust; the page sends the script and the
//! trace that it shows.

use serde::{Deserialize, Serialize};

use crate::protocol;
use chart::paint::svg::SvgTheme;
use chart::scene::{By, Theme};
use chart::standalone::{ChartOptions, draw_svg};
use formats::export::{asyncio, perfetto};
use formats::report::{self, Report};
use model::trace::codec::TraceDecoder;
use model::trace::expectation::judge;
use model::trace::{Trace, summarize};
use texts::Language;

/// The parameters of a file, besides its trace.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FileRequest {
    /// The kind of file, e.g. `"svg"`; `model::download::File` has all of them.
    pub(crate) kind: String,
    pub(crate) script: String,
    pub(crate) by_thread: bool,
    pub(crate) language: Language,
}

/// The file for an encoded request and the chunks of its trace. Empty if the request cannot be
/// answered.
pub fn file(request: &[u8], parcels: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let read = || {
        let request = protocol::decode(request)?;
        content(&request, &decoded(parcels)?)
    };
    read().unwrap_or_default()
}

fn decoded(parcels: impl IntoIterator<Item = Vec<u8>>) -> Option<Trace> {
    let mut parcels = parcels.into_iter();
    // Each chunk is dropped once it is decoded: otherwise the trace would be in memory twice.
    let mut decoding = TraceDecoder::begin(&parcels.next()?)?;
    for parcel in parcels {
        decoding.add(&parcel)?;
    }
    decoding.finish()
}

/// `None` for an unknown kind of file, and if script and trace do not belong together.
fn content(request: &FileRequest, trace: &Trace) -> Option<Vec<u8>> {
    let workload = script::parse(&request.script).workload?;
    let svg = |theme| {
        let options = ChartOptions {
            by: if request.by_thread {
                By::Threads
            } else {
                By::Tasks
            },
            language: request.language,
            theme,
            ..ChartOptions::default()
        };
        Some(draw_svg(&workload, trace, &options).into_bytes())
    };
    let mut bytes = Vec::new();
    match request.kind.as_str() {
        "svg" => return svg(SvgTheme::Auto),
        "light" => return svg(SvgTheme::Fixed(Theme::Light)),
        "dark" => return svg(SvgTheme::Fixed(Theme::Dark)),
        // The only kind that does not need the trace.
        "python" => return Some(asyncio(&workload).into_bytes()),
        "trace" => perfetto(&workload, trace, &mut bytes).ok()?,
        "csv" => {
            let summary = summarize(&workload, trace);
            let report = Report {
                workload: &workload,
                trace,
                verdicts: &judge(&workload, trace, &summary),
                summary: &summary,
                // The CSV has one line per instance, so it needs neither findings nor a formula.
                findings: &[],
                formula: None,
            };
            report::write_csv(report, &mut bytes).ok()?;
        }
        _ => return None,
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::codec;
    use sim::simulate;

    const SCRIPT: &str = "a: cpu 1 -> await 2\n";

    fn made(kind: &str, script: &str) -> Vec<u8> {
        let request = FileRequest {
            kind: kind.to_owned(),
            script: script.to_owned(),
            by_thread: false,
            language: Language::Ko,
        };
        let workload = script::parse(SCRIPT).workload.expect("no errors");
        let mut parcels = Vec::new();
        codec::encode_chunks(&simulate(&workload), |parcel| parcels.push(parcel.to_vec()));
        file(&protocol::encode(&request), parcels)
    }

    #[track_caller]
    fn check(kind: &str, begins: &str) {
        let text = String::from_utf8(made(kind, SCRIPT)).expect("a text");
        assert!(text.starts_with(begins), "{}", &text[..60]);
    }

    #[test]
    fn each_kind_is_a_file_of_its_own_format() {
        check("svg", "<svg");
        check("light", "<svg");
        check("dark", "<svg");
        check("trace", "{");
        check("csv", "name,number,role");
        check("python", "\"\"\"");
    }

    #[test]
    fn what_makes_no_sense_makes_no_file() {
        assert!(made("exe", SCRIPT).is_empty());
        assert!(made("svg", "a: awiat 1").is_empty());
        assert!(file(b"noise", []).is_empty());
    }
}
