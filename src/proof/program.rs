//! The strip below a Python program that runs in the page: the progress of its run, its output
//! with virtual times, its errors with their lines.
//!
//! - `result`: the result of a run, read as untrusted.
//! - `view`: its nodes; `answers`: the answers of a FastAPI app, by route.

mod answers;
mod result;
#[cfg(test)]
mod tests;
mod view;

use self::result::{FILE, LineOfFile, Problem, RunResult, cut};
use self::view::{ITEMS_MAX, needs_fastapi, said};
use super::file::{self, Drawn, OpenedTrace};
use super::program_words as words;
use super::python_failure::PythonFailure;
use crate::protocol::RequestId;
use crate::protocol::panel::{PanelNode, el};
use crate::protocol::real_run::{ProgramEvent, ProgramMark, RealRunResponse};
use formats::import::OpenError;
use formats::program::translated;
use texts::Language;

/// The program's last run.
#[derive(Debug, Default)]
pub(super) struct ProgramPanel {
    run: RequestId,
    shown: Shown,
}

#[derive(Debug, Default)]
enum Shown {
    #[default]
    Nothing,
    Loading(u32, u32),
    Waiting,
    Running,
    /// The code of the failure.
    Failed(String),
    Unreadable,
    Result(Box<RunResult>, Option<OpenError>),
}

impl ProgramPanel {
    /// The panel after an event without a result; `None` if it is about an older run.
    pub(super) fn news(
        &mut self,
        run: RequestId,
        language: Language,
        event: &ProgramEvent,
    ) -> Option<RealRunResponse> {
        match event {
            ProgramEvent::Loading(bytes, all) => self.shown = Shown::Loading(*bytes, *all),
            ProgramEvent::Waiting => self.shown = Shown::Waiting,
            ProgramEvent::Running => self.shown = Shown::Running,
            ProgramEvent::Failed(code) => self.shown = Shown::Failed(code.clone()),
            ProgramEvent::Translated if run == self.run => {}
            ProgramEvent::Translated | ProgramEvent::Ran => return None,
        }
        self.run = run;
        Some(self.output(language))
    }

    /// The panel after a run, and its trace.
    pub(super) fn ran(
        &mut self,
        run: RequestId,
        language: Language,
        result: &str,
        trace: &[u8],
    ) -> (Option<RealRunResponse>, Option<(OpenedTrace, Drawn)>) {
        self.run = run;
        let Some(result) = RunResult::read(result) else {
            self.shown = Shown::Unreadable;
            return (Some(self.output(language)), None);
        };
        // `null` stands for a trace with too many records.
        let opened = match trace {
            b"null" => Err(OpenError::TooMany),
            _ => file::read_trace(FILE.to_owned(), trace),
        };
        let (opened, error) = match opened {
            Ok(opened) => (Some(opened), None),
            // A program that does not compile has done nothing.
            Err(OpenError::Empty) => (None, None),
            Err(error) => (None, Some(error)),
        };
        self.shown = Shown::Result(Box::new(result), error);
        (Some(self.output(language)), opened)
    }

    fn output(&self, language: Language) -> RealRunResponse {
        RealRunResponse::ProgramOutput {
            run: self.run,
            panel: self.panel(language),
            marks: self.marks(language),
        }
    }

    /// The errors in the program's own file, for its editor.
    fn marks(&self, language: Language) -> Vec<ProgramMark> {
        let Shown::Result(result, _) = &self.shown else {
            return Vec::new();
        };
        let mark = |problem: &Problem| {
            let mut text = said(problem, language);
            if let Some(advice) = &problem.advice {
                text = format!("{text}\n{}", cut(&translated(advice, language)));
            }
            Some(ProgramMark {
                line: LineOfFile::own(problem.place.as_ref())?,
                text,
            })
        };
        let problems = result.problems.iter().take(ITEMS_MAX);
        problems.filter_map(mark).collect()
    }

    fn panel(&self, language: Language) -> PanelNode {
        let status = |text: String| el("p.program-status").set("role", "status").text(text);
        match &self.shown {
            Shown::Nothing => PanelNode::NOTHING,
            Shown::Loading(bytes, all) if bytes < all => PanelNode::Several(vec![
                status(words::downloading_python(language, *bytes, *all)).into(),
                el("progress")
                    .set("max", all.to_string())
                    .set("value", bytes.to_string())
                    .label(words::DOWNLOADING_PYTHON.of(language))
                    .into(),
            ]),
            Shown::Loading(..) => status(words::STARTING_PYTHON.of(language).to_owned()).into(),
            Shown::Waiting => status(words::PROGRAM_WAITS.of(language).to_owned()).into(),
            Shown::Running => status(words::PROGRAM_RUNS.of(language).to_owned()).into(),
            Shown::Failed(code) if code == "cancelled" => {
                status(words::PROGRAM_CANCELLED.of(language).to_owned()).into()
            }
            // This build of the page could not get it.
            Shown::Failed(code) if code == "no-fastapi" => {
                needs_fastapi(language).set("role", "alert").into()
            }
            Shown::Failed(code) => {
                let failure = PythonFailure::of(code, String::new());
                let [what, remedy] = failure.words(language);
                el("div.trouble")
                    .set("role", "alert")
                    .set("data-code", failure.code())
                    .kid(el("p.bad").text(what))
                    .kid(el("p").text(remedy))
                    .into()
            }
            Shown::Unreadable => el("p.bad")
                .set("role", "alert")
                .text(words::RESULT_UNREADABLE.of(language))
                .into(),
            Shown::Result(result, error) => result.panel(error.as_ref(), language),
        }
    }
}
