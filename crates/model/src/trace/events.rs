//! The log as events: arrivals, starts, resumptions, waits and ends.
//!
//! A record has the new state of an instance. An event has its meaning: the first turn on a
//! loop is a start, later turns are resumptions, and `Ready` is an arrival, a wake-up or a
//! yield. Events are derived only here, so summaries, the data contract and comparisons
//! with real runs agree on the meaning of a start. Writing events is left to `report` and
//! `export`.

use crate::cooperative;
use crate::time::SimTime;
use crate::trace::{InstanceId, LaneId, Record, Role, State, Trace};
use crate::workload::SegmentId;

/// Something that happened to an instance at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: SimTime,
    pub instance: InstanceId,
    pub kind: EventKind,
    pub lane: LaneId,
    pub segment: SegmentId,
    /// The instance that caused it, if one did.
    pub cause: Option<InstanceId>,
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// By a `run`, or created by its parent (the cause).
    Arrive,
    /// A server process took it from the shared socket.
    Accept,
    /// The first instant of its body; once for each instance.
    Start,
    /// Its loop gave it another turn.
    Resume,
    /// Its wait is over; it is in the ready queue again.
    Wake,
    /// It moved to the back of the ready queue by itself.
    Yield,
    /// One of its blocks began in a thread or a process.
    Enter,
    /// That block ended.
    Leave,
    /// It entered a state that lasts: at work, or waiting.
    Turn(State),
    Print,
    /// It sent its response.
    Respond,
    CancelRequested,
    Timeout,
    /// The last instant of its body, by reaching its end.
    Finish,
    /// The last instant of its body, by a failure.
    Fail,
    /// The last instant of its body, by cancellation.
    Cancel,
}

impl EventKind {
    /// As written in results: `start`, `queue_token`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arrive => "arrive",
            Self::Accept => "accept",
            Self::Start => "start",
            Self::Resume => "resume",
            Self::Wake => "wake",
            Self::Yield => "yield",
            Self::Enter => "enter",
            Self::Leave => "leave",
            Self::Turn(state) => turn_name(state),
            Self::Print => "print",
            Self::Respond => "respond",
            Self::CancelRequested => "cancel_requested",
            Self::Timeout => "timeout",
            Self::Finish => "finish",
            Self::Fail => "fail",
            Self::Cancel => "cancel",
        }
    }
}

fn turn_name(state: State) -> &'static str {
    match state {
        State::Running => "run",
        State::Blocking => "block",
        State::Awaiting => "await",
        State::QueuedToken => "queue_token",
        State::QueuedExecutor => "queue_executor",
        State::QueuedProcess => "queue_process",
        State::QueuedJob => "queue_job",
        State::QueuedGil => "queue_gil",
        State::QueuedCore => "queue_core",
        State::WaitingPermit => "wait_permit",
        State::BlockedPermit => "block_permit",
        State::WaitingItem => "wait_item",
        State::WaitingRoom => "wait_room",
        State::WaitingEvent => "wait_event",
        State::WaitingNotify => "wait_notify",
        State::WaitingTask => "wait_task",
        State::WaitingAll => "wait_all",
        State::Offloaded => "offload",
        // These states have event kinds of their own; `EventDeriver` never puts them into a `Turn`.
        State::Unaccepted => "arrive",
        State::Ready => "wake",
        State::Done => "finish",
        State::Failed => "fail",
        State::Cancelled => "cancel",
        State::Printed => "print",
        State::Responded => "respond",
        State::CancelRequested => "cancel_requested",
        State::TimedOut => "timeout",
    }
}

/// All events of a trace, in the order in which they happened.
pub fn events(trace: &Trace) -> impl Iterator<Item = Event> + '_ {
    let mut deriver = cooperative::block_on(EventDeriver::new(trace));
    trace.log.iter().flat_map(move |record| {
        let mut derived = [None; EVENTS_MAX];
        let mut slots = derived.iter_mut();
        deriver.derive_events(record, &mut |event| {
            if let Some(slot) = slots.next() {
                *slot = Some(event);
            }
        });
        derived.into_iter().flatten()
    })
}

/// The most events of one record; rarely more than two.
const EVENTS_MAX: usize = 4;

/// Derives the events of records, in order, in one pass with a few bytes for each instance.
#[derive(Debug)]
pub(super) struct EventDeriver<'a> {
    trace: &'a Trace,
    instances: Vec<InstanceProgress>,
}

/// The state of one instance between two records.
#[derive(Clone, Copy, Debug)]
struct InstanceProgress {
    turn: TurnState,
    /// The segment of its latest record.
    segment: SegmentId,
    started: bool,
    responded: bool,
    /// Whether its turn is next, but its loop's thread lacks the GIL or a core.
    is_stalled: bool,
}

