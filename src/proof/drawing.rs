//! The bars of a verification: the prediction that was judged, and the measured run.
//!
//! Times are divided by the scale: with a scale of 0.1, a bar of 100 ms becomes one of 1 s, as in
//! the script.

use super::lines::RunResult;
use super::python_proof::LIMITS;
use crate::protocol::panel::{PanelElement, PanelNode, el};
use crate::protocol::real_run::MeasuredOverlay;
use chart::scene::ghost::{Ghosts, OverlaySpan};
use chart::scene::palette::{self, Theme};
use chart::scene::{By, Timeline};
use formats::link::base64_decode;
use formats::verification::ReportedTask;
use model::time::SimTime;
use model::trace::codec;
use model::trace::{Spans, Trace};
use sim::simulate_sync;

/// The size of a task's picture, in SVG units.
const WIDTH: u64 = 1_000;
const HEIGHT: u64 = 16;
/// The minimum width of a bar, in SVG units. A shorter one could not be seen.
const LEAST: u64 = 3;

/// The bars of a finished run.
#[derive(Debug, PartialEq)]
pub(super) struct VerifiedBars {
    /// The names of the tasks by their index.
    tasks: Vec<String>,
    /// The prediction that was judged, e.g. one in which each task has a thread.
    judged: Ghosts,
    measured: Ghosts,
    /// The page's chart shows the same prediction.
    pub(super) is_on_chart: bool,
}

impl VerifiedBars {
    /// `None` if a trace cannot be decoded or does not belong to the script.
    pub(super) fn of(script: &str, done: &RunResult) -> Option<Self> {
        let workload = script::parse(script).workload?;
        let bars = |trace: &Trace, scale| {
            let timeline = Timeline::new(&workload, trace, &Spans::of(trace), By::Tasks);
            Ghosts::of(&timeline, trace, scale)
        };
        let decoded = |text: &str| {
            // Its indices come from another program, so check them before they are used.
            let trace = codec::decode(&base64_decode(text)?)?;
            let is_of = trace.is_of(&workload);
            is_of.then(|| bars(&trace, done.report.scale))
        };
        let (judged, measured) = (decoded(&done.predicted)?, decoded(&done.measured)?);
        let is_on_chart = match simulate_sync(&workload, LIMITS) {
            Some(shown) => look_alike(&judged, &bars(&shown, 1.0)),
            // Too long to simulate here. The notes name most differences.
            None => done.report.notes.is_empty(),
        };
        Some(Self {
            judged,
            measured,
            is_on_chart,
            tasks: workload.tasks.into_iter().map(|task| task.name).collect(),
        })
    }

    /// The measured bars for the page's chart. None if that shows another prediction.
    pub(super) fn overlay(&self, script: String) -> MeasuredOverlay {
        if self.is_on_chart {
            MeasuredOverlay::new(script, &self.measured)
        } else {
            MeasuredOverlay::default()
        }
    }

    /// The judged bars of a task, with the measured ones pale behind them.
    pub(super) fn picture(&self, task: &ReportedTask, theme: Theme) -> PanelElement {
        let end = self.judged.end.max(self.measured.end);
        let draw = |ghosts, (top, height), colour: &dyn Fn(&OverlaySpan) -> String| {
            let bars = places(self.spans(ghosts, task), end).into_iter();
            let bars = bars.map(|(span, x, width)| {
                let bar = el("rect").set("x", x.to_string()).set("y", top);
                let bar = bar.set("width", width.to_string()).set("height", height);
                bar.set("fill", colour(span)).into()
            });
            bars.collect::<Vec<PanelNode>>()
        };
        let measured = draw(&self.measured, ("1", "14"), &|span| {
            let colour = palette::ghost(span.kind, theme);
            format!("{colour}{:02x}", u32::from(colour.opacity) * 255 / 100)
        });
        let judged = draw(&self.judged, ("5", "6"), &|span| {
            palette::tone(span.kind, theme).flat.to_string()
        });
        el("svg.small-chart")
            .set("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .set("preserveAspectRatio", "none")
            .set("height", "22")
            .state("aria-hidden", true)
            .kids(measured)
            .kids(judged)
    }

    fn spans<'a>(&self, ghosts: &'a Ghosts, task: &ReportedTask) -> &'a [OverlaySpan] {
        let is_of = |name: u32, number| {
            number == task.number && self.tasks.get(name as usize) == Some(&task.name)
        };
        let mut rows = ghosts.rows.iter();
        let row = rows.find(|((name, number), _)| is_of(name.0, *number));
        row.map_or(&[], |(_, spans)| spans)
    }
}

/// Whether two predictions cannot be told apart on a chart: the same bars, within half a percent of
/// the total.
fn look_alike(a: &Ghosts, b: &Ghosts) -> bool {
    let slack = a.end.max(b.end).as_nanos() / 200;
    let near = |a: SimTime, b: SimTime| a.as_nanos().abs_diff(b.as_nanos()) <= slack;
    let same_row = |a: &[OverlaySpan], b: &[OverlaySpan]| {
        let mut pairs = a.iter().zip(b);
        let same = |(a, b): (&OverlaySpan, &OverlaySpan)| {
            a.kind == b.kind && near(a.start, b.start) && near(a.end, b.end)
        };
        a.len() == b.len() && pairs.all(same)
    };
    let mut rows = a.rows.iter().zip(&b.rows);
    a.rows.len() == b.rows.len() && rows.all(|(a, b)| a.0 == b.0 && same_row(&a.1, &b.1))
}

