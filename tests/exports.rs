//! What other tools need to open our files, on any program.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::BTreeMap;

use loopscope::export;
use loopscope::sim::simulate;
use serde::Deserialize;
use support::{generate, python};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    trace_events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    ph: String,
    pid: u32,
    tid: u32,
    #[serde(default)]
    ts: f64,
    #[serde(default)]
    dur: f64,
}

/// Viewers move slices that overlap to rows of their own, or drop them.
#[test]
fn slices_of_one_row_never_overlap() {
    for seed in 0..500 {
        let (workload, text) = generate::anything(seed);
        let mut out = Vec::new();
        export::perfetto(&workload, &simulate(&workload), &mut out).expect("writing to memory");
        let file: File = serde_json::from_slice(&out).expect("valid JSON");
        let mut rows: BTreeMap<(u32, u32), Vec<(f64, f64)>> = BTreeMap::new();
        for event in file.trace_events.iter().filter(|event| event.ph == "X") {
            let row = rows.entry((event.pid, event.tid)).or_default();
            row.push((event.ts, event.ts + event.dur));
        }
        for (row, mut slices) in rows {
            slices.sort_by(|left, right| left.0.total_cmp(&right.0));
            for pair in slices.windows(2) {
                // Microseconds in binary: a sum may be off by a part of a nanosecond.
                let apart = pair[1].0 - pair[0].1 > -1e-4;
                assert!(apart, "seed {seed}, row {row:?}: {pair:?}\n{text}");
            }
        }
    }
}

/// `TEXT :[TAG, ]START, END`, with nothing in it that Mermaid would read otherwise.
#[test]
fn every_line_of_a_mermaid_chart_is_one_that_mermaid_knows() {
    for seed in 0..500 {
        let (workload, text) = generate::anything(seed);
        let chart = export::mermaid(&workload, &simulate(&workload));
        let body = chart.split_once("todayMarker off\n").expect("a head").1;
        for line in body.lines() {
            let known = match line.trim_start().strip_prefix("section ") {
                Some(name) => !name.contains([':', '#', ';', '%']),
                None => is_bar(line),
            };
            assert!(known, "seed {seed}: {line}\n{text}");
        }
    }
}

fn is_bar(line: &str) -> bool {
    let Some((name, data)) = line.split_once(" :") else {
        return false;
    };
    let mut words: Vec<&str> = data.split(", ").collect();
    if ["active", "crit", "done"].contains(&words[0]) {
        words.remove(0);
    }
    let numbers: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let plain = !name.contains([':', '#', ';', '%']);
    plain && words.len() == 2 && numbers.len() == 2 && numbers[0] < numbers[1]
}

#[test]
fn every_app_is_python() {
    python::require();
    let apps: Vec<String> = (0..300)
        .map(|seed| export::fastapi(&generate::anything(seed).0))
        .collect();
    python::compile(&apps);
}
