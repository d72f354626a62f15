//! The result: the verdict in one line, and all figures behind *Numbers*.

use super::folds;
use super::node::{Does, Element, Event, Node, el, marked};
use crate::protocol::panel::PanelAction;
use crate::state::State;
use crate::state::action::{Action, Field, Fold};
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

/// The verdict: the total, whether it is what the script expects, what is wrong, and the best fix.
/// Its height does not depend on its content.
pub(crate) fn verdict(state: &State, shown: &Shown) -> Node {
    let language = state.language();
    let total = el("strong#total").set("aria-live", "polite");
    let total = if matches!(shown.run.trace().ending, Ending::Deadlock(_)) {
        total
            .class_if(true, "longer")
            .text(Words(language).never_ends())
    } else {
        let (number, unit) = sentences::headline(language, shown.run.total());
        // Smaller digits, so that the text beside a longer number does not move.
        let digits = number.chars().count();
        // A time of two units, e.g. `16` and `min 40 s`.
        let digits = if unit.contains(' ') {
            digits.max(4)
        } else {
            digits
        };
        total
            .class_if((4..=5).contains(&digits), "long")
            .class_if(digits > 5, "longer")
            .text(number)
            .kid(el("small").text(unit))
    };
    let total = el("div.total")
        .kid(el("span").text(words::TOTAL.of(language)))
        .kid(total);
    let said = el("div.said")
        .kid(goals(state, shown))
        .kid(sentence(state, shown));
    el("section.result")
        .class_if(state.is_stale(), "stale")
        .label(words::RESULT.of(language))
        .kid(total)
        .kid(said)
        .kid(el("div.remedy").kid(remedy(state, shown)))
        .into()
}

/// Why the run ended early, or else what is wrong, or the formula. A trace has what held its event
/// loop, and a lab without the analysis the summary.
fn sentence(state: &State, shown: &Shown) -> Node {
    let language = state.language();
    if let Some(ending) = sentences::ending(language, shown) {
        return el("p.ending").text(ending).into();
    }
    if !state.is_looked_closer_at() {
        return el("p").text(sentences::summary(language, shown)).into();
    }
    if state.opened.is_some() {
        let said = sentences::held_loop(language, shown);
        return said.map(|said| el("p").text(said)).into();
    }
    let verdict = match (&state.insight.verdict, state.foreseen()) {
        (Some(verdict), _) => Node::from(&**verdict),
        (None, Some(foreseen)) => el("p.problem").kid(marked(foreseen.verdict)).into(),
        (None, None) => return Node::NOTHING,
    };
    el("div.finding-line")
        .class_if(is_older(state), "older")
        .kid(verdict)
        .into()
}

/// Whether verdict and fix are about an older text of the script.
fn is_older(state: &State) -> bool {
    state.insight.verdict.is_some() && !state.is_looked_at()
}

/// The best fix. Over a trace from a file, the way back to the script.
fn remedy(state: &State, shown: &Shown) -> Option<Element> {
    let language = state.language();
    if let Some(opened) = &state.opened {
        let back = state.embedded.is_none().then(|| {
            el("button#back.small")
                .text(words::BACK_TO_SCRIPT.of(language))
                .on_click(Action::Escaped)
        });
        let what = match opened.program {
            Some(_) => words::RAN_ON_PYTHON,
            None => words::MEASURED_TRACE,
        };
        let bar = el("div#opened.opened-trace")
            .kid(el("span").text(what.of(language)))
            .kid(el("code").text(opened.name.to_string()))
            .kid(back);
        return Some(bar);
    }
    let foreseen = state.foreseen().map(|foreseen| foreseen.fix);
    let fix = state.insight.fix.as_ref().or(foreseen.as_ref())?;
    let is_older = is_older(state);
    let apply = Action::PanelActed(PanelAction::Rewrite(fix.script.clone()));
    let button = el("button#fix.best-fix.primary")
        .class_if(is_older, "older")
        .flag("disabled", is_older)
        .kid(marked(&sentences::best_fix(language, fix, shown)))
        .on_click(apply);
    Some(button)
}

/// All figures of the run, and the chart as a table.
pub(super) fn numbers(state: &State, shown: &Shown) -> Vec<Node> {
    let language = state.language();
    let summary = el("p#summary.summary").text(sentences::summary(language, shown));
    vec![
        summary.into(),
        Node::Several(figures_of(state, shown)),
        folds::legend_and_table(state, shown).into(),
    ]
}

/// The figures, where the total goes, and the table of tasks.
pub(super) fn figures_of(state: &State, shown: &Shown) -> Vec<Node> {
    let language = state.language();
    let by_task = el("details#by-task.by-task")
        .kid(el("summary").text(words::BY_TASK_FIGURES.of(language)))
        .kid(state.folds.by_task.then(|| task_table(shown, language)))
        .on(Event::Toggle, Does::Fill(Field::Fold(Fold::ByTask)));
    let insight = &state.insight;
    let answers = [&insight.formula, &insight.parts].into_iter().flatten();
    let is_older = !state.is_looked_at();
    let answers = el("div.answer")
        .class_if(is_older, "stale")
        .kids(answers.map(|answer| Node::from(&**answer)));
    vec![
        el("dl.figures").kids(figures(shown, language)).into(),
        state.opened.is_none().then_some(answers).into(),
        by_task.into(),
    ]
}

