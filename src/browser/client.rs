//! The page's client of the simulation worker.
//!
//! There is one worker at a time. It is replaced when the reader cancels a run or when it crashes;
//! where no worker can start, the page simulates.
//!
//! Small runs are simulated synchronously in the page: Chromium delivers a worker's answer to a
//! key press only after the next frame. A trap in such a run crashes the page. The crash is
//! counted, and after one the page leaves all runs to the worker (see [`SmallRuns`]).
//!
//! One callback gets all answers. [`crate::state::State`] drops the stale ones.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::clock::YieldTimer;
use super::embedded::Inside;
use super::job;
use super::worker_handle::{WorkerHandle, WorkerSource};
use crate::message::{self, PostedMessage};
use crate::protocol::simulation::{Reached, SimulationRequest, SimulationResponse, Simulator};
use crate::protocol::{Program, Request, RequestId, Response};
use crate::state::parsed::ParsedScript;
use crate::state::small_run::{RunOutcome, run_small};
use model::trace::Trace;
use model::trace::codec::TraceDecoder;

/// An answer of the simulator.
#[derive(Debug)]
pub(super) enum SimulatorAnswer {
    /// The script has errors; nothing was run.
    Faulty(RequestId, Rc<ParsedScript>),
    Progress(RequestId, Reached),
    Ran(RequestId, Rc<ParsedScript>, Box<Trace>),
    /// The worker crashed during the current run, with this message. A new worker has been started.
    Crashed(String),
    /// No worker can be started: from now on the page simulates.
    Workerless,
}

/// Milliseconds per slice when the page simulates: half a frame, so that it can still paint.
const PAGE_SLICE_MS: f64 = 8.0;

/// The place where small runs are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmallRuns {
    /// In the page, synchronously.
    AtOnce,
    /// In the worker like all others, so that the page survives a trap.
    Elsewhere,
}

/// Starts runs. A new run replaces the current one.
#[derive(Clone)]
pub(super) struct Client {
    inner: Rc<RefCell<ClientState>>,
}

struct ClientState {
    in_use: InUse,
    small: SmallRuns,
    answer: Callback<SimulatorAnswer>,
    /// In a lab, the lock that lets one lab on a course page simulate at a time. A lab starts its
    /// worker only when it holds the lock.
    turns: Option<Inside>,
    /// The run without an answer yet; sent to a worker once it is ready.
    asked: Option<(RequestId, Rc<str>)>,
}

/// The simulator in use.
enum InUse {
    /// None yet, or dismissed.
    Nothing,
    Worker(SimulationWorker),
    /// The page itself, with its current run.
    Page(Option<RequestId>),
}

/// A worker, and the source from which it was loaded.
struct SimulationWorker {
    handle: WorkerHandle,
    source: WorkerSource,
    /// It has loaded and accepts orders.
    ready: bool,
}

impl Client {
    pub(super) fn start(
        small: SmallRuns,
        turns: Option<Inside>,
        answer: Callback<SimulatorAnswer>,
    ) -> Self {
        Self {
            inner: Rc::new(RefCell::new(ClientState {
                in_use: InUse::Nothing,
                small,
                answer,
                turns,
                asked: None,
            })),
        }
    }

    /// Starts a worker ahead of the first long run. Labs do not: they would use memory for nothing.
    pub(super) fn stand_by(&self) {
        let is_wanted = {
            let inner = self.inner.borrow();
            inner.turns.is_none() && matches!(inner.in_use, InUse::Nothing)
        };
        if is_wanted {
            self.start_worker();
        }
    }

    /// Stops an idle worker to free its memory.
    pub(super) fn dismiss(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.asked.is_none() && matches!(inner.in_use, InUse::Worker(_)) {
            inner.in_use = InUse::Nothing;
        }
    }

    /// Starts a run. Returns whether it was small: then the callback already has the answer.
    pub(super) fn run(&self, run: RequestId, script: &Rc<str>) -> bool {
        let at_once = match self.inner.borrow().small {
            SmallRuns::AtOnce => run_small(script),
            SmallRuns::Elsewhere => None,
        };
        let is_done = at_once.is_some();
        match at_once {
            Some(outcome) => {
                self.rest();
                self.tell_outcome(run, outcome);
            }
            None => self.order(run, script),
        }
        is_done
    }

    /// Stops the current run, if any.
    fn rest(&self) {
        let mut inner = self.inner.borrow_mut();
        let was_asked = inner.asked.take().is_some();
        match &mut inner.in_use {
            InUse::Worker(worker) if worker.ready && was_asked => {
                worker.post(RequestId::default(), SimulationRequest::Stop);
            }
            InUse::Worker(_) | InUse::Nothing => {}
            InUse::Page(current) => *current = None,
        }
    }

