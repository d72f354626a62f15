//! Parts of a script that stand alone: a duration on a command line, the claims of a goal.
//!
//! They are parsed as in a script, with the same spellings and the same diagnostics. The places of
//! these diagnostics are in the fragment. Whole scripts are left to [`super::parse`].

use super::diagnostic::{self, Diagnostic};
use super::lexer::{self, Lexed};
use super::syntax::Quantity;
use super::{lower, parser, too_long};
use model::time::SimDuration;
use model::workload::{Expectation, Workload};

/// Parses a duration, e.g. `1.5s` → 1,500,000,000 ns. The error is the first mistake.
pub fn parse_duration(text: &str) -> Result<SimDuration, Box<Diagnostic>> {
    let quantity = parse_quantity(text)?;
    Ok(SimDuration::from_nanos(quantity.nanos))
}

/// Parses a duration and keeps how it is written.
pub(super) fn parse_quantity(text: &str) -> Result<Quantity, Box<Diagnostic>> {
    parse_fragment(text, parser::parse_duration)
}

/// Parses a claim about the runs of `workload`: the text behind `expect`, e.g. `total < 4s`. The
/// error is the first mistake.
pub fn parse_claim(text: &str, workload: &Workload) -> Result<Expectation, Box<Diagnostic>> {
    let claim = parse_fragment(text, parser::parse_claim)?;
    let mut diagnostics = Vec::new();
    let expectation = lower::lower_claim(text, &claim, workload, &mut diagnostics);
    match expectation {
        Some(expectation) if diagnostics.is_empty() => Ok(expectation),
        _ => Err(first_mistake(diagnostics)),
    }
}

fn parse_fragment<T>(
    text: &str,
    parse: impl FnOnce(&str, &Lexed) -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Box<Diagnostic>> {
    if let Some(diagnostic) = too_long(text) {
        return Err(Box::new(diagnostic));
    }
    let mut lexed = lexer::lex(text);
    let mut diagnostics = std::mem::take(&mut lexed.diagnostics);
    match parse(text, &lexed) {
        Ok(parsed) if diagnostics.is_empty() => Ok(parsed),
        Ok(_) => Err(first_mistake(diagnostics)),
        Err(mistakes) => {
            diagnostics.extend(mistakes);
            Err(first_mistake(diagnostics))
        }
    }
}

fn first_mistake(diagnostics: Vec<Diagnostic>) -> Box<Diagnostic> {
    let first = diagnostic::arrange(diagnostics).into_iter().next();
    Box::new(first.expect("a fragment is refused for a reason"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::Language;

    #[track_caller]
    fn check(text: &str, expected: Result<u64, &str>) {
        let found = parse_duration(text);
        let found = found
            .map(SimDuration::as_nanos)
            .map_err(|found| found.message(Language::En));
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn a_duration_has_every_spelling_of_the_language() {
        check("3", Ok(3_000_000_000));
        check("1.5s", Ok(1_500_000_000));
        check("7ns", Ok(7));
        check(" 1 h\n", Ok(3_600_000_000_000));
        check("1_000us", Ok(1_000_000));
        check("150밀리초", Ok(150_000_000));
    }

    #[test]
    fn what_is_no_duration_is_named_as_in_a_script() {
        check(
            "",
            Err("expected a duration such as `3s`, found the end of the line"),
        );
        check(
            "soon",
            Err("expected a duration such as `3s`, found `soon`"),
        );
        check(
            "3 weeks",
            Err("expected the end of the line, found `weeks`"),
        );
        check("1..2s", Err("expected the end of the line, found `..`"));
        check("1s\n2s", Err("expected the end of the line, found `2`"));
        check(
            "1s -> cpu 2",
            Err("expected the end of the line, found `->`"),
        );
        check("\"", Err("this text has no closing `\"`"));
    }

    #[track_caller]
    fn check_claim(text: &str, expected: Result<&str, &str>) {
        let script = "pool 4\nlock m\nasync def ping: await 1s\ndef pong: cpu 1\n";
        let workload = crate::parse(script).workload.expect("no errors");
        let found = parse_claim(text, &workload)
            .map(|expectation| expectation.text)
            .map_err(|found| found.message(Language::En));
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_claim_is_read_as_behind_expect() {
        check_claim("Total<4", Ok("total < 4s"));
        check_claim("ping 2 done 3s", Ok("ping 2 done 3s"));
        check_claim("order ping,pong", Ok("order ping, pong"));
        check_claim("threads <= 40  # the pool", Ok("threads <= 40"));
    }

    #[test]
    fn what_is_no_claim_is_named_as_in_a_script() {
        check_claim(
            "total soon",
            Err("expected a duration such as `3s`, found `soon`"),
        );
        check_claim("pin done 3s", Err("unknown task `pin`"));
        check_claim("m done 3s", Err("`expect` takes a task, but `m` is a lock"));
        check_claim(
            "total 3s\nrun 9 ping",
            Err("expected the end of the line, found `run`"),
        );
        check_claim(
            "ping 0 done",
            Err("`expect` takes a value from 1 to 2000000, found `0`"),
        );
        check_claim(
            "",
            Err("expected an expectation such as `total 9s`, found the end of the line"),
        );
    }
}
