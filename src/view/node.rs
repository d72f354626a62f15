//! A piece of the page as data: views build it, the browser's side turns it into elements.
//!
//! A view is thus a plain function of the state, which is tested without a browser, and the
//! code that makes elements exists once in the download, not once for each element. A view can
//! also come from another program, e.g. the analysis ([`crate::insight`]).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::insight::question::Deed;
use crate::proof::message::Hand;
use crate::state::action::{Action, Field};

pub(crate) type Str = Cow<'static, str>;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Node {
    Text(Str),
    Element(Element),
    /// Children that occupy one slot even when empty, so that the diff stays stable.
    Several(Vec<Node>),
    #[serde(skip)]
    Living(Living),
}

/// A placeholder for a component with state of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Living {
    Editor,
    Chart,
    /// Built in a task of its own, and rebuilt only when a value that it shows changes.
    Still(Still),
}

/// A part that is costly to build, or would delay urgent parts. It does not depend on the
/// visible part of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Still {
    Header,
    Settings,
    /// In a lab: the link to the whole page.
    WholePage,
    Result,
    /// The only part that depends on the cursor.
    Now,
    Folds,
    Insight,
}

/// Boxed, so that the builder methods pass a pointer instead of a large struct.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Element(pub(crate) Box<Parts>);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Parts {
    pub(crate) tag: Name,
    pub(crate) attributes: Vec<(Name, Str)>,
    pub(crate) listeners: Vec<(Event, Does)>,
    pub(crate) kids: Vec<Node>,
}

/// A tag or an attribute. Nodes from other programs may use only the names in `KNOWN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name(pub(crate) &'static str);

/// The names that answers consist of.
const KNOWN: &[&str] = &[
    "accept",
    "aria-hidden",
    "aria-label",
    "aria-pressed",
    "autocomplete",
    "b",
    "button",
    "class",
    "code",
    "colspan",
    "data-code",
    "data-family",
    "data-placement",
    "data-runtime",
    "data-task",
    "dd",
    "details",
    "disabled",
    "div",
    "dl",
    "dt",
    "fill",
    "h3",
    "height",
    "id",
    "input",
    "label",
    "li",
    "line",
    "ol",
    "option",
    "p",
    "placeholder",
    "points",
    "polyline",
    "pre",
    "preserveAspectRatio",
    "rect",
    "role",
    "scope",
    "section",
    "select",
    "selected",
    "small",
    "span",
    "spellcheck",
    "stroke-dasharray",
    "summary",
    "svg",
    "tabindex",
    "table",
    "tbody",
    "td",
    "text",
    "text-anchor",
    "th",
    "thead",
    "title",
    "tr",
    "type",
    "ul",
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

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Known;
        impl Visitor<'_> for Known {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a known name")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                let known = KNOWN.binary_search(&name).ok();
                let known = known.map(|index| Name(KNOWN[index]));
                known.ok_or_else(|| E::custom("an unknown name"))
            }
        }
        deserializer.deserialize_str(Known)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    Click,
    /// At each keystroke.
    Input,
    Change,
    Toggle,
    Close,
}

/// The effect of an event. Only [`Does::Tell`] and [`Does::Hand`] can come from other programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Does {
    Tell(Deed),
    /// Passes the element's value to the client of the companion.
    Hand(Hand),
    #[serde(skip)]
    Act(Action),
    /// Only if the event's target is the element with this id, not a child of it.
    #[serde(skip)]
    ActAlone(Name, Action),
    /// Writes the element's value to this field.
    #[serde(skip)]
    Fill(Field),
}

/// An element from its selector: `button#share.ghost.small`.
pub(crate) fn el(selector: &'static str) -> Element {
    let (rest, classes) = selector.split_once('.').unwrap_or((selector, ""));
    let (tag, id) = rest.split_once('#').unwrap_or((rest, ""));
    let mut element = Element(Box::new(Parts {
        tag: Name(tag),
        attributes: Vec::new(),
        listeners: Vec::new(),
        kids: Vec::new(),
    }));
    if !id.is_empty() {
        element.push_attribute("id", Cow::Borrowed(id));
    }
    if !classes.is_empty() {
        let classes = if classes.contains('.') {
            Cow::Owned(classes.replace('.', " "))
        } else {
            Cow::Borrowed(classes)
        };
        element.push_attribute("class", classes);
    }
    element
}

