//! Findings about code that holds the event loop: blocking calls and long computations.

use super::super::scarce::Scarce;
use super::evidence::{Evidence, Site};
use super::{Change, Finding, FindingKind, Suspect, edits};
use model::time::SimDuration;
use model::workload::SegmentKind;
use script::Edit;
use script::vocabulary::Verb;

/// The threshold of asyncio's debug mode (`loop.slow_callback_duration`).
const SLOW_CALLBACK: SimDuration = SimDuration::from_millis(100);
/// Arguments and result travel between processes in about this time.
const TRAVEL_TIME: SimDuration = SimDuration::from_millis(5);
/// Waiting below 1/20 of the total is not reported.
const PETTY_SHARE: u128 = 20;

pub(super) fn look(evidence: &Evidence, suspects: &mut Vec<Suspect>) {
    for site in evidence.sites() {
        let id = site.segment.id;
        let used = evidence.used(id);
        let cost = evidence.blame.of(id, Scarce::Loop);
        if evidence.is_petty(cost, PETTY_SHARE) {
            continue;
        }
        let kind = match site.segment.kind {
            SegmentKind::Block { .. } => FindingKind::BlockingOnLoop,
            SegmentKind::Cpu { .. } if used.longest >= SLOW_CALLBACK => FindingKind::CpuOnLoop,
            _ => continue,
        };
        let finding = Finding {
            victims: evidence.blame.victims_of(Scarce::Loop),
            length: used.longest,
            ..Finding::new(kind, vec![id], cost)
        };
        suspects.push(finding.suspect(remedies(evidence, site)));
    }
}

/// The changes that take the work of a segment off its loop, e.g. `cpu 3s` → `process (cpu 3s)`.
pub(super) fn remedies(evidence: &Evidence, site: &Site) -> Vec<(Change, Vec<Edit>)> {
    let kind = &site.segment.kind;
    let mut found = Vec::new();
    if site.sync {
        // A coroutine calls this plain function: the caller can hand it to a thread or a
        // process.
        let change = match kind {
            SegmentKind::Cpu { .. } => (Change::OtherProcess, Verb::Process),
            _ => (Change::OtherThread, Verb::Thread),
        };
        let calls = evidence
            .users_of(site.task)
            .filter(|user| !user.sync && matches!(user.segment.kind, SegmentKind::Call { .. }));
        if edits::is_short_computation(site, TRAVEL_TIME) {
            let edits = calls.filter_map(|user| edits::yield_behind(evidence, user));
            found.push((Change::Yield, edits.collect()));
            return found;
        }
        let edits = calls.filter_map(|user| evidence.script.set_verb(user.segment.id, change.1));
        found.push((change.0, edits.collect()));
        return found;
    }
    if let Some(edits) = edits::await_instead(evidence, site) {
        found.push((Change::AwaitInstead, edits));
    }
    // For a library without an async twin.
    if let Some(edit) = edits::on_thread(evidence, site) {
        found.push((Change::OtherThread, vec![edit]));
    }
    // A process costs more than a short computation: giving way between several is enough.
    if edits::is_short_computation(site, TRAVEL_TIME) {
        let edit = edits::yield_behind(evidence, site);
        found.extend(edit.map(|edit| (Change::Yield, vec![edit])));
    } else if let Some(edit) = edits::in_process(evidence, site) {
        found.push((Change::OtherProcess, vec![edit]));
    }
    found
}
