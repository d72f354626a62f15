//! Tests of results: the exact text of a small run, and the schema for other runs.

use serde_json::Value;

use super::*;
use model::time::SimTime;
use model::trace::staged::stage;
use model::trace::{Deadlock, Limit, State, Trace, Waiter};
use model::workload::{Claim, Expectation, Place, SegmentId, Workload};

const SCHEMA_TEXT: &str = include_str!("../../../../docs/result.schema.json");

const PING: &str = "
    def ping: block 1
    task main: print hello, cpu 2
    ping#1 handler
    ping#1~1 part of ping#1
    main#1 arrived
    main#2 spawned of main#1
    0 ping#1 ready
    0 main#1 ready
    0 ping#1 queued_token
    0 ping#1 offloaded
    0 ping#1~1 blocking @0 on thread
    0 main#1 printed @1
    0 main#2 ready by main#1
    0 main#1 running @2 on loop
    1 ping#1~1 done
    2 main#1 done
    2 main#2 cancel_requested by main#1
    2 main#2 cancelled
    2 ping#1 ready by ping#1~1
    2 ping#1 done";

fn written(workload: &Workload, trace: &Trace, detail: Detail) -> String {
    let report = Report {
        run: &AnalysedRun::of(workload.clone(), trace.clone()),
        findings: &[],
        formula: None,
    };
    let mut out = Vec::new();
    write_json(report, detail, &mut out).expect("writing to memory");
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// Compares the values under `key`, each as one line of JSON.
#[track_caller]
fn check(key: &str, expected: &[&str]) {
    let (workload, trace) = stage(PING);
    let text = written(&workload, &trace, Detail::Full);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    let lines: Vec<String> = value[key]
        .as_array()
        .expect("a list")
        .iter()
        .map(Value::to_string)
        .collect();
    let expected: Vec<String> = expected
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("valid JSON"))
        .map(|value| value.to_string())
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn tasks_are_listed_in_order_of_creation_without_parts() {
    check(
        "tasks",
        &[
            r#"{"name":"ping","number":1,"role":"handler","parent":null,"server":1,"at_ns":0,"start_ns":0,"finish_ns":1000000000,"respond_ns":2000000000,"outcome":"done"}"#,
            r#"{"name":"main","number":1,"role":"arrived","parent":null,"server":1,"at_ns":0,"start_ns":0,"finish_ns":2000000000,"respond_ns":2000000000,"outcome":"done"}"#,
            r#"{"name":"main","number":2,"role":"spawned","parent":{"name":"main","number":1},"server":1,"at_ns":0,"start_ns":null,"finish_ns":2000000000,"respond_ns":null,"outcome":"cancelled"}"#,
        ],
    );
}

#[test]
fn events_stand_in_the_order_in_which_they_happened() {
    check(
        "events",
        &[
            r#"{"t_ns":0,"task":"ping","number":1,"kind":"arrive","line":1}"#,
            r#"{"t_ns":0,"task":"main","number":1,"kind":"arrive","line":1}"#,
            r#"{"t_ns":0,"task":"ping","number":1,"kind":"queue_token","line":1}"#,
            r#"{"t_ns":0,"task":"ping","number":1,"kind":"offload","line":1}"#,
            r#"{"t_ns":0,"task":"ping","number":1,"kind":"start","line":1,"lane":"thread 1","part":true}"#,
            r#"{"t_ns":0,"task":"ping","number":1,"kind":"block","line":1,"lane":"thread 1","part":true}"#,
            r#"{"t_ns":0,"task":"main","number":1,"kind":"start","line":2}"#,
            r#"{"t_ns":0,"task":"main","number":1,"kind":"print","line":2,"text":"hello"}"#,
            r#"{"t_ns":0,"task":"main","number":2,"kind":"arrive","line":1,"cause":{"name":"main","number":1}}"#,
            r#"{"t_ns":0,"task":"main","number":1,"kind":"run","line":2,"lane":"loop"}"#,
            r#"{"t_ns":1000000000,"task":"ping","number":1,"kind":"finish","line":1,"part":true}"#,
            r#"{"t_ns":2000000000,"task":"main","number":1,"kind":"finish","line":1}"#,
            r#"{"t_ns":2000000000,"task":"main","number":2,"kind":"cancel_requested","line":1,"cause":{"name":"main","number":1}}"#,
            r#"{"t_ns":2000000000,"task":"main","number":2,"kind":"cancel","line":1}"#,
            r#"{"t_ns":2000000000,"task":"ping","number":1,"kind":"wake","line":1,"cause":{"name":"ping","number":1}}"#,
            r#"{"t_ns":2000000000,"task":"ping","number":1,"kind":"respond","line":1}"#,
        ],
    );
}

#[test]
fn a_summary_has_numbers_instead_of_lists() {
    let (workload, trace) = stage(PING);
    let text = written(&workload, &trace, Detail::Summary);
    let expected = concat!(
        r#"{"schema":"loopscope.result/1","total_ns":2000000000,"ending":"finished","#,
        r#""counts":{"created":3,"done":2,"failed":0,"cancelled":1,"running":0},"#,
        r#""arrivals":{"created":2,"done":2,"failed":0,"cancelled":0,"running":0},"#,
        r#""percentiles":{"p50_ns":2000000000,"p95_ns":2000000000,"p99_ns":2000000000,"max_ns":2000000000},"#,
        r#""throughput_per_s":1.0,"#,
        r#""peaks":{"threads":1,"pool_queue":0,"#,
        r#""loop_lag_ns":2000000000,"loop_lag":{"task":{"name":"main","number":2},"at_ns":0},"#,
        r#""freeze_ns":2000000000,"freeze":{"task":{"name":"main","number":1},"at_ns":0}},"#,
        r#""cpu":{"used_ns":2000000000,"offered_ns":8000000000},"#,
        r#""lanes":[{"name":"thread 1","running_ns":0,"blocking_ns":1000000000,"waiting_ns":0},"#,
        r#"{"name":"loop","running_ns":2000000000,"blocking_ns":0,"waiting_ns":0}],"#,
        r#""by_task":[{"name":"ping","created":1,"done":1,"failed":0,"cancelled":0,"running":0,"#,
        r#""percentiles":{"p50_ns":2000000000,"p95_ns":2000000000,"p99_ns":2000000000,"max_ns":2000000000}},"#,
        r#"{"name":"main","created":2,"done":1,"failed":0,"cancelled":1,"running":0,"#,
        r#""percentiles":{"p50_ns":2000000000,"p95_ns":2000000000,"p99_ns":2000000000,"max_ns":2000000000}}],"#,
        r#""findings":[],"formula":null,"expectations":[],"limit":null,"deadlock":null}"#,
        "\n"
    );
    assert_eq!(text, expected);
}

/// Both forms of the result fit the published schema.
#[track_caller]
fn check_schema(workload: &Workload, trace: &Trace) {
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).expect("the schema is JSON");
    for detail in [Detail::Full, Detail::Summary] {
        let text = written(workload, trace, detail);
        let value: Value = serde_json::from_str(&text).expect("valid JSON");
        let mut problems = Vec::new();
        validate(&schema, &schema, &value, "$", &mut problems);
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

#[test]
fn results_fit_their_schema() {
    let (workload, trace) = stage(PING);
    check_schema(&workload, &trace);
}

#[test]
fn the_result_of_a_python_program_fits_the_schema() {
    let trace = include_bytes!("../../../../tests/traces/program.json");
    let (opened, program) = crate::import::open_with_program(trace).expect("a trace");
    let (mut workload, trace) = (opened.workload, opened.trace);
    let program = program.expect("it is of a program");
    program.rename(&mut workload);
    let report = Report {
        run: &AnalysedRun::of(workload, trace),
        findings: &[],
        formula: None,
    };
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).expect("the schema is JSON");
    for detail in [Detail::Full, Detail::Summary] {
        let mut out = Vec::new();
        write_program_json(report, &program, detail, &mut out).expect("writing to memory");
        let value: Value = serde_json::from_slice(&out).expect("valid JSON");
        let mut problems = Vec::new();
        validate(&schema, &schema, &value, "$", &mut problems);
        assert_eq!(problems, [""; 0], "{value:#}");
    }
}

#[test]
fn verdicts_limits_and_deadlocks_fit_the_schema() {
    let (mut workload, mut trace) = stage(
        "task a: yield
         a#1 arrived
         0 a#1 ready
         0 a#1 waiting_permit @0",
    );
    workload.expectations.push(Expectation {
        claim: Claim::Deadlock,
        text: "expect deadlock".to_owned(),
        place: Place::default(),
    });
    trace.ending = Ending::Limit(Limit::Steps);
    check_schema(&workload, &trace);
    trace.ending = Ending::Deadlock(Deadlock {
        at: SimTime::ZERO,
        waiters: vec![Waiter {
            instance: InstanceId(0),
            state: State::WaitingPermit,
            segment: SegmentId(0),
            resource: None,
            held_by: vec![InstanceId(0)],
        }],
        cycle: vec![0],
    });
    // Line 0: a segment that no line of the script holds.
    workload.places[0].line = 0;
    check_schema(&workload, &trace);
    let text = written(&workload, &trace, Detail::Full);
    let value: Value = serde_json::from_str(&text).expect("valid JSON");
    assert_eq!(value["deadlock"]["waiters"][0]["state"], "waiting_permit");
    assert_eq!(value["deadlock"]["waiters"][0]["line"], Value::Null);
    assert_eq!(value["expectations"][0]["holds"], true);
}

#[test]
fn a_run_with_everything_in_it_fits_the_schema() {
    let text = "
pool 1
jobs 1
lock m
async def main:
    print \"hello\"
    gather 2 fetch
    spawn fetch as h
    cancel h
    thread work
    process work
    executor:
        block 1
    send work
    timeout 1:
        with m:
            await 5
    respond
    yield
    fail \"broken\"
fetch: await 1 -> cpu 1
def work: cpu 1
def ping: block 1
run main
run 3 ping every 100ms
until 1min
expect total 9s
";
    let workload = script::parse(text).workload.expect("a valid script");
    check_schema(&workload, &sim::simulate(&workload));
}

#[test]
fn an_empty_run_is_a_result_too() {
    let (workload, trace) = stage("");
    check_schema(&workload, &trace);
}

#[test]
fn the_validator_can_say_no() {
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).expect("the schema is JSON");
    let problems = |text: &str| {
        let value: Value = serde_json::from_str(text).expect("valid JSON");
        let mut problems = Vec::new();
        validate(&schema, &schema, &value, "$", &mut problems);
        problems
    };
    let head = r#""schema":"loopscope.result/1","total_ns":0,"ending":"finished","findings":[],"formula":null,"expectations":[],"limit":null,"deadlock":null"#;
    let none: [&str; 0] = [];
    assert_eq!(
        problems(&format!(r#"{{{head},"tasks":[],"events":[]}}"#)),
        none
    );
    assert_eq!(
        problems(&format!("{{{head}}}")),
        ["$: fits 0 of the alternatives"]
    );
    assert_eq!(
        problems(&format!(
            r#"{{{head},"tasks":[],"events":[{{"t_ns":-1,"task":"a","number":1,"kind":"dance","x":1}}]}}"#
        )),
        [
            "$.events[0]: has an unknown field `x`",
            "$.events[0].kind: \"dance\" is none of the allowed",
            "$.events[0].t_ns: is below 0",
        ]
    );
}

/// Checks a value against the part of JSON Schema that the document uses. An unknown keyword
/// fails, so that no rule is ignored.
fn validate(root: &Value, schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    let keywords = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in keywords {
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" => {}
            "$ref" => {
                let pointer = rule.as_str().expect("a pointer").trim_start_matches('#');
                let target = root.pointer(pointer).expect("a definition");
                validate(root, target, value, path, problems);
            }
            "type" => {
                let allowed = rule.as_array().cloned().unwrap_or(vec![rule.clone()]);
                if !allowed.iter().any(|name| has_type(value, name)) {
                    problems.push(format!("{path}: is not {rule}"));
                }
            }
            "const" if value != rule => problems.push(format!("{path}: is not {rule}")),
            "const" => {}
            "enum" => {
                if !rule.as_array().expect("a list").contains(value) {
                    problems.push(format!("{path}: {value} is none of the allowed"));
                }
            }
            "minimum" => {
                let least = rule.as_f64().expect("a number");
                if value.as_f64().is_some_and(|number| number < least) {
                    problems.push(format!("{path}: is below {least}"));
                }
            }
            "required" => {
                for name in rule.as_array().expect("a list") {
                    let name = name.as_str().expect("a name");
                    if value.is_object() && value.get(name).is_none() {
                        problems.push(format!("{path}: lacks `{name}`"));
                    }
                }
            }
            "properties" => {
                for (name, schema) in rule.as_object().expect("an object") {
                    if let Some(value) = value.get(name) {
                        let path = format!("{path}.{name}");
                        validate(root, schema, value, &path, problems);
                    }
                }
            }
            "additionalProperties" => {
                let fields = value.as_object().into_iter().flatten();
                for (name, _) in fields.filter(|(name, _)| schema["properties"].get(name).is_none())
                {
                    problems.push(format!("{path}: has an unknown field `{name}`"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(root, rule, item, &format!("{path}[{index}]"), problems);
                }
            }
            "oneOf" => {
                let fits = rule.as_array().expect("a list").iter().filter(|schema| {
                    let mut problems = Vec::new();
                    validate(root, schema, value, path, &mut problems);
                    problems.is_empty()
                });
                match fits.count() {
                    1 => {}
                    count => problems.push(format!("{path}: fits {count} of the alternatives")),
                }
            }
            _ => panic!("`{keyword}` is not checked"),
        }
    }
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type's name") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        name => panic!("no type `{name}`"),
    }
}
