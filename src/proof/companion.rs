//! Addresses and secrets of companions, and the proof that a server is the companion.
//!
//! The types make sure that a secret goes only to a companion that has proved to know it. The
//! token can be read only from a [`VerifiedCompanion`], and only a valid proof creates one. The one-time code
//! of an [`Invitation`] can be read only from an [`Accepted`], in the same way.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::trouble::Trouble;

const SCHEMA: &str = "loopscope.companion/1";
const TOKEN_DIGITS: usize = 64;
const CODE_DIGITS: usize = 32;

/// The address of a companion and its token.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CompanionAddress {
    /// The origin, e.g. `http://127.0.0.1:37809`.
    pub(super) place: String,
    token: String,
}

impl CompanionAddress {
    /// The companion that serves the page.
    pub(super) fn of_page(origin: &str, token: &str) -> Result<Self, Trouble> {
        if is_secret(token, TOKEN_DIGITS) {
            Ok(Self {
                place: origin.to_owned(),
                token: token.to_owned(),
            })
        } else {
            Err(Trouble::NoToken)
        }
    }

    pub(super) fn hello(&self, nonce: &str, language: &str) -> String {
        hello(&self.place, nonce, language)
    }
}

/// The address that a companion printed, with a code that it exchanges once for its token.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Invitation {
    place: String,
    code: String,
}

impl Invitation {
    /// Parses an address as `loopscope serve` prints it, e.g. `http://127.0.0.1:37809/#c=…`.
    /// Refuses addresses of other machines.
    pub(super) fn typed(address: &str) -> Result<Self, Trouble> {
        let (place, code) = address.trim().split_once("/#c=").ok_or(Trouble::Address)?;
        // The rest must be a port only, which excludes `127.0.0.1:80@evil.example`.
        let port = place.strip_prefix("http://127.0.0.1:");
        let port = port.and_then(|port| port.parse::<u16>().ok());
        if port.is_some_and(|port| port > 0) && is_secret(code, CODE_DIGITS) {
            Ok(Self {
                place: place.to_owned(),
                code: code.to_owned(),
            })
        } else {
            Err(Trouble::Address)
        }
    }

    pub(super) fn hello(&self, nonce: &str, language: &str) -> String {
        hello(&self.place, nonce, language)
    }

    /// Checks the response to a hello: the companion must prove to know the code.
    pub(super) fn accepted(self, nonce: &str, answer: &str) -> Result<Accepted, Trouble> {
        let hello = CompanionHello::read(answer)?;
        if is_proof(&self.code, nonce, &hello.code_proof) {
            Ok(Accepted(self))
        } else {
            // Either the code was used, or another program took the port. Both look the same
            // and have the same remedy.
            Err(Trouble::Spent)
        }
    }
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the code, so that no log contains it.
        f.debug_tuple("Invitation").field(&self.place).finish()
    }
}

/// An invitation of a companion that has proved to know its code.
#[derive(Debug)]
pub(super) struct Accepted(Invitation);

impl Accepted {
    pub(super) fn exchange(&self) -> String {
        format!("{}/api/token", self.0.place)
    }

    /// The request's body with the code. The only function that reveals the code.
    pub(super) fn body(&self) -> String {
        format!("{{\"code\":\"{}\"}}", self.0.code)
    }

    /// The companion with the token in the response.
    pub(super) fn companion_address(&self, answer: &str) -> Result<CompanionAddress, Trouble> {
        #[derive(Deserialize)]
        struct CompanionToken {
            token: String,
        }
        let exchanged: CompanionToken =
            serde_json::from_str(answer).map_err(|_| Trouble::Garbled)?;
        CompanionAddress::of_page(&self.0.place, &exchanged.token).map_err(|_| Trouble::Garbled)
    }
}

fn hello(place: &str, nonce: &str, language: &str) -> String {
    format!("{place}/api/hello?nonce={nonce}&lang={language}")
}

