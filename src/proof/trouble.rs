//! What can come between the page and a companion.

use super::lines::Failed;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The page is a companion's, and was opened without what it printed.
    NoToken,
    /// The code of the address was used before, or is too old.
    Spent,
    /// What was typed is no companion's address.
    Address,
    /// Nothing answers, or the browser lets nothing through: it does not say which.
    Silent,
    /// The reader, or the browser for good, keeps this page from this machine.
    Denied,
    /// What answers is no companion.
    Stranger,
    /// What answers does not know the token.
    Proof,
    /// The companion's own words, at once or at the end of the run.
    Failed(Failed),
    /// The companion ended in the middle.
    CutOff,
    /// It sent something that cannot be read.
    Garbled,
}
