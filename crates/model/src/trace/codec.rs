//! The binary encoding of a trace, in chunks: instances and lanes, then the instants, then
//! the rows of the log.
//!
//! Made for speed between a worker and a page of the same build, so it has no version; the
//! formats for files are in `export` and `report`. Decoding is total: bytes that are not a
//! trace, or that name an instance or a lane that it does not have, give `None`. References
//! to a workload are checked by [`Trace::is_of`].

use crate::time::SimTime;
use crate::trace::{
    Deadlock, Ending, Instance, InstanceId, Lane, LaneKind, Limit, Log, Role, State, Trace, Waiter,
};
use crate::workload::{ResourceIndex, SegmentId, TaskIndex};

/// Encodes the absence of an optional number.
const NONE: u32 = u32::MAX;
/// Bytes of an instant: its time and the number of its first record.
const INSTANT_BYTES: usize = 12;
/// Instants in a chunk: about 200 KB, which is encoded in well under a millisecond.
const INSTANTS_PER_CHUNK: usize = 1 << 14;

const LANE_KINDS: [LaneKind; 5] = [
    LaneKind::Loop,
    LaneKind::PoolThread,
    LaneKind::ExecutorThread,
    LaneKind::ProcessWorker,
    LaneKind::JobWorker,
];

/// Encodes a trace as one block.
pub fn encode(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_chunks(trace, |chunk| bytes.extend_from_slice(chunk));
    bytes
}

/// Encodes a trace and calls `emit` with each chunk.
pub fn encode_chunks(trace: &Trace, mut emit: impl FnMut(&[u8])) {
    emit(&encode_head(trace));
    let mut instants = trace.log.instants();
    let mut left = trace.log.instant_count();
    while left > 0 {
        let count = left.min(INSTANTS_PER_CHUNK);
        let mut out = TraceWriter(Vec::with_capacity(INSTANT_BYTES * count));
        for (at, first) in instants.by_ref().take(count) {
            out.write_u64(at.as_nanos());
            out.write_u32(first);
        }
        emit(&out.0);
        left -= count;
    }
    trace.log.record_rows().for_each(emit);
}

fn encode_head(trace: &Trace) -> Vec<u8> {
    let mut out = TraceWriter(Vec::with_capacity(64 + 15 * trace.instances.len()));
    out.write_u64(trace.end.as_nanos());
    out.write_ending(&trace.ending);
    out.write_u32(trace.instances.len() as u32);
    trace
        .instances
        .iter()
        .for_each(|instance| out.write_instance(instance));
    out.write_u32(trace.lanes.len() as u32);
    trace.lanes.iter().for_each(|lane| out.write_lane(lane));
    // The instants and the rows follow in chunks of their own; here are their numbers.
    out.write_u32(trace.log.instant_count() as u32);
    out.write_u32(trace.log.len() as u32);
    out.0
}

/// Decodes a trace from one block.
pub fn decode(bytes: &[u8]) -> Option<Trace> {
    let (mut decoder, rest) = TraceDecoder::decode_head(bytes)?;
    let instants = INSTANT_BYTES.checked_mul(decoder.instants_left)?;
    let (instants, rows) = rest.split_at_checked(instants)?;
    decoder.add(instants)?;
    decoder.add(rows)?;
    decoder.finish()
}

/// Decodes a trace chunk by chunk, so that the page can pause between two chunks.
#[derive(Debug)]
pub struct TraceDecoder {
    trace: Trace,
    instants_left: usize,
    records: usize,
}

impl TraceDecoder {
    /// Decodes the first chunk.
    pub fn begin(chunk: &[u8]) -> Option<Self> {
        let (decoder, rest) = Self::decode_head(chunk)?;
        rest.is_empty().then_some(decoder)
    }

    fn decode_head(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut input = TraceReader(bytes);
        let end = SimTime::from_nanos(input.read_u64()?);
        let ending = input.read_ending()?;
        let instances = input.read_list(TraceReader::read_instance)?;
        let lanes = input.read_list(TraceReader::read_lane)?;
        let instants_left = input.read_u32()? as usize;
        let records = input.read_u32()? as usize;
        let trace = Trace {
            instances,
            lanes,
            log: Log::default(),
            end,
            ending,
        };
        if !trace.is_closed() {
            return None;
        }
        let decoder = Self {
            trace,
            instants_left,
            records,
        };
        Some((decoder, input.0))
    }

