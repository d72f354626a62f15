//! The exporter to Perfetto: a trace as Chrome Trace Event JSON, e.g. for ui.perfetto.dev.
//!
//! Each lane is a thread of its server's process, with a slice for each instance that held it.
//! Each instance has a row with its states. Slices of one row never overlap. Arrows lead from
//! the instance that ended a wait to the one that waited. The file is streamed, one event a line.
//!
//! The slices do not hold why an instance waits, so the file also has the whole trace in our own
//! format, in a field that viewers ignore. [`crate::import`] reads that one.
//!
//! # What this leaves out
//!
//! - Arrows at an instant at which either instance has no slice, because viewers attach an arrow
//!   to the slice around it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::activity::Activities;
use super::trace::{self, Origin};
use model::time::SimTime;
use model::trace::{Instance, InstanceId, Lane, LaneId, LaneKind, Role, Span, Spans, State, Trace};
use model::workload::{Gil, Workload};

/// Writes the trace of a script. The file declares it as simulated.
pub fn perfetto(
    script: &str,
    workload: &Workload,
    trace: &Trace,
    out: impl Write,
) -> io::Result<()> {
    let mut writer = PerfettoWriter {
        rows: PerfettoRows::of(workload, trace),
        activities: Activities::of(workload),
        workload,
        trace,
        out,
        first: true,
    };
    let spans = Spans::of(trace);
    writer.write_head()?;
    writer.write_names()?;
    for span in spans.all() {
        writer.write_slices(span)?;
    }
    writer.write_arrows(&spans)?;
    writer.write_instants()?;
    writer.write_counters()?;
    writer.out.write_all(b"\n],\"loopscope\":")?;
    let origin = Origin {
        script,
        runtime: None,
        versions: &BTreeMap::new(),
        scale: 1.0,
    };
    trace::trace(origin, trace, &mut writer.out)?;
    writer.out.write_all(b"}\n")
}

/// The processes and threads of the file: the rows of lanes and instances.
struct PerfettoRows {
    servers: u32,
    /// The names of the instances; see [`super::instance_names`].
    names: Vec<String>,
}

#[derive(Clone, Copy)]
struct PerfettoRow {
    pid: u32,
    tid: u32,
}

impl PerfettoRows {
    fn of(workload: &Workload, trace: &Trace) -> Self {
        Self {
            servers: workload.machine.servers.max(trace.servers()),
            names: super::instance_names(workload, trace),
        }
    }

    /// Process numbers determine the order in the viewer: for each server its threads, then its
    /// tasks; after all servers the process pool and the job queue, which they share.
    fn of_lane(&self, id: LaneId, lane: &Lane) -> PerfettoRow {
        let pid = match lane.kind {
            LaneKind::ProcessWorker => 2 * self.servers + 1,
            LaneKind::JobWorker => 2 * self.servers + 2,
            LaneKind::Loop | LaneKind::PoolThread | LaneKind::ExecutorThread => {
                2 * u32::from(lane.server) + 1
            }
        };
        PerfettoRow {
            pid,
            // Thread 0 of a process has the counters.
            tid: u32::from(id.0) + 1,
        }
    }

    fn of_instance(&self, id: InstanceId, instance: &Instance) -> PerfettoRow {
        PerfettoRow {
            pid: 2 * u32::from(instance.server) + 2,
            tid: id.0 + 1,
        }
    }

    fn process_names(&self) -> Vec<(u32, String)> {
        let numbered = |what: &str, server: u32| match self.servers {
            1 => what.to_owned(),
            _ => format!("{what} of server {}", server + 1),
        };
        let mut names: Vec<(u32, String)> = (0..self.servers)
            .flat_map(|server| {
                [
                    (2 * server + 1, numbered("threads", server)),
                    (2 * server + 2, numbered("tasks", server)),
                ]
            })
            .collect();
        names.push((2 * self.servers + 1, "process pool".to_owned()));
        names.push((2 * self.servers + 2, "job queue".to_owned()));
        names
    }
}

/// One event of the format. The phase `ph` determines which fields are present.
#[derive(Serialize)]
struct PerfettoEvent<'a, A: Serialize> {
    ph: &'a str,
    name: &'a str,
    pid: u32,
    tid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// `e`: an arrow ends at the enclosing slice, not at the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'a str>,
    /// The scope of an instant; `t` is its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<A>,
}

impl<'a, A: Serialize> PerfettoEvent<'a, A> {
    fn new(ph: &'a str, name: &'a str, row: PerfettoRow) -> Self {
        Self {
            ph,
            name,
            pid: row.pid,
            tid: row.tid,
            ts: None,
            dur: None,
            cat: None,
            id: None,
            bp: None,
            s: None,
            args: None,
        }
    }
}

#[derive(Serialize)]
struct SliceArgs<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'a str>,
}

#[derive(Serialize)]
struct NameArgs<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct SortArgs {
    sort_index: u32,
}

#[derive(Serialize)]
struct CountArgs {
    count: u32,
}

