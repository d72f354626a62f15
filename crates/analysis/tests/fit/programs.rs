//! Python programs: their runs on the virtual clock keep their totals as scripts.

use analysis::fit::{Agreement, FitSource, FittedScript, fit};
use formats::import::open_with_program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn python() -> String {
    std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The folder of the package.
fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python")
}

/// The trace of a program; `None` if it does not run.
fn trace_of(program: &Path, output: &Path) -> Option<Vec<u8>> {
    let _ = fs::remove_file(output);
    Command::new(python())
        .current_dir(package())
        .args(["-m", "loopscope", "run"])
        .arg(program)
        .arg("--trace")
        .arg(output)
        .output()
        .expect("Python starts");
    fs::read(output).ok()
}

/// The script of this trace. It must have the run's total.
#[track_caller]
fn check_total(name: &str, bytes: &[u8]) -> Option<FittedScript> {
    let (mut opened, run) = open_with_program(bytes).ok()?;
    let run = run.expect("a program");
    run.rename(&mut opened.workload);
    let printed: Vec<&str> = run.printed().collect();
    let source = FitSource {
        workload: &opened.workload,
        text: &run.text,
        is_program: true,
        printed: &printed,
    };
    let found = fit(source, &opened.trace).ok()?;
    let again = script::parse(&found.text)
        .workload
        .as_ref()
        .map(sim::simulate);
    let end = again.map(|trace| trace.end);
    assert_eq!(end, Some(opened.trace.end), "{name}\n{}", found.text);
    Some(found)
}

#[track_caller]
fn check(program: &str, expected: &str) {
    let folder = std::env::temp_dir().join(format!("loopscope-fit-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let name = program.len();
    let file = folder.join(format!("app{name}.py"));
    fs::write(&file, program).expect("a file");
    let bytes = trace_of(&file, &folder.join(format!("app{name}.json"))).expect("a trace");
    let found = check_total(program, &bytes).expect("a script");
    let lines = |text: &str| {
        // The version of the machine's Python.
        let is_told = |line: &&str| !line.trim().is_empty() && !line.starts_with("python ");
        let lines = text.lines().filter(is_told);
        lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&found.text), lines(expected), "\n{}", found.text);
    assert_eq!(found.agreement, Agreement::Ends);
}

#[test]
fn a_semaphore_has_its_name_and_its_permits() {
    check(
        "import asyncio

async def fetch(permits):
    async with permits:
        await asyncio.sleep(1)

async def main():
    permits = asyncio.Semaphore(3)
    await asyncio.gather(*(fetch(permits) for _ in range(10)))

asyncio.run(main())
",
        "
semaphore permits 3
async def main:
    gather 10 fetch  # line 9
async def fetch:
    with permits:  # line 4
        await 1s  # line 5
run main
",
    );
}

#[test]
fn a_call_on_a_thread_leaves_the_loop_free() {
    check(
        "import asyncio, time

def save():
    time.sleep(2)

async def main():
    await asyncio.to_thread(save)
    print('saved')

asyncio.run(main())
",
        "
async def main:
    executor save  # line 7
    print \"saved\"  # line 8
def save:
    block 2s  # line 4
run main
",
    );
}

#[test]
fn the_script_names_an_older_python() {
    let trace = |python: &str| {
        format!(
            r#"{{"schema": "loopscope.trace/1", "versions": {{"Python": "{python}"}},
            "script": "f: await 1", "instances": [[0, 1, -1, "arrived", 0]], "lanes": [["loop", 0]],
            "records": [[0, 0, "ready", -1, 0, -1], [0, 0, "awaiting", -1, 0, -1],
                        [1000000000, 0, "ready", -1, 0, -1], [1000000000, 0, "done", -1, 0, -1]],
            "end_ns": 1000000000, "ending": "finished"}}"#
        )
    };
    for (python, first) in [
        ("3.11.7", "python 3.11"),
        ("3.12.1", "python 3.12"),
        ("3.13.2", "async def f:"),
        ("3.14.2", "async def f:"),
    ] {
        let (opened, _) = open_with_program(trace(python).as_bytes()).expect("a trace");
        let source = FitSource {
            workload: &opened.workload,
            text: "",
            is_program: false,
            printed: &[],
        };
        let found = fit(source, &opened.trace).expect("a script");
        assert_eq!(found.text.lines().next(), Some(first), "{python}");
    }
}

#[test]
fn the_programs_of_the_package_keep_their_totals() {
    let folder = std::env::temp_dir().join(format!("loopscope-fit-all-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let programs = fs::read_dir(package().join("tests/programs")).expect("a folder");
    let mut programs: Vec<PathBuf> = programs
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    programs.sort();
    // `make test-long` runs all of them.
    let step = if super::random::programs() > 1_000 {
        1
    } else {
        6
    };
    let (mut whole, mut all, mut others) = (0, 0, Vec::new());
    for program in programs.into_iter().step_by(step) {
        let name = program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // Bounds of time and memory are tested elsewhere; each takes seconds.
        let text = fs::read_to_string(&program).unwrap_or_default();
        if !name.ends_with(".py") || text.contains("ending limit") {
            continue;
        }
        let Some(bytes) = trace_of(&program, &folder.join("trace.json")) else {
            continue;
        };
        let Some(found) = check_total(&name, &bytes) else {
            continue;
        };
        all += 1;
        if found.agreement == Agreement::Ends {
            whole += 1;
        } else {
            others.push(name);
        }
    }
    assert!(whole * 10 >= all * 9, "{whole} of {all}, not {others:?}");
}
