//! Who does what at any point of a trace: the log folded up to a record, and
//! unfolded again.
//!
//! Going forward is a fold. Going back starts from the nearest snapshot before,
//! of which there are a bounded number, so that stepping is quick in both
//! directions in a trace of any length. How it is told is decided in the page.

use std::collections::BTreeMap;

use crate::time::SimTime;
use crate::trace::{InstanceId, LaneId, State, Trace};
use crate::workload::SegmentId;

/// What an instance is at since its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    pub since: SimTime,
    /// The number of the record that brought it here: the order of queues.
    pub record: usize,
    pub lane: LaneId,
    pub segment: SegmentId,
    pub cause: Option<InstanceId>,
}

/// Everybody who exists, after so many records.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    records: usize,
    alive: Alive,
    snapshots: Vec<(usize, Alive)>,
    /// Records between two snapshots.
    spacing: usize,
    /// Entries in all snapshots together.
    kept: usize,
}

type Alive = BTreeMap<InstanceId, Standing>;

const SPACING_MIN: usize = 2_048;
/// About 50 bytes each.
const KEPT_MAX: usize = 1_000_000;

impl Replay {
    /// Before anything has happened.
    pub fn new() -> Self {
        Self {
            spacing: SPACING_MIN,
            ..Self::default()
        }
    }

    /// How many records have happened.
    pub fn records(&self) -> usize {
        self.records
    }

    /// Those who exist and have not ended.
    pub fn alive(&self) -> impl Iterator<Item = (InstanceId, &Standing)> {
        self.alive.iter().map(|(&id, standing)| (id, standing))
    }

    pub fn standing(&self, id: InstanceId) -> Option<&Standing> {
        self.alive.get(&id)
    }

    /// To the point at which `records` records have happened.
    pub fn move_to(&mut self, trace: &Trace, records: usize) {
        let records = records.min(trace.log.len());
        if records < self.records {
            self.go_back_before(records);
        }
        while self.records < records {
            self.apply_next(trace);
        }
    }

    fn go_back_before(&mut self, records: usize) {
        let after = self.snapshots.partition_point(|&(at, _)| at <= records);
        (self.records, self.alive) = match after.checked_sub(1) {
            Some(nearest) => self.snapshots[nearest].clone(),
            None => (0, Alive::new()),
        };
    }

    fn apply_next(&mut self, trace: &Trace) {
        let Some(record) = trace.log.get(self.records) else {
            return;
        };
        if record.state.is_terminal() {
            self.alive.remove(&record.instance);
        } else if !record.state.is_mark() {
            let standing = Standing {
                state: record.state,
                since: record.at,
                record: self.records,
                lane: record.lane,
                segment: record.segment,
                cause: record.cause,
            };
            self.alive.insert(record.instance, standing);
        }
        self.records += 1;
        if self.records.is_multiple_of(self.spacing) {
            self.keep_snapshot();
        }
    }

    fn keep_snapshot(&mut self) {
        let newest = self.snapshots.last().map_or(0, |&(at, _)| at);
        if self.records <= newest {
            return;
        }
        self.kept += self.alive.len();
        self.snapshots.push((self.records, self.alive.clone()));
        while self.kept > KEPT_MAX && self.snapshots.len() > 1 {
            self.thin_out();
        }
    }

    /// Every other one goes, and from now on they are twice as far apart.
    fn thin_out(&mut self) {
        self.spacing *= 2;
        let spacing = self.spacing;
        self.snapshots.retain(|(at, _)| at.is_multiple_of(spacing));
        self.kept = self.snapshots.iter().map(|(_, alive)| alive.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Ending, Instance, Log, Record, Role};
    use crate::workload::TaskIndex;

    /// Instances that come, turn ready and go, many times over.
    fn busy_trace(records: u32) -> Trace {
        let mut log = Log::default();
        for number in 0..records {
            let state = match number % 7 {
                0..=3 => State::Ready,
                4 => State::Awaiting,
                5 => State::Printed,
                _ => State::Done,
            };
            log.push(Record {
                at: SimTime::from_nanos(u64::from(number / 2)),
                instance: InstanceId(number * 13 % 97),
                state,
                lane: LaneId::NONE,
                segment: SegmentId(number),
                cause: None,
            });
        }
        let instance = Instance {
            task: TaskIndex(0),
            number: 1,
            parent: None,
            role: Role::Arrived,
            server: 0,
        };
        let end = SimTime::from_nanos(u64::from(records / 2));
        Trace {
            instances: vec![instance; 97],
            lanes: vec![],
            log,
            end,
            ending: Ending::Finished,
        }
    }

    #[test]
    fn going_back_ends_where_going_forward_was() {
        let trace = busy_trace(20_000);
        let mut wanderer = Replay::new();
        for records in [
            19_999, 5_000, 5_001, 4_999, 0, 12_345, 2_048, 2_047, 20_000, 99_999,
        ] {
            let mut fresh = Replay::new();
            fresh.move_to(&trace, records);
            wanderer.move_to(&trace, records);
            assert!(fresh.alive().eq(wanderer.alive()), "at {records}");
            assert_eq!(wanderer.records(), records.min(20_000));
        }
    }

    #[test]
    fn marks_change_nothing_and_ends_remove() {
        let trace = busy_trace(7);
        let mut replay = Replay::new();
        replay.move_to(&trace, 5);
        let before: Vec<_> = replay
            .alive()
            .map(|(id, standing)| (id, *standing))
            .collect();
        replay.move_to(&trace, 6);
        let after: Vec<_> = replay
            .alive()
            .map(|(id, standing)| (id, *standing))
            .collect();
        assert_eq!(before, after);
        replay.move_to(&trace, 7);
        assert_eq!(replay.standing(InstanceId(6 * 13)), None);
    }
}
