//! The formula of a run: its total as a closed form, e.g. `3s = ceil(100/40) × 1s`.
//!
//! Candidates are built from the script. Only a candidate that equals the simulated total to
//! the nanosecond is shown, and only if each term of its maxima ends when a task ends in the
//! schedule: `max(3s + 5s, 2s)` is wrong for a task of 2 s that starts at 3 s. In that case the
//! terms are built from the schedule: `max(3s + 5s, 3s + 2s)`. If no candidate is right, the
//! formula is the critical path as a sum. If that is too long to read, or lengths are random,
//! there is no formula but a reason ([`NoFormula`]).
//!
//! - [`expr`]: the parts of a formula. [`alone`]: the duration of a body by itself.
//! - [`together`]: tasks that delay each other. [`overlap`]: the check of maxima.
//! - [`words`]: the sentences.
//!
//! # What this leaves out
//!
//! - Other candidates may equal the total, too; the simplest one is shown.

mod alone;
mod expr;
mod overlap;
mod together;
mod words;

pub use expr::Expr;

use std::cmp::Reverse;

use alone::Alone;
use model::time::{SimDuration, SimTime};
use model::trace::critical::{PathPiece, critical_path, path_between};
use model::trace::{AnalysedRun, Ending, InstanceId, Spans, State, Trace};
use model::workload::{Arrivals, Length, Run, Segment, SegmentId, SegmentKind, TaskKind, Workload};
use together::Crowd;

/// Longer formulas explain nothing.
const SIZE_MAX: usize = 9;

/// The total as a closed form.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    pub expr: Expr,
    pub total: SimDuration,
}

/// The reason why there is no formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFormula {
    /// Lengths or arrivals are random.
    Drawn,
    /// `until`, a deadlock or a limit ended the run.
    CutOff,
    /// The sum would be too long to read.
    TooLong,
    /// Tasks share a thread or a core in time slices.
    Sliced,
}

impl Formula {
    /// Whether the formula explains more than the total itself, e.g. not just `3s = 3s`.
    pub fn says_something(&self) -> bool {
        self.expr.size() > 1
    }
}

/// Finds the formula of a run.
pub fn formula(run: &AnalysedRun) -> Result<Formula, NoFormula> {
    let (workload, trace) = (run.workload(), run.trace());
    if trace.ending != Ending::Finished {
        return Err(NoFormula::CutOff);
    }
    if is_drawn(workload) {
        return Err(NoFormula::Drawn);
    }
    let total = run.total();
    let fits = |expr: &Expr| expr.value() == total && expr.size() <= SIZE_MAX;
    let mut overlaps_wrongly = false;
    // From simple to complicated: the first candidate that fits is the simplest.
    for crowd in Crowd::ALL {
        let Some(terms) = terms(workload, crowd) else {
            continue;
        };
        let expr = crowd.combine(terms.clone());
        if !fits(&expr) {
            continue;
        }
        if overlap::ends_with_runs(&terms, crowd, run) && overlap::is_in_schedule(&expr, trace) {
            return Ok(Formula { expr, total });
        }
        overlaps_wrongly |= !crowd.is_sequential();
    }
    if trace.is_too_long_for_detail() {
        return Err(NoFormula::TooLong);
    }
    let paths = Paths::of(run);
    if overlaps_wrongly && let Some(expr) = paths.longest_run().filter(fits) {
        return Ok(Formula { expr, total });
    }
    let expr = paths.sum_of(&critical_path(trace, paths.spans))?;
    if fits(&expr) {
        Ok(Formula { expr, total })
    } else {
        Err(NoFormula::TooLong)
    }
}

/// Whether arrivals or lengths are random.
fn is_drawn(workload: &Workload) -> bool {
    let poisson = |run: &Run| matches!(run.arrivals, Arrivals::Poisson { .. });
    let drawn = |segment: &Segment| {
        let (SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. }
        | SegmentKind::Timeout { after: length, .. }
        | SegmentKind::WaitFor { after: length, .. }) = &segment.kind
        else {
            return false;
        };
        !matches!(length, Length::Fixed(_))
    };
    workload.runs.iter().any(poisson) || workload.segments().into_iter().flatten().any(drawn)
}

/// The terms of a candidate, one for each `run` line, if their tasks meet in the way of `crowd`.
fn terms(workload: &Workload, crowd: Crowd) -> Option<Vec<Expr>> {
    let alone = Alone {
        workload,
        crowd,
        depth: 0,
    };
    let runs = workload.runs.iter();
    runs.map(|run| arriving(run, alone, workload)).collect()
}

