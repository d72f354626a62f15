//! Lives: the log as the steps of each instance.
//!
//! A wait that another instance ended has a [`Token`]: who waited, and who ended it. How a
//! step is written as a segment is left to [`super::tasks`].

mod end;
mod waits;

use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, LaneKind, Record, Role, State, Trace};
use model::workload::SegmentId;

/// An instance: an index into the list of lives, which is that of the trace's instances.
pub(super) type LifeIndex = usize;
/// An index into [`Lives::tokens`].
pub(super) type TokenIndex = usize;

/// The steps of one instance.
#[derive(Clone, Debug)]
pub(super) struct Life {
    /// An index into the tasks of the trace's workload.
    pub(super) task: usize,
    pub(super) role: Role,
    pub(super) parent: Option<LifeIndex>,
    /// It ran on a thread or in a process, not on a loop.
    pub(super) is_work: bool,
    pub(super) lane: Option<LaneKind>,
    pub(super) begun: SimTime,
    /// `None` if the run ended first.
    pub(super) end: Option<(State, SimTime)>,
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) kind: StepKind,
    pub(super) segment: SegmentId,
    /// The numbers of the records with which it began and ended.
    pub(super) begun: usize,
    pub(super) over: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum StepKind {
    Cpu(SimDuration),
    Block(SimDuration),
    Await(SimDuration),
    Yield,
    /// It created this instance, and continued.
    Child(LifeIndex),
    /// It waited for work on a thread.
    Offload {
        work: Option<LifeIndex>,
        /// It waited for a token of the pool before.
        was_queued: bool,
    },
    /// It waited until these had ended; with `all`, although one had failed before.
    Join {
        children: Vec<LifeIndex>,
        all: bool,
    },
    /// The end of a group, and the tasks of it.
    GroupEnd(Vec<LifeIndex>),
    /// A wait for something that tasks share. Without a token it is not known who ended it.
    Wait {
        state: State,
        length: SimDuration,
        token: Option<TokenIndex>,
    },
    /// A wait that a cancellation ended.
    Cut {
        length: SimDuration,
        token: Option<TokenIndex>,
        /// The group cancelled it, because another of its tasks had failed.
        by_group: bool,
    },
    /// A wait that nothing ended.
    Stuck,
    /// It ended the wait of another.
    Wake(TokenIndex),
    /// It took and gave back a permit of this lock: an index into the inferred ones.
    Acquire(usize),
    Release(usize),
    /// The number of the printed line.
    Print(usize),
    Respond,
}

/// A wait that another instance ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) state: State,
    pub(super) segment: SegmentId,
    pub(super) waiter: LifeIndex,
    pub(super) by: LifeIndex,
    /// The record with which the step of `by` began: tokens of one step have it in common.
    pub(super) step: usize,
    pub(super) is_cut: bool,
}

/// The run, read.
#[derive(Clone, Debug)]
pub(super) struct Lives {
    pub(super) all: Vec<Life>,
    pub(super) tokens: Vec<Token>,
    /// Those that no other task created, in order.
    pub(super) arrived: Vec<LifeIndex>,
}

/// Where an instance is while the log is read.
#[derive(Clone, Debug, Default)]
struct Now {
    /// `None` before its first record.
    state: Option<State>,
    since: SimTime,
    /// The number of its latest record.
    record: usize,
    segment: SegmentId0,
    /// Its turn has come, but its loop's thread lacks the GIL or a core.
    is_stalled: bool,
    /// It computed before it lost the GIL.
    is_interrupted: bool,
    /// A cancellation was requested, by this instance.
    cut: Option<Option<LifeIndex>>,
    by_group: bool,
    /// Its step that waits for a thread, while it does.
    offload: Option<usize>,
    /// Children that it has not waited for.
    open: Vec<LifeIndex>,
}

/// [`SegmentId`] has no default.
type SegmentId0 = u32;

pub(super) fn read(trace: &Trace) -> Lives {
    let mut reader = Reader::of(trace);
    for (number, record) in trace.log.iter().enumerate() {
        reader.record(number, record);
    }
    reader.finish(trace)
}

struct Reader {
    lives: Lives,
    now: Vec<Now>,
    prints: usize,
    /// The instance that ended last, and when.
    last_ended: Option<(LifeIndex, SimTime)>,
}

