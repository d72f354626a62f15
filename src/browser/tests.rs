//! Tests of the page and its workers in a real browser: runs in slices, the worker's client with
//! faulty workers, storage, the crash card. `make test-page` runs them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yew::Callback;

use super::client::{Client, SimulatorAnswer, SmallRuns};
use super::clock::{Timeout, do_next, put_off, request_animation_frame};
use super::job;
use super::worker_handle::LazyWorker;
use super::{crash, dom, storage};
use crate::message::PostedMessage;
use crate::protocol::simulation::{Reached, SimulationResponse};
use crate::protocol::{self, RequestId, Response};
use crate::state::drafts::{Draft, Drafts, ReplacedBy, ScriptOrigin, WallTime};
use crate::state::insight::Failure;
use crate::state::small_run::{RunOutcome, run_small};
use sim::simulate;

wasm_bindgen_test_configure!(run_in_browser);

/// Needs a few slices.
const LONG: &str = "async def spin: repeat 20000 (cpu 1us -> yield)\nrun 10 spin\n";
/// Does not end within the time limit of a test.
const ENDLESS: &str = "async def spin: repeat 1000000 (cpu 1us -> yield)\nrun 100 spin\n";

/// Lets all due tasks run.
async fn turn() {
    let turn = js_sys::Promise::new(&mut |resolve, _| {
        Timeout::new(0, move || drop(resolve.call0(&JsValue::NULL))).forget();
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(turn).await;
}

/// Collects answers, and lets a test wait for one.
#[derive(Clone, Default)]
struct Heard(Rc<RefCell<Vec<SimulatorAnswer>>>);

impl Heard {
    fn callback(&self) -> Callback<SimulatorAnswer> {
        let heard = self.0.clone();
        Callback::from(move |answer| heard.borrow_mut().push(answer))
    }

    /// The first answer that fits. The test runner's time limit ends a wait without one.
    async fn wait<T>(&self, fits: impl Fn(&SimulatorAnswer) -> Option<T>) -> T {
        loop {
            if let Some(found) = self.0.borrow().iter().find_map(&fits) {
                return found;
            }
            turn().await;
        }
    }

    async fn total_of(&self, wanted: RequestId) -> u64 {
        self.wait(|answer| match answer {
            SimulatorAnswer::Ran(run, _, trace) if *run == wanted => Some(trace.end.as_nanos()),
            _ => None,
        })
        .await
    }

    async fn workerless(&self) {
        self.wait(|answer| matches!(answer, SimulatorAnswer::Workerless).then_some(()))
            .await;
    }

    async fn broke(&self) -> String {
        self.wait(|answer| match answer {
            SimulatorAnswer::Crashed(message) => Some(message.clone()),
            _ => None,
        })
        .await
    }
}

/// The `<meta>` element by which a build names a worker; removed when dropped.
struct WorkerNamed(web_sys::Element);

impl WorkerNamed {
    fn running(source: &str) -> Self {
        Self::at(&address_of(source))
    }

    fn at(address: &str) -> Self {
        Self::program("worker", address)
    }

    /// Names this program, e.g. `"worker"`.
    fn program(name: &str, address: &str) -> Self {
        let meta = dom::document().create_element("meta").expect("an element");
        let name = format!("loopscope-{name}");
        meta.set_attribute("name", &name).expect("set");
        meta.set_attribute("content", address).expect("set");
        let root = dom::root_element().expect("a document has a root");
        root.append_child(&meta).expect("appended");
        Self(meta)
    }
}

fn address_of(source: &str) -> String {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("text/javascript");
    let parts = js_sys::Array::of1(&source.into());
    let blob =
        web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).expect("a blob of text");
    web_sys::Url::create_object_url_with_blob(&blob).expect("an address")
}

impl Drop for WorkerNamed {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// JavaScript that reports that the worker is ready.
const READY: &str = "postMessage(true);";

/// A response about the run 1.
fn response(kind: SimulationResponse) -> Vec<u8> {
    let id = RequestId(1);
    protocol::encode(&Response { id, kind })
}

/// JavaScript that posts this response, e.g. `postMessage([new Uint8Array([1, 0])]);`.
fn posting(kind: SimulationResponse) -> String {
    format!("postMessage([new Uint8Array({:?})]);", response(kind))
}

#[wasm_bindgen_test]
async fn a_job_in_slices_gives_the_trace_of_a_run_in_one() {
    let slices = Cell::new(0);
    let outcome = job::run(LONG, 0.0, |_| {
        slices.set(slices.get() + 1);
        true
    })
    .await;
    let RunOutcome::Finished(_, trace) = outcome else {
        panic!("the job did not finish");
    };
    // A slice of 0 ms ends at its first reading of the clock.
    assert!(slices.get() > 10, "only {} slices", slices.get());
    let workload = script::parse(LONG).workload.expect("no errors");
    assert_eq!(trace, simulate(&workload));
}

#[wasm_bindgen_test]
async fn others_get_their_turn_between_slices() {
    let turned = Rc::new(Cell::new(false));
    let timer = {
        let turned = turned.clone();
        Timeout::new(0, move || turned.set(true))
    };
    let outcome = job::run(ENDLESS, 1.0, |_| !turned.get()).await;
    assert!(matches!(outcome, RunOutcome::Abandoned));
    drop(timer);
}

#[wasm_bindgen_test]
async fn a_script_with_errors_is_faulty_not_run() {
    let outcome = job::run("a: awiat 3\n", 1.0, |_| true).await;
    assert!(matches!(outcome, RunOutcome::Faulty(_)));
}

#[wasm_bindgen_test]
fn a_small_run_is_answered_before_its_order_comes_back() {
    let heard = Heard::default();
    let client = Client::start(SmallRuns::AtOnce, None, heard.callback());
    client.run(RequestId(1), &"a: await 3s\n".into());
    client.run(RequestId(2), &"a: awiat 3s\n".into());
    let heard = heard.0.borrow();
    assert!(matches!(
        heard[..],
        [
            SimulatorAnswer::Ran(RequestId(1), ..),
            SimulatorAnswer::Faulty(RequestId(2), _)
        ]
    ));
}

#[wasm_bindgen_test]
fn what_is_not_small_is_left_to_slices() {
    let long_text = "# long\n".repeat(4_000);
    let many = "async def a: await 1\nrun 2000000 a\n";
    let loud = "async def a: repeat 1000000 (print \"x\" -> yield)\nrun 1 a\n";
    for script in [LONG, ENDLESS, &long_text, many, loud] {
        assert!(run_small(script).is_none(), "{:.40}", script);
    }
}

#[wasm_bindgen_test]
async fn a_small_run_replaces_the_long_one_that_a_worker_is_at() {
    // A worker that answers each request with its kind, which follows the id: 10 steps for a run,
    // 20 for a stop.
    let progress = |first: u8| {
        let reached = Reached {
            steps: u64::from(first),
            at_ns: 0,
        };
        posting(SimulationResponse::Progress(reached))
    };
    let source = format!(
        "{} onmessage = ({{ data }}) => {{ if (data[0][1] === 0) {{ {} }} else {{ {} }} }};",
        READY,
        progress(10),
        progress(20)
    );
    let _named = WorkerNamed::running(&source);
    let heard = Heard::default();
    let client = Client::start(SmallRuns::AtOnce, None, heard.callback());
    let reached = |wanted: u64| {
        heard.wait(move |answer| {
            matches!(answer, SimulatorAnswer::Progress(_, reached) if reached.steps == wanted)
                .then_some(())
        })
    };
    client.run(RequestId(1), &ENDLESS.into());
    reached(10).await;
    client.run(RequestId(2), &"a: await 3s\n".into());
    assert_eq!(heard.total_of(RequestId(2)).await, 3_000_000_000);
    reached(20).await;
}

#[wasm_bindgen_test]
async fn where_no_worker_is_named_the_page_simulates() {
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.stand_by();
    heard.workerless().await;
    client.run(RequestId(1), &"a: await 3s\n".into());
    assert_eq!(heard.total_of(RequestId(1)).await, 3_000_000_000);
}

#[wasm_bindgen_test]
async fn in_the_page_a_newer_run_replaces_the_one_under_way() {
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &ENDLESS.into());
    heard
        .wait(|answer| matches!(answer, SimulatorAnswer::Progress(RequestId(1), _)).then_some(()))
        .await;
    client.run(RequestId(2), &"a: await 3s\n".into());
    assert_eq!(heard.total_of(RequestId(2)).await, 3_000_000_000);
}

#[wasm_bindgen_test]
async fn in_the_page_a_run_can_be_cancelled() {
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &ENDLESS.into());
    heard
        .wait(|answer| matches!(answer, SimulatorAnswer::Progress(..)).then_some(()))
        .await;
    client.cancel();
    turn().await;
    let before = heard.0.borrow().len();
    for _ in 0..20 {
        turn().await;
    }
    assert_eq!(heard.0.borrow().len(), before, "it went on");
}

