//! `check`: prints the diagnostics of scripts; `--fix` applies the safe fixes.
//!
//! Leaves Markdown pages (`--lesson`) to [`lesson`].

mod lesson;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::console::Console;
use crate::cli::diagnose::ScriptPage;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::replace;
use crate::cli::source::{self, is_standard};
pub(crate) use lesson::Tally;
use script::{Diagnostic, Severity, apply_fixes, line_column};
use texts::Language;

/// Report every problem in scripts, with its line
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope check pasta.loop --fix")]
pub(crate) struct CheckArgs {
    /// Scripts; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Fix the problems that have a safe fix
    #[arg(long, conflicts_with = "lesson")]
    pub(crate) fix: bool,
    /// Files are Markdown pages: test all scripts in them and their expectations
    #[arg(long)]
    pub(crate) lesson: bool,
    /// Check again whenever a file is saved, until Ctrl-C
    #[arg(long, conflicts_with = "fix")]
    pub(crate) watch: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: CheckFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people, on standard error
    #[default]
    Text,
    /// For programs, on standard output
    Json,
}

/// Rounds of `--fix`. A fix may reveal another diagnostic, e.g. once a line parses; the bound
/// ends a loop of fixes that undo each other.
const ROUNDS_MAX: usize = 10;

pub(crate) fn check(args: &CheckArgs, console: &mut Console) -> Result<Exit, Failure> {
    let to_output = args.fix && args.format == CheckFormat::Json;
    if to_output && args.files.iter().any(|path| is_standard(path)) {
        return Err(Failure::ScriptAndJson);
    }
    let mut worst = Exit::Holds;
    let mut results = Vec::new();
    for path in &args.files {
        if args.lesson {
            match lesson::test_page(path, args.format == CheckFormat::Json, console) {
                Ok(tested) => {
                    worst = worst.max(tested.exit);
                    results.push(tested.result);
                }
                Err(failure) => {
                    console.complain(&failure);
                    worst = worst.max(failure.exit());
                }
            }
            continue;
        }
        let checked = match check_file(path, args.fix, console) {
            Ok(checked) => checked,
            // One unreadable file does not keep the others from being checked.
            Err(failure) => {
                console.complain(&failure);
                worst = worst.max(failure.exit());
                continue;
            }
        };
        worst = worst.max(checked.exit());
        match args.format {
            CheckFormat::Text => checked.print_problems(path, console)?,
            CheckFormat::Json => results.push(checked.file_result(path, console.style.language)),
        }
    }
    if args.format == CheckFormat::Json {
        print_json(results, console)?;
    }
    Ok(worst)
}

/// A script with its remaining diagnostics.
struct CheckedScript {
    text: String,
    diagnostics: Vec<Diagnostic>,
    repaired: usize,
}

fn check_file(path: &Path, fix: bool, console: &mut Console) -> Result<CheckedScript, Failure> {
    let bytes = source::read(path, console)?;
    let (text, parsed) = script::parse_bytes(&bytes);
    let mut checked = CheckedScript {
        text: text.into_owned(),
        diagnostics: parsed.diagnostics,
        repaired: 0,
    };
    if fix {
        checked.apply_safe_fixes();
        write_repaired(path, &checked, console)?;
    }
    Ok(checked)
}

fn write_repaired(
    path: &Path,
    checked: &CheckedScript,
    console: &mut Console,
) -> Result<(), Failure> {
    // As a filter, the command prints the script even if it repaired nothing.
    if is_standard(path) {
        return console.print(&checked.text);
    }
    match checked.repaired {
        0 => Ok(()),
        _ => replace(path, |out| out.write_all(checked.text.as_bytes())),
    }
}

