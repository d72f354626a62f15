//! What was measured, as ghosts behind the bars of what was predicted: row by row, on
//! one axis.
//!
//! Two traces of one script have different instances; the same are those of one task
//! and one number. What was measured of nobody in the picture is left out of it.

use crate::scene::geometry::Rect;
use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use crate::scene::rows::Subject;
use crate::scene::shape::{Paint, Shape};
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::time::SimTime;
use crate::trace::{Role, Trace};
use crate::workload::TaskIndex;

/// Whose row it is: a task, and which of its instances.
pub type Who = (TaskIndex, u32);

/// A stretch of a bar, of whatever trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start: SimTime,
    pub end: SimTime,
    pub kind: Kind,
}

impl Stretch {
    pub fn of(piece: &Piece) -> Self {
        let Piece {
            start, end, kind, ..
        } = *piece;
        Self { start, end, kind }
    }
}

/// Everybody's stretches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghosts {
    pub rows: Vec<(Who, Vec<Stretch>)>,
    pub end: SimTime,
}

impl Ghosts {
    /// Of a trace whose seconds were `scale` long.
    pub fn of(timeline: &Timeline, trace: &Trace, scale: f64) -> Self {
        let time = |at: SimTime| SimTime::from_nanos((at.as_nanos() as f64 / scale).round() as u64);
        let stretches = |row: usize| {
            let pieces = timeline.pieces(row).iter();
            pieces
                .map(|piece| Stretch {
                    start: time(piece.start),
                    end: time(piece.end),
                    kind: piece.kind,
                })
                .collect()
        };
        let rows = whose(timeline, trace);
        Self {
            rows: rows
                .into_iter()
                .map(|(who, row)| (who, stretches(row)))
                .collect(),
            end: time(trace.end),
        }
    }

    /// By the rows of another timeline; nothing where nobody was measured.
    pub fn behind(mut self, timeline: &Timeline, trace: &Trace) -> Vec<Vec<Stretch>> {
        let mut behind = vec![Vec::new(); timeline.rows().len()];
        // Both are mostly in the same order: who comes next is found at once.
        let mut next = 0;
        for (who, row) in whose(timeline, trace) {
            let count = self.rows.len();
            let mut places = (next..count).chain(0..next.min(count));
            if let Some(place) = places.find(|&place| self.rows[place].0 == who) {
                behind[row] = std::mem::take(&mut self.rows[place].1);
                next = place + 1;
            }
        }
        behind
    }
}

/// Whose each row is; parts have none, and threads are nobody's.
pub fn whose(timeline: &Timeline, trace: &Trace) -> Vec<(Who, usize)> {
    let subjects = timeline.rows().iter().enumerate();
    subjects
        .filter_map(|(row, subject)| match subject.subject {
            Subject::Instance(id) => {
                let instance = trace.instance(id);
                (instance.role != Role::Part).then_some(((instance.task, instance.number), row))
            }
            Subject::Lane(_) => None,
        })
        .collect()
}

/// One row's, from `top` on.
pub fn ghosts(
    shapes: &mut Vec<Shape>,
    stretches: impl IntoIterator<Item = Stretch>,
    viewport: &Viewport,
    top: f64,
    height: f64,
) {
    narrow(shapes, stretches, viewport, (top, height), Paint::Ghost);
}

/// Stretches without patterns and labels. What is narrower than a pixel goes on with
/// its neighbour's pixel.
pub fn narrow(
    shapes: &mut Vec<Shape>,
    stretches: impl IntoIterator<Item = Stretch>,
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
    use crate::trace::Spans;
    use crate::trace::staged::stage;
    use crate::workload::Workload;

    fn staged() -> (Workload, Trace) {
        stage(
            "task a: cpu 3, await 5\na#1 arrived\na#2 arrived\n0 a#1 ready\n0 a#2 ready\n\
             0 a#1 running @0 on loop\n3 a#1 awaiting @1\n3 a#2 running @0 on loop\n\
             6 a#2 awaiting @1\n8 a#1 done\n11 a#2 done",
        )
    }

    #[test]
    fn who_was_measured_is_behind_who_was_predicted_whatever_the_scale() {
        let (workload, trace) = staged();
        let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
        let ghosts = Ghosts::of(&timeline, &trace, 0.1);
        assert_eq!(ghosts.end.as_nanos(), trace.end.as_nanos() * 10);
        let behind = ghosts.behind(&timeline, &trace);
        assert_eq!(behind.len(), 2);
        for (row, stretches) in behind.iter().enumerate() {
            let pieces = timeline.pieces(row);
            let tenfold = |at: SimTime| SimTime::from_nanos(at.as_nanos() * 10);
            let expected: Vec<Stretch> = pieces
                .iter()
                .map(|piece| Stretch {
                    start: tenfold(piece.start),
                    end: tenfold(piece.end),
                    kind: piece.kind,
                })
                .collect();
            assert_eq!(*stretches, expected);
        }
    }

    #[test]
    fn nobody_is_behind_a_thread() {
        let (workload, trace) = staged();
        let spans = Spans::of(&trace);
        let tasks = Timeline::new(&workload, &trace, &spans, By::Tasks);
        let threads = Timeline::new(&workload, &trace, &spans, By::Threads);
        let behind = Ghosts::of(&tasks, &trace, 1.0).behind(&threads, &trace);
        assert!(behind.iter().all(Vec::is_empty), "{behind:?}");
    }
}
