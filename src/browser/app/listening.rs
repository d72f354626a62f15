//! Event listeners of the page: keys, other tabs, dropped files, the system's colour scheme.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::html::Scope;
use yew::prelude::*;

use super::opening::asked_by_address;
use super::{App, Message, NARROW};
use crate::browser::editor::EditorKind;
use crate::browser::embedded::Inside;
use crate::browser::{access, crash, dom, real_run, storage, unsaved};
use crate::state::Phase;
use crate::state::action::Action;

impl App {
    pub(super) fn listen(&mut self, ctx: &Context<Self>) {
        let window = dom::window();
        match self.inside.clone() {
            Some(inside) => self.listen_around(ctx, &inside),
            None => self.listen_alone(ctx),
        }
        let link = ctx.link().clone();
        self.on(&window, "keydown", move |event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            // A component that has already used the key calls `preventDefault`.
            if event.key() == "Escape" && !event.default_prevented() {
                link.send_message(Message::Act(Action::Escaped));
            }
        });
        if let Ok(Some(narrow)) = window.match_media(NARROW) {
            let link = ctx.link().clone();
            self.on(&narrow, "change", move |_| {
                link.send_message(Message::Reshaped);
            });
        }
        if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
            let link = ctx.link().clone();
            self.on(&dark.clone(), "change", move |_| {
                link.send_message(Message::Act(Action::SystemTurned {
                    dark: dark.matches(),
                }));
            });
        }
    }

    fn listen_alone(&mut self, ctx: &Context<Self>) {
        let window = dom::window();
        let link = ctx.link().clone();
        self.on(&window, "hashchange", move |_| {
            if let Some(action) = asked_by_address() {
                link.send_message(Message::Act(action));
            }
        });
        access::when_decided(ctx.link().callback(|()| Message::AccessDecided));
        self.listen_for_files(ctx);
        // On a phone, a hidden page may be closed without any further event.
        let targets: [&web_sys::EventTarget; 2] = [&window, &dom::document()];
        for (target, name) in targets.into_iter().zip(["pagehide", "visibilitychange"]) {
            let link = ctx.link().clone();
            self.on(target, name, move |_| {
                if name == "pagehide" || dom::document().hidden() {
                    leave(&link);
                }
            });
        }
        let link = ctx.link().clone();
        self.on(&window, "storage", move |event| {
            let event = event.unchecked_ref();
            if let Some(text) = storage::script_in(event) {
                link.send_message(Message::SavedElsewhere(text));
            }
            if let Some(drafts) = storage::drafts_in(event) {
                link.send_message(Message::Act(Action::DraftsFound(drafts)));
            }
        });
    }

    /// Listens to the host page, which can change settings and ask the lab to free its memory.
    fn listen_around(&mut self, ctx: &Context<Self>, inside: &Inside) {
        let wished = ctx
            .link()
            .callback(|wishes| Message::Act(Action::HostSettings(Box::new(wishes))));
        inside.listen(wished, ctx.link().callback(|()| Message::BecameHidden));
        // Safe mode: the script does not run, so no result would trigger the first report.
        if self.state.phase == Phase::Cancelled {
            inside.report(&self.state);
        }
    }

    /// Opens a dropped file as a trace. The browser itself would navigate to the file.
    fn listen_for_files(&mut self, ctx: &Context<Self>) {
        let body = dom::document().body();
        let Some(body) = body else { return };
        let mark = |is_over: bool| {
            if let Some(root) = dom::root_element() {
                // Setting an attribute with a valid name never fails.
                let _ = root.toggle_attribute_with_force("data-dragged", is_over);
            }
        };
        self.on(&body, "dragover", move |event| {
            // Without `preventDefault` here the browser fires no `drop` event.
            if real_run::brings_files(event) {
                event.prevent_default();
                mark(true);
            }
        });
        self.on(&body, "dragleave", move |_| mark(false));
        let link = ctx.link().clone();
        self.on(&body, "drop", move |event| {
            mark(false);
            if let Some(file) = real_run::file_in(event) {
                event.prevent_default();
                // The editor would insert the file's text.
                event.stop_propagation();
                link.send_message(Message::Dropped(file));
            }
        });
    }

    /// Adds a listener that lives as long as the page.
    fn on(
        &mut self,
        target: &web_sys::EventTarget,
        name: &'static str,
        listener: impl FnMut(&web_sys::Event) + 'static,
    ) {
        let options = EventListenerOptions {
            // `drop` is captured, so that it arrives here before the editor gets it.
            phase: if name == "drop" {
                EventListenerPhase::Capture
            } else {
                EventListenerPhase::Bubble
            },
            // A passive listener could not prevent that the browser opens a dropped file.
            passive: false,
        };
        let listener = EventListener::new_with_options(target, name, options, listener);
        self.listeners.push(listener);
    }
}

/// Stores what must not be lost when the page closes. Not in `update`: a page that closes handles no
/// message any more.
fn leave(link: &Scope<App>) {
    // A tab that is closed during a run has not crashed.
    crash::note_run(false);
    for kind in [EditorKind::Script, EditorKind::Python] {
        // If the browser refuses, the text stays unsaved, and a later save reports it.
        let drafts = unsaved::save(kind).drafts;
        if !drafts.is_empty() {
            link.send_message(Message::Act(Action::DraftsFound(drafts)));
        }
    }
}
