//! The rows of a chart and their order.
//!
//! By task: in order of creation, with children indented below their parents. A part has no
//! row; its work is drawn in the row of its owner. By thread: one row for each lane. The
//! height and position of rows are left to the viewport.

use model::cooperative::{self, SLICE_ITEMS};
use model::sorting::sort_by_number;
use model::trace::{InstanceId, LaneId, Role, Trace};

/// The grouping of a chart: rows by task or by thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Tasks,
    Threads,
}

/// The instance or the lane that a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOwner {
    Instance(InstanceId),
    Lane(LaneId),
}

/// One row of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub subject: RowOwner,
    /// The number of its ancestors.
    pub depth: u16,
}

pub(super) async fn rows(trace: &Trace, by: By) -> Vec<Row> {
    match by {
        By::Tasks => by_task(trace).await,
        By::Threads => by_thread(trace),
    }
}

/// The instance in whose row an instance is drawn: for a part its owner, else itself.
pub fn row_instance(trace: &Trace, id: InstanceId) -> InstanceId {
    let mut id = id;
    while let Some(parent) = trace.instance(id).parent
        && trace.instance(id).role == Role::Part
    {
        id = parent;
    }
    id
}

async fn by_task(trace: &Trace) -> Vec<Row> {
    let children = RowChildren::of(trace).await;
    let mut rows = Vec::with_capacity(trace.instances.len());
    let mut open: Vec<Row> = Vec::new();
    for &root in children.roots().iter().rev() {
        open.push(task_row(root, 0));
    }
    // Depth first with a stack of its own, because trees of tasks may be deep.
    while let Some(next) = open.pop() {
        rows.push(next);
        if rows.len().is_multiple_of(SLICE_ITEMS) {
            cooperative::yield_now().await;
        }
        let RowOwner::Instance(id) = next.subject else {
            continue;
        };
        for &child in children.of_instance(id).iter().rev() {
            open.push(task_row(child, next.depth.saturating_add(1)));
        }
    }
    rows
}

fn task_row(instance: u32, depth: u16) -> Row {
    Row {
        subject: RowOwner::Instance(InstanceId(instance)),
        depth,
    }
}

fn by_thread(trace: &Trace) -> Vec<Row> {
    let mut ids: Vec<u16> = (0..trace.lanes.len() as u16).collect();
    sort_by_number(&mut ids, |&id| {
        let lane = &trace.lanes[id as usize];
        u64::from(lane.server) << 48 | (lane.kind as u64) << 32 | u64::from(lane.number)
    });
    ids.into_iter()
        .map(|id| Row {
            subject: RowOwner::Lane(LaneId(id)),
            depth: 0,
        })
        .collect()
}

/// The children of every instance, without parts, in order of creation; in one vector to
/// avoid an allocation for each instance.
struct RowChildren {
    ids: Vec<u32>,
    /// The first child of each slot. Slot 0 has the instances without a parent, slot `n + 1` the
    /// children of instance `n`.
    begins: Vec<u32>,
}

impl RowChildren {
    async fn of(trace: &Trace) -> Self {
        let slot = |id: u32| -> Option<usize> {
            let instance = &trace.instances[id as usize];
            let parent = instance.parent.map(|parent| row_instance(trace, parent));
            (instance.role != Role::Part).then(|| parent.map_or(0, |parent| parent.0 as usize + 1))
        };
        let all_ids = 0..trace.instances.len() as u32;
        let mut begins = vec![0_u32; trace.instances.len() + 2];
        for slot in all_ids.clone().filter_map(slot) {
            begins[slot + 1] += 1;
        }
        cooperative::yield_now().await;
        for slot in 1..begins.len() {
            begins[slot] += begins[slot - 1];
        }
        cooperative::yield_now().await;
        let mut next = begins.clone();
        let mut ids = vec![0; begins.last().map_or(0, |&count| count as usize)];
        for id in all_ids {
            if let Some(slot) = slot(id) {
                ids[next[slot] as usize] = id;
                next[slot] += 1;
            }
        }
        cooperative::yield_now().await;
        Self { ids, begins }
    }

    fn roots(&self) -> &[u32] {
        self.slot(0)
    }

    fn of_instance(&self, id: InstanceId) -> &[u32] {
        self.slot(id.0 as usize + 1)
    }

    fn slot(&self, slot: usize) -> &[u32] {
        &self.ids[self.begins[slot] as usize..self.begins[slot + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::staged::stage;

    #[track_caller]
    fn check(text: &str, by: By, expected: &[&str]) {
        let (workload, trace) = stage(text);
        let written: Vec<String> = cooperative::block_on(rows(&trace, by))
            .iter()
            .map(|row| match row.subject {
                RowOwner::Instance(id) => {
                    let instance = trace.instance(id);
                    let name = &workload.task(instance.task).name;
                    format!(
                        "{}{name}#{}",
                        "  ".repeat(row.depth.into()),
                        instance.number
                    )
                }
                RowOwner::Lane(id) => {
                    let lane = trace.lane(id).expect("a lane");
                    format!("{} {:?} {}", lane.server, lane.kind, lane.number)
                }
            })
            .collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn children_are_below_their_parents_and_parts_have_no_row() {
        check(
            "task a:
             task b:
             a#1 arrived
             a#2 arrived
             b#1 spawned of a#1
             a#1~1 part of a#1
             b#2 spawned of a#2
             b#3 offloaded of a#1~1",
            By::Tasks,
            &["a#1", "  b#1", "  b#3", "a#2", "  b#2"],
        );
    }

    #[test]
    fn threads_are_ordered_by_server_then_kind_then_number() {
        check(
            "task a: cpu 1
             a#1 arrived
             a#2 arrived server 1
             0 a#1 running on thread.2
             0 a#2 running on loop
             1 a#1 running on thread.1
             2 a#1 running on loop",
            By::Threads,
            &["0 Loop 1", "0 PoolThread 1", "0 PoolThread 2", "1 Loop 1"],
        );
    }
}
