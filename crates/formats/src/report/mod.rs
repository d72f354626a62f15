//! The data contract `loopscope.result/1`: a run as one JSON object.
//!
//! The object is written to a stream, record by record, so a result with a million tasks needs
//! no memory of its own. `docs/data-contract.md` describes the fields, `docs/result.schema.json`
//! their types; the tests compare both with this module. Leaves computing the numbers to
//! [`model::trace`].

mod advice;
mod csv;
mod deadlock;
mod events;
mod program;
mod summary;
mod tasks;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::program::{ProgramEnding, ProgramRun};
use model::trace::expectation::Verdict;
use model::trace::{AnalysedRun, Ending, InstanceId, Role};
use model::workload::SegmentId;

pub use advice::{Edit, Finding, Fix, Formula, Position, Stretch, Term};
pub use csv::write_csv;

/// The name and version of the contract. A change that could break a reader raises the version.
pub const SCHEMA: &str = "loopscope.result/1";

/// The parts of a result.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    pub run: &'a AnalysedRun,
    pub findings: &'a [Finding],
    pub formula: Option<&'a Formula>,
}

/// The level of detail of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every instance and every event.
    Full,
    /// Counts, percentiles and peaks instead, e.g. for a million instances.
    Summary,
}

/// Writes the result as one line of JSON.
pub fn write_json(report: Report, detail: Detail, out: impl Write) -> io::Result<()> {
    write_root(
        &Root {
            report,
            detail,
            program: None,
        },
        out,
    )
}

/// Writes the result of a Python program: also its files, its output and its errors.
pub fn write_program_json(
    report: Report,
    program: &ProgramRun,
    detail: Detail,
    out: impl Write,
) -> io::Result<()> {
    write_root(
        &Root {
            report,
            detail,
            program: Some(program),
        },
        out,
    )
}

fn write_root(root: &Root, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, root)?;
    // Results of several runs can be concatenated to JSON Lines.
    out.write_all(b"\n")
}

struct Root<'a> {
    report: Report<'a>,
    detail: Detail,
    program: Option<&'a ProgramRun>,
}

impl Serialize for Root<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let Report {
            run,
            findings,
            formula,
        } = self.report;
        // A map and not a struct, because the level of detail determines the fields.
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", SCHEMA)?;
        map.serialize_entry("total_ns", &run.summary().total)?;
        let (ending, limit) = self.ending();
        map.serialize_entry("ending", ending)?;
        match self.detail {
            Detail::Full => {
                map.serialize_entry("tasks", &tasks::Tasks(self.report, self.program))?;
                map.serialize_entry("events", &events::Events(self.report, self.program))?;
            }
            Detail::Summary => summary::write(self.report, &mut map)?,
        }
        // Always present, if only as `[]` or `null`: readers need not test for missing fields.
        map.serialize_entry("findings", findings)?;
        map.serialize_entry("formula", &formula)?;
        map.serialize_entry("expectations", &Expectations(run.verdicts()))?;
        map.serialize_entry("limit", &limit)?;
        map.serialize_entry("deadlock", &deadlock::of(self.report, self.program))?;
        if let Some(program) = self.program {
            map.serialize_entry("program", &program::Written(program))?;
        }
        map.end()
    }
}

impl Root<'_> {
    /// The ending, and the limit that was reached.
    fn ending(&self) -> (&'static str, Option<String>) {
        match self.program {
            // The trace does not know the limits of programs.
            Some(program) if program.ending == ProgramEnding::Limit => {
                ("limit", Some(program.message.clone()))
            }
            _ => (
                ending(&self.report.run.trace().ending),
                limit(&self.report.run.trace().ending),
            ),
        }
    }
}

/// The line of a segment, and its file for a Python program. `None` if no line holds it.
fn line_and_file<'a>(
    report: Report<'_>,
    program: Option<&'a ProgramRun>,
    segment: SegmentId,
) -> (Option<u32>, Option<&'a str>) {
    let Some(program) = program else {
        return (report.line_of(segment), None);
    };
    match program.site(segment) {
        Some(site) => (Some(site.line), Some(program.site_file(site))),
        None => (None, None),
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

/// A reference to an instance, e.g. `{"name": "ping", "number": 3}`.
#[derive(Serialize)]
struct Reference<'a> {
    name: &'a str,
    number: u32,
}

impl<'a> Report<'a> {
    /// The reference to an instance. That to a part equals that to its parent, since a part has
    /// the task and the number of its parent.
    fn reference(&self, id: InstanceId) -> Reference<'a> {
        let instance = self.run.trace().instance(id);
        Reference {
            name: &self.run.workload().task(instance.task).name,
            number: instance.number,
        }
    }

    /// The line of a segment; `None` if no line of the script holds it.
    fn line_of(&self, segment: SegmentId) -> Option<u32> {
        let place = self.run.workload().places.get(segment.0 as usize)?;
        (place.line > 0).then_some(place.line)
    }

    /// The instance in the row of which this one appears: for a part its parent, otherwise itself.
    fn owner(&self, id: InstanceId) -> InstanceId {
        let instance = self.run.trace().instance(id);
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
