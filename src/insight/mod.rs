//! The analysis of a run: findings, waits, strategies, orders, differences, guesses and sweeps; and
//! the cheat sheet of the language, whose examples are runs.
//!
//! A separate program in a worker of its own, which the page loads after the first chart. It
//! answers a question with a panel as data ([`PanelNode`]), so that the page contains neither the
//! analysis nor its views. Plain Rust, tested natively.

// In a native build only the tests use parts of this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod answer;
mod cache;
mod cheat_sheet;
mod compare;
mod difference;
mod findings;
mod formula;
mod guess;
mod orders;
mod small_chart;
mod sweep;
mod variation;
mod why;

use std::cell::RefCell;

use self::answer::Style;
use self::cache::{Run, RunCache};
use crate::protocol;
use crate::protocol::analysis::{Analyst, LineCost};
use crate::protocol::panel::PanelNode;
use analysis::say::Say;
use chart::scene::Theme;
use model::trace::Trace;
use model::workload::Workload;
use texts::Language;

/// The encoded response to an encoded request; `None` if the request cannot be decoded.
pub(crate) fn respond(request: &[u8]) -> Option<Vec<u8>> {
    thread_local! {
        // One worker answers one request at a time, so the cache needs no lock.
        static CACHE: RefCell<RunCache> = RefCell::default();
    }
    protocol::respond::<Analyst>(request, |request| {
        CACHE.with_borrow_mut(|cache| answer::answer(cache, &request))
    })
}

/// The findings and the critical path of a measured run, as a panel.
pub(crate) fn findings_of(
    script: String,
    workload: Workload,
    trace: Trace,
    language: Language,
) -> PanelNode {
    let run = Run::given(script, workload, trace);
    let style = Style {
        say: Say(language),
        // The panel has no small charts, so the theme does not matter.
        theme: Theme::Light,
    };
    findings::panel(&run, style)
}

