//! The texts on bars and the names of rows.
//!
//! A bar has the words of its segment, e.g. `cpu 3s` or `block 4s · requests.get`. Several
//! lengths of a text are offered; the caller measures which one fits.

use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use crate::scene::rows::{Row, RowOwner, row_instance};
use crate::scene::words::Words;
use model::time::SimDuration;
use model::trace::{InstanceId, Lane, Role, Trace};
use model::workload::{Executor, SegmentId, SegmentKind, Workload};

/// The words of the script for one segment.
#[derive(Clone, Debug, Default)]
struct SegmentLabel {
    /// The keyword.
    word: &'static str,
    /// The label, or the task or resource that it names.
    note: String,
    line: u32,
}

/// The instance or the thread of a row, independent of the run's own numbering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowSubject<'a> {
    /// The name of the task, and the number of the instance.
    Instance(&'a str, u32),
    Lane(Lane),
}

/// NamePosition of tasks, threads and segments, which outlive the workload.
#[derive(Clone, Debug)]
pub struct Labels {
    segment_labels: Vec<SegmentLabel>,
    tasks: Vec<String>,
    /// By task: whether it has several instances, which need numbers.
    numbered: Vec<bool>,
    /// By instance: the task and number of the row in which it is drawn.
    instances: Vec<(u32, u32)>,
    lanes: Vec<Lane>,
    servers: bool,
}

impl Labels {
    pub fn new(workload: &Workload, trace: &Trace) -> Self {
        let mut most = vec![0_u32; workload.tasks.len()];
        let mut instances = Vec::with_capacity(trace.instances.len());
        for (id, instance) in trace.instances.iter().enumerate() {
            if instance.role != Role::Part {
                most[instance.task.0 as usize] += 1;
            }
            let shown = trace.instance(row_instance(trace, InstanceId(id as u32)));
            instances.push((shown.task.0, shown.number));
        }
        Self {
            segment_labels: segment_labels(workload),
            tasks: workload
                .tasks
                .iter()
                .map(|task| task.name.clone())
                .collect(),
            numbered: most.into_iter().map(|count| count > 1).collect(),
            instances,
            lanes: trace.lanes.clone(),
            servers: workload.machine.servers > 1,
        }
    }

    /// `order 2`, or `order` if there is only one.
    pub fn instance(&self, id: InstanceId) -> String {
        let (task, number) = self.instances[id.0 as usize];
        let name = &self.tasks[task as usize];
        if self.numbered[task as usize] {
            format!("{name} {number}")
        } else {
            name.clone()
        }
    }

    pub fn row(&self, row: &Row, words: Words) -> String {
        match row.subject {
            RowOwner::Instance(id) => self.instance(id),
            RowOwner::Lane(id) => self
                .lanes
                .get(usize::from(id.0))
                .map_or(String::new(), |lane| words.lane(lane, self.servers)),
        }
    }

    /// One name for neighbouring rows, e.g. `order 1–40`.
    pub fn rows(&self, first: &Row, last: &Row, words: Words) -> String {
        let name = self.row(first, words);
        if first.subject == last.subject {
            return name;
        }
        let last = match last.subject {
            RowOwner::Instance(id) => self.instances[id.0 as usize].1,
            RowOwner::Lane(id) => self.lanes[usize::from(id.0)].number,
        };
        format!("{name}–{last}")
    }

    /// Whether two rows can share a name.
    pub fn can_share_name(&self, a: &Row, b: &Row) -> bool {
        match (a.subject, b.subject) {
            (RowOwner::Instance(a), RowOwner::Instance(b)) => {
                self.instances[a.0 as usize].0 == self.instances[b.0 as usize].0
            }
            (RowOwner::Lane(a), RowOwner::Lane(b)) => {
                let (a, b) = (&self.lanes[usize::from(a.0)], &self.lanes[usize::from(b.0)]);
                (a.kind, a.server) == (b.kind, b.server)
            }
            _ => false,
        }
    }

