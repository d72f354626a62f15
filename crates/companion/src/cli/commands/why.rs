//! `why`: explains why a task waits, with the chain of tasks and lines that cause it.
//!
//! Leaves the analysis to [`analysis::why`].

use std::fmt::Write;
use std::path::PathBuf;

use crate::cli::args::parse_duration;
use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::blame::source_text;
use crate::cli::output::load::{Loaded, load_script};
use crate::cli::output::outcome::{RunOutcome, run_script};
use analysis::why::{Culprit, Why};
use chart::paint::text::plain;
use chart::scene::kind::Kind;
use chart::scene::label::brief;
use chart::scene::words::Words;
use model::time::{SimDuration, SimTime};
use model::trace::critical::path_shares;
use model::trace::{InstanceId, LaneKind, Role, Span, State};
use script::nearest;

/// Explain why a task waits: for which task, at which line
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope why pasta.loop make_toast")]
pub(crate) struct WhyArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The task: `ping`, or `ping 3` for the third
    #[arg(value_name = "TASK")]
    pub(crate) task: String,
    /// The time to look at [default: when its longest wait begins]
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) at: Option<SimDuration>,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

/// Parts of a wait, names of waiting tasks, and known tasks in an error message.
const ROWS_MAX: usize = 8;

pub(crate) fn why(args: &WhyArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let outcome = RunOutcome::of_script(run_script(&loaded.workload));
    let id = find_instance(&outcome, &args.task).ok_or_else(|| Failure::NoSuchTask {
        task: plain(&args.task),
        known: instance_names(&outcome),
        similar: similar_name(&outcome, &args.task),
    })?;
    if outcome.run.trace().is_too_long_for_detail() {
        return Err(Failure::TooLongToExplain);
    }
    let teller = WaitExplainer {
        why: Why::new(&outcome.run),
        outcome: &outcome,
        loaded: &loaded,
        style: console.style,
    };
    console.print(&teller.explanation(id, args.at.map(|at| SimTime::ZERO + at)))?;
    Ok(Exit::Holds)
}

/// Finds an instance by `ping 3` or `ping#3`; `ping` means the first one.
fn find_instance(outcome: &RunOutcome, written: &str) -> Option<InstanceId> {
    let (name, number) = match written.rsplit_once([' ', '#']) {
        Some((name, number)) => (name.trim(), number.parse().ok()?),
        None => (written.trim(), 1),
    };
    let mut instances = outcome.run.trace().instances.iter();
    let found = instances.position(|instance| {
        // A part shares the name and the number of the instance that it belongs to.
        instance.role != Role::Part
            && instance.number == number
            && outcome.run.workload().task(instance.task).name == name
    });
    found.map(|index| InstanceId(index as u32))
}

fn instance_names(outcome: &RunOutcome) -> String {
    let tasks = outcome
        .run
        .workload()
        .tasks
        .iter()
        .zip(&outcome.run.summary().tasks);
    let ran = tasks.filter(|(_, summary)| summary.outcomes.created > 0);
    let names = ran.map(|(task, summary)| match summary.outcomes.created {
        1 => format!("`{}`", plain(&task.name)),
        count => format!(
            "`{} 1` … `{} {count}`",
            plain(&task.name),
            plain(&task.name)
        ),
    });
    names.take(ROWS_MAX).collect::<Vec<_>>().join(", ")
}

/// The task that runs and whose name is most similar, e.g. `ping` for `pnig 3`.
fn similar_name(outcome: &RunOutcome, written: &str) -> Option<String> {
    let name = written.split([' ', '#']).next().unwrap_or_default();
    let tasks = outcome.run.workload().tasks.iter();
    let ran = tasks
        .zip(&outcome.run.summary().tasks)
        .filter(|(_, summary)| summary.outcomes.created > 0);
    nearest(name, ran.map(|(task, _)| task.name.as_str())).map(plain)
}

struct WaitExplainer<'a> {
    why: Why<'a>,
    outcome: &'a RunOutcome<'a>,
    loaded: &'a Loaded,
    style: Style,
}

