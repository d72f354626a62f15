//! The execution of a plain function's body on a thread: computing, blocking, calls, loops,
//! failures.

use std::thread;
use std::time::Duration;

use super::burn::{Burning, burn};
use super::gil::Held;
use super::recorder::{NOBODY, Recorder, Who};
use model::time::SimDuration;
use model::trace::State;
use model::workload::{Body, Length, Segment, SegmentId, SegmentKind, TaskIndex, Workload};

/// The body ended with a failure, as by `fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed;

/// An instance that runs on the current thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread<'a> {
    pub(super) workload: &'a Workload,
    pub(super) recorder: &'a Recorder,
    pub(super) who: Who,
    pub(super) lane: i64,
    /// The lock that imitates the GIL; `None` if there is no GIL.
    pub(super) held: Option<&'a Held<'a>>,
}

impl Thread<'_> {
    pub(super) fn task(&self, task: TaskIndex) -> Result<(), Failed> {
        self.body(&self.workload.task(task).body)
    }

    pub(super) fn body(&self, body: &Body) -> Result<(), Failed> {
        body.iter().try_for_each(|segment| self.segment(segment))
    }

    fn segment(&self, segment: &Segment) -> Result<(), Failed> {
        match &segment.kind {
            SegmentKind::Cpu { length, .. } => {
                burn(fixed(*length), self.held, |burning| match burning {
                    Burning::Waits => self.turn(State::QueuedGil, segment.id),
                    Burning::Computes => self.turn(State::Running, segment.id),
                });
                Ok(())
            }
            SegmentKind::Await { length, .. } | SegmentKind::Block { length, .. } => {
                // Record first: the sleep must not be counted as computing.
                self.turn(State::Blocking, segment.id);
                let sleep = || thread::sleep(real(fixed(*length)));
                match self.held {
                    None => sleep(),
                    Some(held) => held.without(sleep, || self.turn(State::QueuedGil, segment.id)),
                }
                Ok(())
            }
            SegmentKind::Call { task } => self.task(*task),
            SegmentKind::Print { .. } => {
                self.turn(State::Printed, segment.id);
                Ok(())
            }
            SegmentKind::Respond => {
                self.turn(State::Responded, segment.id);
                Ok(())
            }
            SegmentKind::Fail { .. } => Err(Failed),
            SegmentKind::Repeat { times, body } => (0..*times).try_for_each(|_| self.body(body)),
            SegmentKind::Forever { body } => loop {
                self.body(body)?;
            },
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                let mut result = self.body(body);
                if let (Err(Failed), Some(except)) = (result, except) {
                    result = self.body(except);
                }
                // As in Python, a failure of `finally` replaces the first one.
                finally
                    .as_ref()
                    .map_or(Ok(()), |finally| self.body(finally))?;
                result
            }
            // The language allows no other segments in a plain function.
            _ => Ok(()),
        }
    }

    fn turn(&self, state: State, segment: SegmentId) {
        self.recorder
            .add(self.who, state, self.lane, segment, NOBODY);
    }
}

/// The length, or the mean of a random length. Random runs cannot be compared exactly, so a
/// draw would gain nothing.
pub(super) fn fixed(length: Length) -> SimDuration {
    match length {
        Length::Fixed(fixed) => fixed,
        Length::Uniform { low, high } => {
            SimDuration::from_nanos(low.as_nanos() / 2 + high.as_nanos() / 2)
        }
        Length::Exponential { mean } => mean,
    }
}

/// Converts a duration of the script to one of the real clock.
pub(super) fn real(length: SimDuration) -> Duration {
    Duration::from_nanos(length.as_nanos())
}
