//! The rules for time: every instance gets exactly the time that its script asks for.
//!
//! Two checks. An uninterrupted run of one segment lasts as long as the script asks for, or
//! a multiple of that if a loop in the script repeats it. And an instance that ran to its
//! end has used the CPU time of its whole body, if that is known without running it.

use super::interruption::Interruption;
use super::{CheckContext, Rule};
use crate::time::SimDuration;
use crate::trace::{Instance, Record, Role, State};
use crate::workload::{Body, Length, Segment, SegmentId, SegmentKind, TaskIndex, Work, Workload};

/// Deeper call chains are not added up, to bound the recursion; the second check is then
/// skipped.
const DEPTH_MAX: u32 = 200;

pub(super) struct DemandRules {
    given_times: Vec<GivenTime>,
    /// The CPU time of each task's body in nanoseconds, if it is fixed.
    of_tasks: Vec<Option<u64>>,
}

/// The time that an instance has got, in nanoseconds.
#[derive(Clone, Copy, Default)]
struct GivenTime {
    /// CPU time in the current segment.
    running: u64,
    /// Blocking time in the current segment.
    blocking: u64,
    interruption: Interruption,
    /// CPU time since its first record.
    total: u64,
    /// The CPU time that its body asks for, if known; set at its first record.
    expected: Option<u64>,
}

impl DemandRules {
    pub(super) fn new(context: &CheckContext) -> Self {
        Self {
            given_times: vec![GivenTime::default(); context.trace.instances.len()],
            of_tasks: cpu_times_of_tasks(context.workload),
        }
    }

    pub(super) fn check_record(&mut self, context: &mut CheckContext, record: Record) {
        let index = record.instance.0 as usize;
        let before = context.record_before(record.instance);
        if record.state.is_mark() {
            let interruption = &mut self.given_times[index].interruption;
            interruption.note_mark(before, record);
            return;
        }
        let Some(before) = before else {
            self.given_times[index].expected = self.expected_cpu_time(context, record);
            return;
        };
        let given_time = &mut self.given_times[index];
        given_time.add(before, record);
        // Waiting for the GIL or a core does not interrupt a segment.
        let over = before.segment != record.segment || !record.state.holds_lane();
        if over && before.state.holds_lane() {
            check_given_time(context, before, *given_time);
            given_time.running = 0;
            given_time.blocking = 0;
        }
        if before.state == State::Awaiting {
            let interrupted = given_time.interruption.is_asked();
            check_wait(context, before, record, interrupted);
        }
        given_time.interruption.follow(before.state);
        if record.state == State::Done {
            check_whole_body(context, record, *given_time);
        }
    }

    /// The CPU time that the body of an instance with this first record asks for.
    fn expected_cpu_time(&self, context: &CheckContext, record: Record) -> Option<u64> {
        let instance = context.trace.instance(record.instance);
        match instance.role {
            Role::Handler => Some(0),
            Role::Part => self.expected_of_part(context, instance, record.segment),
            _ => self.of_tasks[instance.task.0 as usize],
        }
    }

    /// The same for a part: the body of its handler, or the block that begins with this segment.
    /// The segment of its parent does not tell: the parent may have stopped waiting.
    fn expected_of_part(
        &self,
        context: &CheckContext,
        part: &Instance,
        first: SegmentId,
    ) -> Option<u64> {
        if context.trace.instance(part.parent?).role == Role::Handler {
            return self.of_tasks[part.task.0 as usize];
        }
        // Segments are numbered in the order of the text.
        let block = SegmentId(first.0.checked_sub(1)?);
        match &context.segment_of_id(block)?.kind {
            SegmentKind::Offload {
                work: Work::Body(body),
                ..
            } if body.first().is_some_and(|segment| segment.id == first) => {
                cpu_time_of_body(body, &|task| self.of_tasks[task.0 as usize])
            }
            _ => None,
        }
    }
}

