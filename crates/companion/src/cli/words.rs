//! Messages of the commands, in every language.
//!
//! Leaves the words of charts, diagnostics, failures and deadlocks to their own modules. A
//! message with a count has a singular form, e.g. "1 error" and "2 errors".

use super::lesson::Tally;
use std::ops::Deref;

use formats::link::{LINK_BYTES_MAX, LinkError};
use model::limits::DETAIL_RECORDS_MAX;
use model::time::SimTime;
use model::trace::Limit;
use texts::{Language, say, text};

/// The command line's sentences in one language. Those that the page has too are methods of
/// [`analysis::say::Say`], which this type derefs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Say(pub(super) Language, analysis::say::Say);

impl Deref for Say {
    type Target = analysis::say::Say;

    fn deref(&self) -> &Self::Target {
        &self.1
    }
}

impl Say {
    pub(super) fn in_language(language: Language) -> Self {
        Self(language, analysis::say::Say(language))
    }

    pub(super) fn error(self) -> &'static str {
        text!("error").of(self.0)
    }

    pub(super) fn warning(self) -> &'static str {
        text!("warning").of(self.0)
    }

    /// The label before a hint. It is empty in Korean, where hints begin with their own word.
    pub(super) fn hint(self) -> &'static str {
        text!("hint: ").of(self.0)
    }

    pub(super) fn standard_input(self) -> &'static str {
        text!("standard input").of(self.0)
    }

    // calibrate

    pub(super) fn calibrating(self) -> &'static str {
        text!("measuring for a few seconds; other busy programs distort the result").of(self.0)
    }

    pub(super) fn hop(self) -> &'static str {
        text!("a step of a task").of(self.0)
    }

    pub(super) fn watched_hop(self) -> &'static str {
        text!("a step while `verify` watches").of(self.0)
    }

    pub(super) fn hand_over(self) -> &'static str {
        text!("handing work to a thread").of(self.0)
    }

    pub(super) fn thread_start(self) -> &'static str {
        text!("starting a thread").of(self.0)
    }

    pub(super) fn process_start(self) -> &'static str {
        text!("starting a process").of(self.0)
    }

    pub(super) fn ipc(self) -> &'static str {
        text!("sending a message to a process").of(self.0)
    }

    pub(super) fn http(self) -> &'static str {
        text!("an HTTP request").of(self.0)
    }

    pub(super) fn not_measured(self) -> &'static str {
        text!("not measured; install it with: loopscope setup python").of(self.0)
    }

    // open

    pub(super) fn left_out(self, events: usize) -> String {
        match events {
            1 => say!(self.0, "1 unknown or invalid event was left out", events),
            _ => say!(
                self.0,
                "{events} unknown or invalid events were left out",
                events
            ),
        }
    }

    // serve

    pub(super) fn without_page(self) -> &'static str {
        text!("this program was built without the page. In a clone of Loopscope, `make serve` builds it with the page and starts it").of(self.0)
    }

    pub(super) fn serving(self) -> &'static str {
        text!(
            "open this address in a browser on this machine to run scripts here. It works once, within ten minutes; after that, a new address is printed here. Ctrl-C stops the server"
        )
        .of(self.0)
    }

    // setup

    pub(super) fn setting_up(self, place: &str) -> String {
        say!(
            self.0,
            "installing pinned Python packages into {place}",
            place
        )
    }

    pub(super) fn set_up(self) -> &'static str {
        text!("done").of(self.0)
    }

    pub(super) fn set_up_already(self, place: &str) -> String {
        say!(self.0, "already installed: {place}", place)
    }

    // Failures of tasks

    pub(super) fn at_line(self, who: &str, line: u32) -> String {
        say!(self.0, "{who}, line {line}", who, line)
    }

    pub(super) fn not_held(self) -> &'static str {
        text!("it does not hold the lock").of(self.0)
    }

    pub(super) fn failed_in_group(self) -> &'static str {
        text!("tasks of its group failed").of(self.0)
    }

    pub(super) fn group_is_closing(self) -> &'static str {
        text!("its group is shutting down and takes no new task").of(self.0)
    }

    pub(super) fn handle_is_unset(self) -> &'static str {
        text!("its handle was never assigned").of(self.0)
    }

    pub(super) fn timed_out(self) -> &'static str {
        text!("its timeout expired").of(self.0)
    }

    // check

    /// E.g. `pasta.loop: 2 errors, 1 warning`.
    pub(super) fn problems(self, file: &str, errors: usize, warnings: usize) -> String {
        let errors = (errors > 0).then(|| self.errors(errors));
        let warnings = (warnings > 0).then(|| self.warnings(warnings));
        let found: Vec<_> = errors.into_iter().chain(warnings).collect();
        if found.is_empty() {
            say!(self.0, "{file}: no problems", file)
        } else {
            format!("{file}: {}", found.join(", "))
        }
    }

    fn errors(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 error"),
            _ => say!(self.0, "{count} errors", count),
        }
    }

    fn warnings(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 warning"),
            _ => say!(self.0, "{count} warnings", count),
        }
    }

    pub(super) fn fixed(self, file: &str, fixes: usize) -> String {
        match fixes {
            1 => say!(self.0, "{file}: 1 problem fixed", file, fixes),
            _ => say!(self.0, "{file}: {fixes} problems fixed", file, fixes),
        }
    }

    pub(super) fn fixable(self, fixes: usize) -> String {
        match fixes {
            1 => say!(self.0, "`--fix` can fix 1 of them", fixes),
            _ => say!(self.0, "`--fix` can fix {fixes} of them", fixes),
        }
    }

    /// E.g. `course.md: 4 scripts, 7 expectations, nothing broken`.
    pub(super) fn lesson(self, file: &str, tally: &Tally) -> String {
        let (scripts, claims) = (self.scripts(tally.scripts), self.claims(tally.expectations));
        let broken = match tally.broken.len() + tally.invalid {
            0 => text!("none failed").of(self.0).to_owned(),
            broken => say!(self.0, "{broken} failed", broken),
        };
        format!("{file}: {scripts}, {claims}, {broken}")
    }

    fn scripts(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no script"),
            1 => say!(self.0, "1 script"),
            _ => say!(self.0, "{count} scripts", count),
        }
    }

    fn claims(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no expectation"),
            1 => say!(self.0, "1 expectation"),
            _ => say!(self.0, "{count} expectations", count),
        }
    }

    pub(super) fn not_so(self, claim: &str, actual: &str) -> String {
        say!(self.0, "{claim}: actually {actual}", claim, actual)
    }

    pub(super) fn no_error(self) -> &'static str {
        text!("the block is marked `error`, but its script has no error").of(self.0)
    }

    pub(super) fn unexpected_deadlock(self, at: SimTime) -> String {
        say!(
            self.0,
            "deadlock at {at}; write `expect deadlock` if it is intended",
            at = at.label()
        )
    }

    pub(super) fn bad_link(self, error: LinkError) -> String {
        match error {
            LinkError::NoLink => say!(
                self.0,
                "this is not a share link; a share link begins with `v1.`"
            ),
            LinkError::Version(version) => say!(
                self.0,
                "the link has version {version}; install a newer Loopscope",
                version
            ),
            LinkError::TooLong => say!(
                self.0,
                "the link holds more than {most} KiB; send the script as a file",
                most = LINK_BYTES_MAX / 1024
            ),
            LinkError::Damaged => say!(
                self.0,
                "the link is damaged; ask for the complete link again"
            ),
        }
    }

    // fmt

    pub(super) fn would_change(self, file: &str) -> String {
        say!(self.0, "{file}: not in the layout of `loopscope fmt`", file)
    }

    // run

    pub(super) fn did_not_run(self, errors: usize) -> String {
        match errors {
            1 => say!(self.0, "the script has an error, so it did not run", errors),
            _ => say!(
                self.0,
                "the script has {errors} errors, so it did not run",
                errors
            ),
        }
    }

    pub(super) fn expected(self, claim: &str, actual: &str, line: u32) -> String {
        say!(
            self.0,
            "{claim}: actually {actual} (line {line})",
            claim,
            actual,
            line
        )
    }

    pub(super) fn printed(self) -> &'static str {
        text!("printed").of(self.0)
    }

    pub(super) fn more(self, count: usize) -> String {
        say!(self.0, "… {count} more", count)
    }

    pub(super) fn limit_reached(self, limit: &Limit) -> String {
        say!(
            self.0,
            "stopped at a limit of the language: {limit}",
            limit = limit.text(self.0)
        )
    }

    pub(super) fn too_long_for_a_page(self) -> String {
        say!(
            self.0,
            "too long for a page: more than {most} state changes; stop it earlier with `until`",
            most = DETAIL_RECORDS_MAX
        )
    }

    pub(super) fn loop_lag(self) -> &'static str {
        text!("longest wait for the loop").of(self.0)
    }

    // The table of tasks.

    pub(super) fn task(self) -> &'static str {
        text!("task").of(self.0)
    }

    pub(super) fn runs(self) -> &'static str {
        text!("runs").of(self.0)
    }

    pub(super) fn done(self) -> &'static str {
        text!("done").of(self.0)
    }

    pub(super) fn failed(self) -> &'static str {
        text!("failed").of(self.0)
    }

    pub(super) fn cancelled(self) -> &'static str {
        text!("cancelled").of(self.0)
    }

    pub(super) fn running(self) -> &'static str {
        text!("unfinished").of(self.0)
    }

    pub(super) fn median(self) -> &'static str {
        text!("median").of(self.0)
    }

    pub(super) fn p95(self) -> &'static str {
        text!("95 %").of(self.0)
    }

    pub(super) fn slowest(self) -> &'static str {
        text!("slowest").of(self.0)
    }
}
