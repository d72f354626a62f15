//! A proof: the exported script on CPython's own asyncio, on the virtual clock, compared with the
//! simulation event by event.
//!
//! Unlike a verification it takes no real time and has no tolerance: every print, response and end
//! of a task must be the same, in the same order, at the same nanosecond. Running the program is
//! left to the companion, which has the machine's Python, and to the page, which has its own.
//!
//! The trace comes from another program and is untrusted: [`import`] bounds and checks it.
//!
//! # What this leaves out
//!
//! - Threads, processes and jobs: a function on a virtual thread runs in one go. A script with
//!   them is refused; a verification runs it in real time.

mod words;

use std::collections::{BTreeMap, VecDeque};

use crate::export::{FunctionOrigin, PythonProgram, asyncio_program};
use crate::import;
use crate::program::{ProgramEnding, ProgramRun};
use model::time::SimTime;
use model::trace::{Ending, InstanceId, Role, State, Trace};
use model::workload::{
    Executor, PythonVersion, SegmentId, SegmentKind, TaskIndex, TaskKind, Workload,
};

pub use words::{agreement, event_words, other_version};

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The version of CPython, e.g. `3.11.7`.
    pub python: String,
    /// Events of the simulation; a deadlock and each instance that waits in it count as well.
    pub events: usize,
    /// Events before the first difference.
    pub agreeing: usize,
    pub difference: Option<Difference>,
    /// The version that the compared simulation follows, that of the Python which ran, and the
    /// script's, if the simulation of the script's has other events.
    pub other_version: Option<(PythonVersion, PythonVersion)>,
}

/// The newest version that the simulator follows.
const NEWEST: (u32, u32) = (3, 15);

impl Proof {
    /// Whether Python is newer than those that the simulator follows.
    pub fn is_of_newer_python(&self) -> bool {
        major_minor(&self.python).is_some_and(|version| version > NEWEST)
    }
}

/// The first two numbers of a version, e.g. `3.14.2` → (3, 14).
fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// The first difference. `None` if that side has nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub simulated: Option<ProvedEvent>,
    pub python: Option<ProvedEvent>,
}

/// An event that both sides can observe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedEvent {
    pub at: SimTime,
    /// Task and number, e.g. `ping`, 3. `None` for the end of the whole run.
    pub instance: Option<(String, u32)>,
    pub kind: ProvedKind,
    /// The line of the script; 0 if there is none.
    pub line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvedKind {
    Print(String),
    Respond,
    Finish,
    Fail,
    Cancel,
    /// The run ends, and nothing waits.
    RunFinishes,
    /// The script's `until` ends the run.
    RunIsCut,
    /// The run ends in a deadlock.
    RunIsStuck,
    /// The instance waits when the run is stuck.
    Waits,
}

impl ProvedEvent {
    fn is_same(&self, other: &Self) -> bool {
        // Lines are for people: Python's side may name the line of a call around it.
        (self.at, &self.instance, &self.kind) == (other.at, &other.instance, &other.kind)
    }

    /// Whether it is an event, and not just the end of the run.
    fn counts(&self) -> bool {
        !matches!(self.kind, ProvedKind::RunFinishes | ProvedKind::RunIsCut)
    }
}

/// A feature of a script because of which it cannot be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unprovable {
    Threads {
        line: u32,
        work: OffloadedWork,
    },
    /// Several server processes.
    Servers,
    /// Random durations or arrivals: Python draws other numbers.
    Random,
}

/// Work that is not on the event loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffloadedWork {
    /// A thread of AnyIO's pool or of the loop's executor.
    Thread,
    Process,
    /// A job of a queue.
    Job,
    /// A plain `def` that handles requests, on a thread of AnyIO's pool.
    Handler,
}

/// Python's run is no run of the script to its end; in words, e.g. which limit it reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished(pub String);

