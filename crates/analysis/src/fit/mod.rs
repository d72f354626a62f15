//! From a run to a script: what each task of a trace did, written as a script that repeats it.
//!
//! A trace says in which state a task was, and who ended its waits. So a wait that another task
//! ended becomes a lock, a queue, an event or a handle, and the simulation explains it again; where
//! the trace does not say who did, the wait keeps its length. Equal tasks are written once.
//!
//! Several scripts are tried, from the one that says most to one of lengths only, and each is
//! simulated: the first one that repeats the run is the result. The last one always has the run's
//! total, unless no run has left the trace.
//!
//! # What this leaves out
//!
//! - An operation that does not wait leaves no record: a `put` into a queue with room, an event that
//!   no task waited for. The script has only the ones that ended a wait.
//! - The whole length of a wait that was cancelled, the limit of a `timeout`, and the branches that
//!   were not taken are not in the run.

mod flat;
mod lives;
mod permits;
mod tasks;
mod text;
mod words;

use lives::Lives;
use model::limits::RunLimits;
use model::time::{SimDuration, SimTime};
use model::trace::{Role, State, Trace};
use model::workload::{SegmentId, Workload};
use sim::simulate_within;
use std::collections::BTreeMap;

/// Records up to which a run is made a script: beyond, its text is too long in any case.
pub const RECORDS_MAX: usize = 2_000_000;

/// A run, and the names that its script gets.
#[derive(Clone, Copy, Debug)]
pub struct FitSource<'r> {
    /// Of the trace; of a Python program, with the program's names and lines.
    pub workload: &'r Workload,
    /// The text that the places of the workload belong to.
    pub text: &'r str,
    /// Whether the text is a Python program, whose lines the script names.
    pub is_program: bool,
    /// The printed text, line by line, where it is not the text of the segment.
    pub printed: &'r [&'r str],
}

/// The script of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittedScript {
    pub text: String,
    /// By line of the program.
    pub notes: Vec<FitNote>,
    /// The total of the script, simulated.
    pub total: SimDuration,
    pub agreement: Agreement,
}

/// How far the simulated script repeats the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The total differs.
    None,
    /// The total is equal.
    Total,
    /// Every task ends when it did in the run.
    Ends,
}

/// A part of the program that the script says otherwise or leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FitNote {
    /// Of the program, from 1; 0 if it is about the whole run.
    pub line: u32,
    pub kind: NoteKind,
}

/// The kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// The trace does not say what ended this wait, so it keeps its length.
    KeptLength(State),
    /// The wait was cancelled; the script assumes that it would have taken twice as long.
    CutShort,
    /// Nothing ended this wait.
    Stuck,
    /// Failures and cancellations are written as plain ends.
    PlainEnds,
    /// All waits for others keep their lengths.
    Lengths,
    /// Each task is one wait, from its beginning to its end.
    Flat,
}

/// Why a run cannot become a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitError {
    /// Nothing ran.
    Empty,
    /// The tasks differ too much from each other: the script would exceed the limits of a script.
    TooLong,
}

/// How much of the run's structure a script keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fidelity {
    /// Failures and cancellations.
    failures: bool,
    /// `group:` blocks; otherwise their tasks are spawned and awaited one by one.
    groups: bool,
    /// Locks and semaphores; otherwise a queue hands the permit over.
    permits: bool,
    /// Waits for others are lengths.
    lengths: bool,
}

/// From the most faithful one to the plainest.
const FIDELITIES: [Fidelity; 6] = [
    Fidelity {
        failures: true,
        groups: true,
        permits: true,
        lengths: false,
    },
    Fidelity {
        failures: true,
        groups: true,
        permits: false,
        lengths: false,
    },
    Fidelity {
        failures: false,
        groups: true,
        permits: true,
        lengths: false,
    },
    Fidelity {
        failures: false,
        groups: false,
        permits: true,
        lengths: false,
    },
    Fidelity {
        failures: false,
        groups: false,
        permits: false,
        lengths: false,
    },
    Fidelity {
        failures: false,
        groups: false,
        permits: false,
        lengths: true,
    },
];

/// The script of a run.
pub fn fit(source: FitSource<'_>, trace: &Trace) -> Result<FittedScript, FitError> {
    if trace.instances.is_empty() || trace.log.is_empty() {
        return Err(FitError::Empty);
    }
    if trace.log.len() > RECORDS_MAX {
        return Err(FitError::TooLong);
    }
    let lives = lives::read(trace);
    let mut best: Option<FittedScript> = None;
    for fidelity in FIDELITIES {
        let Some(found) = attempt(fidelity, &lives, &source, trace) else {
            continue;
        };
        let is_better = best
            .as_ref()
            .is_none_or(|best| best.agreement < found.agreement);
        if is_better {
            let is_whole = found.agreement == Agreement::Ends;
            best = Some(found);
            if is_whole {
                break;
            }
        }
    }
    match best {
        Some(best) if best.agreement > Agreement::None => Ok(best),
        _ => flat::fit(&source, trace).ok_or(FitError::TooLong),
    }
}

