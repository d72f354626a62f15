//! The execution of a coroutine's body with tokio, segment by segment.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use tokio::sync::Notify;
use tokio::task::{spawn_blocking, spawn_local, yield_now};
use tokio::time::{sleep, timeout};

use super::LoopState;
use super::shared::{Permit, SharedResource};
use super::task::{
    ChildHandle, Completion, QueuedJob, SuspensionPoint, TaskOutcome, spawn_watched,
};
use super::workers::Workers;
use crate::verify::local::burn::{Burning, burn_cpu};
use crate::verify::local::recorder::{InstanceNumber, NO_INSTANCE, NO_LANE};
use crate::verify::local::synchronous::{BodyFailed, Thread, fixed_length, real_duration};
use crate::verify::plan::{first_segment, waiting_state};
use crate::verify::wire::WireLane;
use model::trace::{Role, State};
use model::workload::{
    Body, Executor, GatherMode, HandleIndex, Member, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind, Work,
};

/// The reason why a body ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EarlyEnd {
    Failed,
    /// The body awaited a task that was cancelled.
    Cancelled,
}

impl From<BodyFailed> for EarlyEnd {
    fn from(_: BodyFailed) -> Self {
        Self::Failed
    }
}

/// One call of one coroutine.
pub(super) struct CoroutineCall<'a> {
    all: &'a Rc<LoopState>,
    stand: &'a Rc<SuspensionPoint>,
    task: TaskIndex,
    handles: RefCell<BTreeMap<HandleIndex, ChildHandle>>,
}

/// The children of a `group:`.
#[derive(Debug, Default)]
pub(super) struct GroupChildren {
    children: RefCell<Vec<ChildHandle>>,
    /// Notified when a child ends.
    news: Rc<Notify>,
}

type BodyFuture<'a> = Pin<Box<dyn Future<Output = Result<(), EarlyEnd>> + 'a>>;

impl<'a> CoroutineCall<'a> {
    pub(super) fn new(
        all: &'a Rc<LoopState>,
        stand: &'a Rc<SuspensionPoint>,
        task: TaskIndex,
    ) -> Self {
        Self {
            all,
            stand,
            task,
            handles: RefCell::default(),
        }
    }

