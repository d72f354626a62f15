//! What has been worked out of the script that is asked about, so that several
//! questions about it cost one simulation.

use analysis::sweep::Row;
use chart::scene::label::Labels;
use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, LaneKind, Spans, Trace};
use model::workload::{SegmentId, Workload};
use sim::simulate;

#[derive(Debug, Default)]
pub(super) struct Desk {
    run: Option<Run>,
    pub(super) sweep: Option<Swept>,
}

/// A sweep that comes in parts.
#[derive(Debug)]
pub(super) struct Swept {
    pub(super) script: String,
    pub(super) vary: String,
    /// Its points so far.
    pub(super) rows: Vec<Row>,
    /// Work that is left for the others.
    pub(super) left: u64,
}

#[derive(Debug)]
pub(super) struct Run {
    pub(super) script: String,
    pub(super) workload: Workload,
    pub(super) trace: Trace,
    pub(super) spans: Spans,
    labels: Labels,
}

impl Desk {
    /// The run of a script without errors.
    pub(super) fn run(&mut self, script: &str) -> Option<&Run> {
        if self.run.as_ref().is_none_or(|run| run.script != script) {
            // The old one first: two large runs at once may be too many.
            self.run = None;
            self.run = Run::of(script);
        }
        self.run.as_ref()
    }
}

impl Run {
    pub(super) fn of(script: &str) -> Option<Self> {
        let workload = script::parse(script).workload?;
        let trace = simulate(&workload);
        Some(Self::given(script.to_owned(), workload, trace))
    }

    /// Whoever ran it.
    pub(super) fn given(script: String, workload: Workload, trace: Trace) -> Self {
        let spans = Spans::of(&trace);
        let labels = Labels::new(&workload, &trace);
        Self {
            script,
            workload,
            trace,
            spans,
            labels,
        }
    }

    pub(super) fn total(&self) -> SimDuration {
        self.trace.end.since(SimTime::ZERO)
    }

    /// `ping 3`; without the number where there is only one.
    pub(super) fn name(&self, id: InstanceId) -> String {
        self.labels.instance(id)
    }

    /// On what kind of thread an instance is at an instant.
    pub(super) fn lane_of(&self, id: InstanceId, at: SimTime) -> Option<LaneKind> {
        let spans = self.spans.of_instance(id);
        let next = spans.partition_point(|span| span.end <= at);
        let lane = self.trace.lane(spans.get(next)?.lane)?;
        Some(lane.kind)
    }

    /// Where a segment is written; 0 for what is written nowhere.
    pub(super) fn line(&self, segment: SegmentId) -> u32 {
        let place = self.workload.places.get(segment.0 as usize);
        place.map_or(0, |place| place.line)
    }

    /// A segment as it is written: its first line.
    pub(super) fn source(&self, segment: SegmentId) -> &str {
        self.workload.source(&self.script, segment)
    }
}
