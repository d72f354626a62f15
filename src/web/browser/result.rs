//! The outcome in figures: the total in large, what else matters beside it, and
//! a table for each task.

use std::rc::Rc;

use yew::prelude::*;

use super::dom;
use crate::language::{Language, Text};
use crate::time::{SimDuration, SimTime};
use crate::trace::expectation::Verdict;
use crate::trace::summary::{Longest, Outcome, TaskSummary, Times};
use crate::trace::{InstanceId, Role};
use crate::web::model::bars;
use crate::web::model::sentences::{self, spoken};
use crate::web::model::shown::Shown;
use crate::web::model::words;
use crate::workload::TaskIndex;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) shown: Rc<Shown>,
    pub(super) language: Language,
    pub(super) stale: bool,
}

/// A component of its own, so that it is not made anew at every frame.
#[component]
pub(super) fn ResultCard(props: &Props) -> Html {
    let open = use_state(|| false);
    let toggled = {
        let open = open.clone();
        Callback::from(move |event: Event| open.set(dom::is_open(&event)))
    };
    let Props {
        shown,
        language,
        stale,
    } = props;
    let language = *language;
    let (number, unit) = sentences::headline(shown.summary.total);
    html! {
        <section class={classes!("card", "result", stale.then_some("stale"))} aria-label={words::RESULT.of(language)}>
            <div class="total">
                <span>{ words::TOTAL.of(language) }</span>
                <strong id="total" aria-live="polite">{ number }<small>{ unit }</small></strong>
            </div>
            { verdicts(&shown.verdicts, language) }
            <dl class="figures">{ for figures(shown, language) }</dl>
            { ending(shown, language) }
            <p class="summary" id="summary">{ sentences::summary(language, shown) }</p>
            <details class="by-task" id="by-task" ontoggle={toggled}>
                <summary>{ words::BY_TASK_FIGURES.of(language) }</summary>
                if *open { { task_table(&TableProps { shown: shown.clone(), language }) } }
            </details>
        </section>
    }
}

fn verdicts(verdicts: &[Verdict], language: Language) -> Html {
    if verdicts.is_empty() {
        return Html::default();
    }
    let verdict = |verdict: &Verdict| {
        let (class, sign, word) = match verdict.holds {
            true => ("good", "✓", words::MET),
            false => ("bad", "✗", words::MISSED),
        };
        let text = sentences::verdict(language, &verdict.text, &verdict.actual, verdict.holds);
        html! { <li {class}><span aria-label={word.of(language)}>{ sign }</span>{ " " }{ text }</li> }
    };
    html! { <ul class="verdicts" aria-label={words::EXPECTED.of(language)}>{ for verdicts.iter().map(verdict) }</ul> }
}

fn figures(shown: &Shown, language: Language) -> Vec<Html> {
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
            spoken(waited),
            words::IN_SUM.of(language).into(),
        );
    }
    if let Some(latency) = latency {
        let rest = format!("p50 {} · p99 {}", spoken(latency.p50), spoken(latency.p99));
        add(words::LATENCY, spoken(latency.p95), rest);
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
        add(words::CPU_USED, format!("{:.0} %", part * 100.0), cores);
    }
    figures
}

/// How long, and whose it was.
fn longest(name: Text, longest: Option<Longest>, shown: &Shown, language: Language) -> Html {
    match longest.filter(|longest| !longest.length.is_zero()) {
        Some(longest) => {
            let whose = bars::name(shown, longest.instance);
            figure(name, spoken(longest.length), whose, language)
        }
        None => figure(
            name,
            words::NONE.of(language).to_owned(),
            String::new(),
            language,
        ),
    }
}

fn figure(name: Text, value: String, note: String, language: Language) -> Html {
    html! { <div><dt>{ name.of(language) }</dt><dd>{ value }<small>{ note }</small></dd></div> }
}

fn ending(shown: &Shown, language: Language) -> Html {
    match sentences::ending(language, shown) {
        Some(text) => html! { <p class="ending">{ text }</p> },
        None => Html::default(),
    }
}

struct TableProps {
    shown: Rc<Shown>,
    language: Language,
}

