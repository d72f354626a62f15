//! The lessons and the guides are true: every script in them does what the text next to it says.
//!
//! That includes the changed scripts of "something to try".

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chart::scene::Kind;
use chart::scene::words::Words;
use chart::standalone::{TextOptions, draw_text};
use lessons::Lesson;
use model::time::SimDuration;
use model::trace::{AnalysedRun, check};
use model::workload::{Bound, Claim, Workload};
use sim::simulate;
use texts::Language;

/// The lessons are numbered as the experiments of the course.
const LESSONS: u32 = 25;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Parses a script that must not have any diagnostic, not even a warning.
#[track_caller]
fn read(name: &str, text: &str) -> Workload {
    let parsed = script::parse(text);
    let messages: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|problem| format!("{}: {}", problem.code(), problem.message(Language::En)))
        .collect();
    assert!(messages.is_empty(), "{name}:\n{text}\n{messages:#?}");
    parsed
        .workload
        .expect("a script without problems has a workload")
}

/// Runs a script. It must fulfil its expectations and break no invariant.
#[track_caller]
fn check_promises(name: &str, text: &str) -> AnalysedRun {
    let workload = read(name, text);
    let trace = simulate(&workload);
    let broken: Vec<_> = check(&workload, &trace)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(broken.is_empty(), "{name}:\n{broken:#?}");
    let run = AnalysedRun::of(workload, trace);
    for verdict in run.verdicts() {
        let (claim, actual) = (&verdict.text, &verdict.actual);
        assert!(verdict.holds, "{name}: expect {claim}, found {actual}");
    }
    run
}

#[track_caller]
fn check_formatted(name: &str, text: &str) {
    match script::format(text) {
        Ok(formatted) => assert_eq!(text, formatted, "{name} is not formatted"),
        Err(problems) => panic!("{name}: {problems:?}"),
    }
}

fn totals(workload: &Workload) -> impl Iterator<Item = SimDuration> {
    let claims = workload.expectations.iter();
    claims.filter_map(|expectation| match expectation.claim {
        Claim::Total(Bound { value, .. }) => Some(value),
        _ => None,
    })
}

/// The languages of the lessons.
const LANGUAGES: [Language; 2] = [Language::En, Language::Ko];

/// The time as the texts write it: `8.1 s`, `8.1초`.
fn spoken(time: SimDuration, language: Language) -> String {
    let seconds = time.as_nanos() as f64 / 1e9;
    match language {
        Language::Ko => format!("{seconds}초"),
        _ => format!("{seconds} s"),
    }
}

#[test]
fn all_experiments_are_there_in_order() {
    let numbers: Vec<_> = lessons::all().iter().map(|lesson| lesson.number).collect();
    let expected: Vec<_> = (1..=LESSONS).collect();
    assert_eq!(numbers, expected);
    let slugs: BTreeSet<_> = lessons::all().iter().map(|lesson| lesson.slug).collect();
    assert_eq!(slugs.len(), numbers.len());
    for lesson in lessons::all() {
        assert_eq!(lessons::find(lesson.slug), Some(lesson));
    }
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder =
        fs::read_dir(repository().join("crates/lessons/course")).expect("the folder exists");
    let files: BTreeSet<_> = folder
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .into_string()
                .expect("ASCII")
        })
        .collect();
    let embedded: BTreeSet<_> = lessons::all()
        .iter()
        .flat_map(|lesson| &lesson.variants)
        .map(|variant| variant.file.to_owned())
        .collect();
    assert_eq!(files, embedded);
}

#[test]
fn every_script_keeps_its_promises() {
    for lesson in lessons::all() {
        for variant in &lesson.variants {
            let run = check_promises(variant.file, variant.script);
            assert!(!run.workload().expectations.is_empty(), "{}", variant.file);
        }
    }
}

#[test]
fn every_file_is_formatted_and_runs_as_it_is() {
    for variant in lessons::all().iter().flat_map(|lesson| &lesson.variants) {
        let path = repository()
            .join("crates/lessons/course")
            .join(variant.file);
        let file = fs::read_to_string(path).expect("listed files can be read");
        check_formatted(variant.file, &file);
        check_formatted(variant.file, variant.script);
        check_promises(variant.file, &file);
    }
}

#[test]
fn every_change_gives_what_it_says() {
    for lesson in lessons::all() {
        let change = &lesson.change;
        let variant = &lesson.variants[change.variant];
        let name = format!("{}, changed", variant.file);
        let found = variant.script.matches(&change.from).count();
        assert_eq!(found, 1, "{name}: `{}` is found {found} times", change.from);
        let changed = change.apply(variant.script);
        check_formatted(&name, &changed);
        let run = check_promises(&name, &changed);
        let total = totals(run.workload()).next();
        let total = total.unwrap_or_else(|| panic!("{name}: claims no total"));
        for language in LANGUAGES {
            let text = lesson.try_this(language);
            let total = spoken(total, language);
            assert!(text.contains(&total), "{name}: no `{total}` in `{text}`");
        }
    }
}

#[test]
fn every_total_is_in_the_text() {
    for lesson in lessons::all() {
        for variant in &lesson.variants {
            for total in totals(&read(variant.file, variant.script)) {
                for language in LANGUAGES {
                    let (text, total) = (lesson.text(language), spoken(total, language));
                    let file = variant.file;
                    assert!(text.contains(&total), "{file}: no `{total}` in `{text}`");
                }
            }
        }
    }
}

