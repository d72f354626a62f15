//! Elements as data: trees of tags, attributes, texts and listeners.
//!
//! Two kinds of trees are built from it: the views of the page ([`crate::view::node`]) and the
//! panels that other programs answer with ([`crate::protocol::panel`]). They differ in what a
//! listener does, and in the slots for components, which only the page has. So `view` can use the
//! state, and the state can hold panels without knowing `view`.

pub(crate) mod prose;
pub(crate) mod units;
#[cfg(test)]
pub(crate) mod unmarked;

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) type Str = Cow<'static, str>;

/// A node of a tree. `L` is the effect of a listener, `S` a slot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Node<L, S> {
    Text(Str),
    Element(Element<L, S>),
    /// Children that occupy one slot even when empty, so that the diff stays stable.
    Several(Vec<Self>),
    /// A placeholder for a component with state of its own.
    #[serde(skip)]
    Slot(S),
}

/// Boxed, so that the builder methods pass a pointer instead of a large struct.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Element<L, S>(pub(crate) Box<Parts<L, S>>);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Parts<L, S> {
    pub(crate) tag: Name,
    pub(crate) attributes: Vec<(Name, Str)>,
    pub(crate) listeners: Vec<(Event, L)>,
    pub(crate) kids: Vec<Node<L, S>>,
}

/// A tag or an attribute. Panels of other programs may use only the names in `KNOWN`.
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
    "data-runtime",
    "data-strategy",
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
    "max",
    "ol",
    "option",
    "p",
    "placeholder",
    "points",
    "polyline",
    "pre",
    "preserveAspectRatio",
    "progress",
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
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
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
        deserializer.deserialize_str(NameVisitor)
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

/// An element from its selector: `button#share.ghost.small`.
pub(crate) fn el<L, S>(selector: &'static str) -> Element<L, S> {
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

impl<L, S> Element<L, S> {
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

    pub(crate) fn kid(mut self, node: impl Into<Node<L, S>>) -> Self {
        self.push_kid(node.into());
        self
    }

    pub(crate) fn kids(mut self, nodes: impl IntoIterator<Item = Node<L, S>>) -> Self {
        nodes.into_iter().for_each(|node| self.push_kid(node));
        self
    }

    pub(crate) fn text(mut self, text: impl Into<Str>) -> Self {
        self.push_kid(Node::Text(text.into()));
        self
    }

    pub(crate) fn on(mut self, event: Event, does: L) -> Self {
        self.push_listener(event, does);
        self
    }

    // Not inlined: each would be in the program a few hundred times.

    #[inline(never)]
    fn push_attribute(&mut self, name: &'static str, value: Str) {
        self.0.attributes.push((Name(name), value));
    }

    #[inline(never)]
    fn push_kid(&mut self, node: Node<L, S>) {
        self.0.kids.push(node);
    }

    #[inline(never)]
    fn push_listener(&mut self, event: Event, does: L) {
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

impl<L, S> Node<L, S> {
    pub(crate) const NOTHING: Self = Self::Several(Vec::new());
}

impl<L, S> From<Element<L, S>> for Node<L, S> {
    fn from(element: Element<L, S>) -> Self {
        Self::Element(element)
    }
}

impl<L, S> From<Option<Element<L, S>>> for Node<L, S> {
    fn from(element: Option<Element<L, S>>) -> Self {
        element.map_or(Self::NOTHING, Self::Element)
    }
}

impl<L, S> From<Vec<Self>> for Node<L, S> {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Several(nodes)
    }
}

#[cfg(test)]
impl<L: fmt::Debug, S: fmt::Debug> Node<L, S> {
    /// As HTML, for tests to read.
    pub(crate) fn html(&self) -> String {
        match self {
            Self::Text(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
            Self::Several(nodes) => nodes.iter().map(Self::html).collect(),
            Self::Slot(slot) => format!("<{slot:?}/>"),
            Self::Element(Element(parts)) => {
                let attribute = |(name, value): &(Name, Str)| format!(" {}=\"{value}\"", name.0);
                let attributes: String = parts.attributes.iter().map(attribute).collect();
                let kids: String = parts.kids.iter().map(Self::html).collect();
                format!("<{tag}{attributes}>{kids}</{tag}>", tag = parts.tag.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Element = super::Element<(), ()>;

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
