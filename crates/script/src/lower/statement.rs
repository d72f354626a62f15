//! Lowering of settings, resources, `run` lines and expectations.

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::diagnostics::NewInPython;
use crate::span::Span;
use crate::spell;
use crate::syntax::{self, Count, Quantity, SettingValue};
use crate::vocabulary::{ResourceWord, SETTINGS, SettingWord, StageWord, spelling};
use model::limits::{CORES_MAX, INSTANCES_MAX, POOL_MAX, SERVERS_MAX};
use model::time::SimDuration;
use model::workload::{
    Arrivals, Bound, Claim, Expectation, Gil, Place, PythonVersion, Resource, ResourceKind, Run,
    Stage, TaskIndex, Tolerance,
};

/// The largest integer that JavaScript represents exactly, so that every tool can read a seed.
const SEED_MAX: u64 = (1 << 53) - 1;

impl Lowering<'_, '_> {
    pub(super) fn lower_setting(&mut self, setting: &syntax::SettingNode, line: u32) {
        let what = spelling(SETTINGS, setting.word);
        if let Some(first) = self.settings.get(&setting.word) {
            let diagnostic = Diagnostic::duplicate_setting(what, *first, setting.keyword);
            self.report(diagnostic);
            return;
        }
        self.settings.insert(setting.word, line);
        match setting.value {
            SettingValue::On => self.switch_setting(setting.word, setting.keyword, true),
            SettingValue::Off => self.switch_setting(setting.word, setting.keyword, false),
            SettingValue::Duration(value) => self.duration_setting(setting.word, what, value),
            SettingValue::Count(value) => self.count_setting(setting.word, what, value),
            SettingValue::Version(version) => self.version_setting(what, version),
        }
    }

    fn switch_setting(&mut self, word: SettingWord, keyword: Span, is_on: bool) {
        let machine = &mut self.lowered.workload.machine;
        if word == SettingWord::Eager {
            machine.eager = is_on;
            self.newer.eager = Some(keyword);
        } else {
            machine.gil = if is_on { Gil::On } else { Gil::Off };
        }
    }

    /// Reports what the script's version of Python does not have.
    pub(super) fn check_version(&mut self) {
        let Some(version) = self.version else { return };
        let machine = &self.lowered.workload.machine;
        let (python, is_eager) = (machine.python, machine.eager);
        let uses = [
            (
                NewInPython::EagerTasks,
                self.newer.eager.filter(|_| is_eager),
            ),
            (NewInPython::Shutdown, self.newer.shutdown),
        ];
        for (new, word) in uses {
            if let Some(word) = word.filter(|_| python < new.since()) {
                self.report(Diagnostic::new_in_python(new, python, version, word));
            }
        }
    }

    fn version_setting(&mut self, what: &'static str, version: Span) {
        let written = self.text_of(version);
        match PythonVersion::from_name(written) {
            Some(python) => {
                self.lowered.workload.machine.python = python;
                self.version = Some(version);
            }
            None => {
                let [least, .., most] = PythonVersion::ALL.map(PythonVersion::name);
                self.report(Diagnostic::out_of_range(
                    what, written, least, most, version,
                ));
            }
        }
    }

    fn duration_setting(&mut self, word: SettingWord, what: &'static str, value: Quantity) {
        // CPython's `setswitchinterval` counts in whole microseconds, from one.
        let least = match word {
            SettingWord::Switch => SimDuration::MICROSECOND,
            _ => SimDuration::from_nanos(1),
        };
        let duration = duration(value);
        if duration < least {
            let written = self.text_of(value.span);
            let diagnostic = Diagnostic::out_of_range(what, written, least, "24h", value.span);
            self.report(diagnostic);
        }
        let machine = &mut self.lowered.workload.machine;
        match word {
            SettingWord::Switch => machine.switch = duration,
            _ => machine.until = Some(duration),
        }
    }

