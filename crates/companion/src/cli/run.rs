//! `run`: simulates a script and prints its chart, numbers, expectations and findings.
//!
//! Each part of the text has a file of its own, e.g. [`table`] and [`verdicts`].

use super::args::{RunArgs, RunFormat, TextChartArgs};
use super::calibrate;
use super::console::{Console, Style};
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::{blame, deadlock, failed, findings, formula, limit, peaks, printed, table, verdicts};
use analysis::why::findings::Finding;
use chart::paint::text::plain;
use chart::standalone::{Colours, Glyphs, TextOptions, draw_text};
use formats::report::{self, Detail, Report, write_csv, write_json};
use model::limits::{DETAIL_RECORDS_MAX, RunLimits};
use model::trace::expectation::{Verdict, judge};
use model::trace::{Ending, InstanceId, Summary, Trace, summarize};
use model::workload::{Claim, Workload};
use sim::{simulate, simulate_within};

pub(super) fn run(args: &RunArgs, console: &mut Console) -> Result<Exit, Failure> {
    if args.summary && args.format == RunFormat::Csv {
        return Err(Failure::NoSummaryAsCsv);
    }
    let Some(mut loaded) = load(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    if let Some(path) = &args.costs {
        loaded.workload.machine.costs = calibrate::read(path, console)?.plain();
    }
    let mut outcome = Outcome::of(&loaded.workload);
    let found = findings::look(&outcome, &loaded, &args.machine);
    outcome.findings = findings::reported(&found, &outcome, &loaded.text);
    if args.format == RunFormat::Json {
        outcome.formula = formula::reported(&outcome);
    }
    match args.format {
        RunFormat::Text => console.print(&outcome.text(args, &loaded.text, &found, console))?,
        RunFormat::Json => console.write(|out| write_json(outcome.report(), detail(args), out))?,
        RunFormat::Csv => console.write(|out| write_csv(outcome.report(), out))?,
    }
    // The message about a limit explains missing findings as well, so there is one note at most.
    if limit::tell(&outcome.trace.ending, &args.file, &loaded, console) == Exit::Holds
        && outcome.trace.is_too_long_for_detail()
    {
        let note = console.style.say().without_findings();
        console.note(&format!("{note}\n"));
    }
    Ok(outcome.exit())
}

fn detail(args: &RunArgs) -> Detail {
    if args.summary {
        Detail::Summary
    } else {
        Detail::Full
    }
}

/// Simulates a script of a Markdown page, up to [`DETAIL_RECORDS_MAX`] records: pages come from
/// third parties, and their runs are drawn in full.
pub(super) fn simulate_on_page(workload: &Workload) -> Trace {
    simulate_within(workload, RunLimits::NATIVE.at_most(DETAIL_RECORDS_MAX))
}

/// A run with its analysis.
pub(super) struct Outcome<'a> {
    pub(super) workload: &'a Workload,
    pub(super) trace: Trace,
    pub(super) summary: Summary,
    pub(super) verdicts: Vec<Verdict>,
    /// Empty until the caller fills it in, since finding them takes many simulations.
    pub(super) findings: Vec<report::Finding>,
    pub(super) formula: Option<report::Formula>,
}

impl<'a> Outcome<'a> {
    pub(super) fn of(workload: &'a Workload) -> Self {
        Self::of_trace(workload, simulate(workload))
    }

    /// The run of a script on a Markdown page; see [`simulate_on_page`].
    pub(super) fn on_page(workload: &'a Workload) -> Self {
        Self::of_trace(workload, simulate_on_page(workload))
    }

    fn of_trace(workload: &'a Workload, trace: Trace) -> Self {
        let summary = summarize(workload, &trace);
        let verdicts = judge(workload, &trace, &summary);
        Self {
            workload,
            trace,
            summary,
            verdicts,
            findings: Vec::new(),
            formula: None,
        }
    }

    pub(super) fn report(&self) -> Report<'_> {
        Report {
            workload: self.workload,
            trace: &self.trace,
            summary: &self.summary,
            verdicts: &self.verdicts,
            findings: &self.findings,
            formula: self.formula.as_ref(),
        }
    }

    /// The instance, e.g. `ping 3`. The number is left out if the task has one instance.
    pub(super) fn name(&self, id: InstanceId) -> String {
        let instance = self.trace.instance(id);
        let name = self.task_name(id);
        let ran = self.summary.tasks[instance.task.0 as usize]
            .outcomes
            .created;
        match ran {
            0 | 1 => name,
            _ => format!("{name} {}", instance.number),
        }
    }

    pub(super) fn task_name(&self, id: InstanceId) -> String {
        plain(&self.workload.task(self.trace.instance(id).task).name)
    }

    pub(super) fn exit(&self) -> Exit {
        let expects_deadlock = |claim: &Claim| matches!(claim, Claim::Deadlock);
        let mut claims = self.workload.expectations.iter().map(|e| &e.claim);
        match &self.trace.ending {
            // First, because the verdicts of an incomplete run prove nothing.
            Ending::Limit(_) => Exit::Limit,
            Ending::Deadlock(_) if !claims.any(expects_deadlock) => Exit::Fails,
            _ if self.verdicts.iter().any(|verdict| !verdict.holds) => Exit::Fails,
            _ => Exit::Holds,
        }
    }

    /// The chart or the summary, and the other parts below it, separated by blank lines.
    fn text(&self, args: &RunArgs, script: &str, found: &[Finding], console: &Console) -> String {
        let style = console.style;
        let (table, deadlock) = (table::table(self, style), deadlock::deadlock(self, style));
        let verdicts = verdicts::verdicts(&self.verdicts, style);
        let mut parts = if args.summary {
            vec![table, peaks::peaks(self, style), deadlock, verdicts]
        } else {
            vec![
                self.chart(args, console),
                if self.needs_table() {
                    table
                } else {
                    String::new()
                },
                printed::printed(self, style),
                failed::failed(self, style),
                deadlock,
                verdicts,
            ]
        };
        if args.formula {
            parts.push(formula::tell(self, script, style));
        }
        parts.push(findings::tell(found, self, script, style));
        if args.blame {
            parts.push(blame::blame_table(self, script, style));
        }
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// If every task runs once, the chart shows the table's numbers. A run that is too long for
    /// a chart needs the table in any case.
    fn needs_table(&self) -> bool {
        let mut tasks = self.summary.tasks.iter();
        tasks.any(|task| task.outcomes.created > 1) || self.trace.is_too_long_for_detail()
    }

    fn chart(&self, args: &RunArgs, console: &Console) -> String {
        draw_text(
            self.workload,
            &self.trace,
            &text_options(&args.chart, console.style),
        )
    }
}

/// Options of a chart for this terminal.
pub(super) fn text_options(args: &TextChartArgs, style: Style) -> TextOptions {
    let width = args.width.map(|width| width.get() as usize);
    TextOptions {
        title: None,
        width: width.unwrap_or(style.columns),
        by: args.by.into(),
        glyphs: if args.ascii {
            Glyphs::Ascii
        } else {
            Glyphs::Blocks
        },
        colours: Colours::from(style.out),
        language: style.language,
    }
}
