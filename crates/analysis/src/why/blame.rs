//! Blame: the waiting time of all tasks, charged to the lines that caused it.
//!
//! While a task waits for a scarce resource, its time is charged to the resource's holders: to
//! the lines at which they compute, block or await, in equal parts. If a holder is itself
//! waiting for a scarce resource, its charge passes to that resource's holders. For example, a
//! task holds a lock and queues for a token: the time of the tasks that wait for the lock is
//! charged to the lines that hold the tokens. The charges and [`Blame::unattributed`] add up to the
//! waiting time exactly.
//!
//! # Cost
//!
//! One pass over the log. Each resource keeps a running sum of the debt of one holder; the debt
//! of an actual holder is the difference of two readings. So an instant costs as much as there
//! are contended resources, however many instances wait.

use super::holding::{InstanceMoment, ScarceMap, ScarceNode};
use super::scarce::Scarce;
use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, Record, Role, State, Trace};
use model::workload::{SegmentId, Workload};

/// The waiting time that one line caused while it held one kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blamed {
    pub segment: SegmentId,
    /// The kind of resource that it held.
    pub scarce: Scarce,
    /// Task-nanoseconds: two tasks that wait for one second each are two seconds.
    pub nanos: u128,
}

/// The waiting time of a run, by line and by kind of resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blame {
    /// In descending order of time.
    pub lines: Vec<Blamed>,
    /// The waiting time for each kind, in the order of [`Scarce::ALL`].
    pub waited: [u128; 8],
    /// The number of tasks that waited for each kind: a task and its work on a thread are one.
    pub victims: [u32; 8],
    /// Waiting time for which the trace shows no holder.
    pub unattributed: u128,
}

impl Blame {
    /// The waiting time for all kinds, blamed or not.
    pub fn total_waited(&self) -> u128 {
        self.waited.iter().sum()
    }

    /// The kind for which tasks waited longest; `None` if they waited less than a twentieth of
    /// the total.
    pub fn main_wait(&self, total: SimDuration) -> Option<Scarce> {
        let total = u128::from(total.as_nanos());
        let waited = self.total_waited();
        if waited == 0 || waited * WAITED_SHARE < total {
            return None;
        }
        // The first of equals.
        let kinds = Scarce::ALL.into_iter().rev();
        kinds.max_by_key(|&scarce| self.waited_for(scarce))
    }

    /// The waiting time that some line caused; the rest is [`Blame::unattributed`].
    pub fn total_blamed(&self) -> u128 {
        self.lines.iter().map(|line| line.nanos).sum()
    }

    /// The waiting time that one segment caused by holding one kind.
    pub fn of(&self, segment: SegmentId, scarce: Scarce) -> u128 {
        let found = |line: &&Blamed| line.segment == segment && line.scarce == scarce;
        self.lines.iter().find(found).map_or(0, |line| line.nanos)
    }

    pub fn waited_for(&self, scarce: Scarce) -> u128 {
        self.waited[scarce as usize]
    }

    pub fn victims_of(&self, scarce: Scarce) -> u32 {
        self.victims[scarce as usize]
    }
}

/// Waiting below 1/20 of the total is not worth a sentence.
const WAITED_SHARE: u128 = 20;

/// Computes the blame of a run in one pass over its trace.
pub fn blame(workload: &Workload, trace: &Trace) -> Blame {
    let mut pass = BlamePass::new(workload, trace);
    // A mark, such as a print, changes neither the state nor the resources.
    let records = trace.log.iter().filter(|record| !record.state.is_mark());
    for record in records {
        pass.record(record);
    }
    pass.finish(trace.end)
}

/// Where the debt of a holder is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payer {
    Line(SegmentId),
    Scarce(ScarceNode),
}

/// The resources that one instance holds.
#[derive(Debug)]
struct Holder {
    /// Each with the [`Account::owed`] of the moment at which it was acquired.
    nodes: Vec<(ScarceNode, u128)>,
    payer: Payer,
}