/// Why the script cannot be proved, if it cannot.
pub fn unprovable(workload: &Workload) -> Option<Unprovable> {
    let segments = workload.segments();
    let mut offloaded = segments.iter().flatten().filter_map(|segment| {
        let work = match segment.kind {
            SegmentKind::Offload { to, .. } => match to {
                Executor::Pool | Executor::Own => OffloadedWork::Thread,
                Executor::Process => OffloadedWork::Process,
            },
            SegmentKind::Send { .. } => OffloadedWork::Job,
            _ => return None,
        };
        let line = workload.place(segment.id).line;
        Some(Unprovable::Threads { line, work })
    });
    if let Some(reason) = offloaded.next() {
        return Some(reason);
    }
    let mut tasks = workload.tasks.iter();
    if let Some(task) = tasks.find(|task| task.kind == TaskKind::Sync) {
        return Some(Unprovable::Threads {
            line: task.place.line,
            work: OffloadedWork::Handler,
        });
    }
    if workload.machine.servers > 1 {
        return Some(Unprovable::Servers);
    }
    workload.draws_random().then_some(Unprovable::Random)
}

/// The program whose trace proves the script.
pub fn program(workload: &Workload) -> PythonProgram {
    let program = asyncio_program(workload);
    PythonProgram {
        source: with_exact_computing(&program.source),
        ..program
    }
}

/// Compares the trace of [`program`], `loopscope.trace/1`, with the simulation.
///
/// If asyncio behaves differently in the version that ran and in the script's, the run is compared
/// with what `simulate` returns for the version that ran.
pub fn judge(
    workload: &Workload,
    program: &PythonProgram,
    simulated: &Trace,
    trace: &[u8],
    simulate: impl FnOnce(&Workload) -> Option<Trace>,
) -> Result<Proof, Unfinished> {
    let (opened, run) =
        import::open_with_program(trace).map_err(|error| Unfinished(error.to_string()))?;
    let no_program = || Unfinished("the trace is not that of a program".to_owned());
    let run = run.ok_or_else(no_program)?;
    if workload.machine.eager && major_minor(&run.python).is_some_and(|python| python < (3, 12)) {
        let version = &run.python;
        return Err(Unfinished(format!("CPython {version} has no eager tasks")));
    }
    let python = python_events(workload, program, &opened.trace, &run)?;
    let of_script = simulated_events(workload, simulated);
    let following = following(workload, &run.python);
    let followed = following.and_then(|following| Some((simulate(&following)?, following)));
    let Some((trace, following)) = followed else {
        return Ok(compare(of_script, python, run.python));
    };
    let events = simulated_events(workload, &trace);
    let versions = (following.machine.python, workload.machine.python);
    let other_version = (events != of_script).then_some(versions);
    Ok(Proof {
        other_version,
        ..compare(events, python, run.python)
    })
}

/// The workload with the asyncio of this Python, e.g. `3.14.2`, if it follows another one.
fn following(workload: &Workload, python: &str) -> Option<Workload> {
    let found = PythonVersion::of_release(python)?;
    (!found.is_like(workload.machine.python)).then(|| {
        let mut following = workload.clone();
        following.machine.python = found;
        following
    })
}

/// The program with `burn` on the virtual clock: the exported one reads the clock in a loop, which
/// ends after its last reading and so a little late.
fn with_exact_computing(source: &str) -> String {
    if !source.contains("\ndef burn(seconds):\n") {
        return source.to_owned();
    }
    // Below all functions, so that no line of the script's tasks moves.
    source.replacen(
        "\n\nif __name__ == \"__main__\":\n",
        "\nfrom loopscope import cpu as burn\nif __name__ == \"__main__\":\n",
        1,
    )
}

