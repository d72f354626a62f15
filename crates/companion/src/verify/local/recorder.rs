//! The recorder of a local run. Any thread can add records; the result is a [`Wire`].

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::verify::wire::{Wire, WireEnding, WireLane};
use model::time::SimDuration;
use model::trace::{Role, State};
use model::workload::{SegmentId, TaskIndex};

/// An instance: its index in the wire's list of instances, or [`NO_INSTANCE`].
pub(super) type InstanceNumber = i64;
pub(super) const NO_INSTANCE: InstanceNumber = -1;
pub(super) const NO_LANE: i64 = -1;

/// Records a run from its construction on.
#[derive(Debug)]
pub(super) struct Recorder {
    begin: Instant,
    told: Mutex<RecorderState>,
}

#[derive(Debug, Default)]
struct RecorderState {
    wire: Wire,
    /// The index of a lane, by its kind and its thread's number.
    lanes: BTreeMap<(WireLane, i64), i64>,
    closed: bool,
}

impl Recorder {
    /// Starts the clock of the run.
    pub(super) fn new() -> Self {
        Self {
            begin: Instant::now(),
            told: Mutex::default(),
        }
    }

    pub(super) fn begin(&self) -> Instant {
        self.begin
    }

    pub(super) fn instance(
        &self,
        task: TaskIndex,
        parent: InstanceNumber,
        role: Role,
    ) -> InstanceNumber {
        let mut told = self.lock_records();
        told.wire.instances.push((task.0, parent, role, 0));
        told.wire.instances.len() as InstanceNumber - 1
    }

    /// The lane of the calling thread, which is added at its first call.
    pub(super) fn lane(&self, kind: WireLane) -> i64 {
        let key = this_thread();
        let mut told = self.lock_records();
        let next = told.wire.lanes.len() as i64;
        let lane = *told.lanes.entry((kind, key)).or_insert(next);
        if lane == next {
            told.wire.lanes.push((kind, 0, key));
        }
        lane
    }

    pub(super) fn add(
        &self,
        who: InstanceNumber,
        state: State,
        lane: i64,
        segment: SegmentId,
        cause: InstanceNumber,
    ) {
        let mut told = self.lock_records();
        if told.closed {
            return;
        }
        // Under the lock, so that the records are in order of time.
        let at = self.begin.elapsed().as_nanos() as i64;
        let record = (at, who, state, lane, i64::from(segment.0), cause);
        told.wire.records.push(record);
    }

    /// Takes the records and closes the recorder: later records are dropped.
    pub(super) fn finish(&self, ending: WireEnding, end: Option<SimDuration>) -> Wire {
        let mut told = self.lock_records();
        told.closed = true;
        told.wire.ending = ending;
        told.wire.end_ns = end.map(SimDuration::as_nanos);
        std::mem::take(&mut told.wire)
    }

    fn lock_records(&self) -> MutexGuard<'_, RecorderState> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of the calling thread. Rust's `ThreadId` has no stable conversion to an integer.
fn this_thread() -> i64 {
    static THREADS: AtomicI64 = AtomicI64::new(0);
    thread_local! {
        static NUMBER: Cell<i64> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed));
    }
    NUMBER.get()
}
