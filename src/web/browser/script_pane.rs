//! The script's card: the open lesson, the editor, problems with their fixes,
//! the machine.

use std::rc::Rc;

use yew::prelude::*;

use super::editor::Editor;
use super::lessons;
use super::prose::marked;
use super::settings;
use crate::language::Language;
use crate::script::{self, Diagnostic, apply_fixes};
use crate::web::model::lessons::Lesson;
use crate::web::model::sentences;
use crate::web::model::shown::Checked;
use crate::web::model::state::{Action, Saving};
use crate::web::model::words;

pub(super) struct Props {
    pub(super) script: Rc<str>,
    pub(super) checked: Rc<Checked>,
    pub(super) fresh: bool,
    pub(super) lit: Option<u32>,
    pub(super) language: Language,
    pub(super) lesson: Option<Lesson>,
    /// The lesson's change has been made, and can be undone.
    pub(super) is_changed: bool,
    pub(super) can_restore: bool,
    pub(super) saving: Saving,
    pub(super) load_editor: bool,
    pub(super) on_action: Callback<Action>,
}

/// More problems than this are in the editor only.
const PROBLEMS_MAX: usize = 4;

pub(super) fn script_pane(props: &Props) -> Html {
    let language = props.language;
    let act = |action: fn() -> Action| props.on_action.reform(move |_: MouseEvent| action());
    let (saving, saving_class) = match props.saving {
        Saving::Kept => (words::SAVED, "sub"),
        Saving::Refused => (words::NOT_SAVED, "sub bad"),
    };
    html! {
        <section class="card script" id="script-card" aria-label={words::SCRIPT.of(language)}>
            <header class="pane-head">
                <h2>{ words::SCRIPT.of(language) }</h2>
                <span class={saving_class} role="status">{ saving.of(language) }</span>
                <span class="grow"></span>
                if props.can_restore {
                    <button class="ghost small" id="restore" onclick={act(|| Action::Restored)}>{ words::RESTORE.of(language) }</button>
                }
                <button class="ghost small" id="format" onclick={act(|| Action::Formatted)} title="Shift+Alt+F">{ words::FORMAT.of(language) }</button>
            </header>
            if let Some(lesson) = props.lesson { { lessons::lesson_card(&lessons::LessonCardProps { language, lesson, is_changed: props.is_changed, on_action: props.on_action.clone() }) } }
            <Editor script={props.script.clone()} checked={props.checked.clone()} fresh={props.fresh} lit={props.lit}
                {language} load={props.load_editor} on_action={props.on_action.clone()} />
            if props.fresh { { problems(&ProblemsProps { script: props.script.clone(), checked: props.checked.clone(), language, on_action: props.on_action.clone() }) } }
            { settings::settings(&settings::Props { script: props.script.clone(), machine: props.checked.machine.clone(), language, on_action: props.on_action.clone() }) }
        </section>
    }
}

struct ProblemsProps {
    script: Rc<str>,
    checked: Rc<Checked>,
    language: Language,
    on_action: Callback<Action>,
}

/// The same as the editor's underlines, readable without pointing at them.
fn problems(props: &ProblemsProps) -> Html {
    let diagnostics = &props.checked.diagnostics;
    if diagnostics.is_empty() {
        return Html::default();
    }
    let rest = diagnostics.len().saturating_sub(PROBLEMS_MAX);
    html! {
        <ul class="problems" aria-label={words::PROBLEMS.of(props.language)} aria-live="polite">
            { for diagnostics.iter().take(PROBLEMS_MAX).map(|diagnostic| problem(props, diagnostic)) }
            if rest > 0 { <li class="none">{ sentences::more(props.language, rest) }</li> }
        </ul>
    }
}

fn problem(props: &ProblemsProps, diagnostic: &Diagnostic) -> Html {
    let language = props.language;
    let line = script::line_column(&props.script, diagnostic.span.start as usize).line;
    let fix = diagnostic.fix().map(|fix| {
        let (script, diagnostic) = (props.script.clone(), diagnostic.clone());
        let apply = props.on_action.reform(move |_: MouseEvent| {
            Action::Edited(apply_fixes(&script, std::slice::from_ref(&diagnostic), false).into())
        });
        html! { <button class="primary small fix" onclick={apply}>{ marked(&sentences::fix(language, fix)) }</button> }
    });
    html! {
        <li class={if diagnostic.is_error() { "error" } else { "warning" }}>
            <div>
                <b>{ sentences::line(language, line) }</b>{ " " }{ marked(&diagnostic.message(language)) }
                { for diagnostic.hints(language).iter().map(|hint| html! { <p class="hint">{ marked(hint) }</p> }) }
            </div>
            { fix.unwrap_or_default() }
        </li>
    }
}
