//! The Python side of the script's card: the tabs above the editor, the buttons, and the strip with
//! the output of the reader's program.

use super::insight::failed;
use super::node::{ComponentSlot, Element, Node, el};
use crate::state::action::Action;
use crate::state::program::{MadeProgram, ProgramAction, ProgramPhase, Side};
use crate::state::words;
use crate::state::{Dialog, State};
use texts::Text;

/// The ids of the panels that the tabs control.
pub(crate) const SCRIPT_SIDE: &str = "script-side";
const PYTHON_SIDE: &str = "python-side";

/// The tabs *Script* and *Python*.
pub(super) fn sides(state: &State) -> Element {
    let language = state.language();
    let tab = |selector, side, controls, word: Text| {
        let is_open = state.is_python_side() == (side == Side::Python);
        el(selector)
            .class_if(is_open, "on")
            .set("role", "tab")
            .state("aria-selected", is_open)
            .set("aria-controls", controls)
            .text(word.of(language))
            .on_click(Action::Program(ProgramAction::SideChosen(side)))
            .into()
    };
    el("div.seg.sides")
        .set("role", "tablist")
        .label(words::SIDES.of(language))
        .kids([
            tab(
                "button#side-script",
                Side::Script,
                SCRIPT_SIDE,
                words::SCRIPT,
            ),
            tab(
                "button#side-python",
                Side::Python,
                PYTHON_SIDE,
                words::PYTHON,
            ),
        ])
}

pub(super) fn buttons(state: &State) -> Node {
    let language = state.language();
    let button = |selector, word: Text, action| {
        el(selector)
            .text(word.of(language))
            .on_click(Action::Program(action))
    };
    let program = &state.program;
    let run = button(
        "button#run-program.primary.small",
        words::RUN,
        ProgramAction::RunAsked,
    );
    if program.own.is_none() {
        let adopt = button(
            "button#own-program.small",
            words::OWN_PROGRAM,
            ProgramAction::Adopted,
        );
        let is_there = made_text(state).is_some();
        let both = [adopt, run].map(|button| button.flag("disabled", !is_there).into());
        return Node::Several(both.into());
    }
    // A lab with a program has no script to go back to.
    let start_over = state.embedded.is_none().then(|| {
        button(
            "button#start-over.ghost.small",
            words::START_OVER,
            ProgramAction::LeftOwn,
        )
        .set("title", words::START_OVER_HINT.of(language))
    });
    // Not in the place of *Run*: a pause in the typing starts a run, and a click that was meant to
    // run would cancel it.
    let cancel = (program.phase == ProgramPhase::UnderWay).then(|| {
        button(
            "button#stop-program.small",
            words::CANCEL,
            ProgramAction::Cancelled,
        )
    });
    let run = run.set("title", "Ctrl+Enter");
    Node::Several(vec![cancel.into(), start_over.into(), run.into()])
}

/// The program of the script, if it was written.
fn made_text(state: &State) -> Option<&str> {
    let made = state.program.made.as_ref()?;
    let program = made.program.as_ref().ok()?;
    Some(&*program.text).filter(|text| !text.is_empty())
}

/// The editor, and the strip below it.
pub(super) fn body(state: &State) -> Element {
    let language = state.language();
    let program = &state.program;
    let side = el("div.python-side")
        .set("id", PYTHON_SIDE)
        .set("role", "tabpanel")
        .label(words::PYTHON.of(language));
    if program.own.is_some() {
        let strip = match (&program.output, state.proof.failure) {
            (Some(panel), _) => Node::from(panel),
            (None, Some(failure)) => failed(failure, language),
            (None, None) => el("p.hint").text(words::RUN_HINT.of(language)).into(),
        };
        let strip = el("div#program-strip.program-strip")
            .set("tabindex", "0")
            .set("role", "region")
            .label(words::OUTPUT.of(language))
            .kid(strip);
        return side.kid(ComponentSlot::Program).kid(strip);
    }
    // The other way: the reader's own Python becomes a script.
    let read = el("button#from-python.ghost.small")
        .set("aria-haspopup", "dialog")
        .text(words::FROM_PYTHON.of(language))
        .on_click(Action::Opened(Dialog::Python));
    let foot = el("div.python-foot").kid(read);
    let side = match &program.made {
        Some(MadeProgram {
            program: Err(failure),
            ..
        }) => side.kid(failed(*failure, language)),
        _ if made_text(state).is_none() && state.program_asked().is_none() => {
            side.kid(el("p.none").text(words::NO_PROGRAM.of(language)))
        }
        _ => side.kid(ComponentSlot::Program),
    };
    side.kid(foot)
}