#[wasm_bindgen_test]
async fn a_worker_that_cannot_be_loaded_is_done_without() {
    let _named = WorkerNamed::at("/there-is-no-such-worker.js");
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &"a: await 3s\n".into());
    heard.workerless().await;
    assert_eq!(heard.total_of(RequestId(1)).await, 3_000_000_000);
}

#[wasm_bindgen_test]
async fn a_worker_that_traps_is_reported_with_its_words() {
    let trap = r#"onmessage = () => { throw new Error("unreachable executed"); };"#;
    let _named = WorkerNamed::running(&(READY.to_owned() + trap));
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &"a: await 3s\n".into());
    let message = heard.broke().await;
    assert!(message.contains("unreachable executed"), "{message}");
}

#[wasm_bindgen_test]
async fn a_worker_that_panics_is_reported_with_its_words() {
    let panic = SimulationResponse::Panicked {
        message: "index 7 out of range".into(),
    };
    let source = format!("{} onmessage = () => {{ {} }};", READY, posting(panic));
    let _named = WorkerNamed::running(&source);
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &"a: await 3s\n".into());
    assert_eq!(heard.broke().await, "index 7 out of range");
}

#[wasm_bindgen_test]
async fn a_worker_that_talks_nonsense_is_replaced() {
    for nonsense in [
        "postMessage([new Uint8Array([250, 250, 250])]);",
        "postMessage([]);",
    ] {
        let source = format!("{} onmessage = () => {{ {nonsense} }};", READY);
        let _named = WorkerNamed::running(&source);
        let heard = Heard::default();
        let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
        client.run(RequestId(1), &"a: await 3s\n".into());
        heard.broke().await;
    }
}

