//! One-time codes in the printed addresses, which a page exchanges for the token.
//!
//! An address must not contain the token itself, because browsers store addresses in their
//! history. One code is valid at a time: the one in the address that was printed last. After its
//! use, or at a request after its expiry, a new code replaces it and is announced.

use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::token::Secret;

/// The lifetime of a code. Long enough to paste the address into a browser or another page;
/// short enough that an address in a log or on a shared screen is useless later. The messages
/// repeat the ten minutes.
const VALID: Duration = Duration::from_mins(10);
/// Wrong codes per minute, after which all codes are refused. A page sends a valid or a used one,
/// so it stays below.
const WRONG_MAX: u32 = 10;
const MINUTE: Duration = Duration::from_mins(1);

/// The reason why a code is not exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeError {
    /// Used, expired, or a code of another companion.
    Wrong,
    /// Too many wrong codes in the last minute.
    TooMany,
}

/// The valid code and the count of wrong ones.
pub(super) struct AddressCodes {
    current: Mutex<Current>,
    /// Called with each new code.
    announce: Box<dyn Fn(&Secret) + Send + Sync>,
}

#[derive(Debug)]
struct Current {
    code: Secret,
    since: Instant,
    /// The number of wrong codes since `counted_since`.
    wrong: u32,
    counted_since: Instant,
}

impl AddressCodes {
    /// `first` is the code of the address that is printed at the start.
    pub(super) fn new(
        first: Secret,
        now: Instant,
        announce: impl Fn(&Secret) + Send + Sync + 'static,
    ) -> Self {
        Self {
            current: Mutex::new(Current {
                code: first,
                since: now,
                wrong: 0,
                counted_since: now,
            }),
            announce: Box::new(announce),
        }
    }

    /// Proves to a page with the valid code that this server knows the code.
    pub(super) fn proof(&self, nonce: &str, now: Instant) -> io::Result<String> {
        Ok(self.current_code(now)?.code.proof(nonce))
    }

    /// Checks a code. The valid one is replaced, so it cannot be used again.
    pub(super) fn redeem(&self, given: &str, now: Instant) -> io::Result<Result<(), CodeError>> {
        let mut current = self.current_code(now)?;
        if now.duration_since(current.counted_since) >= MINUTE {
            (current.wrong, current.counted_since) = (0, now);
        }
        // Before the comparison, so that even the right code tells an attacker nothing.
        if current.wrong >= WRONG_MAX {
            return Ok(Err(CodeError::TooMany));
        }
        if !current.code.is(given.as_bytes()) {
            current.wrong += 1;
            return Ok(Err(CodeError::Wrong));
        }
        self.replace_code(&mut current, now)?;
        Ok(Ok(()))
    }

    /// The valid code. Replaces an expired one.
    fn current_code(&self, now: Instant) -> io::Result<MutexGuard<'_, Current>> {
        let current = self.current.lock();
        let mut current = current.unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(current.since) >= VALID {
            self.replace_code(&mut current, now)?;
        }
        Ok(current)
    }

    fn replace_code(&self, current: &mut Current, now: Instant) -> io::Result<()> {
        current.code = Secret::code()?;
        current.since = now;
        (self.announce)(&current.code);
        Ok(())
    }
}

impl fmt::Debug for AddressCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codes").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// Codes, their first code, and the receiver of the announced ones.
    fn codes(now: Instant) -> (AddressCodes, String, Receiver<String>) {
        let (tell, told) = channel();
        let first = Secret::code().expect("there is randomness");
        let text = first.to_string();
        let announce = move |code: &Secret| tell.send(code.to_string()).expect("the test listens");
        (AddressCodes::new(first, now, announce), text, told)
    }

    fn redeem(codes: &AddressCodes, code: &str, now: Instant) -> Result<(), CodeError> {
        codes.redeem(code, now).expect("there is randomness")
    }

    #[test]
    fn a_code_is_used_once_and_the_next_one_is_announced() {
        let now = Instant::now();
        let (codes, first, announced) = codes(now);
        assert_eq!(redeem(&codes, &first, now), Ok(()));
        assert_eq!(redeem(&codes, &first, now), Err(CodeError::Wrong));
        let next = announced.try_recv().expect("another code");
        assert_eq!(redeem(&codes, &next, now), Ok(()));
    }

    #[test]
    fn a_code_that_comes_too_late_is_worth_nothing_and_the_next_one_is_announced() {
        let now = Instant::now();
        let (codes, first, announced) = codes(now);
        let late = now + VALID;
        assert_eq!(redeem(&codes, &first, late), Err(CodeError::Wrong));
        let next = announced.try_recv().expect("another code");
        assert_eq!(announced.try_recv().ok(), None, "one line, not more");
        assert_eq!(redeem(&codes, &next, late), Ok(()));
    }

    #[test]
    fn a_page_without_a_code_finds_a_valid_one_printed() {
        let now = Instant::now();
        let (codes, first, announced) = codes(now);
        let early = codes.proof("nonce", now).expect("a proof");
        assert_eq!(announced.try_recv().ok(), None);
        let late = codes.proof("nonce", now + VALID).expect("a proof");
        assert_ne!(early, late);
        assert_ne!(announced.try_recv().ok(), Some(first));
    }

    #[test]
    fn ten_guesses_a_minute_are_looked_at() {
        let now = Instant::now();
        let (codes, first, announced) = codes(now);
        for _ in 0..WRONG_MAX {
            let wrong = redeem(&codes, "0123456789abcdef0123456789abcdef", now);
            assert_eq!(wrong, Err(CodeError::Wrong));
        }
        assert_eq!(redeem(&codes, &first, now), Err(CodeError::TooMany));
        assert_eq!(redeem(&codes, &first, now + MINUTE), Ok(()));
        assert!(announced.try_recv().is_ok());
    }
}
