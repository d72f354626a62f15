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

use crate::sim::simulate;
use crate::workload::Workload;

/// What a placement comes to; `None` where the workload cannot be placed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub placement: Placement,
    pub figures: Option<Figures>,
}

/// All placements, in their order.
pub fn compare(workload: &Workload) -> Vec<Compared> {
    Placement::ALL
        .into_iter()
        .map(|placement| Compared {
            placement,
            figures: measure(workload, placement),
        })
        .collect()
}

/// One of them.
pub fn measure(workload: &Workload, placement: Placement) -> Option<Figures> {
    let moved = placement.apply(workload)?;
    Some(Figures::of(&moved, &simulate(&moved)))
}
