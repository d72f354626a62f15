//! What is said about each problem, in every language.
//!
//! Messages are lower case without a full stop, name what was expected and what
//! was found, and quote the text. The way out is in [`super::hint`].

use super::problem::{Found, Kind, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::{CLAUSES, spelling};
use model::limits::{
    DURATION_MAX, INSTANCES_MAX, LINES_MAX, NESTING_MAX, SCRIPT_BYTES_MAX, TASKS_MAX,
};
use texts::{Language, Text, say, text};

pub(super) fn message(problem: &Problem, language: Language) -> String {
    match problem {
        Problem::InvalidUtf8 { byte } => say!(
            language,
            "byte 0x{byte} is not valid UTF-8",
            byte = format_args!("{byte:02x}")
        ),
        Problem::TooManyBytes { bytes } => say!(
            language,
            "the script is {bytes} bytes long; the limit is {most}",
            bytes,
            most = SCRIPT_BYTES_MAX
        ),
        Problem::TooManyLines { lines } => say!(
            language,
            "the script has {lines} lines; the limit is {most}",
            lines,
            most = LINES_MAX
        ),
        Problem::MixedIndentation => say!(
            language,
            "tabs and spaces are mixed in the indentation of this script"
        ),
        Problem::UnexpectedIndent { after: None } => {
            say!(language, "this line is indented, but no block is open")
        }
        Problem::UnexpectedIndent { after: Some(after) } => say!(
            language,
            "this line is indented, but `{after}` above it opens no block",
            after
        ),
        Problem::UnevenDedent => say!(
            language,
            "this line is indented less than its block, but more than the one around it"
        ),
        Problem::UnexpectedCharacter { found } => say!(
            language,
            "the character `{found}` means nothing here",
            found
        ),
        Problem::UnclosedText { close } => {
            say!(language, "this text has no closing `{close}`", close)
        }
        Problem::EmptyScript => say!(language, "the script is empty"),
        Problem::NoTasks => say!(language, "the script has no task"),

        Problem::UnknownStatement { word, .. } => say!(
            language,
            "expected a task, a setting, `run` or `expect`, found `{word}`",
            word
        ),
        Problem::UnknownSegment { word, .. } => say!(language, "unknown segment `{word}`", word),
        Problem::PythonWord { word, .. } => {
            say!(language, "`{word}` is Python, not a segment", word)
        }
        Problem::Expected { want, found } => say!(
            language,
            "expected {want}, found {found}",
            want = wanted(*want).of(language),
            found = found_text(found, language)
        ),
        Problem::UnknownWord { word, of, .. } => match of {
            WordsOf::Claim => say!(language, "unknown expectation `{word}`", word),
            WordsOf::Stage => say!(language, "unknown stage `{word}` of a task", word),
        },
        Problem::MissingBody { after } => say!(language, "`{after}:` has no body", after),
        Problem::TooDeep => say!(
            language,
            "blocks are nested deeper than {deepest}",
            deepest = NESTING_MAX
        ),
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => say!(
            language,
            "`{bracket}` has no `{counterpart}`",
            bracket,
            counterpart
        ),
        Problem::StrayClause { clause } => say!(
            language,
            "`{clause}` has no `{owner}` above it in this block",
            clause = spelling(CLAUSES, *clause),
            owner = owner(*clause)
        ),
        Problem::LonelyTry => say!(language, "`try` has neither `except` nor `finally`"),
        Problem::ReservedName { word } => say!(
            language,
            "`{word}:` opens a block inside a task; at the margin it would be a task's name",
            word
        ),
        Problem::BlockInLine { word, .. } => say!(
            language,
            "the block of `{word}` has to stand in parentheses here",
            word
        ),
        Problem::TaskArguments { name } => {
            say!(language, "the task `{name}` takes no arguments", name)
        }
        Problem::MissingArrow { found, .. } => say!(
            language,
            "expected `->` or the end of the line, found `{found}`",
            found
        ),
        Problem::SegmentOutsideTask { word } => {
            say!(language, "the segment `{word}` stands outside a task", word)
        }
        Problem::StatementInsideTask { word } => say!(
            language,
            "`{word}` belongs at the left margin, not inside a task",
            word
        ),
        Problem::ClashingArrivals => {
            say!(language, "these arrivals contradict what is written before")
        }
        Problem::AwaitTask { name } => say!(
            language,
            "`await` takes a duration, and `{name}` is none",
            name
        ),

        Problem::UnknownUnit { unit, .. } => say!(language, "unknown unit `{unit}`", unit),
        Problem::NegativeNumber { written } => say!(language, "`{written}` is negative", written),
        Problem::DurationTooLong { written } => say!(
            language,
            "`{written}` is longer than {hours}",
            written,
            hours = hours(language)
        ),
        Problem::DurationTooFine { written } => say!(
            language,
            "`{written}` is finer than a whole nanosecond",
            written
        ),
        Problem::RangeReversed { low, high, .. } => say!(
            language,
            "the range begins at `{low}`, above its end at `{high}`",
            low,
            high
        ),
        Problem::NotWhole { written } => say!(
            language,
            "expected a whole number, found `{written}`",
            written
        ),
        Problem::OutOfRange {
            what,
            written,
            least,
            most,
        } => say!(
            language,
            "`{what}` takes {least} to {most}, found `{written}`",
            what,
            least,
            most,
            written
        ),
        Problem::ToleranceWithoutEqual { comparison } => say!(
            language,
            "a tolerance goes with an exact value, not with `{comparison}`",
            comparison
        ),
        Problem::OrderOfOne { name } => say!(
            language,
            "an order takes at least two tasks, found only `{name}`",
            name
        ),
        Problem::TooManyInstances { instances } => say!(
            language,
            "{instances} task instances are more than the limit of {most}",
            instances,
            most = INSTANCES_MAX
        ),
        Problem::TooManyTasks => say!(
            language,
            "the script defines more tasks than the limit of {most}",
            most = TASKS_MAX
        ),

        Problem::UnknownTask { name, .. } => say!(language, "unknown task `{name}`", name),
        Problem::UnknownResource { name, wanted, .. } => say!(
            language,
            "unknown {wanted} `{name}`",
            wanted = wanted_kind(*wanted).of(language),
            name
        ),
        Problem::UnknownHandle { name, verb, .. } => match *verb {
            "wait" => say!(
                language,
                "`wait` finds no handle, event or condition `{name}`",
                name
            ),
            verb => say!(language, "`{verb}` finds no handle `{name}`", verb, name),
        },
        Problem::WaitBeforeSpawn { name, verb } => say!(
            language,
            "`{verb} {name}` stands above the line that makes `{name}`",
            verb,
            name
        ),
        Problem::WrongKind {
            name,
            kind,
            verb,
            wanted,
        } => say!(
            language,
            "`{verb}` takes {wanted}, and `{name}` is {kind}",
            verb,
            wanted = wanted_with_article(*wanted).of(language),
            name,
            kind = with_article(*kind).of(language)
        ),
        Problem::DuplicateName {
            name,
            first_line,
            first_kind,
        } => say!(
            language,
            "`{name}` is {first_kind} in line {first_line} already",
            name,
            first_kind = with_article(*first_kind).of(language),
            first_line
        ),
        Problem::DuplicateSetting { word, first_line } => say!(
            language,
            "`{word}` is set in line {first_line} already",
            word,
            first_line
        ),
        Problem::HandleTakesName { name, kind } => say!(
            language,
            "`{name}` is {kind} already",
            name,
            kind = with_article(*kind).of(language)
        ),

        Problem::NotInSync { verb, place } => say!(
            language,
            "`{verb}` needs the event loop, and {place} runs on a thread",
            verb,
            place = sync_place(place, language)
        ),
        Problem::CallFromSync { name, place } => say!(
            language,
            "`{name}` is a coroutine, and {place} cannot await it",
            name,
            place = sync_place(place, language)
        ),
        Problem::NeedsAsync { verb, name } => say!(
            language,
            "`{verb}` takes a coroutine, and `{name}` is a `def`",
            verb,
            name
        ),
        Problem::NeedsSync { verb, name } => say!(
            language,
            "`{verb}` takes a `def`, and `{name}` is a coroutine",
            verb,
            name
        ),
        Problem::RespondInBlock { word } => say!(
            language,
            "`respond` belongs to a handler's own body, not to a `{word}` block",
            word
        ),
        Problem::EndlessRecursion { cycle } => match &cycle[..] {
            [only] => say!(
                language,
                "`{only}` starts itself again and again, without a way out",
                only
            ),
            tasks => say!(
                language,
                "the tasks {tasks} start each other without a way out",
                tasks = ring(tasks)
            ),
        },
        Problem::NothingRuns => say!(
            language,
            "nothing runs: every task is named by another one, and there is no `run`"
        ),

        Problem::UnusedTask { name } => say!(language, "the task `{name}` never runs", name),
        Problem::UnusedResource { name, kind } => say!(
            language,
            "the {kind} `{name}` is never used",
            kind = kind_text(*kind).of(language),
            name
        ),
        Problem::UnusedHandle { name } => say!(language, "the handle `{name}` is never used", name),
        Problem::Unreachable { after } => match *after {
            "fail" => say!(
                language,
                "this is never reached: `fail` above it leaves the block"
            ),
            after => say!(
                language,
                "this is never reached: `{after}` above it does not end",
                after
            ),
        },
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => say!(
                language,
                "nobody puts anything into the queue `{name}`",
                name
            ),
            Kind::Event => say!(language, "nobody sets the event `{name}`", name),
            Kind::Condition => say!(language, "nobody notifies the condition `{name}`", name),
            _ => say!(language, "nobody ever gives a permit of `{name}`", name),
        },
        Problem::NeverTaken { name } => say!(
            language,
            "nobody takes anything from the bounded queue `{name}`",
            name
        ),
        Problem::OutsideWith { name, verb } => say!(
            language,
            "`{verb} {name}` outside `with {name}:` fails when it runs",
            verb,
            name
        ),
        Problem::ForeverWithoutTime => say!(
            language,
            "this loop takes no time, so it never lets the clock go on"
        ),
        Problem::QueueOfZero { name } => say!(
            language,
            "a queue of 0 items is unbounded in asyncio, and so is `{name}`",
            name
        ),
        Problem::More { count, any_error } => {
            if *any_error {
                say!(language, "and {count} more problems", count)
            } else {
                say!(language, "and {count} more warnings", count)
            }
        }
    }
}

