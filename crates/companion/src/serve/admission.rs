//! The admission of a run: parses the body of `/api/verify` and checks it against the limits.
//!
//! The body has a script, a runtime's name and a few numbers, e.g.
//! `{"script": "a: await 1", "runtime": "tokio"}`. Other fields are refused.

use hyper::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answer::ErrorAnswer;
use crate::verify::{RunScale, Runtime, Tolerance, VerifyOptions};
use model::time::SimTime;
use model::trace::{Ending, LaneKind, Trace};
use model::workload::Workload;
use sim::{Simulation, SimulationProgress};
use texts::Language;

/// Bytes of a request, including the escapes in the script's JSON string.
pub(super) const BODY_MAX: usize = 256 * 1024;
/// The predicted time of all runs of a request together, in real seconds.
pub(super) const SECONDS_MAX: u64 = 60;
pub(super) const RUNS_MAX: u32 = 10;
/// The number of instances: arrivals and children together.
pub(super) const TASKS_MAX: usize = 10_000;
/// The number of threads and processes.
pub(super) const LANES_MAX: usize = 256;
/// The number of processes among them. Each needs tens of megabytes.
const PROCESSES_MAX: u32 = 16;
/// The limits of the simulation. Scripts within the limits above do not reach them.
const RECORDS_MAX: u64 = 500_000;
const STEPS_MAX: u64 = 5_000_000;

/// The body of a request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    script: String,
    runtime: String,
    #[serde(default = "default_scale")]
    scale: f64,
    #[serde(default = "default_runs")]
    runs: u32,
    #[serde(default = "default_percent")]
    tolerance: f64,
    #[serde(default)]
    lang: String,
}

fn default_scale() -> f64 {
    1.0
}

fn default_runs() -> u32 {
    3
}

fn default_percent() -> f64 {
    Tolerance::PERCENT
}

/// An admitted run.
#[derive(Debug)]
pub(super) struct AdmittedRun {
    pub(super) workload: Workload,
    pub(super) options: VerifyOptions,
    pub(super) language: Language,
    /// The predicted time of one run.
    pub(super) run_ns: u64,
}

fn parse_language(tag: &str) -> Result<Language, ErrorAnswer> {
    let known = Language::ALL.iter().find(|known| known.tag() == tag);
    known.copied().ok_or_else(|| {
        let tags: Vec<String> = Language::ALL
            .iter()
            .map(|known| format!("`{}`", known.tag()))
            .collect();
        wrong_request(&format!("no language `{tag}`; write {}", tags.join(" or ")))
    })
}

/// Parses and checks a body. Simulates the script, so it can take a fraction of a second.
pub(super) fn admit(body: &[u8]) -> Result<AdmittedRun, ErrorAnswer> {
    let asked: Asked = parse_object(body)?;
    // First, so that later messages are in this language.
    let language = match asked.lang.as_str() {
        "" => Language::En,
        tag => parse_language(tag)?,
    };
    let options = parse_options(&asked)?;
    let parsed = script::parse(&asked.script);
    let Some(workload) = parsed.workload else {
        let errors = parsed.diagnostics.iter().find(|problem| problem.is_error());
        let message = errors.map_or_else(String::new, |problem| problem.message(language));
        return Err(ErrorAnswer::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_script",
            &message,
        ));
    };
    let run_ns = weigh_work(&workload, &options).map_err(|what| too_much(&what))?;
    Ok(AdmittedRun {
        workload,
        options,
        language,
        run_ns,
    })
}

/// Parses a JSON object. Serde would also accept an array of the fields' values, which is not
/// part of the contract.
pub(super) fn parse_object<T: DeserializeOwned>(body: &[u8]) -> Result<T, ErrorAnswer> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(wrong_request("write one JSON object, `{…}`"));
    }
    serde_json::from_slice(body).map_err(|error| wrong_request(&error.to_string()))
}

fn parse_options(asked: &Asked) -> Result<VerifyOptions, ErrorAnswer> {
    let runtime = Runtime::ALL
        .into_iter()
        .find(|each| each.word() == asked.runtime);
    let runtime = runtime.ok_or_else(|| {
        let known = Runtime::ALL.map(|each| format!("`{each}`")).join(", ");
        wrong_request(&format!(
            "no runtime `{}`; write one of {known}",
            asked.runtime
        ))
    })?;
    if !(1..=RUNS_MAX).contains(&asked.runs) {
        return Err(wrong_request(&format!(
            "`runs` is {}; write 1 to {RUNS_MAX}",
            asked.runs
        )));
    }
    // Refuses NaN, too, which is in no range.
    if !(0.0..=100.0).contains(&asked.tolerance) {
        return Err(wrong_request("`tolerance` is a number from 0 to 100"));
    }
    Ok(VerifyOptions {
        runtime,
        scale: RunScale::new(asked.scale)
            .ok_or_else(|| wrong_request("`scale` is a number from 0.001 to 1000"))?,
        runs: asked.runs,
        percent: asked.tolerance,
        costs: None,
        limit: None,
    })
}

