//! Opening traces from files: our own survive a round trip, those of other tools are drawn, and no
//! file causes a panic.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::BTreeMap;

use chart::scene::rows::By;
use chart::standalone::{ChartOptions, TextOptions, draw_svg, draw_text};
use formats::export;
use formats::export::trace::{Origin, trace};
use formats::import::{OpenError, Opened, Source, open};
use model::trace::codec;
use model::trace::{AnalysedRun, Ending, Trace, critical};
use proptest::prelude::*;
use serde_json::{Value, json};
use sim::simulate;
use support::generate;

const VIZTRACER: &str = include_str!("traces/viztracer.json");

fn written(script: &str, simulated: &Trace) -> Vec<u8> {
    let origin = Origin {
        script,
        runtime: None,
        versions: &BTreeMap::new(),
        scale: 1.0,
    };
    let mut bytes = Vec::new();
    trace(origin, simulated, &mut bytes).expect("writing to memory");
    bytes
}

fn analysed(opened: &Opened) -> AnalysedRun {
    AnalysedRun::of(opened.workload.clone(), opened.trace.clone())
}

/// Draws a trace in every way that `open` offers.
fn draw(run: &AnalysedRun) -> String {
    let chart = ChartOptions::default();
    let by_threads = ChartOptions {
        by: By::Threads,
        ..ChartOptions::default()
    };
    draw_svg(run, &by_threads);
    draw_svg(run, &chart);
    draw_text(run, &TextOptions::default())
}

/// Uses a trace in every way that the page offers: the chart, the numbers, the files of the Share
/// dialog.
fn use_fully(opened: &Opened) {
    let run = analysed(opened);
    draw(&run);
    let (workload, trace) = (run.workload(), run.trace());
    let _ = run.summary();
    let _ = critical::critical_path(trace, run.spans());
    trace.lane_names();
    export::perfetto("", workload, trace, std::io::sink()).expect("writing to nothing");
    export::mermaid(workload, trace);
    written("a: await 1", trace);
}

fn events(events: &Value) -> Result<Opened, OpenError> {
    open(json!({ "traceEvents": events }).to_string().as_bytes())
}

/// The trace in a file of ours is the simulated one.
#[track_caller]
fn check_comes_back(file: &[u8], simulated: &Trace, text: &str) {
    let opened = open(file).expect("it is ours");
    assert_eq!(opened.left_out, 0, "{text}");
    let mut expected = simulated.clone();
    if !matches!(expected.ending, Ending::Until) {
        // The file does not contain the waits that form a deadlock.
        expected.ending = Ending::Finished;
    }
    let found = opened.trace;
    assert_eq!(found.instances, expected.instances, "{text}");
    assert_eq!(found.lanes, expected.lanes, "{text}");
    for (found, expected) in found.log.iter().zip(expected.log.iter()) {
        assert_eq!(found, expected, "{text}");
    }
    // Not `assert_eq`: two whole traces would fill the terminal.
    assert!(found == expected, "{text}");
}

#[test]
fn our_own_files_come_back_as_they_were() {
    for seed in 0..300 {
        let (workload, text) = generate::anything(seed);
        let simulated = simulate(&workload);
        // `open` refuses a trace without records.
        if simulated.log.is_empty() {
            continue;
        }
        check_comes_back(&written(&text, &simulated), &simulated, &text);
        let mut for_perfetto = Vec::new();
        export::perfetto(&text, &workload, &simulated, &mut for_perfetto).expect("to memory");
        check_comes_back(&for_perfetto, &simulated, &text);
    }
}

#[test]
fn a_real_trace_of_viztracer_is_drawn() {
    let opened = open(VIZTRACER.as_bytes()).expect("a trace");
    let names: Vec<&str> = opened
        .workload
        .tasks
        .iter()
        .map(|task| task.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["MainThread", "make_pasta", "make_toast", "asyncio_0"]
    );
    assert_eq!(opened.trace.end.as_nanos() / 1_000_000, 60);
    let drawn = draw(&analysed(&opened));
    assert!(drawn.contains("blocking a thread"), "{drawn}");
}

