//! The earlier run behind the later one, after an edit: which rows correspond, and the outlines of
//! the earlier bars.
//!
//! Rows correspond by the name and number of their instance, or by their thread. Moving bars are
//! left to [`morph`](super::morph).

use crate::scene::bar::corner_radius;
use crate::scene::detail::{VisibleSpan, reduce_track};
use crate::scene::geometry::Rect;
use crate::scene::kind::Kind;
use crate::scene::label::RowSubject;
use crate::scene::plan::{Plan, bar_geometry};
use crate::scene::plot::MERGED_PITCH_PX;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use model::sorting::sort_by_number;
use model::trace::Lane;

/// Above this number of rows in either run, no rows are matched: they are lower than a pixel.
const ROWS_MAX: usize = 2_000;
/// Earlier bars narrower than this are joined with their neighbours.
const OUTLINED_PX: f64 = 3.0;

/// For each row of the later chart, the row of the earlier chart with the same subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowMap(Vec<Option<u32>>);

impl RowMap {
    pub fn between(before: &Timeline, after: &Timeline) -> Self {
        let rows = [before, after].map(|timeline| timeline.rows().len());
        if before.by() != after.by() || rows.iter().any(|&rows| rows > ROWS_MAX) {
            return Self(vec![None; rows[1]]);
        }
        let mut earlier = row_keys(before, after);
        sort_by_number(&mut earlier, |&(key, _)| key);
        let earlier_row = |(key, _): (u64, u32)| {
            let index = earlier.partition_point(|&(other, _)| other < key);
            let found = earlier.get(index).filter(|&&(other, _)| other == key)?;
            Some(found.1)
        };
        Self(
            row_keys(after, after)
                .into_iter()
                .map(earlier_row)
                .collect(),
        )
    }

    pub(super) fn row_before(&self, row: usize) -> Option<usize> {
        self.0.get(row).copied().flatten().map(|row| row as usize)
    }
}

/// A number for the subject of each row, the same in two charts, and the row. Names count as
/// their index in `names`.
fn row_keys(timeline: &Timeline, names: &Timeline) -> Vec<(u64, u32)> {
    let mut tasks: Vec<&str> = Vec::new();
    for row in names.rows() {
        if let RowSubject::Instance(name, _) = names.labels().row_subject(row)
            && !tasks.contains(&name)
        {
            tasks.push(name);
        }
    }
    let key = |subject: RowSubject<'_>| match subject {
        RowSubject::Instance(name, number) => {
            // Tasks that the other chart does not have get an index after all others.
            let index = tasks.iter().position(|&task| task == name);
            (index.unwrap_or(tasks.len()) as u64) << 32 | u64::from(number)
        }
        RowSubject::Lane(Lane {
            kind,
            server,
            number,
        }) => {
            // The highest bit keeps threads and instances apart.
            1 << 63 | u64::from(server) << 40 | (kind as u64) << 32 | u64::from(number)
        }
    };
    let rows = timeline.rows().iter().enumerate();
    rows.map(|(index, row)| (key(timeline.labels().row_subject(row)), index as u32))
        .collect()
}

/// A bar of the earlier run, to be drawn as a pale outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlierBar {
    pub area: Rect,
    pub radius: f64,
    pub kind: Kind,
}

/// The visible bars of the earlier run, in the rows of the later one.
pub fn earlier_bars(
    before: &Timeline,
    after: &Timeline,
    rows: &RowMap,
    plan: &Plan,
    viewport: &Viewport,
) -> Vec<EarlierBar> {
    let mut bars = Vec::new();
    if viewport.pitch_px() < MERGED_PITCH_PX {
        return bars;
    }
    let place = bar_geometry(plan.names, viewport.pitch_px());
    for row in viewport.rows(after.rows().len()) {
        let Some(earlier) = rows.row_before(row) else {
            continue;
        };
        let top = viewport.y(row) + place.top;
        let track = before.tracks(earlier).start;
        // Neighbours that are too narrow for an outline of their own.
        let mut narrow: Option<(f64, f64, Kind)> = None;
        let mut add = |left: f64, right: f64, kind: Kind| {
            let height = place.height_of(kind);
            bars.push(EarlierBar {
                area: place.bar_area(top, height, left, right),
                radius: corner_radius(height),
                kind,
            });
        };
        for span in reduce_track(&before.pieces, track, viewport) {
            let (start, end, kind) = match span {
                VisibleSpan::One { piece, start, end } => (start, end, before.piece(piece).kind),
                VisibleSpan::Mixed {
                    pieces, start, end, ..
                } => (start, end, before.piece(pieces.start).kind),
            };
            let (left, right) = (viewport.x(start), viewport.x(end));
            let is_narrow = right - left < OUTLINED_PX;
            match &mut narrow {
                Some((_, last, _)) if is_narrow && left - *last < OUTLINED_PX => *last = right,
                _ => {
                    if let Some((left, right, kind)) = narrow.take() {
                        add(left, right, kind);
                    }
                    if is_narrow {
                        narrow = Some((left, right, kind));
                    } else {
                        add(left, right, kind);
                    }
                }
            }
        }
        if let Some((left, right, kind)) = narrow {
            add(left, right, kind);
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::morph::tests::{AFTER, BEFORE, timeline};
    use crate::scene::rows::By;
    use crate::scene::words::Words;

    #[test]
    fn threads_correspond_by_their_number() {
        let [before, after] = [BEFORE, AFTER].map(|staged| timeline(staged, By::Threads));
        assert_eq!(RowMap::between(&before, &after), RowMap(vec![Some(0)]));
        let tasks = timeline(AFTER, By::Tasks);
        let other_grouping = RowMap::between(&before, &tasks);
        assert_eq!(other_grouping, RowMap(vec![None; 3]));
    }

    #[test]
    fn the_earlier_bars_lie_in_the_rows_of_the_later_run() {
        let [before, after] = [BEFORE, AFTER].map(|staged| timeline(staged, By::Tasks));
        let rows = RowMap::between(&before, &after);
        let plan = Plan::new(&after, Words(texts::Language::En), 800.0, 8.0, 4.0, 600.0);
        let viewport = plan.fit(after.end());
        let bars = earlier_bars(&before, &after, &rows, &plan, &viewport);
        let kinds: Vec<Kind> = bars.iter().map(|bar| bar.kind).collect();
        assert_eq!(
            kinds,
            [Kind::Running, Kind::Awaiting, Kind::Ready, Kind::Running]
        );
        let (first_row, second_row) = (viewport.y(1), viewport.y(2));
        assert!(bars[..2].iter().all(|bar| bar.area.bottom() <= first_row));
        assert!(bars[2..].iter().all(|bar| bar.area.bottom() <= second_row));
    }
}