fn compare(simulated: Vec<ProvedEvent>, python: Vec<ProvedEvent>, version: String) -> Proof {
    let events = simulated.iter().filter(|event| event.counts()).count();
    let both = simulated.iter().zip(&python);
    let same = both.take_while(|(one, other)| one.is_same(other)).count();
    let agreeing = simulated[..same]
        .iter()
        .filter(|event| event.counts())
        .count();
    let difference = Difference {
        simulated: simulated.into_iter().nth(same),
        python: python.into_iter().nth(same),
    };
    let differs = difference.simulated.is_some() || difference.python.is_some();
    Proof {
        python: version,
        events,
        agreeing,
        difference: differs.then_some(difference),
        other_version: None,
    }
}

fn simulated_events(workload: &Workload, trace: &Trace) -> Vec<ProvedEvent> {
    let segments = workload.segments();
    let instance = |id: InstanceId| {
        let instance = trace.instance(id);
        (workload.task(instance.task).name.clone(), instance.number)
    };
    let line = |segment: SegmentId| {
        let place = workload.places.get(segment.0 as usize);
        place.map_or(0, |place| place.line)
    };
    let mut events = Vec::new();
    for record in trace.log.iter() {
        let text = || match segments.get(record.segment.0 as usize).copied().flatten() {
            Some(segment) => match &segment.kind {
                SegmentKind::Print { text } => text.clone(),
                _ => String::new(),
            },
            None => String::new(),
        };
        if trace.instance(record.instance).role != Role::Part
            && let Some(kind) = kind_of(record.state, text)
        {
            events.push(ProvedEvent {
                at: record.at,
                instance: Some(instance(record.instance)),
                kind,
                line: line(record.segment),
            });
        }
    }
    let waiters = match &trace.ending {
        Ending::Deadlock(deadlock) => deadlock.waiters.as_slice(),
        _ => &[],
    };
    let waiting = waiters
        .iter()
        .map(|waiter| (instance(waiter.instance), line(waiter.segment)));
    let kind = match &trace.ending {
        Ending::Deadlock(_) => ProvedKind::RunIsStuck,
        Ending::Until => ProvedKind::RunIsCut,
        Ending::Finished | Ending::Limit(_) => ProvedKind::RunFinishes,
    };
    push_end(&mut events, kind, trace.end, waiting.collect());
    events
}

fn kind_of(state: State, printed: impl FnOnce() -> String) -> Option<ProvedKind> {
    Some(match state {
        State::Printed => ProvedKind::Print(printed()),
        State::Responded => ProvedKind::Respond,
        State::Done => ProvedKind::Finish,
        State::Failed => ProvedKind::Fail,
        State::Cancelled => ProvedKind::Cancel,
        _ => return None,
    })
}

/// Adds the end of the run, and the instances that wait in a deadlock.
fn push_end(
    events: &mut Vec<ProvedEvent>,
    kind: ProvedKind,
    end: SimTime,
    mut waiting: Vec<((String, u32), u32)>,
) {
    let is_stuck = kind == ProvedKind::RunIsStuck;
    events.push(ProvedEvent {
        at: end,
        instance: None,
        kind,
        line: 0,
    });
    // By name: an instance that arrives while the loop is held is created at its arrival in the
    // simulation, and after the hold in Python.
    waiting.sort();
    if is_stuck {
        events.extend(waiting.into_iter().map(|(instance, line)| ProvedEvent {
            at: end,
            instance: Some(instance),
            kind: ProvedKind::Waits,
            line,
        }));
    }
}

