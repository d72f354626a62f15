//! The page's side of the worker: one at a time, replaced when it is cancelled
//! or breaks, and done without where none can start.
//!
//! Small runs are done at once, here: Chromium delivers what a worker answers to
//! a key press only after the next frame. A trap in one of them takes the page
//! with it; it is counted, and a page that broke leaves everything to the worker
//! (see [`SmallRuns`]).
//!
//! Answers go to one callback as they come. Which of them are stale is decided
//! in [`crate::state::State`].

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::clock::Breath;
use super::embedded::Inside;
use super::hired::{Hired, Way};
use super::job::{self, Outcome};
use crate::protocol::{self, Order, Reached, Report, RunId};
use model::trace::Trace;
use model::trace::codec::TraceDecoder;

/// What the simulator has to say.
#[derive(Debug)]
pub(super) enum Answer {
    /// The script has errors; nothing was run.
    Faulty(RunId),
    Progress(RunId, Reached),
    Ran(RunId, Box<Trace>),
    /// It broke on the run under way; a fresh one stands by.
    Broke(String),
    /// No worker can be started: from now on the page simulates.
    Workerless,
}

/// A slice of simulation between two frames, where the page does it itself.
const PAGE_SLICE_MS: f64 = 8.0;

/// Who does runs that are small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmallRuns {
    /// The page, before it comes back.
    AtOnce,
    /// The worker, as all others: what traps is survived.
    Elsewhere,
}

/// Starts runs; a new one replaces the one under way.
#[derive(Clone)]
pub(super) struct Client {
    inner: Rc<RefCell<Inner>>,
}

struct Inner {
    staff: Staff,
    small: SmallRuns,
    answer: Callback<Answer>,
    /// In another page one works when it is one's turn, and hires nobody before.
    turns: Option<Inside>,
    /// What is asked for and not answered; a worker that becomes ready is told of it.
    asked: Option<(RunId, String)>,
}

enum Staff {
    /// There was nothing to do yet, or not for long.
    Nobody,
    Worker(Employee),
    /// The page itself; the run that it is at.
    Page(Option<RunId>),
}

/// A worker, and how it came to be.
struct Employee {
    hired: Hired,
    way: Way,
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

    /// Somebody is there for what takes longer, before it is asked for; not in another page.
    pub(super) fn stand_by(&self) {
        let is_wanted = {
            let inner = self.inner.borrow();
            inner.turns.is_none() && matches!(inner.staff, Staff::Nobody)
        };
        if is_wanted {
            self.hire();
        }
    }

    /// Whoever has nothing to do goes.
    pub(super) fn dismiss(&self) {
        let mut inner = self.inner.borrow_mut();
        if inner.asked.is_none() && matches!(inner.staff, Staff::Worker(_)) {
            inner.staff = Staff::Nobody;
        }
    }

