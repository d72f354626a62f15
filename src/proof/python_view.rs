//! The view of the proof on the page's own Python: the button, the progress, the verdict.

use super::panel_state::PanelState;
use super::python_failure::PythonFailure;
use super::python_proof::{ProofOutcome, ProofStage, Provability};
use super::words;
use crate::protocol::panel::{
    Event, PanelAction, PanelControl, PanelElement, PanelNode, el, marked,
};
use formats::program::translated;
use formats::proof::{
    Difference, OffloadedWork, Proof, ProvedEvent, Unprovable, agreement, event_words,
    other_version,
};
use texts::{Language, Text, plain, say, text};

const TITLE: Text = text!("On real Python, in this browser");
const WHAT_HAPPENS: Text = text!(
    "Runs the script as an asyncio program under CPython 3.14 on a virtual clock and compares every event."
);
/// The size of the runtime, see docs/python-runtime.md.
const DOWNLOAD: Text = text!("Downloads 4.7 MB once.");
const PROVE: Text = text!("Prove it");
const WHAT_WAS_COMPARED: Text = text!(
    "Every print, response and end of a task came in the same order and at the same nanosecond. CPython's own asyncio decided them; only the clock is virtual."
);
const TERMINAL: &str = "loopscope prove FILE";

/// Characters of a text that Python made, e.g. of a printed line.
const WORDS_MAX: usize = 160;

pub(super) fn section(state: &PanelState) -> PanelNode {
    let language = state.page.language;
    let body = match state.python.provability {
        Provability::Unprovable(reason) => unprovable(reason, language),
        Provability::Provable => provable(state, true),
        Provability::Nothing => provable(state, false),
    };
    el("section.python-proof")
        .label(TITLE.of(language))
        .kid(el("h3").text(TITLE.of(language)))
        .kids(body)
        .into()
}

/// What is modelled here, and that a companion can run it.
fn unprovable(reason: Unprovable, language: Language) -> Vec<PanelNode> {
    let [what, modelled, remedy] = unprovable_words(reason, language);
    let what = el("p.lead")
        .set("data-code", "unprovable")
        .kid(marked(&what));
    let mut nodes: Vec<PanelNode> = vec![what.into()];
    if let Unprovable::Threads { line, .. } = reason {
        nodes.push(
            el("button.small")
                .set("type", "button")
                .text(say!(language, "Show line {line}", line))
                .on_click(PanelAction::Line(line))
                .into(),
        );
    }
    nodes.push(el("p").kid(marked(&modelled)).into());
    nodes.push(el("p.hint").kid(marked(&remedy)).into());
    nodes
}

fn unprovable_words(reason: Unprovable, language: Language) -> [String; 3] {
    let threads = text!(
        "Threads are modelled here: pools and their queues as in CPython and AnyIO, and one GIL that changes hands every 5 ms. When a real thread gets its turn, the operating system decides."
    );
    let (what, modelled) = match reason {
        Unprovable::Threads { line, work } => match work {
            OffloadedWork::Thread => (
                say!(language, "Line {line} moves work to a thread.", line),
                threads,
            ),
            OffloadedWork::Handler => (
                say!(
                    language,
                    "Line {line} is a plain `def`, which FastAPI runs on a thread.",
                    line
                ),
                threads,
            ),
            OffloadedWork::Process => (
                say!(language, "Line {line} moves work to a process.", line),
                text!(
                    "Processes are modelled here: a pool with its queue, and a GIL for each process. Starting one and pickling take no time."
                ),
            ),
            OffloadedWork::Job => (
                say!(language, "Line {line} sends a job to a queue.", line),
                text!(
                    "Jobs are modelled here: one queue and its workers. The broker takes no time."
                ),
            ),
        },
        Unprovable::Servers => (
            say!(language, "The script has several server processes."),
            text!(
                "They are modelled here: each has an event loop, a thread pool and a GIL of its own."
            ),
        ),
        Unprovable::Random => {
            return [
                say!(language, "The script draws random durations."),
                say!(
                    language,
                    "Python draws other ones, so the events cannot be compared."
                ),
                say!(language, "Write fixed durations to prove it."),
            ];
        }
    };
    let remedy = text!("Only a run in real time proves this script: use the companion below.");
    [
        what,
        modelled.of(language).to_owned(),
        remedy.of(language).to_owned(),
    ]
}

