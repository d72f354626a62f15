use super::*;
use crate::protocol::analysis::{AnalysisData, AnalysisKind, AnalysisResponse, BestFix};
use crate::protocol::panel::PanelNode;
use crate::protocol::python::{PythonRequest, PythonResponse, WrittenProgram};
use crate::state::action::{CopySource, Field, Fold};
use crate::state::choices::Choices;
use crate::state::download::File;
use crate::state::embedded::EmbedSettings;
use crate::state::insight::{AnalysisAction, Door, Failure, Tab};
use crate::state::lessons::{Lesson, Shelf};
use crate::state::program::{ProgramAction, Side};
use crate::state::tour::{Stop, Tour};
use crate::state::trial::run;
use crate::state::{Dialog, Notice, Saving};
use ::script::vocabulary::SettingWord;
use chart::scene::By;
use formats::link::LinkError;
use texts::Language;

/// The state after these actions, with its script run.
fn after(script: &str, actions: impl IntoIterator<Item = Action>) -> State {
    let mut state = State::new(script.into(), Choices::default());
    run(&mut state);
    for action in actions {
        let run_before = state.run;
        state.reduce(action);
        if state.run != run_before {
            run(&mut state);
        }
    }
    state
}

/// The page as HTML, with the content of its deferred parts.
fn html(state: &State) -> String {
    let parts = [
        DeferredPart::Settings,
        DeferredPart::Result,
        DeferredPart::Now,
        DeferredPart::Folds,
        DeferredPart::Insight,
    ];
    let around = match state.embedded {
        None => DeferredPart::Header,
        Some(_) => DeferredPart::WholePage,
    };
    let mut html = page(state).html();
    for part in parts.into_iter().chain([around]) {
        html += &deferred(part, state).html();
    }
    html
}

const SCRIPT: &str = "a: cpu 1 -> await 2\nb: block 3\nexpect total 4s\n";

#[track_caller]
fn check(actions: impl IntoIterator<Item = Action>, has: &[&str], lacks: &[&str]) {
    let html = html(&after(SCRIPT, actions));
    for text in has {
        assert!(html.contains(text), "no {text} in {html}");
    }
    for text in lacks {
        assert!(!html.contains(text), "{text} in {html}");
    }
}

#[test]
fn a_run_is_shown_with_its_total_and_its_expectations() {
    let total = "<strong id=\"total\" aria-live=\"polite\">4<small>s</small></strong>";
    check(
        [],
        &[total, "class=\"good\"", "<Chart/>", "<Editor/>"],
        &["class=\"bad\""],
    );
}

#[test]
fn a_total_of_two_units_has_smaller_digits() {
    let edit = Action::Edited("a: cpu 1000\n".into());
    let total = "class=\"long\">16<small>min 40 s</small></strong>";
    check([edit], &[total], &[]);
}

#[test]
fn problems_are_listed_with_their_fix_and_the_old_chart_stays() {
    let edit = Action::Edited("a: awiat 1\n".into());
    let has = ["line 1", "<code>await</code>", "stale-note", "<Chart/>"];
    check([edit.clone()], &has, &[]);
    check(
        [edit, Action::Fixed(0)],
        &["data-phase=\"settled\""],
        &["class=\"problems\""],
    );
}

#[test]
fn an_emptied_script_is_met_with_an_example() {
    check(
        [Action::Edited("".into())],
        &["card empty", "<pre>"],
        &["<Chart/>"],
    );
}

#[test]
fn what_is_said_of_a_file_needs_no_chart() {
    let emptied = Action::Edited("".into());
    let looks = |tab| Action::Analysis(AnalysisAction::Tab(tab));
    let card = ["card empty", "id=\"tab-proof\""];
    check([emptied.clone(), looks(Tab::Proof)], &card, &["<Chart/>"]);
    check([emptied, looks(Tab::Sweep)], &["card empty"], &card[1..]);
}

#[test]
fn only_the_bars_of_the_script_can_be_dragged() {
    let drag = words::ASK_OR_DRAG_A_BAR.en();
    let trace = after("x: cpu 7\n", []).shown.expect("it ran");
    check([], &[drag], &[]);
    let open = Action::TraceOpened("run.json".into(), trace);
    check([open], &[words::ASK_A_BAR.en()], &[drag]);
}

