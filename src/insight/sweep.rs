//! The answer to a sweep, a few points at a time: a curve for each strategy, the values at which
//! the best strategy changes, and a script for each point.

use super::answer::{Style, of, said};
use super::cache::{PartialSweep, RunCache};
use super::variation::varied;
use crate::protocol::analysis::{AnalysisData, AnalysisResponse};
use crate::protocol::panel::{PanelAction, PanelElement, PanelNode, el};
use analysis::compare::{Figures, Metric, Strategy};
use analysis::effort::{Effort, SWEEP_WORK};
use analysis::sweep::axis::Axis;
use analysis::sweep::{Parameter, Row, Sweep, Table, VaryError};
use chart::scene::label::brief;
use model::time::SimDuration;
use model::workload::Workload;

/// Dash patterns of the curves, by strategy, so that they differ without colours.
const CURVE_DASHES: [&str; 8] = ["", "6 3", "2 3", "10 3 2 3", "4 4", "1 3", "8 5", "3 1"];

/// Measures the next points. The last part has the panel, e.g. curves for `pool 10..100`.
pub(super) fn answer(
    cache: &mut RunCache,
    text: &str,
    vary: &str,
    (from, points): (u32, u32),
    work: u64,
    style: Style,
) -> AnalysisResponse {
    let Some(workload) = script::parse(text).workload else {
        return of(PanelNode::NOTHING);
    };
    let parameters = match parse_ranges(vary, &workload) {
        Ok(parameters) => parameters,
        Err(error) => return of(el("p.bad").text(error.message(style.say.0)).into()),
    };
    let sweep = Sweep {
        workload: &workload,
        parameters,
        strategies: Strategy::ALL.to_vec(),
    };
    let (all, from) = (sweep.len(), from as usize);
    let kept = cache.sweep.take().filter(|kept| {
        (kept.script.as_str(), kept.vary.as_str()) == (text, vary)
            && kept.rows.len() == from
            && from > 0
    });
    // Starts from the first point if the cache holds another sweep.
    let mut swept = kept.unwrap_or_else(|| PartialSweep {
        script: text.to_owned(),
        vary: vary.to_owned(),
        rows: Vec::new(),
        left: SWEEP_WORK,
    });
    let is_spent = measure(&sweep, &mut swept, points as usize, work);
    let PartialSweep { rows, .. } = swept;
    let done = rows.len();
    // The page asks until `done` equals `all`; only the last answer has a panel.
    let is_over = done == all || is_spent;
    let table = Table {
        metric: Metric::Total,
        names: sweep
            .parameters
            .iter()
            .map(|each| each.name.clone())
            .collect(),
        strategies: sweep.strategies.clone(),
        rows,
    };
    let panel = match (is_over, &sweep.parameters[..]) {
        (false, _) => PanelNode::NOTHING,
        (true, [across]) => curve_panel(text, &table, across, style),
        (true, [down, across]) => heat_map(text, &table, (down, across), style),
        (true, _) => PanelNode::NOTHING,
    };
    let note = is_spent.then(|| el("p.hint").text(style.say.measured_some(done, all)));
    cache.sweep = Some(PartialSweep {
        rows: table.rows,
        ..swept
    });
    AnalysisResponse {
        panel: PanelNode::Several(vec![note.into(), panel]),
        more: AnalysisData::Swept {
            done: done as u32,
            // Tells the page not to ask for more points.
            all: if is_over { done } else { all } as u32,
        },
    }
}

/// Measures the next points. Returns true if no more can follow, because the next point alone
/// exceeds the work of an answer, or the work of the whole sweep is spent.
fn measure(sweep: &Sweep, swept: &mut PartialSweep, points: usize, work: u64) -> bool {
    let from = swept.rows.len();
    let mut effort = Effort::new(work.min(swept.left));
    for point in from..(from + points).min(sweep.len()) {
        match sweep.measure(point, &mut effort) {
            Ok(row) => swept.rows.push(row),
            // Answers with the points so far; the next part starts with this point.
            Err(_) if point > from => break,
            Err(_) => return true,
        }
    }
    swept.left -= effort.used();
    false
}

/// Parses the ranges: one, or two with a comma between, e.g. `pool 10..40, cores 1..4`.
fn parse_ranges(vary: &str, workload: &Workload) -> Result<Vec<Parameter>, VaryError> {
    let parameters: Result<Vec<_>, _> = vary
        .split(',')
        .map(|part| Parameter::parse(part.trim(), workload))
        .collect();
    let parameters = parameters?;
    let points: usize = parameters.iter().map(|each| each.values.len()).product();
    match (parameters.len(), points) {
        (1 | 2, 0..=analysis::sweep::POINTS_MAX) => Ok(parameters),
        (1 | 2, _) => Err(VaryError::TooMany),
        _ => Err(VaryError::Shape),
    }
}

/// The size of the picture and its margins, in SVG units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 56.0;
const BELOW: f64 = 24.0;
const TOP: f64 = 8.0;