#[wasm_bindgen_test]
async fn a_trace_that_does_not_arrive_whole_is_no_trace() {
    let source = format!(
        "{} onmessage = () => {{ postMessage([new Uint8Array({:?}), new Uint8Array([1, 2, 3])]); }};",
        READY,
        response(SimulationResponse::Finished)
    );
    let _named = WorkerNamed::running(&source);
    let heard = Heard::default();
    let client = Client::start(SmallRuns::Elsewhere, None, heard.callback());
    client.run(RequestId(1), &"a: await 3s\n".into());
    heard.broke().await;
}

/// The replies of a worker to each of these messages.
async fn replies(address: &str, messages: &[&str]) -> Vec<Result<String, Failure>> {
    let _named = WorkerNamed::program("told", address);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hear = {
        let heard = heard.clone();
        Callback::from(move |reply: Result<JsValue, Failure>| {
            let text = reply.map(|text| text.as_string().unwrap_or_default());
            heard.borrow_mut().push(text);
        })
    };
    let worker = LazyWorker::new("told", hear);
    for (number, &message) in messages.iter().enumerate() {
        worker.post(PostedMessage {
            parts: Array::of1(&message.into()),
            transferred: Array::new(),
        });
        while heard.borrow().len() <= number {
            turn().await;
        }
    }
    heard.take()
}

/// A worker that is ready, answers each message, and throws on `"trap"`.
const ANSWERING: &str = r#"
    onmessage = ({ data }) => {
        if (data[0] === "trap") throw new WebAssembly.RuntimeError("unreachable");
        postMessage(`answer to ${data[0]}`);
    };
    postMessage(true);
"#;

#[wasm_bindgen_test]
async fn a_program_that_traps_is_replaced_before_it_is_told_more() {
    let found = replies(&address_of(ANSWERING), &["trap", "a", "trap", "b"]).await;
    let answer = |text: &str| Ok(format!("answer to {text}"));
    let broke = Err(Failure::Broke);
    assert_eq!(found, [broke.clone(), answer("a"), broke, answer("b")]);
}

#[wasm_bindgen_test]
async fn what_a_program_is_told_while_it_is_loaded_is_not_lost() {
    let late = format!("setTimeout(() => {{ {ANSWERING} }}, 50);");
    let found = replies(&address_of(&late), &["a"]).await;
    assert_eq!(found, [Ok("answer to a".to_owned())]);
}

#[wasm_bindgen_test]
async fn a_program_that_cannot_be_loaded_is_told_from_one_that_traps() {
    let missing = "/there-is-no-such-program.js";
    let refused = address_of("postMessage(false);");
    for address in [missing, &refused] {
        let found = replies(address, &["a", "b"]).await;
        assert_eq!(found, [Err(Failure::NotLoaded), Err(Failure::NotLoaded)]);
    }
}

#[wasm_bindgen_test]
fn a_run_in_which_the_browser_ended_the_tab_is_known_once() {
    assert!(!crash::ended_in_a_run());
    crash::note_run(true);
    assert!(crash::ended_in_a_run());
    assert!(!crash::ended_in_a_run());
    crash::note_run(true);
    crash::note_run(false);
    assert!(!crash::ended_in_a_run());
}

