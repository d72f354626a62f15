//! Findings: problems that make a run slow or wrong, each with its cost and a remedy.
//!
//! A finding is evidence from the trace and a change of the text, whose effect was simulated.
//! If no change helps, there is no finding, except for problems that are wrong at any cost: a
//! deadlock, a late timeout, lost work.
//!
//! - [`evidence`]: measurements for each segment, and its position in the script.
//! - [`on_loop`], [`threads`], [`shape`], [`wrong`]: the detectors, by the part of a run that
//!   they look at.
//! - [`edits`]: changes of the text. [`twins`]: the async libraries for them. [`trial`]: their
//!   effect.
//! - [`words`]: the sentences.
//!
//! # What this leaves out
//!
//! - Starvation by nested use of the pool: in this language, work on a thread cannot ask for
//!   another thread.

mod edits;
mod evidence;
mod on_loop;
mod shape;
mod threads;
mod trial;
mod twins;
mod words;
mod wrong;

use std::fmt;

use model::time::SimDuration;
use model::trace::{AnalysedRun, Ending, Trace};
use model::workload::{Machine, SegmentId};
use script::Edit;

use super::blame::{Blame, blame};
use evidence::Evidence;
use trial::Trial;
pub use words::Told;

/// The kinds of findings, from the gravest to the lightest.
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

    /// The name in results.
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

    /// Whether the finding is reported even if it costs nothing and no remedy helps.
    fn is_wrong(self) -> bool {
        matches!(
            self,
            Self::Deadlock | Self::LateTimeout | Self::ForgottenWait | Self::UnboundedQueue
        )
    }
}

/// A problem of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    /// The lines that cause it, in descending order of blame.
    pub segments: Vec<SegmentId>,
    /// Task-nanoseconds that other tasks waited, or that were lost.
    pub cost: u128,
    /// The number of instances that waited.
    pub victims: u32,
    /// The longest time for which it delayed others without a break, or how late it was.
    pub length: SimDuration,
    /// Whether the duration of its first line is a guess of the importer (`# ? line 12`). Such a
    /// finding is only as good as the guess.
    pub is_guessed: bool,
    pub fix: Option<Fix>,
    /// Another change that helps, e.g. a thread for a call without an async library.
    pub alternative: Option<Fix>,
}

/// A change of the script and its simulated effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub change: Change,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
    /// The total of the changed script.
    pub total: SimDuration,
    /// The time that all tasks of the changed script wait for others, in task-nanoseconds.
    pub waited: u128,
}

/// The change that a fix makes.
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
    /// `yield` behind each computation.
    Yield,
    Wait,
}

/// The number of findings that a reader can take in; the rest is dropped.
const FINDINGS_MAX: usize = 12;

/// The input of [`findings`]: a script and its run.
#[derive(Clone, Copy, Debug)]
pub struct Examined<'a> {
    pub text: &'a str,
    /// The run of this text after `machine` was applied.
    pub run: &'a AnalysedRun,
    /// Settings from outside the script, e.g. `--cores 2`.
    pub machine: Adjust<'a>,
    /// The records that all trials together may produce. Once they are used up, findings come
    /// without a remedy.
    pub effort: u64,
}

/// A change of the machine, such as the options of the command line.
#[derive(Clone, Copy)]
pub struct Adjust<'a>(pub &'a dyn Fn(&mut Machine));

impl fmt::Debug for Adjust<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adjust")
    }
}

/// The usual effort: one or two seconds at most.
pub const EFFORT: u64 = 4_000_000;

/// The findings of a run, the worst first. Empty if a limit ended the run, or if its spans
/// would take too much memory.
pub fn findings(examined: Examined) -> Vec<Finding> {
    let run = examined.run;
    if is_beyond(run.trace()) {
        return Vec::new();
    }
    let blame = blame(run.workload(), run.trace());
    findings_given(examined, &blame)
}

/// Like [`findings`], for callers that have computed the blame already.
pub fn findings_given(examined: Examined, blame: &Blame) -> Vec<Finding> {
    if is_beyond(examined.run.trace()) {
        return Vec::new();
    }
    let evidence = Evidence::of(examined.text, examined.run, blame);
    let mut suspects = Vec::new();
    on_loop::look(&evidence, &mut suspects);
    threads::look(&evidence, &mut suspects);
    shape::look(&evidence, &mut suspects);
    wrong::look(&evidence, &mut suspects);
    if examined.text.contains(GUESS_MARK) {
        suspects.retain(|suspect| !needs_known_program(suspect.finding.kind));
    }
    for suspect in &mut suspects {
        let first = suspect.finding.segments.first();
        suspect.finding.is_guessed = first.is_some_and(|id| is_guessed(&examined, *id));
    }
    // Trials are expensive: only the worst suspects get one. Twice as many, because some turn
    // out to be harmless.
    suspects.sort_by_key(Suspect::rank);
    suspects.truncate(2 * FINDINGS_MAX);
    let mut trial = Trial::new(examined, blame);
    let mut findings: Vec<Finding> = suspects
        .into_iter()
        .filter_map(|suspect| trial.judge(suspect))
        .collect();
    findings.sort_by_key(Finding::rank);
    findings.truncate(FINDINGS_MAX);
    findings
}

/// Whether the finding is none in an imported program with guesses. The importer does not know whether
/// a call needs the result of the call before it, nor how long a program or a server goes on after a
/// task was started.
fn needs_known_program(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::SequentialCalls | FindingKind::ForgottenWait
    )
}

/// The comment with which the importer marks a guess.
const GUESS_MARK: &str = "  # ? ";

/// Whether the line of the segment ends in a comment such as `# ? line 12`.
fn is_guessed(examined: &Examined, id: SegmentId) -> bool {
    let places = &examined.run.workload().places;
    let start = places.get(id.0 as usize).map(|place| place.start as usize);
    let rest = start.and_then(|start| examined.text.get(start..));
    let line = rest.and_then(|rest| rest.lines().next());
    line.is_some_and(|line| line.contains(GUESS_MARK))
}

fn is_beyond(trace: &Trace) -> bool {
    matches!(trace.ending, Ending::Limit(_)) || trace.is_too_long_for_detail()
}

/// A finding whose remedies have not been tried.
#[derive(Clone, Debug)]
struct Suspect {
    finding: Finding,
    /// Of equally good remedies the first is taken, so the preferred one comes first.
    remedies: Vec<(Change, Vec<Edit>)>,
    /// The finding exists only if its remedy has an effect, e.g. a bound that a queue reaches.
    needs_proof: bool,
}

impl Suspect {
    fn rank(&self) -> FindingRank {
        self.finding.rank()
    }
}

type FindingRank = (bool, bool, std::cmp::Reverse<u128>, FindingKind, SegmentId);

impl Finding {
    fn rank(&self) -> FindingRank {
        (
            // `false` sorts first: a deadlock explains everything that follows it.
            self.kind != FindingKind::Deadlock,
            // A cost that was guessed is no reason to come before a known one.
            self.is_guessed,
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
            is_guessed: false,
            fix: None,
            alternative: None,
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
