//! The rules of an answer: it is refused, right, or wrong with an explanation.
//!
//! The first line is `FAMILY SEED ANSWER`, e.g. `waits 7 9s`. Text after it is a script to ask
//! about instead of an exercise.

use analysis::guess::{Family, Question, judge, key, parse};
use model::workload::Workload;
use sim::{SyncRunLimits, simulate_sync};

use super::check_message;

/// Small, because judging an answer simulates ten misconceptions.
const BOUNDS: SyncRunLimits = SyncRunLimits {
    instances: 50,
    records: 500,
    steps: 2_000,
};

pub(super) fn check(text: &str) -> bool {
    let (line, script) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = line.splitn(3, ' ');
    let family = words.next().and_then(Family::from_name);
    let seed = words.next().and_then(|seed| seed.parse().ok());
    let answer = words.next().unwrap_or_default();
    if script.is_empty() {
        let family = family.unwrap_or(Family::Waits);
        let exercise = family.exercise(seed.unwrap_or(1));
        let workload = script::parse(&exercise.script).workload;
        let workload = workload.expect("an exercise is a valid script");
        return check_question(&workload, exercise.question, answer);
    }
    let Some(workload) = script::parse(script).workload else {
        return false;
    };
    if simulate_sync(&workload, BOUNDS).is_none() {
        return false;
    }
    let questions = [Question::Total, Question::Order];
    let accepted = questions.map(|question| check_question(&workload, question, answer));
    accepted.contains(&true)
}

fn check_question(workload: &Workload, question: Question, answer: &str) -> bool {
    // The displayed key must be accepted as an answer, unless a name looks like punctuation.
    let Some(key) = key(workload, question) else {
        return false;
    };
    let typed = parse(&key.text(workload), workload, question);
    assert_eq!(typed.as_ref(), Some(&key), "{}", key.text(workload));
    let Some(answer) = parse(answer, workload, question) else {
        return false;
    };
    let Some(judged) = judge(workload, &answer) else {
        panic!("a question with a key has a verdict");
    };
    assert_eq!(judged.key, key);
    assert!(!judged.right || judged.misconceptions.is_empty());
    for misconception in judged.misconceptions {
        check_message(|language| misconception.text(language).to_owned());
    }
    true
}
