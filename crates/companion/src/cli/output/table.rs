//! The table of tasks: number of instances, outcomes, latency percentiles.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use chart::paint::text::plain;
use chart::scene::label::brief;
use model::trace::summary::{Outcomes, Percentiles, TaskSummary};

/// Rows of the table. The other tasks are counted below it.
const ROWS_MAX: usize = 24;

pub(crate) fn task_table(outcome: &RunOutcome, style: Style) -> String {
    let tasks = &outcome.run.summary().tasks;
    let ran = |task: &(usize, &TaskSummary)| task.1.outcomes.created > 0;
    let tasks: Vec<_> = tasks.iter().enumerate().filter(ran).collect();
    if tasks.is_empty() {
        return String::new();
    }
    let columns = table_columns(&tasks, style);
    let shown = &tasks[..tasks.len().min(ROWS_MAX)];
    let mut rows = vec![title_row(&columns, style)];
    rows.extend(shown.iter().map(|(index, task)| {
        let name = plain(&outcome.run.workload().tasks[*index].name);
        let cells = columns.iter().map(|column| (column.cell)(&task.outcomes));
        std::iter::once(name).chain(cells).collect()
    }));
    let mut text = layout_rows(&rows, style);
    if tasks.len() > ROWS_MAX {
        let _ = writeln!(text, "{}", style.say().more_rows(tasks.len() - ROWS_MAX));
    }
    text
}

struct Column {
    title: &'static str,
    cell: fn(&Outcomes) -> String,
}

/// The columns. An outcome has one only if some instance has it, e.g. `failed`.
fn table_columns(tasks: &[(usize, &TaskSummary)], style: Style) -> Vec<Column> {
    let say = style.say();
    let any = |count: fn(&Outcomes) -> u64| tasks.iter().any(|(_, task)| count(&task.outcomes) > 0);
    let column = |title, cell| Column { title, cell };
    let mut columns = vec![column(say.runs_title(), |o| o.created.to_string())];
    if any(|o| o.created - o.done) {
        columns.push(column(say.done_title(), |o| o.done.to_string()));
    }
    if any(|o| o.failed) {
        columns.push(column(say.failed_title(), |o| o.failed.to_string()));
    }
    if any(|o| o.cancelled) {
        columns.push(column(say.cancelled_title(), |o| o.cancelled.to_string()));
    }
    if any(|o| o.running) {
        columns.push(column(say.unfinished_title(), |o| o.running.to_string()));
    }
    if !tasks
        .iter()
        .any(|(_, task)| task.outcomes.latency.is_some())
    {
        return columns;
    }
    columns.push(column(say.median_title(), |o| {
        latency_cell(o, |p| brief(p.p50))
    }));
    columns.push(column(say.p95(), |o| latency_cell(o, |p| brief(p.p95))));
    columns.push(column(say.slowest_title(), |o| {
        latency_cell(o, |p| brief(p.max))
    }));
    columns
}

fn latency_cell(outcomes: &Outcomes, show: fn(Percentiles) -> String) -> String {
    outcomes.latency.map_or("-".to_owned(), show)
}

fn title_row(columns: &[Column], style: Style) -> Vec<String> {
    let titles = columns.iter().map(|column| column.title.to_owned());
    std::iter::once(style.say().task_title().to_owned())
        .chain(titles)
        .collect()
}

/// The rows as a table: names left-aligned, numbers right-aligned.
fn layout_rows(rows: &[Vec<String>], style: Style) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths: Vec<usize> = (0..count)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            // Not `{:>width$}`, which counts characters: a Hangul character takes two cells.
            let padding = " ".repeat(widths[column] - cell.width());
            match column {
                0 => line.push_str(&format!("{cell}{padding}")),
                _ => line.push_str(&format!("  {padding}{cell}")),
            }
        }
        let line = line.trim_end();
        let line = match number {
            0 => style.out.paint(Ink::Faint, line),
            _ => line.to_owned(),
        };
        let _ = writeln!(text, "{line}");
    }
    text
}
