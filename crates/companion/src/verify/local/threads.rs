//! The runtime of threads: each task is a thread of the operating system, with or without a lock
//! that imitates the GIL.
//!
//! An `await` of the script blocks its thread here, because the comparison with asyncio is the
//! purpose. Child tasks and shared resources are not supported.

use std::thread;

use super::gil::EmulatedGil;
use super::recorder::{InstanceNumber, NO_INSTANCE, NO_LANE, Recorder};
use super::synchronous::{Thread, fixed_length, real_duration};
use crate::verify::arrivals::arrival_times;
use crate::verify::error::VerifyError;
use crate::verify::lacks::Lacks;
use crate::verify::plan::first_segment;
use crate::verify::runtime::Runtime;
use crate::verify::wire::{Wire, WireEnding, WireLane};
use model::limits::POOL_MAX;
use model::time::SimDuration;
use model::trace::{Role, State};
use model::workload::{
    Body, Executor, Gil as GilSetting, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// The largest number of threads. Some machines allow no more for a process.
const THREADS_MAX: u64 = 2_000;

/// Turns all tasks into plain functions, e.g. `await 5` → `block 5`, `thread f` → `call f`.
pub(crate) fn adapt_to_threads(workload: &mut Workload) -> Result<(), VerifyError> {
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
        task.body = into_plain_segments(&task.body, &original)?;
    }
    // The prediction must not queue requests for a thread: here each one gets its own.
    workload.machine.pool = POOL_MAX;
    workload.machine.servers = 1;
    // A thread has no first step.
    workload.machine.eager = false;
    Ok(())
}

fn into_plain_segments(body: &Body, workload: &Workload) -> Result<Body, VerifyError> {
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
            // The operating system switches threads without being asked.
            SegmentKind::Yield => continue,
            // The task is on a thread already, so the work runs there.
            SegmentKind::Offload {
                to: Executor::Pool | Executor::Own,
                work,
            } => match work {
                Work::Task(task) => segment.kind = SegmentKind::Call { task: *task },
                Work::Body(body) => {
                    plain_body.extend(into_plain_segments(body, workload)?);
                    continue;
                }
            },
            SegmentKind::Repeat { body, .. } | SegmentKind::Forever { body } => {
                *body = into_plain_segments(body, workload)?;
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
                    *body = into_plain_segments(body, workload)?;
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
                return Err(missing_feature(other).on(Runtime::Threads, line));
            }
        }
        plain_body.push(segment);
    }
    Ok(plain_body)
}

fn missing_feature(kind: &SegmentKind) -> Lacks {
    match kind {
        SegmentKind::Offload { .. } => Lacks::Processes,
        SegmentKind::Send { .. } => Lacks::Jobs,
        SegmentKind::Timeout { .. } | SegmentKind::WaitFor { .. } => Lacks::Timeouts,
        SegmentKind::Spawn { .. }
        | SegmentKind::Wait { .. }
        | SegmentKind::Cancel { .. }
        | SegmentKind::Gather { .. }
        | SegmentKind::AsCompleted { .. }
        | SegmentKind::Group { .. }
        | SegmentKind::Shield { .. } => Lacks::Children,
        _ => Lacks::Sharing,
    }
}

/// Runs the workload to its end. `leave` writes the result and exits the process. Without the
/// exit, the scope would wait for threads that `until` cuts off.
pub(super) fn run_on_threads(workload: &Workload, leave: impl Fn(Wire)) {
    let recorder = Recorder::new();
    let machine = &workload.machine;
    let gil =
        (machine.gil == GilSetting::On).then(|| EmulatedGil::new(real_duration(machine.switch)));
    let (recorder, gil) = (&recorder, gil.as_ref());
    thread::scope(|scope| {
        // The thread that starts the others holds the lock meanwhile, as the main thread of an
        // interpreter does.
        let held = gil.map(EmulatedGil::take);
        let sleep_until = |at: SimDuration| {
            let left = real_duration(at).saturating_sub(recorder.begin().elapsed());
            match held.as_ref().filter(|_| !left.is_zero()) {
                Some(held) => held.without(|| thread::sleep(left), || {}),
                None => thread::sleep(left),
            }
        };
        for (task, at) in arrival_times(workload, fixed_length) {
            sleep_until(at);
            // Before the thread starts, so that the numbers are in order of arrival.
            let handler = recorder.instance(task, NO_INSTANCE, Role::Handler);
            let segment = first_segment(workload, task);
            recorder.add(handler, State::Ready, NO_LANE, segment, NO_INSTANCE);
            scope.spawn(move || run_request(workload, recorder, gil, task, handler));
        }
        // `leave` exits the process, which ends the threads that still run.
        if let Some(until) = machine.until {
            sleep_until(until);
            leave(recorder.finish(WireEnding::Until, machine.until));
        }
    });
    leave(recorder.finish(WireEnding::Finished, None));
}

/// One request, as two instances: the handler, which waits, and the part that runs on the
/// thread. This is how the prediction shows a `def` handler.
fn run_request(
    workload: &Workload,
    recorder: &Recorder,
    gil: Option<&EmulatedGil>,
    task: TaskIndex,
    handler: InstanceNumber,
) {
    let segment = first_segment(workload, task);
    recorder.add(handler, State::Offloaded, NO_LANE, segment, NO_INSTANCE);
    let who = recorder.instance(task, handler, Role::Part);
    let lane = recorder.lane(WireLane::Thread);
    let held = gil.map(|gil| {
        recorder.add(who, State::QueuedGil, lane, segment, NO_INSTANCE);
        gil.take()
    });
    recorder.add(who, State::Running, lane, segment, NO_INSTANCE);
    let thread = Thread {
        workload,
        recorder,
        who,
        lane,
        held: held.as_ref(),
    };
    let state = match thread.run_task(task) {
        Ok(()) => State::Done,
        Err(_) => State::Failed,
    };
    recorder.add(who, state, NO_LANE, segment, NO_INSTANCE);
    drop(held);
    recorder.add(handler, State::Ready, NO_LANE, segment, who);
    recorder.add(handler, state, NO_LANE, segment, NO_INSTANCE);
}
