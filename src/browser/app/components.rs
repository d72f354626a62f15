//! The Yew components inside the views, and the props of each.

use std::rc::Rc;

use yew::prelude::*;

use super::startup::StartupPhase;
use super::{App, NARROW};
use crate::browser::chart::{self, Chart};
use crate::browser::deferred::DeferredCard;
use crate::browser::dom;
use crate::browser::editor::Editor;
use crate::protocol::analysis::{LineCost, PathSpan};
use crate::state::action::Action;
use crate::state::{Phase, Pointed, Sheet};
use crate::view::node::ComponentSlot;
use ::chart::scene::By;

impl App {
    /// Renders the component for a slot of the view.
    pub(super) fn component(&self, slot: ComponentSlot, on_action: &Callback<Action>) -> Html {
        let state = &self.state;
        let on_action = on_action.clone();
        match (slot, &state.shown) {
            (ComponentSlot::Editor, shown) => {
                let embedded = state.embedded.as_ref();
                let frozen = embedded.map_or_else(Rc::default, |embedded| embedded.frozen.clone());
                // A script that the reader cannot edit needs no editor.
                let load = self.startup == StartupPhase::Seen
                    && (shown.is_some() || state.phase == Phase::Faulty)
                    && !frozen.is_everything
                    && !self.is_script_away();
                html! { <Editor script={state.script.clone()} checked={state.checked.clone()} fresh={state.is_fresh()} lit={self.lit()} active={self.active.lines.clone()}
                language={state.language()} {load} {frozen} margin={self.margin()} {on_action} /> }
            }
            (ComponentSlot::Chart, Some(shown)) => {
                let props = chart::ChartProps {
                    shown: shown.clone(),
                    by: state.by,
                    view: state.view,
                    cursor: state.cursor,
                    pointed: self.pointed(),
                    is_script: state.opened.is_none(),
                    in_lab: self.inside.is_some(),
                    language: state.language(),
                    dark: state.settings.dark(),
                    stale: state.is_stale(),
                    path: self.path(),
                    behind: state.overlay().cloned(),
                    // The measured bars are drawn instead, if there are any.
                    moment: state.moment.clone().filter(|_| state.overlay().is_none()),
                    is_dragging: state.is_dragging,
                    on_action,
                };
                html! { <Chart ..props /> }
            }
            (ComponentSlot::Deferred(which), _) => {
                html! { <DeferredCard {which} state={state.clone()} {on_action} /> }
            }
            (ComponentSlot::Chart, None) => Html::default(),
        }
    }

    /// Whether the script is hidden below the chart, on a phone.
    fn is_script_away(&self) -> bool {
        self.inside.is_none()
            && self.state.sheet == Sheet::Down
            && !self.state.is_covered()
            && dom::media_matches(NARROW)
    }

    /// The hovered and selected bars and lines. Without the lines if the chart is not of this
    /// script.
    fn pointed(&self) -> Pointed {
        let pointed = self.state.pointed;
        if self.state.has_lines_of_script() {
            pointed
        } else {
            Pointed {
                cursor_line: None,
                hovered_line: None,
                asked_line: None,
                ..pointed
            }
        }
    }

    /// The time that each line cost other tasks, if the findings belong to the current script.
    fn margin(&self) -> Rc<[LineCost]> {
        // While the reader guesses, the margin would give the answer away.
        if self.state.is_looked_at() && !self.state.is_covered() {
            self.state.insight.margin.clone()
        } else {
            Rc::default()
        }
    }

    /// The critical path, if it is switched on.
    fn path(&self) -> Rc<[PathSpan]> {
        if self.state.insight.path_is_shown && self.state.is_looked_at() {
            self.state.insight.path.clone()
        } else {
            Rc::default()
        }
    }

    /// The line of the hovered or selected bar, for highlighting in the editor.
    fn lit(&self) -> Option<u32> {
        let pointed = &self.state.pointed;
        let shown =
            self.state.shown.as_ref().filter(|_| {
                self.state.phase == Phase::Settled && self.state.has_lines_of_script()
            })?;
        let bar = pointed.hovered.or(pointed.selected)?;
        Some(shown.timeline(By::Tasks).labels().line(bar.segment)).filter(|&line| line > 0)
    }
}
