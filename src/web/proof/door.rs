//! Where a companion is, and whether what answers there is it.
//!
//! The token goes to nobody who has not proved to know it: it can be read only
//! from a [`Known`] companion, and only a right proof makes one.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::trouble::Trouble;

const SCHEMA: &str = "loopscope.companion/1";
const TOKEN_DIGITS: usize = 64;

/// An address of this machine, and the secret of whoever is behind it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Door {
    /// `http://127.0.0.1:37809`.
    pub(super) place: String,
    token: String,
}

impl Door {
    /// Of the companion that serves the page.
    pub(super) fn of_page(origin: &str, token: &str) -> Result<Self, Trouble> {
        match is_token(token) {
            true => Ok(Self {
                place: origin.to_owned(),
                token: token.to_owned(),
            }),
            false => Err(Trouble::NoToken),
        }
    }

    /// As `loopscope serve` prints it: `http://127.0.0.1:37809/#t=…`. No other machine's.
    pub(super) fn typed(address: &str) -> Result<Self, Trouble> {
        let (place, token) = address.trim().split_once("/#t=").ok_or(Trouble::Address)?;
        let port = place.strip_prefix("http://127.0.0.1:");
        let port = port.and_then(|port| port.parse::<u16>().ok());
        match port.is_some_and(|port| port > 0) && is_token(token) {
            true => Self::of_page(place, token),
            false => Err(Trouble::Address),
        }
    }

    pub(super) fn hello(&self, nonce: &str, language: &str) -> String {
        format!("{}/api/hello?nonce={nonce}&lang={language}", self.place)
    }

    fn proof(&self, nonce: &str) -> Hmac<Sha256> {
        let key = self.token.as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key may have any length");
        mac.update(nonce.as_bytes());
        mac
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Door").field(&self.place).finish()
    }
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = hexadecimal.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

/// What a companion says of itself.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Hello {
    schema: String,
    proof: String,
    pub(super) runtimes: Vec<Runtime>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Runtime {
    pub(super) name: String,
    pub(super) ready: bool,
    #[serde(default)]
    pub(super) versions: std::collections::BTreeMap<String, String>,
    pub(super) missing: Option<String>,
    pub(super) remedy: Option<String>,
}

/// A companion that has proved to know the token.
#[derive(Clone, Debug)]
pub(super) struct Known {
    door: Door,
    pub(super) hello: Hello,
}

impl Known {
    pub(super) fn by(door: Door, nonce: &str, answer: &str) -> Result<Self, Trouble> {
        let hello: Hello = serde_json::from_str(answer).map_err(|_| Trouble::Stranger)?;
        if hello.schema != SCHEMA {
            return Err(Trouble::Stranger);
        }
        let proof = bytes(&hello.proof).ok_or(Trouble::Proof)?;
        match door.proof(nonce).verify_slice(&proof) {
            Ok(()) => Ok(Self { door, hello }),
            Err(_) => Err(Trouble::Proof),
        }
    }

    pub(super) fn verify(&self) -> String {
        format!("{}/api/verify", self.door.place)
    }

    /// The one place where the token leaves.
    pub(super) fn authorization(&self) -> String {
        format!("Bearer {}", self.door.token)
    }

    pub(super) fn runtime(&self, name: &str) -> Option<&Runtime> {
        self.hello
            .runtimes
            .iter()
            .find(|runtime| runtime.name == name)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::web::proof) const TOKEN: &str =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// What an honest companion answers.
    pub(in crate::web::proof) fn honest(nonce: &str) -> String {
        let door = Door::of_page("http://127.0.0.1:1", TOKEN).expect("a token");
        let proof = door.proof(nonce).finalize().into_bytes();
        let proof: String = proof.iter().map(|byte| format!("{byte:02x}")).collect();
        answer(&proof)
    }

    fn answer(proof: &str) -> String {
        format!(
            r#"{{"schema":"loopscope.companion/1","version":"0.1.0","proof":"{proof}","runtimes":[
            {{"name":"asyncio","ready":true,"versions":{{"Python":"3.11.7"}},"missing":null,"remedy":null}},
            {{"name":"celery","ready":false,"versions":{{}},"missing":"redis-server is not installed","remedy":"apt-get install redis-server"}}],
            "limits":{{"seconds":60}}}}"#
        )
    }

    #[track_caller]
    fn typed(address: &str, expected: Option<&str>) {
        let place = Door::typed(address).ok().map(|door| door.place);
        assert_eq!(place.as_deref(), expected, "{address}");
    }

    #[test]
    fn an_address_is_one_of_this_machine_with_its_token() {
        let place = "http://127.0.0.1:37809";
        typed(&format!("{place}/#t={TOKEN}"), Some(place));
        typed(&format!("  {place}/#t={TOKEN}\n"), Some(place));
        typed(place, None);
        typed(&format!("{place}/#t={}", &TOKEN[1..]), None);
        for elsewhere in [
            "http://192.168.0.1:80",
            "https://127.0.0.1:80",
            "http://127.0.0.1:80@evil.example:80",
            "http://127.0.0.1:0",
            "http://127.0.0.1:99999",
            "http://127.0.0.1.evil.example:80",
        ] {
            typed(&format!("{elsewhere}/#t={TOKEN}"), None);
        }
    }

    #[track_caller]
    fn known(answer: &str, expected: Result<(), Trouble>) {
        let door = Door::of_page("http://127.0.0.1:1", TOKEN).expect("a token");
        let known = Known::by(door, "nonce-of-this-time", answer);
        assert_eq!(known.map(|_| ()), expected, "{answer}");
    }

    #[test]
    fn only_who_knows_the_token_is_known() {
        known(&honest("nonce-of-this-time"), Ok(()));
        known(&honest("nonce-of-another-time"), Err(Trouble::Proof));
        known(&answer(&"0".repeat(64)), Err(Trouble::Proof));
        known(&answer(""), Err(Trouble::Proof));
        known(&answer("no digits"), Err(Trouble::Proof));
        known("<!doctype html>", Err(Trouble::Stranger));
        known("{}", Err(Trouble::Stranger));
    }

    #[test]
    fn nothing_shows_the_token() {
        let door = Door::of_page("http://127.0.0.1:1", TOKEN).expect("a token");
        assert!(!format!("{door:?}").contains(TOKEN));
    }
}
