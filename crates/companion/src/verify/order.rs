//! Whether things happened in the predicted order, as far as one is promised.
//!
//! What happens on one loop at different times, or in one instant to tasks that
//! never leave it, has an order. Which of several threads comes first within
//! the noise is the operating system's business, and promised by nobody.

use std::collections::BTreeMap;

use model::time::{SimDuration, SimTime};
use model::trace::{EventKind, Role, Trace, events};
use model::workload::{SegmentKind, TaskIndex, TaskKind, Workload};

/// Comparing all pairs of more than these would take longer than the run.
const EVENTS_MAX: usize = 3_000;
/// Two things this far apart, relative to the time since the start, are apart.
const APART_PER_CENT: u64 = 5;
const APART_LEAST: SimDuration = SimDuration::from_millis(20);

/// One thing that somebody did, the `nth` of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub task: TaskIndex,
    pub number: u32,
    pub kind: StepKind,
    nth: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    Start,
    Print,
    Respond,
    End,
}

/// Two steps that came the other way round in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    pub earlier: Step,
    pub later: Step,
}

/// What the runs say about the promised order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Steps that were compared; 0 if there were too many.
    pub steps: usize,
    /// By run: the first promise that it broke.
    pub swaps: Vec<Option<Swap>>,
}

impl Order {
    pub fn broken(&self) -> usize {
        self.swaps.iter().flatten().count()
    }
}

pub(super) fn order(workload: &Workload, predicted: &Trace, measured: &[Trace]) -> Order {
    let expected = steps(predicted);
    if expected.len() > EVENTS_MAX {
        return Order {
            steps: 0,
            swaps: vec![None; measured.len()],
        };
    }
    let exact = lives_on_one_loop(workload);
    let swaps = measured
        .iter()
        .map(|trace| first_swap(&expected, &places(trace), exact))
        .collect();
    Order {
        steps: expected.len(),
        swaps,
    }
}

fn first_swap(
    expected: &[(Step, SimTime)],
    places: &BTreeMap<Step, usize>,
    exact: bool,
) -> Option<Swap> {
    for (index, &(later, at)) in expected.iter().enumerate() {
        let Some(place) = places.get(&later) else {
            continue;
        };
        for &(earlier, before) in &expected[..index] {
            let promised = is_apart(before, at) || (exact && before == at);
            if promised && places.get(&earlier).is_some_and(|other| other > place) {
                return Some(Swap { earlier, later });
            }
        }
    }
    None
}

fn is_apart(earlier: SimTime, later: SimTime) -> bool {
    let noise = SimDuration::from_nanos(later.as_nanos() / 100 * APART_PER_CENT);
    later.since(earlier) > noise.max(APART_LEAST)
}

fn places(trace: &Trace) -> BTreeMap<Step, usize> {
    let steps = steps(trace).into_iter().enumerate();
    steps.map(|(place, (step, _))| (step, place)).collect()
}

/// The steps of everybody who is on a loop, in order.
fn steps(trace: &Trace) -> Vec<(Step, SimTime)> {
    let mut counts: BTreeMap<(TaskIndex, u32, StepKind), u32> = BTreeMap::new();
    let mut steps = Vec::new();
    for event in events(trace) {
        let instance = trace.instance(event.instance);
        let kind = match event.kind {
            EventKind::Start => StepKind::Start,
            EventKind::Print => StepKind::Print,
            EventKind::Respond => StepKind::Respond,
            EventKind::Finish | EventKind::Fail | EventKind::Cancel => StepKind::End,
            _ => continue,
        };
        if instance.role.is_work() || instance.role == Role::Handler {
            continue;
        }
        let nth = counts
            .entry((instance.task, instance.number, kind))
            .or_default();
        *nth += 1;
        let step = Step {
            task: instance.task,
            number: instance.number,
            kind,
            nth: *nth,
        };
        steps.push((step, event.at));
    }
    steps
}

/// Nothing runs on a thread, in a process or as a job.
pub(super) fn lives_on_one_loop(workload: &Workload) -> bool {
    let segments = workload.segments();
    let leaves =
        |kind: &SegmentKind| matches!(kind, SegmentKind::Offload { .. } | SegmentKind::Send { .. });
    let all_async = workload
        .tasks
        .iter()
        .all(|task| task.kind == TaskKind::Async);
    let stays = !segments
        .iter()
        .flatten()
        .any(|segment| leaves(&segment.kind));
    workload.machine.servers == 1 && all_async && stays
}
