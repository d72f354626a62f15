//! Findings that are wrong at any cost: deadlocks, late timeouts, and spawned work that is cut
//! off because no task waits for it.

use std::collections::BTreeMap;

use super::super::chain::Why;
use super::evidence::{Evidence, Site};
use super::{Change, Finding, FindingKind, Suspect, on_loop};
use model::time::{SimDuration, SimTime};
use model::trace::{Ending, InstanceId, Role, Span, State};
use model::workload::{
    Body, HandleIndex, Length, ResourceIndex, SegmentId, SegmentKind, TaskIndex,
};
use script::Edit;

/// A timeout that is late by less than 1/20 of its length counts as punctual.
const PUNCTUAL_SHARE: u64 = 20;

pub(super) fn look(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    find_deadlock(evidence, suspects);
    find_late_timeouts(evidence, suspects);
    find_lost_tasks(evidence, suspects);
}

fn find_deadlock(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let Ending::Deadlock(deadlock) = &evidence.trace.ending else {
        return;
    };
    // A script may expect its deadlock, e.g. to demonstrate one.
    let expected = evidence.workload.expectations.iter();
    if expected
        .clone()
        .any(|e| matches!(e.claim, model::workload::Claim::Deadlock))
    {
        return;
    }
    let circle = deadlock.cycle.iter().map(|index| &deadlock.waiters[*index]);
    let mut segments: Vec<SegmentId> = circle.map(|waiter| waiter.segment).collect();
    // Without a circle no task is in the way: an item, an event or a notification is missing.
    if segments.is_empty() {
        return;
    }
    segments.sort_unstable();
    segments.dedup();
    let finding = Finding {
        victims: deadlock.cycle.len() as u32,
        ..Finding::new(FindingKind::Deadlock, segments.clone(), 0)
    };
    // One of the tasks takes its two locks in the other order.
    let swaps = segments
        .iter()
        .filter_map(|inner| swapped_locks(evidence, *inner));
    let remedies = swaps.map(|edits| (Change::SameOrder, edits)).collect();
    suspects.push(finding.suspect(remedies));
}

fn resource_of(site: &Site) -> Option<ResourceIndex> {
    match site.segment.kind {
        SegmentKind::With { resource, .. } => Some(resource),
        _ => None,
    }
}

/// The edits that let the inner `with` and the one around it take their locks in the other order.
fn swapped_locks(evidence: &Evidence, inner: SegmentId) -> Option<Vec<Edit>> {
    let site = evidence.site(inner)?;
    let mine = resource_of(site)?;
    let mut outer = evidence.site(site.parent?)?;
    while resource_of(outer).is_none() {
        outer = evidence.site(outer.parent?)?;
    }
    let other = resource_of(outer)?;
    let name = |resource| &evidence.workload.resource(resource).name;
    Some(vec![
        evidence.script.set_resource(outer.segment.id, name(mine))?,
        evidence.script.set_resource(inner, name(other))?,
    ])
}

/// The late firings of one timeout: their sum, and the worst one.
#[derive(Clone, Copy, Debug)]
struct Late {
    by: SimDuration,
    sum: u128,
    count: u32,
    instance: InstanceId,
    deadline: SimTime,
}

fn find_late_timeouts(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for site in evidence.sites() {
        let SegmentKind::Timeout {
            after: Length::Fixed(after),
            body,
            ..
        } = &site.segment.kind
        else {
            continue;
        };
        let Some(late) = lateness(evidence, site, body, *after) else {
            continue;
        };
        let why = Why::new(evidence.run);
        let chain = why.chain(late.instance, late.deadline);
        // A timer that cannot fire leaves its instance awaiting; the culprit then holds the
        // loop.
        let culprit = chain
            .links
            .last()
            .filter(|link| link.state != State::Awaiting);
        let culprit = culprit
            .copied()
            .or_else(|| why.on_its_loop(late.instance, late.deadline));
        let culprit = culprit.map(|link| link.segment);
        let culprit = culprit.and_then(|segment| evidence.site(segment));
        let remedies = culprit.map(|site| on_loop::remedies(evidence, site));
        let mut segments = vec![site.segment.id];
        segments.extend(culprit.map(|site| site.segment.id));
        let finding = Finding {
            victims: late.count,
            length: late.by,
            ..Finding::new(FindingKind::LateTimeout, segments, late.sum)
        };
        suspects.push(finding.suspect(remedies.unwrap_or_default()));
    }
}

/// The sum by which all timeouts of a run are late.
pub(super) fn all_lateness(evidence: &Evidence) -> u128 {
    let late = evidence
        .sites()
        .filter_map(|site| match &site.segment.kind {
            SegmentKind::Timeout {
                after: Length::Fixed(after),
                body,
                ..
            } => lateness(evidence, site, body, *after),
            _ => None,
        });
    late.map(|late| late.sum).sum()
}