#[wasm_bindgen_test]
fn what_is_stored_comes_back() {
    let text = "파스타: cpu 3초\n";
    assert_eq!(storage::keep_script(text), Ok(()));
    assert_eq!(storage::script().as_deref(), Some(text));
}

#[wasm_bindgen_test]
fn damaged_settings_are_the_defaults() {
    let kept = dom::window().local_storage().expect("allowed here");
    let kept = kept.expect("there is one");
    for damaged in ["", "{", "[]", r#"{"theme":"sepia"}"#, r#"{"language":7}"#] {
        kept.set_item("loopscope.settings", damaged).expect("set");
        assert_eq!(
            storage::settings(),
            storage::Settings::default(),
            "{damaged}"
        );
    }
}

fn draft(text: &str, origin: ScriptOrigin) -> Draft {
    Draft {
        text: text.into(),
        origin,
        replaced_by: ReplacedBy::default(),
        at: WallTime(1_764_474_000_000),
    }
}

#[wasm_bindgen_test]
fn drafts_are_stored_beside_those_of_another_tab_and_of_the_first_format() {
    let kept = dom::window().local_storage().expect("allowed here");
    let kept = kept.expect("there is one");
    // The first format: the length in bytes, a line break, the text.
    kept.set_item("loopscope.drafts", "6\noldest").expect("set");
    let mut theirs = Drafts::default();
    theirs.keep(draft("theirs", ScriptOrigin::Reader));
    let stored = theirs.to_stored();
    kept.set_item("loopscope.drafts.2", &stored).expect("set");
    let mut mine = Drafts::default();
    mine.keep(draft("mine", ScriptOrigin::Link));
    assert_eq!(storage::keep_drafts(&mut mine), Ok(()));
    assert_eq!(storage::drafts(), mine);
    for text in ["oldest", "theirs", "mine"] {
        assert!(mine.find(text).is_some(), "{text}");
    }
    assert_eq!(kept.get_item("loopscope.drafts"), Ok(None));
    kept.remove_item("loopscope.drafts.2").expect("removed");
}

#[wasm_bindgen_test]
fn a_script_that_was_brought_is_kept_for_the_tab_and_not_as_the_readers() {
    assert_eq!(storage::keep_script("mine: cpu 1\n"), Ok(()));
    storage::keep_brought(ScriptOrigin::Link, "theirs: cpu 1\n\n");
    let brought = (ScriptOrigin::Link, "theirs: cpu 1\n\n".to_owned());
    assert_eq!(storage::brought(), Some(brought));
    assert_eq!(storage::script().as_deref(), Some("mine: cpu 1\n"));
    storage::forget_brought();
    assert_eq!(storage::brought(), None);
}

#[wasm_bindgen_test]
fn crashes_are_counted_until_the_page_is_well() {
    let kept = dom::window().session_storage().expect("allowed here");
    let kept = kept.expect("there is one");
    for (stored, crashes) in [("2", 2), ("many", 0), ("-1", 0)] {
        kept.set_item("loopscope.crashes", stored).expect("set");
        assert_eq!(crash::recent_crashes(), crashes, "{stored}");
    }
    kept.set_item("loopscope.crashes", "3").expect("set");
    crash::forget();
    assert_eq!(crash::recent_crashes(), 0);
}

#[wasm_bindgen_test]
async fn what_is_dropped_does_not_happen() {
    let happened = Rc::new(Cell::new(0));
    let count = |happened: &Rc<Cell<i32>>| {
        let happened = happened.clone();
        move || happened.set(happened.get() + 1)
    };
    drop(Timeout::new(0, count(&happened)));
    let kept = Timeout::new(0, count(&happened));
    let frame = count(&happened);
    drop(request_animation_frame(move |_| frame()));
    while happened.get() == 0 {
        turn().await;
    }
    turn().await;
    assert_eq!(happened.get(), 1);
    drop(kept);
}

#[wasm_bindgen_test]
async fn what_is_put_off_comes_in_order_and_what_follows_it_before_the_rest() {
    let order = Rc::new(RefCell::new(Vec::new()));
    let note = |name: &'static str| {
        let order = order.clone();
        move || order.borrow_mut().push(name)
    };
    let (first, second) = (note("first"), note("its second part"));
    put_off(move || {
        first();
        do_next(second);
    });
    put_off(note("last"));
    note("at once")();
    while order.borrow().len() < 4 {
        turn().await;
    }
    let found = order.borrow().join(", ");
    assert_eq!(found, "at once, first, its second part, last");
}