/// The button or the progress, and the last outcome.
fn provable(state: &PanelState, is_sound: bool) -> Vec<PanelNode> {
    let language = state.page.language;
    let what = el("p.hint").text(WHAT_HAPPENS.of(language));
    let what = if state.page.has_python {
        what
    } else {
        what.text(" ").text(DOWNLOAD.of(language))
    };
    let action = match state.python.stage() {
        Some(stage) => under_way(stage, language).into(),
        None => el("div.prove-action")
            .kid(
                el("button#prove-here.primary")
                    .set("type", "button")
                    .flag("disabled", !is_sound)
                    .text(PROVE.of(language))
                    .on_use(Event::Click, PanelControl::Prove),
            )
            .kid((!is_sound).then(|| el("span.hint").text(words::NOTHING_TO_PROVE.of(language))))
            .into(),
    };
    let outcome = state.python.last(&state.page.script);
    // During a proof that the reader asked for, the last one would be taken for its result.
    let outcome = outcome.filter(|_| state.python.stage().is_none());
    let outcome = outcome.map_or(PanelNode::NOTHING, |(outcome, is_current)| {
        if is_current {
            current(outcome, language)
        } else {
            of_older_script(outcome, language)
        }
    });
    vec![what.into(), action, outcome]
}

fn under_way(stage: ProofStage, language: Language) -> PanelElement {
    let (text, bar) = match stage {
        ProofStage::Asked => (say!(language, "Preparing Python…"), None),
        ProofStage::Downloading { bytes, total } => {
            let [done, all] = [bytes, total].map(megabytes);
            let text = say!(
                language,
                "Downloading Python: {done} of {all} MB",
                done,
                all
            );
            (text, Some((bytes, total)))
        }
        ProofStage::Starting => (say!(language, "Starting Python…"), None),
        ProofStage::Waiting => (
            say!(language, "Waiting: Python runs the program first."),
            None,
        ),
        ProofStage::Running => (say!(language, "Python runs the script…"), None),
    };
    // Not read aloud: it would be, after each piece of the download.
    let bar = bar.map(|(bytes, total)| {
        el("progress")
            .set("max", total.to_string())
            .set("value", bytes.to_string())
            .state("aria-hidden", true)
    });
    el("div.proof-run")
        .kid(el("span.pulse").state("aria-hidden", true))
        .kid(el("span").text(text))
        .kid(bar)
        .kid(
            el("button#prove-here-cancel.small")
                .set("type", "button")
                .text(words::CANCEL.of(language))
                .on_use(Event::Click, PanelControl::CancelProof),
        )
}