impl CheckedScript {
    fn apply_safe_fixes(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let fixed = apply_fixes(&self.text, &self.diagnostics, true);
            if fixed == self.text {
                return;
            }
            let diagnostics = script::parse(&fixed).diagnostics;
            // A fix that reveals another diagnostic leaves their number unchanged, and still
            // counts as one.
            self.repaired += self
                .diagnostics
                .len()
                .saturating_sub(diagnostics.len())
                .max(1);
            self.text = fixed;
            self.diagnostics = diagnostics;
        }
    }

    fn count(&self, severity: Severity) -> usize {
        let same = |d: &&Diagnostic| d.severity() == severity;
        self.diagnostics.iter().filter(same).count()
    }

    fn exit(&self) -> Exit {
        match self.count(Severity::Error) {
            0 => Exit::Holds,
            _ => Exit::Invalid,
        }
    }

    /// Prints the diagnostics and a summary line to standard error.
    fn print_problems(&self, path: &Path, console: &mut Console) -> Result<(), Failure> {
        let say = console.style.say();
        let page = ScriptPage::new(path, &self.text, console.style);
        let problems: String = self.diagnostics.iter().map(|d| page.show(d)).collect();
        console.report(&problems);
        let name = page.name();
        if self.repaired > 0 {
            console.note(&format!("{}\n", say.repaired_count(name, self.repaired)));
        }
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        let mut line = say.problem_summary(name, errors, warnings);
        let fixable = self.diagnostics.iter().filter(|d| is_safe(d)).count();
        if fixable > 0 {
            line.push_str(&format!("; {}", say.fixable_count(fixable)));
        }
        console.note(&format!("{line}\n"));
        Ok(())
    }

    fn file_result(&self, path: &Path, language: Language) -> FileResult {
        let problems = self.diagnostics.iter();
        FileResult {
            repaired: self.repaired,
            problems: problems
                .map(|d| problem_json(&self.text, d, language))
                .collect(),
            ..FileResult::new(path)
        }
    }
}

pub(crate) fn problem_json(text: &str, diagnostic: &Diagnostic, language: Language) -> ProblemJson {
    let place = |byte: u32| {
        let place = line_column(text, byte as usize);
        PlaceJson {
            line: place.line,
            column: place.column,
            byte,
        }
    };
    ProblemJson {
        code: diagnostic.code().as_str(),
        severity: match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: diagnostic.message(language),
        hints: diagnostic.hints(language),
        start: place(diagnostic.span.start),
        end: place(diagnostic.span.end),
        fixable: is_safe(diagnostic),
    }
}

fn is_safe(diagnostic: &Diagnostic) -> bool {
    diagnostic.fix().is_some_and(|fix| fix.safe)
}

// The schema of `--format json`, `loopscope.check/1`.

#[derive(Serialize)]
struct Results {
    schema: &'static str,
    files: Vec<FileResult>,
}

#[derive(Serialize)]
pub(crate) struct FileResult {
    file: String,
    repaired: usize,
    pub(crate) problems: Vec<ProblemJson>,
    /// Only for a Markdown page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lesson: Option<Tally>,
}

impl FileResult {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            file: path.display().to_string(),
            repaired: 0,
            problems: Vec::new(),
            lesson: None,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ProblemJson {
    code: &'static str,
    severity: &'static str,
    message: String,
    hints: Vec<String>,
    start: PlaceJson,
    end: PlaceJson,
    fixable: bool,
}

impl ProblemJson {
    /// Moves line and column to the script's position on its page. Byte offsets stay relative
    /// to the script.
    pub(crate) fn move_by(&mut self, lines: usize, columns: usize) {
        for place in [&mut self.start, &mut self.end] {
            place.line += lines;
            place.column += columns;
        }
    }
}

/// Line and column count from 1, bytes from 0.
#[derive(Serialize)]
struct PlaceJson {
    line: usize,
    column: usize,
    byte: u32,
}

fn print_json(files: Vec<FileResult>, console: &mut Console) -> Result<(), Failure> {
    let results = Results {
        schema: "loopscope.check/1",
        files,
    };
    console.write(|mut out| {
        serde_json::to_writer(&mut out, &results)?;
        out.write_all(b"\n")
    })
}
