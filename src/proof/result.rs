//! The view of a verification's result: the verdict, the total, the order, the deviation of each
//! task.

use super::drawing::VerifiedBars;
use super::words;
use crate::protocol::panel::{PanelElement, PanelNode, el, marked};
use crate::protocol::real_run::PageSnapshot;
use chart::scene::label::brief;
use chart::scene::palette::Theme;
use formats::verification::{
    ReportedPair, ReportedStep, ReportedTask, VerificationReport, VerificationVerdict,
};
use model::time::SimDuration;
use texts::Language;

/// The number of tasks in the table. Of further tasks only the number is shown.
const TASKS_MAX: usize = 50;

/// The whole result. `is_older` if the script has changed since the run.
pub(super) fn view(
    report: &VerificationReport,
    bars: Option<&VerifiedBars>,
    is_older: bool,
    page: &PageSnapshot,
) -> PanelNode {
    let language = page.language;
    let older = || el("p.none").text(words::OLDER.of(language));
    let place = |bars: &VerifiedBars| {
        let place = if bars.is_on_chart {
            words::ON_THE_CHART.of(language).to_owned()
        } else {
            words::not_on_the_chart(language, &report.runtime)
        };
        el("p.hint").kid(marked(&place))
    };
    el("div.proved")
        .class_if(is_older, "stale")
        .kid(verdict(report, language))
        // The overlay belongs to the script that ran, so an edited script does not show it.
        .kid(is_older.then(older))
        .kid(bars.filter(|_| !is_older).map(place))
        .kid(total(report, language))
        .kid(el("ul.proof-notes").kids(lines(report, language)))
        .kid(table(report, bars, page))
        .into()
}

fn verdict(report: &VerificationReport, language: Language) -> PanelElement {
    let (class, sign, code) = match report.verdict {
        VerificationVerdict::Holds => ("lead good", "✓ ", "holds"),
        VerificationVerdict::Fails => ("lead bad", "✗ ", "fails"),
        VerificationVerdict::TooNoisy => ("lead", "≈ ", "too_noisy"),
    };
    el("p")
        .set("class", class)
        .set("role", "status")
        .set("data-code", code)
        // The text tells the verdict, too; a screen reader would spell out the sign.
        .kid(el("span").state("aria-hidden", true).text(sign))
        .text(words::verdict(language, report.verdict))
}

/// The predicted total, the measured one and the deviation, in large figures.
fn total(report: &VerificationReport, language: Language) -> PanelElement {
    let ReportedPair {
        predicted_ns,
        measured_ns,
        error_ns,
        runs_ns,
    } = &report.total;
    let figure = |name: &'static str, value: String, note: String| -> PanelNode {
        let value = el("dd").text(value).kid(el("small").text(note));
        el("div").kid(el("dt").text(name)).kid(value).into()
    };
    // A script without any duration has a total of 0.
    let percent = match predicted_ns {
        0 => String::new(),
        _ => format!("{:+.2} %", *error_ns as f64 / *predicted_ns as f64 * 100.0),
    };
    // The companion sorts the runs. A single run has no spread.
    let spread = match runs_ns[..] {
        [first, .., last] => words::spread(language, &length(first), &length(last)),
        _ => String::new(),
    };
    el("dl.figures.proof-total")
        .label(words::TOTAL.of(language))
        .kid(figure(
            words::PREDICTED.of(language),
            length(*predicted_ns),
            String::new(),
        ))
        .kid(figure(
            words::MEASURED.of(language),
            length(*measured_ns),
            spread,
        ))
        .kid(figure(
            words::ERROR.of(language),
            signed(*error_ns),
            percent,
        ))
}

/// The list below the total: order, notes, load of other programs, runtime and tolerance.
fn lines(report: &VerificationReport, language: Language) -> Vec<PanelNode> {
    let versions: Vec<String> = report
        .versions
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let versions = if versions.is_empty() {
        String::new()
    } else {
        format!(" ({})", versions.join(", "))
    };
    let VerificationReport {
        runtime,
        runs,
        scale,
        tolerance,
        ..
    } = report;
    let slack = length(tolerance.slack_ns);
    let ran = words::where_run(language, runtime, &versions, *runs, *scale);
    let tolerance = words::tolerance(language, tolerance.percent, &slack);
    let mut lines = vec![order(report, language)];
    let notes = report.notes.iter();
    lines.extend(notes.map(|&note| words::note(language, note)));
    let others = report.others_cores.filter(|&cores| cores >= BUSY_CORES);
    lines.extend(others.map(|cores| words::others(language, cores)));
    lines.push(format!("{ran}; {tolerance}"));
    lines
        .iter()
        .map(|line| el("li").kid(marked(line)).into())
        .collect()
}

