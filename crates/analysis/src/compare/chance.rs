//! Guaranteed orders and accidents: which orders of a run depend on its exact durations.
//!
//! Every duration is made a little longer or shorter at random, in many runs. An order that
//! reverses in one of them is an accident. An order that never reverses is not proved to be
//! guaranteed: only that many runs were tried. Which orders the runtime promises is decided by
//! `promise`.

use std::collections::{BTreeMap, BTreeSet};

use super::promise::Promises;
use crate::effort::Effort;
use model::time::SimDuration;
use model::trace::{InstanceId, Role, Trace};
use model::workload::{Body, Length, SegmentKind, TaskIndex, Workload};

/// An instance that exists in every run, e.g. `(ping, 41)`.
pub type Who = (TaskIndex, u32);

/// Two instances that ended consecutively.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub first: Who,
    pub second: Who,
    /// The number of runs in which they ended in this order.
    pub kept: u32,
    pub runs: u32,
    /// The first run in which the order was reversed; [`perturbed`] reproduces it.
    pub turned_in: Option<u32>,
    /// Whether the runtime promises it, whatever the durations are.
    pub promised: bool,
}

/// What can be said about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The runtime promises it.
    Guaranteed,
    /// It held in all runs, but nothing promises it.
    InAllRuns,
    /// It reversed in some run.
    Accident,
}

impl Order {
    pub fn verdict(&self) -> Verdict {
        match (self.turned_in, self.promised) {
            (Some(_), _) => Verdict::Accident,
            (None, true) => Verdict::Guaranteed,
            (None, false) => Verdict::InAllRuns,
        }
    }
}

/// The orders of one run, compared with many perturbed runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    pub orders: Vec<Order>,
    /// The number of runs, fewer than requested if the effort was used up.
    pub runs: u32,
}

/// More pairs than a reader looks at.
const ORDERS_MAX: usize = 50;

/// Finds the consecutive ends of a run, and counts how often each pair keeps its order.
pub fn orders(workload: &Workload, percent: u32, runs: u32, effort: &mut Effort) -> Orders {
    let Ok(trace) = effort.simulate(workload) else {
        return Orders::default();
    };
    let mut orders = neighbours(workload, &trace);
    // Freed before the other runs, so that only one trace is in memory.
    drop(trace);
    let asked: BTreeSet<Who> = orders
        .iter()
        .flat_map(|order| [order.first, order.second])
        .collect();
    let mut made = 0;
    for run in 0..runs {
        let Ok(trace) = effort.simulate(&perturbed(workload, percent, run)) else {
            break;
        };
        made += 1;
        let ends: BTreeMap<Who, usize> = ends(&trace)
            .filter(|(who, _)| asked.contains(who))
            .collect();
        for order in &mut orders {
            // An instance that did not end counts as the last.
            let end = |who| ends.get(&who).copied().unwrap_or(usize::MAX);
            if end(order.first) <= end(order.second) {
                order.kept += 1;
            } else {
                order.turned_in = order.turned_in.or(Some(run));
            }
        }
    }
    for order in &mut orders {
        order.runs = made;
    }
    Orders { orders, runs: made }
}

/// Pairs of instances that ended consecutively.
fn neighbours(workload: &Workload, trace: &Trace) -> Vec<Order> {
    let promises = Promises::new(workload, trace);
    let by_end: Vec<InstanceId> = ended(trace).map(|(id, _)| id).collect();
    let who = |id: InstanceId| {
        let instance = trace.instance(id);
        (instance.task, instance.number)
    };
    let pairs = by_end.windows(2).take(ORDERS_MAX);
    pairs
        .map(|pair| Order {
            first: who(pair[0]),
            second: who(pair[1]),
            kept: 0,
            runs: 0,
            turned_in: None,
            promised: promises.holds(pair[0], pair[1]),
        })
        .collect()
}

/// Each instance with the number of the record that ended it, in order of these.
fn ended(trace: &Trace) -> impl Iterator<Item = (InstanceId, usize)> + '_ {
    let records = trace.log.iter().enumerate();
    records
        .filter(|(_, record)| record.state.is_terminal())
        // A part ends with its parent, so it has no order of its own.
        .filter(|(_, record)| trace.instance(record.instance).role != Role::Part)
        .map(|(number, record)| (record.instance, number))
}

fn ends(trace: &Trace) -> impl Iterator<Item = (Who, usize)> + '_ {
    ended(trace).map(|(id, number)| {
        let instance = trace.instance(id);
        ((instance.task, instance.number), number)
    })
}

/// The workload with every duration changed by up to `percent`, at random. The same run number
/// gives the same durations.
pub fn perturbed(workload: &Workload, percent: u32, run: u32) -> Workload {
    let mut changed = workload.clone();
    // The golden ratio in 2^64ths spreads consecutive run numbers over the seeds.
    let mut dice = Dice(u64::from(run).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ workload.machine.seed);
    changed.machine.seed = dice.roll();
    for task in &mut changed.tasks {
        // At most 100 per cent, so that no duration becomes negative.
        shake(&mut task.body, u64::from(percent.min(100)), &mut dice);
    }
    changed
}

fn shake(body: &mut Body, percent: u64, dice: &mut Dice) {
    for segment in body {
        if let SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. } = &mut segment.kind
            // Random lengths vary by the new seed already.
            && let Length::Fixed(time) = length
        {
            // In thousandths, e.g. 900 to 1100 for 10 per cent.
            let thousandths = 1_000 - 10 * percent + dice.roll() % (20 * percent + 1);
            let nanos = u128::from(time.as_nanos()) * u128::from(thousandths) / 1_000;
            *time = SimDuration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
        for inner in segment.kind.bodies_mut() {
            shake(inner, percent, dice);
        }
    }
}

/// SplitMix64: small, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
