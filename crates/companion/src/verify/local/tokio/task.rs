//! A spawned task: its future, with a record at each poll and at each wake-up.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn_local};

use super::LoopState;
use super::body::{CoroutineCall, EarlyEnd, handle_request};
use super::shared::LostLocks;
use super::workers::JobClaim;
use crate::verify::local::recorder::{InstanceNumber, NO_INSTANCE, NO_LANE, Recorder};
use crate::verify::plan::first_segment;
use model::trace::{Role, State};
use model::workload::{SegmentId, TaskIndex, TaskKind};

/// The outcome of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskOutcome {
    Done,
    Failed,
    Cancelled,
}

/// The handle by which a parent waits for a task or cancels it.
#[derive(Clone, Debug)]
pub(super) struct ChildHandle {
    life: Rc<Completion>,
    cancellation: Cancellation,
}

/// The way to cancel a child.
#[derive(Clone, Debug)]
enum Cancellation {
    /// At its next await.
    Task(AbortHandle),
    /// As long as no worker has begun it.
    Job(QueuedJob),
}

/// A job of the queue, as its sender sees it.
#[derive(Clone, Debug)]
pub(super) struct QueuedJob {
    pub(super) claim: Arc<JobClaim>,
    pub(super) recorder: Arc<Recorder>,
    pub(super) who: InstanceNumber,
    pub(super) segment: SegmentId,
}

/// The outcome of a task, once it has ended, and the waiters for it.
#[derive(Debug)]
pub(super) struct Completion {
    over: Cell<Option<TaskOutcome>>,
    /// Notified at the end.
    listeners: RefCell<Vec<Rc<Notify>>>,
}

impl ChildHandle {
    /// A handle for a job. Its sender calls [`Completion::end`].
    pub(super) fn of_job(life: Rc<Completion>, job: QueuedJob) -> Self {
        Self {
            life,
            cancellation: Cancellation::Job(job),
        }
    }

    pub(super) fn is_task(&self) -> bool {
        matches!(self.cancellation, Cancellation::Task(_))
    }

    pub(super) fn ended(&self) -> Option<TaskOutcome> {
        self.life.over.get()
    }

    pub(super) fn cancel(&self) {
        match &self.cancellation {
            Cancellation::Task(abort) => abort.abort(),
            Cancellation::Job(job) => {
                if job.claim.take() {
                    job.recorder
                        .add(job.who, State::Cancelled, NO_LANE, job.segment, NO_INSTANCE);
                    // As in Celery, a wait for a revoked job raises an error.
                    self.life.end(TaskOutcome::Failed);
                }
            }
        }
    }

    pub(super) fn tell(&self, listener: &Rc<Notify>) {
        self.life.listeners.borrow_mut().push(Rc::clone(listener));
    }

    pub(super) async fn over(&self) -> TaskOutcome {
        // One `Notify` for each waiter: `notify_one` stores a permit, so an end between the
        // check and the wait is not lost.
        let notify = Rc::new(Notify::new());
        self.tell(&notify);
        loop {
            if let Some(over) = self.ended() {
                return over;
            }
            notify.notified().await;
        }
    }
}

impl Completion {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self {
            over: Cell::new(None),
            listeners: RefCell::default(),
        })
    }

    /// Has no effect after the first call.
    pub(super) fn end(&self, over: TaskOutcome) {
        if self.over.get().is_some() {
            return;
        }
        self.over.set(Some(over));
        for listener in self.listeners.borrow().iter() {
            listener.notify_one();
        }
    }
}

/// The state and the segment that a task records when it is suspended next. The body sets it
/// before each segment.
#[derive(Debug)]
pub(super) struct SuspensionPoint {
    pub(super) who: InstanceNumber,
    pub(super) state: Cell<(State, SegmentId)>,
    pub(super) lost: LostLocks,
}

/// Starts a task. A `def` runs on the thread pool.
pub(super) fn spawn_watched(
    all: &Rc<LoopState>,
    task: TaskIndex,
    parent: InstanceNumber,
    role: Role,
) -> ChildHandle {
    let segment = first_segment(&all.workload, task);
    let who = all.recorder.instance(task, parent, role);
    all.recorder
        .add(who, State::Ready, NO_LANE, segment, parent);
    let stand = Rc::new(SuspensionPoint {
        who,
        state: Cell::new((State::Ready, segment)),
        lost: LostLocks::default(),
    });
    let life = Completion::new();
    let inner = run_definition(Rc::clone(all), Rc::clone(&stand), task);
    let handle = spawn_local(RecordedTask {
        inner: Box::pin(inner),
        recorder: Arc::clone(&all.recorder),
        stand,
        life: Rc::clone(&life),
        bell: None,
    });
    ChildHandle {
        life,
        cancellation: Cancellation::Task(handle.abort_handle()),
    }
}

async fn run_definition(
    all: Rc<LoopState>,
    stand: Rc<SuspensionPoint>,
    task: TaskIndex,
) -> Result<(), EarlyEnd> {
    let workload = Arc::clone(&all.workload);
    let definition = workload.task(task);
    match definition.kind {
        TaskKind::Sync => handle_request(&all, &stand, task).await,
        TaskKind::Async => {
            let frame = CoroutineCall::new(&all, &stand, task);
            frame.run_body(&definition.body, None).await
        }
    }
}

