//! What the looks mean: chips above the chart, a table in the help.

use yew::prelude::*;

use crate::language::Language;
use crate::scene::mark::MarkKind;
use crate::scene::palette::{self, Theme};
use crate::scene::sign::sign;
use crate::scene::{Kind, Paint, Shape, Words};
use crate::web::model::words;

pub(in crate::web::browser) struct LegendProps {
    pub(in crate::web::browser) kinds: Vec<Kind>,
    pub(in crate::web::browser) marks: Vec<MarkKind>,
    pub(in crate::web::browser) language: Language,
    pub(in crate::web::browser) dark: bool,
}

pub(in crate::web::browser) fn legend(props: &LegendProps) -> Html {
    let words = Words(props.language);
    let chip = |&kind: &Kind| {
        html! {
            <li class="chip" title={words.sentence(kind)}>
                { swatch(&SwatchProps { kind, dark: props.dark, place: "legend" }) }{ words.kind(kind) }
            </li>
        }
    };
    let mark = |&mark: &MarkKind| {
        html! {
            <li class="chip" title={words.mark_sentence(mark)}>{ sign_swatch(mark, props.dark) }{ words.mark(mark) }</li>
        }
    };
    html! {
        <ul class="legend" aria-label={words::LEGEND.of(props.language)}>
            { for props.kinds.iter().map(chip) }
            { for props.marks.iter().map(mark) }
        </ul>
    }
}

/// Every kind and every sign with its sentence.
pub(in crate::web::browser) fn legend_table(props: &LegendProps, place: &'static str) -> Html {
    let words = Words(props.language);
    let row = |looks: Html, name: &'static str, sentence: &'static str| {
        html! { <div class="legend-row"><dt>{ looks }{ name }</dt><dd>{ sentence }</dd></div> }
    };
    let kind = |&kind: &Kind| {
        let looks = swatch(&SwatchProps {
            kind,
            dark: props.dark,
            place,
        });
        row(looks, words.kind(kind), words.sentence(kind))
    };
    let mark = |&mark: &MarkKind| {
        row(
            sign_swatch(mark, props.dark),
            words.mark(mark),
            words.mark_sentence(mark),
        )
    };
    html! {
        <dl class="legend-table">
            { for props.kinds.iter().map(kind) }
            { for props.marks.iter().map(mark) }
        </dl>
    }
}

/// The sign of a mark, as on a bar.
fn sign_swatch(mark: MarkKind, dark: bool) -> Html {
    let mut shapes = Vec::new();
    // As large as there is room: discs grow with the bar, strokes are as high as it.
    let (top, height) = match mark {
        MarkKind::Printed | MarkKind::TimedOut => (3.0, 9.0),
        MarkKind::Responded | MarkKind::Failed | MarkKind::Cancelled => (-3.0, 20.0),
    };
    sign(&mut shapes, mark, 10.0, top, height);
    html! { <svg class="swatch" width="20" height="14" aria-hidden="true">{ for shapes.iter().map(|shape| element(shape, theme(dark))) }</svg> }
}

fn element(shape: &Shape, theme: Theme) -> Html {
    match shape {
        Shape::Rect {
            area,
            radius,
            paint: Paint::Ink(ink),
        } => {
            html! { <rect x={area.x.to_string()} y={area.y.to_string()} width={area.width.to_string()} height={area.height.to_string()} rx={radius.to_string()} fill={ink.colour(theme).to_string()} /> }
        }
        Shape::Line {
            from,
            to,
            width,
            ink,
        } => {
            html! { <line x1={from.x.to_string()} y1={from.y.to_string()} x2={to.x.to_string()} y2={to.y.to_string()} stroke-width={width.to_string()} stroke={ink.colour(theme).to_string()} /> }
        }
        // Signs consist of nothing else.
        Shape::Rect { .. } | Shape::Text { .. } => Html::default(),
    }
}

fn theme(dark: bool) -> Theme {
    match dark {
        true => Theme::Dark,
        false => Theme::Light,
    }
}

struct SwatchProps {
    kind: Kind,
    dark: bool,
    /// Ids of patterns are the document's.
    place: &'static str,
}

/// The pattern of a kind, in small.
fn swatch(props: &SwatchProps) -> Html {
    let tone = palette::tone(props.kind, theme(props.dark));
    let (ground, ink) = (tone.ground.to_string(), tone.ink.to_string());
    let id = format!("{}-{}", props.place, props.kind as usize);
    let Some(tile) = palette::tile(props.kind) else {
        return html! { <svg class="swatch" width="20" height="12" aria-hidden="true"><rect width="20" height="12" rx="3" fill={ground} /></svg> };
    };
    let line = |[x1, y1, x2, y2, width]: &[f64; 5]| {
        html! {
            <line x1={x1.to_string()} y1={y1.to_string()} x2={x2.to_string()} y2={y2.to_string()}
                stroke={ink.clone()} stroke-width={width.to_string()} />
        }
    };
    let dot = |[x, y, radius]: &[f64; 3]| {
        html! { <circle cx={x.to_string()} cy={y.to_string()} r={radius.to_string()} fill={ink.clone()} /> }
    };
    let ring = |[x, y, radius]: &[f64; 3]| {
        html! {
            <circle cx={x.to_string()} cy={y.to_string()} r={radius.to_string()} fill="none"
                stroke={ink.clone()} stroke-width={palette::RING_PX.to_string()} />
        }
    };
    let size = tile.size.to_string();
    html! {
        <svg class="swatch" width="20" height="12" aria-hidden="true">
            <defs>
                <pattern id={id.clone()} width={size.clone()} height={size.clone()} patternUnits="userSpaceOnUse">
                    <rect width={size.clone()} height={size} fill={ground} />
                    { for tile.lines.iter().map(line) }
                    { for tile.dots.iter().map(dot) }
                    { for tile.rings.iter().map(ring) }
                </pattern>
            </defs>
            <rect width="20" height="12" rx="3" fill={format!("url(#{id})")} />
        </svg>
    }
}
