//! The sentences about a formula, or about the reason why there is none.

use super::{Expr, Formula, NoFormula};
use crate::why::Scarce;
use texts::{Language, text};

impl Formula {
    /// E.g. `3s = ceil(100/40) × 1s`.
    pub fn text(&self) -> String {
        format!("{} = {}", self.total, self.expr)
    }

    /// The meaning of the formula, as a sentence.
    pub fn told(&self, language: Language) -> &'static str {
        outermost(&self.expr).told(language)
    }
}

/// The outermost relation between the parts of a formula.
enum Shape {
    One,
    Row,
    Beside,
    Waves(Scarce),
}

fn outermost(expr: &Expr) -> Shape {
    match expr {
        Expr::Length { .. } => Shape::One,
        Expr::Longest(_) => Shape::Beside,
        Expr::Times { .. } => Shape::Row,
        Expr::Waves { scarce, .. } => Shape::Waves(*scarce),
        // A maximum or waves explain more than the sum around them.
        Expr::Sum(parts) => parts
            .iter()
            .map(outermost)
            .find(|shape| matches!(shape, Shape::Waves(_) | Shape::Beside))
            .unwrap_or(Shape::Row),
    }
}

impl Shape {
    fn told(&self, language: Language) -> &'static str {
        let text = match self {
            Self::One => text!("a single wait is the total"),
            Self::Row => text!("one after another"),
            Self::Beside => text!("at the same time, so the longest one counts"),
            Self::Waves(Scarce::Permit) => {
                text!("in rounds, as many at a time as there are permits")
            }
            Self::Waves(Scarce::Process) => {
                text!("in rounds, as many at a time as there are processes")
            }
            Self::Waves(Scarce::Job) => {
                text!("in rounds, as many at a time as there are job workers")
            }
            Self::Waves(Scarce::Core) => text!("in rounds, as many at a time as there are cores"),
            Self::Waves(Scarce::Loop) => text!("in rounds, as many at a time as there are servers"),
            Self::Waves(Scarce::Token | Scarce::Executor | Scarce::Gil) => {
                text!("in rounds, as many at a time as there are threads")
            }
        };
        text.of(language)
    }
}

impl NoFormula {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Drawn => text!("no formula: durations or arrivals are random"),
            Self::CutOff => text!("no formula: the run does not finish"),
            Self::TooLong => text!("no formula: it would be too long"),
            Self::Sliced => text!(
                "no simple formula: tasks take turns, or wait for part of another task's step"
            ),
        };
        text.of(language)
    }
}
