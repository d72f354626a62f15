//! The execution of a coroutine's body with tokio, segment by segment.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use tokio::sync::Notify;
use tokio::task::{spawn_blocking, spawn_local, yield_now};
use tokio::time::{sleep, timeout};

use super::Loop;
use super::shared::{Permit, Shared};
use super::task::{Child, Job, Life, Over, Stand, spawn};
use super::workers::Workers;
use crate::verify::local::burn::{Burning, burn};
use crate::verify::local::recorder::{NO_LANE, NOBODY, Who};
use crate::verify::local::synchronous::{Failed, Thread, fixed, real};
use crate::verify::plan::{first_segment, waits};
use crate::verify::wire::{WireLane, WireRole};
use model::trace::State;
use model::workload::{
    Body, Executor, GatherErrors, HandleIndex, Member, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind, Work,
};

/// The reason why a body ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Failed,
    /// The body awaited a task that was cancelled.
    Cancelled,
}

impl From<Failed> for Stop {
    fn from(_: Failed) -> Self {
        Self::Failed
    }
}

/// One call of one coroutine.
pub(super) struct Frame<'a> {
    all: &'a Rc<Loop>,
    stand: &'a Rc<Stand>,
    task: TaskIndex,
    handles: RefCell<BTreeMap<HandleIndex, Child>>,
}

/// The children of a `group:`.
#[derive(Debug, Default)]
pub(super) struct Group {
    children: RefCell<Vec<Child>>,
    /// Notified when a child ends.
    news: Rc<Notify>,
}

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + 'a>>;

impl<'a> Frame<'a> {
    pub(super) fn new(all: &'a Rc<Loop>, stand: &'a Rc<Stand>, task: TaskIndex) -> Self {
        Self {
            all,
            stand,
            task,
            handles: RefCell::default(),
        }
    }

