//! The layout of a chart for a given width: names, bars and axis.
//!
//! ```text
//!            loop frozen 4s · line 4      head_px
//!   names  | ████████░░░░░░░░████████ |   plot
//!            0s    2s    4s    6s         AXIS_PX
//! ```
//!
//! On a narrow screen, names are above their bars. The more rows, the lower they are, in
//! steps, down to less than a pixel. Drawing is left to `plot`.

use crate::scene::bar::PATTERN_PX;
use crate::scene::geometry::Rect;
use crate::scene::label::brief;
use crate::scene::measure::{Weight, width};
use crate::scene::palette::GRID_PX;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use model::time::SimTime;

/// The position of row names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NamePosition {
    /// In a column left of the bars.
    Beside { width_px: f64 },
    /// Above each bar, e.g. on a phone.
    Above,
}

/// The layout of one chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub names: NamePosition,
    /// The area of the bars.
    pub plot: Rect,
    /// The distance between the tops of two rows.
    pub pitch_px: f64,
}

/// Height of the axis below the plot.
pub const AXIS_PX: f64 = 24.0;
/// Font size of row names.
pub(super) const NAME_PX: f64 = 13.0;
/// Font size of axis labels, window labels and group names.
pub(super) const SMALL_PX: f64 = 11.5;
/// Height of a name above a bar.
pub(super) const ABOVE_PX: f64 = 20.0;
/// Indentation for each generation, and the most generations that are indented: deeper trees
/// would leave no room for names.
pub(super) const INDENT_PX: f64 = 13.0;
pub(super) const INDENTS: u16 = 6;
/// The gap between a name and its bar.
pub(super) const NAME_GAP_PX: f64 = 12.0;
/// Room above the plot for the labels of frozen windows.
const HEAD_PX: f64 = 20.0;
/// Below this width, a column of names would take too much of the plot.
const NARROW_PX: f64 = 520.0;
/// NamePosition are legible down to this pitch.
pub(super) const NAMED_PITCH_PX: f64 = 13.0;
/// At most this many names are measured, spread over all rows; measuring a million names
/// would take longer than drawing.
const MEASURED_ROWS_MAX: usize = 400;

/// Row heights, from comfortable to barely visible. The largest at which all rows fit is used.
const PITCHES: [f64; 11] = [40.0, 32.0, 24.0, 16.0, 12.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0];

impl Plan {
    /// Lays out a picture of `width_px` whose bars take at most `height_max_px`. `top_px` is the
    /// top of the layout, `side_px` the margin left and right.
    pub fn new(
        timeline: &Timeline,
        words: Words,
        width_px: f64,
        side_px: f64,
        top_px: f64,
        height_max_px: f64,
    ) -> Self {
        let rows = timeline.rows().len().max(1);
        let above = width_px < NARROW_PX && rows as f64 * (ABOVE_PX + 16.0) <= height_max_px;
        let (names, left, pitch_px) = if above {
            let pitch_px = ABOVE_PX + row_pitch(rows, height_max_px * 0.6).clamp(16.0, 26.0);
            (NamePosition::Above, 0.0, pitch_px)
        } else {
            let pitch_px = row_pitch(rows, height_max_px);
            // About a quarter of the picture, but enough for a short name.
            let most = (width_px * 0.26).max(48.0);
            let names_px = names_width_px(timeline, words, pitch_px).min(most);
            let width_px = names_px.ceil() + NAME_GAP_PX;
            (NamePosition::Beside { width_px }, width_px, pitch_px)
        };
        let head_px = if timeline.windows().is_empty() {
            8.0
        } else {
            HEAD_PX
        };
        // The last label is centred below the end of the plot and must not be cut off.
        let right = width(&end_label(timeline.run_end()), SMALL_PX, Weight::Bold) / 2.0;
        let height = (rows as f64 * pitch_px).min(height_max_px);
        let bar = bar_geometry(names, pitch_px);
        let waiting = bar.top + (bar.height - bar.waiting) / 2.0;
        // Patterns repeat on a grid, so the first waiting bar begins on it.
        let top = ((top_px + head_px + waiting) / GRID_PX).ceil() * GRID_PX - waiting;
        Self {
            names,
            plot: Rect::between(
                side_px + left,
                (width_px - side_px.max(right + 2.0)).max(side_px + left + 1.0),
                top,
                top + height,
            ),
            pitch_px,
        }
    }

    /// A viewport that shows the whole run.
    pub fn fit(&self, end: SimTime) -> Viewport {
        Viewport::fit(self.plot, end, self.pitch_px)
    }

    /// Whether bars are too low for patterns.
    pub fn is_flat(&self) -> bool {
        bar_geometry(self.names, self.pitch_px).waiting < PATTERN_PX
    }

    /// The top and bottom of the bars of a row, relative to the top of the row.
    pub fn bar_px(&self) -> (f64, f64) {
        let bar = bar_geometry(self.names, self.pitch_px);
        (bar.top, bar.top + bar.height)
    }

    /// The bottom of the axis.
    pub fn bottom(&self) -> f64 {
        self.plot.bottom() + AXIS_PX
    }
}

