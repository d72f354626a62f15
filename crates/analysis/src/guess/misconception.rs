//! Misconceptions: machines that do not exist but that readers imagine.
//!
//! Each one is a change of the workload, which is simulated like any other.

use super::{Answer, Question, key};
use model::workload::{
    Body, Executor, GatherMode, Gil, Member, ResourceKind, Segment, SegmentKind, TaskKind, Work,
    Workload,
};

/// A misconception, recognised by the answer it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Misconception {
    /// `time.sleep` in a coroutine lets other tasks run.
    BlockingFrees,
    /// Two coroutines compute at the same time.
    LoopHeldTwice,
    /// Awaiting holds the loop, as blocking does.
    AwaitingHolds,
    /// The pool has a thread for every request.
    UnlimitedPool,
    /// The semaphore admits every task.
    UnlimitedPermits,
    /// Threads compute at the same time, despite the GIL.
    ThreadsCompute,
    /// There is a core for every process.
    UnlimitedCores,
    /// `gather` runs its members sequentially.
    GatherInARow,
    /// Consecutive calls run concurrently.
    CallsTogether,
    /// Everything runs sequentially.
    AddedUp,
}

/// More than any exercise needs.
const PLENTY: u32 = 1_000;

impl Misconception {
    /// The specific ones before the general ones, the order in which they are reported.
    pub const ALL: [Self; 10] = [
        Self::BlockingFrees,
        Self::LoopHeldTwice,
        Self::UnlimitedPool,
        Self::UnlimitedPermits,
        Self::UnlimitedCores,
        Self::ThreadsCompute,
        Self::GatherInARow,
        Self::CallsTogether,
        Self::AwaitingHolds,
        Self::AddedUp,
    ];

    /// The name in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::BlockingFrees => "blocking_frees",
            Self::LoopHeldTwice => "loop_held_twice",
            Self::AwaitingHolds => "awaiting_holds",
            Self::UnlimitedPool => "unlimited_pool",
            Self::UnlimitedPermits => "unlimited_permits",
            Self::ThreadsCompute => "threads_compute",
            Self::UnlimitedCores => "unlimited_cores",
            Self::GatherInARow => "gather_in_a_row",
            Self::CallsTogether => "calls_together",
            Self::AddedUp => "added_up",
        }
    }

    /// The answer on this machine; `None` if the run would not reach its end.
    pub fn answer(self, workload: &Workload, question: Question) -> Option<Answer> {
        key(&self.machine(workload), question)
    }

    fn machine(self, workload: &Workload) -> Workload {
        let mut changed = workload.clone();
        // The expectations are about the real machine.
        changed.expectations.clear();
        match self {
            Self::BlockingFrees => on_loop(&mut changed, &mut |kind| {
                if let SegmentKind::Block { length, label } = kind {
                    *kind = SegmentKind::Await {
                        length: *length,
                        label: label.take(),
                    };
                }
            }),
            Self::LoopHeldTwice => on_loop(&mut changed, &mut |kind| {
                if let SegmentKind::Block { length, label } | SegmentKind::Cpu { length, label } =
                    kind
                {
                    *kind = SegmentKind::Await {
                        length: *length,
                        label: label.take(),
                    };
                }
            }),
            Self::AwaitingHolds => on_loop(&mut changed, &mut hold),
            Self::UnlimitedPool => {
                changed.machine.pool = PLENTY;
                changed.machine.executor = Some(PLENTY);
                changed.machine.processes = Some(PLENTY);
                changed.machine.jobs = PLENTY;
            }
            Self::UnlimitedPermits => {
                for resource in &mut changed.resources {
                    match &mut resource.kind {
                        ResourceKind::Semaphore { permits }
                        | ResourceKind::Pool { permits, .. } => *permits = PLENTY,
                        kind @ ResourceKind::Lock => {
                            *kind = ResourceKind::Semaphore { permits: PLENTY };
                        }
                        _ => {}
                    }
                }
            }
            Self::ThreadsCompute => {
                // Plenty of cores, too, or they would limit the threads instead of the GIL.
                changed.machine.gil = Gil::Off;
                changed.machine.cores = PLENTY;
            }
            Self::UnlimitedCores => {
                // The default is one worker for each core; only the cores shall be plenty.
                let workers = changed.machine.process_workers();
                changed.machine.processes = Some(workers);
                changed.machine.cores = PLENTY;
            }
            Self::GatherInARow => {
                for task in &mut changed.tasks {
                    in_a_row(&mut task.body);
                }
            }
            Self::CallsTogether => together(&mut changed),
            Self::AddedUp => {
                on_loop(&mut changed, &mut hold);
                for task in &mut changed.tasks {
                    in_a_row(&mut task.body);
                }
                changed.machine.pool = 1;
                changed.machine.executor = Some(1);
                changed.machine.processes = Some(1);
                changed.machine.jobs = 1;
                // Offloaded work delays its task's loop, too.
                for task in &mut changed.tasks {
                    inline(&mut task.body);
                }
            }
        }
        changed
    }
}

