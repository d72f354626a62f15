//! Messages of the commands, in every language.
//!
//! Leaves the words of charts, diagnostics, failures and deadlocks to their own modules. A
//! message with a count has a singular form, e.g. "1 error" and "2 errors".

use super::commands::Tally;
use std::ops::Deref;

use analysis::compare::Metric;
use formats::link::{LINK_BYTES_MAX, LinkError};
use model::limits::DETAIL_RECORDS_MAX;
use model::time::SimTime;
use model::trace::Limit;
use texts::{Language, say, text};

/// The command line's sentences in one language. Those that the page has too are methods of
/// [`analysis::say::Say`], which this type derefs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Say(pub(crate) Language, analysis::say::Say);

impl Deref for Say {
    type Target = analysis::say::Say;

    fn deref(&self) -> &Self::Target {
        &self.1
    }
}

impl Say {
    pub(crate) fn in_language(language: Language) -> Self {
        Self(language, analysis::say::Say(language))
    }

    pub(crate) fn error_label(self) -> &'static str {
        text!("error").of(self.0)
    }

    pub(crate) fn warning_label(self) -> &'static str {
        text!("warning").of(self.0)
    }

    /// The label before a hint. It is empty in Korean, where hints begin with their own word.
    pub(crate) fn hint_label(self) -> &'static str {
        text!("hint: ").of(self.0)
    }

    pub(crate) fn standard_input(self) -> &'static str {
        text!("standard input").of(self.0)
    }

    // calibrate

    pub(crate) fn calibrating_note(self) -> &'static str {
        text!("measuring for a few seconds; other busy programs distort the result").of(self.0)
    }

    pub(crate) fn hop_row(self) -> &'static str {
        text!("a step of a task").of(self.0)
    }

    pub(crate) fn watched_hop(self) -> &'static str {
        text!("a step while `verify` watches").of(self.0)
    }

    pub(crate) fn hand_over(self) -> &'static str {
        text!("handing work to a thread").of(self.0)
    }

    pub(crate) fn thread_start(self) -> &'static str {
        text!("starting a thread").of(self.0)
    }

    pub(crate) fn process_start(self) -> &'static str {
        text!("starting a process").of(self.0)
    }

    pub(crate) fn ipc_row(self) -> &'static str {
        text!("sending a message to a process").of(self.0)
    }

    pub(crate) fn http_row(self) -> &'static str {
        text!("an HTTP request").of(self.0)
    }

    pub(crate) fn not_measured(self) -> &'static str {
        text!("not measured; install it with: loopscope setup python").of(self.0)
    }

    // open

    pub(crate) fn left_out(self, events: usize) -> String {
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

    pub(crate) fn without_page(self) -> &'static str {
        text!("this program was built without the page. In a clone of Loopscope, `make serve` builds it with the page and starts it").of(self.0)
    }

    pub(crate) fn serving_note(self) -> &'static str {
        text!(
            "open this address in a browser on this machine to run scripts here. It works once, within ten minutes; after that, a new address is printed here. Ctrl-C stops the server"
        )
        .of(self.0)
    }

    // setup

    pub(crate) fn setting_up(self, place: &str) -> String {
        say!(
            self.0,
            "installing pinned Python packages into {place}",
            place
        )
    }

    pub(crate) fn set_up(self) -> &'static str {
        text!("done").of(self.0)
    }

    pub(crate) fn set_up_already(self, place: &str) -> String {
        say!(self.0, "already installed: {place}", place)
    }

    // Failures of tasks

    pub(crate) fn at_line(self, who: &str, line: u32) -> String {
        say!(self.0, "{who}, line {line}", who, line)
    }

    pub(crate) fn not_held(self) -> &'static str {
        text!("it does not hold the lock").of(self.0)
    }

    pub(crate) fn all_permits_free(self) -> &'static str {
        text!("all permits of the pool are free already").of(self.0)
    }

    pub(crate) fn no_permit(self) -> &'static str {
        text!("no permit became free in time").of(self.0)
    }

    pub(crate) fn queue_is_shut(self) -> &'static str {
        text!("the queue is shut down").of(self.0)
    }

    pub(crate) fn failed_in_group(self) -> &'static str {
        text!("tasks of its group failed").of(self.0)
    }

    pub(crate) fn group_is_closing(self) -> &'static str {
        text!("its group is shutting down and takes no new task").of(self.0)
    }

    pub(crate) fn handle_is_unset(self) -> &'static str {
        text!("its handle was never assigned").of(self.0)
    }

    pub(crate) fn timed_out(self) -> &'static str {
        text!("its timeout expired").of(self.0)
    }

    // check

    /// E.g. `pasta.loop: 2 errors, 1 warning`.
    pub(crate) fn problem_summary(self, file: &str, errors: usize, warnings: usize) -> String {
        let errors = (errors > 0).then(|| self.error_count(errors));
        let warnings = (warnings > 0).then(|| self.warning_count(warnings));
        let found: Vec<_> = errors.into_iter().chain(warnings).collect();
        if found.is_empty() {
            say!(self.0, "{file}: no problems", file)
        } else {
            format!("{file}: {}", found.join(", "))
        }
    }

    fn error_count(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 error"),
            _ => say!(self.0, "{count} errors", count),
        }
    }

    fn warning_count(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 warning"),
            _ => say!(self.0, "{count} warnings", count),
        }
    }

    pub(crate) fn repaired_count(self, file: &str, fixes: usize) -> String {
        match fixes {
            1 => say!(self.0, "{file}: 1 problem fixed", file, fixes),
            _ => say!(self.0, "{file}: {fixes} problems fixed", file, fixes),
        }
    }

    pub(crate) fn fixable_count(self, fixes: usize) -> String {
        match fixes {
            1 => say!(self.0, "`--fix` can fix 1 of them", fixes),
            _ => say!(self.0, "`--fix` can fix {fixes} of them", fixes),
        }
    }

    /// E.g. `course.md: 4 scripts, 7 expectations, nothing broken`.
    pub(crate) fn lesson_summary(self, file: &str, tally: &Tally) -> String {
        let (scripts, claims) = (
            self.script_count(tally.scripts),
            self.claim_count(tally.expectations),
        );
        let broken = match tally.broken.len() + tally.invalid {
            0 => text!("none failed").of(self.0).to_owned(),
            broken => say!(self.0, "{broken} failed", broken),
        };
        format!("{file}: {scripts}, {claims}, {broken}")
    }

    fn script_count(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no script"),
            1 => say!(self.0, "1 script"),
            _ => say!(self.0, "{count} scripts", count),
        }
    }

    fn claim_count(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no expectation"),
            1 => say!(self.0, "1 expectation"),
            _ => say!(self.0, "{count} expectations", count),
        }
    }

    pub(crate) fn not_so(self, claim: &str, actual: &str) -> String {
        say!(self.0, "{claim}: actually {actual}", claim, actual)
    }

    pub(crate) fn no_error(self) -> &'static str {
        text!("the block is marked `error`, but its script has no error").of(self.0)
    }

    pub(crate) fn unexpected_deadlock(self, at: SimTime) -> String {
        say!(
            self.0,
            "deadlock at {at}; write `expect deadlock` if it is intended",
            at = at.label()
        )
    }

    pub(crate) fn bad_link(self, error: LinkError) -> String {
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

    pub(crate) fn would_change(self, file: &str) -> String {
        say!(self.0, "{file}: not in the layout of `loopscope fmt`", file)
    }

    // run

    pub(crate) fn did_not_run(self, errors: usize) -> String {
        match errors {
            1 => say!(self.0, "the script has an error, so it did not run", errors),
            _ => say!(
                self.0,
                "the script has {errors} errors, so it did not run",
                errors
            ),
        }
    }

    pub(crate) fn expected_claim(self, claim: &str, actual: &str, line: u32) -> String {
        say!(
            self.0,
            "{claim}: actually {actual} (line {line})",
            claim,
            actual,
            line
        )
    }

    pub(crate) fn printed_title(self) -> &'static str {
        text!("printed").of(self.0)
    }

    pub(crate) fn more_rows(self, count: usize) -> String {
        say!(self.0, "… {count} more", count)
    }

    pub(crate) fn limit_reached(self, limit: &Limit) -> String {
        say!(
            self.0,
            "stopped at a limit of the language: {limit}",
            limit = limit.text(self.0)
        )
    }

    pub(crate) fn too_long_for_a_page(self) -> String {
        say!(
            self.0,
            "too long for a page: more than {most} state changes; stop it earlier with `until`",
            most = DETAIL_RECORDS_MAX
        )
    }

    pub(crate) fn loop_lag(self) -> &'static str {
        text!("longest wait for the loop").of(self.0)
    }

    // sweep and compare

    pub(crate) fn metric_title(self, metric: Metric) -> &'static str {
        match metric {
            Metric::Total => text!("total").of(self.0),
            Metric::P50 => text!("median").of(self.0),
            Metric::P95 => text!("95 %").of(self.0),
            Metric::P99 => text!("99 %").of(self.0),
            Metric::Mean => text!("mean").of(self.0),
        }
    }

    /// Behind the row of a sweep from which on its metric grows quickly, or hardly falls any more.
    pub(crate) fn knee_mark(self) -> &'static str {
        text!("← knee").of(self.0)
    }

    /// Below a table of medians over many seeds.
    pub(crate) fn over_seeds(self, seeds: u32) -> String {
        say!(
            self.0,
            "medians over {seeds} seeds; in parentheses the interval that holds 90 % of them",
            seeds
        )
    }

    // The table of tasks.

    pub(crate) fn task_title(self) -> &'static str {
        text!("task").of(self.0)
    }

    pub(crate) fn runs_title(self) -> &'static str {
        text!("runs").of(self.0)
    }

    pub(crate) fn done_title(self) -> &'static str {
        text!("done").of(self.0)
    }

    pub(crate) fn failed_title(self) -> &'static str {
        text!("failed").of(self.0)
    }

    pub(crate) fn cancelled_title(self) -> &'static str {
        text!("cancelled").of(self.0)
    }

    pub(crate) fn unfinished_title(self) -> &'static str {
        text!("unfinished").of(self.0)
    }

    pub(crate) fn median_title(self) -> &'static str {
        text!("median").of(self.0)
    }

    pub(crate) fn p95(self) -> &'static str {
        text!("95 %").of(self.0)
    }

    pub(crate) fn slowest_title(self) -> &'static str {
        text!("slowest").of(self.0)
    }
}
