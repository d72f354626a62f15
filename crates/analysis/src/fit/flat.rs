//! The plainest script of a run: each task is one wait, from its beginning to its end.
//!
//! It repeats every run, and explains nothing. A trace that no run has left, e.g. one that ends
//! after all of its tasks, has another total.

use super::lives::{self, Life, LifeIndex, StepKind};
use super::{Fidelity, FitNote, FitSource, FittedScript, NoteKind, judge};
use super::{expected_ends, tasks, text};
use model::trace::{Role, Trace};
use std::collections::BTreeSet;

pub(super) fn fit(source: &FitSource<'_>, trace: &Trace) -> Option<FittedScript> {
    let mut lives = lives::read(trace);
    let end_of = |life: &Life| life.end.map_or(trace.end, |(_, at)| at);
    let whole: Vec<LifeIndex> = (0..lives.all.len())
        .filter(|&life| {
            let own = &lives.all[life];
            let owner = own.parent.map(|owner| &lives.all[owner]);
            // A part is in the life of its owner, unless its thread went on after that.
            own.role != Role::Part || owner.is_none_or(|owner| end_of(own) > end_of(owner))
        })
        .collect();
    let kept: BTreeSet<LifeIndex> = whole.iter().copied().collect();
    for (index, life) in lives.all.iter_mut().enumerate() {
        let end = life.end.map_or(trace.end, |(_, at)| at);
        let length = end.since(life.begun);
        let first = life.steps.first().cloned();
        if !kept.contains(&index) {
            life.end = None;
        }
        life.is_work = false;
        life.lane = None;
        // None of them has anything to do with another.
        life.role = Role::Arrived;
        life.parent = None;
        life.steps.clear();
        if let Some(mut step) = first
            && !length.is_zero()
        {
            step.kind = StepKind::Await(length);
            life.steps.push(step);
        }
    }
    lives.tokens.clear();
    let first = |life: &LifeIndex| lives.all[*life].begun;
    let mut arrived = whole;
    arrived.sort_by_key(first);
    lives.arrived = arrived;
    let fidelity = Fidelity {
        failures: false,
        groups: false,
        permits: false,
        lengths: true,
    };
    let program = tasks::write(&lives, &[], fidelity, source);
    let written = text::write(&program, trace, source);
    let expected = expected_ends(&lives, &program, &written.names, false);
    let (total, agreement) = judge(&written.text, trace, &expected, false)?;
    Some(FittedScript {
        text: written.text,
        notes: vec![FitNote {
            line: 0,
            kind: NoteKind::Flat,
        }],
        total,
        agreement,
    })
}
