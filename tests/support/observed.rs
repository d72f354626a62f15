//! The visible events of a run, in one form for simulated traces and for CPython.

use std::fmt;

use model::time::SimTime;
use model::trace::{Ending, InstanceId, Role, State, Trace};
use model::workload::{Segment, SegmentKind, Workload};
use serde::Deserialize;

/// The compared properties of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observation {
    /// In the order of occurrence.
    pub(crate) events: Vec<Event>,
    pub(crate) ending: String,
    /// The instances that have not ended, sorted by name; empty unless the run is a deadlock.
    pub(crate) waiting: Vec<String>,
}

/// One event, e.g. `3ms ping#2 prints "b"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) at: SimTime,
    pub(crate) who: String,
    pub(crate) what: String,
}

impl Observation {
    /// One line per event. The first difference is usually the cause of the others.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.events.iter().map(Event::to_string).collect();
        lines.push(self.ending.clone());
        lines.extend(self.waiting.iter().map(|who| format!("  {who} waits")));
        lines
    }

    pub(crate) fn of_trace(workload: &Workload, trace: &Trace) -> Self {
        let segments = workload.segments();
        let events = trace
            .log
            .iter()
            // Parts of an instance, such as its thread work, do not exist as tasks in Python.
            .filter(|record| trace.instance(record.instance).role != Role::Part)
            .filter_map(|record| {
                let what = match record.state {
                    State::Printed => printed(segments[record.segment.0 as usize]),
                    State::Responded => "responds".to_owned(),
                    State::Done => "ends: done".to_owned(),
                    State::Failed => "ends: failed".to_owned(),
                    State::Cancelled => "ends: cancelled".to_owned(),
                    _ => return None,
                };
                Some(Event {
                    at: record.at,
                    who: who(workload, trace, record.instance),
                    what,
                })
            })
            .collect();
        let (ending, waiting) = match &trace.ending {
            Ending::Finished => ("finished", Vec::new()),
            Ending::Until => ("until", Vec::new()),
            Ending::Limit(_) => ("limit", Vec::new()),
            Ending::Deadlock(deadlock) => {
                let stuck = deadlock
                    .waiters
                    .iter()
                    .map(|waiter| who(workload, trace, waiter.instance));
                ("deadlock", sorted(stuck))
            }
        };
        Self {
            events,
            ending: ending.to_owned(),
            waiting,
        }
    }

    pub(crate) fn of_answer(answer: Answer) -> Self {
        // An error of the program itself appears as its ending, and so in the comparison.
        if let Some(error) = answer.error {
            return Self {
                events: Vec::new(),
                ending: error,
                waiting: Vec::new(),
            };
        }
        let events = answer
            .events
            .into_iter()
            .map(|(at_ns, name, number, kind, text)| Event {
                at: SimTime::from_nanos(at_ns),
                who: format!("{name}#{number}"),
                what: match kind.as_str() {
                    "print" => format!("prints {text:?}"),
                    "respond" => "responds".to_owned(),
                    _ => format!("ends: {text}"),
                },
            })
            .collect();
        let waiting = answer
            .waiting
            .into_iter()
            .map(|(name, number)| format!("{name}#{number}"));
        let waiting = sorted(waiting);
        Self {
            events,
            ending: answer.ending,
            waiting,
        }
    }
}

/// A line of output from `observe.py`.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) id: usize,
    #[serde(default)]
    events: Vec<(u64, String, u32, String, String)>,
    #[serde(default)]
    ending: String,
    #[serde(default)]
    waiting: Vec<(String, u32)>,
    error: Option<String>,
}

fn printed(segment: Option<&Segment>) -> String {
    match segment.map(|segment| &segment.kind) {
        Some(SegmentKind::Print { text }) => format!("prints {text:?}"),
        other => format!("prints at {other:?}"),
    }
}

fn who(workload: &Workload, trace: &Trace, id: InstanceId) -> String {
    let instance = trace.instance(id);
    format!("{}#{}", workload.task(instance.task).name, instance.number)
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at, self.who, self.what)
    }
}

/// Sorted names. The order of creation differs: an instance that arrives while the loop is
/// held is created at its arrival in the simulator, and after the hold in Python.
fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
