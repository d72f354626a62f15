//! How much room there is for what: names, bars, axis, for a given width.
//!
//! ```text
//!            loop frozen 4s · line 4      head_px
//!   names  | ████████░░░░░░░░████████ |   plot
//!            0s    2s    4s    6s         AXIS_PX
//! ```
//!
//! On a narrow screen the names stand above their bars. Rows get lower as they
//! become more, in steps, down to less than a pixel.

use crate::scene::bar::PATTERN_PX;
use crate::scene::geometry::Rect;
use crate::scene::label::brief;
use crate::scene::measure::{Weight, width};
use crate::scene::palette::GRID_PX;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use crate::time::SimTime;

/// Where the names of rows stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Names {
    /// In a column left of the bars.
    Beside { width_px: f64 },
    /// Over each bar: a phone.
    Above,
}

/// A division of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub names: Names,
    pub plot: Rect,
    pub pitch_px: f64,
}

/// The axis below the plot.
pub const AXIS_PX: f64 = 24.0;
pub(super) const NAME_PX: f64 = 13.0;
pub(super) const SMALL_PX: f64 = 11.5;
/// A line of names above a bar.
pub(super) const ABOVE_PX: f64 = 20.0;
/// Indentation for each generation, and how many generations are indented.
pub(super) const INDENT_PX: f64 = 13.0;
pub(super) const INDENTS: u16 = 6;
/// The gap between a name and its bar.
pub(super) const NAME_GAP_PX: f64 = 12.0;
/// Room for the labels of frozen windows.
const HEAD_PX: f64 = 20.0;
/// Below this width names stand above.
const NARROW_PX: f64 = 520.0;
/// Names are legible down to this pitch.
pub(super) const NAMED_PITCH_PX: f64 = 13.0;
/// The names of more rows than this are not measured one by one.
const MEASURED: usize = 400;

/// From about this many rows on, names are those of groups: `ping 1–100`.
const MEASURED_GROUPS: usize = 40;

/// Comfortable row heights, and from how many rows on to go to the next.
const PITCHES: [f64; 11] = [40.0, 32.0, 24.0, 16.0, 12.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.0];

impl Plan {
    /// For a picture of a width, with the bars at most `height_max_px` high in all.
    /// `top_px` is where the plan begins, `side_px` the margin left and right.
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
        let names = if above {
            Names::Above
        } else {
            let most = (width_px * 0.26).max(48.0);
            Names::Beside {
                width_px: names_px(timeline, words).min(most).ceil() + NAME_GAP_PX,
            }
        };
        let (left, pitch_px) = match names {
            Names::Beside { width_px } => (width_px, pitch(rows, height_max_px)),
            Names::Above => (
                0.0,
                ABOVE_PX + pitch(rows, height_max_px * 0.6).clamp(16.0, 26.0),
            ),
        };
        let head_px = if timeline.windows().is_empty() {
            8.0
        } else {
            HEAD_PX
        };
        // The last label is centred under the end of the plot and must not be cut off.
        let right = width(&end_label(timeline.end()), SMALL_PX, Weight::Bold) / 2.0;
        let height = (rows as f64 * pitch_px).min(height_max_px);
        let bar = bar_place(names, pitch_px);
        let waiting = bar.top + (bar.height - bar.waiting) / 2.0;
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

    /// All of the run on this plan.
    pub fn fit(&self, end: SimTime) -> Viewport {
        Viewport::fit(self.plot, end, self.pitch_px)
    }

    /// Bars are too low for patterns.
    pub fn is_flat(&self) -> bool {
        bar_place(self.names, self.pitch_px).waiting < PATTERN_PX
    }

    /// From where to where a row's bars reach, below the row's top.
    pub fn bar_px(&self) -> (f64, f64) {
        let bar = bar_place(self.names, self.pitch_px);
        (bar.top, bar.top + bar.height)
    }

    /// Below the axis.
    pub fn bottom(&self) -> f64 {
        self.plot.bottom() + AXIS_PX
    }
}

/// What is written at the end of the axis.
pub(super) fn end_label(end: SimTime) -> String {
    brief(end.since(SimTime::ZERO))
}

/// The highest comfortable pitch at which all rows fit; else exactly what fits.
pub(super) fn pitch(rows: usize, height_max_px: f64) -> f64 {
    let fits = |pitch: &f64| rows as f64 * pitch <= height_max_px;
    PITCHES
        .into_iter()
        .find(fits)
        .unwrap_or(height_max_px / rows as f64)
}

/// How wide the column of names would like to be.
fn names_px(timeline: &Timeline, words: Words) -> f64 {
    let rows = timeline.rows();
    let step = rows.len().div_ceil(MEASURED).max(1);
    let sample = rows.iter().step_by(step).chain(rows.last());
    let numbered = rows.len() > MEASURED_GROUPS;
    let widths = sample.map(|row| {
        let name = match numbered {
            true => timeline.labels().rows(&rows[0], row, words),
            false => timeline.labels().row(row, words),
        };
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        indent + width(&name, NAME_PX, Weight::Regular)
    });
    widths.fold(24.0, f64::max)
}

/// The bar inside a row: its top below the row's top, its height at work and while waiting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BarPlace {
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) waiting: f64,
}

impl BarPlace {
    /// In front of a ghost, which is to be seen above and below.
    pub(super) fn narrowed(self) -> Self {
        let height = self.height * NARROWED;
        Self {
            top: self.top + (self.height - height) / 2.0,
            height,
            waiting: self.waiting.min(height * NARROWED),
        }
    }
}

/// Of a bar's height.
const NARROWED: f64 = 0.6;

pub(super) fn bar_place(names: Names, pitch_px: f64) -> BarPlace {
    let (top, room) = match names {
        Names::Above => (ABOVE_PX, (pitch_px - ABOVE_PX - 2.0).max(1.0)),
        Names::Beside { .. } => (0.0, pitch_px),
    };
    let gap = match room {
        _ if matches!(names, Names::Above) => 0.0,
        room if room >= 36.0 => 10.0,
        room if room >= 30.0 => 8.0,
        room if room >= 20.0 => 6.0,
        room if room >= 12.0 => 3.0,
        room if room >= 8.0 => 2.0,
        room if room >= 3.0 => 1.0,
        _ => 0.0,
    };
    let height = room - gap;
    let waiting = match height {
        height if height >= 22.0 => 2.0 * GRID_PX,
        height if height >= 16.0 => 1.5 * GRID_PX,
        height if height >= 9.0 => GRID_PX,
        height => height,
    };
    BarPlace {
        top: top + gap / 2.0,
        height,
        waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_lower_as_they_become_more() {
        let pitches = [1, 16, 17, 40, 100, 320, 1_000, 1_000_000].map(|rows| pitch(rows, 640.0));
        assert_eq!(pitches, [40.0, 40.0, 32.0, 16.0, 6.0, 2.0, 0.64, 0.00064]);
    }

    #[test]
    fn a_bar_never_leaves_its_row() {
        for pitch in [0.0001, 1.0, 2.5, 6.0, 13.0, 28.0, 40.0, 400.0] {
            for names in [Names::Above, Names::Beside { width_px: 50.0 }] {
                let bar = bar_place(names, pitch);
                assert!(bar.height > 0.0 && bar.waiting > 0.0);
                assert!(bar.waiting <= bar.height);
                if names != Names::Above {
                    assert!(bar.top + bar.height <= pitch, "{pitch}");
                }
            }
        }
    }
}
