//! What a change of the script would bring: it is made, and simulated.

use super::super::blame::{Blame, blame};
use super::evidence::Evidence;
use super::wrong::all_lateness;
use super::{Finding, FindingKind, Fix, Run, Suspect};
use crate::effort::Effort;
use crate::script::{Edit, apply_edits, parse};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Ending, State, Trace, summarize};
use crate::workload::Workload;

/// Less than one part in so many is no improvement.
const WORTH_SAYING: u128 = 20;

/// What counts when runs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    total: u128,
    p95: u128,
    waited: u128,
    /// Ended otherwise than by reaching their end.
    lost: u64,
    stuck: bool,
}

impl Figures {
    fn of(workload: &Workload, trace: &Trace, blame: &Blame) -> Self {
        let summary = summarize(workload, trace);
        let latency = summary.arrivals.latency.map(|latency| latency.p95);
        let lost = summary.tasks.iter().map(|task| &task.outcomes);
        Self {
            total: u128::from(trace.end.since(SimTime::ZERO).as_nanos()),
            p95: u128::from(latency.unwrap_or_default().as_nanos()),
            waited: blame.total_waited(),
            lost: lost.map(|outcomes| outcomes.created - outcomes.done).sum(),
            stuck: !matches!(trace.ending, Ending::Finished | Ending::Until),
        }
    }

    fn is_better_than(self, before: Self) -> bool {
        let better =
            |new: u128, old: u128| old > 0 && new * WORTH_SAYING <= old * (WORTH_SAYING - 1);
        let no_worse = |new: u128, old: u128| new * 100 <= old * 101;
        let unharmed =
            !self.stuck && self.lost <= before.lost && no_worse(self.total, before.total);
        // Waiting that neither the total nor the slowest feel has to go down by half.
        let relieved = self.waited * 2 <= before.waited && before.waited > 0;
        let faster = better(self.total, before.total) || better(self.p95, before.p95);
        unharmed && (faster || relieved)
    }

    fn key(self) -> (bool, u64, u128, u128) {
        (self.stuck, self.lost, self.total, self.waited)
    }
}

pub(super) struct Trial<'a> {
    run: Run<'a>,
    before: Figures,
    effort: Effort,
}

impl<'a> Trial<'a> {
    pub(super) fn new(run: Run<'a>, blame: &Blame) -> Self {
        Self {
            run,
            before: Figures::of(run.workload, run.trace, blame),
            effort: Effort::new(run.effort),
        }
    }

    /// With the best of its remedies; `None` if nothing shows that it matters.
    pub(super) fn judge(&mut self, suspect: Suspect) -> Option<Finding> {
        let Suspect {
            mut finding,
            remedies,
            needs_proof,
        } = suspect;
        let mut best: Option<Figures> = None;
        let cannot_try = self.effort.left() < 2 * self.run.trace.log.len() as u64;
        for (change, edits) in remedies {
            let Some(figures) = self.attempt(&edits, finding.kind, finding.cost) else {
                continue;
            };
            if best.is_none_or(|best| figures.key() < best.key()) {
                best = Some(figures);
                finding.fix = Some(Fix {
                    change,
                    edits,
                    total: SimDuration::from_nanos(
                        u64::try_from(figures.total).unwrap_or(u64::MAX),
                    ),
                    waited: figures.waited,
                });
            }
        }
        let shown = finding.fix.is_some() || cannot_try || finding.kind.is_wrong();
        (shown && !(needs_proof && finding.fix.is_none())).then_some(finding)
    }

    fn attempt(&mut self, edits: &[Edit], kind: FindingKind, cost: u128) -> Option<Figures> {
        let text = apply_edits(self.run.text, edits);
        let mut workload = parse(&text).workload?;
        (self.run.machine.0)(&mut workload.machine);
        let trace = self.effort.simulate(&workload).ok()?;
        let blame = blame(&workload, &trace);
        let figures = Figures::of(&workload, &trace, &blame);
        let helps = match kind {
            FindingKind::Deadlock => !figures.stuck,
            FindingKind::ForgottenWait => figures.lost < self.before.lost && !figures.stuck,
            FindingKind::LateTimeout => {
                let run = Run {
                    text: &text,
                    workload: &workload,
                    trace: &trace,
                    machine: self.run.machine,
                    effort: 0,
                };
                !figures.stuck && all_lateness(&Evidence::of(run, &blame)) < cost
            }
            // The bound shows: somebody had to wait for room.
            FindingKind::UnboundedQueue => !figures.stuck && waits_for_room(&trace),
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
