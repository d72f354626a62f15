//! The view of the panel: the proof on Python; the way to a companion, or its runtimes and the
//! controls of a run.

use super::companion::{OfferedRuntime, VerifiedCompanion};
use super::file::TraceFile;
use super::panel_state::{LastRun, PanelState, RUNS, RunUnderWay, SCALES, TOLERANCES};
use super::trouble::Trouble;
use super::{file_view, python_view, result, words};
use crate::protocol::panel::{
    Event, PanelAction, PanelControl, PanelElement, PanelNode, el, marked,
};
use texts::{Language, Text};

/// The whole panel.
pub(super) fn panel(state: &PanelState) -> PanelNode {
    let language = state.page.language;
    let python = python_view::section(state);
    let contact = match &state.known {
        Some(known) => there(state, known),
        None => not_there(state),
    };
    let companion = el("section.real-run")
        .label(words::IN_REAL_TIME.of(language))
        .kid(el("h3").text(words::IN_REAL_TIME.of(language)))
        .kid(el("p.hint").text(words::INTRO.of(language)))
        .kid(contact)
        .kid(real(state))
        .into();
    let file = file_view::view(&state.file, language);
    match state.file {
        TraceFile::None => PanelNode::Several(vec![python, companion, file]),
        // The reader opened the file last, so it comes first.
        _ => PanelNode::Several(vec![file, python, companion]),
    }
}

/// The panel of a page without a companion.
fn not_there(state: &PanelState) -> PanelNode {
    let language = state.page.language;
    let asking = || {
        el("p.none")
            .set("role", "status")
            .text(words::CONNECTING.of(language))
    };
    let trouble = state.trouble.as_ref();
    let trouble = trouble.map(|trouble| said(state, trouble));
    // A companion is installed already, so its installation is not explained.
    if state.page.is_served {
        return PanelNode::Several(vec![
            state.is_asking().then(asking).into(),
            trouble.unwrap_or(PanelNode::NOTHING),
            form(language),
        ]);
    }
    let get = el("div.get")
        .kid(el("p").text(words::GET_IT.of(language)))
        .kid(command(state, words::INSTALL))
        .kid(command(state, words::SERVE));
    let from_here = el("details.from-here")
        .kid(el("summary").text(words::OR_FROM_HERE.of(language)))
        .kid(el("p").text(words::NAME_THIS_PAGE.of(language)))
        .kid(command(state, &words::serve_for(&state.page.origin)))
        .kid(form(language));
    PanelNode::Several(vec![
        get.into(),
        from_here.into(),
        state.is_asking().then(asking).into(),
        trouble.unwrap_or(PanelNode::NOTHING),
    ])
}

/// The form for the companion's address. The field has no `value`, so that a new panel does not
/// overwrite the reader's input.
fn form(language: Language) -> PanelNode {
    let field = el("input#companion")
        .set("type", "text")
        .set("spellcheck", "false")
        .set("autocomplete", "off")
        .set("placeholder", "http://127.0.0.1:…/#c=…")
        .set("aria-label", words::ADDRESS.of(language))
        .on_use(Event::Input, PanelControl::Address);
    el("div.sweep-form")
        .kid(field)
        .kid(button(
            "button#connect",
            words::CONNECT,
            language,
            PanelControl::Connect,
        ))
        .into()
}

fn button(
    selector: &'static str,
    text: Text,
    language: Language,
    hand: PanelControl,
) -> PanelElement {
    el(selector)
        .set("type", "button")
        .text(text.of(language))
        .on_use(Event::Click, hand)
}

/// A command with a button that copies it.
fn command(state: &PanelState, text: &str) -> PanelElement {
    let language = state.page.language;
    let copied = state.copied.as_deref() == Some(text);
    let word = if copied { words::COPIED } else { words::COPY };
    let copy = el("button.small")
        .set("type", "button")
        // Distinguishes the copy buttons for screen readers.
        .set("aria-label", format!("{}: {text}", word.of(language)))
        .text(word.of(language))
        .on_click(PanelAction::Copy(text.to_owned()));
    el("p.command")
        .kid(el("code").text(text.to_owned()))
        .kid(copy)
}

