//! `run --seeds N`: the same script with many seeds, as medians with the interval that holds 90 % of
//! the seeds, and how often each expectation holds.

use std::fmt::Write;
use std::rc::Rc;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::{RunArgs, RunFormat};
use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::limit::tell_spent;
use crate::cli::output::load::Loaded;
use crate::cli::words::Say;
use analysis::compare::Metric;
use analysis::compare::seeds::quantiles;
use analysis::effort::{COMMAND_WORK, Effort};
use chart::paint::text::plain;
use chart::scene::label::brief;
use model::time::SimDuration;
use model::trace::AnalysedRun;
use model::workload::Workload;
use texts::{say, text};

/// A number of the run over all seeds.
#[derive(Debug)]
struct SeedRow {
    /// `None` for the whole run.
    task: Option<String>,
    metric: Metric,
    values: Vec<SimDuration>,
}

/// An expectation, and the number of seeds with which it holds.
#[derive(Debug)]
struct SeedClaim {
    text: String,
    line: u32,
    holds: u32,
}

#[derive(Debug)]
struct SeedRuns {
    rows: Vec<SeedRow>,
    claims: Vec<SeedClaim>,
    /// Fewer than asked for if the work of the command was used up.
    count: u32,
}

pub(super) fn run_seeds(
    args: &RunArgs,
    loaded: &Loaded,
    seeds: u32,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let runs = simulate_seeds(&loaded.workload, seeds);
    let first = loaded.workload.machine.seed;
    match args.format {
        RunFormat::Json => {
            let result = runs_json(&runs, first);
            console.print(&format!("{result}\n"))?;
        }
        // `run` has refused CSV.
        RunFormat::Text | RunFormat::Csv if runs.count == 0 => {}
        RunFormat::Text | RunFormat::Csv => console.print(&runs_text(&runs, console.style))?,
    }
    if runs.count < seeds {
        let message = console.style.say().ran_some(runs.count, seeds);
        return Ok(tell_spent(&message, console));
    }
    let fails = runs.claims.iter().any(|claim| claim.holds < runs.count);
    Ok(if fails { Exit::Fails } else { Exit::Holds })
}

fn simulate_seeds(workload: &Workload, seeds: u32) -> SeedRuns {
    let mut runs = SeedRuns {
        rows: Vec::new(),
        claims: Vec::new(),
        count: 0,
    };
    let mut effort = Effort::new(COMMAND_WORK);
    for more in 0..seeds {
        let mut seeded = workload.clone();
        seeded.machine.seed = seeded.machine.seed.wrapping_add(u64::from(more));
        let seeded = Rc::new(seeded);
        let Ok(trace) = effort.simulate(&seeded) else {
            break;
        };
        runs.add(&AnalysedRun::of(seeded, trace));
    }
    runs
}

impl SeedRuns {
    fn add(&mut self, run: &AnalysedRun) {
        self.add_value(None, Metric::Total, run.total());
        let tasks = run.workload().tasks.iter().zip(&run.summary().tasks);
        for (task, summary) in tasks {
            if let Some(latency) = summary.outcomes.latency {
                let name = plain(&task.name);
                self.add_value(Some(&name), Metric::P50, latency.p50);
                self.add_value(Some(&name), Metric::P95, latency.p95);
                self.add_value(Some(&name), Metric::P99, latency.p99);
            }
        }
        for (index, verdict) in run.verdicts().iter().enumerate() {
            if self.claims.len() == index {
                self.claims.push(SeedClaim {
                    text: verdict.text.clone(),
                    line: verdict.place.line,
                    holds: 0,
                });
            }
            self.claims[index].holds += u32::from(verdict.holds);
        }
        self.count += 1;
    }

    fn add_value(&mut self, task: Option<&str>, metric: Metric, value: SimDuration) {
        let same = |row: &&mut SeedRow| row.task.as_deref() == task && row.metric == metric;
        match self.rows.iter_mut().find(same) {
            Some(row) => row.values.push(value),
            None => self.rows.push(SeedRow {
                task: task.map(str::to_owned),
                metric,
                values: vec![value],
            }),
        }
    }
}

fn runs_text(runs: &SeedRuns, style: Style) -> String {
    let say = style.say();
    let mut rows = vec![[
        say.seed_title(runs.count),
        say.median_title().to_owned(),
        say.interval_title().to_owned(),
    ]];
    for row in &runs.rows {
        let [low, median, high] = quantiles(&row.values);
        let metric = say.metric_title(row.metric);
        rows.push([
            match &row.task {
                Some(task) => format!("{task}, {metric}"),
                None => metric.to_owned(),
            },
            brief(median),
            if low == high {
                brief(low)
            } else {
                format!("{}–{}", brief(low), brief(high))
            },
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths = [0, 1].map(|column| width(column).unwrap_or(0));
    let mut text = String::new();
    for (number, [name, median, interval]) in rows.iter().enumerate() {
        let (after, before) = (widths[0] - name.width(), widths[1] - median.width());
        let line = format!("{name}{:after$}  {:before$}{median}  {interval}", "", "");
        let _ = match number {
            0 => writeln!(text, "{}", style.out.paint(Ink::Faint, &line)),
            _ => writeln!(text, "{line}"),
        };
    }
    if !runs.claims.is_empty() {
        text.push('\n');
    }
    for claim in &runs.claims {
        let (sign, ink) = if claim.holds == runs.count {
            ("✓", Ink::Good)
        } else {
            ("✗", Ink::Error)
        };
        let told = say.holds_with(&claim.text, claim.holds, runs.count, claim.line);
        let _ = writeln!(text, "{} {told}", style.out.paint(ink, sign));
    }
    text
}

fn runs_json(runs: &SeedRuns, first_seed: u64) -> Value {
    let figures = runs.rows.iter().map(|row| {
        let [low, median, high] = quantiles(&row.values).map(SimDuration::as_nanos);
        json!({
            "task": row.task,
            "metric": row.metric.code(),
            "low_ns": low,
            "median_ns": median,
            "high_ns": high,
        })
    });
    let claims = runs
        .claims
        .iter()
        .map(|claim| json!({"text": claim.text, "line": claim.line, "holds": claim.holds}));
    json!({
        "schema": "loopscope.seeds/1",
        "first_seed": first_seed,
        "seeds": runs.count,
        "figures": figures.collect::<Vec<_>>(),
        "expectations": claims.collect::<Vec<_>>(),
    })
}

impl Say {
    fn seed_title(self, count: u32) -> String {
        match count {
            1 => say!(self.0, "1 seed"),
            _ => say!(self.0, "{count} seeds", count),
        }
    }

    fn interval_title(self) -> &'static str {
        text!("90 % of the seeds").of(self.0)
    }

    fn holds_with(self, claim: &str, holds: u32, seeds: u32, line: u32) -> String {
        say!(
            self.0,
            "{claim}: holds with {holds} of {seeds} seeds (line {line})",
            claim,
            holds,
            seeds,
            line
        )
    }

    fn ran_some(self, done: u32, seeds: u32) -> String {
        say!(
            self.0,
            "ran {done} of {seeds} seeds: more would take too long",
            done,
            seeds
        )
    }
}