#[test]
fn beginnings_and_ends_make_slices_and_the_rest_is_counted() {
    let opened = events(&json!([
        { "ph": "B", "pid": 1, "tid": 2, "ts": 1000, "name": "outer" },
        { "ph": "X", "pid": 1, "tid": 2, "ts": 1500, "dur": 100, "name": "time.sleep" },
        { "ph": "E", "pid": 1, "tid": 2, "ts": 2000 },
        { "ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": { "name": "worker" } },
        { "ph": "E", "pid": 1, "tid": 2, "ts": 3000 },
        { "ph": "i", "pid": 1, "tid": 2, "ts": 1200, "name": "instant" },
        { "ph": "X", "pid": 1, "tid": 2, "ts": 0, "dur": -5, "name": "backwards" },
        { "ph": "X", "pid": 1, "tid": 2, "ts": 1e30, "dur": 5, "name": "beyond all time" },
        { "ph": 7 },
        "no event",
    ]));
    let opened = opened.expect("a trace");
    // The second `E`, the instant, the last two slices, the phase 7, and the string.
    assert_eq!(opened.left_out, 6);
    assert_eq!(opened.workload.tasks[0].name, "worker");
    assert_eq!(opened.trace.end.as_nanos(), 1_000_000);
    draw(&analysed(&opened));
}

#[test]
fn a_list_of_events_alone_is_a_trace_too() {
    let list = r#" [{"ph":"X","pid":1,"tid":1,"ts":0,"dur":1000,"name":"f (a.py:3)"}]"#;
    let opened = open(list.as_bytes()).expect("a trace");
    assert_eq!(opened.workload.places[0].line, 3);
}

#[test]
fn what_is_no_trace_is_refused_with_its_reason() {
    assert!(matches!(open(b""), Err(OpenError::Unreadable(_))));
    assert!(matches!(open(b"{"), Err(OpenError::Unreadable(_))));
    assert_eq!(open(b"{}"), Err(OpenError::NoTrace));
    assert_eq!(open(b"[]"), Err(OpenError::Empty));
    assert_eq!(
        open(br#"{"schema":"loopscope.result/1"}"#),
        Err(OpenError::NoTrace)
    );
    // Deep enough to overflow the stack of a recursive parser without a depth limit.
    let deep = "[".repeat(100_000);
    assert!(matches!(
        open(deep.as_bytes()),
        Err(OpenError::Unreadable(_))
    ));
    let broken = written(
        "a: await 1",
        &simulate(&model::workload::Workload::default()),
    );
    assert_eq!(open(&broken), Err(OpenError::Empty));
    let text = String::from_utf8(broken).expect("text");
    assert_eq!(
        open(text.replace("await", "awiat").as_bytes()),
        Err(OpenError::Script)
    );
    assert_eq!(
        open(&vec![b' '; formats::import::FILE_BYTES_MAX + 1]),
        Err(OpenError::TooLarge)
    );
}

/// One of our own files with these server numbers for its one instance and its one lane.
fn of_servers(instance: u16, lane: u16) -> Opened {
    let file = json!({
        "schema": "loopscope.trace/1", "script": "servers 2\na: cpu 1\nrun a",
        "instances": [[0, 1, -1, "arrived", instance]], "lanes": [["loop", lane]],
        "records": [[0, 0, "ready", -1, 0, -1], [0, 0, "running", 0, 0, -1], [9, 0, "done", -1, 0, -1]],
        "ending": "finished", "end_ns": 9,
    });
    open(file.to_string().as_bytes()).expect("a trace")
}

#[test]
fn a_trace_of_a_server_that_the_script_has_not_can_be_shared() {
    for server in [2, 9_999, u16::MAX] {
        for opened in [of_servers(server, 0), of_servers(0, server)] {
            use_fully(&opened);
            assert_eq!(opened.left_out, 0);
        }
        let last = of_servers(server, server);
        assert!(last.trace.servers() <= model::limits::SERVERS_MAX);
    }
}

#[test]
fn a_trace_of_several_processes_can_be_shared() {
    let opened = events(&json!([
        { "ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 100, "name": "f" },
        { "ph": "X", "pid": 7, "tid": 7, "ts": 50, "dur": 100, "name": "g" },
        { "ph": "X", "pid": 9, "tid": 9, "ts": 60, "dur": 100, "name": "h" },
    ]));
    let opened = opened.expect("a trace");
    assert_eq!(opened.workload.machine.servers, 3);
    use_fully(&opened);
}

/// Numbers that are out of range in most places of a trace.
fn odd_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-2..12_i64).prop_map(|number| json!(number)),
        Just(json!(u16::MAX)),
        Just(json!(u16::MAX - 1)),
        Just(json!(u32::MAX)),
        Just(json!(u32::MAX - 1)),
        Just(json!(i64::MAX)),
        Just(json!(u64::MAX)),
        any::<u16>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
    ]
}