fn arriving(run: &Run, alone: Alone, workload: &Workload) -> Option<Expr> {
    let moment = |length: SimDuration| Expr::Length {
        length,
        segments: Vec::new(),
    };
    match run.arrivals {
        Arrivals::Together { at } => {
            let taken = alone.several(run.count, run.task)?;
            Some(Expr::sum([moment(at), taken]))
        }
        // The instances do not meet: the total is the last arrival and its duration.
        Arrivals::Every { start, gap } if alone.crowd == Crowd::Apart => {
            let last = moment(gap).times(run.count.saturating_sub(1));
            Some(Expr::sum([moment(start), last, alone.task(run.task)?]))
        }
        // Each instance waits for all earlier ones: the total is the first arrival and the sum
        // of their durations.
        Arrivals::Every { start, .. } => {
            let is_sync = workload.task(run.task).kind == TaskKind::Sync;
            let taken = if is_sync {
                alone.several(run.count, run.task)?
            } else {
                alone.task(run.task)?.times(run.count)
            };
            Some(Expr::sum([moment(start), taken]))
        }
        Arrivals::Poisson { .. } => None,
    }
}

/// Paths through the schedule as sums of whole segments, e.g. `1s + 3 × 2s`.
struct Paths<'a> {
    workload: &'a Workload,
    segments: Vec<Option<&'a Segment>>,
    trace: &'a Trace,
    spans: &'a Spans,
}

impl<'a> Paths<'a> {
    fn of(run: &'a AnalysedRun) -> Self {
        Self {
            workload: run.workload(),
            segments: run.workload().segments(),
            trace: run.trace(),
            spans: run.spans(),
        }
    }

    /// The maximum of the ends of all `run` lines, each as the path to the last end of its task.
    fn longest_run(&self) -> Option<Expr> {
        // Each line is a term, so more of them cannot fit.
        if self.workload.runs.len() > SIZE_MAX {
            return None;
        }
        let terms = self.workload.runs.iter().map(|run| {
            let arrived = self.trace.instances.iter().zip(0..);
            let ends = arrived
                .filter(|(instance, _)| instance.parent.is_none() && instance.task == run.task)
                .filter_map(|(_, index)| {
                    let id = InstanceId(index);
                    let last = self.spans.of_instance(id).last()?;
                    Some((last.end, id))
                });
            // At the same end, the first instance.
            let (end, id) = ends.max_by_key(|&(end, id)| (end, Reverse(id)))?;
            let path = path_between(self.trace, self.spans, id, SimTime::ZERO, end);
            self.sum_of(&path).ok()
        });
        let terms: Option<Vec<Expr>> = terms.collect();
        terms.map(Expr::longest)
    }

    fn sum_of(&self, path: &[PathPiece]) -> Result<Expr, NoFormula> {
        let segments = &self.segments;
        let mut parts: Vec<(SegmentId, Option<State>, SimDuration)> = Vec::new();
        for piece in path {
            let working = matches!(
                piece.state,
                None | Some(State::Running | State::Blocking | State::Awaiting)
            );
            if piece.length().is_zero() {
                continue;
            }
            if !working {
                // Only work and awaiting are lengths in the script; any other wait has none.
                return Err(NoFormula::Sliced);
            }
            // Merges the pieces of one segment until they make up the whole segment.
            match parts.last_mut() {
                Some((segment, state, length))
                    if *segment == piece.segment
                        && *state == piece.state
                        && whole(segments, *segment) != Some(*length) =>
                {
                    *length += piece.length();
                }
                _ => parts.push((piece.segment, piece.state, piece.length())),
            }
            // No sum of this size fits; the bound saves time and memory.
            if parts.len() > 10_000 {
                return Err(NoFormula::TooLong);
            }
        }
        let lengths = parts
            .into_iter()
            .map(|(segment, state, length)| term(segments, segment, state, length));
        let lengths: Option<Vec<Expr>> = lengths.collect();
        lengths.map(Expr::sum).ok_or(NoFormula::Sliced)
    }
}

/// A part of the path, if it is the length of a segment or a multiple of it.
fn term(
    segments: &[Option<&Segment>],
    id: SegmentId,
    state: Option<State>,
    length: SimDuration,
) -> Option<Expr> {
    // Before an arrival there is no segment, e.g. in `run 1 ping at 3s`.
    if state.is_none() {
        return Some(Expr::Length {
            length,
            segments: Vec::new(),
        });
    }
    let whole = whole(segments, id).filter(|whole| !whole.is_zero())?;
    let (length, whole_nanos) = (length.as_nanos(), whole.as_nanos());
    let count = length / whole_nanos;
    (length % whole_nanos == 0).then(|| Expr::length(whole, id).times(count))
}

/// The length of a segment as written in the script.
fn whole(segments: &[Option<&Segment>], id: SegmentId) -> Option<SimDuration> {
    let segment = segments.get(id.0 as usize).copied().flatten()?;
    match segment.kind {
        SegmentKind::Cpu {
            length: Length::Fixed(length),
            ..
        }
        | SegmentKind::Await {
            length: Length::Fixed(length),
            ..
        }
        | SegmentKind::Block {
            length: Length::Fixed(length),
            ..
        }
        | SegmentKind::Timeout {
            after: Length::Fixed(length),
            ..
        }
        | SegmentKind::WaitFor {
            after: Length::Fixed(length),
            ..
        } => Some(length),
        _ => None,
    }
}