#[test]
fn a_trace_says_what_held_its_event_loop() {
    let trace = after("a: block 7\nb: await 1\n", []).shown.expect("it ran");
    let open = Action::TraceOpened("run.json".into(), trace);
    let said = "A blocking call in line 1 froze the event loop for 7 s: no other task could run.";
    check([open], &[said], &[]);
}

const PYTHON: &str = "import asyncio\nasyncio.run(main())\n";

#[test]
fn python_over_the_script_is_offered_a_run_in_place_of_its_errors() {
    let pasted = Action::Edited(PYTHON.into());
    let has = [
        "id=\"run-as-python\"",
        "id=\"read-as-script-now\"",
        words::RUN_HINT.en(),
    ];
    check([pasted.clone()], &has, &["class=\"problems\""]);
    let taken = Action::Program(ProgramAction::ScriptIsPython);
    // The script that was pasted over is back, behind the Python side.
    let has = ["<Program/>", "id=\"run-program\"", "data-phase=\"settled\""];
    check(
        [pasted, taken],
        &has,
        &["id=\"format\"", "id=\"run-as-python\""],
    );
}

#[test]
fn the_python_side_shows_the_program_before_it_can_be_edited() {
    let open = Action::Program(ProgramAction::SideChosen(Side::Python));
    let has = [
        "<Program/>",
        "id=\"own-program\"",
        "id=\"run-program\"",
        "disabled=\"\"",
        "id=\"from-python\"",
    ];
    check([open.clone()], &has, &["id=\"program-strip\""]);
    let written = WrittenProgram {
        text: "made\n".to_owned(),
        lines: Vec::new(),
    };
    let script = SCRIPT.to_owned();
    let request = PythonRequest::Write { script };
    let came = Action::PythonAnswered(request, Ok(PythonResponse::Written(written)));
    let own = Action::Program(ProgramAction::Adopted);
    let has = [
        "id=\"run-program\"",
        "id=\"program-strip\"",
        words::RUN_HINT.en(),
    ];
    check([open, came, own], &has, &["id=\"own-program\""]);
}

#[test]
fn a_lab_with_a_program_has_its_editor_and_no_script() {
    let lab = Action::HostSettings(Box::new(EmbedSettings {
        program: Some(PYTHON.to_owned()),
        ..EmbedSettings::default()
    }));
    let has = [
        "<Program/>",
        "id=\"run-program\"",
        words::RUN_HINT.en(),
        words::CHART_AFTER_RUN.en(),
    ];
    let lacks = ["<Editor/>", "id=\"start-over\"", "id=\"side-script\""];
    check([lab], &has, &lacks);
}

#[test]
fn a_lab_has_no_python_side() {
    let lab = Action::HostSettings(Box::default());
    let pasted = Action::Edited(PYTHON.into());
    check(
        [lab, pasted],
        &["<Editor/>"],
        &["id=\"side-python\"", "id=\"run-as-python\""],
    );
}

#[test]
fn folds_are_made_only_while_they_are_open() {
    let open = |fold| {
        [
            Action::Analysis(AnalysisAction::Tab(Tab::Numbers)),
            Action::Filled(Field::Fold(fold), "open".to_owned()),
        ]
    };
    check([], &[], &["<table", "legend-table"]);
    check(open(Fold::Table), &["class=\"bars\""], &[]);
    check(open(Fold::Legend), &["legend-table"], &[]);
    let latency = words::LONGEST_LATENCY.en();
    check(open(Fold::ByTask), &[latency], &["class=\"bars\""]);
}

#[test]
fn percentiles_need_twenty_runs() {
    let numbers = |script: &str| {
        let actions = [
            Action::Analysis(AnalysisAction::Tab(Tab::Numbers)),
            Action::Filled(Field::Fold(Fold::ByTask), "open".to_owned()),
        ];
        deferred(DeferredPart::Insight, &after(script, actions)).html()
    };
    let few = numbers("def a: block 1\nrun 19 a\n");
    assert!(!few.contains("p95"), "{few}");
    let many = numbers("def a: block 1\nrun 20 a\n");
    assert!(many.contains("p95"), "{many}");
}

