//! What is said about each problem, in every language.
//!
//! Messages are lower case without a full stop, name what was expected and what
//! was found, and quote the text. The way out is in [`super::hint`].

use super::problem::{Found, Kind, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::{CLAUSES, spelling};
use crate::language::{Language, Text, say, text};
use crate::limits::{
    DURATION_MAX, INSTANCES_MAX, LINES_MAX, NESTING_MAX, SCRIPT_BYTES_MAX, TASKS_MAX,
};

pub(super) fn message(problem: &Problem, language: Language) -> String {
    match problem {
        Problem::InvalidUtf8 { byte } => say!(
            language,
            "byte 0x{byte} is not valid UTF-8",
            "0x{byte} 바이트는 올바른 UTF-8이 아닙니다",
            byte = format_args!("{byte:02x}")
        ),
        Problem::TooManyBytes { bytes } => say!(
            language,
            "the script is {bytes} bytes long; the limit is {most}",
            "스크립트가 {bytes}바이트입니다. 한도는 {most}바이트입니다",
            bytes,
            most = SCRIPT_BYTES_MAX
        ),
        Problem::TooManyLines { lines } => say!(
            language,
            "the script has {lines} lines; the limit is {most}",
            "스크립트가 {lines}줄입니다. 한도는 {most}줄입니다",
            lines,
            most = LINES_MAX
        ),
        Problem::MixedIndentation => say!(
            language,
            "tabs and spaces are mixed in the indentation of this script",
            "들여쓰기에 탭과 공백이 섞여 있습니다"
        ),
        Problem::UnexpectedIndent { after: None } => say!(
            language,
            "this line is indented, but no block is open",
            "들여 쓴 줄이지만 열려 있는 블록이 없습니다"
        ),
        Problem::UnexpectedIndent { after: Some(after) } => say!(
            language,
            "this line is indented, but `{after}` above it opens no block",
            "들여 쓴 줄이지만 윗줄의 `{after}` 세그먼트에는 블록이 없습니다",
            after
        ),
        Problem::UnevenDedent => say!(
            language,
            "this line is indented less than its block, but more than the one around it",
            "이 줄은 자기 블록보다 덜, 바깥 블록보다 더 들여 썼습니다"
        ),
        Problem::UnexpectedCharacter { found } => say!(
            language,
            "the character `{found}` means nothing here",
            "여기서 뜻이 없는 문자 `{found}`",
            found
        ),
        Problem::UnclosedText { close } => say!(
            language,
            "this text has no closing `{close}`",
            "닫는 `{close}` 없는 글입니다",
            close
        ),
        Problem::EmptyScript => say!(language, "the script is empty", "스크립트가 비어 있습니다"),
        Problem::NoTasks => say!(
            language,
            "the script has no task",
            "스크립트에 태스크가 없습니다"
        ),

        Problem::UnknownStatement { word, .. } => say!(
            language,
            "expected a task, a setting, `run` or `expect`, found `{word}`",
            "태스크, 설정, `run`, `expect` 중 하나가 필요한 자리에 `{word}`이(가) 있습니다",
            word
        ),
        Problem::UnknownSegment { word, .. } => say!(
            language,
            "unknown segment `{word}`",
            "알 수 없는 세그먼트 `{word}`",
            word
        ),
        Problem::PythonWord { word, .. } => say!(
            language,
            "`{word}` is Python, not a segment",
            "세그먼트가 아니라 파이썬 코드입니다: `{word}`",
            word
        ),
        Problem::Expected { want, found } => say!(
            language,
            "expected {want}, found {found}",
            "{want} 필요한 자리에 {found} 있습니다",
            want = wanted(*want).of(language),
            found = found_text(found, language)
        ),
        Problem::UnknownWord { word, of, .. } => match of {
            WordsOf::Claim => say!(
                language,
                "unknown expectation `{word}`",
                "알 수 없는 기대 `{word}`",
                word
            ),
            WordsOf::Stage => say!(
                language,
                "unknown stage `{word}` of a task",
                "알 수 없는 태스크 단계 `{word}`",
                word
            ),
        },
        Problem::MissingBody { after } => say!(
            language,
            "`{after}:` has no body",
            "`{after}:` 뒤에 본문이 없습니다",
            after
        ),
        Problem::TooDeep => say!(
            language,
            "blocks are nested deeper than {deepest}",
            "블록이 {deepest}단계보다 깊습니다",
            deepest = NESTING_MAX
        ),
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => say!(
            language,
            "`{bracket}` has no `{counterpart}`",
            "`{bracket}` 괄호에 짝 `{counterpart}` 없습니다",
            bracket,
            counterpart
        ),
        Problem::StrayClause { clause } => say!(
            language,
            "`{clause}` has no `{owner}` above it in this block",
            "`{clause}` 위에 짝이 되는 `{owner}` 블록이 없습니다",
            clause = spelling(CLAUSES, *clause),
            owner = owner(*clause)
        ),
        Problem::LonelyTry => say!(
            language,
            "`try` has neither `except` nor `finally`",
            "`try`에 `except`도 `finally`도 없습니다"
        ),
        Problem::ReservedName { word } => say!(
            language,
            "`{word}:` opens a block inside a task; at the margin it would be a task's name",
            "`{word}:` 줄은 태스크 안에서 블록을 엽니다. 왼쪽 끝에서는 태스크 이름이 됩니다",
            word
        ),
        Problem::BlockInLine { word, .. } => say!(
            language,
            "the block of `{word}` has to stand in parentheses here",
            "여기서 `{word}` 블록은 괄호 안에 써야 합니다",
            word
        ),
        Problem::TaskArguments { name } => say!(
            language,
            "the task `{name}` takes no arguments",
            "태스크 `{name}`에는 인자가 없습니다",
            name
        ),
        Problem::MissingArrow { found, .. } => say!(
            language,
            "expected `->` or the end of the line, found `{found}`",
            "`->` 또는 줄 끝이 필요한 자리에 `{found}`이(가) 있습니다",
            found
        ),
        Problem::SegmentOutsideTask { word } => say!(
            language,
            "the segment `{word}` stands outside a task",
            "태스크 밖에 있는 세그먼트 `{word}`",
            word
        ),
        Problem::StatementInsideTask { word } => say!(
            language,
            "`{word}` belongs at the left margin, not inside a task",
            "`{word}` 문장은 태스크 안이 아니라 왼쪽 끝에 씁니다",
            word
        ),
        Problem::ClashingArrivals => say!(
            language,
            "these arrivals contradict what is written before",
            "앞에 쓴 도착 방식과 어긋납니다"
        ),
        Problem::AwaitTask { name } => say!(
            language,
            "`await` takes a duration, and `{name}` is none",
            "`await` 뒤에는 시간이 오는데 `{name}`이(가) 있습니다",
            name
        ),

        Problem::UnknownUnit { unit, .. } => say!(
            language,
            "unknown unit `{unit}`",
            "알 수 없는 단위 `{unit}`",
            unit
        ),
        Problem::NegativeNumber { written } => say!(
            language,
            "`{written}` is negative",
            "음수입니다: `{written}`",
            written
        ),
        Problem::DurationTooLong { written } => say!(
            language,
            "`{written}` is longer than {hours}",
            "{hours}보다 긴 시간입니다: `{written}`",
            written,
            hours = hours(language)
        ),
        Problem::DurationTooFine { written } => say!(
            language,
            "`{written}` is finer than a whole nanosecond",
            "나노초로 나누어떨어지지 않습니다: `{written}`",
            written
        ),
        Problem::RangeReversed { low, high, .. } => say!(
            language,
            "the range begins at `{low}`, above its end at `{high}`",
            "범위의 시작 `{low}` 값이 끝 `{high}` 값보다 큽니다",
            low,
            high
        ),
        Problem::NotWhole { written } => say!(
            language,
            "expected a whole number, found `{written}`",
            "정수가 필요한 자리에 `{written}`이(가) 있습니다",
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
            "`{what}` 값은 {least}에서 {most}까지인데 `{written}`이(가) 있습니다",
            what,
            least,
            most,
            written
        ),
        Problem::ToleranceWithoutEqual { comparison } => say!(
            language,
            "a tolerance goes with an exact value, not with `{comparison}`",
            "허용 오차는 정확한 값에만 붙습니다. `{comparison}` 비교에는 쓸 수 없습니다",
            comparison
        ),
        Problem::OrderOfOne { name } => say!(
            language,
            "an order takes at least two tasks, found only `{name}`",
            "순서에는 태스크가 둘 이상 필요한데 `{name}` 하나뿐입니다",
            name
        ),
        Problem::TooManyInstances { instances } => say!(
            language,
            "{instances} task instances are more than the limit of {most}",
            "태스크 인스턴스 {instances}개는 한도 {most}개를 넘습니다",
            instances,
            most = INSTANCES_MAX
        ),
        Problem::TooManyTasks => say!(
            language,
            "the script defines more tasks than the limit of {most}",
            "태스크 정의가 한도 {most}개를 넘습니다",
            most = TASKS_MAX
        ),

        Problem::UnknownTask { name, .. } => say!(
            language,
            "unknown task `{name}`",
            "알 수 없는 태스크 `{name}`",
            name
        ),
        Problem::UnknownResource { name, wanted, .. } => say!(
            language,
            "unknown {wanted} `{name}`",
            "알 수 없는 {wanted} `{name}`",
            wanted = wanted_kind(*wanted).of(language),
            name
        ),
        Problem::UnknownHandle { name, verb, .. } => match *verb {
            "wait" => say!(
                language,
                "`wait` finds no handle, event or condition `{name}`",
                "`wait` 대상인 핸들, 이벤트, 조건 중에 `{name}` 없습니다",
                name
            ),
            verb => say!(
                language,
                "`{verb}` finds no handle `{name}`",
                "`{verb}` 대상인 핸들 중에 `{name}` 없습니다",
                verb,
                name
            ),
        },
        Problem::WaitBeforeSpawn { name, verb } => say!(
            language,
            "`{verb} {name}` stands above the line that makes `{name}`",
            "`{verb} {name}` 줄이 핸들 `{name}` 만드는 줄보다 위에 있습니다",
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
            "`{verb}` 대상은 {wanted}여야 하는데 `{name}`의 종류는 {kind}입니다",
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
            "`{name}` 이름은 {first_line}번째 줄의 {first_kind}에 이미 쓰였습니다",
            name,
            first_kind = with_article(*first_kind).of(language),
            first_line
        ),
        Problem::DuplicateSetting { word, first_line } => say!(
            language,
            "`{word}` is set in line {first_line} already",
            "`{word}` 설정은 {first_line}번째 줄에 이미 있습니다",
            word,
            first_line
        ),
        Problem::HandleTakesName { name, kind } => say!(
            language,
            "`{name}` is {kind} already",
            "`{name}` 이름은 이미 {kind}에 쓰였습니다",
            name,
            kind = with_article(*kind).of(language)
        ),

        Problem::NotInSync { verb, place } => say!(
            language,
            "`{verb}` needs the event loop, and {place} runs on a thread",
            "{place} `{verb}`을(를) 쓸 수 없습니다. 스레드에서 실행되어 이벤트 루프가 없습니다",
            verb,
            place = sync_place(place, language)
        ),
        Problem::CallFromSync { name, place } => say!(
            language,
            "`{name}` is a coroutine, and {place} cannot await it",
            "`{name}` 태스크는 코루틴이라서 {place} 기다릴 수 없습니다",
            name,
            place = sync_place(place, language)
        ),
        Problem::NeedsAsync { verb, name } => say!(
            language,
            "`{verb}` takes a coroutine, and `{name}` is a `def`",
            "`{verb}` 대상은 코루틴인데 `{name}` 태스크는 `def`입니다",
            verb,
            name
        ),
        Problem::NeedsSync { verb, name } => say!(
            language,
            "`{verb}` takes a `def`, and `{name}` is a coroutine",
            "`{verb}` 대상은 `def`인데 `{name}` 태스크는 코루틴입니다",
            verb,
            name
        ),
        Problem::RespondInBlock { word } => say!(
            language,
            "`respond` belongs to a handler's own body, not to a `{word}` block",
            "`respond`는 `{word}` 블록이 아니라 핸들러의 본문에 씁니다",
            word
        ),
        Problem::EndlessRecursion { cycle } => match &cycle[..] {
            [only] => say!(
                language,
                "`{only}` starts itself again and again, without a way out",
                "태스크 `{only}`이(가) 자신을 끝없이 다시 시작합니다",
                only
            ),
            tasks => say!(
                language,
                "the tasks {tasks} start each other without a way out",
                "태스크 {tasks} 서로를 끝없이 시작합니다",
                tasks = ring(tasks)
            ),
        },
        Problem::NothingRuns => say!(
            language,
            "nothing runs: every task is named by another one, and there is no `run`",
            "실행되는 것이 없습니다. 모든 태스크를 다른 태스크가 부르고 `run`이 없습니다"
        ),

        Problem::UnusedTask { name } => say!(
            language,
            "the task `{name}` never runs",
            "실행되지 않는 태스크 `{name}`",
            name
        ),
        Problem::UnusedResource { name, kind } => say!(
            language,
            "the {kind} `{name}` is never used",
            "쓰이지 않는 {kind} `{name}`",
            kind = kind_text(*kind).of(language),
            name
        ),
        Problem::UnusedHandle { name } => say!(
            language,
            "the handle `{name}` is never used",
            "쓰이지 않는 핸들 `{name}`",
            name
        ),
        Problem::Unreachable { after } => match *after {
            "fail" => say!(
                language,
                "this is never reached: `fail` above it leaves the block",
                "위의 `fail` 때문에 여기까지 오지 않습니다"
            ),
            after => say!(
                language,
                "this is never reached: `{after}` above it does not end",
                "위의 `{after}` 때문에 여기까지 오지 않습니다",
                after
            ),
        },
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => say!(
                language,
                "nobody puts anything into the queue `{name}`",
                "아무도 넣지 않는 큐 `{name}`",
                name
            ),
            Kind::Event => say!(
                language,
                "nobody sets the event `{name}`",
                "아무도 켜지 않는 이벤트 `{name}`",
                name
            ),
            Kind::Condition => say!(
                language,
                "nobody notifies the condition `{name}`",
                "아무도 알리지 않는 조건 `{name}`",
                name
            ),
            _ => say!(
                language,
                "nobody ever gives a permit of `{name}`",
                "아무도 허가를 내주지 않는 `{name}`",
                name
            ),
        },
        Problem::NeverTaken { name } => say!(
            language,
            "nobody takes anything from the bounded queue `{name}`",
            "아무도 꺼내지 않는 유한 큐 `{name}`",
            name
        ),
        Problem::OutsideWith { name, verb } => say!(
            language,
            "`{verb} {name}` outside `with {name}:` fails when it runs",
            "`with {name}:` 밖의 `{verb} {name}` 세그먼트는 실행할 때 실패합니다",
            verb,
            name
        ),
        Problem::ForeverWithoutTime => say!(
            language,
            "this loop takes no time, so it never lets the clock go on",
            "이 반복은 시간이 들지 않아 시계가 나아가지 못합니다"
        ),
        Problem::QueueOfZero { name } => say!(
            language,
            "a queue of 0 items is unbounded in asyncio, and so is `{name}`",
            "asyncio에서 0칸짜리 큐는 한도가 없습니다: `{name}`",
            name
        ),
        Problem::More { count, any_error } => match any_error {
            true => say!(
                language,
                "and {count} more problems",
                "그 밖에 문제 {count}개",
                count
            ),
            false => say!(
                language,
                "and {count} more warnings",
                "그 밖에 경고 {count}개",
                count
            ),
        },
    }
}

