//! The report as text: a table of tasks, the total, the order, the notes, the verdict.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::words::ReportWords;
use crate::verify::{ComparedInstance, DrawnRow, Note, ObservedStep, Pair, Verdict, Verification};
use chart::paint::text::plain;
use model::time::SimDuration;
use texts::Language;

/// The height of the table. Further tasks share its last row.
const ROWS_MAX: usize = 24;
/// Figures of a script with random durations: the total and two of each of twelve tasks.
const DRAWS_MAX: usize = 25;

/// The whole report, with a line feed at its end.
pub fn text(verification: &Verification, language: Language) -> String {
    let words = ReportWords(language);
    let mut text = String::new();
    push_heading(&mut text, verification, words);
    match &verification.draws {
        Some(rows) => push_draws(&mut text, verification, rows, words),
        None => {
            push_table(&mut text, verification, words);
            push_total(&mut text, verification, words);
            push_order(&mut text, verification, words);
        }
    }
    push_notes(&mut text, verification, words);
    push_verdict(&mut text, verification, words);
    text
}

fn push_heading(text: &mut String, verification: &Verification, words: ReportWords) {
    let runtime = verification.options.runtime.word();
    let _ = write!(
        text,
        "{}",
        words.heading_line(runtime, verification.measured.len())
    );
    let versions = verification.versions.iter();
    let versions: Vec<String> = versions
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    if !versions.is_empty() {
        let _ = write!(text, " ({})", versions.join(", "));
    }
    text.push('\n');
    let factor = verification.options.scale.factor();
    if factor != 1.0 {
        let _ = writeln!(text, "{}", words.scale_line(factor));
    }
    text.push('\n');
}

