//! Lanes, cores, the GIL, tokens and workers: never too many at once, and none
//! idle while somebody wants it.

use super::{Board, Rule};
use crate::trace::{InstanceId, Lane, LaneId, LaneKind, Record, Role, State};
use crate::workload::{Executor, Gil, SegmentKind};

pub(super) struct Machine {
    holders: Vec<Option<InstanceId>>,
    /// Lanes whose threads share a GIL, and which of them each lane is in.
    processes: Vec<Process>,
    process_of: Vec<usize>,
    servers: Vec<Server>,
    /// Has taken a token and not yet had the turn in which it gives it back.
    holds_token: Vec<bool>,
    computing: u32,
    wanting_core: u32,
    workers_busy: u32,
    wanting_worker: u32,
    unaccepted: u32,
    loops_held: usize,
    /// What has changed in this instant, with repetitions.
    touched_processes: Vec<usize>,
    touched_servers: Vec<usize>,
}

#[derive(Clone, Default)]
struct Process {
    computing: u32,
    wanting_core: u32,
    wanting_gil: u32,
}

#[derive(Clone, Default)]
struct Server {
    ready: u32,
    loop_held: bool,
    tokens_out: u32,
    wanting_token: u32,
    threads_busy: u32,
    wanting_thread: u32,
}

impl Machine {
    pub(super) fn new(board: &Board) -> Self {
        let trace = board.trace;
        let servers = board.workload.machine.servers.max(1) as usize;
        let process_of = |(index, lane): (usize, &Lane)| match lane.kind {
            LaneKind::ProcessWorker | LaneKind::JobWorker => servers + index,
            _ => usize::from(lane.server),
        };
        Self {
            holders: vec![None; trace.lanes.len()],
            processes: vec![Process::default(); servers + trace.lanes.len()],
            process_of: trace.lanes.iter().enumerate().map(process_of).collect(),
            servers: vec![Server::default(); servers],
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

    pub(super) fn record(&mut self, board: &mut Board, record: Record) {
        if record.state.is_mark() {
            return;
        }
        let before = board.before(record.instance);
        self.token(board, before, record);
        if let Some(before) = before {
            self.count(board, before, Step::Out);
        }
        if !record.state.is_terminal() {
            self.count(board, record, Step::In);
        }
        self.lane(board, before, record);
    }

    /// Counts `record`'s state in or out of everything it is part of.
    fn count(&mut self, board: &Board, record: Record, step: Step) {
        let instance = board.trace.instance(record.instance);
        self.touched_servers.push(usize::from(instance.server));
        let server = &mut self.servers[usize::from(instance.server)];
        match record.state {
            State::Ready => step.apply(&mut server.ready),
            State::QueuedToken => step.apply(&mut server.wanting_token),
            State::QueuedExecutor => step.apply(&mut server.wanting_thread),
            State::QueuedProcess => step.apply(&mut self.wanting_worker),
            State::Unaccepted => step.apply(&mut self.unaccepted),
            _ => {}
        }
        if !record.state.holds_lane() {
            return;
        }
        let lane = board.trace.lanes[record.lane.0 as usize];
        match lane.kind {
            LaneKind::ExecutorThread => step.apply(&mut server.threads_busy),
            LaneKind::ProcessWorker => step.apply(&mut self.workers_busy),
            LaneKind::Loop => {
                self.loops_held -= usize::from(server.loop_held);
                server.loop_held = step == Step::In;
                self.loops_held += usize::from(server.loop_held);
            }
            LaneKind::PoolThread | LaneKind::JobWorker => {}
        }
        let process = self.process_of[record.lane.0 as usize];
        self.touched_processes.push(process);
        let process = &mut self.processes[process];
        match record.state {
            State::Running => {
                step.apply(&mut process.computing);
                step.apply(&mut self.computing);
            }
            State::QueuedCore => {
                step.apply(&mut process.wanting_core);
                step.apply(&mut self.wanting_core);
            }
            State::QueuedGil => step.apply(&mut process.wanting_gil),
            _ => {}
        }
    }

    /// A token goes out with the work and is given back on the loop, in the
    /// turn after it: counting busy threads would be wrong, since one whose
    /// awaiter was cancelled runs on without a token.
    fn token(&mut self, board: &Board, before: Option<Record>, record: Record) {
        let instance = board.trace.instance(record.instance);
        let held = &mut self.holds_token[record.instance.0 as usize];
        let out = &mut self.servers[usize::from(instance.server)].tokens_out;
        let answered = before.is_some_and(|before| before.state == State::Offloaded)
            && record.state == State::Ready;
        if record.state == State::Offloaded && uses_pool(board, record) {
            *out += u32::from(!std::mem::replace(held, true));
        } else if *held && !answered {
            *held = false;
            *out -= 1;
        }
    }

    fn lane(&mut self, board: &mut Board, before: Option<Record>, record: Record) {
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
            let lane = lane_text(board, record.lane);
            let (name, other) = (board.name(id), board.name(other));
            board.report(Rule::OneTaskALane, format!("{name} and {other} on {lane}"));
        }
        if !worker_exists(board, record.lane) {
            let detail = format!("{} is one too many", lane_text(board, record.lane));
            board.report(Rule::LanesFit, detail);
        }
    }

    /// Judges what lasted: the state at the end of the instant.
    pub(super) fn instant_is_over(&mut self, board: &mut Board) {
        let machine = &board.workload.machine;
        let (cores, gil) = (machine.cores, machine.gil);
        if self.computing > cores {
            let detail = format!("{} compute on {cores}", self.computing);
            board.report(Rule::CoresSuffice, detail);
        }
        if self.wanting_core > 0 && self.computing < cores {
            let detail = format!("{} of {cores} compute", self.computing);
            board.report(Rule::NoIdleCore, detail);
        }
        if self.wanting_worker > 0 && self.workers_busy < machine.process_workers() {
            let detail = format!("{} process workers are busy", self.workers_busy);
            board.report(Rule::NoIdleWorker, detail);
        }
        for list in [&mut self.touched_processes, &mut self.touched_servers] {
            list.sort_unstable();
            list.dedup();
        }
        let no_core = self.computing >= cores;
        for process in self.touched_processes.drain(..) {
            self.processes[process].judge(board, gil, no_core);
        }
        for server in self.touched_servers.drain(..) {
            let hindered = no_core || (gil == Gil::On && self.processes[server].holds_gil());
            self.servers[server].judge(board, hindered);
        }
        let hindered = no_core || self.processes.iter().any(Process::holds_gil);
        if self.unaccepted > 0 && self.loops_held < self.servers.len() && !hindered {
            let detail = format!("{} wait to be accepted", self.unaccepted);
            board.report(Rule::NoIdleLoop, detail);
        }
    }
}

impl Process {
    /// A thread that has lost its core may well hold the GIL.
    fn holds_gil(&self) -> bool {
        self.computing + self.wanting_core > 0
    }

