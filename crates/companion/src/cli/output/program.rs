//! The result of a Python program as text: its output, the chart, its errors, the findings.
//!
//! `run app.py` and `open trace.json` print the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::outcome::RunOutcome;
use super::picture::text_options;
use super::{blame, deadlock, findings, peaks, table};
use crate::cli::args::TextChartArgs;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use crate::cli::words::Say;
use analysis::why::findings::Finding;
use chart::paint::text::plain;
use chart::scene::label::brief;
use chart::scene::words::Words;
use chart::standalone::draw_text;
use formats::program::{Problem, ProgramEnding, ProgramRun, Site, translated};
use model::limits::DETAIL_RECORDS_MAX;
use model::time::SimDuration;
use texts::{say, text};

/// Lines of output; `--format json` has all of them.
const LINES_MAX: usize = 200;
/// Characters of such a line. A program may print a megabyte without a line feed.
const LINE_CHARS_MAX: usize = 1_000;
const PROBLEMS_MAX: usize = 10;
const NOTES_MAX: usize = 20;
/// Lines that led to an error: the innermost ones.
const CALLERS_MAX: usize = 5;
/// Routes of requests.
const ROUTES_MAX: usize = 20;

/// The parts of the text that can be chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgramParts<'a> {
    pub(crate) chart: &'a TextChartArgs,
    /// Numbers instead of the chart.
    pub(crate) summary: bool,
    pub(crate) blame: bool,
}

/// The parts, separated by blank lines.
pub(crate) fn program_text(
    outcome: &RunOutcome,
    program: &ProgramRun,
    found: &[Finding],
    parts: ProgramParts,
    style: Style,
) -> String {
    let mut texts = vec![output_text(program, style)];
    let table = table::task_table(outcome, style);
    if parts.summary {
        texts.extend([table, peaks::peaks_text(outcome, style)]);
    } else {
        texts.push(chart_text(outcome, parts.chart, style));
        if outcome.needs_table() {
            texts.push(table);
        }
    }
    texts.extend([
        response_text(program, style),
        problem_text(program, style),
        ending_text(program, style),
        deadlock::deadlock_text(outcome, style),
        findings::findings_text(found, outcome, &program.text, style),
    ]);
    if parts.blame {
        texts.push(blame::blame_table(outcome, &program.text, style));
    }
    texts.push(note_text(program, style));
    texts.retain(|text| !text.is_empty());
    texts.join("\n")
}

