//! What is said about each problem, in every language.
//!
//! Messages are lower case without a full stop, name what was expected and what
//! was found, and quote the text. The way out is in [`super::hint`].

use super::problem::{Found, Kind, Problem, SyncPlace, Want, Wanted, WordsOf};
use super::vocabulary::{CLAUSES, spelling};
use crate::language::{Language, Text};
use crate::limits::{
    DURATION_MAX, INSTANCES_MAX, LINES_MAX, NESTING_MAX, SCRIPT_BYTES_MAX, TASKS_MAX,
};

pub(super) fn message(problem: &Problem, language: Language) -> String {
    match language {
        Language::En => english(problem),
        Language::Ko => korean(problem),
    }
}

fn english(problem: &Problem) -> String {
    let en = Language::En;
    match problem {
        Problem::InvalidUtf8 { byte } => format!("byte 0x{byte:02x} is not valid UTF-8"),
        Problem::TooManyBytes { bytes } => {
            format!("the script is {bytes} bytes long; the limit is {SCRIPT_BYTES_MAX}")
        }
        Problem::TooManyLines { lines } => {
            format!("the script has {lines} lines; the limit is {LINES_MAX}")
        }
        Problem::MixedIndentation => {
            "tabs and spaces are mixed in the indentation of this script".to_owned()
        }
        Problem::UnexpectedIndent { after: None } => {
            "this line is indented, but no block is open".to_owned()
        }
        Problem::UnexpectedIndent { after: Some(after) } => {
            format!("this line is indented, but `{after}` above it opens no block")
        }
        Problem::UnevenDedent => {
            "this line is indented less than its block, but more than the one around it".to_owned()
        }
        Problem::UnexpectedCharacter { found } => {
            format!("the character `{found}` means nothing here")
        }
        Problem::UnclosedText { close } => format!("this text has no closing `{close}`"),
        Problem::EmptyScript => "the script is empty".to_owned(),
        Problem::NoTasks => "the script has no task".to_owned(),

        Problem::UnknownStatement { word, .. } => {
            format!("expected a task, a setting, `run` or `expect`, found `{word}`")
        }
        Problem::UnknownSegment { word, .. } => format!("unknown segment `{word}`"),
        Problem::PythonWord { word, .. } => format!("`{word}` is Python, not a segment"),
        Problem::Expected { want, found } => {
            format!(
                "expected {}, found {}",
                wanted(*want).of(en),
                found_text(found, en)
            )
        }
        Problem::UnknownWord { word, of, .. } => match of {
            WordsOf::Claim => format!("unknown expectation `{word}`"),
            WordsOf::Stage => format!("unknown stage `{word}` of a task"),
        },
        Problem::MissingBody { after } => format!("`{after}:` has no body"),
        Problem::TooDeep => format!("blocks are nested deeper than {NESTING_MAX}"),
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => format!("`{bracket}` has no `{counterpart}`"),
        Problem::StrayClause { clause } => format!(
            "`{}` has no `{}` above it in this block",
            spelling(CLAUSES, *clause),
            owner(*clause)
        ),
        Problem::LonelyTry => "`try` has neither `except` nor `finally`".to_owned(),
        Problem::ReservedName { word } => {
            format!(
                "`{word}:` opens a block inside a task; at the margin it would be a task's name"
            )
        }
        Problem::BlockInLine { word, .. } => {
            format!("the block of `{word}` has to stand in parentheses here")
        }
        Problem::TaskArguments { name } => format!("the task `{name}` takes no arguments"),
        Problem::MissingArrow { found, .. } => {
            format!("expected `->` or the end of the line, found `{found}`")
        }
        Problem::SegmentOutsideTask { word } => {
            format!("the segment `{word}` stands outside a task")
        }
        Problem::StatementInsideTask { word } => {
            format!("`{word}` belongs at the left margin, not inside a task")
        }
        Problem::ClashingArrivals => "these arrivals contradict what is written before".to_owned(),
        Problem::AwaitTask { name } => {
            format!("`await` takes a duration, and `{name}` is none")
        }

        Problem::UnknownUnit { unit, .. } => format!("unknown unit `{unit}`"),
        Problem::NegativeNumber { written } => format!("`{written}` is negative"),
        Problem::DurationTooLong { written } => {
            format!("`{written}` is longer than {}", hours(en))
        }
        Problem::DurationTooFine { written } => {
            format!("`{written}` is finer than a whole nanosecond")
        }
        Problem::RangeReversed { low, high, .. } => {
            format!("the range begins at `{low}`, above its end at `{high}`")
        }
        Problem::NotWhole { written } => format!("expected a whole number, found `{written}`"),
        Problem::OutOfRange {
            what,
            written,
            least,
            most,
        } => format!("`{what}` takes {least} to {most}, found `{written}`"),
        Problem::ToleranceWithoutEqual { comparison } => {
            format!("a tolerance goes with an exact value, not with `{comparison}`")
        }
        Problem::OrderOfOne { name } => {
            format!("an order takes at least two tasks, found only `{name}`")
        }
        Problem::TooManyInstances { instances } => {
            format!("{instances} task instances are more than the limit of {INSTANCES_MAX}")
        }
        Problem::TooManyTasks => {
            format!("the script defines more tasks than the limit of {TASKS_MAX}")
        }

        Problem::UnknownTask { name, .. } => format!("unknown task `{name}`"),
        Problem::UnknownResource { name, wanted, .. } => {
            format!("unknown {} `{name}`", wanted_kind(*wanted).of(en))
        }
        Problem::UnknownHandle { name, verb, .. } => match *verb {
            "wait" => format!("`wait` finds no handle, event or condition `{name}`"),
            verb => format!("`{verb}` finds no handle `{name}`"),
        },
        Problem::WaitBeforeSpawn { name, verb } => {
            format!("`{verb} {name}` stands above the line that makes `{name}`")
        }
        Problem::WrongKind {
            name,
            kind,
            verb,
            wanted,
        } => format!(
            "`{verb}` takes {}, and `{name}` is {}",
            with_article(*wanted),
            kind_with_article(*kind)
        ),
        Problem::DuplicateName {
            name,
            first_line,
            first_kind,
        } => format!(
            "`{name}` is {} in line {first_line} already",
            kind_with_article(*first_kind)
        ),
        Problem::DuplicateSetting { word, first_line } => {
            format!("`{word}` is set in line {first_line} already")
        }
        Problem::HandleTakesName { name, kind } => {
            format!("`{name}` is {} already", kind_with_article(*kind))
        }

        Problem::NotInSync { verb, place } => format!(
            "`{verb}` needs the event loop, and {} runs on a thread",
            sync_place(place, en)
        ),
        Problem::CallFromSync { name, place } => format!(
            "`{name}` is a coroutine, and {} cannot await it",
            sync_place(place, en)
        ),
        Problem::NeedsAsync { verb, name } => {
            format!("`{verb}` takes a coroutine, and `{name}` is a `def`")
        }
        Problem::NeedsSync { verb, name } => {
            format!("`{verb}` takes a `def`, and `{name}` is a coroutine")
        }
        Problem::RespondInBlock { word } => {
            format!("`respond` belongs to a handler's own body, not to a `{word}` block")
        }
        Problem::EndlessRecursion { cycle } => match &cycle[..] {
            [only] => format!("`{only}` starts itself again and again, without a way out"),
            tasks => format!(
                "the tasks {} start each other without a way out",
                ring(tasks)
            ),
        },
        Problem::NothingRuns => {
            "nothing runs: every task is named by another one, and there is no `run`".to_owned()
        }

        Problem::UnusedTask { name } => format!("the task `{name}` never runs"),
        Problem::UnusedResource { name, kind } => {
            format!("the {} `{name}` is never used", kind_text(*kind).of(en))
        }
        Problem::UnusedHandle { name } => format!("the handle `{name}` is never used"),
        Problem::Unreachable { after } => match *after {
            "fail" => "this is never reached: `fail` above it leaves the block".to_owned(),
            after => format!("this is never reached: `{after}` above it does not end"),
        },
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => format!("nobody puts anything into the queue `{name}`"),
            Kind::Event => format!("nobody sets the event `{name}`"),
            Kind::Condition => format!("nobody notifies the condition `{name}`"),
            _ => format!("nobody ever gives a permit of `{name}`"),
        },
        Problem::NeverTaken { name } => {
            format!("nobody takes anything from the bounded queue `{name}`")
        }
        Problem::OutsideWith { name, verb } => {
            format!("`{verb} {name}` outside `with {name}:` fails when it runs")
        }
        Problem::ForeverWithoutTime => {
            "this loop takes no time, so it never lets the clock go on".to_owned()
        }
        Problem::QueueOfZero { name } => {
            format!("a queue of 0 items is unbounded in asyncio, and so is `{name}`")
        }
        Problem::More { count, any_error } => match any_error {
            true => format!("and {count} more problems"),
            false => format!("and {count} more warnings"),
        },
    }
}

