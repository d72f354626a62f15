//! The picture of a verification: each row shows the measured bars behind the predicted ones,
//! on one time axis.

use super::report::ReportWords;
use super::{Pair, Verification};
use chart::paint::svg::{Caption, SvgTheme, svg};
use chart::scene::ghost::{
    Ghosts, InstanceKey, OverlaySpan, draw_narrow_spans, draw_overlay_row, instance_rows,
};
use chart::scene::label::brief;
use chart::scene::measure::{Weight, fitted, width};
use chart::scene::palette::Ink;
use chart::scene::ticks::ticks;
use chart::scene::{Anchor, By, Kind, Paint, Point, Rect, Scene, Shape, Timeline, Viewport};
use model::time::{SimDuration, SimTime};
use model::trace::Spans;
use texts::Language;

const WIDTH_PX: f64 = 960.0;
const SIDE_PX: f64 = 24.0;
const NAME_PX: f64 = 150.0;
/// The width of the column right of the bars, which shows the deviation.
const ERROR_PX: f64 = 86.0;
const ROW_PX: f64 = 30.0;
const GHOST_PX: f64 = 22.0;
const BAR_PX: f64 = 9.0;
const TEXT_PX: f64 = 12.5;
/// The number of rows that fit on a page. The text report and the JSON have all tasks.
const ROWS_MAX: usize = 60;

/// Draws a self-contained SVG. Of several runs it shows the one with the median total.
pub fn draw_overlay(verification: &Verification, theme: SvgTheme, language: Language) -> String {
    let words = ReportWords(language);
    let workload = &verification.workload;
    let measured = verification.median_run();
    let timelines = [&verification.predicted, measured].map(|trace| {
        let spans = Spans::of(trace);
        Timeline::new(workload, trace, &spans, By::Tasks)
    });
    let predicted_rows = instance_rows(&timelines[0], &verification.predicted);
    let shown = predicted_rows.len().min(ROWS_MAX);
    let head = SIDE_PX + 44.0;
    let plot = Rect::new(
        SIDE_PX + NAME_PX,
        head + 22.0,
        WIDTH_PX - 2.0 * SIDE_PX - NAME_PX - ERROR_PX,
        shown as f64 * ROW_PX,
    );
    let end = verification.predicted.end.max(measured.end);
    let viewport = Viewport::fit(plot, end, ROW_PX);
    let mut shapes = Vec::new();
    push_heading(&mut shapes, verification, words);
    push_axis(&mut shapes, &viewport);
    // Not divided by the scale: the prediction is scaled, too.
    let behind =
        Ghosts::of(&timelines[1], measured, 1.0).behind(&timelines[0], &verification.predicted);
    for (place, &(who, row)) in predicted_rows.iter().take(ROWS_MAX).enumerate() {
        let top = viewport.y(place);
        let ghost_top = top + (ROW_PX - GHOST_PX) / 2.0;
        draw_overlay_row(
            &mut shapes,
            behind[row].iter().copied(),
            &viewport,
            ghost_top,
            GHOST_PX,
        );
        let bar = (top + (ROW_PX - BAR_PX) / 2.0, BAR_PX);
        let pieces = timelines[0].pieces(row).iter().map(OverlaySpan::of);
        draw_narrow_spans(&mut shapes, pieces, &viewport, bar, Paint::Flat);
        push_names(&mut shapes, verification, who, &viewport, top);
    }
    let bottom = push_legend(
        &mut shapes,
        &timelines[0],
        words,
        language,
        plot.bottom() + 16.0,
    );
    let height = bottom + SIDE_PX;
    // The background is painted first, but its height depends on the legend.
    let paper = Rect::new(0.0, 0.0, WIDTH_PX, height);
    shapes.insert(0, Shape::rect(paper, 0.0, Paint::Ink(Ink::Card)));
    let scene = Scene {
        width: WIDTH_PX,
        height,
        shapes,
    };
    let title = words.heading_line(
        verification.options.runtime.word(),
        verification.measured.len(),
    );
    let description = totals_text(&verification.total, words);
    svg(
        &scene,
        theme,
        Caption {
            title: &title,
            description: &description,
        },
    )
}

