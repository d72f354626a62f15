//! The secrets of a server process: the token, which starts runs, and the one-time codes that are
//! exchanged for it.

use std::fmt;
use std::io;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// 256 bits, because the token is valid as long as the process.
const TOKEN_BYTES: usize = 32;
/// 128 bits suffice for a code: it is valid for minutes and guesses are limited. People copy it
/// with the address, so it should be short.
const CODE_BYTES: usize = 16;

/// A secret in hexadecimal digits. Its `Debug` output hides it, so that no log contains it.
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn token() -> io::Result<Self> {
        Self::of::<TOKEN_BYTES>()
    }

    pub(super) fn code() -> io::Result<Self> {
        Self::of::<CODE_BYTES>()
    }

    fn of<const BYTES: usize>() -> io::Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(to_hexadecimal(&bytes)))
    }

    /// Compares in constant time, so that the time of a response tells nothing about a guess.
    pub(super) fn is(&self, given: &[u8]) -> bool {
        given.ct_eq(self.0.as_bytes()).into()
    }

    /// Whether the `Authorization` header is `Bearer` with this secret.
    pub(super) fn is_in(&self, authorization: &[u8]) -> bool {
        // Without the prefix the empty text is compared, which is never the secret.
        self.is(authorization.strip_prefix(b"Bearer ").unwrap_or_default())
    }

    /// HMAC-SHA-256 of the nonce with the secret as key. Only a server that knows the secret can
    /// compute it.
    pub(super) fn proof(&self, nonce: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("a key may have any length");
        mac.update(nonce.as_bytes());
        to_hexadecimal(&mac.finalize().into_bytes())
    }
}

fn to_hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_the_token() {
        let token = Secret::token().expect("there is randomness");
        assert!(token.is_in(format!("Bearer {token}").as_bytes()));
        for wrong in ["", "Bearer ", "Bearer 0", &token.to_string()] {
            assert!(!token.is_in(wrong.as_bytes()), "{wrong}");
        }
        let other = Secret::token().expect("there is randomness");
        assert!(!token.is_in(format!("Bearer {other}").as_bytes()));
    }

    #[test]
    fn a_debug_output_does_not_show_it() {
        let token = Secret::token().expect("there is randomness");
        assert!(!format!("{token:?}").contains(&token.to_string()));
    }

    /// The second case of RFC 4231.
    #[test]
    fn the_proof_is_hmac_sha256() {
        let proof = Secret("Jefe".to_owned()).proof("what do ya want for nothing?");
        assert_eq!(
            proof,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