    /// Whether it is done already: then the answer has been given.
    pub(super) fn run(&self, run: RunId, script: &str) -> bool {
        let at_once = match self.inner.borrow().small {
            SmallRuns::AtOnce => job::run_small(script),
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

    /// Whatever is under way is not wanted any more.
    fn rest(&self) {
        let mut inner = self.inner.borrow_mut();
        let was_asked = inner.asked.take().is_some();
        match &mut inner.staff {
            Staff::Worker(employee) if employee.ready && was_asked => employee.order(&Order::Stop),
            Staff::Worker(_) | Staff::Nobody => {}
            Staff::Page(current) => *current = None,
        }
    }

    fn order(&self, run: RunId, script: &str) {
        let turns = {
            let mut inner = self.inner.borrow_mut();
            inner.asked = Some((run, script.to_owned()));
            inner.turns.clone()
        };
        let Some(turns) = turns else {
            return self.set_to_work(run, script);
        };
        let (client, script) = (self.clone(), script.to_owned());
        spawn_local(async move {
            // It is only ever resolved.
            let _ = JsFuture::from(turns.turn()).await;
            match client.is_asked(run) {
                true => client.set_to_work(run, &script),
                false if client.is_idle() => turns.over(),
                false => {}
            }
        });
    }

    fn is_idle(&self) -> bool {
        self.inner.borrow().asked.is_none()
    }

    /// Somebody does what has been asked for.
    fn set_to_work(&self, run: RunId, script: &str) {
        if matches!(self.inner.borrow().staff, Staff::Nobody) {
            self.hire();
        }
        let mut inner = self.inner.borrow_mut();
        match &mut inner.staff {
            // One that is not ready yet hears nothing; it is told when it is.
            Staff::Worker(employee) if !employee.ready => {}
            Staff::Worker(employee) => employee.order(&Order::Run {
                run,
                script: script.to_owned(),
            }),
            Staff::Page(current) => {
                *current = Some(run);
                spawn_local(self.clone().run_in_page(run, script.to_owned()));
            }
            Staff::Nobody => {}
        }
    }

    /// Stops whatever runs, at once.
    pub(super) fn cancel(&self) {
        self.inner.borrow_mut().asked = None;
        self.hire();
    }

    /// A fresh worker in place of whoever was there.
    fn hire(&self) {
        let employee =
            Employee::start(Way::Address, self).or_else(|_| Employee::start(Way::Blob, self));
        self.employ(employee.ok());
    }

    /// `None` where nobody can be hired: the page does it itself.
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
            Some(Report::Faulty { run }) => self.answered(run, Outcome::Faulty),
            Some(Report::Progress { run, reached }) => self.tell(Answer::Progress(run, reached)),
            Some(Report::Ran { run }) => spawn_local(self.clone().unpack(run, parts)),
            Some(Report::Panicked { message }) => self.broke(message),
            None => self.broke("the worker sent something unknown".into()),
        }
    }

    async fn unpack(self, run: RunId, parts: Array) {
        match unpacked(&parts, &|| self.is_asked(run)).await {
            _ if !self.is_asked(run) => {}
            Some(trace) => self.answered(run, Outcome::Finished(trace)),
            None => self.broke("the worker sent no trace".into()),
        }
    }

    /// Nobody asked for another one since.
    fn is_asked(&self, run: RunId) -> bool {
        let inner = self.inner.borrow();
        inner.asked.as_ref().is_some_and(|(asked, _)| *asked == run)
    }

    fn answered(&self, run: RunId, outcome: Outcome) {
        self.inner
            .borrow_mut()
            .asked
            .take_if(|(asked, _)| *asked == run);
        self.tell_outcome(run, outcome);
    }

    fn tell_outcome(&self, run: RunId, outcome: Outcome) {
        match outcome {
            Outcome::Faulty => self.tell(Answer::Faulty(run)),
            Outcome::Finished(trace) => self.tell(Answer::Ran(run, Box::new(trace))),
            Outcome::Abandoned => {}
        }
    }

    fn put_to_work(&self) {
        let mut inner = self.inner.borrow_mut();
        let asked = inner.asked.clone();
        if let Staff::Worker(employee) = &mut inner.staff {
            employee.ready = true;
            if let Some((run, script)) = asked {
                employee.order(&Order::Run { run, script });
            }
        }
    }

    /// A worker that panicked would go on answering, in a damaged state.
    fn broke(&self, message: String) {
        // The next one must not stumble over the same script.
        self.inner.borrow_mut().asked = None;
        self.hire();
        self.tell(Answer::Broke(message));
    }

    /// A trap without a panic message, or a worker that never came to life.
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
        self.employ(match way {
            Way::Address => Employee::start(Way::Blob, self).ok(),
            Way::Blob => None,
        });
        // One that is hired is told what is asked for when it is ready.
        let in_page = matches!(self.inner.borrow().staff, Staff::Page(_));
        let asked = self.inner.borrow_mut().asked.take_if(|_| in_page);
        if let Some((run, script)) = asked {
            self.order(run, &script);
        }
    }

    async fn run_in_page(self, run: RunId, script: String) {
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

/// What follows a message, while it is still wanted. A trace may be a hundred megabytes:
/// it is read between frames.
pub(super) async fn unpacked(parts: &Array, is_wanted: &dyn Fn() -> bool) -> Option<Trace> {
    let mut breath = Breath::new();
    // What has been read is let go of: otherwise the trace would be in memory twice.
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
