//! The log told as events: who arrived, started, resumed, waited, ended.
//!
//! A record says what an instance turned to. An event also says what that
//! means in its life: the first turn on a loop is a start, later ones are
//! resumptions, `Ready` is an arrival, a wake-up or a yield. Derived here and
//! nowhere else, so that summaries, the data contract and comparisons with real
//! runs agree on what a start is. How an event is written is decided elsewhere.

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
    /// Who brought it about, where it was somebody.
    pub cause: Option<InstanceId>,
}

/// What happened.
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
    /// Its wait is over; it stands in the ready queue again.
    Wake,
    /// It went to the back of the ready queue by itself.
    Yield,
    /// A block of it began in a thread or a process.
    Enter,
    /// That block ended.
    Leave,
    /// It turned to a state that lasts: at work, or waiting.
    Turn(State),
    Print,
    /// Its answer is out.
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
        State::WaitingItem => "wait_item",
        State::WaitingRoom => "wait_room",
        State::WaitingEvent => "wait_event",
        State::WaitingNotify => "wait_notify",
        State::WaitingTask => "wait_task",
        State::WaitingAll => "wait_all",
        State::Offloaded => "offload",
        // The others have kinds of their own; these names would only be seen
        // if somebody built such an event by hand.
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
    let mut teller = cooperative::block_on(Teller::new(trace));
    trace.log.iter().flat_map(move |record| teller.tell(record))
}

/// Turns records into events, one after the other. Linear, a few bytes for each instance.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    trace: &'a Trace,
    lives: Vec<Life>,
}

/// What must be remembered of an instance between its records.
#[derive(Clone, Copy, Debug)]
struct Life {
    turn: Turn,
    /// Of its latest record.
    segment: SegmentId,
    started: bool,
    responded: bool,
    /// In front of its turn, but its loop's thread lacks the GIL or a core.
    stalled: bool,
}

const UNBORN: Life = Life {
    turn: Turn::Unborn,
    segment: SegmentId(0),
    started: false,
    responded: false,
    stalled: false,
};

/// Where an instance stands with respect to its turn on its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// No record yet.
    Unborn,
    /// Arrived, and no server process has taken it.
    Outside,
    /// In the ready queue, or in a thread that has not yet got what it needs.
    Due,
    /// In the middle of a step.
    Taken,
    /// Waiting, or over.
    Away,
}

/// The events of one record: rarely more than two.
pub(super) type Told = std::iter::Flatten<std::array::IntoIter<Option<Event>, 4>>;

impl<'a> Teller<'a> {
    pub(super) async fn new(trace: &'a Trace) -> Self {
        Self {
            trace,
            lives: cooperative::filled_vec(UNBORN, trace.instances.len()).await,
        }
    }

    pub(super) fn tell(&mut self, record: Record) -> Told {
        let id = record.instance;
        let before = self.life(id).turn;
        let first = before == Turn::Unborn;
        let told = [
            self.turn_of_cause(record, first),
            self.arrival(record, first),
            self.own_turn(record, first),
            self.own_event(record, before),
        ];
        self.life(id).segment = record.segment;
        told.into_iter().flatten()
    }

    fn life(&mut self, id: InstanceId) -> &mut Life {
        &mut self.lives[id.0 as usize]
    }

    fn role(&self, id: InstanceId) -> Role {
        self.trace.instance(id).role
    }

    /// A body that never waits on a loop: in a thread, a process or a job.
    fn is_elsewhere(&self, id: InstanceId) -> bool {
        matches!(self.role(id), Role::Offloaded | Role::Sent | Role::Part)
    }

    /// The body of a `def` handler, as opposed to a block of a coroutine.
    fn is_handler_body(&self, id: InstanceId) -> bool {
        let instance = self.trace.instance(id);
        instance.role == Role::Part
            && instance
                .parent
                .is_some_and(|parent| self.role(parent) == Role::Handler)
    }

    /// Steps that take no time leave no record of their own: whoever wakes or
    /// creates another while it is ready has been given its turn.
    fn turn_of_cause(&mut self, record: Record, first: bool) -> Option<Event> {
        let creator = self.trace.instance(record.instance).parent;
        let cause = record.cause.or(creator.filter(|_| first))?;
        let due = self.life(cause).turn == Turn::Due && !self.is_elsewhere(cause);
        if cause == record.instance || !due {
            return None;
        }
        self.take_turn(
            cause,
            Record {
                instance: cause,
                lane: LaneId::NONE,
                segment: self.lives[cause.0 as usize].segment,
                ..record
            },
        )
    }

    fn arrival(&mut self, record: Record, first: bool) -> Option<Event> {
        let announced = !matches!(self.role(record.instance), Role::Offloaded | Role::Part);
        if !first {
            return None;
        }
        self.life(record.instance).turn = match record.state {
            State::Unaccepted => Turn::Outside,
            _ => Turn::Due,
        };
        announced.then(|| event(record, EventKind::Arrive))
    }

