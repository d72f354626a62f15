//! The editor pane: a plain text area, replaced by CodeMirror once its bundle has loaded. The script
//! and the Python side have one each.
//!
//! The bundle (`www/editor`) does not know the script language; it calls back for highlighting,
//! completion and formatting. It colours Python itself.
//!
//! - `bundle`: the bundle's functions; `callbacks`: the functions that it calls; `values`: the
//!   JavaScript values that it gets.
//! - `chart_lines`: the lines of the chart that belong to the lines of an editor.

mod bundle;
mod callbacks;
mod chart_lines;
mod values;

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Uint32Array;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use self::bundle::{Handle, bundle};
use self::callbacks::typed;
pub(super) use self::chart_lines::ChartLines;
use self::values::{active, frozen, label, margin, problems, set, wording};
use super::dom;
use crate::protocol::analysis::LineCost;
use crate::protocol::real_run::ProgramMark;
use crate::state::action::Action;
use crate::state::active_lines::ActiveLine;
use crate::state::embedded::Frozen;
use crate::state::parsed::ParsedScript;
use crate::state::program::ProgramAction;
use crate::view::SCRIPT_SIDE;
use texts::Language;

/// The text that an editor holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EditorKind {
    Script,
    Python,
}

#[derive(Clone, Properties, PartialEq)]
pub(super) struct EditorProps {
    pub(super) kind: EditorKind,
    /// Behind the other side.
    pub(super) hidden: bool,
    pub(super) script: Rc<str>,
    /// [`State::replacements`] of the script.
    ///
    /// [`State::replacements`]: crate::state::State::replacements
    pub(super) replacements: u32,
    pub(super) chart_lines: ChartLines,
    /// Errors of a Python program.
    pub(super) marks: Rc<[ProgramMark]>,
    /// The requests for a Python program's app.
    pub(super) requests: Rc<str>,
    pub(super) checked: Rc<ParsedScript>,
    /// The diagnostics belong to the current script.
    pub(super) fresh: bool,
    /// The lines to highlight: their bar is hovered or selected.
    pub(super) lit: Vec<u32>,
    /// The lines at work at the cursor.
    pub(super) active: Rc<[ActiveLine]>,
    pub(super) language: Language,
    /// The time that each line cost other tasks.
    pub(super) margin: Rc<[LineCost]>,
    /// The locked lines.
    pub(super) frozen: Rc<Frozen>,
    /// The first chart is visible, so the editor may load without delaying it.
    pub(super) load: bool,
    pub(super) on_action: Callback<Action>,
}

impl EditorProps {
    fn chart_line(&self, line: u32) -> Option<u32> {
        self.chart_lines.of_editor(line).filter(|&line| line > 0)
    }
}

pub(super) struct Editor {
    host: NodeRef,
    area: NodeRef,
    handle: Option<Handle>,
    asked: bool,
    /// The listener for the bundle; dropping it cancels the loading.
    awaited: Option<EventListener>,
    /// The text in the editor. It can be newer than the script in the props, while an edit is on
    /// its way.
    holds: Option<Rc<str>>,
    /// The number of the script that the editor shows, for the texts that are typed over it. The
    /// script in the state can be another one already, while a lesson is being opened.
    replacements: Rc<Cell<u32>>,
    /// Closures that the bundle calls.
    listeners: Vec<Box<dyn std::any::Any>>,
}

pub(super) enum EditorMessage {
    Loaded,
    /// The text, and the number of the script that it was typed over.
    Typed(Rc<str>, u32),
    /// The line with the cursor; 0 without one.
    AtLine(u32),
    /// The line under the pointer; 0 without one.
    OverLine(u32),
}

