//! Exported files are valid for the tools that open them: Perfetto, Mermaid and Python, for any
//! program.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use formats::export::{self, PythonProgram};
use model::limits::{NESTING_MAX, TASKS_MAX};
use model::workload::Workload;
use serde::Deserialize;
use sim::simulate;
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

/// Viewers such as Perfetto move overlapping slices to rows of their own, or drop them.
#[test]
fn slices_of_one_row_never_overlap() {
    for seed in 0..500 {
        let (workload, text) = generate::anything(seed);
        let mut out = Vec::new();
        export::perfetto(&text, &workload, &simulate(&workload), &mut out)
            .expect("writing to memory");
        let file: File = serde_json::from_slice(&out).expect("valid JSON");
        let mut rows: BTreeMap<(u32, u32), Vec<(f64, f64)>> = BTreeMap::new();
        for event in file.trace_events.iter().filter(|event| event.ph == "X") {
            let row = rows.entry((event.pid, event.tid)).or_default();
            row.push((event.ts, event.ts + event.dur));
        }
        for (row, mut slices) in rows {
            slices.sort_by(|left, right| left.0.total_cmp(&right.0));
            for pair in slices.windows(2) {
                // Times are microseconds in floating point: a sum may be off by a fraction of a
                // nanosecond.
                let apart = pair[1].0 - pair[0].1 > -1e-4;
                assert!(apart, "seed {seed}, row {row:?}: {pair:?}\n{text}");
            }
        }
    }
}

/// Each bar is `TEXT :[TAG, ]START, END`, e.g. `block :crit, 0, 2000`. The text contains no
/// character that has a meaning in Mermaid.
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

/// The lines before a block, its head, and the lines after it.
const BLOCKS: [(&[&str], &str, &[&str]); 13] = [
    (&[], "repeat 2:", &[]),
    (&[], "forever:", &[]),
    (&[], "group:", &[]),
    (&[], "with l:", &[]),
    (&[], "timeout 9s:", &[]),
    (&[], "timeout 9s:", &["else:", "    yield"]),
    (&["timeout 9s:", "    yield"], "else:", &[]),
    (&[], "try:", &["except:", "    yield"]),
    (&[], "try:", &["finally:", "    yield"]),
    (
        &[],
        "try:",
        &["except:", "    yield", "finally:", "    yield"],
    ),
    (&["try:", "    yield"], "except:", &[]),
    (
        &["try:", "    yield"],
        "except:",
        &["finally:", "    yield"],
    ),
    (
        &["try:", "    yield", "except:", "    yield"],
        "finally:",
        &[],
    ),
];

/// A body of `depth` nested blocks around `leaf`. The blocks take their kinds from `kinds`, again
/// and again.
fn nested(kinds: &[usize], depth: usize, leaf: &[&str]) -> String {
    let (mut text, mut behind) = (String::new(), Vec::new());
    for level in 0..depth {
        let (before, head, after) = BLOCKS[kinds[level % kinds.len()]];
        let indent = " ".repeat(4 * (level + 1));
        for line in before.iter().chain([&head]) {
            text.push_str(&format!("{indent}{line}\n"));
        }
        let after = after.iter().map(|line| format!("{indent}{line}\n"));
        behind.push(after.collect::<String>());
    }
    let indent = " ".repeat(4 * (depth + 1));
    for line in leaf {
        text.push_str(&format!("{indent}{line}\n"));
    }
    text.extend(behind.into_iter().rev());
    text
}

/// The deepest script that the language accepts.
#[track_caller]
fn deepest(script: impl Fn(usize) -> String) -> (Workload, String) {
    let found = (1..=NESTING_MAX).rev().find_map(|depth| {
        let text = script(depth);
        Some((depth, script::parse(&text).workload?, text))
    });
    let (depth, workload, text) = found.expect("some depth is valid");
    assert!(depth + 4 > NESTING_MAX, "only {depth} levels\n{text}");
    (workload, text)
}

