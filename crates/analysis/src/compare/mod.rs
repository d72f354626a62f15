//! The same workload under each strategy, and advice on which one to choose.
//!
//! Every strategy is simulated. Output is left to the command line and the page.
//!
//! - [`strategy`]: the strategies, and how each one changes a workload.
//! - [`figures`]: a run in a few numbers. [`metric`]: the number that decides. [`seeds`]: the numbers
//!   over many seeds.
//! - [`advice`]: the best strategy, and changes that would make another one the best.
//! - [`chance`]: orders that are accidents. [`promise`]: those that the runtime promises.
//! - [`divergence`]: the first event in which two runs differ.
//! - [`words`]: the sentences.

pub mod advice;
pub mod chance;
pub mod divergence;
pub mod figures;
pub mod metric;
mod promise;
pub mod seeds;
pub mod strategy;
pub mod words;

pub use advice::{Advice, advise, advise_by};
pub use figures::Figures;
pub use metric::Metric;
pub use seeds::SeedSpread;
pub use strategy::Strategy;

use crate::effort::{Effort, Spent};
use model::workload::Workload;

/// The figures of a strategy; `None` if it cannot be applied to the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub strategy: Strategy,
    pub figures: Option<Figures>,
}

/// All strategies in the order of [`Strategy::ALL`]; fewer if the effort is used up.
pub fn compare(workload: &Workload, effort: &mut Effort) -> Vec<Compared> {
    let measured = Strategy::ALL.into_iter().map_while(|strategy| {
        let figures = measure(workload, strategy, effort).ok()?;
        Some(Compared { strategy, figures })
    });
    measured.collect()
}

/// Whether all strategies were compared, i.e. the effort sufficed.
pub fn is_complete(compared: &[Compared]) -> bool {
    compared.len() == Strategy::ALL.len()
}

/// The figures of one strategy; `None` if it cannot be applied to the workload.
pub fn measure(
    workload: &Workload,
    strategy: Strategy,
    effort: &mut Effort,
) -> Result<Option<Figures>, Spent> {
    let Some(moved) = strategy.apply(workload) else {
        return Ok(None);
    };
    let trace = effort.simulate(&moved)?;
    Ok(Some(Figures::of(&moved, &trace)))
}