/// Draws the total over the values of one parameter, with a curve for each strategy.
fn curve_panel(text: &str, table: &Table, across: &Parameter, style: Style) -> PanelNode {
    if table.rows.is_empty() {
        return said(style.say.nothing_more());
    }
    let along = Axis::of(across.values.iter().map(|&value| value as f64));
    let totals = table
        .rows
        .iter()
        .flat_map(|row| row.figures.iter().flatten());
    let up = Axis::of(totals.map(|figures| figures.total.as_nanos() as f64));
    let x = |value: u64| LEFT + along.place(value as f64) * (WIDTH - LEFT - 8.0);
    let y = |total: SimDuration| {
        HEIGHT - BELOW - up.place(total.as_nanos() as f64) * (HEIGHT - BELOW - TOP)
    };
    let curve = |index: usize| -> Option<PanelNode> {
        let points = table.rows.iter().filter_map(|row| {
            let total = row.figures[index]?.total;
            Some(format!("{:.1},{:.1}", x(row.values[0]), y(total)))
        });
        let points: Vec<String> = points.collect();
        let line = el("polyline")
            .set("class", class_of(index))
            .set("points", points.join(" "))
            .set("stroke-dasharray", CURVE_DASHES[index % CURVE_DASHES.len()]);
        (!points.is_empty()).then(|| line.into())
    };
    let crossings = table.crossings();
    let crossing_lines = crossings.iter().map(|crossing| -> PanelNode {
        let at = format!("{:.1}", x(table.rows[crossing.row].values[0]));
        el("line.crossing")
            .set("x1", at.clone())
            .set("x2", at)
            .set("y1", TOP.to_string())
            .set("y2", (HEIGHT - BELOW).to_string())
            .into()
    });
    let picture = el("svg.sweep")
        .set("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .set("role", "img")
        .label(style.say.sweep_picture(&across.name))
        .kids(axes(across, &along, &up))
        .kids(crossing_lines)
        .kids((0..table.strategies.len()).filter_map(curve));
    let changes = crossings.iter().map(|crossing| {
        let value = across.shown(table.rows[crossing.row].values[0]);
        let (from, to) = (
            crossing.from.name(style.say.0),
            crossing.to.name(style.say.0),
        );
        el("p.lead")
            .text(style.say.crossing(&across.name, &value, from, to))
            .into()
    });
    let mut nodes: Vec<PanelNode> = changes.collect();
    nodes.push(picture.into());
    nodes.push(legend(table, style));
    nodes.push(point_table(text, table, across, style));
    PanelNode::Several(nodes)
}

const CURVE_CLASSES: [&str; 8] = [
    "curve-0", "curve-1", "curve-2", "curve-3", "curve-4", "curve-5", "curve-6", "curve-7",
];

/// The CSS class of a curve, by strategy.
fn class_of(index: usize) -> &'static str {
    CURVE_CLASSES[index % CURVE_CLASSES.len()]
}

/// The axes, each with its lowest and highest value.
fn axes(across: &Parameter, along: &Axis, up: &Axis) -> Vec<PanelNode> {
    let bottom = HEIGHT - BELOW;
    let line = |from: (f64, f64), to: (f64, f64)| -> PanelNode {
        el("line.axis")
            .set("x1", from.0.to_string())
            .set("y1", from.1.to_string())
            .set("x2", to.0.to_string())
            .set("y2", to.1.to_string())
            .into()
    };
    let label = |x: f64, y: f64, anchor: &'static str, text: String| -> PanelNode {
        el("text")
            .set("x", x.to_string())
            .set("y", y.to_string())
            .set("text-anchor", anchor)
            .text(text)
            .into()
    };
    let shown = |value: f64| across.shown(value as u64);
    let time = |value: f64| brief(SimDuration::from_nanos(value as u64));
    vec![
        line((LEFT, TOP), (LEFT, bottom)),
        line((LEFT, bottom), (WIDTH, bottom)),
        label(LEFT, HEIGHT - 6.0, "start", shown(along.low)),
        label(WIDTH - 8.0, HEIGHT - 6.0, "end", shown(along.high)),
        label(WIDTH / 2.0, HEIGHT - 6.0, "middle", across.name.clone()),
        label(LEFT - 6.0, bottom, "end", time(up.low)),
        label(LEFT - 6.0, TOP + 10.0, "end", time(up.high)),
    ]
}

/// The legend. A strategy that is impossible for this script has no entry.
fn legend(table: &Table, style: Style) -> PanelNode {
    let entry = |(index, strategy): (usize, &Strategy)| -> Option<PanelNode> {
        table.rows.iter().find_map(|row| row.figures[index])?;
        let sample = el("svg.sample")
            .set("viewBox", "0 0 24 4")
            .set("width", "24")
            .set("height", "4")
            .state("aria-hidden", true)
            .kid(
                el("polyline")
                    .set("class", class_of(index))
                    .set("points", "0,2 24,2")
                    .set("stroke-dasharray", CURVE_DASHES[index % CURVE_DASHES.len()]),
            );
        let entry = el("li.chip").kid(sample).text(strategy.name(style.say.0));
        Some(entry.into())
    };
    let entries = table.strategies.iter().enumerate().filter_map(entry);
    el("ul.legend").kids(entries.collect::<Vec<_>>()).into()
}

