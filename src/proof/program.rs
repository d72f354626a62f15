//! The strip below a Python program that runs in the page: the progress of its run, its output
//! with virtual times, its errors with their lines.
//!
//! The result (`loopscope.run/1`, docs/python-runtime.md) was in the hands of the program, so it
//! is read as untrusted: every field may be missing or wrong, and every list is cut.

use serde::Deserialize;

use super::file::{self, Drawn, OpenedTrace};
use super::program_words as words;
use super::python_failure::PythonFailure;
use crate::protocol::RequestId;
use crate::protocol::panel::{PanelAction, PanelElement, PanelNode, el, marked};
use crate::protocol::real_run::{ProgramEvent, ProgramMark, RealRunResponse};
use crate::state::sentences::spoken;
use chart::scene::{Kind, Words};
use formats::import::OpenError;
use formats::program::{ProgramEnding, translated};
use model::limits::HORIZON;
use model::sorting::sort_by_number;
use model::time::SimDuration;
use model::trace::State;
use texts::Language;

/// Bytes of a result: ten thousand lines of output are below it.
const RESULT_BYTES_MAX: usize = 32 << 20;
/// Lines of output in the strip. More make the page slow, and a terminal shows all of them.
const LINES_MAX: usize = 500;
/// Characters of a line; a program may print a megabyte without a line feed.
const CHARS_MAX: usize = 500;
/// Errors, waiting tasks and notes, each.
const ITEMS_MAX: usize = 20;
/// Lines that led to an error: the innermost ones.
const CALLERS_MAX: usize = 5;

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
    Running,
    /// The code of the failure.
    Failed(String),
    Unreadable,
    Result(Box<RunResult>, Option<OpenError>),
}

