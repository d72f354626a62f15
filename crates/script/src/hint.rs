//! What to do about each problem.
//!
//! A hint starts with a verb; what stands in its backticks can be typed as it
//! is. Several hints are several ways out, the likeliest first.

use super::problem::{Found, Kind, Missing, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::ClauseWord;
use texts::{Language, say, text};

pub(super) fn hints(problem: &Problem, language: Language) -> Vec<String> {
    match problem {
        Problem::InvalidUtf8 { .. } => vec![say!(language, "save the file as UTF-8")],
        Problem::TooManyBytes { .. } | Problem::TooManyLines { .. } => vec![say!(
            language,
            "use `repeat N:` and `run N task` instead of writing everything out"
        )],
        Problem::MixedIndentation => vec![say!(language, "indent with spaces only")],
        Problem::UnexpectedIndent { after: None } => {
            vec![say!(language, "move the line to the left margin")]
        }
        Problem::UnexpectedIndent { after: Some(_) } => vec![
            say!(language, "indent it as far as the line above"),
            say!(
                language,
                "begin the line with `->` to go on with the line above"
            ),
        ],
        Problem::UnevenDedent => vec![say!(
            language,
            "indent it as far as the other lines of its block"
        )],
        Problem::UnexpectedCharacter { found } => match found.as_str() {
            "@" => vec![say!(
                language,
                "delete the line: a script has no decorators"
            )],
            "|" | "&" | "+" => vec![say!(language, "write `->` between segments")],
            _ => vec![say!(language, "delete `{found}`", found)],
        },
        Problem::UnclosedText { close } => {
            vec![say!(language, "write `{close}` at its end", close)]
        }
        Problem::EmptyScript | Problem::NoTasks => {
            vec![say!(language, "write a task: `pasta: cpu 3 -> await 5`")]
        }

        Problem::UnknownStatement {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", near)],
        Problem::UnknownStatement { word, near: None } if super::is_name(word) => vec![say!(
            language,
            "write `{word}: cpu 1` to define a task",
            word
        )],
        Problem::UnknownStatement { .. } => {
            vec![say!(language, "write a task: `pasta: cpu 3 -> await 5`")]
        }
        Problem::UnknownSegment {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", near)],
        Problem::UnknownSegment { word, near: None } if super::is_name(word) => vec![
            say!(language, "write `call {word}` if it is a task", word),
            say!(language, "write `cpu 1`, `await 1` or `block 1`"),
        ],
        Problem::UnknownSegment { near: None, .. } => {
            vec![say!(language, "write `cpu 1`, `await 1` or `block 1`")]
        }
        Problem::PythonWord { python, .. } => match python.instead {
            "" => vec![say!(
                language,
                "delete it: {doc}",
                doc = python.doc.of(language)
            )],
            instead => vec![say!(
                language,
                "write `{instead}`: {doc}",
                instead,
                doc = python.doc.of(language)
            )],
        },
        Problem::Expected { want, found } => expected(*want, found, language),
        Problem::UnknownWord {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", near)],
        Problem::UnknownWord { of, near: None, .. } => match of {
            WordsOf::Claim => vec![say!(
                language,
                "write `total`, `order`, `threads`, `loop lag`, `freeze` or `deadlock`"
            )],
            WordsOf::Stage => vec![say!(
                language,
                "write `started`, `done`, `responded`, `failed` or `cancelled`"
            )],
        },
        Problem::MissingBody { .. } => vec![say!(
            language,
            "indent its segments below it, such as `await 1`"
        )],
        Problem::TooDeep => vec![say!(
            language,
            "move the inner blocks into a task of their own, and `call` it"
        )],
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => match bracket {
            '(' | '[' => vec![say!(
                language,
                "write `{counterpart}` where it ends",
                counterpart
            )],
            _ => vec![say!(language, "delete `{bracket}`", bracket)],
        },
        Problem::StrayClause { clause } => match clause {
            ClauseWord::Else => vec![say!(language, "write `timeout 3:` and a block above it")],
            ClauseWord::Except | ClauseWord::Finally => {
                vec![say!(language, "write `try:` and a block above it")]
            }
        },
        Problem::LonelyTry => vec![say!(language, "write `except:` and a block below it")],
        Problem::ReservedName { word } => vec![
            say!(language, "indent it into the task that it belongs to"),
            say!(
                language,
                "write `async def {word}:` if the task is really called so",
                word
            ),
        ],
        Problem::BlockInLine { head, .. } => vec![
            say!(language, "write `{head} (block 1 -> cpu 2)`", head),
            say!(
                language,
                "put the segments one a line, indented below the task"
            ),
        ],
        Problem::TaskArguments { name } => {
            vec![say!(language, "write `{name}:`", name)]
        }
        Problem::MissingArrow { found, missing } => match missing {
            Missing::Arrow => vec![say!(language, "write `-> {found}`", found)],
            Missing::ArrowInstead => vec![say!(language, "write `->`")],
            Missing::Comma => vec![say!(language, "write `, {found}`", found)],
            Missing::Nothing => vec![say!(language, "delete `{found}`", found)],
        },
        Problem::SegmentOutsideTask { word } => vec![
            say!(language, "indent it into a task"),
            say!(language, "write `name: {word} …` to define a task", word),
        ],
        Problem::StatementInsideTask { .. } => {
            vec![say!(language, "move the line to the left margin")]
        }
        Problem::ClashingArrivals => vec![say!(
            language,
            "write one of `at 2s`, `every 10ms` and `at 50/s`; `from 2s` may follow"
        )],
        Problem::AwaitTask { name } => vec![
            say!(language, "write `call {name}` to run the task here", name),
            say!(
                language,
                "write `wait {name}` to wait for what was spawned",
                name
            ),
        ],

        Problem::UnknownUnit {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", near)],
        Problem::UnknownUnit { near: None, .. } => {
            vec![say!(language, "write `ns`, `us`, `ms`, `s`, `min` or `h`")]
        }
        Problem::NegativeNumber { written } => vec![say!(
            language,
            "write `{positive}`",
            positive = written.trim_start_matches('-').trim_start()
        )],
        Problem::DurationTooLong { .. } => vec![say!(language, "write at most `24h`")],
        Problem::DurationTooFine { .. } => vec![say!(
            language,
            "write at least `1ns`, without a fraction of it"
        )],
        Problem::RangeReversed { instead, .. } => {
            vec![say!(language, "write `{instead}`", instead)]
        }
        Problem::NotWhole { .. } => vec![say!(language, "write a number such as `3`")],
        Problem::OutOfRange { least, most, .. } => vec![say!(
            language,
            "write a value from `{least}` to `{most}`",
            least,
            most
        )],
        Problem::ToleranceWithoutEqual { .. } => vec![
            say!(language, "delete the tolerance"),
            say!(language, "delete the comparison"),
        ],
        Problem::OrderOfOne { name } => vec![say!(language, "write `order {name}, other`", name)],
        Problem::TooManyInstances { .. } => {
            vec![say!(language, "run fewer: `run 1000 …` shows the same")]
        }
        Problem::TooManyTasks => vec![say!(language, "use `run N task` instead of many tasks")],

        Problem::UnknownTask {
            near: Some(near), ..
        }
        | Problem::UnknownResource {
            near: Some(near), ..
        }
        | Problem::UnknownHandle {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", near)],
        Problem::UnknownTask { name, near: None } => vec![say!(
            language,
            "define it at the left margin: `{name}: cpu 1`",
            name
        )],
        Problem::UnknownResource {
            name,
            near: None,
            wanted,
        } => declare(name, *wanted, language),
        Problem::UnknownHandle {
            name, near: None, ..
        } => vec![say!(
            language,
            "make the handle above: `spawn task as {name}`",
            name
        )],
        Problem::WaitBeforeSpawn { verb, .. } => {
            vec![say!(language, "move the `{verb}` below it", verb)]
        }
        Problem::WrongKind { wanted, kind, .. } => wrong_kind(*wanted, *kind, language),
        Problem::DuplicateName { name, .. } => vec![say!(
            language,
            "rename one of them, such as `{name}2`",
            name
        )],
        Problem::DuplicateSetting { .. } => vec![say!(language, "delete one of the two")],
        Problem::HandleTakesName { name, .. } => vec![say!(
            language,
            "rename the handle, such as `{name}_task`",
            name
        )],

        Problem::NotInSync { verb, place } => not_in_sync(verb, place, language),
        Problem::CallFromSync { name, place } => match place {
            SyncPlace::Def(own) => vec![
                say!(language, "write `async def {own}:`", own),
                say!(language, "write `def {name}:` if it needs no loop", name),
            ],
            SyncPlace::Block(_) => vec![
                say!(language, "move `call {name}` out of the block", name),
                say!(language, "write `def {name}:` if it needs no loop", name),
            ],
        },
        Problem::NeedsAsync { verb, name } => match *verb {
            "spawn" | "shield" => vec![
                say!(
                    language,
                    "write `thread {name}` to run it on the pool",
                    name
                ),
                say!(
                    language,
                    "write `async def {name}:` to make it a coroutine",
                    name
                ),
            ],
            _ => vec![
                say!(
                    language,
                    "write `async def {name}:` to make it a coroutine",
                    name
                ),
                say!(language, "use a coroutine that holds `thread {name}`", name),
            ],
        },
        Problem::NeedsSync { name, .. } => vec![
            say!(language, "write `call {name}` to run it on the loop", name),
            say!(
                language,
                "write `def {name}:` to make it a plain function",
                name
            ),
        ],
        Problem::RespondInBlock { .. } => vec![say!(language, "move `respond` behind the block")],
        Problem::EndlessRecursion { .. } => vec![
            say!(language, "use `repeat 3:` for a number of rounds"),
            say!(
                language,
                "use `forever:` with `until 10s` for an endless one"
            ),
        ],
        Problem::NothingRuns => vec![say!(
            language,
            "write `run` and the name of the first task: `run main`"
        )],

        Problem::UnusedTask { name } => vec![
            say!(language, "write `run {name}`", name),
            say!(language, "delete this task"),
        ],
        Problem::UnusedResource { .. } => vec![say!(language, "delete this declaration")],
        Problem::UnusedHandle { name } => vec![
            say!(language, "delete `as {name}`", name),
            say!(language, "write `wait {name}`", name),
        ],
        Problem::Unreachable { .. } => {
            vec![say!(language, "move it into the block, or in front of it")]
        }
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => vec![say!(language, "write `put {name}` in some task", name)],
            Kind::Event => vec![say!(language, "write `set {name}` in some task", name)],
            Kind::Condition => vec![say!(language, "write `notify {name}` in some task", name)],
            _ => vec![say!(language, "write `release {name}` in some task", name)],
        },
        Problem::NeverTaken { name } => {
            vec![say!(language, "write `get {name}` in some task", name)]
        }
        Problem::OutsideWith { name, .. } => {
            vec![say!(language, "write `with {name}:` around it", name)]
        }
        Problem::ForeverWithoutTime => vec![say!(language, "write `await 1` in it")],
        Problem::QueueOfZero { name } => vec![
            say!(language, "write `queue {name}` if that is meant", name),
            say!(
                language,
                "write `queue {name} 1` for the shortest one",
                name
            ),
        ],
        Problem::More { .. } => vec![say!(language, "repair the first ones and look again")],
    }
}

fn expected(want: Want, found: &Found, language: Language) -> Vec<String> {
    match want {
        Want::Segment => vec![say!(language, "write `cpu 1`, `await 1` or `block 1`")],
        Want::Duration => vec![say!(language, "write `3s` or `150ms`")],
        Want::UpperEnd => vec![say!(language, "write `1..3s`")],
        Want::Count => vec![say!(language, "write `3`")],
        Want::RateUnit => vec![say!(language, "write `50/s`")],
        Want::NewName => match found {
            Found::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                vec![say!(language, "begin the name with a letter")]
            }
            _ => vec![say!(language, "write a name such as `pasta`")],
        },
        Want::Text => vec![say!(language, "write `\"text\"`")],
        Want::Colon => vec![say!(language, "write `:`")],
        Want::Def => vec![say!(language, "write `async def`")],
        Want::Block => vec![
            say!(language, "write `:` and the segments indented below"),
            say!(language, "write the segments in parentheses"),
        ],
        Want::OnOrOff => vec![say!(language, "write `gil on` or `gil off`")],
        Want::Claim => vec![
            say!(language, "write `expect total 9s`"),
            say!(language, "write `expect pasta done 8s`"),
        ],
        Want::Stage => vec![say!(
            language,
            "write `done` behind the task: `expect pasta done 8s`"
        )],
        Want::LineEnd => vec![say!(language, "begin a new line")],
        Want::Arrival => match found {
            Found::Text(number) if number.starts_with(|c: char| c.is_ascii_digit()) => vec![say!(
                language,
                "write the number first: `run {number} task`",
                number
            )],
            Found::Text(name) if super::is_name(name) => vec![
                say!(language, "write `, {name}` if it is one more task", name),
                say!(language, "write `at 2s`, `every 10ms` or `at 50/s`"),
            ],
            _ => vec![say!(language, "write `at 2s`, `every 10ms` or `at 50/s`")],
        },
        Want::TaskOrBlock => vec![
            say!(language, "write `thread f`"),
            say!(language, "write `thread (block 1)`"),
        ],
        Want::TaskName
        | Want::QueueName
        | Want::ResourceName
        | Want::EventName
        | Want::ConditionName
        | Want::WaitName
        | Want::HandleName => vec![say!(language, "write its name")],
    }
}

fn declare(name: &str, wanted: Wanted, language: Language) -> Vec<String> {
    let line = match wanted {
        Wanted::Queue => format!("queue {name}"),
        Wanted::Lockable => format!("semaphore {name} 10"),
        Wanted::Condition => format!("condition {name}"),
        Wanted::Task => format!("{name}: cpu 1"),
        Wanted::Event | Wanted::Awaitable | Wanted::Handle => format!("event {name}"),
    };
    vec![say!(
        language,
        "declare it at the left margin: `{line}`",
        line
    )]
}

fn wrong_kind(wanted: Wanted, kind: Kind, language: Language) -> Vec<String> {
    let use_it = match kind {
        Kind::AsyncTask => text!("use the task with `call`, `spawn` or `gather`"),
        Kind::SyncTask => text!("use the task with `call`, `thread` or `process`"),
        Kind::Queue => text!("use the queue with `put` or `get`"),
        Kind::Semaphore => text!("use the semaphore with `with`, `acquire` or `release`"),
        Kind::Lock => text!("use the lock with `with`, `acquire` or `release`"),
        Kind::Event => text!("use the event with `set`, `clear` or `wait`"),
        Kind::Condition => text!("use the condition with `with`, `wait` or `notify`"),
    };
    let mut hints = vec![use_it.of(language).to_owned()];
    if wanted == Wanted::Handle {
        hints.push(say!(language, "make a handle with `spawn task as h`"));
    }
    hints
}

fn not_in_sync(verb: &str, place: &SyncPlace, language: Language) -> Vec<String> {
    let instead = match verb {
        "await" => Some(text!("write `block` to wait on the thread")),
        "thread" | "executor" => Some(text!("write its segments here: this is a thread already")),
        "timeout" => Some(text!("delete the timeout: a thread cannot be cut off")),
        _ => None,
    };
    let out = match place {
        SyncPlace::Def(name) => say!(
            language,
            "write `async def {name}:` to run it on the loop",
            name
        ),
        SyncPlace::Block(word) => say!(language, "move it out of the `{word}` block", word),
    };
    let instead = instead.map(|text| text.of(language).to_owned());
    instead.into_iter().chain([out]).collect()
}