/// Turns `await` into `block`, which holds the loop.
fn hold(kind: &mut SegmentKind) {
    if let SegmentKind::Await { length, label } = kind {
        *kind = SegmentKind::Block {
            length: *length,
            label: label.take(),
        };
    }
}

/// Changes every segment that runs on an event loop.
fn on_loop(workload: &mut Workload, change: &mut dyn FnMut(&mut SegmentKind)) {
    let tasks = workload.tasks.iter_mut();
    for task in tasks.filter(|task| task.kind == TaskKind::Async) {
        each_on_loop(&mut task.body, change);
    }
}

fn each_on_loop(body: &mut Body, change: &mut dyn FnMut(&mut SegmentKind)) {
    for segment in body {
        change(&mut segment.kind);
        if !matches!(segment.kind, SegmentKind::Offload { .. }) {
            segment
                .kind
                .bodies_mut()
                .for_each(|body| each_on_loop(body, change));
        }
    }
}

/// Replaces everything that starts tasks by calls: `gather a, b` → `call a -> call b`.
fn in_a_row(body: &mut Body) {
    let mut row = Body::new();
    for mut segment in std::mem::take(body) {
        segment.kind.bodies_mut().for_each(in_a_row);
        let id = segment.id;
        match segment.kind {
            SegmentKind::Gather { members, mode } if mode != GatherMode::First => {
                row.extend(members.iter().map(|member| {
                    let call = SegmentKind::Call { task: member.task };
                    let body = vec![Segment { id, kind: call }];
                    let times = member.count;
                    Segment {
                        id,
                        kind: SegmentKind::Repeat { times, body },
                    }
                }));
            }
            SegmentKind::Spawn { task, .. } => row.push(Segment {
                id,
                kind: SegmentKind::Call { task },
            }),
            // Calls have no handles, and their tasks have ended here.
            SegmentKind::Wait { .. } | SegmentKind::Cancel { .. } => {}
            SegmentKind::Group { body } => row.extend(body),
            kind => row.push(Segment { id, kind }),
        }
    }
    *body = row;
}

/// Moves offloaded work back onto its task, e.g. `thread f` → `call f`.
fn inline(body: &mut Body) {
    for segment in body {
        segment.kind.bodies_mut().for_each(inline);
        if let SegmentKind::Offload { work, to } = &segment.kind {
            let task = match work {
                Work::Task(task) => Some(*task),
                Work::Body(_) => None,
            };
            if let (Some(task), Executor::Pool | Executor::Own | Executor::Process) = (task, *to) {
                segment.kind = SegmentKind::Call { task };
            } else if let SegmentKind::Offload {
                work: Work::Body(body),
                ..
            } = &mut segment.kind
            {
                let body = std::mem::take(body);
                // A block that runs once.
                segment.kind = SegmentKind::Repeat { times: 1, body };
            }
        }
    }
}

/// Turns consecutive calls of coroutines into one `gather`.
fn together(workload: &mut Workload) {
    let is_async: Vec<bool> = workload
        .tasks
        .iter()
        .map(|task| task.kind == TaskKind::Async)
        .collect();
    for task in &mut workload.tasks {
        gather_calls(&mut task.body, &is_async);
    }
}

fn gather_calls(body: &mut Body, is_async: &[bool]) {
    let mut result = Body::new();
    for mut segment in std::mem::take(body) {
        segment
            .kind
            .bodies_mut()
            .for_each(|body| gather_calls(body, is_async));
        let SegmentKind::Call { task } = segment.kind else {
            result.push(segment);
            continue;
        };
        // `gather` takes only coroutines.
        if !is_async[task.0 as usize] {
            result.push(segment);
            continue;
        }
        let member = Member { count: 1, task };
        match result.last_mut().map(|last| &mut last.kind) {
            Some(SegmentKind::Gather { members, mode }) if *mode != GatherMode::First => {
                members.push(member);
            }
            _ => result.push(Segment {
                id: segment.id,
                kind: SegmentKind::Gather {
                    members: vec![member],
                    mode: GatherMode::Raise,
                },
            }),
        }
    }
    *body = result;
}
