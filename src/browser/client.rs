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

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::clock::Breath;
use super::embedded::Inside;
use super::hired::{Hired, Way};
use super::job;
use crate::protocol::{self, Order, Reached, Report, RunId};
use crate::state::parsed::ParsedScript;
use crate::state::small_run::{RunOutcome, run_small};
use model::trace::Trace;
use model::trace::codec::TraceDecoder;

/// An answer of the simulator.
#[derive(Debug)]
pub(super) enum Answer {
    /// The script has errors; nothing was run.
    Faulty(RunId, Rc<ParsedScript>),
    Progress(RunId, Reached),
    Ran(RunId, Rc<ParsedScript>, Box<Trace>),
    /// The worker crashed during the current run, with this message. A new worker has been started.
    Broke(String),
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
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    staff: Staff,
    small: SmallRuns,
    answer: Callback<Answer>,
    /// In a lab, the lock that lets one lab on a course page simulate at a time. A lab starts its
    /// worker only when it holds the lock.
    turns: Option<Inside>,
    /// The run without an answer yet; sent to a worker once it is ready.
    asked: Option<(RunId, Rc<str>)>,
}

/// The simulator in use.
enum Staff {
    /// None yet, or dismissed.
    Nobody,
    Worker(Employee),
    /// The page itself, with its current run.
    Page(Option<RunId>),
}

/// A worker, and the way in which it was started.
struct Employee {
    hired: Hired,
    way: Way,
    /// It has loaded and accepts orders.
    ready: bool,
}

