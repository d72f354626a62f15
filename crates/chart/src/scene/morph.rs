//! Bars on their way from one run of a script to the next, after an edit.
//!
//! The bars of two corresponding rows correspond by the segment that they belong to. Which rows and
//! lines correspond is decided in [`earlier`](super::earlier) and [`line_map`](super::line_map);
//! frames and clocks are left to the page.

use crate::scene::bar::{RowPainter, bar_paint, corner_radius};
use crate::scene::earlier::RowMap;
use crate::scene::geometry::Rect;
use crate::scene::kind::Kind;
use crate::scene::line_map::LineMap;
use crate::scene::lit::{GAP_PX, JOINED_PITCH_PX, WIDTH_MIN_PX};
use crate::scene::piece::Piece;
use crate::scene::plan::{Plan, bar_geometry};
use crate::scene::shape::Shape;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use model::sorting::sort_by_number;
use model::time::SimTime;

/// At most this many bars of both runs together move; a frame with more would take too long.
pub const BARS_MAX: usize = 600;

/// The position of a bar on its way: a row, and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    row: f64,
    start_ns: f64,
    end_ns: f64,
    kind: Kind,
}

impl Place {
    fn of(row: usize, piece: &Piece) -> Self {
        Self {
            row: row as f64,
            start_ns: piece.start.as_nanos() as f64,
            end_ns: piece.end.as_nanos() as f64,
            kind: piece.kind,
        }
    }

    /// The position after this part of the way. The kind is that of the end.
    fn towards(self, to: Self, part: f64) -> Self {
        let between = |a: f64, b: f64| a + (b - a) * part;
        Self {
            row: between(self.row, to.row),
            start_ns: between(self.start_ns, to.start_ns),
            end_ns: between(self.end_ns, to.end_ns),
            kind: to.kind,
        }
    }
}

/// A bar with its places in both runs. At least one is known.
#[derive(Clone, Copy, Debug)]
struct MovingBar {
    before: Option<Place>,
    after: Option<Place>,
    /// The number of the bar among the pieces of the later run.
    number: usize,
}

/// The bars of two runs, paired.
#[derive(Clone, Debug)]
pub struct Morph {
    bars: Vec<MovingBar>,
}

/// Shapes from the bottom to the top: bars that disappear, that move, and that appear.
#[derive(Clone, Debug, Default)]
pub struct MorphLayers {
    pub leaving: Vec<Shape>,
    pub moving: Vec<Shape>,
    pub arriving: Vec<Shape>,
}

impl Morph {
    /// Pairs the bars of two runs; `None` if they are more than [`BARS_MAX`]. `unfinished` is the
    /// way to the earlier run and the part of it that is done: the bars start where they are.
    pub fn new(
        before: &Timeline,
        after: &Timeline,
        rows: &RowMap,
        lines: &LineMap,
        unfinished: Option<(&Self, f64)>,
    ) -> Option<Self> {
        let count = before.pieces.all().len() + after.pieces.all().len();
        if count > BARS_MAX || before.by() != after.by() {
            return None;
        }
        let place_before = |row: usize, number: usize| {
            let on_its_way = unfinished.and_then(|(morph, part)| morph.place_of(number, part));
            on_its_way.unwrap_or_else(|| Place::of(row, before.piece(number)))
        };
        let [keys_before, keys_after] = [
            segment_keys(before, |line| lines.line_after(line)),
            segment_keys(after, Some),
        ];
        let mut bars = Vec::new();
        let mut is_met = vec![false; before.rows().len()];
        for row in 0..after.rows().len() {
            let later = bars_of_row(after, row, &keys_after);
            let earlier = rows.row_before(row).map(|earlier| {
                is_met[earlier] = true;
                (earlier, bars_of_row(before, earlier, &keys_before))
            });
            let (earlier_row, earlier) = earlier.unwrap_or_default();
            let mut unpaired = earlier.as_slice();
            for (key, number) in later {
                // Both are sorted by key, and bars with one key by time.
                let skipped = unpaired.partition_point(|&(other, _)| other < key);
                bars.extend(unpaired[..skipped].iter().map(|&(_, number)| MovingBar {
                    before: Some(place_before(earlier_row, number)),
                    after: None,
                    number,
                }));
                unpaired = &unpaired[skipped..];
                let pair = unpaired.first().filter(|&&(other, _)| other == key);
                bars.push(MovingBar {
                    before: pair.map(|&(_, number)| place_before(earlier_row, number)),
                    after: Some(Place::of(row, after.piece(number))),
                    number,
                });
                unpaired = &unpaired[usize::from(pair.is_some())..];
            }
            bars.extend(unpaired.iter().map(|&(_, number)| MovingBar {
                before: Some(place_before(earlier_row, number)),
                after: None,
                number,
            }));
        }
        // The rows of the earlier run that the later one does not have.
        for (row, _) in is_met.iter().enumerate().filter(|(_, is_met)| !**is_met) {
            for (_, number) in bars_of_row(before, row, &keys_before) {
                bars.push(MovingBar {
                    before: Some(place_before(row, number)),
                    after: None,
                    number,
                });
            }
        }
        Some(Self { bars })
    }

