//! The invariants of the runtime model, checked on a trace.
//!
//! Made for simulated traces: a measured trace deviates by the machine's noise and would
//! fail. The rules concern only the log, not how the simulator works. One pass, with a few
//! counters for each instance and lane.
//!
//! Rules about counts (cores, tokens, holders of the GIL) are checked at the end of each
//! instant, because a hand-over may be logged in either order. Lanes are checked record by
//! record.
//!
//! - [`lifecycle`]: first records, waits and ends.
//! - [`machine`]: lanes, cores, the GIL and tokens: never too many, none idle while needed.
//! - [`demand`]: every instance got exactly the time that the script asks for.

mod demand;
mod interruption;
mod lifecycle;
mod machine;

use std::fmt;

use crate::time::SimTime;
use crate::trace::{InstanceId, Record, Role, Trace};
use crate::workload::{Segment, SegmentId, Workload};

use demand::DemandRules;
use lifecycle::LifecycleRules;
use machine::MachineRules;

/// Violations in a report, at most: a trace that breaks a rule usually breaks it thousands of
/// times.
const VIOLATIONS_MAX: usize = 50;

/// A rule that a trace breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub at: SimTime,
    pub rule: Rule,
    /// The instance and the values, for people.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}: {}", self.at, self.rule.text(), self.detail)
    }
}

/// The invariants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    TimeNeverGoesBack,
    ReferencesExist,
    ParentsComeFirst,
    EndsAreFinal,
    AllInstancesEnd,
    WaitsHaveCauses,
    DeadlockIsTrue,
    LanesFit,
    OneInstancePerLane,
    OneHolderPerGil,
    CoresSuffice,
    TokensSuffice,
    NoIdleCore,
    NoIdleGil,
    NoIdleLoop,
    NoIdleWorker,
    CpuTimeIsExact,
    WaitTimeIsExact,
}

impl Rule {
    /// The rule as a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::TimeNeverGoesBack => "time never goes back",
            Self::ReferencesExist => "the instances and lanes of a record exist",
            Self::ParentsComeFirst => "parents exist before their children",
            Self::EndsAreFinal => "nothing follows an end",
            Self::AllInstancesEnd => "every instance ends, or the trace has the reason",
            Self::WaitsHaveCauses => "another instance ends every wait, through the ready queue",
            Self::DeadlockIsTrue => "a deadlock report agrees with the log",
            Self::LanesFit => {
                "an instance at work holds a lane of its kind, a waiting one holds none"
            }
            Self::OneInstancePerLane => "one task at a time on a lane",
            Self::OneHolderPerGil => "one thread of a process computes at a time",
            Self::CoresSuffice => "at most as many threads compute as there are cores",
            Self::TokensSuffice => "at most as many tokens are taken as the pool has",
            Self::NoIdleCore => "no core is idle while a thread waits for one",
            Self::NoIdleGil => "no thread waits for a free GIL",
            Self::NoIdleLoop => "no loop is idle while an instance is ready",
            Self::NoIdleWorker => "no worker is idle while work is queued",
            Self::CpuTimeIsExact => "an instance gets the CPU time that its script asks for",
            Self::WaitTimeIsExact => "waits and blocking calls last as long as the script asks for",
        }
    }
}

/// All violations, at most [`VIOLATIONS_MAX`]; empty for a valid trace.
pub fn check(workload: &Workload, trace: &Trace) -> Vec<Violation> {
    check_records(workload, trace, trace.log.iter())
}

fn check_records(
    workload: &Workload,
    trace: &Trace,
    records: impl Iterator<Item = Record>,
) -> Vec<Violation> {
    let mut context = CheckContext::new(workload, trace);
    let mut lifecycle = LifecycleRules::new(trace);
    let mut machine = MachineRules::new(&context);
    let mut demand = DemandRules::new(&context);
    for record in records {
        if context.is_full() {
            return context.violations;
        }
        // Later rules use the ids of a record as indices.
        if !context.references_exist(record) {
            continue;
        }
        if context.now < record.at {
            machine.instant_is_over(&mut context);
        }
        context.advance(record);
        lifecycle.check_record(&mut context, record);
        machine.check_record(&mut context, record);
        demand.check_record(&mut context, record);
        if !record.state.is_mark() {
            context.last[record.instance.0 as usize] = Some(record);
        }
    }
    if context.now < trace.end {
        machine.instant_is_over(&mut context);
    }
    lifecycle.finish(&mut context);
    context.violations.truncate(VIOLATIONS_MAX);
    context.violations
}

/// The state that all rules read, and the list that they report to.
struct CheckContext<'a> {
    workload: &'a Workload,
    trace: &'a Trace,
    segments: Vec<Option<&'a Segment>>,
    now: SimTime,
    /// The latest state of each instance.
    last: Vec<Option<Record>>,
    violations: Vec<Violation>,
}

impl<'a> CheckContext<'a> {
    fn new(workload: &'a Workload, trace: &'a Trace) -> Self {
        Self {
            workload,
            trace,
            segments: workload.segments(),
            now: SimTime::ZERO,
            last: vec![None; trace.instances.len()],
            violations: Vec::new(),
        }
    }

    fn record_before(&self, id: InstanceId) -> Option<Record> {
        self.last[id.0 as usize]
    }

    fn segment_of_id(&self, id: SegmentId) -> Option<&'a Segment> {
        self.segments.get(id.0 as usize).copied().flatten()
    }

    fn is_full(&self) -> bool {
        self.violations.len() >= VIOLATIONS_MAX
    }

    fn report_violation(&mut self, rule: Rule, detail: String) {
        self.violations.push(Violation {
            at: self.now,
            rule,
            detail,
        });
    }

    /// The name of an instance, e.g. `ping#3`, or `ping#3's part`.
    fn instance_name(&self, id: InstanceId) -> String {
        let instance = self.trace.instance(id);
        let task = &self.workload.task(instance.task).name;
        let part = match instance.role {
            Role::Part => "'s part",
            _ => "",
        };
        format!("{task}#{}{part}", instance.number)
    }

    fn references_exist(&mut self, record: Record) -> bool {
        let instances = self.trace.instances.len();
        let exists = |id: InstanceId| (id.0 as usize) < instances;
        let lane = !record.state.holds_lane() || self.trace.lane(record.lane).is_some();
        let sound = exists(record.instance) && record.cause.is_none_or(exists) && lane;
        if !sound {
            self.report_violation(Rule::ReferencesExist, format!("{record:?}"));
        }
        sound
    }

    fn advance(&mut self, record: Record) {
        if record.at < self.now || self.trace.end < record.at {
            let detail = format!(
                "{} comes at {}",
                self.instance_name(record.instance),
                record.at
            );
            self.report_violation(Rule::TimeNeverGoesBack, detail);
        }
        self.now = self.now.max(record.at);
    }
}

#[cfg(test)]
mod tests;
