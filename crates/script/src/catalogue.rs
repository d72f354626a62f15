//! The catalogue: one constructor for every problem, with the fix that belongs
//! to it.
//!
//! What is said about a problem stands in [`super::message`] and
//! [`super::hint`]; where it is found, in the lexer, the parser and the
//! lowering.

use super::diagnostic::{Diagnostic, Edit, Fix};
use super::problem::{Found, Kind, Missing, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::python::Python;
use super::span::Span;
use super::syntax::Quantity;
use super::vocabulary::ClauseWord;
use model::workload::Comparison;

/// Replaces a misspelt word by the one that was meant.
fn respell(span: Span, near: Option<&str>) -> Option<Fix> {
    near.map(|near| Fix::safe(vec![Edit::replace(span, near)]))
}

impl Diagnostic {
    fn fixed(mut self, fix: Option<Fix>) -> Self {
        if let Some(fix) = fix {
            self = self.with_fix(fix);
        }
        self
    }

    // The text.

    /// A byte that no UTF-8 text holds there.
    pub(super) fn invalid_utf8(byte: u8, span: Span) -> Self {
        Self::new(span, Problem::InvalidUtf8 { byte })
    }

    /// A text beyond [`model::limits::SCRIPT_BYTES_MAX`].
    pub(super) fn too_many_bytes(bytes: usize, span: Span) -> Self {
        Self::new(span, Problem::TooManyBytes { bytes })
    }

    /// A text beyond [`model::limits::LINES_MAX`].
    pub(super) fn too_many_lines(lines: usize, span: Span) -> Self {
        Self::new(span, Problem::TooManyLines { lines })
    }

    /// Tabs in one line's indentation, spaces in another's.
    pub(super) fn mixed_indentation(span: Span, fix: Fix) -> Self {
        Self::new(span, Problem::MixedIndentation).with_fix(fix)
    }

    /// A line further in than the one above, which opened no block. `after` is
    /// the segment above it.
    pub(super) fn unexpected_indent(after: Option<&str>, span: Span) -> Self {
        let after = after.map(str::to_owned);
        Self::new(span, Problem::UnexpectedIndent { after })
    }

    /// A line further out than its block, but not as far as the one around it.
    pub(super) fn uneven_dedent(span: Span) -> Self {
        Self::new(span, Problem::UnevenDedent)
    }

    /// `cpu $3`
    pub(super) fn unexpected_character(found: &str, span: Span) -> Self {
        let found = found.to_owned();
        Self::new(span, Problem::UnexpectedCharacter { found })
    }

    /// `print "hello`
    pub(super) fn unclosed_text(span: Span, close: char) -> Self {
        let fix = Fix::safe(vec![Edit::insert(span.end, close)]);
        Self::new(span, Problem::UnclosedText { close }).with_fix(fix)
    }

    /// Nothing, or only blanks.
    pub(super) fn empty_script() -> Self {
        Self::new(Span::default(), Problem::EmptyScript)
    }

    /// Only comments, settings and resources.
    pub(super) fn no_tasks(span: Span) -> Self {
        Self::new(span, Problem::NoTasks)
    }

    // The shape.

    /// `rnu 100 ping` at the left margin.
    pub(super) fn unknown_statement(word: &str, near: Option<&str>, span: Span) -> Self {
        let problem = Problem::UnknownStatement {
            word: word.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `cpuu 3`
    pub(super) fn unknown_segment(word: &str, near: Option<&str>, span: Span) -> Self {
        let problem = Problem::UnknownSegment {
            word: word.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `requests.get(url)`
    pub(super) fn python_word(word: &str, python: &'static Python, span: Span) -> Self {
        let word = word.to_owned();
        Self::new(span, Problem::PythonWord { word, python })
    }

    /// Something else than the grammar asks for.
    pub(super) fn expected(want: Want, found: Found, span: Span) -> Self {
        Self::new(span, Problem::Expected { want, found })
    }

    /// `repeat 3` above its block, `pasta cpu 3`: the colon goes to `at`.
    pub(super) fn missing_colon(found: Found, span: Span, at: Span) -> Self {
        let want = Want::Colon;
        let fix = Fix::safe(vec![Edit::insert(at.end, ":")]);
        Self::new(span, Problem::Expected { want, found }).with_fix(fix)
    }

    /// `expect totl 9s`
    pub(super) fn unknown_word(word: &str, near: Option<&str>, of: WordsOf, span: Span) -> Self {
        let problem = Problem::UnknownWord {
            word: word.to_owned(),
            near: near.map(str::to_owned),
            of,
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `a:` with nothing indented below it.
    pub(super) fn missing_body(after: &str, span: Span) -> Self {
        let after = after.to_owned();
        Self::new(span, Problem::MissingBody { after })
    }

    /// More blocks inside blocks than [`model::limits::NESTING_MAX`].
    pub(super) fn too_deep(span: Span) -> Self {
        Self::new(span, Problem::TooDeep)
    }

    /// `thread (block 1`, `cpu 3)`
    pub(super) fn unbalanced_bracket(bracket: char, counterpart: char, span: Span) -> Self {
        let problem = Problem::UnbalancedBracket {
            bracket,
            counterpart,
        };
        Self::new(span, problem)
    }

    /// `else:` without a `timeout` above it.
    pub(super) fn stray_clause(clause: ClauseWord, span: Span) -> Self {
        Self::new(span, Problem::StrayClause { clause })
    }

    /// `try:` without `except:` and `finally:`.
    pub(super) fn lonely_try(span: Span) -> Self {
        Self::new(span, Problem::LonelyTry)
    }

    /// `thread:` at the left margin.
    pub(super) fn reserved_name(word: &str, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::insert(span.start, "async def ")]);
        let word = word.to_owned();
        Self::new(span, Problem::ReservedName { word }).with_fix(fix)
    }

    /// `a: thread: block 1`. Parentheses can take the place of `colon` and its
    /// blanks when the block ends with the line, at `line_end`.
    pub(super) fn block_in_line(
        word: &str,
        head: &str,
        span: Span,
        colon: Span,
        line_end: Option<Span>,
    ) -> Self {
        let fix = line_end
            .map(|end| Fix::unsafe_(vec![Edit::replace(colon, " ("), Edit::insert(end.end, ")")]));
        let (word, head) = (word.to_owned(), head.to_owned());
        Self::new(span, Problem::BlockInLine { word, head }).fixed(fix)
    }

    /// `def f(x):`
    pub(super) fn task_arguments(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        let fix = Fix::safe(vec![Edit::replace(span, "")]);
        Self::new(span, Problem::TaskArguments { name }).with_fix(fix)
    }

    /// `cpu 3 await 5`: what is missing goes to `at`.
    pub(super) fn missing_arrow(found: &str, missing: Missing, span: Span, at: Span) -> Self {
        let fix = match missing {
            Missing::Arrow => Some(Fix::safe(vec![Edit::insert(at.end, " ->")])),
            Missing::ArrowInstead => Some(Fix::safe(vec![Edit::replace(span, "->")])),
            Missing::Comma => Some(Fix::safe(vec![Edit::insert(at.end, ",")])),
            Missing::Nothing => None,
        };
        let problem = Problem::MissingArrow {
            found: found.to_owned(),
            missing,
        };
        Self::new(span, problem).fixed(fix)
    }

    /// `cpu 3` at the left margin.
    pub(super) fn segment_outside_task(word: &str, span: Span) -> Self {
        let word = word.to_ascii_lowercase();
        Self::new(span, Problem::SegmentOutsideTask { word })
    }

    /// `run a` inside a body.
    pub(super) fn statement_inside_task(word: &str, span: Span) -> Self {
        let word = word.to_owned();
        Self::new(span, Problem::StatementInsideTask { word })
    }

    /// `run a every 1s at 50/s`
    pub(super) fn clashing_arrivals(span: Span) -> Self {
        Self::new(span, Problem::ClashingArrivals)
    }

    /// `await f`
    pub(super) fn await_task(name: &str, keyword: Span, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::replace(keyword, "call")]);
        let name = name.to_owned();
        Self::new(span, Problem::AwaitTask { name }).with_fix(fix)
    }

    // The values.

    /// `3sec`
    pub(super) fn unknown_unit(unit: &str, near: Option<&'static str>, span: Span) -> Self {
        let problem = Problem::UnknownUnit {
            unit: unit.to_owned(),
            near,
        };
        // `5m` may be minutes or milliseconds.
        let safe = unit.chars().count() > 1;
        let fix = near.map(|near| Fix {
            edits: vec![Edit::replace(span, near)],
            safe,
        });
        Self::new(span, problem).fixed(fix)
    }

    /// `await -3`
    pub(super) fn negative_number(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, Problem::NegativeNumber { written })
    }

    /// `await 1000h`
    pub(super) fn duration_too_long(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, Problem::DurationTooLong { written })
    }

    /// `await 0.1ns`
    pub(super) fn duration_too_fine(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, Problem::DurationTooFine { written })
    }

    /// `3..1s`
    pub(super) fn range_reversed(text: &str, low: &Quantity, high: &Quantity) -> Self {
        // With one unit for both, only the numbers change places.
        let part = |quantity: &Quantity| {
            if low.unit == high.unit {
                quantity.number
            } else {
                quantity.span
            }
        };
        let fix = Fix::safe(vec![
            Edit::replace(part(low), part(high).of(text)),
            Edit::replace(part(high), part(low).of(text)),
        ]);
        let between = &text[low.span.end as usize..high.span.start as usize];
        let unit = if low.unit == high.unit {
            &text[high.number.end as usize..high.span.end as usize]
        } else {
            ""
        };
        let problem = Problem::RangeReversed {
            low: low.span.of(text).to_owned(),
            high: high.span.of(text).to_owned(),
            instead: [part(high).of(text), between, part(low).of(text), unit].concat(),
        };
        Self::new(low.span.to(high.span), problem).with_fix(fix)
    }

    /// `repeat 2.5`
    pub(super) fn not_whole(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, Problem::NotWhole { written })
    }

    /// `pool 0`
    pub(super) fn out_of_range(
        what: &'static str,
        written: &str,
        least: impl ToString,
        most: impl ToString,
        span: Span,
    ) -> Self {
        let problem = Problem::OutOfRange {
            what,
            written: written.to_owned(),
            least: least.to_string(),
            most: most.to_string(),
        };
        Self::new(span, problem)
    }

    /// `total <= 3s ± 1%`
    pub(super) fn tolerance_without_equal(comparison: Comparison, span: Span) -> Self {
        let comparison = comparison_sign(comparison);
        let fix = Fix::unsafe_(vec![Edit::replace(span, "")]);
        Self::new(span, Problem::ToleranceWithoutEqual { comparison }).with_fix(fix)
    }

    /// `expect order a`
    pub(super) fn order_of_one(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::OrderOfOne { name })
    }

    /// `run 1000000000000 ping`
    pub(super) fn too_many_instances(instances: u128, span: Span) -> Self {
        Self::new(span, Problem::TooManyInstances { instances })
    }

    /// More than [`model::limits::TASKS_MAX`].
    pub(super) fn too_many_tasks(span: Span) -> Self {
        Self::new(span, Problem::TooManyTasks)
    }

    // The names.

    /// `call pastaa`
    pub(super) fn unknown_task(name: &str, near: Option<&str>, span: Span) -> Self {
        let problem = Problem::UnknownTask {
            name: name.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `put qq`
    pub(super) fn unknown_resource(
        name: &str,
        near: Option<&str>,
        wanted: Wanted,
        span: Span,
    ) -> Self {
        let problem = Problem::UnknownResource {
            name: name.to_owned(),
            near: near.map(str::to_owned),
            wanted,
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `wait x`, where nothing is called `x`
    pub(super) fn unknown_handle(
        name: &str,
        near: Option<&str>,
        verb: &'static str,
        span: Span,
    ) -> Self {
        let problem = Problem::UnknownHandle {
            name: name.to_owned(),
            near: near.map(str::to_owned),
            verb,
        };
        Self::new(span, problem).fixed(respell(span, near))
    }

    /// `wait h -> spawn f as h`
    pub(super) fn wait_before_spawn(name: &str, verb: &'static str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::WaitBeforeSpawn { name, verb })
    }

    /// `put m`, where `m` is a lock
    pub(super) fn wrong_kind(
        name: &str,
        kind: Kind,
        verb: &str,
        wanted: Wanted,
        span: Span,
    ) -> Self {
        let problem = Problem::WrongKind {
            name: name.to_owned(),
            kind,
            verb: verb.to_owned(),
            wanted,
        };
        Self::new(span, problem)
    }

    /// A second `a:`
    pub(super) fn duplicate_name(
        name: &str,
        first_line: u32,
        first_kind: Kind,
        span: Span,
    ) -> Self {
        let problem = Problem::DuplicateName {
            name: name.to_owned(),
            first_line,
            first_kind,
        };
        Self::new(span, problem)
    }

    /// A second `cores`
    pub(super) fn duplicate_setting(word: &'static str, first_line: u32, span: Span) -> Self {
        Self::new(span, Problem::DuplicateSetting { word, first_line })
    }

    /// `spawn f as q`, where `q` is a queue
    pub(super) fn handle_takes_name(name: &str, kind: Kind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::HandleTakesName { name, kind })
    }

    // The meaning.

    /// `await 3` in a `def`; `word` is its keyword.
    pub(super) fn not_in_sync(
        verb: &'static str,
        place: SyncPlace,
        word: Span,
        span: Span,
    ) -> Self {
        let fix = (verb == "await").then(|| Fix::unsafe_(vec![Edit::replace(word, "block")]));
        Self::new(span, Problem::NotInSync { verb, place }).fixed(fix)
    }

    /// `call f` of a coroutine in a `def`
    pub(super) fn call_from_sync(name: &str, place: SyncPlace, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::CallFromSync { name, place })
    }

    /// `spawn f` of a `def`; `word` is its keyword.
    pub(super) fn needs_async(verb: &'static str, name: &str, word: Span, span: Span) -> Self {
        let becomes_thread = matches!(verb, "spawn" | "shield");
        let fix = becomes_thread.then(|| Fix::unsafe_(vec![Edit::replace(word, "thread")]));
        let name = name.to_owned();
        Self::new(span, Problem::NeedsAsync { verb, name }).fixed(fix)
    }

    /// `thread f` of a coroutine; `word` is its keyword.
    pub(super) fn needs_sync(verb: &'static str, name: &str, word: Span, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::replace(word, "call")]);
        let name = name.to_owned();
        Self::new(span, Problem::NeedsSync { verb, name }).with_fix(fix)
    }

    /// `thread (respond)`
    pub(super) fn respond_in_block(word: &'static str, span: Span) -> Self {
        Self::new(span, Problem::RespondInBlock { word })
    }

    /// `a: call b` with `b: call a`
    pub(super) fn endless_recursion(cycle: Vec<String>, span: Span) -> Self {
        Self::new(span, Problem::EndlessRecursion { cycle })
    }

    /// Every task is named by another one, and nothing says `run`.
    pub(super) fn nothing_runs(span: Span) -> Self {
        Self::new(span, Problem::NothingRuns)
    }

    // Warnings.

    pub(super) fn unused_task(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::UnusedTask { name })
    }

    pub(super) fn unused_resource(name: &str, kind: Kind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::UnusedResource { name, kind })
    }

    /// `spawn f as h` without `wait h` or `cancel h`; `clause` is ` as h`.
    pub(super) fn unused_handle(name: &str, span: Span, clause: Span) -> Self {
        let fix = Fix::safe(vec![Edit::replace(clause, "")]);
        let name = name.to_owned();
        Self::new(span, Problem::UnusedHandle { name }).with_fix(fix)
    }

    /// What stands behind `forever` or `fail`.
    pub(super) fn unreachable(after: &'static str, span: Span) -> Self {
        Self::new(span, Problem::Unreachable { after })
    }

    /// Somebody waits for something that nobody ever brings.
    pub(super) fn never_filled(name: &str, kind: Kind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::NeverFilled { name, kind })
    }

    /// A bounded queue that is only filled.
    pub(super) fn never_taken(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::NeverTaken { name })
    }

    /// `wait c` or `notify c` outside `with c:`
    pub(super) fn outside_with(name: &str, verb: &'static str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, Problem::OutsideWith { name, verb })
    }

    /// `forever (yield)`
    pub(super) fn forever_without_time(span: Span) -> Self {
        Self::new(span, Problem::ForeverWithoutTime)
    }

    /// `queue q 0`; `size` is the ` 0`.
    pub(super) fn queue_of_zero(name: &str, span: Span, size: Span) -> Self {
        let fix = Fix::safe(vec![Edit::replace(size, "")]);
        let name = name.to_owned();
        Self::new(span, Problem::QueueOfZero { name }).with_fix(fix)
    }

    /// What did not fit into the list.
    pub(super) fn more(span: Span, count: usize, any_error: bool) -> Self {
        Self::new(span, Problem::More { count, any_error })
    }
}

pub(super) const fn comparison_sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Equal => "",
        Comparison::AtLeast => ">=",
        Comparison::More => ">",
    }
}
