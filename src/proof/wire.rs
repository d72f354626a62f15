//! The worker's I/O: passes messages of the page to the state, and performs the state's effects.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, DedicatedWorkerGlobalScope, File, Permissions, ReadableStreamDefaultReader,
    RequestInit,
};

use super::file::Drawn;
use super::panel_state::{Call, PanelState, RealRunEffect, RealRunEvent, refusal};
use super::program::ProgramPanel;
use super::python_failure::PythonFailure;
use super::python_proof::{ProofEffect, PythonEvent, PythonTexts};
use super::trouble::Trouble;
use super::view;
use crate::message::{self, PostedMessage};
use crate::protocol::real_run::{ProgramEvent, PythonRun, RealRunRequest, RealRunResponse};
use crate::protocol::{Request, RequestId, Response};
use formats::import::{FILE_BYTES_MAX, OpenError};
use model::trace::Trace;
use texts::Language;

/// Milliseconds without an edit before the script is proved again.
const PAUSE_MS: u32 = 700;

thread_local! {
    static STATE: RefCell<PanelState> = RefCell::new(PanelState::new(nonce));
    static PROGRAM: RefCell<ProgramPanel> = RefCell::default();
    /// The latest request of the page; events of the companion are responses to it.
    static LATEST: Cell<RequestId> = const { Cell::new(RequestId(0)) };
    /// The request of the current run, which can be aborted.
    static LINE: RefCell<Option<(Call, AbortController)>> = const { RefCell::new(None) };
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Handles a request of the page.
pub(crate) fn receive(message: &Array) {
    let Some(Request { id, kind }) = message::take(message) else {
        return;
    };
    LATEST.set(id);
    match kind {
        RealRunRequest::PageChanged(page) => handle(RealRunEvent::Page(page)),
        RealRunRequest::ControlUsed(control, value) => {
            handle(RealRunEvent::ControlUsed(control, value));
        }
        RealRunRequest::PythonTold(run, event) => {
            let event = python_event(event, message);
            handle(RealRunEvent::Python(run, event));
        }
        RealRunRequest::Program(run, language, event) => {
            program_came(run, language, &event, message);
        }
        RealRunRequest::OpenTrace => {
            let file: File = message.shift().unchecked_into();
            handle(RealRunEvent::FileGiven(file.name()));
            spawn_local(async move {
                let bytes = content(&file).await;
                handle(RealRunEvent::FileRead(file.name(), bytes));
            });
        }
    }
}

/// An event of a run on the page's Python, from its number and its two attached values.
fn python_event(event: u32, message: &Array) -> PythonEvent {
    let [one, other] = [message.shift(), message.shift()];
    match event {
        PythonRun::PROGRESS => {
            let [bytes, total] = [one, other].map(|value| value.as_f64().unwrap_or_default());
            PythonEvent::Progress {
                bytes: bytes as u32,
                total: total as u32,
            }
        }
        PythonRun::WAITS => PythonEvent::Waits,
        PythonRun::STARTED => PythonEvent::Started,
        PythonRun::ANSWERED => PythonEvent::Answered(Ok(PythonTexts {
            result: text_of(one),
            trace: text_of(other),
        })),
        _ => PythonEvent::Answered(Err(PythonFailure::of(&text_of(one), text_of(other)))),
    }
}

/// A text of Python. One that is too long to be read counts as none.
fn text_of(value: JsValue) -> String {
    let text: Option<JsString> = value.dyn_into().ok();
    let text = text.filter(|text| text.length() as usize <= FILE_BYTES_MAX);
    text.map_or_else(|| "null".to_owned(), String::from)
}

/// The content of a file. Checks the size before it reads, because a huge file would exhaust
/// the worker's memory.
async fn content(file: &File) -> Result<Vec<u8>, OpenError> {
    if file.size() > FILE_BYTES_MAX as f64 {
        return Err(OpenError::TooLarge);
    }
    // The file was deleted or may not be read. Only the browser's message tells which.
    let unreadable = |error: JsValue| OpenError::Unreadable(format!("{error:?}"));
    let buffer = JsFuture::from(file.array_buffer());
    let buffer = buffer.await.map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn handle(event: RealRunEvent) {
    let (effects, panel) = STATE.with_borrow_mut(|state| {
        let effects = state.handle(event);
        (effects, view::panel(state))
    });
    respond(RealRunResponse::Panel(panel), None);
    // The borrow of the state has ended, because an effect may call `handle` again.
    effects.into_iter().for_each(perform);
}

fn respond(kind: RealRunResponse, trace: Option<&Trace>) {
    let id = LATEST.get();
    let message = PostedMessage::new(&Response { id, kind });
    match trace {
        Some(trace) => message.with_trace(trace).post(),
        None => message.post(),
    }
}

fn perform(wish: RealRunEffect) {
    match wish {
        RealRunEffect::Hello(call, address) => spawn_local(async move {
            let answer = greeting(&address).await;
            let answer = match answer {
                Ok(text) => Ok(text),
                // Fetch's error is a `TypeError` in all cases, so it is not evaluated.
                Err(_) => Err(why_silent().await),
            };
            handle(RealRunEvent::Hello(call, answer));
        }),
        RealRunEffect::Redeem(call, address, body) => spawn_local(async move {
            let answer = exchange(&address, body).await;
            let answer = answer.unwrap_or(Err(Trouble::Silent));
            handle(RealRunEvent::Redeemed(call, answer));
        }),
        RealRunEffect::Verify {
            call,
            address,
            authorization,
            body,
        } => {
            let abort = AbortController::new().expect_throw("controllers have no limit");
            let headers = [("Authorization", authorization.into()), json()];
            let options = options(&[
                ("method", "POST".into()),
                ("headers", object(&headers).into()),
                ("body", body.into()),
                ("signal", abort.signal().into()),
            ]);
            // Before the request, so that a cancel finds it.
            LINE.replace(Some((call, abort)));
            spawn_local(async move {
                let end = match listen(call, &address, &options).await {
                    Ok(end) => end,
                    Err(_) => RealRunEvent::Lost(call, Trouble::CutOff),
                };
                take_line(call);
                handle(end);
            });
        }
        RealRunEffect::Look => respond(RealRunResponse::ShowError, None),
        RealRunEffect::Draw(measured) => respond(RealRunResponse::Overlay(*measured), None),
        RealRunEffect::Show(drawn) => {
            // The analysis of the trace follows, and takes long.
            show(*drawn, None);
            handle(RealRunEvent::FileShown);
        }
        RealRunEffect::Proof(ProofEffect::RunPython { run, program }) => {
            let options = ProofEffect::OPTIONS.to_owned();
            let request = RealRunResponse::RunPython {
                run,
                program,
                options,
            };
            respond(request, None);
        }
        RealRunEffect::Proof(ProofEffect::CancelPython) => {
            respond(RealRunResponse::CancelPython, None);
        }
        RealRunEffect::Proof(ProofEffect::AwaitPause(run)) => {
            Timeout::new(PAUSE_MS, move || handle(RealRunEvent::PauseOver(run))).forget();
        }
        RealRunEffect::Stop(call) => {
            if let Some(abort) = take_line(call) {
                abort.abort();
            }
        }
    }
}

/// Sends a trace to the page.
fn show(drawn: Drawn, run: Option<RequestId>) {
    let Drawn {
        name,
        source,
        program,
        trace,
    } = drawn;
    let response = RealRunResponse::TraceOpened {
        name,
        source,
        program,
        run,
    };
    respond(response, Some(&trace));
}

/// Passes on the news of a program in the page. Its trace is drawn before it is analysed.
fn program_came(run: RequestId, language: Language, event: &ProgramEvent, message: &Array) {
    let text = || text_of(message.shift());
    let (output, trace) = PROGRAM.with_borrow_mut(|program| match event {
        ProgramEvent::Ran => program.ran(run, language, &text(), text().as_bytes()),
        _ => (program.news(run, language, event), None),
    });
    if let Some(output) = output {
        respond(output, None);
    }
    if let Some((open, drawn)) = trace {
        show(drawn, Some(run));
        if let Some((panel, margin)) = open.program_findings(language) {
            respond(
                RealRunResponse::ProgramFindings { run, panel, margin },
                None,
            );
        }
    }
}

/// Takes the request of this call. Leaves the request of another run.
fn take_line(of: Call) -> Option<AbortController> {
    let taken = LINE.with_borrow_mut(|line| line.take_if(|(call, _)| *call == of));
    taken.map(|(_, abort)| abort)
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        // Cannot fail: a new plain object accepts every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Options for `fetch`. Adds those of every request: no cookies, no referrer, no cache, and no
/// redirects, which could lead the token to another server.
fn options(entries: &[(&str, JsValue)]) -> RequestInit {
    let options = object(entries);
    let always = object(&[
        ("credentials", "omit".into()),
        ("redirect", "error".into()),
        ("cache", "no-store".into()),
        ("referrerPolicy", "no-referrer".into()),
    ]);
    Object::assign(&options, &always).unchecked_into()
}

async fn call(address: &str, options: &RequestInit) -> Result<web_sys::Response, JsValue> {
    let answer = JsFuture::from(scope().fetch_with_str_and_init(address, options));
    Ok(answer.await?.unchecked_into())
}

async fn text(answer: &web_sys::Response) -> Result<String, JsValue> {
    let text = JsFuture::from(answer.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

async fn greeting(address: &str) -> Result<String, JsValue> {
    text(&call(address, &options(&[])).await?).await
}

/// Exchanges a code. The inner error is the companion's refusal.
async fn exchange(address: &str, body: String) -> Result<Result<String, Trouble>, JsValue> {
    let options = options(&[
        ("method", "POST".into()),
        ("headers", object(&[json()]).into()),
        ("body", body.into()),
    ]);
    let answer = call(address, &options).await?;
    let said = text(&answer).await?;
    Ok(if answer.ok() {
        Ok(said)
    } else {
        Err(refusal(&said))
    })
}

fn json() -> (&'static str, JsValue) {
    ("Content-Type", "application/json".into())
}

/// The reason why a request failed. `fetch` does not tell a missing companion from a browser that
/// blocks access to this machine, but the permission does.
async fn why_silent() -> Trouble {
    match permission().await.as_deref() {
        Ok("denied") => Trouble::Denied,
        _ => Trouble::Silent,
    }
}

/// The state of the permission for requests to this machine, e.g. `denied`. An error if the
/// browser has no such permission.
async fn permission() -> Result<String, JsValue> {
    let descriptor = object(&[("name", "loopback-network".into())]);
    // `web_sys` has them for windows only.
    let permissions = Reflect::get(&scope().navigator(), &"permissions".into())?;
    let permissions: Permissions = permissions.unchecked_into();
    let status = JsFuture::from(permissions.query(&descriptor)?).await?;
    let state = Reflect::get(&status, &"state".into())?;
    Ok(state.as_string().unwrap_or_default())
}

/// Sends the request of a run and passes on the pieces of its response. Returns the event that
/// ends the run.
async fn listen(of: Call, address: &str, options: &RequestInit) -> Result<RealRunEvent, JsValue> {
    let answer = call(address, options).await?;
    // Only a run has a stream of lines; a refusal is one JSON object.
    if !answer.ok() {
        return Ok(RealRunEvent::Refused(of, text(&answer).await?));
    }
    let body = answer.body().ok_or(JsValue::NULL)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(RealRunEvent::Over(of));
        }
        let bytes = Uint8Array::new(&Reflect::get(&piece, &"value".into())?);
        handle(RealRunEvent::Piece(of, bytes.to_vec()));
    }
}

/// 128 random bits in hexadecimal.
fn nonce() -> String {
    let mut bytes = [0; 16];
    let crypto = scope().crypto().expect_throw("workers have `crypto`");
    crypto
        .get_random_values_with_u8_array(&mut bytes)
        .expect_throw("16 bytes are few enough");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