    /// Starts a long run; in a lab, as soon as the lock is free.
    fn order(&self, run: RequestId, script: &Rc<str>) {
        let turns = {
            let mut inner = self.inner.borrow_mut();
            inner.asked = Some((run, script.clone()));
            inner.turns.clone()
        };
        let Some(turns) = turns else {
            return self.set_to_work(run, script);
        };
        let (client, script) = (self.clone(), script.clone());
        spawn_local(async move {
            // This promise never rejects.
            let _ = JsFuture::from(turns.turn()).await;
            // While this run waited for the lock, the reader may have replaced or cancelled it.
            if client.is_asked(run) {
                client.set_to_work(run, &script);
            } else if client.is_idle() {
                turns.over();
            }
        });
    }

    fn is_idle(&self) -> bool {
        self.inner.borrow().asked.is_none()
    }

    /// Sends the run to the simulator in use, and starts one if necessary.
    fn set_to_work(&self, run: RequestId, script: &Rc<str>) {
        if matches!(self.inner.borrow().in_use, InUse::Nothing) {
            self.start_worker();
        }
        let mut inner = self.inner.borrow_mut();
        match &mut inner.in_use {
            // `put_to_work` sends the run once the worker is ready.
            InUse::Worker(worker) if !worker.ready => {}
            InUse::Worker(worker) => worker.post(
                run,
                SimulationRequest::Run {
                    script: script.to_string(),
                },
            ),
            InUse::Page(current) => {
                *current = Some(run);
                spawn_local(self.clone().run_in_page(run, script.clone()));
            }
            InUse::Nothing => {}
        }
    }

    /// Stops the current run at once, even in the middle of a slice.
    pub(super) fn cancel(&self) {
        self.inner.borrow_mut().asked = None;
        self.start_worker();
    }

    /// Starts a new worker in place of the current one.
    fn start_worker(&self) {
        let worker = SimulationWorker::start(WorkerSource::Address, self)
            .or_else(|_| SimulationWorker::start(WorkerSource::Blob, self));
        self.use_worker(worker.ok());
    }

    /// Uses this worker, or without one the page itself.
    fn use_worker(&self, worker: Option<SimulationWorker>) {
        let workerless = worker.is_none();
        self.inner.borrow_mut().in_use = worker.map_or(InUse::Page(None), InUse::Worker);
        if workerless {
            self.tell(SimulatorAnswer::Workerless);
        }
    }

    fn tell(&self, answer: SimulatorAnswer) {
        let callback = self.inner.borrow().answer.clone();
        callback.emit(answer);
    }

    fn received(&self, message: JsValue) {
        // The first message: the worker is ready.
        if message.is_truthy() && message.as_bool().is_some() {
            return self.put_to_work();
        }
        let parts: Array = message.dyn_into().unwrap_or_default();
        let Some(Response { id, kind }) = message::take(&parts) else {
            return self.broke("the worker sent something unknown".into());
        };
        match kind {
            SimulationResponse::Faulty => self.worker_answered(id, None),
            SimulationResponse::Progress(reached) => {
                self.tell(SimulatorAnswer::Progress(id, reached));
            }
            SimulationResponse::Finished => spawn_local(self.clone().unpack(id, parts)),
            SimulationResponse::Panicked { message } => self.broke(message),
        }
    }

    async fn unpack(self, run: RequestId, parts: Array) {
        match unpacked(&parts, &|| self.is_asked(run)).await {
            _ if !self.is_asked(run) => {}
            Some(trace) => self.worker_answered(run, Some(trace)),
            None => self.broke("the worker sent no trace".into()),
        }
    }

    /// Whether this run is still the current one.
    fn is_asked(&self, run: RequestId) -> bool {
        let inner = self.inner.borrow();
        inner.asked.as_ref().is_some_and(|(asked, _)| *asked == run)
    }

    /// The worker's outcome: a trace, or none for a script with errors. The page parses the script
    /// itself, because it also needs the workload and the diagnostics.
    fn worker_answered(&self, run: RequestId, trace: Option<Trace>) {
        let asked = self.inner.borrow().asked.clone();
        let Some((_, script)) = asked.filter(|(asked, _)| *asked == run) else {
            return;
        };
        let parsed = ParsedScript::of(&script);
        self.answered(
            run,
            match trace {
                Some(trace) => RunOutcome::Finished(parsed, trace),
                None => RunOutcome::Faulty(parsed),
            },
        );
    }

