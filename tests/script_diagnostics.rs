//! Every diagnostic of a script, with its position, message, hints and fix.
//!
//! The cases are text files: `=== title`, the script, `---`, the diagnostics. `UPDATE=1 cargo test`
//! writes the diagnostics into the files. Placeholders in a script:
//!
//! - `␉`, `␍`: a tab and a carriage return
//! - `⟦ff⟧`: a byte
//! - `@repeat N LINE`: the line N times
//! - `@number N LINE`: numbered lines, e.g. `@number 2 a: cpu 1` → `a0: cpu 1`, `a1: cpu 1`
//! - `@times N TEXT@`: the text N times, e.g. `@times 3 ab@` → `ababab`

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use script::{
    self, Code, DIAGNOSTICS_MAX, Diagnostic, Severity, explain, explanation, line_column,
};
use texts::Language;

/// Longer fixed scripts are left out of the files.
const FIXED_SHOWN_MAX: usize = 400;

struct Case {
    title: String,
    script: String,
    expected: String,
}

fn cases(file: &str) -> Vec<Case> {
    file.split("=== ")
        .skip(1)
        .map(|case| {
            let (title, rest) = case.split_once('\n').unwrap_or((case, ""));
            let (script, expected) = match rest.split_once("---\n") {
                Some((script, expected)) => (script, expected),
                None => (rest, ""),
            };
            Case {
                title: title.to_owned(),
                script: script.to_owned(),
                expected: expected.to_owned(),
            }
        })
        .collect()
}

/// The bytes of a case's script, with its placeholders replaced.
fn bytes(script: &str) -> Vec<u8> {
    let mut lines = String::new();
    for line in script.lines() {
        match line.split_once(' ') {
            Some(("@repeat", rest)) => {
                let (times, line) = rest.split_once(' ').expect("a number and a line");
                for _ in 0..times.parse().expect("a number") {
                    writeln!(lines, "{line}").expect("text takes text");
                }
            }
            Some(("@number", rest)) => {
                let (times, line) = rest.split_once(' ').expect("a number and a line");
                for number in 0..times.parse().expect("a number") {
                    let (name, rest) = line.split_at(1);
                    writeln!(lines, "{name}{number}{rest}").expect("text takes text");
                }
            }
            _ => writeln!(lines, "{}", repeated(line)).expect("text takes text"),
        }
    }
    let lines = lines.replace('␉', "\t").replace('␍', "\r");
    let mut bytes = Vec::new();
    for (index, piece) in lines.split(['⟦', '⟧']).enumerate() {
        // Every second piece is between `⟦` and `⟧`.
        match index % 2 {
            0 => bytes.extend_from_slice(piece.as_bytes()),
            _ => bytes.push(u8::from_str_radix(piece, 16).expect("a byte")),
        }
    }
    bytes
}

/// Expands `@times`, e.g. `@times 3 ab@` → `ababab`.
fn repeated(line: &str) -> String {
    let mut pieces = line.split("@times ");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (times, rest) = piece.split_once(' ').expect("a number and a text");
        let (text, rest) = rest.split_once('@').expect("an end");
        out.push_str(&text.repeat(times.parse().expect("a number")));
        out.push_str(rest);
    }
    out
}

/// The diagnostics of a script in both languages, and the script with its fixes applied.
fn said(script: &str) -> String {
    let bytes = bytes(script);
    let (text, parsed) = script::parse_bytes(&bytes);
    let mut said = String::new();
    for diagnostic in &parsed.diagnostics {
        writeln!(said, "{}", place_and_message(&text, diagnostic)).expect("text takes text");
        writeln!(said, "  {}", diagnostic.message(Language::Ko)).expect("text takes text");
        let hints = diagnostic.hints(Language::En);
        let hints_ko = diagnostic.hints(Language::Ko);
        assert_eq!(hints.len(), hints_ko.len(), "hints in both languages");
        for (en, ko) in hints.iter().zip(&hints_ko) {
            writeln!(said, "  hint: {en} / {ko}").expect("text takes text");
        }
    }
    let fixed = script::apply_fixes(&text, &parsed.diagnostics, false);
    if fixed != text && fixed.len() <= FIXED_SHOWN_MAX {
        let safe = script::apply_fixes(&text, &parsed.diagnostics, true) == fixed;
        writeln!(said, "{}", if safe { "fixed:" } else { "fixed (unsafe):" }).expect("text");
        for line in fixed.lines() {
            writeln!(said, "  | {line}").expect("text takes text");
        }
    }
    if parsed.diagnostics.is_empty() {
        said.push_str("nothing\n");
    }
    said
}

