//! Properties of every script: generated ones, damaged ones, and arbitrary text.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/edits.rs"]
mod edits;
#[path = "support/scripts/mod.rs"]
mod scripts;
#[path = "fuzz/checks/text.rs"]
mod text;

use proptest::collection::vec;
use proptest::prelude::*;
use script::vocabulary::SettingWord;
use script::{EditableScript, apply_edits};
use texts::Language;

use scripts::Choices;
use text::{check_diagnostics, check_format, check_tokens};

fn valid_script() -> impl Strategy<Value = String> {
    valid_script_of(400)
}

/// A valid script made of fewer than `choices` choices.
fn valid_script_of(choices: usize) -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..choices).prop_map(|bytes| scripts::script(&mut Choices::new(&bytes)))
}

/// A valid script in layouts of other editors: without a last line break, indented as a whole,
/// with a byte order mark, with the line breaks of Windows, with capital keywords.
fn valid_script_in_any_layout() -> impl Strategy<Value = String> {
    // Each edit of each segment is made on its own, so that long scripts would take long.
    (valid_script_of(120), 0..6).prop_map(|(text, layout)| match layout {
        0 => text.trim_end().to_owned(),
        1 => text.lines().map(|line| format!("  {line}\n")).collect(),
        2 => format!("\u{feff}{text}"),
        3 => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        4 => text
            .replace("\npool", "\nPool")
            .replace("\nswitch", "\nSWITCH")
            .replace("\nrun ", "\nRun "),
        _ => text,
    })
}

fn written_duration() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (0..5_000_u32).prop_map(|number| number.to_string()),
        (0..5_000_u32).prop_map(|number| format!("{}.{}", number / 10, number % 10)),
    ];
    let unit = prop_oneof![
        Just(""),
        Just("s"),
        Just("ms"),
        Just(" us"),
        Just("ns"),
        Just("min"),
        Just("시간"),
    ];
    (number, unit).prop_map(|(number, unit)| number + unit)
}

/// Keywords and signs in random order, e.g. `cpu 3->else`: closer to scripts than random bytes are.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\n    "),
        Just("\n  "),
        Just(" "),
        Just("\t"),
        Just("a"),
        Just("b"),
        Just(":"),
        Just("("),
        Just(")"),
        Just("["),
        Just("]"),
        Just("->"),
        Just(";"),
        Just(","),
        Just("3"),
        Just("1..2"),
        Just("ms"),
        Just("~"),
        Just("-"),
        Just("\"t\""),
        Just("\""),
        Just("#"),
        Just("cpu "),
        Just("await "),
        Just("thread"),
        Just("timeout "),
        Just("else"),
        Just("try"),
        Just("except"),
        Just("finally"),
        Just("repeat "),
        Just("forever"),
        Just("group"),
        Just("spawn "),
        Just("wait "),
        Just("as "),
        Just("with "),
        Just("gather "),
        Just("run "),
        Just("at "),
        Just("every "),
        Just("expect "),
        Just("total "),
        Just("def "),
        Just("async "),
        Just("queue "),
        Just("cores "),
        Just("±"),
        Just("<="),
        Just("%"),
        Just("파스타"),
        Just("초"),
        Just("\r"),
        Just("."),
        Just("asyncio.sleep"),
        Just("\u{feff}"),
        Just("\\"),
        Just("all "),
        Just("done "),
    ];
    vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