/// More instances of a task than this are summed up only.
const INSTANCES_MAX: usize = 8;
/// More tasks than this are in the file with the figures only.
const TASKS_MAX: usize = 200;

fn task_table(props: &TableProps) -> Html {
    let TableProps { shown, language } = props;
    let language = *language;
    let head = |text: &Text| html! { <th scope="col">{ text.of(language) }</th> };
    let first = [
        words::TASK,
        words::COUNT,
        words::FIRST_START,
        words::LAST_FINISH,
    ];
    let last = [words::PER_SECOND, words::FAILED, words::CANCELLED_COUNT];
    let instances = by_task(shown);
    let tasks = shown.summary.tasks.iter().zip(&instances).enumerate();
    let created = tasks.filter(|(_, (task, _))| task.outcomes.created > 0);
    let rows = created
        .take(TASKS_MAX)
        .map(|(index, (task, ids))| task_rows(props, TaskIndex(index as u32), task, ids));
    let rest = instances
        .iter()
        .filter(|ids| !ids.is_empty())
        .count()
        .saturating_sub(TASKS_MAX);
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={words::BY_TASK_FIGURES.of(language)}>
            <table>
                <thead><tr>
                    { for first.iter().map(head) }
                    { for ["p50", "p95", "p99"].iter().map(|text| html! { <th scope="col">{ *text }</th> }) }
                    { for last.iter().map(head) }
                </tr></thead>
                <tbody>
                    { for rows }
                    if rest > 0 { <tr><th scope="row" colspan="10">{ sentences::more(language, rest) }</th></tr> }
                </tbody>
            </table>
        </div>
    }
}

fn at(time: Option<SimTime>) -> String {
    time.map_or_else(|| "–".to_owned(), sentences::instant)
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

/// A task, and below it its instances.
fn task_rows(props: &TableProps, index: TaskIndex, task: &TaskSummary, ids: &[InstanceId]) -> Html {
    let shown = &props.shown;
    let times = || ids.iter().map(|id| &shown.summary.times[id.0 as usize]);
    let start = times().filter_map(Times::start).min();
    let finish = times().filter_map(Times::finish).max();
    let percentiles = task.outcomes.latency.map_or([None; 3], |latency| {
        [latency.p50, latency.p95, latency.p99].map(Some)
    });
    let length = |value: Option<SimDuration>| value.map_or_else(|| "–".to_owned(), spoken);
    let several = ids.len() > 1;
    let rest = ids.len().saturating_sub(INSTANCES_MAX);
    html! {
        <>
            <tr>
                <th scope="row">{ &shown.workload.task(index).name }</th>
                <td>{ task.outcomes.created }</td>
                <td>{ at(start) }</td>
                <td>{ at(finish) }</td>
                { for percentiles.into_iter().map(|value| html! { <td>{ length(value) }</td> }) }
                <td>{ format!("{:.2}", task.outcomes.throughput(shown.summary.total)) }</td>
                <td>{ task.outcomes.failed }</td>
                <td>{ task.outcomes.cancelled }</td>
            </tr>
            if several {
                { for ids.iter().take(INSTANCES_MAX).map(|&id| instance_row(props, id)) }
            }
            if several && rest > 0 {
                <tr class="instance"><th scope="row" colspan="10">{ sentences::more(props.language, rest) }</th></tr>
            }
        </>
    }
}

/// One instance: its latency under the percentiles, and how it ended.
fn instance_row(props: &TableProps, id: InstanceId) -> Html {
    let times = &props.shown.summary.times[id.0 as usize];
    let latency = times.latency().map_or_else(|| "–".to_owned(), spoken);
    let outcome = match times.outcome {
        Outcome::Done => words::DONE,
        Outcome::Failed => words::FAILED,
        Outcome::Cancelled => words::CANCELLED_COUNT,
        Outcome::Running => words::NOT_OVER,
    };
    html! {
        <tr class="instance">
            <th scope="row">{ bars::name(&props.shown, id) }</th>
            <td></td>
            <td>{ at(times.start()) }</td>
            <td>{ at(times.finish()) }</td>
            <td colspan="3">{ latency }</td>
            <td colspan="3">{ outcome.of(props.language) }</td>
        </tr>
    }
}
