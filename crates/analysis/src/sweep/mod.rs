//! Sweeps: one or two settings of a script varied over a range, with a simulation for each
//! point.
//!
//! Points are independent: the table is the same in whatever order and on however many machines
//! they are computed. Threads are left to the caller.
//!
//! - [`parameter`]: the settings that vary, and their values.
//! - [`table`]: the points in order, as CSV and JSON; merging of shards; crossings.
//! - [`picture`]: the table as SVG.
//! - [`ledger`]: the points for which one effort suffices. `knee`: where a metric begins to grow.

pub mod axis;
mod knee;
pub mod ledger;
pub mod parameter;
pub mod picture;
pub mod table;

pub use knee::knee;
pub use ledger::Ledger;
pub use parameter::{Parameter, Target, VaryError};
pub use table::{Row, Table};

use crate::compare::seeds::measure_seeds;
use crate::compare::{SeedSpread, Strategy, measure};
use crate::effort::{Effort, Spent};
use model::workload::Workload;

/// Ranges with more points are a mistake, e.g. a step that is too small.
pub const POINTS_MAX: usize = 10_000;

/// A script, the settings that vary in it, and the strategies to measure at each point.
#[derive(Clone, Debug)]
pub struct Sweep<'a> {
    pub workload: &'a Workload,
    /// One or two; the last one varies fastest.
    pub parameters: Vec<Parameter>,
    pub strategies: Vec<Strategy>,
}

impl Sweep<'_> {
    /// The number of points.
    pub fn len(&self) -> usize {
        self.parameters
            .iter()
            .map(|parameter| parameter.values.len())
            .product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of the parameters at a point.
    pub fn values(&self, point: usize) -> Vec<u64> {
        // The point is a number whose digits are the indices, with the last parameter as the
        // lowest.
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

    /// The script with the values of a point.
    pub fn workload_at(&self, point: usize) -> Workload {
        let mut workload = self.workload.clone();
        for (parameter, value) in self.parameters.iter().zip(self.values(point)) {
            parameter.target.set(&mut workload, value);
        }
        workload
    }

    /// Simulates a point under each strategy.
    pub fn measure(&self, point: usize, effort: &mut Effort) -> Result<Row, Spent> {
        let workload = self.workload_at(point);
        let of = |strategy: &Strategy| measure(&workload, *strategy, effort);
        let figures: Result<Vec<_>, Spent> = self.strategies.iter().map(of).collect();
        Ok(Row {
            point,
            values: self.values(point),
            figures: figures?,
            spreads: Vec::new(),
        })
    }

    /// Simulates a point under each strategy with this number of seeds, from that of the script on.
    pub fn measure_seeds(
        &self,
        point: usize,
        seeds: u32,
        effort: &mut Effort,
    ) -> Result<Row, Spent> {
        let workload = self.workload_at(point);
        let of = |strategy: &Strategy| measure_seeds(&workload, *strategy, seeds, effort);
        let spreads: Result<Vec<Option<SeedSpread>>, Spent> =
            self.strategies.iter().map(of).collect();
        let spreads = spreads?;
        let median = |spread: &Option<SeedSpread>| spread.map(|spread| spread.median);
        Ok(Row {
            point,
            values: self.values(point),
            figures: spreads.iter().map(median).collect(),
            spreads,
        })
    }
}
