//! The `tasks` of a result: one entry for each instance, in order of creation.

use serde::{Serialize, Serializer};

use super::{Reference, Report, line_and_file};
use crate::program::ProgramRun;
use model::time::SimTime;
use model::trace::summary::{Outcome, Times};
use model::trace::{Instance, Role};
use model::workload::SegmentId;

/// The entries of all instances. Parts have none: they belong to their parents.
pub(super) struct Tasks<'a>(pub(super) Report<'a>, pub(super) Option<&'a ProgramRun>);

#[derive(Serialize)]
pub(super) struct Task<'a> {
    pub(super) name: &'a str,
    pub(super) number: u32,
    pub(super) role: &'static str,
    pub(super) parent: Option<Reference<'a>>,
    /// Counts from 1, as on the page.
    pub(super) server: u32,
    pub(super) at_ns: SimTime,
    pub(super) start_ns: Option<SimTime>,
    pub(super) finish_ns: Option<SimTime>,
    pub(super) respond_ns: Option<SimTime>,
    pub(super) outcome: &'static str,
    /// The line that created it, for a Python program.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
}

impl Serialize for Tasks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(program) = self.1 else {
            return serializer.collect_seq(entries(self.0));
        };
        let created = first_segments(self.0);
        let listed = (self.0.run.trace().instances.iter().zip(created))
            .filter(|(instance, _)| instance.role != Role::Part);
        let with_line = entries(self.0).zip(listed).map(|(task, (_, segment))| {
            let (line, file) = segment.map_or((None, None), |segment| {
                line_and_file(self.0, Some(program), segment)
            });
            Task { line, file, ..task }
        });
        serializer.collect_seq(with_line)
    }
}

/// The segment of each instance's first record.
fn first_segments(report: Report<'_>) -> Vec<Option<SegmentId>> {
    let mut first = vec![None; report.run.trace().instances.len()];
    for record in report.run.trace().log.iter() {
        first[record.instance.0 as usize].get_or_insert(record.segment);
    }
    first
}

pub(super) fn entries(report: Report<'_>) -> impl Iterator<Item = Task<'_>> {
    let instances = report
        .run
        .trace()
        .instances
        .iter()
        .zip(&report.run.summary().times);
    // E.g. a `def` handler has one entry, and its body on a thread none.
    let listed = instances.filter(|(instance, _)| instance.role != Role::Part);
    listed.map(move |(instance, times)| task(&report, instance, times))
}

fn task<'a>(report: &Report<'a>, instance: &Instance, times: &Times) -> Task<'a> {
    Task {
        name: &report.run.workload().task(instance.task).name,
        number: instance.number,
        role: instance.role.word(),
        parent: instance
            .parent
            .map(|parent| report.reference(report.owner(parent))),
        server: u32::from(instance.server) + 1,
        at_ns: times.at,
        start_ns: times.start(),
        finish_ns: times.finish(),
        respond_ns: times.respond(),
        outcome: outcome(times.outcome),
        line: None,
        file: None,
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::Running => "running",
    }
}
