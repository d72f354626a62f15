//! Inside the worker: takes orders, simulates in slices, reports.
//!
//! It yields to its own event loop between slices, so that a newer order
//! replaces a run without a restart. Cancelling is the page's: it ends the
//! worker and starts another, which works even in the middle of a slice.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::clock::Timeout;
use super::job::{Job, Slice};
use crate::protocol::{self, Order, Report, RunId};

/// Long enough to hide the price of yielding, short enough to feel like typing.
const SLICE_MS: f64 = 30.0;

/// The run under way, if any; a newer order puts itself here.
type Desk = Rc<RefCell<Option<Job>>>;

pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        post(&Report::Panicked { message: info.to_string() }, None);
    }));
    let desk = Desk::default();
    let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = Uint8Array::new(&event.data()).to_vec();
        if let Some(order) = protocol::decode(&bytes) {
            obey(&desk, order);
        }
    });
    scope().set_onmessage(Some(receive.as_ref().unchecked_ref()));
    receive.forget();
    post(&Report::Ready, None);
}

fn obey(desk: &Desk, order: Order) {
    match order {
        Order::Run { run, script } => match Job::of(run, &script) {
            Some(job) => work(desk, job),
            None => {
                desk.take();
                post(&Report::Faulty { run }, None);
            }
        },
        Order::Panic => panic!("asked to panic"),
    }
}

fn work(desk: &Desk, job: Job) {
    let run = job.run();
    match job.advance(SLICE_MS) {
        Slice::Finished(trace) => {
            desk.take();
            post(&Report::Ran { run }, Some(&protocol::trace::encode(&trace)));
        }
        Slice::Unfinished(job, reached) => {
            desk.replace(Some(job));
            post(&Report::Progress { run, reached }, None);
            go_on_later(desk.clone(), run);
        }
    }
}

fn go_on_later(desk: Desk, run: RunId) {
    Timeout::after(0, move || {
        let job = desk.borrow_mut().take_if(|job| job.run() == run);
        if let Some(job) = job {
            work(&desk, job);
        }
    })
    .forget();
}

/// A report is one or two byte arrays; the second, a trace, is handed over.
fn post(report: &Report, trace: Option<&[u8]>) {
    let message = Array::of1(&Uint8Array::from(protocol::encode(report).as_slice()));
    let handed_over = Array::new();
    if let Some(trace) = trace {
        let bytes = Uint8Array::from(trace);
        handed_over.push(&bytes.buffer());
        message.push(&bytes);
    }
    // Fails only when the page is gone.
    let _ = scope().post_message_with_transfer(&message, &handed_over);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
