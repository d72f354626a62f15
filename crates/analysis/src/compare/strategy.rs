//! Strategies: the ways to run the work of a request, and the workload rewritten for each.
//!
//! Lengths of `cpu`, `await` and `block` stay the same; only the place of execution changes.
//! Tasks that a script sends as jobs stay jobs.
//!
//! # What this leaves out
//!
//! - Whether an async library exists, and whether the data can be pickled.
//! - The time limit of a pool's permit, where awaiting makes a semaphore of the pool.

use model::workload::{
    Body, Executor, Gil, Place, ResourceKind, Segment, SegmentId, SegmentKind, Task, TaskIndex,
    TaskKind, Work, Workload,
};

/// A strategy to run the work of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    AsWritten,
    /// `async def`: everything slow is awaited.
    Awaiting,
    /// `async def`: everything slow blocks the loop.
    OnLoop,
    /// `def` handlers on the thread pool, or `run_in_threadpool` where a body needs the loop.
    Pool,
    /// `asyncio.to_thread`.
    Executor,
    /// Awaited, with the computations in the process pool.
    Process,
    /// Sent to the job queue; the request responds immediately.
    Jobs,
    /// Like [`Strategy::Pool`], on a Python without a GIL.
    FreeThreaded,
}

impl Strategy {
    pub const ALL: [Self; 8] = [
        Self::AsWritten,
        Self::Awaiting,
        Self::OnLoop,
        Self::Pool,
        Self::Executor,
        Self::Process,
        Self::Jobs,
        Self::FreeThreaded,
    ];

    /// The name in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::AsWritten => "as_written",
            Self::Awaiting => "awaiting",
            Self::OnLoop => "on_loop",
            Self::Pool => "pool",
            Self::Executor => "executor",
            Self::Process => "process",
            Self::Jobs => "jobs",
            Self::FreeThreaded => "free_threaded",
        }
    }

    /// Rewrites the workload for this strategy. `None` if that is impossible: a job cannot
    /// spawn, gather, wait for other tasks, or use a pool, and a coroutine that holds a permit of a
    /// pool while its work is on a thread would block its loop.
    pub fn apply(self, workload: &Workload) -> Option<Workload> {
        let mut moved = Moving::new(workload);
        match self {
            Self::AsWritten => {}
            Self::Awaiting => {
                moved.pools_to_semaphores();
                moved.on_loop(Slow::Awaited, None);
            }
            Self::OnLoop => moved.on_loop(Slow::Blocking, None),
            Self::Pool => moved.move_to_pool(),
            Self::Executor => moved.on_loop(Slow::Blocking, Some(Group::All(Executor::Own))),
            Self::Process => {
                moved.pools_to_semaphores();
                moved.on_loop(Slow::Awaited, Some(Group::Cpu));
            }
            Self::Jobs => {
                if !moved.all_threadable() || moved.has_pools() {
                    return None;
                }
                moved.move_to_jobs();
            }
            Self::FreeThreaded => {
                moved.move_to_pool();
                moved.workload.machine.gil = Gil::Off;
            }
        }
        let offloads = matches!(self, Self::Pool | Self::Executor | Self::FreeThreaded);
        if offloads && moved.holds_pools_on_loop() {
            return None;
        }
        // The expectations are about the script as written.
        if self != Self::AsWritten {
            moved.workload.expectations.clear();
        }
        Some(moved.workload)
    }
}

/// How the rewritten workload waits for I/O.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slow {
    Awaited,
    Blocking,
}

/// The work that is moved off the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// Consecutive segments, together in one offload.
    All(Executor),
    /// Only computations, to a process.
    Cpu,
}

struct Moving {
    workload: Workload,
    /// Tasks that are not changed: jobs and the tasks that they call.
    kept: Vec<bool>,
}

