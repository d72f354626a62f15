//! `import`: translates a Python program into a script, without running it.
//!
//! Leaves reading Python to [`reader`].

mod project;

use std::path::{Path, PathBuf};

use crate::cli::args::{parse_duration, whole_number};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source::{is_standard, read, read_at_most, shown};
use chart::paint::text::plain;
use model::limits::SCRIPT_BYTES_MAX;
use model::time::SimDuration;
use project::ProjectInput;
use reader::{Note, Options, Reading};
use texts::{Language, Text, say, text};

/// Convert a Python program into a script, without running it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct ImportArgs {
    /// A Python file or Markdown, `-` for standard input, a folder, or a module such as `app.main:app`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write [default: `-`, standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Requests for each handler, all at once
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = whole_number::<u64>(1..=100_000))]
    requests: u64,
    /// Duration of a call that is not known
    #[arg(long, default_value = "1s", value_name = "TIME", value_parser = parse_duration)]
    assume: SimDuration,
    /// A table of your own libraries: on each line a path, a word and a time
    #[arg(long, value_name = "FILE")]
    library: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ImportFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum ImportFormat {
    /// The script; notes on standard error
    #[default]
    Text,
    /// One object, `loopscope.reading/1`
    Json,
}

const EXAMPLE: Text = text!(
    "\
Example:
  loopscope import app.py -o app.loop
  loopscope import app.main:app -o app.loop",
);

pub(crate) fn import(args: &ImportArgs, console: &mut Console) -> Result<Exit, Failure> {
    let inputs = std::iter::once(&args.file).chain(&args.library);
    keep_inputs(args.output.as_deref(), inputs.map(PathBuf::as_path))?;
    let options = Options {
        library: read_library(args.library.as_deref(), console)?,
        assumed: args.assume,
        requests: args.requests,
    };
    let reading = match ProjectInput::of(&args.file)? {
        ProjectInput::File => {
            let bytes = read(&args.file, console)?;
            reader::read(&String::from_utf8_lossy(&bytes), &options)
        }
        ProjectInput::Project {
            entries,
            app,
            mut source,
        } => {
            let reading = reader::read_project(&mut source, &entries, app.as_deref(), &options);
            if reading.files.is_empty() {
                let path = args.file.clone();
                return Err(Failure::NoPython { path });
            }
            reading
        }
    };
    let written = match args.format {
        ImportFormat::Text => {
            print_notes(&reading, &args.file, console);
            reading.script.clone()
        }
        ImportFormat::Json => reading_json(&reading, console.style.language),
    };
    match &args.output {
        // A program that cannot be read has no script, and must not empty an existing file.
        Some(path) if !is_standard(path) && !written.is_empty() => {
            replace(path, |out| {
                std::io::Write::write_all(out, written.as_bytes())
            })?;
        }
        _ => console.print(&written)?,
    }
    Ok(if reading.script.is_empty() {
        Exit::Invalid
    } else {
        Exit::Holds
    })
}

/// A table has a line for each function of a library, so the limit of a program suffices.
const LIBRARY_BYTES_MAX: usize = SCRIPT_BYTES_MAX;

fn read_library(path: Option<&Path>, console: &mut Console) -> Result<Vec<reader::Entry>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let bytes = read_at_most(path, LIBRARY_BYTES_MAX, console)?;
    reader::entries(&String::from_utf8_lossy(&bytes)).map_err(|bad| Failure::Library {
        path: path.to_owned(),
        line: bad.0,
    })
}

/// From this number on, notes are grouped by kind. Fewer stay in the order of their lines.
const GROUPED_FROM: usize = 9;
/// Notes of one kind that are printed in full when notes are grouped.
const FULL_NOTES: usize = 2;
/// Lines that are named for the other notes of one kind.
const NAMED_LINES: usize = 10;

/// Prints the notes to standard error, e.g. `app.py:12: how long does …`.
fn print_notes(reading: &Reading, path: &Path, console: &mut Console) {
    let language = console.style.language;
    let (notes, input) = (&reading.notes, shown(path));
    let groups = if notes.len() < GROUPED_FROM {
        vec![notes.iter().collect()]
    } else {
        notes_by_kind(notes)
    };
    for group in groups {
        let is_long = notes.len() >= GROUPED_FROM && group.len() > FULL_NOTES + 1;
        let (full, others) = group.split_at(if is_long { FULL_NOTES } else { group.len() });
        for note in full {
            let text = plain(&note.kind.text(language));
            let (file, line) = reading.place_of(note);
            let file = file.map_or_else(|| input.clone(), plain);
            console.note(&format!("{file}:{line}: {text}\n"));
        }
        if !others.is_empty() {
            let more = others_of_kind(reading, others, language);
            console.note(&format!("{input}: {more}\n"));
        }
    }
}

/// The notes of each kind, in the order in which the kinds first appear.
fn notes_by_kind(notes: &[Note]) -> Vec<Vec<&Note>> {
    let mut groups: Vec<Vec<&Note>> = Vec::new();
    for note in notes {
        let same = |group: &&mut Vec<&Note>| group[0].kind.code() == note.kind.code();
        match groups.iter_mut().find(same) {
            Some(group) => group.push(note),
            None => groups.push(vec![note]),
        }
    }
    groups
}

/// `5 more of this kind, lines 3, 8, …`, or in a project `… of this kind, app/db.py:3, 8, app/main.py:9`.
fn others_of_kind(reading: &Reading, notes: &[&Note], language: Language) -> String {
    let mut places: Vec<_> = notes.iter().map(|note| reading.place_of(note)).collect();
    places.dedup();
    let mut last_file = None;
    let named = places.iter().take(NAMED_LINES).map(|(file, line)| {
        let is_new = file.is_some() && *file != last_file;
        last_file = *file;
        match file {
            Some(file) if is_new => format!("{}:{line}", plain(file)),
            _ => line.to_string(),
        }
    });
    let mut named = named.collect::<Vec<_>>().join(", ");
    if places.len() > NAMED_LINES {
        named.push_str(", …");
    }
    let count = notes.len();
    if reading.files.is_empty() {
        say!(
            language,
            "{count} more of this kind, lines {named}; `--format json` has all",
            count,
            named
        )
    } else {
        say!(
            language,
            "{count} more of this kind, {named}; `--format json` has all",
            count,
            named
        )
    }
}

fn reading_json(reading: &Reading, language: Language) -> String {
    let notes = reading.notes.iter().map(|note| {
        let (file, line) = reading.place_of(note);
        let mut object = serde_json::json!({
            "line": line,
            "code": note.kind.code(),
            "question": note.kind.is_question(),
            "text": note.kind.text(language),
        });
        // A single file needs no name in each note.
        if let Some(file) = file {
            object["file"] = file.into();
        }
        object
    });
    let object = serde_json::json!({
        "schema": "loopscope.reading/1",
        "script": reading.script,
        "notes": notes.collect::<Vec<_>>(),
    });
    format!("{object}\n")
}
