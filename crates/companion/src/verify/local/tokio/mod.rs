//! The runtime tokio: a current-thread runtime with its timers and its blocking pool.
//!
//! - [`task`]: a spawned task, with records of its polls and wake-ups.
//! - [`body`]: the execution of a body, segment by segment.
//! - [`shared`]: locks, queues, events.
//! - [`workers`]: thread pools in place of asyncio's executor, the process pool and the job
//!   workers.
//!
//! # What this leaves out
//!
//! - The GIL: tokio has none, and the prediction is made without it.
//! - `finally` after cancellation: tokio drops a cancelled future and runs no more of its code.
//!   Scripts with both are refused.
//! - Processes: threads replace them. Without a GIL they compute equally fast.

mod body;
mod shared;
mod task;
mod workers;

use std::rc::Rc;
use std::sync::Arc;

use ::tokio::runtime::Builder;
use ::tokio::sync::Semaphore;
use ::tokio::task::LocalSet;
use ::tokio::time::{sleep_until, timeout};

use self::shared::SharedResource;
use self::task::{ChildHandle, spawn_watched};
use self::workers::Workers;
use super::recorder::{NO_INSTANCE, Recorder};
use super::synchronous::{fixed_length, real_duration};
use crate::verify::arrivals::arrival_times;
use crate::verify::error::VerifyError;
use crate::verify::lacks::Lacks;
use crate::verify::plan::{pool_line, shutdown_line};
use crate::verify::runtime::Runtime;
use crate::verify::wire::{Wire, WireEnding, WireLane};
use model::trace::Role;
use model::workload::{GatherMode, Gil, PythonVersion, SegmentKind, TaskKind, Workload};

/// The state that all tasks of the loop share.
#[derive(Debug)]
struct LoopState {
    workload: Arc<Workload>,
    recorder: Arc<Recorder>,
    lane: i64,
    shared: Vec<SharedResource>,
    pool: Rc<Semaphore>,
    executor: Workers,
    processes: Workers,
    jobs: Workers,
}

/// Refuses scripts in which a `finally` might be cancelled, and turns the GIL off.
pub(crate) fn adapt_to_tokio(workload: &mut Workload) -> Result<(), VerifyError> {
    let segments = workload.segments();
    let cancels = |kind: &SegmentKind| {
        matches!(
            kind,
            SegmentKind::Cancel { .. }
                | SegmentKind::Timeout { .. }
                | SegmentKind::WaitFor { .. }
                | SegmentKind::Group { .. }
                | SegmentKind::Gather {
                    mode: GatherMode::First,
                    ..
                }
        )
    };
    let cancelled = segments
        .iter()
        .flatten()
        .any(|segment| cancels(&segment.kind));
    let finally = segments.iter().flatten().find(|segment| {
        matches!(
            &segment.kind,
            SegmentKind::Try {
                finally: Some(_),
                ..
            }
        )
    });
    if let Some(segment) = finally.filter(|_| cancelled) {
        let line = workload.place(segment.id).line;
        return Err(Lacks::Finally.on(Runtime::Tokio, line));
    }
    if workload.machine.eager {
        return Err(Lacks::EagerTasks.on(Runtime::Tokio, 1));
    }
    if let Some(line) = shutdown_line(workload) {
        return Err(Lacks::Shutdown.on(Runtime::Tokio, line));
    }
    if let Some(line) = pool_line(workload) {
        return Err(Lacks::Pools.on(Runtime::Tokio, line));
    }
    workload.machine.gil = Gil::Off;
    // The local runtime awaits a `wait_for` inline, as later versions of CPython do.
    workload.machine.python = PythonVersion::default();
    Ok(())
}

/// Runs the workload to its end. `leave` writes the result and exits the process.
pub(super) fn run_on_tokio(workload: Workload, leave: impl Fn(Wire)) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        // Tokio's default is 512; more calls than that would queue inside tokio, unrecorded.
        .max_blocking_threads((workload.machine.pool as usize).max(1))
        .build();
    let runtime = runtime.expect("a runtime without I/O needs nothing of the system");
    let recorder = Arc::new(Recorder::new());
    let until = workload.machine.until;
    let tasks = LocalSet::new();
    let ending = {
        let recorder = Arc::clone(&recorder);
        tasks.block_on(&runtime, async move {
            let everything = run_arrivals(Arc::new(workload), recorder);
            match until {
                None => everything.await,
                Some(until) => {
                    if timeout(real_duration(until), everything).await.is_err() {
                        return WireEnding::Until;
                    }
                }
            }
            WireEnding::Finished
        })
    };
    if ending == WireEnding::Until {
        leave(recorder.finish(ending, until));
    }
    // At its end asyncio cancels leftover tasks and waits for threads. Dropping the tasks
    // cancels them; dropping the runtime waits for its blocking pool.
    drop(tasks);
    drop(runtime);
    leave(recorder.finish(ending, None));
}

/// Starts all arrivals at their times and waits for their ends.
async fn run_arrivals(workload: Arc<Workload>, recorder: Arc<Recorder>) {
    let machine = &workload.machine;
    let all = Rc::new(LoopState {
        lane: recorder.lane(WireLane::Loop),
        shared: workload
            .resources
            .iter()
            .map(|resource| SharedResource::of(resource.kind))
            .collect(),
        pool: Rc::new(Semaphore::new(machine.pool as usize)),
        executor: Workers::new(machine.executor_threads(), WireLane::Executor),
        processes: Workers::new(machine.process_workers(), WireLane::Process),
        jobs: Workers::new(machine.jobs, WireLane::Job),
        workload: Arc::clone(&workload),
        recorder: Arc::clone(&recorder),
    });
    let mut children: Vec<ChildHandle> = Vec::new();
    for (task, at) in arrival_times(&workload, fixed_length) {
        if !at.is_zero() {
            sleep_until((recorder.begin() + real_duration(at)).into()).await;
        }
        let role = match workload.task(task).kind {
            TaskKind::Async => Role::Arrived,
            TaskKind::Sync => Role::Handler,
        };
        children.push(spawn_watched(&all, task, NO_INSTANCE, role));
    }
    for child in &children {
        child.over().await;
    }
}

#[cfg(test)]
mod tests;