/// The label at the end of the axis.
pub(super) fn end_label(end: SimTime) -> String {
    brief(end.since(SimTime::ZERO))
}

/// The highest of [`PITCHES`] at which all rows fit; if none does, exactly what fits.
pub(super) fn row_pitch(rows: usize, height_max_px: f64) -> f64 {
    let fits = |pitch: &f64| rows as f64 * pitch <= height_max_px;
    PITCHES
        .into_iter()
        .find(fits)
        .unwrap_or(height_max_px / rows as f64)
}

/// The preferred width of the column of names. In low rows neighbours share one, e.g. `ping 1–30`.
fn names_width_px(timeline: &Timeline, words: Words, pitch_px: f64) -> f64 {
    let (rows, labels) = (timeline.rows(), timeline.labels());
    let step = rows.len().div_ceil(MEASURED_ROWS_MAX).max(1);
    let sample = rows.iter().step_by(step).chain(rows.last());
    let mut first = rows.first();
    let widths = sample.map(|row| {
        first = first
            .filter(|first| labels.can_share_name(first, row))
            .or(Some(row));
        let name = match first {
            Some(first) if pitch_px < NAMED_PITCH_PX => labels.rows(first, row, words),
            _ => labels.row(row, words),
        };
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        indent + width(&name, NAME_PX, Weight::Regular)
    });
    widths.fold(24.0, f64::max)
}

/// The geometry of a bar in its row: its top relative to the row, its height at work, and its
/// height while waiting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BarGeometry {
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) waiting: f64,
}

impl BarGeometry {
    /// A narrower bar in front of a measured one, which stays visible above and below.
    pub(super) fn narrowed(self) -> Self {
        let height = self.height * NARROWED_FACTOR;
        Self {
            top: self.top + (self.height - height) / 2.0,
            height,
            waiting: self.waiting.min(height * NARROWED_FACTOR),
        }
    }
}

/// The part of its height that a bar keeps in front of a measured one.
const NARROWED_FACTOR: f64 = 0.6;

pub(super) fn bar_geometry(names: NamePosition, pitch_px: f64) -> BarGeometry {
    let (top, room) = match names {
        NamePosition::Above => (ABOVE_PX, (pitch_px - ABOVE_PX - 2.0).max(1.0)),
        NamePosition::Beside { .. } => (0.0, pitch_px),
    };
    // Lower rows have smaller gaps, down to none.
    let gap = match room {
        _ if matches!(names, NamePosition::Above) => 0.0,
        room if room >= 36.0 => 10.0,
        room if room >= 30.0 => 8.0,
        room if room >= 20.0 => 6.0,
        room if room >= 12.0 => 3.0,
        room if room >= 8.0 => 2.0,
        room if room >= 3.0 => 1.0,
        _ => 0.0,
    };
    let height = room - gap;
    // A multiple of the grid, so that patterns begin alike in every row.
    let waiting = match height {
        height if height >= 22.0 => 2.0 * GRID_PX,
        height if height >= 16.0 => 1.5 * GRID_PX,
        height if height >= 9.0 => GRID_PX,
        height => height,
    };
    BarGeometry {
        top: top + gap / 2.0,
        height,
        waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::rows::By;
    use model::trace::Spans;
    use model::trace::staged::stage;

    const THREE: &str = "task ping: cpu 1
        ping#1 arrived
        ping#2 arrived
        ping#3 arrived
        0 ping#1 done
        0 ping#2 done
        0 ping#3 done";

    /// Rows that are too low for a name each share one, which has to fit as a whole.
    #[track_caller]
    fn check_names(height_max_px: f64, longest: &str) {
        let (workload, trace) = stage(THREE);
        let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
        let words = Words(texts::Language::En);
        let plan = Plan::new(&timeline, words, 800.0, 8.0, 4.0, height_max_px);
        let width_px = width(longest, NAME_PX, Weight::Regular).ceil() + NAME_GAP_PX;
        assert_eq!(plan.names, NamePosition::Beside { width_px });
    }

    #[test]
    fn names_have_the_room_that_they_need() {
        check_names(120.0, "ping 3");
        check_names(36.0, "ping 1–3");
    }

    #[test]
    fn more_rows_are_lower() {
        let pitches =
            [1, 16, 17, 40, 100, 320, 1_000, 1_000_000].map(|rows| row_pitch(rows, 640.0));
        assert_eq!(pitches, [40.0, 40.0, 32.0, 16.0, 6.0, 2.0, 0.64, 0.00064]);
    }

    #[test]
    fn a_bar_never_leaves_its_row() {
        for pitch in [0.0001, 1.0, 2.5, 6.0, 13.0, 28.0, 40.0, 400.0] {
            for names in [NamePosition::Above, NamePosition::Beside { width_px: 50.0 }] {
                let bar = bar_geometry(names, pitch);
                assert!(bar.height > 0.0 && bar.waiting > 0.0);
                assert!(bar.waiting <= bar.height);
                if names != NamePosition::Above {
                    assert!(bar.top + bar.height <= pitch, "{pitch}");
                }
            }
        }
    }
}
