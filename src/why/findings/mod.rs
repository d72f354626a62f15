//! Findings: what makes a run slow or wrong, what it costs, what to write instead.
//!
//! A finding is evidence from the trace, and a change of the text whose effect
//! has been simulated. Where no change helps there is nothing to find, except
//! for what is wrong whatever it costs: a deadlock, a late timeout, lost work.
//!
//! - [`evidence`]: what each segment did, and where it stands.
//! - [`on_loop`], [`threads`], [`shape`], [`wrong`]: the kinds, by what they look at.
//! - [`edits`]: changes of the text, by [`crate::script::EditableScript`]. [`trial`]: their effect.
//! - [`words`]: how it is said.
//!
//! # What this leaves out
//!
//! - Nested use of the pool cannot starve here: what runs in a thread cannot
//!   ask for another one in this language.

mod edits;
mod evidence;
mod on_loop;
mod shape;
mod threads;
mod trial;
mod words;
mod wrong;

use std::fmt;

use crate::script::Edit;
use crate::time::SimDuration;
use crate::trace::{Ending, Trace};
use crate::workload::{Machine, SegmentId, Workload};

use super::blame::{Blame, blame};
use evidence::Evidence;
use trial::Trial;
pub use words::Told;

/// What is wrong, from the gravest kind to the lightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    Deadlock,
    LateTimeout,
    ForgottenWait,
    BlockingOnLoop,
    CpuOnLoop,
    PoolExhausted,
    GilBound,
    CoresSaturated,
    LockConvoy,
    TrivialOffload,
    SequentialCalls,
    UnboundedQueue,
}

impl FindingKind {
    pub const ALL: [Self; 12] = [
        Self::Deadlock,
        Self::LateTimeout,
        Self::ForgottenWait,
        Self::BlockingOnLoop,
        Self::CpuOnLoop,
        Self::PoolExhausted,
        Self::GilBound,
        Self::CoresSaturated,
        Self::LockConvoy,
        Self::TrivialOffload,
        Self::SequentialCalls,
        Self::UnboundedQueue,
    ];

    /// As in results.
    pub fn code(self) -> &'static str {
        match self {
            Self::Deadlock => "deadlock",
            Self::LateTimeout => "late_timeout",
            Self::ForgottenWait => "forgotten_wait",
            Self::BlockingOnLoop => "blocking_on_loop",
            Self::CpuOnLoop => "cpu_on_loop",
            Self::PoolExhausted => "pool_exhausted",
            Self::GilBound => "gil_bound",
            Self::CoresSaturated => "cores_saturated",
            Self::LockConvoy => "lock_convoy",
            Self::TrivialOffload => "trivial_offload",
            Self::SequentialCalls => "sequential_calls",
            Self::UnboundedQueue => "unbounded_queue",
        }
    }

    /// Wrong whatever it costs, and worth saying without a remedy.
    fn is_wrong(self) -> bool {
        matches!(
            self,
            Self::Deadlock | Self::LateTimeout | Self::ForgottenWait | Self::UnboundedQueue
        )
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    /// Where, the most to blame first.
    pub segments: Vec<SegmentId>,
    /// Task-nanoseconds that others waited, or that were lost.
    pub cost: u128,
    /// How many instances waited.
    pub victims: u32,
    /// How long it held up others at a stretch, or how late it was.
    pub length: SimDuration,
    pub fix: Option<Fix>,
}

/// A change of the script, and what it brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub change: Change,
    /// They do not overlap.
    pub edits: Vec<Edit>,
    /// Simulated.
    pub total: SimDuration,
    /// What all would then wait for others, in task-nanoseconds.
    pub waited: u128,
}

/// What the edits do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    AwaitInstead,
    OtherProcess,
    OtherThread,
    AsyncHandler,
    /// `pool N`.
    LargerPool(u32),
    /// `cores N`.
    MoreCores(u32),
    Gather,
    ShorterLock,
    /// `queue q N`.
    BoundedQueue(u32),
    SameOrder,
    Inline,
    Wait,
}

/// More are not read.
const FINDINGS_MAX: usize = 12;

/// A script that ran, for those who look for what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub text: &'a str,
    /// Of this text, as `machine` would have it.
    pub workload: &'a Workload,
    pub trace: &'a Trace,
    /// Settings from outside the script.
    pub machine: Adjust<'a>,
    /// Records that all trials together may leave; beyond, findings come without a remedy.
    pub effort: u64,
}

/// Changes the machine of a script, as the command line does.
#[derive(Clone, Copy)]
pub struct Adjust<'a>(pub &'a dyn Fn(&mut Machine));

impl fmt::Debug for Adjust<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adjust")
    }
}

/// An effort that takes a second or two at most.
pub const EFFORT: u64 = 4_000_000;

/// What is wrong with a run, the worst first. Nothing of a run that a limit ended, or
/// whose spans would take too much memory.
pub fn findings(run: Run) -> Vec<Finding> {
    if is_beyond(run.trace) {
        return Vec::new();
    }
    let blame = blame(run.workload, run.trace);
    findings_given(run, &blame)
}

/// The same, where the blame is known already.
pub fn findings_given(run: Run, blame: &Blame) -> Vec<Finding> {
    if is_beyond(run.trace) {
        return Vec::new();
    }
    let evidence = Evidence::of(run, blame);
    let mut suspects = Vec::new();
    on_loop::look(&evidence, &mut suspects);
    threads::look(&evidence, &mut suspects);
    shape::look(&evidence, &mut suspects);
    wrong::look(&evidence, &mut suspects);
    suspects.sort_by_key(Suspect::rank);
    suspects.truncate(2 * FINDINGS_MAX);
    let mut trial = Trial::new(run, blame);
    let mut findings: Vec<Finding> = suspects
        .into_iter()
        .filter_map(|suspect| trial.judge(suspect))
        .collect();
    findings.sort_by_key(Finding::rank);
    findings.truncate(FINDINGS_MAX);
    findings
}

fn is_beyond(trace: &Trace) -> bool {
    matches!(trace.ending, Ending::Limit(_)) || trace.is_too_long_for_detail()
}

/// A finding before its remedies have been tried.
#[derive(Clone, Debug)]
struct Suspect {
    finding: Finding,
    /// The dearest to the reader first: an equal later one is not taken.
    remedies: Vec<(Change, Vec<Edit>)>,
    /// Exists only if the remedy shows it: a queue that a bound would hold back.
    needs_proof: bool,
}

impl Suspect {
    fn rank(&self) -> (bool, std::cmp::Reverse<u128>, FindingKind, SegmentId) {
        self.finding.rank()
    }
}

impl Finding {
    fn rank(&self) -> (bool, std::cmp::Reverse<u128>, FindingKind, SegmentId) {
        (
            self.kind != FindingKind::Deadlock,
            std::cmp::Reverse(self.cost),
            self.kind,
            self.segments.first().copied().unwrap_or(SegmentId(0)),
        )
    }

    fn new(kind: FindingKind, segments: Vec<SegmentId>, cost: u128) -> Self {
        Self {
            kind,
            segments,
            cost,
            victims: 0,
            length: SimDuration::ZERO,
            fix: None,
        }
    }

    fn suspect(self, remedies: Vec<(Change, Vec<Edit>)>) -> Suspect {
        Suspect {
            finding: self,
            remedies,
            needs_proof: false,
        }
    }
}
