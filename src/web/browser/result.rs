//! The outcome in figures: the total in large, what else matters beside it, and
//! a table for each task.

use std::rc::Rc;

use yew::prelude::*;

use crate::language::{Language, Text};
use crate::time::SimDuration;
use crate::trace::expectation::Verdict;
use crate::trace::summary::TaskSummary;
use crate::trace::{InstanceId, Role};
use crate::web::model::sentences::{self, spoken};
use crate::web::model::shown::Shown;
use crate::web::model::words;
use crate::workload::TaskIndex;

pub(super) struct Props {
    pub(super) shown: Rc<Shown>,
    pub(super) language: Language,
    pub(super) stale: bool,
}

pub(super) fn result_card(props: &Props) -> Html {
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
            <details class="by-task">
                <summary>{ words::BY_TASK_FIGURES.of(language) }</summary>
                { task_table(&TableProps { shown: shown.clone(), language }) }
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
    let longest = |longest: Option<crate::trace::summary::Longest>| {
        longest
            .filter(|longest| !longest.length.is_zero())
            .map_or_else(
                || words::NONE.of(language).to_owned(),
                |longest| spoken(longest.length),
            )
    };
    let latency = summary
        .arrivals
        .latency
        .map_or_else(|| "–".to_owned(), |latency| spoken(latency.p95));
    let cpu = match summary.cpu.offered.as_nanos() {
        0 => "–".to_owned(),
        offered => format!(
            "{:.0} %",
            summary.cpu.used.as_nanos() as f64 / offered as f64 * 100.0
        ),
    };
    let mut figures = vec![
        figure(words::LONGEST_FREEZE, longest(summary.freeze), language),
        figure(words::LOOP_LAG, longest(summary.loop_lag), language),
        figure(words::LATENCY, latency, language),
        figure(
            words::THREADS_PEAK,
            sentences::of(language, summary.threads_peak.into(), machine.pool.into()),
            language,
        ),
    ];
    if summary.pool_queue_peak > 0 {
        figures.push(figure(
            words::POOL_QUEUE_PEAK,
            summary.pool_queue_peak.to_string(),
            language,
        ));
    }
    figures.push(figure(words::CPU_USED, cpu, language));
    figures
}

fn figure(name: Text, value: String, language: Language) -> Html {
    html! { <div><dt>{ name.of(language) }</dt><dd>{ value }</dd></div> }
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

fn task_table(props: &TableProps) -> Html {
    let TableProps { shown, language } = props;
    let language = *language;
    let head = [
        words::TASK,
        words::COUNT,
        words::FIRST_START,
        words::LAST_FINISH,
    ];
    let rows = shown
        .summary
        .tasks
        .iter()
        .enumerate()
        .filter(|(_, task)| task.outcomes.created > 0);
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label={words::BY_TASK_FIGURES.of(language)}>
            <table>
                <thead><tr>
                    { for head.iter().map(|text| html! { <th scope="col">{ text.of(language) }</th> }) }
                    { for ["p50", "p95", "p99"].iter().map(|text| html! { <th scope="col">{ *text }</th> }) }
                    <th scope="col">{ words::PER_SECOND.of(language) }</th>
                    <th scope="col">{ words::FAILED.of(language) }</th>
                    <th scope="col">{ words::CANCELLED_COUNT.of(language) }</th>
                </tr></thead>
                <tbody>{ for rows.map(|(index, task)| task_row(shown, TaskIndex(index as u32), task)) }</tbody>
            </table>
        </div>
    }
}

fn task_row(shown: &Shown, index: TaskIndex, task: &TaskSummary) -> Html {
    let times = || {
        let of_task = |id: &usize| {
            let instance = shown.trace.instance(InstanceId(*id as u32));
            instance.task == index && instance.role != Role::Part
        };
        (0..shown.trace.instances.len())
            .filter(of_task)
            .map(|id| &shown.summary.times[id])
    };
    let start = times().filter_map(|times| times.start()).min();
    let finish = times().filter_map(|times| times.finish()).max();
    let at = |time: Option<crate::time::SimTime>| {
        time.map_or_else(|| "–".to_owned(), sentences::instant)
    };
    let percentiles = task.outcomes.latency.map_or([None; 3], |latency| {
        [latency.p50, latency.p95, latency.p99].map(Some)
    });
    let length = |value: Option<SimDuration>| value.map_or_else(|| "–".to_owned(), spoken);
    html! {
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
    }
}
