//! What to do about each problem.
//!
//! A hint starts with a verb; what stands in its backticks can be typed as it
//! is. Several hints are several ways out, the likeliest first.

use super::problem::{Found, Kind, Missing, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::ClauseWord;
use crate::language::Language;

pub(super) fn hints(problem: &Problem, language: Language) -> Vec<String> {
    match language {
        Language::En => english(problem),
        Language::Ko => korean(problem),
    }
}

/// No hint, one, or several.
macro_rules! hints {
    ($($hint:expr),* $(,)?) => { vec![$(String::from($hint)),*] };
}

fn english(problem: &Problem) -> Vec<String> {
    match problem {
        Problem::InvalidUtf8 { .. } => hints!["save the file as UTF-8"],
        Problem::TooManyBytes { .. } | Problem::TooManyLines { .. } => {
            hints!["use `repeat N:` and `run N task` instead of writing everything out"]
        }
        Problem::MixedIndentation => hints!["indent with spaces only"],
        Problem::UnexpectedIndent { after: None } => hints!["move the line to the left margin"],
        Problem::UnexpectedIndent { after: Some(_) } => hints![
            "indent it as far as the line above",
            "begin the line with `->` to go on with the line above",
        ],
        Problem::UnevenDedent => hints!["indent it as far as the other lines of its block"],
        Problem::UnexpectedCharacter { found } => match found.as_str() {
            "@" => hints!["delete the line: a script has no decorators"],
            "|" | "&" | "+" => hints!["write `->` between segments"],
            _ => hints![format!("delete `{found}`")],
        },
        Problem::UnclosedText { close } => hints![format!("write `{close}` at its end")],
        Problem::EmptyScript | Problem::NoTasks => {
            hints!["write a task: `pasta: cpu 3 -> await 5`"]
        }

        Problem::UnknownStatement {
            near: Some(near), ..
        } => hints![format!("write `{near}`")],
        Problem::UnknownStatement { word, near: None } if super::is_name(word) => {
            hints![format!("write `{word}: cpu 1` to define a task")]
        }
        Problem::UnknownStatement { .. } => hints!["write a task: `pasta: cpu 3 -> await 5`"],
        Problem::UnknownSegment {
            near: Some(near), ..
        } => hints![format!("write `{near}`")],
        Problem::UnknownSegment { word, near: None } if super::is_name(word) => hints![
            format!("write `call {word}` if it is a task"),
            "write `cpu 1`, `await 1` or `block 1`",
        ],
        Problem::UnknownSegment { near: None, .. } => {
            hints!["write `cpu 1`, `await 1` or `block 1`"]
        }
        Problem::PythonWord { python, .. } => match python.instead {
            "" => hints![format!("delete it: {}", python.doc.en)],
            instead => hints![format!("write `{instead}`: {}", python.doc.en)],
        },
        Problem::Expected { want, found } => expected_english(*want, found),
        Problem::UnknownWord {
            near: Some(near), ..
        } => hints![format!("write `{near}`")],
        Problem::UnknownWord { of, near: None, .. } => match of {
            WordsOf::Claim => {
                hints!["write `total`, `order`, `threads`, `loop lag`, `freeze` or `deadlock`"]
            }
            WordsOf::Stage => {
                hints!["write `started`, `done`, `responded`, `failed` or `cancelled`"]
            }
        },
        Problem::MissingBody { .. } => hints!["indent its segments below it, such as `await 1`"],
        Problem::TooDeep => hints!["move the inner blocks into a task of their own, and `call` it"],
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => match bracket {
            '(' | '[' => hints![format!("write `{counterpart}` where it ends")],
            _ => hints![format!("delete `{bracket}`")],
        },
        Problem::StrayClause { clause } => match clause {
            ClauseWord::Else => hints!["write `timeout 3:` and a block above it"],
            ClauseWord::Except | ClauseWord::Finally => hints!["write `try:` and a block above it"],
        },
        Problem::LonelyTry => hints!["write `except:` and a block below it"],
        Problem::ReservedName { word } => hints![
            "indent it into the task that it belongs to",
            format!("write `async def {word}:` if the task is really called so"),
        ],
        Problem::BlockInLine { head, .. } => hints![
            format!("write `{head} (block 1 -> cpu 2)`"),
            "put the segments one a line, indented below the task",
        ],
        Problem::TaskArguments { name } => hints![format!("write `{name}:`")],
        Problem::MissingArrow { found, missing } => match missing {
            Missing::Arrow => hints![format!("write `-> {found}`")],
            Missing::ArrowInstead => hints!["write `->`"],
            Missing::Comma => hints![format!("write `, {found}`")],
            Missing::Nothing => hints![format!("delete `{found}`")],
        },
        Problem::SegmentOutsideTask { word } => {
            hints![
                "indent it into a task",
                format!("write `name: {word} …` to define a task"),
            ]
        }
        Problem::StatementInsideTask { .. } => hints!["move the line to the left margin"],
        Problem::ClashingArrivals => {
            hints!["write one of `at 2s`, `every 10ms` and `at 50/s`; `from 2s` may follow"]
        }
        Problem::AwaitTask { name } => hints![
            format!("write `call {name}` to run the task here"),
            format!("write `wait {name}` to wait for what was spawned"),
        ],

        Problem::UnknownUnit {
            near: Some(near), ..
        } => hints![format!("write `{near}`")],
        Problem::UnknownUnit { near: None, .. } => {
            hints!["write `ns`, `us`, `ms`, `s`, `min` or `h`"]
        }
        Problem::NegativeNumber { written } => {
            hints![format!(
                "write `{}`",
                written.trim_start_matches('-').trim_start()
            )]
        }
        Problem::DurationTooLong { .. } => hints!["write at most `24h`"],
        Problem::DurationTooFine { .. } => hints!["write at least `1ns`, without a fraction of it"],
        Problem::RangeReversed { instead, .. } => hints![format!("write `{instead}`")],
        Problem::NotWhole { .. } => hints!["write a number such as `3`"],
        Problem::OutOfRange { least, most, .. } => {
            hints![format!("write a value from `{least}` to `{most}`")]
        }
        Problem::ToleranceWithoutEqual { .. } => {
            hints!["delete the tolerance", "delete the comparison"]
        }
        Problem::OrderOfOne { name } => hints![format!("write `order {name}, other`")],
        Problem::TooManyInstances { .. } => hints!["run fewer: `run 1000 …` shows the same"],
        Problem::TooManyTasks => hints!["use `run N task` instead of many tasks"],

        Problem::UnknownTask {
            near: Some(near), ..
        }
        | Problem::UnknownResource {
            near: Some(near), ..
        }
        | Problem::UnknownHandle {
            near: Some(near), ..
        } => hints![format!("write `{near}`")],
        Problem::UnknownTask { name, near: None } => {
            hints![format!("define it at the left margin: `{name}: cpu 1`")]
        }
        Problem::UnknownResource {
            name,
            near: None,
            wanted,
        } => declare(name, *wanted, "declare it at the left margin"),
        Problem::UnknownHandle {
            name, near: None, ..
        } => hints![format!("make the handle above: `spawn task as {name}`")],
        Problem::WaitBeforeSpawn { verb, .. } => {
            hints![format!("move the `{verb}` below it")]
        }
        Problem::WrongKind { wanted, kind, .. } => wrong_kind_english(*wanted, *kind),
        Problem::DuplicateName { name, .. } => {
            hints![format!("rename one of them, such as `{name}2`")]
        }
        Problem::DuplicateSetting { .. } => hints!["delete one of the two"],
        Problem::HandleTakesName { name, .. } => {
            hints![format!("rename the handle, such as `{name}_task`")]
        }

        Problem::NotInSync { verb, place } => not_in_sync_english(verb, place),
        Problem::CallFromSync { name, place } => match place {
            SyncPlace::Def(own) => hints![
                format!("write `async def {own}:`"),
                format!("write `def {name}:` if it needs no loop"),
            ],
            SyncPlace::Block(_) => hints![
                format!("move `call {name}` out of the block"),
                format!("write `def {name}:` if it needs no loop"),
            ],
        },
        Problem::NeedsAsync { verb, name } => match *verb {
            "spawn" | "shield" => hints![
                format!("write `thread {name}` to run it on the pool"),
                format!("write `async def {name}:` to make it a coroutine"),
            ],
            _ => hints![
                format!("write `async def {name}:` to make it a coroutine"),
                format!("use a coroutine that holds `thread {name}`"),
            ],
        },
        Problem::NeedsSync { name, .. } => hints![
            format!("write `call {name}` to run it on the loop"),
            format!("write `def {name}:` to make it a plain function"),
        ],
        Problem::RespondInBlock { .. } => hints!["move `respond` behind the block"],
        Problem::EndlessRecursion { .. } => hints![
            "use `repeat 3:` for a number of rounds",
            "use `forever:` with `until 10s` for an endless one",
        ],
        Problem::NothingRuns => hints!["write `run` and the name of the first task: `run main`"],

        Problem::UnusedTask { name } => hints![format!("write `run {name}`"), "delete it"],
        Problem::UnusedResource { .. } => hints!["delete it"],
        Problem::UnusedHandle { name } => {
            hints![
                format!("delete `as {name}`"),
                format!("write `wait {name}`")
            ]
        }
        Problem::Unreachable { .. } => hints!["move it into the block, or in front of it"],
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => hints![format!("write `put {name}` in some task")],
            Kind::Event => hints![format!("write `set {name}` in some task")],
            Kind::Condition => hints![format!("write `notify {name}` in some task")],
            _ => hints![format!("write `release {name}` in some task")],
        },
        Problem::NeverTaken { name } => hints![format!("write `get {name}` in some task")],
        Problem::OutsideWith { name, .. } => hints![format!("write `with {name}:` around it")],
        Problem::ForeverWithoutTime => hints!["write `await 1` in it"],
        Problem::QueueOfZero { name } => hints![
            format!("write `queue {name}` if that is meant"),
            format!("write `queue {name} 1` for the shortest one"),
        ],
        Problem::More { .. } => hints!["repair the first ones and look again"],
    }
}

