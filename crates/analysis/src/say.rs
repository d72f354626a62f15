//! The texts about causes and comparisons in every language. The command line and the page use the
//! same ones.

use crate::compare::chance::{Order, Verdict, Who};
use crate::compare::divergence::{Difference, Named};
use crate::why::Scarce;
use chart::scene::mark::MarkKind;
use chart::scene::{Kind, Words};
use model::limits::DETAIL_RECORDS_MAX;
use model::trace::{EventKind, State};
use model::workload::Workload;
use texts::{Language, say, text};

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Say(pub Language);

impl Say {
    pub fn line(self, line: u32) -> String {
        say!(self.0, "line {line}", line)
    }

    pub fn more_lines(self, count: usize) -> String {
        say!(self.0, "… {count} more", count)
    }

    pub fn between(self, from: &str, to: &str) -> String {
        say!(self.0, "{from} to {to}", from, to)
    }

    // Blame

    /// Replaces an empty list of blame.
    pub fn nobody_waited(self) -> &'static str {
        text!("no line made other tasks wait").of(self.0)
    }

    pub fn waited_because_of(self, time: &str) -> String {
        say!(
            self.0,
            "other tasks waited {time} in total, because of",
            time = Words(self.0).duration(time)
        )
    }

    /// Blame without a line: permits that no instance ever gives back.
    pub fn nobodys(self, time: &str) -> String {
        say!(self.0, "{time}  for permits that are never released", time)
    }

    /// The resource that a line held while others waited for it.
    pub fn scarce(self, scarce: Scarce) -> &'static str {
        match scarce {
            Scarce::Permit => text!("permit").of(self.0),
            Scarce::Token => text!("pool thread").of(self.0),
            Scarce::Executor => text!("executor").of(self.0),
            Scarce::Process => text!("process").of(self.0),
            Scarce::Job => text!("job worker").of(self.0),
            Scarce::Loop => text!("loop").of(self.0),
            Scarce::Gil => text!("GIL").of(self.0),
            Scarce::Core => text!("core").of(self.0),
        }
    }

    /// The tooltip of a line in the margin.
    pub fn made_wait(self, time: &str, parts: &str) -> String {
        say!(
            self.0,
            "other tasks waited {time} in total because of this line: {parts}",
            time = Words(self.0).duration(time),
            parts
        )
    }

    pub fn nothing_found(self) -> &'static str {
        text!("No task is blocking another.").of(self.0)
    }

    /// No finding, although tasks waited: mostly for this.
    pub fn waits_in_turn(self, scarce: Scarce, time: &str) -> String {
        let time = Words(self.0).duration(time);
        match scarce {
            Scarce::Loop => say!(
                self.0,
                "No single line is to blame. Tasks waited {time} in total, each for its turn on the event loop.",
                time
            ),
            Scarce::Gil => say!(
                self.0,
                "No single line is to blame. Threads waited {time} in total, each for its turn with the GIL.",
                time
            ),
            Scarce::Core => say!(
                self.0,
                "No single line is to blame. Tasks waited {time} in total, each for its turn on a CPU core.",
                time
            ),
            Scarce::Permit => say!(
                self.0,
                "No single line is to blame. Tasks waited {time} in total, each for its turn with a lock or semaphore.",
                time
            ),
            Scarce::Token | Scarce::Executor | Scarce::Process | Scarce::Job => say!(
                self.0,
                "No single line is to blame. Tasks waited {time} in total, each for a free worker ({worker}).",
                time,
                worker = self.scarce(scarce)
            ),
        }
    }

    // Why

    pub fn because(self) -> &'static str {
        text!("because of").of(self.0)
    }

    /// The end of a chain that leads back to itself, i.e. a deadlock.
    pub fn circle(self) -> &'static str {
        text!("the last task waits for one of the others: none of them can continue").of(self.0)
    }

    /// The heading of the parts of a total or of a wait.
    pub fn adds_up(self, length: &str) -> String {
        let length = Words(self.0).duration(length);
        say!(self.0, "where the {length} go", length)
    }

    /// For times before an instance arrives or after it finishes.
    pub fn not_begun(self) -> &'static str {
        text!("not arrived yet, or finished").of(self.0)
    }

    pub fn not_there(self, who: &str) -> String {
        say!(self.0, "{who} neither runs nor waits at that time", who)
    }

    pub fn waiting_for(self, who: &str, at: &str, names: &str, more: usize) -> String {
        // The translation decides where the number goes.
        let names = match more {
            0 => names.to_owned(),
            more => say!(self.0, "{names} and {more} more", names, more),
        };
        say!(self.0, "waiting for {who} at {at}: {names}", who, at, names)
    }

    // Compare and sweep

    pub fn compare_titles(self) -> [&'static str; 6] {
        [
            text!("strategy").of(self.0),
            text!("total").of(self.0),
            text!("95 %").of(self.0),
            text!("threads").of(self.0),
            text!("loop lag").of(self.0),
            "",
        ]
    }

    /// Replaces the figures of a strategy that the workload cannot use.
    pub fn cannot_be(self) -> &'static str {
        text!("not possible").of(self.0)
    }

    /// Follows the total of a run that did not finish.
    pub fn stuck(self) -> &'static str {
        text!("(unfinished)").of(self.0)
    }

    /// The columns of a sweep's table: the script's own total, the best strategy, and its total.
    pub fn sweep_titles(self) -> [&'static str; 3] {
        [
            text!("as written").of(self.0),
            text!("best").of(self.0),
            text!("total").of(self.0),
        ]
    }

    pub fn sweep_picture(self, name: &str) -> String {
        say!(self.0, "the total for each value of {name}", name)
    }

    /// A value from which on another strategy is best, e.g. `from pool 40 on: …`.
    pub fn crossing(self, name: &str, value: &str, from: &str, to: &str) -> String {
        say!(
            self.0,
            "from {name} {value} on: {to} instead of {from}",
            name,
            value,
            to,
            from
        )
    }

    // Orders

    /// The heading of the orders.
    pub fn shaken(self, runs: u32, percent: u32) -> String {
        say!(
            self.0,
            "{runs} runs with every duration up to {percent} % longer or shorter",
            runs,
            percent
        )
    }

    /// An order of two instances, e.g. `a 1 before a 2: guaranteed`.
    pub fn order(self, order: &Order, workload: &Workload) -> String {
        let name = |(task, number): Who| format!("{} {number}", workload.task(task).name);
        let (first, second) = (name(order.first), name(order.second));
        // Zero runs have no orders; `max(1)` keeps the division safe all the same.
        let share = 100 * u64::from(order.kept) / u64::from(order.runs.max(1));
        match order.verdict() {
            Verdict::Guaranteed => {
                say!(self.0, "{first} before {second}: guaranteed", first, second)
            }
            Verdict::InAllRuns => say!(
                self.0,
                "{first} before {second}: in all {runs} runs",
                first,
                second,
                runs = order.runs
            ),
            Verdict::Accident => say!(
                self.0,
                "{first} before {second}: an accident ({share} % of the runs)",
                first,
                second,
                share
            ),
        }
    }

    /// A note that `orders` did not make all its runs.
    pub fn ran_some(self, made: u32, asked: u32) -> String {
        say!(
            self.0,
            "made {made} of {asked} runs: the rest would take too long; {remedy}",
            made,
            asked,
            remedy = self.shorten()
        )
    }

    /// A note that `compare` did not try all strategies.
    pub fn compared_some(self, done: usize, all: usize) -> String {
        say!(
            self.0,
            "compared {done} of {all} strategies: the rest would take too long; {remedy}",
            done,
            all,
            remedy = self.shorten()
        )
    }

    fn shorten(self) -> &'static str {
        text!("stop the run earlier with `until`, or lower the counts after `run`").of(self.0)
    }

    /// For a run with too many records for its spans to fit into memory.
    pub fn without_findings(self) -> String {
        say!(
            self.0,
            "findings are available for at most {most} state changes; {remedy}",
            most = DETAIL_RECORDS_MAX,
            remedy = self.shorten()
        )
    }

    /// A note that a sweep did not measure all its points.
    pub fn measured_some(self, done: usize, all: usize) -> String {
        say!(
            self.0,
            "measured {done} of {all} points: the rest would take too long; narrow the range or use larger steps",
            done,
            all
        )
    }

    pub fn no_orders(self) -> &'static str {
        text!("Fewer than two tasks finish, so there is no order.").of(self.0)
    }

    pub fn example(self, total: &str) -> String {
        say!(self.0, "a run with the opposite order, {total}", total)
    }

    // Guessing

    pub fn right(self) -> &'static str {
        text!("Right.").of(self.0)
    }

    pub fn wrong(self) -> &'static str {
        text!("Not quite. Try again, or show the answer.").of(self.0)
    }

    pub fn no_answer(self, question: crate::guess::Question) -> &'static str {
        match question {
            crate::guess::Question::Total => text!("Write a time, such as `9s`.").of(self.0),
            crate::guess::Question::Order => {
                text!("Write the names in order, such as `toast, pasta`.").of(self.0)
            }
        }
    }

    pub fn no_key(self) -> &'static str {
        text!("This run does not finish, so there is nothing to guess.").of(self.0)
    }

    pub fn bar_is_elsewhere(self, name: &str) -> String {
        say!(self.0, "{name} starts or ends at another time", name)
    }

    // The first difference

    pub fn no_difference(self) -> &'static str {
        text!("the runs are the same, event by event").of(self.0)
    }

    pub fn nothing_more(self) -> &'static str {
        text!("no more events").of(self.0)
    }

    pub fn in_total(self) -> &'static str {
        text!("total").of(self.0)
    }

    pub fn common(self, count: usize) -> String {
        say!(self.0, "the first {count} events are the same", count)
    }

    pub fn difference(self, difference: Difference) -> &'static str {
        match difference {
            Difference::Time => text!("then the same event happens at another time").of(self.0),
            Difference::Deed => text!("then the same task does something else").of(self.0),
            Difference::Task => text!("then another task takes its turn").of(self.0),
            Difference::End => text!("then one of the runs ends").of(self.0),
        }
    }

    pub fn before(self) -> &'static str {
        text!("before").of(self.0)
    }

    pub fn now(self) -> &'static str {
        text!("now").of(self.0)
    }

    pub fn show_moment(self, at: &str) -> String {
        say!(self.0, "show {at} on the chart", at)
    }

    pub fn other_has_errors(self) -> &'static str {
        text!("The script to compare with has errors.").of(self.0)
    }

    /// An event of one run, e.g. `3s  toast 2: starts, line 4`.
    pub fn event(self, event: Option<&Named>) -> String {
        let Some(event) = event else {
            return self.nothing_more().to_owned();
        };
        let (task, deed, line) = (&event.task, self.deed(event.kind), self.line(event.line));
        format!(
            "{}  {task} {}: {deed}, {line}",
            event.at.label(),
            event.number
        )
    }

    fn deed(self, kind: EventKind) -> &'static str {
        let words = Words(self.0);
        match kind {
            EventKind::Arrive => text!("arrives").of(self.0),
            EventKind::Accept => text!("is accepted").of(self.0),
            EventKind::Start => text!("starts").of(self.0),
            EventKind::Resume => text!("continues").of(self.0),
            EventKind::Wake => text!("becomes ready").of(self.0),
            EventKind::Yield => text!("yields").of(self.0),
            EventKind::Enter => text!("its work starts").of(self.0),
            EventKind::Leave => text!("its work ends").of(self.0),
            // The event does not say on which lane the call blocks.
            EventKind::Turn(State::Blocking) => text!("blocks").of(self.0),
            EventKind::Turn(state) => {
                let seen = Kind::of(state, None);
                seen.map_or(kind.name(), |seen| words.kind(seen))
            }
            EventKind::Print => words.mark(MarkKind::Printed),
            EventKind::Respond => words.mark(MarkKind::Responded),
            EventKind::CancelRequested => text!("is asked to cancel").of(self.0),
            EventKind::Timeout => words.mark(MarkKind::TimedOut),
            EventKind::Finish => text!("finishes").of(self.0),
            EventKind::Fail => words.mark(MarkKind::Failed),
            EventKind::Cancel => words.mark(MarkKind::Cancelled),
        }
    }
}