impl Moving {
    fn new(workload: &Workload) -> Self {
        let mut kept = vec![false; workload.tasks.len()];
        let mut open = Vec::new();
        for task in &workload.tasks {
            each(&task.body, &mut |segment| {
                if let SegmentKind::Send { task, .. } = segment.kind {
                    open.push(task);
                }
            });
        }
        // Marks each task before its calls are followed, since calls may be recursive.
        while let Some(task) = open.pop() {
            if !std::mem::replace(&mut kept[task.0 as usize], true) {
                each(&workload.task(task).body, &mut |segment| {
                    if let SegmentKind::Call { task } = segment.kind {
                        open.push(task);
                    }
                });
            }
        }
        Self {
            workload: workload.clone(),
            kept,
        }
    }

    /// Turns every task into a coroutine.
    fn on_loop(&mut self, slow: Slow, group: Option<Group>) {
        for index in 0..self.workload.tasks.len() {
            if self.kept[index] {
                continue;
            }
            let body = std::mem::take(&mut self.workload.tasks[index].body);
            let body = self.inline(body, slow);
            let body = match group {
                Some(group) => self.hand_over(body, group),
                None => body,
            };
            let task = &mut self.workload.tasks[index];
            task.body = body;
            task.kind = TaskKind::Async;
        }
    }

    fn move_to_pool(&mut self) {
        if !self.all_threadable() {
            // Some body needs the loop, so the handlers stay coroutines and offload the rest.
            return self.on_loop(Slow::Blocking, Some(Group::All(Executor::Pool)));
        }
        for index in 0..self.workload.tasks.len() {
            let body = std::mem::take(&mut self.workload.tasks[index].body);
            let body = self.inline(body, Slow::Blocking);
            self.workload.tasks[index].body = body;
            self.workload.tasks[index].kind = TaskKind::Sync;
        }
    }

    /// Replaces the body of each request by a `send` of that body.
    fn move_to_jobs(&mut self) {
        self.move_to_pool();
        for index in 0..self.workload.runs.len() {
            let job = self.workload.runs[index].task;
            let place = self.workload.task(job).place;
            let id = self.new_id(place);
            let sender = Task {
                // So that results name the task of the script.
                name: self.workload.task(job).name.clone(),
                kind: TaskKind::Async,
                body: vec![Segment {
                    id,
                    kind: SegmentKind::Send {
                        task: job,
                        handle: None,
                    },
                }],
                handles: Vec::new(),
                place,
            };
            self.workload.runs[index].task = TaskIndex(self.workload.tasks.len() as u32);
            self.workload.tasks.push(sender);
        }
    }

    fn all_threadable(&self) -> bool {
        let mut tasks = self.workload.tasks.iter();
        tasks.all(|task| self.is_threadable(&task.body))
    }

    /// Whether a thread could run the whole body after [`Moving::inline`].
    fn is_threadable(&self, body: &Body) -> bool {
        body.iter().all(|segment| {
            let able = matches!(
                segment.kind,
                SegmentKind::Cpu { .. }
                    | SegmentKind::Await { .. }
                    | SegmentKind::Block { .. }
                    | SegmentKind::Call { .. }
                    | SegmentKind::Offload { .. }
                    | SegmentKind::Print { .. }
                    | SegmentKind::Try { .. }
                    | SegmentKind::Fail { .. }
                    | SegmentKind::Repeat { .. }
            );
            (able || self.takes_from_a_pool(segment))
                && segment.kind.bodies().all(|body| self.is_threadable(body))
        })
    }

    fn takes_from_a_pool(&self, segment: &Segment) -> bool {
        let (SegmentKind::With { resource, .. }
        | SegmentKind::Acquire { resource }
        | SegmentKind::Release { resource }) = segment.kind
        else {
            return false;
        };
        let kind = self.workload.resource(resource).kind;
        matches!(kind, ResourceKind::Pool { .. })
    }

    fn has_pools(&self) -> bool {
        let mut resources = self.workload.resources.iter();
        resources.any(|resource| matches!(resource.kind, ResourceKind::Pool { .. }))
    }

    /// Coroutines await the connections of an asynchronous driver.
    fn pools_to_semaphores(&mut self) {
        for resource in &mut self.workload.resources {
            if let ResourceKind::Pool { permits, .. } = resource.kind {
                resource.kind = ResourceKind::Semaphore { permits };
            }
        }
    }

