//! `calibrate` measures the costs of this machine's Python, and predictions use them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Place, run};

fn calibrate(place: &Place) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command
        .args(["calibrate", "-o", "costs.json"])
        .current_dir(place.path())
        .env("TMPDIR", place.path().join("tmp"))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn measured_costs_change_predictions() {
    let place = Place::new();
    let output = run(calibrate(&place));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(place.leftovers(), Vec::<PathBuf>::new());
    let file = place.path().join("costs.json");
    let costs = std::fs::read(&file).expect("the file is written");
    let costs: Value = serde_json::from_slice(&costs).expect("JSON");
    for name in [
        "hop",
        "watched_hop",
        "hand_over",
        "thread_start",
        "process_start",
        "ipc",
    ] {
        let cost = &costs["costs"][name];
        let [low, median, high] =
            ["low_ns", "median_ns", "high_ns"].map(|part| cost[part].as_u64());
        assert!(
            low.is_some() && low <= median && median <= high,
            "{name}: {cost}"
        );
        assert_ne!(median, Some(0), "{name}");
    }
    let path = file.to_str().expect("a path in Unicode");
    let predicted = |runtime: &str, costs: &[&str]| {
        let arguments = ["--on", runtime, "--runs", "1", "--format", "json"];
        let arguments: Vec<&str> = arguments.iter().chain(costs).copied().collect();
        let output = run(place.verify("a: repeat 100: (yield)\nrun 10 a\n", &arguments));
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        (
            report["total"]["predicted_ns"].as_u64(),
            report["notes"].clone(),
        )
    };
    assert_eq!(predicted("asyncio", &[]).0, Some(0));
    let hop = costs["costs"]["watched_hop"]["median_ns"]
        .as_u64()
        .expect("a number");
    assert_eq!(
        // Ten tasks with 101 steps each: the first, and one after each yield.
        predicted("asyncio", &["--costs", path]).0,
        Some(1_010 * hop)
    );
    let (total, notes) = predicted("tokio", &["--costs", path]);
    assert_eq!(total, Some(0));
    let notes = notes.as_array().expect("a list");
    assert!(
        notes.iter().any(|note| note["note"] == "no_costs"),
        "{notes:?}"
    );
}

#[test]
fn a_calibration_without_python_says_what_is_missing() {
    let place = Place::new();
    let mut command = calibrate(&place);
    command.env("LOOPSCOPE_PYTHON", "/nowhere/python3");
    let output = run(command);
    assert_eq!(output.status.code(), Some(5));
    assert!(!place.path().join("costs.json").exists());
}
