//! Who we are, and which runtimes can run a script here.
//!
//! Whoever asks with a nonce gets the proof that we know the token before it is
//! sent to us: something else may have taken our port.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::admission::{LANES_MAX, RUNS_MAX, SECONDS_MAX, TASKS_MAX};
use super::token::Token;
use crate::language::Language;
use crate::native::verify::{Runtime, VerifyError, available};

const SCHEMA: &str = "loopscope.companion/1";
/// Of what was found; looking costs some processes.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Serialize)]
pub(super) struct Hello {
    schema: &'static str,
    version: &'static str,
    proof: String,
    runtimes: Vec<RuntimeJson>,
    limits: Limits,
}

#[derive(Serialize)]
struct Limits {
    seconds: u64,
    runs: u32,
    tasks: usize,
    threads: usize,
}

#[derive(Serialize)]
struct RuntimeJson {
    name: &'static str,
    ready: bool,
    versions: BTreeMap<String, String>,
    missing: Option<String>,
    remedy: Option<&'static str>,
}

/// What is there, looked up now and then.
#[derive(Debug, Default)]
pub(super) struct Runtimes(Mutex<Option<(Instant, Found)>>);

type Found = Vec<(Runtime, Result<BTreeMap<String, String>, VerifyError>)>;

/// Letters that need no escapes in an address, and enough of them that none comes twice.
pub(super) fn is_nonce(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (16..=128).contains(&text.len()) && text.bytes().all(plain)
}

pub(super) fn hello(token: &Token, runtimes: &Runtimes, nonce: &str, language: Language) -> Hello {
    Hello {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        proof: token.proof(nonce),
        runtimes: runtimes.say(language),
        limits: Limits {
            seconds: SECONDS_MAX,
            runs: RUNS_MAX,
            tasks: TASKS_MAX,
            threads: LANES_MAX,
        },
    }
}

impl Runtimes {
    /// Takes as long as it takes to start Python, where nobody looked lately.
    fn say(&self, language: Language) -> Vec<RuntimeJson> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.take().filter(|(at, _)| at.elapsed() < FRESH);
        let (at, found) = fresh.unwrap_or_else(|| (Instant::now(), look()));
        let all = found.iter().map(|found| runtime(found, language)).collect();
        *known = Some((at, found));
        all
    }
}

fn look() -> Found {
    Runtime::ALL
        .into_iter()
        .map(|runtime| (runtime, available(runtime)))
        .collect()
}

fn runtime(
    (runtime, found): &(Runtime, Result<BTreeMap<String, String>, VerifyError>),
    language: Language,
) -> RuntimeJson {
    let (missing, remedy) = match found {
        Ok(_) => (None, None),
        Err(VerifyError::Missing(missing)) => {
            (Some(missing.what(language)), Some(missing.remedy()))
        }
        Err(error) => (Some(error.message(language)), None),
    };
    RuntimeJson {
        name: runtime.word(),
        ready: found.is_ok(),
        versions: found.as_ref().cloned().unwrap_or_default(),
        missing,
        remedy,
    }
}
