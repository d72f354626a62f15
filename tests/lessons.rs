//! The lessons and the guides are true: every script in them does what the text next to it says.
//!
//! That includes the changed scripts of "something to try".

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use chart::scene::words::Words;
use chart::scene::{By, Kind, Timeline};
use chart::standalone::{TextOptions, draw_text};
use lessons::{Lesson, Variant};
use model::time::SimDuration;
use model::trace::{AnalysedRun, Spans, check};
use model::workload::{Bound, Claim, Workload};
use sim::simulate;
use texts::Language;

/// The lessons are numbered as the experiments of the course. The last two are programs.
const LESSONS: u32 = 27;

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
        .flat_map(|variant| {
            let form = variant.python.map(|_| variant.file.replace(".loop", ".py"));
            [variant.file.to_owned()].into_iter().chain(form)
        })
        .collect();
    assert_eq!(files, embedded);
}

#[test]
fn every_script_keeps_its_promises() {
    for lesson in lessons::with_scripts() {
        for variant in &lesson.variants {
            let run = check_promises(variant.file, variant.script);
            assert!(!run.workload().expectations.is_empty(), "{}", variant.file);
        }
    }
}

#[test]
fn every_file_is_formatted_and_runs_as_it_is() {
    for variant in lessons::with_scripts()
        .iter()
        .flat_map(|lesson| &lesson.variants)
    {
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
    for lesson in lessons::with_scripts() {
        let change = &lesson.change;
        let variant = &lesson.variants[change.variant];
        let name = format!("{}, changed", variant.file);
        let found = variant.script.matches(change.from).count();
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
    for lesson in lessons::with_scripts() {
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

/// How many of these claims hold in the run of a script.
#[track_caller]
fn count_true(name: &str, script: &str, claims: &[String]) -> usize {
    let workload = read(name, script);
    let trace = simulate(&workload);
    let run = AnalysedRun::of(workload, trace);
    let claims: Vec<_> = claims
        .iter()
        .map(|claim| {
            script::parse_claim(claim, run.workload()).unwrap_or_else(|problem| {
                panic!("{name}: {claim}: {}", problem.message(Language::En))
            })
        })
        .collect();
    let verdicts = run.judge(&claims);
    verdicts.iter().filter(|verdict| verdict.holds).count()
}

/// In each variant, one answer is right. The others say why they are wrong.
#[test]
fn every_question_has_one_right_answer() {
    for lesson in lessons::with_scripts() {
        let question = &lesson.question;
        let answers = &question.answers;
        assert!((3..=4).contains(&answers.len()), "{}", lesson.slug);
        let claims: Vec<_> = answers
            .iter()
            .map(|answer| question.claim(answer))
            .collect();
        for variant in &lesson.variants {
            let right = count_true(variant.file, variant.program(), &claims);
            assert_eq!(right, 1, "{}: {claims:?}", variant.file);
        }
        for (answer, claim) in answers.iter().zip(claims) {
            let is_wrong = |variant: &Variant| {
                count_true(
                    variant.file,
                    variant.program(),
                    std::slice::from_ref(&claim),
                ) == 0
            };
            let can_be_wrong = lesson.variants.iter().any(is_wrong);
            let explained = answer.wrong(Language::En).is_some();
            assert_eq!(explained, can_be_wrong, "{}: {}", lesson.slug, answer.value);
        }
    }
}

/// The page shows scripts without their expectations, and judges the change by its claims.
#[test]
fn the_goal_is_reached_by_the_change_alone() {
    for lesson in lessons::with_scripts() {
        let change = &lesson.change;
        let variant = &lesson.variants[change.variant];
        let (before, all) = (variant.program(), change.claims.len());
        assert!(!before.contains("expect "), "{}", variant.file);
        assert!(
            count_true(variant.file, before, &change.claims) < all,
            "{}",
            variant.file
        );
        let after = change.edit(before);
        check_formatted(variant.file, &after);
        assert_eq!(
            count_true(variant.file, &after, &change.claims),
            all,
            "{}",
            variant.file
        );
    }
}

/// Programs are run by python/tests/test_lessons.py; here are the rules that need no run.
#[test]
fn lessons_about_programs_are_well_formed() {
    let programs = &lessons::all()[lessons::with_scripts().len()..];
    assert!(!programs.is_empty());
    for lesson in programs {
        let change = &lesson.change;
        let variant = &lesson.variants[change.variant];
        let found = variant.script.matches(change.from).count();
        assert_eq!(found, 1, "{}: `{}`", variant.file, change.from);
        for (variant, answer) in lesson.variants.iter().zip(&lesson.question.answers) {
            // The page asks for the run of each, so an answer can be wrong in another variant.
            assert!(answer.wrong(Language::En).is_some(), "{}", variant.file);
        }
    }
}

/// The first lesson begins a group.
#[test]
fn every_lesson_is_in_a_group() {
    let groups = |language| {
        lessons::all()
            .iter()
            .map(move |lesson| lesson.group(language))
    };
    let titles: BTreeSet<_> = groups(Language::En).flatten().collect();
    assert_eq!(titles.len(), 6);
    assert!(groups(Language::En).next().flatten().is_some());
    assert!(groups(Language::Ko).flatten().all(has_hangul));
}

/// The width and the height of a picture, in SVG units.
const PICTURE: (u64, u64) = (200, 48);
/// Of a longer run, rows at equal distances are drawn.
const PICTURE_ROWS_MAX: usize = 10;

/// The class of a kind in `www/css/`.
fn class(kind: Kind) -> char {
    match kind {
        Kind::Running => 'c',
        Kind::BlockingLoop => 'b',
        Kind::BlockingThread => 't',
        Kind::Ready | Kind::QueuedThread | Kind::QueuedWorker | Kind::QueuedGil => 'r',
        _ => 'w',
    }
}

/// Scripts whose charts look as those of the programs, without their names.
const LIKE_PROGRAMS: [(&str, &str); 2] = [
    (
        "a-return-annotation",
        "def price: block 1s\n\nrun 120 price\n",
    ),
    (
        "the-way-out",
        "pool 100\n\ndef close: block 1s\n\nrun 100 close\n",
    ),
];

/// The chart of a lesson as a line of `pictures.txt`: for each class, a path.
fn picture(lesson: &Lesson) -> String {
    let variant = &lesson.variants[0];
    let like = LIKE_PROGRAMS.iter().find(|(slug, _)| *slug == lesson.slug);
    let script = like.map_or(variant.script, |(_, script)| script);
    let workload = read(variant.file, script);
    let trace = simulate(&workload);
    let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
    let all = timeline.rows().len();
    let rows = all.min(PICTURE_ROWS_MAX);
    let (width, height) = PICTURE;
    let pitch = (height / rows as u64).min(12);
    let top = (height - pitch * rows as u64) / 2;
    let end = trace.end.as_nanos().max(1);
    let mut paths: BTreeMap<char, String> = BTreeMap::new();
    for row in 0..rows {
        let place = if rows < all {
            row * (all - 1) / (rows - 1)
        } else {
            row
        };
        let pieces = timeline.pieces(place);
        // The class of each column: work weighs four times, so that short work is seen.
        let column = |x: u64| {
            let (from, to) = (end * x / width, end * (x + 1) / width);
            let mut best = (0, None);
            for piece in pieces {
                let covered = piece
                    .end
                    .as_nanos()
                    .min(to)
                    .saturating_sub(piece.start.as_nanos().max(from));
                let weight = covered * if piece.kind.is_work() { 4 } else { 1 };
                if weight > best.0 {
                    best = (weight, Some(class(piece.kind)));
                }
            }
            best.1
        };
        let columns: Vec<_> = (0..width).map(column).collect();
        let mut x = 0;
        for run in columns.chunk_by(|a, b| a == b) {
            let length = run.len() as u64;
            if let Some(class) = run[0] {
                let is_work = "cbt".contains(class);
                let (y, thick) = if is_work {
                    (1, pitch - pitch.min(4) / 2)
                } else {
                    (
                        pitch / 2 - pitch / 8,
                        if class == 'w' { (pitch / 4).max(1) } else { 1 },
                    )
                };
                let y = top + row as u64 * pitch + y;
                let path = paths.entry(class).or_default();
                path.push_str(&format!("M{x} {y}h{length}v{thick}H{x}z"));
            }
            x += length;
        }
    }
    let paths = paths.iter().map(|(class, path)| format!("|{class}|{path}"));
    format!("{}{}\n", lesson.slug, paths.collect::<String>())
}

/// `UPDATE=1 cargo test --test lessons` redraws them.
#[test]
fn the_pictures_are_those_of_the_runs() {
    let path = repository().join("crates/lessons/pictures.txt");
    let drawn: String = lessons::all().iter().map(picture).collect();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &drawn).expect("the pictures can be written");
        return;
    }
    assert_eq!(fs::read_to_string(&path).expect("they exist"), drawn);
    for lesson in lessons::all() {
        assert!(!lesson.picture.is_empty(), "{}", lesson.slug);
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
    words.push(("question", lesson.question.text(language)));
    let notes = lesson.variants.iter().map(|variant| variant.note(language));
    words.extend(notes.map(|note| ("note", note)));
    let answers = lesson.question.answers.iter();
    words.extend(answers.filter_map(|answer| Some(("wrong", answer.wrong(language)?))));
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
                    "question" | "note" | "wrong" => 100,
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
