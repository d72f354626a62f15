//! A trace from a file: its loading state and its findings.

use super::fitted;
use crate::insight::{findings_of, findings_of_program};
use crate::protocol::analysis::LineCost;
use crate::protocol::panel::PanelNode;
use analysis::fit::FitSource;
use formats::import::{OpenError, Opened, Source, open_with_program};
use formats::program::ProgramSource;
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
    Due(Box<DueFindings>),
    Said(PanelNode),
    /// The trace is too long or from another tool.
    None,
}

/// The input of an analysis.
#[derive(Debug)]
pub(super) struct DueFindings {
    /// The script, or the texts of the program.
    text: String,
    workload: Workload,
    trace: Trace,
    is_program: bool,
    /// What the program printed, line by line.
    printed: Vec<String>,
}

/// The data that the page needs to draw the trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) source: Source,
    /// Of a Python program: its lines and names.
    pub(super) program: Option<Box<ProgramSource>>,
    pub(super) trace: Trace,
}

/// Reads a trace. `None` if that fails; then the state has the error.
pub(super) fn read(name: String, bytes: &[u8]) -> (TraceFile, Option<Drawn>) {
    match read_trace(name.clone(), bytes) {
        Ok((open, drawn)) => (TraceFile::Open(Box::new(open)), Some(drawn)),
        Err(error) => (TraceFile::Failed(name, error), None),
    }
}

/// Reads a trace. If it is one of a Python program, it gets the program's lines and names.
pub(super) fn read_trace(name: String, bytes: &[u8]) -> Result<(OpenedTrace, Drawn), OpenError> {
    let (opened, run) = open_with_program(bytes)?;
    let Opened {
        mut workload,
        trace,
        source,
        left_out,
    } = opened;
    let mut printed = Vec::new();
    let program = run.map(|run| {
        run.rename(&mut workload);
        printed.extend(run.printed().map(str::to_owned));
        Box::new(ProgramSource::of(&run, &workload))
    });
    // Only noted here: the analysis takes long, and the chart should not wait for it.
    let findings = match &source {
        Source::Script(script) if trace.log.len() <= RECORDS_MAX => {
            let text = program.as_ref().map_or(script, |program| &program.text);
            Findings::Due(Box::new(DueFindings {
                text: text.clone(),
                workload,
                trace: trace.clone(),
                is_program: program.is_some(),
                printed,
            }))
        }
        Source::Script(_) | Source::Names(_) => Findings::None,
    };
    let open = OpenedTrace {
        name: name.clone(),
        left_out,
        is_ours: matches!(source, Source::Script(_)),
        findings,
    };
    let drawn = Drawn {
        name,
        source,
        program,
        trace,
    };
    Ok((open, drawn))
}

impl TraceFile {
    /// Analyses the trace if that is due. Called after the page got the trace.
    pub(super) fn look(&mut self, language: Language) {
        if let Self::Open(open) = self
            && let Findings::Due(due) = std::mem::replace(&mut open.findings, Findings::None)
        {
            open.findings = Findings::Said(due.panel(language));
        }
    }
}

impl DueFindings {
    fn panel(self, language: Language) -> PanelNode {
        let script = self.as_script(language);
        let Self {
            text,
            workload,
            trace,
            is_program,
            ..
        } = self;
        let findings = if is_program {
            findings_of_program(text, workload, trace, language).0
        } else {
            findings_of(text, workload, trace, language)
        };
        PanelNode::Several(vec![script, findings])
    }

    fn as_script(&self, language: Language) -> PanelNode {
        let printed: Vec<&str> = self.printed.iter().map(String::as_str).collect();
        let source = FitSource {
            workload: &self.workload,
            text: &self.text,
            is_program: self.is_program,
            printed: &printed,
        };
        fitted::view(source, &self.trace, language)
    }
}

impl OpenedTrace {
    /// The findings about the trace of a program, and the cost of its lines. `None` for a trace
    /// that is too long.
    pub(super) fn program_findings(self, language: Language) -> Option<(PanelNode, Vec<LineCost>)> {
        match self.findings {
            Findings::Due(due) if due.is_program => {
                let script = due.as_script(language);
                let DueFindings {
                    text,
                    workload,
                    trace,
                    ..
                } = *due;
                let (findings, costs) = findings_of_program(text, workload, trace, language);
                Some((PanelNode::Several(vec![script, findings]), costs))
            }
            Findings::Due(_) | Findings::Said(_) | Findings::None => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const PROGRAM: &[u8] = include_bytes!("../../tests/traces/program.json");
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
    fn a_program_has_findings_with_its_own_lines_and_without_remedies() {
        let html = found(PROGRAM);
        assert!(html.contains("line 14"), "{html}");
        assert!(!html.contains("class=\"small fix\""), "{html}");
    }

    #[test]
    fn a_trace_becomes_a_script_at_a_click() {
        for bytes in [PROGRAM, &ours()] {
            let html = found(bytes);
            assert!(html.contains("As a script</button>"), "{html}");
            assert!(html.contains(", as in the run"), "{html}");
        }
    }

    #[test]
    fn what_the_page_draws_is_what_was_read() {
        for bytes in [VIZTRACER, &ours(), PROGRAM] {
            let (opened, run) = open_with_program(bytes).expect("a trace");
            let (_, drawn) = read("x.json".to_owned(), bytes);
            let drawn = drawn.expect("a trace");
            let mut workload = match drawn.source {
                Source::Script(script) => script::parse(&script).workload.expect("no errors"),
                Source::Names(names) => names.workload(),
            };
            let mut expected = opened.workload;
            if let Some(run) = &run {
                run.rename(&mut expected);
            }
            if let Some(program) = drawn.program {
                program.rename(&mut workload);
            }
            // A drawing is of what happened, whichever Python it happened on.
            expected.machine.python = workload.machine.python;
            assert_eq!(workload, expected);
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