fn place_and_message(text: &str, diagnostic: &Diagnostic) -> String {
    let start = line_column(text, diagnostic.span.start as usize);
    let end = line_column(text, diagnostic.span.end as usize);
    let severity = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let cells = if start.column == start.width_column && end.column == end.width_column {
        String::new()
    } else {
        format!(" (cells {}-{})", start.width_column, end.width_column)
    };
    let (line, column, end) = (start.line, start.column, end.column);
    let message = diagnostic.message(Language::En);
    let code = diagnostic.code();
    format!("{line}:{column}-{end}{cells} {severity} {code} {message}")
}

#[track_caller]
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/diagnostics")
        .join(name);
    let file = std::fs::read_to_string(&path).expect("the cases are there");
    let cases = cases(&file);
    assert!(!cases.is_empty());
    if std::env::var_os("UPDATE").is_some() {
        let blessed: String = cases
            .iter()
            .map(|case| {
                format!(
                    "=== {}\n{}---\n{}\n",
                    case.title,
                    case.script,
                    said(&case.script)
                )
            })
            .collect();
        std::fs::write(&path, blessed).expect("the cases can be written");
        return;
    }
    for case in cases {
        let said = said(&case.script);
        assert_eq!(
            said.trim(),
            case.expected.trim(),
            "{}: {}",
            name,
            case.title
        );
    }
}

const FILES: [&str; 6] = [
    "text.txt",
    "shape.txt",
    "values.txt",
    "names.txt",
    "meaning.txt",
    "warnings.txt",
];

#[test]
fn problems_of_the_text_are_said() {
    check("text.txt");
}

#[test]
fn problems_of_the_shape_are_said() {
    check("shape.txt");
}

#[test]
fn problems_of_values_are_said() {
    check("values.txt");
}

#[test]
fn problems_of_names_are_said() {
    check("names.txt");
}

#[test]
fn problems_of_meaning_are_said() {
    check("meaning.txt");
}

#[test]
fn what_was_hardly_meant_is_said() {
    check("warnings.txt");
}

#[test]
fn more_than_anybody_reads_is_counted() {
    let script = format!("a: {}cpu 1", "cpuu 1;".repeat(150));
    let diagnostics = script::parse(&script).diagnostics;
    assert_eq!(diagnostics.len(), DIAGNOSTICS_MAX + 1);
    let last = place_and_message(&script, &diagnostics[DIAGNOSTICS_MAX]);
    assert_eq!(last, "1:704-708 warning L599 and 50 more problems");
}

#[test]
fn every_explanation_shows_its_problem_and_the_way_out() {
    for code in Code::all() {
        let explanation = explanation(code);
        let codes = |sample: &str| -> BTreeSet<Code> {
            let diagnostics = script::parse(sample).diagnostics;
            diagnostics.iter().map(Diagnostic::code).collect()
        };
        if !explanation.wrong.is_empty() {
            assert_eq!(
                codes(explanation.wrong),
                BTreeSet::from([code]),
                "{code} wrong"
            );
        }
        if !explanation.right.is_empty() {
            assert_eq!(codes(explanation.right), BTreeSet::new(), "{code} right");
        }
        for language in Language::ALL {
            let text = explain(code, language);
            assert!(text.starts_with(&format!("{code}: ")), "{text}");
        }
    }
}

/// Some diagnostics appear only after the fix of an earlier one.
const ROUNDS: usize = 3;

#[test]
fn safe_fixes_remove_their_problems() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/diagnostics");
    for name in FILES {
        let file = std::fs::read_to_string(folder.join(name)).expect("the cases are there");
        for case in cases(&file) {
            let Ok(mut text) = String::from_utf8(bytes(&case.script)) else {
                continue;
            };
            for _ in 0..ROUNDS {
                let diagnostics = script::parse(&text).diagnostics;
                text = script::apply_fixes(&text, &diagnostics, true);
            }
            let left = script::parse(&text).diagnostics;
            let fixable = |d: &&Diagnostic| d.fix().is_some_and(|fix| fix.safe);
            assert_eq!(left.iter().filter(fixable).count(), 0, "{}", case.title);
        }
    }
}

#[test]
fn codes_are_found_by_name() {
    for code in Code::all() {
        assert_eq!(Code::from_name(&code.as_str().to_lowercase()), Some(code));
    }
    assert_eq!(Code::from_name("L000"), None);
}

#[test]
fn every_code_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/diagnostics");
    let files: String = FILES
        .iter()
        .map(|name| std::fs::read_to_string(folder.join(name)).expect("the cases are there"))
        .collect();
    let missing: BTreeSet<_> = Code::all()
        .map(Code::as_str)
        // L599 counts the diagnostics beyond the limit; it has a test of its own.
        .filter(|code| !files.contains(&format!(" {code} ")) && *code != "L599")
        .collect();
    assert!(missing.is_empty(), "without a case: {missing:?}");
}
