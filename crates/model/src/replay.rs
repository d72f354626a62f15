//! The state of every instance at any point of a trace.
//!
//! Moving forward applies the records of the log one by one. Moving back starts from the
//! nearest earlier snapshot. The number of snapshots is bounded, so a step is quick in both
//! directions in a trace of any length. Showing the states is left to the page.

use crate::cooperative::{self, SLICE_ITEMS};
use crate::time::SimTime;
use crate::trace::{InstanceId, LaneId, Record, State, Trace};
use crate::workload::SegmentId;

/// The state of an instance since its latest record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceState {
    pub state: State,
    pub since: SimTime,
    /// The number of that record. Among waiting instances it gives their order in the queue.
    pub record: usize,
    pub lane: LaneId,
    pub segment: SegmentId,
    pub cause: Option<InstanceId>,
}

/// A position in a trace, with the states of all instances there.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    records: usize,
    /// By instance, up to the latest that has occurred; `None` for those that have ended.
    states: Vec<Option<InstanceState>>,
    snapshots: Vec<Snapshot>,
    /// Records between two snapshots.
    spacing: usize,
    /// The number of instances in all snapshots together.
    snapshot_entries: usize,
}

/// The instances that were alive after `records` records.
#[derive(Clone, Debug)]
struct Snapshot {
    records: usize,
    alive: Vec<(InstanceId, InstanceState)>,
}

/// Records between two snapshots, at least: applying fewer takes under 100 µs.
const SPACING_MIN: usize = 2_048;
/// Records between two snapshots, at most: applying more takes longer than a few milliseconds.
const SPACING_MAX: usize = 65_536;
/// Bounds the memory of all snapshots: an entry takes about 40 bytes, so 40 MB.
const SNAPSHOT_ENTRIES_MAX: usize = 1_000_000;

impl Replay {
    /// The position before the first record.
    pub fn new() -> Self {
        Self {
            spacing: SPACING_MIN,
            ..Self::default()
        }
    }

    /// How many records have been applied.
    pub fn records(&self) -> usize {
        self.records
    }

    /// The instances that have been created and have not ended, in order of creation.
    pub fn alive(&self) -> impl Iterator<Item = (InstanceId, &InstanceState)> {
        let all = self.states.iter().enumerate();
        all.filter_map(|(id, standing)| Some((InstanceId(id as u32), standing.as_ref()?)))
    }

    pub fn state_of(&self, id: InstanceId) -> Option<&InstanceState> {
        self.states.get(id.0 as usize)?.as_ref()
    }

    /// Moves to the point after `records` records.
    pub fn move_to(&mut self, trace: &Trace, records: usize) {
        let records = records.min(trace.log.len());
        if records < self.records {
            self.restore_before(records);
        }
        let more = records - self.records;
        for record in trace.log.iter_from(self.records).take(more) {
            self.apply_record(record);
        }
    }

    /// Builds the snapshots of the whole trace, yielding regularly, and returns to the current
    /// position. From then on every point is near a snapshot.
    pub async fn build_snapshots(&mut self, trace: &Trace) {
        let here = self.records;
        self.choose_spacing(trace);
        while self.records < trace.log.len() {
            self.move_to(trace, self.records + SLICE_ITEMS);
            cooperative::yield_now().await;
        }
        self.move_to(trace, here);
    }

    /// Chooses the spacing that snapshots of this many instances would end up with, so that
    /// none is built and then dropped.
    fn choose_spacing(&mut self, trace: &Trace) {
        let most = trace.log.len() as u64 * trace.instances.len() as u64;
        while self.spacing < SPACING_MAX && most / self.spacing as u64 > SNAPSHOT_ENTRIES_MAX as u64
        {
            self.spacing *= 2;
        }
    }

    fn restore_before(&mut self, records: usize) {
        let after = self
            .snapshots
            .partition_point(|snapshot| snapshot.records <= records);
        self.states.fill(None);
        self.records = 0;
        if let Some(nearest) = after.checked_sub(1).map(|last| &self.snapshots[last]) {
            self.records = nearest.records;
            for (id, standing) in &nearest.alive {
                self.states[id.0 as usize] = Some(*standing);
            }
        }
    }

    fn apply_record(&mut self, record: Record) {
        let id = record.instance.0 as usize;
        if self.states.len() <= id {
            self.states.resize(id + 1, None);
        }
        // A mark changes no state, but counts as a record.
        if record.state.is_terminal() {
            self.states[id] = None;
        } else if !record.state.is_mark() {
            self.states[id] = Some(InstanceState {
                state: record.state,
                since: record.at,
                record: self.records,
                lane: record.lane,
                segment: record.segment,
                cause: record.cause,
            });
        }
        self.records += 1;
        if self.records.is_multiple_of(self.spacing) {
            self.keep_snapshot();
        }
    }

    fn keep_snapshot(&mut self) {
        // After moving back, the same records are applied again.
        let newest = self.snapshots.last().map_or(0, |snapshot| snapshot.records);
        if self.records <= newest {
            return;
        }
        // Counting first is faster than growing the vector step by step.
        let mut alive = Vec::with_capacity(self.alive().count());
        alive.extend(self.alive().map(|(id, standing)| (id, *standing)));
        self.snapshot_entries += alive.len();
        self.snapshots.push(Snapshot {
            records: self.records,
            alive,
        });
        while self.snapshot_entries > SNAPSHOT_ENTRIES_MAX && self.snapshots.len() > 1 {
            self.drop_every_other_snapshot();
        }
    }

    /// Doubles the spacing, for existing and future snapshots.
    fn drop_every_other_snapshot(&mut self) {
        self.spacing *= 2;
        let spacing = self.spacing;
        self.snapshots
            .retain(|snapshot| snapshot.records.is_multiple_of(spacing));
        self.snapshot_entries = self
            .snapshots
            .iter()
            .map(|snapshot| snapshot.alive.len())
            .sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Ending, Instance, Log, Role};
    use crate::workload::TaskIndex;

    /// A log in which 97 instances become ready, wait and end, again and again.
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
    fn moving_back_gives_the_same_states_as_moving_forward() {
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
    fn building_snapshots_keeps_the_position() {
        let trace = busy_trace(20_000);
        let mut ahead = Replay::new();
        ahead.move_to(&trace, 9_999);
        let here = ahead.clone();
        cooperative::block_on(ahead.build_snapshots(&trace));
        assert_eq!(ahead.records(), 9_999);
        assert!(ahead.alive().eq(here.alive()));
        assert!(ahead.snapshots.len() > here.snapshots.len());
    }

    #[test]
    fn snapshots_of_many_instances_are_far_apart_from_the_start() {
        let mut trace = busy_trace(20_000);
        let of_few = {
            let mut ahead = Replay::new();
            cooperative::block_on(ahead.build_snapshots(&trace));
            ahead
        };
        trace.instances = vec![trace.instances[0]; 400_000];
        let mut of_many = Replay::new();
        cooperative::block_on(of_many.build_snapshots(&trace));
        assert_eq!((of_few.spacing, of_many.spacing), (2_048, 8_192));
        let positions: Vec<usize> = of_many
            .snapshots
            .iter()
            .map(|snapshot| snapshot.records)
            .collect();
        assert_eq!(positions, [8_192, 16_384]);
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
        assert_eq!(replay.state_of(InstanceId(6 * 13)), None);
    }
}