/// The script of this fidelity; `None` if it is too long.
fn attempt(
    fidelity: Fidelity,
    lives: &Lives,
    source: &FitSource<'_>,
    trace: &Trace,
) -> Option<FittedScript> {
    let mut lives = lives.clone();
    let permits = if fidelity.permits {
        permits::infer(&mut lives)
    } else {
        Vec::new()
    };
    let program = tasks::write(&lives, &permits, fidelity, source);
    let written = text::write(&program, trace, source);
    let mut notes = program.notes.clone();
    if fidelity.lengths {
        notes.retain(|note| !matches!(note.kind, NoteKind::KeptLength(_)));
        notes.insert(FitNote {
            line: 0,
            kind: NoteKind::Lengths,
        });
    }
    let has_bad_end =
        |end: &Option<(State, SimTime)>| matches!(end, Some((State::Failed | State::Cancelled, _)));
    if !fidelity.failures && lives.all.iter().any(|life| has_bad_end(&life.end)) {
        notes.insert(FitNote {
            line: 0,
            kind: NoteKind::PlainEnds,
        });
    }
    let expected = expected_ends(&lives, &program, &written.names, fidelity.failures);
    let (total, agreement) = judge(&written.text, trace, &expected, fidelity.failures)?;
    Some(FittedScript {
        text: written.text,
        notes: notes.into_iter().collect(),
        total,
        agreement,
    })
}

/// How many instances of a task ended at a time, and how. Without states, all ends are alike.
type Ends = BTreeMap<(String, SimTime, Option<State>), usize>;

fn expected_ends(
    lives: &Lives,
    program: &tasks::FittedProgram,
    names: &[String],
    with_states: bool,
) -> Ends {
    let mut ends = Ends::new();
    for (life, definition) in lives.all.iter().zip(&program.of_life) {
        if let (Some((state, at)), Some(definition)) = (life.end, definition) {
            let name = names[*definition].clone();
            if name.is_empty() {
                continue;
            }
            *ends
                .entry((name, at, with_states.then_some(state)))
                .or_default() += 1;
        }
    }
    ends
}

/// Simulates a script and compares it with the run. `None` if it is no script, e.g. too long.
fn judge(
    text: &str,
    trace: &Trace,
    expected: &Ends,
    with_states: bool,
) -> Option<(SimDuration, Agreement)> {
    let workload = script::parse(text).workload?;
    // A script that goes wrong must not take much longer than the run did.
    let records = (trace.log.len() as u64)
        .saturating_mul(4)
        .saturating_add(10_000);
    let again = simulate_within(&workload, RunLimits { records });
    let total = again.end.since(SimTime::ZERO);
    if again.end != trace.end {
        return Some((total, Agreement::None));
    }
    let names: BTreeMap<&str, ()> = expected
        .keys()
        .map(|(name, ..)| (name.as_str(), ()))
        .collect();
    let mut ends = Ends::new();
    for record in again.log.iter().filter(|record| record.state.is_terminal()) {
        let instance = again.instance(record.instance);
        let name = &workload.task(instance.task).name;
        if instance.role != Role::Part && names.contains_key(name.as_str()) {
            let state = with_states.then_some(record.state);
            *ends.entry((name.clone(), record.at, state)).or_default() += 1;
        }
    }
    let agreement = if ends == *expected {
        Agreement::Ends
    } else {
        Agreement::Total
    };
    Some((total, agreement))
}

impl FitSource<'_> {
    /// The task's name, e.g. `Client.fetch`.
    fn name(&self, task: usize) -> &str {
        let name = self
            .workload
            .tasks
            .get(task)
            .map_or("task", |task| &task.name);
        // A FastAPI handler on a thread has the name of its request.
        name.strip_suffix(" (thread)").unwrap_or(name)
    }

    /// The line of a segment in the program; 0 if it has none, or if this is no program.
    fn line(&self, segment: SegmentId) -> u32 {
        let place = self.workload.places.get(segment.0 as usize);
        place
            .filter(|_| self.is_program)
            .map_or(0, |place| place.line)
    }

    fn line_text(&self, segment: SegmentId) -> &str {
        if self.is_program {
            self.workload.source(self.text, segment)
        } else {
            ""
        }
    }

    fn printed(&self, number: usize, segment: SegmentId) -> String {
        let said = self.printed.get(number).map(|text| (*text).to_owned());
        said.unwrap_or_else(|| {
            let segments = self.workload.segments();
            match segments
                .get(segment.0 as usize)
                .copied()
                .flatten()
                .map(|segment| &segment.kind)
            {
                Some(model::workload::SegmentKind::Print { text }) => text.clone(),
                _ => String::new(),
            }
        })
    }
}
