//! A fixed number of threads that take work from one queue, as a `ThreadPoolExecutor` does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::verify::wire::WireLane;

type QueuedWork = Box<dyn FnOnce() + Send>;

/// A pool of threads. They start with the first work and end when this is dropped.
#[derive(Debug)]
pub(super) struct Workers {
    pub(super) lane: WireLane,
    count: u32,
    running: Mutex<Option<RunningWorkers>>,
}

#[derive(Debug)]
struct RunningWorkers {
    queue: Sender<QueuedWork>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    pub(super) fn new(count: u32, lane: WireLane) -> Self {
        Self {
            lane,
            count,
            running: Mutex::default(),
        }
    }

    /// Queues work and returns the receiver of its result. If the receiver is dropped before
    /// the work starts, the work is skipped and `dropped` is called.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        dropped: impl FnOnce() + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (tell, told) = oneshot::channel();
        let work = move || {
            if tell.is_closed() {
                dropped();
            } else {
                drop(tell.send(work()));
            }
        };
        self.queue(Box::new(work));
        told
    }

    /// Queues a job and returns the receiver of its result. Unlike other work, it runs even if
    /// the receiver is dropped, but not if its claim is taken before it starts.
    pub(super) fn submit_job<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        claim: Arc<JobClaim>,
    ) -> oneshot::Receiver<T> {
        let (tell, told) = oneshot::channel();
        self.queue(Box::new(move || {
            if claim.take() {
                // Fails if nothing waits for the job.
                let _ = tell.send(work());
            }
        }));
        told
    }

    fn queue(&self, work: QueuedWork) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.get_or_insert_with(|| start_threads(self.count));
        // Cannot fail: the threads hold the receiver as long as the queue exists.
        let _ = running.queue.send(work);
    }
}

/// The right to decide about a queued job. The worker takes it to run the job, and `cancel` takes
/// it to revoke the job; only the first of them gets it.
#[derive(Debug, Default)]
pub(super) struct JobClaim {
    taken: AtomicBool,
}

impl JobClaim {
    /// Returns false if the claim was taken before.
    pub(super) fn take(&self) -> bool {
        !self.taken.swap(true, Ordering::SeqCst)
    }
}

/// Waits for the work that has started or is still wanted, as Python's executors do when the
/// interpreter exits.
impl Drop for Workers {
    fn drop(&mut self) {
        let running = self
            .running
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(RunningWorkers { queue, threads }) = running.take() else {
            return;
        };
        // Ends the threads' loops once the queue is empty.
        drop(queue);
        for thread in threads {
            // A thread that panicked has recorded no end, which the report shows.
            let _ = thread.join();
        }
    }
}

fn start_threads(count: u32) -> RunningWorkers {
    let (queue, work) = mpsc::channel::<QueuedWork>();
    let work = Arc::new(Mutex::new(work));
    let thread = |_| {
        let work = Arc::clone(&work);
        thread::spawn(move || serve_queue(&work))
    };
    RunningWorkers {
        queue,
        threads: (0..count).map(thread).collect(),
    }
}

fn serve_queue(queue: &Mutex<Receiver<QueuedWork>>) {
    loop {
        // One idle thread waits inside `recv` and the others for the mutex. It is released
        // before the work runs.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}