/// The current state of one instance.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// `None` before its first record and after its last.
    state: Option<State>,
    segment: SegmentId,
    since: SimTime,
    waits_for: Option<ScarceNode>,
    /// An index into [`BlamePass::holders`], or [`NONE`].
    holder: u32,
    /// The instance that runs its work on another thread or process, or [`NONE`].
    delegate: u32,
    /// A bit for each kind that it has waited for, so that each victim counts once.
    waited: u8,
}

const NONE: u32 = u32::MAX;

const NOWHERE: Place = Place {
    state: None,
    segment: SegmentId(0),
    since: SimTime::ZERO,
    waits_for: None,
    holder: NONE,
    delegate: NONE,
    waited: 0,
};

/// The current state of one scarce resource.
#[derive(Clone, Debug, Default)]
struct Account {
    waiters: u64,
    holders: u64,
    /// The debt of a holder that would have held it since the start of the run.
    owed: u128,
    /// The remainder of the last division, in nanoseconds.
    rest: u128,
    /// The amount to divide at this instant.
    inflow: u128,
    /// The resources to which its holders pass their debt, with the number of such holders.
    passes: Vec<(ScarceNode, u64)>,
}

struct BlamePass<'a> {
    trace: &'a Trace,
    map: ScarceMap<'a>,
    now: SimTime,
    places: Vec<Place>,
    holders: Vec<Holder>,
    /// Free slots in `holders`.
    unused: Vec<u32>,
    accounts: Vec<Account>,
    /// Nodes with waiters, and a working copy.
    wanted: Bits,
    pending: Bits,
    /// The charges of each segment, by kind.
    charged: Vec<[u128; 8]>,
    /// A buffer for the resources of one instance.
    found: Vec<ScarceNode>,
    blame: Blame,
}

impl<'a> BlamePass<'a> {
    fn new(workload: &Workload, trace: &'a Trace) -> Self {
        let map = ScarceMap::new(workload, trace);
        let count = map.len();
        Self {
            trace,
            now: SimTime::ZERO,
            places: vec![NOWHERE; trace.instances.len()],
            holders: Vec::new(),
            unused: Vec::new(),
            accounts: vec![Account::default(); count],
            wanted: Bits::new(count),
            pending: Bits::new(count),
            charged: vec![[0; 8]; workload.places.len()],
            found: Vec::new(),
            blame: Blame::default(),
            map,
        }
    }

    fn record(&mut self, record: Record) {
        if self.now < record.at {
            self.let_time_pass(record.at);
        }
        let index = record.instance.0 as usize;
        let before = self.places[index];
        self.stop_waiting(index, record.at);
        self.release(record.instance);
        let place = &mut self.places[index];
        place.state = (!record.state.is_terminal()).then_some(record.state);
        place.segment = record.segment;
        place.since = record.at;
        let at = InstanceMoment {
            instance: record.instance,
            state: record.state,
            lane: record.lane,
            segment: record.segment,
            before: before.state,
            same_segment: before.segment == record.segment,
        };
        if let Some(node) = self.map.awaited(at) {
            self.places[index].waits_for = Some(node);
            self.accounts[node.0 as usize].waiters += 1;
            self.wanted.set(node);
        }
        // The buffer is moved out and back, so that no record allocates.
        let mut found = std::mem::take(&mut self.found);
        self.map.held(at, &mut found);
        self.hold(record.instance, &found);
        found.clear();
        self.found = found;
        self.tell_owner(record.instance, before.state.is_none());
    }

    /// Refreshes the payer of the instance that handed its work to this one: it pays as this
    /// instance does.
    fn tell_owner(&mut self, id: InstanceId, is_new: bool) {
        let instance = self.trace.instance(id);
        let Some(owner) = instance.parent.filter(|_| instance.role.is_work()) else {
            return;
        };
        let place = &mut self.places[owner.0 as usize];
        // A later offload of the same instance takes the place of an earlier one.
        if is_new {
            place.delegate = id.0;
        }
        if place.delegate != id.0 || place.holder == NONE {
            return;
        }
        let mut had = std::mem::take(&mut self.found);
        had.extend(
            self.holders[place.holder as usize]
                .nodes
                .iter()
                .map(|(node, _)| *node),
        );
        // The earlier debt goes to the earlier payer, the later debt to the new one.
        self.release(owner);
        self.hold(owner, &had);
        had.clear();
        self.found = had;
    }

