//! What to do about each problem.
//!
//! A hint starts with a verb; what stands in its backticks can be typed as it
//! is. Several hints are several ways out, the likeliest first.

use super::problem::{Found, Kind, Missing, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::ClauseWord;
use crate::language::{Language, say, text};

pub(super) fn hints(problem: &Problem, language: Language) -> Vec<String> {
    match problem {
        Problem::InvalidUtf8 { .. } => vec![say!(
            language,
            "save the file as UTF-8",
            "저장하세요: UTF-8로"
        )],
        Problem::TooManyBytes { .. } | Problem::TooManyLines { .. } => vec![say!(
            language,
            "use `repeat N:` and `run N task` instead of writing everything out",
            "쓰세요: 모두 나열하지 말고 `repeat N:`과 `run N task`"
        )],
        Problem::MixedIndentation => vec![say!(
            language,
            "indent with spaces only",
            "들여 쓰세요: 공백으로만"
        )],
        Problem::UnexpectedIndent { after: None } => vec![say!(
            language,
            "move the line to the left margin",
            "옮기세요: 줄을 왼쪽 끝으로"
        )],
        Problem::UnexpectedIndent { after: Some(_) } => vec![
            say!(
                language,
                "indent it as far as the line above",
                "들여 쓰세요: 윗줄만큼"
            ),
            say!(
                language,
                "begin the line with `->` to go on with the line above",
                "쓰세요: 윗줄에 이어지면 줄 앞에 `->`"
            ),
        ],
        Problem::UnevenDedent => vec![say!(
            language,
            "indent it as far as the other lines of its block",
            "들여 쓰세요: 같은 블록의 다른 줄만큼"
        )],
        Problem::UnexpectedCharacter { found } => match found.as_str() {
            "@" => vec![say!(
                language,
                "delete the line: a script has no decorators",
                "지우세요: 스크립트에는 데코레이터가 없습니다"
            )],
            "|" | "&" | "+" => vec![say!(
                language,
                "write `->` between segments",
                "쓰세요: 세그먼트 사이에 `->`"
            )],
            _ => vec![say!(
                language,
                "delete `{found}`",
                "지우세요: `{found}`",
                found
            )],
        },
        Problem::UnclosedText { close } => vec![say!(
            language,
            "write `{close}` at its end",
            "쓰세요: 글 끝에 `{close}`",
            close
        )],
        Problem::EmptyScript | Problem::NoTasks => vec![say!(
            language,
            "write a task: `pasta: cpu 3 -> await 5`",
            "쓰세요: 태스크 하나, `pasta: cpu 3 -> await 5`"
        )],

        Problem::UnknownStatement {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", "쓰세요: `{near}`", near)],
        Problem::UnknownStatement { word, near: None } if super::is_name(word) => vec![say!(
            language,
            "write `{word}: cpu 1` to define a task",
            "쓰세요: 태스크를 정의하려면 `{word}: cpu 1`",
            word
        )],
        Problem::UnknownStatement { .. } => vec![say!(
            language,
            "write a task: `pasta: cpu 3 -> await 5`",
            "쓰세요: 태스크 하나, `pasta: cpu 3 -> await 5`"
        )],
        Problem::UnknownSegment {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", "쓰세요: `{near}`", near)],
        Problem::UnknownSegment { word, near: None } if super::is_name(word) => vec![
            say!(
                language,
                "write `call {word}` if it is a task",
                "쓰세요: 태스크이면 `call {word}`",
                word
            ),
            say!(
                language,
                "write `cpu 1`, `await 1` or `block 1`",
                "쓰세요: `cpu 1`, `await 1` 또는 `block 1`"
            ),
        ],
        Problem::UnknownSegment { near: None, .. } => vec![say!(
            language,
            "write `cpu 1`, `await 1` or `block 1`",
            "쓰세요: `cpu 1`, `await 1` 또는 `block 1`"
        )],
        Problem::PythonWord { python, .. } => match python.instead {
            "" => vec![say!(
                language,
                "delete it: {doc}",
                "지우세요: {doc}",
                doc = python.doc.of(language)
            )],
            instead => vec![say!(
                language,
                "write `{instead}`: {doc}",
                "쓰세요: `{instead}`. {doc}",
                instead,
                doc = python.doc.of(language)
            )],
        },
        Problem::Expected { want, found } => expected(*want, found, language),
        Problem::UnknownWord {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", "쓰세요: `{near}`", near)],
        Problem::UnknownWord { of, near: None, .. } => match of {
            WordsOf::Claim => vec![say!(
                language,
                "write `total`, `order`, `threads`, `loop lag`, `freeze` or `deadlock`",
                "쓰세요: `total`, `order`, `threads`, `loop lag`, `freeze` 또는 `deadlock`"
            )],
            WordsOf::Stage => vec![say!(
                language,
                "write `started`, `done`, `responded`, `failed` or `cancelled`",
                "쓰세요: `started`, `done`, `responded`, `failed` 또는 `cancelled`"
            )],
        },
        Problem::MissingBody { .. } => vec![say!(
            language,
            "indent its segments below it, such as `await 1`",
            "들여 쓰세요: 아래에 `await 1` 같은 세그먼트를"
        )],
        Problem::TooDeep => vec![say!(
            language,
            "move the inner blocks into a task of their own, and `call` it",
            "옮기세요: 안쪽 블록을 별도의 태스크로, 그리고 `call`"
        )],
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => match bracket {
            '(' | '[' => vec![say!(
                language,
                "write `{counterpart}` where it ends",
                "쓰세요: 끝나는 곳에 `{counterpart}`",
                counterpart
            )],
            _ => vec![say!(
                language,
                "delete `{bracket}`",
                "지우세요: `{bracket}`",
                bracket
            )],
        },
        Problem::StrayClause { clause } => match clause {
            ClauseWord::Else => vec![say!(
                language,
                "write `timeout 3:` and a block above it",
                "쓰세요: 위에 `timeout 3:`과 블록"
            )],
            ClauseWord::Except | ClauseWord::Finally => vec![say!(
                language,
                "write `try:` and a block above it",
                "쓰세요: 위에 `try:`와 블록"
            )],
        },
        Problem::LonelyTry => vec![say!(
            language,
            "write `except:` and a block below it",
            "쓰세요: 아래에 `except:`와 블록"
        )],
        Problem::ReservedName { word } => vec![
            say!(
                language,
                "indent it into the task that it belongs to",
                "들여 쓰세요: 속하는 태스크 안으로"
            ),
            say!(
                language,
                "write `async def {word}:` if the task is really called so",
                "쓰세요: 정말 태스크 이름이면 `async def {word}:`",
                word
            ),
        ],
        Problem::BlockInLine { head, .. } => vec![
            say!(
                language,
                "write `{head} (block 1 -> cpu 2)`",
                "쓰세요: `{head} (block 1 -> cpu 2)`",
                head
            ),
            say!(
                language,
                "put the segments one a line, indented below the task",
                "나누세요: 태스크 아래에 한 줄에 하나씩 들여 써서"
            ),
        ],
        Problem::TaskArguments { name } => {
            vec![say!(language, "write `{name}:`", "쓰세요: `{name}:`", name)]
        }
        Problem::MissingArrow { found, missing } => match missing {
            Missing::Arrow => vec![say!(
                language,
                "write `-> {found}`",
                "쓰세요: `-> {found}`",
                found
            )],
            Missing::ArrowInstead => vec![say!(language, "write `->`", "쓰세요: `->`")],
            Missing::Comma => vec![say!(
                language,
                "write `, {found}`",
                "쓰세요: `, {found}`",
                found
            )],
            Missing::Nothing => vec![say!(
                language,
                "delete `{found}`",
                "지우세요: `{found}`",
                found
            )],
        },
        Problem::SegmentOutsideTask { word } => vec![
            say!(
                language,
                "indent it into a task",
                "들여 쓰세요: 태스크 안으로"
            ),
            say!(
                language,
                "write `name: {word} …` to define a task",
                "쓰세요: 태스크를 정의하려면 `name: {word} …`",
                word
            ),
        ],
        Problem::StatementInsideTask { .. } => vec![say!(
            language,
            "move the line to the left margin",
            "옮기세요: 줄을 왼쪽 끝으로"
        )],
        Problem::ClashingArrivals => vec![say!(
            language,
            "write one of `at 2s`, `every 10ms` and `at 50/s`; `from 2s` may follow",
            "쓰세요: `at 2s`, `every 10ms`, `at 50/s` 중 하나. 뒤에 `from 2s` 가능"
        )],
        Problem::AwaitTask { name } => vec![
            say!(
                language,
                "write `call {name}` to run the task here",
                "쓰세요: 태스크를 여기서 실행하려면 `call {name}`",
                name
            ),
            say!(
                language,
                "write `wait {name}` to wait for what was spawned",
                "쓰세요: spawn한 것을 기다리려면 `wait {name}`",
                name
            ),
        ],

        Problem::UnknownUnit {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", "쓰세요: `{near}`", near)],
        Problem::UnknownUnit { near: None, .. } => vec![say!(
            language,
            "write `ns`, `us`, `ms`, `s`, `min` or `h`",
            "쓰세요: `ns`, `us`, `ms`, `s`, `min` 또는 `h`"
        )],
        Problem::NegativeNumber { written } => vec![say!(
            language,
            "write `{positive}`",
            "쓰세요: `{positive}`",
            positive = written.trim_start_matches('-').trim_start()
        )],
        Problem::DurationTooLong { .. } => vec![say!(
            language,
            "write at most `24h`",
            "쓰세요: 길어도 `24h`"
        )],
        Problem::DurationTooFine { .. } => vec![say!(
            language,
            "write at least `1ns`, without a fraction of it",
            "쓰세요: 짧아도 `1ns`, 그 아래 소수는 없이"
        )],
        Problem::RangeReversed { instead, .. } => vec![say!(
            language,
            "write `{instead}`",
            "쓰세요: `{instead}`",
            instead
        )],
        Problem::NotWhole { .. } => vec![say!(
            language,
            "write a number such as `3`",
            "쓰세요: `3` 같은 숫자"
        )],
        Problem::OutOfRange { least, most, .. } => vec![say!(
            language,
            "write a value from `{least}` to `{most}`",
            "쓰세요: `{least}`에서 `{most}`까지의 값",
            least,
            most
        )],
        Problem::ToleranceWithoutEqual { .. } => vec![
            say!(language, "delete the tolerance", "지우세요: 허용 오차를"),
            say!(language, "delete the comparison", "지우세요: 비교 기호를"),
        ],
        Problem::OrderOfOne { name } => vec![say!(
            language,
            "write `order {name}, other`",
            "쓰세요: `order {name}, other`",
            name
        )],
        Problem::TooManyInstances { .. } => vec![say!(
            language,
            "run fewer: `run 1000 …` shows the same",
            "줄이세요: `run 1000 …`으로도 같은 것이 보입니다"
        )],
        Problem::TooManyTasks => vec![say!(
            language,
            "use `run N task` instead of many tasks",
            "쓰세요: 여러 태스크 대신 `run N task`"
        )],

        Problem::UnknownTask {
            near: Some(near), ..
        }
        | Problem::UnknownResource {
            near: Some(near), ..
        }
        | Problem::UnknownHandle {
            near: Some(near), ..
        } => vec![say!(language, "write `{near}`", "쓰세요: `{near}`", near)],
        Problem::UnknownTask { name, near: None } => vec![say!(
            language,
            "define it at the left margin: `{name}: cpu 1`",
            "정의하세요: 왼쪽 끝에 `{name}: cpu 1`",
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
            "만드세요: 위에서 `spawn task as {name}`",
            name
        )],
        Problem::WaitBeforeSpawn { verb, .. } => vec![say!(
            language,
            "move the `{verb}` below it",
            "옮기세요: `{verb}` 줄을 그 아래로",
            verb
        )],
        Problem::WrongKind { wanted, kind, .. } => wrong_kind(*wanted, *kind, language),
        Problem::DuplicateName { name, .. } => vec![say!(
            language,
            "rename one of them, such as `{name}2`",
            "바꾸세요: 한쪽 이름을 `{name}2`처럼",
            name
        )],
        Problem::DuplicateSetting { .. } => vec![say!(
            language,
            "delete one of the two",
            "지우세요: 둘 중 하나를"
        )],
        Problem::HandleTakesName { name, .. } => vec![say!(
            language,
            "rename the handle, such as `{name}_task`",
            "바꾸세요: 핸들 이름을 `{name}_task`처럼",
            name
        )],

        Problem::NotInSync { verb, place } => not_in_sync(verb, place, language),
        Problem::CallFromSync { name, place } => match place {
            SyncPlace::Def(own) => vec![
                say!(
                    language,
                    "write `async def {own}:`",
                    "쓰세요: `async def {own}:`",
                    own
                ),
                say!(
                    language,
                    "write `def {name}:` if it needs no loop",
                    "쓰세요: 루프가 필요 없으면 `def {name}:`",
                    name
                ),
            ],
            SyncPlace::Block(_) => vec![
                say!(
                    language,
                    "move `call {name}` out of the block",
                    "옮기세요: `call {name}` 세그먼트를 블록 밖으로",
                    name
                ),
                say!(
                    language,
                    "write `def {name}:` if it needs no loop",
                    "쓰세요: 루프가 필요 없으면 `def {name}:`",
                    name
                ),
            ],
        },
        Problem::NeedsAsync { verb, name } => match *verb {
            "spawn" | "shield" => vec![
                say!(
                    language,
                    "write `thread {name}` to run it on the pool",
                    "쓰세요: 풀에서 실행하려면 `thread {name}`",
                    name
                ),
                say!(
                    language,
                    "write `async def {name}:` to make it a coroutine",
                    "쓰세요: 코루틴으로 만들려면 `async def {name}:`",
                    name
                ),
            ],
            _ => vec![
                say!(
                    language,
                    "write `async def {name}:` to make it a coroutine",
                    "쓰세요: 코루틴으로 만들려면 `async def {name}:`",
                    name
                ),
                say!(
                    language,
                    "use a coroutine that holds `thread {name}`",
                    "감싸세요: `thread {name}` 세그먼트를 가진 코루틴으로",
                    name
                ),
            ],
        },
        Problem::NeedsSync { name, .. } => vec![
            say!(
                language,
                "write `call {name}` to run it on the loop",
                "쓰세요: 루프에서 실행하려면 `call {name}`",
                name
            ),
            say!(
                language,
                "write `def {name}:` to make it a plain function",
                "쓰세요: 일반 함수로 만들려면 `def {name}:`",
                name
            ),
        ],
        Problem::RespondInBlock { .. } => vec![say!(
            language,
            "move `respond` behind the block",
            "옮기세요: `respond`를 블록 뒤로"
        )],
        Problem::EndlessRecursion { .. } => vec![
            say!(
                language,
                "use `repeat 3:` for a number of rounds",
                "쓰세요: 횟수가 정해져 있으면 `repeat 3:`"
            ),
            say!(
                language,
                "use `forever:` with `until 10s` for an endless one",
                "쓰세요: 끝이 없으면 `forever:`와 `until 10s`"
            ),
        ],
        Problem::NothingRuns => vec![say!(
            language,
            "write `run` and the name of the first task: `run main`",
            "쓰세요: 첫 태스크의 이름과 함께 `run main`"
        )],

        Problem::UnusedTask { name } => vec![
            say!(language, "write `run {name}`", "쓰세요: `run {name}`", name),
            say!(language, "delete it", "지우세요: 이 태스크를"),
        ],
        Problem::UnusedResource { .. } => vec![say!(language, "delete it", "지우세요: 이 선언을")],
        Problem::UnusedHandle { name } => vec![
            say!(
                language,
                "delete `as {name}`",
                "지우세요: `as {name}`",
                name
            ),
            say!(
                language,
                "write `wait {name}`",
                "쓰세요: `wait {name}`",
                name
            ),
        ],
        Problem::Unreachable { .. } => vec![say!(
            language,
            "move it into the block, or in front of it",
            "옮기세요: 블록 안으로, 또는 그 앞으로"
        )],
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => vec![say!(
                language,
                "write `put {name}` in some task",
                "쓰세요: 어떤 태스크 안에 `put {name}`",
                name
            )],
            Kind::Event => vec![say!(
                language,
                "write `set {name}` in some task",
                "쓰세요: 어떤 태스크 안에 `set {name}`",
                name
            )],
            Kind::Condition => vec![say!(
                language,
                "write `notify {name}` in some task",
                "쓰세요: 어떤 태스크 안에 `notify {name}`",
                name
            )],
            _ => vec![say!(
                language,
                "write `release {name}` in some task",
                "쓰세요: 어떤 태스크 안에 `release {name}`",
                name
            )],
        },
        Problem::NeverTaken { name } => vec![say!(
            language,
            "write `get {name}` in some task",
            "쓰세요: 어떤 태스크 안에 `get {name}`",
            name
        )],
        Problem::OutsideWith { name, .. } => vec![say!(
            language,
            "write `with {name}:` around it",
            "감싸세요: `with {name}:` 블록으로",
            name
        )],
        Problem::ForeverWithoutTime => vec![say!(
            language,
            "write `await 1` in it",
            "쓰세요: 그 안에 `await 1`"
        )],
        Problem::QueueOfZero { name } => vec![
            say!(
                language,
                "write `queue {name}` if that is meant",
                "쓰세요: 그런 뜻이면 `queue {name}`",
                name
            ),
            say!(
                language,
                "write `queue {name} 1` for the shortest one",
                "쓰세요: 가장 짧은 큐는 `queue {name} 1`",
                name
            ),
        ],
        Problem::More { .. } => vec![say!(
            language,
            "repair the first ones and look again",
            "고치세요: 먼저 나온 것부터, 그리고 다시 보세요"
        )],
    }
}

fn expected(want: Want, found: &Found, language: Language) -> Vec<String> {
    match want {
        Want::Segment => vec![say!(
            language,
            "write `cpu 1`, `await 1` or `block 1`",
            "쓰세요: `cpu 1`, `await 1` 또는 `block 1`"
        )],
        Want::Duration => vec![say!(
            language,
            "write `3s` or `150ms`",
            "쓰세요: `3s` 또는 `150ms`"
        )],
        Want::UpperEnd => vec![say!(language, "write `1..3s`", "쓰세요: `1..3s`")],
        Want::Count => vec![say!(language, "write `3`", "쓰세요: `3`")],
        Want::RateUnit => vec![say!(language, "write `50/s`", "쓰세요: `50/s`")],
        Want::NewName => match found {
            Found::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => vec![say!(
                language,
                "begin the name with a letter",
                "시작하세요: 이름을 글자로"
            )],
            _ => vec![say!(
                language,
                "write a name such as `pasta`",
                "쓰세요: `pasta` 같은 이름"
            )],
        },
        Want::Text => vec![say!(language, "write `\"text\"`", "쓰세요: `\"text\"`")],
        Want::Colon => vec![say!(language, "write `:`", "쓰세요: `:`")],
        Want::Def => vec![say!(language, "write `async def`", "쓰세요: `async def`")],
        Want::Block => vec![
            say!(
                language,
                "write `:` and the segments indented below",
                "쓰세요: `:` 그리고 아래에 들여 쓴 세그먼트"
            ),
            say!(
                language,
                "write the segments in parentheses",
                "쓰세요: 괄호 안에 세그먼트"
            ),
        ],
        Want::OnOrOff => vec![say!(
            language,
            "write `gil on` or `gil off`",
            "쓰세요: `gil on` 또는 `gil off`"
        )],
        Want::Claim => vec![
            say!(
                language,
                "write `expect total 9s`",
                "쓰세요: `expect total 9s`"
            ),
            say!(
                language,
                "write `expect pasta done 8s`",
                "쓰세요: `expect pasta done 8s`"
            ),
        ],
        Want::Stage => vec![say!(
            language,
            "write `done` behind the task: `expect pasta done 8s`",
            "쓰세요: 태스크 뒤에 `done`, `expect pasta done 8s`"
        )],
        Want::LineEnd => vec![say!(language, "begin a new line", "시작하세요: 새 줄을")],
        Want::Arrival => match found {
            Found::Text(number) if number.starts_with(|c: char| c.is_ascii_digit()) => vec![say!(
                language,
                "write the number first: `run {number} task`",
                "쓰세요: 횟수를 먼저, `run {number} task`",
                number
            )],
            Found::Text(name) if super::is_name(name) => vec![
                say!(
                    language,
                    "write `, {name}` if it is one more task",
                    "쓰세요: 태스크가 하나 더 있으면 `, {name}`",
                    name
                ),
                say!(
                    language,
                    "write `at 2s`, `every 10ms` or `at 50/s`",
                    "쓰세요: `at 2s`, `every 10ms` 또는 `at 50/s`"
                ),
            ],
            _ => vec![say!(
                language,
                "write `at 2s`, `every 10ms` or `at 50/s`",
                "쓰세요: `at 2s`, `every 10ms` 또는 `at 50/s`"
            )],
        },
        Want::TaskOrBlock => vec![
            say!(language, "write `thread f`", "쓰세요: `thread f`"),
            say!(
                language,
                "write `thread (block 1)`",
                "쓰세요: `thread (block 1)`"
            ),
        ],
        Want::TaskName
        | Want::QueueName
        | Want::ResourceName
        | Want::EventName
        | Want::ConditionName
        | Want::WaitName
        | Want::HandleName => vec![say!(language, "write its name", "쓰세요: 그 이름")],
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
        "선언하세요: 왼쪽 끝에: `{line}`",
        line
    )]
}

fn wrong_kind(wanted: Wanted, kind: Kind, language: Language) -> Vec<String> {
    let use_it = match kind {
        Kind::AsyncTask => text!(
            "use the task with `call`, `spawn` or `gather`",
            "쓰세요: 태스크에는 `call`, `spawn` 또는 `gather`"
        ),
        Kind::SyncTask => text!(
            "use the task with `call`, `thread` or `process`",
            "쓰세요: 태스크에는 `call`, `thread` 또는 `process`"
        ),
        Kind::Queue => text!(
            "use the queue with `put` or `get`",
            "쓰세요: 큐에는 `put` 또는 `get`"
        ),
        Kind::Semaphore => text!(
            "use the semaphore with `with`, `acquire` or `release`",
            "쓰세요: 세마포어에는 `with`, `acquire` 또는 `release`"
        ),
        Kind::Lock => text!(
            "use the lock with `with`, `acquire` or `release`",
            "쓰세요: 락에는 `with`, `acquire` 또는 `release`"
        ),
        Kind::Event => text!(
            "use the event with `set`, `clear` or `wait`",
            "쓰세요: 이벤트에는 `set`, `clear` 또는 `wait`"
        ),
        Kind::Condition => text!(
            "use the condition with `with`, `wait` or `notify`",
            "쓰세요: 조건에는 `with`, `wait` 또는 `notify`"
        ),
    };
    let mut hints = vec![use_it.of(language).to_owned()];
    if wanted == Wanted::Handle {
        hints.push(say!(
            language,
            "make a handle with `spawn task as h`",
            "만드세요: 핸들은 `spawn task as h`"
        ));
    }
    hints
}

fn not_in_sync(verb: &str, place: &SyncPlace, language: Language) -> Vec<String> {
    let instead = match verb {
        "await" => Some(text!(
            "write `block` to wait on the thread",
            "쓰세요: 스레드에서 기다리려면 `block`"
        )),
        "thread" | "executor" => Some(text!(
            "write its segments here: this is a thread already",
            "쓰세요: 이미 스레드이므로 그 세그먼트를 바로 여기에"
        )),
        "timeout" => Some(text!(
            "delete the timeout: a thread cannot be cut off",
            "지우세요: 스레드는 끊을 수 없으므로 시간 제한을"
        )),
        _ => None,
    };
    let out = match place {
        SyncPlace::Def(name) => say!(
            language,
            "write `async def {name}:` to run it on the loop",
            "쓰세요: 루프에서 실행하려면 `async def {name}:`",
            name
        ),
        SyncPlace::Block(word) => say!(
            language,
            "move it out of the `{word}` block",
            "옮기세요: `{word}` 블록 밖으로",
            word
        ),
    };
    let instead = instead.map(|text| text.of(language).to_owned());
    instead.into_iter().chain([out]).collect()
}