    fn judge(&self, board: &mut Board, gil: Gil, no_core: bool) {
        if gil == Gil::On && self.computing > 1 {
            let detail = format!("{} do", self.computing);
            board.report(Rule::OneHolderOfTheGil, detail);
        }
        // So may a loop that got no core and has only a timeout to see to: no task says so.
        let held = gil == Gil::On && (self.holds_gil() || no_core);
        if self.wanting_gil > 0 && !held {
            let detail = format!("{} do", self.wanting_gil);
            board.report(Rule::NoIdleGil, detail);
        }
    }
}

impl Server {
    /// `hindered`: its loop's thread may itself be waiting, for the GIL or a
    /// core, with nobody's step begun.
    fn judge(&self, board: &mut Board, hindered: bool) {
        let machine = &board.workload.machine;
        let (pool, threads) = (machine.pool, machine.executor_threads());
        if self.tokens_out > pool {
            let detail = format!("{} of {pool} are out", self.tokens_out);
            board.report(Rule::TokensSuffice, detail);
        }
        let loop_idles = !self.loop_held && !hindered;
        // Tokens are handed over on the loop, so a held loop hands over none.
        if self.wanting_token > 0 && self.tokens_out < pool && loop_idles {
            let detail = format!("{} of {pool} tokens are out", self.tokens_out);
            board.report(Rule::NoIdleWorker, detail);
        }
        if self.wanting_thread > 0 && self.threads_busy < threads {
            let detail = format!(
                "{} of {threads} executor threads are busy",
                self.threads_busy
            );
            board.report(Rule::NoIdleWorker, detail);
        }
        if self.ready > 0 && loop_idles {
            let detail = format!("{} are ready", self.ready);
            board.report(Rule::NoIdleLoop, detail);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    In,
    Out,
}

impl Step {
    fn apply(self, count: &mut u32) {
        match self {
            Self::In => *count += 1,
            Self::Out => *count = count.saturating_sub(1),
        }
    }
}

/// As opposed to the loop's own executor or the process pool.
fn uses_pool(board: &Board, record: Record) -> bool {
    let role = board.trace.instance(record.instance).role;
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
        || board
            .segment(record.segment)
            .is_some_and(|segment| pool(&segment.kind))
}

/// Pool threads are counted by tokens, not by lanes.
fn worker_exists(board: &Board, lane: LaneId) -> bool {
    let machine = &board.workload.machine;
    let lane = board.trace.lanes[lane.0 as usize];
    let most = match lane.kind {
        LaneKind::Loop => 1,
        LaneKind::PoolThread => u32::MAX,
        LaneKind::ExecutorThread => machine.executor_threads(),
        LaneKind::ProcessWorker => machine.process_workers(),
        LaneKind::JobWorker => machine.jobs,
    };
    (1..=most).contains(&lane.number)
}

fn lane_text(board: &Board, lane: LaneId) -> String {
    let lane = board.trace.lanes[lane.0 as usize];
    format!("{:?} {} of server {}", lane.kind, lane.number, lane.server)
}
