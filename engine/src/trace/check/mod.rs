//! The invariants of the runtime model, checked on a trace.
//!
//! Made for simulated traces: a measured one is off by the machine's noise and
//! would fail. Nothing here knows how the simulator works; a rule is about what
//! the log says. One pass, a few counters for each instance and lane.
//!
//! Rules about how many there may be of something (cores, tokens, holders of
//! the GIL) look at the end of each instant, since a hand-over may be written
//! in either order; lanes are strict, record by record.
//!
//! - [`lives`]: birth, waiting, death.
//! - [`machine`]: lanes, cores, the GIL, tokens, and that none of them idles.
//! - [`demand`]: everybody got exactly the time that the script asked for.

mod demand;
mod lives;
mod machine;

use std::fmt;

use crate::time::SimTime;
use crate::trace::{InstanceId, Record, Role, Trace};
use crate::workload::{Segment, SegmentId, Workload};

use demand::Demand;
use lives::Lives;
use machine::Machine;

/// A trace that breaks one rule usually breaks it ten thousand times.
const VIOLATIONS_MAX: usize = 50;

/// A rule that a trace breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub at: SimTime,
    pub rule: Rule,
    /// Who and how, for people.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}: {}", self.at, self.rule.text(), self.detail)
    }
}

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    TimeGoesOn,
    ReferencesExist,
    ParentsComeFirst,
    EndsAreFinal,
    EverybodyEnds,
    WaitsHaveCauses,
    DeadlockIsTrue,
    LanesFit,
    OneTaskALane,
    OneHolderOfTheGil,
    CoresSuffice,
    TokensSuffice,
    NoIdleCore,
    NoIdleGil,
    NoIdleLoop,
    NoIdleWorker,
    CpuGivenIsAskedFor,
    TimeGivenIsAskedFor,
}

impl Rule {
    /// The rule as a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::TimeGoesOn => "time never goes back",
            Self::ReferencesExist => "a record names what exists",
            Self::ParentsComeFirst => "parents exist before their children",
            Self::EndsAreFinal => "nothing follows an end",
            Self::EverybodyEnds => "everybody ends, or the trace says why not",
            Self::WaitsHaveCauses => "every wait ends by somebody, through the ready queue",
            Self::DeadlockIsTrue => "a deadlock report says what the log says",
            Self::LanesFit => "everybody runs where it belongs, and waits nowhere",
            Self::OneTaskALane => "one task at a time on a lane",
            Self::OneHolderOfTheGil => "one thread of a process computes at a time",
            Self::CoresSuffice => "no more compute than there are cores",
            Self::TokensSuffice => "no more tokens out than the pool has",
            Self::NoIdleCore => "no core idles while somebody wants one",
            Self::NoIdleGil => "nobody waits for a free GIL",
            Self::NoIdleLoop => "no loop idles while somebody is ready",
            Self::NoIdleWorker => "no worker idles while work is queued",
            Self::CpuGivenIsAskedFor => "CPU given is CPU asked for",
            Self::TimeGivenIsAskedFor => "waits and blocks last as long as asked for",
        }
    }
}

/// All broken rules, at most [`VIOLATIONS_MAX`]; empty for a sound trace.
pub fn check(workload: &Workload, trace: &Trace) -> Vec<Violation> {
    check_records(workload, trace, trace.log.iter())
}

fn check_records(
    workload: &Workload,
    trace: &Trace,
    records: impl Iterator<Item = Record>,
) -> Vec<Violation> {
    let mut board = Board::new(workload, trace);
    let mut lives = Lives::new(trace);
    let mut machine = Machine::new(&board);
    let mut demand = Demand::new(&board);
    for record in records {
        if board.is_full() {
            return board.violations;
        }
        if !board.names_what_exists(record) {
            continue;
        }
        if board.now < record.at {
            machine.instant_is_over(&mut board);
        }
        board.advance(record);
        lives.record(&mut board, record);
        machine.record(&mut board, record);
        demand.record(&mut board, record);
        if !record.state.is_mark() {
            board.last[record.instance.0 as usize] = Some(record);
        }
    }
    if board.now < trace.end {
        machine.instant_is_over(&mut board);
    }
    lives.finish(&mut board);
    board.violations.truncate(VIOLATIONS_MAX);
    board.violations
}

/// What all rules look at, and where they report.
struct Board<'a> {
    workload: &'a Workload,
    trace: &'a Trace,
    segments: Vec<Option<&'a Segment>>,
    now: SimTime,
    /// The latest state of each instance.
    last: Vec<Option<Record>>,
    violations: Vec<Violation>,
}

impl<'a> Board<'a> {
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

    fn before(&self, id: InstanceId) -> Option<Record> {
        self.last[id.0 as usize]
    }

    fn segment(&self, id: SegmentId) -> Option<&'a Segment> {
        self.segments.get(id.0 as usize).copied().flatten()
    }

    fn is_full(&self) -> bool {
        self.violations.len() >= VIOLATIONS_MAX
    }

    fn report(&mut self, rule: Rule, detail: String) {
        self.violations.push(Violation {
            at: self.now,
            rule,
            detail,
        });
    }

    /// `ping#3`; a part is `ping#3's part`.
    fn name(&self, id: InstanceId) -> String {
        let instance = self.trace.instance(id);
        let task = &self.workload.task(instance.task).name;
        let part = match instance.role {
            Role::Part => "'s part",
            _ => "",
        };
        format!("{task}#{}{part}", instance.number)
    }

    fn names_what_exists(&mut self, record: Record) -> bool {
        let instances = self.trace.instances.len();
        let exists = |id: InstanceId| (id.0 as usize) < instances;
        let lane = !record.state.holds_lane() || self.trace.lane(record.lane).is_some();
        let sound = exists(record.instance) && record.cause.is_none_or(exists) && lane;
        if !sound {
            self.report(Rule::ReferencesExist, format!("{record:?}"));
        }
        sound
    }

    fn advance(&mut self, record: Record) {
        if record.at < self.now || self.trace.end < record.at {
            let detail = format!("{} comes at {}", self.name(record.instance), record.at);
            self.report(Rule::TimeGoesOn, detail);
        }
        self.now = self.now.max(record.at);
    }
}

#[cfg(test)]
mod tests;