const NOT_YET_SEEN: InstanceProgress = InstanceProgress {
    turn: TurnState::NotYetSeen,
    segment: SegmentId(0),
    started: false,
    responded: false,
    is_stalled: false,
};

/// Whether an instance has its turn on its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TurnState {
    /// No record yet.
    NotYetSeen,
    /// Arrived, and accepted by no server process.
    Unaccepted,
    /// In the ready queue, or on a thread that waits for the GIL or a core.
    Due,
    /// In the middle of a step.
    InStep,
    /// Waiting, or ended.
    Waiting,
}

impl<'a> EventDeriver<'a> {
    pub(super) async fn new(trace: &'a Trace) -> Self {
        Self {
            trace,
            instances: cooperative::filled_vec(NOT_YET_SEEN, trace.instances.len()).await,
        }
    }

    /// Calls `found` with the events of a record, in order. A callback and no list, because most events
    /// of a pass over millions of records are ignored.
    #[inline]
    pub(super) fn derive_events(&mut self, record: Record, found: &mut impl FnMut(Event)) {
        let id = record.instance;
        let before = self.instance_progress(id).turn;
        let first = before == TurnState::NotYetSeen;
        if let Some(event) = self.cause_turn_event(record, first) {
            found(event);
        }
        if let Some(event) = self.arrival_event(record, first) {
            found(event);
        }
        if let Some(event) = self.own_turn_event(record, first) {
            found(event);
        }
        if let Some(event) = self.own_event(record, before) {
            found(event);
        }
        self.instance_progress(id).segment = record.segment;
    }

    fn instance_progress(&mut self, id: InstanceId) -> &mut InstanceProgress {
        &mut self.instances[id.0 as usize]
    }

    fn instance_role(&self, id: InstanceId) -> Role {
        self.trace.instance(id).role
    }

    /// Whether its body runs in a thread, a process or a job and never waits on a loop.
    fn is_elsewhere(&self, id: InstanceId) -> bool {
        matches!(
            self.instance_role(id),
            Role::Offloaded | Role::Sent | Role::Part
        )
    }

    /// Whether it is the body of a `def` handler, and not a block of a coroutine.
    fn is_handler_body(&self, id: InstanceId) -> bool {
        let instance = self.trace.instance(id);
        instance.role == Role::Part
            && instance
                .parent
                .is_some_and(|parent| self.instance_role(parent) == Role::Handler)
    }

    /// The turn of the instance that caused this record. A step that takes no time leaves no
    /// record of its own, but an instance can wake or create another only during its turn.
    fn cause_turn_event(&mut self, record: Record, first: bool) -> Option<Event> {
        // The first record of a child needs no cause: its parent created it.
        let creator = self.trace.instance(record.instance).parent;
        let cause = record.cause.or(creator.filter(|_| first))?;
        let due = self.instance_progress(cause).turn == TurnState::Due && !self.is_elsewhere(cause);
        if cause == record.instance || !due {
            return None;
        }
        self.take_turn(
            cause,
            Record {
                instance: cause,
                lane: LaneId::NONE,
                segment: self.instances[cause.0 as usize].segment,
                ..record
            },
        )
    }

    fn arrival_event(&mut self, record: Record, first: bool) -> Option<Event> {
        // Offloaded work is created by its caller; its start is its first event.
        let has_event = !matches!(
            self.instance_role(record.instance),
            Role::Offloaded | Role::Part
        );
        if !first {
            return None;
        }
        self.instance_progress(record.instance).turn = match record.state {
            State::Unaccepted => TurnState::Unaccepted,
            _ => TurnState::Due,
        };
        has_event.then(|| make_event(record, EventKind::Arrive))
    }

    fn own_turn_event(&mut self, record: Record, first: bool) -> Option<Event> {
        use State::*;
        let id = record.instance;
        match (self.instance_progress(id).turn, record.state) {
            (TurnState::NotYetSeen | TurnState::Unaccepted, _) => None,
            // An arrival is not a turn.
            (_, Ready) if first => None,
            // Still not its turn, or not an action of its own.
            (_, Unaccepted | QueuedJob | QueuedGil | QueuedCore) => None,
            (_, QueuedExecutor | QueuedProcess) if self.is_elsewhere(id) => None,
            // Its loop got the GIL or the core, but has not run it yet.
            (TurnState::Due, Ready) if self.instance_progress(id).is_stalled => None,
            // Other instances or timers cause these marks.
            (_, CancelRequested | TimedOut) => None,
            // Cancelled before its first step, so its body never began.
            (TurnState::Due, Cancelled) if !self.instance_progress(id).started => None,
            (TurnState::Due, _) | (TurnState::Waiting, Running | Blocking | BlockedPermit) => {
                self.take_turn(id, record)
            }
            (TurnState::Waiting | TurnState::InStep, _) => None,
        }
    }