    fn stop_waiting(&mut self, index: usize, at: SimTime) {
        let place = &mut self.places[index];
        let Some(node) = place.waits_for.take() else {
            return;
        };
        // A wait of no length makes no victim.
        if place.since < at {
            let kind = self.map.kind(node) as usize;
            let task = &mut self.places[task_of(self.trace, index)];
            let first = task.waited & (1 << kind) == 0;
            task.waited |= 1 << kind;
            self.blame.victims[kind] += u32::from(first);
        }
        let account = &mut self.accounts[node.0 as usize];
        account.waiters -= 1;
        if account.waiters == 0 {
            self.wanted.clear(node);
        }
    }

    fn hold(&mut self, id: InstanceId, nodes: &[ScarceNode]) {
        if nodes.is_empty() {
            return;
        }
        let payer = self.payer(id);
        let slot = match self.unused.pop() {
            Some(slot) => slot,
            None => {
                self.holders.push(Holder {
                    nodes: Vec::new(),
                    payer,
                });
                self.holders.len() as u32 - 1
            }
        };
        self.places[id.0 as usize].holder = slot;
        let holder = &mut self.holders[slot as usize];
        holder.payer = payer;
        for node in nodes {
            let account = &mut self.accounts[node.0 as usize];
            holder.nodes.push((*node, account.owed));
            account.holders += 1;
            if let Payer::Scarce(next) = payer {
                account.pass_more(next);
            }
        }
    }

    /// The line that the instance is at, or the resource that it, or its offloaded work, waits
    /// for.
    fn payer(&self, id: InstanceId) -> Payer {
        let mut place = &self.places[id.0 as usize];
        if place.state == Some(State::Offloaded) && place.delegate != NONE {
            let server = self.trace.instance(id).server;
            place = &self.places[place.delegate as usize];
            if place.state.is_none() {
                // The work is done, and its result waits for the loop.
                return Payer::Scarce(self.map.loop_of(server));
            }
        }
        match place.waits_for {
            Some(node) => Payer::Scarce(node),
            None => Payer::Line(place.segment),
        }
    }

    /// Charges the debt of an instance and releases all its resources.
    fn release(&mut self, id: InstanceId) {
        let slot = std::mem::replace(&mut self.places[id.0 as usize].holder, NONE);
        if slot == NONE {
            return;
        }
        let payer = self.holders[slot as usize].payer;
        let mut nodes = std::mem::take(&mut self.holders[slot as usize].nodes);
        for (node, since) in nodes.drain(..) {
            let account = &mut self.accounts[node.0 as usize];
            account.holders -= 1;
            match payer {
                Payer::Line(segment) => {
                    // The last division's remainder goes to the first holder that leaves, so
                    // that no nanosecond is lost.
                    let debt = account.owed - since + std::mem::take(&mut account.rest);
                    self.charge(segment, self.map.kind(node), debt);
                }
                Payer::Scarce(next) => {
                    account.pass_less(next);
                    // No holder of this resource is left to pay the remainder.
                    if account.holders == 0 {
                        let rest = std::mem::take(&mut account.rest);
                        self.accounts[next.0 as usize].rest += rest;
                    }
                }
            }
        }
        // Keeps its allocation for the next holder.
        self.holders[slot as usize].nodes = nodes;
        self.unused.push(slot);
    }

    fn charge(&mut self, segment: SegmentId, scarce: Scarce, nanos: u128) {
        match self.charged.get_mut(segment.0 as usize) {
            Some(charged) => charged[scarce as usize] += nanos,
            None => self.blame.unattributed += nanos,
        }
    }

    /// Charges the time from now until `until` to the holders of the resources that have
    /// waiters.
    fn let_time_pass(&mut self, until: SimTime) {
        let nanos = u128::from(until.since(self.now).as_nanos());
        self.now = until;
        self.pending.0.copy_from_slice(&self.wanted.0);
        while let Some(node) = self.pending.take_first() {
            let account = &mut self.accounts[node.0 as usize];
            let waited = nanos * u128::from(account.waiters);
            account.inflow += waited;
            self.blame.waited[self.map.kind(node) as usize] += waited;
        }
        self.pending.0.copy_from_slice(&self.wanted.0);
        // Tasks that hold one permit and wait for another may form a cycle, in which a debt
        // would circulate for ever.
        let mut visits = 4 * self.accounts.len();
        while let Some(node) = self.pending.take_first() {
            let amount = std::mem::take(&mut self.accounts[node.0 as usize].inflow);
            match visits.checked_sub(1) {
                Some(left) => visits = left,
                None => {
                    self.blame.unattributed += amount;
                    continue;
                }
            }
            self.divide(node, amount);
        }
    }

