//! The replacement for the script in a trace of another tool: names of tasks, and functions with
//! their activities.

use serde::{Deserialize, Serialize};

use model::time::SimDuration;
use model::workload::{
    Length, Machine, Place, Segment, SegmentId, SegmentKind, Task, TaskKind, Workload,
};

/// The names in a trace of another tool.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignNames {
    pub tasks: Vec<String>,
    pub functions: Vec<TracedFunction>,
    /// The number of processes; each is drawn as a server.
    pub servers: u32,
}

/// A function in a trace, e.g. `time.sleep`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedFunction {
    pub name: String,
    /// The line of its definition; 0 if unknown.
    pub line: u32,
    pub doing: FunctionActivity,
}

/// The activity of a function while no traced call is inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionActivity {
    Computing,
    /// Waits and holds its thread, e.g. `time.sleep`.
    Blocking,
    /// An event loop without ready tasks, e.g. in `epoll.poll`.
    Idle,
}

impl ForeignNames {
    /// A workload with a segment for each function. The segments only carry labels and lines for
    /// the charts; the workload cannot be simulated.
    pub fn workload(&self) -> Workload {
        let task = |name: &String| Task {
            name: name.clone(),
            kind: TaskKind::Async,
            body: Vec::new(),
            handles: Vec::new(),
            place: Place::default(),
        };
        // Records refer to segments by id, so the task that contains them does not matter.
        let mut tasks: Vec<Task> = self.tasks.iter().map(task).collect();
        if let Some(first) = tasks.first_mut() {
            first.body = self
                .functions
                .iter()
                .enumerate()
                .map(function_segment)
                .collect();
        }
        let place = |function: &TracedFunction| Place {
            line: function.line,
            ..Place::default()
        };
        let machine = Machine {
            servers: self.servers.max(1),
            ..Machine::default()
        };
        Workload {
            machine,
            tasks,
            places: self.functions.iter().map(place).collect(),
            ..Workload::default()
        }
    }
}

fn function_segment((number, function): (usize, &TracedFunction)) -> Segment {
    let label = Some(function.name.clone());
    let length = Length::Fixed(SimDuration::ZERO);
    let kind = match function.doing {
        FunctionActivity::Computing => SegmentKind::Cpu { length, label },
        FunctionActivity::Blocking => SegmentKind::Block { length, label },
        FunctionActivity::Idle => SegmentKind::Await { length, label },
    };
    Segment {
        id: SegmentId(number as u32),
        kind,
    }
}
