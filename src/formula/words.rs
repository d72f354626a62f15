//! How a formula, or its absence, is said.

use super::{Expr, Formula, NoFormula};
use crate::language::{Language, text};
use crate::why::Scarce;

impl Formula {
    /// `3s = ceil(100/40) × 1s`
    pub fn text(&self) -> String {
        format!("{} = {}", self.total, self.expr)
    }

    /// What the form means, in a sentence.
    pub fn told(&self, language: Language) -> &'static str {
        outermost(&self.expr).told(language)
    }
}

/// What a form does to its parts.
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
            Self::One => text!("one wait is the total", "기다림 하나가 전체입니다"),
            Self::Row => text!("one after the other", "차례로 이어집니다"),
            Self::Beside => text!(
                "beside each other, so the longest counts",
                "나란히 진행되므로 가장 긴 것이 전체입니다"
            ),
            Self::Waves(Scarce::Permit) => text!(
                "in waves, as many at once as there are permits",
                "허가 수만큼 동시에, 물결처럼 나뉩니다"
            ),
            Self::Waves(Scarce::Process) => text!(
                "in waves, as many at once as there are processes",
                "프로세스 수만큼 동시에, 물결처럼 나뉩니다"
            ),
            Self::Waves(Scarce::Job) => text!(
                "in waves, as many at once as there are job workers",
                "작업자 수만큼 동시에, 물결처럼 나뉩니다"
            ),
            Self::Waves(Scarce::Core) => text!(
                "in waves, as many at once as there are cores",
                "코어 수만큼 동시에, 물결처럼 나뉩니다"
            ),
            Self::Waves(Scarce::Loop) => text!(
                "in waves, as many at once as there are servers",
                "서버 수만큼 동시에, 물결처럼 나뉩니다"
            ),
            Self::Waves(Scarce::Token | Scarce::Executor | Scarce::Gil) => text!(
                "in waves, as many at once as there are threads",
                "스레드 수만큼 동시에, 물결처럼 나뉩니다"
            ),
        };
        text.of(language)
    }
}

impl NoFormula {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Drawn => text!(
                "no formula: lengths or arrivals are drawn",
                "식이 없습니다: 시간이나 도착이 무작위입니다"
            ),
            Self::CutOff => text!(
                "no formula: the run does not reach its end",
                "식이 없습니다: 실행이 끝까지 가지 않습니다"
            ),
            Self::TooLong => text!(
                "no formula: a sum of all that it takes would be too long",
                "식이 없습니다: 걸린 것을 모두 더한 식은 너무 깁니다"
            ),
            Self::Sliced => text!(
                "no formula: tasks take turns, or wait in ways that do not add up to whole lengths",
                "식이 없습니다: 태스크가 번갈아 실행되거나 기다려, 온전한 길이로 나누어지지 않습니다"
            ),
        };
        text.of(language)
    }
}
