//! Python in: a real program to the script of what it would do.
//!
//! ```text
//! text ─ lexer ─▶ tokens ─ parser ─▶ tree ─ translate ─▶ pieces ─ tidy, write ─▶ script
//! ```
//!
//! Handlers of FastAPI, programs of asyncio, threads, pools and Celery's jobs.
//! Nothing is executed: the text is followed, values as far as a schedule
//! depends on them. What is guessed or has no counterpart is said, with its
//! line. Every stage is bounded and goes on after what it cannot read.
//!
//! What libraries do stands in [`library`]; what is said, in [`note`].

mod lexer;
pub mod library;
pub mod note;
mod outline;
mod parser;
mod piece;
mod tidy;
mod translate;
mod tree;
mod value;
mod write;

pub use library::{Entry, Manner, entries};
pub use note::{Note, NoteKind};
pub use outline::outline;

use model::limits::{LINES_MAX, SCRIPT_BYTES_MAX};
use model::time::SimDuration;

/// How a program is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// What the user knows about libraries; it comes before our own table.
    pub library: Vec<Entry>,
    /// How long something takes of which nothing is known.
    pub assumed: SimDuration,
    /// How many requests each handler gets, all together.
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

/// A program as a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the one layout; empty if nothing was found that runs.
    pub script: String,
    /// In the order of the Python's lines.
    pub notes: Vec<Note>,
}

/// Reads a Python program.
pub fn read(text: &str, options: &Options) -> Reading {
    if text.len() > SCRIPT_BYTES_MAX {
        return Reading {
            script: String::new(),
            notes: vec![Note {
                line: 1,
                kind: NoteKind::TooMuch,
            }],
        };
    }
    let (body, problems) = parser::parse(text);
    let mut program = translate::translate(&body, options);
    for problem in problems {
        let parser::Problem {
            line,
            found,
            too_deep,
        } = problem;
        let kind = match too_deep {
            true => NoteKind::TooDeep,
            false => NoteKind::Unreadable { found },
        };
        program.notes.push(Note { line, kind });
    }
    let script = match tidy::is_empty(&program) {
        true => String::new(),
        false => written(&mut program),
    };
    let mut notes = program.notes;
    notes.sort_by_key(|note| note.line);
    Reading { script, notes }
}

/// The program in the one layout, as much of it as fits a script.
fn written(program: &mut translate::Program) -> String {
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
            // Long names and deep blocks take more room than others.
            None => most /= 2,
        }
    }
}
