//! The first chart as an SVG that follows the width of the page without a script.
//!
//! The chart is laid out for every width in pixels. From one width to the next, an edge of a shape
//! keeps its place in the plot: a part of the plot's width and a constant distance, e.g. 25 % and
//! 0.7 px. What only some widths have, e.g. the longest label that fits on a bar, gets a class for
//! the first and the last of these widths; the style sheet hides it at others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use super::class_of;
use super::markup::{Html, PATTERN, light_dark};
use crate::state::State;
use crate::state::number::measure;
use crate::view::chart_plan::{NARROW_PX, PlanSettings, plan, rows_max_px};
use chart::scene::measure::Weight;
use chart::scene::palette::{Colour, Ink, Theme, tile, tone};
use chart::scene::plan::NamePosition;
use chart::scene::{Anchor, By, Paint, Plan, Rect, Shape, Words, plot};

/// Widths of a chart in pixels, from less than the narrowest phone to more than the widest page.
const WIDTHS: Range<usize> = 240..1_050;
/// The least height of a window whose rows are as high as in the picture; `www/boot.js` shows the
/// picture from there on.
const WINDOW_HEIGHT_MIN_PX: f64 = 581.0;
/// A bar up to this height is a strip, which marks a frozen window.
const STRIP_HEIGHT_MAX_PX: f64 = 4.0;

pub(super) struct Drawing {
    /// In the place of the live chart.
    pub(super) html: Html,
    pub(super) style: String,
}

/// Draws the chart of the first script in several languages.
pub(super) fn drawing(states: &[State]) -> Drawing {
    let border = NARROW_PX as usize;
    let mut sheet = Sheet::default();
    let kids = vec![
        division("names-above", WIDTHS.start..border, states, &mut sheet),
        division("names-beside", border..WIDTHS.end, states, &mut sheet),
    ];
    Drawing {
        html: Html::element("div", vec![("class", "chart".to_owned())], kids),
        style: sheet.written(),
    }
}

/// The rules of the style sheet.
#[derive(Default)]
struct Sheet {
    places: String,
    /// The first width at which something is there.
    from: BTreeSet<usize>,
    /// The first width at which something is no longer there.
    below: BTreeSet<usize>,
}

impl Sheet {
    /// The classes of what is there at these widths only.
    fn classes(&mut self, widths: &Range<usize>, all: &Range<usize>) -> Vec<String> {
        let mut classes = Vec::new();
        if widths.start > all.start {
            self.from.insert(widths.start);
            classes.push(format!("from-{}", widths.start));
        }
        if widths.end < all.end {
            self.below.insert(widths.end);
            classes.push(format!("below-{}", widths.end));
        }
        classes
    }

    fn written(self) -> String {
        let mut style =
            "/* Written by a test: UPDATE=1 cargo test --lib first_picture */\n".to_owned();
        style += &self.places;
        let rule = |comparison: &str, class: &str, width: &usize| {
            format!(
                "@container (width {comparison} {width}px) {{ .{class}-{width} {{ display: none; }} }}\n"
            )
        };
        style.extend(self.from.iter().map(|width| rule("<", "from", width)));
        style.extend(self.below.iter().map(|width| rule(">=", "below", width)));
        style
    }
}

/// The charts of all widths with the same division, as one SVG.
fn division(name: &'static str, widths: Range<usize>, states: &[State], sheet: &mut Sheet) -> Html {
    let scenes = |state: &State| -> Vec<Scene> {
        widths
            .clone()
            .map(|width| Scene::new(state, width))
            .collect()
    };
    let all: Vec<Vec<Scene>> = states.iter().map(scenes).collect();
    let first = &all[0][0];
    let (left_px, right_px, height_px) = first.around();
    for scene in all.iter().flatten() {
        assert_eq!(scene.around(), first.around(), "at {}", scene.width);
    }
    let languages: Vec<Vec<Drawn>> = all.iter().map(|scenes| drawn(scenes)).collect();
    let mut shapes: Vec<(usize, Html)> = Vec::new();
    for (state, own) in states.iter().zip(&languages) {
        for shape in own {
            let is_common = languages.iter().all(|other| other.contains(shape));
            if is_common && !std::ptr::eq(own, &languages[0]) {
                continue;
            }
            let mut html = shape.html.clone();
            if !is_common {
                html = html.with_class(&class_of(state.language()));
            }
            for class in sheet.classes(&shape.widths, &widths) {
                html = html.with_class(&class);
            }
            shapes.push((shape.layer, html));
        }
    }
    shapes.sort_by_key(|(layer, _)| *layer);
    let around = measure(left_px + right_px);
    let left = measure(left_px);
    writeln!(
        sheet.places,
        ".first-picture .{name} {{ margin-left: {left}px; width: calc(100% - {around}px); }}"
    )
    .expect("a string takes everything");
    let mut classes = sheet.classes(&widths, &WIDTHS);
    classes.insert(0, name.to_owned());
    let attributes = vec![("class", classes.join(" ")), ("height", measure(height_px))];
    Html::element(
        "svg",
        attributes,
        shapes.into_iter().map(|(_, html)| html).collect(),
    )
}

