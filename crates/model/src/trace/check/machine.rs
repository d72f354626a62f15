//! The rules for lanes, cores, the GIL, tokens and workers: never too many in use at once,
//! and none idle while an instance needs it.

use super::{CheckContext, Rule};
use crate::trace::{InstanceId, Lane, LaneId, LaneKind, Record, Role, State};
use crate::workload::{Executor, Gil, SegmentKind};

pub(super) struct MachineRules {
    /// By lane: the instance that holds it.
    holders: Vec<Option<InstanceId>>,
    /// Groups of lanes whose threads share a GIL.
    processes: Vec<ProcessCounts>,
    /// By lane: its index in `processes`.
    process_of: Vec<usize>,
    servers: Vec<ServerCounts>,
    /// By instance: whether it has a token and has not had the turn in which it returns it.
    holds_token: Vec<bool>,
    computing: u32,
    wanting_core: u32,
    workers_busy: u32,
    wanting_worker: u32,
    unaccepted: u32,
    loops_held: usize,
    /// Processes that changed at this instant, with duplicates.
    touched_processes: Vec<usize>,
    /// Servers that changed at this instant, with duplicates.
    touched_servers: Vec<usize>,
}

#[derive(Clone, Default)]
struct ProcessCounts {
    computing: u32,
    wanting_core: u32,
    wanting_gil: u32,
}

#[derive(Clone, Default)]
struct ServerCounts {
    ready: u32,
    loop_held: bool,
    tokens_out: u32,
    wanting_token: u32,
    threads_busy: u32,
    wanting_thread: u32,
}

impl MachineRules {
    pub(super) fn new(context: &CheckContext) -> Self {
        let trace = context.trace;
        let servers = context.workload.machine.servers.max(1) as usize;
        let process_of = |(index, lane): (usize, &Lane)| match lane.kind {
            LaneKind::ProcessWorker | LaneKind::JobWorker => servers + index,
            _ => usize::from(lane.server),
        };
        Self {
            holders: vec![None; trace.lanes.len()],
            processes: vec![ProcessCounts::default(); servers + trace.lanes.len()],
            process_of: trace.lanes.iter().enumerate().map(process_of).collect(),
            servers: vec![ServerCounts::default(); servers],
            holds_token: vec![false; trace.instances.len()],
            computing: 0,
            wanting_core: 0,
            workers_busy: 0,
            wanting_worker: 0,
            unaccepted: 0,
            loops_held: 0,
            touched_processes: Vec::new(),
            touched_servers: Vec::new(),
        }
    }

    pub(super) fn check_record(&mut self, context: &mut CheckContext, record: Record) {
        if record.state.is_mark() {
            return;
        }
        let before = context.record_before(record.instance);
        self.count_token(context, before, record);
        if let Some(before) = before {
            self.count_state(context, before, CountChange::Out);
        }
        if !record.state.is_terminal() {
            self.count_state(context, record, CountChange::In);
        }
        self.check_lane_holder(context, before, record);
    }

    /// Counts the state of a record in or out of all counters it concerns.
    fn count_state(&mut self, context: &CheckContext, record: Record, change: CountChange) {
        let instance = context.trace.instance(record.instance);
        self.touched_servers.push(usize::from(instance.server));
        let server = &mut self.servers[usize::from(instance.server)];
        match record.state {
            State::Ready => change.apply(&mut server.ready),
            State::QueuedToken => change.apply(&mut server.wanting_token),
            State::QueuedExecutor => change.apply(&mut server.wanting_thread),
            State::QueuedProcess => change.apply(&mut self.wanting_worker),
            State::Unaccepted => change.apply(&mut self.unaccepted),
            _ => {}
        }
        if !record.state.holds_lane() {
            return;
        }
        let lane = context.trace.lanes[record.lane.0 as usize];
        match lane.kind {
            LaneKind::ExecutorThread => change.apply(&mut server.threads_busy),
            LaneKind::ProcessWorker => change.apply(&mut self.workers_busy),
            LaneKind::Loop => {
                // A loop is held or not, however many records say so.
                self.loops_held -= usize::from(server.loop_held);
                server.loop_held = change == CountChange::In;
                self.loops_held += usize::from(server.loop_held);
            }
            LaneKind::PoolThread | LaneKind::JobWorker => {}
        }
        let process = self.process_of[record.lane.0 as usize];
        self.touched_processes.push(process);
        let process = &mut self.processes[process];
        match record.state {
            State::Running => {
                change.apply(&mut process.computing);
                change.apply(&mut self.computing);
            }
            State::QueuedCore => {
                change.apply(&mut process.wanting_core);
                change.apply(&mut self.wanting_core);
            }
            State::QueuedGil => change.apply(&mut process.wanting_gil),
            _ => {}
        }
    }

