//! The simulation worker: takes orders, simulates in slices, and posts reports.
//!
//! It yields to its event loop between slices, so that a newer order replaces the current run
//! without a restart. The page cancels a run by terminating the worker, even within a slice.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::job;
use crate::parcels;
use crate::protocol::{self, Order, Report, RunId};
use crate::state::small_run::RunOutcome;
use model::trace::Trace;

/// Milliseconds per slice: long enough to hide the cost of yielding, short enough for a newer order
/// to arrive without a visible delay.
const SLICE_MS: f64 = 30.0;

/// Installs the message listener and reports that the worker is ready.
pub(super) fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        post(&Report::Panicked { message }, None);
    }));
    let wanted = Rc::new(Cell::new(None));
    let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        if let Some(order) = protocol::decode(&bytes) {
            obey(&wanted, order);
        }
    });
    scope().set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    receive.forget();
    post(&Report::Ready, None);
}

/// Carries out an order. `wanted` is the current run.
fn obey(wanted: &Rc<Cell<Option<RunId>>>, order: Order) {
    match order {
        Order::Run { run, script } => {
            // The earlier run sees at its next slice that it is no longer wanted.
            wanted.set(Some(run));
            spawn_local(work(wanted.clone(), run, script));
        }
        Order::Stop => wanted.set(None),
    }
}

async fn work(wanted: Rc<Cell<Option<RunId>>>, run: RunId, script: String) {
    let go_on = |reached| {
        let still_wanted = wanted.get() == Some(run);
        if still_wanted {
            post(&Report::Progress { run, reached }, None);
        }
        still_wanted
    };
    match job::run(&script, SLICE_MS, go_on).await {
        RunOutcome::Faulty(_) => post(&Report::Faulty { run }, None),
        RunOutcome::Finished(_, trace) => post(&Report::Ran { run }, Some(&trace)),
        RunOutcome::Abandoned => {}
    }
}

fn post(report: &Report, trace: Option<&Trace>) {
    let (message, handed_over) = parcels::with(report, trace);
    // Fails only if the page is gone.
    let _ = scope().post_message_with_transfer(&message, &handed_over);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
