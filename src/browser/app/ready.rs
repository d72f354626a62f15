//! Prepares incoming traces for the chart before the state changes.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Message};
use crate::browser::client::SimulatorAnswer;
use crate::browser::clock::{pause, run_yielding_while};
use crate::browser::python_runtime::{self, PythonPane};
use crate::browser::real_run::Received;
use crate::browser::{chart, client, dom};
use crate::protocol::RequestId;
use crate::protocol::real_run::{ProgramEvent, RealRunResponse};
use crate::state::Phase;
use crate::state::action::Action;
use crate::state::parsed::ParsedScript;
use crate::state::program::ProgramAction;
use crate::state::shown::Shown;
use ::chart::scene::By;
use formats::import;
use formats::program::ProgramSource;
use model::trace::Trace;
use model::workload::Workload;

/// Derives the data of the first chart from a trace, and yields after each slice: a trace can
/// have millions of records, which must not block the page.
async fn derived(
    script: Rc<str>,
    workload: Rc<Workload>,
    trace: Trace,
    by: By,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Shown> {
    run_yielding_while(is_wanted, async {
        let shown = Shown::in_slices(script, workload, trace).await;
        // The minimap and the measured overlay need the rows by task in either grouping.
        shown.make_rows(By::Tasks, chart::height_max_px()).await;
        shown.make_rows(by, chart::height_max_px()).await;
        shown
    })
    .await
}

/// Prepares a trace from a file. A trace of another tool has names but no script; that of a Python
/// program has the program's lines.
async fn opened(
    source: import::Source,
    program: Option<Box<ProgramSource>>,
    parts: Array,
    by: By,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Shown> {
    let trace = client::unpacked(&parts, is_wanted).await?;
    let (mut script, mut workload) = match source {
        import::Source::Script(script) => {
            let script: Rc<str> = script.into();
            let workload = ParsedScript::new(&script).workload?;
            (script, workload)
        }
        import::Source::Names(names) => ("".into(), Rc::new(names.workload())),
    };
    if let Some(program) = program {
        script = program.text.as_str().into();
        program.rename(Rc::make_mut(&mut workload));
    }
    // A damaged file can name tasks that the workload does not have.
    let trace = Some(trace).filter(|trace| trace.is_of(&workload))?;
    derived(script, workload, trace, by, is_wanted).await
}

impl App {
    /// The rows that an action needs and that are not laid out yet.
    pub(super) fn lacks_rows(&self, action: &Action) -> Option<(Rc<Shown>, By)> {
        let (shown, by) = match action {
            Action::RowsChosen(by) => (self.state.shown.as_ref()?, *by),
            Action::Ran(_, _, shown) => (shown, self.state.by),
            _ => return None,
        };
        (!shown.has_rows(by)).then(|| (shown.clone(), by))
    }

    /// Lays out rows, then sends the action that needs them. Rows that the reader chose are
    /// abandoned if the reader chooses others or cancels.
    pub(super) fn make_rows(&self, ctx: &Context<Self>, action: Action, shown: Rc<Shown>, by: By) {
        let link = ctx.link().clone();
        let is_wanted = self.preparing_rows.begin();
        let is_chosen = matches!(action, Action::RowsChosen(_));
        spawn_local(async move {
            let is_needed = || !is_chosen || is_wanted();
            let rows = shown.make_rows(by, chart::height_max_px());
            if run_yielding_while(&is_needed, rows).await.is_some() {
                link.send_message(Message::Act(action));
            }
        });
    }

    /// Turns an answer of the simulator into an action. A trace is prepared first.
    pub(super) fn understand(
        &self,
        ctx: &Context<Self>,
        answer: SimulatorAnswer,
    ) -> Option<Action> {
        match answer {
            SimulatorAnswer::Progress(run, reached) => Some(Action::Progressed(run, reached)),
            SimulatorAnswer::Faulty(run, parsed) => Some(Action::WasFaulty(run, parsed)),
            SimulatorAnswer::Ran(run, parsed, trace) => {
                self.make_ready(ctx, run, parsed, *trace);
                matches!(self.state.phase, Phase::Running(_)).then_some(Action::Simulated(run))
            }
            SimulatorAnswer::Crashed(message) => Some(Action::Crashed(message)),
            SimulatorAnswer::Workerless => Some(Action::WentWorkerless),
        }
    }

    /// Turns a message of the companion's client into an action. A trace is prepared first.
    pub(super) fn real_run_answered(
        &self,
        ctx: &Context<Self>,
        received: Received,
    ) -> Option<Action> {
        match received {
            Err(failure) => {
                self.real_runs.lost();
                Some(Action::RealRunAnswered(Err(failure)))
            }
            Ok((
                RealRunResponse::TraceOpened {
                    name,
                    source,
                    program,
                    run,
                },
                parts,
            )) => {
                let (by, link) = (self.state.by, ctx.link().clone());
                let is_wanted = self.preparing_file.begin();
                spawn_local(async move {
                    let shown = opened(source, program, parts, by, &is_wanted).await;
                    let action = match (shown, run) {
                        (Some(shown), Some(run)) => {
                            Action::Program(ProgramAction::Drawn(run, Rc::new(shown)))
                        }
                        (None, Some(_)) => return,
                        (Some(shown), None) => Action::TraceOpened(name.into(), Rc::new(shown)),
                        // `None` for a damaged trace, or because the reader cancelled.
                        (None, None) if is_wanted() => Action::TraceRefused,
                        (None, None) => return,
                    };
                    link.send_message(Message::Act(action));
                });
                None
            }
            Ok((
                RealRunResponse::RunPython {
                    run,
                    program,
                    options,
                },
                _,
            )) => {
                self.real_runs.run_python(run, program, options);
                None
            }
            Ok((RealRunResponse::CancelPython, _)) => {
                python_runtime::cancel(PythonPane::Proof);
                None
            }
            Ok((RealRunResponse::ProgramOutput { run, panel, marks }, _)) => {
                let printed = ProgramAction::Printed(run, panel, marks.into());
                Some(Action::Program(printed))
            }
            Ok((RealRunResponse::ProgramFindings { run, panel, margin }, _)) => {
                let found = ProgramAction::Found(run, panel, margin.into());
                Some(Action::Program(found))
            }
            Ok((RealRunResponse::ShowError, _)) => {
                dom::bring_into_view("#insight .trouble");
                Some(Action::TraceRefused)
            }
            Ok((response, _)) => Some(Action::RealRunAnswered(Ok(response))),
        }
    }

    /// Turns news of the reader's program into an action. A result first goes to the program that
    /// reads it.
    pub(super) fn program_came(
        &self,
        run: RequestId,
        event: ProgramEvent,
        texts: Option<[JsValue; 2]>,
    ) -> Option<Action> {
        if let Some([result, trace]) = texts.filter(|_| run == self.state.program.run) {
            let language = self.state.language();
            self.real_runs
                .tell_program(run, language, event.clone(), &[&result, &trace]);
        }
        Some(Action::Program(ProgramAction::Came(run, event)))
    }

    /// Starts a run of the reader's program.
    pub(super) fn run_program(&mut self, text: Rc<str>, requests: Rc<str>) {
        self.running_soon = None;
        self.programs
            .start(self.state.program.run, &text, &requests);
    }

    /// Prepares the trace of a run, unless the script has changed since the run started.
    fn make_ready(
        &self,
        ctx: &Context<Self>,
        run: RequestId,
        parsed: Rc<ParsedScript>,
        trace: Trace,
    ) {
        if run != self.state.run {
            return;
        }
        let Some(workload) = parsed.workload.clone() else {
            return;
        };
        let (script, by) = (parsed.text.clone(), self.state.by);
        let (link, is_first) = (ctx.link().clone(), !self.startup.is_uncovered());
        let is_wanted = self.preparing_run.begin();
        spawn_local(async move {
            // During startup, simulation and preparation are separate tasks.
            if is_first {
                pause().await;
            }
            if let Some(shown) = derived(script, workload, trace, by, &is_wanted).await {
                link.send_message(Message::Act(Action::Ran(run, parsed, Rc::new(shown))));
            }
        });
    }
}
