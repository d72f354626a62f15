//! One layout for every script.

use super::catalogue::comparison_sign;
use super::span::Span;
use super::syntax::{Bound, Claim, Quantity, Tolerance};
use super::vocabulary::{STAGES, UNITS, spelling};

/// The text of a claim, without its `expect`.
pub(super) fn claim(text: &str, claim: &Claim) -> String {
    match claim {
        Claim::Total(value) => format!("total {}", bound(text, value)),
        Claim::LoopLag(value) => format!("loop lag {}", bound(text, value)),
        Claim::Freeze(value) => format!("freeze {}", bound(text, value)),
        Claim::Deadlock => "deadlock".to_owned(),
        Claim::Threads { comparison, count } => {
            let number = count.span.of(text);
            format!(
                "threads {}",
                with_sign(comparison_sign(*comparison), number)
            )
        }
        Claim::Order(names) => format!("order {}", list(text, names)),
        Claim::Task {
            name,
            number,
            stage,
            bound: limit,
        } => {
            let mut words = vec![name.of(text).to_owned()];
            words.extend(number.map(|number| number.span.of(text).to_owned()));
            words.push(spelling(STAGES, *stage).to_owned());
            words.extend(limit.as_ref().map(|limit| bound(text, limit)));
            words.join(" ")
        }
    }
}

fn bound(text: &str, bound: &Bound) -> String {
    let value = quantity(text, bound.value);
    let written = with_sign(comparison_sign(bound.comparison), &value);
    match bound.tolerance {
        None => written,
        Some(Tolerance::Percent { number, .. }) => format!("{written} ± {}%", number.of(text)),
        Some(Tolerance::Duration(value)) => format!("{written} ± {}", quantity(text, value)),
    }
}

fn with_sign(sign: &str, value: &str) -> String {
    match sign {
        "" => value.to_owned(),
        sign => format!("{sign} {value}"),
    }
}

fn quantity(text: &str, quantity: Quantity) -> String {
    let number = quantity.number.of(text);
    format!("{number}{}", spelling(UNITS, quantity.unit))
}

fn list(text: &str, names: &[Span]) -> String {
    let names: Vec<_> = names.iter().map(|name| name.of(text)).collect();
    names.join(", ")
}