/// The spans that are drawn, each with its place and width in SVG units. Of several short spans the
/// first one covers the others.
fn places(spans: &[OverlaySpan], end: SimTime) -> Vec<(&OverlaySpan, u64, u64)> {
    // In floating point, since the product of two large times does not fit.
    let scale = WIDTH as f64 / end.as_nanos().max(1) as f64;
    let x = |at: SimTime| (at.as_nanos() as f64 * scale) as u64;
    let mut drawn_to = 0;
    let mut places = Vec::new();
    for span in spans {
        let (from, to) = (x(span.start).max(drawn_to), x(span.end));
        if to > drawn_to || drawn_to == 0 {
            let width = (to - from).max(LEAST);
            places.push((span, from, width));
            drawn_to = from + width;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::DONE;
    use super::super::lines::{Lines, RunEvent};
    use super::*;
    use chart::scene::Kind;
    use formats::link::base64_encode;
    use sim::simulate;

    const SCRIPT: &str = "a: cpu 1s -> await 2s\nb: cpu 3s\n";

    fn done(predicted: &str, measured: &str) -> Box<RunResult> {
        let traces = format!("\"predicted\":\"{predicted}\",\"measured\":\"{measured}\"");
        let line = DONE.replace("\"predicted\":\"\",\"measured\":\"\"", &traces);
        let events = Lines::default().take(format!("{line}\n").as_bytes());
        match events.and_then(|mut events| events.pop()) {
            Some(RunEvent::Done(done)) => done,
            other => panic!("{other:?}"),
        }
    }

    fn trace(script: &str) -> String {
        let workload = script::parse(script).workload.expect("no errors");
        base64_encode(&codec::encode(&simulate(&workload)))
    }

    fn bars(predicted: &str, measured: &str) -> VerifiedBars {
        let done = done(&trace(predicted), &trace(measured));
        VerifiedBars::of(SCRIPT, &done).expect("two traces")
    }

    /// As `DONE` says: a second of the script took 0.1 s.
    const SCALED: &str = "a: cpu 100ms -> await 200ms\nb: cpu 300ms\n";
    /// As on two processors, where `b` does not wait for `a`.
    const OTHERWISE: &str = "a: cpu 0 -> await 300ms\nb: cpu 300ms\n";

    #[test]
    fn measured_bars_are_in_the_seconds_of_the_script() {
        let overlay = bars(SCALED, SCALED).overlay(SCRIPT.to_owned());
        assert_eq!(overlay.script, SCRIPT);
        assert_eq!(overlay.ghosts().rows.len(), 2);
        assert_eq!(overlay.ghosts().end.as_nanos(), 4_000_000_000);
    }

    #[test]
    fn measured_bars_are_not_drawn_behind_another_prediction() {
        let bars = bars(OTHERWISE, SCALED);
        assert!(!bars.is_on_chart);
        assert_eq!(bars.overlay(SCRIPT.to_owned()), MeasuredOverlay::default());
    }

    #[test]
    fn the_picture_of_a_task_shows_the_prediction_that_was_judged() {
        let report = done("", "").report;
        let picture = |predicted: &str| {
            let task = &report.tasks[1];
            assert_eq!(task.name, "b");
            let picture = bars(predicted, SCALED).picture(task, Theme::Light);
            PanelNode::from(picture).html()
        };
        // In the colours of work and, pale, of what was measured.
        for colour in ["fill=\"#0072b2\"", "fill=\"#0072b24c\""] {
            assert!(picture(SCALED).contains(colour), "{}", picture(SCALED));
        }
        assert_ne!(picture(SCALED), picture(OTHERWISE));
    }

    #[test]
    fn many_short_bars_are_one_that_can_be_seen() {
        let span = |start, end| OverlaySpan {
            start: SimTime::from_nanos(start),
            end: SimTime::from_nanos(end),
            kind: Kind::Running,
        };
        let slices: Vec<OverlaySpan> = (0..10_000).map(|at| span(at, at + 1)).collect();
        let drawn = places(&slices, SimTime::from_nanos(10_000));
        assert!(drawn.len() <= 334, "{}", drawn.len());
        let late = [span(7_000, 7_001)];
        let drawn = places(&late, SimTime::from_nanos(10_000));
        assert_eq!(drawn, [(&late[0], 700, LEAST)]);
    }

    #[test]
    fn what_is_no_trace_of_the_script_is_not_drawn() {
        let more = "a: cpu 1s\nb: cpu 1s\nc: cpu 1s\n";
        for wrong in ["", "%%%", "AAAA", &trace(more)] {
            let right = trace(SCALED);
            for (predicted, measured) in [(wrong, &*right), (&right, wrong)] {
                let bars = VerifiedBars::of(SCRIPT, &done(predicted, measured));
                assert_eq!(bars, None, "{wrong}");
            }
        }
    }
}
