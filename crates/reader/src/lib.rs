//! The Python importer: translates a Python program to a script with the same schedule.
//!
//! ```text
//! text ─ lexer ─▶ tokens ─ parser ─▶ tree ─ translate ─▶ pieces ─ tidy, write ─▶ script
//! ```
//!
//! It reads FastAPI handlers, asyncio programs, threads, pools and Celery jobs. It follows
//! the text without executing it, and tracks a value only if the schedule depends on it,
//! e.g. the argument of `asyncio.sleep`. Every guess and every construct without a
//! counterpart becomes a note with its line. Every stage is bounded, and continues after
//! text that it cannot read.
//!
//! The durations of library calls are in [`library`], the messages in [`note`].

mod comments;
mod lexer;
pub mod library;
mod markdown;
pub mod note;
mod outline;
mod outside;
mod parser;
mod piece;
pub mod project;
mod tidy;
mod translate;
mod tree;
mod value;
mod write;

pub use library::{Entry, Manner, entries};
pub use note::{Note, NoteKind};
pub use outline::outline;
pub use project::{ModuleSource, ModuleText, read_project};

use model::limits::{LINES_MAX, SCRIPT_BYTES_MAX};
use model::time::SimDuration;

/// The options of an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The user's library table; it takes precedence over the built-in one.
    pub library: Vec<Entry>,
    /// The assumed duration of a call that no table lists.
    pub assumed: SimDuration,
    /// The number of simultaneous requests to each handler.
    pub requests: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            library: Vec::new(),
            assumed: SimDuration::from_secs(1),
            requests: 3,
        }
    }
}

/// The result of an import: a script and notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Formatted; empty if nothing in the program runs.
    pub script: String,
    /// Sorted by line of the Python text.
    pub notes: Vec<Note>,
    /// The files of a project; empty for a single text.
    pub files: Vec<String>,
}

impl Reading {
    /// The file of a note, and the line in it. A single text has no file.
    pub fn place_of(&self, note: &Note) -> (Option<&str>, u32) {
        let (module, line) = project::place_of(note.line);
        (self.files.get(module).map(String::as_str), line)
    }
}

/// Imports a Python program.
pub fn read(text: &str, options: &Options) -> Reading {
    // Every stage is bounded; this bounds the first one.
    if text.len() > SCRIPT_BYTES_MAX {
        return Reading {
            script: String::new(),
            notes: vec![Note {
                line: 1,
                kind: NoteKind::TooMuch,
            }],
            files: Vec::new(),
        };
    }
    let (body, problems) = parser::parse(text, 1);
    // A document is no Python, but has some in its fences.
    if !problems.is_empty()
        && let Some(python) = markdown::python_in_fences(text)
    {
        return read_python(&python, options);
    }
    finish(body, problems, text, options)
}

fn read_python(text: &str, options: &Options) -> Reading {
    let (body, problems) = parser::parse(text, 1);
    finish(body, problems, text, options)
}

fn finish(
    body: Vec<tree::Stmt>,
    problems: Vec<parser::PythonProblem>,
    text: &str,
    options: &Options,
) -> Reading {
    let stated = comments::StatedFacts::of(text, 1);
    let module = translate::ParsedModule {
        name: String::new(),
        is_package: false,
        is_entry: true,
        body,
    };
    let modules = [module];
    let mut program = translate::translate(&modules, stated, None, options);
    for problem in problems {
        program.notes.push(problem_note(problem));
    }
    finish_program(program, options)
}

fn finish_program(mut program: translate::TranslatedProgram, options: &Options) -> Reading {
    outside::replace_open_waits(&mut program, options.assumed);
    let script = if tidy::is_empty(&program) {
        String::new()
    } else {
        written_script(&mut program)
    };
    let mut notes = program.notes;
    // Notes about the whole program stand at the end.
    notes.sort_by_key(|note| (note.kind.is_summary(), note.line));
    Reading {
        script,
        notes,
        files: program.files,
    }
}

fn problem_note(problem: parser::PythonProblem) -> Note {
    let parser::PythonProblem {
        line,
        found,
        too_deep,
    } = problem;
    let kind = if too_deep {
        NoteKind::TooDeep
    } else {
        NoteKind::Unreadable { found }
    };
    Note { line, kind }
}

/// The formatted script, cut to the limits of a script.
fn written_script(program: &mut translate::TranslatedProgram) -> String {
    let mut most = tidy::PIECES_MAX;
    loop {
        let text = write::write(program, most);
        let script = script::format(&text).ok();
        let fits = |script: &String| {
            script.len() <= SCRIPT_BYTES_MAX && script.lines().count() <= LINES_MAX
        };
        match script.filter(fits) {
            Some(script) => return script,
            None if most == 0 => return String::new(),
            // A piece has no fixed size: long names and deep indents take more bytes.
            None => most /= 2,
        }
    }
}
