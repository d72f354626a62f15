//! The log: one record for each change of state, in the order it happened.
//!
//! Columns, in chunks: about 15 bytes a record, never copied while growing. A
//! time is stored once for all the records of an instant, since most instants
//! have many. Per-task views are derived from it (see the summary and the
//! spans), not stored.

use crate::time::SimTime;
use crate::trace::{InstanceId, LaneId, State};
use crate::workload::SegmentId;

/// One change of state, or a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub at: SimTime,
    pub instance: InstanceId,
    pub state: State,
    /// The lane it holds; [`LaneId::NONE`] while it waits.
    pub lane: LaneId,
    /// The segment it is at.
    pub segment: SegmentId,
    /// Who brought this about, where it was somebody: the one that set, put,
    /// released, finished, cancelled or handed over.
    pub cause: Option<InstanceId>,
}

/// Big enough to amortise an allocation, small enough to waste little.
const CHUNK: usize = 1 << 14;
const NO_CAUSE: u32 = u32::MAX;

/// Append-only columns of [`Record`]s.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    chunks: Vec<Chunk>,
    length: usize,
    /// Each instant with the number of its first record, both ascending.
    instants: Vec<(SimTime, u32)>,
}

#[derive(Clone, Debug, PartialEq)]
struct Chunk {
    instances: Vec<u32>,
    segments: Vec<u32>,
    causes: Vec<u32>,
    lanes: Vec<u16>,
    states: Vec<u8>,
}

impl Chunk {
    fn new() -> Self {
        Self {
            instances: Vec::with_capacity(CHUNK),
            segments: Vec::with_capacity(CHUNK),
            causes: Vec::with_capacity(CHUNK),
            lanes: Vec::with_capacity(CHUNK),
            states: Vec::with_capacity(CHUNK),
        }
    }
}

impl Log {
    /// Appends a record. Time must not go back.
    #[inline]
    pub fn push(&mut self, record: Record) {
        match self.instants.last() {
            Some(&(last, _)) if last == record.at => {}
            last => {
                debug_assert!(
                    last.is_none_or(|&(time, _)| time < record.at),
                    "time went back"
                );
                self.instants.push((record.at, self.length as u32));
            }
        }
        if self.length.is_multiple_of(CHUNK) {
            self.chunks.push(Chunk::new());
        }
        let chunk = self
            .chunks
            .last_mut()
            .expect("a chunk was pushed for the first record");
        chunk.instances.push(record.instance.0);
        chunk.segments.push(record.segment.0);
        chunk
            .causes
            .push(record.cause.map_or(NO_CAUSE, |cause| cause.0));
        chunk.lanes.push(record.lane.0);
        chunk.states.push(record.state as u8);
        self.length += 1;
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The record with this number, from 0.
    pub fn get(&self, number: usize) -> Option<Record> {
        (number < self.length).then(|| self.read(number, self.time_of(number)))
    }

    /// All records in order.
    pub fn iter(&self) -> impl Iterator<Item = Record> + '_ {
        let mut next_instant = 0;
        let mut at = SimTime::ZERO;
        (0..self.length).map(move |number| {
            if let Some(&(time, first)) = self.instants.get(next_instant)
                && first as usize == number
            {
                at = time;
                next_instant += 1;
            }
            self.read(number, at)
        })
    }

    /// The number of the first record at or after `time`.
    pub fn first_at(&self, time: SimTime) -> usize {
        let instant = self.instants.partition_point(|&(at, _)| at < time);
        self.instants
            .get(instant)
            .map_or(self.length, |&(_, first)| first as usize)
    }

    fn time_of(&self, number: usize) -> SimTime {
        let after = self
            .instants
            .partition_point(|&(_, first)| first as usize <= number);
        self.instants[after - 1].0
    }

    fn read(&self, number: usize, at: SimTime) -> Record {
        let chunk = &self.chunks[number / CHUNK];
        let row = number % CHUNK;
        let cause = chunk.causes[row];
        Record {
            at,
            instance: InstanceId(chunk.instances[row]),
            state: State::from_number(chunk.states[row]),
            lane: LaneId(chunk.lanes[row]),
            segment: SegmentId(chunk.segments[row]),
            cause: (cause != NO_CAUSE).then_some(InstanceId(cause)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(at: u64, instance: u32) -> Record {
        Record {
            at: SimTime::from_nanos(at),
            instance: InstanceId(instance),
            state: State::Ready,
            lane: LaneId::NONE,
            segment: SegmentId(instance * 2),
            cause: instance.checked_sub(1).map(InstanceId),
        }
    }

    #[test]
    fn what_is_pushed_is_read_back_across_chunks_and_instants() {
        let records: Vec<Record> = (0..40_000)
            .map(|number| record(u64::from(number / 3), number))
            .collect();
        let mut log = Log::default();
        for &each in &records {
            log.push(each);
        }
        assert_eq!(log.len(), records.len());
        assert!(log.iter().eq(records.iter().copied()));
        for number in [0, 1, 2, 3, 16_383, 16_384, 39_999] {
            assert_eq!(log.get(number), Some(records[number]));
        }
        assert_eq!(log.get(40_000), None);
        assert_eq!(log.first_at(SimTime::from_nanos(2)), 6);
        assert_eq!(log.first_at(SimTime::MAX), 40_000);
    }
}