    /// Boxed, because bodies are nested and a future cannot contain itself.
    pub(super) fn run_body<'b>(
        &'b self,
        body: &'b Body,
        group: Option<&'b GroupChildren>,
    ) -> BodyFuture<'b> {
        Box::pin(async move {
            for segment in body {
                self.run_segment(segment, group).await?;
            }
            Ok(())
        })
    }

    async fn run_segment(
        &self,
        segment: &Segment,
        group: Option<&GroupChildren>,
    ) -> Result<(), EarlyEnd> {
        // For the record that the task makes if it is suspended at this segment.
        self.stand
            .state
            .set((waiting_state(&segment.kind), segment.id));
        match &segment.kind {
            SegmentKind::Cpu { length, .. } => burn_cpu(fixed_length(*length), None, |burning| {
                if burning == Burning::Computes {
                    self.record_state(State::Running, segment.id);
                }
            }),
            SegmentKind::Block { length, .. } => {
                self.record_state(State::Blocking, segment.id);
                thread::sleep(real_duration(fixed_length(*length)));
            }
            SegmentKind::Await { length, .. } => sleep(real_duration(fixed_length(*length))).await,
            SegmentKind::Yield => yield_now().await,
            SegmentKind::Call { task } => return self.call_task(*task).await,
            SegmentKind::Spawn { task, handle } => self.spawn_task(*task, *handle, group),
            SegmentKind::Wait { handle } => return self.wait_for_handle(*handle).await,
            SegmentKind::Cancel { handle } => {
                let child = self.handles.borrow().get(handle).cloned();
                child.ok_or(EarlyEnd::Failed)?.cancel();
            }
            SegmentKind::Gather { members, mode } => {
                return self.gather_members(members, *mode).await;
            }
            SegmentKind::AsCompleted { members, body } => {
                return self.run_as_completed(members, body, segment, group).await;
            }
            SegmentKind::Group { body } => return self.run_group(body, segment).await,
            SegmentKind::Offload { to, work } => {
                return self.offload_work(*to, work, segment.id).await;
            }
            SegmentKind::Send { task, handle } => self.send_job(*task, *handle),
            SegmentKind::Put { queue } => self.shared(*queue).put().await,
            SegmentKind::Get { queue } => self.shared(*queue).get().await,
            SegmentKind::Shutdown { .. } => unreachable!("`adapt_to_tokio` refuses it"),
            SegmentKind::With { resource, body } => {
                let shared = self.shared(*resource);
                shared.acquire().await;
                // Only after `acquire`: a cancelled wait has no permit to give back.
                let _permit = Permit {
                    shared,
                    resource: *resource,
                    lost: &self.stand.lost,
                };
                return self.run_body(body, group).await;
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
                let child = self.spawn_child(*task, Role::Shielded);
                return result_of(child.over().await);
            }
            SegmentKind::WaitFor {
                after,
                task,
                otherwise,
                ..
            } => {
                let after = real_duration(fixed_length(*after));
                let result = timeout(after, self.call_task(*task)).await;
                self.reacquire_lost_locks().await;
                return match (result, otherwise) {
                    (Ok(result), _) => result,
                    (Err(_), Some(otherwise)) => self.run_body(otherwise, group).await,
                    (Err(_), None) => Err(EarlyEnd::Failed),
                };
            }
            SegmentKind::Respond => self.record_state(State::Responded, segment.id),
            SegmentKind::Print { .. } => self.record_state(State::Printed, segment.id),
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => {
                let after = real_duration(fixed_length(*after));
                let result = timeout(after, self.run_body(body, group)).await;
                self.reacquire_lost_locks().await;
                return match (result, otherwise) {
                    (Ok(result), _) => result,
                    (Err(_), Some(otherwise)) => self.run_body(otherwise, group).await,
                    (Err(_), None) => Err(EarlyEnd::Failed),
                };
            }
            SegmentKind::Try {
                body,
                except,
                finally,
            } => {
                return self
                    .run_try(body, except.as_ref(), finally.as_ref(), group)
                    .await;
            }
            SegmentKind::Fail { .. } => return Err(EarlyEnd::Failed),
            SegmentKind::Repeat { times, body } => {
                for _ in 0..*times {
                    self.run_body(body, group).await?;
                }
            }
            SegmentKind::Forever { body } => loop {
                self.run_body(body, group).await?;
            },
        }
        Ok(())
    }

    fn record_state(&self, state: State, segment: SegmentId) {
        let lane = self.all.lane;
        self.all
            .recorder
            .add(self.stand.who, state, lane, segment, NO_INSTANCE);
    }

    fn shared(&self, resource: ResourceIndex) -> &SharedResource {
        &self.all.shared[resource.0 as usize]
    }

    /// Acquires the locks that a dropped part of the body has lost and that an outer `with` holds.
    async fn reacquire_lost_locks(&self) {
        while let Some(lock) = self.stand.lost.last() {
            self.shared(lock).acquire().await;
            self.stand.lost.remove(lock);
        }
    }

    async fn call_task(&self, task: TaskIndex) -> Result<(), EarlyEnd> {
        let definition = self.all.workload.task(task);
        let frame = CoroutineCall::new(self.all, self.stand, task);
        match definition.kind {
            TaskKind::Async => frame.run_body(&definition.body, None).await,
            TaskKind::Sync => Ok(self
                .thread_context(self.stand.who, self.all.lane)
                .run_task(task)?),
        }
    }

    /// The context for a plain function that runs on the loop's thread, i.e. blocks the loop.
    fn thread_context(&self, who: InstanceNumber, lane: i64) -> Thread<'_> {
        Thread {
            workload: &self.all.workload,
            recorder: &self.all.recorder,
            who,
            lane,
            held: None,
        }
    }

    fn spawn_child(&self, task: TaskIndex, role: Role) -> ChildHandle {
        spawn_watched(self.all, task, self.stand.who, role)
    }

    fn spawn_task(
        &self,
        task: TaskIndex,
        handle: Option<HandleIndex>,
        group: Option<&GroupChildren>,
    ) {
        let role = group.map_or(Role::Spawned, |_| Role::Grouped);
        let child = self.spawn_child(task, role);
        if let Some(group) = group {
            child.tell(&group.news);
            group.children.borrow_mut().push(child.clone());
        }
        if let Some(handle) = handle {
            self.handles.borrow_mut().insert(handle, child);
        }
    }

    async fn wait_for_handle(&self, handle: HandleIndex) -> Result<(), EarlyEnd> {
        let child = self.handles.borrow().get(&handle).cloned();
        let Some(child) = child else {
            return Err(EarlyEnd::Failed);
        };
        // If this task is cancelled here, the awaited one is cancelled too, as in asyncio.
        // A job goes on: only its result is awaited.
        let mut left = CancelOnDrop(child.is_task().then(|| child.clone()).into_iter().collect());
        let over = child.over().await;
        left.0.clear();
        result_of(over)
    }

    async fn gather_members(&self, members: &[Member], mode: GatherMode) -> Result<(), EarlyEnd> {
        let role = match mode {
            GatherMode::First => Role::Spawned,
            GatherMode::Raise | GatherMode::Collect => Role::Gathered,
        };
        let (children, news) = self.spawn_members(members, role);
        let mut left = CancelOnDrop(children);
        if mode == GatherMode::First {
            // The others are cancelled when `left` is dropped.
            return next_to_end(&left.0, &news, |_| true).await.1;
        }
        let ended = until_over(&left.0, &news, mode == GatherMode::Raise).await;
        // As in asyncio, the other members continue after a failure.
        left.0.clear();
        match mode {
            GatherMode::Collect => Ok(()),
            GatherMode::Raise | GatherMode::First => ended,
        }
    }

    async fn run_as_completed(
        &self,
        members: &[Member],
        body: &Body,
        segment: &Segment,
        group: Option<&GroupChildren>,
    ) -> Result<(), EarlyEnd> {
        let (children, news) = self.spawn_members(members, Role::Spawned);
        let mut awaited = HashSet::new();
        while awaited.len() < children.len() {
            // The segments of the body have replaced it.
            self.stand
                .state
                .set((waiting_state(&segment.kind), segment.id));
            let is_new = |index| !awaited.contains(&index);
            let (index, ended) = next_to_end(&children, &news, is_new).await;
            awaited.insert(index);
            ended?;
            self.run_body(body, group).await?;
        }
        Ok(())
    }

    fn spawn_members(&self, members: &[Member], role: Role) -> (Vec<ChildHandle>, Rc<Notify>) {
        let news = Rc::new(Notify::new());
        let mut children = Vec::new();
        for member in members {
            for _ in 0..member.count {
                let child = self.spawn_child(member.task, role);
                child.tell(&news);
                children.push(child);
            }
        }
        (children, news)
    }

    async fn run_group(&self, body: &Body, segment: &Segment) -> Result<(), EarlyEnd> {
        let group = GroupChildren::default();
        // A failing child ends the body of the group at its next await.
        let result = {
            let inside = pin!(self.run_body(body, Some(&group)));
            let failing = pin!(first_failure(&group));
            first_of(inside, failing).await
        };
        self.reacquire_lost_locks().await;
        // The segments of the body have replaced it.
        self.stand
            .state
            .set((waiting_state(&segment.kind), segment.id));
        let children = |group: &GroupChildren| group.children.borrow().clone();
        let mut left = CancelOnDrop(children(&group));
        let result = match result {
            Ok(()) => until_over(&left.0, &group.news, true).await,
            Err(stop) => Err(stop),
        };
        if result.is_err() {
            left.0.iter().for_each(ChildHandle::cancel);
            let _ = until_over(&left.0, &group.news, false).await;
        }
        left.0.clear();
        // A `TaskGroup` turns every error inside into an `ExceptionGroup`.
        result.map_err(|_| EarlyEnd::Failed)
    }

    async fn run_try(
        &self,
        body: &Body,
        except: Option<&Body>,
        finally: Option<&Body>,
        group: Option<&GroupChildren>,
    ) -> Result<(), EarlyEnd> {
        let mut result = self.run_body(body, group).await;
        if let (Err(EarlyEnd::Failed), Some(except)) = (result, except) {
            result = self.run_body(except, group).await;
        }
        if let Some(finally) = finally {
            self.run_body(finally, group).await?;
        }
        result
    }

    async fn offload_work(&self, to: Executor, work: &Work, id: SegmentId) -> Result<(), EarlyEnd> {
        let (task, role) = match work {
            Work::Task(task) => (*task, Role::Offloaded),
            Work::Body(_) => (self.task, Role::Part),
        };
        match to {
            Executor::Pool => in_pool(self.all, self.stand, task, role, work.clone(), id).await,
            Executor::Own => {
                let queued = State::QueuedExecutor;
                self.submit_to(&self.all.executor, queued, task, role, work.clone(), id)
                    .await
            }
            Executor::Process => {
                let queued = State::QueuedProcess;
                self.submit_to(&self.all.processes, queued, task, role, work.clone(), id)
                    .await
            }
        }
    }

    async fn submit_to(
        &self,
        workers: &Workers,
        queued: State,
        task: TaskIndex,
        role: Role,
        work: Work,
        id: SegmentId,
    ) -> Result<(), EarlyEnd> {
        let who = self.all.recorder.instance(task, self.stand.who, role);
        self.all
            .recorder
            .add(who, queued, NO_LANE, id, self.stand.who);
        let told = submit_work(self.all, workers, who, work, id);
        let worked = told.await.unwrap_or(Err(BodyFailed));
        Ok(worked?)
    }

    fn send_job(&self, task: TaskIndex, handle: Option<HandleIndex>) {
        let id = first_segment(&self.all.workload, task);
        let who = self.all.recorder.instance(task, self.stand.who, Role::Sent);
        self.all
            .recorder
            .add(who, State::QueuedJob, NO_LANE, id, self.stand.who);
        let jobs = &self.all.jobs;
        let job = QueuedJob {
            claim: Arc::default(),
            recorder: Arc::clone(&self.all.recorder),
            who,
            segment: id,
        };
        let work = at_work(self.all, jobs.lane, who, Work::Task(task), id);
        let told = jobs.submit_job(work, Arc::clone(&job.claim));
        let life = Completion::new();
        let child = ChildHandle::of_job(Rc::clone(&life), job);
        // The loop must notice the end of the job, because `Life` is not thread-safe.
        spawn_local(async move {
            // A revoked job has no result; its end is known already.
            life.end(match told.await {
                Ok(Ok(())) => TaskOutcome::Done,
                _ => TaskOutcome::Failed,
            });
        });
        if let Some(handle) = handle {
            self.handles.borrow_mut().insert(handle, child);
        }
    }
}

