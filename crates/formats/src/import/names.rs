//! What a trace of another tool's has in the place of a script: names of tasks, and
//! of functions with what they do.

use serde::{Deserialize, Serialize};

use model::time::SimDuration;
use model::workload::{
    Length, Machine, Place, Segment, SegmentId, SegmentKind, Task, TaskKind, Workload,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    pub tasks: Vec<String>,
    pub functions: Vec<Function>,
    /// Processes, each of which is drawn as a server.
    pub servers: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    pub name: String,
    /// 0 where that is not known.
    pub line: u32,
    pub doing: Doing,
}

/// What a function does while nothing inside it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doing {
    Computing,
    /// Waits, and holds its thread.
    Blocking,
    /// A loop that has nothing to do.
    Idle,
}

impl Names {
    /// A segment for each function, in a body that nobody runs.
    pub fn workload(&self) -> Workload {
        let task = |name: &String| Task {
            name: name.clone(),
            kind: TaskKind::Async,
            body: Vec::new(),
            handles: Vec::new(),
            place: Place::default(),
        };
        let mut tasks: Vec<Task> = self.tasks.iter().map(task).collect();
        if let Some(first) = tasks.first_mut() {
            first.body = self.functions.iter().enumerate().map(segment).collect();
        }
        let place = |function: &Function| Place {
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

fn segment((number, function): (usize, &Function)) -> Segment {
    let label = Some(function.name.clone());
    let length = Length::Fixed(SimDuration::ZERO);
    let kind = match function.doing {
        Doing::Computing => SegmentKind::Cpu { length, label },
        Doing::Blocking => SegmentKind::Block { length, label },
        Doing::Idle => SegmentKind::Await { length, label },
    };
    Segment {
        id: SegmentId(number as u32),
        kind,
    }
}
