//! Messages between the page and its simulator worker.
//!
//! Every message carries the id of its run, so the page drops answers that come too late.
//! Messages are encoded with postcard. A trace travels beside its message as buffers on
//! the transfer list, which are moved and not copied (see [`model::trace::codec`]). Sending the bytes is
//! left to `browser`.

pub(crate) mod panel;

use serde::{Deserialize, Serialize};

/// The number of a run; counts up while the page is open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct RunId(pub u32);

impl RunId {
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// A command from the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Parse and simulate a script; replaces the current run.
    Run { run: RunId, script: String },
    /// Stop the current run: its result is no longer needed.
    Stop,
}

/// An event from the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// The worker has started. It needs no version: its file is named by its content, so it
    /// is of the page's own build.
    Ready,
    /// The script has errors; nothing was run.
    Faulty { run: RunId },
    /// The run is under way.
    Progress { run: RunId, reached: Reached },
    /// The run is over; the bytes of the trace come with this message.
    Ran { run: RunId },
    /// The worker panicked and must be replaced.
    Panicked { message: String },
}

/// The progress of a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub steps: u64,
    /// The simulated time, in nanoseconds.
    pub at_ns: u64,
}

/// Bytes for `postMessage`.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // `expect` would add the texts of all of postcard's errors to the page.
    let Ok(bytes) = postcard::to_allocvec(message) else {
        unreachable!("messages hold nothing that postcard refuses")
    };
    bytes
}

/// Decodes a message; `None` if the bytes are not one.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_messages_decode_to_themselves() {
        let order = Order::Run {
            run: RunId(7),
            script: "파스타: await 3".into(),
        };
        assert_eq!(decode(&encode(&order)), Some(order));
        let report = Report::Progress {
            run: RunId(7),
            reached: Reached {
                steps: 1 << 40,
                at_ns: 9,
            },
        };
        assert_eq!(decode(&encode(&report)), Some(report));
    }

    #[test]
    fn noise_is_not_a_message() {
        assert_eq!(decode::<Report>(&[250, 1, 2]), None);
        assert_eq!(decode::<Order>(&[]), None);
    }
}
