//! The strip of each outcome, as HTML.

use super::*;
use crate::proof::file::tests::PROGRAM;

const RUN: RequestId = RequestId(3);

/// The strip after this result, as HTML.
fn html(result: &str, trace: &[u8], language: Language) -> String {
    let mut program = ProgramPanel::default();
    let (output, _) = program.ran(RUN, language, result, trace);
    match output {
        Some(RealRunResponse::ProgramOutput { run, panel, .. }) if run == RUN => panel.html(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(result: &str, has: &[&str]) {
    let html = html(result, b"null", Language::En);
    for text in has {
        assert!(html.contains(text), "no {text} in {html}");
    }
}

const FINISHED: &str = r#"{"python": "3.14.2", "ending": "finished", "total_ns": 5000000000,
    "is_exact": true, "counts": {"tasks": 3},
    "lines": [{"at_ns": 1000000000, "stream": "stdout", "text": "<b>hi\u0007", "place": null},
              {"at_ns": 2000000000, "stream": "stderr", "text": "oh"}]}"#;

#[test]
fn output_has_its_virtual_times() {
    check(
        FINISHED,
        &[
            "Ended at 5 s",
            "CPython 3.14.2",
            ">1 s</button><code>&lt;b>hi\u{fffd}</code>",
            "class=\"stderr\"",
        ],
    );
    let korean = html(FINISHED, b"null", Language::Ko);
    assert!(korean.contains("1초</button>"), "{korean}");
}

#[test]
fn an_error_has_its_line_and_plain_words() {
    let result = r#"{"ending": "error", "problems": [{"kind": "TypeError", "message": "no",
        "place": {"file": "program.py", "line": 7}, "source": "await 3", "task": "fetch",
        "called_from": [{"file": "program.py", "line": 9}, null, {"file": "/lib/x.py", "line": 1}],
        "advice": "`await` works inside `async def` only."}]}"#;
    check(
        result,
        &[
            ">line 7</button>TypeError: no (in task fetch)",
            "<pre>await 3</pre>",
            "called from line 9",
            "<code>async def</code> only.",
        ],
    );
    let mut program = ProgramPanel::default();
    let (output, _) = program.ran(RUN, Language::En, result, b"null");
    let Some(RealRunResponse::ProgramOutput { marks, .. }) = output else {
        panic!("no output");
    };
    assert_eq!((marks.len(), marks[0].line), (1, 7));
}

#[test]
fn answers_are_counted_by_route() {
    let answer = |status: &str, seconds: u64| {
        format!(r#"{{"route": "GET /ping", "status": {status}, "latency_ns": {seconds}000000000}}"#)
    };
    let answers = [answer("200", 10), answer("200", 30), answer("null", 20)].join(", ");
    check(
        &format!(r#"{{"responses": [{answers}, {{"route": "GET /<b>"}}]}}"#),
        &[
            "<li>GET /ping: 2 × 200, 1 × no answer; answered after 20 s (median), at most 30 s</li>",
            "<li>GET /&lt;b>: 1 × no answer</li>",
        ],
    );
}

#[test]
fn a_missing_fastapi_says_where_it_runs() {
    check(
        r#"{"ending": "error", "problems": [{"kind": "ModuleNotFoundError", "message": "No module named 'fastapi'"}]}"#,
        &["<code>loopscope run app.py</code>"],
    );
}

#[test]
fn a_build_without_fastapi_says_where_it_runs() {
    let mut program = ProgramPanel::default();
    let failed = ProgramEvent::Failed("no-fastapi".to_owned());
    let Some(RealRunResponse::ProgramOutput { panel, .. }) =
        program.news(RUN, Language::En, &failed)
    else {
        panic!("no output");
    };
    let html = panel.html();
    assert!(html.contains("<code>loopscope run app.py</code>"), "{html}");
}

#[test]
fn a_deadlock_says_who_waits() {
    check(
        r#"{"ending": "deadlock", "waiting": [{"name": "f", "state": "waiting_event",
            "place": {"file": "program.py", "line": 4}, "source": "await e.wait()"}]}"#,
        &[
            ">line 4</button><b>f</b>: waiting for a signal",
            "<code>await e.wait()</code>",
        ],
    );
}

#[test]
fn any_text_is_survived() {
    let times = r#"{"total_ns": 18446744073709551615, "lines": [{"at_ns": 18446744073709551615, "text": "x"}],
        "problems": [{"place": {"file": "program.py", "line": 0}}], "lines_omitted": 18446744073709551615}"#;
    for result in [
        "",
        "[]",
        "{}",
        "nul",
        r#"{"lines": 3}"#,
        r#"{"ending": "odd"}"#,
        times,
    ] {
        for trace in [&b""[..], b"null", b"{}", PROGRAM] {
            for language in Language::ALL {
                html(result, trace, language);
            }
        }
    }
    let long = format!(r#"{{"lines": [{{"text": "{}"}}]}}"#, "가".repeat(100_000));
    assert!(html(&long, b"null", Language::Ko).len() < 10_000);
}

#[test]
fn a_trace_is_drawn_with_its_findings() {
    let mut program = ProgramPanel::default();
    let (_, trace) = program.ran(RUN, Language::En, FINISHED, PROGRAM);
    let (open, drawn) = trace.expect("a trace");
    assert!(drawn.program.is_some());
    let (panel, margin) = open.program_findings(Language::En).expect("findings");
    assert!(panel.html().contains("line 14"));
    assert_eq!(margin.first().map(|cost| cost.line), Some(14));
}

#[test]
fn a_run_that_waits_says_what_for() {
    let mut program = ProgramPanel::default();
    let waits = program.news(RUN, Language::En, &ProgramEvent::Waiting);
    let Some(RealRunResponse::ProgramOutput { panel, .. }) = waits else {
        panic!("no output");
    };
    let html = panel.html();
    assert!(html.contains("Python proves the script first"), "{html}");
}

#[test]
fn news_of_an_older_run_say_nothing_in_another_language() {
    let mut program = ProgramPanel::default();
    let news = |program: &mut ProgramPanel, run, event| program.news(run, Language::Ko, &event);
    let running = news(&mut program, RUN, ProgramEvent::Running);
    assert!(running.is_some());
    assert!(news(&mut program, RequestId(2), ProgramEvent::Translated).is_none());
    assert!(news(&mut program, RUN, ProgramEvent::Translated).is_some());
}