impl WaitExplainer<'_> {
    fn explanation(&self, id: InstanceId, at: Option<SimTime>) -> String {
        let say = self.style.say();
        let span = match at {
            Some(at) => self.why.at(id, at),
            None => self.why.longest_wait(id),
        };
        let Some(span) = span else {
            return format!("{}\n", say.not_there(&self.outcome.name(id)));
        };
        let at = at.unwrap_or(span.start);
        let mut text = String::new();
        let chain = self.why.chain(id, at);
        let culprits = if chain.is_direct() {
            self.why.culprits(span)
        } else {
            Vec::new()
        };
        // The chain is that of one instant; others were in the way at other times.
        let links = if culprits.len() > 1 {
            &chain.links[..1]
        } else {
            &chain.links[..]
        };
        for (number, link) in links.iter().enumerate() {
            let because = match number {
                0 => String::new(),
                _ => format!("{}{} ", "  ".repeat(number), say.because()),
            };
            let _ = writeln!(text, "{because}{}", self.chain_link(*link));
        }
        if culprits.len() > 1 {
            for culprit in culprits.iter().take(ROWS_MAX) {
                let _ = writeln!(text, "  {} {}", say.because(), self.culprit(culprit));
            }
            if culprits.len() > ROWS_MAX {
                let _ = writeln!(text, "  {}", say.more_lines(culprits.len() - ROWS_MAX));
            }
        }
        if chain.circle {
            let _ = writeln!(text, "{}", say.circle());
        }
        text.push_str(&self.wait_parts(span));
        text.push_str(&self.waiting_tasks(id, at));
        text
    }

    /// One link of the chain, e.g. `ping 3 (line 1): ready, loop is busy, 0s to 2s`.
    fn chain_link(&self, span: Span) -> String {
        let who = self.outcome.name(span.instance);
        let who = self.style.out.paint(Ink::Strong, &who);
        let place = self.style.say().line(self.line_number(span.segment));
        let state = self.state_words(span.state, Some(span));
        format!(
            "{who} ({place}): {state}, {}",
            self.style
                .say()
                .between(&span.start.to_string(), &span.end.to_string())
        )
    }

    /// An instance that was in the way, e.g. `ping 3 (line 1): blocking the loop, 2s`.
    fn culprit(&self, culprit: &Culprit) -> String {
        let who = self.outcome.name(culprit.instance);
        let who = self.style.out.paint(Ink::Strong, &who);
        let place = self.style.say().line(self.line_number(culprit.segment));
        let span = self.why.at(culprit.instance, culprit.since);
        let state = self.state_words(culprit.state, span);
        let length = Words(self.style.language).duration(&brief(culprit.length));
        format!("{who} ({place}): {state}, {length}")
    }

    fn line_number(&self, segment: model::workload::SegmentId) -> u32 {
        let places = &self.loaded.workload.places;
        places.get(segment.0 as usize).map_or(0, |place| place.line)
    }

    fn state_words(&self, state: State, span: Option<Span>) -> String {
        let words = Words(self.style.language);
        let lane = span.and_then(|span| self.outcome.run.trace().lane(span.lane));
        let lane = lane.map(|lane| lane.kind);
        // A computation without a known lane counts as one on a thread; otherwise it would be
        // reported as a blocked loop.
        let kind = Kind::of(state, lane.or(Some(LaneKind::PoolThread)));
        kind.map_or_else(String::new, |kind| words.kind(kind).to_owned())
    }

    /// The parts of the wait by line, as they add up to its length.
    fn wait_parts(&self, span: Span) -> String {
        let say = self.style.say();
        let pieces = self.why.explain(span);
        let parts = path_shares(&pieces);
        let mut text = format!("{}\n", say.adds_up(&brief(span.length())));
        for part in parts.iter().take(ROWS_MAX) {
            let line = self.line_number(part.segment);
            // A span of the segment supplies the lane: a loop and a thread block in other words.
            let first = pieces
                .iter()
                .find(|piece| (piece.segment, piece.state) == (part.segment, part.state));
            let doing = part.state.map(|state| {
                let span = first.and_then(|piece| self.why.at(piece.instance, piece.start));
                self.state_words(state, span)
            });
            let _ = writeln!(
                text,
                "  {}  {}  {}: {}",
                part.length,
                doing.unwrap_or_else(|| say.not_begun().to_owned()),
                self.style.out.paint(Ink::Faint, &say.line(line)),
                source_text(self.outcome.run.workload(), &self.loaded.text, part.segment)
            );
        }
        if parts.len() > ROWS_MAX {
            let _ = writeln!(text, "  {}", say.more_lines(parts.len() - ROWS_MAX));
        }
        text
    }

    fn waiting_tasks(&self, id: InstanceId, at: SimTime) -> String {
        let waiting = self.why.waiting_for(id, at);
        if waiting.is_empty() {
            return String::new();
        }
        let names = waiting.iter().map(|span| self.outcome.name(span.instance));
        let names: Vec<String> = names.take(ROWS_MAX).collect();
        let say = self.style.say();
        let more = waiting.len() - names.len();
        let text = say.waiting_for(&self.outcome.name(id), &at.label(), &names.join(", "), more);
        format!("{text}\n")
    }
}
