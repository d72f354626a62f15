//! The functions of a program: one for each task, with its body.
//!
//! Segments are left to [`super::segment`]. Imports and helpers are left to the exporters;
//! [`Needs`] tells them which ones are used.

use std::collections::{BTreeMap, BTreeSet};

use crate::export::python::names::PythonNames;
use crate::export::python::nesting::Apart;
use crate::export::python::text::{PythonText, seconds_literal, string_literal};
use model::workload::{
    Body, Executor, HandleIndex, Length, SegmentId, SegmentKind, TaskIndex, TaskKind, Work,
    Workload,
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
pub(crate) struct FunctionWriter<'a> {
    workload: &'a Workload,
    pub(crate) names: PythonNames,
    pub(crate) needs: Needs,
    /// Tasks that are handlers of a web framework.
    pub(crate) routes: BTreeSet<TaskIndex>,
    /// Functions for the bodies of offloads; they come before the task that uses them.
    hoisted: PythonText,
    /// The name, the task and the segment of each function that is a part of a task.
    pub(crate) parts: Vec<(String, TaskIndex, SegmentId)>,
    /// The nested functions of the current function.
    pub(super) apart: Apart,
    /// The names of the variables that no handle stands for, by their plain form.
    pub(super) locals: BTreeMap<&'static str, String>,
    /// The handles that the current task waits for or cancels.
    awaited: BTreeSet<HandleIndex>,
    /// The handles of the current task that only `send` assigns.
    pub(super) sent: BTreeSet<HandleIndex>,
}

/// The context of a segment, which decides how it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct SegmentContext {
    /// The owner of the handles.
    pub(super) task: TaskIndex,
    /// The number of `group:` blocks around the segment in its body.
    pub(super) groups: usize,
    /// The number of CPython's blocks that are open in this function.
    pub(super) blocks: usize,
    /// Whether this function is a coroutine.
    pub(super) is_async: bool,
}

impl SegmentContext {
    /// The scope inside this many more of CPython's blocks.
    pub(super) fn inside_blocks(self, blocks: usize) -> Self {
        Self {
            blocks: self.blocks + blocks,
            ..self
        }
    }
}

/// Collects the handles that a body waits for or cancels.
fn collect_awaited_handles(body: &Body, found: &mut BTreeSet<HandleIndex>) {
    for segment in body {
        match segment.kind {
            SegmentKind::Wait { handle } | SegmentKind::Cancel { handle } => {
                found.insert(handle);
            }
            _ => {}
        }
        for inner in segment.kind.bodies() {
            collect_awaited_handles(inner, found);
        }
    }
}

/// Collects the handles that a body assigns by `send` and by `spawn`.
pub(super) fn collect_assigned_handles(
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
            collect_assigned_handles(inner, sent, spawned);
        }
    }
}

fn only_sent(body: &Body) -> BTreeSet<HandleIndex> {
    let (mut sent, mut spawned) = (BTreeSet::new(), BTreeSet::new());
    collect_assigned_handles(body, &mut sent, &mut spawned);
    &sent - &spawned
}

/// The index of the `respond` at the top level of a body.
fn response_index(body: &Body) -> Option<usize> {
    body.iter()
        .position(|segment| segment.kind == SegmentKind::Respond)
}

fn names_task(kind: &SegmentKind, task: TaskIndex) -> bool {
    match kind {
        SegmentKind::Call { task: named }
        | SegmentKind::Spawn { task: named, .. }
        | SegmentKind::Shield { task: named }
        | SegmentKind::WaitFor { task: named, .. }
        | SegmentKind::Send { task: named, .. }
        | SegmentKind::Offload {
            work: Work::Task(named),
            ..
        } => *named == task,
        SegmentKind::Gather { members, .. } | SegmentKind::AsCompleted { members, .. } => {
            members.iter().any(|member| member.task == task)
        }
        _ => false,
    }
}

impl<'a> FunctionWriter<'a> {
    pub(crate) fn of(workload: &'a Workload, reserved: &[&str]) -> Self {
        Self {
            workload,
            names: PythonNames::of(workload, reserved),
            routes: BTreeSet::new(),
            needs: Needs::default(),
            hoisted: PythonText::default(),
            parts: Vec::new(),
            apart: Apart::default(),
            locals: BTreeMap::new(),
            awaited: BTreeSet::new(),
            sent: BTreeSet::new(),
        }
    }

