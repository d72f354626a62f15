//! What holds for every script: generated ones, broken ones, and noise.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/scripts.rs"]
mod scripts;

use loopscope::language::Language;
use loopscope::script::{self, DIAGNOSTICS_MAX, Parsed, tokens};
use loopscope::workload::Workload;
use proptest::collection::vec;
use proptest::prelude::*;

use scripts::Choices;

fn valid_script() -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..400).prop_map(|bytes| scripts::script(&mut Choices::new(&bytes)))
}

/// Words and signs in any order: nearer to scripts than bytes are.
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

/// A valid script with a few characters gone or doubled.
fn damaged() -> impl Strategy<Value = String> {
    (valid_script(), vec((any::<u16>(), any::<bool>()), 1..6)).prop_map(|(script, wounds)| {
        let mut characters: Vec<char> = script.chars().collect();
        for (at, doubled) in wounds {
            if characters.is_empty() {
                break;
            }
            let at = usize::from(at) % characters.len();
            match doubled {
                true => characters.insert(at, characters[at]),
                false => drop(characters.remove(at)),
            }
        }
        characters.into_iter().collect()
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![soup(), damaged(), any::<String>()]
}

/// The program, wherever it stands in the text.
fn without_places(mut workload: Workload) -> Workload {
    workload.places.clear();
    for task in &mut workload.tasks {
        task.place = Default::default();
    }
    for resource in &mut workload.resources {
        resource.place = Default::default();
    }
    for run in &mut workload.runs {
        run.place = Default::default();
    }
    for expectation in &mut workload.expectations {
        expectation.place = Default::default();
    }
    workload
}

fn comments(text: &str) -> Vec<String> {
    let comment = |token: &script::Token| token.class == script::Class::Comment;
    let mut comments: Vec<_> = tokens(text)
        .iter()
        .filter(|token| comment(token))
        .map(|token| {
            token
                .span
                .of(text)
                .trim_start_matches('#')
                .trim()
                .to_owned()
        })
        .collect();
    comments.sort();
    comments
}

/// Whatever is wrong can be shown: places lie in the text, words exist.
fn check_showable(text: &str, parsed: &Parsed) {
    assert!(parsed.diagnostics.len() <= DIAGNOSTICS_MAX + 1);
    let any_error = parsed.diagnostics.iter().any(|d| d.is_error());
    assert_eq!(parsed.workload.is_none(), any_error);
    assert!(parsed.diagnostics.is_sorted_by_key(|d| d.span.start));
    for diagnostic in &parsed.diagnostics {
        assert!(
            text.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?}"
        );
        for language in Language::ALL {
            assert!(!diagnostic.message(language).is_empty());
            assert!(!diagnostic.hints(language).is_empty());
        }
        for edit in diagnostic.fix().iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{diagnostic:?}");
        }
    }
    let _ = script::apply_fixes(text, &parsed.diagnostics, false);
}

fn check_format(text: &str, parsed: &Parsed) {
    let Ok(formatted) = script::format(text) else {
        assert!(parsed.workload.is_none(), "a valid script can be formatted");
        return;
    };
    assert_eq!(
        script::format(&formatted).as_ref(),
        Ok(&formatted),
        "{text}"
    );
    assert_eq!(comments(text), comments(&formatted), "{formatted}");
    let again = script::parse(&formatted);
    assert_eq!(
        parsed.workload.clone().map(without_places),
        again.workload.map(without_places),
        "{formatted}"
    );
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
    fn whatever_is_wrong_can_be_shown_and_formatting_is_safe(text in any_text()) {
        let parsed = script::parse(&text);
        check_showable(&text, &parsed);
        check_format(&text, &parsed);
    }

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..300)) {
        let (text, parsed) = script::parse_bytes(&bytes);
        check_showable(&text, &parsed);
    }

    #[test]
    fn tokens_cover_the_text_in_order(text in any_text()) {
        let tokens = tokens(&text);
        for pair in tokens.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        for token in tokens {
            prop_assert!(text.get(token.span.range()).is_some_and(|text| !text.is_empty()));
        }
    }
}

/// Repeated as often as the limit on the length allows.
fn filled(piece: &str) -> String {
    piece.repeat(loopscope::limits::SCRIPT_BYTES_MAX / piece.len())
}

/// Thousands of names that are nearly one another.
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
            check_showable(&text, &script::parse(&text));
        }
        let small = format!("a: {}", piece.repeat(2_000));
        check_format(&small, &script::parse(&small));
    }
    for text in crowded() {
        check_showable(&text, &script::parse(&text));
    }
    // Unoptimised and on a busy machine: ten seconds are usual, one quadratic
    // step would take minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
