//! The run of a script or a program on the command line: its report and exit code.

use std::rc::Rc;

use crate::cli::exit::Exit;
use crate::cli::words::Say;
use chart::paint::text::plain;
use formats::program::ProgramRun;
use formats::report::{self, Report};
use model::limits::{DETAIL_RECORDS_MAX, RunLimits};
use model::trace::{AnalysedRun, Ending, InstanceId};
use model::workload::{Claim, SegmentId, Workload};
use sim::{simulate, simulate_within};

/// Runs a script.
pub(crate) fn run_script(workload: &Rc<Workload>) -> AnalysedRun {
    AnalysedRun::of(Rc::clone(workload), simulate(workload))
}

/// Runs a script of a Markdown page, up to [`DETAIL_RECORDS_MAX`] records: pages come from third
/// parties, and their runs are drawn in full.
pub(crate) fn run_page_script(workload: Workload) -> AnalysedRun {
    let limits = RunLimits::NATIVE.at_most(DETAIL_RECORDS_MAX);
    let trace = simulate_within(&workload, limits);
    AnalysedRun::of(workload, trace)
}

/// A run, and the parts of its report that only some commands need.
pub(crate) struct RunOutcome<'a> {
    pub(crate) run: AnalysedRun,
    /// The Python program, if it is the run of one. Places of the workload are then its lines.
    pub(crate) program: Option<&'a ProgramRun>,
    /// Empty until the caller fills it in, since finding them takes many simulations.
    pub(crate) findings: Vec<report::Finding>,
    pub(crate) formula: Option<report::Formula>,
}

impl<'a> RunOutcome<'a> {
    /// The run of a script.
    pub(crate) fn of_script(run: AnalysedRun) -> Self {
        Self::of(run, None)
    }

    pub(crate) fn of_program(run: AnalysedRun, program: &'a ProgramRun) -> Self {
        Self::of(run, Some(program))
    }

    fn of(run: AnalysedRun, program: Option<&'a ProgramRun>) -> Self {
        Self {
            run,
            program,
            findings: Vec::new(),
            formula: None,
        }
    }

    pub(crate) fn report(&self) -> Report<'_> {
        Report {
            run: &self.run,
            findings: &self.findings,
            formula: self.formula.as_ref(),
        }
    }

    /// The instance, e.g. `ping 3`. The number is left out if the task has one instance.
    pub(crate) fn name(&self, id: InstanceId) -> String {
        let instance = self.run.trace().instance(id);
        let name = self.task_name(id);
        let ran = self.run.summary().tasks[instance.task.0 as usize]
            .outcomes
            .created;
        match ran {
            0 | 1 => name,
            _ => format!("{name} {}", instance.number),
        }
    }

    pub(crate) fn task_name(&self, id: InstanceId) -> String {
        let task = self.run.trace().instance(id).task;
        plain(&self.run.workload().task(task).name)
    }

    /// The line of a segment, e.g. `line 12`; in another file of a program `tools.py, line 3`.
    /// `None` if no line of the program holds it.
    pub(crate) fn place(&self, segment: SegmentId, say: Say) -> Option<String> {
        match self.program {
            None => Some(say.line(self.run.workload().place(segment).line)),
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
        let expectations = &self.run.workload().expectations;
        let mut claims = expectations.iter().map(|e| &e.claim);
        match &self.run.trace().ending {
            // First, because the verdicts of an incomplete run prove nothing.
            Ending::Limit(_) => Exit::Limit,
            Ending::Deadlock(_) if !claims.any(expects_deadlock) => Exit::Fails,
            _ if self.run.verdicts().iter().any(|verdict| !verdict.holds) => Exit::Fails,
            _ => Exit::Holds,
        }
    }
}