    pub(crate) fn workload(&self) -> &'a Workload {
        self.workload
    }

    /// The definition of a task, after the functions that only it uses.
    pub(crate) fn task_function(&mut self, index: TaskIndex) -> PythonText {
        let workload = self.workload;
        let task = workload.task(index);
        self.awaited.clear();
        collect_awaited_handles(&task.body, &mut self.awaited);
        self.sent = only_sent(&task.body);
        let scope = SegmentContext {
            task: index,
            groups: 0,
            blocks: 0,
            is_async: task.kind == TaskKind::Async,
        };
        let def = match task.kind {
            TaskKind::Async => "async def",
            TaskKind::Sync => "def",
        };
        let mut text = PythonText::default();
        let name = self.names.task(index).to_owned();
        let is_route = self.routes.contains(&index);
        if is_route {
            text.push_line(&format!(
                "@app.get({})",
                string_literal(&format!("/{name}"))
            ));
        }
        if self.needs.celery && self.is_sent(index) {
            text.push_line("@app.task");
        }
        // A handler that other tasks call must stay a plain function without parameters.
        match response_index(&task.body).filter(|_| is_route && !self.is_named(index)) {
            Some(at) => self.route_with_background(&mut text, scope, &name, at),
            None => {
                text.line_of(&format!("{def} {name}():"), task.place.line);
                self.function_body(&mut text, scope, |functions, text| {
                    functions.body(text, scope, &task.body);
                });
            }
        }
        let mut all = std::mem::take(&mut self.hoisted);
        all.push_text(&text);
        all
    }

    /// Writes a handler with the segments after its response as a background task.
    fn route_with_background(
        &mut self,
        text: &mut PythonText,
        scope: SegmentContext,
        name: &str,
        at: usize,
    ) {
        self.needs.background = true;
        let task = self.workload.task(scope.task);
        let (before, after) = task.body.split_at(at);
        let (respond, after) = (&after[0], &after[1..]);
        let def = match task.kind {
            TaskKind::Async => "async def",
            TaskKind::Sync => "def",
        };
        let rest = self.names.invent_name(&format!("{name}_after"));
        text.line_of(
            &format!("{def} {name}(background: BackgroundTasks):"),
            task.place.line,
        );
        self.function_body(text, scope, |functions, text| {
            for segment in before {
                text.of_segment(segment.id, |text| {
                    functions.write_segment(text, scope, segment);
                });
            }
            text.push_line("");
            text.push_line(&format!("{def} {rest}():"));
            functions.function_body(text, scope, |functions, text| {
                for segment in after {
                    text.of_segment(segment.id, |text| {
                        functions.write_segment(text, scope, segment);
                    });
                }
            });
            text.push_line("");
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
    pub(crate) fn coroutine_call(&mut self, task: TaskIndex) -> String {
        let name = self.names.task(task);
        match self.workload.task(task).kind {
            TaskKind::Async => format!("{name}()"),
            TaskKind::Sync => {
                self.needs.threadpool = true;
                format!("run_in_threadpool({name})")
            }
        }
    }

    /// Makes a top-level function of the body of an offload and returns its name. A process finds
    /// the function by its name, so it cannot be nested.
    pub(super) fn hoist_body(
        &mut self,
        scope: SegmentContext,
        to: Executor,
        body: &Body,
        id: SegmentId,
    ) -> String {
        let line = self.workload.place(id).line;
        let place = match to {
            Executor::Pool | Executor::Own => "in_thread",
            Executor::Process => "in_process",
        };
        let owner = self.names.task(scope.task).to_owned();
        let name = self.names.invent_name(&format!("{owner}_{place}"));
        let inner = SegmentContext {
            task: scope.task,
            groups: 0,
            blocks: 0,
            is_async: false,
        };
        let mut text = PythonText::default();
        text.line_of(&format!("def {name}():"), line);
        self.function_body(&mut text, inner, |functions, text| {
            functions.body(text, inner, body);
        });
        text.push_line("");
        text.push_line("");
        self.hoisted.push_text(&text);
        self.parts.push((name.clone(), scope.task, id));
        name
    }

    pub(super) fn is_awaited(&self, handle: HandleIndex) -> bool {
        self.awaited.contains(&handle)
    }

    pub(super) fn handle(&self, scope: SegmentContext, handle: HandleIndex) -> &str {
        self.names.handle(scope.task, handle)
    }

    pub(crate) fn length_code(&mut self, length: Length) -> String {
        match length {
            Length::Fixed(fixed) => seconds_literal(fixed),
            Length::Uniform { low, high } => {
                self.needs.random = true;
                format!(
                    "random.uniform({}, {})",
                    seconds_literal(low),
                    seconds_literal(high)
                )
            }
            Length::Exponential { mean } => {
                self.needs.random = true;
                // `expovariate` takes a rate, the inverse of the mean.
                format!("random.expovariate(1 / {})", seconds_literal(mean))
            }
        }
    }
}