/// The controls of a run, for a companion that has proved to know the token.
fn there(state: &PanelState, known: &VerifiedCompanion) -> PanelNode {
    let language = state.page.language;
    let chosen = known.runtime(&state.choice.runtime);
    let versions = chosen.map_or_else(String::new, versions);
    let is_under = matches!(state.real, LastRun::UnderWay(_));
    let row = el("div.seg.runtimes")
        .set("role", "group")
        .set("aria-label", words::RUNTIME.of(language))
        .kids(known.hello.runtimes.iter().map(|each| runtime(state, each)));
    let row = el("div.choose")
        .kid(row)
        .kid(el("span.hint.versions").text(versions));
    let choice = &state.choice;
    let scale = choices(
        ("scale", words::SCALE, PanelControl::Scale),
        (&SCALES, &choice.scale),
        language,
        |value| words::scale(language, value),
    );
    let runs = choices(
        ("runs", words::RUNS, PanelControl::Runs),
        (&RUNS, &choice.runs),
        language,
        |value| words::runs(language, value),
    );
    let tolerance = choices(
        ("tolerance", words::TOLERANCE, PanelControl::Tolerance),
        (&TOLERANCES, &choice.tolerance),
        language,
        |value| format!("{value} %"),
    );
    let start = button(
        "button#prove.primary",
        words::START,
        language,
        PanelControl::Start,
    );
    let is_ready = state.page.is_sound && chosen.is_some_and(|chosen| chosen.ready);
    let start = start.flag("disabled", is_under || !is_ready);
    let form = el("div.proof-form")
        .kid(scale)
        .kid(runs)
        .kid(tolerance)
        .kid(start);
    let not_sound = || el("p.hint").text(words::NOT_SOUND.of(language));
    PanelNode::Several(vec![
        row.into(),
        form.into(),
        (!state.page.is_sound).then(not_sound).into(),
        missing(state, known),
    ])
}

fn versions(runtime: &OfferedRuntime) -> String {
    let versions = runtime.versions.iter();
    let versions: Vec<String> = versions
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    versions.join(" · ")
}

fn runtime(state: &PanelState, runtime: &OfferedRuntime) -> PanelNode {
    let is_chosen = state.choice.runtime == runtime.name;
    el("button")
        .set("type", "button")
        // The event carries the control's value, which names the runtime.
        .set("value", runtime.name.clone())
        .set("data-runtime", runtime.name.clone())
        .class_if(is_chosen, "on")
        .state("aria-pressed", is_chosen)
        .flag("disabled", !runtime.ready)
        .text(runtime.name.clone())
        .on_use(Event::Click, PanelControl::Runtime)
        .into()
}