/// A valid script with a few characters removed or doubled.
fn damaged() -> impl Strategy<Value = String> {
    (valid_script(), vec((any::<u16>(), any::<bool>()), 1..6)).prop_map(|(script, wounds)| {
        let mut characters: Vec<char> = script.chars().collect();
        for (at, doubled) in wounds {
            if characters.is_empty() {
                break;
            }
            let at = usize::from(at) % characters.len();
            if doubled {
                characters.insert(at, characters[at]);
            } else {
                characters.remove(at);
            }
        }
        characters.into_iter().collect()
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![soup(), damaged(), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn generated_scripts_are_valid(text in valid_script()) {
        let parsed = script::parse(&text);
        let errors: Vec<_> = parsed.diagnostics.iter().map(|d| d.message(Language::En)).collect();
        prop_assert!(parsed.workload.is_some(), "{text}\n{errors:?}");
    }

    #[test]
    fn formatting_keeps_program_and_comments(text in valid_script()) {
        check_format(&text, &script::parse(&text));
    }

    #[test]
    fn an_edit_changes_the_named_thing_alone(text in valid_script_in_any_layout()) {
        edits::check_edits(&text);
    }

    #[test]
    fn a_nudged_duration_is_a_duration(text in written_duration(), steps in any::<i16>()) {
        let is_duration = script::parse_duration(&text).is_ok();
        let nudged = script::nudge_duration(&text, steps.into());
        prop_assert_eq!(nudged.is_some(), is_duration);
        if let Some(nudged) = nudged {
            prop_assert!(script::parse_duration(&nudged).is_ok(), "{} → {}", text, nudged);
        }
    }

    #[test]
    fn any_text_can_be_edited(text in any_text()) {
        let edit = EditableScript::parse(&text).set(SettingWord::Pool, "7");
        let edited = apply_edits(&text, [&edit]);
        prop_assert!(edited.contains("pool 7"), "{edited}");
    }

    #[test]
    fn whatever_is_wrong_can_be_shown_and_formatting_is_safe(text in any_text()) {
        let parsed = script::parse(&text);
        check_diagnostics(&text, &parsed);
        check_format(&text, &parsed);
    }

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..300)) {
        let (text, parsed) = script::parse_bytes(&bytes);
        check_diagnostics(&text, &parsed);
    }

    #[test]
    fn tokens_cover_the_text_in_order(text in any_text()) {
        check_tokens(&text);
    }
}

/// The text repeated up to the limit on a script's length.
fn filled(piece: &str) -> String {
    piece.repeat(model::limits::SCRIPT_BYTES_MAX / piece.len())
}

/// Scripts with thousands of similar names, which make the search for suggestions expensive.
fn crowded() -> Vec<String> {
    let numbered = |pattern: &str, count: usize| -> String {
        let piece = |number: usize| pattern.replace('#', &format!("name{number:05}"));
        (0..count).map(piece).collect()
    };
    vec![
        format!(
            "a: {}yield\nb: yield",
            numbered("spawn b as # -> wait x# -> ", 5_000)
        ),
        format!(
            "a: {}yield\nb: yield",
            numbered("spawn b as # -> wait # -> ", 5_000)
        ),
        format!(
            "{}a: {}yield",
            numbered("#: yield\n", 4_000),
            numbered("call x# -> ", 8_000)
        ),
        format!(
            "{}a: {}yield",
            numbered("lock #\n", 9_000),
            numbered("acquire # -> ", 5_000)
        ),
        numbered("#: call #\n", 4_900),
        numbered("cpu# 1\n", 9_000),
    ]
}

#[test]
fn hostile_texts_take_little_time() {
    let started = std::time::Instant::now();
    for piece in [
        "(",
        ")",
        "[",
        "a: thread (",
        "try:",
        "repeat 1:",
        "->",
        "\"",
        "a:\n",
        "a",
        "1",
        "-",
        "─",
        "a:\n ",
        "\n",
        "# x\n",
        "a: call b\n",
        "run b\n",
        "가",
        "\\",
        "\u{200b}",
        "a.b.",
        "cpuu ",
    ] {
        let text = filled(piece);
        let in_task = format!("a: {}", &text[..text.floor_char_boundary(text.len() - 3)]);
        for text in [text, in_task] {
            check_diagnostics(&text, &script::parse(&text));
        }
        // Formatting is checked by parsing and formatting again, which takes longer, so the texts
        // are shorter.
        let small = format!("a: {}", piece.repeat(2_000));
        check_format(&small, &script::parse(&small));
    }
    for text in crowded() {
        check_diagnostics(&text, &script::parse(&text));
    }
    // A debug build on a busy machine usually takes ten seconds. A single quadratic step would take
    // minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