    fn count_setting(&mut self, word: SettingWord, what: &'static str, value: Count) {
        let (least, most) = match word {
            SettingWord::Cores => (1, u64::from(CORES_MAX)),
            SettingWord::Servers => (1, u64::from(SERVERS_MAX)),
            SettingWord::Seed => (0, SEED_MAX),
            SettingWord::Prefetch => (0, u64::from(POOL_MAX)),
            _ => (1, u64::from(POOL_MAX)),
        };
        let Some(number) = self.in_range(what, value, least, most) else {
            return;
        };
        let machine = &mut self.lowered.workload.machine;
        // All limits except the seed's are below 2^32.
        let count = number as u32;
        match word {
            SettingWord::Cores => machine.cores = count,
            SettingWord::Pool => machine.pool = count,
            SettingWord::Executor => machine.executor = Some(count),
            SettingWord::Processes => machine.processes = Some(count),
            SettingWord::Jobs => machine.jobs = count,
            SettingWord::Prefetch => machine.prefetch = count,
            SettingWord::Servers => machine.servers = count,
            SettingWord::Seed => machine.seed = number,
            // The parser gives these a different kind of value.
            SettingWord::Gil
            | SettingWord::Switch
            | SettingWord::Until
            | SettingWord::Python
            | SettingWord::Eager => {}
        }
    }

    /// The count, if it is within the limits of the language. Otherwise reports it, e.g.
    /// `cores 0`.
    pub(super) fn in_range(
        &mut self,
        what: &'static str,
        count: Count,
        least: u64,
        most: u64,
    ) -> Option<u64> {
        if (least..=most).contains(&count.value) {
            return Some(count.value);
        }
        let written = self.text_of(count.span);
        self.report(Diagnostic::out_of_range(
            what, written, least, most, count.span,
        ));
        None
    }

    pub(super) fn resource(&mut self, resource: &syntax::ResourceNode, place: Place) {
        let most = u64::from(u32::MAX);
        let size = |lowering: &mut Self, what| {
            let count = lowering.in_range(what, resource.size?, 0, most)?;
            Some(count as u32)
        };
        let kind = match resource.word {
            // As in asyncio, a size of 0 means no bound; the warning is below.
            ResourceWord::Queue => ResourceKind::Queue {
                capacity: size(self, "queue").filter(|&capacity| capacity > 0),
            },
            ResourceWord::Semaphore => ResourceKind::Semaphore {
                permits: size(self, "semaphore").unwrap_or(0),
            },
            ResourceWord::Lock => ResourceKind::Lock,
            ResourceWord::Event => ResourceKind::Event,
            ResourceWord::Condition => ResourceKind::Condition,
            ResourceWord::Pool => ResourceKind::Pool {
                permits: self.pool_permits(resource.size).unwrap_or(1),
                timeout: resource.timeout.map(duration),
            },
        };
        let name = self.text_of(resource.name);
        if let (ResourceWord::Queue, Some(Count { span, value: 0 })) =
            (resource.word, resource.size)
        {
            let size = resource.name.behind().to(span);
            self.report(Diagnostic::queue_of_zero(name, span, size));
        }
        self.lowered.workload.resources.push(Resource {
            name: name.to_owned(),
            kind,
            place,
        });
    }

    /// A pool without permits would block its threads for ever.
    fn pool_permits(&mut self, size: Option<Count>) -> Option<u32> {
        let count = self.in_range("pool", size?, 1, u64::from(u32::MAX))?;
        u32::try_from(count).ok()
    }

    pub(super) fn lower_run(&mut self, run: &syntax::RunNode, place: Place) {
        let arrivals = lower_arrivals(run.arrivals);
        for member in &run.members {
            let Some((task, _)) = self.find_task(member.name, "run") else {
                continue;
            };
            let count = match member.count {
                None => 1,
                Some(count) => self.count_arrivals(count).unwrap_or(1),
            };
            self.lowered.workload.runs.push(Run {
                task,
                count,
                arrivals,
                place,
            });
        }
    }

    /// The number of arrivals, from one up to the limit for the whole script.
    fn count_arrivals(&mut self, count: Count) -> Option<u64> {
        let before = self.instances;
        self.instances += u128::from(count.value);
        let most = u128::from(INSTANCES_MAX);
        if self.instances > most {
            // Reported once, at the line that exceeds the limit.
            if before <= most {
                let instances = self.instances;
                self.report(Diagnostic::too_many_instances(instances, count.span));
            }
            return None;
        }
        self.in_range("run", count, 1, INSTANCES_MAX)
    }

