//! Diagnostics about values: units, durations, ranges and counts.

use super::{Code, DiagnosticEntry, Explanation, write_near};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::span::Span;
use crate::spell::comparison_sign;
use crate::syntax::Quantity;
use model::limits::DURATION_MAX;
use model::workload::Comparison;
use texts::{Language, say, text};

const NANOS_PER_HOUR: u64 = 3_600_000_000_000;

group! {
    pub(crate) enum ValueProblem {
        UnknownUnit,
        NegativeNumber,
        DurationTooLong,
        DurationTooFine,
        RangeReversed,
        NotWhole,
        OutOfRange,
        ToleranceWithoutEqual,
        OrderOfOne,
    }
}

/// A unit that does not exist, e.g. `3sec`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownUnit {
    unit: String,
    near: Option<&'static str>,
}

impl Diagnostic {
    pub(crate) fn unknown_unit(unit: &str, near: Option<&'static str>, span: Span) -> Self {
        let problem = UnknownUnit {
            unit: unit.to_owned(),
            near,
        };
        // `5m` may be minutes or milliseconds.
        let safe = unit.chars().count() > 1;
        let fix = near.map(|near| Fix {
            edits: vec![Edit::replace(span, near)],
            safe,
        });
        Self::new(span, problem).with_fix(fix)
    }
}

impl DiagnosticEntry for UnknownUnit {
    const CODE: Code = Code("L201");

    fn message(&self, language: Language) -> String {
        say!(language, "unknown unit `{unit}`", unit = self.unit)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match self.near {
            Some(near) => vec![write_near(near, language)],
            None => vec![say!(language, "write `ns`, `us`, `ms`, `s`, `min` or `h`")],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A number has an unknown unit."),
        why: text!(
            "The units are `ns`, `us`, `ms`, `s`, `min` and `h`, and in Korean `초`, `분`, `밀리초` and `시간`. A number without a unit is in seconds."
        ),
        wrong: "a: await 3sec",
        right: "a: await 3s",
    };
}

/// A negative number, e.g. `await -3`.
#[derive(Clone, Debug)]
pub(crate) struct NegativeNumber {
    written: String,
}

impl Diagnostic {
    pub(crate) fn negative_number(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, NegativeNumber { written })
    }
}

impl DiagnosticEntry for NegativeNumber {
    const CODE: Code = Code("L202");

    fn message(&self, language: Language) -> String {
        say!(language, "`{written}` is negative", written = self.written)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write `{positive}`",
            positive = self.written.trim_start_matches('-').trim_start()
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A number is negative."),
        why: text!("Durations and counts cannot be below zero."),
        wrong: "a: await -3",
        right: "a: await 3",
    };
}

/// A duration above [`DURATION_MAX`], e.g. `await 1000h`.
#[derive(Clone, Debug)]
pub(crate) struct DurationTooLong {
    written: String,
}

impl Diagnostic {
    pub(crate) fn duration_too_long(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, DurationTooLong { written })
    }
}

impl DiagnosticEntry for DurationTooLong {
    const CODE: Code = Code("L203");

    fn message(&self, language: Language) -> String {
        let hours = DURATION_MAX.as_nanos() / NANOS_PER_HOUR;
        say!(
            language,
            "`{written}` is longer than the limit of {hours} h",
            written = self.written,
            hours
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write at most `24h`")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A duration is longer than a day."),
        why: text!(
            "The limit catches typing errors, such as `1000h` for `1000ms`, and keeps the clock exact. A schedule looks the same in smaller units."
        ),
        wrong: "a: await 1000h",
        right: "a: await 24h",
    };
}

/// A duration with a fraction of a nanosecond, e.g. `await 0.1ns`.
#[derive(Clone, Debug)]
pub(crate) struct DurationTooFine {
    written: String,
}

impl Diagnostic {
    pub(crate) fn duration_too_fine(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, DurationTooFine { written })
    }
}