/// The findings about the trace of a Python program, with its lines, and the cost of each line.
/// They have no remedies: the
/// script of such a trace cannot repeat the run.
pub(crate) fn findings_of_program(
    text: String,
    workload: Workload,
    trace: Trace,
    language: Language,
) -> (PanelNode, Vec<LineCost>) {
    let run = Run::given(text, workload, trace);
    let style = Style {
        say: Say(language),
        theme: Theme::Light,
    };
    findings::panel_without_remedies(&run, style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::unmarked;
    use crate::protocol::analysis::{
        AnalysisData, AnalysisKind, AnalysisRequest, AnalysisResponse, BestFix, DrawnBar,
        GuessedAnswer,
    };
    use crate::protocol::{Request, RequestId, Response};

    fn ask(script: &str, language: Language, ask: AnalysisKind) -> AnalysisResponse {
        let question = AnalysisRequest {
            script: script.to_owned(),
            language,
            dark: false,
            ask,
        };
        let request = Request {
            id: RequestId(1),
            kind: question,
        };
        let bytes = respond(&protocol::encode(&request)).expect("a request");
        let response: Response<AnalysisResponse> =
            protocol::decode(&bytes).expect("an answer of known names");
        response.kind
    }

    #[track_caller]
    fn check(script: &str, question: AnalysisKind, has: &[&str]) {
        let html = ask(script, Language::En, question).panel.html();
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
    }

    const FROZEN: &str =
        "async def a: block 3s \"requests.get\"\nasync def b: await 1s\nrun 2 a\nrun b\n";

    #[test]
    fn findings_name_line_remedy_and_parts() {
        let has = [
            "data-code=\"blocking_on_loop\"",
            "line 1",
            "class=\"small fix\"",
        ];
        check(FROZEN, AnalysisKind::Findings, &has);
        check(
            "async def a: await 1s\n",
            AnalysisKind::Findings,
            &["No task is blocking"],
        );
    }

    /// The verdict and the parts of the total as HTML, and the best fix.
    fn found(script: &str) -> (String, String, Option<BestFix>) {
        let AnalysisData::Found {
            verdict,
            parts,
            fix,
            ..
        } = ask(script, Language::En, AnalysisKind::Findings).more
        else {
            panic!("findings come with a verdict");
        };
        (verdict.html(), parts.html(), fix)
    }

    #[test]
    fn the_verdict_is_the_worst_finding_or_the_formula_or_nothing() {
        let (verdict, parts, fix) = found(FROZEN);
        assert!(verdict.contains("holds the event loop"), "{verdict}");
        assert!(parts.contains("class=\"parts\""), "{parts}");
        let fix = fix.expect("the call can be awaited");
        let second = 1_000_000_000;
        assert_eq!((fix.line, fix.total_ns), (1, 3 * second));
        assert!(fix.setting.is_empty() && fix.script.contains("await 3s"));
        let (verdict, _, fix) = found("async def a: await 1s -> await 2s\nrun 2 a\n");
        assert!(verdict.contains("3s = 1s + 2s"), "{verdict}");
        assert_eq!(fix, None);
        let (verdict, ..) = found("async def a: await 1..2s\nrun a\n");
        assert_eq!(verdict, "");
    }

    /// The worst finding is that of `pong`, the best fix that of `ping`.
    #[test]
    fn the_verdict_is_about_the_lines_of_the_fix_beside_it() {
        let (verdict, _, fix) = found(
            "pool 4\ndef ping: block 1\nasync def pong: cpu 500ms -> await 2s -> cpu 1\nrun 30 ping\nrun 5 pong\n",
        );
        assert_eq!(fix.map(|fix| fix.line), Some(2));
        assert!(verdict.contains("thread"), "{verdict}");
    }

    #[test]
    fn the_margin_says_what_a_line_cost_others() {
        let AnalysisData::Found {
            findings,
            margin,
            path,
            ..
        } = ask(FROZEN, Language::En, AnalysisKind::Findings).more
        else {
            panic!("findings come with a margin");
        };
        assert_eq!((findings, margin.len()), (1, 1));
        assert_eq!((margin[0].line, margin[0].weight), (1, 100));
        assert!(
            margin[0].title.contains("other tasks waited"),
            "{}",
            margin[0].title
        );
        assert!(
            path.iter().all(|part| part.start_ns <= part.end_ns),
            "{path:?}"
        );
        assert_eq!(path.last().map(|part| part.end_ns), Some(7_000_000_000));
    }

    /// Waiting without a finding is no absence of waiting.
    #[test]
    fn waiting_that_no_change_avoids_is_said() {
        let findings = |script: &str| {
            ask(script, Language::En, AnalysisKind::Findings)
                .panel
                .html()
        };
        let pings = findings("ping: cpu 1ms\nrun 1000 ping\n");
        assert!(
            pings.contains("No single line is to blame. Tasks waited")
                && pings.contains("each for its turn on the event loop"),
            "{pings}"
        );
        let alone = findings("ping: cpu 1ms\n");
        assert!(alone.contains("No task is blocking another."), "{alone}");
    }

    #[test]
    fn the_total_is_a_formula_whose_terms_name_their_lines() {
        let formula = |script: &str| match ask(script, Language::En, AnalysisKind::Findings).more {
            AnalysisData::Found { formula, .. } => formula.html(),
            more => panic!("{more:?}"),
        };
        let handlers = formula("def a: block 1s\nrun 100 a\n");
        assert!(handlers.contains("3s = ceil(100/40) × 1s"), "{handlers}");
        assert!(handlers.contains("line 1"), "{handlers}");
        assert!(formula("async def a: await 1..2s\nrun 3 a\n").contains("class=\"formula none\""));
    }

    fn guess(script: &str, guessed: GuessedAnswer) -> (bool, String) {
        let answer = ask(script, Language::En, AnalysisKind::Guess(guessed));
        let AnalysisData::Judged { is_right } = answer.more else {
            panic!("{answer:?}");
        };
        (is_right, answer.panel.html())
    }

    #[test]
    fn a_wrong_guess_is_named_and_the_right_one_is_not_given_away() {
        let (is_right, html) = guess(FROZEN, GuessedAnswer::Total("3".to_owned()));
        assert!(
            !is_right && html.contains("data-code=\"blocking_frees\""),
            "{html}"
        );
        assert!(!html.contains('7'), "{html}");
        assert!(guess(FROZEN, GuessedAnswer::Total("7s".to_owned())).0);
        assert!(guess(FROZEN, GuessedAnswer::Order("a, b".to_owned())).0);
        assert!(!guess(FROZEN, GuessedAnswer::Order("b, a".to_owned())).0);
        assert!(
            guess(FROZEN, GuessedAnswer::Total("soon".to_owned()))
                .1
                .contains("such as")
        );
    }

    #[test]
    fn drawn_bars_are_right_where_they_begin_and_end() {
        let bar = |instance, start: u64, end: u64| DrawnBar {
            instance,
            start_ns: start * 1_000_000_000,
            end_ns: end * 1_000_000_000,
        };
        let right = vec![bar(0, 0, 3), bar(1, 3, 6), bar(2, 6, 7)];
        assert!(guess(FROZEN, GuessedAnswer::Bars(right.clone())).0);
        let wrong = vec![bar(0, 0, 3), bar(1, 0, 3), bar(2, 6, 7)];
        let (is_right, html) = guess(FROZEN, GuessedAnswer::Bars(wrong));
        assert!(
            !is_right && html.contains("a 2") && !html.contains("a 1"),
            "{html}"
        );
    }

    #[test]
    fn the_cheat_sheet_has_words_python_and_charts_in_the_readers_language() {
        let html = ask("", Language::Ko, AnalysisKind::CheatSheet).panel.html();
        for part in [
            "await D",
            "await asyncio.sleep(D)",
            "준비 큐",
            "class=\"small-chart\"",
        ] {
            assert!(html.contains(part), "no {part} in {html}");
        }
    }

    #[test]
    fn exercises_come_from_their_seed() {
        let of = |seed| ask(FROZEN, Language::En, AnalysisKind::Exercises { seed }).panel;
        assert!(of(1).html().contains("data-family=\"waits\""));
        assert_eq!(format!("{:?}", of(1)), format!("{:?}", of(1)));
        assert_ne!(format!("{:?}", of(1)), format!("{:?}", of(2)));
    }

    #[test]
    fn a_wait_is_followed_to_the_line_to_blame() {
        let why = || AnalysisKind::Why {
            instance: 2,
            at_ns: 0,
        };
        check(FROZEN, why(), &["class=\"chain\"", "line 1", "block 3s"]);
        // Both of those that held the loop are named, each with its part of the wait.
        let both = [
            "<b>a 1</b>: blocking the loop, 3s",
            "<b>a 2</b>: blocking the loop, 3s",
        ];
        check(FROZEN, why(), &both);
        check(
            FROZEN,
            AnalysisKind::Why {
                instance: 99,
                at_ns: 0,
            },
            &[],
        );
    }

    #[test]
    fn strategies_are_compared_on_one_axis() {
        let has = [
            "data-strategy=\"as_written\"",
            "class=\"best\"",
            "<svg class=\"small-chart\"",
        ];
        check(FROZEN, AnalysisKind::Compare, &has);
    }

    #[test]
    fn orders_are_told_from_accidents() {
        let script = "async def a: await 10s\nasync def b: await 11s\nrun a\nrun b\n";
        check(
            script,
            AnalysisKind::Orders { percent: 20 },
            &["an accident (", "with the opposite order"],
        );
        let percent = AnalysisKind::Orders { percent: 1 };
        check(script, percent, &["in all 100 runs"]);
        let queue = "a: block 3\nrun 2 a\n";
        check(queue, AnalysisKind::Orders { percent: 1 }, &["guaranteed"]);
    }

    #[test]
    fn the_first_difference_is_named_on_both_sides() {
        let other = "async def a: await 3s\nasync def b: await 1s\nrun 2 a\nrun b\n".to_owned();
        check(
            FROZEN,
            AnalysisKind::Difference { other },
            &["before", "now", "class=\"small-chart\""],
        );
        let same = AnalysisKind::Difference {
            other: FROZEN.to_owned(),
        };
        check(FROZEN, same, &["the runs are the same"]);
        let broken = AnalysisKind::Difference {
            other: "a: awiat".to_owned(),
        };
        check(FROZEN, broken, &["has errors"]);
    }

    fn sweep(vary: &str, from: u32, points: u32) -> AnalysisKind {
        let vary = vary.to_owned();
        AnalysisKind::Sweep { vary, from, points }
    }

    #[test]
    fn a_sweep_comes_in_parts_and_ends_with_its_picture() {
        let part = |from, points| ask(FROZEN, Language::En, sweep("run 1..5", from, points));
        let (first, last) = (part(0, 3), part(3, 3));
        assert!(
            matches!(first.more, AnalysisData::Swept { done: 3, all: 5 }),
            "{first:?}"
        );
        assert!(
            matches!(last.more, AnalysisData::Swept { done: 5, all: 5 }),
            "{last:?}"
        );
        let html = last.panel.html();
        assert!(html.contains("<polyline"), "{html}");
        assert_eq!(
            html,
            ask(FROZEN, Language::En, sweep("run 1..5", 0, 9))
                .panel
                .html()
        );
    }

    const ENGLISH: Style = Style {
        say: Say(Language::En),
        theme: Theme::Light,
    };

    #[test]
    fn a_run_too_long_to_be_tried_often_shows_what_there_is() {
        let run = Run::of(FROZEN).expect("it runs");
        let records = run.analysed.trace().log.len() as u64;
        let html = compare::view(&run, 3 * records, ENGLISH).html();
        assert!(html.contains("compared 2 of 8 strategies"), "{html}");
        assert_eq!(html.matches("data-strategy").count(), 2, "{html}");
        let html = orders::view(&run, 20, 5 * records, ENGLISH).html();
        assert!(html.contains("made 4 of 100 runs"), "{html}");
        assert!(html.contains("a 1 before a 2: guaranteed"), "{html}");
        let html = orders::view(&run, 20, records - 1, ENGLISH).html();
        assert!(html.contains("made 0 of 100 runs"), "{html}");
    }

    #[test]
    fn a_sweep_whose_next_point_takes_too_long_ends_with_the_points_so_far() {
        let part = |from, work| {
            let mut cache = RunCache::default();
            sweep::answer(&mut cache, FROZEN, "run 1..5", (from, 9), work, ENGLISH)
        };
        let whole = part(0, u64::MAX);
        assert!(
            matches!(whole.more, AnalysisData::Swept { done: 5, all: 5 }),
            "{whole:?}"
        );
        let none = part(0, 10);
        assert!(
            matches!(none.more, AnalysisData::Swept { done: 0, all: 0 }),
            "{none:?}"
        );
        let html = none.panel.html();
        assert!(html.contains("measured 0 of 5 points"), "{html}");
        let some = part(0, 400);
        let AnalysisData::Swept { done, all } = some.more else {
            panic!("{some:?}");
        };
        assert!(
            0 < done && done < 5 && all == 5,
            "the rest is for the next part: {some:?}"
        );
    }

    #[test]
    fn two_ranges_are_a_map_and_nonsense_is_said() {
        check(
            FROZEN,
            sweep("run 1..3, cores 1..2", 0, 99),
            &["class=\"heat\""],
        );
        check(FROZEN, sweep("walk 1..3", 0, 9), &["cannot vary `walk`"]);
        check(
            FROZEN,
            sweep("run 1..2, run 1..2, run 1..2", 0, 9),
            &["write a setting"],
        );
    }

    #[test]
    fn every_lesson_is_looked_at_in_every_language() {
        for lesson in lessons::with_scripts() {
            for variant in &lesson.variants {
                for language in Language::ALL {
                    let asks = [
                        AnalysisKind::Findings,
                        AnalysisKind::Compare,
                        AnalysisKind::Orders { percent: 20 },
                        AnalysisKind::Difference {
                            other: FROZEN.to_owned(),
                        },
                        AnalysisKind::Why {
                            instance: 0,
                            at_ns: 1,
                        },
                        AnalysisKind::Guess(GuessedAnswer::Total("1".to_owned())),
                        sweep("cores 1..4", 0, 2),
                    ];
                    for question in asks {
                        ask(variant.script, language, question);
                    }
                }
            }
        }
    }

    #[test]
    fn every_word_of_the_answers_is_in_a_catalogue() {
        const KINDS: &str = "arrive accept start resume wake enter leave run block await offload \
                             queue token gil core wait permit item all task finish";
        let mut left = Vec::new();
        let looked_at = [
            FROZEN,
            "lock m\na: with m (await 1s)\nrun 9 a\n",
            "a: cpu 1\nb: cpu 2\n",
        ];
        for script in looked_at {
            let asks = [
                AnalysisKind::Findings,
                AnalysisKind::Compare,
                AnalysisKind::Orders { percent: 20 },
                AnalysisKind::Difference {
                    other: "a: await 1\nb: cpu 2\n".to_owned(),
                },
                AnalysisKind::Difference {
                    other: "a: awiat 1\n".to_owned(),
                },
                AnalysisKind::Why {
                    instance: 1,
                    at_ns: 1,
                },
                AnalysisKind::Guess(GuessedAnswer::Total("1".to_owned())),
                AnalysisKind::Guess(GuessedAnswer::Total("x".to_owned())),
                AnalysisKind::Exercises { seed: 1 },
                sweep("cores 1..4", 0, 9),
                sweep("cores", 0, 9),
            ];
            for question in asks {
                let answer = ask(script, Language::Marked, question);
                // Kinds of events, e.g. `wake`, are not translated, as in results.
                let known = format!("{script} {KINDS}");
                left.extend(unmarked::unmarked(&answer.panel, &known));
                if let AnalysisData::Found {
                    formula,
                    verdict,
                    parts,
                    ..
                } = &answer.more
                {
                    for node in [formula, verdict, parts] {
                        left.extend(unmarked::unmarked(node, &known));
                    }
                }
            }
        }
        assert!(left.is_empty(), "{}", left.join("\n"));
    }

    #[test]
    fn what_is_no_question_has_no_answer() {
        assert_eq!(respond(&[250, 1, 2]), None);
        let nothing = ask("a: awiat 1", Language::En, AnalysisKind::Compare);
        assert_eq!(nothing.panel.html(), "");
    }
}
