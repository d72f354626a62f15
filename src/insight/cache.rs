//! A cache of the last run and the last sweep, so that several questions about a script need one
//! simulation.

use analysis::sweep::Row;
use chart::scene::label::Labels;
use model::time::SimTime;
use model::trace::{AnalysedRun, InstanceId, LaneKind, Trace};
use model::workload::{SegmentId, Workload};
use sim::simulate;

#[derive(Debug, Default)]
pub(super) struct RunCache {
    run: Option<Run>,
    pub(super) sweep: Option<PartialSweep>,
}

/// A sweep that is measured in parts.
#[derive(Debug)]
pub(super) struct PartialSweep {
    pub(super) script: String,
    pub(super) vary: String,
    /// The points measured so far.
    pub(super) rows: Vec<Row>,
    /// The remaining work for the other points, in records.
    pub(super) left: u64,
}

/// A run with its script and the names of its instances.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) script: String,
    pub(super) analysed: AnalysedRun,
    labels: Labels,
}

impl RunCache {
    /// The run of a script; `None` if it has errors.
    pub(super) fn run(&mut self, script: &str) -> Option<&Run> {
        if self.run.as_ref().is_none_or(|run| run.script != script) {
            // Dropped first: two large runs at once might not fit into memory.
            self.run = None;
            self.run = Run::of(script);
        }
        self.run.as_ref()
    }
}

impl Run {
    /// Simulates a script.
    pub(super) fn of(script: &str) -> Option<Self> {
        let workload = script::parse(script).workload?;
        let trace = simulate(&workload);
        Some(Self::given(script.to_owned(), workload, trace))
    }

    /// A run from its trace, which may be simulated or measured.
    pub(super) fn given(script: String, workload: Workload, trace: Trace) -> Self {
        let labels = Labels::new(&workload, &trace);
        Self {
            script,
            analysed: AnalysedRun::of(workload, trace),
            labels,
        }
    }

    /// E.g. `ping 3`; without the number if the task has only one instance.
    pub(super) fn name(&self, id: InstanceId) -> String {
        self.labels.instance(id)
    }

    /// The kind of the lane of an instance at an instant.
    pub(super) fn lane_of(&self, id: InstanceId, at: SimTime) -> Option<LaneKind> {
        let spans = self.analysed.spans().of_instance(id);
        let next = spans.partition_point(|span| span.end <= at);
        let lane = self.analysed.trace().lane(spans.get(next)?.lane)?;
        Some(lane.kind)
    }

    /// The line of a segment; 0 if it is not in the script.
    pub(super) fn line(&self, segment: SegmentId) -> u32 {
        let place = self.analysed.workload().places.get(segment.0 as usize);
        place.map_or(0, |place| place.line)
    }

    /// The first line of a segment's source text, e.g. `await 3s`.
    pub(super) fn source(&self, segment: SegmentId) -> &str {
        self.analysed.workload().source(&self.script, segment)
    }
}