/// The time in microseconds, the unit of the format, e.g. 1_500 ns → 1.5.
fn to_micros(time: SimTime) -> f64 {
    time.as_nanos() as f64 / 1e3
}

struct PerfettoWriter<'a, W> {
    workload: &'a Workload,
    trace: &'a Trace,
    activities: Activities<'a>,
    rows: PerfettoRows,
    out: W,
    first: bool,
}

impl<W: Write> PerfettoWriter<'_, W> {
    fn write_head(&mut self) -> io::Result<()> {
        #[derive(Serialize)]
        struct SliceName {
            schema: &'static str,
            engine: &'static str,
            kind: &'static str,
            seed: u64,
            cores: u32,
            gil: bool,
            pool: u32,
            servers: u32,
        }
        let machine = &self.workload.machine;
        let about = SliceName {
            schema: "loopscope.perfetto/1",
            engine: concat!("loopscope ", env!("CARGO_PKG_VERSION")),
            kind: "simulated",
            seed: machine.seed,
            cores: machine.cores,
            gil: machine.gil == Gil::On,
            pool: machine.pool,
            servers: machine.servers,
        };
        self.out
            .write_all(b"{\"displayTimeUnit\":\"ms\",\"otherData\":")?;
        serde_json::to_writer(&mut self.out, &about)?;
        self.out.write_all(b",\"traceEvents\":[")
    }

    fn write_event<A: Serialize>(&mut self, event: &PerfettoEvent<A>) -> io::Result<()> {
        let separator: &[u8] = if self.first { b"\n" } else { b",\n" };
        self.first = false;
        self.out.write_all(separator)?;
        serde_json::to_writer(&mut self.out, event)?;
        Ok(())
    }

    fn write_names(&mut self) -> io::Result<()> {
        for (pid, name) in self.rows.process_names() {
            let row = PerfettoRow { pid, tid: 0 };
            self.write_name_event("process_name", row, &name)?;
            self.write_sort_index("process_sort_index", row, pid)?;
        }
        let lanes = self.trace.lane_names();
        for (index, (lane, name)) in self.trace.lanes.iter().zip(&lanes).enumerate() {
            let row = self.rows.of_lane(LaneId(index as u16), lane);
            self.write_name_event("thread_name", row, name)?;
            self.write_sort_index("thread_sort_index", row, row.tid)?;
        }
        for (index, instance) in self.trace.instances.iter().enumerate() {
            if instance.role != Role::Part {
                let row = self.rows.of_instance(InstanceId(index as u32), instance);
                let name = self.rows.names[index].clone();
                self.write_name_event("thread_name", row, &name)?;
                self.write_sort_index("thread_sort_index", row, row.tid)?;
            }
        }
        Ok(())
    }

    fn write_name_event(&mut self, what: &str, row: PerfettoRow, name: &str) -> io::Result<()> {
        self.write_event(&PerfettoEvent {
            args: Some(NameArgs { name }),
            ..PerfettoEvent::new("M", what, row)
        })
    }

    fn write_sort_index(
        &mut self,
        what: &str,
        row: PerfettoRow,
        sort_index: u32,
    ) -> io::Result<()> {
        self.write_event(&PerfettoEvent {
            args: Some(SortArgs { sort_index }),
            ..PerfettoEvent::new("M", what, row)
        })
    }

    /// Writes a span into the row of its instance, and into that of the lane it holds.
    fn write_slices(&mut self, span: &Span) -> io::Result<()> {
        let name = self.activities.span_name(span);
        if let Some(lane) = self.trace.lane(span.lane)
            && span.state.holds_lane()
        {
            let row = self.rows.of_lane(span.lane, lane);
            let who = self.rows.names[span.instance.0 as usize].clone();
            self.write_slice(span, row, &format!("{who}: {name}"))?;
        }
        let instance = self.trace.instance(span.instance);
        if instance.role != Role::Part {
            let row = self.rows.of_instance(span.instance, instance);
            self.write_slice(span, row, &name)?;
        }
        Ok(())
    }

    fn write_slice(&mut self, span: &Span, row: PerfettoRow, name: &str) -> io::Result<()> {
        let ended_by = span
            .ended_by
            .map(|id| self.rows.names[id.0 as usize].clone());
        self.write_event(&PerfettoEvent {
            ts: Some(to_micros(span.start)),
            dur: Some(span.length().as_nanos() as f64 / 1e3),
            cat: Some(state_category(span.state)),
            args: Some(SliceArgs {
                line: self.activities.span_line(span),
                ended_by: ended_by.as_deref(),
            }),
            ..PerfettoEvent::new("X", name, row)
        })
    }

    /// Writes the arrows from the instances that ended a wait to those that waited.
    fn write_arrows(&mut self, spans: &Spans) -> io::Result<()> {
        let mut id = 0;
        for span in spans.all() {
            let Some(cause) = span.ended_by else { continue };
            if self.trace.instance(span.instance).role == Role::Part {
                continue;
            }
            let before = |other: &&Span| other.start < span.end && span.end <= other.end;
            let from = spans.of_instance(cause).iter().rfind(before);
            let to = spans
                .of_instance(span.instance)
                .iter()
                .find(|next| next.start == span.end);
            if let (Some(from), Some(to)) = (from, to) {
                id += 1;
                self.write_arrow(id, from, to)?;
            }
        }
        Ok(())
    }

    fn write_arrow(&mut self, id: u64, from: &Span, to: &Span) -> io::Result<()> {
        let no_args = None::<()>;
        // One nanosecond before its end, so that the arrow starts inside the slice.
        let start = to.start.as_nanos().saturating_sub(1);
        self.write_event(&PerfettoEvent {
            ts: Some(to_micros(SimTime::from_nanos(start))),
            cat: Some("wake"),
            id: Some(id),
            args: no_args,
            ..PerfettoEvent::new("s", "wakes", self.row_of_span(from))
        })?;
        self.write_event(&PerfettoEvent {
            ts: Some(to_micros(to.start)),
            cat: Some("wake"),
            id: Some(id),
            bp: Some("e"),
            args: no_args,
            ..PerfettoEvent::new("f", "wakes", self.row_of_span(to))
        })
    }

    /// The row of a span. A part has no row of its own, so it is on its lane.
    fn row_of_span(&self, span: &Span) -> PerfettoRow {
        let instance = self.trace.instance(span.instance);
        match (instance.role, self.trace.lane(span.lane)) {
            (Role::Part, Some(lane)) => self.rows.of_lane(span.lane, lane),
            _ => self.rows.of_instance(span.instance, instance),
        }
    }

    fn write_instants(&mut self) -> io::Result<()> {
        for record in self.trace.log.iter() {
            let name = match record.state {
                State::Printed => self
                    .activities
                    .printed_text(record.segment.0 as usize)
                    .unwrap_or("print"),
                State::Responded => "respond",
                State::CancelRequested => "cancel requested",
                State::TimedOut => "timeout",
                State::Failed => "failed",
                State::Cancelled => "cancelled",
                _ => continue,
            };
            let owner = super::owner(self.trace, record.instance);
            let row = self.rows.of_instance(owner, self.trace.instance(owner));
            self.write_event(&PerfettoEvent {
                ts: Some(to_micros(record.at)),
                s: Some("t"),
                args: None::<()>,
                ..PerfettoEvent::new("i", name, row)
            })?;
        }
        Ok(())
    }

    /// Writes the number of ready instances of each server, and of running ones, at each change.
    fn write_counters(&mut self) -> io::Result<()> {
        let servers = self.rows.servers as usize;
        let mut last = vec![None; self.trace.instances.len()];
        let mut now = Levels::new(servers);
        let mut written = Levels::new(servers);
        let mut at = SimTime::ZERO;
        for record in self
            .trace
            .log
            .iter()
            .filter(|record| !record.state.is_mark())
        {
            // Changes at one instant become one event, without steps of no duration.
            if record.at > at {
                self.write_levels(&now, &mut written, at)?;
                at = record.at;
            }
            let server = usize::from(self.trace.instance(record.instance).server);
            let state = &mut last[record.instance.0 as usize];
            now.change(*state, server, |level| level.saturating_sub(1));
            *state = Some(record.state);
            now.change(*state, server, |level| level + 1);
        }
        self.write_levels(&now, &mut written, at)
    }

    fn write_levels(&mut self, now: &Levels, written: &mut Levels, at: SimTime) -> io::Result<()> {
        for server in 0..now.ready.len() {
            if now.ready[server] != written.ready[server] {
                self.write_counter("ready queue", 2 * server as u32 + 1, now.ready[server], at)?;
            }
        }
        if now.running != written.running {
            self.write_counter("computing", 1, now.running, at)?;
        }
        written.clone_from(now);
        Ok(())
    }

    fn write_counter(&mut self, name: &str, pid: u32, count: u32, at: SimTime) -> io::Result<()> {
        self.write_event(&PerfettoEvent {
            ts: Some(to_micros(at)),
            args: Some(CountArgs { count }),
            ..PerfettoEvent::new("C", name, PerfettoRow { pid, tid: 0 })
        })
    }
}

#[derive(Clone)]
struct Levels {
    /// The number of ready instances of each server.
    ready: Vec<u32>,
    running: u32,
}

impl Levels {
    fn new(servers: usize) -> Self {
        Self {
            ready: vec![0; servers],
            running: 0,
        }
    }

    fn change(&mut self, state: Option<State>, server: usize, change: impl Fn(u32) -> u32) {
        match state {
            Some(State::Ready) => self.ready[server] = change(self.ready[server]),
            Some(State::Running) => self.running = change(self.running),
            _ => {}
        }
    }
}

/// The category of a slice, for filters and colours in the viewer.
fn state_category(state: State) -> &'static str {
    match state {
        State::Running => "cpu",
        State::Blocking => "block",
        State::Awaiting | State::Offloaded => "await",
        _ => "wait",
    }
}

#[cfg(test)]
mod tests;
