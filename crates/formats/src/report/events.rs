//! The `events` of a result, in order of time.

use serde::{Serialize, Serializer};

use super::{Reference, Report};
use model::time::SimTime;
use model::trace::{Event, EventKind, Role, events};
use model::workload::{Segment, SegmentId, SegmentKind};

pub(super) struct Events<'a>(pub(super) Report<'a>);

#[derive(Serialize)]
struct Line<'a> {
    t_ns: SimTime,
    task: &'a str,
    number: u32,
    kind: &'static str,
    /// Absent if the instance is at no segment of the script.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
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
            segments: self.0.workload.segments(),
            lanes: self.0.trace.lane_names(),
        };
        // An iterator: a run of a million events is never collected in memory.
        serializer.collect_seq(events(self.0.trace).map(|event| writer.line(event)))
    }
}

struct Writer<'a> {
    report: Report<'a>,
    segments: Vec<Option<&'a Segment>>,
    lanes: Vec<String>,
}

impl Writer<'_> {
    fn line(&self, event: Event) -> Line<'_> {
        let Reference { name, number } = self.report.reference(event.instance);
        Line {
            t_ns: event.at,
            task: name,
            number,
            kind: event.kind.name(),
            line: self.report.line_of(event.segment),
            lane: self.lanes.get(event.lane.0 as usize).map(String::as_str),
            text: match event.kind {
                EventKind::Print => self.printed(event.segment),
                _ => None,
            },
            // Parts are not in `tasks`, so a cause refers to the parent.
            cause: event
                .cause
                .map(|cause| self.report.reference(self.report.owner(cause))),
            part: self.report.trace.instance(event.instance).role == Role::Part,
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
