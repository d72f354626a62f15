//! Endless recursion: tasks that certainly start each other in a circle, e.g. `a: call a`.
//!
//! Only certain cases are reported. A circle that may end by a wait, a failure, a timeout, a
//! cancellation or the end of the clock is left to the limits of the simulation
//! ([`model::limits`]).

use super::walk;
use model::workload::{Body, Length, Segment, SegmentKind, TaskIndex, Work, Workload};

/// The circles, each from its first task on; each task is in at most one of them.
pub(super) fn endless(workload: &Workload) -> Vec<Vec<TaskIndex>> {
    let scan = Scan::new(workload);
    let edges: Vec<Vec<TaskIndex>> = workload
        .tasks
        .iter()
        .map(|task| {
            let mut edges = Vec::new();
            scan.edges_of_body(&task.body, &mut edges);
            edges
        })
        .collect();
    circles(&edges)
}

/// Finds the segments that are certain to run.
struct Scan<'w> {
    workload: &'w Workload,
    /// Whether a circle that takes time may be interrupted by `until`, a timeout, a
    /// cancellation or a failure anywhere in the script.
    time_may_end_it: bool,
}

impl<'w> Scan<'w> {
    fn new(workload: &'w Workload) -> Self {
        let mut time_may_end_it = workload.machine.until.is_some();
        for task in &workload.tasks {
            walk::each(&task.body, &mut |segment| {
                time_may_end_it |= matches!(
                    segment.kind,
                    SegmentKind::Timeout { .. }
                        | SegmentKind::WaitFor { .. }
                        | SegmentKind::Cancel { .. }
                        | SegmentKind::Fail { .. }
                );
            });
        }
        Self {
            workload,
            time_may_end_it,
        }
    }

    /// Collects the tasks that a body certainly starts. Returns whether the segments after the
    /// body are certain to run, too.
    fn edges_of_body(&self, body: &Body, edges: &mut Vec<TaskIndex>) -> bool {
        body.iter()
            .all(|segment| self.edges_of_segment(segment, edges))
    }

    fn edges_of_segment(&self, segment: &Segment, edges: &mut Vec<TaskIndex>) -> bool {
        let kind = &segment.kind;
        // Even a segment that may wait for ever starts its task first.
        edges.extend(walk::named_tasks(kind));
        match kind {
            SegmentKind::Cpu { length, .. }
            | SegmentKind::Await { length, .. }
            | SegmentKind::Block { length, .. } => !self.time_may_end_it || is_nothing(*length),
            SegmentKind::Yield
            | SegmentKind::Spawn { .. }
            | SegmentKind::Send { .. }
            | SegmentKind::Shutdown { .. }
            | SegmentKind::Release { .. }
            | SegmentKind::SetEvent { .. }
            | SegmentKind::ClearEvent { .. }
            | SegmentKind::Notify { .. }
            | SegmentKind::Respond
            | SegmentKind::Print { .. } => true,
            SegmentKind::Call { .. }
            | SegmentKind::Shield { .. }
            | SegmentKind::Gather { .. }
            | SegmentKind::Offload {
                work: Work::Task(_),
                ..
            } => walk::named_tasks(kind)
                .iter()
                .all(|&task| self.task_ends(task)),
            SegmentKind::Offload {
                work: Work::Body(body),
                ..
            } => self.edges_of_body(body, edges),
            SegmentKind::Group { body } => {
                // The end of the group waits for its tasks, which need not end.
                self.edges_of_body(body, edges);
                false
            }
            SegmentKind::Try { body, finally, .. } => {
                self.edges_of_body(body, edges)
                    && finally
                        .as_ref()
                        .is_none_or(|finally| self.edges_of_body(finally, edges))
            }
            SegmentKind::Repeat { times, body } => *times == 0 || self.edges_of_body(body, edges),
            SegmentKind::Forever { body } => {
                self.edges_of_body(body, edges);
                false
            }
            SegmentKind::AsCompleted { body, .. } => {
                // A member that fails leaves the body.
                self.edges_of_body(body, edges);
                false
            }
            // These may wait for ever, or leave the body.
            SegmentKind::Wait { .. }
            | SegmentKind::Cancel { .. }
            | SegmentKind::Put { .. }
            | SegmentKind::Get { .. }
            | SegmentKind::With { .. }
            | SegmentKind::Acquire { .. }
            | SegmentKind::WaitEvent { .. }
            | SegmentKind::WaitCondition { .. }
            | SegmentKind::Timeout { .. }
            | SegmentKind::WaitFor { .. }
            | SegmentKind::Fail { .. } => false,
        }
    }

    /// Whether a task certainly ends, because it only computes and sleeps.
    fn task_ends(&self, task: TaskIndex) -> bool {
        self.workload
            .task(task)
            .body
            .iter()
            .all(|segment| match segment.kind {
                SegmentKind::Cpu { length, .. }
                | SegmentKind::Await { length, .. }
                | SegmentKind::Block { length, .. } => !self.time_may_end_it || is_nothing(length),
                SegmentKind::Yield | SegmentKind::Print { .. } => true,
                _ => false,
            })
    }
}

/// Whether a length is always zero.
pub(super) fn is_nothing(length: Length) -> bool {
    match length {
        Length::Fixed(duration) => duration.is_zero(),
        Length::Uniform { high, .. } => high.is_zero(),
        Length::Exponential { mean } => mean.is_zero(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum VisitMark {
    New,
    /// On the path from the start to the current task.
    Entered,
    Left,
}

/// Depth-first search with its own stack, because scripts may have chains of thousands of
/// tasks.
fn circles(edges: &[Vec<TaskIndex>]) -> Vec<Vec<TaskIndex>> {
    let mut marks = vec![VisitMark::New; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        if marks[start] != VisitMark::New {
            continue;
        }
        marks[start] = VisitMark::Entered;
        // The tasks on the path, each with the index of its next edge.
        let mut path = vec![(start, 0)];
        while let Some((task, next)) = path.last_mut() {
            let Some(target) = edges[*task].get(*next).map(|target| target.0 as usize) else {
                marks[*task] = VisitMark::Left;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[target] {
                VisitMark::New => {
                    marks[target] = VisitMark::Entered;
                    path.push((target, 0));
                }
                VisitMark::Entered => {
                    // The circle is the end of the path, from the target on.
                    let on_path = path.iter().map(|(task, _)| *task);
                    let circle: Vec<_> = on_path.skip_while(|&task| task != target).collect();
                    if circle.iter().all(|&task| !is_in(&found, task)) {
                        found.push(circle.iter().map(|&task| TaskIndex(task as u32)).collect());
                    }
                }
                VisitMark::Left => {}
            }
        }
    }
    found
}

fn is_in(circles: &[Vec<TaskIndex>], task: usize) -> bool {
    circles
        .iter()
        .flatten()
        .any(|other| other.0 as usize == task)
}
