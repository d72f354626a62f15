//! The trace format `loopscope.trace/1`, which `loopscope open` reads: docs/trace-format.md.
//!
//! It contains every record, and the script, which supplies names and lines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use model::trace::{Ending, LaneId, State, Trace};

const SCHEMA: &str = "loopscope.trace/1";

/// The origin of a trace: its script, and the runtime if it was measured.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub script: &'a str,
    /// The runtime of a measured trace, e.g. `asyncio`. `None` for a simulated one.
    pub runtime: Option<&'a str>,
    pub versions: &'a BTreeMap<String, String>,
    /// Real seconds for a second of the script.
    pub scale: f64,
}

#[derive(Serialize)]
struct TraceHead<'a> {
    schema: &'static str,
    kind: &'static str,
    runtime: Option<&'a str>,
    versions: &'a BTreeMap<String, String>,
    scale: f64,
    script: &'a str,
    ending: &'static str,
    end_ns: u64,
    instances: Vec<(u32, u32, i64, &'static str, u16)>,
    lanes: Vec<(&'static str, u16)>,
}

/// Writes one JSON object, with one line for each record.
pub fn trace(origin: Origin<'_>, trace: &Trace, mut out: impl Write) -> io::Result<()> {
    let head = serde_json::to_string(&head(origin, trace))?;
    // The object stays open for the records, which are streamed: a trace may have millions.
    let head = head.strip_suffix('}').unwrap_or(&head);
    write!(out, "{head},\"records\":[")?;
    for (number, record) in trace.log.iter().enumerate() {
        let lane = match record.lane {
            LaneId::NONE => -1,
            LaneId(lane) => i64::from(lane),
        };
        let cause = record.cause.map_or(-1, |cause| i64::from(cause.0));
        let row: (u64, u32, State, i64, u32, i64) = (
            record.at.as_nanos(),
            record.instance.0,
            record.state,
            lane,
            record.segment.0,
            cause,
        );
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut out, &row)?;
    }
    out.write_all(b"\n]}\n")
}

fn head<'a>(origin: Origin<'a>, trace: &Trace) -> TraceHead<'a> {
    let instances = trace.instances.iter().map(|instance| {
        let parent = instance.parent.map_or(-1, |parent| i64::from(parent.0));
        (
            instance.task.0,
            instance.number,
            parent,
            instance.role.word(),
            instance.server,
        )
    });
    let lanes = trace
        .lanes
        .iter()
        .map(|lane| (lane.kind.word(), lane.server));
    TraceHead {
        schema: SCHEMA,
        kind: match origin.runtime {
            Some(_) => "measured",
            None => "simulated",
        },
        runtime: origin.runtime,
        versions: origin.versions,
        scale: origin.scale,
        script: origin.script,
        ending: match trace.ending {
            Ending::Finished => "finished",
            Ending::Until => "until",
            Ending::Deadlock(_) => "deadlock",
            Ending::Limit(_) => "limit",
        },
        end_ns: trace.end.as_nanos(),
        instances: instances.collect(),
        lanes: lanes.collect(),
    }
}
