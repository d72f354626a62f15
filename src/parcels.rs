//! Messages between the page and its workers: byte arrays with the encoded value, then the trace.
//! The arrays are transferred instead of copied.

use js_sys::{Array, Uint8Array};
use serde::Serialize;

use crate::protocol;
use model::trace::Trace;
use model::trace::codec;

/// The message, and its transfer list.
pub(super) fn with(said: &impl Serialize, trace: Option<&Trace>) -> (Array, Array) {
    let message = Array::of1(&Uint8Array::from(protocol::encode(said).as_slice()));
    let handed_over = Array::new();
    if let Some(trace) = trace {
        codec::encode_chunks(trace, |parcel| {
            let bytes = Uint8Array::from(parcel);
            // `bytes` is a copy outside of the WebAssembly memory, which cannot be transferred.
            handed_over.push(&bytes.buffer());
            message.push(&bytes);
        });
    }
    (message, handed_over)
}
