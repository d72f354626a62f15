//! Downloads besides the script: charts, traces, figures and programs.
//!
//! A separate program in a worker that the page starts for each file, so that it can be
//! cancelled and its memory is freed afterwards. Plain Rust; the page sends the script and the
//! trace that it shows.

// In a native build only the tests use parts of this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use crate::protocol;
use crate::protocol::files::{FileMaker, FileRequest, FileResponse};
use chart::paint::svg::SvgTheme;
use chart::scene::{By, Theme};
use chart::standalone::{ChartOptions, draw_svg};
use formats::export::{asyncio, perfetto};
use formats::report::{self, Report};
use model::trace::codec::TraceDecoder;
use model::trace::{AnalysedRun, Trace};

/// A response, and the file that is attached to it.
pub(crate) type FileReply = (Vec<u8>, Option<Vec<u8>>);

/// The response to an encoded request with the chunks of its trace; `None` if the request cannot
/// be decoded.
pub(crate) fn respond(
    request: &[u8],
    chunks: impl IntoIterator<Item = Vec<u8>>,
) -> Option<FileReply> {
    let mut file = None;
    let response = protocol::respond::<FileMaker>(request, |request| {
        file = decoded(chunks).and_then(|trace| content(&request, trace));
        match file {
            Some(_) => FileResponse::Made,
            None => FileResponse::Refused,
        }
    })?;
    Some((response, file))
}

fn decoded(chunks: impl IntoIterator<Item = Vec<u8>>) -> Option<Trace> {
    let mut chunks = chunks.into_iter();
    // Each chunk is dropped once it is decoded: otherwise the trace would be in memory twice.
    let mut decoding = TraceDecoder::begin(&chunks.next()?)?;
    for chunk in chunks {
        decoding.add(&chunk)?;
    }
    decoding.finish()
}

/// `None` for an unknown kind of file, and if script and trace do not belong together.
fn content(request: &FileRequest, trace: Trace) -> Option<Vec<u8>> {
    let run = AnalysedRun::of(script::parse(&request.script).workload?, trace);
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
        Some(draw_svg(&run, &options).into_bytes())
    };
    let mut bytes = Vec::new();
    match request.kind.as_str() {
        "svg" => return svg(SvgTheme::Auto),
        "light" => return svg(SvgTheme::Fixed(Theme::Light)),
        "dark" => return svg(SvgTheme::Fixed(Theme::Dark)),
        // The only kind that does not need the trace.
        "python" => return Some(asyncio(run.workload()).into_bytes()),
        "trace" => perfetto(&request.script, run.workload(), run.trace(), &mut bytes).ok()?,
        "csv" => {
            let report = Report {
                run: &run,
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
    use crate::protocol::{Request, RequestId, Response};
    use model::trace::codec;
    use sim::simulate;
    use texts::Language;

    const SCRIPT: &str = "a: cpu 1 -> await 2\n";

    /// The file of this kind; `None` if it is refused.
    fn made(kind: &str, script: &str) -> Option<Vec<u8>> {
        let kind = FileRequest {
            kind: kind.to_owned(),
            script: script.to_owned(),
            by_thread: false,
            language: Language::Ko,
        };
        let workload = script::parse(SCRIPT).workload.expect("no errors");
        let mut chunks = Vec::new();
        codec::encode_chunks(&simulate(&workload), |chunk| chunks.push(chunk.to_vec()));
        let id = RequestId(1);
        let (response, file) =
            respond(&protocol::encode(&Request { id, kind }), chunks).expect("a request");
        let response: Response<FileResponse> = protocol::decode(&response).expect("a response");
        assert_eq!(response.kind == FileResponse::Made, file.is_some());
        file
    }

    #[track_caller]
    fn check(kind: &str, begins: &str) {
        let text = String::from_utf8(made(kind, SCRIPT).expect("a file")).expect("a text");
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
        assert_eq!(made("exe", SCRIPT), None);
        assert_eq!(made("svg", "a: awiat 1"), None);
        assert_eq!(respond(&[], []), None);
    }
}
