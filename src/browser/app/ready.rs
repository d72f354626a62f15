//! Traces that come in, made ready to be drawn before anything shows them.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Message};
use crate::browser::client::Answer;
use crate::browser::clock::{breathing_while, pause};
use crate::browser::{chart, client, dom};
use crate::proof::message::Said;
use crate::protocol::RunId;
use crate::state::Phase;
use crate::state::action::Action;
use crate::state::insight::Failure;
use crate::state::shown::{self, Checked, Shown};
use ::chart::scene::By;
use formats::import;
use model::trace::Trace;
use model::workload::Workload;

async fn made_ready(
    script: Rc<str>,
    trace: Trace,
    by: By,
    is_wanted: &dyn Fn() -> bool,
) -> Option<(Rc<Checked>, Shown)> {
    let (checked, workload) = shown::check(&script);
    let shown = derived(script, workload?, trace, by, is_wanted).await?;
    Some((checked, shown))
}

/// What is derived from a trace and what its first picture needs, with a look at the
/// clock after each slice: a trace of millions of records must not hold the page.
async fn derived(
    script: Rc<str>,
    workload: Workload,
    trace: Trace,
    by: By,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Shown> {
    breathing_while(is_wanted, async {
        let shown = Shown::in_slices(script, workload, trace).await;
        shown.make_rows(By::Tasks, chart::height_max_px()).await;
        shown.make_rows(by, chart::height_max_px()).await;
        shown
    })
    .await
}

/// A trace from a file, drawn as any other; of another tool's there is no script.
async fn opened(
    source: import::Source,
    parts: Array,
    by: By,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Shown> {
    let trace = client::unpacked(&parts, is_wanted).await?;
    let (script, workload) = match source {
        import::Source::Script(script) => {
            let script: Rc<str> = script.into();
            (script.clone(), shown::check(&script).1?)
        }
        import::Source::Names(names) => ("".into(), names.workload()),
    };
    let trace = Some(trace).filter(|trace| trace.is_of(&workload))?;
    derived(script, workload, trace, by, is_wanted).await
}

impl App {
    /// What an action would show that is not made yet: it has to wait.
    pub(super) fn lacks_rows(&self, action: &Action) -> Option<(Rc<Shown>, By)> {
        let (shown, by) = match action {
            Action::RowsChosen(by) => (self.state.shown.as_ref()?, *by),
            Action::Ran(_, _, shown) => (shown, self.state.by),
            _ => return None,
        };
        (!shown.has_rows(by)).then(|| (shown.clone(), by))
    }

    /// Makes rows, and then does what waits for them. Rows that the reader chose are wanted
    /// until others are, or they are cancelled.
    pub(super) fn make_rows(&self, ctx: &Context<Self>, action: Action, shown: Rc<Shown>, by: By) {
        let link = ctx.link().clone();
        let is_wanted = self.preparing_rows.begin();
        let is_chosen = matches!(action, Action::RowsChosen(_));
        spawn_local(async move {
            let is_needed = || !is_chosen || is_wanted();
            let rows = shown.make_rows(by, chart::height_max_px());
            if breathing_while(&is_needed, rows).await.is_some() {
                link.send_message(Message::Act(action));
            }
        });
    }

    /// What the simulator says, as an action. A trace is made ready here: it
    /// belongs to the script only if that has not changed meanwhile.
    pub(super) fn understand(&self, ctx: &Context<Self>, answer: Answer) -> Option<Action> {
        match answer {
            Answer::Progress(run, reached) => Some(Action::Progressed(run, reached)),
            Answer::Faulty(run) => (run == self.state.run)
                .then(|| Action::WasFaulty(run, shown::check(&self.state.script).0)),
            Answer::Ran(run, trace) => {
                self.make_ready(ctx, run, *trace);
                matches!(self.state.phase, Phase::Running(_)).then_some(Action::Simulated(run))
            }
            Answer::Broke(message) => Some(Action::Broke(message)),
            Answer::Workerless => Some(Action::WentWorkerless),
        }
    }

    /// What talks to the companion says: an action, or a trace that is made ready first.
    pub(super) fn heard(
        &self,
        ctx: &Context<Self>,
        said: Result<(Said, Array), Failure>,
    ) -> Option<Action> {
        match said {
            Err(failure) => {
                self.proof.lost();
                Some(Action::Proved(Err(failure)))
            }
            Ok((Said::Opened { name, source }, parts)) => {
                let (by, link) = (self.state.by, ctx.link().clone());
                let is_wanted = self.preparing_file.begin();
                spawn_local(async move {
                    let shown = opened(source, parts, by, &is_wanted).await;
                    let action = match shown {
                        Some(shown) => Action::TraceOpened(name.into(), Rc::new(shown)),
                        None if is_wanted() => Action::TraceRefused,
                        None => return,
                    };
                    link.send_message(Message::Act(action));
                });
                None
            }
            Ok((Said::Look, _)) => {
                dom::bring_into_view("#insight .trouble");
                Some(Action::TraceRefused)
            }
            Ok((said, _)) => Some(Action::Proved(Ok(said))),
        }
    }

    fn make_ready(&self, ctx: &Context<Self>, run: RunId, trace: Trace) {
        if run != self.state.run {
            return;
        }
        let (script, by) = (self.state.script.clone(), self.state.by);
        let (link, is_first) = (ctx.link().clone(), !self.coming.is_uncovered());
        let is_wanted = self.preparing_run.begin();
        spawn_local(async move {
            if is_first {
                pause().await;
            }
            if let Some((checked, shown)) = made_ready(script, trace, by, &is_wanted).await {
                link.send_message(Message::Act(Action::Ran(run, checked, Rc::new(shown))));
            }
        });
    }
}
