//! Whether all that a trace names is there: in the trace itself, and in its workload.
//!
//! Traces come from files and off the wire, and everything that reads one indexes by what it
//! finds there. They are checked once, where they come in: [`crate::trace::codec::decode`]
//! refuses what is not closed, and what opens a trace for a workload asks [`Trace::is_of`].
//! Whether what happened is possible is not asked here but in [`super::check()`].

use super::{Deadlock, Ending, Instance, InstanceId, Limit, Trace};
use crate::workload::Workload;

impl Trace {
    /// Whether tasks, segments, servers and resources are those of this workload, and
    /// instances and lanes the trace's own.
    pub fn is_of(&self, workload: &Workload) -> bool {
        let last_server = workload.machine.last_server();
        let is_known = |instance: &Instance| {
            (instance.task.0 as usize) < workload.tasks.len() && instance.server <= last_server
        };
        let segments = workload.places.len();
        self.is_closed()
            && self.instances.iter().all(is_known)
            && (self.lanes.iter()).all(|lane| lane.server <= last_server)
            && self
                .log
                .rows_are_below(self.instances.len(), self.lanes.len())
            && (self.log.iter()).all(|record| (record.segment.0 as usize) < segments)
            && self.ending.is_of(workload)
    }

    /// How many server processes it names, at least one.
    pub fn servers(&self) -> u32 {
        let instances = self.instances.iter().map(|instance| instance.server);
        let servers = instances.chain(self.lanes.iter().map(|lane| lane.server));
        servers.max().map_or(1, |last| u32::from(last) + 1)
    }

    /// Whether parents and the waiters of a deadlock are instances of this trace.
    pub(crate) fn is_closed(&self) -> bool {
        let count = self.instances.len();
        let mut numbered = (0..).zip(&self.instances);
        // A parent exists before its child, so no instance is its own ancestor.
        let is_later = |(number, instance): (u32, &Instance)| {
            instance.parent.is_none_or(|parent| parent.0 < number)
        };
        numbered.all(is_later)
            && u16::try_from(self.lanes.len()).is_ok()
            && match &self.ending {
                Ending::Deadlock(deadlock) => deadlock.is_among(count),
                _ => true,
            }
    }
}

impl Ending {
    fn is_of(&self, workload: &Workload) -> bool {
        let segments = workload.places.len();
        match self {
            Self::Finished | Self::Until => true,
            Self::Deadlock(deadlock) => deadlock.waiters.iter().all(|waiter| {
                let resource = waiter.resource;
                (waiter.segment.0 as usize) < segments
                    && resource.is_none_or(|own| (own.0 as usize) < workload.resources.len())
            }),
            Self::Limit(Limit::CallDepth { segment } | Limit::Spinning { segment }) => {
                (segment.0 as usize) < segments
            }
            Self::Limit(_) => true,
        }
    }
}

impl Deadlock {
    fn is_among(&self, instances: usize) -> bool {
        let known = |id: &InstanceId| (id.0 as usize) < instances;
        let waiters = self.waiters.len();
        self.cycle.iter().all(|&index| index < waiters)
            && (self.waiters.iter())
                .all(|waiter| known(&waiter.instance) && waiter.held_by.iter().all(known))
    }
}
