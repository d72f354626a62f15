//! One or two settings of a script over a range, a simulation for each point.
//!
//! Points are independent: whoever computes them, in whatever order and on how
//! many machines, the table is the same. Threads are the caller's matter.
//!
//! - [`parameter`]: what varies, and over which values.
//! - [`table`]: points in order, as CSV and JSON; shards put together; crossings.
//! - [`picture`]: the same as an SVG.
//! - [`ledger`]: the points that one effort suffices for.

pub mod axis;
pub mod ledger;
pub mod parameter;
pub mod picture;
pub mod table;

pub use ledger::Ledger;
pub use parameter::{Parameter, Target, VaryError};
pub use table::{Row, Table};

use crate::compare::{Placement, measure};
use crate::effort::{Effort, Spent};
use model::workload::Workload;

/// More points than this are a mistake.
pub const POINTS_MAX: usize = 10_000;

/// A script, what varies in it, and what is measured at each point.
#[derive(Clone, Debug)]
pub struct Sweep<'a> {
    pub workload: &'a Workload,
    /// One or two; the last varies fastest.
    pub parameters: Vec<Parameter>,
    pub placements: Vec<Placement>,
}

impl Sweep<'_> {
    pub fn len(&self) -> usize {
        self.parameters
            .iter()
            .map(|parameter| parameter.values.len())
            .product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values at a point.
    pub fn values(&self, point: usize) -> Vec<u64> {
        let mut rest = point;
        let mut values: Vec<u64> = self
            .parameters
            .iter()
            .rev()
            .map(|parameter| {
                let value = parameter.values[rest % parameter.values.len()];
                rest /= parameter.values.len();
                value
            })
            .collect();
        values.reverse();
        values
    }

    /// The script as it is at a point.
    pub fn workload_at(&self, point: usize) -> Workload {
        let mut workload = self.workload.clone();
        for (parameter, value) in self.parameters.iter().zip(self.values(point)) {
            parameter.target.set(&mut workload, value);
        }
        workload
    }

    /// Simulates a point under each placement.
    pub fn measure(&self, point: usize, effort: &mut Effort) -> Result<Row, Spent> {
        let workload = self.workload_at(point);
        let of = |placement: &Placement| measure(&workload, *placement, effort);
        let figures: Result<Vec<_>, Spent> = self.placements.iter().map(of).collect();
        Ok(Row {
            point,
            values: self.values(point),
            figures: figures?,
        })
    }
}
