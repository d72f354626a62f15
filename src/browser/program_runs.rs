//! Runs the reader's program on the page's Python, one run at a time: a new one replaces that under
//! way, and waits for a download that goes on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::clock::{Timeout, pause};
use super::python_runtime::{self, Tell};
use crate::protocol::RequestId;
use crate::protocol::real_run::{ProgramEvent, PythonRun};

/// An event of a run. A result and a trace, both as JSON, come with [`ProgramEvent::Ran`].
pub(super) type ProgramNews = (RequestId, ProgramEvent, Option<[JsValue; 2]>);

/// Milliseconds after which a run is said to go on; most have ended by then.
const MOMENT_MS: u32 = 300;

pub(super) struct ProgramRuns(Rc<Runs>);

struct Runs {
    /// The last run that was asked for; a download is for this one.
    last: Cell<RequestId>,
    /// The run that begins as soon as the one under way is over.
    next: RefCell<Option<NextRun>>,
    under_way: Cell<UnderWay>,
    /// Says that a run goes on.
    moment: RefCell<Option<Timeout>>,
    came: Callback<ProgramNews>,
}

struct NextRun {
    id: RequestId,
    source: Rc<str>,
    requests: Rc<str>,
}

/// What Python does for the page's program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnderWay {
    Nothing,
    Loading,
    Running,
}

impl ProgramRuns {
    pub(super) fn new(came: Callback<ProgramNews>) -> Self {
        Self(Rc::new(Runs {
            last: Cell::default(),
            next: RefCell::default(),
            under_way: Cell::new(UnderWay::Nothing),
            moment: RefCell::default(),
            came,
        }))
    }

    /// Runs a program with these requests for its app, e.g. `100 GET /ping`.
    pub(super) fn start(&self, run: RequestId, source: Rc<str>, requests: Rc<str>) {
        self.0.last.set(run);
        self.0.next.replace(Some(NextRun {
            id: run,
            source,
            requests,
        }));
        match self.0.under_way.get() {
            UnderWay::Nothing => self.0.clone().run_next(),
            // The download is for this run, too.
            UnderWay::Loading => {}
            UnderWay::Running => python_runtime::cancel(),
        }
    }

    /// Ends the run, and a download.
    pub(super) fn cancel(&self) {
        self.0.next.take();
        // Not what another part of the page runs.
        if self.0.under_way.get() != UnderWay::Nothing {
            python_runtime::cancel();
        }
    }
}

impl Runs {
    fn run_next(self: Rc<Self>) {
        let Some(next) = self.next.take() else {
            return;
        };
        let run = next.id;
        self.under_way.set(UnderWay::Loading);
        if !python_runtime::is_ready() {
            // Before the first bytes are there.
            self.came.emit((run, ProgramEvent::Loading(0, 0), None));
        }
        let tell = Tell::new(move |event, one: JsValue, other: JsValue| match event {
            PythonRun::PROGRESS => {
                let [bytes, all] = [&one, &other].map(|value| value.as_f64().unwrap_or_default());
                let loading = ProgramEvent::Loading(bytes as u32, all as u32);
                self.came.emit((self.last.get(), loading, None));
            }
            PythonRun::STARTED => self.started(run),
            PythonRun::ANSWERED => self.ended((run, ProgramEvent::Ran, Some([one, other]))),
            _ => {
                let code = one.as_string().unwrap_or_default();
                self.ended((run, ProgramEvent::Failed(code), None));
            }
        });
        python_runtime::run(next.source.to_string(), options(&next.requests), tell);
    }

    fn started(self: &Rc<Self>, run: RequestId) {
        self.under_way.set(UnderWay::Running);
        if self.next.borrow().is_none() {
            let came = self.came.clone();
            let goes_on = move || came.emit((run, ProgramEvent::Running, None));
            *self.moment.borrow_mut() = Some(Timeout::new(MOMENT_MS, goes_on));
            return;
        }
        // The text has changed during the download. The run can be cancelled once it has begun.
        let runs = self.clone();
        spawn_local(async move {
            pause().await;
            if runs.under_way.get() == UnderWay::Running && runs.next.borrow().is_some() {
                python_runtime::cancel();
            }
        });
    }

    fn ended(self: &Rc<Self>, news: ProgramNews) {
        self.moment.take();
        self.under_way.set(UnderWay::Nothing);
        self.came.emit(news);
        self.clone().run_next();
    }
}

/// The options of `python/loopscope/embedded.py`, as JSON. Its limits are those of the runtime.
fn options(requests: &str) -> String {
    // A text is always JSON.
    let load = JSON::stringify(&requests.into()).unwrap_or_default();
    match requests {
        "" => "{}".to_owned(),
        _ => ["{\"requests\":[", &String::from(load), "]}"].concat(),
    }
}