/// What the grammar asks for; the Korean carries its particle.
fn wanted(want: Want) -> Text {
    match want {
        Want::Segment => text!("a segment such as `cpu 3`", "`cpu 3` 같은 세그먼트가"),
        Want::Duration => text!("a duration such as `3s`", "`3s` 같은 시간이"),
        Want::UpperEnd => text!("the upper end of the range", "범위의 끝 값이"),
        Want::Count => text!("a number", "숫자가"),
        Want::RateUnit => text!("a unit of time such as `s`", "`s` 같은 시간 단위가"),
        Want::TaskName => text!("the name of a task", "태스크 이름이"),
        Want::NewName => text!("a name", "이름이"),
        Want::QueueName => text!("the name of a queue", "큐 이름이"),
        Want::ResourceName => text!(
            "the name of a semaphore, a lock or a condition",
            "세마포어, 락 또는 조건의 이름이"
        ),
        Want::EventName => text!("the name of an event", "이벤트 이름이"),
        Want::ConditionName => text!("the name of a condition", "조건 이름이"),
        Want::WaitName => text!(
            "the name of a handle, an event or a condition",
            "핸들, 이벤트 또는 조건의 이름이"
        ),
        Want::HandleName => text!("the name of a handle", "핸들 이름이"),
        Want::Text => text!("a text in quotes", "따옴표로 묶은 글이"),
        Want::Colon => text!("`:`", "`:` 기호가"),
        Want::Def => text!("`def`", "`def`가"),
        Want::Block => text!("`:` and a block", "`:` 기호와 블록이"),
        Want::TaskOrBlock => text!(
            "the name of a task, or `:` and a block",
            "태스크 이름, 또는 `:` 기호와 블록이"
        ),
        Want::OnOrOff => text!("`on` or `off`", "`on` 또는 `off`가"),
        Want::Claim => text!(
            "an expectation such as `total 9s`",
            "`total 9s` 같은 기대가"
        ),
        Want::Stage => text!(
            "`started`, `done`, `responded`, `failed` or `cancelled`",
            "`started`, `done`, `responded`, `failed`, `cancelled` 중 하나가"
        ),
        Want::LineEnd => text!("the end of the line", "줄 끝이"),
        Want::Arrival => text!("`at`, `every` or `from`", "`at`, `every` 또는 `from`이"),
    }
}

