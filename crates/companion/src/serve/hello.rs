//! The response to `/api/hello`: the server's version, its limits and the installed runtimes.
//!
//! It also proves that the server knows the token. The page checks the proof before it sends the
//! token, because another program may have taken the port.

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
/// How long a search for runtimes is valid. A search starts several processes.
const FRESH: Duration = Duration::from_secs(5);

/// The response. `docs/companion-api.md` describes its fields.
#[derive(Serialize)]
pub(super) struct HelloAnswer {
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

/// A cache of the installed runtimes.
#[derive(Clone, Debug, Default)]
pub(super) struct Runtimes {
    found: Arc<Mutex<Option<(Instant, FoundRuntimes)>>>,
    interrupt: Interrupt,
}

type FoundRuntimes = Vec<(Runtime, Result<BTreeMap<String, String>, VerifyError>)>;

/// Whether the text is a nonce: characters that need no escapes in a URL, and enough of them that
/// a random one does not repeat.
pub(super) fn is_nonce(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (16..=128).contains(&text.len()) && text.bytes().all(plain)
}

/// Builds the response. `proof` is for the token, `code_proof` for the valid code.
pub(super) fn hello_json(
    proof: String,
    code_proof: String,
    runtimes: Vec<RuntimeJson>,
) -> HelloAnswer {
    HelloAnswer {
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
    /// The runtimes in the form of the response. Starts a search if the last one is too old.
    /// `None` if the search panicked.
    pub(super) async fn say(&self, language: Language) -> Option<Vec<RuntimeJson>> {
        let this = self.clone();
        // A separate task: if the client disconnects, the search continues and the next client
        // uses its result.
        let said = spawn(async move { this.look_for_runtimes(language).await });
        said.await.ok().flatten()
    }

    async fn look_for_runtimes(&self, language: Language) -> Option<Vec<RuntimeJson>> {
        // Held during the search, so that simultaneous requests share one.
        let mut known = self.found.lock().await;
        let is_fresh = |(at, _): &(Instant, FoundRuntimes)| at.elapsed() < FRESH;
        if !known.as_ref().is_some_and(is_fresh) {
            let interrupt = self.interrupt.clone();
            let found = spawn_blocking(move || look_for_runtimes(&interrupt))
                .await
                .ok()?;
            *known = Some((Instant::now(), found));
        }
        let (_, found) = known.as_ref()?;
        Some(
            found
                .iter()
                .map(|found| runtime_json(found, language))
                .collect(),
        )
    }

    /// Ends a running search. Later ones end at once.
    pub(super) fn end(&self) {
        self.interrupt.raise();
    }
}

/// Searches all runtimes in parallel, so that a Python that hangs delays the result only once.
fn look_for_runtimes(interrupt: &Interrupt) -> FoundRuntimes {
    thread::scope(|scope| {
        let all = Runtime::ALL.map(|runtime| scope.spawn(move || available(runtime, interrupt)));
        // A panic in one search must not hide the other runtimes.
        let found = all.map(|one| one.join().unwrap_or(Err(VerifyError::Interrupted)));
        Runtime::ALL.into_iter().zip(found).collect()
    })
}

fn runtime_json(
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