    /// Boxed, because bodies are nested and a future cannot contain itself.
    pub(super) fn body<'b>(&'b self, body: &'b Body, group: Option<&'b Group>) -> Outcome<'b> {
        Box::pin(async move {
            for segment in body {
                self.segment(segment, group).await?;
            }
            Ok(())
        })
    }

    async fn segment(&self, segment: &Segment, group: Option<&Group>) -> Result<(), Stop> {
        // For the record that the task makes if it is suspended at this segment.
        self.stand.state.set((waits(&segment.kind), segment.id));
        match &segment.kind {
            SegmentKind::Cpu { length, .. } => burn(fixed(*length), None, |burning| {
                if burning == Burning::Computes {
                    self.turn(State::Running, segment.id);
                }
            }),
            SegmentKind::Block { length, .. } => {
                self.turn(State::Blocking, segment.id);
                thread::sleep(real(fixed(*length)));
            }
            SegmentKind::Await { length, .. } => sleep(real(fixed(*length))).await,
            SegmentKind::Yield => yield_now().await,
            SegmentKind::Call { task } => return self.call(*task).await,
            SegmentKind::Spawn { task, handle } => self.spawn(*task, *handle, group),
            SegmentKind::Wait { handle } => return self.wait(*handle).await,
            SegmentKind::Cancel { handle } => {
                let child = self.handles.borrow().get(handle).cloned();
                child.ok_or(Stop::Failed)?.cancel();
            }
            SegmentKind::Gather { members, errors } => return self.gather(members, *errors).await,
            SegmentKind::Group { body } => return self.group(body, segment).await,
            SegmentKind::Offload { to, work } => return self.offload(*to, work, segment.id).await,
            SegmentKind::Send { task, handle } => self.send(*task, *handle),
            SegmentKind::Put { queue } => self.shared(*queue).put().await,
            SegmentKind::Get { queue } => self.shared(*queue).get().await,
            SegmentKind::With { resource, body } => {
                let shared = self.shared(*resource);
                shared.acquire().await;
                // Only after `acquire`: a cancelled wait has no permit to give back.
                let _permit = Permit {
                    shared,
                    resource: *resource,
                    lost: &self.stand.lost,
                };
                return self.body(body, group).await;
            }
            SegmentKind::Acquire { resource } => self.shared(*resource).acquire().await,
            SegmentKind::Release { resource } => self.shared(*resource).release(),
            SegmentKind::SetEvent { event } => self.shared(*event).set(true),
            SegmentKind::ClearEvent { event } => self.shared(*event).set(false),
            SegmentKind::WaitEvent { event } => self.shared(*event).wait_event().await,
            SegmentKind::WaitCondition { condition } => {
                let lost = &self.stand.lost;
                self.shared(*condition)
                    .wait_condition(*condition, lost)
                    .await;
            }
            SegmentKind::Notify { condition, count } => self.shared(*condition).notify(*count),
            SegmentKind::Shield { task } => {
                let child = self.child(*task, WireRole::Shielded);
                return result(child.over().await);
            }
            SegmentKind::Respond => self.turn(State::Responded, segment.id),
            SegmentKind::Print { .. } => self.turn(State::Printed, segment.id),
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => {
                let after = real(fixed(*after));
                let result = timeout(after, self.body(body, group)).await;
                self.reacquire_lost_locks().await;
                return match (result, otherwise) {
                    (Ok(result), _) => result,
                    (Err(_), Some(otherwise)) => self.body(otherwise, group).await,
                    (Err(_), None) => Err(Stop::Failed),
                };
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                return self
                    .guarded(body, except.as_ref(), finally.as_ref(), group)
                    .await;
            }
            SegmentKind::Fail { .. } => return Err(Stop::Failed),
            SegmentKind::Repeat { times, body } => {
                for _ in 0..*times {
                    self.body(body, group).await?;
                }
            }
            SegmentKind::Forever { body } => loop {
                self.body(body, group).await?;
            },
        }
        Ok(())
    }

    fn turn(&self, state: State, segment: SegmentId) {
        let lane = self.all.lane;
        self.all
            .recorder
            .add(self.stand.who, state, lane, segment, NOBODY);
    }

    fn shared(&self, resource: ResourceIndex) -> &Shared {
        &self.all.shared[resource.0 as usize]
    }

    /// Acquires the locks that a dropped part of the body has lost and that an outer `with` holds.
    async fn reacquire_lost_locks(&self) {
        while let Some(lock) = self.stand.lost.last() {
            self.shared(lock).acquire().await;
            self.stand.lost.remove(lock);
        }
    }

    async fn call(&self, task: TaskIndex) -> Result<(), Stop> {
        let definition = self.all.workload.task(task);
        let frame = Frame::new(self.all, self.stand, task);
        match definition.kind {
            TaskKind::Async => frame.body(&definition.body, None).await,
            TaskKind::Sync => Ok(self.thread(self.stand.who, self.all.lane).task(task)?),
        }
    }

    /// The context for a plain function that runs on the loop's thread, i.e. blocks the loop.
    fn thread(&self, who: Who, lane: i64) -> Thread<'_> {
        Thread {
            workload: &self.all.workload,
            recorder: &self.all.recorder,
            who,
            lane,
            held: None,
        }
    }

    fn child(&self, task: TaskIndex, role: WireRole) -> Child {
        spawn(self.all, task, self.stand.who, role)
    }

    fn spawn(&self, task: TaskIndex, handle: Option<HandleIndex>, group: Option<&Group>) {
        let role = group.map_or(WireRole::Spawned, |_| WireRole::Grouped);
        let child = self.child(task, role);
        if let Some(group) = group {
            child.tell(&group.news);
            group.children.borrow_mut().push(child.clone());
        }
        if let Some(handle) = handle {
            self.handles.borrow_mut().insert(handle, child);
        }
    }

    async fn wait(&self, handle: HandleIndex) -> Result<(), Stop> {
        let child = self.handles.borrow().get(&handle).cloned();
        let Some(child) = child else {
            return Err(Stop::Failed);
        };
        // If this task is cancelled here, the awaited one is cancelled too, as in asyncio.
        // A job goes on: only its result is awaited.
        let mut left = Abandoned(child.is_task().then(|| child.clone()).into_iter().collect());
        let over = child.over().await;
        left.0.clear();
        result(over)
    }

    async fn gather(&self, members: &[Member], errors: GatherErrors) -> Result<(), Stop> {
        let news = Rc::new(Notify::new());
        let mut children = Vec::new();
        for member in members {
            for _ in 0..member.count {
                let child = self.child(member.task, WireRole::Gathered);
                child.tell(&news);
                children.push(child);
            }
        }
        let mut left = Abandoned(children);
        let ended = until_over(&left.0, &news, errors == GatherErrors::Raise).await;
        // As in asyncio, the other members continue after a failure.
        left.0.clear();
        match errors {
            GatherErrors::Raise => ended,
            GatherErrors::Collect => Ok(()),
        }
    }

    async fn group(&self, body: &Body, segment: &Segment) -> Result<(), Stop> {
        let group = Group::default();
        // A failing child ends the body of the group at its next await.
        let result = {
            let inside = pin!(self.body(body, Some(&group)));
            let failing = pin!(first_failure(&group));
            first_of(inside, failing).await
        };
        self.reacquire_lost_locks().await;
        // The segments of the body have replaced it.
        self.stand.state.set((waits(&segment.kind), segment.id));
        let children = |group: &Group| group.children.borrow().clone();
        let mut left = Abandoned(children(&group));
        let result = match result {
            Ok(()) => until_over(&left.0, &group.news, true).await,
            Err(stop) => Err(stop),
        };
        if result.is_err() {
            left.0.iter().for_each(Child::cancel);
            let _ = until_over(&left.0, &group.news, false).await;
        }
        left.0.clear();
        // A `TaskGroup` turns every error inside into an `ExceptionGroup`.
        result.map_err(|_| Stop::Failed)
    }

    async fn guarded(
        &self,
        body: &Body,
        except: Option<&Body>,
        finally: Option<&Body>,
        group: Option<&Group>,
    ) -> Result<(), Stop> {
        let mut result = self.body(body, group).await;
        if let (Err(Stop::Failed), Some(except)) = (result, except) {
            result = self.body(except, group).await;
        }
        if let Some(finally) = finally {
            self.body(finally, group).await?;
        }
        result
    }

    async fn offload(&self, to: Executor, work: &Work, id: SegmentId) -> Result<(), Stop> {
        let (task, role) = match work {
            Work::Task(task) => (*task, WireRole::Offloaded),
            Work::Body(_) => (self.task, WireRole::Part),
        };
        match to {
            Executor::Pool => in_pool(self.all, self.stand, task, role, work.clone(), id).await,
            Executor::Own => {
                let queued = State::QueuedExecutor;
                self.at(&self.all.executor, queued, task, role, work.clone(), id)
                    .await
            }
            Executor::Process => {
                let queued = State::QueuedProcess;
                self.at(&self.all.processes, queued, task, role, work.clone(), id)
                    .await
            }
        }
    }

    async fn at(
        &self,
        workers: &Workers,
        queued: State,
        task: TaskIndex,
        role: WireRole,
        work: Work,
        id: SegmentId,
    ) -> Result<(), Stop> {
        let who = self.all.recorder.instance(task, self.stand.who, role);
        self.all
            .recorder
            .add(who, queued, NO_LANE, id, self.stand.who);
        let told = submit(self.all, workers, who, work, id);
        let worked = told.await.unwrap_or(Err(Failed));
        Ok(worked?)
    }

    fn send(&self, task: TaskIndex, handle: Option<HandleIndex>) {
        let id = first_segment(&self.all.workload, task);
        let who = self
            .all
            .recorder
            .instance(task, self.stand.who, WireRole::Sent);
        self.all
            .recorder
            .add(who, State::QueuedJob, NO_LANE, id, self.stand.who);
        let jobs = &self.all.jobs;
        let job = Job {
            claim: Arc::default(),
            recorder: Arc::clone(&self.all.recorder),
            who,
            segment: id,
        };
        let work = at_work(self.all, jobs.lane, who, Work::Task(task), id);
        let told = jobs.submit_job(work, Arc::clone(&job.claim));
        let life = Life::new();
        let child = Child::of_job(Rc::clone(&life), job);
        // The loop must notice the end of the job, because `Life` is not thread-safe.
        spawn_local(async move {
            // A revoked job has no result; its end is known already.
            life.end(match told.await {
                Ok(Ok(())) => Over::Done,
                _ => Over::Failed,
            });
        });
        if let Some(handle) = handle {
            self.handles.borrow_mut().insert(handle, child);
        }
    }
}

