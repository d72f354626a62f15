//! The parameters of a sweep, e.g. `run 1..1000`, `pool 1..200 by 10` or `line 3 10ms..2s`.
//!
//! Values are integers: counts or nanoseconds.

use super::POINTS_MAX;
use model::limits::{CORES_MAX, DURATION_MAX, INSTANCES_MAX, POOL_MAX, SERVERS_MAX};
use model::time::SimDuration;
use model::workload::{Body, Length, Run, SegmentId, SegmentKind, Workload};
use script::{Diagnostic, nearest, parse_duration};
use texts::{Language, say};

/// A setting and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The setting as written, e.g. `run`, `pool` or `line 3`.
    pub name: String,
    pub target: Target,
    /// Ascending, without duplicates.
    pub values: Vec<u64>,
}

/// The part of a workload that a value replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The number of arrivals of the script's first `run`.
    Requests,
    Cores,
    Pool,
    Executor,
    Processes,
    Jobs,
    Servers,
    Switch,
    /// The length of the first `cpu`, `await` or `block` on this line.
    Line(u32),
}

/// Why a parameter cannot be varied as written.
#[derive(Clone, Debug, PartialEq)]
pub enum VaryError {
    Shape,
    UnknownName(String),
    NotANumber(String),
    NotADuration(Box<Diagnostic>),
    /// The range is empty, or beyond what the language allows.
    Range {
        low: u64,
        high: u64,
    },
    NothingOnLine(u64),
    TooMany,
}

/// The settings that can be varied, for did-you-mean.
const NAMES: [&str; 9] = [
    "run",
    "cores",
    "pool",
    "executor",
    "processes",
    "jobs",
    "servers",
    "switch",
    "line",
];

impl VaryError {
    /// The setting that is most similar to an unknown one.
    pub fn similar_name(&self) -> Option<&'static str> {
        match self {
            Self::UnknownName(name) => nearest(name, NAMES),
            _ => None,
        }
    }

    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Shape => say!(
                language,
                "write a setting and a range, such as `run 1..1000` or `pool 10..200 by 10`"
            ),
            Self::UnknownName(name) => say!(
                language,
                "cannot vary `{name}`; write run, cores, pool, executor, processes, jobs, servers, switch or line N",
                name
            ),
            Self::NotANumber(text) => say!(
                language,
                "`{text}` is not a number; write `1..1000`, or `10ms..2s` for a time",
                text
            ),
            Self::NotADuration(diagnostic) => diagnostic.message(language),
            Self::Range { low, high } => say!(
                language,
                "there are no values from {low} to {high}; write a smaller range that starts at 1 or more, the lower end first",
                low,
                high
            ),
            Self::NothingOnLine(line) => say!(
                language,
                "line {line} has no cpu, await or block to vary; write another line",
                line
            ),
            Self::TooMany => say!(
                language,
                "more than {points_max} points; write larger steps",
                points_max = POINTS_MAX
            ),
        }
    }
}

/// The number of values of a range without `by`, `times` or `in`.
const VALUES: u64 = 20;
/// From this ratio of its ends on, a range is geometric: 1, 10, 100 instead of 1, 50, 100.
const WIDE: u64 = 100;

impl Parameter {
    /// Parses `NAME LOW..HIGH [by STEP | times FACTOR | in COUNT]`.
    pub fn parse(text: &str, workload: &Workload) -> Result<Self, VaryError> {
        let (before, after) = text.split_once("..").ok_or(VaryError::Shape)?;
        let before: Vec<&str> = before.split_whitespace().collect();
        let after: Vec<&str> = after.split_whitespace().collect();
        // A duration may be two words: `line 3 10 ms..2 s`.
        let name_words = match before[..] {
            [] | [_] => return Err(VaryError::Shape),
            ["line", _, _, ..] => 2,
            _ => 1,
        };
        let name = before[..name_words].join(" ");
        let is_end_of_range = |word: &&str| matches!(*word, "in" | "by" | "times");
        let high_words = after.iter().position(is_end_of_range);
        let (high, steps) = after.split_at(high_words.unwrap_or(after.len()));
        let target = Target::read(&name)?;
        if let Target::Line(line) = target {
            let has = find_length(&mut workload.clone(), line).is_some();
            if !has {
                return Err(VaryError::NothingOnLine(line.into()));
            }
        }
        let low = target.number(&before[name_words..].join(" "))?;
        let high = target.number(&high.join(" "))?;
        if low == 0 || low > high || high > target.most() {
            return Err(VaryError::Range { low, high });
        }
        let values = match steps {
            [] if high / low >= WIDE => geometric(low, high, VALUES),
            [] => linear(low, high, VALUES),
            ["in", count] => {
                // At least both ends.
                let count = plain(count)?.clamp(2, POINTS_MAX as u64);
                if high / low >= WIDE {
                    geometric(low, high, count)
                } else {
                    linear(low, high, count)
                }
            }
            ["by", step @ ..] => {
                let step = target.number(&step.join(" "))?.max(1);
                if (high - low) / step >= POINTS_MAX as u64 {
                    return Err(VaryError::TooMany);
                }
                (0..=(high - low) / step)
                    .map(|index| low + index * step)
                    .collect()
            }
            ["times", factor] => {
                let factor = plain(factor)?.max(2);
                std::iter::successors(Some(low), |value| value.checked_mul(factor))
                    .take_while(|value| *value <= high)
                    .collect()
            }
            _ => return Err(VaryError::Shape),
        };
        Ok(Self {
            name,
            target,
            values,
        })
    }

