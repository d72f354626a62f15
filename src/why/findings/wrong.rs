//! What is wrong whatever it costs: deadlocks, timeouts that come too late,
//! work that nobody waits for.

use std::collections::BTreeMap;

use super::super::chain::Why;
use super::evidence::{Evidence, Site};
use super::{Change, Finding, FindingKind, Suspect, on_loop};
use crate::script::Edit;
use crate::time::{SimDuration, SimTime};
use crate::trace::{Ending, InstanceId, Role, Span, State};
use crate::workload::{
    Body, HandleIndex, Length, ResourceIndex, SegmentId, SegmentKind, TaskIndex,
};

/// A timeout that is late by less than one part in so many of its length is in time.
const LATE: u64 = 20;

pub(super) fn look(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    deadlock(evidence, suspects);
    late_timeouts(evidence, suspects);
    forgotten(evidence, suspects);
}

fn deadlock(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let Ending::Deadlock(deadlock) = &evidence.trace.ending else {
        return;
    };
    let expected = evidence.workload.expectations.iter();
    if expected
        .clone()
        .any(|e| matches!(e.claim, crate::workload::Claim::Deadlock))
    {
        return;
    }
    let circle = deadlock.cycle.iter().map(|index| &deadlock.waiters[*index]);
    let mut segments: Vec<SegmentId> = circle.map(|waiter| waiter.segment).collect();
    // Without a circle there is nobody in the way: something is never put, set or notified.
    if segments.is_empty() {
        return;
    }
    segments.sort_unstable();
    segments.dedup();
    let finding = Finding {
        victims: deadlock.cycle.len() as u32,
        ..Finding::new(FindingKind::Deadlock, segments.clone(), 0)
    };
    // One of those in the circle takes its two locks the other way round.
    let swaps = segments.iter().filter_map(|inner| swap(evidence, *inner));
    let remedies = swaps.map(|edits| (Change::SameOrder, edits)).collect();
    suspects.push(finding.suspect(remedies));
}

fn resource_of(site: &Site) -> Option<ResourceIndex> {
    match site.segment.kind {
        SegmentKind::With { resource, .. } => Some(resource),
        _ => None,
    }
}

fn swap(evidence: &Evidence, inner: SegmentId) -> Option<Vec<Edit>> {
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

/// How late a timeout was, at the worst, and when that began.
#[derive(Clone, Copy, Debug)]
struct Late {
    by: SimDuration,
    sum: u128,
    count: u32,
    instance: InstanceId,
    deadline: SimTime,
}

fn late_timeouts(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for site in evidence.sites() {
        let SegmentKind::Timeout {
            after: Length::Fixed(after),
            body,
            ..
        } = &site.segment.kind
        else {
            continue;
        };
        let Some(late) = lateness(evidence, body, *after) else {
            continue;
        };
        let why = Why::new(evidence.workload, evidence.trace, &evidence.spans);
        let chain = why.chain(late.instance, late.deadline);
        // A timer that cannot fire leaves it awaiting: it is its loop that is held.
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

/// How late all timeouts are together.
pub(super) fn all_lateness(evidence: &Evidence) -> u128 {
    let late = evidence
        .sites()
        .filter_map(|site| match &site.segment.kind {
            SegmentKind::Timeout {
                after: Length::Fixed(after),
                body,
                ..
            } => lateness(evidence, body, *after),
            _ => None,
        });
    late.map(|late| late.sum).sum()
}

/// Stretches that an instance spent inside a timeout's block, against what it allows.
fn lateness(evidence: &Evidence, body: &Body, after: SimDuration) -> Option<Late> {
    let mut within = Vec::new();
    collect(body, &mut within);
    within.sort_unstable();
    let is_within = |span: &Span| within.binary_search(&span.segment).is_ok();
    let mut worst: Option<Late> = None;
    let mut stretch: Option<(InstanceId, SimTime, SimTime)> = None;
    let mut end_of = |stretch: Option<(InstanceId, SimTime, SimTime)>| {
        let Some((instance, start, end)) = stretch else {
            return;
        };
        let by = end.since(start).saturating_sub(after);
        if by.saturating_mul(LATE) < after || by.is_zero() {
            return;
        }
        let sum = u128::from(by.as_nanos());
        let this = Late {
            by,
            sum,
            count: 1,
            instance,
            deadline: start + after,
        };
        worst = Some(match worst {
            None => this,
            Some(before) => {
                let most = if before.by < by { this } else { before };
                Late {
                    sum: before.sum + sum,
                    count: before.count + 1,
                    ..most
                }
            }
        });
    };
    for span in evidence.spans.all() {
        let role = evidence.trace.instance(span.instance).role;
        let inside = is_within(span) && !role.is_work();
        stretch = match stretch {
            Some((instance, start, end))
                if inside && instance == span.instance && end == span.start =>
            {
                Some((instance, start, span.end))
            }
            other => {
                end_of(other);
                inside.then_some((span.instance, span.start, span.end))
            }
        };
    }
    end_of(stretch);
    worst
}

fn collect(body: &Body, found: &mut Vec<SegmentId>) {
    for segment in body {
        found.push(segment.id);
        for body in segment.kind.bodies() {
            collect(body, found);
        }
    }
}

/// Tasks that the end of the program cancelled at work.
fn forgotten(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    let mut state: Vec<Option<State>> = vec![None; evidence.trace.instances.len()];
    let mut lost: BTreeMap<TaskIndex, u32> = BTreeMap::new();
    for record in evidence.trace.log.iter() {
        let instance = evidence.trace.instance(record.instance);
        let index = record.instance.0 as usize;
        let at_the_end = record.state == State::CancelRequested && record.cause.is_none();
        let at_work = matches!(
            state[index],
            Some(State::Awaiting | State::Running | State::Ready | State::Offloaded)
        );
        if at_the_end
            && at_work
            && instance.role == Role::Spawned
            && !turns(evidence, instance.task)
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

/// A worker that goes on for ever is meant to be cut off.
fn turns(evidence: &Evidence, task: TaskIndex) -> bool {
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

/// `wait f` behind the last segment of its body; where several share the
/// handle, `spawn f` becomes `spawn f as f_2`.
fn await_at_end(evidence: &Evidence, spawn: &Site) -> Option<Vec<Edit>> {
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