    fn own_turn(&mut self, record: Record, first: bool) -> Option<Event> {
        use State::*;
        let id = record.instance;
        match (self.life(id).turn, record.state) {
            (Turn::Unborn | Turn::Outside, _) => None,
            (_, Ready) if first => None,
            // Not its turn yet, or nothing it does itself.
            (_, Unaccepted | QueuedJob | QueuedGil | QueuedCore) => None,
            (_, QueuedExecutor | QueuedProcess) if self.is_elsewhere(id) => None,
            (Turn::Due, Ready) if self.life(id).stalled => None,
            (_, CancelRequested | TimedOut) => None,
            // Cancelled before its first step: its body never began.
            (Turn::Due, Cancelled) if !self.life(id).started => None,
            (Turn::Due, _) | (Turn::Away, Running | Blocking) => self.take_turn(id, record),
            (Turn::Away | Turn::Taken, _) => None,
        }
    }

    fn take_turn(&mut self, id: InstanceId, record: Record) -> Option<Event> {
        let role = self.role(id);
        let handler_body = self.is_handler_body(id);
        let life = self.life(id);
        life.turn = Turn::Taken;
        let first = !std::mem::replace(&mut life.started, true);
        let kind = match role {
            // Its body tells its start; its loop side only hands over.
            Role::Handler => return None,
            Role::Part if !handler_body => first.then_some(EventKind::Enter)?,
            _ if first => EventKind::Start,
            _ if self.is_elsewhere(id) => return None,
            _ => EventKind::Resume,
        };
        Some(Event {
            cause: None,
            ..event(record, kind)
        })
    }

    fn own_event(&mut self, record: Record, before: Turn) -> Option<Event> {
        let id = record.instance;
        let kind = match record.state {
            State::Printed => EventKind::Print,
            State::Responded => {
                self.answer(id)?;
                EventKind::Respond
            }
            State::CancelRequested => EventKind::CancelRequested,
            State::TimedOut => EventKind::Timeout,
            State::Done => self.end(id, EventKind::Finish)?,
            State::Failed => self.end(id, EventKind::Fail)?,
            State::Cancelled => self.end(id, EventKind::Cancel)?,
            State::Ready => {
                let life = self.life(id);
                let stalled = std::mem::replace(&mut life.stalled, false);
                let back_in_queue = stalled && life.turn == Turn::Due;
                life.turn = Turn::Due;
                match before {
                    _ if back_in_queue => return None,
                    Turn::Unborn => return None,
                    Turn::Away => EventKind::Wake,
                    Turn::Outside => EventKind::Accept,
                    // On its way to the pool; no step of the script.
                    Turn::Due | Turn::Taken if self.role(id) == Role::Handler => return None,
                    Turn::Due | Turn::Taken => EventKind::Yield,
                }
            }
            // Said by the arrival.
            State::Unaccepted => return None,
            State::QueuedGil | State::QueuedCore => {
                let life = self.life(id);
                life.stalled = life.turn == Turn::Due;
                EventKind::Turn(record.state)
            }
            State::Running | State::Blocking | State::QueuedJob => EventKind::Turn(record.state),
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
                self.life(id).turn = Turn::Away;
                EventKind::Turn(record.state)
            }
        };
        Some(event(record, kind))
    }

    /// `None` when its answer was out before.
    fn answer(&mut self, id: InstanceId) -> Option<()> {
        let handler = self
            .trace
            .instance(id)
            .parent
            .filter(|_| self.is_handler_body(id));
        let life = self.life(handler.unwrap_or(id));
        (!std::mem::replace(&mut life.responded, true)).then_some(())
    }

    fn end(&mut self, id: InstanceId, kind: EventKind) -> Option<EventKind> {
        self.life(id).turn = Turn::Away;
        match self.role(id) {
            // The body told its end; the loop side's end is the answer.
            Role::Handler if kind != EventKind::Cancel => {
                self.answer(id)?;
                Some(EventKind::Respond)
            }
            Role::Part if !self.is_handler_body(id) => Some(EventKind::Leave),
            _ => Some(kind),
        }
    }
}

