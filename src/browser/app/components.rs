//! The Yew components inside the views, and the props of each.

use std::rc::Rc;

use yew::prelude::*;

use super::startup::StartupPhase;
use super::{App, NARROW};
use crate::browser::chart::{self, Chart};
use crate::browser::deferred::DeferredCard;
use crate::browser::dom;
use crate::browser::editor::{ChartLines, Editor, EditorKind};
use crate::protocol::analysis::{LineCost, PathSpan};
use crate::protocol::real_run::ProgramMark;
use crate::state::action::Action;
use crate::state::active_lines::ActiveLine;
use crate::state::embedded::Frozen;
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
                let is_of_script = state.has_lines_of_script();
                // Of a line that the reader clicked in an answer, or that had the cursor on the
                // other side.
                let lit = self.lit().or(state.pointed.asked_line);
                let lit = lit.filter(|_| is_of_script);
                let active = if is_of_script {
                    self.active.lines.clone()
                } else {
                    Rc::default()
                };
                html! { <Editor kind={EditorKind::Script} hidden={state.is_python_side()} script={state.script.clone()} replacements={state.replacements} checked={state.checked.clone()} fresh={state.is_fresh()} lit={Vec::from_iter(lit)} {active}
                chart_lines={ChartLines::Same} marks={Rc::<[ProgramMark]>::default()} requests={Rc::<str>::default()} language={state.language()} {load} {frozen} margin={self.margin()} {on_action} /> }
            }
            (ComponentSlot::Program, _) => self.program_editor(on_action),
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

    /// The editor of the Python side.
    fn program_editor(&self, on_action: Callback<Action>) -> Html {
        let state = &self.state;
        let program = &state.program;
        let (script, chart_lines) = match &program.own {
            Some(own) if state.has_lines_of_program() => (own.clone(), ChartLines::Same),
            Some(own) => (own.clone(), ChartLines::None),
            None => match program.made.as_ref().map(|made| (made, &made.program)) {
                Some((made, Ok(program))) => {
                    let is_current = state.has_lines_of_script() && made.script == state.script;
                    let lines = if is_current {
                        ChartLines::Of(program.clone())
                    } else {
                        ChartLines::None
                    };
                    (program.text.as_str().into(), lines)
                }
                _ => ("".into(), ChartLines::None),
            },
        };
        let is_own = program.own.is_some();
        let in_editor = |line| chart_lines.in_editor(line);
        // On the other side the line itself shows the cursor.
        let lit = self.lit().or(state.pointed.line().filter(|_| !is_own));
        let lit = lit.map(in_editor).unwrap_or_default();
        let active = self.active.lines.iter();
        let active = active.flat_map(|&(line, activity)| {
            let lines = in_editor(line).into_iter();
            lines.map(move |line| (line, activity))
        });
        let mut active: Vec<ActiveLine> = active.collect();
        active.sort_unstable();
        active.dedup_by_key(|(line, _)| *line);
        let margin = if is_own && state.has_lines_of_program() {
            program.margin.clone()
        } else {
            Rc::default()
        };
        let frozen = match &state.embedded {
            Some(embedded) => embedded.frozen.clone(),
            None => Rc::new(Frozen::whole(!is_own)),
        };
        let load = self.startup == StartupPhase::Seen && !self.is_script_away();
        // Another text has another history.
        let key = if is_own { 1 + program.number } else { 0 };
        html! { <Editor {key} kind={EditorKind::Python} hidden=false {script} replacements=0 {chart_lines} checked={Rc::default()} fresh=false {lit} active={Rc::<[ActiveLine]>::from(active)} marks={state.program_marks()} requests={program.requests.clone()}
        language={state.language()} {load} {frozen} {margin} {on_action} /> }
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
        if self.state.has_lines_of_script() || self.state.has_lines_of_program() {
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
        let state = &self.state;
        let pointed = &state.pointed;
        let is_current = state.phase == Phase::Settled && state.has_lines_of_script()
            || state.has_lines_of_program();
        let shown = state.shown.as_ref().filter(|_| is_current)?;
        let bar = pointed.hovered.or(pointed.selected)?;
        Some(shown.timeline(By::Tasks).labels().line(bar.segment)).filter(|&line| line > 0)
    }
}