impl Reader {
    fn of(trace: &Trace) -> Self {
        let mut lanes = vec![None; trace.instances.len()];
        for record in trace.log.iter() {
            let lane = &mut lanes[record.instance.0 as usize];
            let is_work = trace.instance(record.instance).role.is_work();
            let held = trace.lane(record.lane).map(|lane| lane.kind);
            *lane = match (held, record.state) {
                (Some(kind), _) => Some(kind),
                (None, State::QueuedExecutor) if is_work => lane.or(Some(LaneKind::ExecutorThread)),
                (None, State::QueuedProcess) if is_work => lane.or(Some(LaneKind::ProcessWorker)),
                (None, State::QueuedToken) if is_work => lane.or(Some(LaneKind::PoolThread)),
                _ => *lane,
            };
        }
        let instances = trace.instances.iter().zip(lanes);
        let all = instances.map(|(instance, lane)| {
            // A Python program's own threads have no parent.
            let is_thread =
                instance.role == Role::Arrived && lane.is_some_and(|kind| kind != LaneKind::Loop);
            Life {
                task: instance.task.0 as usize,
                role: instance.role,
                parent: instance.parent.map(|parent| parent.0 as usize),
                is_work: instance.role.is_work() || is_thread,
                lane,
                begun: SimTime::ZERO,
                end: None,
                steps: Vec::new(),
            }
        });
        Self {
            lives: Lives {
                all: all.collect(),
                tokens: Vec::new(),
                arrived: Vec::new(),
            },
            now: vec![Now::default(); trace.instances.len()],
            prints: 0,
            last_ended: None,
        }
    }

    fn push(&mut self, life: LifeIndex, number: usize, kind: StepKind) {
        let (begun, segment) = (self.now[life].record, SegmentId(self.now[life].segment));
        self.lives.all[life].steps.push(Step {
            kind,
            segment,
            begun,
            over: number,
        });
    }

    fn record(&mut self, number: usize, record: Record) {
        let life = record.instance.0 as usize;
        let cause = record.cause.map(|InstanceId(cause)| cause as usize);
        let cause = cause.filter(|&cause| cause != life);
        if record.state.is_mark() {
            return self.mark(life, number, record, cause);
        }
        // A thread that holds the GIL goes on; what wakes a task has come to that point.
        let is_woken = record.state == State::Ready
            && !matches!(
                self.now[life].state,
                Some(State::QueuedGil | State::QueuedCore | State::QueuedToken)
            );
        if let Some(by) = cause
            && is_woken
            && self.lives.all[by].end.is_none()
        {
            self.act(by, number, record.at);
        }
        match self.now[life].state {
            None => self.create(life, number, record),
            Some(before) => self.leave(life, before, number, record, cause),
        }
        let is_offload = matches!(
            record.state,
            State::QueuedToken | State::QueuedExecutor | State::QueuedProcess | State::Offloaded
        );
        let now = &mut self.now[life];
        now.state = Some(record.state);
        now.since = record.at;
        now.record = number;
        now.segment = record.segment.0;
        if is_offload && !self.lives.all[life].is_work {
            self.begin_offload(life, number, record.state == State::QueuedToken);
        } else if record.state != State::Ready && self.now[life].offload.is_some() {
            // It was cancelled before a thread was free.
            self.abandon_offload(life, number, SimDuration::ZERO, cause);
        }
        if record.state.is_terminal() {
            self.lives.all[life].end = Some((record.state, record.at));
            self.last_ended = Some((life, record.at));
        }
    }

    /// It does something at this time, so its computing or blocking before that is over.
    fn act(&mut self, life: LifeIndex, number: usize, at: SimTime) {
        let length = at.since(self.now[life].since);
        match self.now[life].state {
            Some(State::Running) => self.leave_computing(life, number, length, State::Blocking),
            Some(State::Blocking) => self.push(life, number, StepKind::Block(length)),
            _ => return,
        }
        let now = &mut self.now[life];
        now.state = Some(State::Ready);
        now.since = at;
        now.is_stalled = false;
    }

