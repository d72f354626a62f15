//! Smaller workloads that may show the same divergence.
//!
//! Each candidate is one edit away: it has a run, a segment or a clause less, the body in place
//! of a block, or a smaller number.

use model::time::SimDuration;
use model::workload::{Arrivals, Body, Length, Segment, SegmentKind, Work, Workload};

use super::layout::lay_out;

/// All workloads that are one edit smaller, the greatest reductions first.
pub(crate) fn smaller(workload: &Workload) -> Vec<Workload> {
    let mut candidates = Vec::new();
    for run in 0..workload.runs.len() {
        candidates.extend(smaller_run(workload, run));
    }
    for edit in [Edit::Remove, Edit::Unwrap, Edit::DropClause, Edit::Lessen] {
        for task in 0..workload.tasks.len() {
            // The number of sites is unknown; `edit_body` returns `false` after the last.
            for site in 0.. {
                let mut candidate = workload.clone();
                let mut left = site;
                if !edit_body(&mut candidate.tasks[task].body, edit, &mut left) {
                    break;
                }
                candidates.push(candidate);
            }
        }
    }
    candidates.retain_mut(|candidate| {
        let text = lay_out(candidate);
        // An edit can make a script invalid, e.g. by removing the spawn that a `wait` needs.
        candidate != workload && script::parse(&text).workload.is_some()
    });
    candidates
}

fn smaller_run(workload: &Workload, index: usize) -> Vec<Workload> {
    let mut candidates = Vec::new();
    if workload.runs.len() > 1 {
        let mut without = workload.clone();
        without.runs.remove(index);
        candidates.push(without);
    }
    let mut once = workload.clone();
    once.runs[index].count = 1;
    candidates.push(once);
    let mut at_once = workload.clone();
    // Simultaneous arrivals at 0 are the simplest form of a run.
    at_once.runs[index].arrivals = Arrivals::Together {
        at: SimDuration::ZERO,
    };
    candidates.push(at_once);
    candidates
}

#[derive(Clone, Copy)]
enum Edit {
    /// Removes a segment with everything in it.
    Remove,
    /// Replaces a block with its body.
    Unwrap,
    /// Removes a clause such as `else` or `finally`.
    DropClause,
    /// Decreases a number.
    Lessen,
}

/// Applies the edit at the site with index `left`; `false` if there are fewer sites.
fn edit_body(body: &mut Body, edit: Edit, left: &mut usize) -> bool {
    let mut index = 0;
    while index < body.len() {
        match edit {
            Edit::Remove => {
                if arrived(left) {
                    body.remove(index);
                    return true;
                }
            }
            Edit::Unwrap => {
                if inner_body(&mut body[index].kind).is_some() && arrived(left) {
                    let inner = inner_body(&mut body[index].kind).map(std::mem::take);
                    body.splice(index..=index, inner.unwrap_or_default());
                    return true;
                }
            }
            Edit::DropClause => {
                for clause in clauses(&mut body[index].kind) {
                    if clause.is_some() && arrived(left) {
                        *clause = None;
                        return true;
                    }
                }
            }
            Edit::Lessen => {
                if is_lessened(&mut body[index]) && arrived(left) {
                    lessen(&mut body[index]);
                    return true;
                }
            }
        }
        if let Some(inner) = inner_body(&mut body[index].kind)
            && edit_body(inner, edit, left)
        {
            return true;
        }
        for clause in clauses(&mut body[index].kind) {
            if let Some(inner) = clause
                && edit_body(inner, edit, left)
            {
                return true;
            }
        }
        index += 1;
    }
    false
}

/// Counts a site; `true` at the wanted one.
fn arrived(left: &mut usize) -> bool {
    match left.checked_sub(1) {
        Some(fewer) => {
            *left = fewer;
            false
        }
        None => true,
    }
}

/// The body of a block, except of `forever`, which shrinking keeps whole.
pub(super) fn inner_body(kind: &mut SegmentKind) -> Option<&mut Body> {
    match kind {
        SegmentKind::Group { body }
        | SegmentKind::AsCompleted { body, .. }
        | SegmentKind::With { body, .. }
        | SegmentKind::Repeat { body, .. }
        | SegmentKind::Timeout { body, .. }
        | SegmentKind::Try { body, .. }
        | SegmentKind::Offload {
            work: Work::Body(body),
            ..
        } => Some(body),
        _ => None,
    }
}

pub(super) fn clauses(kind: &mut SegmentKind) -> Vec<&mut Option<Body>> {
    match kind {
        SegmentKind::Timeout { otherwise, .. } | SegmentKind::WaitFor { otherwise, .. } => {
            vec![otherwise]
        }
        SegmentKind::Try {
            except, finally, ..
        } => vec![except, finally],
        _ => Vec::new(),
    }
}

fn is_lessened(segment: &mut Segment) -> bool {
    let mut copy = segment.clone();
    lessen(&mut copy);
    copy != *segment
}

fn lessen(segment: &mut Segment) {
    match &mut segment.kind {
        SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. }
        | SegmentKind::Timeout { after: length, .. }
        | SegmentKind::WaitFor { after: length, .. } => {
            if let Length::Fixed(fixed) = length
                && *fixed > SimDuration::MILLISECOND
            {
                *fixed -= SimDuration::MILLISECOND;
            }
        }
        SegmentKind::Repeat { times, .. } => *times = (*times - 1).max(1),
        SegmentKind::Gather { members, .. } | SegmentKind::AsCompleted { members, .. } => {
            if members.len() > 1 {
                members.pop();
            } else if let Some(member) = members.first_mut() {
                member.count = (member.count - 1).max(1);
            }
        }
        SegmentKind::Notify { count, .. } => *count = 1,
        _ => {}
    }
}
