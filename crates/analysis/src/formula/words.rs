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
            Self::One => text!("one wait is the total"),
            Self::Row => text!("one after the other"),
            Self::Beside => text!("beside each other, so the longest counts"),
            Self::Waves(Scarce::Permit) => text!("in waves, as many at once as there are permits"),
            Self::Waves(Scarce::Process) => {
                text!("in waves, as many at once as there are processes")
            }
            Self::Waves(Scarce::Job) => text!("in waves, as many at once as there are job workers"),
            Self::Waves(Scarce::Core) => text!("in waves, as many at once as there are cores"),
            Self::Waves(Scarce::Loop) => text!("in waves, as many at once as there are servers"),
            Self::Waves(Scarce::Token | Scarce::Executor | Scarce::Gil) => {
                text!("in waves, as many at once as there are threads")
            }
        };
        text.of(language)
    }
}

impl NoFormula {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Drawn => text!("no formula: lengths or arrivals are drawn"),
            Self::CutOff => text!("no formula: the run does not reach its end"),
            Self::TooLong => text!("no formula: a sum of all that it takes would be too long"),
            Self::Sliced => text!(
                "no formula: tasks take turns, or wait in ways that do not add up to whole lengths"
            ),
        };
        text.of(language)
    }
}