impl Component for Editor {
    type Message = EditorMessage;
    type Properties = EditorProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            host: NodeRef::default(),
            area: NodeRef::default(),
            handle: None,
            asked: false,
            awaited: None,
            holds: None,
            replacements: Rc::new(Cell::new(ctx.props().replacements)),
            listeners: Vec::new(),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: EditorMessage) -> bool {
        match message {
            EditorMessage::Loaded => {
                self.mount(ctx);
                true
            }
            EditorMessage::Typed(text, replacements) => {
                // Otherwise the editor shows another script by now.
                if replacements == self.replacements.get() {
                    self.holds = Some(text.clone());
                }
                ctx.props().on_action.emit(match ctx.props().kind {
                    EditorKind::Script => Action::Typed(text, replacements),
                    EditorKind::Python => Action::Program(ProgramAction::Edited(text)),
                });
                false
            }
            EditorMessage::AtLine(line) => {
                let line = ctx.props().chart_line(line);
                ctx.props().on_action.emit(Action::LineEntered(line));
                false
            }
            EditorMessage::OverLine(line) => {
                let line = ctx.props().chart_line(line);
                ctx.props().on_action.emit(Action::LineHovered(line));
                false
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &EditorProps) -> bool {
        let props = ctx.props();
        self.replacements.set(props.replacements);
        let Some(handle) = &self.handle else {
            return true;
        };
        // Not after the reader's own typing: setting the text would move the selection.
        let is_other = self.holds.as_ref() != Some(&props.script);
        if is_other {
            handle.set_text(&props.script);
            self.holds = Some(props.script.clone());
        }
        // The editor moves its locked lines along with edits. A whole new text has others.
        if props.frozen != old.frozen || is_other && !props.frozen.is_nothing() {
            handle.set_frozen(frozen(props));
        }
        let checked_anew =
            !Rc::ptr_eq(&props.checked, &old.checked) || props.language != old.language;
        // Diagnostics of an older text would mark the wrong places.
        if props.fresh && (checked_anew || !old.fresh) || props.marks != old.marks {
            handle.set_problems(&problems(props));
        }
        if props.lit != old.lit {
            handle.set_lit(&Uint32Array::from(props.lit.as_slice()));
        }
        if !Rc::ptr_eq(&props.active, &old.active) && props.active != old.active {
            handle.set_active(&active(props));
        }
        if !Rc::ptr_eq(&props.margin, &old.margin) && props.margin != old.margin {
            handle.set_margin(&margin(props));
        }
        if props.language != old.language {
            handle.set_words(&wording(props));
        }
        // Its own element only.
        props.hidden != old.hidden
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let (kind, link) = (props.kind, ctx.link().clone());
        let replacements = self.replacements.clone();
        let typed = Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                typed(kind, &link, area.value(), replacements.get());
            }
        });
        // The text area cannot lock single lines, so a lab with locked lines makes it read-only.
        let id = (props.kind == EditorKind::Script).then_some(SCRIPT_SIDE);
        html! {
            <div class="editor" {id} role={id.map(|_| "tabpanel")} aria-label={id.map(|_| label(props))} hidden={props.hidden}>
                <div class="editor-host" ref={self.host.clone()} hidden={self.handle.is_none()}></div>
                if self.handle.is_none() {
                    <textarea id={match props.kind { EditorKind::Script => "script", EditorKind::Python => "program" }} ref={self.area.clone()} class="plain" readonly={!props.frozen.is_nothing()} spellcheck="false" autocapitalize="off" autocomplete="off"
                        aria-label={label(props)} value={props.script.to_string()} oninput={typed} />
                }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        if ctx.props().load && !self.asked {
            self.asked = true;
            self.load(ctx);
        }
    }

    /// A lab can hide its script at any time, even while the bundle is loading.
    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(handle) = self.handle.take() {
            handle.destroy();
        }
    }
}

impl Editor {
    /// Loads the bundle. If that fails, the text area remains.
    fn load(&mut self, ctx: &Context<Self>) {
        if bundle().is_some() {
            return ctx.link().send_message(EditorMessage::Loaded);
        }
        let link = ctx.link().clone();
        self.awaited = bundle::load(move || link.send_message(EditorMessage::Loaded));
    }

    /// Replaces the text area with CodeMirror.
    fn mount(&mut self, ctx: &Context<Self>) {
        let Some(host) = self.host.cast::<Element>() else {
            return;
        };
        let Some(bundle) = bundle() else {
            return;
        };
        let props = ctx.props();
        let options = wording(props);
        set(&options, "text", &(&*props.script).into());
        if props.kind == EditorKind::Python
            && let Some(file) = dom::built("highlight")
            && let Some(file) = dom::beside(&file)
        {
            set(&options, "highlight", &file.into());
            set(&options, "requests", &(&*props.requests).into());
        }
        // Only if the reader is typing, the editor takes over the focus and the selection.
        let writing = self
            .area
            .cast::<HtmlTextAreaElement>()
            .filter(|area| dom::document().active_element().as_ref() == Some(area.as_ref()));
        let Ok(handle) = bundle.mount(&host, &options, &self.page(ctx)) else {
            return;
        };
        self.holds = Some(props.script.clone());
        // Each call is a transaction of the editor, which costs time even if the list is empty.
        if props.fresh && !props.checked.diagnostics.is_empty() || !props.marks.is_empty() {
            handle.set_problems(&problems(props));
        }
        if !props.lit.is_empty() {
            handle.set_lit(&Uint32Array::from(props.lit.as_slice()));
        }
        if !props.active.is_empty() {
            handle.set_active(&active(props));
        }
        if !props.margin.is_empty() {
            handle.set_margin(&margin(props));
        }
        if !props.frozen.is_nothing() {
            handle.set_frozen(frozen(props));
        }
        if let Some(area) = writing {
            let at = area.selection_start().ok().flatten().unwrap_or_default();
            // A hidden element cannot take the focus, and Yew removes the attribute only later.
            host.remove_attribute("hidden").ok();
            handle.go_to(at);
        }
        self.handle = Some(handle);
    }
}
