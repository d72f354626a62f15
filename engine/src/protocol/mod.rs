//! Messages between the page and its worker.
//!
//! Every message carries the run it belongs to, so that answers that come too
//! late are dropped. Control messages are a few bytes of postcard; a trace
//! travels beside its message as blocks of bytes that are handed over, not
//! copied (see [`trace`]). How the bytes get across is decided in `web`.

pub mod trace;

use serde::{Deserialize, Serialize};

/// Which run of a script; counts up while the page is open.
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

/// What the page asks of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Parse and simulate; a newer order replaces it.
    Run { run: RunId, script: String },
    /// Nobody waits for it any more.
    Stop,
}

/// What the worker tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// It has started. Its file is named after its content, so it is of the page's own build.
    Ready,
    /// The script survived the parser but has errors; nothing was run.
    Faulty { run: RunId },
    /// Still at it.
    Progress { run: RunId, reached: Reached },
    /// Done; the trace's bytes follow with the message.
    Ran { run: RunId },
    /// It panicked, and must be replaced.
    Panicked { message: String },
}

/// How far a simulation has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub steps: u64,
    /// On the simulated clock.
    pub at_ns: u64,
}

/// Bytes for `postMessage`.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // `expect` would bring the text of every error that there is, which is in the page's way.
    let Ok(bytes) = postcard::to_allocvec(message) else {
        unreachable!("messages hold nothing that postcard refuses")
    };
    bytes
}

/// `None` for bytes that are not such a message.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_trip() {
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
