//! Lowering: turns the syntax tree into a [`Workload`], and checks names, kinds and limits.
//!
//! A workload without errors is valid by construction. Unwise but valid parts are left to
//! [`super::lint`].

mod body;
mod names;
mod reference;
mod statement;

use std::collections::BTreeMap;

use self::names::{Meaning, NameTable, Symbol};
use super::diagnostic::Diagnostic;
use super::diagnostics::NameKind;
use super::recursion;
use super::span::Span;
use super::spell;
use super::syntax::{self, ScriptTree, StatementNode, StatementNodeKind, TaskHeader};
use super::vocabulary::{ResourceWord, SettingWord};
use model::limits::TASKS_MAX;
use model::time::SimDuration;
use model::workload::{
    Arrivals, Body, Expectation, Place, ResourceIndex, ResourceKind, Run, Task, TaskIndex,
    TaskKind, Workload,
};

/// A workload with the places of its names; complete only if there was no error.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    pub(super) workload: Workload,
    /// The spans of the names, parallel to the tasks and the resources.
    pub(super) task_names: Vec<Span>,
    pub(super) resource_names: Vec<Span>,
}

/// Lowers a script. `clean` says that the parser found no error: without all its tasks, a
/// script would seem to run nothing.
pub(super) fn lower(
    text: &str,
    script: &ScriptTree,
    clean: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lowered {
    let mut lowering = Lowering::new(text, diagnostics);
    lowering.declare_all(script);
    lowering.lower_all(script);
    if clean {
        lowering.run_by_default();
    }
    lowering.lowered
}

/// Lowers a claim about a workload, whose tasks it may name.
pub(super) fn lower_claim(
    text: &str,
    claim: &syntax::ClaimNode,
    workload: &Workload,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expectation> {
    let mut lowering = Lowering::new(text, diagnostics);
    lowering.declare_workload(workload);
    Some(Expectation {
        claim: lowering.lower_claim(claim)?,
        text: spell::claim(text, claim),
        place: Place::default(),
    })
}

struct Lowering<'t, 'd> {
    text: &'t str,
    names: NameTable<'t>,
    /// The line of each setting, to report duplicates.
    settings: BTreeMap<SettingWord, u32>,
    /// The version of `python`, where it is written.
    version: Option<Span>,
    newer: Newer,
    lowered: Lowered,
    /// Whether another task names this one; parallel to the tasks.
    named_by_others: Vec<bool>,
    /// The tasks of the blocks of `wait_for`, which follow those with a name. Each with the named
    /// task around it.
    blocks: Vec<(TaskIndex, Task)>,
    /// The number of the last block of each task.
    block_numbers: BTreeMap<TaskIndex, u32>,
    /// The number of arrivals so far.
    instances: u128,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// The first word of each thing that older versions of Python lack.
#[derive(Default)]
struct Newer {
    eager: Option<Span>,
    shutdown: Option<Span>,
}

impl<'t, 'd> Lowering<'t, 'd> {
    fn new(text: &'t str, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        Self {
            text,
            names: NameTable::default(),
            settings: BTreeMap::new(),
            version: None,
            newer: Newer::default(),
            lowered: Lowered::default(),
            named_by_others: Vec::new(),
            blocks: Vec::new(),
            block_numbers: BTreeMap::new(),
            instances: 0,
            diagnostics,
        }
    }

    fn text_of(&self, span: Span) -> &'t str {
        span.of(self.text)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Declares all names first, because a name may be used above its declaration.
    fn declare_all(&mut self, script: &ScriptTree) {
        for item in &script.items {
            match &item.kind {
                StatementNodeKind::Task(task) => self.declare_task(item, task.header, task.name),
                StatementNodeKind::Resource(resource) => {
                    let index = ResourceIndex(self.lowered.resource_names.len() as u32);
                    self.lowered.resource_names.push(resource.name);
                    let meaning = Meaning::Resource(index, kind_of(resource.word));
                    self.declare(resource.name, meaning, item.line);
                }
                _ => {}
            }
        }
    }

    fn declare_task(&mut self, item: &StatementNode, header: TaskHeader, name: Span) {
        // Reported once, at the first task beyond the limit.
        if self.lowered.task_names.len() == TASKS_MAX {
            self.report(Diagnostic::too_many_tasks(name));
        }
        let index = TaskIndex(self.lowered.task_names.len() as u32);
        self.lowered.task_names.push(name);
        self.named_by_others.push(false);
        let meaning = match header {
            TaskHeader::Def => Meaning::SyncTask(index),
            TaskHeader::Bare | TaskHeader::AsyncDef => Meaning::AsyncTask(index),
        };
        self.declare(name, meaning, item.line);
    }

    fn declare(&mut self, span: Span, meaning: Meaning, line: u32) {
        let name = self.text_of(span);
        // The first declaration stays valid, so that its uses give no further errors.
        if let Some(first) = self.names.declare(name, Symbol { meaning, line }) {
            let kind = first.meaning.kind();
            self.report(Diagnostic::duplicate_name(name, first.line, kind, span));
        }
    }

    /// Declares the names of a workload that was lowered before.
    fn declare_workload(&mut self, workload: &'t Workload) {
        for (index, task) in (0..).map(TaskIndex).zip(&workload.tasks) {
            let meaning = match task.kind {
                TaskKind::Async => Meaning::AsyncTask(index),
                TaskKind::Sync => Meaning::SyncTask(index),
            };
            let line = task.place.line;
            self.named_by_others.push(false);
            self.names.declare(&task.name, Symbol { meaning, line });
        }
        for (index, resource) in (0..).map(ResourceIndex).zip(&workload.resources) {
            let kind = match resource.kind {
                ResourceKind::Queue { .. } => NameKind::Queue,
                ResourceKind::Semaphore { .. } => NameKind::Semaphore,
                ResourceKind::Lock => NameKind::Lock,
                ResourceKind::Event => NameKind::Event,
                ResourceKind::Condition => NameKind::Condition,
                ResourceKind::Pool { .. } => NameKind::Pool,
            };
            let meaning = Meaning::Resource(index, kind);
            let line = resource.place.line;
            self.names.declare(&resource.name, Symbol { meaning, line });
        }
    }

    fn lower_all(&mut self, script: &ScriptTree) {
        for item in &script.items {
            let place = place_of_span(item.line, item.span);
            match &item.kind {
                StatementNodeKind::Task(task) => {
                    // The place of a task is its header without the body.
                    let head = Span {
                        start: item.span.start,
                        end: task.name.end,
                    };
                    let place = self::place_of_span(item.line, head);
                    self.lower_task(task, place);
                }
                StatementNodeKind::Setting(setting) => self.lower_setting(setting, item.line),
                StatementNodeKind::Resource(resource) => self.resource(resource, place),
                StatementNodeKind::Run(run) => self.lower_run(run, place),
                StatementNodeKind::Expect(expect) => self.lower_expect(expect, place),
                StatementNodeKind::Broken => {}
            }
        }
        self.check_version();
        let blocks = std::mem::take(&mut self.blocks).into_iter();
        self.lowered
            .workload
            .tasks
            .extend(blocks.map(|block| block.1));
    }

    /// Reserves the task of a block inside another task, e.g. `a_wait_for` inside `a`.
    fn declare_block(&mut self, around: TaskIndex, line: u32, head: Span) -> TaskIndex {
        let index = self.lowered.task_names.len() + self.blocks.len();
        if index == TASKS_MAX {
            self.report(Diagnostic::too_many_tasks(head));
        }
        let owner = self.named_task(around);
        let name = self.name_of_block(owner);
        let task = Task {
            name,
            kind: TaskKind::Async,
            body: Vec::new(),
            handles: Vec::new(),
            place: place_of_span(line, head),
        };
        self.blocks.push((owner, task));
        TaskIndex(index as u32)
    }

    /// E.g. `a_wait_for`, then `a_wait_for_2`: no name of the script, and of no block before.
    fn name_of_block(&mut self, owner: TaskIndex) -> String {
        let owner_name = self.text_of(self.lowered.task_names[owner.0 as usize]);
        let number = self.block_numbers.entry(owner).or_insert(0);
        loop {
            *number += 1;
            let name = match *number {
                1 => format!("{owner_name}_wait_for"),
                number => format!("{owner_name}_wait_for_{number}"),
            };
            if self.names.find(&name).is_none() {
                return name;
            }
        }
    }

    fn define_block(&mut self, block: TaskIndex, body: Body, handles: Vec<String>) {
        let index = block.0 as usize - self.lowered.task_names.len();
        let task = &mut self.blocks[index].1;
        (task.body, task.handles) = (body, handles);
    }

    /// The task with a name that a task is a block of, or the task itself.
    fn named_task(&self, task: TaskIndex) -> TaskIndex {
        let block = (task.0 as usize).checked_sub(self.lowered.task_names.len());
        block.map_or(task, |block| self.blocks[block].0)
    }

    fn lower_task(&mut self, task: &syntax::TaskNode, place: Place) {
        let kind = match task.header {
            TaskHeader::Def => TaskKind::Sync,
            TaskHeader::Bare | TaskHeader::AsyncDef => TaskKind::Async,
        };
        let index = TaskIndex(self.lowered.workload.tasks.len() as u32);
        let name = self.text_of(task.name).to_owned();
        let (body, handles) = body::lower(self, index, kind, &task.body);
        self.lowered.workload.tasks.push(Task {
            name,
            kind,
            body,
            handles,
            place,
        });
    }

    /// Finds a task by its name, or reports why there is none.
    fn find_task(&mut self, span: Span, verb: &'static str) -> Option<(TaskIndex, TaskKind)> {
        let name = self.text_of(span);
        match self.names.find(name).map(|symbol| symbol.meaning) {
            Some(Meaning::AsyncTask(task)) => Some((task, TaskKind::Async)),
            Some(Meaning::SyncTask(task)) => Some((task, TaskKind::Sync)),
            Some(Meaning::Resource(_, kind)) => {
                let wanted = super::diagnostics::Wanted::Task;
                self.report(Diagnostic::wrong_kind(name, kind, verb, wanted, span));
                None
            }
            None => {
                let near = self.names.nearest_task(name);
                self.report(Diagnostic::unknown_task(name, near, span));
                None
            }
        }
    }

    /// Without any `run`, each task that no other task names arrives once, at 0. For example,
    /// in a script with `a: call b` and `b: await 1`, only `a` arrives.
    fn run_by_default(&mut self) {
        let workload = &mut self.lowered.workload;
        let Some(first) = self.lowered.task_names.first() else {
            // Some editors add a byte order mark to an empty file.
            let diagnostic = match self.text.trim_matches(['\u{feff}', '\u{200b}']).trim() {
                "" => Diagnostic::empty_script(),
                _ => Diagnostic::no_tasks(Span::default()),
            };
            self.report(diagnostic);
            return;
        };
        if !workload.runs.is_empty() {
            return;
        }
        let named = (0..).zip(&self.named_by_others).zip(&workload.tasks);
        for ((index, is_named_by_others), task) in named {
            if !is_named_by_others {
                workload.runs.push(Run {
                    task: TaskIndex(index),
                    count: 1,
                    arrivals: Arrivals::Together {
                        at: SimDuration::ZERO,
                    },
                    place: task.place,
                });
            }
        }
        if !workload.runs.is_empty() {
            return;
        }
        // Every task is named, so the tasks form circles. An endless one is the real problem.
        let nothing_runs = Diagnostic::nothing_runs(*first);
        match endless_recursion(&self.lowered) {
            circles if circles.is_empty() => self.report(nothing_runs),
            circles => self.diagnostics.extend(circles),
        }
    }
}

/// One error for each circle of tasks that start each other endlessly.
pub(super) fn endless_recursion(lowered: &Lowered) -> Vec<Diagnostic> {
    let workload = &lowered.workload;
    let error = |circle: Vec<TaskIndex>| {
        // Blocks have no name; the task around a block is in its circle.
        let mut circle = circle;
        circle.retain(|task| (task.0 as usize) < lowered.task_names.len());
        let first = circle
            .first()
            .map_or_else(Span::default, |first| lowered.task_names[first.0 as usize]);
        let name = |task: &TaskIndex| workload.task(*task).name.clone();
        Diagnostic::endless_recursion(circle.iter().map(name).collect(), first)
    };
    recursion::endless(workload)
        .into_iter()
        .map(error)
        .collect()
}

fn place_of_span(line: u32, span: Span) -> Place {
    Place {
        line,
        start: span.start,
        end: span.end,
    }
}

fn kind_of(word: ResourceWord) -> NameKind {
    match word {
        ResourceWord::Queue => NameKind::Queue,
        ResourceWord::Semaphore => NameKind::Semaphore,
        ResourceWord::Lock => NameKind::Lock,
        ResourceWord::Event => NameKind::Event,
        ResourceWord::Condition => NameKind::Condition,
        ResourceWord::Pool => NameKind::Pool,
    }
}
