//! Timers and clocks of the browser: timeouts, animation frames, yielding, the time of day.
//!
//! Dropping the handle of a [`Timeout`] or an [`AnimationFrame`] cancels it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MessageChannel;

pub(super) use gloo_render::{AnimationFrame, request_animation_frame};
pub(super) use gloo_timers::callback::Timeout;

use crate::state::drafts::WallTime;

#[wasm_bindgen]
extern "C" {
    /// `web_sys` has it only as a method of a window or of a worker; this code runs in both.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Milliseconds since the page or the worker started.
pub(super) fn now_ms() -> f64 {
    performance_now()
}

/// The time of day in full seconds. The state contains it, so a finer clock would cause needless
/// renderings.
pub(super) fn wall_time() -> WallTime {
    WallTime((Date::now() / 1_000.0) as u64 * 1_000)
}

/// Yields to the event loop once.
///
/// Uses a message channel: browsers delay nested timeouts by four milliseconds each.
pub(super) async fn pause() {
    let channel = MessageChannel::new().expect_throw("channels have no limit");
    let (here, there) = (channel.port1(), channel.port2());
    let turn = Promise::new(&mut |resolve, _| here.set_onmessage(Some(&resolve)));
    // `null` can be sent, and the port is open.
    let _ = there.post_message(&JsValue::NULL);
    // This promise never rejects.
    let _: Result<JsValue, JsValue> = JsFuture::from(turn).await;
    here.close();
}

thread_local! {
    /// Functions to run; `put_off` and `do_next` start one `do_one` for each.
    static DUE: RefCell<VecDeque<Box<dyn FnOnce()>>> = const { RefCell::new(VecDeque::new()) };
}

/// Runs `act` in a task of its own, after everything that was put off before. Between the tasks the
/// browser can paint, and other pages in its process can run.
pub(super) fn put_off(act: impl FnOnce() + 'static) {
    DUE.with_borrow_mut(|due| due.push_back(Box::new(act)));
    spawn_local(do_one());
}

/// Runs `act` in a task of its own, ahead of everything that was put off.
pub(super) fn do_next(act: impl FnOnce() + 'static) {
    DUE.with_borrow_mut(|due| due.push_front(Box::new(act)));
    spawn_local(do_one());
}

/// Runs the first entry of the queue.
async fn do_one() {
    pause().await;
    if let Some(act) = DUE.with_borrow_mut(VecDeque::pop_front) {
        act();
    }
}

/// Milliseconds that a long computation may block its thread: half a frame.
const HELD_MAX_MS: f64 = 8.0;

/// A yield point for long computations: yields only if the thread has been busy for more than
/// [`HELD_MAX_MS`].
#[derive(Debug)]
pub(super) struct YieldTimer {
    since_ms: f64,
}

impl YieldTimer {
    pub(super) fn new() -> Self {
        Self { since_ms: now_ms() }
    }

    /// Call this between two parts of the computation.
    pub(super) async fn take(&mut self) {
        if now_ms() - self.since_ms > HELD_MAX_MS {
            pause().await;
            self.since_ms = now_ms();
        }
    }
}

/// Polls the future, and yields to the browser after every 8 ms, as long as the result is wanted.
/// Returns `None` as soon as it is not.
pub(super) async fn run_yielding_while<T>(
    is_wanted: &dyn Fn() -> bool,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    let mut breath = YieldTimer::new();
    // These futures wait for no event: they return `Pending` only to yield (`model::cooperative`).
    let mut context = Context::from_waker(Waker::noop());
    while is_wanted() {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return Some(done);
        }
        breath.take().await;
    }
    None
}

/// The generation counter of computations that replace each other: starting one makes the earlier
/// ones unwanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Latest(Rc<Cell<u32>>);

impl Latest {
    /// Starts a computation. The returned function says whether it is still wanted.
    pub(super) fn begin(&self) -> impl Fn() -> bool + 'static {
        self.stop();
        let (latest, own) = (self.0.clone(), self.0.get());
        move || latest.get() == own
    }

    /// Makes the current computation unwanted.
    pub(super) fn stop(&self) {
        self.0.set(self.0.get().wrapping_add(1));
    }
}
