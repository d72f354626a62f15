//! A workload as script text, one segment per line.
//!
//! The text determines the lines, so this also numbers the segments in the order of the text
//! and sets every place.

use model::time::SimDuration;
use model::workload::{
    Arrivals, Body, Executor, GatherMode, HandleIndex, Length, Member, Place, Resource,
    ResourceIndex, ResourceKind, Run, Segment, SegmentId, SegmentKind, Task, TaskIndex, TaskKind,
    Work, Workload,
};

/// Numbers the segments and lines of the workload and returns its text.
pub(crate) fn lay_out(workload: &mut Workload) -> String {
    let names = Names::of(workload);
    let named = workload.tasks.iter().position(is_block);
    let blocks = workload
        .tasks
        .split_off(named.unwrap_or(workload.tasks.len()));
    let mut page = Page {
        names,
        lines: Vec::new(),
        places: Vec::new(),
        depth: 0,
        named: workload.tasks.len(),
        unplaced: blocks.into_iter().map(Some).collect(),
        blocks: Vec::new(),
        owner: String::new(),
        blocks_of_owner: 0,
    };
    for resource in &mut workload.resources {
        resource.place = page.line(&declaration(resource));
    }
    let mut tasks = std::mem::take(&mut workload.tasks);
    for task in &mut tasks {
        page.task(task);
    }
    tasks.extend(std::mem::take(&mut page.blocks).into_iter().flatten());
    workload.tasks = tasks;
    for run in &mut workload.runs {
        run.place = page.line(&run_line(&page.names, run));
    }
    workload.places = page.places;
    let mut text = page.lines.join("\n");
    text.push('\n');
    text
}

/// Whether a task is the block of a `wait_for`: those follow all others.
pub(crate) fn is_block(task: &Task) -> bool {
    task.name.contains(BLOCK_NAME)
}

/// In the names of blocks, as lowering gives them, e.g. `t0_wait_for_2`.
pub(super) const BLOCK_NAME: &str = "_wait_for";

struct Names {
    tasks: Vec<String>,
    resources: Vec<String>,
}

impl Names {
    fn of(workload: &Workload) -> Self {
        Self {
            tasks: workload
                .tasks
                .iter()
                .map(|task| task.name.clone())
                .collect(),
            resources: workload
                .resources
                .iter()
                .map(|each| each.name.clone())
                .collect(),
        }
    }

    fn task(&self, index: TaskIndex) -> &str {
        &self.tasks[index.0 as usize]
    }

    fn resource(&self, index: ResourceIndex) -> &str {
        &self.resources[index.0 as usize]
    }
}

fn declaration(resource: &Resource) -> String {
    let name = &resource.name;
    match resource.kind {
        ResourceKind::Queue { capacity: None } => format!("queue {name}"),
        ResourceKind::Queue {
            capacity: Some(size),
        } => format!("queue {name} {size}"),
        ResourceKind::Semaphore { permits } => format!("semaphore {name} {permits}"),
        ResourceKind::Lock => format!("lock {name}"),
        ResourceKind::Event => format!("event {name}"),
        ResourceKind::Condition => format!("condition {name}"),
        ResourceKind::Pool {
            permits,
            timeout: None,
        } => format!("pool {name} {permits}"),
        ResourceKind::Pool {
            permits,
            timeout: Some(timeout),
        } => format!("pool {name} {permits} timeout {timeout}"),
    }
}

fn run_line(names: &Names, run: &Run) -> String {
    let name = names.task(run.task);
    let what = match run.count {
        1 => format!("run {name}"),
        count => format!("run {count} {name}"),
    };
    match run.arrivals {
        Arrivals::Together { at } if at.is_zero() => what,
        Arrivals::Together { at } => format!("{what} at {at}"),
        Arrivals::Every { start, gap } if start.is_zero() => format!("{what} every {gap}"),
        Arrivals::Every { start, gap } => format!("{what} at {start} every {gap}"),
        Arrivals::Poisson { gap, .. } => format!("{what} at {}/s", 1.0 / gap.as_secs_f64()),
    }
}

