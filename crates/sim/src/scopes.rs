//! The open blocks of a body: `repeat`, calls, timeouts, and the way of an exception out of them.
//!
//! Groups are left to [`crate::children`], primitives to [`crate::sync`].

use crate::event_loop::LoopHandle;
use crate::frame::{BlockScope, Exception, ExceptionKind, TimeoutScope};
use crate::kernel::{Kernel, ScheduledEvent};
use crate::program::Pc;
use crate::steps::OpResult;
use model::limits;
use model::time::SimDuration;
use model::trace::{InstanceId, LaneId, Limit, State};
use model::workload::{HandleIndex, Length, TaskIndex};

impl Kernel<'_> {
    pub(super) fn enter_scope(&mut self, slot: usize, scope: BlockScope) -> OpResult {
        self.frames[slot].open_scope(scope);
        OpResult::Next
    }

    /// Ends one iteration of a `repeat`.
    pub(super) fn repeat_block(&mut self, slot: usize, start: Pc) -> OpResult {
        if let Some(BlockScope::Repeat { left }) = self.frames[slot].scopes().last_mut() {
            *left -= 1;
            if *left > 0 {
                return OpResult::Jump(start);
            }
            self.frames[slot].close_scope();
        }
        OpResult::Next
    }

    // Calls

    pub(super) fn enter_call(&mut self, slot: usize, task: TaskIndex) -> OpResult {
        let segment = self.current_segment(slot);
        let return_to = self.frames[slot].pc + 1;
        let own = self.task_of(self.frames[slot].id).handles.len() as u32;
        let handles = self.frames[slot]
            .innermost_call()
            .map_or(own, |(_, end)| end);
        // The handles of a call follow those of its caller.
        let handles_end = handles + self.workload.task(task).handles.len() as u32;
        let extra = self.frames[slot].extra();
        extra.scopes.push(BlockScope::Call {
            return_to,
            handles,
            handles_end,
        });
        extra.call_depth += 1;
        if extra.call_depth > limits::CALL_DEPTH_MAX {
            self.stop = Some(Limit::CallDepth { segment });
        }
        OpResult::Jump(self.program.entries[task.0 as usize])
    }

    pub(super) fn return_from_call(&mut self, slot: usize) -> Option<Pc> {
        match self.frames[slot].close_scope() {
            Some(BlockScope::Call {
                return_to, handles, ..
            }) => {
                self.leave_call(slot, handles);
                Some(return_to)
            }
            _ => None,
        }
    }

    fn leave_call(&mut self, slot: usize, handles: u32) {
        let extra = self.frames[slot].extra();
        extra.call_depth -= 1;
        extra.handles.truncate(handles as usize);
    }

    pub(super) fn handle_value(&mut self, slot: usize, handle: HandleIndex) -> Option<InstanceId> {
        let index = self.frames[slot].handle_place(handle);
        self.frames[slot]
            .extra
            .as_ref()?
            .handles
            .get(index)
            .copied()
            .flatten()
    }

    pub(super) fn set_handle(&mut self, slot: usize, handle: Option<HandleIndex>, id: InstanceId) {
        let Some(handle) = handle else { return };
        let index = self.frames[slot].handle_place(handle);
        let handles = &mut self.frames[slot].extra().handles;
        if handles.len() <= index {
            handles.resize(index + 1, None);
        }
        handles[index] = Some(id);
    }

    // Exceptions

    /// Leaves blocks until one handles the exception. `Err` if none does.
    pub(super) fn unwind_scopes(
        &mut self,
        slot: usize,
        raised: Exception,
    ) -> Result<(), Exception> {
        let mut raised = raised;
        loop {
            let Some(scope) = self.frames[slot].close_scope() else {
                return Err(raised);
            };
            match scope {
                BlockScope::Repeat { .. } | BlockScope::Completions(_) | BlockScope::Ending(_) => {}
                BlockScope::Call { handles, .. } => self.leave_call(slot, handles),
                BlockScope::Except { handler, catches } => {
                    if raised.is_caught_by(catches) {
                        self.jump_to(slot, handler);
                        return Ok(());
                    }
                }
                BlockScope::Finally { finally } => {
                    self.frames[slot].open_scope(BlockScope::Ending(Some(raised)));
                    self.jump_to(slot, finally);
                    return Ok(());
                }
                BlockScope::With(resource) => {
                    // `__aexit__` may raise itself, e.g. if the body released the lock.
                    if let OpResult::Raise(misuse) = self.release_permit(slot, resource) {
                        raised = misuse;
                    }
                }
                BlockScope::Timeout(timeout) => {
                    if let OpResult::Raise(replacement) =
                        self.leave_timeout(slot, timeout, Some(raised))
                    {
                        raised = replacement;
                    }
                    if let Some(otherwise) = timeout.otherwise
                        && raised.kind == ExceptionKind::TimedOut
                    {
                        self.jump_to(slot, otherwise);
                        return Ok(());
                    }
                }
                BlockScope::Group { group, exit } => {
                    let propagate = raised.is_cancelled();
                    let raised = Some(raised);
                    self.frames[slot].open_scope(BlockScope::GroupExiting {
                        group,
                        raised,
                        propagate,
                    });
                    self.jump_to(slot, exit);
                    return Ok(());
                }
                // `exit_group` removes this scope itself before it raises.
                BlockScope::GroupExiting { .. } => {}
            }
        }
    }

    // Timeouts (`asyncio/timeouts.py`)

    pub(super) fn enter_timeout(
        &mut self,
        slot: usize,
        after: Length,
        otherwise: Option<Pc>,
    ) -> OpResult {
        let after = self.draw_length(slot, after);
        self.open_timeout(slot, after, otherwise)
    }

    pub(super) fn open_timeout(
        &mut self,
        slot: usize,
        after: SimDuration,
        otherwise: Option<Pc>,
    ) -> OpResult {
        self.serial = self.serial.wrapping_add(1);
        let serial = self.serial;
        let frame = &self.frames[slot];
        let (id, server, cancel_requests) = (frame.id, frame.server, frame.cancel_requests);
        // `Timeout.reschedule`: a deadline that has passed fires in the next iteration.
        if after.is_zero() {
            self.call_soon(server, LoopHandle::TimeoutOver { id, serial });
        } else {
            self.schedule(after, ScheduledEvent::TimeoutFires { id, serial });
        }
        self.enter_scope(
            slot,
            BlockScope::Timeout(TimeoutScope {
                serial,
                cancel_requests,
                fired: false,
                otherwise,
            }),
        )
    }

    pub(super) fn timeout_fires(&mut self, id: InstanceId, serial: u32) {
        let Some(slot) = self.frame_slot(id) else {
            return;
        };
        let Some(timeout) = self.frames[slot].timeout(serial) else {
            return;
        };
        timeout.fired = true;
        let segment = self.current_segment(slot);
        self.record(id, State::TimedOut, LaneId::NONE, segment);
        self.cancel_task(id);
    }

    /// `Timeout.__aexit__`: turns its own cancellation into a timeout error.
    pub(super) fn leave_timeout(
        &mut self,
        slot: usize,
        timeout: TimeoutScope,
        raised: Option<Exception>,
    ) -> OpResult {
        if timeout.fired {
            let left = self.uncancel(slot);
            // Other cancellation requests stay in force and are not turned into a timeout.
            if left <= timeout.cancel_requests
                && let Some(raised) = raised.filter(|raised| raised.is_cancelled())
            {
                return OpResult::Raise(Exception {
                    kind: ExceptionKind::TimedOut,
                    ..raised
                });
            }
        }
        raised.map_or(OpResult::Next, OpResult::Raise)
    }
}