    /// Whether a coroutine takes a permit of a pool outside of its offloads.
    fn holds_pools_on_loop(&self) -> bool {
        fn holds(moving: &Moving, body: &Body) -> bool {
            body.iter().any(|segment| {
                let is_elsewhere = matches!(segment.kind, SegmentKind::Offload { .. });
                let within = |body| holds(moving, body);
                moving.takes_from_a_pool(segment)
                    || !is_elsewhere && segment.kind.bodies().any(within)
            })
        }
        let mut tasks = self.workload.tasks.iter();
        tasks.any(|task| task.kind == TaskKind::Async && holds(self, &task.body))
    }

    /// Whether [`Group::All`] moves the segment: work, and what holds a permit of a pool around it.
    fn goes_to_a_thread(&self, segment: &Segment) -> bool {
        match &segment.kind {
            SegmentKind::Cpu { .. } | SegmentKind::Block { .. } => true,
            _ => {
                self.takes_from_a_pool(segment)
                    && segment
                        .kind
                        .bodies()
                        .all(|body| body.iter().all(|segment| self.goes_to_a_thread(segment)))
            }
        }
    }

    /// Undoes all offloads and turns all waiting for I/O into one kind, e.g. `thread (block 1)`
    /// → `await 1`.
    fn inline(&self, body: Body, slow: Slow) -> Body {
        let mut moved = Body::new();
        for Segment { id, mut kind } in body {
            kind = match kind {
                SegmentKind::Await { length, label } if slow == Slow::Blocking => {
                    SegmentKind::Block { length, label }
                }
                SegmentKind::Block { length, label } if slow == Slow::Awaited => {
                    SegmentKind::Await { length, label }
                }
                SegmentKind::Offload {
                    work: Work::Task(task),
                    ..
                } => SegmentKind::Call { task },
                SegmentKind::Offload {
                    work: Work::Body(body),
                    ..
                } => {
                    // The segments of the block take its place.
                    moved.extend(self.inline(body, slow));
                    continue;
                }
                kind => kind,
            };
            for body in kind.bodies_mut() {
                *body = self.inline(std::mem::take(body), slow);
            }
            moved.push(Segment { id, kind });
        }
        moved
    }

    /// Moves consecutive segments of the group into offloads.
    fn hand_over(&mut self, body: Body, group: Group) -> Body {
        let mut moved = Body::new();
        let mut row = Body::new();
        for mut segment in body {
            let goes = match group {
                Group::All(_) => self.goes_to_a_thread(&segment),
                Group::Cpu => matches!(segment.kind, SegmentKind::Cpu { .. }),
            };
            if goes {
                row.push(segment);
                continue;
            }
            self.end_row(&mut row, group, &mut moved);
            for body in segment.kind.bodies_mut() {
                *body = self.hand_over(std::mem::take(body), group);
            }
            moved.push(segment);
        }
        self.end_row(&mut row, group, &mut moved);
        moved
    }

    /// Ends a sequence of segments: moves it into one offload.
    fn end_row(&mut self, row: &mut Body, group: Group, moved: &mut Body) {
        let Some(first) = row.first() else { return };
        let place = self.workload.place(first.id);
        let id = self.new_id(place);
        let to = match group {
            Group::All(to) => to,
            Group::Cpu => Executor::Process,
        };
        moved.push(Segment {
            id,
            kind: SegmentKind::Offload {
                to,
                work: Work::Body(std::mem::take(row)),
            },
        });
    }

    /// A new segment at the position of an existing one, so that results point to its line.
    fn new_id(&mut self, place: Place) -> SegmentId {
        self.workload.places.push(place);
        SegmentId(self.workload.places.len() as u32 - 1)
    }
}

fn each<'b>(body: &'b Body, visit: &mut impl FnMut(&'b Segment)) {
    for segment in body {
        visit(segment);
        for body in segment.kind.bodies() {
            each(body, visit);
        }
    }
}