/// The load of other programs, in cores, from which on it is shown. The companion uses the same
/// threshold for its verdict.
const BUSY_CORES: f64 = 0.25;

fn order(report: &VerificationReport, language: Language) -> String {
    let order = &report.order;
    match &order.first_broken {
        None if order.steps == 0 => words::ORDER_UNCHECKED.of(language).to_owned(),
        None => words::same_order(language, order.steps),
        Some((earlier, later)) => {
            let step = |step: &ReportedStep| {
                let name = name(report, &step.task, step.number);
                words::step(language, &name, step.kind)
            };
            let of = (order.broken_runs, report.runs);
            words::broken_order(language, of, &step(earlier), &step(later))
        }
    }
}

fn table(
    report: &VerificationReport,
    bars: Option<&VerifiedBars>,
    page: &PageSnapshot,
) -> PanelElement {
    let language = page.language;
    let theme = if page.dark { Theme::Dark } else { Theme::Light };
    let head = |text: &'static str| el("th").set("scope", "col").text(text).into();
    let wide = |text: &'static str| {
        el("th")
            .set("scope", "colgroup")
            .set("colspan", "3")
            .text(text)
    };
    let above = el("tr")
        .kid(el("td"))
        .kid(wide(words::BEGINS.of(language)))
        .kid(wide(words::ENDS.of(language)));
    let three = [words::PREDICTED, words::MEASURED, words::ERROR];
    let below = el("tr")
        .kid(head(words::TASK.of(language)))
        .kids(three.map(|word| head(word.of(language))))
        .kids(three.map(|word| head(word.of(language))))
        .kids(bars.map(|_| head(words::BARS.of(language))));
    let tasks = report.worst_first();
    let rows = tasks.iter().take(TASKS_MAX);
    let rows = rows.map(|task| {
        let picture = bars.map(|bars| el("td.small-chart").kid(bars.picture(task, theme)));
        row(report, task, language).kid(picture).into()
    });
    let rest = tasks.len().saturating_sub(TASKS_MAX);
    let more = (rest > 0).then(|| {
        let cell = el("td.none").set("colspan", "7");
        el("tr").kid(cell.text(words::more(language, rest)))
    });
    let table = el("table.proof-table")
        .kid(el("thead").kid(above).kid(below))
        .kid(el("tbody").kids(rows).kid(more));
    el("div.scroll")
        // Only an element with the focus can be scrolled by keyboard.
        .set("tabindex", "0")
        .set("role", "region")
        .label(words::PER_TASK.of(language))
        .kid(el("h3").text(words::PER_TASK.of(language)))
        .kid(table)
}

fn row(report: &VerificationReport, task: &ReportedTask, language: Language) -> PanelElement {
    let remark = match task {
        task if !task.predicted => Some(words::NOT_PREDICTED),
        task if !task.appeared() => Some(words::DID_NOT_APPEAR),
        task if !task.ended_as_predicted() => Some(words::ENDED_OTHERWISE),
        _ => None,
    };
    let remark = remark.map(|text| el("small").text(text.of(language)));
    let name = el("th")
        .set("scope", "row")
        .text(name(report, &task.name, task.number))
        .kid(remark);
    el("tr")
        .class_if(!task.holds, "off")
        .set("data-task", task.name.clone())
        .kid(name)
        .kids(cells(task.start.as_ref()))
        .kids(cells(task.finish.as_ref()))
}

fn cells(pair: Option<&ReportedPair>) -> [PanelNode; 3] {
    let texts = match pair {
        Some(pair) => [
            length(pair.predicted_ns),
            length(pair.measured_ns),
            signed(pair.error_ns),
        ],
        None => ["–", "–", "–"].map(str::to_owned),
    };
    let [predicted, measured, error] = texts;
    [
        el("td").text(predicted).into(),
        el("td").text(measured).into(),
        el("td.error").text(error).into(),
    ]
}

/// The name of an instance, e.g. `ping 3`. Without the number if the task has only one.
fn name(report: &VerificationReport, name: &str, number: u32) -> String {
    if report.is_alone(name) {
        name.to_owned()
    } else {
        format!("{name} {number}")
    }
}

/// Times are rounded to 0.1 ms. The digits below are noise that changes with every run.
const FINEST_NS: u64 = 100_000;

