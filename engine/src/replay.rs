//! Who does what at any point of a trace: the log folded up to a record, and
//! unfolded again.
//!
//! Going forward is a fold. Going back starts from the nearest snapshot before,
//! of which there are a bounded number, so that stepping is quick in both
//! directions in a trace of any length. How it is told is decided in the page.

use crate::cooperative::{self, SLICE_ITEMS};
use crate::time::SimTime;
use crate::trace::{InstanceId, LaneId, Record, State, Trace};
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
    /// By instance, as far as they have occurred; `None` of those who have ended.
    standings: Vec<Option<Standing>>,
    snapshots: Vec<Snapshot>,
    /// Records between two snapshots.
    spacing: usize,
    /// Entries in all snapshots together.
    kept: usize,
}

/// Those who were alive after so many records.
#[derive(Clone, Debug)]
struct Snapshot {
    records: usize,
    alive: Vec<(InstanceId, Standing)>,
}

const SPACING_MIN: usize = 2_048;
/// So many records are read in a few milliseconds.
const SPACING_MAX: usize = 65_536;
/// About 40 bytes each.
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

    /// Those who exist and have not ended, in order of creation.
    pub fn alive(&self) -> impl Iterator<Item = (InstanceId, &Standing)> {
        let all = self.standings.iter().enumerate();
        all.filter_map(|(id, standing)| Some((InstanceId(id as u32), standing.as_ref()?)))
    }

    pub fn standing(&self, id: InstanceId) -> Option<&Standing> {
        self.standings.get(id.0 as usize)?.as_ref()
    }

    /// To the point at which `records` records have happened.
    pub fn move_to(&mut self, trace: &Trace, records: usize) {
        let records = records.min(trace.log.len());
        if records < self.records {
            self.go_back_before(records);
        }
        let more = records - self.records;
        for record in trace.log.iter_from(self.records).take(more) {
            self.apply(record);
        }
    }

    /// To the end and back, a slice at a time: from then on the nearest snapshot is near
    /// from everywhere.
    pub async fn look_ahead(&mut self, trace: &Trace) {
        let here = self.records;
        self.space_out(trace);
        while self.records < trace.log.len() {
            self.move_to(trace, self.records + SLICE_ITEMS);
            cooperative::yield_now().await;
        }
        self.move_to(trace, here);
    }

    /// As far apart as snapshots of so many instances would end up: each that is thinned out
    /// later has been made in vain.
    fn space_out(&mut self, trace: &Trace) {
        let most = trace.log.len() as u64 * trace.instances.len() as u64;
        while self.spacing < SPACING_MAX && most / self.spacing as u64 > KEPT_MAX as u64 {
            self.spacing *= 2;
        }
    }

    fn go_back_before(&mut self, records: usize) {
        let after = self
            .snapshots
            .partition_point(|kept| kept.records <= records);
        self.standings.fill(None);
        self.records = 0;
        if let Some(nearest) = after.checked_sub(1).map(|last| &self.snapshots[last]) {
            self.records = nearest.records;
            for (id, standing) in &nearest.alive {
                self.standings[id.0 as usize] = Some(*standing);
            }
        }
    }

    fn apply(&mut self, record: Record) {
        let id = record.instance.0 as usize;
        if self.standings.len() <= id {
            self.standings.resize(id + 1, None);
        }
        if record.state.is_terminal() {
            self.standings[id] = None;
        } else if !record.state.is_mark() {
            self.standings[id] = Some(Standing {
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
        let newest = self.snapshots.last().map_or(0, |kept| kept.records);
        if self.records <= newest {
            return;
        }
        // Counted first: to make room bit by bit takes longer.
        let mut alive = Vec::with_capacity(self.alive().count());
        alive.extend(self.alive().map(|(id, standing)| (id, *standing)));
        self.kept += alive.len();
        self.snapshots.push(Snapshot {
            records: self.records,
            alive,
        });
        while self.kept > KEPT_MAX && self.snapshots.len() > 1 {
            self.thin_out();
        }
    }

    /// Every other one goes, and from now on they are twice as far apart.
    fn thin_out(&mut self) {
        self.spacing *= 2;
        let spacing = self.spacing;
        self.snapshots
            .retain(|kept| kept.records.is_multiple_of(spacing));
        self.kept = self.snapshots.iter().map(|kept| kept.alive.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Ending, Instance, Log, Role};
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
    fn who_has_looked_ahead_is_where_he_was() {
        let trace = busy_trace(20_000);
        let mut ahead = Replay::new();
        ahead.move_to(&trace, 9_999);
        let here = ahead.clone();
        cooperative::block_on(ahead.look_ahead(&trace));
        assert_eq!(ahead.records(), 9_999);
        assert!(ahead.alive().eq(here.alive()));
        assert!(ahead.snapshots.len() > here.snapshots.len());
    }

    #[test]
    fn snapshots_of_many_are_far_apart_from_the_start() {
        let mut trace = busy_trace(20_000);
        let of_few = {
            let mut ahead = Replay::new();
            cooperative::block_on(ahead.look_ahead(&trace));
            ahead
        };
        trace.instances = vec![trace.instances[0]; 400_000];
        let mut of_many = Replay::new();
        cooperative::block_on(of_many.look_ahead(&trace));
        assert_eq!((of_few.spacing, of_many.spacing), (2_048, 8_192));
        let kept: Vec<usize> = of_many.snapshots.iter().map(|kept| kept.records).collect();
        assert_eq!(kept, [8_192, 16_384]);
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