    /// How many bars have a place in both runs.
    pub fn moving_count(&self) -> usize {
        let moves = |bar: &&MovingBar| bar.before.is_some() && bar.after.is_some();
        self.bars.iter().filter(moves).count()
    }

    /// Where a bar of the later run is after this part of its way.
    fn place_of(&self, number: usize, part: f64) -> Option<Place> {
        let bar = self
            .bars
            .iter()
            .find(|bar| bar.number == number && bar.after.is_some())?;
        Some(bar.before?.towards(bar.after?, part))
    }

    /// Draws the bars after this part of their way, from 0 to 1. `after` is the later run.
    pub fn layers(
        &self,
        part: f64,
        after: &Timeline,
        plan: &Plan,
        viewport: &Viewport,
        words: Words,
    ) -> MorphLayers {
        let mut layers = MorphLayers::default();
        let mut labels = Vec::new();
        let geometry = bar_geometry(plan.names, viewport.pitch_px());
        let visible_rows = viewport.rows(after.rows().len());
        let time = |ns: f64| SimTime::from_nanos(ns.round() as u64);
        for bar in &self.bars {
            let (shapes, place, height) = match (bar.before, bar.after) {
                (Some(before), Some(place)) => {
                    let heights = [before, place].map(|place| geometry.height_of(place.kind));
                    let height = heights[0] + (heights[1] - heights[0]) * part;
                    (&mut layers.moving, before.towards(place, part), height)
                }
                (Some(place), None) => {
                    let height = geometry.height_of(place.kind);
                    (&mut layers.leaving, place, height)
                }
                (None, Some(place)) => {
                    let height = geometry.height_of(place.kind);
                    (&mut layers.arriving, place, height)
                }
                (None, None) => continue,
            };
            let left = viewport.x_within(time(place.start_ns));
            let right = viewport.x_within(time(place.end_ns));
            if right <= left || !visible_rows.contains(&(place.row.round() as usize)) {
                continue;
            }
            let top = viewport.y(0) + place.row * viewport.pitch_px() + geometry.top;
            let area = geometry.bar_area(top, height, left, right);
            let paint = bar_paint(place.kind, height);
            shapes.push(Shape::rect(area, corner_radius(height), paint));
            if bar.after.is_some() {
                let painter = RowPainter {
                    timeline: after,
                    viewport,
                    words,
                    top,
                    place: geometry,
                };
                labels.extend(painter.bar_label(after.piece(bar.number), area));
            }
        }
        layers.moving.extend(labels.into_iter().flatten());
        for row in visible_rows {
            let painter = RowPainter {
                timeline: after,
                viewport,
                words,
                top: viewport.y(row) + geometry.top,
                place: geometry,
            };
            for orphan in after.tracks(row).skip(1) {
                painter.draw_orphans(&mut layers.arriving, orphan);
            }
            painter.draw_marks(&mut layers.arriving, after.marks(row));
        }
        layers
    }
}