fn length(nanos: u64) -> String {
    let nanos = (nanos + FINEST_NS / 2) / FINEST_NS * FINEST_NS;
    brief(SimDuration::from_nanos(nanos))
}

fn signed(nanos: i64) -> String {
    let sign = if nanos < 0 { '−' } else { '+' };
    format!("{sign}{}", length(nanos.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::DONE;
    use super::super::lines::{Lines, RunEvent};
    use super::*;
    use formats::verification::{StepKind, VerificationNote};
    use model::workload::PythonVersion;

    fn report() -> VerificationReport {
        let events = Lines::default().take(format!("{DONE}\n").as_bytes());
        match events.and_then(|mut events| events.pop()) {
            Some(RunEvent::Done(done)) => done.report,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check(report: &VerificationReport, language: Language, has: &[&str]) {
        // Numbers and units are joined by no-break spaces.
        let page = PageSnapshot {
            language,
            ..PageSnapshot::default()
        };
        let html = view(report, None, false, &page).html();
        let html = html.replace('\u{a0}', " ");
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
    }

    #[test]
    fn a_report_says_verdict_total_order_and_where_it_ran() {
        let has = [
            "data-code=\"fails\"",
            "<dd>900ms",
            "<dd>1s",
            "+100ms<small>+11.11 %",
            "runs from 990ms to 1.01s",
            "as predicted in every run (4 steps)",
            "8 cores, this machine has 2",
            "0.7 cores",
            "asyncio, median of 3 runs (Python 3.11.7); 1 s of the script took 0.1 s",
            "tolerance 5 % and 10ms",
        ];
        check(&report(), Language::En, &has);
        let has = ["예측이 틀립니다", "3번의 중앙값", "코어는 8개", "오차"];
        check(&report(), Language::Ko, &has);
    }

    #[test]
    fn the_worst_task_comes_first_and_says_what_is_wrong_with_it() {
        let html = view(&report(), None, false, &PageSnapshot::default()).html();
        let place = |text: &str| html.find(text).expect("a row");
        assert!(
            place("data-task=\"b\"") < place("data-task=\"a\""),
            "{html}"
        );
        assert!(html.contains("ended differently"), "{html}");
    }

    /// Every note that a companion can make. A new one does not compile here until it is added.
    fn every_note() -> Vec<VerificationNote> {
        use VerificationNote::*;
        match OneByOne {
            FewerCores { .. }
            | OneProcess { .. }
            | GilIsOn
            | OtherPython { .. }
            | NoGil
            | EveryTaskAThread
            | NoCosts
            | OneByOne
            | RandomLengths => {}
        }
        vec![
            FewerCores {
                script: 8,
                machine: 2,
            },
            OneProcess { servers: 3 },
            GilIsOn,
            OtherPython {
                script: PythonVersion::V314,
                machine: PythonVersion::V311,
            },
            NoGil,
            EveryTaskAThread,
            NoCosts,
            OneByOne,
            RandomLengths,
        ]
    }

    #[test]
    fn every_note_of_the_companion_has_words() {
        for language in [Language::En, Language::Ko] {
            let mut report = report();
            report.notes.clear();
            let without = lines(&report, language).len();
            report.notes = every_note();
            let with = lines(&report, language).len();
            assert_eq!(with, without + every_note().len(), "{language:?}");
        }
        let mut report = report();
        report.notes = vec![VerificationNote::OneByOne];
        check(&report, Language::En, &["one after another"]);
        check(&report, Language::Ko, &["하나씩"]);
    }

    #[test]
    fn the_other_verdicts_are_said_too() {
        let mut report = report();
        report.verdict = VerificationVerdict::Holds;
        check(&report, Language::En, &["class=\"lead good\"", "holds"]);
        report.verdict = VerificationVerdict::TooNoisy;
        check(&report, Language::En, &["Too noisy to say"]);
    }

    #[test]
    fn an_order_that_was_broken_names_both_steps() {
        let mut report = report();
        let step = |task: &str| ReportedStep {
            task: task.to_owned(),
            number: 1,
            kind: StepKind::End,
        };
        report.order.broken_runs = 1;
        report.order.first_broken = Some((step("a"), step("b")));
        check(
            &report,
            Language::En,
            &["in 1 of 3 runs: <code>b</code> ends before <code>a</code> ends"],
        );
    }

    #[test]
    fn nothing_is_finer_than_it_can_be_measured() {
        assert_eq!(length(1_234_567), "1.2ms");
        assert_eq!(signed(-49_000), "−0s");
        assert_eq!(signed(12_340_000), "+12.3ms");
    }
}
