//! Guessing: judges a reader's prediction and recognises the misconception behind a wrong one.
//!
//! A misconception is a machine that does not exist, e.g. one on which two tasks hold the loop
//! at the same time. It is simulated; a reader with the same answer has probably imagined this
//! machine.
//!
//! - [`misconception`]: the machines that do not exist.
//! - [`exercise`]: generated exercises. [`words`]: the sentences.

mod exercise;
mod misconception;
mod words;

pub use exercise::{Exercise, Family};
pub use misconception::Misconception;

use model::limits::DURATION_MAX;
use model::time::{SimDuration, SimTime};
use model::trace::{Ending, State, Trace};
use model::workload::{TaskIndex, Workload};
use script::parse_duration;
use sim::{Simulation, SimulationProgress};

/// The quantity to predict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Total,
    /// The order in which the tasks finish; the last instance of a task counts.
    Order,
}

/// An answer to a question, right or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Total(SimDuration),
    Order(Vec<TaskIndex>),
}

/// The judgement of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub right: bool,
    pub key: Answer,
    /// Misconceptions that lead to this answer, the most specific one first.
    pub misconceptions: Vec<Misconception>,
}

/// Tolerance: an answer is right if it is off by at most 1/200, e.g. 3.33 s for 10/3 s.
const EXACT_TO: u64 = 200;
/// The records that each simulation may produce. A misconception can make a run much longer.
const RECORDS_MAX: u64 = 1_000_000;

/// The right answer; `None` if the run does not reach its end, or takes longer than any duration
/// that can be typed.
pub fn key(workload: &Workload, question: Question) -> Option<Answer> {
    let mut simulation = Simulation::new(workload);
    simulation.keep_at_most(RECORDS_MAX);
    while simulation.advance(u64::MAX) != SimulationProgress::Over {}
    let trace = simulation.into_trace();
    let over = matches!(trace.ending, Ending::Finished | Ending::Until);
    let answer = over.then(|| shown(workload, &trace, question));
    answer.filter(|answer| !matches!(answer, Answer::Total(total) if *total > DURATION_MAX))
}

/// Judges an answer; `None` if there is no right answer.
pub fn judge(workload: &Workload, answer: &Answer) -> Option<Judged> {
    let question = match answer {
        Answer::Total(_) => Question::Total,
        Answer::Order(_) => Question::Order,
    };
    let key = key(workload, question)?;
    let right = agrees(answer, &key);
    let misconceptions = if right {
        Vec::new()
    } else {
        Misconception::ALL
            .into_iter()
            .filter(|misconception| {
                let answered = misconception.answer(workload, question);
                // A misconception that leads to the right answer explains no error.
                answered.is_some_and(|wrong| wrong != key && agrees(answer, &wrong))
            })
            .collect()
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

/// The tasks of the `run` lines, ordered by the end of the last instance of each.
fn done(workload: &Workload, trace: &Trace) -> Vec<TaskIndex> {
    let mut order: Vec<TaskIndex> = Vec::new();
    for record in trace.log.iter() {
        let instance = trace.instance(record.instance);
        let is_run = workload.runs.iter().any(|run| run.task == instance.task);
        // Only arrivals count, not the instances that they start.
        if is_run && instance.parent.is_none() && record.state == State::Done {
            // Moves the task to the end, so that its last instance counts.
            order.retain(|task| *task != instance.task);
            order.push(instance.task);
        }
    }
    order
}

/// Parses an answer as readers write it, e.g. `9` or `2.5s`; `a, b, c` or `a > b > c`.
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
