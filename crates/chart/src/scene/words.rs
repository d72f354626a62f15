//! The texts of a chart, in every language.
//!
//! Words of the script, such as `cpu 3s`, are not translated; `label` has those.

use crate::scene::kind::Kind;
use crate::scene::mark::MarkKind;
use model::trace::{Ending, Lane, LaneKind, Limit};
use texts::{Language, say, text};

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

/// Rewrites each part of a duration, e.g. `20min 34s` → `20분 34초`. `part` gets number and unit.
pub fn in_units(label: &str, part: impl Fn(&str, &str) -> String) -> String {
    let mut text = String::new();
    for each in label.split(' ') {
        let unit_start = each.find(char::is_alphabetic).unwrap_or(each.len());
        let (number, unit) = each.split_at(unit_start);
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&part(number, unit));
    }
    text
}

impl Words {
    pub fn chart(self) -> &'static str {
        text!("Gantt chart").of(self.0)
    }

    /// A duration in a sentence, e.g. `5.5s` or `5.5초`; `label` is as in the charts.
    pub fn duration(self, label: &str) -> String {
        in_units(label, |number, unit| match unit {
            "s" => say!(self.0, "{number}s", number),
            "min" => say!(self.0, "{number}min", number),
            "h" => say!(self.0, "{number}h", number),
            "d" => say!(self.0, "{number}d", number),
            _ => format!("{number}{unit}"),
        })
    }

    pub fn total_elapsed(self) -> &'static str {
        text!("Total elapsed").of(self.0)
    }

    pub fn total(self) -> &'static str {
        text!("total").of(self.0)
    }

    pub fn longest_freeze(self) -> &'static str {
        text!("longest freeze").of(self.0)
    }

    pub fn threads_at_peak(self) -> &'static str {
        text!("peak threads").of(self.0)
    }

    pub fn others_waited(self) -> &'static str {
        text!("time lost waiting").of(self.0)
    }

    pub fn tasks(self) -> &'static str {
        text!("tasks").of(self.0)
    }

    pub fn nothing_ran(self) -> &'static str {
        text!("nothing took any time").of(self.0)
    }

    /// `loop frozen 4s · line 4`.
    pub fn frozen(self, blocking: bool, length: &str, line: u32) -> String {
        let text = self.held(blocking, length);
        // A segment that no line of the script or program holds.
        if line == 0 {
            return text;
        }
        say!(self.0, "{text} · line {line}", text, line)
    }

    /// `loop frozen 4s`.
    pub fn held(self, blocking: bool, length: &str) -> String {
        if blocking {
            say!(self.0, "loop frozen {length}", length)
        } else {
            say!(self.0, "loop busy {length}", length)
        }
    }

    /// For a computation that shares the GIL or a core, e.g. `cpu 1s, in turns`.
    pub fn cpu_in_turns(self, time: &str) -> String {
        say!(self.0, "cpu {time}, in turns", time)
    }

    /// For rows that are left out, e.g. `… 92 more like this`.
    pub fn more(self, count: usize) -> String {
        say!(self.0, "… {count} more like this", count)
    }

    /// The warning beside the total; `None` if the run finished.
    pub fn ending(self, ending: &Ending) -> Option<String> {
        Some(match ending {
            Ending::Finished => return None,
            Ending::Until => say!(self.0, "stopped by until"),
            Ending::Deadlock(deadlock) => {
                let at = deadlock.at.label();
                say!(self.0, "deadlock at {at}", at = self.duration(&at))
            }
            Ending::Limit(limit) => self.limit(limit),
        })
    }

    /// E.g. `total 9s`; a deadlock has no total.
    pub fn total_line(self, total: &str, ending: &Ending) -> String {
        match ending {
            Ending::Deadlock(_) => self.never_ends().to_owned(),
            _ => format!("{} {total}", self.total()),
        }
    }

    /// In place of the total of a deadlock.
    pub fn never_ends(self) -> &'static str {
        text!("never ends").of(self.0)
    }

    fn limit(self, limit: &Limit) -> String {
        say!(self.0, "stopped: {limit}", limit = limit.text(self.0))
    }

    /// The name of a lane, e.g. `thread 3`; with several `servers`, `server 2 · thread 3`.
    pub fn lane(self, lane: &Lane, servers: bool) -> String {
        let name = match lane.kind {
            LaneKind::Loop => text!("loop").of(self.0),
            LaneKind::PoolThread => text!("thread").of(self.0),
            LaneKind::ExecutorThread => text!("executor").of(self.0),
            LaneKind::ProcessWorker => text!("process").of(self.0),
            LaneKind::JobWorker => text!("worker").of(self.0),
        };
        let number = lane.number;
        let shared = matches!(lane.kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
        let lane_name = match lane.kind {
            LaneKind::Loop => name.to_owned(),
            _ => format!("{name} {number}"),
        };
        if !servers || shared {
            return lane_name;
        }
        let server = u32::from(lane.server) + 1;
        say!(self.0, "server {server} · {lane}", server, lane = lane_name)
    }

    /// The lane on which a call blocks, e.g. `pool thread 1`.
    pub fn on_lane(self, lane: &Lane) -> String {
        match lane.kind {
            LaneKind::PoolThread => say!(self.0, "pool thread {number}", number = lane.number),
            LaneKind::ExecutorThread => {
                say!(self.0, "executor thread {number}", number = lane.number)
            }
            _ => self.lane(lane, false),
        }
    }

    /// The legend entry of a kind.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => text!("running").of(self.0),
            Kind::BlockingLoop => text!("blocking the loop").of(self.0),
            Kind::BlockingThread => text!("blocking a thread").of(self.0),
            Kind::Awaiting => text!("awaiting").of(self.0),
            Kind::Ready => text!("ready, loop is busy").of(self.0),
            Kind::Unaccepted => text!("not accepted yet").of(self.0),
            Kind::QueuedThread => text!("queued for a thread").of(self.0),
            Kind::QueuedWorker => text!("queued for a worker").of(self.0),
            Kind::QueuedGil => text!("waiting for the GIL").of(self.0),
            Kind::QueuedCore => text!("waiting for a core").of(self.0),
            Kind::WaitingPermit => text!("waiting for a permit").of(self.0),
            Kind::WaitingQueue => text!("waiting on a queue").of(self.0),
            Kind::WaitingSignal => text!("waiting for a signal").of(self.0),
            Kind::WaitingTasks => text!("waiting for its tasks").of(self.0),
            Kind::Offloaded => text!("its work runs elsewhere").of(self.0),
        }
    }

    /// The legend entry for cells in which computing and waiting alternate.
    pub fn in_turns(self) -> &'static str {
        text!("computing in turns").of(self.0)
    }

    /// The legend's explanation of a kind.
    pub fn sentence(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => text!("It computes: it holds its thread and uses a core.").of(self.0),
            Kind::BlockingLoop => text!("A blocking call on the event loop: no other task can run until it returns.").of(self.0),
            Kind::BlockingThread => text!("A blocking call on a separate thread: it holds that thread, and the loop keeps running.").of(self.0),
            Kind::Awaiting => text!("It waits for I/O or a timer and holds nothing.").of(self.0),
            Kind::Ready => text!("It is ready to run, but the loop is running another task.").of(self.0),
            Kind::Unaccepted => text!("It has arrived, but no server process has accepted it yet.").of(self.0),
            Kind::QueuedThread => text!("All threads that it could use are busy; it waits for one.").of(self.0),
            Kind::QueuedWorker => text!("All workers are busy; its work waits in the queue.").of(self.0),
            Kind::QueuedGil => text!("It could compute, but another thread holds the GIL.").of(self.0),
            Kind::QueuedCore => text!("It could compute, but every core is busy.").of(self.0),
            Kind::WaitingPermit => text!("Others hold the lock, or all permits of the semaphore or pool.").of(self.0),
            Kind::WaitingQueue => text!("It waits for an item of a queue, or for room in it.").of(self.0),
            Kind::WaitingSignal => text!("It waits for an event to be set, or for a notification.").of(self.0),
            Kind::WaitingTasks => text!("It waits for the tasks that it started to finish.").of(self.0),
            Kind::Offloaded => text!("Its work runs in a thread, a process or a job, shown in another row.").of(self.0),
        }
    }

    pub fn mark(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => text!("prints").of(self.0),
            MarkKind::Responded => text!("responds").of(self.0),
            MarkKind::TimedOut => text!("times out").of(self.0),
            MarkKind::Failed => text!("fails").of(self.0),
            MarkKind::Cancelled => text!("is cancelled").of(self.0),
        }
    }

    /// The legend's explanation of a sign.
    pub fn mark_sentence(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => text!("It prints a line at this instant.").of(self.0),
            MarkKind::Responded => {
                text!("It sends its response; work after this does not count as latency.")
                    .of(self.0)
            }
            MarkKind::TimedOut => {
                text!("Its timeout expires and cancels the work inside.").of(self.0)
            }
            MarkKind::Failed => text!("An exception ends it here.").of(self.0),
            MarkKind::Cancelled => {
                text!("It was cancelled, so it ends before the end of its body.").of(self.0)
            }
        }
    }
}
