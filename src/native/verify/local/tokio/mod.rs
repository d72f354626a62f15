//! On tokio: a current-thread runtime, its timers and its blocking pool.
//!
//! - [`task`]: a spawned task, watched; [`body`]: what a task does, segment by
//!   segment; [`shared`]: locks, queues, events; [`workers`]: threads that stand
//!   for asyncio's executor, for processes and for jobs.
//!
//! # What this leaves out
//!
//! - The GIL: there is none, and the prediction is made without.
//! - Clean-up after cancellation: a cancelled future is dropped and runs no
//!   `finally`; such scripts are refused.
//! - Processes: threads stand for them, which without a GIL compute alike.

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

use self::shared::Shared;
use self::task::{Child, spawn};
use self::workers::Workers;
use super::recorder::{NOBODY, Recorder};
use super::synchronous::{fixed, real};
use crate::native::verify::arrivals::arrivals;
use crate::native::verify::error::VerifyError;
use crate::native::verify::lacks::Lacks;
use crate::native::verify::runtime::Runtime;
use crate::native::verify::wire::{Wire, WireEnding, WireLane};
use crate::trace::Role;
use crate::workload::{Gil, SegmentKind, TaskKind, Workload};

/// Everything that tasks of one loop share.
#[derive(Debug)]
struct Loop {
    workload: Arc<Workload>,
    recorder: Arc<Recorder>,
    lane: i64,
    shared: Vec<Shared>,
    pool: Rc<Semaphore>,
    executor: Workers,
    processes: Workers,
    jobs: Workers,
}

/// Refuses what tokio cannot do; what is left has no GIL and one process.
pub(in crate::native::verify) fn adapt(workload: &mut Workload) -> Result<(), VerifyError> {
    let segments = workload.segments();
    let cancels = |kind: &SegmentKind| {
        matches!(
            kind,
            SegmentKind::Cancel { .. } | SegmentKind::Timeout { .. } | SegmentKind::Group { .. }
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
    workload.machine.gil = Gil::Off;
    Ok(())
}

/// `leave` ends the process.
pub(super) fn run(workload: Workload, leave: impl Fn(Wire)) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime without I/O needs nothing of the system");
    let recorder = Arc::new(Recorder::new());
    let until = workload.machine.until;
    let tasks = LocalSet::new();
    let ending = {
        let recorder = Arc::clone(&recorder);
        tasks.block_on(&runtime, async move {
            let everything = everything(Arc::new(workload), recorder);
            match until {
                None => everything.await,
                Some(until) => {
                    if timeout(real(until), everything).await.is_err() {
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
    // What nobody waited for is dropped, and threads are waited for.
    drop(tasks);
    drop(runtime);
    leave(recorder.finish(ending, None));
}

/// Starts whatever arrives, and waits for all of it.
async fn everything(workload: Arc<Workload>, recorder: Arc<Recorder>) {
    let machine = &workload.machine;
    let all = Rc::new(Loop {
        lane: recorder.lane(WireLane::Loop),
        shared: workload
            .resources
            .iter()
            .map(|resource| Shared::of(resource.kind))
            .collect(),
        pool: Rc::new(Semaphore::new(machine.pool as usize)),
        executor: Workers::new(machine.executor_threads(), WireLane::Executor),
        processes: Workers::new(machine.process_workers(), WireLane::Process),
        jobs: Workers::new(machine.jobs, WireLane::Job),
        workload: Arc::clone(&workload),
        recorder: Arc::clone(&recorder),
    });
    let mut children: Vec<Child> = Vec::new();
    for (task, at) in arrivals(&workload, fixed) {
        if !at.is_zero() {
            sleep_until((recorder.begin() + real(at)).into()).await;
        }
        let role = match workload.task(task).kind {
            TaskKind::Async => Role::Arrived,
            TaskKind::Sync => Role::Handler,
        };
        children.push(spawn(&all, task, NOBODY, role));
    }
    for child in &children {
        child.over().await;
    }
}
