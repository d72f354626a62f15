//! Random bodies of tasks.
//!
//! A `print` with a unique text follows each segment, so the sequence of texts shows the complete
//! order of execution. A task refers only to tasks with greater numbers, so every program ends,
//! and a budget limits its size.

use model::workload::{
    Body, Executor, GatherMode, HandleIndex, Length, Member, Place, Resource, ResourceIndex,
    ResourceKind, Segment, SegmentId, SegmentKind, Task, TaskIndex, TaskKind, Work,
};

use super::generate::{Reach, millis};
use super::layout::BLOCK_NAME;
use super::rng::Rng;
use super::taste::{Kind, Taste};

/// The greatest cost of a task with everything that it starts, in steps.
const COST_MAX: usize = 150;
const DEPTH_MAX: usize = 3;
/// Makes the tasks of a workload, from the last to the first.
pub(super) struct TaskGenerator<'a> {
    /// Filled from the last to the first.
    pub(super) tasks: Vec<Option<Task>>,
    pub(super) costs: Vec<usize>,
    /// The blocks of `wait_for`, which follow the tasks.
    pub(super) blocks: Vec<Option<Task>>,
    pub(super) resources: &'a [Resource],
    pub(super) rng: &'a mut Rng,
    pub(super) taste: Taste,
    /// In milliseconds.
    pub(super) lengths: &'static [u64],
    pub(super) prints: usize,
    /// How often a segment is repeated, in percent.
    pub(super) burst: usize,
    pub(super) reach: Reach,
}

/// The context of a body.
struct Scope {
    task: usize,
    kind: TaskKind,
    depth: usize,
    /// The number of times that this body runs per run of the task.
    times: usize,
    /// Steps of the task so far.
    cost: usize,
    /// The names of the handles so far.
    handles: Vec<String>,
    /// The handles that are certainly bound at this point.
    bound: Vec<HandleIndex>,
}