/// Runs a `def` handler: waits for a token of the thread pool, then for the thread's result.
pub(super) async fn handle_request(
    all: &Rc<LoopState>,
    stand: &Rc<SuspensionPoint>,
    task: TaskIndex,
) -> Result<(), EarlyEnd> {
    let id = first_segment(&all.workload, task);
    in_pool(all, stand, task, Role::Part, Work::Task(task), id).await
}

async fn in_pool(
    all: &Rc<LoopState>,
    stand: &Rc<SuspensionPoint>,
    task: TaskIndex,
    role: Role,
    work: Work,
    id: SegmentId,
) -> Result<(), EarlyEnd> {
    // Tokio's own limit is 512 threads, so a semaphore imitates AnyIO's limit of e.g. 40.
    stand.state.set((State::QueuedToken, id));
    let token = all.pool.acquire().await;
    let _token = token.expect("nobody closes the pool");
    stand.state.set((State::Offloaded, id));
    let who = all.recorder.instance(task, stand.who, role);
    let begin = at_work(all, WireLane::Thread, who, work, id);
    let worked = spawn_blocking(begin).await.unwrap_or(Err(BodyFailed));
    Ok(worked?)
}

fn submit_work(
    all: &Rc<LoopState>,
    workers: &Workers,
    who: InstanceNumber,
    work: Work,
    id: SegmentId,
) -> tokio::sync::oneshot::Receiver<Result<(), BodyFailed>> {
    let recorder = Arc::clone(&all.recorder);
    let dropped = move || recorder.add(who, State::Cancelled, NO_LANE, id, NO_INSTANCE);
    workers.submit(at_work(all, workers.lane, who, work, id), dropped)
}