    /// A value as text, e.g. 2_000_000_000 → `2s` for a time.
    pub fn shown(&self, value: u64) -> String {
        if self.target.is_time() {
            SimDuration::from_nanos(value).to_string()
        } else {
            value.to_string()
        }
    }
}

fn plain(text: &str) -> Result<u64, VaryError> {
    text.parse()
        .map_err(|_| VaryError::NotANumber(text.to_owned()))
}

/// About `count` values at equal distances, fewer if the range has fewer integers.
fn linear(low: u64, high: u64, count: u64) -> Vec<u64> {
    let steps = (count - 1).min(high - low).max(1);
    let at =
        |index: u64| low + (u128::from(high - low) * u128::from(index) / u128::from(steps)) as u64;
    let mut values: Vec<u64> = (0..=steps).map(at).collect();
    values.dedup();
    values
}

/// About `count` values at equal ratios, e.g. 1, 10, 100, 1000.
///
/// Computed in integers, so that every machine has the same values: each value is the previous
/// one times a ratio in 2^32nds.
fn geometric(low: u64, high: u64, count: u64) -> Vec<u64> {
    // Bisection for the largest ratio that does not exceed `high`: between 1 and 2^31.
    let (mut least, mut most) = (1_u128 << 32, 1_u128 << 63);
    let last = |ratio: u128| {
        let mut value = u128::from(low) << 32;
        for _ in 1..count {
            // A product that overflows is far beyond `high`, which is below 2^64.
            match value.checked_mul(ratio) {
                Some(next) if next >> 64 <= u128::from(high) => value = next >> 32,
                _ => return u128::MAX,
            }
        }
        value
    };
    while most - least > 1 {
        let middle = least.midpoint(most);
        if last(middle) <= u128::from(high) << 32 {
            least = middle;
        } else {
            most = middle;
        }
    }
    let mut value = u128::from(low) << 32;
    let mut values = Vec::new();
    for _ in 1..count {
        values.push(((value + (1 << 31)) >> 32) as u64);
        value = (value * least) >> 32;
    }
    // The rounded ratio may miss the end by a little, so it is added as it is.
    values.push(high);
    values.dedup();
    values
}

impl Target {
    fn read(name: &str) -> Result<Self, VaryError> {
        if let Some(line) = name.strip_prefix("line ") {
            let number = plain(line)?;
            let line = u32::try_from(number).map_err(|_| VaryError::NothingOnLine(number))?;
            return Ok(Self::Line(line));
        }
        Ok(match name {
            "run" => Self::Requests,
            "cores" => Self::Cores,
            "pool" => Self::Pool,
            "executor" => Self::Executor,
            "processes" => Self::Processes,
            "jobs" => Self::Jobs,
            "servers" => Self::Servers,
            "switch" => Self::Switch,
            "" => return Err(VaryError::Shape),
            other => return Err(VaryError::UnknownName(other.to_owned())),
        })
    }

    /// Whether values are nanoseconds rather than counts.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Switch | Self::Line(_))
    }

    fn most(self) -> u64 {
        match self {
            // Half, because a `def` handler takes two instances: itself and its part on a
            // thread.
            Self::Requests => INSTANCES_MAX / 2,
            Self::Cores => u64::from(CORES_MAX),
            Self::Pool | Self::Executor | Self::Processes | Self::Jobs => u64::from(POOL_MAX),
            Self::Servers => u64::from(SERVERS_MAX),
            Self::Switch | Self::Line(_) => DURATION_MAX.as_nanos(),
        }
    }

    /// Parses a count, or a time in whole units, e.g. `10ms`.
    fn number(self, text: &str) -> Result<u64, VaryError> {
        if !self.is_time() {
            return plain(text);
        }
        parse_duration(text)
            .map(SimDuration::as_nanos)
            .map_err(VaryError::NotADuration)
    }

    /// Applies a value to a workload.
    pub fn set(self, workload: &mut Workload, value: u64) {
        let count = u32::try_from(value).unwrap_or(u32::MAX);
        let machine = &mut workload.machine;
        match self {
            Self::Requests => {
                if let Some(Run { count, .. }) = workload.runs.first_mut() {
                    *count = value;
                }
            }
            Self::Cores => machine.cores = count,
            Self::Pool => machine.pool = count,
            Self::Executor => machine.executor = Some(count),
            Self::Processes => machine.processes = Some(count),
            Self::Jobs => machine.jobs = count,
            Self::Servers => machine.servers = count,
            Self::Switch => machine.switch = SimDuration::from_nanos(value),
            Self::Line(line) => {
                if let Some(length) = find_length(workload, line) {
                    *length = Length::Fixed(SimDuration::from_nanos(value));
                }
            }
        }
    }
}

