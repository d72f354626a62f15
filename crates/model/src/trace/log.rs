//! The log: one record for each change of state, in order.
//!
//! Records are rows of 15 bytes in chunks, which are never copied while the log grows and
//! are moved to another thread as they are (see the page's `protocol`). A time is stored once
//! for all records of an instant, because most instants have many (see `instants`). Views by
//! task are derived from the log by `spans` and `summary`.

use crate::time::SimTime;
use crate::trace::instants::{Instant, Instants};
use crate::trace::{InstanceId, LaneId, State};
use crate::workload::SegmentId;

/// One change of state, or a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub at: SimTime,
    pub instance: InstanceId,
    pub state: State,
    /// The lane that the instance holds; [`LaneId::NONE`] while it waits.
    pub lane: LaneId,
    /// The segment that the instance is at.
    pub segment: SegmentId,
    /// The instance that caused the change, if one did: it set, put, released, finished,
    /// cancelled or handed over.
    pub cause: Option<InstanceId>,
}

/// Rows in a chunk, 240 KB: big enough to amortise an allocation, small enough to waste little.
const CHUNK: usize = 1 << 14;
const NO_CAUSE: u32 = u32::MAX;

/// Bytes of a [`RecordBytes`].
pub const ROW_BYTES: usize = 15;

/// A record without its time: instance, segment, cause, lane and state, little-endian.
type RecordBytes = [u8; ROW_BYTES];

/// Append-only [`Record`]s.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    chunks: Vec<Vec<RecordBytes>>,
    length: usize,
    instants: Instants,
}

impl Log {
    /// Appends a record. Time must not go back.
    #[inline]
    pub fn push(&mut self, record: Record) {
        match self.instants.last() {
            Some((last, _)) if last == record.at => {}
            last => {
                debug_assert!(
                    last.is_none_or(|(time, _)| time < record.at),
                    "time went back"
                );
                self.instants.push((record.at, self.length as u32));
            }
        }
        if self.length.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(pack_record(&record));
        }
        self.length += 1;
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The record with this number; numbers count from 0.
    pub fn get(&self, number: usize) -> Option<Record> {
        (number < self.length).then(|| self.read_record(number, self.time_of(number)))
    }

    /// All records in order.
    pub fn iter(&self) -> impl Iterator<Item = Record> + '_ {
        self.iter_from(0)
    }

    /// The records from this number on, in order.
    pub fn iter_from(&self, number: usize) -> impl Iterator<Item = Record> + '_ {
        // The instant of this record began at it or earlier.
        let begun = self.instants_until(number);
        let chunks = self.chunks.get(number / CHUNK..).unwrap_or_default();
        let mut chunks = chunks.iter();
        let first = chunks.next().map_or(&[][..], Vec::as_slice);
        let mut records = Records {
            rows: first.get(number % CHUNK..).unwrap_or_default().iter(),
            chunks,
            number,
            at: self.time_of(number),
            instants: self.instants.iter_from(begun),
            next_instant: (SimTime::MAX, u32::MAX),
        };
        records.look_ahead();
        records
    }

    /// The number of the first record at or after `time`.
    pub fn first_at(&self, time: SimTime) -> usize {
        let instant = self.instants.count_until(|(at, _)| at >= time);
        self.instants
            .get(instant)
            .map_or(self.length, |(_, first)| first as usize)
    }

    /// Zero of an empty log.
    fn time_of(&self, number: usize) -> SimTime {
        let begun = self.instants_until(number);
        let instant = begun
            .checked_sub(1)
            .and_then(|last| self.instants.get(last));
        instant.map_or(SimTime::ZERO, |(at, _)| at)
    }

    /// How many instants begin at this record or earlier.
    fn instants_until(&self, number: usize) -> usize {
        self.instants
            .count_until(|(_, first)| first as usize > number)
    }

    fn read_record(&self, number: usize, at: SimTime) -> Record {
        unpack_record(&self.chunks[number / CHUNK][number % CHUNK], at)
    }

    // Encoding as bytes

    pub(crate) fn instants(&self) -> impl Iterator<Item = Instant> + '_ {
        self.instants.iter_from(0)
    }

    pub(crate) fn instant_count(&self) -> usize {
        self.instants.len()
    }

    /// The encoded rows, in blocks of any size.
    pub(crate) fn record_rows(&self) -> impl Iterator<Item = &[u8]> {
        self.chunks.iter().map(|chunk| chunk.as_flattened())
    }

    /// Appends encoded rows; [`Log::begin_instant`] adds their instants. `None` if they are not
    /// rows of a log with this many instances and lanes; the log must then be dropped.
    pub(crate) fn extend_rows(
        &mut self,
        rows: &[u8],
        instances: usize,
        lanes: usize,
    ) -> Option<()> {
        let (rows, []) = rows.as_chunks::<ROW_BYTES>() else {
            return None;
        };
        if !rows.iter().all(|row| is_below(row, instances, lanes)) {
            return None;
        }
        let mut rest = rows;
        while !rest.is_empty() {
            // Fills the last chunk first, so that every chunk but the last is full.
            let room = CHUNK - self.length % CHUNK;
            let (now, later) = rest.split_at(room.min(rest.len()));
            if room == CHUNK {
                self.chunks.push(Vec::with_capacity(now.len()));
            }
            self.chunks.last_mut()?.extend_from_slice(now);
            self.length += now.len();
            rest = later;
        }
        Some(())
    }

    /// Whether no row names an instance or a lane beyond these counts.
    pub(crate) fn rows_are_below(&self, instances: usize, lanes: usize) -> bool {
        let mut rows = self.chunks.iter().flatten();
        rows.all(|row| is_below(row, instances, lanes))
    }

    /// Sets the time of the records from this number on. `None` unless both are later than those
    /// of the last instant.
    pub(crate) fn begin_instant(&mut self, at: SimTime, first: u32) -> Option<()> {
        let follows = match self.instants.last() {
            Some((time, number)) => time < at && number < first,
            None => first == 0,
        };
        follows.then(|| self.instants.push((at, first)))
    }

    /// Whether every record has an instant and every instant has a record.
    pub(crate) fn is_whole(&self) -> bool {
        match self.instants.last() {
            Some((_, first)) => (first as usize) < self.length,
            None => self.length == 0,
        }
    }
}

