//! The simulation worker: takes requests, simulates in slices, and posts responses.
//!
//! It yields to its event loop between slices, so that a newer request replaces the current run
//! without a restart. The page cancels a run by terminating the worker, even within a slice.

use std::cell::Cell;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::job;
use crate::message::{self, PostedMessage};
use crate::protocol::simulation::{SimulationRequest, SimulationResponse};
use crate::protocol::{Request, RequestId, Response};
use crate::state::small_run::RunOutcome;

/// Milliseconds per slice: long enough to hide the cost of yielding, short enough for a newer order
/// to arrive without a visible delay.
const SLICE_MS: f64 = 30.0;

thread_local! {
    /// The run that the page waits for.
    static WANTED: Cell<Option<RequestId>> = const { Cell::new(None) };
}

/// Installs the message listener and reports that the worker is ready.
pub(super) fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        let id = WANTED.get().unwrap_or_default();
        response(id, SimulationResponse::Panicked { message }).post();
    }));
    let receive = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(parts) = event.data().dyn_ref::<Array>()
            && let Some(request) = message::take(parts)
        {
            obey(request);
        }
    });
    scope().set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    receive.forget();
    // Fails only if the page is gone.
    let _ = scope().post_message(&JsValue::TRUE);
}

/// Carries out a request.
fn obey(request: Request<SimulationRequest>) {
    match request.kind {
        SimulationRequest::Run { script } => {
            // The earlier run sees at its next slice that it is no longer wanted.
            WANTED.set(Some(request.id));
            spawn_local(work(request.id, script));
        }
        SimulationRequest::Stop => WANTED.set(None),
    }
}

async fn work(id: RequestId, script: String) {
    let go_on = |reached| {
        let still_wanted = WANTED.get() == Some(id);
        if still_wanted {
            response(id, SimulationResponse::Progress(reached)).post();
        }
        still_wanted
    };
    match job::run(&script, SLICE_MS, go_on).await {
        RunOutcome::Faulty(_) => response(id, SimulationResponse::Faulty).post(),
        RunOutcome::Finished(_, trace) => response(id, SimulationResponse::Finished)
            .with_trace(&trace)
            .post(),
        RunOutcome::Abandoned => {}
    }
}

fn response(id: RequestId, kind: SimulationResponse) -> PostedMessage {
    PostedMessage::new(&Response { id, kind })
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