fn found_text(found: &Found, language: Language) -> String {
    match found {
        Found::Text(text) => say!(language, "`{text}`", "`{text}`이(가)", text),
        Found::LineEnd => say!(language, "the end of the line", "줄 끝이"),
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
    say!(language, "the limit of {hours}h", "한도 {hours}시간", hours)
}

/// `a → b → a`
fn ring(tasks: &[String]) -> String {
    let quoted: Vec<_> = tasks.iter().map(|name| format!("`{name}`")).collect();
    let back = quoted.first().cloned().unwrap_or_default();
    format!("{} → {back}", quoted.join(" → "))
}

fn sync_place(place: &SyncPlace, language: Language) -> String {
    match place {
        SyncPlace::Def(name) => say!(
            language,
            "the `def` task `{name}`",
            "`def` 태스크 `{name}`에서는",
            name
        ),
        SyncPlace::Block(word) => say!(language, "a `{word}` block", "`{word}` 블록에서는", word),
    }
}

pub(super) fn kind_text(kind: Kind) -> Text {
    match kind {
        Kind::AsyncTask | Kind::SyncTask => text!("task", "태스크"),
        Kind::Queue => text!("queue", "큐"),
        Kind::Semaphore => text!("semaphore", "세마포어"),
        Kind::Lock => text!("lock", "락"),
        Kind::Event => text!("event", "이벤트"),
        Kind::Condition => text!("condition", "조건"),
    }
}

fn with_article(kind: Kind) -> Text {
    match kind {
        Kind::AsyncTask | Kind::SyncTask => text!("a task", "태스크"),
        Kind::Queue => text!("a queue", "큐"),
        Kind::Semaphore => text!("a semaphore", "세마포어"),
        Kind::Lock => text!("a lock", "락"),
        Kind::Event => text!("an event", "이벤트"),
        Kind::Condition => text!("a condition", "조건"),
    }
}

fn wanted_kind(wanted: Wanted) -> Text {
    match wanted {
        Wanted::Task => text!("task", "태스크"),
        Wanted::Queue => text!("queue", "큐"),
        Wanted::Lockable => text!("semaphore, lock or condition", "세마포어, 락 또는 조건"),
        Wanted::Event => text!("event", "이벤트"),
        Wanted::Condition => text!("condition", "조건"),
        Wanted::Awaitable => text!("handle, event or condition", "핸들, 이벤트 또는 조건"),
        Wanted::Handle => text!("handle", "핸들"),
    }
}

fn wanted_with_article(wanted: Wanted) -> Text {
    match wanted {
        Wanted::Task => text!("a task", "태스크"),
        Wanted::Queue => text!("a queue", "큐"),
        Wanted::Lockable => text!("a semaphore, lock or condition", "세마포어, 락 또는 조건"),
        Wanted::Event => text!("an event", "이벤트"),
        Wanted::Condition => text!("a condition", "조건"),
        Wanted::Awaitable => text!("a handle, event or condition", "핸들, 이벤트 또는 조건"),
        Wanted::Handle => text!("a handle", "핸들"),
    }
}