/// A shape, and the widths at which it is there.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    layer: usize,
    html: Html,
    widths: Range<usize>,
}

/// The shapes of charts at neighbouring widths.
fn drawn(scenes: &[Scene]) -> Vec<Drawn> {
    let mut found: BTreeMap<String, (usize, Html, Vec<usize>)> = BTreeMap::new();
    // In the order of their first appearance.
    let mut order = Vec::new();
    for (place, scene) in scenes.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| &scenes[place]);
        let after = scenes.get(place + 1);
        for (index, (layer, shape)) in scene.shapes.iter().enumerate() {
            let placed = [after, before]
                .into_iter()
                .flatten()
                .find_map(|other| scene.placed(index, other));
            // A label that fits at this width only, between two others.
            let Some(places) = placed else { continue };
            for html in elements(shape, &places) {
                let key = format!("{layer} {}", html.written());
                let entry = found.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    (*layer, html, Vec::new())
                });
                entry.2.push(scene.width);
            }
        }
    }
    let mut all = Vec::new();
    for key in order {
        let (layer, html, at) = &found[&key];
        for run in at.chunk_by(|one, next| one + 1 >= *next) {
            let widths = run[0]..run[run.len() - 1] + 1;
            all.push(Drawn {
                layer: *layer,
                html: html.clone(),
                widths,
            });
        }
    }
    all
}

/// The chart at one width, as the live page draws it.
struct Scene {
    width: usize,
    plan: Plan,
    /// The layer of each shape: bars are below labels.
    shapes: Vec<(usize, Shape)>,
}

impl Scene {
    fn new(state: &State, width: usize) -> Self {
        let words = Words(state.language());
        let shown = state.shown.as_ref().expect("the script runs");
        let mut timeline = shown.timeline(By::Tasks);
        let plan_in = |window_px| {
            let settings = PlanSettings {
                width_px: width as f64,
                rows_max_px: rows_max_px(window_px),
                in_lab: false,
            };
            plan(&timeline, words, settings)
        };
        let plan = plan_in(WINDOW_HEIGHT_MIN_PX);
        assert_eq!(plan, plan_in(2.0 * WINDOW_HEIGHT_MIN_PX), "all rows fit");
        let viewport = plan.fit(timeline.end());
        let back = plot::plot_background(&timeline, &viewport, words, None);
        let bars = plot::plot_bars(&mut timeline, &plan, &viewport, words, &[]);
        let front = plot::plot_front(&timeline, &plan, &viewport, words);
        let layered = |layer: usize| {
            move |shape: Shape| {
                let above = match &shape {
                    Shape::Rect {
                        paint: Paint::Ground(_),
                        ..
                    } => 1,
                    Shape::Text { .. } => 2,
                    _ => 0,
                };
                (layer + above, shape)
            }
        };
        let mut shapes: Vec<(usize, Shape)> = back.into_iter().map(layered(0)).collect();
        shapes.extend(bars.into_iter().map(layered(3)));
        shapes.extend(front.into_iter().map(layered(6)));
        shapes.extend(cursor(state, &plan, viewport.x(state.cursor.at)).map(layered(9)));
        Self {
            width,
            plan,
            shapes,
        }
    }

    /// The distances of the plot from the left and the right edge, and the height of the chart.
    fn around(&self) -> (f64, f64, f64) {
        let plot = self.plan.plot;
        let right = self.width as f64 - plot.right();
        (
            plot.x,
            (right * 1e6).round() / 1e6,
            self.plan.bottom().ceil(),
        )
    }