fn expected_english(want: Want, found: &Found) -> Vec<String> {
    match want {
        Want::Segment => hints!["write `cpu 1`, `await 1` or `block 1`"],
        Want::Duration => hints!["write `3s` or `150ms`"],
        Want::UpperEnd => hints!["write `1..3s`"],
        Want::Count => hints!["write `3`"],
        Want::RateUnit => hints!["write `50/s`"],
        Want::NewName => match found {
            Found::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                hints!["begin the name with a letter"]
            }
            _ => hints!["write a name such as `pasta`"],
        },
        Want::Text => hints!["write `\"text\"`"],
        Want::Colon => hints!["write `:`"],
        Want::Def => hints!["write `async def`"],
        Want::Block => hints![
            "write `:` and the segments indented below",
            "write the segments in parentheses"
        ],
        Want::OnOrOff => hints!["write `gil on` or `gil off`"],
        Want::Claim => hints!["write `expect total 9s`", "write `expect pasta done 8s`"],
        Want::Stage => hints!["write `done` behind the task: `expect pasta done 8s`"],
        Want::LineEnd => hints!["begin a new line"],
        Want::Arrival => match found {
            Found::Text(number) if number.starts_with(|c: char| c.is_ascii_digit()) => {
                hints![format!("write the number first: `run {number} task`")]
            }
            Found::Text(name) if super::is_name(name) => hints![
                format!("write `, {name}` if it is one more task"),
                "write `at 2s`, `every 10ms` or `at 50/s`",
            ],
            _ => hints!["write `at 2s`, `every 10ms` or `at 50/s`"],
        },
        Want::TaskOrBlock => hints!["write `thread f`", "write `thread (block 1)`"],
        Want::TaskName
        | Want::QueueName
        | Want::ResourceName
        | Want::EventName
        | Want::ConditionName
        | Want::WaitName
        | Want::HandleName => hints!["write its name"],
    }
}