    /// The subject of a row, to find it in the chart of another run of the script.
    pub(super) fn row_subject(&self, row: &Row) -> RowSubject<'_> {
        match row.subject {
            RowOwner::Instance(id) => {
                let (task, number) = self.instances[id.0 as usize];
                RowSubject::Instance(&self.tasks[task as usize], number)
            }
            RowOwner::Lane(id) => RowSubject::Lane(self.lanes[usize::from(id.0)]),
        }
    }

    /// The lines of all segments, in the order of their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = u32> + '_ {
        self.segment_labels.iter().map(|phrase| phrase.line)
    }

    /// The line of a segment in the script.
    pub fn line(&self, segment: SegmentId) -> u32 {
        self.segment_labels
            .get(segment.0 as usize)
            .map_or(0, |phrase| phrase.line)
    }

    /// The possible texts of a bar, the longest first. With `named`, they begin with the name of
    /// the instance.
    pub fn bar(&self, piece: &Piece, words: Words, named: bool) -> Vec<String> {
        if !named {
            return self.bar_texts(piece, words, self.blocked_thread(piece));
        }
        // The row itself has the name of the thread.
        let texts = self.bar_texts(piece, words, None);
        let name = self.instance(piece.instance);
        let mut named: Vec<String> = texts
            .iter()
            .map(|text| format!("{name} · {text}"))
            .collect();
        named.push(name);
        named
    }

    /// The thread on which a piece blocks, unless it is the loop's.
    fn blocked_thread(&self, piece: &Piece) -> Option<&Lane> {
        let lane = self.lanes.get(usize::from(piece.lane.0));
        lane.filter(|_| piece.kind == Kind::BlockingThread)
    }

    fn bar_texts(&self, piece: &Piece, words: Words, lane: Option<&Lane>) -> Vec<String> {
        let Some(phrase) = self.segment_labels.get(piece.segment.0 as usize) else {
            return Vec::new();
        };
        let time = brief(SimDuration::from_nanos(piece.nanos()));
        let core = match piece.kind {
            Kind::Running => format!("cpu {time}"),
            Kind::BlockingLoop | Kind::BlockingThread => format!("block {time}"),
            Kind::Awaiting => format!("await {time}"),
            // The length of such a wait depends on others; the resource is of interest.
            Kind::WaitingPermit | Kind::WaitingQueue | Kind::WaitingSignal => {
                let text = format!("{} {}", phrase.word, phrase.note);
                return vec![text.trim_end().to_owned()];
            }
            _ => return Vec::new(),
        };
        let timed = matches!(phrase.word, "cpu" | "block" | "await");
        let note = Some(phrase.note.as_str()).filter(|note| timed && !note.is_empty());
        let mut texts = Vec::new();
        if let (Some(note), Some(lane)) = (note, lane) {
            texts.push(format!("{core} · {note} · {}", words.on_lane(lane)));
        }
        texts.extend(note.map(|note| format!("{core} · {note}")));
        texts.extend(lane.map(|lane| format!("{core} · {}", words.on_lane(lane))));
        texts.push(core);
        texts.push(time);
        texts
    }
}

/// A sum of times over tasks, for people. Saturates at 584 years.
pub fn task_time(nanos: u128) -> String {
    brief(SimDuration::from_nanos(
        u64::try_from(nanos).unwrap_or(u64::MAX),
    ))
}

/// The duration for people: four digits below ten minutes, then two units, e.g. `12.35s`,
/// `20min 34s`, `8h 20min`, `2d 21h`. Exact times are in the details and the exports.
pub fn brief(duration: SimDuration) -> String {
    let nanos = duration.as_nanos();
    let [second, minute, hour] =
        [SimDuration::SECOND, SimDuration::MINUTE, SimDuration::HOUR].map(SimDuration::as_nanos);
    let day = 24 * hour;
    if nanos >= day {
        return in_two_units(nanos, (day, "d"), (hour, "h"));
    }
    if nanos >= hour {
        return in_two_units(nanos, (hour, "h"), (minute, "min"));
    }
    if nanos >= 10 * minute {
        return in_two_units(nanos, (minute, "min"), (second, "s"));
    }
    let digits = nanos.checked_ilog10().unwrap_or(0) + 1;
    // E.g. 12_345_678_901 has 11 digits: rounds to multiples of 10^7, `12.35s`.
    let scale = 10_u64.pow(digits.saturating_sub(4));
    let rounded = (nanos.saturating_add(scale / 2)) / scale * scale;
    SimDuration::from_nanos(rounded).label()
}

/// Rounds to the smaller unit, which is left out when it is zero.
fn in_two_units(
    nanos: u64,
    (large, name): (u64, &str),
    (small, small_name): (u64, &str),
) -> String {
    let count = nanos.saturating_add(small / 2) / small;
    let per_large = large / small;
    match (count / per_large, count % per_large) {
        (whole, 0) => format!("{whole}{name}"),
        (whole, rest) => format!("{whole}{name} {rest}{small_name}"),
    }
}

