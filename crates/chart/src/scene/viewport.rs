//! Converts time to pixels and rows to pixels, and back; nothing else does.
//!
//! The window is integer nanoseconds, so zooming in and out again ends where it began,
//! without drift. All rows have the same height, `pitch` pixels, which is less than one if
//! there are more rows than pixels. The area of the bars is chosen by `plan`.

use crate::scene::geometry::{Rect, within};
use model::time::SimTime;

/// The narrowest window: at 10 ns, nothing more can be seen.
pub const WINDOW_MIN_NS: u64 = 10;

/// The interval and the rows that the plot shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The area of the bars in the picture.
    pub plot: Rect,
    start: u64,
    end: u64,
    /// Pixels of rows that are scrolled out above the plot.
    scroll_px: f64,
    pitch_px: f64,
}

impl Viewport {
    /// Shows the whole of a run that ends at `end`, with the first row at the top.
    pub fn fit(plot: Rect, end: SimTime, pitch_px: f64) -> Self {
        Self {
            plot,
            start: 0,
            end: end.as_nanos().max(WINDOW_MIN_NS),
            scroll_px: 0.0,
            pitch_px: valid_pitch(pitch_px),
        }
    }

    pub fn start(&self) -> SimTime {
        SimTime::from_nanos(self.start)
    }

    pub fn end(&self) -> SimTime {
        SimTime::from_nanos(self.end)
    }

    pub fn pitch_px(&self) -> f64 {
        self.pitch_px
    }

    pub fn scroll_px(&self) -> f64 {
        self.scroll_px
    }

    pub fn ns_per_px(&self) -> f64 {
        (self.end - self.start) as f64 / self.plot.width.max(1.0)
    }

    /// The x coordinate of an instant; outside the window it is outside the plot.
    pub fn x(&self, time: SimTime) -> f64 {
        // In 128 bits: an instant may be before the window, and `SimTime::MAX` is legal.
        let since_start = i128::from(time.as_nanos()) - i128::from(self.start);
        self.plot.x + since_start as f64 / self.ns_per_px()
    }

    /// The x coordinate of an instant, limited to the plot.
    pub fn x_within(&self, time: SimTime) -> f64 {
        within(self.x(time), self.plot.x, self.plot.right())
    }

    /// The instant at a pixel; outside the plot, the nearest instant of the window.
    pub fn time(&self, x: f64) -> SimTime {
        let offset = ((x - self.plot.x) * self.ns_per_px()).round();
        let offset = within(offset, 0.0, (self.end - self.start) as f64) as u64;
        SimTime::from_nanos((self.start + offset).min(self.end))
    }

    /// The top of a row.
    pub fn y(&self, row: usize) -> f64 {
        self.plot.y - self.scroll_px + row as f64 * self.pitch_px
    }

    /// The row at a pixel; may be after the last one.
    pub fn row(&self, y: f64) -> Option<usize> {
        let rows = (y - self.plot.y + self.scroll_px) / self.pitch_px;
        (rows >= 0.0).then_some(rows as usize)
    }

    /// The rows that touch the plot, out of `count`.
    pub fn rows(&self, count: usize) -> std::ops::Range<usize> {
        let first = (self.scroll_px / self.pitch_px) as usize;
        let last = ((self.scroll_px + self.plot.height) / self.pitch_px).ceil() as usize;
        first.min(count)..last.min(count)
    }

    /// Makes the window `factor` times as long; the instant at `x` stays there.
    #[must_use]
    pub fn zoomed(mut self, x: f64, factor: f64) -> Self {
        if !factor.is_finite() || factor <= 0.0 {
            return self;
        }
        // The part of the window before the anchor keeps its proportion.
        let anchor = self.time(x).as_nanos();
        let old = self.end - self.start;
        let new = ((old as f64 * factor).round() as u64).max(WINDOW_MIN_NS);
        let before = (anchor - self.start) as f64 / old as f64;
        let before = (before * new as f64).round() as u64;
        self.start = anchor.saturating_sub(before);
        self.end = self.start.saturating_add(new);
        self
    }

    /// Moves the window by pixels; positive is later.
    #[must_use]
    pub fn panned(mut self, dx: f64) -> Self {
        let length = self.end - self.start;
        let shift = (dx * self.ns_per_px()).round();
        self.start = if shift < 0.0 {
            self.start.saturating_sub((-shift) as u64)
        } else {
            self.start.saturating_add(shift as u64)
        };
        self.end = self.start.saturating_add(length);
        self
    }

