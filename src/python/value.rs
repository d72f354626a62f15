//! What an expression stands for, as far as a schedule depends on it.

use super::piece::{Handle, Pieces, Pool, Shared, seconds};
use crate::time::SimDuration;
use crate::workload::Length;

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
