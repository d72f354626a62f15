//! A view as data: `view` builds it, the browser's side turns it into elements.
//!
//! A view is thus a plain function of the state, which is tested without a browser, and the
//! code that makes elements exists once in the download, not once for each element.

use crate::markup;
use crate::protocol::panel::{NoSlot, PanelEvent, PanelNode};
use crate::state::action::{Action, Field};

pub(crate) use crate::markup::{Event, Name, Str};

pub(crate) type Node = markup::Node<Does, ComponentSlot>;
pub(crate) type Element = markup::Element<Does, ComponentSlot>;

/// A placeholder for a component with state of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComponentSlot {
    Editor,
    /// The editor of the Python side.
    Program,
    Chart,
    /// Built in a task of its own, and rebuilt only when a value that it shows changes.
    Deferred(DeferredPart),
}

/// A part that is costly to build, or would delay urgent parts. It does not depend on the
/// visible part of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeferredPart {
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

/// The effect of an event.
#[derive(Clone, Debug)]
pub(crate) enum Does {
    Act(Action),
    /// Only if the event's target is the element with this id, not a child of it.
    ActAlone(Name, Action),
    /// Writes the element's value to this field.
    Fill(Field),
    /// An event in a panel of another program.
    Panel(PanelEvent),
}

/// An element from its selector: `button#share.ghost.small`.
pub(crate) fn el(selector: &'static str) -> Element {
    markup::el(selector)
}

/// Prose as elements, see [`markup::prose::marked`].
pub(crate) fn marked(text: &str) -> Node {
    markup::prose::marked(text)
}

impl Element {
    pub(crate) fn on_click(self, action: Action) -> Self {
        self.on(Event::Click, Does::Act(action))
    }
}

impl From<ComponentSlot> for Node {
    fn from(slot: ComponentSlot) -> Self {
        Self::Slot(slot)
    }
}

/// A panel of another program, as a part of the page.
impl From<&PanelNode> for Node {
    fn from(panel: &PanelNode) -> Self {
        match panel {
            markup::Node::Text(text) => Self::Text(text.clone()),
            markup::Node::Several(nodes) => Self::Several(nodes.iter().map(Self::from).collect()),
            markup::Node::Element(markup::Element(parts)) => {
                let listeners = parts.listeners.iter();
                let listeners = listeners
                    .map(|(event, does)| (*event, Does::Panel(does.clone())))
                    .collect();
                Self::Element(markup::Element(Box::new(markup::Parts {
                    tag: parts.tag,
                    attributes: parts.attributes.clone(),
                    listeners,
                    kids: parts.kids.iter().map(Self::from).collect(),
                })))
            }
            markup::Node::Slot(NoSlot) => Self::NOTHING,
        }
    }
}

#[cfg(test)]
impl Node {
    /// The action of a click on the first element with this id.
    pub(crate) fn click(&self, id: &str) -> Option<Action> {
        match self {
            Self::Several(nodes) => nodes.iter().find_map(|node| node.click(id)),
            Self::Element(markup::Element(parts)) => {
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
            Self::Text(_) | Self::Slot(_) => None,
        }
    }
}
