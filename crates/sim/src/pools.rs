//! Pools of permits that threads take, e.g. the connections of a database.
//!
//! Follows `threading.BoundedSemaphore` of CPython: a thread that waits stays occupied, without the GIL. A
//! permit that is given back wakes the thread that has waited longest; until that thread has the GIL,
//! another one may take the permit, and then it waits again. A coroutine that waits blocks its loop.

use crate::frame::{Exception, PermitWait};
use crate::kernel::{Kernel, ScheduledEvent};
use crate::steps::OpResult;
use crate::sync::PrimitiveState;
use crate::threads::ThreadId;
use model::trace::{InstanceId, State};
use model::workload::ResourceIndex;

/// A thread that waits for a permit, and the instance that it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockedThread {
    thread: ThreadId,
    instance: InstanceId,
    serial: u32,
}

impl Kernel<'_> {
    /// Takes a permit if one is free. Otherwise the thread waits, or the wait fails after its time.
    pub(super) fn take_permit(&mut self, slot: usize, index: ResourceIndex) -> OpResult {
        let wait = self.permit_wait(slot);
        if self.take_free_permit(slot, index) {
            if let Some(wait) = wait {
                self.end_permit_wait(slot, wait);
            }
            return OpResult::Next;
        }
        let deadline = wait.and_then(|wait| wait.deadline);
        if deadline.is_some_and(|deadline| deadline <= self.now) {
            self.frames[slot].extra().permit_wait = None;
            return OpResult::Raise(Exception::timed_out(self.current_segment(slot)));
        }
        OpResult::WaitForPermit(index)
    }

    fn take_free_permit(&mut self, slot: usize, index: ResourceIndex) -> bool {
        let id = self.frames[slot].id;
        let primitive = &mut self.primitives[index.0 as usize];
        match &mut primitive.state {
            PrimitiveState::Pool { free, .. } if *free > 0 => *free -= 1,
            _ => return false,
        }
        primitive.holders.push_back(id);
        true
    }

    fn permit_wait(&self, slot: usize) -> Option<PermitWait> {
        self.frames[slot].extra.as_ref()?.permit_wait
    }

    /// Logs that the wait has ended, with the instance that released the permit as its cause.
    fn end_permit_wait(&mut self, slot: usize, wait: PermitWait) {
        self.frames[slot].extra().permit_wait = None;
        let (id, segment) = (self.frames[slot].id, self.current_segment(slot));
        let running = std::mem::replace(&mut self.active_instance, wait.released_by);
        self.record(id, State::Running, wait.lane, segment);
        self.active_instance = running;
    }

    /// Lets the code on this thread wait for a permit. It continues with the same op.
    pub(super) fn block_for_permit(&mut self, thread: ThreadId, slot: usize, index: ResourceIndex) {
        let (instance, segment) = (self.frames[slot].id, self.current_segment(slot));
        let lane = self.thread(thread).lane;
        let deadline = match (
            self.permit_wait(slot),
            self.primitives[index.0 as usize].state,
        ) {
            // Another thread was faster: the time does not begin anew.
            (Some(wait), _) => wait.deadline,
            (None, PrimitiveState::Pool { timeout, .. }) => {
                timeout.map(|timeout| self.now + timeout)
            }
            (None, _) => None,
        };
        self.frames[slot].extra().permit_wait = Some(PermitWait {
            deadline,
            lane,
            released_by: None,
        });
        if self.frames[slot].logged_state != State::BlockedPermit {
            self.record(instance, State::BlockedPermit, lane, segment);
        }
        let serial = self.next_sequence_number();
        let waiter = BlockedThread {
            thread,
            instance,
            serial,
        };
        self.primitives[index.0 as usize].blocked.push_back(waiter);
        if let Some(deadline) = deadline {
            let event = ScheduledEvent::PermitWaitEnds { index, serial };
            self.schedule_at(deadline, event);
        }
        self.block_thread(thread);
    }

    /// Wakes the thread whose wait has reached its deadline, unless a permit woke it before.
    pub(super) fn time_out_permit_wait(&mut self, index: ResourceIndex, serial: u32) {
        let blocked = &mut self.primitives[index.0 as usize].blocked;
        let place = blocked.iter().position(|waiter| waiter.serial == serial);
        if let Some(waiter) = place.and_then(|place| blocked.remove(place)) {
            self.wake_thread(waiter.thread);
        }
    }

    /// Wakes the thread that has waited longest for a permit of this pool.
    pub(super) fn wake_blocked_thread(&mut self, index: ResourceIndex) {
        let Some(next) = self.primitives[index.0 as usize].blocked.pop_front() else {
            return;
        };
        let released_by = self.active_instance;
        if let Some(wait) = &mut self.frame(next.instance).extra().permit_wait {
            wait.released_by = released_by;
        }
        self.wake_thread(next.thread);
    }
}