/// The fields of a result that the strip shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RunResult {
    python: String,
    ending: ProgramEnding,
    message: String,
    total_ns: u64,
    is_exact: Option<bool>,
    counts: Counts,
    lines: Vec<OutputLine>,
    lines_omitted: u64,
    problems: Vec<Problem>,
    waiting: Vec<Waiting>,
    notes: Vec<Note>,
    responses: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Response {
    route: String,
    status: Option<u32>,
    latency_ns: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Counts {
    tasks: u64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OutputLine {
    at_ns: u64,
    stream: String,
    text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LineOfFile {
    file: String,
    line: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    kind: String,
    message: String,
    place: Option<LineOfFile>,
    source: String,
    called_from: Vec<Option<LineOfFile>>,
    task: Option<String>,
    advice: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Waiting {
    name: String,
    state: Option<State>,
    place: Option<LineOfFile>,
    source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Note {
    place: Option<LineOfFile>,
    text: String,
}

/// The name of the program's file, as `python/loopscope/embedded.py` has it.
const FILE: &str = "program.py";

impl LineOfFile {
    /// The line, if it is one of the program itself.
    fn own(place: Option<&Self>) -> Option<u32> {
        let place = place.filter(|place| place.file == FILE);
        place.map(|place| place.line).filter(|&line| line > 0)
    }
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
        let result = Some(result).filter(|result| result.len() <= RESULT_BYTES_MAX);
        let result = result.and_then(|result| serde_json::from_str::<RunResult>(result).ok());
        let Some(result) = result else {
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

impl RunResult {
    fn panel(&self, error: Option<&OpenError>, language: Language) -> PanelNode {
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
            el("ul.program-answers").kids(self.answers(language)).into(),
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

    /// The answers of an app by route: e.g. `GET /ping: 100 × 200; answered after 20 s (median), at
    /// most 30 s`.
    fn answers(&self, language: Language) -> Vec<PanelNode> {
        let mut routes: Vec<&str> = Vec::new();
        for Response { route, .. } in &self.responses {
            if !routes.contains(&&**route) && routes.len() < ITEMS_MAX {
                routes.push(route);
            }
        }
        let line = |route: &str| {
            let of_route = || self.responses.iter().filter(|one| one.route == route);
            let mut statuses: Vec<(Option<u32>, usize)> = Vec::new();
            for Response { status, .. } in of_route() {
                match statuses.iter_mut().find(|(found, _)| found == status) {
                    Some((_, count)) => *count += 1,
                    None => statuses.push((*status, 1)),
                }
            }
            let counted = statuses.iter().take(ITEMS_MAX);
            let counted = counted.map(|&(status, count)| words::answers(language, count, status));
            let counted: Vec<String> = counted.collect();
            let mut text = [&cut(route), ": ", &counted.join(", ")].concat();
            let mut latencies: Vec<u64> = of_route().filter_map(|one| one.latency_ns).collect();
            sort_by_number(&mut latencies, |&latency| latency);
            if let Some(&slowest) = latencies.last() {
                let median = latencies[(latencies.len() - 1) / 2];
                let [median, slowest] = [median, slowest].map(|nanos| time(nanos, language));
                text += "; ";
                text += &words::answered_after(language, &median, &slowest);
            }
            el("li").text(text).into()
        };
        routes.into_iter().map(line).collect()
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

/// What the program needs, and where it runs.
fn needs_fastapi(language: Language) -> PanelElement {
    el("div.trouble")
        .kid(el("p").kid(marked(words::NEEDS_FASTAPI.of(language))))
        .kid(el("p.command").kid(el("code").text("loopscope run app.py")))
}

/// E.g. `ZeroDivisionError: division by zero (in task fetch)`.
fn said(problem: &Problem, language: Language) -> String {
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

fn time(nanos: u64, language: Language) -> String {
    spoken(
        language,
        SimDuration::from_nanos(nanos.min(HORIZON.as_nanos())),
    )
}

/// The text without invisible letters, cut after [`CHARS_MAX`].
fn cut(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::file::tests::PROGRAM;

    const RUN: RequestId = RequestId(3);

    /// The strip after this result, as HTML.
    fn html(result: &str, trace: &[u8], language: Language) -> String {
        let mut program = ProgramPanel::default();
        let (output, _) = program.ran(RUN, language, result, trace);
        match output {
            Some(RealRunResponse::ProgramOutput { run, panel, .. }) if run == RUN => panel.html(),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check(result: &str, has: &[&str]) {
        let html = html(result, b"null", Language::En);
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
    }

    const FINISHED: &str = r#"{"python": "3.14.2", "ending": "finished", "total_ns": 5000000000,
        "is_exact": true, "counts": {"tasks": 3},
        "lines": [{"at_ns": 1000000000, "stream": "stdout", "text": "<b>hi\u0007", "place": null},
                  {"at_ns": 2000000000, "stream": "stderr", "text": "oh"}]}"#;

    #[test]
    fn output_has_its_virtual_times() {
        check(
            FINISHED,
            &[
                "Ended at 5 s",
                "CPython 3.14.2",
                ">1 s</button><code>&lt;b>hi\u{fffd}</code>",
                "class=\"stderr\"",
            ],
        );
        let korean = html(FINISHED, b"null", Language::Ko);
        assert!(korean.contains("1초</button>"), "{korean}");
    }

    #[test]
    fn an_error_has_its_line_and_plain_words() {
        let result = r#"{"ending": "error", "problems": [{"kind": "TypeError", "message": "no",
            "place": {"file": "program.py", "line": 7}, "source": "await 3", "task": "fetch",
            "called_from": [{"file": "program.py", "line": 9}, null, {"file": "/lib/x.py", "line": 1}],
            "advice": "`await` works inside `async def` only."}]}"#;
        check(
            result,
            &[
                ">line 7</button>TypeError: no (in task fetch)",
                "<pre>await 3</pre>",
                "called from line 9",
                "<code>async def</code> only.",
            ],
        );
        let mut program = ProgramPanel::default();
        let (output, _) = program.ran(RUN, Language::En, result, b"null");
        let Some(RealRunResponse::ProgramOutput { marks, .. }) = output else {
            panic!("no output");
        };
        assert_eq!((marks.len(), marks[0].line), (1, 7));
    }

    #[test]
    fn answers_are_counted_by_route() {
        let answer = |status: &str, seconds: u64| {
            format!(
                r#"{{"route": "GET /ping", "status": {status}, "latency_ns": {seconds}000000000}}"#
            )
        };
        let answers = [answer("200", 10), answer("200", 30), answer("null", 20)].join(", ");
        check(
            &format!(r#"{{"responses": [{answers}, {{"route": "GET /<b>"}}]}}"#),
            &[
                "<li>GET /ping: 2 × 200, 1 × no answer; answered after 20 s (median), at most 30 s</li>",
                "<li>GET /&lt;b>: 1 × no answer</li>",
            ],
        );
    }

    #[test]
    fn a_missing_fastapi_says_where_it_runs() {
        check(
            r#"{"ending": "error", "problems": [{"kind": "ModuleNotFoundError", "message": "No module named 'fastapi'"}]}"#,
            &["<code>loopscope run app.py</code>"],
        );
    }

    #[test]
    fn a_build_without_fastapi_says_where_it_runs() {
        let mut program = ProgramPanel::default();
        let failed = ProgramEvent::Failed("no-fastapi".to_owned());
        let Some(RealRunResponse::ProgramOutput { panel, .. }) =
            program.news(RUN, Language::En, &failed)
        else {
            panic!("no output");
        };
        let html = panel.html();
        assert!(html.contains("<code>loopscope run app.py</code>"), "{html}");
    }

    #[test]
    fn a_deadlock_says_who_waits() {
        check(
            r#"{"ending": "deadlock", "waiting": [{"name": "f", "state": "waiting_event",
                "place": {"file": "program.py", "line": 4}, "source": "await e.wait()"}]}"#,
            &[
                ">line 4</button><b>f</b>: waiting for a signal",
                "<code>await e.wait()</code>",
            ],
        );
    }

    #[test]
    fn any_text_is_survived() {
        let times = r#"{"total_ns": 18446744073709551615, "lines": [{"at_ns": 18446744073709551615, "text": "x"}],
            "problems": [{"place": {"file": "program.py", "line": 0}}], "lines_omitted": 18446744073709551615}"#;
        for result in [
            "",
            "[]",
            "{}",
            "nul",
            r#"{"lines": 3}"#,
            r#"{"ending": "odd"}"#,
            times,
        ] {
            for trace in [&b""[..], b"null", b"{}", PROGRAM] {
                for language in Language::ALL {
                    html(result, trace, language);
                }
            }
        }
        let long = format!(r#"{{"lines": [{{"text": "{}"}}]}}"#, "가".repeat(100_000));
        assert!(html(&long, b"null", Language::Ko).len() < 10_000);
    }

    #[test]
    fn a_trace_is_drawn_with_its_findings() {
        let mut program = ProgramPanel::default();
        let (_, trace) = program.ran(RUN, Language::En, FINISHED, PROGRAM);
        let (open, drawn) = trace.expect("a trace");
        assert!(drawn.program.is_some());
        let (panel, margin) = open.program_findings(Language::En).expect("findings");
        assert!(panel.html().contains("line 14"));
        assert_eq!(margin.first().map(|cost| cost.line), Some(14));
    }

    #[test]
    fn news_of_an_older_run_say_nothing_in_another_language() {
        let mut program = ProgramPanel::default();
        let news = |program: &mut ProgramPanel, run, event| program.news(run, Language::Ko, &event);
        let running = news(&mut program, RUN, ProgramEvent::Running);
        assert!(running.is_some());
        assert!(news(&mut program, RequestId(2), ProgramEvent::Translated).is_none());
        assert!(news(&mut program, RUN, ProgramEvent::Translated).is_some());
    }
}