/// Runs a `def` handler: waits for a token of the thread pool, then for the thread's result.
pub(super) async fn handle_request(
    all: &Rc<Loop>,
    stand: &Rc<Stand>,
    task: TaskIndex,
) -> Result<(), Stop> {
    let id = first_segment(&all.workload, task);
    in_pool(all, stand, task, WireRole::Part, Work::Task(task), id).await
}

async fn in_pool(
    all: &Rc<Loop>,
    stand: &Rc<Stand>,
    task: TaskIndex,
    role: WireRole,
    work: Work,
    id: SegmentId,
) -> Result<(), Stop> {
    // Tokio's own limit is 512 threads, so a semaphore imitates AnyIO's limit of e.g. 40.
    stand.state.set((State::QueuedToken, id));
    let token = all.pool.acquire().await;
    let _token = token.expect("nobody closes the pool");
    stand.state.set((State::Offloaded, id));
    let who = all.recorder.instance(task, stand.who, role);
    let begin = at_work(all, WireLane::Thread, who, work, id);
    let worked = spawn_blocking(begin).await.unwrap_or(Err(Failed));
    Ok(worked?)
}

fn submit(
    all: &Rc<Loop>,
    workers: &Workers,
    who: Who,
    work: Work,
    id: SegmentId,
) -> tokio::sync::oneshot::Receiver<Result<(), Failed>> {
    let recorder = Arc::clone(&all.recorder);
    let dropped = move || recorder.add(who, State::Cancelled, NO_LANE, id, NOBODY);
    workers.submit(at_work(all, workers.lane, who, work, id), dropped)
}

