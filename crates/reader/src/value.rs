//! What an expression stands for, as far as a schedule depends on it.

use super::piece::{self, Handle, Pieces, Pool, Shared, seconds};
use model::time::SimDuration;
use model::workload::Length;

/// Values in values: `x = [x]` in each of many lines. No schedule depends on more, and copying
/// or dropping a value takes a level of the stack for each.
const NESTING_MAX: usize = 32;
/// Characters of a text that weigh as much as a value.
const TEXT_SHARE: usize = 64;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    #[default]
    Unknown,
    Number(f64),
    /// Seconds that are drawn.
    Drawn(Length),
    /// A moment: this many seconds after now.
    Clock(f64),
    /// Seconds since a moment.
    Elapsed,
    Text(String),
    /// How many, if that can be read off.
    Range(u64),
    /// A list, tuple or set: how often each.
    Many(Vec<(u64, Value)>),
    /// Something of a library, and what comes of it: `httpx.AsyncClient`.
    Path(String),
    /// A name that nothing in the text defines.
    Missing(String),
    /// The answer of something unknown; it may have to be awaited.
    Pending {
        label: String,
        line: u32,
    },
    Coroutine(Box<Coroutine>),
    Task(Handle),
    /// An index of the translator's.
    Def(usize),
    Lambda(usize),
    Class(usize),
    Instance(usize),
    /// A method with what it belongs to.
    Bound(Box<Value>, String),
    Partial(Box<Value>, Vec<Value>),
    Shared(Shared),
    Pool(Pool),
    Worker(Box<Worker>),
    TaskGroup,
    /// `asyncio.timeout(…)`.
    Limit(Length),
    Background,
    Depends(Box<Value>),
    /// A call of a generator: what it does, and where it hands over.
    Generator(Pieces, Box<Value>),
}

/// Called, but not awaited.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coroutine {
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) pieces: Pieces,
    pub(super) result: Value,
}

/// A thread or process of its own, not started yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Worker {
    pub(super) pool: Pool,
    pub(super) name: String,
    pub(super) pieces: Pieces,
    pub(super) handle: Option<Handle>,
}

impl Value {
    pub(super) fn path(path: &str) -> Self {
        Self::Path(path.to_owned())
    }

    /// How many values and pieces it is made of; `None` if they nest too deeply.
    pub(super) fn weight(&self) -> Option<usize> {
        self.weight_within(NESTING_MAX)
    }

    fn weight_within(&self, levels: usize) -> Option<usize> {
        let levels = levels.checked_sub(1)?;
        let of = |value: &Self| value.weight_within(levels);
        let inside = match self {
            Self::Many(items) => items
                .iter()
                .try_fold(0, |sum, (_, item)| Some(sum + of(item)?))?,
            Self::Bound(inner, _) | Self::Depends(inner) => of(inner)?,
            Self::Partial(inner, given) => given
                .iter()
                .try_fold(of(inner)?, |sum, value| Some(sum + of(value)?))?,
            Self::Coroutine(made) => piece::weight(&made.pieces)? + of(&made.result)?,
            Self::Generator(pieces, handed) => piece::weight(pieces)? + of(handed)?,
            Self::Worker(worker) => piece::weight(&worker.pieces)?,
            Self::Text(text) | Self::Path(text) | Self::Missing(text) => text.len() / TEXT_SHARE,
            _ => 0,
        };
        Some(1 + inside)
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number from zero.
    pub(super) fn count(&self) -> Option<u64> {
        let number = self.number()?;
        let whole = (0.0..=1e15).contains(&number) && number.fract() == 0.0;
        whole.then_some(number as u64)
    }

    /// As a length of time; `None` if it is not known.
    pub(super) fn length(&self) -> Option<Length> {
        match self {
            Self::Number(number) if *number >= 0.0 => Some(Length::Fixed(seconds(*number))),
            Self::Drawn(length) => Some(*length),
            _ => None,
        }
    }

    /// How many items it has, with its items where they are known.
    pub(super) fn items(&self) -> Option<(u64, Vec<(u64, Value)>)> {
        match self {
            Self::Range(count) => Some((*count, Vec::new())),
            Self::Many(items) => {
                let count = items.iter().map(|(count, _)| *count);
                Some((count.fold(0, u64::saturating_add), items.clone()))
            }
            Self::Text(text) => Some((text.chars().count() as u64, Vec::new())),
            _ => None,
        }
    }
}

/// A length made longer or shorter.
pub(super) fn scaled(length: Length, by: f64) -> Length {
    let scale = |duration: SimDuration| seconds(duration.as_secs_f64() * by);
    match length {
        Length::Fixed(fixed) => Length::Fixed(scale(fixed)),
        Length::Uniform { low, high } => Length::Uniform {
            low: scale(low),
            high: scale(high),
        },
        Length::Exponential { mean } => Length::Exponential { mean: scale(mean) },
    }
}