    fn answered(&self, run: RequestId, outcome: RunOutcome) {
        self.inner
            .borrow_mut()
            .asked
            .take_if(|(asked, _)| *asked == run);
        self.tell_outcome(run, outcome);
    }

    fn tell_outcome(&self, run: RequestId, outcome: RunOutcome) {
        match outcome {
            RunOutcome::Faulty(parsed) => self.tell(SimulatorAnswer::Faulty(run, parsed)),
            RunOutcome::Finished(parsed, trace) => {
                self.tell(SimulatorAnswer::Ran(run, parsed, Box::new(trace)));
            }
            RunOutcome::Abandoned => {}
        }
    }

    /// Sends the waiting run to a worker that has become ready.
    fn put_to_work(&self) {
        let mut inner = self.inner.borrow_mut();
        let asked = inner.asked.clone();
        if let InUse::Worker(worker) = &mut inner.in_use {
            worker.ready = true;
            if let Some((run, script)) = asked {
                let script = script.to_string();
                worker.post(run, SimulationRequest::Run { script });
            }
        }
    }

    /// Replaces a worker that panicked: it would still answer, but its state is damaged.
    fn broke(&self, message: String) {
        // Otherwise the next worker would run the same script, and crash too.
        self.inner.borrow_mut().asked = None;
        self.start_worker();
        self.tell(SimulatorAnswer::Crashed(message));
    }

    /// Handles an error event: a trap without a panic message, or a worker that could not start.
    fn failed(&self, message: String) {
        let was_ready =
            matches!(&self.inner.borrow().in_use, InUse::Worker(worker) if worker.ready);
        if was_ready {
            return self.broke(if message.is_empty() {
                "out of memory or stack".into()
            } else {
                message
            });
        }
        let source = match &self.inner.borrow().in_use {
            InUse::Worker(worker) => worker.source,
            InUse::Page(_) | InUse::Nothing => return,
        };
        // Frames without an origin may start workers only from blobs.
        self.use_worker(match source {
            WorkerSource::Address => SimulationWorker::start(WorkerSource::Blob, self).ok(),
            WorkerSource::Blob => None,
        });
        // A new worker gets the run when it is ready; only the page has to start it here.
        let in_page = matches!(self.inner.borrow().in_use, InUse::Page(_));
        let asked = self.inner.borrow_mut().asked.take_if(|_| in_page);
        if let Some((run, script)) = asked {
            self.order(run, &script);
        }
    }

    /// Simulates in the page, slice by slice.
    async fn run_in_page(self, run: RequestId, script: Rc<str>) {
        let go_on = |reached| {
            let wanted = self.wants_of_page(run);
            if wanted {
                self.tell(SimulatorAnswer::Progress(run, reached));
            }
            wanted
        };
        let outcome = job::run(&script, PAGE_SLICE_MS, go_on).await;
        self.answered(run, outcome);
    }

    fn wants_of_page(&self, run: RequestId) -> bool {
        matches!(&self.inner.borrow().in_use, InUse::Page(current) if *current == Some(run))
    }
}

/// Decodes the trace that is attached to a message, as long as it is wanted. A trace can have a hundred
/// megabytes, so this yields to the browser regularly.
pub(super) async fn unpacked(parts: &Array, is_wanted: &dyn Fn() -> bool) -> Option<Trace> {
    let mut breath = YieldTimer::new();
    let mut chunks = message::take_buffers(parts);
    let mut decoding = TraceDecoder::begin(&chunks.next()?)?;
    for chunk in chunks {
        decoding.add(&chunk)?;
        breath.take().await;
        if !is_wanted() {
            return None;
        }
    }
    decoding.finish()
}

impl SimulationWorker {
    // Weak, so that the listeners do not keep a dropped client alive.
    fn start(source: WorkerSource, client: &Client) -> Result<Self, JsValue> {
        let client = Rc::downgrade(&client.inner);
        let upgraded = move || client.upgrade().map(|inner| Client { inner });
        let on_message = {
            let upgraded = upgraded.clone();
            move |message: JsValue| {
                if let Some(client) = upgraded() {
                    client.received(message);
                }
            }
        };
        let on_failure = move |message: String| {
            if let Some(client) = upgraded() {
                client.failed(message);
            }
        };
        Ok(Self {
            handle: WorkerHandle::start(Simulator::NAME, source, on_message, on_failure)?,
            source,
            ready: false,
        })
    }

    fn post(&self, id: RequestId, kind: SimulationRequest) {
        self.handle.post(&PostedMessage::new(&Request { id, kind }));
    }
}
