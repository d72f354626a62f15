//! The formula of a run: its total as a closed form, e.g. `3s = ceil(100/40) × 1s`.
//!
//! Candidates are built from the script. Only a candidate that equals the simulated total to
//! the nanosecond is shown. If there is none, the formula is the critical path as a sum. If
//! that is too long to read, or lengths are random, there is no formula but a reason
//! ([`NoFormula`]).
//!
//! - [`expr`]: the parts of a formula. [`alone`]: the duration of a body by itself.
//! - [`together`]: tasks that delay each other. [`words`]: the sentences.
//!
//! # What this leaves out
//!
//! - Other candidates may equal the total, too; the simplest one is shown.

mod alone;
mod expr;
mod together;
mod words;

pub use expr::Expr;

use alone::Alone;
use model::time::{SimDuration, SimTime};
use model::trace::critical::critical_path;
use model::trace::{Ending, Spans, State, Trace};
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
pub fn formula(workload: &Workload, trace: &Trace) -> Result<Formula, NoFormula> {
    if trace.ending != Ending::Finished {
        return Err(NoFormula::CutOff);
    }
    if is_drawn(workload) {
        return Err(NoFormula::Drawn);
    }
    let total = trace.end.since(SimTime::ZERO);
    let fits = |expr: &Expr| expr.value() == total && expr.size() <= SIZE_MAX;
    // From simple to complicated: the first candidate that fits is the simplest.
    let forms = Crowd::ALL
        .into_iter()
        .filter_map(|crowd| forms(workload, crowd));
    if let Some(expr) = forms.into_iter().find(fits) {
        return Ok(Formula { expr, total });
    }
    let expr = path(workload, trace)?;
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
        | SegmentKind::Timeout { after: length, .. }) = &segment.kind
        else {
            return false;
        };
        !matches!(length, Length::Fixed(_))
    };
    workload.runs.iter().any(poisson) || workload.segments().into_iter().flatten().any(drawn)
}

/// The candidate for all `run` lines, if their tasks meet in the way of `crowd`.
fn forms(workload: &Workload, crowd: Crowd) -> Option<Expr> {
    let alone = Alone {
        workload,
        crowd,
        depth: 0,
    };
    let runs: Option<Vec<Expr>> = workload
        .runs
        .iter()
        .map(|run| arriving(run, alone, workload))
        .collect();
    crowd.of_members(runs?.into_iter().map(Some))
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

/// The critical path as a sum of whole segments, e.g. `1s + 3 × 2s`.
fn path(workload: &Workload, trace: &Trace) -> Result<Expr, NoFormula> {
    if trace.is_too_long_for_detail() {
        return Err(NoFormula::TooLong);
    }
    let spans = Spans::of(trace);
    let segments = workload.segments();
    let mut parts: Vec<(SegmentId, Option<State>, SimDuration)> = Vec::new();
    for piece in critical_path(trace, &spans) {
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
                    && whole(&segments, *segment) != Some(*length) =>
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
        .map(|(segment, state, length)| term(&segments, segment, state, length));
    let lengths: Option<Vec<Expr>> = lengths.collect();
    lengths.map(Expr::sum).ok_or(NoFormula::Sliced)
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
        } => Some(length),
        _ => None,
    }
}