/// What the grammar asks for; the Korean carries its particle.
fn wanted(want: Want) -> Text {
    match want {
        Want::Segment => text!("a segment such as `cpu 3`"),
        Want::Duration => text!("a duration such as `3s`"),
        Want::UpperEnd => text!("the upper end of the range"),
        Want::Count => text!("a number"),
        Want::RateUnit => text!("a unit of time such as `s`"),
        Want::TaskName => text!("the name of a task"),
        Want::NewName => text!("a name"),
        Want::QueueName => text!("the name of a queue"),
        Want::ResourceName => text!("the name of a semaphore, a lock or a condition"),
        Want::EventName => text!("the name of an event"),
        Want::ConditionName => text!("the name of a condition"),
        Want::WaitName => text!("the name of a handle, an event or a condition"),
        Want::HandleName => text!("the name of a handle"),
        Want::Text => text!("a text in quotes"),
        Want::Colon => text!("`:`"),
        Want::Def => text!("`def`"),
        Want::Block => text!("`:` and a block"),
        Want::TaskOrBlock => text!("the name of a task, or `:` and a block"),
        Want::OnOrOff => text!("`on` or `off`"),
        Want::Claim => text!("an expectation such as `total 9s`"),
        Want::Stage => text!("`started`, `done`, `responded`, `failed` or `cancelled`"),
        Want::LineEnd => text!("the end of the line"),
        Want::Arrival => text!("`at`, `every` or `from`"),
    }
}