fn segment_labels(workload: &Workload) -> Vec<SegmentLabel> {
    let mut segment_labels: Vec<SegmentLabel> = workload
        .places
        .iter()
        .map(|place| SegmentLabel {
            line: place.line,
            ..SegmentLabel::default()
        })
        .collect();
    for (phrase, segment) in segment_labels.iter_mut().zip(workload.segments()) {
        if let Some(segment) = segment {
            (phrase.word, phrase.note) = segment_words(&segment.kind, workload);
        }
    }
    segment_labels
}

/// The keyword of a segment, and its label, task or resource.
fn segment_words(kind: &SegmentKind, workload: &Workload) -> (&'static str, String) {
    let task = |index| workload.task(index).name.clone();
    let resource = |index| workload.resource(index).name.clone();
    let text = |label: &Option<String>| label.clone().unwrap_or_default();
    let nothing = String::new();
    match kind {
        SegmentKind::Cpu { label, .. } => ("cpu", text(label)),
        SegmentKind::Await { label, .. } => ("await", text(label)),
        SegmentKind::Block { label, .. } => ("block", text(label)),
        SegmentKind::Yield => ("yield", nothing),
        SegmentKind::Call { task: index } => ("call", task(*index)),
        SegmentKind::Spawn { task: index, .. } => ("spawn", task(*index)),
        SegmentKind::Wait { .. } => ("wait", nothing),
        SegmentKind::Cancel { .. } => ("cancel", nothing),
        SegmentKind::Gather { .. } => ("gather", nothing),
        SegmentKind::AsCompleted { .. } => ("as_completed", nothing),
        SegmentKind::Group { .. } => ("group", nothing),
        SegmentKind::Offload { to, .. } => match to {
            Executor::Pool => ("thread", nothing),
            Executor::Own => ("executor", nothing),
            Executor::Process => ("process", nothing),
        },
        SegmentKind::Send { task: index, .. } => ("send", task(*index)),
        SegmentKind::Put { queue } => ("put", resource(*queue)),
        SegmentKind::Get { queue } => ("get", resource(*queue)),
        SegmentKind::Shutdown { queue } => ("shutdown", resource(*queue)),
        SegmentKind::With {
            resource: index, ..
        } => ("with", resource(*index)),
        SegmentKind::Acquire { resource: index } => ("acquire", resource(*index)),
        SegmentKind::Release { resource: index } => ("release", resource(*index)),
        SegmentKind::SetEvent { event } => ("set", resource(*event)),
        SegmentKind::ClearEvent { event } => ("clear", resource(*event)),
        SegmentKind::WaitEvent { event } => ("wait", resource(*event)),
        SegmentKind::WaitCondition { condition } => ("wait", resource(*condition)),
        SegmentKind::Notify { condition, .. } => ("notify", resource(*condition)),
        SegmentKind::Shield { task: index } => ("shield", task(*index)),
        SegmentKind::WaitFor { task: index, .. } => ("wait_for", task(*index)),
        SegmentKind::Respond => ("respond", nothing),
        SegmentKind::Print { text } => ("print", text.clone()),
        SegmentKind::Timeout { .. } => ("timeout", nothing),
        SegmentKind::Try { .. } => ("try", nothing),
        SegmentKind::Fail { text } => ("fail", text.clone()),
        SegmentKind::Repeat { .. } => ("repeat", nothing),
        SegmentKind::Forever { .. } => ("forever", nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_time_has_four_digits_at_most() {
        let check = |nanos, expected: &str| {
            assert_eq!(brief(SimDuration::from_nanos(nanos)), expected);
        };
        check(9_500_000_000, "9.5s");
        check(12_345_678_901, "12.35s");
        check(999_996, "1ms");
        check(1_000_000_001, "1s");
        check(7, "7ns");
        check(0, "0s");
        check(100_000_000_000, "100s");
    }

    #[test]
    fn a_long_time_has_two_units() {
        let check = |seconds: u64, expected: &str| {
            let nanos = seconds * 1_000_000_000 + 400_000_000;
            assert_eq!(brief(SimDuration::from_nanos(nanos)), expected);
        };
        check(600, "10min");
        check(1_234, "20min 34s");
        check(4 * 3600, "4h");
        check(8 * 3600 + 1_215, "8h 20min");
        check(86_400, "1d");
        check(249_750, "2d 21h");
    }
}
