//! The traces of all lessons and of 200 random programs, one line each, e.g.
//! `program 7: 214 records, 93ab5c1d…`.
//!
//! A line has the name, the number of records and a hash. The same code runs natively and in
//! the browser's WebAssembly, and both must produce the committed lines. Other tests check that
//! the traces are right.

use model::trace::codec;
use model::trace::{Log, Record, Trace};
use sim::simulate;

use super::generate;

/// The expected lines.
pub(crate) const COMMITTED: &str = include_str!("../same_everywhere.txt");
const PROGRAMS: u64 = 200;

pub(crate) fn lines() -> String {
    let mut lines = lessons_lines();
    lines.extend((0..PROGRAMS).map(|seed| {
        let (workload, _) = generate::anything(seed);
        line(&format!("program {seed}"), &simulate(&workload))
    }));
    lines.join("\n") + "\n"
}

/// The differing lines, for a readable message.
pub(crate) fn differences(found: &str) -> Vec<String> {
    let mut committed = COMMITTED.lines();
    let mut found = found.lines();
    let mut differences = Vec::new();
    loop {
        match (committed.next(), found.next()) {
            (None, None) => return differences,
            (before, now) if before != now => differences.push(format!(
                "committed: {}, here: {}",
                before.unwrap_or("none"),
                now.unwrap_or("none")
            )),
            _ => {}
        }
    }
}

fn lessons_lines() -> Vec<String> {
    let variants = lessons::with_scripts()
        .iter()
        .flat_map(|lesson| &lesson.variants);
    variants
        .map(|variant| {
            let workload = script::parse(variant.script)
                .workload
                .expect("a lesson without errors");
            line(variant.file, &simulate(&workload))
        })
        .collect()
}

fn line(name: &str, trace: &Trace) -> String {
    let hash = fnv_1a(&bytes(trace));
    format!("{name}: {} records, {hash:016x}", trace.log.len())
}

/// The content of a trace, independent of the log's storage.
fn bytes(trace: &Trace) -> Vec<u8> {
    let without_log = Trace {
        log: Log::default(),
        ..trace.clone()
    };
    let mut bytes = codec::encode(&without_log);
    // An empty log ends the encoding with 8 bytes of counts.
    bytes.truncate(bytes.len() - 8);
    bytes.extend((trace.log.len() as u32).to_le_bytes());
    for record in trace.log.iter() {
        bytes.extend(record_bytes(&record));
    }
    bytes
}

/// A record field by field; the layout in memory may differ between targets.
fn record_bytes(record: &Record) -> [u8; 23] {
    let mut bytes = [0; 23];
    let cause = record.cause.map_or(u32::MAX, |cause| cause.0);
    bytes[..8].copy_from_slice(&record.at.as_nanos().to_le_bytes());
    bytes[8..12].copy_from_slice(&record.instance.0.to_le_bytes());
    bytes[12..16].copy_from_slice(&record.segment.0.to_le_bytes());
    bytes[16..20].copy_from_slice(&cause.to_le_bytes());
    bytes[20..22].copy_from_slice(&record.lane.0.to_le_bytes());
    bytes[22] = record.state as u8;
    bytes
}

/// The FNV-1a hash, whose result is the same on every platform and Rust version.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
