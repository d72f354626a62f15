//! Who we are, and which runtimes can run a script here.
//!
//! Whoever asks with a nonce gets the proof that we know the token before it is
//! sent to us: something else may have taken our port.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Mutex;
use tokio::task::{spawn, spawn_blocking};

use super::admission::{LANES_MAX, RUNS_MAX, SECONDS_MAX, TASKS_MAX};
use crate::verify::{Interrupt, Runtime, VerifyError, available};
use texts::Language;

const SCHEMA: &str = "loopscope.companion/1";
/// Of what was found; looking costs some processes.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Serialize)]
pub(super) struct Hello {
    schema: &'static str,
    version: &'static str,
    proof: String,
    code_proof: String,
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
pub(super) struct RuntimeJson {
    name: &'static str,
    ready: bool,
    versions: BTreeMap<String, String>,
    missing: Option<String>,
    remedy: Option<&'static str>,
}

/// The runtimes that are there, looked up now and then.
#[derive(Clone, Debug, Default)]
pub(super) struct Runtimes {
    found: Arc<Mutex<Option<(Instant, Found)>>>,
    interrupt: Interrupt,
}

type Found = Vec<(Runtime, Result<BTreeMap<String, String>, VerifyError>)>;

/// Letters that need no escapes in an address, and enough of them that none comes twice.
pub(super) fn is_nonce(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (16..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// `proof` and `code_proof`: that we know the token, and the code that is valid now.
pub(super) fn hello(proof: String, code_proof: String, runtimes: Vec<RuntimeJson>) -> Hello {
    Hello {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        proof,
        code_proof,
        runtimes,
        limits: Limits {
            seconds: SECONDS_MAX,
            runs: RUNS_MAX,
            tasks: TASKS_MAX,
            threads: LANES_MAX,
        },
    }
}

impl Runtimes {
    /// Takes as long as it takes to start Python, where that was not done lately.
    pub(super) async fn say(&self, language: Language) -> Option<Vec<RuntimeJson>> {
        let this = self.clone();
        // A task of its own: a client that hangs up meanwhile does not start another search.
        let said = spawn(async move { this.look(language).await });
        said.await.ok().flatten()
    }

    /// One search at a time; those that wait for it get its result. `None` if it panicked.
    async fn look(&self, language: Language) -> Option<Vec<RuntimeJson>> {
        let mut known = self.found.lock().await;
        let is_fresh = |(at, _): &(Instant, Found)| at.elapsed() < FRESH;
        if !known.as_ref().is_some_and(is_fresh) {
            let interrupt = self.interrupt.clone();
            let found = spawn_blocking(move || look(&interrupt)).await.ok()?;
            *known = Some((Instant::now(), found));
        }
        let (_, found) = known.as_ref()?;
        Some(found.iter().map(|found| runtime(found, language)).collect())
    }

    /// Ends a search that is under way, and every later one.
    pub(super) fn end(&self) {
        self.interrupt.raise();
    }
}

/// All at once: a Python that does not answer is waited for once.
fn look(interrupt: &Interrupt) -> Found {
    thread::scope(|scope| {
        let all = Runtime::ALL.map(|runtime| scope.spawn(move || available(runtime, interrupt)));
        let found = all.map(|one| one.join().unwrap_or(Err(VerifyError::Interrupted)));
        Runtime::ALL.into_iter().zip(found).collect()
    })
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