impl TaskGenerator<'_> {
    pub(super) fn add_task(&mut self, index: usize) {
        let last = index + 1 == self.tasks.len();
        let often = match self.reach {
            Reach::OneLoop => 25,
            Reach::Everything => 60,
        };
        let sync = index > 0 && last && self.rng.chance(often);
        let kind = if sync {
            TaskKind::Sync
        } else {
            TaskKind::Async
        };
        let mut scope = Scope {
            task: index,
            kind,
            depth: 0,
            times: 1,
            // One step for the start of the task.
            cost: 1,
            handles: Vec::new(),
            bound: Vec::new(),
        };
        // The first task always runs, so its body may be longer.
        let most = if index == 0 { 8 } else { 5 };
        let body = self.body(&mut scope, most);
        self.costs[index] = scope.cost;
        self.tasks[index] = Some(Task {
            name: format!("t{index}"),
            kind,
            body,
            handles: scope.handles,
            place: Place::default(),
        });
    }

    fn body(&mut self, scope: &mut Scope, most: usize) -> Body {
        let mut body = vec![self.print(scope.task)];
        for _ in 0..self.rng.between(1, most) {
            match scope.kind {
                TaskKind::Sync => {
                    let kind = self.sync_segment(scope);
                    self.push(scope, &mut body, kind);
                }
                TaskKind::Async if self.rng.chance(self.burst) => self.burst(scope, &mut body),
                TaskKind::Async => {
                    let kind = self.segment(scope);
                    self.push(scope, &mut body, kind);
                }
            }
        }
        body
    }

    /// The same kind of segment two or three times, at once or one step apart. Corner cases come
    /// from repetitions before another task can react, e.g. two `cancel` on one handle.
    fn burst(&mut self, scope: &mut Scope, body: &mut Body) {
        let kind = self.taste.pick(self.rng, false);
        let apart = self.rng.chance(50);
        for _ in 0..self.rng.between(2, 3) {
            let segment = self.segment_of(kind, scope);
            self.push(scope, body, segment);
            if apart {
                let pause = self.rng.pick(&[Kind::Yield, Kind::Sleep]);
                let segment = self.segment_of(pause, scope);
                self.push(scope, body, segment);
            }
        }
    }

    fn push(&mut self, scope: &mut Scope, body: &mut Body, kind: SegmentKind) {
        body.push(segment(kind));
        body.push(self.print(scope.task));
        // The segment and its `print`.
        scope.cost += 2 * scope.times;
    }

    /// The body of a block. Its handles are not bound after it.
    fn block(&mut self, scope: &mut Scope) -> Body {
        let bound = scope.bound.clone();
        scope.depth += 1;
        let body = self.body(scope, 3);
        scope.depth -= 1;
        scope.bound = bound;
        body
    }

    /// A block that runs so many times.
    fn block_run(&mut self, times: usize, scope: &mut Scope) -> Body {
        scope.times *= times;
        let body = self.block(scope);
        scope.times /= times;
        body
    }

    fn print(&mut self, task: usize) -> Segment {
        self.prints += 1;
        segment(SegmentKind::Print {
            text: format!("{task}.{}", self.prints),
        })
    }

    /// One of the program's lengths, but not less than this many milliseconds.
    fn length(&mut self, least: u64) -> Length {
        if self.reach == Reach::Everything && self.rng.chance(20) {
            return self.rng.pick(&[
                Length::Uniform {
                    low: millis(0),
                    high: millis(20),
                },
                Length::Exponential { mean: millis(8) },
            ]);
        }
        let length = self.rng.pick(self.lengths);
        Length::Fixed(millis(length.max(least)))
    }

    fn sync_segment(&mut self, scope: &mut Scope) -> SegmentKind {
        match self.rng.below(8) {
            0..=2 => self.cpu(),
            3 | 4 => self.block_thread(),
            5 if scope.depth < DEPTH_MAX => self.repeat(scope),
            6 if scope.depth < DEPTH_MAX => self.attempt(scope),
            _ => self.fail(),
        }
    }

    fn segment(&mut self, scope: &mut Scope) -> SegmentKind {
        if self.reach == Reach::Everything && self.rng.chance(25) {
            return self.elsewhere(scope);
        }
        let kind = self.taste.pick(self.rng, scope.depth < DEPTH_MAX);
        self.segment_of(kind, scope)
    }

    fn segment_of(&mut self, kind: Kind, scope: &mut Scope) -> SegmentKind {
        match kind {
            Kind::Cpu => self.cpu(),
            Kind::Block => self.block_thread(),
            Kind::Sleep => self.sleep(),
            Kind::Yield => SegmentKind::Yield,
            Kind::Call => self.call(scope),
            Kind::Spawn => self.spawn(scope),
            Kind::Wait => self.with_handle(scope, |handle| SegmentKind::Wait { handle }),
            Kind::Cancel => self.with_handle(scope, |handle| SegmentKind::Cancel { handle }),
            Kind::Gather => self.gather(scope),
            Kind::AsCompleted => self.as_completed(scope),
            Kind::Shield => self.shield(scope),
            Kind::WaitFor => self.wait_for(scope),
            Kind::Limit => self.limit(scope),
            Kind::Respond => SegmentKind::Respond,
            // A failure outside a block ends the task, so the rest of its body would never run.
            Kind::Fail if scope.depth == 0 && self.rng.chance(60) => self.sleep(),
            Kind::Fail => self.fail(),
            Kind::Put => self.with_resource(is_queue, |queue| SegmentKind::Put { queue }),
            Kind::Get => self.with_resource(is_queue, |queue| SegmentKind::Get { queue }),
            Kind::Shutdown => self.with_resource(is_queue, |queue| SegmentKind::Shutdown { queue }),
            Kind::Acquire => {
                self.with_resource(is_lockable, |resource| SegmentKind::Acquire { resource })
            }
            Kind::Release => self.release(),
            Kind::Set => self.with_resource(is_event, |event| SegmentKind::SetEvent { event }),
            Kind::Clear => self.with_resource(is_event, |event| SegmentKind::ClearEvent { event }),
            Kind::WaitEvent => {
                self.with_resource(is_event, |event| SegmentKind::WaitEvent { event })
            }
            Kind::WaitCondition => self.with_resource(is_condition, |condition| {
                SegmentKind::WaitCondition { condition }
            }),
            Kind::Notify => {
                let count = self.rng.pick(&[1, 1, 2]);
                self.with_resource(is_condition, |condition| SegmentKind::Notify {
                    condition,
                    count,
                })
            }
            Kind::Group => self.group(scope),
            Kind::With => self.with(scope),
            Kind::Timeout => self.timeout(scope),
            Kind::Attempt => self.attempt(scope),
            Kind::Repeat => self.repeat(scope),
            Kind::Forever => self.forever(scope),
        }
    }

    /// Releases a semaphore, or sometimes any lock. Releasing a free lock is an error; releasing a
    /// semaphore adds a permit.
    fn release(&mut self) -> SegmentKind {
        // A failed release ends the task, so it should be rare.
        let wrong = self.rng.chance(30);
        let fits = move |kind| is_semaphore(kind) || wrong && is_lockable(kind);
        self.with_resource(fits, |resource| SegmentKind::Release { resource })
    }

    /// Work for a thread, a process or the job queue.
    fn elsewhere(&mut self, scope: &mut Scope) -> SegmentKind {
        let task = self.later_task(scope, 1, Some(TaskKind::Sync));
        if let Some(task) = task
            && self.rng.chance(40)
        {
            let handle = Some(self.handle(scope, task));
            return SegmentKind::Send { task, handle };
        }
        let to = self.rng.pick(&[
            Executor::Pool,
            Executor::Pool,
            Executor::Own,
            Executor::Process,
        ]);
        let work = match task {
            Some(task) => Work::Task(task),
            None => Work::Body(vec![
                segment(self.cpu()),
                segment(self.block_thread()),
                segment(self.cpu()),
            ]),
        };
        SegmentKind::Offload { to, work }
    }

    fn cpu(&mut self) -> SegmentKind {
        SegmentKind::Cpu {
            length: self.length(0),
            label: None,
        }
    }

    fn block_thread(&mut self) -> SegmentKind {
        SegmentKind::Block {
            length: self.length(1),
            label: None,
        }
    }

    fn sleep(&mut self) -> SegmentKind {
        SegmentKind::Await {
            length: self.length(0),
            label: None,
        }
    }

    fn fail(&mut self) -> SegmentKind {
        SegmentKind::Fail {
            text: "broken".to_owned(),
        }
    }

    /// A later task that fits into the budget `count` times.
    fn later_task(
        &mut self,
        scope: &mut Scope,
        count: usize,
        kind: Option<TaskKind>,
    ) -> Option<TaskIndex> {
        let first = scope.task + 1;
        if first >= self.tasks.len() {
            return None;
        }
        let index = self.rng.between(first, self.tasks.len() - 1);
        let fits_kind = kind.is_none_or(|kind| {
            self.tasks[index]
                .as_ref()
                .is_some_and(|task| task.kind == kind)
        });
        // Without this budget, calls in nested `repeat` blocks would multiply.
        let cost = self.costs[index] * count * scope.times;
        if !fits_kind || scope.cost + cost > COST_MAX {
            return None;
        }
        scope.cost += cost;
        Some(TaskIndex(index as u32))
    }

    fn call(&mut self, scope: &mut Scope) -> SegmentKind {
        match self.later_task(scope, 1, None) {
            Some(task) => SegmentKind::Call { task },
            None => self.sleep(),
        }
    }

    fn spawn(&mut self, scope: &mut Scope) -> SegmentKind {
        let Some(task) = self.later_task(scope, 1, Some(TaskKind::Async)) else {
            return SegmentKind::Yield;
        };
        let handle = Some(self.handle(scope, task));
        SegmentKind::Spawn { task, handle }
    }

    /// A new handle, one that is assigned again, or one with the name of the task.
    fn handle(&mut self, scope: &mut Scope, task: TaskIndex) -> HandleIndex {
        let name = match self.rng.below(10) {
            0 | 1 => format!("t{}", task.0),
            2 if !scope.handles.is_empty() => {
                scope.handles[self.rng.below(scope.handles.len())].clone()
            }
            _ => format!("h{}", scope.handles.len()),
        };
        let known = scope.handles.iter().position(|handle| *handle == name);
        let index = known.unwrap_or(scope.handles.len());
        if known.is_none() {
            scope.handles.push(name);
        }
        let handle = HandleIndex(index as u16);
        scope.bound.push(handle);
        handle
    }

    fn with_handle(
        &mut self,
        scope: &Scope,
        make: impl Fn(HandleIndex) -> SegmentKind,
    ) -> SegmentKind {
        if !scope.handles.is_empty() && self.rng.chance(3) {
            // This handle may be unbound, which is an error at run time.
            return make(HandleIndex(self.rng.below(scope.handles.len()) as u16));
        }
        if scope.bound.is_empty() {
            return self.sleep();
        }
        make(scope.bound[self.rng.below(scope.bound.len())])
    }

    fn members(&mut self, scope: &mut Scope) -> Vec<Member> {
        let mut members = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            let count = self.rng.pick(&[1, 1, 2]);
            if let Some(task) = self.later_task(scope, count, Some(TaskKind::Async)) {
                members.push(Member {
                    count: count as u64,
                    task,
                });
            }
        }
        members
    }

    fn gather(&mut self, scope: &mut Scope) -> SegmentKind {
        let members = self.members(scope);
        if members.is_empty() {
            return self.sleep();
        }
        let mode = self.rng.pick(&[
            GatherMode::Raise,
            GatherMode::Raise,
            GatherMode::Collect,
            GatherMode::First,
            GatherMode::First,
        ]);
        SegmentKind::Gather { members, mode }
    }

    fn as_completed(&mut self, scope: &mut Scope) -> SegmentKind {
        let members = self.members(scope);
        if members.is_empty() {
            return self.sleep();
        }
        let count: u64 = members.iter().map(|member| member.count).sum();
        let body = self.block_run(count as usize, scope);
        SegmentKind::AsCompleted { members, body }
    }

    fn shield(&mut self, scope: &mut Scope) -> SegmentKind {
        match self.later_task(scope, 1, Some(TaskKind::Async)) {
            Some(task) => SegmentKind::Shield { task },
            None => self.cpu(),
        }
    }

    fn wait_for(&mut self, scope: &mut Scope) -> SegmentKind {
        let after = self.length(0);
        match self.later_task(scope, 1, Some(TaskKind::Async)) {
            Some(task) => SegmentKind::WaitFor {
                after,
                task,
                is_block: false,
                otherwise: None,
            },
            None => self.cpu(),
        }
    }

    /// A `wait_for` with a block, which has handles of its own.
    fn limit(&mut self, scope: &mut Scope) -> SegmentKind {
        let after = self.length(0);
        let number = self.blocks.len();
        self.blocks.push(None);
        let mut inner = Scope {
            task: scope.task,
            kind: TaskKind::Async,
            depth: scope.depth + 1,
            times: scope.times,
            cost: scope.cost,
            handles: Vec::new(),
            bound: Vec::new(),
        };
        let body = self.body(&mut inner, 3);
        scope.cost = inner.cost;
        self.blocks[number] = Some(Task {
            // Laying out gives it its own name.
            name: BLOCK_NAME.to_owned(),
            kind: TaskKind::Async,
            body,
            handles: inner.handles,
            place: Place::default(),
        });
        SegmentKind::WaitFor {
            after,
            task: TaskIndex((self.tasks.len() + number) as u32),
            is_block: true,
            otherwise: self.rng.chance(60).then(|| self.block(scope)),
        }
    }

    /// A segment with a random resource that fits, or a sleep if there is none.
    fn with_resource(
        &mut self,
        fits: impl Fn(ResourceKind) -> bool,
        make: impl FnOnce(ResourceIndex) -> SegmentKind,
    ) -> SegmentKind {
        match self.resource(fits) {
            Some(resource) => make(resource),
            None => self.sleep(),
        }
    }

    fn resource(&mut self, fits: impl Fn(ResourceKind) -> bool) -> Option<ResourceIndex> {
        let fitting: Vec<u32> = (0..)
            .zip(self.resources)
            .filter(|(_, resource)| fits(resource.kind))
            .map(|(index, _)| index)
            .collect();
        (!fitting.is_empty()).then(|| ResourceIndex(self.rng.pick(&fitting)))
    }

    fn group(&mut self, scope: &mut Scope) -> SegmentKind {
        let mut body = Body::new();
        // A group without spawned tasks tests nothing.
        for _ in 0..self.rng.below(3) {
            body.push(segment(self.spawn(scope)));
            body.push(self.print(scope.task));
        }
        body.extend(self.block(scope));
        SegmentKind::Group { body }
    }

    /// A `with`. Inside `with c:` for a condition, it also waits or notifies.
    fn with(&mut self, scope: &mut Scope) -> SegmentKind {
        let Some(resource) = self.resource(is_lockable) else {
            return self.sleep();
        };
        let mut body = self.block(scope);
        let condition = self.resources[resource.0 as usize].kind == ResourceKind::Condition;
        if condition {
            let kind = if self.rng.chance(50) {
                SegmentKind::WaitCondition {
                    condition: resource,
                }
            } else {
                SegmentKind::Notify {
                    condition: resource,
                    count: self.rng.pick(&[1, 2]),
                }
            };
            body.push(segment(kind));
            body.push(self.print(scope.task));
        }
        SegmentKind::With { resource, body }
    }

    fn timeout(&mut self, scope: &mut Scope) -> SegmentKind {
        let after = self.length(0);
        let body = self.block(scope);
        let otherwise = self.rng.chance(60).then(|| self.block(scope));
        SegmentKind::Timeout {
            after,
            body,
            otherwise,
        }
    }

    fn attempt(&mut self, scope: &mut Scope) -> SegmentKind {
        let body = self.block(scope);
        let (except, finally) =
            self.rng
                .pick(&[(true, false), (false, true), (false, true), (true, true)]);
        SegmentKind::Try {
            body,
            except: except.then(|| self.block(scope)),
            finally: finally.then(|| self.cleanup(scope)),
        }
    }

    /// A `finally` clause, which takes time and sometimes fails.
    fn cleanup(&mut self, scope: &mut Scope) -> Body {
        let mut body = self.block(scope);
        if self.rng.chance(20) {
            body.push(segment(self.fail()));
        }
        body
    }

    fn repeat(&mut self, scope: &mut Scope) -> SegmentKind {
        let times = self.rng.between(2, 3);
        let body = self.block_run(times, scope);
        SegmentKind::Repeat {
            times: times as u64,
            body,
        }
    }

    /// An endless loop in a `timeout`. Each round awaits, because a loop without time never ends.
    fn forever(&mut self, scope: &mut Scope) -> SegmentKind {
        let turn = vec![
            segment(SegmentKind::Await {
                length: self.length(1),
                label: None,
            }),
            self.print(scope.task),
        ];
        let body = vec![segment(SegmentKind::Forever { body: turn })];
        let otherwise = self.rng.chance(80).then(|| self.block(scope));
        SegmentKind::Timeout {
            after: self.length(1),
            body,
            otherwise,
        }
    }
}

fn is_queue(kind: ResourceKind) -> bool {
    matches!(kind, ResourceKind::Queue { .. })
}

fn is_semaphore(kind: ResourceKind) -> bool {
    matches!(kind, ResourceKind::Semaphore { .. })
}

fn is_event(kind: ResourceKind) -> bool {
    kind == ResourceKind::Event
}

fn is_condition(kind: ResourceKind) -> bool {
    kind == ResourceKind::Condition
}

fn is_lockable(kind: ResourceKind) -> bool {
    is_semaphore(kind) || is_condition(kind) || kind == ResourceKind::Lock
}

/// A segment without a number; `lay_out` numbers it.
fn segment(kind: SegmentKind) -> Segment {
    Segment {
        id: SegmentId(0),
        kind,
    }
}
