//! The browser's clock: timeouts, animation frames, the time of day and its passing.
//!
//! A pending one is cancelled by dropping its handle.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Date, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::state::drafts::WallTime;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: i32) -> f64;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: f64);
    #[wasm_bindgen(js_name = requestAnimationFrame, catch)]
    fn request_animation_frame(callback: &Function) -> Result<f64, JsValue>;
    #[wasm_bindgen(js_name = cancelAnimationFrame)]
    fn cancel_animation_frame(id: f64);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    #[wasm_bindgen(js_name = MessageChannel)]
    type Channel;
    #[wasm_bindgen(constructor, js_class = "MessageChannel")]
    fn new() -> Channel;
    #[wasm_bindgen(method, getter)]
    fn port1(this: &Channel) -> Port;
    #[wasm_bindgen(method, getter)]
    fn port2(this: &Channel) -> Port;

    #[wasm_bindgen(js_name = MessagePort)]
    type Port;
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_on_message(this: &Port, callback: &Function);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &Port, message: &JsValue);
    #[wasm_bindgen(method)]
    fn close(this: &Port);
}

/// Milliseconds since the page or the worker started.
pub(super) fn now_ms() -> f64 {
    performance_now()
}

/// The time of day in full seconds, so that the page is not rendered anew for less.
pub(super) fn wall_time() -> WallTime {
    WallTime((Date::now() / 1_000.0) as u64 * 1_000)
}

/// Lets everything else that is due on this thread happen.
///
/// By a message to oneself: timeouts that follow each other are held back for
/// four milliseconds each.
pub(super) async fn pause() {
    let channel = Channel::new();
    let (here, there) = (channel.port1(), channel.port2());
    let turn = Promise::new(&mut |resolve, _| here.set_on_message(&resolve));
    there.post_message(&JsValue::NULL);
    // The promise is only ever resolved.
    let _: Result<JsValue, JsValue> = JsFuture::from(turn).await;
    here.close();
}

thread_local! {
    static DUE: RefCell<VecDeque<Box<dyn FnOnce()>>> = const { RefCell::new(VecDeque::new()) };
}

/// Does it after all that was put off before, in a task of its own: whatever else is due, a
/// frame or another page's turn, comes in between.
pub(super) fn put_off(act: impl FnOnce() + 'static) {
    DUE.with_borrow_mut(|due| due.push_back(Box::new(act)));
    spawn_local(do_one());
}

/// In a task of its own as well, before all that was put off.
pub(super) fn do_next(act: impl FnOnce() + 'static) {
    DUE.with_borrow_mut(|due| due.push_front(Box::new(act)));
    spawn_local(do_one());
}

/// There is one for each of these.
async fn do_one() {
    pause().await;
    if let Some(act) = DUE.with_borrow_mut(VecDeque::pop_front) {
        act();
    }
}

/// How long a thread that has other duties may be held.
const HELD_MAX_MS: f64 = 8.0;

/// Long work in parts: pauses where it has gone on for too long, and only there.
#[derive(Debug)]
pub(super) struct Breath {
    since_ms: f64,
}

impl Breath {
    pub(super) fn new() -> Self {
        Self { since_ms: now_ms() }
    }

    /// Between two parts.
    pub(super) async fn take(&mut self) {
        if now_ms() - self.since_ms > HELD_MAX_MS {
            pause().await;
            self.since_ms = now_ms();
        }
    }
}

/// Drives work that can be laid down, with a breath wherever it may be, while its result is
/// wanted; `None` once it is not.
pub(super) async fn breathing_while<T>(
    is_wanted: &dyn Fn() -> bool,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    let mut breath = Breath::new();
    let mut context = Context::from_waker(Waker::noop());
    while is_wanted() {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return Some(done);
        }
        breath.take().await;
    }
    None
}

/// The latest of several works that replace each other: each is wanted until the next begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Latest(Rc<Cell<u32>>);

impl Latest {
    /// Begins another work; the answer says whether that is still wanted.
    pub(super) fn begin(&self) -> impl Fn() -> bool + 'static {
        self.stop();
        let (latest, own) = (self.0.clone(), self.0.get());
        move || latest.get() == own
    }

    /// The work under way, if there is any, is not wanted any more.
    pub(super) fn stop(&self) {
        self.0.set(self.0.get().wrapping_add(1));
    }
}

/// Something that will happen once, unless dropped before.
#[derive(Debug)]
pub(super) struct Timeout {
    id: f64,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    pub(super) fn after(delay_ms: i32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let id = set_timeout(callback.as_ref().unchecked_ref(), delay_ms);
        Self {
            id,
            _callback: callback,
        }
    }

    /// Lets it happen whatever becomes of the caller.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(self.id);
    }
}

/// The next animation frame, once; the callback gets its time in milliseconds.
#[derive(Debug)]
pub(super) struct Frame {
    id: f64,
    _callback: Closure<dyn FnMut(f64)>,
}

impl Frame {
    pub(super) fn next(callback: impl FnOnce(f64) + 'static) -> Self {
        let callback = Closure::once(callback);
        let id = request_animation_frame(callback.as_ref().unchecked_ref()).unwrap_or(-1.0);
        Self {
            id,
            _callback: callback,
        }
    }

    /// Lets it come whatever becomes of the caller.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        cancel_animation_frame(self.id);
    }
}