fn event(record: Record, kind: EventKind) -> Event {
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
mod tests {
    use super::*;
    use crate::trace::staged::stage;

    /// `expected`: time in seconds, instance, kind.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (workload, trace) = stage(text);
        let told: Vec<String> = events(&trace)
            .map(|event| {
                let instance = trace.instance(event.instance);
                let part = matches!(instance.role, Role::Part);
                format!(
                    "{} {}#{}{} {}",
                    event.at.as_nanos() / 1_000_000_000,
                    workload.task(instance.task).name,
                    instance.number,
                    if part { "~" } else { "" },
                    event.kind.name()
                )
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_step_without_length_is_a_start_or_a_resumption() {
        check(
            "task a: await 5
             a#1 arrived
             0 a#1 ready
             0 a#1 awaiting @0
             5 a#1 ready
             5 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 a#1 await",
                "5 a#1 wake",
                "5 a#1 resume",
                "5 a#1 finish",
            ],
        );
    }

    #[test]
    fn a_step_that_prints_and_then_waits_is_one_turn() {
        check(
            "task a: print x, yield
             a#1 arrived
             0 a#1 ready
             0 a#1 printed @0
             0 a#1 ready @1
             1 a#1 ready @1
             1 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 a#1 print",
                "0 a#1 yield",
                "1 a#1 resume",
                "1 a#1 yield",
                "1 a#1 resume",
                "1 a#1 finish",
            ],
        );
    }

    #[test]
    fn a_parent_starts_before_the_child_it_creates() {
        check(
            "task a: await 1
             task b: cpu 1
             a#1 arrived
             b#1 spawned of a#1
             0 a#1 ready
             0 b#1 ready by a#1
             0 a#1 awaiting @0
             0 b#1 cancel_requested by a#1
             0 b#1 cancelled
             1 a#1 ready
             1 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 b#1 arrive",
                "0 a#1 await",
                "0 b#1 cancel_requested",
                "0 b#1 cancel",
                "1 a#1 wake",
                "1 a#1 resume",
                "1 a#1 finish",
            ],
        );
    }

    #[test]
    fn a_handler_starts_and_finishes_in_its_thread_and_responds_on_the_loop() {
        check(
            "def h: block 1
             h#1 handler
             h#1~1 part of h#1
             0 h#1 unaccepted
             0 h#1 ready
             0 h#1 queued_token
             2 h#1 offloaded
             2 h#1~1 blocking @0 on thread
             3 h#1~1 done
             4 h#1 ready by h#1~1
             4 h#1 done",
            &[
                "0 h#1 arrive",
                "0 h#1 accept",
                "0 h#1 queue_token",
                "2 h#1 offload",
                "2 h#1~ start",
                "2 h#1~ block",
                "3 h#1~ finish",
                "4 h#1 wake",
                "4 h#1 respond",
            ],
        );
    }

    #[test]
    fn a_block_in_a_thread_is_entered_and_left() {
        check(
            "task a: thread block 1
             a#1 arrived
             a#1~1 part of a#1
             0 a#1 ready
             0 a#1 queued_token @0
             0 a#1 offloaded @0
             0 a#1~1 queued_gil @1 on thread
             1 a#1~1 blocking @1 on thread
             2 a#1~1 done
             2 a#1 ready by a#1~1
             2 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 a#1 queue_token",
                "0 a#1 offload",
                "0 a#1~ queue_gil",
                "1 a#1~ enter",
                "1 a#1~ block",
                "2 a#1~ leave",
                "2 a#1 wake",
                "2 a#1 resume",
                "2 a#1 finish",
            ],
        );
    }

    #[test]
    fn a_loop_without_the_gil_gives_no_turn() {
        check(
            "task a: yield
             a#1 arrived
             0 a#1 ready
             0 a#1 queued_gil @0 on loop
             1 a#1 ready
             1 a#1 ready @0
             1 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 queue_gil",
                "1 a#1 start",
                "1 a#1 yield",
                "1 a#1 resume",
                "1 a#1 finish",
            ],
        );
    }

    #[test]
    fn work_for_an_executor_starts_behind_its_queue() {
        check(
            "task a: await 1
             def f: block 1
             a#1 arrived
             f#1 offloaded of a#1
             0 a#1 ready
             0 a#1 offloaded @0
             0 f#1 queued_executor by a#1
             1 f#1 done
             1 a#1 ready by f#1
             1 a#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 a#1 offload",
                "0 f#1 queue_executor",
                "1 f#1 start",
                "1 f#1 finish",
                "1 a#1 wake",
                "1 a#1 resume",
                "1 a#1 finish",
            ],
        );
    }

    #[test]
    fn a_job_arrives_when_it_is_sent_and_starts_in_its_worker() {
        check(
            "task a: await 1
             def j: cpu 1
             a#1 arrived
             j#1 sent of a#1
             0 a#1 ready
             0 j#1 queued_job by a#1
             0 a#1 done
             1 j#1 running @1 on job
             2 j#1 done",
            &[
                "0 a#1 arrive",
                "0 a#1 start",
                "0 j#1 arrive",
                "0 j#1 queue_job",
                "0 a#1 finish",
                "1 j#1 start",
                "1 j#1 run",
                "2 j#1 finish",
            ],
        );
    }
}
