//! Traces written by hand, for tests: one line for each record.
//!
//! ```text
//! cores 1
//! task pasta: cpu 3, await 5
//! pasta#1 arrived
//! 0 pasta#1 ready
//! 0 pasta#1 running @0 on loop
//! 3 pasta#1 awaiting @1
//! 8 pasta#1 ready
//! 8 pasta#1 done
//! ```
//!
//! Times are in seconds. Segments are numbered from 0 across all tasks. `by NAME` is the
//! cause. `on thread.2` is the second pool thread. A part is written `ping#1~1`; `of NAME`
//! names the parent. The invariants are left to [`check`](super::check).

use crate::time::{SimDuration, SimTime};
use crate::trace::{
    Ending, Instance, InstanceId, Lane, LaneId, LaneKind, Log, Record, Role, State, Trace,
};
use crate::workload::{
    Executor, Gil, Length, Place, Segment, SegmentId, SegmentKind, Task, TaskIndex, TaskKind, Work,
    Workload,
};

/// Parses a text as in the header. Panics on errors.
#[track_caller]
pub fn stage(text: &str) -> (Workload, Trace) {
    let mut stage = TraceBuilder::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        stage.read_line(line);
    }
    let trace = Trace {
        end: stage.end.unwrap_or(stage.last),
        instances: stage.instances,
        lanes: stage.lanes,
        log: stage.log,
        ending: stage.ending,
    };
    (stage.workload, trace)
}

struct TraceBuilder {
    workload: Workload,
    names: Vec<String>,
    instances: Vec<Instance>,
    lanes: Vec<Lane>,
    log: Log,
    last: SimTime,
    end: Option<SimTime>,
    ending: Ending,
}

impl Default for TraceBuilder {
    fn default() -> Self {
        Self {
            workload: Workload::default(),
            names: Vec::new(),
            instances: Vec::new(),
            lanes: Vec::new(),
            log: Log::default(),
            last: SimTime::ZERO,
            end: None,
            ending: Ending::Finished,
        }
    }
}

impl TraceBuilder {
    #[track_caller]
    fn read_line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[0] {
            "cores" => self.workload.machine.cores = words[1].parse().expect("a number"),
            "pool" => self.workload.machine.pool = words[1].parse().expect("a number"),
            "servers" => self.workload.machine.servers = words[1].parse().expect("a number"),
            "gil" => self.workload.machine.gil = Gil::Off,
            "until" => {
                self.end = Some(SimTime::ZERO + parse_duration(words[1]));
                self.ending = Ending::Until;
            }
            "task" | "def" => self.read_task(line),
            time if time.starts_with(|c: char| c.is_ascii_digit()) => self.read_record(&words),
            _ => self.read_instance(&words),
        }
    }

    fn read_task(&mut self, line: &str) {
        let (head, body) = line.split_once(':').expect("`task NAME: BODY`");
        let (kind, name) = head.split_once(' ').expect("`task NAME`");
        let kind = match kind {
            "def" => TaskKind::Sync,
            _ => TaskKind::Async,
        };
        let line = self.workload.tasks.len() as u32 + 1;
        let body = body
            .split(',')
            .map(str::trim)
            .filter(|segment| !segment.is_empty())
            .map(|text| self.read_segment(text, line))
            .collect();
        self.workload.tasks.push(Task {
            name: name.to_owned(),
            kind,
            body,
            handles: Vec::new(),
            place: Place::default(),
        });
    }

    fn read_segment(&mut self, text: &str, line: u32) -> Segment {
        let id = SegmentId(self.workload.places.len() as u32);
        self.workload.places.push(Place {
            line,
            ..Place::default()
        });
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let length = || Length::Fixed(parse_duration(rest));
        let kind = match word {
            "cpu" => SegmentKind::Cpu {
                length: length(),
                label: None,
            },
            "await" => SegmentKind::Await {
                length: length(),
                label: None,
            },
            "block" => SegmentKind::Block {
                length: length(),
                label: None,
            },
            "print" => SegmentKind::Print {
                text: rest.to_owned(),
            },
            "respond" => SegmentKind::Respond,
            "yield" => SegmentKind::Yield,
            "thread" => SegmentKind::Offload {
                to: Executor::Pool,
                work: Work::Body(vec![self.read_segment(rest, line)]),
            },
            _ => panic!("no segment `{word}` on this stage"),
        };
        Segment { id, kind }
    }

    /// Parses e.g. `pasta#1 spawned of toast#1 server 2`.
    fn read_instance(&mut self, words: &[&str]) {
        let name = words[0];
        let whole = name.split('~').next().expect("a name");
        let (task, number) = whole.split_once('#').expect("`NAME#NUMBER`");
        let index = self.workload.tasks.iter().position(|it| it.name == task);
        self.instances.push(Instance {
            task: TaskIndex(index.expect("a declared task") as u32),
            number: number.parse().expect("a number"),
            parent: word_after(words, "of").map(|name| self.instance_id(name)),
            role: parse_role(words[1]),
            server: word_after(words, "server").map_or(0, |word| word.parse().expect("a number")),
        });
        self.names.push(name.to_owned());
    }

    fn read_record(&mut self, words: &[&str]) {
        let at = SimTime::ZERO + parse_duration(words[0]);
        let instance = self.instance_id(words[1]);
        let lane =
            word_after(words, "on").map_or(LaneId::NONE, |name| self.lane_of(name, instance));
        let segment = words.iter().find_map(|word| word.strip_prefix('@'));
        self.log.push(Record {
            at,
            instance,
            state: parse_state(words[2]),
            lane,
            segment: SegmentId(segment.map_or(0, |number| number.parse().expect("a number"))),
            cause: word_after(words, "by").map(|name| self.instance_id(name)),
        });
        self.last = at;
    }

    fn instance_id(&self, name: &str) -> InstanceId {
        let index = self.names.iter().position(|it| it == name);
        InstanceId(index.unwrap_or_else(|| panic!("no instance `{name}`")) as u32)
    }

    fn lane_of(&mut self, name: &str, instance: InstanceId) -> LaneId {
        let (kind, number) = name.split_once('.').unwrap_or((name, "1"));
        let kind = match kind {
            "loop" => LaneKind::Loop,
            "thread" => LaneKind::PoolThread,
            "executor" => LaneKind::ExecutorThread,
            "process" => LaneKind::ProcessWorker,
            "job" => LaneKind::JobWorker,
            _ => panic!("no lane `{name}`"),
        };
        let shared = matches!(kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
        let server = self.instances[instance.0 as usize].server;
        let lane = Lane {
            kind,
            server: if shared { 0 } else { server },
            number: number.parse().expect("a number"),
        };
        let index = self.lanes.iter().position(|it| *it == lane);
        LaneId(index.unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        }) as u16)
    }
}

fn word_after<'a>(words: &[&'a str], word: &str) -> Option<&'a str> {
    let at = words.iter().position(|it| *it == word)?;
    words.get(at + 1).copied()
}

fn parse_duration(seconds: &str) -> SimDuration {
    let seconds: f64 = seconds.parse().expect("seconds");
    SimDuration::from_nanos((seconds * 1e9).round() as u64)
}

fn parse_role(word: &str) -> Role {
    Role::from_word(word).unwrap_or_else(|| panic!("no role `{word}`"))
}

fn parse_state(word: &str) -> State {
    let quoted = format!("\"{word}\"");
    serde_json::from_str(&quoted).unwrap_or_else(|_| panic!("no state `{word}`"))
}