    /// Decodes the next chunk.
    pub fn add(&mut self, chunk: &[u8]) -> Option<()> {
        let end = self.trace.end;
        let log = &mut self.trace.log;
        // Rows come after the last instant.
        if self.instants_left == 0 {
            let (instances, lanes) = (self.trace.instances.len(), self.trace.lanes.len());
            return log.extend_rows(chunk, instances, lanes);
        }
        let mut input = TraceReader(chunk);
        while !input.0.is_empty() {
            // The chart draws an open wait from its begin to behind the end.
            let at = Some(SimTime::from_nanos(input.read_u64()?)).filter(|at| *at <= end)?;
            log.begin_instant(at, input.read_u32()?)?;
            self.instants_left = self.instants_left.checked_sub(1)?;
        }
        Some(())
    }

    pub fn finish(self) -> Option<Trace> {
        let log = &self.trace.log;
        let is_whole = self.instants_left == 0 && log.len() == self.records && log.is_whole();
        is_whole.then_some(self.trace)
    }
}

struct TraceWriter(Vec<u8>);

impl TraceWriter {
    fn write_u8(&mut self, value: u8) {
        self.0.push(value);
    }

    fn write_u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn write_u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn write_u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn write_instance(&mut self, instance: &Instance) {
        self.write_u32(instance.task.0);
        self.write_u32(instance.number);
        self.write_u32(instance.parent.map_or(NONE, |parent| parent.0));
        self.write_u8(number_in_table(&Role::ALL, instance.role));
        self.write_u16(instance.server);
    }

    fn write_lane(&mut self, lane: &Lane) {
        self.write_u8(number_in_table(&LANE_KINDS, lane.kind));
        self.write_u16(lane.server);
        self.write_u32(lane.number);
    }

    fn write_ending(&mut self, ending: &Ending) {
        match ending {
            Ending::Finished => self.write_u8(0),
            Ending::Until => self.write_u8(1),
            Ending::Deadlock(deadlock) => {
                self.write_u8(2);
                self.write_deadlock(deadlock);
            }
            Ending::Limit(limit) => {
                self.write_u8(3);
                self.write_limit(limit);
            }
        }
    }

    fn write_deadlock(&mut self, deadlock: &Deadlock) {
        self.write_u64(deadlock.at.as_nanos());
        self.write_u32(deadlock.waiters.len() as u32);
        for waiter in &deadlock.waiters {
            self.write_u32(waiter.instance.0);
            self.write_u8(waiter.state as u8);
            self.write_u32(waiter.segment.0);
            self.write_u32(waiter.resource.map_or(NONE, |resource| resource.0));
            self.write_u32(waiter.held_by.len() as u32);
            waiter
                .held_by
                .iter()
                .for_each(|holder| self.write_u32(holder.0));
        }
        self.write_u32(deadlock.cycle.len() as u32);
        deadlock
            .cycle
            .iter()
            .for_each(|&index| self.write_u32(index as u32));
    }

    fn write_limit(&mut self, limit: &Limit) {
        let (number, detail) = match *limit {
            Limit::Instances => (0, NONE),
            // A log numbers its records with 32 bits, so no limit is higher.
            Limit::Records { most } => (1, most.min(u64::from(NONE) - 1) as u32),
            Limit::Steps => (2, NONE),
            Limit::Horizon => (3, NONE),
            Limit::CallDepth { segment } => (4, segment.0),
            Limit::Spinning { segment } => (5, segment.0),
            Limit::Lanes => (6, NONE),
        };
        self.write_u8(number);
        self.write_u32(detail);
    }
}

fn number_in_table<T: PartialEq>(all: &[T], one: T) -> u8 {
    all.iter()
        .position(|each| *each == one)
        .expect("the table lists every variant") as u8
}

#[derive(Debug)]
struct TraceReader<'a>(&'a [u8]);