/// The verdicts on the expectations, and what the last edit changed.
fn goals(state: &State, shown: &Shown) -> Element {
    let language = state.language();
    let change = state.total_change;
    let change = change.and_then(|change| Some((change.is_faster(), change.said(language)?)));
    let (is_faster, said) = change.unwrap_or_default();
    let change = el("p#change.change")
        .class_if(is_faster, "good")
        .set("aria-live", "polite")
        .text(said);
    el("div.goals")
        .kid(verdicts(shown.run.verdicts(), language))
        .kid(lesson_goal(state))
        .kid(change)
}

/// After an edit in a lesson: whether it reaches the goal, or what it misses first.
fn lesson_goal(state: &State) -> Option<Element> {
    let language = state.language();
    let lesson = state
        .lesson
        .filter(|lesson| **state.text_of(*lesson) != *lesson.script())?;
    let goal = &state.course.goal;
    if let Some(missed) = goal.iter().find(|verdict| !verdict.holds) {
        return verdicts(std::slice::from_ref(missed), language);
    }
    let reached = || {
        el("p.good.goal-reached")
            .kid(el("span").state("aria-hidden", true).text("✓ "))
            .text(words::REACHED.of(language))
    };
    (lesson == lesson.to_change() && !goal.is_empty()).then(reached)
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
    // Those that are missed first: a narrow screen shows only the first ones.
    let (met, missed): (Vec<_>, Vec<_>) = verdicts.iter().partition(|verdict| verdict.holds);
    let list = || {
        el("ul.verdicts")
            .label(words::EXPECTED.of(language))
            .kids(missed.into_iter().chain(met).map(verdict))
    };
    (!verdicts.is_empty()).then(list)
}

/// From this number of runs on, percentiles say more than the single values.
const PERCENTILE_RUNS_MIN: u64 = 20;

fn figures(shown: &Shown, language: Language) -> Vec<Node> {
    let summary = shown.run.summary();
    let machine = &shown.run.workload().machine;
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
    match latency {
        Some(latency) if summary.arrivals.created >= PERCENTILE_RUNS_MIN => {
            let rest = format!(
                "p50 {} · p99 {}",
                spoken(language, latency.p50),
                spoken(language, latency.p99)
            );
            add(words::LATENCY_P95, spoken(language, latency.p95), rest);
        }
        Some(latency) => add(
            words::LONGEST_LATENCY,
            spoken(language, latency.max),
            String::new(),
        ),
        None => {}
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
    let last = [
        words::LONGEST_LATENCY,
        words::PER_SECOND,
        words::FAILED,
        words::CANCELLED_COUNT,
    ];
    let has_percentiles = has_percentiles(shown);
    let percentiles = ["p50", "p95", "p99"].into_iter();
    let heads = el("tr")
        .kids(first.iter().map(word))
        .kids(percentiles.filter(|_| has_percentiles).map(head))
        .kids(last.iter().map(word));
    let instances = by_task(shown);
    let tasks = shown.run.summary().tasks.iter().zip(&instances).enumerate();
    let created = tasks.filter(|(_, (task, _))| task.outcomes.created > 0);
    let rows = created.take(TASKS_MAX).map(|(index, (task, ids))| {
        task_rows(
            shown,
            language,
            TaskIndex(index as u32),
            task,
            ids,
            has_percentiles,
        )
    });
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

/// Whether a task has enough runs for percentiles.
fn has_percentiles(shown: &Shown) -> bool {
    let mut tasks = shown.run.summary().tasks.iter();
    tasks.any(|task| task.outcomes.created >= PERCENTILE_RUNS_MIN)
}

/// The line with the number of omitted rows.
fn left_out(rest: usize, class: &'static str, language: Language) -> Option<Element> {
    let head = || {
        el("th")
            .set("scope", "row")
            .set("colspan", "11")
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
    let mut ids = vec![Vec::new(); shown.run.summary().tasks.len()];
    for (id, instance) in shown.run.trace().instances.iter().enumerate() {
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
    has_percentiles: bool,
) -> Node {
    let times = || {
        ids.iter()
            .map(|id| &shown.run.summary().times[id.0 as usize])
    };
    let start = times().filter_map(Times::start).min();
    let finish = times().filter_map(Times::finish).max();
    let latency = task.outcomes.latency;
    let is_many = task.outcomes.created >= PERCENTILE_RUNS_MIN;
    let percentiles = latency.filter(|_| is_many).map_or([None; 3], |latency| {
        [latency.p50, latency.p95, latency.p99].map(Some)
    });
    let percentiles = percentiles.into_iter().filter(|_| has_percentiles);
    let longest = latency.map(|latency| latency.max);
    let throughput = task.outcomes.throughput(shown.run.total());
    let own = el("tr")
        .kid(head(shown.run.workload().task(index).name.clone()))
        .kid(cell(task.outcomes.created.to_string()))
        .kid(cell(at(language, start)))
        .kid(cell(at(language, finish)))
        .kids(percentiles.map(|value| cell(length(language, value)).into()))
        .kid(cell(length(language, longest)))
        .kid(cell(with_places(throughput, 2)))
        .kid(cell(task.outcomes.failed.to_string()))
        .kid(cell(task.outcomes.cancelled.to_string()));
    let mut rows = vec![own.into()];
    if ids.len() > 1 {
        let listed = ids.iter().take(INSTANCES_MAX);
        rows.extend(listed.map(|&id| instance_row(shown, language, id, has_percentiles)));
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

/// One instance: its latency and its ending.
fn instance_row(shown: &Shown, language: Language, id: InstanceId, has_percentiles: bool) -> Node {
    let times = &shown.run.summary().times[id.0 as usize];
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
        .kid(has_percentiles.then(|| el("td").set("colspan", "3")))
        .kid(cell(latency))
        .kid(
            el("td.outcome")
                .set("colspan", "3")
                .text(outcome.of(language)),
        )
        .into()
}