struct Page {
    names: Names,
    lines: Vec<String>,
    places: Vec<Place>,
    depth: usize,
    /// The number of tasks that are no blocks.
    named: usize,
    /// The blocks of `wait_for`, by their old index behind the named tasks.
    unplaced: Vec<Option<Task>>,
    /// Those that were written, in the order of the text.
    blocks: Vec<Option<Task>>,
    /// The task that is being written, and the number of its blocks so far.
    owner: String,
    blocks_of_owner: usize,
}

impl Page {
    fn line(&mut self, code: &str) -> Place {
        self.lines
            .push(format!("{}{code}", "    ".repeat(self.depth)));
        // Lines count from 1.
        let line = self.lines.len() as u32;
        Place {
            line,
            ..Place::default()
        }
    }

    fn task(&mut self, task: &mut Task) {
        let head = match task.kind {
            TaskKind::Async => format!("{}:", task.name),
            TaskKind::Sync => format!("def {}:", task.name),
        };
        task.place = self.line(&head);
        self.owner.clone_from(&task.name);
        self.blocks_of_owner = 0;
        self.block(&task.handles, &mut task.body);
    }

    /// Writes the block of a `wait_for`, and returns its new index.
    fn limited(&mut self, task: TaskIndex, place: Place) -> TaskIndex {
        let old = self.unplaced[task.0 as usize - self.named].take();
        let mut block = old.expect("a block belongs to one segment");
        let index = self.blocks.len();
        self.blocks.push(None);
        self.blocks_of_owner += 1;
        block.name = match self.blocks_of_owner {
            1 => format!("{}{BLOCK_NAME}", self.owner),
            number => format!("{}{BLOCK_NAME}_{number}", self.owner),
        };
        block.place = place;
        self.block(&block.handles, &mut block.body);
        self.blocks[index] = Some(block);
        TaskIndex((self.named + index) as u32)
    }

    fn block(&mut self, handles: &[String], body: &mut Body) {
        self.depth += 1;
        for segment in body {
            self.segment(handles, segment);
        }
        self.depth -= 1;
    }

    fn segment(&mut self, handles: &[String], segment: &mut Segment) {
        segment.id = SegmentId(self.places.len() as u32);
        let head = head(&self.names, handles, &segment.kind);
        let place = self.line(&head);
        self.places.push(place);
        match &mut segment.kind {
            SegmentKind::Group { body }
            | SegmentKind::AsCompleted { body, .. }
            | SegmentKind::With { body, .. }
            | SegmentKind::Repeat { body, .. }
            | SegmentKind::Forever { body }
            | SegmentKind::Offload {
                work: Work::Body(body),
                ..
            } => self.block(handles, body),
            SegmentKind::Timeout {
                body, otherwise, ..
            } => {
                self.block(handles, body);
                self.clause(handles, "else:", otherwise.as_mut());
            }
            SegmentKind::WaitFor {
                task,
                is_block: true,
                otherwise,
                ..
            } => {
                *task = self.limited(*task, place);
                self.clause(handles, "else:", otherwise.as_mut());
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                self.block(handles, body);
                self.clause(handles, "except:", except.as_mut());
                self.clause(handles, "finally:", finally.as_mut());
            }
            _ => {}
        }
    }

    fn clause(&mut self, handles: &[String], head: &str, body: Option<&mut Body>) {
        if let Some(body) = body {
            self.line(head);
            self.block(handles, body);
        }
    }
}

/// E.g. `a, 3 b`.
fn members_text(names: &Names, members: &[Member]) -> String {
    let member = |member: &Member| match member.count {
        1 => names.task(member.task).to_owned(),
        count => format!("{count} {}", names.task(member.task)),
    };
    members.iter().map(member).collect::<Vec<_>>().join(", ")
}

