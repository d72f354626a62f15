//! `lessons`: lists the lessons, or prints the script or program of one.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::explain::{COLUMNS_MAX, folded_line};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use chart::paint::text::plain;
use formats::export;
use formats::link::{self, Shared};
use lessons::{Lesson, Variant};
use texts::{Language, Text, text};

/// List the lessons, or print the script or program of one
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct LessonsArgs {
    /// Its number, with the letter of a variant: `9`, `9b`; or its name
    #[arg(value_name = "LESSON")]
    lesson: Option<String>,
    /// Its Python form
    #[arg(long, requires = "lesson")]
    python: bool,
    /// Output format
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        conflicts_with = "lesson"
    )]
    format: LessonsFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum LessonsFormat {
    /// One line each
    #[default]
    Text,
    /// All of them with texts, scripts and links, `loopscope.lessons/1`
    Json,
}

const EXAMPLE: Text = text!(
    "\
Example:
  loopscope lessons 9c | loopscope run -
  loopscope lessons 9c --python | loopscope run - --python",
);

pub(crate) fn lessons(args: &LessonsArgs, console: &mut Console) -> Result<Exit, Failure> {
    let language = console.style.language;
    let written = match (&args.lesson, args.format) {
        (Some(name), _) => {
            let (lesson, variant) =
                find_lesson(name).ok_or_else(|| Failure::NoSuchLesson { name: plain(name) })?;
            if args.python {
                python_form(variant)
            } else {
                lesson_script(lesson, variant, language)
            }
        }
        (None, LessonsFormat::Text) => lesson_list(language),
        (None, LessonsFormat::Json) => lessons_json(language),
    };
    console.print(&written)?;
    Ok(Exit::Holds)
}

/// Finds a lesson, e.g. by `9`, `9b`, `09b` or `a-hundred-pings`.
fn find_lesson(name: &str) -> Option<(&'static Lesson, &'static Variant)> {
    // A name such as `the-staircase` leaves `the-`, which is not a number.
    let digits = name.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let letter = &name[digits.len()..];
    let (lesson, place) = match digits.parse::<u32>() {
        Ok(number) => (
            lessons::all()
                .iter()
                .find(|lesson| lesson.number == number)?,
            variant_index(letter)?,
        ),
        Err(_) => (lessons::find(name)?, 0),
    };
    Some((lesson, lesson.variants.get(place)?))
}

/// The index of a variant by its letter: `b` → 1. No letter means the first variant.
fn variant_index(letter: &str) -> Option<usize> {
    match letter.as_bytes() {
        [] => Some(0),
        [letter] => Some(usize::from(letter.to_ascii_lowercase() - b'a')),
        _ => None,
    }
}

fn lesson_list(language: Language) -> String {
    let mut list = String::new();
    for lesson in lessons::all() {
        let _ = writeln!(list, "{:>2}  {}", lesson.number, lesson.title(language));
        for (variant, letter) in lesson.variants.iter().zip('a'..) {
            if lesson.variants.len() > 1 {
                let _ = writeln!(list, "    {letter}  {}", variant.name(language));
            }
        }
    }
    list
}

/// The script with the lesson's texts as comments above it.
fn lesson_script(lesson: &Lesson, variant: &Variant, language: Language) -> String {
    let title = match lesson.variants.len() {
        1 => lesson.title(language).to_owned(),
        _ => format!("{}: {}", lesson.title(language), variant.name(language)),
    };
    let texts = [
        title.as_str(),
        lesson.text(language),
        lesson.try_this(language),
    ];
    let comment = texts.map(commented_text).concat();
    format!("{comment}\n{}", variant.script)
}

/// A FastAPI app for lessons about it, otherwise the exported script.
fn python_form(variant: &Variant) -> String {
    match variant.python {
        Some(program) => program.to_owned(),
        None if variant.is_program() => variant.script.to_owned(),
        None => {
            let workload = script::parse(variant.script).workload;
            export::asyncio(&workload.expect("a lesson is a valid script"))
        }
    }
}

fn commented_text(text: &str) -> String {
    // Two columns for `# `.
    let lines = folded_line(text, COLUMNS_MAX - 2);
    lines.lines().map(|line| format!("# {line}\n")).collect()
}

#[derive(Serialize)]
struct All<'a> {
    schema: &'static str,
    lessons: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    number: u32,
    name: &'a str,
    title: &'a str,
    text: &'a str,
    #[serde(rename = "try")]
    try_this: &'a str,
    variants: Vec<VariantJson<'a>>,
}

#[derive(Serialize)]
struct VariantJson<'a> {
    name: &'a str,
    file: &'a str,
    /// A Python program, and no script.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_program: bool,
    script: &'a str,
    /// Its Python form, if it was written by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    python: Option<&'a str>,
    /// The fragment of the share link, without `#`.
    link: String,
}

fn lessons_json(language: Language) -> String {
    let lessons = lessons::all().iter().map(|lesson| One {
        number: lesson.number,
        name: lesson.slug,
        title: lesson.title(language),
        text: lesson.text(language),
        try_this: lesson.try_this(language),
        variants: lesson
            .variants
            .iter()
            .map(|variant| variant_json(variant, language))
            .collect(),
    });
    let all = All {
        schema: "loopscope.lessons/1",
        lessons: lessons.collect(),
    };
    serde_json::to_string_pretty(&all).expect("strings and numbers") + "\n"
}

fn variant_json(variant: &'static Variant, language: Language) -> VariantJson<'static> {
    let shared = Shared {
        script: variant.script.to_owned(),
        language: Some(language.tag().to_owned()),
        ..Shared::default()
    };
    VariantJson {
        name: variant.name(language),
        file: variant.file,
        is_program: variant.is_program(),
        script: variant.script,
        python: variant.python,
        link: link::encode(&shared).expect("a lesson fits into a link"),
    }
}

#[cfg(test)]
mod tests {
    use super::find_lesson;

    #[track_caller]
    fn check(name: &str, file: Option<&str>) {
        assert_eq!(find_lesson(name).map(|(_, variant)| variant.file), file);
    }

    #[test]
    fn lessons_are_found_by_number_letter_and_name() {
        check("1", Some("01a-pasta-and-toast.loop"));
        check("09b", Some("09b-a-hundred-pings.loop"));
        check("9C", Some("09c-a-hundred-pings.loop"));
        check("the-staircase", Some("11-the-staircase.loop"));
        check("11a", Some("11-the-staircase.loop"));
        check("26b", Some("26b-a-return-annotation.py"));
    }

    #[test]
    fn what_is_no_lesson_is_none() {
        for name in ["", "0", "28", "9z", "9ab", "staircase", "9가", "가"] {
            check(name, None);
        }
    }
}
