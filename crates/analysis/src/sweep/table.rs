//! The table of a sweep: its points as CSV and JSON, merged shards, and the points at which the
//! best strategy changes.

use std::fmt::Write;

use serde_json::{Value, json};

use super::knee::knee;
use crate::compare::advice::choose_by;
use crate::compare::{Compared, Figures, Metric, SeedSpread, Strategy};

/// One point of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub point: usize,
    pub values: Vec<u64>,
    /// In the order of [`Table::strategies`].
    pub figures: Vec<Option<Figures>>,
    /// The same over many seeds, of which `figures` are the medians. Empty for one seed.
    pub spreads: Vec<Option<SeedSpread>>,
}

/// All points in order, or those of one shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub names: Vec<String>,
    /// The metric that decides which strategy is the best.
    pub metric: Metric,
    pub strategies: Vec<Strategy>,
    pub rows: Vec<Row>,
}

/// A change of the best strategy between two consecutive points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The index of the first row after the change.
    pub row: usize,
    pub from: Strategy,
    pub to: Strategy,
}

/// The CSV columns of each strategy.
const FIGURES: [&str; 7] = [
    "total_ns",
    "p50_ns",
    "p95_ns",
    "threads",
    "loop_lag_ns",
    "p99_ns",
    "mean_ns",
];

impl Table {
    /// The best strategy at a row.
    pub fn best(&self, row: &Row) -> Option<Strategy> {
        let compared = self.strategies.iter().zip(&row.figures);
        let compared: Vec<Compared> = compared
            .map(|(strategy, figures)| Compared {
                strategy: *strategy,
                figures: *figures,
            })
            .collect();
        choose_by(self.metric, &compared).map(|(strategy, _)| strategy)
    }

    /// The changes of the best strategy in a sweep of one parameter; empty for two parameters.
    pub fn crossings(&self) -> Vec<Crossing> {
        if self.names.len() != 1 {
            return Vec::new();
        }
        let best: Vec<Option<Strategy>> = self.rows.iter().map(|row| self.best(row)).collect();
        let pairs = best.windows(2).enumerate();
        pairs
            .filter_map(|(index, pair)| match pair {
                [Some(from), Some(to)] if from != to => Some(Crossing {
                    row: index + 1,
                    from: *from,
                    to: *to,
                }),
                _ => None,
            })
            .collect()
    }

    /// The row at which the metric has its knee, in a sweep of one parameter under one strategy.
    pub fn knee(&self) -> Option<usize> {
        if self.names.len() != 1 || self.strategies.len() != 1 {
            return None;
        }
        let values = self.rows.iter().map(|row| {
            let figures = row.figures.first().copied().flatten()?;
            Some(self.metric.of(&figures).as_nanos())
        });
        knee(&values.collect::<Option<Vec<u64>>>()?)
    }

    /// The table as CSV, with a header and one line for each point.
    pub fn csv(&self) -> String {
        let mut text = String::from("point");
        for name in &self.names {
            // E.g. `line 3` → `line_3`.
            let _ = write!(text, ",{}", name.replace(' ', "_"));
        }
        for strategy in &self.strategies {
            for figure in FIGURES {
                let _ = write!(text, ",{}.{figure}", strategy.code());
            }
        }
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "{}", row.point);
            for value in &row.values {
                let _ = write!(text, ",{value}");
            }
            for figures in &row.figures {
                match figures {
                    Some(f) => {
                        let _ = write!(
                            text,
                            ",{},{},{},{},{},{},{}",
                            f.total.as_nanos(),
                            f.p50.as_nanos(),
                            f.p95.as_nanos(),
                            f.threads,
                            f.loop_lag.as_nanos(),
                            f.p99.as_nanos(),
                            f.mean.as_nanos()
                        );
                    }
                    None => text.push_str(&",".repeat(FIGURES.len())),
                }
            }
            text.push('\n');
        }
        text
    }

    /// The table as JSON, by the schema `loopscope.sweep/1`.
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let figures = self.strategies.iter().zip(&row.figures);
            let figures =
                figures.map(|(strategy, figures)| (strategy.code().to_owned(), json!(figures)));
            let mut entry = json!({
                "point": row.point,
                "values": row.values,
                "placements": figures.collect::<serde_json::Map<String, Value>>(),
                "best": self.best(row).map(Strategy::code),
            });
            if !row.spreads.is_empty() {
                let spreads = self.strategies.iter().zip(&row.spreads);
                let spreads = spreads.map(|(strategy, spread)| {
                    let interval =
                        spread.map(|spread| json!({"low": spread.low, "high": spread.high}));
                    (strategy.code().to_owned(), json!(interval))
                });
                entry["intervals"] = spreads.collect::<serde_json::Map<String, Value>>().into();
            }
            entry
        });
        let crossings = self.crossings().into_iter().map(|crossing| {
            json!({"point": self.rows[crossing.row].point, "from": crossing.from.code(), "to": crossing.to.code()})
        });
        json!({
            "schema": "loopscope.sweep/1",
            "parameters": self.names,
            "rows": rows.collect::<Vec<Value>>(),
            "crossings": crossings.collect::<Vec<Value>>(),
            "metric": self.metric.code(),
            "knee": self.knee().map(|row| self.rows[row].point),
        })
    }
}

/// Merges shards in CSV; the result has the same bytes as the unsharded sweep.
pub fn merge(shards: &[String]) -> Result<String, MergeError> {
    let mut header: Option<&str> = None;
    let mut rows: Vec<(usize, &str)> = Vec::new();
    for shard in shards {
        // A last line without a line break keeps its `\r`, unlike the lines before it.
        let mut lines = shard.lines().map(|line| line.trim_end_matches('\r'));
        let first = lines.next().unwrap_or_default();
        if !first.starts_with("point,") {
            return Err(MergeError::NoTable);
        }
        if header.is_some_and(|header| header != first) {
            return Err(MergeError::OtherSweep);
        }
        header = Some(first);
        for line in lines {
            let point = line.split(',').next().and_then(|point| point.parse().ok());
            rows.push((point.ok_or(MergeError::NoTable)?, line));
        }
    }
    rows.sort_unstable();
    // A shard that is given twice does no harm.
    rows.dedup();
    // Points are numbered from 0, so a gap or a duplicate shows.
    for (index, (point, _)) in rows.iter().enumerate() {
        match point.cmp(&index) {
            std::cmp::Ordering::Greater => return Err(MergeError::Missing(index)),
            std::cmp::Ordering::Less => return Err(MergeError::Twice(*point)),
            std::cmp::Ordering::Equal => {}
        }
    }
    let mut text = header
        .map(|header| format!("{header}\n"))
        .unwrap_or_default();
    for (_, line) in rows {
        text.push_str(line);
        text.push('\n');
    }
    Ok(text)
}

/// The reason why shards cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeError {
    NoTable,
    OtherSweep,
    /// No shard has this point.
    Missing(usize),
    /// Two shards have different results for this point.
    Twice(usize),
}
