//! The result in figures: the total in large, the other figures beside it, and a table of tasks.

use super::node::{Does, Element, Event, Node, el};
use crate::state::State;
use crate::state::action::{Field, Fold};
use crate::state::bars;
use crate::state::number::with_places;
use crate::state::sentences::{self, spoken};
use crate::state::shown::Shown;
use crate::state::words;
use chart::scene::Words;
use model::time::{SimDuration, SimTime};
use model::trace::expectation::Verdict;
use model::trace::summary::{LongestInterval, Outcome, TaskSummary, Times};
use model::trace::{Ending, InstanceId, Role};
use model::workload::TaskIndex;
use texts::{Language, Text};

pub(crate) fn card(state: &State, shown: &Shown) -> Node {
    let language = state.language();
    let total = el("strong#total").set("aria-live", "polite");
    let total = if matches!(shown.trace.ending, Ending::Deadlock(_)) {
        total.kid(el("small").text(Words(language).never_ends()))
    } else {
        let (number, unit) = sentences::headline(language, shown.summary.total);
        total.text(number).kid(el("small").text(unit))
    };
    let total = el("div.total")
        .kid(el("span").text(words::TOTAL.of(language)))
        .kid(total);
    let by_task = el("details#by-task.by-task")
        .kid(el("summary").text(words::BY_TASK_FIGURES.of(language)))
        .kid(state.folds.by_task.then(|| task_table(shown, language)))
        .on(Event::Toggle, Does::Fill(Field::Fold(Fold::ByTask)));
    let ending = sentences::ending(language, shown).map(|text| el("p.ending").text(text));
    let formula = state
        .insight
        .formula
        .as_ref()
        .filter(|_| state.is_looked_at());
    // The line is reserved, so that the chart does not move when the formula arrives.
    let formula = formula.map_or(Node::NOTHING, |formula| Node::from(&**formula));
    let change = state.total_change;
    let change = change.and_then(|change| Some((change.is_faster(), change.said(language)?)));
    let (is_faster, said) = change.unwrap_or_default();
    let change = el("p#change.change")
        .class_if(is_faster, "good")
        .set("aria-live", "polite")
        .text(said);
    let formula = el("div.formula-line").kid(change).kid(formula);
    el("section.card.result")
        .class_if(state.is_stale(), "stale")
        .label(words::RESULT.of(language))
        .kid(total)
        .kid(verdicts(&shown.verdicts, language))
        .kid(el("dl.figures").kids(figures(shown, language)))
        .kid(ending)
        .kid(el("p#summary.summary").text(sentences::summary(language, shown)))
        .kid(formula)
        .kid(by_task)
        .into()
}

fn verdicts(verdicts: &[Verdict], language: Language) -> Option<Element> {
    let verdict = |verdict: &Verdict| {
        let (class, sign, word) = if verdict.holds {
            ("good", "✓", words::MET)
        } else {
            ("bad", "✗", words::MISSED)
        };
        let text = sentences::verdict(language, &verdict.text, &verdict.actual, verdict.holds);
        el("li")
            .set("class", class)
            .kid(el("span").label(word.of(language)).text(sign))
            .text(" ")
            .text(text)
            .into()
    };
    let list = || {
        el("ul.verdicts")
            .label(words::EXPECTED.of(language))
            .kids(verdicts.iter().map(verdict))
    };
    (!verdicts.is_empty()).then(list)
}

fn figures(shown: &Shown, language: Language) -> Vec<Node> {
    let summary = &shown.summary;
    let machine = &shown.workload.machine;
    let latency = summary.arrivals.latency;
    let mut figures = vec![
        longest(words::LONGEST_FREEZE, summary.freeze, shown, language),
        longest(words::LOOP_LAG, summary.loop_lag, shown, language),
    ];
    let mut add = |name, value: String, note| figures.push(figure(name, value, note, language));
    let waited = shown.waited();
    if !waited.is_zero() {
        add(
            words::WAITED,
            spoken(language, waited),
            words::IN_SUM.of(language).into(),
        );
    }
    if let Some(latency) = latency {
        let rest = format!(
            "p50 {} · p99 {}",
            spoken(language, latency.p50),
            spoken(language, latency.p99)
        );
        add(words::LATENCY, spoken(language, latency.p95), rest);
    }
    if summary.threads_peak > 0 {
        let all = sentences::of(language, machine.pool.into());
        add(words::THREADS_PEAK, summary.threads_peak.to_string(), all);
    }
    if summary.pool_queue_peak > 0 {
        let peak = summary.pool_queue_peak.to_string();
        add(words::POOL_QUEUE_PEAK, peak, String::new());
    }
    if !summary.cpu.used.is_zero() {
        let part = summary.cpu.used.as_nanos() as f64 / summary.cpu.offered.as_nanos() as f64;
        let cores = sentences::of_cores(language, machine.cores.into());
        add(
            words::CPU_USED,
            format!("{} %", with_places(part * 100.0, 0)),
            cores,
        );
    }
    figures
}

/// The longest time, with the instance that it belongs to.
fn longest(
    name: Text,
    longest: Option<LongestInterval>,
    shown: &Shown,
    language: Language,
) -> Node {
    match longest.filter(|longest| !longest.length.is_zero()) {
        Some(longest) => {
            let whose = bars::name(shown, longest.instance);
            figure(name, spoken(language, longest.length), whose, language)
        }
        None => figure(
            name,
            words::NONE.of(language).to_owned(),
            String::new(),
            language,
        ),
    }
}