fn choices(
    (id, name, hand): (&'static str, Text, PanelControl),
    (values, chosen): (&[&'static str], &str),
    language: Language,
    text: impl Fn(&str) -> String,
) -> PanelElement {
    let option = |value: &&'static str| -> PanelNode {
        el("option")
            .set("value", *value)
            .flag("selected", *value == chosen)
            .text(text(value))
            .into()
    };
    let select = el("select")
        .set("id", id)
        .kids(values.iter().map(option))
        .on_use(Event::Change, hand);
    el("label.field")
        .kid(el("span").text(name.of(language)))
        .kid(select)
}

/// The missing runtimes, each with the command that installs it.
fn missing(state: &PanelState, known: &VerifiedCompanion) -> PanelNode {
    let language = state.page.language;
    let missing = known.hello.runtimes.iter().filter(|each| !each.ready);
    let items: Vec<PanelNode> = missing.map(|each| item(state, each)).collect();
    if items.is_empty() {
        return PanelNode::NOTHING;
    }
    el("details.missing")
        .kid(el("summary").text(format!("{}: {}", words::MISSING.of(language), items.len())))
        .kid(el("ul").kids(items))
        .kid(button(
            "button#look-again.small",
            words::LOOK_AGAIN,
            language,
            PanelControl::Connect,
        ))
        .into()
}

fn item(state: &PanelState, runtime: &OfferedRuntime) -> PanelNode {
    let what = runtime.missing.clone().unwrap_or_default();
    el("li")
        .set("data-runtime", runtime.name.clone())
        .kid(el("b").text(runtime.name.clone()))
        .text(": ")
        .text(what)
        .kids(commands(state, runtime.remedy.as_deref()))
        .into()
}

/// The commands of a remedy, e.g. `apt-get install redis-server; or: export …` → two commands.
fn commands(state: &PanelState, remedy: Option<&str>) -> Vec<PanelNode> {
    let remedies = remedy.into_iter().flat_map(|text| text.split("; or: "));
    // A note in parentheses, e.g. `(3.11 or newer)`, is not a part of the command.
    let commands = remedies.map(|text| text.split(" (").next().unwrap_or(text));
    commands.map(|text| command(state, text).into()).collect()
}

/// The last run: its progress, its result or its error.
fn real(state: &PanelState) -> PanelNode {
    let language = state.page.language;
    match &state.real {
        // Without a companion `not_there` shows the error.
        LastRun::None => match (&state.known, &state.trouble) {
            (Some(_), Some(trouble)) => said(state, trouble),
            _ => PanelNode::NOTHING,
        },
        LastRun::UnderWay(run) => under(run, language),
        LastRun::Cancelled => el("p.none")
            .set("role", "status")
            .text(words::CANCELLED.of(language))
            .into(),
        LastRun::Failed(trouble) => said(state, trouble),
        LastRun::Done { script, done, bars } => {
            let is_older = *script != state.page.script;
            result::view(&done.report, bars.as_ref(), is_older, &state.page)
        }
    }
}

fn under(run: &RunUnderWay, language: Language) -> PanelNode {
    let bar = el("div.proof-run")
        .kid(el("span.pulse").state("aria-hidden", true))
        .kid(
            el("span")
                .set("role", "status")
                .text(words::stage(language, run.stage)),
        );
    // Hidden from screen readers, which would read the time aloud every second.
    let seconds = (run.seconds > 0).then(|| {
        el("span.hint")
            .state("aria-hidden", true)
            .text(words::seconds(language, run.seconds))
    });
    bar.kid(seconds)
        .kid(button(
            "button#prove-cancel.small",
            words::CANCEL,
            language,
            PanelControl::Cancel,
        ))
        .into()
}

/// An error message with its remedy.
fn said(state: &PanelState, trouble: &Trouble) -> PanelNode {
    let (what, remedy) = words::trouble(state.page.language, trouble, &state.page.origin);
    let (code, own, command) = match trouble {
        Trouble::Failed(failed) => (
            failed.code.clone(),
            failed.message.clone(),
            failed.remedy.as_deref(),
        ),
        other => (code(other).to_owned(), String::new(), None),
    };
    let own = (!own.is_empty()).then(|| el("p.own").text(own));
    el("div.trouble")
        .set("role", "alert")
        .set("data-code", code)
        .kid(el("p.bad").kid(marked(&what)))
        .kid(own)
        .kid((!remedy.is_empty()).then(|| el("p").kid(marked(&remedy))))
        .kids(commands(state, command))
        .into()
}

fn code(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::NoToken => "no_token",
        Trouble::Spent => "spent",
        Trouble::Address => "address",
        Trouble::Silent => "silent",
        Trouble::Denied => "denied",
        Trouble::Stranger => "stranger",
        Trouble::Proof => "proof",
        Trouble::CutOff => "cut_off",
        Trouble::Garbled | Trouble::Failed(_) => "garbled",
    }
}

#[cfg(test)]
mod tests {
    use super::super::panel_state::tests::{done, known, page, running, tell};
    use super::super::panel_state::{RealRunEffect, RealRunEvent};
    use super::*;
    use crate::markup::unmarked;
    use crate::protocol::real_run::PageSnapshot;

    #[track_caller]
    fn check(state: &PanelState, has: &[&str], lacks: &[&str]) {
        let html = panel(state).html();
        for text in has {
            assert!(html.contains(text), "no {text} in {html}");
        }
        for text in lacks {
            assert!(!html.contains(text), "{text} in {html}");
        }
    }

    fn in_korean(mut state: PanelState) -> PanelState {
        state.page.language = Language::Ko;
        state
    }

    fn hosted() -> PanelState {
        let mut state = PanelState::new(String::new);
        let page = PageSnapshot {
            origin: "https://page.example".to_owned(),
            is_served: false,
            ..page()
        };
        assert_eq!(
            state.handle(RealRunEvent::Page(page)),
            [] as [RealRunEffect; 0]
        );
        state
    }

    #[test]
    fn without_a_companion_it_says_how_to_get_one() {
        let has = [
            "cargo install loopscope",
            "loopscope serve --allow-origin https://page.example",
        ];
        check(&hosted(), &has, &["id=\"prove\""]);
        check(&in_korean(hosted()), &["설치해서"], &["Install it"]);
    }

    #[test]
    fn runtimes_are_shown_with_versions_and_remedies() {
        let has = [
            "Python 3.11.7",
            "data-runtime=\"celery\" aria-pressed=\"false\" disabled",
            "redis-server is not installed",
            "<code>apt-get install redis-server</code>",
            "id=\"prove\"",
        ];
        check(&known(), &has, &["cargo install"]);
        check(&in_korean(known()), &["실제로 실행"], &["Run for real"]);
    }

    #[test]
    fn a_script_with_errors_is_not_run() {
        let mut state = known();
        state.page.is_sound = false;
        check(&state, &["disabled", words::NOT_SOUND.en()], &[]);
    }

    #[test]
    fn a_run_says_where_it_is_and_can_be_cancelled() {
        let (mut state, call) = running();
        tell(&mut state, call, "{\"event\":\"queued\",\"ahead\":2}");
        check(&state, &["2 runs are ahead", "prove-cancel"], &[]);
        tell(
            &mut state,
            call,
            "{\"event\":\"started\",\"runs\":3,\"run_ns\":900000000}",
        );
        tell(&mut state, call, "{\"event\":\"alive\"}");
        check(&state, &["run 1 of 3, about 900ms each", ">1 s<"], &[]);
        check(&in_korean(state), &["3번 중 1번째"], &["run 1"]);
    }

    #[test]
    fn each_way_to_fail_is_said_with_a_remedy() {
        for code in [
            "missing",
            "unsupported",
            "no_jobs",
            "no_prediction",
            "timed_out",
            "crashed",
            "interrupted",
            "system",
            "broken",
            "token",
            "too_large",
            "too_much",
            "busy",
            "origin",
        ] {
            let (mut state, call) = running();
            let line = format!(
                "{{\"event\":\"failed\",\"code\":\"{code}\",\"message\":\"<its own words>\",\"remedy\":null}}"
            );
            tell(&mut state, call, &line);
            let of_code = format!("data-code=\"{code}\"");
            check(&state, &[&of_code, "&lt;its own words>", "</p><p>"], &[]);
            check(&in_korean(state), &[&of_code, "세요"], &[]);
        }
    }

    #[test]
    fn every_word_of_the_pane_is_in_a_catalogue() {
        // Words of the companion and of the script, which are not translated.
        const HEARD: &str =
            "Python asyncio celery redis-server is not installed apt-get page example";
        let mut left = Vec::new();
        let (mut running, call) = running();
        let began = "{\"event\":\"started\",\"runs\":3,\"run_ns\":900000000}";
        tell(&mut running, call, began);
        for mut state in [hosted(), known(), running, done()] {
            state.page.language = Language::Marked;
            left.extend(unmarked::unmarked(&panel(&state), HEARD));
        }
        for trouble in [
            Trouble::NoToken,
            Trouble::Address,
            Trouble::Silent,
            Trouble::Denied,
            Trouble::Stranger,
            Trouble::Proof,
            Trouble::CutOff,
            Trouble::Garbled,
        ] {
            let mut state = known();
            state.known = None;
            state.trouble = Some(trouble);
            state.page.language = Language::Marked;
            left.extend(unmarked::unmarked(&panel(&state), HEARD));
        }
        assert!(left.is_empty(), "{}", left.join("\n"));
    }

    #[test]
    fn what_is_missing_comes_with_its_command() {
        let (mut state, call) = running();
        let line = "{\"event\":\"failed\",\"code\":\"missing\",\"message\":\"no Python\",\"remedy\":\"apt-get install python3 (3.11 or newer); or: export X=/y\"}";
        tell(&mut state, call, line);
        let has = [
            "<code>apt-get install python3</code>",
            "<code>export X=/y</code>",
        ];
        check(&state, &has, &[]);
    }

    #[test]
    fn a_companion_that_ends_or_is_another_is_said() {
        let (mut state, call) = running();
        state.handle(RealRunEvent::Over(call));
        check(
            &state,
            &["data-code=\"cut_off\"", "The script is kept"],
            &[],
        );
        let mut state = known();
        state.known = None;
        state.trouble = Some(Trouble::Proof);
        check(&state, &["nothing was sent to it", "id=\"connect\""], &[]);
    }

    #[test]
    fn a_result_is_of_its_script_only() {
        let mut state = done();
        check(&state, &["The prediction fails."], &[words::OLDER.en()]);
        state.page.script += "b: await 2\n";
        check(&state, &["The prediction fails.", words::OLDER.en()], &[]);
    }
}
