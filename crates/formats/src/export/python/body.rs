//! The segments of a task as Python statements.
//!
//! Imports and helpers are left to the exporters; [`Needs`] tells them which ones are used.

use std::collections::BTreeSet;

use crate::export::python::names::Names;
use crate::export::python::nesting::{Apart, FINALLY};
use crate::export::python::text::{Text, quoted, seconds};
use model::workload::{
    Body, Executor, GatherErrors, HandleIndex, Length, Member, Segment, SegmentId, SegmentKind,
    TaskIndex, TaskKind, Work, Workload,
};

/// The helpers and imports that the statements written so far use.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub(crate) burn: bool,
    pub(crate) sleep: bool,
    pub(crate) random: bool,
    pub(crate) respond: bool,
    pub(crate) threadpool: bool,
    pub(crate) executor: bool,
    pub(crate) processes: bool,
    pub(crate) jobs: bool,
    /// The program has a web framework with its own worker threads.
    pub(crate) framework: bool,
    /// Jobs go to Celery; otherwise to a process pool in its place.
    pub(crate) celery: bool,
    /// A task waits for the result of a Celery job.
    pub(crate) results: bool,
    /// A handler works after its response.
    pub(crate) background: bool,
}

/// The writer of a program's functions.
#[derive(Debug)]
pub(crate) struct Functions<'a> {
    workload: &'a Workload,
    pub(crate) names: Names,
    pub(crate) needs: Needs,
    /// Tasks that are handlers of a web framework.
    pub(crate) routes: BTreeSet<TaskIndex>,
    /// Functions for the bodies of offloads; they come before the task that uses them.
    hoisted: Text,
    /// The name, the task and the segment of each function that is a part of a task.
    pub(crate) parts: Vec<(String, TaskIndex, SegmentId)>,
    /// The nested functions of the current function.
    pub(super) apart: Apart,
    /// The handles that the current task waits for or cancels.
    awaited: BTreeSet<HandleIndex>,
    /// The handles of the current task that only `send` assigns.
    sent: BTreeSet<HandleIndex>,
}

/// The context of a segment, which decides how it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// The owner of the handles.
    pub(super) task: TaskIndex,
    /// The number of `group:` blocks around the segment in its body.
    pub(super) groups: usize,
    /// The number of CPython's blocks that are open in this function.
    pub(super) blocks: usize,
    /// Whether this function is a coroutine.
    pub(super) is_async: bool,
}

impl Scope {
    /// The scope inside this many more of CPython's blocks.
    fn inside(self, blocks: usize) -> Self {
        Self {
            blocks: self.blocks + blocks,
            ..self
        }
    }
}

static NOTHING: Body = Body::new();

/// Collects the handles that a body waits for or cancels.
fn awaited(body: &Body, found: &mut BTreeSet<HandleIndex>) {
    for segment in body {
        match segment.kind {
            SegmentKind::Wait { handle } | SegmentKind::Cancel { handle } => {
                found.insert(handle);
            }
            _ => {}
        }
        for inner in segment.kind.bodies() {
            awaited(inner, found);
        }
    }
}

/// Collects the handles that a body assigns by `send` and by `spawn`.
pub(super) fn assigned(
    body: &Body,
    sent: &mut BTreeSet<HandleIndex>,
    spawned: &mut BTreeSet<HandleIndex>,
) {
    for segment in body {
        match segment.kind {
            SegmentKind::Send { handle, .. } => sent.extend(handle),
            SegmentKind::Spawn { handle, .. } => spawned.extend(handle),
            _ => {}
        }
        for inner in segment.kind.bodies() {
            assigned(inner, sent, spawned);
        }
    }
}

fn only_sent(body: &Body) -> BTreeSet<HandleIndex> {
    let (mut sent, mut spawned) = (BTreeSet::new(), BTreeSet::new());
    assigned(body, &mut sent, &mut spawned);
    &sent - &spawned
}

/// The index of the `respond` at the top level of a body.
fn response(body: &Body) -> Option<usize> {
    body.iter()
        .position(|segment| segment.kind == SegmentKind::Respond)
}

