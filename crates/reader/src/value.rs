//! The abstract value of an expression, as precise as a schedule needs it.
//!
//! Following the program is left to [`super::translate`].

use super::piece::{self, HandleId, PoolKind, ResourceId, ScriptPieces, TaskId, seconds};
use model::time::SimDuration;
use model::workload::Length;

/// The greatest nesting of values, e.g. after many lines of `x = [x]`. No schedule depends on
/// deeper values, and copying or dropping a value recurses once per level.
const NESTING_MAX: usize = 32;
/// Characters of a text that weigh as much as one value.
const TEXT_SHARE: usize = 64;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    #[default]
    /// Any value; most expressions of a program are irrelevant for its schedule.
    Unknown,
    Number(f64),
    /// A random number of seconds, e.g. `random.uniform(1, 2)`.
    Drawn(Length),
    /// A reading of a clock: this many seconds from now, e.g. `time.time() + 3`.
    Clock(f64),
    /// The difference of two clock readings, e.g. `time.time() - start`.
    Elapsed,
    Text(String),
    /// A range of this many numbers from 0.
    Range(u64),
    /// A list, tuple, set or dictionary. Each item has its count, e.g. `[f()] * 3` is one item
    /// three times.
    Many(Vec<(u64, Value)>),
    /// A library's function, class or object, by its dotted path, e.g. `httpx.AsyncClient`.
    Path(String),
    /// A name that the text does not define.
    Missing(String),
    /// The result of an unknown call. `await` decides whether the call awaits or blocks.
    Pending {
        label: String,
        line: u32,
    },
    Coroutine(Box<Coroutine>),
    Task(HandleId),
    /// An index into the translator's definitions; the next three variants have indexes too.
    Def(usize),
    Lambda(usize),
    Class(usize),
    Instance(usize),
    /// A method and its receiver.
    Bound(Box<Value>, String),
    Partial(Box<Value>, Vec<Value>),
    Shared(ResourceId),
    Pool(PoolKind),
    Worker(Box<Worker>),
    TaskGroup,
    /// `asyncio.as_completed(…)`, whose tasks start in the loop over it.
    Completing(Vec<(u64, TaskId)>),
    /// A module of the project.
    Module(usize),
    /// A name of another module, which may be defined later, as imports can be circular.
    Imported(usize, String),
    /// A FastAPI application or router.
    Router(usize),
    /// `asyncio.timeout(…)`; AnyIO's `move_on_after` raises nothing when it expires.
    Limit {
        after: Length,
        moves_on: bool,
    },
    Background,
    /// `Depends(f)`, and the type beside it in `Annotated[T, Depends(f)]`.
    Depends(Box<Value>, Box<Value>),
    /// A call of a generator: its pieces, and the value that it yields.
    Generator(ScriptPieces, Box<Value>),
}

/// A coroutine that is not awaited yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coroutine {
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) pieces: ScriptPieces,
    pub(super) result: Value,
}

/// A `threading.Thread` or `multiprocessing.Process`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Worker {
    pub(super) pool: PoolKind,
    pub(super) name: String,
    pub(super) pieces: ScriptPieces,
    /// `None` before `start()`.
    pub(super) handle: Option<HandleId>,
}

impl Value {
    pub(super) fn path(path: &str) -> Self {
        Self::Path(path.to_owned())
    }

    /// The number of values and pieces inside; `None` if they nest too deeply.
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
            Self::Bound(inner, _) => of(inner)?,
            Self::Depends(called, kind) => of(called)? + of(kind)?,
            Self::Partial(inner, given) => given
                .iter()
                .try_fold(of(inner)?, |sum, value| Some(sum + of(value)?))?,
            Self::Coroutine(made) => piece::weight(&made.pieces)? + of(&made.result)?,
            Self::Generator(pieces, handed) => piece::weight(pieces)? + of(handed)?,
            Self::Completing(members) => members.len(),
            Self::Worker(worker) => piece::weight(&worker.pieces)?,
            Self::Text(text) | Self::Path(text) | Self::Missing(text) | Self::Imported(_, text) => {
                text.len() / TEXT_SHARE
            }
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

    /// The number as a non-negative integer.
    pub(super) fn count(&self) -> Option<u64> {
        let number = self.number()?;
        // Beyond 2^53 an `f64` skips integers; 1e15 is safely below.
        let whole = (0.0..=1e15).contains(&number) && number.fract() == 0.0;
        whole.then_some(number as u64)
    }

    /// The value as a duration; `None` if it is unknown.
    pub(super) fn length(&self) -> Option<Length> {
        match self {
            Self::Number(number) if *number >= 0.0 => Some(Length::Fixed(seconds(*number))),
            Self::Drawn(length) => Some(*length),
            _ => None,
        }
    }

    /// The number of items, and the items if they are known.
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

/// The length times a factor.
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