/// The texts of a lesson, each with the name of its field.
fn words(lesson: &Lesson, language: Language) -> Vec<(&'static str, &str)> {
    let mut words = vec![
        ("title", lesson.title(language)),
        ("text", lesson.text(language)),
        ("try", lesson.try_this(language)),
    ];
    let names = lesson.variants.iter().map(|variant| variant.name(language));
    words.extend(names.map(|name| ("name", name)));
    words
}

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn every_lesson_speaks_both_languages() {
    for lesson in lessons::all() {
        let pairs = words(lesson, Language::En)
            .into_iter()
            .zip(words(lesson, Language::Ko));
        for ((what, en), (_, ko)) in pairs {
            let number = lesson.number;
            assert!(!en.is_empty() && !ko.is_empty(), "{number}: {what}");
            assert!(!has_hangul(en), "{number}: {what} in English: {en}");
            // Some names are the same in both languages, e.g. `gather`.
            let is_a_name = what == "name" && en == ko;
            let is_a_title = what == "title" && en == "The GIL";
            assert!(
                has_hangul(ko) || is_a_name || is_a_title,
                "{number}: {what} in Korean: {ko}"
            );
        }
    }
}

#[test]
fn texts_are_short() {
    for lesson in lessons::all() {
        for language in LANGUAGES {
            for (what, words) in words(lesson, language) {
                let max = match what {
                    "text" => 420,
                    "try" => 160,
                    _ => 45,
                };
                let length = words.chars().count();
                let (number, tag) = (lesson.number, language.tag());
                assert!(length <= max, "{number}: {what} ({tag}) has {length}");
            }
        }
    }
}

/// A fenced code block of a Markdown file: its info string, its text, and its byte offset.
struct Fence<'t> {
    word: &'t str,
    text: &'t str,
    start: usize,
}

fn fences(markdown: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    let mut rest = markdown;
    while let Some((_, opened)) = rest.split_once("\n```") {
        let (word, inside) = opened
            .split_once('\n')
            .expect("a fence has a line of its own");
        let (text, after) = inside.split_once("```").expect("a fence is closed");
        let start = markdown.len() - inside.len();
        found.push(Fence { word, text, start });
        rest = after;
    }
    found
}

/// Runs the scripts of a guide and compares its charts. `UPDATE=1 cargo test --test lessons`
/// redraws the charts.
#[track_caller]
fn check_guide(file: &str, language: Language) {
    let path = repository().join("docs").join(file);
    let guide = fs::read_to_string(&path).expect("the guide exists");
    let mut updated = guide.clone();
    let fences = fences(&guide);
    let scripts = fences.iter().filter(|fence| fence.word == "loopscope");
    // Otherwise another info string would skip all checks unnoticed.
    assert!(scripts.count() >= 5, "{file} has few scripts");
    // From the end, so that the offsets of earlier fences stay valid.
    for (index, fence) in fences.iter().enumerate().rev() {
        let line = guide[..fence.start].lines().count();
        let name = format!("docs/{file}:{line}");
        match fence.word {
            "loopscope" => {
                check_formatted(&name, fence.text);
                check_promises(&name, fence.text);
            }
            // The notation of a tutorial; the next fence is the same program as a script.
            "blackboard" => {
                let formatted = script::format(fence.text).expect("the notation is read");
                assert!(fences[index + 1].text.starts_with(&formatted), "{name}");
            }
            "text" => {
                let run = check_promises(&name, fences[index - 1].text);
                let options = TextOptions {
                    language,
                    ..TextOptions::default()
                };
                let drawn = draw_text(&run, &options);
                let end = fence.start + fence.text.len();
                updated.replace_range(fence.start..end, &drawn);
            }
            _ => {}
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &updated).expect("the guide can be written");
        return;
    }
    assert_eq!(
        guide, updated,
        "a chart is out of date: UPDATE=1 draws it anew"
    );
}

#[test]
fn the_guide_is_true() {
    check_guide("guide.md", Language::En);
}

#[test]
fn the_korean_guide_is_true() {
    check_guide("guide.ko.md", Language::Ko);
}

/// The guides call the patterns by the names of the chart's legend.
#[test]
fn the_guides_name_patterns_as_the_legend_does() {
    for (file, language) in [("guide.md", Language::En), ("guide.ko.md", Language::Ko)] {
        let path = repository().join("docs").join(file);
        let guide = fs::read_to_string(path).expect("the guide exists");
        let entries: Vec<_> = Kind::ALL
            .into_iter()
            .map(|kind| Words(language).kind(kind))
            .collect();
        let rows = guide.lines().filter_map(|line| line.strip_prefix("| `"));
        let named = rows.filter_map(|row| Some(row.split_once(" |")?.0.split_once("` ")?.1));
        let named: Vec<_> = named.collect();
        assert!(
            named.len() >= 10,
            "{file} explains {} patterns",
            named.len()
        );
        for name in named {
            assert!(entries.contains(&name), "{file}: `{name}` is in no legend");
        }
    }
}

/// Both guides contain the same scripts in the same order.
#[test]
fn the_guides_show_the_same() {
    let read = |file: &str| fs::read_to_string(repository().join("docs").join(file));
    let [en, ko] = ["guide.md", "guide.ko.md"].map(|file| read(file).expect("the guide exists"));
    let programs = |guide: &str| -> Vec<String> {
        let fences = fences(guide).into_iter();
        let programs = fences.filter(|fence| fence.word != "text");
        programs.map(|fence| fence.text.to_owned()).collect()
    };
    assert_eq!(programs(&en), programs(&ko));
}