fn korean(problem: &Problem) -> String {
    let ko = Language::Ko;
    match problem {
        Problem::InvalidUtf8 { byte } => format!("0x{byte:02x} 바이트는 올바른 UTF-8이 아닙니다"),
        Problem::TooManyBytes { bytes } => {
            format!("스크립트가 {bytes}바이트입니다. 한도는 {SCRIPT_BYTES_MAX}바이트입니다")
        }
        Problem::TooManyLines { lines } => {
            format!("스크립트가 {lines}줄입니다. 한도는 {LINES_MAX}줄입니다")
        }
        Problem::MixedIndentation => "들여쓰기에 탭과 공백이 섞여 있습니다".to_owned(),
        Problem::UnexpectedIndent { after: None } => {
            "들여 쓴 줄이지만 열려 있는 블록이 없습니다".to_owned()
        }
        Problem::UnexpectedIndent { after: Some(after) } => {
            format!("들여 쓴 줄이지만 윗줄의 `{after}` 세그먼트에는 블록이 없습니다")
        }
        Problem::UnevenDedent => {
            "이 줄은 자기 블록보다 덜, 바깥 블록보다 더 들여 썼습니다".to_owned()
        }
        Problem::UnexpectedCharacter { found } => format!("여기서 뜻이 없는 문자 `{found}`"),
        Problem::UnclosedText { close } => format!("닫는 `{close}` 없는 글입니다"),
        Problem::EmptyScript => "스크립트가 비어 있습니다".to_owned(),
        Problem::NoTasks => "스크립트에 태스크가 없습니다".to_owned(),

        Problem::UnknownStatement { word, .. } => {
            format!("태스크, 설정, `run`, `expect` 중 하나가 필요한 자리에 `{word}`이(가) 있습니다")
        }
        Problem::UnknownSegment { word, .. } => format!("알 수 없는 세그먼트 `{word}`"),
        Problem::PythonWord { word, .. } => {
            format!("세그먼트가 아니라 파이썬 코드입니다: `{word}`")
        }
        Problem::Expected { want, found } => {
            format!(
                "{} 필요한 자리에 {} 있습니다",
                wanted(*want).of(ko),
                found_text(found, ko)
            )
        }
        Problem::UnknownWord { word, of, .. } => match of {
            WordsOf::Claim => format!("알 수 없는 기대 `{word}`"),
            WordsOf::Stage => format!("알 수 없는 태스크 단계 `{word}`"),
        },
        Problem::MissingBody { after } => format!("`{after}:` 뒤에 본문이 없습니다"),
        Problem::TooDeep => format!("블록이 {NESTING_MAX}단계보다 깊습니다"),
        Problem::UnbalancedBracket {
            bracket,
            counterpart,
        } => format!("`{bracket}` 괄호에 짝 `{counterpart}` 없습니다"),
        Problem::StrayClause { clause } => format!(
            "`{}` 위에 짝이 되는 `{}` 블록이 없습니다",
            spelling(CLAUSES, *clause),
            owner(*clause)
        ),
        Problem::LonelyTry => "`try`에 `except`도 `finally`도 없습니다".to_owned(),
        Problem::ReservedName { word } => {
            format!(
                "`{word}:` 줄은 태스크 안에서 블록을 엽니다. 왼쪽 끝에서는 태스크 이름이 됩니다"
            )
        }
        Problem::BlockInLine { word, .. } => {
            format!("여기서 `{word}` 블록은 괄호 안에 써야 합니다")
        }
        Problem::TaskArguments { name } => format!("태스크 `{name}`에는 인자가 없습니다"),
        Problem::MissingArrow { found, .. } => {
            format!("`->` 또는 줄 끝이 필요한 자리에 `{found}`이(가) 있습니다")
        }
        Problem::SegmentOutsideTask { word } => {
            format!("태스크 밖에 있는 세그먼트 `{word}`")
        }
        Problem::StatementInsideTask { word } => {
            format!("`{word}` 문장은 태스크 안이 아니라 왼쪽 끝에 씁니다")
        }
        Problem::ClashingArrivals => "앞에 쓴 도착 방식과 어긋납니다".to_owned(),
        Problem::AwaitTask { name } => {
            format!("`await` 뒤에는 시간이 오는데 `{name}`이(가) 있습니다")
        }

        Problem::UnknownUnit { unit, .. } => format!("알 수 없는 단위 `{unit}`"),
        Problem::NegativeNumber { written } => format!("음수입니다: `{written}`"),
        Problem::DurationTooLong { written } => {
            format!("{}보다 긴 시간입니다: `{written}`", hours(ko))
        }
        Problem::DurationTooFine { written } => {
            format!("나노초로 나누어떨어지지 않습니다: `{written}`")
        }
        Problem::RangeReversed { low, high, .. } => {
            format!("범위의 시작 `{low}` 값이 끝 `{high}` 값보다 큽니다")
        }
        Problem::NotWhole { written } => {
            format!("정수가 필요한 자리에 `{written}`이(가) 있습니다")
        }
        Problem::OutOfRange {
            what,
            written,
            least,
            most,
        } => format!("`{what}` 값은 {least}에서 {most}까지인데 `{written}`이(가) 있습니다"),
        Problem::ToleranceWithoutEqual { comparison } => {
            format!("허용 오차는 정확한 값에만 붙습니다. `{comparison}` 비교에는 쓸 수 없습니다")
        }
        Problem::OrderOfOne { name } => {
            format!("순서에는 태스크가 둘 이상 필요한데 `{name}` 하나뿐입니다")
        }
        Problem::TooManyInstances { instances } => {
            format!("태스크 인스턴스 {instances}개는 한도 {INSTANCES_MAX}개를 넘습니다")
        }
        Problem::TooManyTasks => format!("태스크 정의가 한도 {TASKS_MAX}개를 넘습니다"),

        Problem::UnknownTask { name, .. } => format!("알 수 없는 태스크 `{name}`"),
        Problem::UnknownResource { name, wanted, .. } => {
            format!("알 수 없는 {} `{name}`", wanted_kind(*wanted).of(ko))
        }
        Problem::UnknownHandle { name, verb, .. } => match *verb {
            "wait" => format!("`wait` 대상인 핸들, 이벤트, 조건 중에 `{name}` 없습니다"),
            verb => format!("`{verb}` 대상인 핸들 중에 `{name}` 없습니다"),
        },
        Problem::WaitBeforeSpawn { name, verb } => {
            format!("`{verb} {name}` 줄이 핸들 `{name}` 만드는 줄보다 위에 있습니다")
        }
        Problem::WrongKind {
            name,
            kind,
            verb,
            wanted,
        } => format!(
            "`{verb}` 대상은 {}여야 하는데 `{name}`의 종류는 {}입니다",
            wanted_kind(*wanted).of(ko),
            kind_text(*kind).of(ko)
        ),
        Problem::DuplicateName {
            name,
            first_line,
            first_kind,
        } => format!(
            "`{name}` 이름은 {first_line}번째 줄의 {}에 이미 쓰였습니다",
            kind_text(*first_kind).of(ko)
        ),
        Problem::DuplicateSetting { word, first_line } => {
            format!("`{word}` 설정은 {first_line}번째 줄에 이미 있습니다")
        }
        Problem::HandleTakesName { name, kind } => {
            format!(
                "`{name}` 이름은 이미 {}에 쓰였습니다",
                kind_text(*kind).of(ko)
            )
        }

        Problem::NotInSync { verb, place } => format!(
            "{} `{verb}`을(를) 쓸 수 없습니다. 스레드에서 실행되어 이벤트 루프가 없습니다",
            sync_place(place, ko)
        ),
        Problem::CallFromSync { name, place } => format!(
            "`{name}` 태스크는 코루틴이라서 {} 기다릴 수 없습니다",
            sync_place(place, ko)
        ),
        Problem::NeedsAsync { verb, name } => {
            format!("`{verb}` 대상은 코루틴인데 `{name}` 태스크는 `def`입니다")
        }
        Problem::NeedsSync { verb, name } => {
            format!("`{verb}` 대상은 `def`인데 `{name}` 태스크는 코루틴입니다")
        }
        Problem::RespondInBlock { word } => {
            format!("`respond`는 `{word}` 블록이 아니라 핸들러의 본문에 씁니다")
        }
        Problem::EndlessRecursion { cycle } => match &cycle[..] {
            [only] => format!("태스크 `{only}`이(가) 자신을 끝없이 다시 시작합니다"),
            tasks => format!("태스크 {} 서로를 끝없이 시작합니다", ring(tasks)),
        },
        Problem::NothingRuns => {
            "실행되는 것이 없습니다. 모든 태스크를 다른 태스크가 부르고 `run`이 없습니다".to_owned()
        }

        Problem::UnusedTask { name } => format!("실행되지 않는 태스크 `{name}`"),
        Problem::UnusedResource { name, kind } => {
            format!("쓰이지 않는 {} `{name}`", kind_text(*kind).of(ko))
        }
        Problem::UnusedHandle { name } => format!("쓰이지 않는 핸들 `{name}`"),
        Problem::Unreachable { after } => {
            format!("위의 `{after}` 때문에 여기까지 오지 않습니다")
        }
        Problem::NeverFilled { name, kind } => match kind {
            Kind::Queue => format!("아무도 넣지 않는 큐 `{name}`"),
            Kind::Event => format!("아무도 켜지 않는 이벤트 `{name}`"),
            Kind::Condition => format!("아무도 알리지 않는 조건 `{name}`"),
            _ => format!("아무도 허가를 내주지 않는 `{name}`"),
        },
        Problem::NeverTaken { name } => format!("아무도 꺼내지 않는 유한 큐 `{name}`"),
        Problem::OutsideWith { name, verb } => {
            format!("`with {name}:` 밖의 `{verb} {name}` 세그먼트는 실행할 때 실패합니다")
        }
        Problem::ForeverWithoutTime => {
            "이 반복은 시간이 들지 않아 시계가 나아가지 못합니다".to_owned()
        }
        Problem::QueueOfZero { name } => {
            format!("asyncio에서 0칸짜리 큐는 한도가 없습니다: `{name}`")
        }
        Problem::More { count, any_error } => match any_error {
            true => format!("그 밖에 문제 {count}개"),
            false => format!("그 밖에 경고 {count}개"),
        },
    }
}