/// The predicted time of one run in nanoseconds, or the limit that the script exceeds.
fn weigh_work(workload: &Workload, options: &VerifyOptions) -> Result<u64, String> {
    let machine = &workload.machine;
    for (what, count, most) in [
        ("servers", machine.servers, PROCESSES_MAX),
        ("jobs", machine.jobs, PROCESSES_MAX),
    ] {
        if count > most {
            return Err(format!("`{what} {count}`: at most {most} run here"));
        }
    }
    // Before the simulation, which would create all arrivals of `run 20000 a` at once.
    let arrivals = workload.runs.iter().map(|run| run.count);
    let arrivals = arrivals.fold(0, u64::saturating_add);
    if arrivals > TASKS_MAX as u64 {
        return Err(format!(
            "{arrivals} tasks arrive: at most {TASKS_MAX} run here"
        ));
    }
    let trace = bounded_trace(workload).ok_or("it takes too many steps")?;
    let tasks = trace.instances.len();
    if tasks > TASKS_MAX {
        return Err(format!("{tasks} tasks run: at most {TASKS_MAX} do here"));
    }
    // On the runtime `threads` each task is a thread, which the simulation does not know.
    let lanes = match options.runtime {
        Runtime::Threads => trace.lanes.len().max(tasks),
        _ => trace.lanes.len(),
    };
    let processes = trace
        .lanes
        .iter()
        .filter(|lane| lane.kind == LaneKind::ProcessWorker);
    if lanes > LANES_MAX || processes.count() > PROCESSES_MAX as usize {
        return Err(format!(
            "{lanes} threads and processes are at work: at most {LANES_MAX} are here, {PROCESSES_MAX} of them processes"
        ));
    }
    let one = trace.end.since(SimTime::ZERO).as_nanos() as f64 / 1e9 * options.scale.factor();
    let all = one * f64::from(options.runs);
    if all > SECONDS_MAX as f64 {
        Err(format!(
            "the runs would take {all:.0} s: at most {SECONDS_MAX} s are given here; ask for a smaller `scale` or fewer `runs`"
        ))
    } else {
        Ok((one * 1e9) as u64)
    }
}

/// The prediction, or `None` if it exceeds the limits of the simulation.
fn bounded_trace(workload: &Workload) -> Option<Trace> {
    let mut simulation = Simulation::new(workload);
    simulation.keep_at_most(RECORDS_MAX);
    let over = simulation.advance(STEPS_MAX) == SimulationProgress::Over;
    let trace = over.then(|| simulation.into_trace())?;
    (!matches!(trace.ending, Ending::Limit(_))).then_some(trace)
}

fn wrong_request(message: &str) -> ErrorAnswer {
    ErrorAnswer::new(StatusCode::BAD_REQUEST, "bad_request", message)
}

fn too_much(message: &str) -> ErrorAnswer {
    ErrorAnswer::new(StatusCode::UNPROCESSABLE_ENTITY, "too_much", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Result<(), (&str, &str)>) {
        match (admit(body.as_bytes()), expected) {
            (Ok(_), Ok(())) => {}
            (Err(refusal), Err((code, words))) => {
                assert_eq!(refusal.code, code, "{}", refusal.message);
                assert!(refusal.message.contains(words), "{}", refusal.message);
            }
            (judged, _) => panic!("{body}: {judged:?}"),
        }
    }

    fn on(runtime: &str, script: &str) -> String {
        serde_json::json!({ "script": script, "runtime": runtime }).to_string()
    }

    #[test]
    fn a_script_a_runtime_and_numbers_are_all_that_can_be_said() {
        check(&on("asyncio", "a: await 1"), Ok(()));
        check(
            r#"{"script":"a: await 1","runtime":"tokio","scale":0.1,"runs":1,"tolerance":9,"lang":"ko"}"#,
            Ok(()),
        );
        check(
            r#"{"script":"a: await 1","runtime":"asyncio","python":"/bin/sh"}"#,
            Err(("bad_request", "python")),
        );
        check(
            &on("bash", "a: await 1"),
            Err(("bad_request", "no runtime `bash`")),
        );
        check(
            r#"{"script":"a: await 1","runtime":"asyncio","runs":11}"#,
            Err(("bad_request", "1 to 10")),
        );
        check(
            r#"{"script":"a: await 1","runtime":"asyncio","scale":1e300}"#,
            Err(("bad_request", "scale")),
        );
        check("{", Err(("bad_request", "EOF")));
        for no_object in ["", "[", "1", r#"["a: await 1","tokio",1,1,5,"en"]"#] {
            check(no_object, Err(("bad_request", "one JSON object")));
        }
        check(
            &on("asyncio", "a: awiat 1"),
            Err(("invalid_script", "awiat")),
        );
    }

    #[test]
    fn little_enough_of_everything() {
        let too_much = |words| Err(("too_much", words));
        check(
            &on("asyncio", "a: await 1ms\nrun 20000 a"),
            too_much("20000 tasks"),
        );
        check(
            &on("asyncio", "b: await 1ms\na: repeat 20000: (spawn b)\nrun a"),
            too_much("tasks run"),
        );
        check(
            &on("asyncio", "a: forever: (yield)"),
            too_much("too many steps"),
        );
        check(
            &on("asyncio", "pool 1000\ndef a: block 1ms\nrun 400 a"),
            too_much("threads"),
        );
        check(
            &on("threads", "a: await 1ms\nrun 300 a"),
            too_much("300 threads"),
        );
        check(
            &on(
                "asyncio",
                "processes 40\ndef b: cpu 1ms\na: process b\nrun 40 a",
            ),
            too_much("of them processes"),
        );
        check(
            &on("fastapi", "servers 200\na: await 1ms"),
            too_much("servers 200"),
        );
        check(
            &on("celery", "jobs 99\ndef b: cpu 1ms\na: send b\nrun a"),
            too_much("jobs 99"),
        );
        check(&on("asyncio", "a: await 1h"), too_much("smaller `scale`"));
    }
}
