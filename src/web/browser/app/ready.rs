//! Traces that come in, made ready to be drawn before anything shows them.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Message};
use crate::import;
use crate::protocol::RunId;
use crate::scene::By;
use crate::trace::Trace;
use crate::web::browser::client::Answer;
use crate::web::browser::clock::{breathing, pause};
use crate::web::browser::{chart, client, dom};
use crate::web::model::action::Action;
use crate::web::model::shown::{self, Checked, Shown};
use crate::web::proof::message::Said;
use crate::workload::Workload;

async fn made_ready(script: Rc<str>, trace: Trace, by: By) -> Option<(Rc<Checked>, Shown)> {
    let (checked, workload) = shown::check(&script);
    Some((checked, derived(script, workload?, trace, by).await))
}

/// What is derived from a trace and what its first picture needs, with a look at the
/// clock after each slice: a trace of millions of records must not hold the page.
async fn derived(script: Rc<str>, workload: Workload, trace: Trace, by: By) -> Shown {
    breathing(async {
        let shown = Shown::in_slices(script, workload, trace).await;
        shown.make_rows(By::Tasks, chart::height_max_px()).await;
        shown.make_rows(by, chart::height_max_px()).await;
        shown
    })
    .await
}

/// A trace from a file, drawn as any other; of another tool's there is no script.
async fn opened(source: import::Source, parts: Array, by: By) -> Option<Shown> {
    let trace = client::unpacked(&parts, &|| true).await?;
    let (script, workload) = match source {
        import::Source::Script(script) => {
            let script: Rc<str> = script.into();
            (script.clone(), shown::check(&script).1?)
        }
        import::Source::Names(names) => ("".into(), names.workload()),
    };
    let trace = Some(trace).filter(|trace| trace.is_of(&workload))?;
    Some(derived(script, workload, trace, by).await)
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

    /// What the simulator says, as an action. A trace is made ready here: it
    /// belongs to the script only if that has not changed meanwhile.
    pub(super) fn understand(&self, ctx: &Context<Self>, answer: Answer) -> Option<Action> {
        match answer {
            Answer::Progress(run, reached) => Some(Action::Progressed(run, reached)),
            Answer::Faulty(run) => (run == self.state.run)
                .then(|| Action::WasFaulty(run, shown::check(&self.state.script).0)),
            Answer::Ran(run, trace) => {
                self.make_ready(ctx, run, *trace);
                None
            }
            Answer::Broke(message) => Some(Action::Broke(message)),
            Answer::Workerless => Some(Action::WentWorkerless),
        }
    }

    /// What talks to the companion says: an action, or a trace that is made ready first.
    pub(super) fn heard(&self, ctx: &Context<Self>, said: Option<(Said, Array)>) -> Option<Action> {
        match said {
            None => {
                self.proof.lost();
                Some(Action::Proved(None))
            }
            Some((Said::Opened { name, source }, parts)) => {
                let (by, link) = (self.state.by, ctx.link().clone());
                spawn_local(async move {
                    if let Some(shown) = opened(source, parts, by).await {
                        let shown = Rc::new(shown);
                        link.send_message(Message::Act(Action::TraceOpened(name.into(), shown)));
                    }
                });
                None
            }
            Some((Said::Look, _)) => {
                dom::bring_into_view("#insight .trouble");
                None
            }
            Some((said, _)) => Some(Action::Proved(Some(said))),
        }
    }

    fn make_ready(&self, ctx: &Context<Self>, run: RunId, trace: Trace) {
        if run != self.state.run {
            return;
        }
        let (script, by) = (self.state.script.clone(), self.state.by);
        let (link, is_first) = (ctx.link().clone(), !self.coming.is_uncovered());
        spawn_local(async move {
            if is_first {
                pause().await;
            }
            if let Some((checked, shown)) = made_ready(script, trace, by).await {
                link.send_message(Message::Act(Action::Ran(run, checked, Rc::new(shown))));
            }
        });
    }
}