/// HMAC-SHA-256 of the nonce, with the secret's digits as the key.
fn mac(secret: &str, nonce: &str) -> Hmac<Sha256> {
    let key = secret.as_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
    mac.update(nonce.as_bytes());
    mac
}

fn is_proof(secret: &str, nonce: &str, proof: &str) -> bool {
    // `verify_slice` compares in constant time.
    bytes(proof).is_some_and(|proof| mac(secret, nonce).verify_slice(&proof).is_ok())
}

impl fmt::Debug for CompanionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the token, so that no log contains it.
        f.debug_tuple("CompanionAddress")
            .field(&self.place)
            .finish()
    }
}

fn is_secret(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = hexadecimal.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

/// The response to a hello.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct CompanionHello {
    schema: String,
    proof: String,
    #[serde(default)]
    code_proof: String,
    pub(super) runtimes: Vec<OfferedRuntime>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct OfferedRuntime {
    pub(super) name: String,
    pub(super) ready: bool,
    #[serde(default)]
    pub(super) versions: std::collections::BTreeMap<String, String>,
    pub(super) missing: Option<String>,
    pub(super) remedy: Option<String>,
}

impl CompanionHello {
    fn read(answer: &str) -> Result<Self, Trouble> {
        let hello: Self = serde_json::from_str(answer).map_err(|_| Trouble::Stranger)?;
        if hello.schema == SCHEMA {
            Ok(hello)
        } else {
            Err(Trouble::Stranger)
        }
    }
}

/// A companion that has proved to know the token.
#[derive(Clone, Debug)]
pub(super) struct VerifiedCompanion {
    companion_address: CompanionAddress,
    pub(super) hello: CompanionHello,
}

impl VerifiedCompanion {
    /// Checks the response to a hello.
    pub(super) fn by(
        companion_address: CompanionAddress,
        nonce: &str,
        answer: &str,
    ) -> Result<Self, Trouble> {
        let hello = CompanionHello::read(answer)?;
        if is_proof(&companion_address.token, nonce, &hello.proof) {
            Ok(Self {
                companion_address,
                hello,
            })
        } else {
            Err(Trouble::Proof)
        }
    }

    pub(super) fn verify(&self) -> String {
        format!("{}/api/verify", self.companion_address.place)
    }

    /// The value of the Authorization header. The only function that reveals the token.
    pub(super) fn authorization(&self) -> String {
        format!("Bearer {}", self.companion_address.token)
    }

    pub(super) fn runtime(&self, name: &str) -> Option<&OfferedRuntime> {
        self.hello
            .runtimes
            .iter()
            .find(|runtime| runtime.name == name)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const TOKEN: &str =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    pub(crate) const CODE: &str = "fedcba9876543210fedcba9876543210";

    fn proof(secret: &str, nonce: &str) -> String {
        let proof = mac(secret, nonce).finalize().into_bytes();
        proof.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The response of a companion that knows the token and the code.
    pub(crate) fn honest(nonce: &str) -> String {
        answer(&proof(TOKEN, nonce), &proof(CODE, nonce))
    }

    fn answer(proof: &str, code_proof: &str) -> String {
        format!(
            r#"{{"schema":"loopscope.companion/1","version":"0.1.0","proof":"{proof}","code_proof":"{code_proof}","runtimes":[
            {{"name":"asyncio","ready":true,"versions":{{"Python":"3.11.7"}},"missing":null,"remedy":null}},
            {{"name":"celery","ready":false,"versions":{{}},"missing":"redis-server is not installed","remedy":"apt-get install redis-server"}}],
            "limits":{{"seconds":60}}}}"#
        )
    }

    #[track_caller]
    fn typed(address: &str, expected: Option<&str>) {
        let place = Invitation::typed(address).ok().map(|typed| typed.place);
        assert_eq!(place.as_deref(), expected, "{address}");
    }

    #[test]
    fn an_address_is_one_of_this_machine_with_its_code() {
        let place = "http://127.0.0.1:37809";
        typed(&format!("{place}/#c={CODE}"), Some(place));
        typed(&format!("  {place}/#c={CODE}\n"), Some(place));
        typed(place, None);
        typed(&format!("{place}/#c={}", &CODE[1..]), None);
        typed(&format!("{place}/#t={TOKEN}"), None);
        for elsewhere in [
            "http://192.168.0.1:80",
            "https://127.0.0.1:80",
            "http://127.0.0.1:80@evil.example:80",
            "http://127.0.0.1:0",
            "http://127.0.0.1:99999",
            "http://127.0.0.1.evil.example:80",
        ] {
            typed(&format!("{elsewhere}/#c={CODE}"), None);
        }
    }

    #[track_caller]
    fn known(answer: &str, expected: Result<(), Trouble>) {
        let companion_address =
            CompanionAddress::of_page("http://127.0.0.1:1", TOKEN).expect("a token");
        let known = VerifiedCompanion::by(companion_address, "nonce-of-this-time", answer);
        assert_eq!(known.map(|_| ()), expected, "{answer}");
    }

    #[test]
    fn only_a_companion_that_knows_the_token_is_known() {
        known(&honest("nonce-of-this-time"), Ok(()));
        known(&honest("nonce-of-another-time"), Err(Trouble::Proof));
        known(&answer(&"0".repeat(64), ""), Err(Trouble::Proof));
        known(&answer("", ""), Err(Trouble::Proof));
        known(&answer("no digits", ""), Err(Trouble::Proof));
        known("<!doctype html>", Err(Trouble::Stranger));
        known("{}", Err(Trouble::Stranger));
    }

    fn invitation() -> Invitation {
        Invitation::typed(&format!("http://127.0.0.1:1/#c={CODE}")).expect("an address")
    }

    #[track_caller]
    fn accepted(answer: &str, expected: Result<(), Trouble>) {
        let accepted = invitation().accepted("nonce-of-this-time", answer);
        assert_eq!(accepted.map(|_| ()), expected, "{answer}");
    }

    #[test]
    fn only_a_companion_that_knows_the_code_is_sent_it() {
        accepted(&honest("nonce-of-this-time"), Ok(()));
        accepted(&honest("nonce-of-another-time"), Err(Trouble::Spent));
        // The code was used: a companion proves the next one.
        let next = proof("00000000000000000000000000000000", "nonce-of-this-time");
        accepted(&answer(&next, &next), Err(Trouble::Spent));
        accepted(&answer("", ""), Err(Trouble::Spent));
        accepted("<!doctype html>", Err(Trouble::Stranger));
    }

    #[test]
    fn the_token_comes_for_the_code() {
        let accepted = invitation().accepted("nonce-of-this-time", &honest("nonce-of-this-time"));
        let accepted = accepted.expect("the code is known");
        assert_eq!(accepted.exchange(), "http://127.0.0.1:1/api/token");
        assert_eq!(accepted.body(), format!("{{\"code\":\"{CODE}\"}}"));
        let companion_address = accepted.companion_address(&format!("{{\"token\":\"{TOKEN}\"}}"));
        assert_eq!(
            companion_address,
            CompanionAddress::of_page("http://127.0.0.1:1", TOKEN)
        );
        for garbled in ["", "{}", "{\"token\":\"short\"}"] {
            assert_eq!(
                accepted.companion_address(garbled),
                Err(Trouble::Garbled),
                "{garbled}"
            );
        }
    }

    #[test]
    fn a_debug_output_shows_neither() {
        let companion_address =
            CompanionAddress::of_page("http://127.0.0.1:1", TOKEN).expect("a token");
        assert!(!format!("{companion_address:?}").contains(TOKEN));
        assert!(!format!("{:?}", invitation()).contains(CODE));
    }
}