type TaskFuture = Pin<Box<dyn Future<Output = Result<(), EarlyEnd>>>>;

/// A task's future, which records its suspensions and its end.
struct RecordedTask {
    inner: TaskFuture,
    recorder: Arc<Recorder>,
    stand: Rc<SuspensionPoint>,
    life: Rc<Completion>,
    /// Of the last poll.
    bell: Option<Arc<RecordingWaker>>,
}

impl RecordedTask {
    /// The waker for the next poll. It stays the same as long as tokio's does, so that a waker
    /// that a timer or a lock kept records for the current suspension.
    fn bell(&mut self, waker: &Waker) -> Arc<RecordingWaker> {
        let kept = self.bell.take().filter(|bell| bell.waker.will_wake(waker));
        let bell = kept.unwrap_or_else(|| {
            Arc::new(RecordingWaker {
                waker: waker.clone(),
                recorder: Arc::clone(&self.recorder),
                who: self.stand.who,
                stage: AtomicU8::new(POLLED),
            })
        });
        self.bell = Some(Arc::clone(&bell));
        bell
    }

    fn record_state(&self, state: State) {
        let (_, segment) = self.stand.state.get();
        self.recorder
            .add(self.stand.who, state, NO_LANE, segment, NO_INSTANCE);
    }

    fn end(&self, over: TaskOutcome) {
        self.record_state(match over {
            TaskOutcome::Done => State::Done,
            TaskOutcome::Failed => State::Failed,
            TaskOutcome::Cancelled => State::Cancelled,
        });
        self.life.end(over);
    }
}

impl Future for RecordedTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let bell = this.bell(context.waker());
        bell.stage.store(POLLED, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&bell));
        let result = this.inner.as_mut().poll(&mut Context::from_waker(&waker));
        match result {
            Poll::Pending => {
                let (state, _) = this.stand.state.get();
                this.record_state(state);
                // A task that yields is ready already and records no wake-up.
                if state != State::Ready {
                    bell.begin_wait();
                }
                Poll::Pending
            }
            Poll::Ready(result) => {
                this.end(match result {
                    Ok(()) => TaskOutcome::Done,
                    Err(EarlyEnd::Failed) => TaskOutcome::Failed,
                    Err(EarlyEnd::Cancelled) => TaskOutcome::Cancelled,
                });
                Poll::Ready(())
            }
        }
    }
}

/// Tokio cancels a task by dropping its future.
impl Drop for RecordedTask {
    fn drop(&mut self) {
        if self.life.over.get().is_none() {
            self.end(TaskOutcome::Cancelled);
        }
    }
}

/// A waker that records the wake-up of a waiting task.
struct RecordingWaker {
    waker: Waker,
    recorder: Arc<Recorder>,
    who: InstanceNumber,
    /// [`POLLED`], [`WAITING`] or [`WOKEN`].
    stage: AtomicU8,
}

/// The task is polled, or it has yielded: a wake-up is not recorded yet.
const POLLED: u8 = 0;
/// The task is suspended, and its suspension is recorded.
const WAITING: u8 = 1;
/// Woken since the last poll began. Only the first of several wake-ups counts.
const WOKEN: u8 = 2;

impl RecordingWaker {
    /// Called after the suspension's record, so that the wake-up's record follows it.
    fn begin_wait(&self) {
        let begun =
            self.stage
                .compare_exchange(POLLED, WAITING, Ordering::SeqCst, Ordering::SeqCst);
        // Another thread has woken the task during its poll.
        if begun.is_err() {
            self.record_wake_up();
        }
    }

    fn record_wake_up(&self) {
        let nowhere = SegmentId(0);
        self.recorder
            .add(self.who, State::Ready, NO_LANE, nowhere, NO_INSTANCE);
    }
}

impl Wake for RecordingWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.stage.swap(WOKEN, Ordering::SeqCst) == WAITING {
            self.record_wake_up();
        }
        self.waker.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::thread;

    use super::*;
    use crate::verify::wire::WireEnding;

    #[test]
    fn a_wake_up_during_the_poll_is_recorded_after_the_suspension() {
        let recorder = Arc::new(Recorder::new());
        let who = recorder.instance(TaskIndex(0), NO_INSTANCE, Role::Arrived);
        let mut polled = false;
        let inner = poll_fn(move |context| {
            if polled {
                return Poll::Ready(Ok(()));
            }
            polled = true;
            let waker = context.waker().clone();
            let waking = thread::spawn(move || waker.wake());
            waking.join().expect("waking never panics");
            Poll::Pending
        });
        let mut watched = pin!(RecordedTask {
            inner: Box::pin(inner),
            recorder: Arc::clone(&recorder),
            stand: Rc::new(SuspensionPoint {
                who,
                state: Cell::new((State::Awaiting, SegmentId(0))),
                lost: LostLocks::default(),
            }),
            life: Completion::new(),
            bell: None,
        });
        let mut context = Context::from_waker(Waker::noop());
        assert!(watched.as_mut().poll(&mut context).is_pending());
        assert!(watched.as_mut().poll(&mut context).is_ready());
        let wire = recorder.finish(WireEnding::Finished, None);
        let states: Vec<State> = wire.records.iter().map(|record| record.2).collect();
        assert_eq!(states, [State::Awaiting, State::Ready, State::Done]);
    }
}
