//! Messages of the protocol as JavaScript arrays: the encoded request or response, then its
//! attachments. Buffers are transferred instead of copied.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::protocol;
use model::trace::Trace;
use model::trace::codec;

#[wasm_bindgen]
extern "C" {
    /// Posts to the page. Exists only in a worker.
    #[wasm_bindgen(js_name = postMessage, catch)]
    fn post_to_page(message: &Array, transferred: &Array) -> Result<(), JsValue>;
}

/// A message to be posted.
#[derive(Debug)]
pub(crate) struct PostedMessage {
    pub(crate) parts: Array,
    /// The transfer list.
    pub(crate) transferred: Array,
}

impl PostedMessage {
    /// A message without attachments.
    pub(crate) fn new(body: &impl Serialize) -> Self {
        Self::encoded(&protocol::encode(body))
    }

    /// A message whose body is encoded already.
    pub(crate) fn encoded(body: &[u8]) -> Self {
        Self {
            parts: Array::of1(&Uint8Array::from(body)),
            transferred: Array::new(),
        }
    }

    pub(crate) fn with_trace(self, trace: &Trace) -> Self {
        codec::encode_chunks(trace, |chunk| self.attach_bytes(chunk));
        self
    }

    pub(crate) fn with_bytes(self, bytes: &[u8]) -> Self {
        self.attach_bytes(bytes);
        self
    }

    /// Attaches a value that is cloned, e.g. a file, of which only the handle is cloned.
    pub(crate) fn with_value(self, value: &JsValue) -> Self {
        self.parts.push(value);
        self
    }

    fn attach_bytes(&self, bytes: &[u8]) {
        let bytes = Uint8Array::from(bytes);
        // `bytes` is a copy outside of the WebAssembly memory, which cannot be transferred.
        self.transferred.push(&bytes.buffer());
        self.parts.push(&bytes);
    }

    /// Posts a program's response to the page.
    pub(crate) fn post(&self) {
        // Fails only if the page is gone.
        let _ = post_to_page(&self.parts, &self.transferred);
    }
}

/// Takes the body off a received message.
pub(crate) fn take_body(parts: &Array) -> Vec<u8> {
    Uint8Array::new(&parts.shift()).to_vec()
}

/// Takes the body off a received message and decodes it.
pub(crate) fn take<T: DeserializeOwned>(parts: &Array) -> Option<T> {
    protocol::decode(&take_body(parts))
}

/// Takes the attached buffers off a received message. Each is removed once it is read: otherwise
/// a trace would be in memory twice.
pub(crate) fn take_buffers(parts: &Array) -> impl Iterator<Item = Vec<u8>> {
    std::iter::from_fn(|| (parts.length() > 0).then(|| take_body(parts)))
}

/// Posts the encoded response of a program, or an empty message if the request was unknown: the
/// page treats that as a crash.
pub(crate) fn post_response(response: Option<Vec<u8>>) {
    PostedMessage::encoded(&response.unwrap_or_default()).post();
}
