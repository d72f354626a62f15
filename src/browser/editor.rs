//! The editor pane: a plain text area, replaced by CodeMirror once its bundle has loaded. The script
//! and the Python side have one each.
//!
//! The bundle (`www/editor`) does not know the script language; it calls back for highlighting,
//! completion and formatting. It colours Python itself. Offsets are bytes here and UTF-16 code units
//! in JavaScript.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlScriptElement, HtmlTextAreaElement};
use yew::html::Scope;
use yew::prelude::*;

use super::{dom, unsaved};
use crate::protocol::analysis::LineCost;
use crate::protocol::python::WrittenProgram;
use crate::protocol::real_run::ProgramMark;
use crate::state::action::Action;
use crate::state::active_lines::ActiveLine;
use crate::state::completion;
use crate::state::embedded::Frozen;
use crate::state::parsed::ParsedScript;
use crate::state::program::ProgramAction;
use crate::state::tokens::{self, Utf16};
use crate::state::words;
use crate::view::SCRIPT_SIDE;
use script::{Severity, nudge_duration};
use texts::Language;

#[wasm_bindgen]
extern "C" {
    /// The object that the bundle puts on the window.
    type Bundle;
    #[wasm_bindgen(method, catch)]
    fn mount(
        this: &Bundle,
        host: &Element,
        options: &Object,
        page: &Object,
    ) -> Result<Handle, JsValue>;

    type Handle;
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Handle, text: &str);
    #[wasm_bindgen(method, js_name = setProblems)]
    fn set_problems(this: &Handle, problems: &Array);
    #[wasm_bindgen(method, js_name = setLit)]
    fn set_lit(this: &Handle, lines: &Uint32Array);
    /// Pairs of a line and its activity.
    #[wasm_bindgen(method, js_name = setActive)]
    fn set_active(this: &Handle, pairs: &Uint32Array);
    #[wasm_bindgen(method, js_name = setMargin)]
    fn set_margin(this: &Handle, lines: &Array);
    /// First and last lines of the locked ranges, as pairs; `null` locks the whole text.
    #[wasm_bindgen(method, js_name = setFrozen)]
    fn set_frozen(this: &Handle, lines: Option<Uint32Array>);
    #[wasm_bindgen(method, js_name = setWords)]
    fn set_words(this: &Handle, words: &Object);
    #[wasm_bindgen(method, js_name = goTo)]
    fn go_to(this: &Handle, position: u32);
    /// After this call the editor invokes no more callbacks.
    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}

/// The event that the bundle fires once it has loaded.
const READY: &str = "loopscope-editor";
const GLOBAL: &str = "loopscopeEditor";

/// The text that an editor holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EditorKind {
    Script,
    Python,
}

/// The lines of the chart that belong to the lines of an editor.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ChartLines {
    /// The same lines.
    Same,
    /// Those of the script that the program was made of: pairs of a line of the program and one of
    /// the script.
    Of(Rc<WrittenProgram>),
    /// The chart is of another text.
    None,
}

impl ChartLines {
    /// The chart's line of a line of the editor.
    fn of_editor(&self, line: u32) -> Option<u32> {
        match self {
            Self::Same => Some(line),
            Self::Of(program) => {
                let mut pairs = program.lines.iter();
                pairs.find(|(own, _)| *own == line).map(|(_, of)| *of)
            }
            Self::None => None,
        }
    }

