//! The functions of the page that the bundle calls.

use std::rc::Rc;

use js_sys::{Object, Uint32Array};
use wasm_bindgen::prelude::*;
use yew::html::Scope;
use yew::prelude::*;

use super::values::{complete, set, triples};
use super::{Editor, EditorKind, EditorMessage};
use crate::browser::unsaved;
use crate::state::action::Action;
use crate::state::program::ProgramAction;
use script::nudge_duration;

impl Editor {
    /// The callbacks for the bundle.
    pub(super) fn page(&mut self, ctx: &Context<Self>) -> Object {
        let page = Object::new();
        let (kind, link) = (ctx.props().kind, ctx.link().clone());
        let replacements = self.replacements.clone();
        self.offer(
            &page,
            "changed",
            Closure::<dyn FnMut(String)>::new(move |text| {
                typed(kind, &link, text, replacements.get());
            }),
        );
        for (name, message) in [
            ("atLine", EditorMessage::AtLine as fn(u32) -> EditorMessage),
            ("overLine", EditorMessage::OverLine),
        ] {
            let link = ctx.link().clone();
            self.offer(
                &page,
                name,
                Closure::<dyn FnMut(u32)>::new(move |line| link.send_message(message(line))),
            );
        }
        match kind {
            EditorKind::Script => self.offer_for_script(&page, ctx),
            EditorKind::Python => self.offer_for_program(&page, ctx),
        }
        page
    }

    fn offer_for_script(&mut self, page: &Object, ctx: &Context<Self>) {
        self.offer(
            page,
            "tokens",
            Closure::<dyn FnMut(String) -> Uint32Array>::new(|text: String| triples(&text)),
        );
        self.offer(
            page,
            "complete",
            Closure::<dyn FnMut(String, u32) -> JsValue>::new(|text: String, at| {
                complete(&text, at)
            }),
        );
        self.offer(
            page,
            "nudge",
            Closure::<dyn FnMut(String, i32) -> Option<String>>::new(|text: String, steps| {
                nudge_duration(&text, steps)
            }),
        );
        let on_action = ctx.props().on_action.clone();
        self.offer(
            page,
            "dragging",
            Closure::<dyn FnMut(bool)>::new(move |is_dragging| {
                on_action.emit(Action::Dragging(is_dragging));
            }),
        );
        let on_action = ctx.props().on_action.clone();
        self.offer(
            page,
            "format",
            Closure::<dyn FnMut()>::new(move || on_action.emit(Action::Formatted)),
        );
    }

    fn offer_for_program(&mut self, page: &Object, ctx: &Context<Self>) {
        let on_action = ctx.props().on_action.clone();
        let run = move || on_action.emit(Action::Program(ProgramAction::RunAsked));
        self.offer(page, "run", Closure::<dyn FnMut()>::new(run));
        let on_action = ctx.props().on_action.clone();
        let load = move |load: String| {
            let chosen = ProgramAction::RequestsChosen(load.into());
            on_action.emit(Action::Program(chosen));
        };
        self.offer(page, "requests", Closure::<dyn FnMut(String)>::new(load));
    }

    /// Adds a callback. It lives as long as the editor.
    fn offer<T: ?Sized + 'static>(&mut self, page: &Object, name: &str, closure: Closure<T>) {
        set(page, name, closure.as_ref());
        self.listeners.push(Box::new(closure));
    }
}

/// Takes a text that the reader has typed over the script with this number.
pub(super) fn typed(kind: EditorKind, link: &Scope<Editor>, text: String, replacements: u32) {
    let text: Rc<str> = text.into();
    // At once: a page that closes now handles no message any more.
    unsaved::note(kind, |unsaved| unsaved.typed(text.clone()));
    link.send_message(EditorMessage::Typed(text, replacements));
}
