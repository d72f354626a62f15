//! The same workload under each placement, and which one to choose.
//!
//! Simulates each of them; draws nothing.
//!
//! - [`placement`]: the places, and the workload moved there.
//! - [`figures`]: what a run came to, in a few numbers.
//! - [`advice`]: the best one, and when another would be.
//! - [`chance`]: which orders are accidents.
//! - [`divergence`]: where two runs first part.
//! - [`words`]: how it is said.

pub mod advice;
pub mod chance;
pub mod divergence;
pub mod figures;
pub mod placement;
pub mod words;

pub use advice::{Advice, advise};
pub use figures::Figures;
pub use placement::Placement;

use crate::effort::{Effort, Spent};
use model::workload::Workload;

/// What a placement comes to; `None` where the workload cannot be placed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub placement: Placement,
    pub figures: Option<Figures>,
}

/// All placements, in their order; fewer if the effort is spent before.
pub fn compare(workload: &Workload, effort: &mut Effort) -> Vec<Compared> {
    let measured = Placement::ALL.into_iter().map_while(|placement| {
        let figures = measure(workload, placement, effort).ok()?;
        Some(Compared { placement, figures })
    });
    measured.collect()
}

/// Whether nothing is left to compare.
pub fn is_complete(compared: &[Compared]) -> bool {
    compared.len() == Placement::ALL.len()
}

/// One of them; `None` where the workload cannot be placed so.
pub fn measure(
    workload: &Workload,
    placement: Placement,
    effort: &mut Effort,
) -> Result<Option<Figures>, Spent> {
    let Some(moved) = placement.apply(workload) else {
        return Ok(None);
    };
    let trace = effort.simulate(&moved)?;
    Ok(Some(Figures::of(&moved, &trace)))
}
