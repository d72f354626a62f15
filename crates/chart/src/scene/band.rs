//! Draws frozen-loop windows: a tint behind the rows, a line and a label above.
//!
//! [`frozen`](super::frozen) finds the windows.

use crate::scene::frozen::FrozenWindow;
use crate::scene::geometry::{Point, Rect};
use crate::scene::label::brief;
use crate::scene::measure::{Weight, width};
use crate::scene::palette::Ink;
use crate::scene::plan::SMALL_PX;
use crate::scene::shape::{Anchor, Paint, Shape};
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;

/// Neighbouring windows with the same segment, which share a label.
#[derive(Clone, Copy)]
struct WindowRun {
    first: FrozenWindow,
    last: FrozenWindow,
    count: usize,
}

/// Draws the visible windows and their labels.
pub(super) fn draw_bands(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
) {
    let seen: Vec<&FrozenWindow> = timeline
        .windows()
        .iter()
        .filter(|window| window.end > viewport.start() && window.start < viewport.end())
        .collect();
    let plot = viewport.plot;
    // Windows of several servers may overlap; a tint is not drawn twice.
    let mut covered = f64::MIN;
    for window in &seen {
        let left = viewport.x_within(window.start).max(covered);
        let right = viewport.x_within(window.end);
        if right - left < 0.25 {
            continue;
        }
        let (tint, line) = if window.blocking {
            (Ink::AlarmTint, Ink::Alarm)
        } else {
            (Ink::BusyTint, Ink::Busy)
        };
        for rows in timeline.rows_of(window, viewport.rows(timeline.rows().len())) {
            let top = viewport.y(rows.start).max(plot.y);
            let bottom = viewport.y(rows.end).min(plot.bottom());
            let area = Rect::between(left, right, top, bottom);
            shapes.push(Shape::rect(area, 0.0, Paint::Ink(tint)));
        }
        let gap = if right - left > 6.0 { 1.0 } else { 0.0 };
        let strip = Rect::between(left + gap, right - gap, plot.y - 3.0, plot.y);
        shapes.push(Shape::rect(strip, 1.0, Paint::Ink(line)));
        covered = right;
    }
    let single: Vec<WindowRun> = seen.iter().map(|window| single_run(window)).collect();
    let labels = frozen_labels(&single, timeline, viewport, words);
    // If not every window has room for a label, neighbours share one.
    let labels = labels
        .or_else(|| frozen_labels(&join_neighbours(&single), timeline, viewport, words))
        .unwrap_or_default();
    shapes.extend(labels);
}

fn single_run(window: &FrozenWindow) -> WindowRun {
    WindowRun {
        first: *window,
        last: *window,
        count: 1,
    }
}

fn join_neighbours(runs: &[WindowRun]) -> Vec<WindowRun> {
    let mut joined: Vec<WindowRun> = Vec::new();
    for next in runs {
        match joined.last_mut() {
            Some(run)
                if run.last.end == next.first.start && run.last.segment == next.first.segment =>
            {
                run.last = next.last;
                run.count += 1;
            }
            _ => joined.push(*next),
        }
    }
    joined
}

/// One label for each run. `None` if a single window has no room for its label.
fn frozen_labels(
    runs: &[WindowRun],
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
) -> Option<Vec<Shape>> {
    let plot = viewport.plot;
    let mut labels = Vec::new();
    let mut taken = plot.x - 30.0;
    for run in runs {
        let (left, right) = (
            viewport.x_within(run.first.start),
            viewport.x_within(run.last.end),
        );
        let length = brief(run.first.length());
        let length = match run.count {
            1 => length,
            count => format!("{count} × {length}"),
        };
        let line = timeline.labels().line(run.first.segment);
        let blocking = run.first.blocking;
        let texts = [
            words.frozen(blocking, &length, line),
            words.held(blocking, &length),
            length,
        ];
        let fits = |text: &String| {
            let wide = width(text, SMALL_PX, Weight::Bold);
            let x = ((left + right) / 2.0)
                .min(plot.right() + 10.0 - wide / 2.0)
                .max(plot.x - 10.0 + wide / 2.0);
            let free = x - wide / 2.0 >= taken && wide <= (right - left) + 24.0;
            free.then_some((x, x + wide / 2.0 + 8.0))
        };
        let Some((text, (x, end))) = texts.iter().find_map(|text| Some((text, fits(text)?))) else {
            // Labels on only some windows would read as if only those were frozen.
            if runs.len() > 1 && run.count == 1 {
                return None;
            }
            continue;
        };
        taken = end;
        let ink = if blocking { Ink::Alarm } else { Ink::Busy };
        let at = Point::new(x, plot.y - 8.0);
        labels.push(Shape::text(at, text.clone(), SMALL_PX, Anchor::Middle, ink).bold());
    }
    Some(labels)
}