/// E.g. `2.1`.
fn megabytes(bytes: u32) -> String {
    let tenths = u64::from(bytes) * 10 / 1_000_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The outcome for the script in the editor.
fn current(outcome: &ProofOutcome, language: Language) -> PanelNode {
    match outcome {
        ProofOutcome::Judged(proof) => verdict(proof, language),
        ProofOutcome::Unfinished(message) => trouble(
            "unfinished",
            &unfinished(message, language),
            Some(text!("Make the script shorter, or prove it in a terminal:").of(language)),
            Some(TERMINAL),
        ),
        ProofOutcome::TooLong => trouble(
            "too_long",
            text!("The run is too long to be compared in a browser.").of(language),
            Some(text!("Make the script shorter, or prove it in a terminal:").of(language)),
            Some(TERMINAL),
        ),
        ProofOutcome::Failed(PythonFailure::Cancelled) => el("p.none")
            .set("role", "status")
            .set("data-code", "cancelled")
            .text(text!("Cancelled. Nothing was compared.").of(language))
            .into(),
        ProofOutcome::Failed(failure) => {
            let [what, remedy] = failure.words(language);
            trouble(failure.code(), what, Some(remedy), None)
        }
    }
}

fn unfinished(message: &str, language: Language) -> String {
    let message = brief(&translated(message, language));
    if message.is_empty() {
        return text!("Python did not run the script to its end.")
            .of(language)
            .to_owned();
    }
    say!(
        language,
        "Python did not run the script to its end: {words}",
        words = message
    )
}

fn trouble(
    code: &'static str,
    what: &str,
    remedy: Option<&str>,
    command: Option<&'static str>,
) -> PanelNode {
    let remedy = remedy.map(|remedy| el("p").kid(marked(remedy)));
    let command = command.map(|command| el("p.command").kid(el("code").text(command)));
    el("div.trouble")
        .set("role", "alert")
        .set("data-code", code)
        .kid(el("p.bad").kid(marked(what)))
        .kid(remedy)
        .kid(command)
        .into()
}

fn verdict(proof: &Proof, language: Language) -> PanelNode {
    let text = sentence(proof, language);
    let Some(difference) = &proof.difference else {
        return el("div.proved")
            .kid(
                el("p.lead.good")
                    .set("role", "status")
                    .set("data-code", "same")
                    .text("✓ ")
                    .text(text),
            )
            .kid(el("p.hint").text(WHAT_WAS_COMPARED.of(language)))
            .kid(version_note(proof, language))
            .into();
    };
    el("div.proved")
        .kid(
            el("p.lead.bad")
                .set("role", "status")
                .set("data-code", "different")
                .text("✗ ")
                .text(text),
        )
        .kid(el("p").text(difference.explanation(language)))
        .kid(sides(difference, language))
        .kid(show_in_chart(difference, language))
        .kid(version_note(proof, language))
        .kid(proof.is_of_newer_python().then(|| newer_python(language)))
        .into()
}

/// The sentence without the mark. The version comes from Python's run, so it may be anything.
fn sentence(proof: &Proof, language: Language) -> String {
    let python: String = plain(&proof.python).chars().take(16).collect();
    agreement(
        &Proof {
            python,
            difference: None,
            ..*proof
        },
        language,
    )
}

/// The first difference: the event of each side.
fn sides(difference: &Difference, language: Language) -> PanelElement {
    let side = |name: &'static str, event: &Option<ProvedEvent>| {
        el("tr")
            .kid(el("th").set("scope", "row").text(name))
            .kid(el("td").text(brief(&event_words(event.as_ref(), language))))
            .into()
    };
    let simulated = text!("simulated").of(language);
    el("table.proof-difference").kid(el("tbody").kids([
        side(simulated, &difference.simulated),
        side("CPython", &difference.python),
    ]))
}

/// A button that moves the chart's cursor to the first difference.
fn show_in_chart(difference: &Difference, language: Language) -> Option<PanelElement> {
    let event = difference.simulated.as_ref()?;
    let button = el("button.small.show-difference")
        .set("type", "button")
        .text(text!("Show it in the chart").of(language))
        .on_click(PanelAction::At(event.at.as_nanos()));
    Some(button)
}

/// That the script follows another version, if that makes a difference.
fn version_note(proof: &Proof, language: Language) -> Option<PanelElement> {
    let text = other_version(proof, language)?;
    Some(el("p.hint").text(text))
}

fn newer_python(language: Language) -> PanelElement {
    let text = text!("The simulator follows CPython 3.11 to 3.15. Newer versions may differ.");
    el("p.hint").text(text.of(language))
}

/// What was known of the script before an edit.
fn of_older_script(outcome: &ProofOutcome, language: Language) -> PanelNode {
    // Failures concern the older script alone.
    let ProofOutcome::Judged(proof) = outcome else {
        return PanelNode::NOTHING;
    };
    let text = say!(
        language,
        "Before your edit: {words}.",
        words = sentence(proof, language)
    );
    el("p.none.proof-older")
        .set("role", "status")
        .text(text)
        .into()
}