impl Client {
    pub(super) fn start(small: SmallRuns, turns: Option<Inside>, answer: Callback<Answer>) -> Self {
        Self {
            inner: Rc::new(RefCell::new(Inner {
                staff: Staff::Nobody,
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
            inner.turns.is_none() && matches!(inner.staff, Staff::Nobody)
        };
        if is_wanted {
            self.hire();
        }
    }

    /// Stops an idle worker to free its memory.
    pub(super) fn dismiss(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.asked.is_none() && matches!(inner.staff, Staff::Worker(_)) {
            inner.staff = Staff::Nobody;
        }
    }

    /// Starts a run. Returns whether it was small: then the callback already has the answer.
    pub(super) fn run(&self, run: RunId, script: &Rc<str>) -> bool {
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
        match &mut inner.staff {
            Staff::Worker(employee) if employee.ready && was_asked => employee.order(&Order::Stop),
            Staff::Worker(_) | Staff::Nobody => {}
            Staff::Page(current) => *current = None,
        }
    }

    /// Starts a long run; in a lab, as soon as the lock is free.
    fn order(&self, run: RunId, script: &Rc<str>) {
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
    fn set_to_work(&self, run: RunId, script: &Rc<str>) {
        if matches!(self.inner.borrow().staff, Staff::Nobody) {
            self.hire();
        }
        let mut inner = self.inner.borrow_mut();
        match &mut inner.staff {
            // `put_to_work` sends the run once the worker is ready.
            Staff::Worker(employee) if !employee.ready => {}
            Staff::Worker(employee) => employee.order(&Order::Run {
                run,
                script: script.to_string(),
            }),
            Staff::Page(current) => {
                *current = Some(run);
                spawn_local(self.clone().run_in_page(run, script.clone()));
            }
            Staff::Nobody => {}
        }
    }

    /// Stops the current run at once, even in the middle of a slice.
    pub(super) fn cancel(&self) {
        self.inner.borrow_mut().asked = None;
        self.hire();
    }

    /// Starts a new worker in place of the current one.
    fn hire(&self) {
        let employee =
            Employee::start(Way::Address, self).or_else(|_| Employee::start(Way::Blob, self));
        self.employ(employee.ok());
    }

    /// Uses this worker, or without one the page itself.
    fn employ(&self, employee: Option<Employee>) {
        let workerless = employee.is_none();
        self.inner.borrow_mut().staff = employee.map_or(Staff::Page(None), Staff::Worker);
        if workerless {
            self.tell(Answer::Workerless);
        }
    }

    fn tell(&self, answer: Answer) {
        let callback = self.inner.borrow().answer.clone();
        callback.emit(answer);
    }

    fn received(&self, message: JsValue) {
        let parts: Array = message.unchecked_into();
        let bytes = Uint8Array::new(&parts.get(0)).to_vec();
        match protocol::decode(&bytes) {
            Some(Report::Ready) => self.put_to_work(),
            Some(Report::Faulty { run }) => self.worker_answered(run, None),
            Some(Report::Progress { run, reached }) => self.tell(Answer::Progress(run, reached)),
            Some(Report::Ran { run }) => spawn_local(self.clone().unpack(run, parts)),
            Some(Report::Panicked { message }) => self.broke(message),
            None => self.broke("the worker sent something unknown".into()),
        }
    }

    async fn unpack(self, run: RunId, parts: Array) {
        match unpacked(&parts, &|| self.is_asked(run)).await {
            _ if !self.is_asked(run) => {}
            Some(trace) => self.worker_answered(run, Some(trace)),
            None => self.broke("the worker sent no trace".into()),
        }
    }

    /// Whether this run is still the current one.
    fn is_asked(&self, run: RunId) -> bool {
        let inner = self.inner.borrow();
        inner.asked.as_ref().is_some_and(|(asked, _)| *asked == run)
    }

    /// The worker's outcome: a trace, or none for a script with errors. The page parses the script
    /// itself, because it also needs the workload and the diagnostics.
    fn worker_answered(&self, run: RunId, trace: Option<Trace>) {
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

    fn answered(&self, run: RunId, outcome: RunOutcome) {
        self.inner
            .borrow_mut()
            .asked
            .take_if(|(asked, _)| *asked == run);
        self.tell_outcome(run, outcome);
    }

    fn tell_outcome(&self, run: RunId, outcome: RunOutcome) {
        match outcome {
            RunOutcome::Faulty(parsed) => self.tell(Answer::Faulty(run, parsed)),
            RunOutcome::Finished(parsed, trace) => {
                self.tell(Answer::Ran(run, parsed, Box::new(trace)));
            }
            RunOutcome::Abandoned => {}
        }
    }

    /// Sends the waiting run to a worker that has become ready.
    fn put_to_work(&self) {
        let mut inner = self.inner.borrow_mut();
        let asked = inner.asked.clone();
        if let Staff::Worker(employee) = &mut inner.staff {
            employee.ready = true;
            if let Some((run, script)) = asked {
                let script = script.to_string();
                employee.order(&Order::Run { run, script });
            }
        }
    }

    /// Replaces a worker that panicked: it would still answer, but its state is damaged.
    fn broke(&self, message: String) {
        // Otherwise the next worker would run the same script, and crash too.
        self.inner.borrow_mut().asked = None;
        self.hire();
        self.tell(Answer::Broke(message));
    }

    /// Handles an error event: a trap without a panic message, or a worker that could not start.
    fn failed(&self, message: String) {
        let was_ready =
            matches!(&self.inner.borrow().staff, Staff::Worker(employee) if employee.ready);
        if was_ready {
            return self.broke(if message.is_empty() {
                "out of memory or stack".into()
            } else {
                message
            });
        }
        let way = match &self.inner.borrow().staff {
            Staff::Worker(employee) => employee.way,
            Staff::Page(_) | Staff::Nobody => return,
        };
        // Frames without an origin may start workers only from blobs.
        self.employ(match way {
            Way::Address => Employee::start(Way::Blob, self).ok(),
            Way::Blob => None,
        });
        // A new worker gets the run when it is ready; only the page has to start it here.
        let in_page = matches!(self.inner.borrow().staff, Staff::Page(_));
        let asked = self.inner.borrow_mut().asked.take_if(|_| in_page);
        if let Some((run, script)) = asked {
            self.order(run, &script);
        }
    }

    /// Simulates in the page, slice by slice.
    async fn run_in_page(self, run: RunId, script: Rc<str>) {
        let go_on = |reached| {
            let wanted = self.wants_of_page(run);
            if wanted {
                self.tell(Answer::Progress(run, reached));
            }
            wanted
        };
        let outcome = job::run(&script, PAGE_SLICE_MS, go_on).await;
        self.answered(run, outcome);
    }

    fn wants_of_page(&self, run: RunId) -> bool {
        matches!(&self.inner.borrow().staff, Staff::Page(current) if *current == Some(run))
    }
}

/// Decodes the trace that follows a message, as long as it is wanted. A trace can have a hundred
/// megabytes, so this yields to the browser regularly.
pub(super) async fn unpacked(parts: &Array, is_wanted: &dyn Fn() -> bool) -> Option<Trace> {
    let mut breath = Breath::new();
    // Each part is removed once it is read: otherwise the trace would be in memory twice.
    let next = || (parts.length() > 0).then(|| Uint8Array::new(&parts.shift()).to_vec());
    let _message = parts.shift();
    let mut decoding = TraceDecoder::begin(&next()?)?;
    while let Some(parcel) = next() {
        decoding.add(&parcel)?;
        breath.take().await;
        if !is_wanted() {
            return None;
        }
    }
    decoding.finish()
}

impl Employee {
    // Weak, so that the listeners do not keep a dropped client alive.
    fn start(way: Way, client: &Client) -> Result<Self, JsValue> {
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
            hired: Hired::start("worker", way, on_message, on_failure)?,
            way,
            ready: false,
        })
    }

    fn order(&self, order: &Order) {
        self.hired.post(&protocol::encode(order));
    }
}
