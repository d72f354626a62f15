//! Runs the reader's program on the page's Python, one run at a time: a new one replaces that under
//! way, and waits for a proof that goes on (`www/python/client.js` has the queue).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JSON;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::clock::Timeout;
use super::python_runtime::{self, PythonPane, Tell};
use crate::protocol::RequestId;
use crate::protocol::real_run::{ProgramEvent, PythonRun};

/// An event of a run. A result and a trace, both as JSON, come with [`ProgramEvent::Ran`].
pub(super) type ProgramNews = (RequestId, ProgramEvent, Option<[JsValue; 2]>);

/// Milliseconds after which a run is said to go on or to wait; most have ended by then.
const MOMENT_MS: u32 = 300;

pub(super) struct ProgramRuns {
    /// Says that a run goes on or waits.
    moment: Rc<RefCell<Option<Timeout>>>,
    came: Callback<ProgramNews>,
}

impl ProgramRuns {
    pub(super) fn new(came: Callback<ProgramNews>) -> Self {
        Self {
            moment: Rc::default(),
            came,
        }
    }

    /// Runs a program with these requests for its app, e.g. `100 GET /ping`.
    pub(super) fn start(&self, run: RequestId, source: &str, requests: &str) {
        let (moment, came) = (self.moment.clone(), self.came.clone());
        if !python_runtime::is_ready() {
            // Before the first bytes are there.
            came.emit((run, ProgramEvent::Loading(0, 0), None));
        }
        let tell = Tell::new(move |event, one: JsValue, other: JsValue| {
            moment.take();
            let (event, texts) = match event {
                PythonRun::PROGRESS => {
                    let [bytes, all] =
                        [&one, &other].map(|value| value.as_f64().unwrap_or_default());
                    (ProgramEvent::Loading(bytes as u32, all as u32), None)
                }
                PythonRun::STARTED | PythonRun::WAITS => {
                    let said = match event {
                        PythonRun::STARTED => ProgramEvent::Running,
                        _ => ProgramEvent::Waiting,
                    };
                    let came = came.clone();
                    let say = move || came.emit((run, said, None));
                    *moment.borrow_mut() = Some(Timeout::new(MOMENT_MS, say));
                    return;
                }
                PythonRun::ANSWERED => (ProgramEvent::Ran, Some([one, other])),
                _ => (
                    ProgramEvent::Failed(one.as_string().unwrap_or_default()),
                    None,
                ),
            };
            came.emit((run, event, texts));
        });
        python_runtime::run(
            PythonPane::Program,
            source.to_owned(),
            options(requests),
            tell,
        );
    }

    /// Ends the run, and a download.
    pub(super) fn cancel(&self) {
        python_runtime::cancel(PythonPane::Program);
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
