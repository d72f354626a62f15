//! Findings about exhausted resources: tokens, the GIL and the cores; and tokens spent on
//! trivial work.

use std::collections::BTreeSet;

use super::super::scarce::Scarce;
use super::evidence::Evidence;
use super::{Change, Finding, FindingKind, Suspect, edits};
use model::time::SimDuration;
use model::trace::{Role, State, Trace};
use model::workload::{Executor, SegmentId, SegmentKind, TaskIndex, Work};
use script::Edit;
use script::vocabulary::{SettingWord, Verb};

/// Waiting below 1/10 of the total is not reported.
const PETTY_SHARE: u128 = 10;
/// Work of at most this length is not worth the hand-over to a thread.
const TRIVIAL: SimDuration = SimDuration::from_millis(1);

pub(super) fn look(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    find_exhausted_pool(evidence, suspects);
    find_gil_bound_work(evidence, suspects);
    find_saturated_cores(evidence, suspects);
    find_trivial_offloads(evidence, suspects);
}

fn find_exhausted_pool(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let cost = evidence.cost(Scarce::Token);
    let segments = evidence.to_blame(Scarce::Token);
    if evidence.is_petty(cost, PETTY_SHARE) || segments.is_empty() {
        return;
    }
    // `async def` comes before a larger pool, because awaiting needs no thread at all.
    let mut remedies = Vec::new();
    let mut edits = Vec::new();
    for task in tasks_of(evidence, &segments) {
        // Only a handler can become a coroutine: `thread f` needs a `def`.
        let handles = evidence.workload.runs.iter().any(|run| run.task == task);
        if handles && let Some(more) = edits::async_handler(evidence, task, false) {
            edits.extend(more);
        }
    }
    if !edits.is_empty() {
        remedies.push((Change::AsyncHandler, edits));
    }
    // Large enough for all tasks that queued at the worst moment.
    let wanted = peak_count(evidence.trace, |state| state == State::QueuedToken);
    let size = evidence.workload.machine.pool.saturating_add(wanted);
    let size = size.min(model::limits::POOL_MAX);
    remedies.push((
        Change::LargerPool(size),
        vec![evidence.script.set(SettingWord::Pool, &size.to_string())],
    ));
    let finding = Finding {
        victims: evidence.blame.victims_of(Scarce::Token),
        length: longest_span(evidence, State::QueuedToken),
        ..Finding::new(FindingKind::PoolExhausted, segments, cost)
    };
    suspects.push(finding.suspect(remedies));
}

fn find_gil_bound_work(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let cost = evidence.cost(Scarce::Gil);
    let mut segments = evidence.to_blame(Scarce::Gil);
    segments.retain(|segment| {
        let used = evidence.used(*segment);
        // Handing work of a millisecond to a process takes as long as the work.
        !used.in_thread.is_zero() && !is_trivial(evidence, *segment)
    });
    if evidence.is_petty(cost, PETTY_SHARE) || segments.is_empty() {
        return;
    }
    let mut edits: Vec<Edit> = Vec::new();
    for segment in &segments {
        let Some(site) = evidence.site(*segment) else {
            continue;
        };
        // The offload decides where the work runs: `thread:` becomes `process:`.
        if let Some((offload, _)) = evidence.offload_around(*segment) {
            edits.extend(evidence.script.set_verb(offload, Verb::Process));
            continue;
        }
        let users = evidence.users_of(site.task);
        let changed: Vec<Edit> = users
            .filter_map(|user| evidence.script.set_verb(user.segment.id, Verb::Process))
            .collect();
        // Without such segments the task is a handler, whose computations move to processes.
        if changed.is_empty() {
            edits.extend(edits::async_handler(evidence, site.task, true).unwrap_or_default());
        } else {
            edits.extend(changed);
        }
    }
    // Two segments in one offload give the same edit.
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    let finding = Finding {
        victims: evidence.blame.victims_of(Scarce::Gil),
        ..Finding::new(FindingKind::GilBound, segments, cost)
    };
    suspects.push(finding.suspect(vec![(Change::OtherProcess, edits)]));
}

/// Whether the segment computes for at most [`TRIVIAL`].
fn is_trivial(evidence: &Evidence, segment: SegmentId) -> bool {
    let kind = evidence.site(segment).map(|site| &site.segment.kind);
    matches!(
        kind,
        Some(SegmentKind::Cpu {
            length: model::workload::Length::Fixed(length),
            ..
        }) if *length <= TRIVIAL
    )
}