fn push_table(text: &mut String, verification: &Verification, words: ReportWords) {
    let mut rows = vec![table_header(words)];
    let tasks = &verification.tasks;
    let shown = if tasks.len() > ROWS_MAX {
        // The last row sums up the rest.
        ROWS_MAX - 1
    } else {
        tasks.len()
    };
    rows.extend(
        tasks[..shown]
            .iter()
            .map(|task| table_row(verification, task, words)),
    );
    // Without the remark, which is the last cell and has no fixed width.
    let count = rows[0].len() - 1;
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .map(|row| row[column].width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for row in &rows {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            // Not `format!("{:>width$}")`: that counts a Korean letter as one column, and the
            // terminal shows two.
            let gap = " ".repeat(width - row[column].width());
            let cell = &row[column];
            let _ = match column {
                0 => write!(line, "{cell}{gap}"),
                _ => write!(line, "  {gap}{cell}"),
            };
        }
        let remark = &row[count];
        if !remark.is_empty() {
            let _ = write!(line, "  {remark}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if shown < tasks.len() {
        let worst = worst_deviation(verification, &tasks[shown..]);
        let _ = writeln!(text, "{}", words.more_tasks(tasks.len() - shown, &worst));
    }
    text.push('\n');
}

/// The figures of a script with random durations: where the predictions lie, and the runs.
fn push_draws(
    text: &mut String,
    verification: &Verification,
    draws: &[DrawnRow],
    words: ReportWords,
) {
    let mut rows = vec![[
        words.task_title().to_owned(),
        words.predicted_title().to_owned(),
        words.measured_title().to_owned(),
    ]];
    // Without the last task's figures rather than with half of them.
    let shown = &draws[..draws.len().min(DRAWS_MAX)];
    rows.extend(shown.iter().map(|row| {
        let figure = words.figure_title(row.figure);
        let name = row
            .task
            .map(|task| plain(&verification.workload.task(task).name));
        let (low, high) = (
            brief_time(row.low.as_nanos()),
            brief_time(row.high.as_nanos()),
        );
        [
            name.map_or(figure.to_owned(), |name| format!("{name}, {figure}")),
            format!("{low}–{high}"),
            brief_time(row.pair.measured().as_nanos()),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths = [0, 1, 2].map(|column| width(column).unwrap_or(0));
    for (number, [name, predicted, measured]) in rows.iter().enumerate() {
        let after = widths[0] - name.width();
        let before = [widths[1] - predicted.width(), widths[2] - measured.width()];
        let is_off = number
            .checked_sub(1)
            .is_some_and(|index| !draws[index].holds(verification.tolerance));
        let mark = if is_off { "  ✗" } else { "" };
        let _ = writeln!(
            text,
            "{name}{:after$}  {:first$}{predicted}  {:second$}{measured}{mark}",
            "",
            "",
            "",
            first = before[0],
            second = before[1],
        );
    }
    text.push('\n');
}

fn table_header(words: ReportWords) -> Vec<String> {
    let cells = [
        words.task_title(),
        words.start_title(),
        words.measured_title(),
        words.deviation_title(),
        words.finish_title(),
        words.measured_title(),
        words.deviation_title(),
        "",
    ];
    cells.map(str::to_owned).to_vec()
}

/// The cells of a task. The last one is a remark, e.g. `✗ did not appear`.
fn table_row(
    verification: &Verification,
    task: &ComparedInstance,
    words: ReportWords,
) -> Vec<String> {
    let mut cells = vec![verification.name_of(task)];
    for pair in [task.start(), task.finish()] {
        cells.extend(match &pair {
            Some(pair) => [
                brief_time(pair.predicted.as_nanos()),
                brief_time(pair.measured().as_nanos()),
                signed_time(pair.error_ns()),
            ],
            None => ["–", "–", ""].map(str::to_owned),
        });
    }
    let appeared = task.measured.iter().any(Option::is_some);
    let remark = match (task.predicted, appeared) {
        (None, _) => words.not_predicted(),
        (_, false) => words.did_not_run(),
        _ if !task.ended_as_predicted() => words.ended_otherwise(),
        _ => "",
    };
    let off = [task.start(), task.finish()];
    let off = off
        .iter()
        .flatten()
        .any(|pair| !verification.tolerance.holds(pair));
    cells.push(match (remark, off) {
        ("", true) => "✗".to_owned(),
        ("", false) => String::new(),
        (remark, _) => format!("✗ {remark}"),
    });
    cells
}

/// The largest deviation of these tasks and the task's name, e.g. `+12ms (ping 40)`.
fn worst_deviation(verification: &Verification, tasks: &[ComparedInstance]) -> String {
    let errors = tasks.iter().flat_map(|task| {
        let pairs = [task.start(), task.finish()];
        pairs
            .into_iter()
            .flatten()
            .map(move |pair| (pair.error_ns(), task))
    });
    let worst = errors.max_by_key(|(error, _)| error.unsigned_abs());
    worst.map_or_else(String::new, |(error, task)| {
        format!("{} ({})", signed_time(error), verification.name_of(task))
    })
}

fn push_total(text: &mut String, verification: &Verification, words: ReportWords) {
    let Pair { predicted, runs } = &verification.total;
    let measured = verification.total.measured();
    let _ = write!(
        text,
        "{}: {} {}, {} {} ({}",
        words.total_title(),
        words.predicted_title(),
        brief_time(predicted.as_nanos()),
        words.measured_title(),
        brief_time(measured.as_nanos()),
        signed_time(verification.total.error_ns()),
    );
    // A script without any duration has a total of 0.
    if predicted.as_nanos() > 0 {
        let percent = verification.total.error_ns() as f64 / predicted.as_nanos() as f64 * 100.0;
        let _ = write!(text, ", {percent:+.2} %");
    }
    if let [first, .., last] = runs[..] {
        let (from, to) = (brief_time(first.as_nanos()), brief_time(last.as_nanos()));
        let _ = write!(text, "; {}", words.spread_of_runs(&from, &to));
    }
    text.push_str(")\n");
}

fn push_order(text: &mut String, verification: &Verification, words: ReportWords) {
    let order = &verification.order;
    let swap = order.swaps.iter().flatten().next();
    let line = match swap {
        None if order.steps == 0 => words.order_unchecked().to_owned(),
        None => words.same_order(order.steps),
        Some(swap) => words.broken_order(
            order.broken(),
            order.swaps.len(),
            &words.step_text(&verification.name_of_step(swap.earlier), swap.earlier.kind),
            &words.step_text(&verification.name_of_step(swap.later), swap.later.kind),
        ),
    };
    let _ = writeln!(text, "{line}");
}

fn push_notes(text: &mut String, verification: &Verification, words: ReportWords) {
    for &note in &verification.notes {
        let _ = writeln!(text, "{}", words.note_text(note));
    }
    if verification.others.disturb()
        && let Some(cores) = verification.others.cores
    {
        let _ = writeln!(text, "{}", words.other_programs(cores));
    }
    if verification.interrupted {
        let _ = writeln!(text, "{}", words.interrupted_note());
    }
}

fn push_verdict(text: &mut String, verification: &Verification, words: ReportWords) {
    let sign = match verification.verdict {
        Verdict::Holds => "✓",
        Verdict::Fails => "✗",
        Verdict::TooNoisy => "?",
    };
    let tolerance = verification.tolerance;
    let _ = writeln!(
        text,
        "{sign} {} ({})",
        words.verdict_text(verification.verdict),
        words.tolerance_text(tolerance.percent, &tolerance.slack.to_string()),
    );
}

impl Verification {
    /// The name of an instance, e.g. `ping 3`. Without the number if the task ran only once.
    pub fn name_of(&self, task: &ComparedInstance) -> String {
        self.name(task.task, task.number)
    }

    pub(super) fn name_of_step(&self, step: ObservedStep) -> String {
        self.name(step.task, step.number)
    }

    fn name(&self, task: model::workload::TaskIndex, number: u32) -> String {
        let name = plain(&self.workload.task(task).name);
        let several = self
            .tasks
            .iter()
            .any(|other| other.task == task && other.number > 1);
        if several {
            format!("{name} {number}")
        } else {
            name
        }
    }

    /// Whether the script has random lengths.
    pub fn is_random(&self) -> bool {
        self.notes.contains(&Note::RandomLengths)
    }
}

/// Rounds to 0.1 ms, e.g. 1,234,567,890 → `1.2346s`. The digits below are noise that changes with
/// every run.
fn brief_time(nanos: u64) -> String {
    const GRID: u64 = 100_000;
    let rounded = (nanos + GRID / 2) / GRID * GRID;
    SimDuration::from_nanos(rounded).label()
}

fn signed_time(nanos: i64) -> String {
    let sign = if nanos < 0 { '−' } else { '+' };
    format!("{sign}{}", brief_time(nanos.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_to_what_can_be_measured() {
        assert_eq!(brief_time(1_234_567_890), "1.2346s");
        assert_eq!(brief_time(3_000_049_999), "3s");
        assert_eq!(signed_time(-1_549_000), "−1.5ms");
        assert_eq!(signed_time(20_000), "+0s");
    }
}