impl TraceReader<'_> {
    fn take_bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn read_u8(&mut self) -> Option<u8> {
        Some(u8::from_le_bytes(self.take_bytes()?))
    }

    fn read_u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take_bytes()?))
    }

    fn read_u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take_bytes()?))
    }

    fn read_u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take_bytes()?))
    }

    fn optional_u32(&mut self) -> Option<Option<u32>> {
        let number = self.read_u32()?;
        Some((number != NONE).then_some(number))
    }

    /// Reads a count, then that many items. A false count runs out of bytes, not of memory.
    fn read_list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.read_u32()? as usize;
        // Every item takes at least one byte.
        let mut all = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            all.push(one(self)?);
        }
        Some(all)
    }

    fn read_state(&mut self) -> Option<State> {
        State::ALL.get(usize::from(self.read_u8()?)).copied()
    }

    fn read_instance(&mut self) -> Option<Instance> {
        Some(Instance {
            task: TaskIndex(self.read_u32()?),
            number: self.read_u32()?,
            parent: self.optional_u32()?.map(InstanceId),
            role: *Role::ALL.get(usize::from(self.read_u8()?))?,
            server: self.read_u16()?,
        })
    }

    fn read_lane(&mut self) -> Option<Lane> {
        Some(Lane {
            kind: *LANE_KINDS.get(usize::from(self.read_u8()?))?,
            server: self.read_u16()?,
            number: self.read_u32()?,
        })
    }

    fn read_ending(&mut self) -> Option<Ending> {
        Some(match self.read_u8()? {
            0 => Ending::Finished,
            1 => Ending::Until,
            2 => Ending::Deadlock(self.read_deadlock()?),
            3 => Ending::Limit(self.read_limit()?),
            _ => return None,
        })
    }

    fn read_deadlock(&mut self) -> Option<Deadlock> {
        Some(Deadlock {
            at: SimTime::from_nanos(self.read_u64()?),
            waiters: self.read_list(|input| {
                Some(Waiter {
                    instance: InstanceId(input.read_u32()?),
                    state: input.read_state()?,
                    segment: SegmentId(input.read_u32()?),
                    resource: input.optional_u32()?.map(ResourceIndex),
                    held_by: input.read_list(|input| input.read_u32().map(InstanceId))?,
                })
            })?,
            cycle: self.read_list(|input| input.read_u32().map(|index| index as usize))?,
        })
    }

    fn read_limit(&mut self) -> Option<Limit> {
        let number = self.read_u8()?;
        let detail = self.optional_u32()?;
        let segment = detail.map(SegmentId);
        Some(match (number, segment) {
            (0, _) => Limit::Instances,
            (1, _) => Limit::Records {
                most: detail?.into(),
            },
            (2, _) => Limit::Steps,
            (3, _) => Limit::Horizon,
            (4, Some(segment)) => Limit::CallDepth { segment },
            (5, Some(segment)) => Limit::Spinning { segment },
            (6, _) => Limit::Lanes,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::log::ROW_BYTES;
    use crate::trace::{LaneId, Record};

    fn sample() -> Trace {
        let mut log = Log::default();
        for number in 0..3 {
            log.push(Record {
                at: SimTime::from_nanos(u64::from(number) * 5),
                instance: InstanceId(number % 2),
                state: State::ALL[number as usize + 1],
                lane: LaneId::NONE,
                segment: SegmentId(number),
                cause: number.checked_sub(1).map(InstanceId),
            });
        }
        let instance = |parent| Instance {
            task: TaskIndex(0),
            number: 1,
            parent,
            role: Role::Part,
            server: 0,
        };
        Trace {
            instances: vec![instance(None), instance(Some(InstanceId(0)))],
            lanes: vec![Lane {
                kind: LaneKind::JobWorker,
                server: 0,
                number: 1,
            }],
            log,
            end: SimTime::from_nanos(10),
            ending: Ending::Deadlock(Deadlock {
                at: SimTime::from_nanos(10),
                waiters: vec![Waiter {
                    instance: InstanceId(1),
                    state: State::WaitingPermit,
                    segment: SegmentId(2),
                    resource: Some(ResourceIndex(0)),
                    held_by: vec![InstanceId(0)],
                }],
                cycle: vec![0],
            }),
        }
    }

    #[test]
    fn an_encoded_trace_decodes_to_itself() {
        assert_eq!(decode(&encode(&sample())), Some(sample()));
    }

    #[test]
    fn every_limit_is_decoded_with_its_detail() {
        let segment = SegmentId(3);
        let limits = [
            Limit::Instances,
            Limit::Records { most: 10_000_000 },
            Limit::Steps,
            Limit::Horizon,
            Limit::CallDepth { segment },
            Limit::Spinning { segment },
            Limit::Lanes,
        ];
        for limit in limits {
            let trace = Trace {
                ending: Ending::Limit(limit),
                ..sample()
            };
            assert_eq!(decode(&encode(&trace)), Some(trace));
        }
    }

    #[test]
    fn cut_or_lengthened_bytes_are_not_a_trace() {
        let bytes = encode(&sample());
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), None, "cut to {length}");
        }
        assert_eq!(decode(&[bytes, vec![0]].concat()), None);
    }

    /// Decodes a trace from chunks.
    fn read(chunks: &[Vec<u8>]) -> Option<Trace> {
        let (head, rest) = chunks.split_first()?;
        let mut decoder = TraceDecoder::begin(head)?;
        for chunk in rest {
            decoder.add(chunk)?;
        }
        decoder.finish()
    }

    #[test]
    fn chunks_are_decoded_one_by_one_and_each_is_needed() {
        let mut trace = sample();
        trace.end = SimTime::from_nanos(40_020);
        for number in 0..40_000 {
            trace.log.push(Record {
                at: SimTime::from_nanos(20 + number),
                instance: InstanceId(1),
                state: State::Ready,
                lane: LaneId::NONE,
                segment: SegmentId(0),
                cause: None,
            });
        }
        let mut all = Vec::new();
        encode_chunks(&trace, |chunk| all.push(chunk.to_vec()));
        assert_eq!(
            all.len(),
            7,
            "one for instances and lanes, three each for instants and rows"
        );
        assert_eq!(read(&all), Some(trace));
        for missing in 0..all.len() {
            let mut some = all.clone();
            some.remove(missing);
            assert_eq!(read(&some), None, "without chunk {missing}");
        }
    }

    #[test]
    fn rows_with_an_unknown_instance_or_state_are_rejected() {
        let whole = encode(&sample());
        let last_row = whole.len() - ROW_BYTES;
        for (place, byte) in [(last_row, 2), (whole.len() - 1, State::ALL.len() as u8)] {
            let mut bytes = whole.clone();
            bytes[place] = byte;
            assert_eq!(decode(&bytes), None);
        }
    }

    /// What reads a trace indexes by these.
    #[test]
    fn lanes_causes_parents_and_waiters_that_are_not_there_are_in_no_trace() {
        let broken: [fn(&mut Trace); 6] = [
            |trace| trace.instances[1].parent = Some(InstanceId(2)),
            |trace| trace.instances[0].parent = Some(InstanceId(0)),
            |trace| trace.log = log_with(|record| record.lane = LaneId(1)),
            |trace| trace.log = log_with(|record| record.cause = Some(InstanceId(2))),
            |trace| deadlock(trace).waiters[0].held_by.push(InstanceId(2)),
            |trace| deadlock(trace).cycle.push(1),
        ];
        for (number, breaks) in broken.iter().enumerate() {
            let mut trace = sample();
            breaks(&mut trace);
            assert_eq!(decode(&encode(&trace)), None, "case {number}");
        }
    }

    /// The sample's log, with its last record changed.
    fn log_with(change: impl Fn(&mut Record)) -> Log {
        let mut log = Log::default();
        for (number, mut record) in sample().log.iter().enumerate() {
            if number == 2 {
                change(&mut record);
            }
            log.push(record);
        }
        log
    }

    fn deadlock(trace: &mut Trace) -> &mut Deadlock {
        match &mut trace.ending {
            Ending::Deadlock(deadlock) => deadlock,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_role_and_kind_of_lane_has_a_number() {
        for role in Role::ALL {
            assert_eq!(
                Role::ALL[usize::from(number_in_table(&Role::ALL, role))],
                role
            );
        }
        for kind in LANE_KINDS {
            assert_eq!(
                LANE_KINDS[usize::from(number_in_table(&LANE_KINDS, kind))],
                kind
            );
        }
    }
}