/// All numbers of a file, in document order.
fn numbers(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::Number(_) => vec![value],
        Value::Array(all) => all.iter_mut().flat_map(numbers).collect(),
        Value::Object(all) => all.values_mut().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("X")),
        Just(json!("B")),
        Just(json!("E")),
        Just(json!("M")),
        Just(json!("i")),
        Just(json!("thread_name")),
        Just(json!("Task-1")),
        Just(json!("time.sleep")),
        Just(json!("f (x.py:99999999999)")),
        Just(json!("<img onerror=1>")),
        Just(json!({ "name": "Task-7" })),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        (-10..10_000_i64).prop_map(|number| json!(number)),
        Just(Value::Null),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    let keys = prop_oneof![
        Just("ph"),
        Just("pid"),
        Just("tid"),
        Just("ts"),
        Just("dur"),
        Just("name"),
        Just("args")
    ];
    let phases = prop_oneof![Just("X"), Just("B"), Just("E"), Just("M")];
    let usual = (phases, 0..3_i64, 0..4_i64, 0..5_000_i64, 0..2_000_i64);
    (usual, proptest::collection::vec((keys, word()), 0..3)).prop_map(
        |((ph, pid, tid, ts, dur), odd)| {
            let mut event =
                json!({ "ph": ph, "pid": pid, "tid": tid, "ts": ts, "dur": dur, "name": "f" });
            for (key, value) in odd {
                event[key] = value;
            }
            event
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open(&bytes);
    }

    #[test]
    fn no_events_make_it_or_the_chart_panic(all in proptest::collection::vec(event(), 0..40)) {
        if let Ok(opened) = events(&Value::Array(all)) {
            let run = analysed(&opened);
            let svg = draw_svg(&run, &ChartOptions::default());
            prop_assert!(!svg.contains("<img"));
            draw(&run);
        }
    }

    /// Files in our own format with arbitrary numbers.
    #[test]
    fn no_records_make_it_or_the_chart_panic(
        instances in proptest::collection::vec((any::<u32>(), any::<u32>(), -2..5_i64, 0..9_usize, 0..3_u16), 0..5),
        lanes in proptest::collection::vec(0..2_u16, 0..3),
        records in proptest::collection::vec((0..50_u64, 0..6_u32, 0..26_usize, -1..4_i64, 0..9_u32, -2..6_i64), 0..40),
        end in any::<u64>(),
    ) {
        let roles = ["arrived", "handler", "spawned", "gathered", "grouped", "shielded", "offloaded", "sent", "part"];
        let instances: Vec<Value> = instances.iter().map(|&(task, number, parent, role, server)| json!([task, number, parent, roles[role], server])).collect();
        let lanes: Vec<Value> = lanes.iter().map(|server| json!(["loop", server])).collect();
        let records: Vec<Value> = records.iter().map(|&(at, who, state, lane, segment, cause)| {
            json!([at, who, model::trace::State::ALL[state], lane, segment, cause])
        }).collect();
        let file = json!({
            "schema": "loopscope.trace/1", "script": "a: await 1 -> cpu 2\nb: spawn a as h -> wait h\nrun b",
            "instances": instances, "lanes": lanes, "records": records, "ending": "finished", "end_ns": end,
        });
        if let Ok(opened) = open(file.to_string().as_bytes()) {
            draw(&analysed(&opened));
        }
    }

    /// Our own file of a simulated run with some of its numbers replaced.
    #[test]
    fn no_numbers_in_a_file_make_anything_of_it_panic(
        seed in 0..300_u64,
        odd in proptest::collection::vec((any::<prop::sample::Index>(), odd_number()), 1..6),
    ) {
        let (workload, text) = generate::anything(seed);
        let file = written(&text, &simulate(&workload));
        let mut file: Value = serde_json::from_slice(&file).expect("our own");
        for (place, number) in odd {
            let mut places = numbers(&mut file);
            let place = place.index(places.len());
            *places[place] = number;
        }
        if let Ok(opened) = open(file.to_string().as_bytes()) {
            prop_assert!(opened.trace.is_of(&opened.workload));
            use_fully(&opened);
        }
    }

    /// The binary form that a worker sends to the page, with some of its bytes replaced.
    #[test]
    fn no_bytes_off_the_wire_make_anything_of_a_trace_panic(
        seed in 0..300_u64,
        odd in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (workload, text) = generate::anything(seed);
        let mut bytes = codec::encode(&simulate(&workload));
        for (place, byte) in odd {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let decoded = codec::decode(&bytes);
        if let Some(trace) = decoded.filter(|trace| trace.is_of(&workload)) {
            let source = Source::Script(text);
            use_fully(&Opened { workload, trace, source, left_out: 0 });
        }
    }
}
