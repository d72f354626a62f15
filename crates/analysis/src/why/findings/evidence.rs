//! Evidence: measurements of a run for each segment, and the segment's position in the script.
//! The judgement is left to the detectors.

use super::super::blame::Blame;
use super::super::scarce::Scarce;
use model::time::{SimDuration, SimTime};
use model::trace::{AnalysedRun, LaneKind, Spans, State, Trace};
use model::workload::{
    Body, Executor, Segment, SegmentId, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};
use script::EditableScript;

/// The position of a segment in the script.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) segment: &'a Segment,
    pub(super) task: TaskIndex,
    /// Whether it is in a body that a thread or a process runs.
    pub(super) sync: bool,
    /// The segment whose block contains it.
    pub(super) parent: Option<SegmentId>,
}

/// The time that instances spent at one segment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    /// Time spent computing or blocking on a thread of the pool or of the executor.
    pub(super) in_thread: SimDuration,
    /// The longest time for which it held a loop without a break.
    pub(super) longest: SimDuration,
    /// Time spent waiting for a token.
    pub(super) for_token: SimDuration,
}

#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) script: EditableScript<'a>,
    pub(super) run: &'a AnalysedRun,
    pub(super) workload: &'a Workload,
    pub(super) trace: &'a Trace,
    pub(super) spans: &'a Spans,
    pub(super) blame: &'a Blame,
    sites: Vec<Option<Site<'a>>>,
    uses: Vec<Use>,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(text: &'a str, run: &'a AnalysedRun, blame: &'a Blame) -> Self {
        let workload = run.workload();
        let count = workload.places.len();
        let mut evidence = Self {
            script: EditableScript::parse(text),
            run,
            workload,
            trace: run.trace(),
            spans: run.spans(),
            blame,
            sites: vec![None; count],
            uses: vec![Use::default(); count],
        };
        for (index, task) in workload.tasks.iter().enumerate() {
            let sync = task.kind == TaskKind::Sync;
            evidence.place(&task.body, TaskIndex(index as u32), sync, None);
        }
        evidence.measure();
        evidence
    }

    fn place(&mut self, body: &'a Body, task: TaskIndex, sync: bool, parent: Option<SegmentId>) {
        for segment in body {
            self.sites[segment.id.0 as usize] = Some(Site {
                segment,
                task,
                sync,
                parent,
            });
            // A thread or a process runs everything inside an offload.
            let sync = sync || matches!(segment.kind, SegmentKind::Offload { .. });
            for body in segment.kind.bodies() {
                self.place(body, task, sync, Some(segment.id));
            }
        }
    }

    fn measure(&mut self) {
        for span in self.spans.all() {
            let Some(used) = self.uses.get_mut(span.segment.0 as usize) else {
                continue;
            };
            let length = span.length();
            let kind = self.trace.lane(span.lane).map(|lane| lane.kind);
            let on_thread = matches!(kind, Some(LaneKind::PoolThread | LaneKind::ExecutorThread));
            match span.state {
                State::Running | State::Blocking if on_thread => used.in_thread += length,
                State::QueuedToken => used.for_token += length,
                _ => {}
            }
        }
        self.measure_holds();
    }

    /// Reads the log, because spans do not show a turn that ends and begins again at the same
    /// instant.
    fn measure_holds(&mut self) {
        let mut holds: Vec<Option<(SegmentId, SimTime)>> = vec![None; self.trace.lanes.len()];
        let mut lane_of: Vec<Option<usize>> = vec![None; self.trace.instances.len()];
        for record in self
            .trace
            .log
            .iter()
            .filter(|record| !record.state.is_mark())
        {
            let lane = self.trace.lane(record.lane);
            let on_loop = lane.is_some_and(|lane| lane.kind == LaneKind::Loop);
            let lane = (on_loop && record.state.holds_lane()).then_some(record.lane.0 as usize);
            let before = std::mem::replace(&mut lane_of[record.instance.0 as usize], lane);
            if let Some(before) = before {
                // E.g. from waiting for a core to computing: still the same turn.
                let goes_on = lane == Some(before)
                    && holds[before].is_some_and(|(segment, _)| segment == record.segment);
                if goes_on {
                    continue;
                }
                self.end_hold(holds[before].take(), record.at);
            }
            if let Some(lane) = lane {
                holds[lane] = Some((record.segment, record.at));
            }
        }
        for hold in holds {
            self.end_hold(hold, self.trace.end);
        }
    }

    fn end_hold(&mut self, hold: Option<(SegmentId, SimTime)>, at: SimTime) {
        if let Some((segment, since)) = hold
            && let Some(used) = self.uses.get_mut(segment.0 as usize)
        {
            used.longest = used.longest.max(at.since(since));
        }
    }

    pub(super) fn site(&self, id: SegmentId) -> Option<&Site<'a>> {
        self.sites.get(id.0 as usize)?.as_ref()
    }

    pub(super) fn sites(&self) -> impl Iterator<Item = &Site<'a>> {
        self.sites.iter().flatten()
    }

    pub(super) fn used(&self, id: SegmentId) -> Use {
        self.uses.get(id.0 as usize).copied().unwrap_or_default()
    }

    pub(super) fn total(&self) -> SimDuration {
        self.trace.end.since(SimTime::ZERO)
    }

    /// Whether a cost is too small to report: less than the total divided by `share`.
    pub(super) fn is_petty(&self, cost: u128, share: u128) -> bool {
        cost == 0 || cost * share < u128::from(self.total().as_nanos())
    }

    /// The segments that held something others waited for, in descending order of blame. Leaves
    /// out those with less than a tenth of it.
    pub(super) fn to_blame(&self, scarce: Scarce) -> Vec<SegmentId> {
        let lines = self.blame.lines.iter().filter(|line| line.scarce == scarce);
        let all: u128 = lines.clone().map(|line| line.nanos).sum();
        lines
            .filter(|line| line.nanos * 10 >= all)
            .map(|line| line.segment)
            .collect()
    }

    pub(super) fn cost(&self, scarce: Scarce) -> u128 {
        let lines = self.blame.lines.iter().filter(|line| line.scarce == scarce);
        lines.map(|line| line.nanos).sum()
    }

    /// The segments that call a task on the loop or hand it to a thread.
    pub(super) fn users_of(&self, task: TaskIndex) -> impl Iterator<Item = &Site<'a>> {
        self.sites().filter(move |site| match &site.segment.kind {
            SegmentKind::Call { task: called } => *called == task,
            SegmentKind::Offload {
                work: Work::Task(called),
                ..
            } => *called == task,
            _ => false,
        })
    }

    /// The innermost segment around it that hands work to threads, e.g. a `thread:` block.
    pub(super) fn offload_around(&self, id: SegmentId) -> Option<(SegmentId, Executor)> {
        let mut at = self.site(id)?.parent;
        while let Some(parent) = at {
            let site = self.site(parent)?;
            if let SegmentKind::Offload { to, .. } = site.segment.kind {
                return Some((parent, to));
            }
            at = site.parent;
        }
        None
    }
}
