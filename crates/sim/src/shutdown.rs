//! The stages of `asyncio.run`: `main`, and the shutdown of a loop after it.
//!
//! Follows `asyncio/runners.py`. The iterations of the loop are left to [`crate::event_loop`].

use crate::event_loop::{Creator, LoopHandle, LoopStage};
use crate::frame::Callback;
use crate::kernel::Kernel;
use model::sorting::sort_by_number;
use model::trace::{InstanceId, Role};

impl Kernel<'_> {
    /// The first step of `main`. Returns the task that holds the loop inside it, if one does.
    pub(super) fn main_starts(&mut self, server: u16) -> Option<InstanceId> {
        self.start_runs();
        let arrival = self.next_at_start(server)?;
        self.event_loop(server).creators.push(Creator::Main);
        self.start_eagerly(arrival)
    }

    /// Continues the first step of `main`: the arrival whose own first step runs inside it. None
    /// when the step of `main` is over.
    pub(super) fn next_at_start(&mut self, server: u16) -> Option<InstanceId> {
        if let Some(id) = self.at_start.pop_front() {
            // Its task is created now.
            self.assign_number(id);
            return Some(id);
        }
        self.event_loop(server).main_is_waiting = true;
        if self.unfinished_arrivals == 0 {
            self.call_soon(server, LoopHandle::MainWakeup);
        }
        None
    }

    pub(super) fn main_child_ended(&mut self) {
        self.unfinished_arrivals -= 1;
        if self.unfinished_arrivals == 0 {
            for server in 0..self.loops.len() {
                if self.loops[server].main_is_waiting {
                    self.call_soon(server as u16, LoopHandle::MainWakeup);
                }
            }
        }
    }

    /// Continues `asyncio.run` after a `run_until_complete` has returned.
    pub(super) fn enter_next_stage(&mut self, server: u16) {
        self.event_loop(server).stopping = false;
        let stage = self.event_loop(server).stage;
        let next = match stage {
            LoopStage::Main if self.cancel_leftovers(server) => LoopStage::Cancelling,
            LoopStage::Main | LoopStage::Cancelling => LoopStage::ClosingGenerators,
            LoopStage::ClosingGenerators => LoopStage::ClosingExecutor,
            LoopStage::ClosingExecutor | LoopStage::Closed => LoopStage::Closed,
        };
        self.event_loop(server).stage = next;
        match next {
            LoopStage::ClosingGenerators | LoopStage::ClosingExecutor => {
                self.call_soon(server, LoopHandle::CloseStep);
            }
            LoopStage::Closed => {
                let event_loop = self.event_loop(server);
                event_loop.ready.clear();
                event_loop.due_handles.clear();
            }
            LoopStage::Main | LoopStage::Cancelling => {}
        }
    }

    /// Cancels every task that is left on the loop. Returns false if there is none.
    fn cancel_leftovers(&mut self, server: u16) -> bool {
        let mut leftovers: Vec<InstanceId> = self
            .live_coroutines()
            .filter(|&(_, at)| at == server)
            .map(|(id, _)| id)
            .collect();
        sort_by_number(&mut leftovers, |id| u64::from(id.0));
        self.active_instance = None;
        // As in `_cancel_all_tasks`: cancel all first, then await all.
        for &id in &leftovers {
            self.cancel_task(id);
        }
        for &id in &leftovers {
            self.frame(id).extra().callbacks.push(Callback::Leftover);
        }
        self.event_loop(server).leftovers = leftovers.len() as u64;
        !leftovers.is_empty()
    }

    /// Coroutines that have not ended, with their servers, in no particular order.
    pub(super) fn live_coroutines(&self) -> impl Iterator<Item = (InstanceId, u16)> + '_ {
        let frames = self.frames.iter().enumerate();
        frames.filter_map(|(slot, frame)| {
            // A frame on the free list still has the id of its last owner.
            let alive = self.frame_slot(frame.id) == Some(slot);
            (alive && frame.owner.is_none() && self.instance(frame.id).role != Role::Sent)
                .then_some((frame.id, frame.server))
        })
    }

    pub(super) fn close_step(&mut self, server: u16) {
        let closing_executor = self.event_loop(server).stage == LoopStage::ClosingExecutor;
        if !(closing_executor && self.default_executor_is_busy(server)) {
            self.call_soon(server, LoopHandle::Stop);
        }
    }

    /// Lets a closing loop continue when the last thread of its own executor becomes idle.
    pub(super) fn default_executor_is_idle(&mut self, server: u16) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == LoopStage::ClosingExecutor {
            self.call_soon(server, LoopHandle::ExecutorJoined);
        }
    }

    /// Whether `asyncio.run` has returned on this loop.
    pub(super) fn is_closed(&self, server: usize) -> bool {
        self.loops[server].stage == LoopStage::Closed
    }
}
