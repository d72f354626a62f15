//! The errors of commands, with their messages and exit codes.
//!
//! Problems in a script are diagnostics, not failures: see [`super::diagnose`].

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::source::shown;
use super::words::Say;
use crate::png::PngError;
use crate::serve::ServeError;
use crate::verify::{ProgramError, ProofError, VerifyError};
use analysis::guess::Family;
use analysis::sweep::VaryError;
use analysis::sweep::table::MergeError;
use formats::import::OpenError;
use formats::link::LinkError;
use model::limits::DETAIL_RECORDS_MAX;
use script::nearest;
use texts::{Language, say, text};

#[derive(Debug)]
pub(crate) enum Failure {
    /// A script that cannot be read.
    Read {
        path: PathBuf,
        error: io::Error,
    },
    /// An input above its size limit, e.g. a script of more than 16 MiB.
    TooLarge {
        path: PathBuf,
        most: usize,
    },
    /// A folder with more files than are looked at.
    FolderTooLarge {
        path: PathBuf,
        most: usize,
    },
    /// A folder in which `import` finds no Python.
    NoPython {
        path: PathBuf,
    },
    /// `import app.main:app` where the folder has no such module.
    NoModule {
        module: String,
    },
    /// A file that cannot be written.
    Write {
        path: PathBuf,
        error: io::Error,
    },
    /// `-o` with the file that the command reads.
    OntoInput {
        path: PathBuf,
    },
    /// A write to standard output failed, e.g. because a disk is full.
    Output(io::Error),
    /// `-o` with an extension of no known format.
    UnknownEnding {
        path: PathBuf,
    },
    /// `--summary` with CSV: the summary leaves out the tasks that the CSV lists.
    NoSummaryAsCsv,
    /// `--seeds` with CSV, which has a line for each task of one run.
    NoSeedsAsCsv,
    /// `check - --fix --format json`: the repaired script and the JSON would be mixed.
    ScriptAndJson,
    /// `explain` of a code that does not exist.
    UnknownCode {
        code: String,
    },
    /// `sweep` with an invalid `--vary`.
    Vary(VaryError),
    /// `merge` of tables that do not form one sweep.
    Merge(MergeError),
    /// `import` with a library table that has an invalid line.
    Library {
        path: PathBuf,
        line: usize,
    },
    /// `exercise` of an unknown family.
    NoSuchFamily {
        name: String,
    },
    /// An answer that cannot be read, or a question without one.
    NoAnswer {
        text: String,
    },
    /// `lessons` with an unknown number or name.
    NoSuchLesson {
        name: String,
    },
    /// A share link that cannot be made or read.
    Link(LinkError),
    /// `why` about an instance that the run does not have.
    NoSuchTask {
        task: String,
        known: String,
        similar: Option<String>,
    },
    /// A Python program where a script is expected.
    PythonGiven {
        path: PathBuf,
    },
    /// `--watch` of standard input.
    CannotWatch {
        path: PathBuf,
    },
    /// `help` about a word that has none.
    UnknownTopic {
        topic: String,
        similar: Option<String>,
    },
    /// `why` of a run whose spans would take too much memory.
    TooLongToExplain,
    Png(PngError),
    Verify(VerifyError),
    /// A Python program that left no trace.
    Program(ProgramError),
    /// A script that cannot be compared with Python event by event.
    Proof(ProofError),
    /// An option for scripts, given with a Python program.
    OnlyForScripts {
        option: &'static str,
    },
    /// An option for Python programs, given with a script.
    OnlyForPrograms {
        option: &'static str,
    },
    /// `--requests` with a text that is no load, e.g. `100 ping`.
    NoLoad {
        load: String,
    },
    Serve(ServeError),
    /// `page` of a program that was built without the page.
    NoPage,
    /// `page` into a folder with an `index.html` of another site.
    OntoOtherSite {
        path: PathBuf,
    },
    /// A file that `calibrate` did not write.
    NoCosts {
        path: PathBuf,
    },
    /// Standard input of `mdbook` is not a book as mdBook sends it.
    NoBook,
    /// `open` of a file that is not a trace.
    Open {
        path: PathBuf,
        error: OpenError,
    },
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            // The input itself is at fault, as with a script that has errors.
            Self::TooLarge { .. }
            | Self::FolderTooLarge { .. }
            | Self::NoPython { .. }
            | Self::NoModule { .. }
            | Self::Open { .. }
            | Self::PythonGiven { .. } => Exit::Invalid,
            Self::TooLongToExplain => Exit::Limit,
            Self::Png(PngError::NoFont) | Self::NoPage => Exit::Missing,
            Self::Verify(error) => super::commands::verify::exit_of_error(error),
            Self::Proof(error) => super::commands::prove::exit_of_error(error),
            Self::Program(error) => match error {
                ProgramError::Verify(error) => super::commands::verify::exit_of_error(error),
                ProgramError::Stuck { .. } => Exit::Limit,
                ProgramError::Killed { .. } => Exit::Fails,
                ProgramError::Refused { .. } => Exit::Usage,
            },
            Self::Read { .. }
            | Self::Write { .. }
            | Self::OntoInput { .. }
            | Self::Output(_)
            | Self::UnknownEnding { .. }
            | Self::NoSummaryAsCsv
            | Self::NoSeedsAsCsv
            | Self::OnlyForScripts { .. }
            | Self::OnlyForPrograms { .. }
            | Self::NoLoad { .. }
            | Self::ScriptAndJson
            | Self::UnknownCode { .. }
            | Self::UnknownTopic { .. }
            | Self::CannotWatch { .. }
            | Self::NoSuchTask { .. }
            | Self::Library { .. }
            | Self::NoSuchFamily { .. }
            | Self::NoAnswer { .. }
            | Self::NoSuchLesson { .. }
            | Self::Link(_)
            | Self::NoBook
            | Self::Vary(_)
            | Self::Merge(_)
            | Self::Serve(_)
            | Self::OntoOtherSite { .. }
            | Self::NoCosts { .. }
            | Self::Png(_) => Exit::Usage,
        }
    }

    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Read { path, error } => say!(
                language,
                "cannot read `{path}`: {error}",
                path = shown(path),
                error = error_reason(error, language)
            ),
            Self::TooLarge { path, most } => say!(
                language,
                "`{path}` is larger than {most} bytes, so it was not read",
                path = shown(path),
                most
            ),
            Self::FolderTooLarge { path, most } => say!(
                language,
                "`{path}` holds more than {most} files, so it was not read; name a folder inside it, or a module such as `app.main:app`",
                path = shown(path),
                most
            ),
            Self::NoPython { path } => say!(
                language,
                "`{path}` holds no Python program; name its folder, or a module such as `app.main:app`",
                path = shown(path)
            ),
            Self::NoModule { module } => say!(
                language,
                "this folder has no module `{module}`; start in the folder from which the server is started, or name a folder or a file",
                module = shown(Path::new(module))
            ),
            Self::Write { path, error } => say!(
                language,
                "cannot write `{path}`: {error}",
                path = shown(path),
                error = error_reason(error, language)
            ),
            Self::OntoInput { path } => say!(
                language,
                "`{path}` is also the input, and writing would overwrite it; write to another file",
                path = shown(path)
            ),
            Self::Output(error) => say!(
                language,
                "cannot write to standard output: {error}",
                error = error_reason(error, language)
            ),
            Self::UnknownEnding { path } => say!(
                language,
                "`{path}` does not name a picture format; write a name that ends in .svg, .png or .txt",
                path = shown(path)
            ),
            Self::NoSummaryAsCsv => say!(
                language,
                "`--format csv` writes a line for each task, but `--summary` leaves out the tasks; write `--format json --summary`"
            ),
            Self::NoSeedsAsCsv => say!(
                language,
                "`--format csv` writes a line for each task of one run, but `--seeds` has many runs; write `--format json --seeds N`"
            ),
            Self::ScriptAndJson => say!(
                language,
                "the repaired script of `-` and the JSON would both go to standard output; \
                 write `--fix` and `--format json` in two commands, or name a file instead of `-`"
            ),
            Self::UnknownCode { code } => say!(
                language,
                "unknown code `{code}`; write a code such as `L401`, as shown in `error[L401]`",
                code
            ),
            Self::Vary(error) => {
                with_similar(&error.message(language), error.similar_name(), language)
            }
            Self::CannotWatch { path } => say!(
                language,
                "`{path}` cannot be watched; name a file",
                path = shown(path)
            ),
            Self::PythonGiven { path } => say!(
                language,
                "`{path}` is a Python program, not a script; run it with `loopscope run {path} --python`, or convert it with `loopscope import {path}`",
                path = shown(path)
            ),
            Self::UnknownTopic { topic, similar } => {
                super::commands::help::unknown_topic_message(topic, similar.as_deref(), language)
            }
            Self::Merge(error) => super::commands::sweep::merge_message(*error, language),
            Self::NoSuchFamily { name } => {
                let message = say!(
                    language,
                    "unknown exercise `{name}`; `loopscope exercise` lists all of them",
                    name
                );
                let known = Family::ALL.into_iter().map(Family::name);
                with_similar(&message, nearest(name, known), language)
            }
            Self::NoSuchLesson { name } => {
                let message = say!(
                    language,
                    "unknown lesson `{name}`; `loopscope lessons` lists all of them",
                    name
                );
                let known = lessons::all().iter().map(|lesson| lesson.slug);
                with_similar(&message, nearest(name, known), language)
            }
            Self::Link(error) => Say::in_language(language).bad_link(*error),
            Self::NoAnswer { text } => say!(
                language,
                "`{text}` is not an answer; write a time such as `9s`, or task names such as `a, b`",
                text
            ),
            Self::Library { path, line } => say!(
                language,
                "`{path}`, line {line}: write a path, `await`, `block`, `cpu` or `nothing`, and \
                 a time, such as `mylib.charge block 300ms`",
                path = shown(path),
                line
            ),
            Self::NoSuchTask {
                task,
                known,
                similar,
            } => {
                let message = say!(
                    language,
                    "no task `{task}` runs; write one of {known}",
                    task,
                    known
                );
                with_similar(&message, similar.as_deref(), language)
            }
            Self::TooLongToExplain => say!(
                language,
                "the run has more than {most} state changes, too many to explain; stop it earlier with `until`",
                most = DETAIL_RECORDS_MAX
            ),
            Self::Verify(error) => error.message(language),
            Self::Program(error) => error.message(language),
            Self::Proof(error) => super::commands::prove::message(error, language),
            Self::OnlyForScripts { option } => say!(
                language,
                "`{option}` is for scripts, not for Python programs; leave it out",
                option
            ),
            Self::OnlyForPrograms { option } => say!(
                language,
                "`{option}` is for Python programs, and this is a script; leave it out, or add `--python` if the file is a program",
                option
            ),
            Self::NoLoad { load } => say!(
                language,
                "`{load}` does not describe requests; write e.g. `100 GET /ping` or `10 POST /items every 1s`",
                load
            ),
            Self::Serve(error) => error.message(language),
            Self::NoPage => Say::in_language(language).without_page().to_owned(),
            Self::OntoOtherSite { path } => say!(
                language,
                "`{path}` holds another site's index.html; write to a folder of its own, e.g. `{path}/loopscope`",
                path = shown(path)
            ),
            Self::NoBook => say!(
                language,
                "standard input is not an mdBook book; mdBook itself runs this command: `command = \"loopscope mdbook\"` in book.toml"
            ),
            Self::NoCosts { path } => say!(
                language,
                "`{path}` contains no costs; create it with `loopscope calibrate -o costs.json`",
                path = shown(path)
            ),
            Self::Open { path, error } => say!(
                language,
                "cannot open `{path}`: {message}",
                path = shown(path),
                message = error.message(language)
            ),
            Self::Png(PngError::NoFont) => say!(
                language,
                "no font for the chart's texts is installed; install one (Debian: `apt install fonts-dejavu-core fonts-noto-cjk`) or draw an SVG instead"
            ),
            Self::Png(PngError::TooLarge { width, height }) => say!(
                language,
                "a picture of {width} by {height} pixels is too large; make it narrower or draw an SVG instead",
                width = format_args!("{width:.0}"),
                height = format_args!("{height:.0}")
            ),
            Self::Png(PngError::Failed(reason)) => {
                say!(language, "cannot draw the picture: {reason}", reason)
            }
        }
    }
}

/// The message, and the known word that is most similar to the unknown one.
fn with_similar(message: &str, similar: Option<&str>, language: Language) -> String {
    match similar {
        Some(similar) => say!(
            language,
            "{message}; did you mean `{similar}`?",
            message,
            similar
        ),
        None => message.to_owned(),
    }
}

/// The operating system's error; frequent ones in plain and translated words.
fn error_reason(error: &io::Error, language: Language) -> String {
    let text = match error.kind() {
        ErrorKind::NotFound => text!("no such file or folder"),
        ErrorKind::IsADirectory => text!("it is a folder"),
        ErrorKind::NotADirectory => text!("a part of its path is not a folder"),
        ErrorKind::PermissionDenied => text!("permission denied"),
        ErrorKind::AlreadyExists => text!("a file with this name already exists"),
        ErrorKind::StorageFull => text!("the disk is full"),
        _ => return error.to_string(),
    };
    text.of(language).to_owned()
}
