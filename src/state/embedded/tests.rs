use super::*;
use crate::state::action::Action;
use crate::state::program::ProgramAction;
use crate::state::trial::{ran, run};

const SCRIPT: &str = "pool 4\ndef ping:\n    block 1s\nrun 8 ping\n";

fn words(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An embedded page after its script has been run.
fn embedded(wishes: EmbedSettings) -> State {
    let mut state = State::new(SCRIPT.into(), Choices::default());
    state.freeze();
    state.grant(EmbedSettings {
        frozen: wishes.frozen.or(Some(Vec::new())),
        ..wishes
    });
    ran(state)
}

#[track_caller]
fn check_edit(frozen: &[u32], edited: &str, is_allowed: bool) {
    let mut state = embedded(EmbedSettings {
        frozen: Some(frozen.to_vec()),
        ..EmbedSettings::default()
    });
    state.reduce(Action::Edited(edited.into()));
    let is_changed = &*state.script == edited;
    assert_eq!(is_changed, is_allowed, "{edited}");
}

#[test]
fn frozen_lines_stay_whole_and_together_wherever_others_move_them() {
    let frozen = &[2, 3];
    check_edit(
        frozen,
        "pool 40\ndef ping:\n    block 1s\nrun 8 ping\n",
        true,
    );
    check_edit(frozen, "# new\n\ndef ping:\n    block 1s\n", true);
    check_edit(
        frozen,
        "pool 4\ndef ping:\n    block 2s\nrun 8 ping\n",
        false,
    );
    check_edit(
        frozen,
        "pool 4\ndef ping:\n\n    block 1s\nrun 8 ping\n",
        false,
    );
    check_edit(
        frozen,
        "pool 4\ndef ping:\n    block 1s # x\nrun 8 ping\n",
        false,
    );
    check_edit(frozen, "", false);
}

#[test]
fn a_script_that_is_frozen_to_its_end_cannot_be_added_to() {
    check_edit(&[1, u32::MAX], &format!("{SCRIPT}# more\n"), false);
    check_edit(&[1, 4], &format!("{SCRIPT}# more\n"), true);
    check_edit(&[], "a: cpu 1\n", true);
    check_edit(&[7, 9], "a: cpu 1\n", true);
    check_edit(&[3], "a: cpu 1\n", true);
}

#[test]
fn the_page_around_may_replace_what_is_frozen() {
    let mut state = embedded(EmbedSettings {
        frozen: Some(vec![1, u32::MAX]),
        ..EmbedSettings::default()
    });
    state.grant(EmbedSettings {
        script: words("a: cpu 1\nb: cpu 2\n"),
        ..EmbedSettings::default()
    });
    assert_eq!(&*state.script, "a: cpu 1\nb: cpu 2\n");
    assert!(!state.allows("a: cpu 2\nb: cpu 2\n"));
}

#[test]
fn fixes_settings_and_the_formatter_keep_to_the_frozen_lines_too() {
    let mut state = embedded(EmbedSettings {
        script: words("pool 4\na:   cpu 1\n"),
        frozen: Some(vec![1, u32::MAX]),
        ..EmbedSettings::default()
    });
    state.reduce(Action::Formatted);
    assert_eq!(&*state.script, "pool 4\na:   cpu 1\n");
}

/// A lab with this program, before its first run.
fn of_program(text: &str, wishes: EmbedSettings) -> State {
    let mut state = State::new(SCRIPT.into(), Choices::default());
    state.grant(EmbedSettings {
        program: words(text),
        ..wishes
    });
    run(&mut state);
    state
}

#[test]
fn a_program_takes_the_place_of_the_script_and_waits_for_a_click() {
    let mut state = of_program("print(1)\n", EmbedSettings::default());
    assert!(state.is_python_side());
    assert_eq!((&*state.script, state.reported_phase()), ("", "idle"));
    let shared = state.shared();
    assert_eq!(shared.program.as_deref(), Some("print(1)\n"));
    let runs = |text: &str| [Effect::RunProgram(text.into(), "".into())];
    let asked = state.reduce(Action::Program(ProgramAction::RunAsked));
    assert_eq!(asked, runs("print(1)\n"));
    // The host page sets another one: it waits again.
    let other = EmbedSettings {
        program: words("print(2)\n"),
        ..EmbedSettings::default()
    };
    let set = state.reduce(Action::HostSettings(Box::new(other)));
    assert_eq!(set, [Effect::CancelProgram]);
    for waits in [
        ProgramAction::Paused,
        ProgramAction::Edited("print(3)\n".into()),
    ] {
        assert_eq!(state.reduce(Action::Program(waits)), []);
    }
    let asked = state.reduce(Action::Program(ProgramAction::RunAsked));
    assert_eq!(asked, runs("print(3)\n"));
}

#[test]
fn lines_of_a_program_can_be_frozen() {
    let frozen = EmbedSettings {
        frozen: Some(vec![1, 1]),
        ..EmbedSettings::default()
    };
    let mut state = of_program("import asyncio\nprint(1)\n", frozen);
    let mut edited = |text: &str| {
        state.reduce(Action::Program(ProgramAction::Edited(text.into())));
        state.program.own.as_deref() == Some(text)
    };
    assert!(!edited("import time\nprint(1)\n"));
    assert!(edited("import asyncio\nprint(2)\n"));
}

#[test]
fn a_script_from_the_page_around_takes_the_place_of_a_program() {
    let mut state = of_program("print(1)\n", EmbedSettings::default());
    state.grant(EmbedSettings {
        script: words("a: cpu 1\n"),
        ..EmbedSettings::default()
    });
    assert!(!state.is_python_side());
    assert_eq!(&*state.script, "a: cpu 1\n");
}

#[track_caller]
fn check_goal(claims: &[&str], expected: &[(&str, bool, &str)]) {
    let claims = claims.iter().map(|&claim| claim.to_owned()).collect();
    let state = embedded(EmbedSettings {
        claims: Some(claims),
        ..EmbedSettings::default()
    });
    let embedded = state.embedded.expect("it was asked for");
    let verdicts = embedded.verdicts.iter();
    let found: Vec<_> = verdicts
        .map(|verdict| (&*verdict.text, verdict.holds, &*verdict.actual))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_goal_is_judged_like_what_the_script_expects() {
    let reached = [("total < 4s", true, "2s"), ("threads <= 4", true, "4")];
    check_goal(&["total < 4s", "threads <= 4"], &reached);
    check_goal(&["total < 2s"], &[("total < 2s", false, "2s")]);
    check_goal(&[], &[]);
}

#[test]
fn what_is_no_claim_is_said_in_the_readers_language() {
    let wishes = |lang: &str| EmbedSettings {
        claims: Some(vec!["total soon".into()]),
        lang: Some(lang.to_owned()),
        ..EmbedSettings::default()
    };
    let said = |lang| {
        let embedded = embedded(wishes(lang)).embedded.expect("it was asked for");
        embedded.verdicts[0].actual.clone()
    };
    assert_ne!(said("en"), said("ko"));
    assert!(said("ko").contains("soon"), "{}", said("ko"));
}

#[test]
fn what_is_no_claim_is_reached_by_nothing() {
    let mut state = embedded(EmbedSettings {
        claims: Some(vec!["total soon\nrun 1 ping".into()]),
        ..EmbedSettings::default()
    });
    let reached = |state: &State| state.embedded.as_ref()?.is_goal_reached();
    assert_eq!(reached(&state), Some(false));
    let verdict = |state: &State| state.embedded.as_ref()?.verdicts.first().cloned();
    assert!(verdict(&state).is_some_and(|verdict| verdict.actual.contains("soon")));
    state.reduce(Action::Edited("a: cpu\n".into()));
    state.reduce(Action::WasFaulty(state.run, Rc::default()));
    assert_eq!(reached(&state), None);
}

#[test]
fn unknown_panes_are_none_and_without_any_the_usual_are_shown() {
    let shown = |names| Embedded {
        panes: panes(names),
        ..Embedded::default()
    };
    assert_eq!(shown("chart,why <b>").pane_names(), "chart why");
    assert_eq!(shown("nothing").pane_names(), "script result chart");
    let unsaid = embedded(EmbedSettings::default()).embedded.expect("it is");
    assert_eq!(unsaid.pane_names(), "script result chart");
}

#[test]
fn a_page_that_is_not_embedded_shows_everything_and_freezes_nothing() {
    let state = State::new(SCRIPT.into(), Choices::default());
    assert!(Pane::ALL.iter().all(|&(_, pane)| state.shows(pane)));
    assert!(state.allows(""));
}

#[test]
fn a_changed_script_can_be_reset_and_keeps_its_locked_lines() {
    let mut state = embedded(EmbedSettings {
        script: words(SCRIPT),
        frozen: Some(vec![2, 3]),
        ..EmbedSettings::default()
    });
    assert!(!state.is_script_changed());
    let edited = SCRIPT.replace("pool 4", "pool 40");
    state.reduce(Action::Edited(edited.as_str().into()));
    assert!(state.is_script_changed());
    state.reduce(Action::ScriptReset);
    assert_eq!((&*state.script, state.is_script_changed()), (SCRIPT, false));
    assert!(state.allows(&edited) && !state.allows("a: cpu 1\n"));
}

#[track_caller]
fn check_kept(wishes: EmbedSettings, expected: &str) {
    let kept = embedded(wishes).kept_settings();
    let expected = match expected {
        "" => String::new(),
        _ => format!("&embed&panes=script+result+chart+now+why+settings{expected}"),
    };
    assert_eq!(kept, expected);
}

#[test]
fn goal_locks_and_guess_are_kept_for_a_page_of_its_own() {
    let wishes = EmbedSettings::default;
    check_kept(wishes(), "");
    check_kept(
        EmbedSettings {
            goal: words("2초 미만"),
            guess: words("order"),
            frozen: Some(vec![2, 3, 7, 7]),
            ..wishes()
        },
        "&goal=2%EC%B4%88%20%EB%AF%B8%EB%A7%8C&frozen=2-3,7-7&guess=order",
    );
    check_kept(
        EmbedSettings {
            frozen: Some(vec![1, u32::MAX]),
            ..wishes()
        },
        "&editable=none",
    );
    check_kept(
        EmbedSettings {
            goal: words("under 2 s"),
            is_alone: true,
            ..wishes()
        },
        "",
    );
}

#[test]
fn a_locked_line_locks_its_setting() {
    let frozen = Frozen::of("pool 4\ncores 2\n", &[1, 1]);
    assert!(frozen.holds_setting("pool") && !frozen.holds_setting("cores"));
}

#[test]
fn a_lab_opens_at_the_moment_that_its_author_names() {
    let state = embedded(EmbedSettings {
        at: words("1.5s"),
        ..EmbedSettings::default()
    });
    assert_eq!(state.cursor.at, SimTime::from_nanos(1_500_000_000));
}

#[test]
fn a_goal_that_cannot_be_read_has_its_mistake() {
    let goal = |claim| EmbedSettings {
        goal: words(claim),
        claims: Some(vec![claim.to_owned()]),
        ..EmbedSettings::default()
    };
    let mistake = |claim| embedded(goal(claim)).embedded.expect("it is").mistake;
    assert!(mistake("uner 2 s").is_some());
    assert_eq!(mistake("total < 2s"), None);
}

#[test]
fn a_guess_covers_the_chart_until_it_is_taken_back() {
    let mut state = embedded(EmbedSettings {
        guess: words("order"),
        ..EmbedSettings::default()
    });
    assert!(state.is_covered() && state.is_looked_closer_at());
    state.grant(EmbedSettings {
        guess: words(""),
        ..EmbedSettings::default()
    });
    assert!(!state.is_covered());
}
