//! The comparison of the predicted order of steps with the measured one.
//!
//! Two steps have a guaranteed order if their predicted times are far apart, or if they are
//! simultaneous in a script that runs on one event loop only. Other pairs are not compared,
//! because noise or the operating system may change their order.

use std::collections::BTreeMap;

use super::StepKind;
use model::time::{SimDuration, SimTime};
use model::trace::{EventKind, Role, Trace, events};
use model::workload::{SegmentKind, TaskIndex, TaskKind, Workload};

/// The number of steps up to which all pairs are compared. The work grows with its square:
/// 3,000 steps are 4.5 million pairs.
const EVENTS_MAX: usize = 3_000;
/// The least distance of two steps that have an order, in percent of the time since the start.
/// E.g. at 10 s, steps less than 0.5 s apart may come in either order.
const APART_PER_CENT: u64 = 5;
/// The least distance near the start, where a percentage would be less than the noise.
const APART_LEAST: SimDuration = SimDuration::from_millis(20);

/// An observable step of an instance, e.g. the second `print` of `ping 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObservedStep {
    pub task: TaskIndex,
    pub number: u32,
    pub kind: StepKind,
    nth: u32,
}

/// Two steps that a run made in the opposite order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    pub earlier: ObservedStep,
    pub later: ObservedStep,
}

/// The result of comparing the order of all runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderCheck {
    /// The number of compared steps; 0 if there were too many.
    pub steps: usize,
    /// By run: the first pair of steps in the wrong order.
    pub swaps: Vec<Option<Swap>>,
}

impl OrderCheck {
    /// The number of runs with steps in the wrong order.
    pub fn broken(&self) -> usize {
        self.swaps.iter().flatten().count()
    }
}

pub(super) fn compare_order(
    workload: &Workload,
    predicted: &Trace,
    measured: &[Trace],
) -> OrderCheck {
    let expected = trace_steps(predicted);
    if expected.len() > EVENTS_MAX {
        return OrderCheck {
            steps: 0,
            swaps: vec![None; measured.len()],
        };
    }
    let exact = lives_on_one_loop(workload);
    let swaps = measured
        .iter()
        .map(|trace| first_swap(&expected, &first_places(trace), exact))
        .collect();
    OrderCheck {
        steps: expected.len(),
        swaps,
    }
}

fn first_swap(
    expected: &[(ObservedStep, SimTime)],
    places: &BTreeMap<ObservedStep, usize>,
    exact: bool,
) -> Option<Swap> {
    for (index, &(later, at)) in expected.iter().enumerate() {
        // A step that the run did not make shows in the comparison of outcomes.
        let Some(place) = places.get(&later) else {
            continue;
        };
        for &(earlier, before) in &expected[..index] {
            // On one loop the order of simultaneous steps is deterministic.
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

fn first_places(trace: &Trace) -> BTreeMap<ObservedStep, usize> {
    let steps = trace_steps(trace).into_iter().enumerate();
    steps.map(|(place, (step, _))| (step, place)).collect()
}

/// The steps of all instances on event loops, in the order of the trace.
fn trace_steps(trace: &Trace) -> Vec<(ObservedStep, SimTime)> {
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
        // Work on threads and in processes, and `def` handlers, which run on pool threads.
        if instance.role.is_work() || instance.role == Role::Handler {
            continue;
        }
        let nth = counts
            .entry((instance.task, instance.number, kind))
            .or_default();
        *nth += 1;
        let step = ObservedStep {
            task: instance.task,
            number: instance.number,
            kind,
            nth: *nth,
        };
        steps.push((step, event.at));
    }
    steps
}

/// Whether the whole script runs on one event loop: no threads, processes or jobs.
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