/// The function that a worker thread executes: the work, between records of its start and end.
fn at_work(
    all: &Rc<Loop>,
    kind: WireLane,
    who: Who,
    work: Work,
    id: SegmentId,
) -> impl FnOnce() -> Result<(), Failed> + Send + 'static {
    let (workload, recorder) = (Arc::clone(&all.workload), Arc::clone(&all.recorder));
    move || {
        let lane = recorder.lane(kind);
        recorder.add(who, State::Running, lane, id, NOBODY);
        let thread = Thread {
            workload: &workload,
            recorder: &recorder,
            who,
            lane,
            held: None,
        };
        let result = match &work {
            Work::Task(task) => thread.task(*task),
            Work::Body(body) => thread.body(body),
        };
        let state = if result.is_ok() {
            State::Done
        } else {
            State::Failed
        };
        recorder.add(who, state, NO_LANE, id, NOBODY);
        result
    }
}

/// Children that are cancelled if the task that waits for them is. Cleared after the wait.
struct Abandoned(Vec<Child>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.iter().for_each(Child::cancel);
    }
}

fn result(over: Over) -> Result<(), Stop> {
    match over {
        Over::Done => Ok(()),
        Over::Failed => Err(Stop::Failed),
        Over::Cancelled => Err(Stop::Cancelled),
    }
}

/// Waits until all children have ended. With `raise`, returns at the first failure.
async fn until_over(children: &[Child], news: &Notify, raise: bool) -> Result<(), Stop> {
    loop {
        let ended: Vec<Option<Over>> = children.iter().map(Child::ended).collect();
        if raise && ended.contains(&Some(Over::Failed)) {
            return Err(Stop::Failed);
        }
        if ended.iter().all(Option::is_some) {
            return Ok(());
        }
        news.notified().await;
    }
}

/// Waits until a child has failed; never returns `Ok`.
async fn first_failure(group: &Group) -> Result<(), Stop> {
    loop {
        let failed = |child: &Child| child.ended() == Some(Over::Failed);
        if group.children.borrow().iter().any(failed) {
            return Err(Stop::Failed);
        }
        group.news.notified().await;
    }
}

/// The result of the future that is ready first.
async fn first_of<T>(
    mut one: Pin<&mut impl Future<Output = T>>,
    mut other: Pin<&mut impl Future<Output = T>>,
) -> T {
    poll_fn(|context| match one.as_mut().poll(context) {
        Poll::Pending => other.as_mut().poll(context),
        ready => ready,
    })
    .await
}
