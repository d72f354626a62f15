//! Measured bars behind the predicted ones, row by row on one axis.
//!
//! Two traces of one script number their instances differently; instances with the same task
//! and number correspond. Measured instances without a row in the chart are left out. Reading
//! measured traces is left to `import` and `verify`.

use crate::scene::geometry::Rect;
use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use crate::scene::rows::RowOwner;
use crate::scene::shape::{Paint, Shape};
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use model::time::SimTime;
use model::trace::{Role, Trace};
use model::workload::TaskIndex;

/// The instance of a row: a task and the number of the instance.
pub type InstanceKey = (TaskIndex, u32);

/// A part of a measured or predicted bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverlaySpan {
    pub start: SimTime,
    pub end: SimTime,
    pub kind: Kind,
}

impl OverlaySpan {
    pub fn of(piece: &Piece) -> Self {
        let Piece {
            start, end, kind, ..
        } = *piece;
        Self { start, end, kind }
    }
}

/// The measured bars of all instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghosts {
    pub rows: Vec<(InstanceKey, Vec<OverlaySpan>)>,
    pub end: SimTime,
}

impl Ghosts {
    /// The bars of a trace in which a second of the script took `scale` seconds.
    pub fn of(timeline: &Timeline, trace: &Trace, scale: f64) -> Self {
        let time = |at: SimTime| SimTime::from_nanos((at.as_nanos() as f64 / scale).round() as u64);
        let stretches = |row: usize| {
            let pieces = timeline.pieces(row).iter();
            pieces
                .map(|piece| OverlaySpan {
                    start: time(piece.start),
                    end: time(piece.end),
                    kind: piece.kind,
                })
                .collect()
        };
        let rows = instance_rows(timeline, trace);
        Self {
            rows: rows
                .into_iter()
                .map(|(who, row)| (who, stretches(row)))
                .collect(),
            end: time(trace.end),
        }
    }

    /// The bars by row of another timeline; empty for rows that were not measured.
    pub fn behind(mut self, timeline: &Timeline, trace: &Trace) -> Vec<Vec<OverlaySpan>> {
        let mut behind = vec![Vec::new(); timeline.rows().len()];
        // Both are usually in the same order, so the next one is found at once.
        let mut next = 0;
        for (who, row) in instance_rows(timeline, trace) {
            let count = self.rows.len();
            let mut indices = (next..count).chain(0..next.min(count));
            if let Some(index) = indices.find(|&index| self.rows[index].0 == who) {
                behind[row] = std::mem::take(&mut self.rows[index].1);
                next = index + 1;
            }
        }
        behind
    }
}

/// The instance of each row. Rows of parts and of threads have none.
pub fn instance_rows(timeline: &Timeline, trace: &Trace) -> Vec<(InstanceKey, usize)> {
    let subjects = timeline.rows().iter().enumerate();
    subjects
        .filter_map(|(row, subject)| match subject.subject {
            RowOwner::Instance(id) => {
                let instance = trace.instance(id);
                (instance.role != Role::Part).then_some(((instance.task, instance.number), row))
            }
            RowOwner::Lane(_) => None,
        })
        .collect()
}

/// Draws the measured bars of one row.
pub fn draw_overlay_row(
    shapes: &mut Vec<Shape>,
    stretches: impl IntoIterator<Item = OverlaySpan>,
    viewport: &Viewport,
    top: f64,
    height: f64,
) {
    draw_narrow_spans(shapes, stretches, viewport, (top, height), Paint::Ghost);
}

/// Draws bars without patterns and labels. Bars narrower than half a pixel are merged with
/// their neighbours.
pub fn draw_narrow_spans(
    shapes: &mut Vec<Shape>,
    stretches: impl IntoIterator<Item = OverlaySpan>,
    viewport: &Viewport,
    (top, height): (f64, f64),
    paint: fn(Kind) -> Paint,
) {
    let mut drawn = f64::NEG_INFINITY;
    for stretch in stretches {
        if stretch.end <= viewport.start() || stretch.start >= viewport.end() {
            continue;
        }
        let left = viewport.x_within(stretch.start);
        let right = viewport.x_within(stretch.end);
        if right - drawn < 0.5 {
            continue;
        }
        // Does not draw over the previous bar: both are translucent.
        let left = left.max(drawn);
        let area = Rect::new(left, top, right - left, height);
        shapes.push(Shape::rect(area, 2.0, paint(stretch.kind)));
        drawn = right;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::rows::By;
    use model::trace::Spans;
    use model::trace::staged::stage;
    use model::workload::Workload;

    fn staged() -> (Workload, Trace) {
        stage(
            "task a: cpu 3, await 5\na#1 arrived\na#2 arrived\n0 a#1 ready\n0 a#2 ready\n\
             0 a#1 running @0 on loop\n3 a#1 awaiting @1\n3 a#2 running @0 on loop\n\
             6 a#2 awaiting @1\n8 a#1 done\n11 a#2 done",
        )
    }

    #[test]
    fn measured_bars_are_behind_their_instance_at_any_scale() {
        let (workload, trace) = staged();
        let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
        let ghosts = Ghosts::of(&timeline, &trace, 0.1);
        assert_eq!(ghosts.end.as_nanos(), trace.end.as_nanos() * 10);
        let behind = ghosts.behind(&timeline, &trace);
        assert_eq!(behind.len(), 2);
        for (row, stretches) in behind.iter().enumerate() {
            let pieces = timeline.pieces(row);
            let tenfold = |at: SimTime| SimTime::from_nanos(at.as_nanos() * 10);
            let expected: Vec<OverlaySpan> = pieces
                .iter()
                .map(|piece| OverlaySpan {
                    start: tenfold(piece.start),
                    end: tenfold(piece.end),
                    kind: piece.kind,
                })
                .collect();
            assert_eq!(*stretches, expected);
        }
    }

    #[test]
    fn threads_have_no_measured_bars() {
        let (workload, trace) = staged();
        let spans = Spans::of(&trace);
        let tasks = Timeline::new(&workload, &trace, &spans, By::Tasks);
        let threads = Timeline::new(&workload, &trace, &spans, By::Threads);
        let behind = Ghosts::of(&tasks, &trace, 1.0).behind(&threads, &trace);
        assert!(behind.iter().all(Vec::is_empty), "{behind:?}");
    }
}