/// The line of a segment, without its block.
fn head(names: &Names, handles: &[String], kind: &SegmentKind) -> String {
    let handle = |index: HandleIndex| handles[index.0 as usize].as_str();
    // `spawn ping` binds the handle `ping`; only another name needs `as`.
    let bound = |task: TaskIndex, index: Option<HandleIndex>| match index {
        Some(index) if handle(index) != names.task(task) => format!(" as {}", handle(index)),
        _ => String::new(),
    };
    match kind {
        SegmentKind::Cpu { length, .. } => format!("cpu {}", written(*length)),
        SegmentKind::Await { length, .. } => format!("await {}", written(*length)),
        SegmentKind::Block { length, .. } => format!("block {}", written(*length)),
        SegmentKind::Yield => "yield".to_owned(),
        SegmentKind::Call { task } => format!("call {}", names.task(*task)),
        SegmentKind::Spawn { task, handle } => {
            format!("spawn {}{}", names.task(*task), bound(*task, *handle))
        }
        SegmentKind::Send { task, handle } => {
            format!("send {}{}", names.task(*task), bound(*task, *handle))
        }
        SegmentKind::Wait { handle: index } => format!("wait {}", handle(*index)),
        SegmentKind::Cancel { handle: index } => format!("cancel {}", handle(*index)),
        SegmentKind::Gather { members, mode } => {
            let mode = match mode {
                GatherMode::Raise => "",
                GatherMode::Collect => "all ",
                GatherMode::First => "first ",
            };
            format!("gather {mode}{}", members_text(names, members))
        }
        SegmentKind::AsCompleted { members, .. } => {
            format!("as_completed {}:", members_text(names, members))
        }
        SegmentKind::Group { .. } => "group:".to_owned(),
        SegmentKind::Offload { to, work } => {
            let word = match to {
                Executor::Pool => "thread",
                Executor::Own => "executor",
                Executor::Process => "process",
            };
            match work {
                Work::Task(task) => format!("{word} {}", names.task(*task)),
                Work::Body(_) => format!("{word}:"),
            }
        }
        SegmentKind::Put { queue } => format!("put {}", names.resource(*queue)),
        SegmentKind::Get { queue } => format!("get {}", names.resource(*queue)),
        SegmentKind::Shutdown { queue } => format!("shutdown {}", names.resource(*queue)),
        SegmentKind::With { resource, .. } => format!("with {}:", names.resource(*resource)),
        SegmentKind::Acquire { resource } => format!("acquire {}", names.resource(*resource)),
        SegmentKind::Release { resource } => format!("release {}", names.resource(*resource)),
        SegmentKind::SetEvent { event } => format!("set {}", names.resource(*event)),
        SegmentKind::ClearEvent { event } => format!("clear {}", names.resource(*event)),
        SegmentKind::WaitEvent { event } => format!("wait {}", names.resource(*event)),
        SegmentKind::WaitCondition { condition } => {
            format!("wait {}", names.resource(*condition))
        }
        SegmentKind::Notify { condition, count } => {
            format!("notify {} {count}", names.resource(*condition))
        }
        SegmentKind::Shield { task } => format!("shield {}", names.task(*task)),
        SegmentKind::WaitFor {
            after,
            is_block: true,
            ..
        } => format!("wait_for {}:", written(*after)),
        SegmentKind::WaitFor { after, task, .. } => {
            format!("wait_for {} {}", written(*after), names.task(*task))
        }
        SegmentKind::Respond => "respond".to_owned(),
        SegmentKind::Print { text } => format!("print \"{text}\""),
        SegmentKind::Timeout { after, .. } => format!("timeout {}:", written(*after)),
        SegmentKind::Try { .. } => "try:".to_owned(),
        SegmentKind::Fail { text } => format!("fail \"{text}\""),
        SegmentKind::Repeat { times, .. } => format!("repeat {times}:"),
        SegmentKind::Forever { .. } => "forever:".to_owned(),
    }
}

fn written(length: Length) -> String {
    match length {
        // Zero needs no unit.
        Length::Fixed(SimDuration::ZERO) => "0".to_owned(),
        Length::Fixed(fixed) => fixed.to_string(),
        Length::Uniform { low, high } => format!("{low}..{high}"),
        Length::Exponential { mean } => format!("~{mean}"),
    }
}