    #[must_use]
    pub fn scrolled(mut self, dy: f64) -> Self {
        if dy.is_finite() {
            self.scroll_px = (self.scroll_px + dy).max(0.0);
        }
        self
    }

    /// Changes the height of the rows; the row at `y` stays there.
    #[must_use]
    pub fn with_pitch(mut self, y: f64, pitch_px: f64) -> Self {
        let row = (y - self.plot.y + self.scroll_px) / self.pitch_px;
        self.pitch_px = valid_pitch(pitch_px);
        self.scroll_px = (row * self.pitch_px - (y - self.plot.y)).max(0.0);
        self
    }

    /// Shows exactly this interval.
    #[must_use]
    pub fn with_window(mut self, start: SimTime, end: SimTime) -> Self {
        self.start = start.as_nanos().min(u64::MAX - WINDOW_MIN_NS);
        self.end = end.as_nanos().max(self.start + WINDOW_MIN_NS);
        self
    }

    /// Shows the same interval on another plot, e.g. after a resize.
    #[must_use]
    pub fn with_plot(mut self, plot: Rect) -> Self {
        self.plot = plot;
        self
    }

    /// Moves the window back into the run: at most the whole run, nothing before 0 or after its
    /// end, no rows after the last one.
    #[must_use]
    pub fn clamped(mut self, end: SimTime, rows: usize) -> Self {
        let total = end.as_nanos().max(WINDOW_MIN_NS);
        let length = (self.end - self.start).clamp(WINDOW_MIN_NS, total);
        self.start = self.start.min(total - length);
        self.end = self.start + length;
        let overflow_px = rows as f64 * self.pitch_px - self.plot.height;
        self.scroll_px = within(self.scroll_px, 0.0, overflow_px.max(0.0));
        self
    }
}

/// A pitch that is positive and finite: zero would mean infinitely many rows.
fn valid_pitch(pitch_px: f64) -> f64 {
    if pitch_px.is_finite() {
        pitch_px.max(1e-6)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::SimDuration;

    fn second(number: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(number)
    }

    fn viewport() -> Viewport {
        Viewport::fit(Rect::new(100.0, 20.0, 800.0, 200.0), second(8), 40.0)
    }

    #[test]
    fn pixels_and_instants_convert_both_ways() {
        assert_eq!(viewport().x(second(2)), 300.0);
        assert_eq!(viewport().time(300.0), second(2));
        assert_eq!(viewport().time(-5.0), SimTime::ZERO);
        assert_eq!(viewport().time(5_000.0), second(8));
        assert_eq!(viewport().y(2), 100.0);
        assert_eq!(viewport().row(100.0), Some(2));
        assert_eq!(viewport().row(3.0), None);
    }

    #[test]
    fn zooming_keeps_the_instant_under_the_pointer() {
        let zoomed = viewport().zoomed(300.0, 0.5);
        assert_eq!((zoomed.start(), zoomed.end()), (second(1), second(5)));
        assert_eq!(zoomed.time(300.0), second(2));
        assert_eq!(zoomed.zoomed(300.0, 2.0), viewport());
    }

    #[test]
    fn panning_stops_at_the_ends_when_clamped() {
        let zoomed = viewport().zoomed(100.0, 0.5);
        let far = zoomed.panned(1e9).clamped(second(8), 5);
        assert_eq!((far.start(), far.end()), (second(4), second(8)));
        let back = far.panned(-1e9).clamped(second(8), 5);
        assert_eq!((back.start(), back.end()), (second(0), second(4)));
        let out = back.zoomed(300.0, 1e12).clamped(second(8), 5);
        assert_eq!(out, viewport());
    }

    #[test]
    fn zooming_in_ends_at_the_narrowest_window_and_nonsense_is_ignored() {
        let narrow = viewport().zoomed(300.0, 1e-30);
        assert_eq!(narrow.end().since(narrow.start()).as_nanos(), WINDOW_MIN_NS);
        assert_eq!(viewport().zoomed(300.0, f64::NAN), viewport());
        assert_eq!(viewport().scrolled(f64::INFINITY), viewport());
    }

    #[test]
    fn rows_scroll_between_the_first_and_the_last() {
        let scrolled = viewport().scrolled(90.0);
        assert_eq!(scrolled.rows(10), 2..8);
        assert_eq!(scrolled.rows(5), 2..5);
        assert_eq!(scrolled.clamped(second(8), 6).scroll_px(), 40.0);
        assert_eq!(scrolled.clamped(second(8), 5).scroll_px(), 0.0);
        let taller = scrolled.with_pitch(30.0, 80.0);
        assert_eq!(taller.row(30.0), scrolled.row(30.0));
    }
}
