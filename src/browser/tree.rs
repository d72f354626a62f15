//! Turns the nodes of the views into Yew elements.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use yew::virtual_dom::{Listener, ListenerKind, VList, VNode, VTag, VText};
use yew::{AttrValue, Callback};

use crate::markup;
use crate::protocol::panel::PanelEvent;
use crate::state::action::Action;
use crate::view::node::{ComponentSlot, Does, Event, Name, Node};

/// Builds elements. Their events become actions.
pub(super) struct Maker<'a> {
    pub(super) on_action: &'a Callback<Action>,
    /// Renders the component of a slot.
    pub(super) component: &'a dyn Fn(ComponentSlot) -> VNode,
}

impl Maker<'_> {
    pub(super) fn node(&self, node: Node) -> VNode {
        match node {
            Node::Text(text) => VText::new(AttrValue::from(text)).into(),
            Node::Several(nodes) => self.list(nodes).into(),
            Node::Slot(slot) => (self.component)(slot),
            Node::Element(markup::Element(parts)) => self.element(*parts).into(),
        }
    }

    fn list(&self, nodes: Vec<Node>) -> VList {
        let nodes = nodes.into_iter().map(|node| self.node(node)).collect();
        VList::with_children(nodes, None)
    }

    fn element(&self, parts: markup::Parts<Does, ComponentSlot>) -> VTag {
        let mut tag = VTag::new(parts.tag.0);
        for (Name(name), value) in parts.attributes {
            let value = AttrValue::from(value);
            match (name, parts.tag.0) {
                // Yew must set the property: the attribute does not replace typed text.
                ("value", "input" | "textarea") => tag.set_value(Some(value)),
                _ => tag.add_attribute(name, value),
            }
        }
        let listens = |(event, does)| -> Option<Rc<dyn Listener>> {
            Some(Rc::new(Listens {
                event,
                does,
                on_action: self.on_action.clone(),
            }))
        };
        if !parts.listeners.is_empty() {
            tag.set_listeners(parts.listeners.into_iter().map(listens).collect());
        }
        if !parts.kids.is_empty() {
            tag.add_child(self.list(parts.kids).into());
        }
        tag
    }
}

/// A listener that turns a DOM event into an action.
struct Listens {
    event: Event,
    does: Does,
    on_action: Callback<Action>,
}

impl Listener for Listens {
    fn kind(&self) -> ListenerKind {
        match self.event {
            Event::Click => ListenerKind::onclick,
            Event::Input => ListenerKind::oninput,
            Event::Change => ListenerKind::onchange,
            Event::Toggle => ListenerKind::ontoggle,
            Event::Close => ListenerKind::onclose,
        }
    }

    fn handle(&self, event: web_sys::Event) {
        let target = event.target().map_or(JsValue::NULL, JsValue::from);
        let action = match &self.does {
            Does::Act(action) => action.clone(),
            Does::ActAlone(id, action) => {
                // The event bubbled up from a descendant.
                if property(&target, "id").as_string().as_deref() != Some(id.0) {
                    return;
                }
                action.clone()
            }
            Does::Fill(field) => Action::Filled(*field, held_by(&target)),
            Does::Panel(PanelEvent::Act(action)) => Action::PanelActed(action.clone()),
            Does::Panel(PanelEvent::Use(control)) => {
                Action::PanelControlUsed(*control, held_by(&target))
            }
        };
        self.on_action.emit(action);
    }

    fn passive(&self) -> bool {
        false
    }
}

/// The value of a control. For `<details>`, `"open"` or nothing.
fn held_by(element: &JsValue) -> String {
    match property(element, "value").as_string() {
        Some(value) => value,
        None if property(element, "open").is_truthy() => "open".to_owned(),
        None => String::new(),
    }
}

fn property(element: &JsValue, name: &str) -> JsValue {
    Reflect::get(element, &name.into()).unwrap_or_default()
}
