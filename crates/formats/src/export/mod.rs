//! A [`Workload`] written as a program for a real runtime, and a [`Trace`]
//! written for other tools.
//!
//! What is exported as a program is what is verified: the tests run these very
//! programs. Nothing here runs anything.

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
pub use program::{Function, Program};

/// `ping 3`; a task that has one instance needs no number. Indexed by [`InstanceId`].
fn instance_names(workload: &Workload, trace: &Trace) -> Vec<String> {
    let mut several = vec![false; workload.tasks.len()];
    for instance in &trace.instances {
        several[instance.task.0 as usize] |= instance.number > 1;
    }
    let name = |instance: &model::trace::Instance| {
        let name = &workload.task(instance.task).name;
        match several[instance.task.0 as usize] {
            true => format!("{name} {}", instance.number),
            false => name.clone(),
        }
    };
    trace.instances.iter().map(name).collect()
}

/// The instance in whose row this one is seen: a part's owner, or itself.
fn owner(trace: &Trace, id: InstanceId) -> InstanceId {
    let instance = trace.instance(id);
    match (instance.role, instance.parent) {
        (Role::Part, Some(owner)) => owner,
        _ => id,
    }
}