/// The lines of output with their times.
fn output_text(program: &ProgramRun, style: Style) -> String {
    let lines = &program.output[..program.output.len().min(LINES_MAX)];
    let times: Vec<String> = lines.iter().map(|line| time(line.at_ns)).collect();
    let widest = times.iter().map(|time| time.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (line, at) in lines.iter().zip(&times) {
        let at = style.out.paint(Ink::Faint, &format!("{at:>widest$}"));
        let words = shortened(&line.text);
        let words = if line.is_error_stream {
            style.out.paint(Ink::Warning, &words)
        } else {
            words
        };
        let _ = writeln!(text, "{}", format!("{at}  {words}").trim_end());
    }
    if program.output.len() > lines.len() {
        let more = program.output.len() - lines.len();
        let _ = writeln!(text, "{}", style.say().more_rows(more));
    }
    text
}

fn shortened(line: &str) -> String {
    let plain_line = plain(line);
    match plain_line.char_indices().nth(LINE_CHARS_MAX) {
        Some((at, _)) => format!("{}…", &plain_line[..at]),
        None => plain_line,
    }
}

fn time(nanos: u64) -> String {
    brief(SimDuration::from_nanos(nanos))
}

fn chart_text(outcome: &RunOutcome, chart: &TextChartArgs, style: Style) -> String {
    // A program that takes no time and has no tasks would be one empty row.
    let has_tasks = outcome.run.trace().instances.len() > 1;
    if outcome.run.total().is_zero() && !has_tasks {
        let words = Words(style.language);
        let total = format!("{} {}", words.total(), outcome.run.total());
        return format!("{}\n", style.out.paint(Ink::Strong, &total));
    }
    if !outcome.run.trace().is_too_long_for_detail() {
        return draw_text(&outcome.run, &text_options(chart, style));
    }
    let note = style.say().too_long_for_a_chart();
    format!("{note}\n\n{}", peaks::peaks_text(outcome, style))
}

/// A line for each route: how often which status, and when the answers came.
fn response_text(program: &ProgramRun, style: Style) -> String {
    let say = style.say();
    let mut routes: Vec<(&str, Vec<&formats::program::Response>)> = Vec::new();
    for response in &program.responses {
        match routes
            .iter_mut()
            .find(|(route, _)| *route == response.route)
        {
            Some((_, responses)) => responses.push(response),
            None => routes.push((&response.route, vec![response])),
        }
    }
    let mut text = String::new();
    for (route, responses) in routes.iter().take(ROUTES_MAX) {
        let mut statuses: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        for response in responses {
            *statuses.entry(response.status).or_default() += 1;
        }
        let statuses: Vec<String> = statuses
            .into_iter()
            .map(|(status, count)| match status {
                Some(status) => format!("{count} × {status}"),
                None => format!("{count} × {}", say.no_answer()),
            })
            .collect();
        let mut latencies: Vec<u64> = responses.iter().filter_map(|r| r.latency_ns).collect();
        latencies.sort_unstable();
        let _ = write!(text, "{}: {}", plain(route), statuses.join(", "));
        if let Some(&slowest) = latencies.last() {
            let median = latencies[(latencies.len() - 1) / 2];
            let _ = write!(
                text,
                "; {}",
                say.answered_after(&time(median), &time(slowest))
            );
        }
        text.push('\n');
    }
    if routes.len() > ROUTES_MAX {
        let _ = writeln!(text, "{}", say.more_rows(routes.len() - ROUTES_MAX));
    }
    text
}

/// The errors that nothing caught, each with its line.
fn problem_text(program: &ProgramRun, style: Style) -> String {
    let mut text = String::new();
    for problem in program.problems.iter().take(PROBLEMS_MAX) {
        push_problem(&mut text, program, problem, style);
    }
    if program.problems.len() > PROBLEMS_MAX {
        let more = program.problems.len() - PROBLEMS_MAX;
        let _ = writeln!(text, "{}", style.say().more_rows(more));
    }
    text
}

fn push_problem(text: &mut String, program: &ProgramRun, problem: &Problem, style: Style) {
    let say = style.say();
    let label = style.out.paint(Ink::Error, say.error_label());
    let mut words = plain(&problem.kind);
    if !problem.message.is_empty() {
        let message = translated(&problem.message, style.language);
        let _ = write!(words, ": {}", plain(&message));
    }
    if let Some(task) = &problem.task {
        let _ = write!(words, " {}", say.in_task(&plain(task)));
    }
    let place = problem.site.map(|site| say.site(program, site));
    match place {
        Some(place) => {
            let place = style.out.paint(Ink::Faint, &place);
            let _ = writeln!(text, "{label}: {place}: {words}");
        }
        None => {
            let _ = writeln!(text, "{label}: {words}");
        }
    }
    if let Some(line) = problem.site.map(|site| program.line(site))
        && !line.is_empty()
    {
        let _ = writeln!(text, "    {}", shortened(line));
    }
    let mut callers: Vec<String> = problem
        .callers()
        .map(|site| say.site(program, site))
        .collect();
    if !callers.is_empty() {
        callers.drain(..callers.len().saturating_sub(CALLERS_MAX));
        let _ = writeln!(text, "    {}", say.called_from(&callers.join(", ")));
    }
    if let Some(advice) = &problem.advice {
        let _ = writeln!(text, "    {}", plain(&translated(advice, style.language)));
    }
}

/// Why the run ended early: a limit, or something that it does not do. The deadlock has a text of
/// its own, and so do errors.
fn ending_text(program: &ProgramRun, style: Style) -> String {
    match program.ending {
        ProgramEnding::Finished | ProgramEnding::Error | ProgramEnding::Deadlock => String::new(),
        ProgramEnding::Exit | ProgramEnding::Limit | ProgramEnding::Refused => {
            let label = style.out.paint(Ink::Error, style.say().stopped_label());
            format!(
                "{label}: {}\n",
                plain(&translated(&program.message, style.language))
            )
        }
    }
}

/// What the result rests on, e.g. the assumed time of a call.
fn note_text(program: &ProgramRun, style: Style) -> String {
    let say = style.say();
    let label = say.note_label();
    let mut text = String::new();
    if !program.is_exact {
        let _ = writeln!(text, "{label}: {}", say.computing_was_measured());
    }
    for (site, words) in program.notes.iter().take(NOTES_MAX) {
        let place = site.map(|site| format!("{}: ", say.site(program, site)));
        let place = place.unwrap_or_default();
        let words = translated(words, style.language);
        let _ = writeln!(text, "{label}: {place}{}", plain(&words));
    }
    if program.notes.len() > NOTES_MAX {
        let _ = writeln!(text, "{}", say.more_rows(program.notes.len() - NOTES_MAX));
    }
    text
}

impl Say {
    /// A line of a program, e.g. `line 12`; in another of its files `tools.py, line 3`.
    pub(crate) fn site(self, program: &ProgramRun, site: Site) -> String {
        let line = self.line(site.line);
        if site.file == 0 {
            return line;
        }
        let path = program.site_file(site);
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        format!("{}, {line}", plain(name))
    }

    /// In place of a line, for waits that no line of the program caused.
    pub(crate) fn elsewhere(self) -> &'static str {
        text!("outside of the program").of(self.0)
    }

    fn too_long_for_a_chart(self) -> String {
        say!(
            self.0,
            "the run has more than {most} state changes, too many for a chart; stop it earlier with `--time-limit`",
            most = DETAIL_RECORDS_MAX
        )
    }

    fn no_answer(self) -> &'static str {
        text!("no answer").of(self.0)
    }

    fn answered_after(self, median: &str, slowest: &str) -> String {
        say!(
            self.0,
            "answered after {median} (median), at most {slowest}",
            median,
            slowest
        )
    }

    fn in_task(self, task: &str) -> String {
        say!(self.0, "(in task `{task}`)", task)
    }

    fn called_from(self, lines: &str) -> String {
        say!(self.0, "called from {lines}", lines)
    }

    fn stopped_label(self) -> &'static str {
        text!("stopped").of(self.0)
    }

    fn note_label(self) -> &'static str {
        text!("note").of(self.0)
    }

    fn computing_was_measured(self) -> &'static str {
        text!("computing was measured on this machine, so the times are not exact").of(self.0)
    }
}
