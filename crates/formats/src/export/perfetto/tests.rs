use serde_json::Value;

use super::*;
use model::trace::staged::stage;

fn written(text: &str) -> String {
    let (workload, trace) = stage(text);
    let mut out = Vec::new();
    perfetto("", &workload, &trace, &mut out).expect("writing to memory");
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// Compares the events of one phase with the lines of the file.
#[track_caller]
fn check(text: &str, phase: &str, expected: &[&str]) {
    let written = written(text);
    let _: Value = serde_json::from_str(&written).expect("valid JSON");
    let start = format!("{{\"ph\":\"{phase}\",");
    let lines: Vec<&str> = written
        .lines()
        .map(|line| line.trim_end_matches(','))
        .filter(|line| line.starts_with(&start))
        .collect();
    assert_eq!(lines, expected);
}

const HANDLER_AND_PRINT: &str = "
    def h: block 2
    task a: print hello, cpu 1
    h#1 handler
    h#1~1 part of h#1
    a#1 arrived
    0 h#1 ready
    0 a#1 ready
    0 h#1 offloaded
    0 h#1~1 blocking @0 on thread
    0 a#1 printed @1
    0 a#1 running @2 on loop
    1 a#1 done
    2 h#1~1 done
    2 h#1 ready by h#1~1
    2.5 h#1 done";

#[test]
fn slices_are_rows_of_instances_and_of_lanes() {
    check(
        HANDLER_AND_PRINT,
        "X",
        &[
            r#"{"ph":"X","name":"offloaded","pid":2,"tid":1,"ts":0.0,"dur":2000000.0,"cat":"await","args":{"line":1,"ended_by":"h"}}"#,
            r#"{"ph":"X","name":"ready","pid":2,"tid":1,"ts":2000000.0,"dur":500000.0,"cat":"wait","args":{"line":1}}"#,
            r#"{"ph":"X","name":"h: block","pid":1,"tid":1,"ts":0.0,"dur":2000000.0,"cat":"block","args":{"line":1}}"#,
            r#"{"ph":"X","name":"a: cpu","pid":1,"tid":2,"ts":0.0,"dur":1000000.0,"cat":"cpu","args":{"line":2}}"#,
            r#"{"ph":"X","name":"cpu","pid":2,"tid":3,"ts":0.0,"dur":1000000.0,"cat":"cpu","args":{"line":2}}"#,
        ],
    );
}

#[test]
fn an_arrow_goes_from_who_ended_a_wait_to_who_waited() {
    check(
        HANDLER_AND_PRINT,
        "s",
        &[r#"{"ph":"s","name":"wakes","pid":1,"tid":1,"ts":1999999.999,"cat":"wake","id":1}"#],
    );
    check(
        HANDLER_AND_PRINT,
        "f",
        &[
            r#"{"ph":"f","name":"wakes","pid":2,"tid":1,"ts":2000000.0,"cat":"wake","id":1,"bp":"e"}"#,
        ],
    );
}

#[test]
fn prints_are_instants_and_levels_are_counters() {
    check(
        HANDLER_AND_PRINT,
        "i",
        &[r#"{"ph":"i","name":"hello","pid":2,"tid":3,"ts":0.0,"s":"t"}"#],
    );
    check(
        HANDLER_AND_PRINT,
        "C",
        &[
            r#"{"ph":"C","name":"computing","pid":1,"tid":0,"ts":0.0,"args":{"count":1}}"#,
            r#"{"ph":"C","name":"computing","pid":1,"tid":0,"ts":1000000.0,"args":{"count":0}}"#,
            r#"{"ph":"C","name":"ready queue","pid":1,"tid":0,"ts":2000000.0,"args":{"count":1}}"#,
            r#"{"ph":"C","name":"ready queue","pid":1,"tid":0,"ts":2500000.0,"args":{"count":0}}"#,
        ],
    );
}

#[test]
fn every_process_and_row_has_a_name() {
    let text = written(HANDLER_AND_PRINT);
    for name in ["threads", "tasks", "thread 1", "loop", "h", "a"] {
        let named = format!("\"args\":{{\"name\":\"{name}\"}}");
        assert!(text.contains(&named), "{name}");
    }
}

#[test]
fn an_empty_trace_is_a_file_too() {
    let value: Value = serde_json::from_str(&written("")).expect("valid JSON");
    assert_eq!(value["otherData"]["kind"], "simulated");
}