    /// The editor's lines of a line of the chart.
    pub(super) fn in_editor(&self, line: u32) -> Vec<u32> {
        match self {
            Self::Same => vec![line],
            Self::Of(program) => {
                let pairs = program.lines.iter().filter(|(_, of)| *of == line);
                pairs.map(|(own, _)| *own).collect()
            }
            Self::None => Vec::new(),
        }
    }
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
        let Some(address) = dom::built("editor") else {
            return;
        };
        let link = ctx.link().clone();
        // Before the element: the event must not fire without a listener.
        let loaded = move |_: &web_sys::Event| link.send_message(EditorMessage::Loaded);
        self.awaited = Some(EventListener::once(&dom::window(), READY, loaded));
        let element = dom::document()
            .create_element("script")
            .ok()
            .and_then(|element| element.dyn_into::<HtmlScriptElement>().ok());
        if let (Some(script), Some(head)) = (element, dom::document().head()) {
            script.set_type("module");
            script.set_src(&address);
            let _ = head.append_child(&script);
        }
    }

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

    /// The callbacks for the bundle.
    fn page(&mut self, ctx: &Context<Self>) -> Object {
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
        if ctx.props().kind == EditorKind::Python {
            let on_action = ctx.props().on_action.clone();
            let run = move || on_action.emit(Action::Program(ProgramAction::RunAsked));
            self.offer(&page, "run", Closure::<dyn FnMut()>::new(run));
            let on_action = ctx.props().on_action.clone();
            let load = move |load: String| {
                let chosen = ProgramAction::RequestsChosen(load.into());
                on_action.emit(Action::Program(chosen));
            };
            self.offer(&page, "requests", Closure::<dyn FnMut(String)>::new(load));
            return page;
        }
        self.offer(
            &page,
            "tokens",
            Closure::<dyn FnMut(String) -> Uint32Array>::new(|text: String| triples(&text)),
        );
        self.offer(
            &page,
            "complete",
            Closure::<dyn FnMut(String, u32) -> JsValue>::new(|text: String, at| {
                complete(&text, at)
            }),
        );
        self.offer(
            &page,
            "nudge",
            Closure::<dyn FnMut(String, i32) -> Option<String>>::new(|text: String, steps| {
                nudge_duration(&text, steps)
            }),
        );
        let on_action = ctx.props().on_action.clone();
        self.offer(
            &page,
            "dragging",
            Closure::<dyn FnMut(bool)>::new(move |is_dragging| {
                on_action.emit(Action::Dragging(is_dragging));
            }),
        );
        let on_action = ctx.props().on_action.clone();
        self.offer(
            &page,
            "format",
            Closure::<dyn FnMut()>::new(move || on_action.emit(Action::Formatted)),
        );
        page
    }

    /// Adds a callback. It lives as long as the editor.
    fn offer<T: ?Sized + 'static>(&mut self, page: &Object, name: &str, closure: Closure<T>) {
        set(page, name, closure.as_ref());
        self.listeners.push(Box::new(closure));
    }
}

/// Takes a text that the reader has typed over the script with this number.
fn typed(kind: EditorKind, link: &Scope<Editor>, text: String, replacements: u32) {
    let text: Rc<str> = text.into();
    // At once: a page that closes now handles no message any more.
    unsaved::note(kind, |unsaved| unsaved.typed(text.clone()));
    link.send_message(EditorMessage::Typed(text, replacements));
}

/// The bundle, if this or an earlier editor has loaded it.
fn bundle() -> Option<Bundle> {
    let bundle = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!bundle.is_undefined()).then(|| bundle.unchecked_into())
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails only for a frozen JavaScript object.
    let _ = Reflect::set(object, &name.into(), value);
}

impl EditorProps {
    fn chart_line(&self, line: u32) -> Option<u32> {
        self.chart_lines.of_editor(line).filter(|&line| line > 0)
    }
}

fn label(props: &EditorProps) -> &'static str {
    let label = match props.kind {
        EditorKind::Script => words::SCRIPT,
        EditorKind::Python => words::PYTHON,
    };
    label.of(props.language)
}

/// The editor's label, and CodeMirror's own phrases.
fn wording(props: &EditorProps) -> Object {
    let language = props.language;
    let phrases = Object::new();
    for (phrase, text) in words::EDITOR_PHRASES {
        set(&phrases, phrase, &text.of(language).into());
    }
    let options = Object::new();
    let frozen = match props.kind {
        EditorKind::Script => words::FROZEN,
        // The button that makes it the reader's.
        EditorKind::Python => words::OWN_PROGRAM,
    };
    set(&options, "label", &label(props).into());
    set(&options, "frozen", &frozen.of(language).into());
    set(&options, "phrases", &phrases);
    options
}

/// The locked lines for [`Handle::set_frozen`].
fn frozen(props: &EditorProps) -> Option<Uint32Array> {
    let lines = || props.frozen.lines(&props.script).unwrap_or_default();
    (!props.frozen.is_everything).then(|| Uint32Array::from(lines().as_slice()))
}

