//! The data contract, `loopscope.result/1`: a run as one JSON object.
//!
//! Written straight to a stream, record by record: a result of a million tasks
//! costs no memory of its own. What the fields mean is in
//! `docs/data-contract.md`, their shapes in `docs/result.schema.json`; the tests
//! hold the three together. Numbers come from [`model::trace`]; nothing is
//! computed here.

mod advice;
mod csv;
mod deadlock;
mod events;
mod summary;
mod tasks;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use model::trace::expectation::Verdict;
use model::trace::{Ending, InstanceId, Role, Summary, Trace};
use model::workload::Workload;

pub use advice::{Edit, Finding, Fix, Formula, Position, Stretch, Term};
pub use csv::write_csv;

/// The version of the contract; a change that could break a reader raises it.
pub const SCHEMA: &str = "loopscope.result/1";

/// Everything that a result is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    pub workload: &'a Workload,
    pub trace: &'a Trace,
    pub summary: &'a Summary,
    pub verdicts: &'a [Verdict],
    pub findings: &'a [Finding],
    pub formula: Option<&'a Formula>,
}

/// How much of a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every task and every event.
    Full,
    /// Counts, percentiles and peaks instead: for a million tasks.
    Summary,
}

/// One line of JSON, and a line feed.
pub fn write_json(report: Report, detail: Detail, mut out: impl Write) -> io::Result<()> {
    let root = Root { report, detail };
    serde_json::to_writer(&mut out, &root)?;
    out.write_all(b"\n")
}

struct Root<'a> {
    report: Report<'a>,
    detail: Detail,
}

impl Serialize for Root<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let Report {
            trace,
            summary,
            verdicts,
            findings,
            formula,
            ..
        } = self.report;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", SCHEMA)?;
        map.serialize_entry("total_ns", &summary.total)?;
        map.serialize_entry("ending", ending(&trace.ending))?;
        match self.detail {
            Detail::Full => {
                map.serialize_entry("tasks", &tasks::Tasks(self.report))?;
                map.serialize_entry("events", &events::Events(self.report))?;
            }
            Detail::Summary => summary::write(self.report, &mut map)?,
        }
        map.serialize_entry("findings", findings)?;
        map.serialize_entry("formula", &formula)?;
        map.serialize_entry("expectations", &Expectations(verdicts))?;
        map.serialize_entry("limit", &limit(&trace.ending))?;
        map.serialize_entry("deadlock", &deadlock::of(self.report))?;
        map.end()
    }
}

fn ending(ending: &Ending) -> &'static str {
    match ending {
        Ending::Finished => "finished",
        Ending::Until => "until",
        Ending::Deadlock(_) => "deadlock",
        Ending::Limit(_) => "limit",
    }
}

fn limit(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Limit(limit) => Some(limit.to_string()),
        _ => None,
    }
}

/// An instance as others refer to it.
#[derive(Serialize)]
struct Reference<'a> {
    name: &'a str,
    number: u32,
}

impl<'a> Report<'a> {
    /// A part is referred to as its owner.
    fn reference(&self, id: InstanceId) -> Reference<'a> {
        let instance = self.trace.instance(id);
        Reference {
            name: &self.workload.task(instance.task).name,
            number: instance.number,
        }
    }

    /// The instance whose row it is in: itself, or a part's owner.
    fn owner(&self, id: InstanceId) -> InstanceId {
        let instance = self.trace.instance(id);
        match (instance.role, instance.parent) {
            (Role::Part, Some(owner)) => owner,
            _ => id,
        }
    }
}

struct Expectations<'a>(&'a [Verdict]);

impl Serialize for Expectations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Expectation<'a> {
            text: &'a str,
            holds: bool,
            actual: &'a str,
            line: u32,
        }
        serializer.collect_seq(self.0.iter().map(|verdict| Expectation {
            text: &verdict.text,
            holds: verdict.holds,
            actual: &verdict.actual,
            line: verdict.place.line,
        }))
    }
}

#[cfg(test)]
mod tests;