/// The beginning of a text that Python made.
fn brief(text: &str) -> String {
    let mut characters = text.chars();
    let begin: String = characters.by_ref().take(WORDS_MAX).collect();
    match characters.next() {
        Some(_) => begin + "…",
        None => begin,
    }
}

#[cfg(test)]
mod tests {
    use super::super::panel_state::{RealRunEffect, RealRunEvent};
    use super::super::python_proof::tests::{QUEUE, TRACE, page, texts};
    use super::super::python_proof::{ProofEffect, PythonEvent};
    use super::*;
    use crate::markup::unmarked;
    use crate::protocol::real_run::PythonRun;

    fn opened(script: &str) -> PanelState {
        let mut state = PanelState::new(String::new);
        state.handle(RealRunEvent::Page(page(script)));
        state
    }

    /// A proof that the reader asked for, and its run.
    fn asked() -> (PanelState, PythonRun) {
        let mut state = opened(QUEUE);
        let control = RealRunEvent::ControlUsed(PanelControl::Prove, String::new());
        let effects = state.handle(control);
        let [RealRunEffect::Proof(ProofEffect::RunPython { run, .. })] = effects[..] else {
            panic!("{effects:?}");
        };
        (state, run)
    }

    fn answered(answer: Result<&str, PythonFailure>) -> PanelState {
        let (mut state, run) = asked();
        let answer = PythonEvent::Answered(answer.map(texts));
        state.handle(RealRunEvent::Python(run, answer));
        state
    }

    fn downloading() -> PanelState {
        let (mut state, run) = asked();
        let event = PythonEvent::Progress {
            bytes: 2_150_000,
            total: 4_711_000,
        };
        state.handle(RealRunEvent::Python(run, event));
        state
    }

    fn edited() -> PanelState {
        let mut state = answered(Ok(TRACE));
        state.handle(RealRunEvent::Page(page("a: await 1\n")));
        state
    }

    fn different() -> PanelState {
        answered(Ok(&TRACE.replace("3000000000,3,", "3500000000,3,")))
    }

    #[track_caller]
    fn check(state: &PanelState, has: &[&str], lacks: &[&str]) {
        let html = section(state).html();
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
        for text in lacks {
            assert!(!html.contains(text), "{text} in {html}");
        }
    }

    #[test]
    fn before_a_proof_it_says_what_will_happen() {
        let has = [WHAT_HAPPENS.en(), DOWNLOAD.en(), "id=\"prove-here\""];
        check(&opened(QUEUE), &has, &["disabled", "✓"]);
        check(&opened("a: awiat 1\n"), &["disabled"], &["✓"]);
    }

    #[test]
    fn a_download_is_counted_and_can_be_cancelled() {
        let has = [
            "Downloading Python: 2.1 of 4.7 MB",
            "<progress max=\"4711000\" value=\"2150000\"",
            "prove-here-cancel",
        ];
        check(&downloading(), &has, &["id=\"prove-here\""]);
    }

    #[test]
    fn a_proof_that_waits_says_what_for_and_can_be_cancelled() {
        let (mut state, run) = asked();
        state.handle(RealRunEvent::Python(run, PythonEvent::Waits));
        let has = ["Waiting: Python runs the program", "prove-here-cancel"];
        check(&state, &has, &["<progress"]);
    }

    #[test]
    fn a_verdict_counts_events_and_is_of_its_script_only() {
        let mark = "✓ 6 of 6 events as on CPython 3.11.7";
        check(&answered(Ok(TRACE)), &[mark, WHAT_WAS_COMPARED.en()], &[]);
        let older = "Before your edit: 6 of 6 events as on CPython 3.11.7.";
        check(&edited(), &[older], &["✓"]);
    }

