//! A run with its analysis: its numbers, expectations and exit code.

use crate::cli::exit::Exit;
use crate::cli::words::Say;
use chart::paint::text::plain;
use formats::program::ProgramRun;
use formats::report::{self, Report};
use model::limits::{DETAIL_RECORDS_MAX, RunLimits};
use model::trace::expectation::{Verdict, judge};
use model::trace::{Ending, InstanceId, Summary, Trace, summarize};
use model::workload::{Claim, SegmentId, Workload};
use sim::{simulate, simulate_within};

/// Simulates a script of a Markdown page, up to [`DETAIL_RECORDS_MAX`] records: pages come from
/// third parties, and their runs are drawn in full.
pub(crate) fn simulate_on_page(workload: &Workload) -> Trace {
    simulate_within(workload, RunLimits::NATIVE.at_most(DETAIL_RECORDS_MAX))
}

/// A run with its analysis.
pub(crate) struct RunOutcome<'a> {
    pub(crate) workload: &'a Workload,
    /// The Python program, if it is the run of one. Places of the workload are then its lines.
    pub(crate) program: Option<&'a ProgramRun>,
    pub(crate) trace: Trace,
    pub(crate) summary: Summary,
    pub(crate) verdicts: Vec<Verdict>,
    /// Empty until the caller fills it in, since finding them takes many simulations.
    pub(crate) findings: Vec<report::Finding>,
    pub(crate) formula: Option<report::Formula>,
}

impl<'a> RunOutcome<'a> {
    pub(crate) fn of(workload: &'a Workload) -> Self {
        Self::of_trace(workload, simulate(workload), None)
    }

    /// The run of a script on a Markdown page; see [`simulate_on_page`].
    pub(crate) fn on_page(workload: &'a Workload) -> Self {
        Self::of_trace(workload, simulate_on_page(workload), None)
    }

    /// The run of a Python program, by its trace.
    pub(crate) fn of_program(
        workload: &'a Workload,
        trace: Trace,
        program: &'a ProgramRun,
    ) -> Self {
        Self::of_trace(workload, trace, Some(program))
    }

    fn of_trace(workload: &'a Workload, trace: Trace, program: Option<&'a ProgramRun>) -> Self {
        let summary = summarize(workload, &trace);
        let verdicts = judge(workload, &trace, &summary);
        Self {
            workload,
            program,
            trace,
            summary,
            verdicts,
            findings: Vec::new(),
            formula: None,
        }
    }

    pub(crate) fn report(&self) -> Report<'_> {
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
    pub(crate) fn name(&self, id: InstanceId) -> String {
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

    pub(crate) fn task_name(&self, id: InstanceId) -> String {
        plain(&self.workload.task(self.trace.instance(id).task).name)
    }

    /// The line of a segment, e.g. `line 12`; in another file of a program `tools.py, line 3`.
    /// `None` if no line of the program holds it.
    pub(crate) fn place(&self, segment: SegmentId, say: Say) -> Option<String> {
        match self.program {
            None => Some(say.line(self.workload.place(segment).line)),
            Some(program) => Some(say.site(program, program.site(segment)?)),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        if let Some(program) = self.program {
            return match program.exit_code {
                0 => Exit::Holds,
                code => Exit::Program(code),
            };
        }
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
}
