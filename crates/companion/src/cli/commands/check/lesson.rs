//! `check --lesson`: tests a Markdown page of a course. Runs every script on it, whether in a
//! fence, behind a share link or in a file, and judges its expectations.
//!
//! Leaves finding the scripts to [`crate::lesson`].

use std::path::Path;

use serde::Serialize;

use super::{FileResult, problem_json};
use crate::cli::colour::Ink;
use crate::cli::console::Console;
use crate::cli::diagnose::ScriptPage;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::outcome::{RunOutcome, run_page_script};
use crate::cli::source::{self, shown};
use crate::lesson::{Exhibit, ExhibitKind, Meant, exhibits};
use formats::link;
use model::trace::expectation::Verdict;
use model::trace::{Ending, Limit};
use model::workload::Workload;
use script::{Diagnostic, Parsed};

/// The result of testing a page.
pub(crate) struct Tested {
    pub(crate) exit: Exit,
    pub(crate) result: FileResult,
}

/// Tests a page. Unless `quiet`, prints each problem as it is found, in the order of the page.
pub(crate) fn test_page(
    path: &Path,
    quiet: bool,
    console: &mut Console,
) -> Result<Tested, Failure> {
    let bytes = source::read(path, console)?;
    let page = String::from_utf8_lossy(&bytes);
    let mut test = Test {
        path,
        quiet,
        exit: Exit::Holds,
        result: FileResult::new(path),
        tally: Tally::default(),
    };
    for exhibit in exhibits(&page) {
        test.test_exhibit(&exhibit, console);
    }
    let Test {
        exit,
        mut result,
        tally,
        ..
    } = test;
    if !quiet {
        let told = console.style.say().lesson_summary(&shown(path), &tally);
        console.note(&format!("{told}\n"));
    }
    result.lesson = Some(tally);
    Ok(Tested { exit, result })
}

/// The counts for the summary line and for `loopscope.check/1`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) scripts: usize,
    pub(crate) expectations: usize,
    /// Scripts with errors; `problems` has the details.
    pub(crate) invalid: usize,
    /// Failed expectations, deadlocks and limits, and links and files that cannot be opened.
    pub(crate) broken: Vec<Broken>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) reason: String,
}

struct Test<'a> {
    path: &'a Path,
    quiet: bool,
    exit: Exit,
    result: FileResult,
    tally: Tally,
}

impl Test<'_> {
    fn test_exhibit(&mut self, exhibit: &Exhibit, console: &mut Console) {
        let language = console.style.language;
        match &exhibit.kind {
            ExhibitKind::Script { text, meant } => self.test_script(exhibit, text, *meant, console),
            ExhibitKind::Link(link) => match link::decode(link) {
                // Of a Python program, whose run is never checked.
                Ok(link::Shared {
                    program: Some(program),
                    ..
                }) if !program.is_empty() => {}
                Ok(shared) => self.test_linked_script(exhibit.line, &shared.script, console),
                Err(error) => {
                    let reason = console.style.say().bad_link(error);
                    self.note_broken(exhibit.line, reason, Exit::Invalid, console);
                }
            },
            ExhibitKind::File(name) => {
                // Names are relative to the page, as in Markdown.
                let beside = self.path.parent().unwrap_or(Path::new("")).join(name);
                match source::read(&beside, console) {
                    Ok(bytes) => {
                        let text = String::from_utf8_lossy(&bytes);
                        self.test_linked_script(exhibit.line, &text, console);
                    }
                    Err(failure) => {
                        let reason = failure.message(language);
                        self.note_broken(exhibit.line, reason, failure.exit(), console);
                    }
                }
            }
        }
    }

    /// Tests a script on the page; its problems are shown with their lines on the page.
    fn test_script(&mut self, exhibit: &Exhibit, text: &str, meant: Meant, console: &mut Console) {
        self.tally.scripts += 1;
        let Parsed {
            workload,
            diagnostics,
            ..
        } = script::parse(text);
        match (meant, workload) {
            // Its errors are the point of the example, so they are not printed.
            (Meant::ToFail, None) => {}
            (Meant::ToFail, Some(_)) => {
                let reason = console.style.say().no_error().to_owned();
                self.note_broken(exhibit.line, reason, Exit::Fails, console);
            }
            (Meant::ToRun, None) => {
                self.tally.invalid += 1;
                self.exit = self.exit.max(Exit::Invalid);
                self.print_problems(exhibit, text, &diagnostics, console);
            }
            (Meant::ToRun, Some(workload)) => {
                self.print_problems(exhibit, text, &diagnostics, console);
                self.run_script(exhibit.line, workload, true, console);
            }
        }
    }

    fn print_problems(
        &mut self,
        exhibit: &Exhibit,
        text: &str,
        diagnostics: &[Diagnostic],
        console: &mut Console,
    ) {
        let page = ScriptPage::new(self.path, text, console.style)
            .placed(exhibit.line - 1, exhibit.indent);
        for diagnostic in diagnostics {
            if !self.quiet {
                console.report(&page.show(diagnostic));
            }
            let mut problem = problem_json(text, diagnostic, console.style.language);
            problem.move_by(exhibit.line - 1, exhibit.indent);
            self.result.problems.push(problem);
        }
    }

    /// Tests a script in a link or a file. Its problems have no line of their own on the page,
    /// so the first one is reported at the link.
    fn test_linked_script(&mut self, line: usize, text: &str, console: &mut Console) {
        self.tally.scripts += 1;
        let parsed = script::parse(text);
        match parsed.workload {
            Some(workload) => self.run_script(line, workload, false, console),
            None => {
                let first = parsed.diagnostics.iter().find(|d| d.is_error());
                let reason = first.map_or(String::new(), |d| d.message(console.style.language));
                self.note_broken(line, reason, Exit::Invalid, console);
            }
        }
    }

    /// Runs a script. `here`: the script itself begins at `line` of the page; otherwise `line`
    /// only has the link to it.
    fn run_script(&mut self, line: usize, workload: Workload, here: bool, console: &mut Console) {
        let outcome = RunOutcome::of_script(run_page_script(workload));
        self.tally.expectations += outcome.run.verdicts().len();
        let say = console.style.say();
        for verdict in outcome
            .run
            .verdicts()
            .iter()
            .filter(|verdict| !verdict.holds)
        {
            let line = if here {
                line + verdict.place.line as usize - 1
            } else {
                line
            };
            let Verdict { text, actual, .. } = verdict;
            self.note_broken(line, say.not_so(text, actual), Exit::Fails, console);
        }
        let reason = match (&outcome.run.trace().ending, outcome.exit()) {
            (Ending::Limit(Limit::Records { .. }), exit) => (say.too_long_for_a_page(), exit),
            (Ending::Limit(limit), exit) => (say.limit_reached(limit), exit),
            // A deadlock without `expect deadlock` has no verdict that reports it.
            (Ending::Deadlock(deadlock), exit @ Exit::Fails) => {
                (say.unexpected_deadlock(deadlock.at), exit)
            }
            _ => return,
        };
        self.note_broken(line, reason.0, reason.1, console);
    }

    fn note_broken(&mut self, line: usize, reason: String, exit: Exit, console: &mut Console) {
        if !self.quiet {
            let cross = console.style.err.paint(Ink::Error, "✗");
            console.report(&format!("{cross} {}:{line}: {reason}\n", shown(self.path)));
        }
        self.exit = self.exit.max(exit);
        self.tally.broken.push(Broken { line, reason });
    }
}