/// The records of a log in order, row by row: most code that reads a trace goes through all of its
/// millions of records, so that a step must be short enough to be inlined.
struct Records<'a, I> {
    rows: std::slice::Iter<'a, RecordBytes>,
    chunks: std::slice::Iter<'a, Vec<RecordBytes>>,
    number: usize,
    at: SimTime,
    instants: I,
    /// The next instant. A log never has a record with the number `u32::MAX`.
    next_instant: Instant,
}

impl<I: Iterator<Item = Instant>> Records<'_, I> {
    #[inline(never)]
    fn begin_instant(&mut self) {
        self.at = self.next_instant.0;
        self.look_ahead();
    }

    fn look_ahead(&mut self) {
        self.next_instant = self.instants.next().unwrap_or((SimTime::MAX, u32::MAX));
    }

    #[inline(never)]
    fn begin_chunk(&mut self) {
        if let Some(chunk) = self.chunks.next() {
            self.rows = chunk.iter();
        }
    }
}

impl<I: Iterator<Item = Instant>> Iterator for Records<'_, I> {
    type Item = Record;

    #[inline]
    fn next(&mut self) -> Option<Record> {
        if self.rows.len() == 0 {
            self.begin_chunk();
        }
        let row = self.rows.next()?;
        if self.number == self.next_instant.1 as usize {
            self.begin_instant();
        }
        self.number += 1;
        Some(unpack_record(row, self.at))
    }
}

/// Whether a row's state is one, and its instance, lane and cause are below these counts.
fn is_below(row: &RecordBytes, instances: usize, lanes: usize) -> bool {
    let [i0, i1, i2, i3, _, _, _, _, c0, c1, c2, c3, l0, l1, state] = *row;
    let instance = u32::from_le_bytes([i0, i1, i2, i3]) as usize;
    let cause = u32::from_le_bytes([c0, c1, c2, c3]);
    let lane = u16::from_le_bytes([l0, l1]);
    instance < instances
        && (cause == NO_CAUSE || (cause as usize) < instances)
        && (lane == LaneId::NONE.0 || usize::from(lane) < lanes)
        && usize::from(state) < State::ALL.len()
}

fn pack_record(record: &Record) -> RecordBytes {
    let mut row = [0; ROW_BYTES];
    let cause = record.cause.map_or(NO_CAUSE, |cause| cause.0);
    row[..4].copy_from_slice(&record.instance.0.to_le_bytes());
    row[4..8].copy_from_slice(&record.segment.0.to_le_bytes());
    row[8..12].copy_from_slice(&cause.to_le_bytes());
    row[12..14].copy_from_slice(&record.lane.0.to_le_bytes());
    row[14] = record.state as u8;
    row
}

#[inline]
fn unpack_record(row: &RecordBytes, at: SimTime) -> Record {
    let [
        i0,
        i1,
        i2,
        i3,
        s0,
        s1,
        s2,
        s3,
        c0,
        c1,
        c2,
        c3,
        l0,
        l1,
        state,
    ] = *row;
    let cause = u32::from_le_bytes([c0, c1, c2, c3]);
    Record {
        at,
        instance: InstanceId(u32::from_le_bytes([i0, i1, i2, i3])),
        state: State::from_number(state),
        lane: LaneId(u16::from_le_bytes([l0, l1])),
        segment: SegmentId(u32::from_le_bytes([s0, s1, s2, s3])),
        cause: (cause != NO_CAUSE).then_some(InstanceId(cause)),
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
    fn pushed_records_are_read_back_across_chunks_and_instants() {
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
        for number in [0, 1, 5, 16_384, 39_999, 40_000] {
            let rest = records[number..].iter().copied();
            assert!(log.iter_from(number).eq(rest), "from {number}");
        }
        assert_eq!(log.first_at(SimTime::from_nanos(2)), 6);
        assert_eq!(log.first_at(SimTime::MAX), 40_000);
    }
}