/// The maximum number of points in the table. The curves show all of them.
const LISTED_MAX: usize = 60;

/// Lists the points in a table. Each value is a button that opens its script.
fn point_table(text: &str, table: &Table, across: &Parameter, style: Style) -> PanelNode {
    let row = |row: &Row| -> PanelNode {
        let best = table.best(row);
        let index = best.and_then(|best| table.strategies.iter().position(|each| *each == best));
        let figures: Option<Figures> = index.and_then(|index| row.figures[index]);
        let value = across.shown(row.values[0]);
        let open = varied(text, &[(across, row.values[0])]).map(|script| {
            el("button.link")
                .set("type", "button")
                .text(value.clone())
                .on_click(PanelAction::Rewrite(script))
        });
        let own = row.figures[0].map_or_else(String::new, |figures| brief(figures.total));
        let head = el("th").set("scope", "row");
        let head = match open {
            Some(open) => head.kid(open),
            None => head.text(value),
        };
        el("tr")
            .kid(head)
            .kid(cell(own))
            .kid(cell(
                best.map_or("", |best| best.name(style.say.0)).to_owned(),
            ))
            .kid(cell(
                figures.map_or_else(String::new, |figures| brief(figures.total)),
            ))
            .into()
    };
    let heads = style.say.sweep_titles();
    let head = |text: String| el("th").set("scope", "col").text(text).into();
    let heads = [
        across.name.clone(),
        heads[0].to_owned(),
        heads[1].to_owned(),
        heads[2].to_owned(),
    ];
    let rest = table.rows.len().saturating_sub(LISTED_MAX);
    let more = || el("p.none").text(style.say.more_lines(rest));
    let rows = el("table.points")
        .kid(el("thead").kid(el("tr").kids(heads.map(head))))
        .kid(el("tbody").kids(table.rows.iter().take(LISTED_MAX).map(row)));
    PanelNode::Several(vec![
        el("div.scroll")
            .set("tabindex", "0")
            .set("role", "region")
            .label(across.name.clone())
            .kid(rows)
            .into(),
        (rest > 0).then(more).into(),
    ])
}

fn cell(text: String) -> PanelElement {
    el("td").text(text)
}

/// Draws two parameters as a heat map of the script's own total. Each cell opens its script and has
/// the best strategy as a tooltip.
fn heat_map(
    text: &str,
    table: &Table,
    (down, across): (&Parameter, &Parameter),
    style: Style,
) -> PanelNode {
    let totals = table.rows.iter().filter_map(|row| row.figures[0]);
    let most = totals.map(|figures| figures.total.as_nanos()).max();
    let most = most.unwrap_or(1).max(1);
    let cell = |row: &Row| -> PanelNode {
        let total = row.figures[0].map_or(SimDuration::ZERO, |figures| figures.total);
        let best = table.best(row).map_or("", |best| best.name(style.say.0));
        // Ten shades from 0 to the largest total. `max(1)` avoids a division by zero.
        let shade = (total.as_nanos() / (most / 10).max(1)).min(9) as usize;
        let cell = el("td")
            .set("class", SHADE_CLASSES[shade])
            .set("title", best);
        match script_at(text, (down, across), row) {
            Some(script) => cell
                .kid(
                    el("button.link")
                        .set("type", "button")
                        .text(brief(total))
                        .on_click(PanelAction::Rewrite(script)),
                )
                .into(),
            None => cell.text(brief(total)).into(),
        }
    };
    let head = |value: &u64| {
        el("th")
            .set("scope", "col")
            .text(across.shown(*value))
            .into()
    };
    let line = |(index, value): (usize, &u64)| -> PanelNode {
        // The sweep varies the second parameter fastest.
        let from = index * across.values.len();
        let rows = table.rows.iter().skip(from).take(across.values.len());
        el("tr")
            .kid(el("th").set("scope", "row").text(down.shown(*value)))
            .kids(rows.map(cell))
            .into()
    };
    let corner = el("td").text(format!("{} ↓ {} →", down.name, across.name));
    let heads = el("tr").kid(corner).kids(across.values.iter().map(head));
    let rows = el("table.heat")
        .kid(el("thead").kid(heads))
        .kid(el("tbody").kids(down.values.iter().enumerate().map(line)));
    el("div.scroll")
        .set("tabindex", "0")
        .set("role", "region")
        .label(style.say.sweep_picture(&across.name))
        .kid(rows)
        .into()
}

/// The script at a point of the heat map.
fn script_at(text: &str, (down, across): (&Parameter, &Parameter), row: &Row) -> Option<String> {
    varied(text, &[(down, row.values[0]), (across, row.values[1])])
}

const SHADE_CLASSES: [&str; 10] = [
    "heat-0", "heat-1", "heat-2", "heat-3", "heat-4", "heat-5", "heat-6", "heat-7", "heat-8",
    "heat-9",
];