/// The function that a worker thread executes: the work, between records of its start and end.
fn at_work(
    all: &Rc<LoopState>,
    kind: WireLane,
    who: InstanceNumber,
    work: Work,
    id: SegmentId,
) -> impl FnOnce() -> Result<(), BodyFailed> + Send + 'static {
    let (workload, recorder) = (Arc::clone(&all.workload), Arc::clone(&all.recorder));
    move || {
        let lane = recorder.lane(kind);
        recorder.add(who, State::Running, lane, id, NO_INSTANCE);
        let thread = Thread {
            workload: &workload,
            recorder: &recorder,
            who,
            lane,
            held: None,
        };
        let result = match &work {
            Work::Task(task) => thread.run_task(*task),
            Work::Body(body) => thread.run_body(body),
        };
        let state = if result.is_ok() {
            State::Done
        } else {
            State::Failed
        };
        recorder.add(who, state, NO_LANE, id, NO_INSTANCE);
        result
    }
}

/// Children that are cancelled if the task that waits for them is. Cleared after the wait.
struct CancelOnDrop(Vec<ChildHandle>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.iter().for_each(ChildHandle::cancel);
    }
}

fn result_of(over: TaskOutcome) -> Result<(), EarlyEnd> {
    match over {
        TaskOutcome::Done => Ok(()),
        TaskOutcome::Failed => Err(EarlyEnd::Failed),
        TaskOutcome::Cancelled => Err(EarlyEnd::Cancelled),
    }
}