impl Morph {
    /// Boxes around the bars of a script line after this part of their way, as in
    /// [`line_outline`](super::lit::line_outline). `after` is the later run.
    pub fn line_boxes(
        &self,
        part: f64,
        line: u32,
        after: &Timeline,
        plan: &Plan,
        viewport: &Viewport,
    ) -> Vec<Rect> {
        if viewport.pitch_px() < JOINED_PITCH_PX {
            return Vec::new();
        }
        let geometry = bar_geometry(plan.names, viewport.pitch_px());
        let time = |ns: f64| SimTime::from_nanos(ns.round() as u64);
        let is_of_line = |bar: &&MovingBar| {
            let segment = bar.after.map(|_| after.piece(bar.number).segment);
            segment.is_some_and(|segment| after.labels().line(segment) == line)
        };
        let boxed = |bar: &MovingBar| {
            let to = bar.after?;
            let place = bar.before.map_or(to, |before| before.towards(to, part));
            let top = viewport.y(0) + place.row * viewport.pitch_px() + geometry.top;
            let left = viewport.x_within(time(place.start_ns));
            let right = viewport.x_within(time(place.end_ns));
            Some(Rect::between(left, right, top, top + geometry.height))
        };
        let of_line = self.bars.iter().filter(is_of_line);
        let mut boxes: Vec<Rect> = of_line.filter_map(boxed).collect();
        // By row, then by time. Charts are narrower than a million pixels.
        sort_by_number(&mut boxes, |area| (area.y * 1e6 + area.x) as u64);
        let mut joined: Vec<Rect> = Vec::new();
        for area in boxes {
            match joined.last_mut() {
                Some(last) if last.y == area.y && area.x - last.right() < GAP_PX => {
                    last.width = area.right() - last.x;
                }
                _ => joined.push(area),
            }
        }
        joined.retain(|area| area.width >= WIDTH_MIN_PX);
        joined
    }
}

/// A number for each segment: its line in the later script and its place in that line; `None` for
/// segments of lines that are gone.
fn segment_keys(timeline: &Timeline, line_after: impl Fn(u32) -> Option<u32>) -> Vec<Option<u64>> {
    // By line: how many segments have been met in it.
    let mut counts: Vec<u64> = Vec::new();
    let key = |line: u32| {
        let index = line as usize;
        counts.resize(counts.len().max(index + 1), 0);
        let place = counts[index];
        counts[index] += 1;
        Some(u64::from(line_after(line)?) << 24 | place << 8)
    };
    timeline.labels().lines().map(key).collect()
}

/// The bars of a row, by key, then by time. A bar of a segment that is gone has a key that no
/// other bar has.
fn bars_of_row(timeline: &Timeline, row: usize, keys: &[Option<u64>]) -> Vec<(u64, usize)> {
    let numbers = timeline.pieces.track_range(timeline.tracks(row).start);
    let key = |number: usize| {
        let piece = timeline.piece(number);
        let segment = keys.get(piece.segment.0 as usize).copied().flatten();
        let own = segment.map_or(u64::MAX - number as u64, |key| key | part_of(piece.kind));
        (own, number)
    };
    let mut bars: Vec<(u64, usize)> = numbers.map(key).collect();
    sort_by_number(&mut bars, |&(key, _)| key);
    bars
}