fn declare(name: &str, wanted: Wanted, verb: &str) -> Vec<String> {
    let line = |word: &str| format!("{verb}: `{word}`");
    match wanted {
        Wanted::Queue => hints![line(&format!("queue {name}"))],
        Wanted::Lockable => hints![line(&format!("semaphore {name} 10"))],
        Wanted::Event => hints![line(&format!("event {name}"))],
        Wanted::Condition => hints![line(&format!("condition {name}"))],
        Wanted::Task => hints![line(&format!("{name}: cpu 1"))],
        Wanted::Awaitable | Wanted::Handle => hints![line(&format!("event {name}"))],
    }
}

fn wrong_kind_english(wanted: Wanted, kind: Kind) -> Vec<String> {
    let use_it = match kind {
        Kind::AsyncTask => "use the task with `call`, `spawn` or `gather`",
        Kind::SyncTask => "use the task with `call`, `thread` or `process`",
        Kind::Queue => "use the queue with `put` or `get`",
        Kind::Semaphore => "use the semaphore with `with`, `acquire` or `release`",
        Kind::Lock => "use the lock with `with`, `acquire` or `release`",
        Kind::Event => "use the event with `set`, `clear` or `wait`",
        Kind::Condition => "use the condition with `with`, `wait` or `notify`",
    };
    match wanted {
        Wanted::Handle => hints![use_it, "make a handle with `spawn task as h`"],
        _ => hints![use_it],
    }
}

