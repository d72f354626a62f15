//! The texts of a verification's report, in every language.

use crate::verify::{DrawnFigure, Note, StepKind, Verdict};
use texts::{Language, say, text};

/// The texts in this language. The measured overlay uses some of them, e.g. the heading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReportWords(pub(crate) Language);

impl ReportWords {
    pub(crate) fn heading_line(self, runtime: &str, runs: usize) -> String {
        match runs {
            1 => say!(self.0, "measured on {runtime}, 1 run", runtime, runs),
            _ => say!(
                self.0,
                "measured on {runtime}, median of {runs} runs",
                runtime,
                runs
            ),
        }
    }

    pub(super) fn scale_line(self, factor: f64) -> String {
        say!(self.0, "1 s of the script took {factor} s", factor)
    }

    pub(super) fn task_title(self) -> &'static str {
        text!("task").of(self.0)
    }

    pub(super) fn start_title(self) -> &'static str {
        text!("start").of(self.0)
    }

    pub(super) fn finish_title(self) -> &'static str {
        text!("finish").of(self.0)
    }

    pub(crate) fn predicted_title(self) -> &'static str {
        text!("predicted").of(self.0)
    }

    pub(crate) fn measured_title(self) -> &'static str {
        text!("measured").of(self.0)
    }

    /// A figure of a script with random durations, e.g. `95 %`.
    pub(super) fn figure_title(self, figure: DrawnFigure) -> &'static str {
        match figure {
            DrawnFigure::Total => text!("total").of(self.0),
            DrawnFigure::P50 => text!("median").of(self.0),
            DrawnFigure::P95 => text!("95 %").of(self.0),
        }
    }

    pub(super) fn deviation_title(self) -> &'static str {
        text!("deviation").of(self.0)
    }

    pub(super) fn total_title(self) -> &'static str {
        text!("total").of(self.0)
    }

    pub(super) fn more_tasks(self, count: usize, worst: &str) -> String {
        say!(
            self.0,
            "… {count} more; the largest deviation is {worst}",
            count,
            worst
        )
    }

    pub(super) fn spread_of_runs(self, from: &str, to: &str) -> String {
        say!(self.0, "runs from {from} to {to}", from, to)
    }

    pub(super) fn not_predicted(self) -> &'static str {
        text!("was not predicted").of(self.0)
    }

    pub(super) fn did_not_run(self) -> &'static str {
        text!("did not appear").of(self.0)
    }

    pub(super) fn ended_otherwise(self) -> &'static str {
        text!("ended differently than predicted").of(self.0)
    }

    pub(super) fn same_order(self, steps: usize) -> String {
        say!(
            self.0,
            "order: as predicted in every run ({steps} steps)",
            steps
        )
    }

    pub(super) fn order_unchecked(self) -> &'static str {
        text!("order: not compared (the loop does not decide it, or there are too many steps)")
            .of(self.0)
    }

    pub(super) fn broken_order(
        self,
        broken: usize,
        runs: usize,
        earlier: &str,
        later: &str,
    ) -> String {
        say!(
            self.0,
            "order: not as predicted in {broken} of {runs} runs: {later} before {earlier}",
            broken,
            runs,
            later,
            earlier
        )
    }

    pub(super) fn step_text(self, who: &str, kind: StepKind) -> String {
        let what = match kind {
            StepKind::Start => text!("starts").of(self.0),
            StepKind::Print => text!("prints").of(self.0),
            StepKind::Respond => text!("responds").of(self.0),
            StepKind::End => text!("ends").of(self.0),
        };
        format!("`{who}` {what}")
    }

    pub(super) fn verdict_text(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Holds => text!("the prediction holds").of(self.0),
            Verdict::Fails => text!("the prediction fails").of(self.0),
            Verdict::TooNoisy => text!("too noisy to say").of(self.0),
        }
    }

    pub(super) fn tolerance_text(self, percent: f64, slack: &str) -> String {
        say!(self.0, "tolerance {percent} % and {slack}", percent, slack)
    }

    pub(super) fn other_programs(self, cores: f64) -> String {
        say!(
            self.0,
            "other programs used {cores} cores during the runs",
            cores = format_args!("{cores:.1}")
        )
    }

    pub(super) fn interrupted_note(self) -> &'static str {
        text!("interrupted: only the complete runs count").of(self.0)
    }

    pub(super) fn note_text(self, note: Note) -> String {
        match note {
            Note::FewerCores { script, machine } => say!(
                self.0,
                "the script has {script} cores, this machine has {machine}: the prediction uses {machine}",
                script,
                machine
            ),
            Note::OneProcess { servers } => say!(
                self.0,
                "the script has {servers} servers, this runtime has one process: the prediction uses one",
                servers
            ),
            Note::GilIsOn => say!(
                self.0,
                "the script turns the GIL off, but this Python has one: the prediction uses the GIL"
            ),
            Note::OtherPython { script, machine } => say!(
                self.0,
                "the script follows CPython {script}, here is CPython {machine}: the prediction follows {machine}",
                script = script.name(),
                machine = machine.name()
            ),
            Note::NoGil => say!(self.0, "this runtime has no GIL: the prediction uses none"),
            Note::EveryTaskAThread => say!(
                self.0,
                "here every task is a thread and every await blocks: the prediction does the same"
            ),
            Note::NoCosts => say!(
                self.0,
                "the costs were measured for Python, but this runtime is not Python: the prediction leaves them out"
            ),
            Note::OneByOne => say!(
                self.0,
                "requests of the same instant reach a server one by one: the prediction does the same"
            ),
            Note::RandomLengths => say!(
                self.0,
                "the script draws durations or arrivals, and the real run draws its own: the figures of up to 100 seeds are compared with those of the runs"
            ),
        }
    }
}