fn push_heading(shapes: &mut Vec<Shape>, verification: &Verification, words: ReportWords) {
    let runtime = verification.options.runtime.word();
    let title = words.heading_line(runtime, verification.measured.len());
    let at = Point::new(SIDE_PX, SIDE_PX + 12.0);
    shapes.push(Shape::text(at, title, 16.0, Anchor::Start, Ink::Text).bold());
    let at = Point::new(SIDE_PX, SIDE_PX + 34.0);
    let text = totals_text(&verification.total, words);
    shapes.push(Shape::text(
        at,
        text,
        TEXT_PX + 1.0,
        Anchor::Start,
        Ink::Soft,
    ));
}

fn totals_text(total: &Pair, words: ReportWords) -> String {
    format!(
        "{} {}, {} {}",
        words.predicted_title(),
        brief(total.predicted.since(SimTime::ZERO)),
        words.measured_title(),
        brief(total.measured().since(SimTime::ZERO)),
    )
}

fn push_axis(shapes: &mut Vec<Shape>, viewport: &Viewport) {
    let wide = |text: &str| width(text, TEXT_PX, Weight::Regular);
    for tick in ticks(viewport, 14.0, wide) {
        let x = viewport.x(tick.at);
        let (top, bottom) = (viewport.plot.y, viewport.plot.bottom());
        shapes.push(Shape::upright(x, top, bottom, 1.0, Ink::Line));
        let at = Point::new(x, top - 7.0);
        shapes.push(Shape::text(
            at,
            tick.label,
            TEXT_PX,
            Anchor::Middle,
            Ink::Soft,
        ));
    }
}

fn push_names(
    shapes: &mut Vec<Shape>,
    verification: &Verification,
    who: InstanceKey,
    viewport: &Viewport,
    top: f64,
) {
    let tasks = verification.tasks.iter();
    let mut tasks = tasks.filter(|task| (task.task, task.number) == who);
    let Some(task) = tasks.next() else { return };
    let baseline = top + ROW_PX / 2.0 + TEXT_PX * 0.35;
    let name = fitted(
        &verification.name_of(task),
        NAME_PX - 12.0,
        TEXT_PX,
        Weight::Regular,
    );
    let at = Point::new(SIDE_PX, baseline);
    shapes.push(Shape::text(at, name, TEXT_PX, Anchor::Start, Ink::Text));
    let Some(finish) = task.finish() else { return };
    let ink = if verification.tolerance.holds(&finish) {
        Ink::Soft
    } else {
        Ink::Alarm
    };
    let error = finish.error_ns();
    let sign = if error < 0 { '−' } else { '+' };
    // Rounded to 0.1 ms: the digits below are noise that changes with every run.
    let size = SimDuration::from_nanos((error.unsigned_abs() + 50_000) / 100_000 * 100_000);
    let at = Point::new(viewport.plot.right() + ERROR_PX, baseline);
    shapes.push(Shape::text(
        at,
        format!("{sign}{}", brief(size)),
        TEXT_PX,
        Anchor::End,
        ink,
    ));
}

/// Draws the legend: measured and predicted bars, then the colours of the states. Returns its
/// bottom edge.
fn push_legend(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    words: ReportWords,
    language: Language,
    top: f64,
) -> f64 {
    let states = chart::scene::Words(language);
    let sample = timeline.kinds().first().copied().unwrap_or(Kind::Running);
    let mut entries = vec![
        (Paint::Ghost(sample), 16.0, words.measured_title()),
        (Paint::Flat(sample), 7.0, words.predicted_title()),
    ];
    let kinds = timeline.kinds().iter();
    entries.extend(kinds.map(|&kind| (Paint::Flat(kind), 11.0, states.kind(kind))));
    let (mut x, mut y) = (SIDE_PX, top);
    for (paint, height, text) in entries {
        let wide = 27.0 + width(text, TEXT_PX, Weight::Regular);
        if x > SIDE_PX && x + wide > WIDTH_PX - SIDE_PX {
            x = SIDE_PX;
            y += 20.0;
        }
        let area = Rect::new(x, y + 8.0 - height / 2.0, 20.0, height);
        shapes.push(Shape::rect(area, 2.0, paint));
        let at = Point::new(x + 27.0, y + 8.0 + TEXT_PX * 0.35);
        shapes.push(Shape::text(at, text, TEXT_PX, Anchor::Start, Ink::Soft));
        x += wide + 18.0;
    }
    y + 16.0
}
