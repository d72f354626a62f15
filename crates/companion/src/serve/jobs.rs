//! Runs that were asked for: one at a time, in turn, told line by line.
//!
//! A run whose listener is gone, or whose server ends, is interrupted, and the
//! next one starts when everything that it had started has ended.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::body::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinError, spawn, spawn_blocking};
use tokio::time::{Instant, Interval, interval_at};

use super::admission::Job;
use crate::verify::{Interrupt, Verification, VerifyError, verify, write_json};
use formats::link::base64_encode;
use model::trace::codec::encode;
use texts::Language;

/// Whoever comes when so many are already there is sent away.
const WAITING_MAX: usize = 32;
/// So often a line is sent, so that a listener that is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Jobs {
    turn: Arc<Semaphore>,
    /// The one that runs, and those that wait.
    inside: Arc<AtomicUsize>,
    stop: watch::Sender<bool>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            inside: Arc::default(),
            stop: watch::channel(false).0,
        }
    }
}

/// A line of the answer; docs/companion-api.md has them all.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Queued {
        ahead: usize,
    },
    Started {
        runs: u32,
        /// How long one of them takes, by the prediction.
        run_ns: u64,
    },
    Progress {
        run: u32,
        runs: u32,
    },
    Alive,
    Done {
        report: &'a RawValue,
        predicted: String,
        measured: String,
    },
    Failed {
        code: &'a str,
        message: &'a str,
        remedy: Option<&'a str>,
    },
}

/// A place in the queue; free again when dropped.
struct Place {
    inside: Arc<AtomicUsize>,
    ahead: usize,
}

impl Place {
    fn take(inside: &Arc<AtomicUsize>) -> Option<Self> {
        let enter = |count: usize| (count <= WAITING_MAX).then_some(count + 1);
        let ahead = inside.fetch_update(Ordering::SeqCst, Ordering::SeqCst, enter);
        Some(Self {
            ahead: ahead.ok()?,
            inside: Arc::clone(inside),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Jobs {
    /// What happens to the job, line by line; `None` where too many wait already.
    pub(super) fn enter(&self, job: Job) -> Option<UnboundedReceiver<Bytes>> {
        let place = Place::take(&self.inside)?;
        let (tell, told) = unbounded_channel();
        let turn = Arc::clone(&self.turn);
        let stop = self.stop.subscribe();
        spawn(wait_and_run(job, place, turn, stop, Listener(tell)));
        Some(told)
    }

    /// Interrupts what runs, sends away who waits, and comes back when nobody is left.
    pub(super) async fn end(&self) {
        self.stop.send_replace(true);
        // Never closed, so there is a turn as soon as nobody has it.
        let _ = self.turn.acquire().await;
    }
}

fn heartbeat() -> Interval {
    interval_at(Instant::now() + HEARTBEAT, HEARTBEAT)
}

#[derive(Clone)]
struct Listener(UnboundedSender<Bytes>);

impl Listener {
    /// Whoever is gone hears nothing.
    fn tell(&self, line: &Line<'_>) {
        let mut text = serde_json::to_vec(line).expect("lines have string keys only");
        text.push(b'\n');
        let _ = self.0.send(text.into());
    }
}

async fn wait_and_run(
    job: Job,
    place: Place,
    turn: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
    listener: Listener,
) {
    listener.tell(&Line::Queued { ahead: place.ahead });
    let stopped = async { stop.wait_for(|stop| *stop).await.map(drop) };
    let mut heartbeat = heartbeat();
    let beats = async {
        loop {
            heartbeat.tick().await;
            listener.tell(&Line::Alive);
        }
    };
    let turn = tokio::select! {
        biased;
        _ = stopped => return,
        () = listener.0.closed() => return,
        turn = turn.acquire_owned() => turn,
        () = beats => return,
    };
    run(job, stop, &listener).await;
    drop(turn);
    drop(place);
}

async fn run(job: Job, mut stop: watch::Receiver<bool>, listener: &Listener) {
    let runs = job.options.runs;
    listener.tell(&Line::Started {
        runs,
        run_ns: job.run_ns,
    });
    let interrupt = Interrupt::default();
    let language = job.language;
    let mut running = spawn_blocking({
        let (interrupt, listener) = (interrupt.clone(), listener.clone());
        move || {
            verify(&job.workload, &job.options, &interrupt, |run| {
                listener.tell(&Line::Progress { run, runs });
            })
        }
    });
    let mut heartbeat = heartbeat();
    loop {
        let raised = interrupt.is_raised();
        let unwanted = async {
            match raised {
                true => pending().await,
                false => tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => {}
                    () = listener.0.closed() => {}
                },
            }
        };
        tokio::select! {
            result = &mut running => return tell_end(result, language, listener),
            () = unwanted => interrupt.raise(),
            _ = heartbeat.tick() => listener.tell(&Line::Alive),
        }
    }
}

fn tell_end(
    result: Result<Result<Verification, VerifyError>, JoinError>,
    language: Language,
    listener: &Listener,
) {
    match result {
        Ok(Ok(verification)) => tell_done(&verification, listener),
        Ok(Err(error)) => tell_failed(&error, language, listener),
        Err(_) => listener.tell(&Line::Failed {
            code: "broken",
            message: "the companion itself broke down in this run",
            remedy: None,
        }),
    }
}

fn tell_done(verification: &Verification, listener: &Listener) {
    let mut report = Vec::new();
    write_json(verification, &mut report).expect("memory takes it");
    let report = serde_json::from_slice(&report).expect("it was written as JSON");
    listener.tell(&Line::Done {
        report,
        predicted: base64_encode(&encode(&verification.predicted)),
        measured: base64_encode(&encode(verification.median_run())),
    });
}

fn tell_failed(error: &VerifyError, language: Language, listener: &Listener) {
    let (message, remedy) = match error {
        VerifyError::Missing(missing) => (missing.what(language), Some(missing.remedy())),
        _ => (error.message(language), None),
    };
    listener.tell(&Line::Failed {
        code: error.code(),
        message: &message,
        remedy,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_is_bounded_and_places_come_back() {
        let inside = Arc::default();
        let mut places: Vec<Place> = std::iter::from_fn(|| Place::take(&inside)).collect();
        assert_eq!(places.len(), WAITING_MAX + 1);
        assert_eq!(places.last().map(|place| place.ahead), Some(WAITING_MAX));
        places.pop();
        assert!(Place::take(&inside).is_some());
    }
}
