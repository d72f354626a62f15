//! Small scripts with everything that happens in them, as CPython decides it.
//!
//! Each file of `tests/cases/asyncio` says in its first line what it shows, and
//! behind its script, in lines that begin with `#=`, the events. The simulator
//! and the machine's own CPython must both agree. Facts from tutorials that
//! turned out otherwise are here, and whatever random programs found.
//!
//! With `LOOPSCOPE_UPDATE=1` CPython's answers are written into the files.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use loopscope::sim::simulate;
use loopscope::workload::Workload;
use loopscope::{export, script};

use support::observed::Observation;
use support::{generate, python};

const MARK: &str = "#= ";

struct Case {
    path: PathBuf,
    text: String,
    workload: Workload,
}

#[test]
fn cases_happen_as_written_under_cpython_and_simulated() {
    python::require();
    let cases = cases();
    let programs: Vec<String> = cases
        .iter()
        .map(|case| export::asyncio(&case.workload))
        .collect();
    for (case, observed) in cases.iter().zip(python::observe(&programs)) {
        if std::env::var_os("LOOPSCOPE_UPDATE").is_some() {
            update(case, &observed);
            continue;
        }
        let name = case.path.display();
        let expected: Vec<&str> = case
            .text
            .lines()
            .filter_map(|line| line.strip_prefix(MARK))
            .collect();
        assert_eq!(observed.lines(), expected, "CPython on {name}");
        let trace = simulate(&case.workload);
        let simulated = Observation::of_trace(&case.workload, &trace);
        assert_eq!(simulated.lines(), expected, "simulated {name}");
    }
}

/// The language says all that is generated, and means the same by it.
#[test]
fn random_programs_survive_being_written_down() {
    for seed in 0..500 {
        let (workload, text) = generate::workload(seed);
        let parsed = workload_of(&text, &format!("seed {seed}"));
        let (written, read) = (export::asyncio(&workload), export::asyncio(&parsed));
        let mut lines = written.lines().zip(read.lines());
        let first = lines.find(|(written, read)| written != read);
        assert_eq!(
            first, None,
            "seed {seed}
{text}"
        );
        assert_eq!(
            written.len(),
            read.len(),
            "seed {seed}
{text}"
        );
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/asyncio");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a case is UTF-8 text");
            let workload = workload_of(&text, &path.display().to_string());
            Case {
                path,
                text,
                workload,
            }
        })
        .collect()
}

#[track_caller]
fn workload_of(text: &str, name: &str) -> Workload {
    let parsed = script::parse(text);
    parsed
        .workload
        .unwrap_or_else(|| panic!("{name}: {:?}\n{text}", parsed.diagnostics))
}

fn update(case: &Case, observed: &Observation) {
    let script = case.text.lines().filter(|line| !line.starts_with(MARK));
    let events = observed.lines();
    let lines: Vec<String> = script
        .map(str::to_owned)
        .chain(events.iter().map(|event| format!("{MARK}{event}")))
        .collect();
    fs::write(&case.path, lines.join("\n") + "\n").expect("a case can be written");
}
