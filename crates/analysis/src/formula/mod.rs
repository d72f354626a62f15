//! The formula beside the chart: the total as a closed form, where one exists.
//!
//! `ceil(100/40) × 1s = 3s`. Forms are put together from the script and tried;
//! only one that gives the simulated total, to the nanosecond, is shown. Where
//! none does, the critical path is a sum; where that is too long to be read, or
//! lengths are drawn, there is no formula, and that is said.
//!
//! - [`expr`]: what a formula is made of. [`alone`]: a body by itself.
//! - [`together`]: tasks in each other's way. [`words`]: how it is said.
//!
//! # What this leaves out
//!
//! - A form that fits may not be the only one; the simplest that fits is shown.

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

/// A formula that is longer explains nothing.
const SIZE_MAX: usize = 9;

/// The total as a closed form.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    pub expr: Expr,
    pub total: SimDuration,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFormula {
    /// Lengths or arrivals are random.
    Drawn,
    /// `until`, a deadlock, or a limit ended it.
    CutOff,
    /// The sum of what it takes would be too long.
    TooLong,
    /// Tasks share a thread or a core in slices.
    Sliced,
}

impl Formula {
    /// Whether it says more than the total does.
    pub fn says_something(&self) -> bool {
        self.expr.size() > 1
    }
}

/// The total of a run as a formula.
pub fn formula(workload: &Workload, trace: &Trace) -> Result<Formula, NoFormula> {
    if trace.ending != Ending::Finished {
        return Err(NoFormula::CutOff);
    }
    if is_drawn(workload) {
        return Err(NoFormula::Drawn);
    }
    let total = trace.end.since(SimTime::ZERO);
    let fits = |expr: &Expr| expr.value() == total && expr.size() <= SIZE_MAX;
    let forms = Crowd::ALL
        .into_iter()
        .flat_map(|crowd| forms(workload, crowd));
    if let Some(expr) = forms.into_iter().find(fits) {
        return Ok(Formula { expr, total });
    }
    let expr = path(workload, trace)?;
    match fits(&expr) {
        true => Ok(Formula { expr, total }),
        false => Err(NoFormula::TooLong),
    }
}

fn is_drawn(workload: &Workload) -> bool {
    let poisson = |run: &Run| matches!(run.arrivals, Arrivals::Poisson { .. });
    let drawn = |segment: &Segment| {
        let length = match &segment.kind {
            SegmentKind::Cpu { length, .. }
            | SegmentKind::Await { length, .. }
            | SegmentKind::Block { length, .. }
            | SegmentKind::Timeout { after: length, .. } => length,
            _ => return false,
        };
        !matches!(length, Length::Fixed(_))
    };
    workload.runs.iter().any(poisson) || workload.segments().into_iter().flatten().any(drawn)
}

/// What all runs come to, if they meet like this.
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
        // None meets another: the last one arrives, and takes its time.
        Arrivals::Every { start, gap } if alone.crowd == Crowd::Apart => {
            let last = moment(gap).times(run.count.saturating_sub(1));
            Some(Expr::sum([moment(start), last, alone.task(run.task)?]))
        }
        // Each waits for all before it: the first arrives, and all take theirs.
        Arrivals::Every { start, .. } => {
            let is_sync = workload.task(run.task).kind == TaskKind::Sync;
            let taken = match is_sync {
                true => alone.several(run.count, run.task)?,
                false => alone.task(run.task)?.times(run.count),
            };
            Some(Expr::sum([moment(start), taken]))
        }
        Arrivals::Poisson { .. } => None,
    }
}

/// The critical path as a sum of whole segments.
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
            return Err(NoFormula::Sliced);
        }
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

/// A stretch of the path, if it is a segment's length, or some of them in a row.
fn term(
    segments: &[Option<&Segment>],
    id: SegmentId,
    state: Option<State>,
    length: SimDuration,
) -> Option<Expr> {
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

/// How long the segment says it is.
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