fn not_in_sync_english(verb: &str, place: &SyncPlace) -> Vec<String> {
    let out = match place {
        SyncPlace::Def(name) => format!("write `async def {name}:` to run it on the loop"),
        SyncPlace::Block(word) => format!("move it out of the `{word}` block"),
    };
    match verb {
        "await" => hints!["write `block` to wait on the thread", out],
        "thread" | "executor" => hints!["write its segments here: this is a thread already", out],
        "timeout" => hints!["delete the timeout: a thread cannot be cut off", out],
        _ => hints![out],
    }
}

fn korean(problem: &Problem) -> Vec<String> {
    match problem {
        Problem::InvalidUtf8 { .. } => hints!["저장하세요: UTF-8로"],
        Problem::TooManyBytes { .. } | Problem::TooManyLines { .. } => {
            hints!["쓰세요: 모두 나열하지 말고 `repeat N:`과 `run N task`"]
        }
        Problem::MixedIndentation => hints!["들여 쓰세요: 공백으로만"],
        Problem::UnexpectedIndent { after: None } => hints!["옮기세요: 줄을 왼쪽 끝으로"],
        Problem::UnexpectedIndent { after: Some(_) } => hints![
            "들여 쓰세요: 윗줄만큼",
            "쓰세요: 윗줄에 이어지면 줄 앞에 `->`",
        ],
        Problem::UnevenDedent => hints!["들여 쓰세요: 같은 블록의 다른 줄만큼"],
        Problem::UnexpectedCharacter { found } => match found.as_str() {
            "@" => hints!["지우세요: 스크립트에는 데코레이터가 없습니다"],
            "|" | "&" | "+" => hints!["쓰세요: 세그먼트 사이에 `->`"],
            _ => hints![format!("지우세요: `{found}`")],
        },
        Problem::UnclosedText { close } => hints![format!("쓰세요: 글 끝에 `{close}`")],
        Problem::EmptyScript | Problem::NoTasks => {
            hints!["쓰세요: 태스크 하나, `pasta: cpu 3 -> await 5`"]
        }

        Problem::UnknownStatement {
            near: Some(near), ..
        } => hints![format!("쓰세요: `{near}`")],
        Problem::UnknownStatement { word, near: None } if super::is_name(word) => {
            hints![format!("쓰세요: 태스크를 정의하려면 `{word}: cpu 1`")]
        }
        Problem::UnknownStatement { .. } => {
            hints!["쓰세요: 태스크 하나, `pasta: cpu 3 -> await 5`"]
        }
        Problem::UnknownSegment {
            near: Some(near), ..
        } => hints![format!("쓰세요: `{near}`")],
        Problem::UnknownSegment { word, near: None } if super::is_name(word) => hints![
            format!("쓰세요: 태스크이면 `call {word}`"),
            "쓰세요: `cpu 1`, `await 1` 또는 `block 1`",
        ],
        Problem::UnknownSegment { near: None, .. } => {
            hints!["쓰세요: `cpu 1`, `await 1` 또는 `block 1`"]
        }
        Problem::PythonWord { python, .. } => match python.instead {
            "" => hints![format!("지우세요: {}", python.doc.ko)],
            instead => hints![format!("쓰세요: `{instead}`. {}", python.doc.ko)],
        },
        Problem::Expected { want, found } => expected_korean(*want, found),
        Problem::UnknownWord {
            near: Some(near), ..
        } => hints![format!("쓰세요: `{near}`")],
        Problem::UnknownWord { of, near: None, .. } => match of {
            WordsOf::Claim => {
                hints!["쓰세요: `total`, `order`, `threads`, `loop lag`, `freeze` 또는 `deadlock`"]
            }
            WordsOf::Stage => {
                hints!["쓰세요: `started`, `done`, `responded`, `failed` 또는 `cancelled`"]
            }
        },
        Problem::MissingBody { .. } => hints!["들여 쓰세요: 아래에 `await 1` 같은 세그먼트를"],
        Problem::TooDeep => hints!["옮기세요: 안쪽 블록을 별도의 태스크로, 그리고 `call`"],
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => match bracket {
            '(' | '[' => hints![format!("쓰세요: 끝나는 곳에 `{counterpart}`")],
            _ => hints![format!("지우세요: `{bracket}`")],
        },
        Problem::StrayClause { clause } => match clause {
            ClauseWord::Else => hints!["쓰세요: 위에 `timeout 3:`과 블록"],
            ClauseWord::Except | ClauseWord::Finally => hints!["쓰세요: 위에 `try:`와 블록"],
        },
        Problem::LonelyTry => hints!["쓰세요: 아래에 `except:`와 블록"],
        Problem::ReservedName { word } => hints![
            "들여 쓰세요: 속하는 태스크 안으로",
            format!("쓰세요: 정말 태스크 이름이면 `async def {word}:`"),
        ],
        Problem::BlockInLine { head, .. } => hints![
            format!("쓰세요: `{head} (block 1 -> cpu 2)`"),
            "나누세요: 태스크 아래에 한 줄에 하나씩 들여 써서",
        ],
        Problem::TaskArguments { name } => hints![format!("쓰세요: `{name}:`")],
        Problem::MissingArrow { found, missing } => match missing {
            Missing::Arrow => hints![format!("쓰세요: `-> {found}`")],
            Missing::ArrowInstead => hints!["쓰세요: `->`"],
            Missing::Comma => hints![format!("쓰세요: `, {found}`")],
            Missing::Nothing => hints![format!("지우세요: `{found}`")],
        },
        Problem::SegmentOutsideTask { word } => hints![
            "들여 쓰세요: 태스크 안으로",
            format!("쓰세요: 태스크를 정의하려면 `name: {word} …`"),
        ],
        Problem::StatementInsideTask { .. } => hints!["옮기세요: 줄을 왼쪽 끝으로"],
        Problem::ClashingArrivals => {
            hints!["쓰세요: `at 2s`, `every 10ms`, `at 50/s` 중 하나. 뒤에 `from 2s` 가능"]
        }
        Problem::AwaitTask { name } => hints![
            format!("쓰세요: 태스크를 여기서 실행하려면 `call {name}`"),
            format!("쓰세요: spawn한 것을 기다리려면 `wait {name}`"),
        ],

        Problem::UnknownUnit {
            near: Some(near), ..
        } => hints![format!("쓰세요: `{near}`")],
        Problem::UnknownUnit { near: None, .. } => {
            hints!["쓰세요: `ns`, `us`, `ms`, `s`, `min` 또는 `h`"]
        }
        Problem::NegativeNumber { written } => {
            hints![format!(
                "쓰세요: `{}`",
                written.trim_start_matches('-').trim_start()
            )]
        }
        Problem::DurationTooLong { .. } => hints!["쓰세요: 길어도 `24h`"],
        Problem::DurationTooFine { .. } => hints!["쓰세요: 짧아도 `1ns`, 그 아래 소수는 없이"],
        Problem::RangeReversed { instead, .. } => hints![format!("쓰세요: `{instead}`")],
        Problem::NotWhole { .. } => hints!["쓰세요: `3` 같은 숫자"],
        Problem::OutOfRange { least, most, .. } => {
            hints![format!("쓰세요: `{least}`에서 `{most}`까지의 값")]
        }
        Problem::ToleranceWithoutEqual { .. } => {
            hints!["지우세요: 허용 오차를", "지우세요: 비교 기호를"]
        }
        Problem::OrderOfOne { name } => hints![format!("쓰세요: `order {name}, other`")],
        Problem::TooManyInstances { .. } => {
            hints!["줄이세요: `run 1000 …`으로도 같은 것이 보입니다"]
        }
        Problem::TooManyTasks => hints!["쓰세요: 여러 태스크 대신 `run N task`"],

        Problem::UnknownTask {
            near: Some(near), ..
        }
        | Problem::UnknownResource {
            near: Some(near), ..
        }
        | Problem::UnknownHandle {
            near: Some(near), ..
        } => hints![format!("쓰세요: `{near}`")],
        Problem::UnknownTask { name, near: None } => {
            hints![format!("정의하세요: 왼쪽 끝에 `{name}: cpu 1`")]
        }
        Problem::UnknownResource {
            name,
            near: None,
            wanted,
        } => declare(name, *wanted, "선언하세요: 왼쪽 끝에"),
        Problem::UnknownHandle {
            name, near: None, ..
        } => hints![format!("만드세요: 위에서 `spawn task as {name}`")],
        Problem::WaitBeforeSpawn { verb, .. } => {
            hints![format!("옮기세요: `{verb}` 줄을 그 아래로")]
        }
        Problem::WrongKind { wanted, kind, .. } => wrong_kind_korean(*wanted, *kind),
        Problem::DuplicateName { name, .. } => {
            hints![format!("바꾸세요: 한쪽 이름을 `{name}2`처럼")]
        }
        Problem::DuplicateSetting { .. } => hints!["지우세요: 둘 중 하나를"],
        Problem::HandleTakesName { name, .. } => {
            hints![format!("바꾸세요: 핸들 이름을 `{name}_task`처럼")]
        }

        Problem::NotInSync { verb, place } => not_in_sync_korean(verb, place),
        Problem::CallFromSync { name, place } => match place {
            SyncPlace::Def(own) => hints![
                format!("쓰세요: `async def {own}:`"),
                format!("쓰세요: 루프가 필요 없으면 `def {name}:`"),
            ],
            SyncPlace::Block(_) => hints![
                format!("옮기세요: `call {name}` 세그먼트를 블록 밖으로"),
                format!("쓰세요: 루프가 필요 없으면 `def {name}:`"),
            ],
        },
        Problem::NeedsAsync { verb, name } => match *verb {
            "spawn" | "shield" => hints![
                format!("쓰세요: 풀에서 실행하려면 `thread {name}`"),
                format!("쓰세요: 코루틴으로 만들려면 `async def {name}:`"),
            ],
            _ => hints![
                format!("쓰세요: 코루틴으로 만들려면 `async def {name}:`"),
                format!("감싸세요: `thread {name}` 세그먼트를 가진 코루틴으로"),
            ],
        },
        Problem::NeedsSync { name, .. } => hints![
            format!("쓰세요: 루프에서 실행하려면 `call {name}`"),
            format!("쓰세요: 일반 함수로 만들려면 `def {name}:`"),
        ],
        Problem::RespondInBlock { .. } => hints!["옮기세요: `respond`를 블록 뒤로"],
        Problem::EndlessRecursion { .. } => hints![
            "쓰세요: 횟수가 정해져 있으면 `repeat 3:`",
            "쓰세요: 끝이 없으면 `forever:`와 `until 10s`",
        ],
        Problem::NothingRuns => hints!["쓰세요: 첫 태스크의 이름과 함께 `run main`"],

        Problem::UnusedTask { name } => {
            hints![format!("쓰세요: `run {name}`"), "지우세요: 이 태스크를"]
        }
        Problem::UnusedResource { .. } => hints!["지우세요: 이 선언을"],
        Problem::UnusedHandle { name } => {
            hints![
                format!("지우세요: `as {name}`"),
                format!("쓰세요: `wait {name}`")
            ]
        }
        Problem::Unreachable { .. } => hints!["옮기세요: 블록 안으로, 또는 그 앞으로"],
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => hints![format!("쓰세요: 어떤 태스크 안에 `put {name}`")],
            Kind::Event => hints![format!("쓰세요: 어떤 태스크 안에 `set {name}`")],
            Kind::Condition => hints![format!("쓰세요: 어떤 태스크 안에 `notify {name}`")],
            _ => hints![format!("쓰세요: 어떤 태스크 안에 `release {name}`")],
        },
        Problem::NeverTaken { name } => hints![format!("쓰세요: 어떤 태스크 안에 `get {name}`")],
        Problem::OutsideWith { name, .. } => hints![format!("감싸세요: `with {name}:` 블록으로")],
        Problem::ForeverWithoutTime => hints!["쓰세요: 그 안에 `await 1`"],
        Problem::QueueOfZero { name } => hints![
            format!("쓰세요: 그런 뜻이면 `queue {name}`"),
            format!("쓰세요: 가장 짧은 큐는 `queue {name} 1`"),
        ],
        Problem::More { .. } => hints!["고치세요: 먼저 나온 것부터, 그리고 다시 보세요"],
    }
}

