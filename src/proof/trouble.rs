//! Errors between the page and a companion. Their texts are in `words.rs`.

use super::lines::RunFailure;

/// The reason why there is no companion, or why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A companion serves the page, but the page's address had no code.
    NoToken,
    /// The code of the address was used before or has expired.
    Spent,
    /// The typed text is not a companion's address.
    Address,
    /// No response. Either no server listens, or the browser blocks the request; `fetch` does not
    /// tell which.
    Silent,
    /// The browser has denied this page the permission for requests to this machine.
    Denied,
    /// The server at the address is not a companion.
    Stranger,
    /// The server at the address does not know the token.
    Proof,
    /// An error of the companion, as a refusal or at the end of a run; e.g. `busy`.
    Failed(RunFailure),
    /// The connection ended in the middle of a run.
    CutOff,
    /// The response cannot be parsed.
    Garbled,
}