/// The part that a bar plays in its segment: the segment itself, also if an edit has changed e.g.
/// `block` to `await`, or a wait before it.
fn part_of(kind: Kind) -> u64 {
    match kind {
        Kind::Ready
        | Kind::Unaccepted
        | Kind::QueuedThread
        | Kind::QueuedWorker
        | Kind::QueuedGil
        | Kind::QueuedCore => kind as u64 + 1,
        Kind::Running
        | Kind::BlockingLoop
        | Kind::BlockingThread
        | Kind::Awaiting
        | Kind::WaitingPermit
        | Kind::WaitingQueue
        | Kind::WaitingSignal
        | Kind::WaitingTasks
        | Kind::Offloaded => 0,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::scene::rows::By;
    use model::trace::Spans;
    use model::trace::staged::stage;

    pub(in crate::scene) fn timeline(staged: &str, by: By) -> Timeline {
        let (workload, trace) = stage(staged);
        Timeline::new(&workload, &trace, &Spans::of(&trace), by)
    }

    /// The same lines in both scripts, as after a change of a number.
    fn same_lines() -> LineMap {
        LineMap::between("", "")
    }

    pub(in crate::scene) const BEFORE: &str = "task a: cpu 2, await 2
        a#1 arrived
        a#2 arrived
        0 a#1 running @0 on loop
        0 a#2 ready
        2 a#1 awaiting @1
        2 a#2 running @0 on loop
        4 a#1 done
        4 a#2 done";
    /// `a#1` blocks where it awaited, and longer; `a#2` no longer waits; `a#3` is new.
    pub(in crate::scene) const AFTER: &str = "task a: cpu 2, await 2
        a#1 arrived
        a#2 arrived
        a#3 arrived
        0 a#1 running @0 on loop
        1 a#1 blocking @1 on loop
        1 a#2 running @0 on loop
        1 a#3 ready
        3 a#2 done
        5 a#1 done
        5 a#3 done";

    /// Each bar as `row kind start-end`, or `-` where a run does not have it.
    fn pairs(before: &str, after: &str) -> Vec<String> {
        let [before, after] = [before, after].map(|staged| timeline(staged, By::Tasks));
        let rows = RowMap::between(&before, &after);
        let morph = Morph::new(&before, &after, &rows, &same_lines(), None).expect("few bars");
        let said = |place: Option<Place>| {
            place.map_or("-".to_owned(), |place| {
                let [start, end] = [place.start_ns, place.end_ns].map(|ns| ns / 1e9);
                format!("{} {:?} {start}-{end}", place.row, place.kind)
            })
        };
        let bars = morph.bars.iter();
        bars.map(|bar| format!("{} > {}", said(bar.before), said(bar.after)))
            .collect()
    }

    #[test]
    fn bars_of_one_segment_correspond_though_its_kind_and_length_change() {
        assert_eq!(
            pairs(BEFORE, AFTER),
            [
                "0 Running 0-2 > 0 Running 0-1",
                "0 Awaiting 2-4 > 0 BlockingLoop 1-5",
                "1 Running 2-4 > 1 Running 1-3",
                "1 Ready 0-2 > -",
                "- > 2 Ready 1-5",
            ]
        );
    }

    #[test]
    fn bars_of_rows_that_are_gone_disappear() {
        let back = pairs(AFTER, BEFORE);
        assert!(back.contains(&"2 Ready 1-5 > -".to_owned()), "{back:?}");
    }

    #[test]
    fn a_bar_that_is_on_its_way_starts_from_where_it_is() {
        let [before, after] = [BEFORE, AFTER].map(|staged| timeline(staged, By::Tasks));
        let rows = RowMap::between(&before, &after);
        let there = Morph::new(&before, &after, &rows, &same_lines(), None).expect("few bars");
        let rows = RowMap::between(&after, &before);
        let back = Morph::new(&after, &before, &rows, &same_lines(), Some((&there, 0.5)));
        let first = back.expect("few bars").bars[0]
            .before
            .expect("it was there");
        assert_eq!((first.start_ns, first.end_ns), (0.0, 1.5e9));
    }

    #[test]
    fn half_way_a_bar_is_between_its_places() {
        let [before, after] = [BEFORE, AFTER].map(|staged| timeline(staged, By::Tasks));
        let rows = RowMap::between(&before, &after);
        let morph = Morph::new(&before, &after, &rows, &same_lines(), None).expect("few bars");
        let words = Words(texts::Language::En);
        let plan = Plan::new(&after, words, 800.0, 8.0, 4.0, 600.0);
        let viewport = plan.fit(after.end());
        let layers = morph.layers(0.5, &after, &plan, &viewport, words);
        let Some(Shape::Rect { area, .. }) = layers.moving.first() else {
            panic!("no bar moves: {layers:?}");
        };
        let middle = SimTime::from_nanos(1_500_000_000);
        assert!((area.right() - viewport.x(middle)).abs() < 1.0, "{area:?}");
        assert_eq!((layers.leaving.len(), morph.moving_count()), (1, 3));
        // All segments are in one line here, and all bars of a row touch.
        let line = after.labels().lines().next().expect("a segment");
        let boxes = morph.line_boxes(0.5, line, &after, &plan, &viewport);
        let first = boxes.first().expect("a row");
        assert_eq!((boxes.len(), first.x), (3, viewport.plot.x));
    }
}