/// What the grammar asks for; the Korean carries its particle.
fn wanted(want: Want) -> Text {
    match want {
        Want::Segment => Text::new("a segment such as `cpu 3`", "`cpu 3` 같은 세그먼트가"),
        Want::Duration => Text::new("a duration such as `3s`", "`3s` 같은 시간이"),
        Want::UpperEnd => Text::new("the upper end of the range", "범위의 끝 값이"),
        Want::Count => Text::new("a number", "숫자가"),
        Want::RateUnit => Text::new("a unit of time such as `s`", "`s` 같은 시간 단위가"),
        Want::TaskName => Text::new("the name of a task", "태스크 이름이"),
        Want::NewName => Text::new("a name", "이름이"),
        Want::QueueName => Text::new("the name of a queue", "큐 이름이"),
        Want::ResourceName => Text::new(
            "the name of a semaphore, a lock or a condition",
            "세마포어, 락 또는 조건의 이름이",
        ),
        Want::EventName => Text::new("the name of an event", "이벤트 이름이"),
        Want::ConditionName => Text::new("the name of a condition", "조건 이름이"),
        Want::WaitName => Text::new(
            "the name of a handle, an event or a condition",
            "핸들, 이벤트 또는 조건의 이름이",
        ),
        Want::HandleName => Text::new("the name of a handle", "핸들 이름이"),
        Want::Text => Text::new("a text in quotes", "따옴표로 묶은 글이"),
        Want::Colon => Text::new("`:`", "`:` 기호가"),
        Want::Def => Text::new("`def`", "`def`가"),
        Want::Block => Text::new("`:` and a block", "`:` 기호와 블록이"),
        Want::TaskOrBlock => Text::new(
            "the name of a task, or `:` and a block",
            "태스크 이름, 또는 `:` 기호와 블록이",
        ),
        Want::OnOrOff => Text::new("`on` or `off`", "`on` 또는 `off`가"),
        Want::Claim => Text::new(
            "an expectation such as `total 9s`",
            "`total 9s` 같은 기대가",
        ),
        Want::Stage => Text::new(
            "`started`, `done`, `responded`, `failed` or `cancelled`",
            "`started`, `done`, `responded`, `failed`, `cancelled` 중 하나가",
        ),
        Want::LineEnd => Text::new("the end of the line", "줄 끝이"),
        Want::Arrival => Text::new("`at`, `every` or `from`", "`at`, `every` 또는 `from`이"),
    }
}