    #[test]
    fn the_first_difference_has_both_sides() {
        let has = [
            "✗ 4 of 6 events as on CPython 3.11.7",
            "The same event comes 500ms later on CPython.",
            "3s  a 3 (line 4): prints \"out\"",
            "3.5s  a 3 (line 4): prints \"out\"",
        ];
        check(&different(), &has, &["Newer versions"]);
        let newer = TRACE
            .replace("3000000000,3,", "3500000000,3,")
            .replace("3.11.7", "3.16.0");
        check(&answered(Ok(&newer)), &["Newer versions"], &[]);
    }

    #[test]
    fn long_texts_of_python_are_cut() {
        let long = "x".repeat(100_000);
        let trace = TRACE
            .replace("\"stdout\",\"out\"", &format!("\"stdout\",\"{long}\""))
            .replace("\"Python\":\"3.11.7\"", &format!("\"Python\":\"{long}\""));
        let html = section(&answered(Ok(&trace))).html();
        assert!(html.len() < 4_000, "{}", html.len());
        let trace = TRACE.replace(
            "\"ending\":\"finished\",\"message\":\"\",\"exit",
            &format!("\"ending\":\"limit\",\"message\":\"{long}\",\"exit"),
        );
        let html = section(&answered(Ok(&trace))).html();
        assert!(html.contains("data-code=\"unfinished\""), "{html}");
        assert!(html.len() < 4_000, "{}", html.len());
    }

    #[test]
    fn what_cannot_be_proved_says_what_is_modelled() {
        for (script, has) in [
            (
                "async def a: thread (block 2)\nrun a\n",
                "Line 1 moves work to a thread.",
            ),
            ("async def a:\n    process (cpu 2)\nrun a\n", "Line 2 moves"),
            (
                "def ping: block 1\nrun 3 ping\n",
                "is a plain <code>def</code>",
            ),
            ("def job: block 1\nasync def a: send job\nrun a\n", "a job"),
            ("servers 2\nasync def a: await 1\nrun a\n", "several server"),
            ("a: await 1..3s\n", "random durations"),
        ] {
            check(
                &opened(script),
                &[has, "data-code=\"unprovable\""],
                &["id=\"prove-here\""],
            );
        }
    }

    #[test]
    fn each_failure_is_said_with_a_remedy() {
        for failure in [
            PythonFailure::Offline,
            PythonFailure::Damaged,
            PythonFailure::Unsupported,
            PythonFailure::Broken,
            PythonFailure::Refused("no".to_owned()),
        ] {
            let code = format!("data-code=\"{}\"", failure.code());
            let [what, remedy] = failure.words(Language::En);
            check(&answered(Err(failure)), &[&code, what, remedy], &["✓"]);
        }
        let cancelled = answered(Err(PythonFailure::Cancelled));
        check(
            &cancelled,
            &["data-code=\"cancelled\""],
            &["role=\"alert\""],
        );
        check(
            &answered(Ok("null")),
            &["data-code=\"unfinished\"", "so long", TERMINAL],
            &["✓"],
        );
    }

    #[test]
    fn every_word_is_in_a_catalogue() {
        // Words of Python and of the script, which are not translated.
        const HEARD: &str = "CPython out so long";
        let mut left = Vec::new();
        for mut state in [
            opened(QUEUE),
            opened("a: awiat 1\n"),
            opened("servers 2\nasync def a: await 1\nrun a\n"),
            opened("a: await 1..3s\n"),
            opened("def ping: block 1\nrun 3 ping\n"),
            asked().0,
            downloading(),
            answered(Ok(TRACE)),
            answered(Ok("null")),
            answered(Err(PythonFailure::Offline)),
            answered(Err(PythonFailure::Cancelled)),
            different(),
            edited(),
        ] {
            state.page.language = Language::Marked;
            left.extend(unmarked::unmarked(&section(&state), HEARD));
        }
        assert!(left.is_empty(), "{}", left.join("\n"));
    }
}
