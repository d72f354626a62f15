//! The `events` of a result, in order of time.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use serde::{Serialize, Serializer};

use super::{Reference, Report, line_and_file};
use crate::program::ProgramRun;
use model::time::SimTime;
use model::trace::{Event, EventKind, Role, events};
use model::workload::{Segment, SegmentId, SegmentKind};

pub(super) struct Events<'a>(pub(super) Report<'a>, pub(super) Option<&'a ProgramRun>);

#[derive(Serialize)]
struct Line<'a> {
    t_ns: SimTime,
    task: &'a str,
    number: u32,
    kind: &'static str,
    /// Absent if the instance is at no segment of the script.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The file of the line, for a Python program.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// Absent while the instance waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<&'a str>,
    /// The text of a `print` event.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Reference<'a>>,
    /// Whether the event is of the instance's body in a thread or a process, e.g. of the body of
    /// a `def` handler.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    part: bool,
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let writer = Writer {
            report: self.0,
            segments: self.0.run.workload().segments(),
            lanes: self.0.run.trace().lane_names(),
            program: self.1,
            output: RefCell::new(self.1.map(output_by_instance).unwrap_or_default()),
        };
        // An iterator: a run of a million events is never collected in memory.
        serializer.collect_seq(events(self.0.run.trace()).map(|event| writer.line(event)))
    }
}

struct Writer<'a> {
    report: Report<'a>,
    segments: Vec<Option<&'a Segment>>,
    lanes: Vec<String>,
    program: Option<&'a ProgramRun>,
    /// What a program's instances still print, in order. Its segments hold the source line only.
    output: RefCell<BTreeMap<u32, VecDeque<&'a str>>>,
}

fn output_by_instance(program: &ProgramRun) -> BTreeMap<u32, VecDeque<&str>> {
    let mut output: BTreeMap<u32, VecDeque<&str>> = BTreeMap::new();
    for line in &program.output {
        if let Some(instance) = line.instance {
            output.entry(instance).or_default().push_back(&line.text);
        }
    }
    output
}

impl Writer<'_> {
    fn line(&self, event: Event) -> Line<'_> {
        let Reference { name, number } = self.report.reference(event.instance);
        let (line, file) = line_and_file(self.report, self.program, event.segment);
        Line {
            t_ns: event.at,
            task: name,
            number,
            kind: event.kind.name(),
            line,
            file,
            lane: self.lanes.get(event.lane.0 as usize).map(String::as_str),
            text: match event.kind {
                EventKind::Print if self.program.is_some() => {
                    let mut output = self.output.borrow_mut();
                    let own = output.get_mut(&event.instance.0);
                    own.and_then(VecDeque::pop_front)
                }
                EventKind::Print => self.printed(event.segment),
                _ => None,
            },
            // Parts are not in `tasks`, so a cause refers to the parent.
            cause: event
                .cause
                .map(|cause| self.report.reference(self.report.owner(cause))),
            part: self.report.run.trace().instance(event.instance).role == Role::Part,
        }
    }

    fn printed(&self, segment: SegmentId) -> Option<&str> {
        match &self
            .segments
            .get(segment.0 as usize)
            .copied()
            .flatten()?
            .kind
        {
            SegmentKind::Print { text } => Some(text),
            _ => None,
        }
    }
}
