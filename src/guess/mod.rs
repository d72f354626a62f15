//! Guess first: a prediction is judged, and a wrong one is named for what it is.
//!
//! A misconception is a machine that does not exist: one on which two tasks hold
//! the loop at once, or waits add up. It is simulated; whoever answers what it
//! would show has thought of that machine.
//!
//! - [`misconception`]: the machines that do not exist.
//! - [`exercise`]: families of exercises, made from a seed. [`words`]: how it is said.

mod exercise;
mod misconception;
mod words;

pub use exercise::{Exercise, Family};
pub use misconception::Misconception;

use crate::script::parse_duration;
use crate::sim::{Progress, Simulation};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Ending, State, Trace};
use crate::workload::{TaskIndex, Workload};

/// What is to be predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Total,
    /// In which order the tasks are done, the last instance of each.
    Order,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Total(SimDuration),
    Order(Vec<TaskIndex>),
}

/// What is to be said about an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub right: bool,
    pub key: Answer,
    /// What the answer would be right for, the likeliest first.
    pub misconceptions: Vec<Misconception>,
}

/// An answer is as good as its last digit: one part in so many may be missing.
const EXACT_TO: u64 = 200;
/// Records that each simulation of a misconception may leave.
const RECORDS_MAX: u64 = 1_000_000;

/// The right answer; `None` if the run does not reach its end.
pub fn key(workload: &Workload, question: Question) -> Option<Answer> {
    let mut simulation = Simulation::new(workload);
    simulation.keep_at_most(RECORDS_MAX);
    while simulation.advance(u64::MAX) != Progress::Over {}
    let trace = simulation.into_trace();
    let over = matches!(trace.ending, Ending::Finished | Ending::Until);
    over.then(|| shown(workload, &trace, question))
}

/// `None` if there is no right answer.
pub fn judge(workload: &Workload, answer: &Answer) -> Option<Judged> {
    let question = match answer {
        Answer::Total(_) => Question::Total,
        Answer::Order(_) => Question::Order,
    };
    let key = key(workload, question)?;
    let right = agrees(answer, &key);
    let misconceptions = match right {
        true => Vec::new(),
        false => Misconception::ALL
            .into_iter()
            .filter(|misconception| {
                let answered = misconception.answer(workload, question);
                answered.is_some_and(|wrong| wrong != key && agrees(answer, &wrong))
            })
            .collect(),
    };
    Some(Judged {
        right,
        key,
        misconceptions,
    })
}

fn agrees(answer: &Answer, with: &Answer) -> bool {
    match (answer, with) {
        (Answer::Total(answer), Answer::Total(with)) => {
            let off = answer.as_nanos().abs_diff(with.as_nanos());
            off <= with.as_nanos() / EXACT_TO
        }
        (answer, with) => answer == with,
    }
}

fn shown(workload: &Workload, trace: &Trace, question: Question) -> Answer {
    match question {
        Question::Total => Answer::Total(trace.end.since(SimTime::ZERO)),
        Question::Order => Answer::Order(done(workload, trace)),
    }
}

/// The tasks of the runs, in the order in which the last of each is done.
fn done(workload: &Workload, trace: &Trace) -> Vec<TaskIndex> {
    let mut order: Vec<TaskIndex> = Vec::new();
    for record in trace.log.iter() {
        let instance = trace.instance(record.instance);
        let is_run = workload.runs.iter().any(|run| run.task == instance.task);
        // What arrived, not what it started.
        if is_run && instance.parent.is_none() && record.state == State::Done {
            order.retain(|task| *task != instance.task);
            order.push(instance.task);
        }
    }
    order
}

/// An answer as people write it: `9`, `2.5s`; `a, b, c`.
pub fn parse(text: &str, workload: &Workload, question: Question) -> Option<Answer> {
    match question {
        Question::Total => parse_duration(text).ok().map(Answer::Total),
        Question::Order => {
            let names = text.split([',', ' ', '>', '→']);
            let names = names.map(str::trim).filter(|name| !name.is_empty());
            let find = |name: &str| {
                let found = workload.tasks.iter().position(|task| task.name == name)?;
                Some(TaskIndex(found as u32))
            };
            names
                .map(find)
                .collect::<Option<Vec<_>>>()
                .map(Answer::Order)
        }
    }
}