fn found_text(found: &Found, language: Language) -> String {
    match (found, language) {
        (Found::Text(text), Language::En) => format!("`{text}`"),
        (Found::Text(text), Language::Ko) => format!("`{text}`이(가)"),
        (Found::LineEnd, Language::En) => "the end of the line".to_owned(),
        (Found::LineEnd, Language::Ko) => "줄 끝이".to_owned(),
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
    match language {
        Language::En => format!("the limit of {hours}h"),
        Language::Ko => format!("한도 {hours}시간"),
    }
}

/// `a → b → a`
fn ring(tasks: &[String]) -> String {
    let quoted: Vec<_> = tasks.iter().map(|name| format!("`{name}`")).collect();
    let back = quoted.first().cloned().unwrap_or_default();
    format!("{} → {back}", quoted.join(" → "))
}

fn sync_place(place: &SyncPlace, language: Language) -> String {
    match (place, language) {
        (SyncPlace::Def(name), Language::En) => format!("the `def` task `{name}`"),
        (SyncPlace::Def(name), Language::Ko) => format!("`def` 태스크 `{name}`에서는"),
        (SyncPlace::Block(word), Language::En) => format!("a `{word}` block"),
        (SyncPlace::Block(word), Language::Ko) => format!("`{word}` 블록에서는"),
    }
}

pub(super) fn kind_text(kind: Kind) -> Text {
    match kind {
        Kind::AsyncTask => Text::new("task", "태스크"),
        Kind::SyncTask => Text::new("task", "태스크"),
        Kind::Queue => Text::new("queue", "큐"),
        Kind::Semaphore => Text::new("semaphore", "세마포어"),
        Kind::Lock => Text::new("lock", "락"),
        Kind::Event => Text::new("event", "이벤트"),
        Kind::Condition => Text::new("condition", "조건"),
    }
}

fn kind_with_article(kind: Kind) -> String {
    let article = if kind == Kind::Event { "an" } else { "a" };
    format!("{article} {}", kind_text(kind).en)
}

fn wanted_kind(wanted: Wanted) -> Text {
    match wanted {
        Wanted::Task => Text::new("task", "태스크"),
        Wanted::Queue => Text::new("queue", "큐"),
        Wanted::Lockable => Text::new("semaphore, lock or condition", "세마포어, 락 또는 조건"),
        Wanted::Event => Text::new("event", "이벤트"),
        Wanted::Condition => Text::new("condition", "조건"),
        Wanted::Awaitable => Text::new("handle, event or condition", "핸들, 이벤트 또는 조건"),
        Wanted::Handle => Text::new("handle", "핸들"),
    }
}

fn with_article(wanted: Wanted) -> String {
    let article = if wanted == Wanted::Event { "an" } else { "a" };
    format!("{article} {}", wanted_kind(wanted).en)
}
