//! The page embedded in another page: its visible panes, the goal, and the link to the whole
//! page.

use super::node::{ComponentSlot, DeferredPart, Element, Node, el};
use super::{dialogs, notices, script, stage};
use crate::state::State;
use crate::state::action::Action;
use crate::state::embedded::{Embedded, Pane};
use crate::state::words;
use formats::link;

pub(super) fn page(state: &State, embedded: &Embedded) -> Node {
    let main = el("main.lab")
        .set("data-phase", state.phase.name())
        .set("data-panes", embedded.pane_names())
        .flag("data-fixed", embedded.frozen.is_everything)
        .kid(goal(state, embedded))
        // Without the editor of a program there would be no *Run*.
        .kid((state.shows(Pane::Script) || state.is_python_side()).then(|| script::card(state)))
        .kid(stage::stage(state));
    Node::Several(vec![
        notices::notices(state),
        main.into(),
        ComponentSlot::Deferred(DeferredPart::WholePage).into(),
        dialogs::open(state),
    ])
}

/// *Open in Loopscope*, outside of the frame: with the current script, the goal, the locked lines and
/// the guess; nothing is sent to a server. Beside it the reset of a changed script.
pub(super) fn whole_page(state: &State) -> Node {
    let shared = link::Shared {
        // With the time, the link would change in each frame during playback.
        at_ns: None,
        ..state.shared()
    };
    let link = link::encode(&shared);
    let kept = state.kept_settings();
    let address = link.map_or_else(|_| "./".to_owned(), |link| format!("./#{link}{kept}"));
    let open = el("a#whole-page")
        .set("href", address)
        .set("target", "_blank")
        .set("rel", "noopener")
        .text(words::WHOLE_PAGE.of(state.language()));
    let reset = || {
        el("button#reset.link")
            .text(words::RESET_SCRIPT.of(state.language()))
            .on_click(Action::ScriptReset)
    };
    el("footer.lab-foot")
        .kid(state.is_script_changed().then(reset))
        .kid(open)
        .into()
}

/// The goal, and the part of it that the last run reached.
fn goal(state: &State, embedded: &Embedded) -> Option<Element> {
    if embedded.goal.is_empty() {
        return None;
    }
    let language = state.language();
    // While the chart is covered, the verdict would give the answer away.
    let reached = embedded.is_goal_reached().filter(|_| !state.is_covered());
    let (class, sign, word) = match reached {
        Some(true) => ("good", "✓ ", words::GOAL_REACHED.of(language)),
        Some(false) => ("bad", "", words::GOAL_NOT_REACHED.of(language)),
        None => ("none", "", ""),
    };
    let missed = embedded.verdicts.iter().filter(|verdict| !verdict.holds);
    let missed: Vec<Node> = missed
        .take(if reached.is_some() { usize::MAX } else { 0 })
        .map(|verdict| {
            let code = el("code").text(verdict.text.clone());
            let was = format!(" ({})", verdict.actual);
            el("li").kid(code).text(was).into()
        })
        .collect();
    let said = el("b")
        .set("class", class)
        .kid(el("span").state("aria-hidden", true).text(sign))
        .text(word);
    let line = el("p")
        .kid(el("span").text(words::GOAL.of(language)))
        .text(embedded.goal.clone())
        .kid(said);
    let goal = el("section#goal.card.goal")
        .set("role", "status")
        .label(words::GOAL.of(language))
        .kid(line)
        .kid(el("ul").kids(missed));
    Some(goal)
}
