//! A sweep as an SVG picture: a curve for each strategy, or a map of two parameters.
//!
//! Uses plain shapes, with a class for each kind; neither scripts nor embedded fonts.

use std::fmt::Write;

use super::Parameter;
use super::axis::Axis;
use super::table::{Row, Table};
use model::time::SimDuration;
use texts::Language;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 450.0;
const LEFT: f64 = 90.0;
const TOP: f64 = 30.0;
const RIGHT: f64 = 250.0;
const BOTTOM: f64 = 50.0;
/// Colours that are distinct with impaired colour vision, too (Okabe and Ito).
const COLOURS: [&str; 8] = [
    "#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#8a8a8a",
];
/// Dashes, so that the curves differ without colour, e.g. in a black-and-white print.
const DASHES: [&str; 8] = ["", "8 3", "2 3", "12 3 2 3", "5 5", "1 4", "10 6", "3 1"];

/// One parameter: its values on the x axis, the total on the y axis. Two: the total as shades.
pub fn picture(table: &Table, parameters: &[Parameter], language: Language) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    match parameters {
        [across] => curves(&mut svg, table, across, language),
        [down, across] => map(&mut svg, table, down, across),
        _ => {}
    }
    svg.push_str("</svg>\n");
    svg
}

fn curves(svg: &mut String, table: &Table, across: &Parameter, language: Language) {
    let totals = table
        .rows
        .iter()
        .flat_map(|row| row.figures.iter().flatten());
    let up = Axis::of(totals.map(|figures| figures.total.as_nanos() as f64));
    let along = Axis::of(across.values.iter().map(|value| *value as f64));
    let x = |value: u64| LEFT + along.place(value as f64) * (WIDTH - LEFT - RIGHT);
    let y = |nanos: u64| HEIGHT - BOTTOM - up.place(nanos as f64) * (HEIGHT - TOP - BOTTOM);
    for crossing in table.crossings() {
        let at = x(table.rows[crossing.row].values[0]);
        let _ = writeln!(
            svg,
            "<line class=\"crossing\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#999\" stroke-dasharray=\"2 4\"/>",
            HEIGHT - BOTTOM
        );
    }
    for (index, strategy) in table.strategies.iter().enumerate() {
        let points = table
            .rows
            .iter()
            .filter_map(|row| Some((row.values[0], row.figures[index]?)));
        let points: Vec<String> = points
            .map(|(value, figures)| format!("{:.1},{:.1}", x(value), y(figures.total.as_nanos())))
            .collect();
        if points.is_empty() {
            continue;
        }
        // By index, so that a strategy keeps its colour even if another one has no curve.
        let (colour, dash) = (COLOURS[index % 8], DASHES[index % 8]);
        let line = TOP + 20.0 * index as f64 + 10.0;
        let _ = writeln!(
            svg,
            "<polyline class=\"curve\" points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
            points.join(" ")
        );
        let from = WIDTH - RIGHT + 15.0;
        let _ = writeln!(
            svg,
            "<line x1=\"{from}\" x2=\"{}\" y1=\"{line}\" y2=\"{line}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\
             <text x=\"{}\" y=\"{}\">{}</text>",
            from + 25.0,
            from + 32.0,
            line + 4.0,
            strategy.name(language)
        );
    }
    frame(svg, across, WIDTH - RIGHT);
    // On a logarithmic axis the middle tick is the geometric mean.
    for part in [0.0, 0.5, 1.0] {
        let nanos = if up.is_logarithmic {
            (up.low.ln() + part * (up.high.ln() - up.low.ln())).exp()
        } else {
            part * up.high
        };
        label(
            svg,
            LEFT - 8.0,
            y(nanos as u64) + 4.0,
            "end",
            &brief(nanos as u64),
        );
    }
    for value in ends(across) {
        label(
            svg,
            x(value),
            HEIGHT - BOTTOM + 18.0,
            "middle",
            &across.shown(value),
        );
    }
}

/// The values with a tick: first, middle, last.
fn ends(parameter: &Parameter) -> Vec<u64> {
    let values = &parameter.values;
    let mut ends = vec![
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    ];
    ends.dedup();
    ends
}

/// A map of two parameters. Darker cells take longer.
fn map(svg: &mut String, table: &Table, down: &Parameter, across: &Parameter) {
    let best = |row: &Row| {
        row.figures
            .iter()
            .flatten()
            .map(|figures| figures.total.as_nanos())
            .min()
    };
    let shades = Axis::of(table.rows.iter().filter_map(best).map(|nanos| nanos as f64));
    let (columns, rows) = (across.values.len() as f64, down.values.len() as f64);
    let (wide, high) = (
        (WIDTH - LEFT - 30.0) / columns,
        (HEIGHT - TOP - BOTTOM) / rows,
    );
    for row in &table.rows {
        let Some(nanos) = best(row) else { continue };
        let (column, line) = (
            row.point % across.values.len(),
            row.point / across.values.len(),
        );
        // From 245 (nearly white, distinct from the background) to 45 (a strong blue).
        let shade = 245.0 - 200.0 * shades.place(nanos as f64);
        // Small values are at the bottom, as on an axis.
        let (x, y) = (
            LEFT + wide * column as f64,
            HEIGHT - BOTTOM - high * (line + 1) as f64,
        );
        let _ = writeln!(
            svg,
            "<rect class=\"cell\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" fill=\"rgb({shade:.0},{shade:.0},255)\">\
             <title>{} {}, {} {}: {}</title></rect>",
            down.name,
            down.shown(row.values[0]),
            across.name,
            across.shown(row.values[1]),
            brief(nanos)
        );
    }
    frame(svg, across, WIDTH - 30.0);
    label(svg, LEFT - 8.0, TOP - 8.0, "end", &down.name);
    for (index, value) in [
        (0, down.values[0]),
        (down.values.len() - 1, down.values[down.values.len() - 1]),
    ] {
        let y = HEIGHT - BOTTOM - high * (index as f64 + 0.5) + 4.0;
        label(svg, LEFT - 8.0, y, "end", &down.shown(value));
    }
    for (index, value) in [
        (0, across.values[0]),
        (
            across.values.len() - 1,
            across.values[across.values.len() - 1],
        ),
    ] {
        let x = LEFT + wide * (index as f64 + 0.5);
        label(
            svg,
            x,
            HEIGHT - BOTTOM + 18.0,
            "middle",
            &across.shown(value),
        );
    }
}

fn frame(svg: &mut String, across: &Parameter, end: f64) {
    let bottom = HEIGHT - BOTTOM;
    let _ = writeln!(
        svg,
        "<path d=\"M{LEFT} {TOP}V{bottom}H{end}\" fill=\"none\" stroke=\"#444\"/>"
    );
    label(svg, LEFT, HEIGHT - 10.0, "start", &across.name);
}

fn label(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"#444\">{text}</text>"
    );
}

/// Rounded down to a thousandth of its unit, e.g. 1.2345678 s → `1.234s`.
fn brief(nanos: u64) -> String {
    let step = match nanos {
        n if n >= 1_000_000_000 => 1_000_000,
        n if n >= 1_000_000 => 1_000,
        _ => 1,
    };
    SimDuration::from_nanos(nanos / step * step).label()
}
