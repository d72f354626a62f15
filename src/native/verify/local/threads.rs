//! Every task a thread of the operating system, with or without a lock that
//! plays the GIL.
//!
//! What waits without blocking in the script blocks here: that is the choice a
//! reader wants to compare. A task has no children here and shares nothing.

use std::thread;

use super::gil::Gil;
use super::recorder::{NO_LANE, NOBODY, Recorder, Who};
use super::synchronous::{Thread, fixed, real};
use crate::limits::POOL_MAX;
use crate::native::verify::arrivals::arrivals;
use crate::native::verify::error::VerifyError;
use crate::native::verify::lacks::Lacks;
use crate::native::verify::plan::first_segment;
use crate::native::verify::runtime::Runtime;
use crate::native::verify::wire::{Wire, WireEnding, WireLane};
use crate::time::SimDuration;
use crate::trace::{Role, State};
use crate::workload::{
    Body, Executor, Gil as GilSetting, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// More threads than these some machines do not give.
const THREADS_MAX: u64 = 2_000;

/// The same script as plain functions: awaits block, pools are called directly.
pub(in crate::native::verify) fn adapt(workload: &mut Workload) -> Result<(), VerifyError> {
    let original = workload.clone();
    let requests = workload
        .runs
        .iter()
        .fold(0_u64, |sum, run| sum.saturating_add(run.count));
    if requests > THREADS_MAX {
        let line = workload.runs.first().map_or(1, |run| run.place.line);
        return Err(Lacks::ManyThreads.on(Runtime::Threads, line));
    }
    for task in &mut workload.tasks {
        task.kind = TaskKind::Sync;
        task.body = plain(&task.body, &original)?;
    }
    // A thread for everybody.
    workload.machine.pool = POOL_MAX;
    workload.machine.servers = 1;
    Ok(())
}

fn plain(body: &Body, workload: &Workload) -> Result<Body, VerifyError> {
    let mut plain_body = Body::new();
    for segment in body {
        let mut segment = segment.clone();
        match &mut segment.kind {
            SegmentKind::Await { length, label } => {
                segment.kind = SegmentKind::Block {
                    length: *length,
                    label: label.take(),
                };
            }
            SegmentKind::Yield => continue,
            SegmentKind::Offload {
                to: Executor::Pool | Executor::Own,
                work,
            } => match work {
                Work::Task(task) => segment.kind = SegmentKind::Call { task: *task },
                Work::Body(body) => {
                    plain_body.extend(plain(body, workload)?);
                    continue;
                }
            },
            SegmentKind::Repeat { body, .. } | SegmentKind::Forever { body } => {
                *body = plain(body, workload)?;
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                for body in [Some(body), except.as_mut(), finally.as_mut()]
                    .into_iter()
                    .flatten()
                {
                    *body = plain(body, workload)?;
                }
            }
            SegmentKind::Cpu { .. }
            | SegmentKind::Block { .. }
            | SegmentKind::Call { .. }
            | SegmentKind::Print { .. }
            | SegmentKind::Respond
            | SegmentKind::Fail { .. } => {}
            other => {
                let line = workload.place(segment.id).line;
                return Err(missing(other).on(Runtime::Threads, line));
            }
        }
        plain_body.push(segment);
    }
    Ok(plain_body)
}

fn missing(kind: &SegmentKind) -> Lacks {
    match kind {
        SegmentKind::Offload { .. } => Lacks::Processes,
        SegmentKind::Send { .. } => Lacks::Jobs,
        SegmentKind::Timeout { .. } => Lacks::Timeouts,
        SegmentKind::Spawn { .. }
        | SegmentKind::Wait { .. }
        | SegmentKind::Cancel { .. }
        | SegmentKind::Gather { .. }
        | SegmentKind::Group { .. }
        | SegmentKind::Shield { .. } => Lacks::Children,
        _ => Lacks::Sharing,
    }
}

/// `leave` ends the process; scoped threads would be waited for.
pub(super) fn run(workload: &Workload, leave: impl Fn(Wire)) {
    let recorder = Recorder::new();
    let machine = &workload.machine;
    let gil = (machine.gil == GilSetting::On).then(|| Gil::new(real(machine.switch)));
    let (recorder, gil) = (&recorder, gil.as_ref());
    thread::scope(|scope| {
        // Who starts threads needs the lock for that, as an interpreter's main thread does.
        let held = gil.map(Gil::take);
        let sleep_until = |at: SimDuration| {
            let left = real(at).saturating_sub(recorder.begin().elapsed());
            match held.as_ref().filter(|_| !left.is_zero()) {
                Some(held) => held.without(|| thread::sleep(left), || {}),
                None => thread::sleep(left),
            }
        };
        for (task, at) in arrivals(workload, fixed) {
            sleep_until(at);
            // Numbered in order of arrival, whichever thread is first.
            let handler = recorder.instance(task, NOBODY, Role::Handler);
            let segment = first_segment(workload, task);
            recorder.add(handler, State::Ready, NO_LANE, segment, NOBODY);
            scope.spawn(move || request(workload, recorder, gil, task, handler));
        }
        // Whatever is still at work then ends with the process.
        if let Some(until) = machine.until {
            sleep_until(until);
            leave(recorder.finish(WireEnding::Until, machine.until));
        }
    });
    leave(recorder.finish(WireEnding::Finished, None));
}

/// One request: a side that waits, and the thread that works.
fn request(
    workload: &Workload,
    recorder: &Recorder,
    gil: Option<&Gil>,
    task: TaskIndex,
    handler: Who,
) {
    let segment = first_segment(workload, task);
    recorder.add(handler, State::Offloaded, NO_LANE, segment, NOBODY);
    let who = recorder.instance(task, handler, Role::Part);
    let lane = recorder.lane(WireLane::Thread);
    let held = gil.map(|gil| {
        recorder.add(who, State::QueuedGil, lane, segment, NOBODY);
        gil.take()
    });
    recorder.add(who, State::Running, lane, segment, NOBODY);
    let thread = Thread {
        workload,
        recorder,
        who,
        lane,
        held: held.as_ref(),
    };
    let state = match thread.task(task) {
        Ok(()) => State::Done,
        Err(_) => State::Failed,
    };
    recorder.add(who, state, NO_LANE, segment, NOBODY);
    drop(held);
    recorder.add(handler, State::Ready, NO_LANE, segment, who);
    recorder.add(handler, state, NO_LANE, segment, NOBODY);
}