fn expected_korean(want: Want, found: &Found) -> Vec<String> {
    match want {
        Want::Segment => hints!["쓰세요: `cpu 1`, `await 1` 또는 `block 1`"],
        Want::Duration => hints!["쓰세요: `3s` 또는 `150ms`"],
        Want::UpperEnd => hints!["쓰세요: `1..3s`"],
        Want::Count => hints!["쓰세요: `3`"],
        Want::RateUnit => hints!["쓰세요: `50/s`"],
        Want::NewName => match found {
            Found::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                hints!["시작하세요: 이름을 글자로"]
            }
            _ => hints!["쓰세요: `pasta` 같은 이름"],
        },
        Want::Text => hints!["쓰세요: `\"text\"`"],
        Want::Colon => hints!["쓰세요: `:`"],
        Want::Def => hints!["쓰세요: `async def`"],
        Want::Block => hints![
            "쓰세요: `:` 그리고 아래에 들여 쓴 세그먼트",
            "쓰세요: 괄호 안에 세그먼트"
        ],
        Want::OnOrOff => hints!["쓰세요: `gil on` 또는 `gil off`"],
        Want::Claim => hints![
            "쓰세요: `expect total 9s`",
            "쓰세요: `expect pasta done 8s`"
        ],
        Want::Stage => hints!["쓰세요: 태스크 뒤에 `done`, `expect pasta done 8s`"],
        Want::LineEnd => hints!["시작하세요: 새 줄을"],
        Want::Arrival => match found {
            Found::Text(number) if number.starts_with(|c: char| c.is_ascii_digit()) => {
                hints![format!("쓰세요: 횟수를 먼저, `run {number} task`")]
            }
            Found::Text(name) if super::is_name(name) => hints![
                format!("쓰세요: 태스크가 하나 더 있으면 `, {name}`"),
                "쓰세요: `at 2s`, `every 10ms` 또는 `at 50/s`",
            ],
            _ => hints!["쓰세요: `at 2s`, `every 10ms` 또는 `at 50/s`"],
        },
        Want::TaskOrBlock => hints!["쓰세요: `thread f`", "쓰세요: `thread (block 1)`"],
        Want::TaskName
        | Want::QueueName
        | Want::ResourceName
        | Want::EventName
        | Want::ConditionName
        | Want::WaitName
        | Want::HandleName => hints!["쓰세요: 그 이름"],
    }
}