/// The state after the answer to the question about findings.
fn found(fix: Option<BestFix>) -> State {
    let state = after(SCRIPT, []);
    let text = |text: &str| Box::new(PanelNode::Text(text.to_owned().into()));
    let answer = AnalysisResponse {
        panel: PanelNode::NOTHING,
        more: AnalysisData::Found {
            findings: 1,
            formula: text("a formula"),
            verdict: text("line 2 is slow"),
            fix,
            parts: text("its parts"),
            margin: Vec::new(),
            path: Vec::new(),
        },
    };
    let question = state.asking(AnalysisKind::Findings);
    let mut state = state;
    state.reduce(Action::AnalysisAnswered(question, Ok(answer)));
    state
}

fn fix(total_s: u64) -> BestFix {
    BestFix {
        line: 2,
        setting: String::new(),
        total_ns: total_s * 1_000_000_000,
        script: "b: await 3\n".to_owned(),
    }
}

#[test]
fn the_best_fix_stands_beside_what_is_wrong_and_is_one_click() {
    let mut state = found(Some(fix(3)));
    let verdict = deferred(DeferredPart::Result, &state);
    let html = verdict.html();
    assert!(html.contains("line 2 is slow"), "{html}");
    assert!(html.contains("Fix line 2: 4\u{a0}s → 3\u{a0}s"), "{html}");
    state.reduce(verdict.click("fix").expect("a button"));
    assert_eq!(&*state.script, "b: await 3\n");
}

#[test]
fn a_fix_of_an_older_script_cannot_be_applied() {
    let mut state = found(Some(fix(3)));
    state.reduce(Action::Edited("a: cpu 2\n".into()));
    let html = deferred(DeferredPart::Result, &state).html();
    assert!(html.contains("disabled"), "{html}");
}

#[test]
fn a_fix_that_shortens_nothing_promises_nothing() {
    let html = deferred(DeferredPart::Result, &found(Some(fix(4)))).html();
    assert!(html.contains("Fix line 2<"), "{html}");
    let html = deferred(DeferredPart::Result, &found(None)).html();
    assert!(!html.contains("id=\"fix\""), "{html}");
}

#[test]
fn dialogs_open_one_at_a_time() {
    check([], &[], &["<dialog"]);
    check(
        [Action::Opened(Dialog::Lessons)],
        &["class=\"gallery\""],
        &[],
    );
    let gallery = |shelf| [Action::LessonsCame(shelf), Action::Opened(Dialog::Lessons)];
    let awaited = words::LESSONS_AWAITED.en();
    check(gallery(Shelf::Awaited), &[awaited], &["class=\"gallery\""]);
    let lacking = words::LESSONS_LACKING.en();
    check(gallery(Shelf::Lacking), &[lacking], &["class=\"gallery\""]);
    check(
        [Action::Opened(Dialog::Help)],
        &["<kbd>Space</kbd>"],
        &["class=\"gallery\""],
    );
    let copied = Action::Copied(CopySource::Link, false);
    let share = [Action::Opened(Dialog::Share), copied];
    check(
        share,
        &["share-link", "#v1.", words::SELECT_AND_COPY.en()],
        &[],
    );
    check(
        [Action::Opened(Dialog::Drafts)],
        &[words::DRAFTS_INTRO.en()],
        &["class=\"drafts\"", words::DRAFTS_NOT_STORED.en()],
    );
    check(
        [Action::Opened(Dialog::Help), Action::Closed],
        &[],
        &["<dialog"],
    );
}

#[test]
fn a_file_that_is_being_made_is_waited_for_and_can_be_cancelled() {
    let share = Action::Opened(Dialog::Share);
    let asked = Action::DownloadAsked(File::Trace);
    let waits = [words::MAKING_FILE.en()];
    check([share.clone(), asked.clone()], &waits, &[]);
    let cancelled = [share.clone(), asked.clone(), Action::FileCancelled];
    check(cancelled, &[], &waits);
    for (failure, text) in [
        (Failure::NotLoaded, words::FILE_NOT_LOADED),
        (Failure::Broke, words::FILE_BROKE),
    ] {
        let failed = Action::FileMade(Err(failure));
        check([share.clone(), asked.clone(), failed], &[text.en()], &waits);
    }
}