    pub(super) fn lower_expect(&mut self, expect: &syntax::ExpectNode, place: Place) {
        let Some(claim) = self.lower_claim(&expect.claim) else {
            return;
        };
        self.lowered.workload.expectations.push(Expectation {
            claim,
            text: spell::claim(self.text, &expect.claim),
            place,
        });
    }

    pub(super) fn lower_claim(&mut self, claim: &syntax::ClaimNode) -> Option<Claim> {
        Some(match claim {
            syntax::ClaimNode::Total(value) => Claim::Total(lower_bound(value)),
            syntax::ClaimNode::LoopLag(value) => Claim::LoopLag(lower_bound(value)),
            syntax::ClaimNode::Freeze(value) => Claim::Freeze(lower_bound(value)),
            syntax::ClaimNode::Deadlock => Claim::Deadlock,
            syntax::ClaimNode::Threads { comparison, count } => Claim::Threads {
                comparison: *comparison,
                count: count.value,
            },
            syntax::ClaimNode::Order(names) => Claim::Order(self.lower_order(names)?),
            syntax::ClaimNode::Task {
                name,
                number,
                stage: written,
                bound: limit,
            } => Claim::Task {
                task: self.find_task(*name, "expect")?.0,
                number: match number {
                    None => None,
                    Some(number) => Some(self.instance_number(*number)?),
                },
                stage: lower_stage(*written),
                bound: limit.as_ref().map(lower_bound),
            },
            syntax::ClaimNode::Latency {
                name,
                percentile,
                bound,
            } => Claim::Latency {
                task: self.find_task(*name, "expect")?.0,
                percentile: *percentile,
                bound: lower_bound(bound),
            },
        })
    }

    fn instance_number(&mut self, number: Count) -> Option<u32> {
        let number = self.in_range("expect", number, 1, INSTANCES_MAX)?;
        u32::try_from(number).ok()
    }

    fn lower_order(&mut self, names: &[Span]) -> Option<Vec<TaskIndex>> {
        // Finds all of them before it fails, so that every unknown name is reported.
        let found: Vec<_> = names
            .iter()
            .map(|&name| self.find_task(name, "expect order"))
            .collect();
        found
            .into_iter()
            .map(|task| task.map(|(index, _)| index))
            .collect()
    }
}

fn lower_arrivals(arrivals: syntax::ArrivalsNode) -> Arrivals {
    let start = |from: Option<Quantity>| from.map_or(SimDuration::ZERO, duration);
    match arrivals {
        syntax::ArrivalsNode::AtOnce => Arrivals::Together {
            at: SimDuration::ZERO,
        },
        syntax::ArrivalsNode::At(at) => Arrivals::Together { at: duration(at) },
        syntax::ArrivalsNode::Every { gap, from } => Arrivals::Every {
            start: start(from),
            gap: duration(gap),
        },
        syntax::ArrivalsNode::Rate { rate, from } => Arrivals::Poisson {
            start: start(from),
            gap: SimDuration::from_nanos(rate.gap_nanos),
        },
    }
}

pub(super) fn duration(quantity: Quantity) -> SimDuration {
    SimDuration::from_nanos(quantity.nanos)
}

fn lower_bound(bound: &syntax::BoundNode) -> Bound {
    Bound {
        comparison: bound.comparison,
        value: duration(bound.value),
        tolerance: match bound.tolerance {
            None => Tolerance::Exact,
            Some(syntax::ToleranceNode::Percent { millionths, .. }) => {
                Tolerance::Relative { millionths }
            }
            Some(syntax::ToleranceNode::Duration(value)) => Tolerance::Absolute(duration(value)),
        },
    }
}

fn lower_stage(word: StageWord) -> Stage {
    match word {
        StageWord::Started => Stage::Started,
        StageWord::Done => Stage::Done,
        StageWord::Responded => Stage::Responded,
        StageWord::Failed => Stage::Failed,
        StageWord::Cancelled => Stage::Cancelled,
    }
}