fn active(props: &EditorProps) -> Uint32Array {
    let pairs = props.active.iter();
    let pairs: Vec<u32> = pairs
        .flat_map(|&(line, activity)| [line, activity as u32])
        .collect();
    Uint32Array::from(pairs.as_slice())
}

fn margin(props: &EditorProps) -> Array {
    let entry = |margin: &LineCost| {
        let entry = Object::new();
        set(&entry, "line", &margin.line.into());
        set(&entry, "text", &(&*margin.text).into());
        set(&entry, "title", &(&*margin.title).into());
        set(&entry, "weight", &margin.weight.into());
        JsValue::from(entry)
    };
    props.margin.iter().map(entry).collect()
}

/// Tokens as triples: start, end, style.
fn triples(text: &str) -> Uint32Array {
    let mut units = Utf16::of(text);
    let mut triples = Vec::new();
    for token in tokens::tokens(text).iter() {
        triples.extend([
            units.at(token.range.start),
            units.at(token.range.end),
            token.style as u32,
        ]);
    }
    Uint32Array::from(triples.as_slice())
}

/// The diagnostics for CodeMirror's lint gutter, each with its fix.
fn problems(props: &EditorProps) -> Array {
    let text = &*props.script;
    if props.kind == EditorKind::Python {
        return marks(props);
    }
    let mut units = Utf16::of(text);
    let problem = |diagnostic: &script::Diagnostic| {
        let problem = Object::new();
        let range = diagnostic.span.range();
        set(&problem, "from", &units.at(range.start).into());
        set(&problem, "to", &units.at(range.end).into());
        let severity = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        set(&problem, "severity", &severity.into());
        let message = std::iter::once(diagnostic.message(props.language))
            .chain(diagnostic.hints(props.language));
        set(
            &problem,
            "message",
            &message.collect::<Vec<_>>().join("\n").into(),
        );
        let fixes = Array::new();
        if let Some(fix) = diagnostic.fix() {
            let edits = Array::new();
            for edit in &fix.edits {
                let range = edit.span.range();
                let change = Object::new();
                set(&change, "from", &units.at(range.start).into());
                set(&change, "to", &units.at(range.end).into());
                set(&change, "insert", &(&*edit.replacement).into());
                edits.push(&change);
            }
            let offered = Object::new();
            set(
                &offered,
                "name",
                &crate::state::sentences::fix(props.language, fix).into(),
            );
            set(&offered, "edits", &edits);
            fixes.push(&offered);
        }
        set(&problem, "fixes", &fixes);
        JsValue::from(problem)
    };
    props.checked.diagnostics.iter().map(problem).collect()
}

/// The errors of a Python program, each at its line.
fn marks(props: &EditorProps) -> Array {
    let mark = |mark: &ProgramMark| {
        let problem = Object::new();
        let [line, text] = [mark.line.into(), JsValue::from(&*mark.text)];
        set(&problem, "line", &line);
        set(&problem, "severity", &"error".into());
        set(&problem, "message", &text);
        set(&problem, "fixes", &Array::new());
        JsValue::from(problem)
    };
    props.marks.iter().map(mark).collect()
}

/// Completions at an offset, in CodeMirror's format; `null` if there are none.
fn complete(text: &str, units: u32) -> JsValue {
    let byte = tokens::byte_at(text, units);
    let (start, choices) = completion::complete(text, byte, super::app::document_language());
    if choices.is_empty() {
        return JsValue::NULL;
    }
    let options: Array = choices
        .iter()
        .map(|choice| {
            let option = Object::new();
            set(&option, "label", &(&*choice.label).into());
            set(&option, "detail", &(&*choice.detail).into());
            if !choice.info.is_empty() {
                set(&option, "info", &(&*choice.info).into());
            }
            set(
                &option,
                "type",
                &if choice.is_name {
                    "variable"
                } else {
                    "keyword"
                }
                .into(),
            );
            JsValue::from(option)
        })
        .collect();
    let found = Object::new();
    set(&found, "from", &Utf16::of(text).at(start).into());
    set(&found, "options", &options);
    found.into()
}