/// The lateness of a timeout: how much longer than `after` instances stayed inside its block.
fn lateness(evidence: &Evidence, site: &Site, body: &Body, after: SimDuration) -> Option<Late> {
    let mut worst: Option<Late> = None;
    each_stay(evidence, site, body, &mut |stay| {
        if let Some(late) = stay.late(after) {
            worst = Some(worst.map_or(late, |before| before.and(late)));
        }
    });
    worst
}

/// The time from an instance's entry into a timeout's block until it leaves the block.
#[derive(Clone, Copy, Debug)]
struct Stay {
    instance: InstanceId,
    start: SimTime,
    end: SimTime,
}

impl Stay {
    /// `None` if the timeout was punctual.
    fn late(self, after: SimDuration) -> Option<Late> {
        let by = self.end.since(self.start).saturating_sub(after);
        let is_late = by.saturating_mul(PUNCTUAL_SHARE) >= after && !by.is_zero();
        is_late.then(|| Late {
            by,
            sum: u128::from(by.as_nanos()),
            count: 1,
            instance: self.instance,
            deadline: self.start + after,
        })
    }
}

impl Late {
    /// Both together; the earlier one of equals is the worst.
    fn and(self, other: Self) -> Self {
        let worst = if self.by < other.by { other } else { self };
        Self {
            sum: self.sum + other.sum,
            count: self.count + other.count,
            ..worst
        }
    }
}

/// Visits the stays inside a timeout's block. Adjacent spans inside the block are one stay, unless
/// the instance has entered the block again.
fn each_stay(evidence: &Evidence, site: &Site, body: &Body, visit: &mut dyn FnMut(Stay)) {
    let entry = BlockEntry::of(evidence, site, body);
    let mut within = Vec::new();
    collect_segments(body, &mut within);
    within.sort_unstable();
    let is_within = |span: &Span| within.binary_search(&span.segment).is_ok();
    let mut current: Option<Stay> = None;
    let mut before: Option<&Span> = None;
    for span in evidence.spans.all() {
        // A timeout cancels the instance on the loop, not its work on another thread.
        let role = evidence.trace.instance(span.instance).role;
        let is_inside = is_within(span) && !role.is_work();
        let is_anew = entry.is_made_by(span, before.replace(span));
        current = match current {
            Some(stay)
                if is_inside
                    && !is_anew
                    && stay.instance == span.instance
                    && stay.end == span.start =>
            {
                Some(Stay {
                    end: span.end,
                    ..stay
                })
            }
            other => {
                other.into_iter().for_each(&mut *visit);
                is_inside.then_some(Stay {
                    instance: span.instance,
                    start: span.start,
                    end: span.end,
                })
            }
        };
    }
    current.into_iter().for_each(visit);
}

/// The first segment of a timeout's block that takes time. Where an instance begins it again, it
/// has entered the block again, e.g. in `repeat 2: timeout 500ms: await 300ms`.
struct BlockEntry(Option<SegmentId>);

impl BlockEntry {
    fn of(evidence: &Evidence, site: &Site, body: &Body) -> Self {
        let mut in_loop = false;
        let first = first_timed(body, &mut in_loop);
        // A loop inside the block begins the segment again without entering the block.
        let is_clear = !in_loop || is_repeated(evidence, site);
        Self(first.filter(|_| is_clear))
    }

    fn is_made_by(&self, span: &Span, before: Option<&Span>) -> bool {
        if self.0 != Some(span.segment) {
            return false;
        }
        let same = before
            .filter(|before| before.instance == span.instance && before.segment == span.segment);
        match (span.state, same.map(|before| before.state)) {
            // An await or a blocking call is one span; computing may be cut into several.
            (State::Awaiting, _) => true,
            (State::Blocking | State::Running, before) => !matches!(
                before,
                Some(State::Running | State::QueuedGil | State::QueuedCore)
            ),
            _ => false,
        }
    }
}

fn first_timed(body: &Body, in_loop: &mut bool) -> Option<SegmentId> {
    for segment in body {
        match &segment.kind {
            SegmentKind::Cpu { .. } | SegmentKind::Await { .. } | SegmentKind::Block { .. } => {
                return Some(segment.id);
            }
            SegmentKind::Repeat { body, .. } | SegmentKind::Forever { body } => {
                *in_loop = true;
                return first_timed(body, in_loop);
            }
            SegmentKind::Group { body } | SegmentKind::Try { body, .. } => {
                if let Some(first) = first_timed(body, in_loop) {
                    return Some(first);
                }
            }
            // These take no time.
            SegmentKind::Print { .. }
            | SegmentKind::Yield
            | SegmentKind::Respond
            | SegmentKind::Spawn { .. }
            | SegmentKind::SetEvent { .. }
            | SegmentKind::ClearEvent { .. }
            | SegmentKind::Release { .. } => {}
            // Waiting for others may come first, so the beginning is not known.
            _ => return None,
        }
    }
    None
}

