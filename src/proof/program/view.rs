//! The strip after a run as nodes: how it ended, its errors, its output, its notes.

use super::answers::answers_by_route;
use super::result::{LineOfFile, Note, OutputLine, Problem, RunResult, Waiting, cut};
use crate::proof::program_words as words;
use crate::protocol::panel::{PanelAction, PanelElement, PanelNode, el, marked};
use crate::state::sentences::spoken;
use chart::scene::{Kind, Words};
use formats::import::OpenError;
use formats::program::{ProgramEnding, translated};
use model::limits::HORIZON;
use model::time::SimDuration;
use texts::Language;

/// Lines of output in the strip. More make the page slow, and a terminal shows all of them.
const LINES_MAX: usize = 500;
/// Errors, waiting tasks, notes and routes, each.
pub(super) const ITEMS_MAX: usize = 20;
/// Lines that led to an error: the innermost ones.
const CALLERS_MAX: usize = 5;

impl RunResult {
    /// The whole strip. `error` says why the trace has no chart.
    pub(super) fn panel(&self, error: Option<&OpenError>, language: Language) -> PanelNode {
        let problems = self.problems.iter().take(ITEMS_MAX);
        let waiting = self.waiting.iter().take(ITEMS_MAX);
        let notes = self.notes.iter().take(ITEMS_MAX);
        let waiting = (!self.waiting.is_empty()).then(|| {
            el("ul.program-waiting").kids(waiting.map(|task| one_waiting(task, language)))
        });
        PanelNode::Several(vec![
            self.status(language).into(),
            PanelNode::Several(problems.map(|one| problem(one, language)).collect()),
            waiting.into(),
            el("ul.program-answers")
                .kids(answers_by_route(&self.responses, language))
                .into(),
            self.output(language),
            el("ul.program-notes")
                .kid(
                    (self.is_exact == Some(false))
                        .then(|| el("li").text(words::NOT_EXACT.of(language))),
                )
                .kids(notes.map(|each| note(each, language)))
                .kid(error.map(|error| {
                    let error = error.message(language);
                    el("li").kid(marked(&words::no_chart(language, &error)))
                }))
                .into(),
        ])
    }

    /// How it ended: e.g. `Ended at 5 s: 3 tasks on CPython 3.14.2.`
    fn status(&self, language: Language) -> PanelElement {
        let total = time(self.total_ns, language);
        let python = cut(&self.python);
        let line = match self.ending {
            ProgramEnding::Finished => {
                return el("p.program-status.good").set("role", "status").text(
                    words::program_ended(language, &total, self.counts.tasks, &python),
                );
            }
            ProgramEnding::Error => words::program_failed_at(language, &total, &python),
            ProgramEnding::Deadlock => words::program_stuck(language, &total, &python),
            ProgramEnding::Exit | ProgramEnding::Limit | ProgramEnding::Refused => {
                let why = cut(&translated(&self.message, language));
                words::program_stopped(language, &why, &total)
            }
        };
        el("p.program-status.bad")
            .set("role", "status")
            .kid(marked(&line))
    }

    fn output(&self, language: Language) -> PanelNode {
        if self.lines.is_empty() {
            return el("p.none").text(words::NO_OUTPUT.of(language)).into();
        }
        let line = |line: &OutputLine| -> PanelNode {
            let at = PanelAction::At(line.at_ns.min(HORIZON.as_nanos()));
            el("li")
                .class_if(line.stream == "stderr", "stderr")
                .kid(
                    el("button.at")
                        .set("type", "button")
                        .text(time(line.at_ns, language))
                        .on_click(at),
                )
                .kid(el("code").text(cut(&line.text)))
                .into()
        };
        let rest = self.lines.len().saturating_sub(LINES_MAX) as u64;
        let rest = rest.saturating_add(self.lines_omitted);
        let more = || el("li.none").text(words::more_output(language, rest));
        el("ol.program-output")
            .set("aria-label", words::OUTPUT.of(language))
            .kids(self.lines.iter().take(LINES_MAX).map(line))
            .kid((rest > 0).then(more))
            .into()
    }
}

/// An error: its line, the line's text, and what to do.
fn problem(problem: &Problem, language: Language) -> PanelNode {
    let callers = problem.called_from.iter().rev();
    let mut callers: Vec<String> = callers
        .filter_map(|place| LineOfFile::own(place.as_ref()))
        .take(CALLERS_MAX)
        .map(|line| words::program_line(language, line))
        .collect();
    callers.reverse();
    let advice = problem.advice.as_ref();
    let is_fastapi = problem.kind == "ModuleNotFoundError"
        && ["'fastapi'", "'starlette'"].map(|name| problem.message.contains(name)) != [false; 2];
    let source = || el("pre").text(cut(&problem.source));
    el("div.program-problem")
        .kid(
            el("p")
                .kid(place(problem.place.as_ref(), language))
                .text(said(problem, language)),
        )
        .kid((!problem.source.is_empty()).then(source))
        .kid(
            (!callers.is_empty())
                .then(|| el("p.hint").text(words::called_from(language, &callers.join(", ")))),
        )
        .kid(match advice {
            _ if is_fastapi => needs_fastapi(language).into(),
            Some(advice) => el("p")
                .kid(marked(&cut(&translated(advice, language))))
                .into(),
            None => PanelNode::NOTHING,
        })
        .into()
}

/// Says that the program needs FastAPI, and shows the command that runs it.
pub(super) fn needs_fastapi(language: Language) -> PanelElement {
    el("div.trouble")
        .kid(el("p").kid(marked(words::NEEDS_FASTAPI.of(language))))
        .kid(el("p.command").kid(el("code").text("loopscope run app.py")))
}

/// E.g. `ZeroDivisionError: division by zero (in task fetch)`.
pub(super) fn said(problem: &Problem, language: Language) -> String {
    let mut text = cut(&problem.kind);
    if !problem.message.is_empty() {
        text = format!("{text}: {}", cut(&translated(&problem.message, language)));
    }
    match &problem.task {
        Some(task) => format!("{text} {}", words::in_task(language, &cut(task))),
        None => text,
    }
}

fn one_waiting(task: &Waiting, language: Language) -> PanelNode {
    let kind = task.state.and_then(|state| Kind::of(state, None));
    let doing = kind.map_or("", |kind| Words(language).kind(kind));
    el("li")
        .kid(place(task.place.as_ref(), language))
        .kid(el("b").text(cut(&task.name)))
        .text(format!(": {doing} "))
        .kid(el("code").text(cut(&task.source)))
        .into()
}

fn note(note: &Note, language: Language) -> PanelNode {
    el("li")
        .kid(place(note.place.as_ref(), language))
        .kid(marked(&cut(&translated(&note.text, language))))
        .into()
}

/// The button that shows a line of the program; nothing for a line of another file.
fn place(place: Option<&LineOfFile>, language: Language) -> Option<PanelElement> {
    let line = LineOfFile::own(place)?;
    Some(
        el("button.link")
            .set("type", "button")
            .text(words::program_line(language, line))
            .on_click(PanelAction::Line(line)),
    )
}

pub(super) fn time(nanos: u64, language: Language) -> String {
    spoken(
        language,
        SimDuration::from_nanos(nanos.min(HORIZON.as_nanos())),
    )
}
