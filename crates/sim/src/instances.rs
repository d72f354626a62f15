//! Instances: their numbers, their frames, and their ends.
//!
//! The execution of a frame is left to [`crate::steps`].

use crate::frame::{BodyFrame, FrameOutcome};
use crate::kernel::Kernel;
use model::trace::{Instance, InstanceId, LaneId, Limit, Role, State};
use model::workload::{SegmentId, TaskIndex};

/// The index of an instance's frame, or one of three marks that say how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameSlot(u32);

impl FrameSlot {
    pub(super) const DONE: Self = Self(u32::MAX);
    pub(super) const FAILED: Self = Self(u32::MAX - 1);
    pub(super) const CANCELLED: Self = Self(u32::MAX - 2);

    fn index(self) -> Option<usize> {
        (self.0 < Self::CANCELLED.0).then_some(self.0 as usize)
    }
}

impl Kernel<'_> {
    pub(super) fn create_instance(
        &mut self,
        task: TaskIndex,
        parent: Option<InstanceId>,
        role: Role,
        server: u16,
        pc: u32,
    ) -> InstanceId {
        let id = InstanceId(self.trace.instances.len() as u32);
        // Parts are not counted here: each takes a step of its owner, and steps are limited too.
        self.instance_count += u64::from(role != Role::Part);
        if self.instance_count > self.instances_max {
            self.stop = Some(Limit::Instances);
        }
        let number = match (role, parent) {
            (Role::Part, Some(parent)) => self.instance(parent).number,
            // Numbered when its task is created: see `assign_number`.
            (Role::Arrived | Role::Handler, _) => 0,
            _ => self.next_number(task),
        };
        self.trace.instances.push(Instance {
            task,
            number,
            parent,
            role,
            server,
        });
        self.unfinished_work += u64::from(role.is_work());
        let frame = BodyFrame::new(id, pc, server);
        let slot = match self.free_frames.pop() {
            Some(slot) => {
                // Keeps the allocations of the frame's last owner.
                let extra = self.frames[slot as usize].extra.take();
                self.frames[slot as usize] = BodyFrame { extra, ..frame };
                slot
            }
            None => {
                self.frames.push(frame);
                self.frames.len() as u32 - 1
            }
        };
        self.frame_slots.push(FrameSlot(slot));
        id
    }

    /// Whether `more` instances are within the limit; if not, the run stops.
    pub(super) fn has_room_for(&mut self, more: u64) -> bool {
        let fits = self.instance_count.saturating_add(more) <= self.instances_max;
        if !fits {
            self.stop = Some(Limit::Instances);
        }
        fits
    }

    fn next_number(&mut self, task: TaskIndex) -> u32 {
        self.instance_numbers[task.0 as usize] += 1;
        self.instance_numbers[task.0 as usize]
    }

    /// Numbers an arrival. The number is given when its task is created, as in the real
    /// program, which may be later than the arrival.
    pub(super) fn assign_number(&mut self, id: InstanceId) {
        let task = self.instance(id).task;
        self.trace.instances[id.0 as usize].number = self.next_number(task);
    }

    /// Numbers arrivals without a task, because the run ended first.
    pub(super) fn assign_remaining_numbers(&mut self) {
        for index in 0..self.trace.instances.len() {
            if self.trace.instances[index].number == 0 {
                self.assign_number(InstanceId(index as u32));
            }
        }
    }

    pub(super) fn instance(&self, id: InstanceId) -> &Instance {
        &self.trace.instances[id.0 as usize]
    }

    pub(super) fn move_to_server(&mut self, id: InstanceId, server: u16) {
        self.trace.instances[id.0 as usize].server = server;
        self.frame(id).server = server;
    }

    /// The index of the frame of a live instance.
    pub(super) fn frame_slot(&self, id: InstanceId) -> Option<usize> {
        self.frame_slots[id.0 as usize].index()
    }

    pub(super) fn is_over(&self, id: InstanceId) -> bool {
        self.frame_slot(id).is_none()
    }

    /// The frame of a live instance. Panics if the instance has ended.
    pub(super) fn frame(&mut self, id: InstanceId) -> &mut BodyFrame {
        let slot = self.frame_slot(id).expect("the instance is alive");
        &mut self.frames[slot]
    }

    /// How an instance ended; `None` while it lives.
    pub(super) fn outcome_of(&self, id: InstanceId) -> Option<FrameOutcome> {
        match self.frame_slots[id.0 as usize] {
            FrameSlot::DONE => Some(FrameOutcome::Done),
            FrameSlot::CANCELLED => Some(FrameOutcome::Cancelled),
            FrameSlot::FAILED => Some(FrameOutcome::Failed(self.failures[&id])),
            _ => None,
        }
    }

    /// Logs the end of an instance and frees its frame. The caller schedules its callbacks.
    pub(super) fn end_instance(
        &mut self,
        id: InstanceId,
        outcome: FrameOutcome,
        segment: SegmentId,
    ) {
        let (state, slot) = match outcome {
            FrameOutcome::Done => (State::Done, FrameSlot::DONE),
            FrameOutcome::Cancelled => (State::Cancelled, FrameSlot::CANCELLED),
            FrameOutcome::Failed(raised) => {
                self.failures.insert(id, raised);
                (State::Failed, FrameSlot::FAILED)
            }
        };
        self.record(id, state, LaneId::NONE, segment);
        self.unfinished_work -= u64::from(self.instance(id).role.is_work());
        let index = self.frame_slot(id).expect("only live instances end");
        self.frame_slots[id.0 as usize] = slot;
        // Clears the vectors but keeps their allocations for the next owner of the frame.
        if let Some(extra) = &mut self.frames[index].extra {
            extra.scopes.clear();
            extra.handles.clear();
            extra.callbacks.clear();
            extra.call_depth = 0;
            extra.future_exception = None;
            extra.permit_wait = None;
        }
        self.free_frames.push(index as u32);
    }
}