fn figure(name: Text, value: String, note: String, language: Language) -> Node {
    let value = el("dd").text(value).kid(el("small").text(note));
    el("div")
        .kid(el("dt").text(name.of(language)))
        .kid(value)
        .into()
}

/// Instances of a task; above this number the table shows only their summary.
const INSTANCES_MAX: usize = 8;
/// Tasks; further ones are only in the downloaded file with the figures.
const TASKS_MAX: usize = 200;

fn task_table(shown: &Shown, language: Language) -> Element {
    let head = |text: &'static str| el("th").set("scope", "col").text(text).into();
    let word = |text: &Text| head(text.of(language));
    let first = [
        words::TASK,
        words::COUNT,
        words::FIRST_START,
        words::LAST_FINISH,
    ];
    let last = [words::PER_SECOND, words::FAILED, words::CANCELLED_COUNT];
    let heads = el("tr")
        .kids(first.iter().map(word))
        .kids(["p50", "p95", "p99"].map(head))
        .kids(last.iter().map(word));
    let instances = by_task(shown);
    let tasks = shown.summary.tasks.iter().zip(&instances).enumerate();
    let created = tasks.filter(|(_, (task, _))| task.outcomes.created > 0);
    let rows = created
        .take(TASKS_MAX)
        .map(|(index, (task, ids))| task_rows(shown, language, TaskIndex(index as u32), task, ids));
    let many = instances.iter().filter(|ids| !ids.is_empty()).count();
    let body = el("tbody")
        .kids(rows)
        .kid(left_out(many.saturating_sub(TASKS_MAX), "", language));
    el("div.scroll")
        .set("tabindex", "0")
        .set("role", "region")
        .label(words::BY_TASK_FIGURES.of(language))
        .kid(el("table").kid(el("thead").kid(heads)).kid(body))
}

/// The line with the number of omitted rows.
fn left_out(rest: usize, class: &'static str, language: Language) -> Option<Element> {
    let head = || {
        el("th")
            .set("scope", "row")
            .set("colspan", "10")
            .text(sentences::more(language, rest))
    };
    (rest > 0).then(|| el("tr").set("class", class).kid(head()))
}

fn at(language: Language, time: Option<SimTime>) -> String {
    time.map_or_else(|| "–".to_owned(), |time| sentences::instant(language, time))
}

fn length(language: Language, value: Option<SimDuration>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| spoken(language, value))
}

/// The instances of each task.
fn by_task(shown: &Shown) -> Vec<Vec<InstanceId>> {
    let mut ids = vec![Vec::new(); shown.summary.tasks.len()];
    for (id, instance) in shown.trace.instances.iter().enumerate() {
        if instance.role != Role::Part {
            ids[instance.task.0 as usize].push(InstanceId(id as u32));
        }
    }
    ids
}

/// The row of a task, with the rows of its instances below it.
fn task_rows(
    shown: &Shown,
    language: Language,
    index: TaskIndex,
    task: &TaskSummary,
    ids: &[InstanceId],
) -> Node {
    let times = || ids.iter().map(|id| &shown.summary.times[id.0 as usize]);
    let start = times().filter_map(Times::start).min();
    let finish = times().filter_map(Times::finish).max();
    let percentiles = task.outcomes.latency.map_or([None; 3], |latency| {
        [latency.p50, latency.p95, latency.p99].map(Some)
    });
    let throughput = task.outcomes.throughput(shown.summary.total);
    let own = el("tr")
        .kid(head(shown.workload.task(index).name.clone()))
        .kid(cell(task.outcomes.created.to_string()))
        .kid(cell(at(language, start)))
        .kid(cell(at(language, finish)))
        .kids(percentiles.map(|value| cell(length(language, value)).into()))
        .kid(cell(with_places(throughput, 2)))
        .kid(cell(task.outcomes.failed.to_string()))
        .kid(cell(task.outcomes.cancelled.to_string()));
    let mut rows = vec![own.into()];
    if ids.len() > 1 {
        let listed = ids.iter().take(INSTANCES_MAX);
        rows.extend(listed.map(|&id| instance_row(shown, language, id)));
        let rest = ids.len().saturating_sub(INSTANCES_MAX);
        rows.push(left_out(rest, "instance", language).into());
    }
    Node::Several(rows)
}

fn head(text: String) -> Element {
    el("th").set("scope", "row").text(text)
}

fn cell(text: String) -> Element {
    el("td").text(text)
}

/// One instance: its latency below the percentiles, and its ending.
fn instance_row(shown: &Shown, language: Language, id: InstanceId) -> Node {
    let times = &shown.summary.times[id.0 as usize];
    let latency = length(language, times.latency());
    let outcome = match times.outcome {
        Outcome::Done => words::DONE,
        Outcome::Failed => words::FAILED,
        Outcome::Cancelled => words::CANCELLED_COUNT,
        Outcome::Running => words::NOT_OVER,
    };
    el("tr.instance")
        .kid(head(bars::name(shown, id)))
        .kid(el("td"))
        .kid(cell(at(language, times.start())))
        .kid(cell(at(language, times.finish())))
        .kid(cell(latency).set("colspan", "3"))
        .kid(el("td").set("colspan", "3").text(outcome.of(language)))
        .into()
}
