//! So many threads that take work from one queue, as an executor's do.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::verify::wire::WireLane;

type Work = Box<dyn FnOnce() + Send>;

/// The threads come with the first work, and go with this.
#[derive(Debug)]
pub(super) struct Workers {
    pub(super) lane: WireLane,
    count: u32,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    queue: Sender<Work>,
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

    /// Work whose asker is gone before it began is dropped.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        dropped: impl FnOnce() + Send + 'static,
    ) -> oneshot::Receiver<T> {
        let (tell, told) = oneshot::channel();
        let work = move || match tell.is_closed() {
            true => dropped(),
            false => drop(tell.send(work())),
        };
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.get_or_insert_with(|| start(self.count));
        // Threads last as long as the queue.
        let _ = running.queue.send(Box::new(work));
        told
    }
}

/// As an interpreter does at its end: what was asked for is done.
impl Drop for Workers {
    fn drop(&mut self) {
        let running = self
            .running
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(Running { queue, threads }) = running.take() else {
            return;
        };
        drop(queue);
        for thread in threads {
            // Who panicked has told nobody anything; the report will miss it.
            let _ = thread.join();
        }
    }
}

fn start(count: u32) -> Running {
    let (queue, work) = mpsc::channel::<Work>();
    let work = Arc::new(Mutex::new(work));
    let thread = |_| {
        let work = Arc::clone(&work);
        thread::spawn(move || serve(&work))
    };
    Running {
        queue,
        threads: (0..count).map(thread).collect(),
    }
}

fn serve(queue: &Mutex<Receiver<Work>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}
