//! Numbered inputs: first the corpus, then mutated and generated ones from a seed.
//!
//! - [`corpus`]: the files of `corpus/`, and other texts of the repository for mutation.
//! - [`source`]: a new input of a kind.
//! - [`mutate`]: small changes of an input. [`words`]: the fragments that it inserts.

mod corpus;
mod mutate;
mod source;
mod words;

use crate::checks::Kind;
use crate::rng::Rng;

/// An input and its kind.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
}

/// The percentage of inputs of each kind. Expensive kinds have few.
const SHARES: [(Kind, usize); 10] = [
    (Kind::Script, 14),
    (Kind::Program, 6),
    (Kind::Python, 12),
    (Kind::Trace, 6),
    (Kind::Link, 16),
    (Kind::Message, 16),
    (Kind::Request, 6),
    (Kind::Vary, 12),
    (Kind::Answer, 4),
    (Kind::Table, 8),
];

/// All inputs of a seed.
#[derive(Debug)]
pub(crate) struct Inputs {
    seed: u64,
    only: Option<Kind>,
    corpus: Vec<Input>,
    bases: corpus::Bases,
}

impl Inputs {
    /// The inputs of a seed; with `only`, of a single kind.
    pub(crate) fn new(seed: u64, only: Option<Kind>) -> Self {
        let mut corpus = corpus::files();
        corpus.retain(|input| only.is_none_or(|kind| kind == input.kind));
        let bases = corpus::Bases::new(&corpus);
        Self {
            seed,
            only,
            corpus,
            bases,
        }
    }

    /// The input with this number. It depends only on the seed and the number, so a failure can be
    /// repeated without the inputs before it.
    pub(crate) fn input(&self, number: u64) -> Input {
        if let Some(input) = self.corpus.get(number as usize) {
            return input.clone();
        }
        // Without the factor seeds would share inputs, e.g. 1 and 2: 1 ^ 3 = 2 ^ 0.
        let stream = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number;
        let mut rng = Rng::new(stream);
        let kind = self.only.unwrap_or_else(|| drawn(&mut rng));
        let bytes = source::input(kind, &self.bases, &mut rng);
        Input { kind, bytes }
    }
}

fn drawn(rng: &mut Rng) -> Kind {
    let mut number = rng.below(100);
    for (kind, share) in SHARES {
        if number < share {
            return kind;
        }
        number -= share;
    }
    Kind::Script
}
