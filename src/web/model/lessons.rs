//! Which script of which experiment is open, and what the page opens on.

use super::experiments::{EXPERIMENTS, Experiment};

/// One script of one experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct Lesson {
    /// Its place in the gallery.
    pub(in crate::web) index: usize,
    pub(in crate::web) variant: usize,
}

impl Lesson {
    /// The first script of each experiment.
    pub(in crate::web) fn all() -> impl Iterator<Item = Self> {
        (0..EXPERIMENTS.len()).map(|index| Self { index, variant: 0 })
    }

    pub(in crate::web) fn script(self) -> &'static str {
        self.experiment().variants[self.variant].script
    }

    pub(in crate::web) fn experiment(self) -> &'static Experiment {
        &EXPERIMENTS[self.index]
    }

    /// From 1.
    pub(in crate::web) fn number(self) -> usize {
        self.index + 1
    }

    /// All scripts of its experiment.
    pub(in crate::web) fn siblings(self) -> impl Iterator<Item = Self> {
        let variants = 0..self.experiment().variants.len();
        variants.map(move |variant| Self { variant, ..self })
    }
}

/// What the page opens on.
pub(in crate::web) const FIRST_SCRIPT: &str = "\
# three orders and a report on one server
async def order:
    await 1s \"asyncpg\"
    block 3s \"requests.get\"
    await 2s

def report:
    block 3s \"psycopg2\"

run 3 order
run report

# try: await instead of block
expect total 6s
";