    /// A shape without its horizontal edges, and for the plate below a label, the label.
    fn kept(&self, index: usize) -> (usize, Shape, Option<Shape>) {
        let (layer, shape) = &self.shapes[index];
        let is_plate = matches!(
            shape,
            Shape::Rect {
                paint: Paint::Ground(_),
                ..
            }
        );
        let label = is_plate.then(|| kept(&self.shapes[index + 1].1));
        (*layer, kept(shape), label)
    }

    /// The places of a shape's edges: each is a part of the plot's width and a distance in pixels.
    /// Found by comparison with the chart at a neighbouring width, if that has the shape.
    fn placed(&self, index: usize, other: &Self) -> Option<Vec<Place>> {
        let own = self.kept(index);
        let alike = |scene: &Self| -> Vec<usize> {
            let all = 0..scene.shapes.len();
            all.filter(|&index| scene.kept(index) == own).collect()
        };
        let (own, others) = (alike(self), alike(other));
        if own.len() != others.len() {
            return None;
        }
        let at = own.iter().position(|&each| each == index)?;
        let here = edges(&self.shapes[index].1);
        let there = edges(&other.shapes[others[at]].1);
        let (plot, plot_there) = (self.plan.plot, other.plan.plot);
        let places = here.into_iter().zip(there).map(|(x, x_there)| {
            let moved = (x_there - plot_there.x) - (x - plot.x);
            let part = moved / (plot_there.width - plot.width);
            assert!(
                (-0.001..1.001).contains(&part),
                "{part} of {:?}",
                self.shapes[index]
            );
            let distance_px = x - plot.x - part * plot.width;
            Place {
                percent: (part * 1e5).round() / 1e3,
                distance_px: (distance_px * 1e2).round() / 1e2 + 0.0,
            }
        });
        Some(places.collect())
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    percent: f64,
    distance_px: f64,
}

/// The cursor at the start of the run, as in `browser/chart`.
fn cursor(state: &State, plan: &Plan, x: f64) -> impl Iterator<Item = Shape> + use<> {
    assert!(!state.playing);
    let plot = plan.plot;
    let x = if plan.names == NamePosition::Above && x < plot.x + 1.0 {
        x - 3.0
    } else {
        x
    };
    let line = Shape::upright(x, plot.y - 4.0, plot.bottom(), 1.5, Ink::Text);
    let head = Rect::new(x - 5.0, plot.y - 9.0, 10.0, 10.0);
    [line, Shape::rect(head, 5.0, Paint::Ink(Ink::Text))].into_iter()
}

/// The horizontal edges of a shape.
fn edges(shape: &Shape) -> Vec<f64> {
    match shape {
        Shape::Rect { area, .. } => vec![area.x, area.right()],
        Shape::Line { from, to, .. } => vec![from.x, to.x],
        Shape::Text { at, .. } => vec![at.x],
    }
}

/// The shape without its horizontal edges.
fn kept(shape: &Shape) -> Shape {
    let mut kept = shape.clone();
    match &mut kept {
        Shape::Rect { area, radius, .. } => {
            (area.x, area.width) = (0.0, 0.0);
            *radius = 0.0;
        }
        Shape::Line { from, to, .. } => (from.x, to.x) = (0.0, 0.0),
        Shape::Text { at, .. } => at.x = 0.0,
    }
    kept
}

fn elements(shape: &Shape, places: &[Place]) -> Vec<Html> {
    let percent = |place: Place| match place.percent {
        0.0 => "0".to_owned(),
        percent => format!("{}%", measure(percent)),
    };
    match shape {
        Shape::Rect {
            area,
            radius,
            paint,
        } => rect(*area, *radius, *paint, places[0], places[1]),
        Shape::Line {
            from,
            to,
            width,
            ink,
        } => {
            assert!(places[0] == places[1], "upright");
            let mut line = vec![
                ("x1", percent(places[0])),
                ("x2", percent(places[0])),
                ("y1", measure(from.y)),
                ("y2", measure(to.y)),
                ("stroke", colour(Paint::Ink(*ink))),
                // Whole pixels, as on the canvas.
                ("stroke-width", measure(width.round())),
            ];
            push_shift(&mut line, places[0].distance_px);
            vec![Html::element("line", line, Vec::new())]
        }
        Shape::Text {
            at,
            text,
            size,
            weight,
            anchor,
            ink,
        } => {
            let mut attributes = vec![
                ("x", percent(places[0])),
                ("y", measure(at.y)),
                ("font-size", measure(*size)),
                ("fill", colour(Paint::Ink(*ink))),
            ];
            if places[0].distance_px != 0.0 {
                attributes.push(("dx", measure(places[0].distance_px)));
            }
            if *weight == Weight::Bold {
                attributes.push(("font-weight", "600".to_owned()));
            }
            match anchor {
                Anchor::Start => {}
                Anchor::Middle => attributes.push(("text-anchor", "middle".to_owned())),
                Anchor::End => attributes.push(("text-anchor", "end".to_owned())),
            }
            vec![Html::element(
                "text",
                attributes,
                vec![Html::Text(text.clone())],
            )]
        }
    }
}

fn push_shift(attributes: &mut Vec<(&'static str, String)>, distance_px: f64) {
    if distance_px != 0.0 {
        attributes.push(("transform", format!("translate({})", measure(distance_px))));
    }
}

fn rect(area: Rect, radius: f64, paint: Paint, left: Place, right: Place) -> Vec<Html> {
    let percent = |percent: f64| match percent {
        0.0 => "0".to_owned(),
        percent => format!("{}%", measure(percent)),
    };
    // As the canvas, which draws sharp edges.
    let (top, bottom) = (area.y.round(), area.bottom().round());
    let place = |x: String, width: String, around: f64| {
        let mut attributes = vec![
            ("x", x),
            ("y", measure(top - around)),
            ("width", width),
            ("height", measure(bottom - top + 2.0 * around)),
        ];
        if radius > 0.0 {
            attributes.push(("rx", measure(radius + around)));
        }
        attributes.push(("fill", colour(paint)));
        attributes
    };
    let part = ((right.percent - left.percent) * 1e3).round() / 1e3;
    if part == 0.0 {
        let width = measure(right.distance_px - left.distance_px);
        let mut attributes = place(percent(left.percent), width, 0.0);
        push_shift(&mut attributes, left.distance_px);
        return vec![Html::element("rect", attributes, Vec::new())];
    }
    let gap = left.distance_px;
    assert!(gap == -right.distance_px, "{left:?} to {right:?}");
    let (x, width) = (percent(left.percent), percent(part));
    let card = colour(Paint::Ink(Ink::Card));
    if gap == 0.0 {
        return vec![Html::element("rect", place(x, width, 0.0), Vec::new())];
    }
    // A width cannot be less than a percentage by some pixels, so an outline hides the gap.
    if area.height > STRIP_HEIGHT_MAX_PX {
        let mut attributes = place(x, width, gap);
        attributes.push(("stroke", card));
        attributes.push(("stroke-width", measure(2.0 * gap)));
        return vec![Html::element("rect", attributes, Vec::new())];
    }
    let end = |place: Place| {
        let x = percent(place.percent);
        let attributes = vec![
            ("x1", x.clone()),
            ("x2", x),
            ("y1", measure(top)),
            ("y2", measure(bottom)),
            ("stroke", card.clone()),
            ("stroke-width", measure(2.0 * gap)),
        ];
        Html::element("line", attributes, Vec::new())
    };
    vec![
        Html::element("rect", place(x, width, 0.0), Vec::new()),
        end(left),
        end(right),
    ]
}

/// A paint in both themes.
fn colour(paint: Paint) -> String {
    let of = |theme| match paint {
        Paint::Ink(ink) => ink.colour(theme),
        Paint::Pattern(kind) | Paint::Ground(kind) => tone(kind, theme).ground,
        Paint::Flat(kind) => tone(kind, theme).flat,
        Paint::Ghost(_) => panic!("nothing was measured"),
    };
    match paint {
        Paint::Pattern(kind) if tile(kind).is_some() => format!("url(#{PATTERN}{})", kind as usize),
        _ => light_dark(&css(of(Theme::Light)), &css(of(Theme::Dark))),
    }
}

/// E.g. `#0072b214` for a tint of 8 %.
fn css(colour: Colour) -> String {
    match colour.opacity {
        100 => colour.to_string(),
        percent => format!("{colour}{:02x}", u32::from(percent) * 255 / 100),
    }
}
