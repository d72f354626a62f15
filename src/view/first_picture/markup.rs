//! The views as plain markup: without ids, listeners and everything that only a live page needs.
//!
//! Pages in several languages become one: elements that differ are there once for each language,
//! with a class, and the style sheet hides the others.

use crate::markup::{self, Parts};
use crate::state::State;
use crate::view;
use crate::view::node::{ComponentSlot, Does, Node};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Html {
    Text(String),
    Element {
        tag: &'static str,
        attributes: Vec<(&'static str, String)>,
        kids: Vec<Html>,
    },
}

/// Attributes that change the look, e.g. `lang` chooses the font.
const KEPT: [&str; 28] = [
    "aria-selected",
    "class",
    "cx",
    "cy",
    "d",
    "disabled",
    "fill",
    "height",
    "lang",
    "max",
    "min",
    "patternUnits",
    "preserveAspectRatio",
    "r",
    "rx",
    "selected",
    "stroke",
    "stroke-width",
    "type",
    "value",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Invisible until something happens.
const UNSEEN: [&str; 2] = ["skip", "tip"];

/// The prefix of the patterns in the legend, which the chart uses too; the live page has others.
pub(super) const PATTERN: &str = "first-";
const LIVE_PATTERN: &str = "legend-";

impl Html {
    pub(super) fn element(
        tag: &'static str,
        attributes: Vec<(&'static str, String)>,
        kids: Vec<Self>,
    ) -> Self {
        Self::Element {
            tag,
            attributes,
            kids,
        }
    }

    /// The whole page of a state, with this chart.
    pub(super) fn page(state: &State, chart: &Self) -> Self {
        let mut kids = Vec::new();
        let maker = Maker { state, chart };
        maker.push(&mut kids, &view::page(state));
        let attributes = [
            ("class", "first-picture"),
            ("inert", ""),
            ("aria-hidden", "true"),
        ];
        let attributes = attributes.map(|(name, value)| (name, value.to_owned()));
        Self::element("div", attributes.into(), kids)
    }

    fn has_class(&self, class: &str) -> bool {
        let Self::Element { attributes, .. } = self else {
            return false;
        };
        let mut classes = attributes.iter().filter(|(name, _)| *name == "class");
        classes.any(|(_, classes)| classes.split(' ').any(|each| each == class))
    }

    pub(super) fn with_class(mut self, class: &str) -> Self {
        match &mut self {
            Self::Text(_) => Self::element("span", vec![("class", class.to_owned())], vec![self]),
            Self::Element { attributes, .. } => {
                match attributes.iter_mut().find(|(name, _)| *name == "class") {
                    Some((_, classes)) => *classes = format!("{classes} {class}"),
                    None => attributes.push(("class", class.to_owned())),
                }
                self
            }
        }
    }

    /// The first element with this class.
    pub(super) fn find(&self, class: &str) -> Option<&Self> {
        if self.has_class(class) {
            return Some(self);
        }
        match self {
            Self::Text(_) => None,
            Self::Element { kids, .. } => kids.iter().find_map(|kid| kid.find(class)),
        }
    }

    /// Replaces each element with this class.
    pub(super) fn replaced(self, class: &str, by: &[Self]) -> Self {
        let Self::Element {
            tag,
            attributes,
            kids,
        } = self
        else {
            return self;
        };
        let kids = kids.into_iter().flat_map(|kid| {
            if kid.has_class(class) {
                by.to_vec()
            } else {
                vec![kid.replaced(class, by)]
            }
        });
        Self::element(tag, attributes, kids.collect())
    }

    pub(super) fn written(&self) -> String {
        match self {
            Self::Text(text) => escaped(text),
            Self::Element {
                tag,
                attributes,
                kids,
            } => {
                let attribute = |(name, value): &(&str, String)| match value.as_str() {
                    "" => format!(" {name}"),
                    value => format!(" {name}=\"{}\"", escaped(value)),
                };
                let attributes: String = attributes.iter().map(attribute).collect();
                match *tag {
                    "input" => return format!("<{tag}{attributes}>"),
                    "circle" | "line" | "path" | "rect" => return format!("<{tag}{attributes}/>"),
                    _ => {}
                }
                let kids: Vec<String> = kids.iter().map(Self::written).collect();
                // Where white space between elements is not drawn, each gets a line.
                let is_spaced = matches!(
                    *tag,
                    "div" | "dl" | "footer" | "header" | "main" | "section" | "svg" | "ul"
                ) && kids.iter().all(|kid| kid.starts_with('<'));
                let kids = if is_spaced && kids.len() > 1 {
                    format!("\n{}\n", kids.join("\n"))
                } else {
                    kids.concat()
                };
                format!("<{tag}{attributes}>{kids}</{tag}>")
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// Turns the nodes of one state into markup.
struct Maker<'a> {
    state: &'a State,
    chart: &'a Html,
}

impl Maker<'_> {
    fn push(&self, list: &mut Vec<Html>, node: &Node) {
        match node {
            Node::Text(text) if text.is_empty() => {}
            Node::Text(text) => list.push(Html::Text(text.clone().into_owned())),
            Node::Several(nodes) => nodes.iter().for_each(|node| self.push(list, node)),
            Node::Slot(ComponentSlot::Editor) => list.push(self.editor()),
            // The Python side is never open first.
            Node::Slot(ComponentSlot::Program) => {}
            Node::Slot(ComponentSlot::Chart) => list.push(self.chart.clone()),
            Node::Slot(ComponentSlot::Deferred(which)) => {
                self.push(list, &view::deferred(*which, self.state));
            }
            Node::Element(markup::Element(parts)) => list.extend(self.element(parts)),
        }
    }

    fn element(&self, parts: &Parts<Does, ComponentSlot>) -> Option<Html> {
        let tag = parts.tag.0;
        let mut attributes = Vec::new();
        for (name, value) in &parts.attributes {
            let value = match name.0 {
                "id" if tag == "pattern" => value.replace(LIVE_PATTERN, PATTERN),
                "fill" => value.replace(LIVE_PATTERN, PATTERN),
                "type" if tag == "button" => continue,
                name if KEPT.contains(&name) => value.clone().into_owned(),
                _ => continue,
            };
            attributes.push((name.0, value));
        }
        let is_range = attributes.contains(&("type", "range".to_owned()));
        // Without its value the handle would be in the middle.
        attributes.retain(|(name, _)| *name != "value" || is_range);
        let mut kids = Vec::new();
        for node in &parts.kids {
            self.push(&mut kids, node);
        }
        if tag == "details" {
            // Closed.
            kids.retain(|kid| matches!(kid, Html::Element { tag: "summary", .. }));
        }
        let html = Html::element(tag, attributes, kids);
        let is_unseen = UNSEEN.iter().any(|class| html.has_class(class));
        (!is_unseen).then_some(html)
    }

    /// The text area, which the live page has until the editor has loaded.
    fn editor(&self) -> Html {
        let attributes = [
            ("class", "plain"),
            ("readonly", ""),
            ("spellcheck", "false"),
        ];
        let attributes = attributes.map(|(name, value)| (name, value.to_owned()));
        let text = Html::Text(self.state.script.to_string());
        let area = Html::element("textarea", attributes.into(), vec![text]);
        Html::element("div", vec![("class", "editor".to_owned())], vec![area])
    }
}

/// The same part for one kind of readers.
pub(super) struct Variant {
    /// The class of what only they see.
    class: String,
    html: Html,
}

impl Variant {
    pub(super) fn new(class: String, html: Html) -> Self {
        Self { class, html }
    }
}

/// One element for all variants if they are alike, with their differences inside; otherwise all of
/// them, each with its class.
pub(super) fn merged(variants: &[Variant]) -> Vec<Html> {
    let first = &variants[0].html;
    if variants.iter().all(|variant| variant.html == *first) {
        return vec![first.clone()];
    }
    if let (
        Html::Element {
            tag,
            attributes,
            kids,
        },
        true,
    ) = (first, are_alike(variants))
    {
        let kid = |place: usize| -> Vec<Html> {
            let kids = variants.iter().map(|variant| {
                let Html::Element { kids, .. } = &variant.html else {
                    unreachable!("alike");
                };
                Variant::new(variant.class.clone(), kids[place].clone())
            });
            merged(&kids.collect::<Vec<_>>())
        };
        let kids = (0..kids.len()).flat_map(kid).collect();
        return vec![Html::element(tag, attributes.clone(), kids)];
    }
    let marked = |variant: &Variant| variant.html.clone().with_class(&variant.class);
    variants.iter().map(marked).collect()
}

/// Whether the variants differ only inside of the elements in them. Most texts are not wrapped in
/// an element of their own: a style may count the children or depend on their kind.
fn are_alike(variants: &[Variant]) -> bool {
    let shell = |html: &Html| match html {
        Html::Text(_) => None,
        // These show the text of one child, also if the style sheet hides it.
        Html::Element {
            tag: "details" | "select",
            ..
        } => None,
        Html::Element {
            tag,
            attributes,
            kids,
        } => {
            // The patterns in the legend must exist once.
            let is_chip = html.has_class("chip");
            let text = |kid: &Html| match kid {
                Html::Text(text) if !is_chip => Some(text.clone()),
                Html::Text(_) | Html::Element { .. } => None,
            };
            let texts: Vec<_> = kids.iter().map(text).collect();
            Some((*tag, attributes.clone(), texts))
        }
    };
    let first = shell(&variants[0].html);
    first.is_some() && variants.iter().all(|variant| shell(&variant.html) == first)
}

/// The page in both themes: colours that differ follow the theme.
pub(super) fn with_themes(light: Html, dark: Html) -> Html {
    let (
        Html::Element {
            tag,
            mut attributes,
            kids,
        },
        Html::Element {
            attributes: dark_attributes,
            kids: dark_kids,
            ..
        },
    ) = (light.clone(), dark.clone())
    else {
        assert_eq!(light, dark);
        return light;
    };
    assert_eq!(attributes.len(), dark_attributes.len(), "{attributes:?}");
    for ((name, value), (_, dark)) in attributes.iter_mut().zip(dark_attributes) {
        if *value != dark {
            assert!(matches!(*name, "fill" | "stroke"), "{name}={value}");
            *value = light_dark(value, &dark);
        }
    }
    assert_eq!(kids.len(), dark_kids.len(), "in {tag}");
    let kids = kids.into_iter().zip(dark_kids);
    let kids = kids.map(|(light, dark)| with_themes(light, dark)).collect();
    Html::element(tag, attributes, kids)
}

/// A colour that follows the theme. A presentation attribute takes it, where the page's content
/// security policy allows no `style`.
pub(super) fn light_dark(light: &str, dark: &str) -> String {
    if light == dark {
        light.to_owned()
    } else {
        format!("light-dark({light},{dark})")
    }
}