impl Element {
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<Str>) -> Self {
        self.push_attribute(name, value.into());
        self
    }

    /// A boolean attribute, which is set by being present.
    pub(crate) fn flag(mut self, name: &'static str, is_set: bool) -> Self {
        if is_set {
            self.push_attribute(name, Cow::Borrowed(""));
        }
        self
    }

    /// An `aria-` attribute with the value `true` or `false`.
    pub(crate) fn state(mut self, name: &'static str, is_so: bool) -> Self {
        let word = if is_so { "true" } else { "false" };
        self.push_attribute(name, Cow::Borrowed(word));
        self
    }

    /// Adds a class if `is_so`.
    pub(crate) fn class_if(mut self, is_so: bool, class: &'static str) -> Self {
        if is_so {
            self.add_class(class);
        }
        self
    }

    pub(crate) fn label(self, text: impl Into<Str>) -> Self {
        self.set("aria-label", text)
    }

    pub(crate) fn kid(mut self, node: impl Into<Node>) -> Self {
        self.push_kid(node.into());
        self
    }

    pub(crate) fn kids(mut self, nodes: impl IntoIterator<Item = Node>) -> Self {
        nodes.into_iter().for_each(|node| self.push_kid(node));
        self
    }

    pub(crate) fn text(mut self, text: impl Into<Str>) -> Self {
        self.push_kid(Node::Text(text.into()));
        self
    }

    pub(crate) fn on(mut self, event: Event, does: Does) -> Self {
        self.push_listener(event, does);
        self
    }

    pub(crate) fn on_click(self, action: Action) -> Self {
        self.on(Event::Click, Does::Act(action))
    }

    // Not inlined: each would be in the program a few hundred times.

    #[inline(never)]
    fn push_attribute(&mut self, name: &'static str, value: Str) {
        self.0.attributes.push((Name(name), value));
    }

    #[inline(never)]
    fn push_kid(&mut self, node: Node) {
        self.0.kids.push(node);
    }

    #[inline(never)]
    fn push_listener(&mut self, event: Event, does: Does) {
        self.0.listeners.push((event, does));
    }

    #[inline(never)]
    fn add_class(&mut self, class: &'static str) {
        let attributes = &mut self.0.attributes;
        match attributes.iter_mut().find(|(name, _)| name.0 == "class") {
            Some((_, classes)) => *classes = Cow::Owned(format!("{classes} {class}")),
            None => attributes.push((Name("class"), Cow::Borrowed(class))),
        }
    }
}

impl Node {
    pub(crate) const NOTHING: Self = Self::Several(Vec::new());
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl From<Option<Element>> for Node {
    fn from(element: Option<Element>) -> Self {
        element.map_or(Self::NOTHING, Self::Element)
    }
}

impl From<Vec<Self>> for Node {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Several(nodes)
    }
}

impl From<Living> for Node {
    fn from(living: Living) -> Self {
        Self::Living(living)
    }
}

#[cfg(test)]
impl Node {
    /// As HTML, for tests to read.
    pub(crate) fn html(&self) -> String {
        match self {
            Self::Text(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
            Self::Several(nodes) => nodes.iter().map(Self::html).collect(),
            Self::Living(living) => format!("<{living:?}/>"),
            Self::Element(Element(parts)) => {
                let attribute = |(name, value): &(Name, Str)| format!(" {}=\"{value}\"", name.0);
                let attributes: String = parts.attributes.iter().map(attribute).collect();
                let kids: String = parts.kids.iter().map(Self::html).collect();
                format!("<{tag}{attributes}>{kids}</{tag}>", tag = parts.tag.0)
            }
        }
    }

    /// The action of a click on the first element with this id.
    pub(crate) fn click(&self, id: &str) -> Option<Action> {
        match self {
            Self::Several(nodes) => nodes.iter().find_map(|node| node.click(id)),
            Self::Element(Element(parts)) => {
                if parts
                    .attributes
                    .contains(&(Name("id"), Str::from(id.to_owned())))
                {
                    return parts.listeners.iter().find_map(|(event, does)| match does {
                        Does::Act(action) if *event == Event::Click => Some(action.clone()),
                        _ => None,
                    });
                }
                parts.kids.iter().find_map(|kid| kid.click(id))
            }
            Self::Text(_) | Self::Living(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(element: Element, html: &str) {
        assert_eq!(Node::from(element).html(), html);
    }

    #[test]
    fn a_selector_names_tag_id_and_classes() {
        check(el("p"), "<p></p>");
        check(el("p.a"), "<p class=\"a\"></p>");
        check(el("p#i.a.b"), "<p id=\"i\" class=\"a b\"></p>");
    }

    #[test]
    fn classes_are_added_and_flags_are_there_or_not() {
        check(el("p.a").class_if(true, "b"), "<p class=\"a b\"></p>");
        check(el("p").class_if(true, "b"), "<p class=\"b\"></p>");
        check(
            el("p").class_if(false, "b").flag("hidden", false),
            "<p></p>",
        );
        check(el("p").flag("hidden", true), "<p hidden=\"\"></p>");
    }

    #[test]
    fn what_is_not_there_keeps_its_place() {
        let list = el("ul").kid(None::<Element>).kid(el("li").text("a < b"));
        check(list.clone(), "<ul><li>a &lt; b</li></ul>");
        assert_eq!(list.0.kids.len(), 2);
    }
}
