//! The page inside of another one: what its author wants to be seen of it, the goal, and
//! the way to the whole page.

use super::node::{Element, Living, Node, Still, el};
use super::{dialogs, notices, script, stage};
use crate::link;
use crate::web::model::embedded::{Embedded, Pane};
use crate::web::model::state::State;
use crate::web::model::words;

pub(super) fn page(state: &State, embedded: &Embedded) -> Node {
    let main = el("main.lab")
        .set("data-phase", state.phase.name())
        .set("data-panes", embedded.pane_names())
        .flag("data-fixed", embedded.frozen.is_everything)
        .kid(goal(state, embedded))
        .kid(state.shows(Pane::Script).then(|| script::card(state)))
        .kid(stage::stage(state));
    Node::Several(vec![
        notices::notices(state),
        main.into(),
        Living::Still(Still::WholePage).into(),
        dialogs::open(state),
    ])
}

/// Outside of the frame, and with the script as it stands; nothing of it is sent anywhere.
pub(super) fn whole_page(state: &State) -> Node {
    let shared = link::Shared {
        // Else it would be another one in each frame while time passes.
        at_ns: None,
        ..state.shared()
    };
    let link = link::encode(&shared);
    let address = link.map_or_else(|_| "./".to_owned(), |link| format!("./#{link}"));
    let open = el("a#whole-page")
        .set("href", address)
        .set("target", "_blank")
        .set("rel", "noopener")
        .text(words::WHOLE_PAGE.of(state.language()));
    el("footer.lab-foot").kid(open).into()
}

/// What is to be reached, and what of it has been.
fn goal(state: &State, embedded: &Embedded) -> Option<Element> {
    if embedded.goal.is_empty() {
        return None;
    }
    let language = state.language();
    // While the chart is covered, it would tell the answer.
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
