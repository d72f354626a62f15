//! Scripts for the points of a sweep: the text with another value.

use crate::state::declare::with_setting;
use analysis::sweep::{Parameter, Target};
use model::time::SimDuration;
use model::workload::Workload;
use script::Class;

/// The script with this value, e.g. with `pool 20` for `pool 10..40`; `None` if the text has no
/// place for it.
pub(super) fn varied(
    text: &str,
    workload: &Workload,
    parameter: &Parameter,
    value: u64,
) -> Option<String> {
    let varied = match parameter.target {
        Target::Requests => with_requests(text, value)?,
        Target::Line(line) => with_length(text, workload, line, value)?,
        target => {
            let written = if target.is_time() {
                SimDuration::from_nanos(value).to_string()
            } else {
                value.to_string()
            };
            with_setting(text, &parameter.name, &written)
        }
    };
    // Never offers a script with errors to the reader.
    script::parse(&varied).workload.is_some().then_some(varied)
}

/// Sets the number of the first `run` line: `run 3 a` or `run a` → `run 5 a`.
fn with_requests(text: &str, value: u64) -> Option<String> {
    let tokens = script::tokens(text);
    let is_run = |token: &script::Token| {
        token.class == Class::Keyword && text.get(token.span.range()) == Some("run")
    };
    let next = tokens.get(tokens.iter().position(is_run)? + 1)?;
    let range = next.span.range();
    Some(match next.class {
        Class::Number => format!("{}{value}{}", &text[..range.start], &text[range.end..]),
        _ => format!("{}{value} {}", &text[..range.start], &text[range.start..]),
    })
}

/// Sets the length of the first segment on a line that has one: `await 1..2s` → `await 7s`.
fn with_length(text: &str, workload: &Workload, line: u32, value: u64) -> Option<String> {
    let is_on_line = |place: &&model::workload::Place| place.line == line;
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line as usize - 1).map(str::len).sum();
    let end = before + lines.next()?.len();
    // A line without a segment, e.g. a comment, has no length to set.
    workload.places.iter().find(is_on_line)?;
    let tokens = script::tokens(text);
    let on_line = |token: &&script::Token| (before..end).contains(&token.span.range().start);
    let mut tokens = tokens.iter().filter(on_line).peekable();
    let takes_length = |token: &&script::Token| {
        let word = text.get(token.span.range()).unwrap_or_default();
        token.class == Class::Segment && ["cpu", "await", "block"].contains(&word)
    };
    tokens.find(takes_length)?;
    let number = tokens.next().filter(|token| token.class == Class::Number)?;
    let mut range = number.span.range();
    // Also replaces the unit and the second bound of a range.
    while let Some(token) = tokens.next_if(|token| {
        let touches = token.span.range().start == range.end;
        touches && matches!(token.class, Class::Unit | Class::Number | Class::Operator)
    }) {
        range.end = token.span.range().end;
    }
    let value = SimDuration::from_nanos(value);
    Some(format!(
        "{}{value}{}",
        &text[..range.start],
        &text[range.end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str =
        "cores 2\npool 4\n\n# 파스타\ndef a:\n    block 1.5s \"x\"\n    cpu 1..2s\n\nrun 3 a\n";

    #[track_caller]
    fn check(vary: &str, value: u64, line: &str) {
        let workload = script::parse(SCRIPT).workload.expect("no errors");
        let parameter = Parameter::parse(vary, &workload).expect("a range");
        let text = varied(SCRIPT, &workload, &parameter, value).expect("there is a place");
        assert!(text.lines().any(|each| each == line), "{text}");
        let expected = {
            let mut workload = workload.clone();
            parameter.target.set(&mut workload, value);
            sim::simulate(&workload)
        };
        let given = sim::simulate(&script::parse(&text).workload.expect("it runs"));
        assert_eq!(given.end, expected.end, "{text}");
    }

    #[test]
    fn a_point_is_a_script_with_its_value() {
        check("run 1..9", 7, "run 7 a");
        check("cores 1..9", 8, "cores 8");
        check("pool 1..9", 1, "pool 1");
        check("servers 1..9", 2, "servers 2");
        check("switch 1ms..9ms", 5_000_000, "switch 5ms");
        check("line 6 1s..9s", 7_000_000_000, "    block 7s \"x\"");
        check("line 7 1s..9s", 7_000_000_000, "    cpu 7s");
    }

    #[test]
    fn a_run_without_a_number_gets_one() {
        let text = "a: await 1\nrun a at 2s\n";
        assert_eq!(
            with_requests(text, 5).as_deref(),
            Some("a: await 1\nrun 5 a at 2s\n")
        );
        assert_eq!(with_requests("a: await 1\n", 5), None);
    }
}
