//! The execution of a plain function's body on a thread: computing, blocking, calls, loops,
//! failures.

use std::thread;
use std::time::Duration;

use super::burn::{Burning, burn_cpu};
use super::gil::GilHold;
use super::recorder::{InstanceNumber, NO_INSTANCE, Recorder};
use model::time::SimDuration;
use model::trace::State;
use model::workload::{Body, Length, Segment, SegmentId, SegmentKind, TaskIndex, Workload};

/// The body ended with a failure, as by `fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BodyFailed;

/// An instance that runs on the current thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread<'a> {
    pub(super) workload: &'a Workload,
    pub(super) recorder: &'a Recorder,
    pub(super) who: InstanceNumber,
    pub(super) lane: i64,
    /// The lock that imitates the GIL; `None` if there is no GIL.
    pub(super) held: Option<&'a GilHold<'a>>,
}

impl Thread<'_> {
    pub(super) fn run_task(&self, task: TaskIndex) -> Result<(), BodyFailed> {
        self.run_body(&self.workload.task(task).body)
    }

    pub(super) fn run_body(&self, body: &Body) -> Result<(), BodyFailed> {
        body.iter()
            .try_for_each(|segment| self.run_segment(segment))
    }

    fn run_segment(&self, segment: &Segment) -> Result<(), BodyFailed> {
        match &segment.kind {
            SegmentKind::Cpu { length, .. } => {
                burn_cpu(fixed_length(*length), self.held, |burning| match burning {
                    Burning::Waits => self.record_state(State::QueuedGil, segment.id),
                    Burning::Computes => self.record_state(State::Running, segment.id),
                });
                Ok(())
            }
            SegmentKind::Await { length, .. } | SegmentKind::Block { length, .. } => {
                // Record first: the sleep must not be counted as computing.
                self.record_state(State::Blocking, segment.id);
                let sleep = || thread::sleep(real_duration(fixed_length(*length)));
                match self.held {
                    None => sleep(),
                    Some(held) => {
                        held.without(sleep, || self.record_state(State::QueuedGil, segment.id));
                    }
                }
                Ok(())
            }
            SegmentKind::Call { task } => self.run_task(*task),
            SegmentKind::Print { .. } => {
                self.record_state(State::Printed, segment.id);
                Ok(())
            }
            SegmentKind::Respond => {
                self.record_state(State::Responded, segment.id);
                Ok(())
            }
            SegmentKind::Fail { .. } => Err(BodyFailed),
            SegmentKind::Repeat { times, body } => {
                (0..*times).try_for_each(|_| self.run_body(body))
            }
            SegmentKind::Forever { body } => loop {
                self.run_body(body)?;
            },
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                let mut result = self.run_body(body);
                if let (Err(BodyFailed), Some(except)) = (result, except) {
                    result = self.run_body(except);
                }
                // As in Python, a failure of `finally` replaces the first one.
                finally
                    .as_ref()
                    .map_or(Ok(()), |finally| self.run_body(finally))?;
                result
            }
            // The language allows no other segments in a plain function.
            _ => Ok(()),
        }
    }

    fn record_state(&self, state: State, segment: SegmentId) {
        self.recorder
            .add(self.who, state, self.lane, segment, NO_INSTANCE);
    }
}

/// The length, or the mean of a random length. Random runs cannot be compared exactly, so a
/// draw would gain nothing.
pub(super) fn fixed_length(length: Length) -> SimDuration {
    match length {
        Length::Fixed(fixed) => fixed,
        Length::Uniform { low, high } => {
            SimDuration::from_nanos(low.as_nanos() / 2 + high.as_nanos() / 2)
        }
        Length::Exponential { mean } => mean,
    }
}

/// Converts a duration of the script to one of the real clock.
pub(super) fn real_duration(length: SimDuration) -> Duration {
    Duration::from_nanos(length.as_nanos())
}
