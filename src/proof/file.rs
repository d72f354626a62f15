//! A trace from a file: its loading state and its findings.

use crate::insight::findings_of;
use crate::protocol::panel::PanelNode;
use formats::import::{OpenError, Opened, Source, open};
use model::trace::Trace;
use model::workload::Workload;
use texts::Language;

/// The number of records up to which a trace is analysed. The analysis of a longer one takes too
/// long. Traces of other tools are never analysed, because they do not contain the reason why a
/// task waits.
const RECORDS_MAX: usize = 400_000;

/// The state of the last file.
#[derive(Debug, Default)]
pub(super) enum TraceFile {
    #[default]
    None,
    Reading(String),
    Failed(String, OpenError),
    Open(Box<OpenedTrace>),
}

/// An opened trace.
#[derive(Debug)]
pub(super) struct OpenedTrace {
    pub(super) name: String,
    /// The number of events in the file that have no meaning here.
    pub(super) left_out: usize,
    /// Loopscope wrote the file.
    pub(super) is_ours: bool,
    pub(super) findings: Findings,
}

/// The findings of an opened trace.
#[derive(Debug)]
pub(super) enum Findings {
    /// Not analysed yet; the input of the analysis.
    Due(Box<(String, Workload, Trace)>),
    Said(PanelNode),
    /// The trace is too long or from another tool.
    None,
}

/// The data that the page needs to draw the trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) trace: Trace,
}

/// Reads a trace. `None` if that fails; then the state has the error.
pub(super) fn read(name: String, bytes: &[u8]) -> (TraceFile, Option<Drawn>) {
    let Opened {
        workload,
        trace,
        source,
        left_out,
    } = match open(bytes) {
        Ok(opened) => opened,
        Err(error) => return (TraceFile::Failed(name, error), None),
    };
    // Only noted here: the analysis takes long, and the chart should not wait for it.
    let findings = match &source {
        Source::Script(script) if trace.log.len() <= RECORDS_MAX => {
            Findings::Due(Box::new((script.clone(), workload, trace.clone())))
        }
        Source::Script(_) | Source::Names(_) => Findings::None,
    };
    let is_ours = matches!(source, Source::Script(_));
    let open = OpenedTrace {
        name: name.clone(),
        left_out,
        is_ours,
        findings,
    };
    let drawn = Drawn {
        name,
        source,
        trace,
    };
    (TraceFile::Open(Box::new(open)), Some(drawn))
}

impl TraceFile {
    /// Analyses the trace if that is due. Called after the page got the trace.
    pub(super) fn look(&mut self, language: Language) {
        if let Self::Open(open) = self
            && let Findings::Due(run) = std::mem::replace(&mut open.findings, Findings::None)
        {
            let (script, workload, trace) = *run;
            open.findings = Findings::Said(findings_of(script, workload, trace, language));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const VIZTRACER: &[u8] = include_bytes!("../../tests/traces/viztracer.json");

    /// The trace file of a simulated script that blocks the event loop.
    pub(crate) fn ours() -> Vec<u8> {
        let script =
            "async def a: block 3s \"requests.get\"\nasync def b: await 1s\nrun 2 a\nrun b\n";
        let workload = script::parse(script).workload.expect("no errors");
        let origin = formats::export::trace::Origin {
            script,
            runtime: None,
            versions: &std::collections::BTreeMap::new(),
            scale: 1.0,
        };
        let mut bytes = Vec::new();
        let trace = sim::simulate(&workload);
        formats::export::trace::trace(origin, &trace, &mut bytes).expect("memory takes it");
        bytes
    }

    fn found(bytes: &[u8]) -> String {
        let (mut file, drawn) = read("x.json".to_owned(), bytes);
        assert!(drawn.is_some(), "{file:?}");
        file.look(Language::En);
        match file {
            TraceFile::Open(open) => match open.findings {
                Findings::Said(node) => node.html(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_trace_of_ours_has_the_findings_of_its_script() {
        let html = found(&ours());
        assert!(html.contains("data-code=\"blocking_on_loop\""), "{html}");
    }

    #[test]
    fn nothing_is_found_in_what_another_tool_does_not_say() {
        let (file, drawn) = read("x.json".to_owned(), VIZTRACER);
        assert!(drawn.is_some());
        let is_quiet =
            matches!(&file, TraceFile::Open(open) if matches!(open.findings, Findings::None));
        assert!(is_quiet, "{file:?}");
    }

    #[test]
    fn what_the_page_draws_is_what_was_read() {
        for bytes in [VIZTRACER, &ours()] {
            let opened = open(bytes).expect("a trace");
            let (_, drawn) = read("x.json".to_owned(), bytes);
            let drawn = drawn.expect("a trace");
            let workload = match drawn.source {
                Source::Script(script) => script::parse(&script).workload,
                Source::Names(names) => Some(names.workload()),
            };
            assert_eq!(workload, Some(opened.workload));
            assert_eq!(drawn.trace, opened.trace);
        }
    }

    #[test]
    fn what_is_no_trace_says_why() {
        let error = |bytes: &[u8]| match read("x.json".to_owned(), bytes) {
            (TraceFile::Failed(_, error), None) => error,
            other => panic!("{other:?}"),
        };
        assert!(matches!(error(b"{\"a\": [1,"), OpenError::Unreadable(_)));
        assert_eq!(error(b"{\"a\": 1}"), OpenError::NoTrace);
    }
}
