//! Everybody got exactly the time that the script asked for: nothing lost,
//! nothing twice.
//!
//! Two views. Each unbroken stretch of one segment has lasted as asked for, or
//! a whole number of times that, where a loop in the script repeats it. And an
//! instance that ran to its end has spent the sum over its body, where that
//! can be said without running it.

use super::{Board, Rule};
use crate::time::SimDuration;
use crate::trace::{Instance, Record, Role, State};
use crate::workload::{Body, Length, Segment, SegmentId, SegmentKind, TaskIndex, Work, Workload};

/// Deeper call chains are not added up; nothing hangs on them.
const DEPTH_MAX: u32 = 200;

pub(super) struct Demand {
    stretches: Vec<Stretch>,
    /// CPU time of each task's body, where it is fixed.
    of_tasks: Vec<Option<u64>>,
}

/// What an instance has been given.
#[derive(Clone, Copy, Default)]
struct Stretch {
    /// In this segment.
    running: u64,
    blocking: u64,
    interrupted: bool,
    /// In its whole life.
    total: u64,
    /// What it should be given; decided at its birth.
    expected: Option<u64>,
}

impl Demand {
    pub(super) fn new(board: &Board) -> Self {
        Self {
            stretches: vec![Stretch::default(); board.trace.instances.len()],
            of_tasks: demands(board.workload),
        }
    }

    pub(super) fn record(&mut self, board: &mut Board, record: Record) {
        let index = record.instance.0 as usize;
        if matches!(record.state, State::CancelRequested | State::TimedOut) {
            self.stretches[index].interrupted = true;
        }
        if record.state.is_mark() {
            return;
        }
        let Some(before) = board.before(record.instance) else {
            self.stretches[index].expected = self.expected(board, record);
            return;
        };
        let stretch = &mut self.stretches[index];
        stretch.add(before, record);
        let over = before.segment != record.segment || !record.state.holds_lane();
        if over && before.state.holds_lane() {
            judge_stretch(board, before, *stretch);
            stretch.running = 0;
            stretch.blocking = 0;
        }
        if before.state == State::Awaiting {
            judge_wait(board, before, record, stretch.interrupted);
        }
        if !matches!(record.state, State::Ready) {
            stretch.interrupted = false;
        }
        if record.state == State::Done {
            judge_life(board, record, *stretch);
        }
    }

    /// What the instance whose first record this is should be given.
    fn expected(&self, board: &Board, record: Record) -> Option<u64> {
        let instance = board.trace.instance(record.instance);
        match instance.role {
            Role::Handler => Some(0),
            Role::Part => self.expected_of_part(board, instance, record.segment),
            _ => self.of_tasks[instance.task.0 as usize],
        }
    }

    /// The body of its handler, or the block that begins with this segment.
    /// Where its parent stands says nothing: it may have given up waiting.
    fn expected_of_part(&self, board: &Board, part: &Instance, first: SegmentId) -> Option<u64> {
        if board.trace.instance(part.parent?).role == Role::Handler {
            return self.of_tasks[part.task.0 as usize];
        }
        // Segments are numbered in the order of the text.
        let block = SegmentId(first.0.checked_sub(1)?);
        match &board.segment(block)?.kind {
            SegmentKind::Offload {
                work: Work::Body(body),
                ..
            } if body.first().is_some_and(|segment| segment.id == first) => {
                sum(body, &|task| self.of_tasks[task.0 as usize])
            }
            _ => None,
        }
    }
}

impl Stretch {
    fn add(&mut self, before: Record, record: Record) {
        let length = record.at.since(before.at).as_nanos();
        match before.state {
            State::Running => {
                self.running += length;
                self.total += length;
            }
            State::Blocking => self.blocking += length,
            _ => {}
        }
    }
}

/// An unbroken stretch of one segment is over.
fn judge_stretch(board: &mut Board, before: Record, stretch: Stretch) {
    let (cpu, block) = match board.segment(before.segment).map(|segment| &segment.kind) {
        Some(SegmentKind::Cpu { length, .. }) => (Some(*length), None),
        Some(SegmentKind::Block { length, .. }) => (None, Some(*length)),
        _ => (None, None),
    };
    let checks = [
        (Rule::CpuGivenIsAskedFor, cpu, stretch.running),
        (Rule::TimeGivenIsAskedFor, block, stretch.blocking),
    ];
    for (rule, length, given) in checks {
        if !is_as_asked(length, given) {
            let name = board.name(before.instance);
            let given = SimDuration::from_nanos(given);
            let line = line(board, before);
            board.report(rule, format!("{name} got {given} at line {line}"));
        }
    }
}