    /// Counts a token in or out. It is taken with the work and returned on the loop, in the turn
    /// after the work. Counting busy threads instead would be wrong: a thread whose awaiter was
    /// cancelled continues without a token.
    fn count_token(&mut self, context: &CheckContext, before: Option<Record>, record: Record) {
        let instance = context.trace.instance(record.instance);
        let held = &mut self.holds_token[record.instance.0 as usize];
        let out = &mut self.servers[usize::from(instance.server)].tokens_out;
        let answered = before.is_some_and(|before| before.state == State::Offloaded)
            && record.state == State::Ready;
        if record.state == State::Offloaded && uses_pool(context, record) {
            *out += u32::from(!std::mem::replace(held, true));
        } else if *held && !answered {
            *held = false;
            *out -= 1;
        }
    }

    fn check_lane_holder(
        &mut self,
        context: &mut CheckContext,
        before: Option<Record>,
        record: Record,
    ) {
        let id = record.instance;
        if let Some(before) = before
            && before.state.holds_lane()
            && self.holders[before.lane.0 as usize] == Some(id)
        {
            self.holders[before.lane.0 as usize] = None;
        }
        if !record.state.holds_lane() {
            return;
        }
        let holder = self.holders[record.lane.0 as usize].replace(id);
        if let Some(other) = holder {
            let lane = lane_text(context, record.lane);
            let (name, other) = (context.instance_name(id), context.instance_name(other));
            context.report_violation(
                Rule::OneInstancePerLane,
                format!("{name} and {other} on {lane}"),
            );
        }
        if !worker_exists(context, record.lane) {
            let detail = format!("{} is one too many", lane_text(context, record.lane));
            context.report_violation(Rule::LanesFit, detail);
        }
    }

    /// Checks the counters at the end of an instant.
    pub(super) fn instant_is_over(&mut self, context: &mut CheckContext) {
        let machine = &context.workload.machine;
        let (cores, gil) = (machine.cores, machine.gil);
        if self.computing > cores {
            let detail = format!("{} compute on {cores}", self.computing);
            context.report_violation(Rule::CoresSuffice, detail);
        }
        if self.wanting_core > 0 && self.computing < cores {
            let detail = format!("{} of {cores} compute", self.computing);
            context.report_violation(Rule::NoIdleCore, detail);
        }
        if self.wanting_worker > 0 && self.workers_busy < machine.process_workers() {
            let detail = format!("{} process workers are busy", self.workers_busy);
            context.report_violation(Rule::NoIdleWorker, detail);
        }
        for list in [&mut self.touched_processes, &mut self.touched_servers] {
            list.sort_unstable();
            list.dedup();
        }
        // Without a free core, a thread may wait although the GIL or its loop is free.
        let no_core = self.computing >= cores;
        for process in self.touched_processes.drain(..) {
            self.processes[process].check_instant(context, gil, no_core);
        }
        for server in self.touched_servers.drain(..) {
            let hindered = no_core || (gil == Gil::On && self.processes[server].holds_gil());
            self.servers[server].check_instant(context, hindered);
        }
        let hindered = no_core || self.processes.iter().any(ProcessCounts::holds_gil);
        if self.unaccepted > 0 && self.loops_held < self.servers.len() && !hindered {
            let detail = format!("{} wait to be accepted", self.unaccepted);
            context.report_violation(Rule::NoIdleLoop, detail);
        }
    }
}

