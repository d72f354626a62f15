//! Trials: a change of the script is applied and simulated, to see its effect.

use super::super::blame::{Blame, blame};
use super::evidence::Evidence;
use super::wrong::all_lateness;
use super::{Examined, Finding, FindingKind, Fix, Suspect};
use crate::effort::Effort;
use model::time::SimDuration;
use model::trace::{AnalysedRun, Ending, State, Trace};
use script::{Edit, apply_edits, parse};

/// An improvement by less than 1/20 is not worth reporting.
const WORTH_SAYING: u128 = 20;

/// The figures by which two runs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    total: u128,
    p95: u128,
    waited: u128,
    /// The number of instances that did not reach their end.
    lost: u64,
    stuck: bool,
}

impl Figures {
    fn of(run: &AnalysedRun, blame: &Blame) -> Self {
        let summary = run.summary();
        let latency = summary.arrivals.latency.map(|latency| latency.p95);
        let lost = summary.tasks.iter().map(|task| &task.outcomes);
        Self {
            total: u128::from(run.total().as_nanos()),
            p95: u128::from(latency.unwrap_or_default().as_nanos()),
            waited: blame.total_waited(),
            lost: lost.map(|outcomes| outcomes.created - outcomes.done).sum(),
            stuck: !matches!(run.trace().ending, Ending::Finished | Ending::Until),
        }
    }

    fn is_better_than(self, before: Self) -> bool {
        let better =
            |new: u128, old: u128| old > 0 && new * WORTH_SAYING <= old * (WORTH_SAYING - 1);
        // One per cent of slack, since a change may move single steps.
        let no_worse = |new: u128, old: u128| new * 100 <= old * 101;
        let unharmed =
            !self.stuck && self.lost <= before.lost && no_worse(self.total, before.total);
        // If neither the total nor the 95th percentile improves, the waiting must be halved.
        let relieved = self.waited * 2 <= before.waited && before.waited > 0;
        let faster = better(self.total, before.total) || better(self.p95, before.p95);
        unharmed && (faster || relieved)
    }

    fn key(self) -> (bool, u64, u128, u128) {
        // First of all the run must reach its end, then lose the fewest instances.
        (self.stuck, self.lost, self.total, self.waited)
    }
}

pub(super) struct Trial<'a> {
    examined: Examined<'a>,
    before: Figures,
    effort: Effort,
}

impl<'a> Trial<'a> {
    pub(super) fn new(examined: Examined<'a>, blame: &Blame) -> Self {
        Self {
            examined,
            before: Figures::of(examined.run, blame),
            effort: Effort::new(examined.effort),
        }
    }

    /// The finding with the best of its remedies; `None` if there is no sign that it matters.
    pub(super) fn judge(&mut self, suspect: Suspect) -> Option<Finding> {
        let Suspect {
            mut finding,
            remedies,
            needs_proof,
        } = suspect;
        let mut tried: Vec<(Figures, Fix)> = Vec::new();
        // A trial takes about as many records as the run itself.
        let cannot_try = self.effort.left() < 2 * self.examined.run.trace().log.len() as u64;
        for (change, edits) in remedies {
            let Some(figures) = self.attempt(&edits, finding.kind, finding.cost) else {
                continue;
            };
            let fix = Fix {
                change,
                edits,
                total: SimDuration::from_nanos(u64::try_from(figures.total).unwrap_or(u64::MAX)),
                waited: figures.waited,
            };
            tried.push((figures, fix));
        }
        // A stable sort, so that the first of equally good remedies wins.
        tried.sort_by_key(|(figures, _)| figures.key());
        let mut fixes = tried.into_iter().map(|(_, fix)| fix);
        finding.fix = fixes.next();
        if finding.kind == FindingKind::BlockingOnLoop {
            finding.alternative = fixes.next();
        }
        let shown = finding.fix.is_some() || cannot_try || finding.kind.is_wrong();
        (shown && !(needs_proof && finding.fix.is_none())).then_some(finding)
    }

    fn attempt(&mut self, edits: &[Edit], kind: FindingKind, cost: u128) -> Option<Figures> {
        let text = apply_edits(self.examined.text, edits);
        let mut workload = parse(&text).workload?;
        // The same settings from outside as in the first run, e.g. `--cores 2`.
        (self.examined.machine.0)(&mut workload.machine);
        let trace = self.effort.simulate(&workload).ok()?;
        let run = AnalysedRun::of(workload, trace);
        let blame = blame(run.workload(), run.trace());
        let figures = Figures::of(&run, &blame);
        let helps = match kind {
            FindingKind::Deadlock => !figures.stuck,
            FindingKind::ForgottenWait => figures.lost < self.before.lost && !figures.stuck,
            FindingKind::LateTimeout => {
                !figures.stuck && all_lateness(&Evidence::of(&text, &run, &blame)) < cost
            }
            // The bound has an effect only if a producer waited for room.
            FindingKind::UnboundedQueue => !figures.stuck && waits_for_room(run.trace()),
            _ => figures.is_better_than(self.before),
        };
        helps.then_some(figures)
    }
}

fn waits_for_room(trace: &Trace) -> bool {
    trace
        .log
        .iter()
        .any(|record| record.state == State::WaitingRoom)
}