fn names_task(kind: &SegmentKind, task: TaskIndex) -> bool {
    match kind {
        SegmentKind::Call { task: named }
        | SegmentKind::Spawn { task: named, .. }
        | SegmentKind::Shield { task: named }
        | SegmentKind::Send { task: named, .. }
        | SegmentKind::Offload {
            work: Work::Task(named),
            ..
        } => *named == task,
        SegmentKind::Gather { members, .. } => members.iter().any(|member| member.task == task),
        _ => false,
    }
}

impl<'a> Functions<'a> {
    pub(crate) fn of(workload: &'a Workload, reserved: &[&str]) -> Self {
        Self {
            workload,
            names: Names::of(workload, reserved),
            routes: BTreeSet::new(),
            needs: Needs::default(),
            hoisted: Text::default(),
            parts: Vec::new(),
            apart: Apart::default(),
            awaited: BTreeSet::new(),
            sent: BTreeSet::new(),
        }
    }

    pub(crate) fn workload(&self) -> &'a Workload {
        self.workload
    }

    /// The definition of a task, after the functions that only it uses.
    pub(crate) fn task(&mut self, index: TaskIndex) -> Text {
        let workload = self.workload;
        let task = workload.task(index);
        self.awaited.clear();
        awaited(&task.body, &mut self.awaited);
        self.sent = only_sent(&task.body);
        let scope = Scope {
            task: index,
            groups: 0,
            blocks: 0,
            is_async: task.kind == TaskKind::Async,
        };
        let def = match task.kind {
            TaskKind::Async => "async def",
            TaskKind::Sync => "def",
        };
        let mut text = Text::default();
        let name = self.names.task(index).to_owned();
        let is_route = self.routes.contains(&index);
        if is_route {
            text.line(&format!("@app.get({})", quoted(&format!("/{name}"))));
        }
        if self.needs.celery && self.is_sent(index) {
            text.line("@app.task");
        }
        // A handler that other tasks call must stay a plain function without parameters.
        match response(&task.body).filter(|_| is_route && !self.is_named(index)) {
            Some(at) => self.route_with_background(&mut text, scope, &name, at),
            None => {
                text.line_of(&format!("{def} {name}():"), task.place.line);
                self.function_body(&mut text, scope, |functions, text| {
                    functions.body(text, scope, &task.body);
                });
            }
        }
        let mut all = std::mem::take(&mut self.hoisted);
        all.push(&text);
        all
    }

    /// Writes a handler with the segments after its response as a background task.
    fn route_with_background(&mut self, text: &mut Text, scope: Scope, name: &str, at: usize) {
        self.needs.background = true;
        let task = self.workload.task(scope.task);
        let (before, after) = task.body.split_at(at);
        let (respond, after) = (&after[0], &after[1..]);
        let def = match task.kind {
            TaskKind::Async => "async def",
            TaskKind::Sync => "def",
        };
        let rest = self.names.invent(&format!("{name}_after"));
        text.line_of(
            &format!("{def} {name}(background: BackgroundTasks):"),
            task.place.line,
        );
        self.function_body(text, scope, |functions, text| {
            for segment in before {
                text.of_segment(segment.id, |text| functions.segment(text, scope, segment));
            }
            text.line("");
            text.line(&format!("{def} {rest}():"));
            functions.function_body(text, scope, |functions, text| {
                for segment in after {
                    text.of_segment(segment.id, |text| functions.segment(text, scope, segment));
                }
            });
            text.line("");
            let line = functions.workload.place(respond.id).line;
            text.line_of(&format!("background.add_task({rest})"), line);
        });
        self.parts.push((rest, scope.task, respond.id));
    }

    /// Whether any body calls or starts this task.
    fn is_named(&self, task: TaskIndex) -> bool {
        let segments = self.workload.segments();
        segments
            .iter()
            .flatten()
            .any(|segment| names_task(&segment.kind, task))
    }

    fn is_sent(&self, job: TaskIndex) -> bool {
        let segments = self.workload.segments();
        let mut kinds = segments.iter().flatten().map(|segment| &segment.kind);
        kinds.any(|kind| matches!(kind, SegmentKind::Send { task, .. } if *task == job))
    }

    /// The expression of a coroutine that runs the task, e.g. `run_in_threadpool(wash)` for a
    /// `def`.
    pub(crate) fn coroutine(&mut self, task: TaskIndex) -> String {
        let name = self.names.task(task);
        match self.workload.task(task).kind {
            TaskKind::Async => format!("{name}()"),
            TaskKind::Sync => {
                self.needs.threadpool = true;
                format!("run_in_threadpool({name})")
            }
        }
    }

    pub(super) fn segment(&mut self, text: &mut Text, scope: Scope, segment: &Segment) {
        let line = self.workload.place(segment.id).line;
        match &segment.kind {
            SegmentKind::Cpu { length, label } => {
                self.needs.burn = true;
                let code = format!("burn({})", self.length(*length));
                text.noted(&code, line, label.as_deref());
            }
            SegmentKind::Await { length, label } => {
                let code = format!("await asyncio.sleep({})", self.length(*length));
                text.noted(&code, line, label.as_deref());
            }
            SegmentKind::Block { length, label } => {
                self.needs.sleep = true;
                let code = format!("time.sleep({})", self.length(*length));
                text.noted(&code, line, label.as_deref());
            }
            SegmentKind::Yield => text.line_of("await asyncio.sleep(0)", line),
            SegmentKind::Call { task } => {
                let name = self.names.task(*task);
                let code = match self.workload.task(*task).kind {
                    TaskKind::Async => format!("await {name}()"),
                    TaskKind::Sync => format!("{name}()"),
                };
                text.line_of(&code, line);
            }
            SegmentKind::Spawn { task, handle } => {
                // The loop has only weak references to its tasks, so a variable keeps them alive. A
                // group keeps its own tasks.
                let kept = handle.filter(|&handle| scope.groups == 0 || self.is_awaited(handle));
                let create = format!("{}.create_task", creator(scope));
                let code = format!("{create}({})", self.coroutine(*task));
                text.line_of(&self.assigned(scope, kept, code), line);
            }
            SegmentKind::Wait { handle } => {
                let name = self.handle(scope, *handle);
                let code = if self.is_celery_job(*handle) {
                    format!("await result_of({name})")
                } else {
                    format!("await {name}")
                };
                self.needs.results |= self.is_celery_job(*handle);
                text.line_of(&code, line);
            }
            SegmentKind::Cancel { handle } => {
                let name = self.handle(scope, *handle);
                let code = if self.is_celery_job(*handle) {
                    format!("{name}.revoke()")
                } else {
                    format!("{name}.cancel()")
                };
                text.line_of(&code, line);
            }
            SegmentKind::Gather { members, errors } => {
                text.line_of(&self.gather(members, *errors), line);
            }
            SegmentKind::Group { body } => {
                let groups = scope.groups + 1;
                let scope = Scope { groups, ..scope }.inside(1);
                let name = creator(scope);
                text.line_of(&format!("async with asyncio.TaskGroup() as {name}:"), line);
                text.block(|text| self.body(text, scope, body));
            }
            SegmentKind::Offload { to, work } => {
                text.line_of(&self.offload(scope, *to, work, segment.id), line);
            }
            SegmentKind::Send { task, handle } => {
                self.needs.jobs = true;
                let awaited = handle.filter(|&handle| self.is_awaited(handle));
                let code = self.send(*task, awaited);
                text.line_of(&self.assigned(scope, awaited, code), line);
            }
            SegmentKind::Put { queue } => {
                text.line_of(
                    &format!("await {}.put(None)", self.names.resource(*queue)),
                    line,
                );
            }
            SegmentKind::Get { queue } => {
                text.line_of(
                    &format!("await {}.get()", self.names.resource(*queue)),
                    line,
                );
            }
            SegmentKind::With { resource, body } => {
                text.line_of(
                    &format!("async with {}:", self.names.resource(*resource)),
                    line,
                );
                text.block(|text| self.body(text, scope.inside(1), body));
            }
            SegmentKind::Acquire { resource } => {
                text.line_of(
                    &format!("await {}.acquire()", self.names.resource(*resource)),
                    line,
                );
            }
            SegmentKind::Release { resource } => {
                text.line_of(
                    &format!("{}.release()", self.names.resource(*resource)),
                    line,
                );
            }
            SegmentKind::SetEvent { event } => {
                text.line_of(&format!("{}.set()", self.names.resource(*event)), line);
            }
            SegmentKind::ClearEvent { event } => {
                text.line_of(&format!("{}.clear()", self.names.resource(*event)), line);
            }
            SegmentKind::WaitEvent { event } => {
                text.line_of(
                    &format!("await {}.wait()", self.names.resource(*event)),
                    line,
                );
            }
            SegmentKind::WaitCondition { condition } => {
                text.line_of(
                    &format!("await {}.wait()", self.names.resource(*condition)),
                    line,
                );
            }
            SegmentKind::Notify { condition, count } => {
                let name = self.names.resource(*condition);
                text.line_of(&format!("{name}.notify({count})"), line);
            }
            SegmentKind::Shield { task } => {
                text.line_of(
                    &format!("await asyncio.shield({})", self.coroutine(*task)),
                    line,
                );
            }
            SegmentKind::Respond => {
                self.needs.respond = true;
                text.line_of("respond()", line);
            }
            SegmentKind::Print { text: words } => {
                text.line_of(&format!("print({})", quoted(words)), line);
            }
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => self.timeout(text, scope, line, *after, body, otherwise.as_ref()),
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                // CPython has one block for `finally`, one for a body with `except`, and two in
                // the handler.
                let finally = match (finally, except) {
                    // Python needs a clause; an empty `finally` changes nothing.
                    (None, None) => Some(&NOTHING),
                    (finally, _) => finally.as_ref(),
                };
                let scope = scope.inside(usize::from(finally.is_some()));
                text.line_of("try:", line);
                let inner = scope.inside(usize::from(except.is_some()));
                text.block(|text| self.body(text, inner, body));
                if let Some(except) = except {
                    text.line("except Exception:");
                    text.block(|text| self.body(text, scope.inside(2), except));
                }
                if let Some(finally) = finally {
                    text.line("finally:");
                    text.block(|text| self.body(text, scope.inside(FINALLY), finally));
                }
            }
            SegmentKind::Fail { text: words } => {
                text.line_of(&format!("raise RuntimeError({})", quoted(words)), line);
            }
            SegmentKind::Repeat { times, body } => {
                text.line_of(&format!("for _ in range({times}):"), line);
                text.block(|text| self.body(text, scope.inside(1), body));
            }
            SegmentKind::Forever { body } => {
                text.line_of("while True:", line);
                text.block(|text| self.body(text, scope.inside(1), body));
            }
        }
    }

    fn timeout(
        &mut self,
        text: &mut Text,
        scope: Scope,
        line: u32,
        after: Length,
        body: &Body,
        otherwise: Option<&Body>,
    ) {
        let head = format!("async with asyncio.timeout({}):", self.length(after));
        let Some(otherwise) = otherwise else {
            text.line_of(&head, line);
            text.block(|text| self.body(text, scope.inside(1), body));
            return;
        };
        // `asyncio.timeout` turns the cancellation to `TimeoutError` when its block ends, so the
        // `except` is outside.
        text.line("try:");
        text.block(|text| {
            text.line_of(&head, line);
            text.block(|text| self.body(text, scope.inside(2), body));
        });
        text.line("except TimeoutError:");
        text.block(|text| self.body(text, scope.inside(2), otherwise));
    }

    fn gather(&mut self, members: &[Member], errors: GatherErrors) -> String {
        let mut arguments: Vec<String> = members
            .iter()
            .map(|member| {
                let coroutine = self.coroutine(member.task);
                match member.count {
                    1 => coroutine,
                    // A coroutine object can be awaited once, so each instance makes its own.
                    count => format!("*({coroutine} for _ in range({count}))"),
                }
            })
            .collect();
        if errors == GatherErrors::Collect {
            arguments.push("return_exceptions=True".to_owned());
        }
        format!("await asyncio.gather({})", arguments.join(", "))
    }

    fn offload(&mut self, scope: Scope, to: Executor, work: &Work, id: SegmentId) -> String {
        let function = match work {
            Work::Task(task) => self.names.task(*task).to_owned(),
            Work::Body(body) => self.hoist(scope, to, body, id),
        };
        match to {
            Executor::Pool => {
                self.needs.threadpool = true;
                format!("await run_in_threadpool({function})")
            }
            Executor::Own => {
                self.needs.executor = true;
                format!("await asyncio.to_thread({function})")
            }
            Executor::Process => {
                self.needs.processes = true;
                format!("await run_in_process({function})")
            }
        }
    }

    fn send(&mut self, task: TaskIndex, awaited: Option<HandleIndex>) -> String {
        let name = self.names.task(task);
        match (self.needs.celery, awaited) {
            (false, None) => format!("jobs.submit({name})"),
            // `wrap_future` makes the future of a pool awaitable.
            (false, Some(_)) => format!("asyncio.wrap_future(jobs.submit({name}))"),
            // The handle may also hold a task, so the job is wrapped in one: both can be awaited
            // and cancelled alike.
            (true, Some(handle)) if !self.is_celery_job(handle) => {
                self.needs.results = true;
                format!("asyncio.create_task(result_of({name}.delay()))")
            }
            (true, _) => format!("{name}.delay()"),
        }
    }

    /// Whether the handle always holds the result of `delay`.
    fn is_celery_job(&self, handle: HandleIndex) -> bool {
        self.needs.celery && self.sent.contains(&handle)
    }

    /// Makes a top-level function of the body of an offload and returns its name. A process finds
    /// the function by its name, so it cannot be nested.
    fn hoist(&mut self, scope: Scope, to: Executor, body: &Body, id: SegmentId) -> String {
        let line = self.workload.place(id).line;
        let place = match to {
            Executor::Pool | Executor::Own => "in_thread",
            Executor::Process => "in_process",
        };
        let owner = self.names.task(scope.task).to_owned();
        let name = self.names.invent(&format!("{owner}_{place}"));
        let inner = Scope {
            task: scope.task,
            groups: 0,
            blocks: 0,
            is_async: false,
        };
        let mut text = Text::default();
        text.line_of(&format!("def {name}():"), line);
        self.function_body(&mut text, inner, |functions, text| {
            functions.body(text, inner, body);
        });
        text.line("");
        text.line("");
        self.hoisted.push(&text);
        self.parts.push((name.clone(), scope.task, id));
        name
    }

    fn assigned(&self, scope: Scope, handle: Option<HandleIndex>, code: String) -> String {
        match handle {
            Some(handle) => format!("{} = {code}", self.handle(scope, handle)),
            None => code,
        }
    }

    fn is_awaited(&self, handle: HandleIndex) -> bool {
        self.awaited.contains(&handle)
    }

    pub(super) fn handle(&self, scope: Scope, handle: HandleIndex) -> &str {
        self.names.handle(scope.task, handle)
    }

    pub(crate) fn length(&mut self, length: Length) -> String {
        match length {
            Length::Fixed(fixed) => seconds(fixed),
            Length::Uniform { low, high } => {
                self.needs.random = true;
                format!("random.uniform({}, {})", seconds(low), seconds(high))
            }
            Length::Exponential { mean } => {
                self.needs.random = true;
                // `expovariate` takes a rate, the inverse of the mean.
                format!("random.expovariate(1 / {})", seconds(mean))
            }
        }
    }
}

/// The object whose `create_task` applies: the innermost group, or `asyncio`.
pub(super) fn creator(scope: Scope) -> String {
    match scope.groups {
        0 => "asyncio".to_owned(),
        1 => "group".to_owned(),
        depth => format!("group_{depth}"),
    }
}
