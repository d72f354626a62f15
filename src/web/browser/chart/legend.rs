//! What the looks mean: chips above the chart, a table in the help.

use yew::prelude::*;

use crate::language::Language;
use crate::scene::palette::{self, Theme};
use crate::scene::{Kind, Words};

pub(in crate::web::browser) struct LegendProps {
    pub(in crate::web::browser) kinds: Vec<Kind>,
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
    html! { <ul class="legend" aria-label={crate::web::model::words::LEGEND.of(props.language)}>{ for props.kinds.iter().map(chip) }</ul> }
}

/// Every kind with its sentence.
pub(in crate::web::browser) fn legend_table(props: &LegendProps) -> Html {
    let words = Words(props.language);
    let row = |&kind: &Kind| {
        html! {
            <div class="legend-row">
                <dt>{ swatch(&SwatchProps { kind, dark: props.dark, place: "table" }) }{ words.kind(kind) }</dt>
                <dd>{ words.sentence(kind) }</dd>
            </div>
        }
    };
    html! { <dl class="legend-table">{ for props.kinds.iter().map(row) }</dl> }
}

struct SwatchProps {
    kind: Kind,
    dark: bool,
    /// Ids of patterns are the document's.
    place: &'static str,
}

/// The pattern of a kind, in small.
fn swatch(props: &SwatchProps) -> Html {
    let theme = if props.dark {
        Theme::Dark
    } else {
        Theme::Light
    };
    let tone = palette::tone(props.kind, theme);
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
