//! Measures the simulator: `simulate CASE N` prints one line of JSON, e.g. `simulate tasks 100000`.
//!
//! `tools/bench.py` runs one process per measurement, so that the peak memory is that of one case.

#![allow(clippy::print_stdout)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

use model::time::{SimDuration, SimTime};
use model::trace::Ending;
use model::workload::{
    Arrivals, Executor, Length, Machine, Place, Run, Segment, SegmentId, SegmentKind, Task,
    TaskIndex, TaskKind, Work, Workload,
};
use sim::simulate;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        // `cargo bench` adds `--bench`.
        .filter(|argument| !argument.starts_with("--"));
    let case = arguments.next().unwrap_or_else(|| "tasks".to_owned());
    let n: u64 = arguments
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let before = peak_kib();
    let started = Instant::now();
    let (records, total) = match case.as_str() {
        "tasks" => measure(&offloading_tasks(n)),
        "gil" => measure(&computing_threads(n)),
        "heap" => (0, bare_heap(n)),
        other => panic!("no case `{other}`: tasks, gil, heap"),
    };
    let seconds = started.elapsed().as_secs_f64();
    let kib = peak_kib().saturating_sub(before);
    println!(
        r#"{{"case":"{case}","n":{n},"seconds":{seconds:.6},"peak_kib":{kib},"records":{records},"total_ns":{total}}}"#
    );
}

fn measure(workload: &Workload) -> (usize, u64) {
    let trace = simulate(workload);
    assert_eq!(
        trace.ending,
        Ending::Finished,
        "the bench's script ends by itself"
    );
    let figures = (trace.log.len(), trace.end.as_nanos());
    // The trace is the result; freeing it is not part of producing it.
    std::mem::forget(trace);
    figures
}

/// `run n t` with `t: await 1 -> thread (block 1) -> await 2`.
fn offloading_tasks(n: u64) -> Workload {
    let work = Work::Body(vec![segment(
        2,
        SegmentKind::Block {
            length: seconds(1),
            label: None,
        },
    )]);
    let body = vec![
        segment(
            0,
            SegmentKind::Await {
                length: seconds(1),
                label: None,
            },
        ),
        segment(
            1,
            SegmentKind::Offload {
                to: Executor::Pool,
                work,
            },
        ),
        segment(
            3,
            SegmentKind::Await {
                length: seconds(2),
                label: None,
            },
        ),
    ];
    workload(TaskKind::Async, body, n, Machine::default())
}

/// `run 40 t` with `def t: cpu (n seconds / 40)`: n seconds of computing under the GIL.
fn computing_threads(n: u64) -> Workload {
    let length = Length::Fixed(SimDuration::from_millis(n * 1_000 / 40));
    let body = vec![segment(
        0,
        SegmentKind::Cpu {
            length,
            label: None,
        },
    )];
    workload(TaskKind::Sync, body, 40, Machine::default())
}

fn workload(kind: TaskKind, body: Vec<Segment>, count: u64, machine: Machine) -> Workload {
    let place = Place::default();
    Workload {
        machine,
        tasks: vec![Task {
            name: "t".to_owned(),
            kind,
            body,
            handles: Vec::new(),
            place,
        }],
        runs: vec![Run {
            task: TaskIndex(0),
            count,
            arrivals: Arrivals::Together {
                at: SimDuration::ZERO,
            },
            place,
        }],
        places: vec![place; 4],
        ..Workload::default()
    }
}

fn segment(id: u32, kind: SegmentKind) -> Segment {
    Segment {
        id: SegmentId(id),
        kind,
    }
}

fn seconds(seconds: u64) -> Length {
    Length::Fixed(SimDuration::from_secs(seconds))
}

/// A lower bound for comparison: the three events of each task through a binary heap, and no other
/// work.
fn bare_heap(n: u64) -> u64 {
    let second = SimDuration::SECOND;
    let mut heap = BinaryHeap::new();
    let mut sequence = 0_u64;
    let mut push = |heap: &mut BinaryHeap<_>, at: SimTime, stage: u8| {
        sequence += 1;
        heap.push(Reverse((at, sequence, stage)));
    };
    for _ in 0..n {
        push(&mut heap, SimTime::ZERO + second, 0);
    }
    let mut free_at = [SimTime::ZERO; 40];
    let mut next = 0;
    let mut end = SimTime::ZERO;
    while let Some(Reverse((now, _, stage))) = heap.pop() {
        end = now;
        match stage {
            0 => {
                let start = now.max(free_at[next]);
                free_at[next] = start + second;
                push(&mut heap, free_at[next], 1);
                next = (next + 1) % free_at.len();
            }
            1 => push(&mut heap, now + second.saturating_mul(2), 2),
            _ => {}
        }
    }
    end.as_nanos()
}

/// The peak resident memory of this process.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
