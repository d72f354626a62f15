//! The secret that only those know who saw it printed: 256 bits, for one process.

use std::fmt;
use std::io;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// In hexadecimal digits. Shown where it is announced, and nowhere else.
pub(super) struct Token(String);

impl Token {
    pub(super) fn new() -> io::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(hexadecimal(&bytes)))
    }

    /// Whether `Authorization` is `Bearer` and this. Takes as long for any wrong one.
    pub(super) fn is_in(&self, authorization: &[u8]) -> bool {
        let given = authorization.strip_prefix(b"Bearer ").unwrap_or_default();
        given.ct_eq(self.0.as_bytes()).into()
    }

    /// What only somebody who knows the token can answer to this nonce.
    pub(super) fn proof(&self, nonce: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("a key may have any length");
        mac.update(nonce.as_bytes());
        hexadecimal(&mac.finalize().into_bytes())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_is_the_token() {
        let token = Token::new().expect("there is randomness");
        assert!(token.is_in(format!("Bearer {token}").as_bytes()));
        for wrong in ["", "Bearer ", "Bearer 0", &token.to_string()] {
            assert!(!token.is_in(wrong.as_bytes()), "{wrong}");
        }
        let other = Token::new().expect("there is randomness");
        assert!(!token.is_in(format!("Bearer {other}").as_bytes()));
    }

    #[test]
    fn nobody_reads_it_in_a_debug_output() {
        let token = Token::new().expect("there is randomness");
        assert!(!format!("{token:?}").contains(&token.to_string()));
    }

    /// The second case of RFC 4231.
    #[test]
    fn the_proof_is_hmac_sha256() {
        let proof = Token("Jefe".to_owned()).proof("what do ya want for nothing?");
        assert_eq!(
            proof,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