#[test]
fn a_trace_that_is_being_opened_is_waited_for_and_can_be_cancelled() {
    let given = Action::TraceGiven("run.json".into());
    let opening = |actions: Vec<Action>| {
        let state = after(SCRIPT, actions);
        deferred(DeferredPart::Insight, &state).html()
    };
    let html = opening(vec![given.clone()]);
    assert!(html.contains("Opening run.json…"), "{html}");
    for end in [Action::OpeningCancelled, Action::TraceRefused] {
        let html = opening(vec![given.clone(), end]);
        assert!(!html.contains("Opening"), "{html}");
    }
}

#[test]
fn rows_of_a_long_run_are_waited_for_and_can_be_cancelled() {
    let waits = [words::MAKING_ROWS.en(), "id=\"cancel\""];
    check([Action::RowsAwaited], &waits, &[]);
    check([Action::RowsAwaited, Action::RowsCancelled], &[], &waits);
    check(
        [Action::RowsAwaited, Action::RowsChosen(By::Threads)],
        &[],
        &waits,
    );
}

#[test]
fn fields_edit_the_script() {
    let setting = SettingWord::Cores;
    let field = Field::Setting { setting, max: 64 };
    let set = |value: &str| Action::Filled(field, value.to_owned());
    let script = |value| after(SCRIPT, [set(value)]).script;
    assert!(script("2").contains("cores 2"));
    assert!(script("1000").contains("cores 64"));
    assert_eq!(&*script(""), SCRIPT);
    assert_eq!(&*script("-1"), SCRIPT);
    let off = after(
        SCRIPT,
        [Action::Filled(
            Field::Choice(SettingWord::Gil),
            "off".to_owned(),
        )],
    );
    assert!(off.script.contains("gil off"));
    let older = after(
        SCRIPT,
        [Action::Filled(
            Field::Choice(SettingWord::Python),
            "3.11".to_owned(),
        )],
    );
    assert!(older.script.contains("python 3.11"));
}

#[test]
fn what_a_button_does_is_what_it_says() {
    let state = after(SCRIPT, []);
    let step = page(&state).click("step-on");
    assert!(matches!(step, Some(Action::Stepped(1))), "{step:?}");
    let safe = after(SCRIPT, []);
    let safe = State {
        notice: Some(Notice::SafeMode),
        ..safe
    };
    assert!(html(&safe).contains(words::RUN_AGAIN.en()));
}

fn embedded(panes: &str, goal: &str, claim: &str) -> String {
    let wishes = EmbedSettings {
        panes: Some(panes.to_owned()),
        goal: Some(goal.to_owned()),
        claims: Some(vec![claim.to_owned()]),
        ..EmbedSettings::default()
    };
    html(&after(SCRIPT, [Action::HostSettings(Box::new(wishes))]))
}

#[test]
fn in_another_page_only_what_its_author_wants_is_there() {
    let html = embedded("chart", "be quick", "total < 3s");
    for there in [
        "<Chart/>",
        "be quick",
        "total &lt; 3s",
        words::GOAL_NOT_REACHED.en(),
        "#v1.",
    ] {
        assert!(html.contains(there), "no {there} in {html}");
    }
    for absent in ["<Editor/>", "header", "id=\"share\"", "sheet"] {
        assert!(!html.contains(absent), "{absent} in {html}");
    }
    assert!(!html.contains("data-fixed"));
    let wishes = |panes: &str| EmbedSettings {
        panes: Some(panes.to_owned()),
        ..EmbedSettings::default()
    };
    let why = after(SCRIPT, [Action::HostSettings(Box::new(wishes("why")))]);
    let why = deferred(DeferredPart::Insight, &why).html();
    assert!(
        why.contains("tab-findings") && !why.contains("tab-proof"),
        "{why}"
    );
    let reached = embedded("script result", "be slow", "total >= 3s");
    assert!(reached.contains("<Editor/>") && reached.contains(words::GOAL_REACHED.en()));
    assert!(!reached.contains("<Chart/>"));
}

