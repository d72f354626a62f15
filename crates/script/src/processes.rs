//! Code that runs in another process: it has its own memory, so it cannot use a pool.

use super::diagnostic::Diagnostic;
use super::span::Span;
use super::walk;
use model::workload::{
    Body, Executor, ResourceKind, Segment, SegmentKind, TaskIndex, Work, Workload,
};

/// An error for each segment that takes a permit of a pool in another process.
pub(super) fn pools_elsewhere(workload: &Workload) -> Vec<Diagnostic> {
    let mut search = Search {
        workload,
        seen: vec![false; workload.tasks.len()],
        open: Vec::new(),
        found: Vec::new(),
    };
    for task in &workload.tasks {
        walk::each(&task.body, &mut |segment| search.enter(segment));
    }
    while let Some((task, verb)) = search.open.pop() {
        search.search_body(&workload.task(task).body, verb);
    }
    search.found
}

struct Search<'w> {
    workload: &'w Workload,
    /// The tasks whose bodies are searched, now or later.
    seen: Vec<bool>,
    /// Those of later, each with the word that runs it elsewhere. A chain of calls may be long.
    open: Vec<(TaskIndex, &'static str)>,
    found: Vec<Diagnostic>,
}

impl Search<'_> {
    /// Searches what a segment runs in another process.
    fn enter(&mut self, segment: &Segment) {
        match &segment.kind {
            SegmentKind::Offload {
                to: Executor::Process,
                work,
            } => match work {
                Work::Task(task) => self.search_task(*task, "process"),
                Work::Body(body) => self.search_body(body, "process"),
            },
            SegmentKind::Send { task, .. } => self.search_task(*task, "send"),
            _ => {}
        }
    }

    fn search_task(&mut self, task: TaskIndex, verb: &'static str) {
        if !std::mem::replace(&mut self.seen[task.0 as usize], true) {
            self.open.push((task, verb));
        }
    }

    fn search_body(&mut self, body: &Body, verb: &'static str) {
        let mut called = Vec::new();
        walk::each(body, &mut |segment| {
            called.extend(walk::named_tasks(&segment.kind));
            let Some(index) = walk::named_resource(&segment.kind) else {
                return;
            };
            let resource = self.workload.resource(index);
            if let ResourceKind::Pool { .. } = resource.kind {
                let place = self.workload.place(segment.id);
                let span = Span::new(place.start as usize, place.end as usize);
                let error = Diagnostic::pool_in_process(&resource.name, verb, span);
                self.found.push(error);
            }
        });
        for task in called {
            self.search_task(task, verb);
        }
    }
}
