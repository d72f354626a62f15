//! The motion of the chart after an edit: bars move to their new places, then the time axis to
//! its new end.
//!
//! A motion ends in the picture that the chart would have without it. Large charts, and readers
//! who prefer less motion, get that picture at once.

use super::ChartProps;
use crate::browser::dom;
use crate::state::moment::Moment;
use chart::scene::earlier::RowMap;
use chart::scene::line_map::LineMap;
use chart::scene::morph::{BARS_MAX, Morph};
use model::time::SimTime;

/// The duration of a motion in milliseconds: long enough to follow a bar, short enough not to wait
/// for it.
const MOTION_MS: f64 = 350.0;

/// A motion in progress.
pub(super) struct Motion {
    /// The bars on their way to a new run.
    pub(super) morph: Option<Morph>,
    /// The moment that is over; its outlines fade.
    pub(super) fading: Option<Moment>,
    axis_from: SimTime,
    /// The time of the first frame in milliseconds.
    started_ms: Option<f64>,
    /// The part of the way that is done, eased.
    pub(super) part: f64,
}

impl Motion {
    /// The motion between two states of the chart; `None` if there is none. `axis_from` is the end
    /// of the axis that is visible now, `unfinished` the motion that the new one interrupts.
    pub(super) fn between(
        before: &ChartProps,
        now: &ChartProps,
        axis_from: SimTime,
        unfinished: Option<&Self>,
    ) -> Option<Self> {
        let is_run = before.shown != now.shown && (before.moment.is_some() || now.moment.is_some());
        let is_over = before.shown == now.shown && before.moment.is_some() && now.moment.is_none();
        if !(is_run || is_over) {
            return None;
        }
        let can_move = before.by == now.by
            && before.shown.has_rows(before.by)
            && now.shown.has_rows(now.by)
            // The bar under the pointer must not lag behind it.
            && !now.is_dragging
            && !dom::media_matches("(prefers-reduced-motion: reduce)");
        if !can_move {
            return None;
        }
        let morph = if is_run {
            let earlier = before.shown.timeline(before.by);
            let later = now.shown.timeline(now.by);
            let rows = RowMap::between(&earlier, &later);
            let lines = LineMap::between(&before.shown.script, &now.shown.script);
            let unfinished =
                unfinished.and_then(|motion| Some((motion.morph.as_ref()?, motion.part)));
            Some(Morph::new(&earlier, &later, &rows, &lines, unfinished)?)
        } else {
            let bars = now.shown.timeline(now.by).bar_count();
            // Part of the run, as after a zoom, has an axis of its own.
            (bars <= BARS_MAX && now.view.window.is_none()).then_some(())?;
            None
        };
        Some(Self {
            morph,
            fading: before.moment.clone().filter(|_| now.moment.is_none()),
            axis_from,
            started_ms: None,
            part: 0.0,
        })
    }

    /// Continues to the time of a frame. Returns whether the motion goes on.
    pub(super) fn advance(&mut self, now_ms: f64) -> bool {
        let started_ms = *self.started_ms.get_or_insert(now_ms);
        let part = ((now_ms - started_ms) / MOTION_MS).clamp(0.0, 1.0);
        self.part = eased(part);
        part < 1.0
    }

    /// The end of the axis on its way to `to`.
    pub(super) fn axis_end(&self, to: SimTime) -> SimTime {
        let [from, to] = [self.axis_from, to].map(|end| end.as_nanos() as f64);
        SimTime::from_nanos((from + (to - from) * self.part).round() as u64)
    }
}

/// Fast at first and slow at the end, like something that is pushed and comes to rest.
fn eased(part: f64) -> f64 {
    let rest = 1.0 - part;
    1.0 - rest * rest * rest
}
