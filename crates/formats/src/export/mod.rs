//! Exporters: a [`Workload`] as a program for a real runtime, a [`Trace`] for other tools.
//!
//! `verify` and the tests run the exported programs. This module only writes them.

mod activity;
mod asyncio;
mod celery;
mod fastapi;
mod mermaid;
mod perfetto;
mod program;
mod python;
pub mod trace;

use model::trace::{InstanceId, Role, Trace};
use model::workload::Workload;

pub use asyncio::{asyncio, asyncio_program};
pub use celery::{celery, celery_program, sends_jobs};
pub use fastapi::{fastapi, fastapi_program};
pub use mermaid::mermaid;
pub use perfetto::perfetto;
pub use program::{FunctionOrigin, PythonProgram};

/// The names of the instances, e.g. `ping 3`, or `ping` if the task has one instance. Indexed by
/// [`InstanceId`].
fn instance_names(workload: &Workload, trace: &Trace) -> Vec<String> {
    let mut several = vec![false; workload.tasks.len()];
    for instance in &trace.instances {
        several[instance.task.0 as usize] |= instance.number > 1;
    }
    let name = |instance: &model::trace::Instance| {
        let name = &workload.task(instance.task).name;
        if several[instance.task.0 as usize] {
            format!("{name} {}", instance.number)
        } else {
            name.clone()
        }
    };
    trace.instances.iter().map(name).collect()
}

/// The instance in the row of which this one appears: for a part its parent, otherwise itself.
fn owner(trace: &Trace, id: InstanceId) -> InstanceId {
    let instance = trace.instance(id);
    match (instance.role, instance.parent) {
        (Role::Part, Some(owner)) => owner,
        _ => id,
    }
}