fn is_as_asked(length: Option<Length>, given: u64) -> bool {
    match length {
        None => given == 0,
        Some(Length::Fixed(asked)) => match asked.as_nanos() {
            0 => given == 0,
            asked => given.is_multiple_of(asked),
        },
        Some(Length::Uniform { low, .. }) => given == 0 || given >= low.as_nanos(),
        Some(Length::Exponential { .. }) => true,
    }
}

/// A timer may be seen late, by a loop that is held, but never early.
fn judge_wait(board: &mut Board, before: Record, record: Record, interrupted: bool) {
    let given = record.at.since(before.at);
    let asked = match board.segment(before.segment).map(|segment| &segment.kind) {
        Some(SegmentKind::Await { length, .. }) => match length {
            Length::Fixed(asked) => *asked,
            Length::Uniform { low, .. } => *low,
            Length::Exponential { .. } => SimDuration::ZERO,
        },
        _ => SimDuration::ZERO,
    };
    if given < asked && !interrupted {
        let name = board.name(before.instance);
        let detail = format!("{name} waited {given} of {asked}");
        board.report(Rule::TimeGivenIsAskedFor, detail);
    }
}

/// An instance has run to its end.
fn judge_life(board: &mut Board, record: Record, stretch: Stretch) {
    if let Some(expected) = stretch.expected
        && expected != stretch.total
    {
        let name = board.name(record.instance);
        let given = SimDuration::from_nanos(stretch.total);
        let asked = SimDuration::from_nanos(expected);
        let detail = format!("{name} got {given} of {asked}");
        board.report(Rule::CpuGivenIsAskedFor, detail);
    }
}

fn line(board: &Board, record: Record) -> u32 {
    let place = board.workload.places.get(record.segment.0 as usize);
    place.map_or(0, |place| place.line)
}

fn demands(workload: &Workload) -> Vec<Option<u64>> {
    let mut memo = vec![Memo::Unknown; workload.tasks.len()];
    (0..workload.tasks.len())
        .map(|index| of_task(workload, TaskIndex(index as u32), &mut memo, 0))
        .collect()
}

#[derive(Clone, Copy)]
enum Memo {
    Unknown,
    /// Being added up: it calls itself.
    Open,
    Known(Option<u64>),
}

fn of_task(workload: &Workload, task: TaskIndex, memo: &mut [Memo], depth: u32) -> Option<u64> {
    let index = task.0 as usize;
    match memo[index] {
        Memo::Known(sum) => return sum,
        Memo::Open => return None,
        Memo::Unknown if depth > DEPTH_MAX => return None,
        Memo::Unknown => memo[index] = Memo::Open,
    }
    let mut callees = Vec::new();
    collect_calls(&workload.tasks[index].body, &mut callees);
    for callee in callees {
        of_task(workload, callee, memo, depth + 1);
    }
    let sum = sum(
        &workload.tasks[index].body,
        &|callee| match memo[callee.0 as usize] {
            Memo::Known(sum) => sum,
            Memo::Open | Memo::Unknown => None,
        },
    );
    memo[index] = Memo::Known(sum);
    sum
}

fn collect_calls(body: &Body, found: &mut Vec<TaskIndex>) {
    for segment in body {
        match &segment.kind {
            SegmentKind::Call { task } => found.push(*task),
            SegmentKind::Offload { .. } => {}
            kind => kind.bodies().for_each(|body| collect_calls(body, found)),
        }
    }
}

/// `None` where only running it can tell.
fn sum(body: &Body, of_task: &dyn Fn(TaskIndex) -> Option<u64>) -> Option<u64> {
    body.iter().try_fold(0_u64, |total, segment| {
        total.checked_add(of_segment(segment, of_task)?)
    })
}

fn of_segment(segment: &Segment, of_task: &dyn Fn(TaskIndex) -> Option<u64>) -> Option<u64> {
    match &segment.kind {
        SegmentKind::Cpu {
            length: Length::Fixed(length),
            ..
        } => Some(length.as_nanos()),
        SegmentKind::Call { task } => of_task(*task),
        SegmentKind::Group { body } | SegmentKind::With { body, .. } => sum(body, of_task),
        SegmentKind::Repeat { times, body } => sum(body, of_task)?.checked_mul(*times),
        SegmentKind::Cpu { .. }
        | SegmentKind::Timeout { .. }
        | SegmentKind::Try { .. }
        | SegmentKind::Forever { .. } => None,
        _ => Some(0),
    }
}