/// What Python's run did, in the words of the script.
fn python_events(
    workload: &Workload,
    program: &PythonProgram,
    trace: &Trace,
    run: &ProgramRun,
) -> Result<Vec<ProvedEvent>, Unfinished> {
    let kind = match run.ending {
        ProgramEnding::Deadlock => ProvedKind::RunIsStuck,
        // A script with `until` ends its process itself.
        ProgramEnding::Finished | ProgramEnding::Exit => match workload.machine.until {
            Some(until) if trace.end >= SimTime::ZERO + until => ProvedKind::RunIsCut,
            _ => ProvedKind::RunFinishes,
        },
        ProgramEnding::Limit | ProgramEnding::Refused => {
            return Err(Unfinished(run.message.clone()));
        }
        ProgramEnding::Error => {
            let problem = run.problems.first();
            let words = problem.map_or(String::new(), |p| format!("{}: {}", p.kind, p.message));
            return Err(Unfinished(words));
        }
    };
    let script = ScriptNames::new(workload, program);
    let mut output: BTreeMap<u32, VecDeque<(&str, u32)>> = BTreeMap::new();
    for line in &run.output {
        if let Some(instance) = line.instance {
            let site = line.site.map_or(0, |site| site.line);
            output
                .entry(instance)
                .or_default()
                .push_back((&line.text, site));
        }
    }
    let mut events = Vec::new();
    let mut last: Vec<Option<(State, SegmentId)>> = vec![None; trace.instances.len()];
    for record in trace.log.iter() {
        if !record.state.is_mark() {
            last[record.instance.0 as usize] = Some((record.state, record.segment));
        }
        let Some(instance) = script.instance(trace, run, record.instance) else {
            continue;
        };
        let printed = match record.state {
            State::Printed => {
                let own = output.get_mut(&record.instance.0);
                own.and_then(VecDeque::pop_front).unwrap_or_default()
            }
            _ => ("", 0),
        };
        let kind = match kind_of(record.state, || printed.0.to_owned()) {
            // The exported `respond` prints.
            Some(ProvedKind::Print(_)) if Some(printed.1) == script.respond => ProvedKind::Respond,
            Some(kind) => kind,
            None => continue,
        };
        events.push(ProvedEvent {
            at: record.at,
            instance: Some(instance),
            kind,
            line: script.line(run, record.segment),
        });
    }
    let unfinished = last.iter().zip(0..).filter_map(|(last, number)| {
        let (state, segment) = (*last)?;
        let instance = script.instance(trace, run, InstanceId(number))?;
        (!state.is_terminal()).then(|| (instance, script.line(run, segment)))
    });
    push_end(&mut events, kind, trace.end, unfinished.collect());
    Ok(events)
}

/// The way from the exported program back to the script.
struct ScriptNames<'a> {
    workload: &'a Workload,
    /// By name of the function.
    tasks: BTreeMap<&'a str, TaskIndex>,
    /// By line of the program.
    segments: BTreeMap<u32, SegmentId>,
    /// The line at which `respond` prints.
    respond: Option<u32>,
}

impl<'a> ScriptNames<'a> {
    fn new(workload: &'a Workload, program: &'a PythonProgram) -> Self {
        let tasks = program
            .functions
            .iter()
            .filter_map(|(name, function)| match function {
                FunctionOrigin::Task(task) => Some((name.as_str(), *task)),
                FunctionOrigin::Part { .. } => None,
            });
        let mut lines = program.source.lines().zip(1_u32..);
        let in_respond = lines.find(|(line, _)| *line == "def respond():");
        let respond = in_respond
            .and_then(|_| lines.find(|(line, _)| line.starts_with("    print(")))
            .map(|(_, number)| number);
        Self {
            workload,
            tasks: tasks.collect(),
            segments: program.lines.iter().copied().collect(),
            respond,
        }
    }

    /// The script's task and the number of an instance; `None` for the program's `main`.
    fn instance(&self, trace: &Trace, run: &ProgramRun, id: InstanceId) -> Option<(String, u32)> {
        let instance = trace.instance(id);
        let task = self.tasks.get(run.task_name(instance.task)?)?;
        Some((self.workload.task(*task).name.clone(), instance.number))
    }

    fn line(&self, run: &ProgramRun, segment: SegmentId) -> u32 {
        let site = run.site(segment);
        let own = site.and_then(|site| self.segments.get(&site.line));
        own.map_or(0, |segment| self.workload.place(*segment).line)
    }
}

#[cfg(test)]
mod tests;