/// The comment `# line N` of each mapped line is the line of its segment in the script.
#[track_caller]
fn check_lines(workload: &Workload, program: &PythonProgram) {
    let lines: Vec<&str> = program.source.lines().collect();
    assert!(!program.lines.is_empty());
    for &(line, segment) in &program.lines {
        let code = lines[line as usize - 1];
        let (_, comment) = code.rsplit_once("# line ").expect("a comment");
        let number = comment.split(':').next().unwrap_or_default();
        let place = workload.place(segment).line.to_string();
        assert_eq!(number, place, "{code}\n{}", program.source);
    }
}

#[test]
fn a_script_of_the_deepest_blocks_is_exported_as_programs_that_compile() {
    python::require();
    let mut kinds: Vec<Vec<usize>> = (0..BLOCKS.len()).map(|kind| vec![kind]).collect();
    kinds.push((0..BLOCKS.len()).collect());
    kinds.push(vec![11, 9, 6, 2]);
    let mut programs = Vec::new();
    for kinds in kinds {
        let leaf = ["spawn job as h", "wait h", "send work as sent", "wait sent"];
        let scripts = [
            deepest(|depth| {
                let body = nested(&kinds, depth, &leaf);
                format!(
                    "lock l\ndef work: block 1ms\njob: await 1ms\nasync def main:\n    spawn job as h\n{body}run main\n"
                )
            }),
            deepest(|depth| {
                let body = nested(&kinds, depth, &leaf);
                format!(
                    "lock l\ndef work: block 1ms\njob: await 1ms\nasync def main:\n    respond\n{body}run main\n"
                )
            }),
        ];
        for (workload, _) in scripts {
            for program in [
                export::asyncio_program(&workload),
                export::fastapi_program(&workload),
                export::celery_program(&workload),
            ] {
                check_lines(&workload, &program);
                programs.push(program.source);
            }
        }
    }
    // In a thread, only blocks without `await` are possible.
    for kinds in [[0], [1], [7], [8], [9], [10], [11], [12]] {
        let (workload, _) = deepest(|depth| {
            let body = nested(&kinds, depth, &["block 1ms"]).replace("yield", "block 1ms");
            let inner = nested(&kinds, depth - 1, &["block 1ms"]).replace("yield", "block 1ms");
            // The body of `thread:` needs a deeper indentation than its line: five spaces a level
            // instead of four.
            let inner = inner.replace("    ", "     ");
            format!("def work:\n{body}async def main:\n    thread:\n{inner}run main, work\n")
        });
        for program in [
            export::asyncio_program(&workload),
            export::fastapi_program(&workload),
            export::celery_program(&workload),
        ] {
            check_lines(&workload, &program);
            programs.push(program.source);
        }
    }
    python::compile(&programs);
}

/// Names may use letters of the newest Unicode version that we know; Python 3.11 knows Unicode 14.
#[test]
fn a_name_in_any_letters_is_exported_as_one_that_python_knows() {
    python::require();
    // Of the scripts with tens of thousands of letters, e.g. Hangul, every 64th letter is enough.
    let is_sample = |letter: char| {
        let large = matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{2a6d0}');
        !large || u32::from(letter) % 64 == 0
    };
    let names: Vec<String> = ('\u{80}'..=char::MAX)
        .filter(|&letter| is_sample(letter))
        .map(|letter| format!("a{letter}"))
        .filter(|name| script::is_name(name))
        .collect();
    assert!(names.len() > 20_000, "{}", names.len());
    let mut programs = Vec::new();
    for names in names.chunks(TASKS_MAX - 1) {
        let script: String = names
            .iter()
            .map(|name| format!("{name}: await 1\n"))
            .collect();
        let parsed = script::parse(&format!("{script}run {}\n", names[0]));
        let workload = parsed.workload.expect("no errors");
        let program = export::asyncio_program(&workload);
        let distinct: BTreeSet<&String> = program.functions.iter().map(|(name, _)| name).collect();
        assert_eq!(distinct.len(), names.len());
        programs.push(program.source);
    }
    python::compile(&programs);
}