/// The length of the first segment on a line that has one.
fn find_length(workload: &mut Workload, line: u32) -> Option<&mut Length> {
    let places = &workload.places;
    let found = workload.segments().into_iter().flatten().find(|segment| {
        let takes = matches!(
            segment.kind,
            SegmentKind::Cpu { .. } | SegmentKind::Await { .. } | SegmentKind::Block { .. }
        );
        takes && places[segment.id.0 as usize].line == line
    });
    let id = found?.id;
    workload
        .tasks
        .iter_mut()
        .find_map(|task| length_in(&mut task.body, id))
}

fn length_in(body: &mut Body, id: SegmentId) -> Option<&mut Length> {
    for segment in body {
        if segment.id == id {
            return match &mut segment.kind {
                SegmentKind::Cpu { length, .. }
                | SegmentKind::Await { length, .. }
                | SegmentKind::Block { length, .. } => Some(length),
                _ => None,
            };
        }
        for inner in segment.kind.bodies_mut() {
            if let Some(length) = length_in(inner, id) {
                return Some(length);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u64]) {
        let workload = script::parse("a: await 1").workload.expect("valid");
        let parameter = Parameter::parse(text, &workload).expect("it can be read");
        assert_eq!(parameter.values, expected, "{text}");
    }

    #[test]
    fn ranges_are_linear_or_geometric() {
        check("run 1..5", &[1, 2, 3, 4, 5]);
        check("pool 10..50 by 20", &[10, 30, 50]);
        check("pool 10..60 by 20", &[10, 30, 50]);
        check("run 1..100 times 10", &[1, 10, 100]);
        check("run 1..1000 in 4", &[1, 10, 100, 1000]);
        check("run 10..30 in 3", &[10, 20, 30]);
        check("line 1 1ms..3ms by 1ms", &[1_000_000, 2_000_000, 3_000_000]);
    }

    #[test]
    fn a_time_has_every_spelling_of_the_language() {
        check("line 1 7ns..9ns", &[7, 8, 9]);
        check(
            "line 1 0.5s..1.5s in 3",
            &[500_000_000, 1_000_000_000, 1_500_000_000],
        );
        check("switch 1 ms..2밀리초 by 1 ms", &[1_000_000, 2_000_000]);
        check("line 1 1h..1h", &[3_600_000_000_000]);
        check("line 1 1_000us..1ms", &[1_000_000]);
    }

    #[test]
    fn a_range_up_to_a_whole_day_does_not_overflow() {
        let thirds = [10_000_000_000, 929_516_003_088, 86_400_000_000_000];
        check("line 1 10s..86400s in 3", &thirds);
        check("line 1 1us..86400s in 2", &[1_000, 86_400_000_000_000]);
    }

    #[test]
    fn what_cannot_be_varied_is_said() {
        let workload = script::parse("a: await 1\nb: yield")
            .workload
            .expect("valid");
        let say = |text| match Parameter::parse(text, &workload) {
            Ok(_) => panic!("`{text}` can be read"),
            Err(error) => error.message(Language::En),
        };
        assert!(say("run").starts_with("write a setting and a range"));
        assert!(say("gil 1..2").starts_with("cannot vary `gil`"));
        assert!(say("run one..2").starts_with("`one` is not a number"));
        assert!(say("run 5..2").starts_with("there are no values from 5 to 2"));
        assert!(say("cores 1..9999").starts_with("there are no values from 1 to 9999"));
        assert!(say("line 2 1s..2s").starts_with("line 2 has no cpu"));
        assert!(say("line 4294967297 1s..2s").starts_with("line 4294967297 has no cpu"));
        assert_eq!(
            say("line 1 1s..2 weeks"),
            "expected the end of the line, found `weeks`"
        );
        assert_eq!(
            say("line 1 soon..2s"),
            "expected a duration such as `3s`, found `soon`"
        );
        assert_eq!(
            say("line 1 1s..99h"),
            "`99h` is longer than the limit of 24 h"
        );
        assert!(say("run 1..1000000 by 1").starts_with("more than 10000 points"));
    }
}