    fn take_turn(&mut self, id: InstanceId, record: Record) -> Option<Event> {
        let role = self.instance_role(id);
        let handler_body = self.is_handler_body(id);
        let progress = self.instance_progress(id);
        progress.turn = TurnState::InStep;
        let first = !std::mem::replace(&mut progress.started, true);
        let kind = match role {
            // Its body has the start; the coroutine on the loop only awaits the body.
            Role::Handler => return None,
            Role::Part if !handler_body => first.then_some(EventKind::Enter)?,
            _ if first => EventKind::Start,
            _ if self.is_elsewhere(id) => return None,
            _ => EventKind::Resume,
        };
        Some(Event {
            cause: None,
            ..make_event(record, kind)
        })
    }

    fn own_event(&mut self, record: Record, before: TurnState) -> Option<Event> {
        let id = record.instance;
        let kind = match record.state {
            State::Printed => EventKind::Print,
            State::Responded => {
                self.mark_responded(id)?;
                EventKind::Respond
            }
            State::CancelRequested => EventKind::CancelRequested,
            State::TimedOut => EventKind::Timeout,
            State::Done => self.end_event(id, EventKind::Finish)?,
            State::Failed => self.end_event(id, EventKind::Fail)?,
            State::Cancelled => self.end_event(id, EventKind::Cancel)?,
            State::Ready => {
                let progress = self.instance_progress(id);
                let is_stalled = std::mem::replace(&mut progress.is_stalled, false);
                let back_in_queue = is_stalled && progress.turn == TurnState::Due;
                progress.turn = TurnState::Due;
                match before {
                    _ if back_in_queue => return None,
                    TurnState::NotYetSeen => return None,
                    TurnState::Waiting => EventKind::Wake,
                    TurnState::Unaccepted => EventKind::Accept,
                    // AnyIO's checkpoints on the way to the pool are not steps of the script.
                    TurnState::Due | TurnState::InStep
                        if self.instance_role(id) == Role::Handler =>
                    {
                        return None;
                    }
                    TurnState::Due | TurnState::InStep => EventKind::Yield,
                }
            }
            // `arrival_event` has this one.
            State::Unaccepted => return None,
            State::QueuedGil | State::QueuedCore => {
                let progress = self.instance_progress(id);
                progress.is_stalled = progress.turn == TurnState::Due;
                EventKind::Turn(record.state)
            }
            State::Running | State::Blocking | State::BlockedPermit | State::QueuedJob => {
                EventKind::Turn(record.state)
            }
            State::QueuedExecutor | State::QueuedProcess if self.is_elsewhere(id) => {
                EventKind::Turn(record.state)
            }
            State::Awaiting
            | State::QueuedToken
            | State::QueuedExecutor
            | State::QueuedProcess
            | State::WaitingPermit
            | State::WaitingItem
            | State::WaitingRoom
            | State::WaitingEvent
            | State::WaitingNotify
            | State::WaitingTask
            | State::WaitingAll
            | State::Offloaded => {
                self.instance_progress(id).turn = TurnState::Waiting;
                EventKind::Turn(record.state)
            }
        };
        Some(make_event(record, kind))
    }

    /// Marks that it has responded. `None` if it had responded before.
    fn mark_responded(&mut self, id: InstanceId) -> Option<()> {
        let handler = self
            .trace
            .instance(id)
            .parent
            .filter(|_| self.is_handler_body(id));
        let progress = self.instance_progress(handler.unwrap_or(id));
        (!std::mem::replace(&mut progress.responded, true)).then_some(())
    }

    fn end_event(&mut self, id: InstanceId, kind: EventKind) -> Option<EventKind> {
        self.instance_progress(id).turn = TurnState::Waiting;
        match self.instance_role(id) {
            // Its body has the end; the end of the coroutine on the loop is the response.
            Role::Handler if kind != EventKind::Cancel => {
                self.mark_responded(id)?;
                Some(EventKind::Respond)
            }
            Role::Part if !self.is_handler_body(id) => Some(EventKind::Leave),
            _ => Some(kind),
        }
    }
}

fn make_event(record: Record, kind: EventKind) -> Event {
    Event {
        at: record.at,
        instance: record.instance,
        kind,
        lane: record.lane,
        segment: record.segment,
        cause: record.cause,
    }
}

#[cfg(test)]
mod tests;
