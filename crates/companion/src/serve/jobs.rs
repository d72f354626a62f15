//! The queue of runs. They execute in sequence, and each streams its progress to its client as
//! lines of JSON.
//!
//! A run is interrupted if its client disconnects or the server ends. The next one starts when
//! all processes of the last one have ended, because two runs would disturb each other's times.

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

use super::admission::AdmittedRun;
use crate::verify::{Interrupt, Verification, VerifyError, verify, write_json};
use formats::link::base64_encode;
use model::trace::codec::encode;
use texts::Language;

/// The number of waiting runs. Further requests are refused.
const WAITING_MAX: usize = 32;
/// The time between two lines. A disconnected client shows only when a line cannot be sent.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// The queue.
#[derive(Debug)]
pub(super) struct Jobs {
    /// One permit, for the run that executes. It is fair, so it keeps the order.
    permit: Arc<Semaphore>,
    /// The number of runs, executing and waiting.
    count: Arc<AtomicUsize>,
    stop: watch::Sender<bool>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            permit: Arc::new(Semaphore::new(1)),
            count: Arc::default(),
            stop: watch::channel(false).0,
        }
    }
}

/// A line of the response, e.g. `{"event":"progress","run":1,"runs":3}`.
/// `docs/companion-api.md` describes all.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum StreamLine<'a> {
    Queued {
        ahead: usize,
    },
    Started {
        runs: u32,
        /// The predicted time of one run.
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

/// A place in the queue, which is freed when this is dropped.
struct QueuePlace {
    count: Arc<AtomicUsize>,
    /// The runs before this one.
    ahead: usize,
}

impl QueuePlace {
    fn take(count: &Arc<AtomicUsize>) -> Option<Self> {
        // `<=`, because the count includes the run that executes.
        let enter = |runs: usize| (runs <= WAITING_MAX).then_some(runs + 1);
        let ahead = count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, enter);
        Some(Self {
            ahead: ahead.ok()?,
            count: Arc::clone(count),
        })
    }
}

impl Drop for QueuePlace {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Jobs {
    /// Queues the job and returns its lines. `None` if the queue is full.
    pub(super) fn enter(&self, job: AdmittedRun) -> Option<UnboundedReceiver<Bytes>> {
        let place = QueuePlace::take(&self.count)?;
        let (sender, lines) = unbounded_channel();
        let permit = Arc::clone(&self.permit);
        let stop = self.stop.subscribe();
        spawn(wait_and_run(job, place, permit, stop, Listener(sender)));
        Some(lines)
    }

    /// Interrupts the executing run and removes the waiting ones. Returns when the run's
    /// processes have ended.
    pub(super) async fn end(&self) {
        self.stop.send_replace(true);
        // The permit is free as soon as no run executes. Fails only for a closed semaphore.
        let _ = self.permit.acquire().await;
    }
}

fn heartbeat_interval() -> Interval {
    interval_at(Instant::now() + HEARTBEAT, HEARTBEAT)
}

/// The client that receives the lines of a run.
#[derive(Clone)]
struct Listener(UnboundedSender<Bytes>);

impl Listener {
    /// Sends a line. Does nothing if the client has disconnected.
    fn send_line(&self, line: &StreamLine<'_>) {
        let mut text = serde_json::to_vec(line).expect("lines have string keys only");
        text.push(b'\n');
        let _ = self.0.send(text.into());
    }
}

async fn wait_and_run(
    job: AdmittedRun,
    place: QueuePlace,
    permit: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
    listener: Listener,
) {
    listener.send_line(&StreamLine::Queued { ahead: place.ahead });
    let stopped = async { stop.wait_for(|stop| *stop).await.map(drop) };
    let mut heartbeat = heartbeat_interval();
    let beats = async {
        loop {
            heartbeat.tick().await;
            listener.send_line(&StreamLine::Alive);
        }
    };
    let permit = tokio::select! {
        // In this order: a server that ends must not start the next run when the permit is free.
        biased;
        _ = stopped => return,
        () = listener.0.closed() => return,
        permit = permit.acquire_owned() => permit,
        () = beats => return,
    };
    run_job(job, stop, &listener).await;
    drop(permit);
    drop(place);
}

async fn run_job(job: AdmittedRun, mut stop: watch::Receiver<bool>, listener: &Listener) {
    let runs = job.options.runs;
    listener.send_line(&StreamLine::Started {
        runs,
        run_ns: job.run_ns,
    });
    let interrupt = Interrupt::default();
    let language = job.language;
    // `verify` waits for processes, so it needs a thread of its own.
    let mut running = spawn_blocking({
        let (interrupt, listener) = (interrupt.clone(), listener.clone());
        move || {
            verify(&job.workload, &job.options, &interrupt, |run| {
                listener.send_line(&StreamLine::Progress { run, runs });
            })
        }
    });
    let mut heartbeat = heartbeat_interval();
    loop {
        let raised = interrupt.is_raised();
        // After the interrupt keep waiting for the run: its processes need time to end.
        let unwanted = async {
            if raised {
                pending::<()>().await;
            } else {
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => {}
                    () = listener.0.closed() => {}
                }
            }
        };
        tokio::select! {
            result = &mut running => return send_end(result, language, listener),
            () = unwanted => interrupt.raise(),
            _ = heartbeat.tick() => listener.send_line(&StreamLine::Alive),
        }
    }
}

fn send_end(
    result: Result<Result<Verification, VerifyError>, JoinError>,
    language: Language,
    listener: &Listener,
) {
    match result {
        Ok(Ok(verification)) => send_done(&verification, listener),
        Ok(Err(error)) => send_failed(&error, language, listener),
        Err(_) => listener.send_line(&StreamLine::Failed {
            code: "broken",
            message: "the companion itself broke down in this run",
            remedy: None,
        }),
    }
}

fn send_done(verification: &Verification, listener: &Listener) {
    let mut report = Vec::new();
    write_json(verification, &mut report).expect("memory takes it");
    // As a `RawValue`: the line contains the report's text unchanged.
    let report = serde_json::from_slice(&report).expect("it was written as JSON");
    listener.send_line(&StreamLine::Done {
        report,
        predicted: base64_encode(&encode(&verification.predicted)),
        measured: base64_encode(&encode(verification.median_run())),
    });
}

fn send_failed(error: &VerifyError, language: Language, listener: &Listener) {
    let (message, remedy) = match error {
        VerifyError::Missing(missing) => (missing.what(language), Some(missing.remedy())),
        _ => (error.message(language), None),
    };
    listener.send_line(&StreamLine::Failed {
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
        let mut places: Vec<QueuePlace> =
            std::iter::from_fn(|| QueuePlace::take(&inside)).collect();
        assert_eq!(places.len(), WAITING_MAX + 1);
        assert_eq!(places.last().map(|place| place.ahead), Some(WAITING_MAX));
        places.pop();
        assert!(QueuePlace::take(&inside).is_some());
    }
}