/// Waits until one of these children has ended. Returns its index and its result.
async fn next_to_end(
    children: &[ChildHandle],
    news: &Notify,
    counts: impl Fn(usize) -> bool,
) -> (usize, Result<(), EarlyEnd>) {
    loop {
        let mut indices = (0..children.len()).filter(|&index| counts(index));
        let ended = indices.find_map(|index| Some((index, children[index].ended()?)));
        match ended {
            Some((index, outcome)) => return (index, result_of(outcome)),
            None => news.notified().await,
        }
    }
}

/// Waits until all children have ended. With `raise`, returns at the first failure.
async fn until_over(children: &[ChildHandle], news: &Notify, raise: bool) -> Result<(), EarlyEnd> {
    loop {
        let ended: Vec<Option<TaskOutcome>> = children.iter().map(ChildHandle::ended).collect();
        if raise && ended.contains(&Some(TaskOutcome::Failed)) {
            return Err(EarlyEnd::Failed);
        }
        if ended.iter().all(Option::is_some) {
            return Ok(());
        }
        news.notified().await;
    }
}

/// Waits until a child has failed; never returns `Ok`.
async fn first_failure(group: &GroupChildren) -> Result<(), EarlyEnd> {
    loop {
        let failed = |child: &ChildHandle| child.ended() == Some(TaskOutcome::Failed);
        if group.children.borrow().iter().any(failed) {
            return Err(EarlyEnd::Failed);
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