fn found_text(found: &Found, language: Language) -> String {
    match found {
        Found::Text(text) => say!(language, "`{text}`", text),
        Found::LineEnd => say!(language, "the end of the line"),
    }
}

fn owner(clause: super::vocabulary::ClauseWord) -> &'static str {
    use super::vocabulary::ClauseWord;
    match clause {
        ClauseWord::Else => "timeout",
        ClauseWord::Except | ClauseWord::Finally => "try",
    }
}

fn hours(language: Language) -> String {
    let hours = DURATION_MAX.as_nanos() / 3_600_000_000_000;
    say!(language, "the limit of {hours}h", hours)
}

/// `a → b → a`
fn ring(tasks: &[String]) -> String {
    let quoted: Vec<_> = tasks.iter().map(|name| format!("`{name}`")).collect();
    let back = quoted.first().cloned().unwrap_or_default();
    format!("{} → {back}", quoted.join(" → "))
}

fn sync_place(place: &SyncPlace, language: Language) -> String {
    match place {
        SyncPlace::Def(name) => say!(language, "the `def` task `{name}`", name),
        SyncPlace::Block(word) => say!(language, "a `{word}` block", word),
    }
}

pub(super) fn kind_text(kind: Kind) -> Text {
    match kind {
        Kind::AsyncTask | Kind::SyncTask => text!("task"),
        Kind::Queue => text!("queue"),
        Kind::Semaphore => text!("semaphore"),
        Kind::Lock => text!("lock"),
        Kind::Event => text!("event"),
        Kind::Condition => text!("condition"),
    }
}

fn with_article(kind: Kind) -> Text {
    match kind {
        Kind::AsyncTask | Kind::SyncTask => text!("a task"),
        Kind::Queue => text!("a queue"),
        Kind::Semaphore => text!("a semaphore"),
        Kind::Lock => text!("a lock"),
        Kind::Event => text!("an event"),
        Kind::Condition => text!("a condition"),
    }
}

fn wanted_kind(wanted: Wanted) -> Text {
    match wanted {
        Wanted::Task => text!("task"),
        Wanted::Queue => text!("queue"),
        Wanted::Lockable => text!("semaphore, lock or condition"),
        Wanted::Event => text!("event"),
        Wanted::Condition => text!("condition"),
        Wanted::Awaitable => text!("handle, event or condition"),
        Wanted::Handle => text!("handle"),
    }
}

fn wanted_with_article(wanted: Wanted) -> Text {
    match wanted {
        Wanted::Task => text!("a task"),
        Wanted::Queue => text!("a queue"),
        Wanted::Lockable => text!("a semaphore, lock or condition"),
        Wanted::Event => text!("an event"),
        Wanted::Condition => text!("a condition"),
        Wanted::Awaitable => text!("a handle, event or condition"),
        Wanted::Handle => text!("a handle"),
    }
}