fn is_repeated(evidence: &Evidence, site: &Site) -> bool {
    let mut parent = site.parent;
    while let Some(around) = parent.and_then(|id| evidence.site(id)) {
        if matches!(
            around.segment.kind,
            SegmentKind::Repeat { .. }
                | SegmentKind::AsCompleted { .. }
                | SegmentKind::Forever { .. }
        ) {
            return true;
        }
        parent = around.parent;
    }
    false
}

fn collect_segments(body: &Body, found: &mut Vec<SegmentId>) {
    for segment in body {
        found.push(segment.id);
        for body in segment.kind.bodies() {
            collect_segments(body, found);
        }
    }
}

/// Looks for spawned tasks that the end of the program cancelled while they were at work.
fn find_lost_tasks(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let mut state: Vec<Option<State>> = vec![None; evidence.trace.instances.len()];
    let mut lost: BTreeMap<TaskIndex, u32> = BTreeMap::new();
    for record in evidence.trace.log.iter() {
        let instance = evidence.trace.instance(record.instance);
        let index = record.instance.0 as usize;
        // A cancellation without a cause comes from the shutdown of `asyncio.run`.
        let at_the_end = record.state == State::CancelRequested && record.cause.is_none();
        let at_work = matches!(
            state[index],
            Some(State::Awaiting | State::Running | State::Ready | State::Offloaded)
        );
        if at_the_end
            && at_work
            && instance.role == Role::Spawned
            && !runs_forever(evidence, instance.task)
        {
            *lost.entry(instance.task).or_default() += 1;
        }
        if !record.state.is_mark() {
            state[index] = Some(record.state);
        }
    }
    for (task, count) in lost {
        let spawns: Vec<&Site> = evidence
            .sites()
            .filter(|site| matches!(site.segment.kind, SegmentKind::Spawn { task: of, .. } if of == task))
            .filter(|site| !is_waited_for(evidence, site))
            .collect();
        let all = evidence.sites().filter(
            |site| matches!(site.segment.kind, SegmentKind::Spawn { task: of, .. } if of == task),
        );
        let finding = Finding {
            victims: count,
            ..Finding::new(
                FindingKind::ForgottenWait,
                all.map(|site| site.segment.id).collect(),
                0,
            )
        };
        let edits: Vec<Edit> = spawns
            .iter()
            .filter_map(|site| await_at_end(evidence, site))
            .flatten()
            .collect();
        let remedies = (!edits.is_empty()).then_some((Change::Wait, edits));
        suspects.push(finding.suspect(remedies.into_iter().collect()));
    }
}

/// Whether a task runs for ever, such as a worker: it is meant to be cancelled at the end.
fn runs_forever(evidence: &Evidence, task: TaskIndex) -> bool {
    let mut sites = evidence.sites().filter(|site| site.task == task);
    sites.any(|site| matches!(site.segment.kind, SegmentKind::Forever { .. }))
}

fn handle_of(site: &Site) -> Option<HandleIndex> {
    match site.segment.kind {
        SegmentKind::Spawn { handle, .. } => handle,
        _ => None,
    }
}

fn is_waited_for(evidence: &Evidence, spawn: &Site) -> bool {
    let Some(mine) = handle_of(spawn) else {
        return false;
    };
    let mut own = evidence.sites().filter(|site| site.task == spawn.task);
    own.any(|site| matches!(site.segment.kind, SegmentKind::Wait { handle } if handle == mine))
}

/// Adds `wait f` after the last segment of the body that spawns `f`. If several spawns share a
/// handle, `spawn f` becomes `spawn f as f_2`.
fn await_at_end(evidence: &Evidence, spawn: &Site) -> Option<Vec<Edit>> {
    // In a block, e.g. `repeat`, one `wait` at the end may not suffice.
    if spawn.parent.is_some() {
        return None;
    }
    let SegmentKind::Spawn { task, .. } = spawn.segment.kind else {
        return None;
    };
    let definition = evidence.workload.task(spawn.task);
    let mut own = evidence.sites().filter(|site| site.task == spawn.task);
    let shared = own.any(|site| {
        site.segment.id != spawn.segment.id
            && handle_of(site) == handle_of(spawn)
            && handle_of(site).is_some()
    });
    let own_handle = handle_of(spawn).filter(|_| !shared);
    let handle = match own_handle {
        Some(HandleIndex(index)) => definition.handles.get(usize::from(index))?.clone(),
        None => {
            let name = &evidence.workload.task(task).name;
            format!("{name}_{}", spawn.segment.id.0 + 1)
        }
    };
    let wait = evidence
        .script
        .append(spawn.task, &format!("wait {handle}"))?;
    if own_handle.is_some() {
        return Some(vec![wait]);
    }
    let named = evidence.script.name_handle(spawn.segment.id, &handle)?;
    Some(vec![named, wait])
}