    fn mark(&mut self, life: LifeIndex, number: usize, record: Record, by: Option<LifeIndex>) {
        if matches!(record.state, State::Printed | State::Responded) {
            self.act(life, number, record.at);
        }
        if let (State::CancelRequested, Some(by)) = (record.state, by) {
            self.act(by, number, record.at);
        }
        match record.state {
            State::Printed => {
                let print = self.prints;
                self.prints += 1;
                self.now[life].segment = record.segment.0;
                self.push(life, number, StepKind::Print(print));
            }
            State::Responded => self.push(life, number, StepKind::Respond),
            State::CancelRequested => {
                let is_group = by.is_some_and(|by| self.is_of_one_group(life, by));
                let now = &mut self.now[life];
                if is_group {
                    now.by_group = true;
                } else if now.cut.is_none() {
                    now.cut = Some(by);
                }
            }
            _ => {}
        }
    }

    /// Whether one is a task of the other's group, or both are of one.
    fn is_of_one_group(&self, life: LifeIndex, by: LifeIndex) -> bool {
        let (own, other) = (&self.lives.all[life], &self.lives.all[by]);
        other.role == Role::Grouped
            && (other.parent == Some(life)
                || (own.role == Role::Grouped && own.parent == other.parent))
    }

    fn create(&mut self, life: LifeIndex, number: usize, record: Record) {
        self.lives.all[life].begun = record.at;
        let parent = self.lives.all[life].parent;
        // A thread's function cannot create tasks in a script, and one that has ended cannot either.
        let parent = parent.filter(|&parent| {
            let parent = &self.lives.all[parent];
            !parent.is_work && parent.end.is_none()
        });
        let Some(parent) = parent else {
            self.lives.all[life].parent = None;
            self.lives.arrived.push(life);
            return;
        };
        self.act(parent, number, record.at);
        let role = self.lives.all[life].role;
        if matches!(role, Role::Offloaded | Role::Part)
            && let Some(step) = self.now[parent].offload
            && let StepKind::Offload {
                work: work @ None, ..
            } = &mut self.lives.all[parent].steps[step].kind
        {
            *work = Some(life);
            return;
        }
        self.now[parent].open.push(life);
        self.push(parent, number, StepKind::Child(life));
    }

    fn leave(
        &mut self,
        life: LifeIndex,
        before: State,
        number: usize,
        record: Record,
        cause: Option<LifeIndex>,
    ) {
        let length = record.at.since(self.now[life].since);
        let is_work = self.lives.all[life].is_work;
        match before {
            State::Running => self.leave_computing(life, number, length, record.state),
            State::Blocking | State::BlockedPermit => {
                self.push(life, number, StepKind::Block(length));
            }
            State::QueuedGil | State::QueuedCore if record.state == State::Ready => {
                self.now[life].is_stalled = false;
            }
            State::Ready => match record.state {
                State::Ready => self.push(life, number, StepKind::Yield),
                State::QueuedGil | State::QueuedCore => self.now[life].is_stalled = true,
                _ => {}
            },
            State::Offloaded if !is_work => self.end_offload(life, number, length, cause),
            State::Awaiting => self.end_await(life, number, length, record.state, cause),
            State::WaitingTask
            | State::WaitingAll
            | State::WaitingPermit
            | State::WaitingItem
            | State::WaitingRoom
            | State::WaitingEvent
            | State::WaitingNotify => {
                if is_work {
                    self.push(life, number, StepKind::Block(length));
                } else {
                    self.end_wait(life, before, number, record, cause);
                }
            }
            _ => {}
        }
        let is_wait = !matches!(
            before,
            State::Running
                | State::Blocking
                | State::BlockedPermit
                | State::Ready
                | State::QueuedGil
                | State::QueuedCore
                | State::QueuedToken
        );
        if is_wait {
            self.now[life].cut = None;
            self.now[life].by_group = false;
        }
    }

    fn leave_computing(&mut self, life: LifeIndex, number: usize, length: SimDuration, to: State) {
        let was_interrupted = self.now[life].is_interrupted;
        match self.lives.all[life].steps.last_mut() {
            Some(Step {
                kind: StepKind::Cpu(sum),
                over,
                ..
            }) if was_interrupted => {
                *sum += length;
                *over = number;
            }
            _ => self.push(life, number, StepKind::Cpu(length)),
        }
        self.now[life].is_interrupted = matches!(to, State::QueuedGil | State::QueuedCore);
        if to == State::Ready {
            self.push(life, number, StepKind::Yield);
        }
    }
}

/// A length that is certainly over after this one: the whole length of a wait that was cut is not
/// in the run.
pub(super) fn longer_than(length: SimDuration) -> SimDuration {
    length.saturating_mul(2) + SimDuration::SECOND
}
