//! Builds traces by hand, from the states of each instance with their times and threads.

use model::time::{SimDuration, SimTime};
use model::trace::{
    Ending, Instance, InstanceId, Lane, LaneId, LaneKind, Log, Record, Role, State, Trace,
};
use model::workload::{
    Length, Place, Segment, SegmentId, SegmentKind, Task, TaskIndex, TaskKind, Workload,
};

/// A state: the time in seconds at which it begins, its lane, and its segment of the task (from 0).
pub(crate) type Step = (f64, State, LaneId, u32);

pub(crate) const NOWHERE: LaneId = LaneId::NONE;

#[derive(Default)]
pub(crate) struct Builder {
    workload: Workload,
    first_segments: Vec<u32>,
    instances: Vec<Instance>,
    lanes: Vec<Lane>,
    records: Vec<Record>,
}

pub(crate) fn seconds(number: f64) -> SimTime {
    SimTime::from_nanos((number * 1e9).round() as u64)
}

impl Builder {
    pub(crate) fn lane(&mut self, kind: LaneKind, number: u32) -> LaneId {
        let lane = Lane {
            kind,
            server: 0,
            number,
        };
        let known = self.lanes.iter().position(|known| *known == lane);
        LaneId(known.unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        }) as u16)
    }

    pub(crate) fn main_loop(&mut self) -> LaneId {
        self.lane(LaneKind::Loop, 1)
    }

    pub(crate) fn threads(&mut self, count: u32) -> Vec<LaneId> {
        let numbers = 1..=count;
        numbers
            .map(|number| self.lane(LaneKind::PoolThread, number))
            .collect()
    }

    /// A task with these segments, e.g. `cpu`, `await label` or `block label`.
    pub(crate) fn task(&mut self, name: &str, segments: &[&str]) -> TaskIndex {
        self.first_segments.push(self.workload.places.len() as u32);
        let body = segments.iter().map(|text| self.segment(text)).collect();
        self.workload.tasks.push(Task {
            name: name.to_owned(),
            kind: TaskKind::Async,
            body,
            handles: Vec::new(),
            place: Place::default(),
        });
        TaskIndex(self.workload.tasks.len() as u32 - 1)
    }

    fn segment(&mut self, text: &str) -> Segment {
        let id = SegmentId(self.workload.places.len() as u32);
        self.workload.places.push(Place {
            line: id.0 + 2,
            ..Place::default()
        });
        let (word, label) = text.split_once(' ').unwrap_or((text, ""));
        let length = Length::Fixed(SimDuration::SECOND);
        let label = Some(label.to_owned()).filter(|label| !label.is_empty());
        let kind = match word {
            "cpu" => SegmentKind::Cpu { length, label },
            "await" => SegmentKind::Await { length, label },
            "block" => SegmentKind::Block { length, label },
            "respond" => SegmentKind::Respond,
            _ => panic!("no segment `{word}` in this builder"),
        };
        Segment { id, kind }
    }

    pub(crate) fn arrive(&mut self, task: TaskIndex, steps: &[Step]) -> InstanceId {
        self.create(task, Role::Arrived, None, steps)
    }

    pub(crate) fn create(
        &mut self,
        task: TaskIndex,
        role: Role,
        parent: Option<InstanceId>,
        steps: &[Step],
    ) -> InstanceId {
        let id = InstanceId(self.instances.len() as u32);
        let same = |known: &&Instance| known.task == task && known.role != Role::Part;
        let number = self.instances.iter().filter(same).count() as u32;
        self.instances.push(Instance {
            task,
            // A part has the number of the instance to which it belongs.
            number: if role == Role::Part {
                number
            } else {
                number + 1
            },
            parent,
            role,
            server: 0,
        });
        let first = self.first_segments[task.0 as usize];
        for &(at, state, lane, segment) in steps {
            self.records.push(Record {
                at: seconds(at),
                instance: id,
                state,
                lane,
                segment: SegmentId(first + segment),
                cause: None,
            });
        }
        id
    }

    pub(crate) fn build(mut self) -> (Workload, Trace) {
        // A stable sort: records of one instant keep the order in which the instances were added.
        self.records.sort_by_key(|record| record.at);
        let mut log = Log::default();
        let mut last = SimTime::ZERO;
        for record in self.records {
            last = record.at;
            log.push(record);
        }
        let trace = Trace {
            instances: self.instances,
            lanes: self.lanes,
            log,
            end: last,
            ending: Ending::Finished,
        };
        (self.workload, trace)
    }
}