impl ProcessCounts {
    /// Whether a thread holds the GIL. A thread that waits for a core may hold it too.
    fn holds_gil(&self) -> bool {
        self.computing + self.wanting_core > 0
    }

    fn check_instant(&self, context: &mut CheckContext, gil: Gil, no_core: bool) {
        if gil == Gil::On && self.computing > 1 {
            let detail = format!("{} do", self.computing);
            context.report_violation(Rule::OneHolderPerGil, detail);
        }
        // A loop that waits for a core holds the GIL too, but if it has only a timeout to
        // handle, no task has a record of that.
        let held = gil == Gil::On && (self.holds_gil() || no_core);
        if self.wanting_gil > 0 && !held {
            let detail = format!("{} do", self.wanting_gil);
            context.report_violation(Rule::NoIdleGil, detail);
        }
    }
}

impl ServerCounts {
    /// Checks the counters of a server. `hindered`: the loop's thread may wait for the GIL or a
    /// core without a step under way.
    fn check_instant(&self, context: &mut CheckContext, hindered: bool) {
        let machine = &context.workload.machine;
        let (pool, threads) = (machine.pool, machine.executor_threads());
        if self.tokens_out > pool {
            let detail = format!("{} of {pool} are out", self.tokens_out);
            context.report_violation(Rule::TokensSuffice, detail);
        }
        let loop_idles = !self.loop_held && !hindered;
        // Tokens are handed over on the loop, so a busy loop hands over none.
        if self.wanting_token > 0 && self.tokens_out < pool && loop_idles {
            let detail = format!("{} of {pool} tokens are out", self.tokens_out);
            context.report_violation(Rule::NoIdleWorker, detail);
        }
        if self.wanting_thread > 0 && self.threads_busy < threads {
            let detail = format!(
                "{} of {threads} executor threads are busy",
                self.threads_busy
            );
            context.report_violation(Rule::NoIdleWorker, detail);
        }
        if self.ready > 0 && loop_idles {
            let detail = format!("{} are ready", self.ready);
            context.report_violation(Rule::NoIdleLoop, detail);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CountChange {
    In,
    Out,
}

impl CountChange {
    fn apply(self, count: &mut u32) {
        match self {
            Self::In => *count += 1,
            Self::Out => *count = count.saturating_sub(1),
        }
    }
}

/// Whether the work goes to AnyIO's pool, and not to an executor or a process.
fn uses_pool(context: &CheckContext, record: Record) -> bool {
    let role = context.trace.instance(record.instance).role;
    let pool = |kind: &SegmentKind| {
        matches!(
            kind,
            SegmentKind::Offload {
                to: Executor::Pool,
                ..
            }
        )
    };
    role == Role::Handler
        || context
            .segment_of_id(record.segment)
            .is_some_and(|segment| pool(&segment.kind))
}

/// Whether the machine has the worker of a lane. Pool threads are limited by tokens instead.
fn worker_exists(context: &CheckContext, lane: LaneId) -> bool {
    let machine = &context.workload.machine;
    let lane = context.trace.lanes[lane.0 as usize];
    let most = match lane.kind {
        LaneKind::Loop => 1,
        LaneKind::PoolThread => u32::MAX,
        LaneKind::ExecutorThread => machine.executor_threads(),
        LaneKind::ProcessWorker => machine.process_workers(),
        LaneKind::JobWorker => machine.jobs,
    };
    (1..=most).contains(&lane.number)
}

fn lane_text(context: &CheckContext, lane: LaneId) -> String {
    let lane = context.trace.lanes[lane.0 as usize];
    format!("{:?} {} of server {}", lane.kind, lane.number, lane.server)
}