    /// Divides an amount among the holders of a resource, or passes it on if there are none.
    fn divide(&mut self, node: ScarceNode, amount: u128) {
        let account = &mut self.accounts[node.0 as usize];
        if account.holders == 0 {
            // No instance holds it, so the resource that hands it out is in the way.
            match self.map.behind(node) {
                Some(next) => self.pass_on(next, amount),
                None => self.blame.unattributed += amount,
            }
            return;
        }
        let share = account.share(amount);
        for index in 0..account.passes.len() {
            let (next, count) = self.accounts[node.0 as usize].passes[index];
            self.pass_on(next, share * u128::from(count));
        }
    }

    fn pass_on(&mut self, node: ScarceNode, amount: u128) {
        self.accounts[node.0 as usize].inflow += amount;
        self.pending.set(node);
    }

    fn finish(mut self, end: SimTime) -> Blame {
        self.let_time_pass(end);
        for index in 0..self.places.len() {
            self.stop_waiting(index, end);
            self.release(InstanceId(index as u32));
        }
        // Remainders that no later holder took over.
        let rests = self.accounts.iter().map(|account| account.rest);
        self.blame.unattributed += rests.sum::<u128>();
        for (segment, charged) in self.charged.iter().enumerate() {
            let kinds = Scarce::ALL.into_iter().zip(charged);
            let lines = kinds.filter(|(_, nanos)| **nanos > 0);
            self.blame.lines.extend(lines.map(|(scarce, nanos)| Blamed {
                segment: SegmentId(segment as u32),
                scarce,
                nanos: *nanos,
            }));
        }
        let lines = &mut self.blame.lines;
        lines.sort_by_key(|line| (std::cmp::Reverse(line.nanos), line.segment, line.scarce));
        self.blame
    }
}

/// The instance that a part belongs to; any other is itself.
fn task_of(trace: &Trace, index: usize) -> usize {
    let mut index = index;
    while trace.instances[index].role == Role::Part
        && let Some(parent) = trace.instances[index].parent
    {
        index = parent.0 as usize;
    }
    index
}

impl Account {
    /// The share of each holder. The remainder is kept for the next division.
    fn share(&mut self, amount: u128) -> u128 {
        let all = self.rest + amount;
        let holders = u128::from(self.holders);
        // 128-bit divisions are slow and rarely needed.
        let share = match u64::try_from(all) {
            Ok(all) => u128::from(all / self.holders),
            Err(_) => all / holders,
        };
        self.rest = all - share * holders;
        self.owed += share;
        share
    }

    fn pass_more(&mut self, next: ScarceNode) {
        match self.passes.iter_mut().find(|(to, _)| *to == next) {
            Some((_, count)) => *count += 1,
            None => self.passes.push((next, 1)),
        }
    }

    fn pass_less(&mut self, next: ScarceNode) {
        if let Some(index) = self.passes.iter().position(|(to, _)| *to == next) {
            self.passes[index].1 -= 1;
            if self.passes[index].1 == 0 {
                self.passes.swap_remove(index);
            }
        }
    }
}

/// A set of nodes that is drained in ascending order.
#[derive(Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, node: ScarceNode) {
        self.0[node.0 as usize / 64] |= 1 << (node.0 % 64);
    }

    fn clear(&mut self, node: ScarceNode) {
        self.0[node.0 as usize / 64] &= !(1 << (node.0 % 64));
    }

    fn take_first(&mut self) -> Option<ScarceNode> {
        let (index, word) = self
            .0
            .iter_mut()
            .enumerate()
            .find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros();
        *word &= *word - 1;
        Some(ScarceNode(index as u32 * 64 + bit))
    }
}