impl DiagnosticEntry for DurationTooFine {
    const CODE: Code = Code("L204");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{written}` is not a whole number of nanoseconds",
            written = self.written
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write a whole number of nanoseconds, such as `1ns`"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A duration is not a whole number of nanoseconds."),
        why: text!(
            "The clock counts whole nanoseconds and never rounds, so a script gives the same schedule everywhere."
        ),
        wrong: "a: cpu 0.5ns",
        right: "a: cpu 1ns",
    };
}

/// A range that begins with its larger end, e.g. `3..1s`.
#[derive(Clone, Debug)]
pub(crate) struct RangeReversed {
    low: String,
    high: String,
    /// The range with its ends exchanged.
    instead: String,
}

impl Diagnostic {
    pub(crate) fn range_reversed(text: &str, low: &Quantity, high: &Quantity) -> Self {
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
        let problem = RangeReversed {
            low: low.span.of(text).to_owned(),
            high: high.span.of(text).to_owned(),
            instead: [part(high).of(text), between, part(low).of(text), unit].concat(),
        };
        Self::new(low.span.to(high.span), problem).with_fix(fix)
    }
}

impl DiagnosticEntry for RangeReversed {
    const CODE: Code = Code("L205");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the range starts at `{low}`, above its end `{high}`",
            low = self.low,
            high = self.high
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let instead = &self.instead;
        vec![say!(language, "write `{instead}`", instead)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A range starts above its end."),
        why: text!("`1..3s` is a random duration from 1 s to 3 s. Write the shorter one first."),
        wrong: "a: await 3..1s",
        right: "a: await 1..3s",
    };
}

/// A count that is no whole number, e.g. `repeat 2.5`.
#[derive(Clone, Debug)]
pub(crate) struct NotWhole {
    written: String,
}

impl Diagnostic {
    pub(crate) fn not_whole(text: &str, span: Span) -> Self {
        let written = span.of(text).to_owned();
        Self::new(span, NotWhole { written })
    }
}

impl DiagnosticEntry for NotWhole {
    const CODE: Code = Code("L206");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "expected a whole number, found `{written}`",
            written = self.written
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write a whole number such as `3`")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A count is not a whole number."),
        why: text!("Rounds, tasks, permits and threads are whole numbers without a unit."),
        wrong: "a: repeat 2.5 (cpu 1)",
        right: "a: repeat 2 (cpu 1)",
    };
}

/// A number outside its limits, e.g. `pool 0`.
#[derive(Clone, Debug)]
pub(crate) struct OutOfRange {
    what: &'static str,
    written: String,
    least: String,
    most: String,
}

impl Diagnostic {
    pub(crate) fn out_of_range(
        what: &'static str,
        written: &str,
        least: impl ToString,
        most: impl ToString,
        span: Span,
    ) -> Self {
        let problem = OutOfRange {
            what,
            written: written.to_owned(),
            least: least.to_string(),
            most: most.to_string(),
        };
        Self::new(span, problem)
    }
}

impl DiagnosticEntry for OutOfRange {
    const CODE: Code = Code("L207");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{what}` takes a value from {least} to {most}, found `{written}`",
            what = self.what,
            least = self.least,
            most = self.most,
            written = self.written
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write a value from `{least}` to `{most}`",
            least = self.least,
            most = self.most
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A number is outside its limits."),
        why: text!(
            "Every setting and count has limits, which the message names. A pool without threads could run nothing, and one with millions of threads would need too much memory."
        ),
        wrong: "pool 0\na: thread (block 1)",
        right: "pool 1\na: thread (block 1)",
    };
}

/// A tolerance beside a comparison, e.g. `total <= 3s ± 1%`.
#[derive(Clone, Debug)]
pub(crate) struct ToleranceWithoutEqual {
    comparison: &'static str,
}

impl Diagnostic {
    pub(crate) fn tolerance_without_equal(comparison: Comparison, span: Span) -> Self {
        let comparison = comparison_sign(comparison);
        let fix = Fix::unsafe_(vec![Edit::replace(span, "")]);
        Self::new(span, ToleranceWithoutEqual { comparison }).with_fix(fix)
    }
}

impl DiagnosticEntry for ToleranceWithoutEqual {
    const CODE: Code = Code("L208");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "a comparison with `{comparison}` cannot have a tolerance",
            comparison = self.comparison
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "delete the tolerance"),
            say!(language, "delete the comparison sign"),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A comparison has a tolerance."),
        why: text!(
            "`± 1%` says how far the result may be from an exact value. A comparison such as `<= 3s` has no exact value; to loosen it, change the number."
        ),
        wrong: "a: cpu 3\nexpect total <= 3s ± 1%",
        right: "a: cpu 3\nexpect total 3s ± 1%",
    };
}

/// An order of one task, e.g. `expect order a`.
#[derive(Clone, Debug)]
pub(crate) struct OrderOfOne {
    name: String,
}

impl Diagnostic {
    pub(crate) fn order_of_one(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, OrderOfOne { name })
    }
}

impl DiagnosticEntry for OrderOfOne {
    const CODE: Code = Code("L209");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "an order needs at least two tasks, found only `{name}`",
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        vec![say!(language, "write `order {name}, other`", name)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("An order names only one task."),
        why: text!("`expect order a, b` says that `a` finishes before `b`."),
        wrong: "a: cpu 1\nb: cpu 2\nexpect order a",
        right: "a: cpu 1\nb: cpu 2\nexpect order a, b",
    };
}