#[test]
fn what_is_hostile_is_text() {
    let html = html(&after("\"<img onerror=x>\": cpu 1\n", []));
    assert!(!html.contains("<img"), "{html}");
}

/// The texts without marks after these actions, in the language that marks every text.
fn unmarked(script: &str, actions: &[Action]) -> Vec<String> {
    let chosen = Action::LanguageChosen(Language::Marked);
    let state = after(script, [chosen].into_iter().chain(actions.iter().cloned()));
    unmarked_in(&state, script)
}

fn unmarked_in(state: &State, script: &str) -> Vec<String> {
    let text = format!("{script} {} own words", state.script);
    let mut nodes = vec![page(state)];
    let places = [
        DeferredPart::Header,
        DeferredPart::Settings,
        DeferredPart::WholePage,
        DeferredPart::Result,
        DeferredPart::Now,
        DeferredPart::Folds,
        DeferredPart::Insight,
    ];
    nodes.extend(places.map(|which| deferred(which, state)));
    let left = nodes
        .iter()
        .flat_map(|node| crate::markup::unmarked::unmarked(node, &text));
    left.collect()
}

#[test]
fn every_word_of_the_page_is_in_a_catalogue() {
    const MIXED: &str = "semaphore s 1\nqueue q 1\nasync def a:\n    with s:\n        cpu 1\n    put q\n    block 1\ndef b: block 1\nasync def c: get q -> thread b\nrun 2 a\nrun c\nexpect total 1s\n";
    const STUCK: &str = "lock l\nlock m\na: with l (await 1 -> with m (cpu 1))\nb: with m (await 1 -> with l (cpu 1))\n";
    let scripts = [
        SCRIPT,
        MIXED,
        STUCK,
        "until 2s\na: forever (cpu 1)\n",
        "",
        "a: awiat 1\nb: block 1 -> put q\n",
    ];
    let mut left: Vec<String> = scripts
        .iter()
        .flat_map(|script| unmarked(script, &[]))
        .collect();
    let mut actions = vec![
        Action::WentWorkerless,
        Action::SavedElsewhere("a: cpu 2\n".into()),
        Action::Crashed("own words".to_owned()),
        Action::TraceGiven("own words".into()),
        Action::RealRunAnswered(Err(Failure::NotLoaded)),
        Action::RealRunAnswered(Err(Failure::Broke)),
        Action::Analysis(AnalysisAction::Cancelled),
    ];
    actions.push(Action::Program(ProgramAction::SideChosen(Side::Python)));
    actions.extend((0..24).map(Action::Stepped));
    actions.extend([Dialog::Share, Dialog::Help, Dialog::Python].map(Action::Opened));
    let tabs = Door::ALL.into_iter().flat_map(Door::tabs);
    actions.extend(tabs.map(|tab| Action::Analysis(AnalysisAction::Tab(*tab))));
    actions.extend(Stop::ALL.map(|stop| Action::TourMoved(Tour::At(stop))));
    let errors = [
        LinkError::NoLink,
        LinkError::Version(9),
        LinkError::TooLong,
        LinkError::Damaged,
    ];
    actions.extend(errors.map(|error| Action::LinkOpened(Err(error))));
    for action in actions {
        left.extend(unmarked(MIXED, &[action]));
    }
    for fold in [Fold::Numbers, Fold::ByTask, Fold::Legend, Fold::Table] {
        let numbers = Action::Analysis(AnalysisAction::Tab(Tab::Numbers));
        let open = Action::Filled(Field::Fold(fold), "open".to_owned());
        left.extend(unmarked(MIXED, &[numbers, open]));
    }
    let unsaved = State {
        saving: Saving::Refused,
        notice: Some(Notice::DraftsNotStored),
        ..after(MIXED, [Action::LanguageChosen(Language::Marked)])
    };
    left.extend(unmarked_in(&unsaved, MIXED));
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn every_lesson_is_shown_in_every_language() {
    for lesson in Lesson::all() {
        for language in Language::ALL {
            let actions = [
                Action::LanguageChosen(language),
                Action::LessonOpened(lesson),
            ];
            let html = html(&after(SCRIPT, actions));
            let title = lesson.text().title(language).replace('&', "&amp;");
            assert!(html.contains(&title), "no {title} in {html}");
        }
    }
}