impl GivenTime {
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

/// Checks an uninterrupted run of one segment that has ended.
fn check_given_time(context: &mut CheckContext, before: Record, given_time: GivenTime) {
    let (cpu, block) = match context
        .segment_of_id(before.segment)
        .map(|segment| &segment.kind)
    {
        Some(SegmentKind::Cpu { length, .. }) => (Some(*length), None),
        Some(SegmentKind::Block { length, .. }) => (None, Some(*length)),
        _ => (None, None),
    };
    let checks = [
        (Rule::CpuTimeIsExact, cpu, given_time.running),
        (Rule::WaitTimeIsExact, block, given_time.blocking),
    ];
    for (rule, length, given) in checks {
        if !matches_length(length, given) {
            let name = context.instance_name(before.instance);
            let given = SimDuration::from_nanos(given);
            let line = line_of(context, before);
            context.report_violation(rule, format!("{name} got {given} at line {line}"));
        }
    }
}

fn matches_length(length: Option<Length>, given: u64) -> bool {
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

/// Checks that a wait was not too short. It may be too long if another step holds the loop.
fn check_wait(context: &mut CheckContext, before: Record, record: Record, interrupted: bool) {
    let given = record.at.since(before.at);
    let asked = match context
        .segment_of_id(before.segment)
        .map(|segment| &segment.kind)
    {
        Some(SegmentKind::Await { length, .. }) => match length {
            Length::Fixed(asked) => *asked,
            Length::Uniform { low, .. } => *low,
            Length::Exponential { .. } => SimDuration::ZERO,
        },
        _ => SimDuration::ZERO,
    };
    if given < asked && !interrupted {
        let name = context.instance_name(before.instance);
        let detail = format!("{name} waited {given} of {asked}");
        context.report_violation(Rule::WaitTimeIsExact, detail);
    }
}

/// Checks the CPU time of an instance that ran to its end.
fn check_whole_body(context: &mut CheckContext, record: Record, given_time: GivenTime) {
    if let Some(expected) = given_time.expected
        && expected != given_time.total
    {
        let name = context.instance_name(record.instance);
        let given = SimDuration::from_nanos(given_time.total);
        let asked = SimDuration::from_nanos(expected);
        let detail = format!("{name} got {given} of {asked}");
        context.report_violation(Rule::CpuTimeIsExact, detail);
    }
}

fn line_of(context: &CheckContext, record: Record) -> u32 {
    let place = context.workload.places.get(record.segment.0 as usize);
    place.map_or(0, |place| place.line)
}

fn cpu_times_of_tasks(workload: &Workload) -> Vec<Option<u64>> {
    let mut memo = vec![Memo::Unknown; workload.tasks.len()];
    (0..workload.tasks.len())
        .map(|index| cpu_time_of_task(workload, TaskIndex(index as u32), &mut memo, 0))
        .collect()
}

#[derive(Clone, Copy)]
enum Memo {
    Unknown,
    /// Being added up: the task calls itself.
    Open,
    Known(Option<u64>),
}

fn cpu_time_of_task(
    workload: &Workload,
    task: TaskIndex,
    memo: &mut [Memo],
    depth: u32,
) -> Option<u64> {
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
        cpu_time_of_task(workload, callee, memo, depth + 1);
    }
    let sum = cpu_time_of_body(
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

/// The CPU time of a body; `None` if only running it can tell.
fn cpu_time_of_body(
    body: &Body,
    cpu_time_of_task: &dyn Fn(TaskIndex) -> Option<u64>,
) -> Option<u64> {
    body.iter().try_fold(0_u64, |total, segment| {
        total.checked_add(cpu_time_of_segment(segment, cpu_time_of_task)?)
    })
}

fn cpu_time_of_segment(
    segment: &Segment,
    cpu_time_of_task: &dyn Fn(TaskIndex) -> Option<u64>,
) -> Option<u64> {
    match &segment.kind {
        SegmentKind::Cpu {
            length: Length::Fixed(length),
            ..
        } => Some(length.as_nanos()),
        SegmentKind::Call { task } => cpu_time_of_task(*task),
        SegmentKind::Group { body } | SegmentKind::With { body, .. } => {
            cpu_time_of_body(body, cpu_time_of_task)
        }
        SegmentKind::AsCompleted { members, body } => {
            let times = members.iter().map(|member| member.count).sum();
            cpu_time_of_body(body, cpu_time_of_task)?.checked_mul(times)
        }
        SegmentKind::Repeat { times, body } => {
            cpu_time_of_body(body, cpu_time_of_task)?.checked_mul(*times)
        }
        SegmentKind::Cpu { .. }
        | SegmentKind::Timeout { .. }
        | SegmentKind::WaitFor { .. }
        | SegmentKind::Try { .. }
        | SegmentKind::Forever { .. } => None,
        _ => Some(0),
    }
}