fn wrong_kind_korean(wanted: Wanted, kind: Kind) -> Vec<String> {
    let use_it = match kind {
        Kind::AsyncTask => "쓰세요: 태스크에는 `call`, `spawn` 또는 `gather`",
        Kind::SyncTask => "쓰세요: 태스크에는 `call`, `thread` 또는 `process`",
        Kind::Queue => "쓰세요: 큐에는 `put` 또는 `get`",
        Kind::Semaphore => "쓰세요: 세마포어에는 `with`, `acquire` 또는 `release`",
        Kind::Lock => "쓰세요: 락에는 `with`, `acquire` 또는 `release`",
        Kind::Event => "쓰세요: 이벤트에는 `set`, `clear` 또는 `wait`",
        Kind::Condition => "쓰세요: 조건에는 `with`, `wait` 또는 `notify`",
    };
    match wanted {
        Wanted::Handle => hints![use_it, "만드세요: 핸들은 `spawn task as h`"],
        _ => hints![use_it],
    }
}

fn not_in_sync_korean(verb: &str, place: &SyncPlace) -> Vec<String> {
    let out = match place {
        SyncPlace::Def(name) => format!("쓰세요: 루프에서 실행하려면 `async def {name}:`"),
        SyncPlace::Block(word) => format!("옮기세요: `{word}` 블록 밖으로"),
    };
    match verb {
        "await" => hints!["쓰세요: 스레드에서 기다리려면 `block`", out],
        "thread" | "executor" => hints!["쓰세요: 이미 스레드이므로 그 세그먼트를 바로 여기에", out],
        "timeout" => hints!["지우세요: 스레드는 끊을 수 없으므로 시간 제한을", out],
        _ => hints![out],
    }
}
