//! The segments of a task as Python statements.
//!
//! The functions around them are left to [`super::body`].

use super::body::{FunctionWriter, SegmentContext};
use super::nesting::FINALLY;
use super::text::{PythonText, string_literal};
use model::workload::{
    Body, Executor, GatherMode, HandleIndex, Length, Member, ResourceIndex, ResourceKind, Segment,
    SegmentId, SegmentKind, TaskIndex, TaskKind, Work,
};

static NOTHING: Body = Body::new();

impl FunctionWriter<'_> {
    pub(super) fn write_segment(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        segment: &Segment,
    ) {
        let line = self.workload().place(segment.id).line;
        let code = match &segment.kind {
            SegmentKind::Cpu { length, label } => {
                self.needs.burn = true;
                let code = format!("burn({})", self.length_code(*length));
                return text.push_noted_line(&code, line, label.as_deref());
            }
            SegmentKind::Await { length, label } => {
                let code = format!("await asyncio.sleep({})", self.length_code(*length));
                return text.push_noted_line(&code, line, label.as_deref());
            }
            SegmentKind::Block { length, label } => {
                self.needs.sleep = true;
                let code = format!("time.sleep({})", self.length_code(*length));
                return text.push_noted_line(&code, line, label.as_deref());
            }
            SegmentKind::Yield => "await asyncio.sleep(0)".to_owned(),
            SegmentKind::Call { task } => self.call_code(*task),
            SegmentKind::Spawn { task, handle } => self.spawn_code(scope, *task, *handle),
            SegmentKind::Wait { handle } => self.wait_code(scope, *handle),
            SegmentKind::Cancel { handle } => self.cancel_code(scope, *handle),
            SegmentKind::Gather {
                members,
                mode: GatherMode::First,
            } => return self.write_gather_first(text, members, line),
            SegmentKind::Gather { members, mode } => self.gather_code(members, *mode),
            SegmentKind::AsCompleted { members, body } => {
                return self.write_as_completed(text, scope, members, body, line);
            }
            SegmentKind::Offload { to, work } => self.offload_code(scope, *to, work, segment.id),
            SegmentKind::Send { task, handle } => self.send_code(scope, *task, *handle),
            SegmentKind::Put { queue } => self.await_code(*queue, "put(None)"),
            SegmentKind::Get { queue } => self.await_code(*queue, "get()"),
            SegmentKind::Shutdown { queue } => self.method_code(*queue, "shutdown()"),
            SegmentKind::Acquire { resource } if self.is_pool(*resource) => {
                self.method_code(*resource, "acquire()")
            }
            SegmentKind::Acquire { resource } => self.await_code(*resource, "acquire()"),
            SegmentKind::WaitEvent { event } => self.await_code(*event, "wait()"),
            SegmentKind::WaitCondition { condition } => self.await_code(*condition, "wait()"),
            SegmentKind::Release { resource } => self.method_code(*resource, "release()"),
            SegmentKind::SetEvent { event } => self.method_code(*event, "set()"),
            SegmentKind::ClearEvent { event } => self.method_code(*event, "clear()"),
            SegmentKind::Notify { condition, count } => {
                self.method_code(*condition, &format!("notify({count})"))
            }
            SegmentKind::Shield { task } => {
                format!("await asyncio.shield({})", self.coroutine_call(*task))
            }
            SegmentKind::WaitFor {
                after,
                task,
                otherwise,
                ..
            } => {
                let (coroutine, after) = (self.coroutine_call(*task), self.length_code(*after));
                let code = format!("await asyncio.wait_for({coroutine}, {after})");
                let Some(otherwise) = otherwise else {
                    return text.line_of(&code, line);
                };
                text.push_line("try:");
                text.block(|text| text.line_of(&code, line));
                text.push_line("except TimeoutError:");
                return text.block(|text| self.body(text, scope.inside_blocks(2), otherwise));
            }
            SegmentKind::Respond => {
                self.needs.respond = true;
                "respond()".to_owned()
            }
            SegmentKind::Print { text: words } => format!("print({})", string_literal(words)),
            SegmentKind::Fail { text: words } => {
                format!("raise RuntimeError({})", string_literal(words))
            }
            SegmentKind::Group { body } => {
                let groups = scope.groups + 1;
                let scope = SegmentContext { groups, ..scope }.inside_blocks(1);
                let name = task_creator(scope);
                text.line_of(&format!("async with asyncio.TaskGroup() as {name}:"), line);
                return text.block(|text| self.body(text, scope, body));
            }
            SegmentKind::With { resource, body } => {
                let keyword = if self.is_pool(*resource) {
                    "with"
                } else {
                    "async with"
                };
                let head = format!("{keyword} {}:", self.names.resource(*resource));
                return self.write_block(text, scope, &head, line, body);
            }
            SegmentKind::Repeat { times, body } => {
                let head = format!("for _ in range({times}):");
                return self.write_block(text, scope, &head, line, body);
            }
            SegmentKind::Forever { body } => {
                return self.write_block(text, scope, "while True:", line, body);
            }
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => return self.write_timeout(text, scope, line, *after, body, otherwise.as_ref()),
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                let clauses = (except.as_ref(), finally.as_ref());
                return self.write_try(text, scope, line, body, clauses);
            }
        };
        text.line_of(&code, line);
    }

    /// Writes a statement with one block, e.g. `while True:`.
    fn write_block(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        head: &str,
        line: u32,
        body: &Body,
    ) {
        text.line_of(head, line);
        text.block(|text| self.body(text, scope.inside_blocks(1), body));
    }

    fn write_timeout(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        line: u32,
        after: Length,
        body: &Body,
        otherwise: Option<&Body>,
    ) {
        let head = format!("async with asyncio.timeout({}):", self.length_code(after));
        let Some(otherwise) = otherwise else {
            text.line_of(&head, line);
            text.block(|text| self.body(text, scope.inside_blocks(1), body));
            return;
        };
        // `asyncio.timeout` turns the cancellation to `TimeoutError` when its block ends, so the
        // `except` is outside.
        text.push_line("try:");
        text.block(|text| {
            text.line_of(&head, line);
            text.block(|text| self.body(text, scope.inside_blocks(2), body));
        });
        text.push_line("except TimeoutError:");
        text.block(|text| self.body(text, scope.inside_blocks(2), otherwise));
    }

    fn write_try(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        line: u32,
        body: &Body,
        (except, finally): (Option<&Body>, Option<&Body>),
    ) {
        let finally = match (finally, except) {
            // Python needs a clause; an empty `finally` changes nothing.
            (None, None) => Some(&NOTHING),
            (finally, _) => finally,
        };
        // CPython has one block for `finally`, one for a body with `except`, and two in the
        // handler.
        let scope = scope.inside_blocks(usize::from(finally.is_some()));
        text.line_of("try:", line);
        let inner = scope.inside_blocks(usize::from(except.is_some()));
        text.block(|text| self.body(text, inner, body));
        if let Some(except) = except {
            text.push_line("except Exception:");
            text.block(|text| self.body(text, scope.inside_blocks(2), except));
        }
        if let Some(finally) = finally {
            text.push_line("finally:");
            text.block(|text| self.body(text, scope.inside_blocks(FINALLY), finally));
        }
    }

    /// The name of a local variable that no name of the script hides.
    fn local(&mut self, wish: &'static str) -> String {
        let names = &mut self.names;
        let local = self.locals.entry(wish);
        local.or_insert_with(|| names.invent_name(wish)).clone()
    }

    /// Whether threads wait for its permits.
    fn is_pool(&self, resource: ResourceIndex) -> bool {
        let kind = self.workload().resource(resource).kind;
        matches!(kind, ResourceKind::Pool { .. })
    }

    /// A method of a resource, e.g. `go.set()`.
    fn method_code(&self, resource: ResourceIndex, call: &str) -> String {
        format!("{}.{call}", self.names.resource(resource))
    }

    /// A method of a resource that is awaited, e.g. `await plates.get()`.
    fn await_code(&self, resource: ResourceIndex, call: &str) -> String {
        format!("await {}", self.method_code(resource, call))
    }

    fn call_code(&self, task: TaskIndex) -> String {
        let name = self.names.task(task);
        match self.workload().task(task).kind {
            TaskKind::Async => format!("await {name}()"),
            TaskKind::Sync => format!("{name}()"),
        }
    }

    fn spawn_code(
        &mut self,
        scope: SegmentContext,
        task: TaskIndex,
        handle: Option<HandleIndex>,
    ) -> String {
        // The loop has only weak references to its tasks, so a variable keeps them alive. A group
        // keeps its own tasks.
        let kept = handle.filter(|&handle| scope.groups == 0 || self.is_awaited(handle));
        let create = format!("{}.create_task", task_creator(scope));
        let code = format!("{create}({})", self.coroutine_call(task));
        self.assign_handle(scope, kept, code)
    }

    fn wait_code(&mut self, scope: SegmentContext, handle: HandleIndex) -> String {
        let is_job = self.is_celery_job(handle);
        self.needs.results |= is_job;
        let name = self.handle(scope, handle);
        if is_job {
            format!("await result_of({name})")
        } else {
            format!("await {name}")
        }
    }

    fn cancel_code(&self, scope: SegmentContext, handle: HandleIndex) -> String {
        let name = self.handle(scope, handle);
        if self.is_celery_job(handle) {
            format!("{name}.revoke()")
        } else {
            format!("{name}.cancel()")
        }
    }

    fn gather_code(&mut self, members: &[Member], mode: GatherMode) -> String {
        let mut arguments = self.member_codes(members, |coroutine| coroutine);
        if mode == GatherMode::Collect {
            arguments.push("return_exceptions=True".to_owned());
        }
        format!("await asyncio.gather({})", arguments.join(", "))
    }

    /// An argument for each member, e.g. `*(ping() for _ in range(3))`.
    fn member_codes(
        &mut self,
        members: &[Member],
        started: impl Fn(String) -> String,
    ) -> Vec<String> {
        let argument = |member: &Member| {
            let code = started(self.coroutine_call(member.task));
            match member.count {
                1 => code,
                // A coroutine object can be awaited once, so each instance makes its own.
                count => format!("*({code} for _ in range({count}))"),
            }
        };
        members.iter().map(argument).collect()
    }

    /// Assigns a list of new tasks to a variable. Returns its name.
    fn write_started(&mut self, text: &mut PythonText, members: &[Member], line: u32) -> String {
        let create = |coroutine| format!("asyncio.create_task({coroutine})");
        let tasks = self.member_codes(members, create).join(", ");
        let name = self.local("tasks");
        text.line_of(&format!("{name} = [{tasks}]"), line);
        name
    }

    fn write_gather_first(&mut self, text: &mut PythonText, members: &[Member], line: u32) {
        let tasks = self.write_started(text, members, line);
        let (task, done) = (self.local("task"), self.local("done"));
        text.line_of("try:", line);
        text.block(|text| {
            let wait = format!("asyncio.wait({tasks}, return_when=asyncio.FIRST_COMPLETED)");
            text.line_of(&format!("{done}, _ = await {wait}"), line);
        });
        text.line_of("finally:", line);
        text.block(|text| {
            text.line_of(&format!("for {task} in {tasks}:"), line);
            text.block(|text| text.line_of(&format!("{task}.cancel()"), line));
        });
        // A set has no order of its own, so the list is asked.
        text.line_of(&format!("for {task} in {tasks}:"), line);
        text.block(|text| {
            text.line_of(&format!("if {task} in {done}:"), line);
            text.block(|text| text.line_of(&format!("{task}.result()"), line));
        });
    }

    fn write_as_completed(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        members: &[Member],
        body: &Body,
        line: u32,
    ) {
        let tasks = self.write_started(text, members, line);
        let task = self.local("task");
        text.line_of(
            &format!("for {task} in asyncio.as_completed({tasks}):"),
            line,
        );
        text.block(|text| {
            text.line_of(&format!("await {task}"), line);
            self.body(text, scope.inside_blocks(1), body);
        });
    }

    fn offload_code(
        &mut self,
        scope: SegmentContext,
        to: Executor,
        work: &Work,
        id: SegmentId,
    ) -> String {
        let function = match work {
            Work::Task(task) => self.names.task(*task).to_owned(),
            Work::Body(body) => self.hoist_body(scope, to, body, id),
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

    fn send_code(
        &mut self,
        scope: SegmentContext,
        task: TaskIndex,
        handle: Option<HandleIndex>,
    ) -> String {
        self.needs.jobs = true;
        let awaited = handle.filter(|&handle| self.is_awaited(handle));
        let name = self.names.task(task);
        let code = match (self.needs.celery, awaited) {
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
        };
        self.assign_handle(scope, awaited, code)
    }

    /// Whether the handle always holds the result of `delay`.
    fn is_celery_job(&self, handle: HandleIndex) -> bool {
        self.needs.celery && self.sent.contains(&handle)
    }

    fn assign_handle(
        &self,
        scope: SegmentContext,
        handle: Option<HandleIndex>,
        code: String,
    ) -> String {
        match handle {
            Some(handle) => format!("{} = {code}", self.handle(scope, handle)),
            None => code,
        }
    }
}

/// The object whose `create_task` applies: the innermost group, or `asyncio`.
pub(super) fn task_creator(scope: SegmentContext) -> String {
    match scope.groups {
        0 => "asyncio".to_owned(),
        1 => "group".to_owned(),
        depth => format!("group_{depth}"),
    }
}