fn find_saturated_cores(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let cost = evidence.cost(Scarce::Core);
    let segments = evidence.to_blame(Scarce::Core);
    if evidence.is_petty(cost, PETTY_SHARE) || segments.is_empty() {
        return;
    }
    let wants = |state| matches!(state, State::Running | State::QueuedCore);
    let count = peak_count(evidence.trace, wants).min(model::limits::CORES_MAX);
    let edit = evidence.script.set(SettingWord::Cores, &count.to_string());
    let finding = Finding {
        victims: evidence.blame.victims_of(Scarce::Core),
        ..Finding::new(FindingKind::CoresSaturated, segments, cost)
    };
    suspects.push(finding.suspect(vec![(Change::MoreCores(count), vec![edit])]));
}

/// Looks for offloaded work that takes hardly any time but waits for a token, e.g.
/// `thread (cpu 10us)`.
fn find_trivial_offloads(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for site in evidence.sites() {
        let id = site.segment.id;
        let SegmentKind::Offload {
            to: Executor::Pool,
            work,
        } = &site.segment.kind
        else {
            continue;
        };
        let used = evidence.used(id);
        let cost = u128::from(used.for_token.as_nanos());
        if evidence.is_petty(cost, PETTY_SHARE) || computing_time(evidence, work) > TRIVIAL {
            continue;
        }
        let edit = inlined(evidence, id, work);
        let remedies = edit.map(|edit| (Change::Inline, vec![edit]));
        let finding = Finding {
            victims: evidence.blame.victims_of(Scarce::Token),
            length: used.for_token,
            ..Finding::new(FindingKind::TrivialOffload, vec![id], cost)
        };
        suspects.push(finding.suspect(remedies.into_iter().collect()));
    }
}

/// The work on the loop instead: `thread f` to `call f`, `thread (cpu 1ms)` to `cpu 1ms`.
fn inlined(evidence: &Evidence, offload: SegmentId, work: &Work) -> Option<Edit> {
    match work {
        Work::Task(_) => evidence.script.set_verb(offload, Verb::Call),
        Work::Body(_) => evidence.script.inline(offload),
    }
}

/// The duration of work that only computes. Other work counts as long, so that it is never
/// reported as trivial.
fn computing_time(evidence: &Evidence, work: &Work) -> SimDuration {
    let body = match work {
        Work::Task(task) => &evidence.workload.task(*task).body,
        Work::Body(body) => body,
    };
    let mut sum = SimDuration::ZERO;
    for segment in body {
        match &segment.kind {
            SegmentKind::Cpu {
                length: model::workload::Length::Fixed(length),
                ..
            } => sum += *length,
            SegmentKind::Print { .. } => {}
            _ => return SimDuration::HOUR,
        }
    }
    sum
}

fn tasks_of(evidence: &Evidence, segments: &[SegmentId]) -> BTreeSet<TaskIndex> {
    let sites = segments
        .iter()
        .filter_map(|segment| evidence.site(*segment));
    sites.map(|site| site.task).collect()
}

/// The largest number of instances in such a state at the same time. A number that lasts no time
/// does not count.
fn peak_count(trace: &Trace, counts: impl Fn(State) -> bool) -> u32 {
    let mut inside = vec![false; trace.instances.len()];
    let (mut level, mut peak, mut now) = (0_u32, 0_u32, None);
    for record in trace.log.iter().filter(|record| !record.state.is_mark()) {
        if now != Some(record.at) {
            peak = peak.max(level);
            now = Some(record.at);
        }
        let is = counts(record.state);
        let was = std::mem::replace(&mut inside[record.instance.0 as usize], is);
        level = level + u32::from(is) - u32::from(was);
    }
    peak.max(level)
}

fn longest_span(evidence: &Evidence, state: State) -> SimDuration {
    let spans = evidence
        .spans
        .all()
        .iter()
        .filter(|span| span.state == state);
    let own =
        |span: &&model::trace::Span| evidence.trace.instance(span.instance).role != Role::Part;
    let lengths = spans.filter(own).map(|span| span.length());
    lengths.max().unwrap_or_default()
}
