//! `loopscope explain CODE`: what a problem is, why it is one, and how it looks
//! wrong and right.

use super::problem::Code;
use crate::language::{Language, Text, text};

/// The long text about a code. The samples are scripts: the tests parse them.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    pub what: Text,
    pub why: Text,
    /// Empty where no sample fits on a page.
    pub wrong: &'static str,
    pub right: &'static str,
}

/// The text as it is printed.
pub fn explain(code: Code, language: Language) -> String {
    let explanation = explanation(code);
    let (what, why) = (explanation.what.of(language), explanation.why.of(language));
    let mut text = format!("{code}: {what}\n\n{why}\n");
    let samples = [
        (text!("Wrong", "틀린 예"), explanation.wrong),
        (text!("Right", "맞는 예"), explanation.right),
    ];
    for (title, sample) in samples {
        if !sample.is_empty() {
            let lines: String = sample.lines().map(|line| format!("    {line}\n")).collect();
            text.push_str(&format!("\n{}:\n\n{lines}", title.of(language)));
        }
    }
    text
}

const fn of(what: Text, why: Text, wrong: &'static str, right: &'static str) -> Explanation {
    Explanation {
        what,
        why,
        wrong,
        right,
    }
}

pub fn explanation(code: Code) -> Explanation {
    match code {
        Code::InvalidUtf8 => of(
            text!("The file is not UTF-8.", "파일이 UTF-8이 아닙니다."),
            text!(
                "Scripts are UTF-8 text, so that names in any alphabet mean the same everywhere. An editor that saved the file in another encoding (CP949, Latin-1, UTF-16) can save it again as UTF-8.",
                "스크립트는 UTF-8 텍스트입니다. 그래야 어떤 문자로 된 이름이든 어디서나 같습니다. 다른 인코딩(CP949, Latin-1, UTF-16)으로 저장했다면 UTF-8로 다시 저장하세요."
            ),
            "",
            "파스타: cpu 3초 -> await 5초",
        ),
        Code::TooManyBytes => of(
            text!("The script is too long.", "스크립트가 너무 깁니다."),
            text!(
                "The limit keeps a link from somebody else from costing much time or memory. A lesson is under one kilobyte.",
                "이 한도 덕분에 누가 보낸 링크도 시간과 메모리를 많이 쓰지 못합니다. 보통 수업용 스크립트는 1킬로바이트보다 짧습니다."
            ),
            "",
            "a: repeat 1000 (cpu 1ms -> yield)",
        ),
        Code::TooManyLines => of(
            text!(
                "The script has too many lines.",
                "스크립트의 줄이 너무 많습니다."
            ),
            text!(
                "Many equal requests are one line: `run 1000 ping`. Many equal steps are one block: `repeat 1000:`.",
                "같은 요청 여러 개는 `run 1000 ping` 한 줄이고, 같은 단계 여러 개는 `repeat 1000:` 블록 하나입니다."
            ),
            "",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::MixedIndentation => of(
            text!("Tabs and spaces are mixed.", "탭과 공백이 섞여 있습니다."),
            text!(
                "How wide a tab is depends on who looks, so a block indented with both may seem to end where it does not. Python refuses it for the same reason. Scripts indented with tabs alone are fine.",
                "탭의 너비는 보는 사람마다 달라서, 둘을 섞으면 블록이 끝나는 곳이 다르게 보입니다. 파이썬도 같은 이유로 거절합니다. 탭만 쓰는 것은 괜찮습니다."
            ),
            "a:\n\tcpu 1\n    await 2",
            "a:\n    cpu 1\n    await 2",
        ),
        Code::UnexpectedIndent => of(
            text!(
                "A line is indented, but no block is open there.",
                "열린 블록이 없는데 들여 썼습니다."
            ),
            text!(
                "Only a line that ends in a colon opens a block. A one-line task goes on below only with an arrow.",
                "콜론으로 끝나는 줄만 블록을 엽니다. 한 줄짜리 태스크는 화살표가 있을 때만 아랫줄로 이어집니다."
            ),
            "a: cpu 1\n    await 2",
            "a: cpu 1\n    -> await 2",
        ),
        Code::UnevenDedent => of(
            text!(
                "A line stands between two blocks.",
                "줄이 두 블록 사이에 있습니다."
            ),
            text!(
                "Lines of one block are indented equally. A line further out has to be as far out as the block that goes on.",
                "한 블록의 줄은 모두 같은 만큼 들여 씁니다. 더 바깥에 있는 줄은 이어지는 바깥 블록과 맞아야 합니다."
            ),
            "a:\n    repeat 2:\n        cpu 1\n      cpu 2",
            "a:\n    repeat 2:\n        cpu 1\n    cpu 2",
        ),
        Code::UnexpectedCharacter => of(
            text!(
                "A character means nothing in a script.",
                "스크립트에서 뜻이 없는 문자입니다."
            ),
            text!(
                "Between segments stands `->` (or `;`), between names a comma. Decorators and operators of Python do not exist here.",
                "세그먼트 사이에는 `->`(또는 `;`), 이름 사이에는 쉼표를 씁니다. 파이썬의 데코레이터와 연산자는 없습니다."
            ),
            "a: cpu 1 | await 2",
            "a: cpu 1 -> await 2",
        ),
        Code::UnclosedText => of(
            text!(
                "A text in quotes does not end on its line.",
                "따옴표로 시작한 글이 그 줄에서 끝나지 않습니다."
            ),
            text!(
                "A text ends with the quote it began with. A quote inside it is written `\\\"`.",
                "글은 시작한 것과 같은 따옴표로 끝납니다. 글 안의 따옴표는 `\\\"`로 씁니다."
            ),
            "a: print \"ready",
            "a: print \"ready\"",
        ),
        Code::EmptyScript => of(
            text!("The script is empty.", "스크립트가 비어 있습니다."),
            text!(
                "A script is at least one task with one segment.",
                "스크립트에는 적어도 세그먼트 하나를 가진 태스크 하나가 있어야 합니다."
            ),
            "\n",
            "pasta: cpu 3 -> await 5",
        ),
        Code::NoTasks => of(
            text!("The script has no task.", "스크립트에 태스크가 없습니다."),
            text!(
                "Settings and resources only say where tasks run and what they share. Something has to run.",
                "설정과 자원은 태스크가 어디서 돌고 무엇을 나누는지만 말합니다. 실행할 것이 있어야 합니다."
            ),
            "cores 4",
            "cores 4\npasta: cpu 3",
        ),
        Code::UnknownStatement => of(
            text!(
                "A line at the left margin is no statement.",
                "왼쪽 끝의 줄이 문장이 아닙니다."
            ),
            text!(
                "At the margin stand tasks (`name:`, `def name:`), settings such as `cores 4`, resources such as `queue q`, and the lines that begin with `run` or `expect`.",
                "왼쪽 끝에는 태스크(`name:`, `def name:`), `cores 4` 같은 설정, `queue q` 같은 자원, `run`이나 `expect`로 시작하는 줄이 옵니다."
            ),
            "pasta: cpu 3\nrnu 100 pasta",
            "pasta: cpu 3\nrun 100 pasta",
        ),
        Code::UnknownSegment => of(
            text!(
                "A segment begins with a word that is none of ours.",
                "알 수 없는 단어로 시작하는 세그먼트입니다."
            ),
            text!(
                "A segment says what the task does next: `cpu` computes, `await` waits and lets the loop go on, `block` waits and holds its thread. The reference lists them all.",
                "세그먼트는 태스크가 다음에 할 일입니다. `cpu`는 계산하고, `await`는 루프를 놓아주며 기다리고, `block`은 스레드를 붙잡고 기다립니다. 전체 목록은 언어 문서에 있습니다."
            ),
            "pasta: boil 3",
            "pasta: await 3 \"boil\"",
        ),
        Code::PythonWord => of(
            text!(
                "Python code stands where a segment should.",
                "세그먼트 자리에 파이썬 코드가 있습니다."
            ),
            text!(
                "A script does not call libraries; it says how long a call takes and whether it holds its thread. `requests` and `psycopg2` block, `httpx` and `asyncpg` are awaited. What the call is may follow as a label.",
                "스크립트는 라이브러리를 부르지 않습니다. 호출이 얼마나 걸리고 스레드를 붙잡는지만 씁니다. `requests`와 `psycopg2`는 block, `httpx`와 `asyncpg`는 await입니다. 무엇인지는 라벨로 붙일 수 있습니다."
            ),
            "ping: requests.get(\"http://x\")",
            "ping: block 1 \"requests.get\"",
        ),
        Code::Expected => of(
            text!(
                "Something is missing, or something else stands in its place.",
                "필요한 것이 없거나 다른 것이 있습니다."
            ),
            text!(
                "The message names what belongs at the marked place. A duration is a number with `ns`, `us`, `ms`, `s`, `min` or `h`; without a unit it is seconds.",
                "메시지가 표시된 자리에 와야 할 것을 말해 줍니다. 시간은 숫자에 `ns`, `us`, `ms`, `s`, `min`, `h`를 붙인 것이고 단위가 없으면 초입니다."
            ),
            "a: cpu -> await 5",
            "a: cpu 3 -> await 5",
        ),
        Code::UnknownWord => of(
            text!(
                "An expectation uses a word that is none of ours.",
                "기대에 알 수 없는 단어가 있습니다."
            ),
            text!(
                "Expected can be `total`, `order`, `threads`, `loop lag`, `freeze` and `deadlock`, or a task that is `started`, `done`, `responded`, `failed` or `cancelled`.",
                "기대할 수 있는 것은 `total`, `order`, `threads`, `loop lag`, `freeze`, `deadlock`, 또는 태스크의 `started`, `done`, `responded`, `failed`, `cancelled`입니다."
            ),
            "a: cpu 3\nexpect totl 3s",
            "a: cpu 3\nexpect total 3s",
        ),
        Code::MissingBody => of(
            text!(
                "A line ends in a colon, but nothing is indented below it.",
                "콜론으로 끝났는데 아래에 들여 쓴 것이 없습니다."
            ),
            text!(
                "A block holds at least one segment, on the same line or indented below.",
                "블록에는 같은 줄이나 아래에 들여 쓴 세그먼트가 하나 이상 있어야 합니다."
            ),
            "a:\nb: cpu 1",
            "a:\n    cpu 1\nb: cpu 1",
        ),
        Code::TooDeep => of(
            text!(
                "Blocks are nested too deeply.",
                "블록이 너무 깊이 중첩되었습니다."
            ),
            text!(
                "The limit is far beyond what anybody can read, and keeps a hostile script from exhausting the stack. A part can be a task of its own that is `call`ed.",
                "이 한도는 사람이 읽을 수 있는 깊이보다 훨씬 깊고, 나쁜 스크립트가 스택을 다 쓰지 못하게 합니다. 일부를 별도의 태스크로 만들어 `call` 하세요."
            ),
            "",
            "a: repeat 3 (call b)\nb: repeat 3 (cpu 1)",
        ),
        Code::UnbalancedBracket => of(
            text!("A bracket has no partner.", "짝이 없는 괄호가 있습니다."),
            text!(
                "Parentheses hold a block on one line, square brackets may stand around a segment. Both end on the line they began on.",
                "소괄호는 한 줄에 쓴 블록을, 대괄호는 세그먼트를 감쌉니다. 둘 다 시작한 줄에서 끝납니다."
            ),
            "a: thread (block 1 -> cpu 2",
            "a: thread (block 1) -> cpu 2",
        ),
        Code::StrayClause => of(
            text!(
                "`else`, `except` or `finally` has nothing to belong to.",
                "`else`, `except`, `finally`가 속할 곳이 없습니다."
            ),
            text!(
                "`else:` follows a `timeout` block, `except:` and then `finally:` a `try` block, indented as far as the line they belong to.",
                "`else:`는 `timeout` 블록 뒤에, `except:`와 `finally:`는 차례로 `try` 블록 뒤에 같은 들여쓰기로 옵니다."
            ),
            "a:\n    await 5\n    else:\n        print \"late\"",
            "a:\n    timeout 3:\n        await 5\n    else:\n        print \"late\"",
        ),
        Code::LonelyTry => of(
            text!(
                "`try` has neither `except` nor `finally`.",
                "`try`에 `except`도 `finally`도 없습니다."
            ),
            text!(
                "A `try` that does nothing about a failure says nothing. `except:` runs when the block failed, `finally:` however it ended.",
                "실패에 아무것도 하지 않는 `try`는 의미가 없습니다. `except:`는 실패했을 때, `finally:`는 어떻게 끝나든 실행됩니다."
            ),
            "a: try (fail \"x\")",
            "a: try (fail \"x\") except (print \"caught\")",
        ),
        Code::ReservedName => of(
            text!(
                "A block stands at the left margin.",
                "블록이 왼쪽 끝에 있습니다."
            ),
            text!(
                "`thread:` at the margin would define a task called `thread`, which is hardly meant. Written out, `async def thread:` is such a task.",
                "왼쪽 끝의 `thread:`는 이름이 `thread`인 태스크가 되는데, 그런 뜻은 아닐 것입니다. 정말 그 이름이면 `async def thread:`로 쓰세요."
            ),
            "thread:\n    block 1",
            "a:\n    thread:\n        block 1",
        ),
        Code::BlockInLine => of(
            text!(
                "A block with a colon stands between arrows.",
                "화살표 사이에 콜론으로 연 블록이 있습니다."
            ),
            text!(
                "In `thread: block 1 -> await 2` nobody could say where the block ends, so on one line a block stands in parentheses.",
                "`thread: block 1 -> await 2`에서는 블록이 어디서 끝나는지 알 수 없으므로, 한 줄에서는 블록을 괄호 안에 씁니다."
            ),
            "a: await 1 -> thread: block 1",
            "a: await 1 -> thread (block 1)",
        ),
        Code::TaskArguments => of(
            text!("A task has arguments.", "태스크에 인자가 있습니다."),
            text!(
                "A script says what happens when, not with what values. Tasks that differ in their durations are tasks of their own.",
                "스크립트는 무슨 값이 아니라 언제 무엇이 일어나는지를 씁니다. 걸리는 시간이 다르면 별도의 태스크입니다."
            ),
            "async def ping(seconds): await 3",
            "async def ping: await 3",
        ),
        Code::MissingArrow => of(
            text!(
                "Two segments on a line have no arrow between them.",
                "한 줄의 두 세그먼트 사이에 화살표가 없습니다."
            ),
            text!(
                "On one line, `->` or `;` stands between segments. In a block, each has a line of its own.",
                "한 줄에서는 세그먼트 사이에 `->`나 `;`를 씁니다. 블록에서는 각각 한 줄을 차지합니다."
            ),
            "a: cpu 3 await 5",
            "a: cpu 3 -> await 5",
        ),
        Code::SegmentOutsideTask => of(
            text!(
                "A segment stands at the left margin.",
                "세그먼트가 왼쪽 끝에 있습니다."
            ),
            text!(
                "Segments are what a task does, so they stand behind its colon or indented below it.",
                "세그먼트는 태스크가 하는 일이므로 태스크의 콜론 뒤나 아래에 들여 씁니다."
            ),
            "cpu 3 -> await 5\na: cpu 1",
            "pasta: cpu 3 -> await 5\na: cpu 1",
        ),
        Code::StatementInsideTask => of(
            text!(
                "A statement stands inside a task.",
                "문장이 태스크 안에 있습니다."
            ),
            text!(
                "Tasks, settings, resources, `run` and `expect` are about the whole script and stand at the left margin.",
                "태스크, 설정, 자원, `run`, `expect`는 스크립트 전체에 관한 것이므로 왼쪽 끝에 씁니다."
            ),
            "a:\n    cpu 1\n    run 3 a",
            "a:\n    cpu 1\nrun 3 a",
        ),
        Code::ClashingArrivals => of(
            text!(
                "A `run` says in two ways when its tasks arrive.",
                "`run`이 도착 시각을 두 가지로 말합니다."
            ),
            text!(
                "Arrivals are together (`at 2s`), at equal gaps (`every 10ms`) or random (`at 50/s`). `from 2s` may say when the latter two begin.",
                "도착은 한꺼번에(`at 2s`), 같은 간격으로(`every 10ms`), 무작위로(`at 50/s`) 중 하나입니다. 뒤의 둘은 `from 2s`로 시작을 정할 수 있습니다."
            ),
            "a: cpu 1\nrun 9 a every 1s at 50/s",
            "a: cpu 1\nrun 9 a every 1s from 3s",
        ),
        Code::AwaitTask => of(
            text!(
                "`await` is followed by a name.",
                "`await` 뒤에 이름이 있습니다."
            ),
            text!(
                "In Python `await` takes anything; here each has its word. `await 3` waits for time, `call f` runs a coroutine inline, `wait h` waits for what was spawned.",
                "파이썬의 `await`는 무엇이든 받지만 여기서는 단어가 나뉩니다. `await 3`은 시간, `call f`는 코루틴을 그 자리에서 실행, `wait h`는 spawn한 것을 기다립니다."
            ),
            "a: await b\nb: cpu 1",
            "a: call b\nb: cpu 1",
        ),
        Code::UnknownUnit => of(
            text!(
                "A number has a unit that is none of ours.",
                "알 수 없는 단위입니다."
            ),
            text!(
                "Units are `ns`, `us`, `ms`, `s`, `min` and `h`, in Korean `초`, `분`, `밀리초` and `시간`. A bare number is seconds.",
                "단위는 `ns`, `us`, `ms`, `s`, `min`, `h`이고 `초`, `분`, `밀리초`, `시간`도 됩니다. 단위가 없으면 초입니다.",
            ),
            "a: await 3sec",
            "a: await 3s",
        ),
        Code::NegativeNumber => of(
            text!("A number is negative.", "음수입니다."),
            text!(
                "Nothing takes less than no time, and nothing happens less than never.",
                "0보다 짧은 시간이나 0번보다 적은 횟수는 없습니다."
            ),
            "a: await -3",
            "a: await 3",
        ),
        Code::DurationTooLong => of(
            text!(
                "A duration is longer than a day.",
                "하루보다 긴 시간입니다."
            ),
            text!(
                "The limit catches slips (`1000h` for `1000ms`) and keeps the clock exact. A schedule looks the same in smaller units.",
                "이 한도는 실수(`1000ms` 대신 `1000h`)를 잡고 시계를 정확하게 유지합니다. 더 작은 단위로 써도 모양은 같습니다."
            ),
            "a: await 1000h",
            "a: await 24h",
        ),
        Code::DurationTooFine => of(
            text!(
                "A duration is no whole number of nanoseconds.",
                "나노초의 정수배가 아닌 시간입니다."
            ),
            text!(
                "The clock counts nanoseconds and rounds nothing, so that equal scripts give equal schedules.",
                "시계는 나노초를 세고 반올림하지 않습니다. 그래서 같은 스크립트는 언제나 같은 결과를 냅니다."
            ),
            "a: cpu 0.5ns",
            "a: cpu 1ns",
        ),
        Code::RangeReversed => of(
            text!(
                "A range begins above its end.",
                "범위의 시작이 끝보다 큽니다."
            ),
            text!(
                "`1..3s` draws a duration between its two ends, the smaller one first.",
                "`1..3s`는 두 끝 사이의 시간을 뽑습니다. 작은 쪽을 먼저 씁니다."
            ),
            "a: await 3..1s",
            "a: await 1..3s",
        ),
        Code::NotWhole => of(
            text!("A count is no whole number.", "개수가 정수가 아닙니다."),
            text!(
                "What is counted (rounds, tasks, permits, threads) is counted in whole numbers without a unit.",
                "횟수, 태스크, 허가, 스레드는 단위 없는 정수로 셉니다."
            ),
            "a: repeat 2.5 (cpu 1)",
            "a: repeat 2 (cpu 1)",
        ),
        Code::OutOfRange => of(
            text!(
                "A number is beyond what the language allows.",
                "언어가 허용하는 범위를 벗어난 숫자입니다."
            ),
            text!(
                "Every setting and count has limits, named in the message: a pool without threads would run nothing, one with millions would exhaust the machine that draws it.",
                "모든 설정과 개수에는 메시지에 나온 한도가 있습니다. 스레드 없는 풀은 아무것도 못 하고, 수백만 개는 그리는 기계가 감당하지 못합니다."
            ),
            "pool 0\na: thread (block 1)",
            "pool 1\na: thread (block 1)",
        ),
        Code::ToleranceWithoutEqual => of(
            text!(
                "A tolerance stands beside a comparison.",
                "비교에 허용 오차가 붙어 있습니다."
            ),
            text!(
                "`± 1%` says how near an exact value has to be. A bound such as `<= 3s` holds or does not; a looser bound is another number.",
                "`± 1%`는 정확한 값에 얼마나 가까워야 하는지를 말합니다. `<= 3s` 같은 한계는 맞거나 틀릴 뿐이므로 느슨하게 하려면 숫자를 바꾸세요."
            ),
            "a: cpu 3\nexpect total <= 3s ± 1%",
            "a: cpu 3\nexpect total 3s ± 1%",
        ),
        Code::OrderOfOne => of(
            text!(
                "An order names only one task.",
                "순서에 태스크가 하나뿐입니다."
            ),
            text!(
                "`expect order a, b` says that `a` finishes before `b`.",
                "`expect order a, b`는 `a`가 `b`보다 먼저 끝난다는 뜻입니다."
            ),
            "a: cpu 1\nb: cpu 2\nexpect order a",
            "a: cpu 1\nb: cpu 2\nexpect order a, b",
        ),
        Code::TooManyInstances => of(
            text!(
                "More tasks arrive than a simulation holds.",
                "시뮬레이션이 감당할 수 있는 것보다 많은 태스크가 도착합니다."
            ),
            text!(
                "Every instance is simulated and kept, so their number is limited. Queues and waves look the same with a thousand.",
                "모든 인스턴스를 시뮬레이션하고 기록하므로 수에 한도가 있습니다. 줄과 물결은 천 개로도 똑같이 보입니다."
            ),
            "ping: await 1\nrun 1000000000000 ping",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::TooManyTasks => of(
            text!(
                "The script defines too many tasks.",
                "태스크 정의가 너무 많습니다."
            ),
            text!(
                "Many equal tasks are one definition that runs often: `run 1000 ping`.",
                "같은 태스크 여러 개는 정의 하나를 여러 번 실행한 것입니다: `run 1000 ping`."
            ),
            "",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::UnknownTask => of(
            text!(
                "A name stands for no task.",
                "그런 이름의 태스크가 없습니다."
            ),
            text!(
                "Names are case-sensitive and may be used above the line that defines them.",
                "이름은 대소문자를 구분하고, 정의한 줄보다 위에서도 쓸 수 있습니다."
            ),
            "pasta: cpu 3\nrun 2 psata",
            "pasta: cpu 3\nrun 2 pasta",
        ),
        Code::UnknownResource => of(
            text!(
                "A name stands for no queue, lock, semaphore, event or condition.",
                "그런 이름의 큐, 락, 세마포어, 이벤트, 조건이 없습니다."
            ),
            text!(
                "What tasks share is declared at the left margin, anywhere in the script.",
                "태스크가 나누어 쓰는 것은 스크립트 어디서든 왼쪽 끝에 선언합니다."
            ),
            "a: put plates\nb: get plates",
            "queue plates\na: put plates\nb: get plates",
        ),
        Code::UnknownHandle => of(
            text!(
                "A name stands for nothing that can be waited for or cancelled.",
                "기다리거나 취소할 수 있는 것 중에 그런 이름이 없습니다."
            ),
            text!(
                "`spawn f` makes a handle `f`, `spawn f as h` a handle `h`, in this body only. `wait` also takes an event or a condition.",
                "`spawn f`는 핸들 `f`를, `spawn f as h`는 핸들 `h`를 이 본문 안에만 만듭니다. `wait`는 이벤트나 조건도 받습니다."
            ),
            "a: spawn b as h -> wait job\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::WaitBeforeSpawn => of(
            text!(
                "A handle is used above the line that makes it.",
                "핸들을 만드는 줄보다 위에서 핸들을 썼습니다."
            ),
            text!(
                "A body runs from top to bottom, so the handle does not exist yet; Python raises `UnboundLocalError`.",
                "본문은 위에서 아래로 실행되므로 아직 핸들이 없습니다. 파이썬이라면 `UnboundLocalError`입니다."
            ),
            "a: wait h -> spawn b as h\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::WrongKind => of(
            text!(
                "A name stands for something that the segment cannot use.",
                "세그먼트가 쓸 수 없는 종류의 이름입니다."
            ),
            text!(
                "`put` and `get` take queues, `with`, `acquire` and `release` take semaphores, locks and conditions, `set` and `clear` events, `notify` conditions.",
                "`put`과 `get`은 큐, `with`와 `acquire`, `release`는 세마포어와 락과 조건, `set`과 `clear`는 이벤트, `notify`는 조건을 받습니다."
            ),
            "lock sink\na: put sink",
            "lock sink\na: with sink (await 1)",
        ),
        Code::DuplicateName => of(
            text!(
                "Two things have the same name.",
                "두 가지가 같은 이름을 씁니다."
            ),
            text!(
                "Tasks and resources share one set of names, as the globals of a Python module do.",
                "태스크와 자원은 파이썬 모듈의 전역 변수처럼 이름을 함께 씁니다."
            ),
            "a: cpu 1\nqueue a",
            "a: cpu 1 -> put q -> get q\nqueue q",
        ),
        Code::DuplicateSetting => of(
            text!("A setting stands twice.", "설정이 두 번 나옵니다."),
            text!(
                "A machine has one number of cores; which of two was meant, nobody can know.",
                "코어 수는 하나입니다. 둘 중 어느 것을 뜻했는지 알 수 없습니다."
            ),
            "cores 2\ncores 4\na: cpu 1",
            "cores 4\na: cpu 1",
        ),
        Code::HandleTakesName => of(
            text!(
                "A handle has the name of a resource.",
                "핸들 이름이 자원 이름과 같습니다."
            ),
            text!(
                "After `spawn f as q`, nobody could say what `wait q` waits for.",
                "`spawn f as q` 뒤에는 `wait q`가 무엇을 기다리는지 알 수 없습니다."
            ),
            "event go\na: spawn b as go -> wait go\nb: set go",
            "event go\na: spawn b as helper -> wait helper -> wait go\nb: set go",
        ),
        Code::NotInSync => of(
            text!(
                "A body that runs on a thread uses the event loop.",
                "스레드에서 도는 본문이 이벤트 루프를 씁니다."
            ),
            text!(
                "A `def` and the block of `thread`, `executor` or `process` run outside the loop, so there is nothing to await on. They hold `cpu`, `block`, `call` of another `def`, `print`, loops and `try`. To wait on the thread, `block`; to wait on the loop, `async def`.",
                "`def`와 `thread`, `executor`, `process` 블록은 루프 밖에서 돌기 때문에 await 할 수 없습니다. `cpu`, `block`, 다른 `def`의 `call`, `print`, 반복, `try`만 씁니다. 스레드에서 기다리려면 `block`, 루프에서 기다리려면 `async def`입니다."
            ),
            "def ping: await 3",
            "def ping: block 3",
        ),
        Code::CallFromSync => of(
            text!(
                "A plain function calls a coroutine.",
                "일반 함수가 코루틴을 부릅니다."
            ),
            text!(
                "Calling a coroutine without awaiting it does nothing, and a thread cannot await. Either the caller becomes `async def`, or what it calls becomes `def`.",
                "코루틴은 기다리지 않으면 아무 일도 하지 않는데 스레드는 기다릴 수 없습니다. 부르는 쪽을 `async def`로 하거나 불리는 쪽을 `def`로 하세요."
            ),
            "def ping: call fetch\nfetch: await 1",
            "async def ping: call fetch\nfetch: await 1",
        ),
        Code::NeedsAsync => of(
            text!(
                "A plain function is started as a coroutine.",
                "일반 함수를 코루틴으로 시작합니다."
            ),
            text!(
                "`spawn`, `gather` and `shield` hand a coroutine to the loop. A `def` runs on a thread: `thread f`.",
                "`spawn`, `gather`, `shield`는 코루틴을 루프에 넘깁니다. `def`는 `thread f`로 스레드에서 실행합니다."
            ),
            "def crunch: cpu 3\na: spawn crunch",
            "def crunch: cpu 3\na: thread crunch",
        ),
        Code::NeedsSync => of(
            text!(
                "A coroutine is sent to a thread.",
                "코루틴을 스레드로 보냅니다."
            ),
            text!(
                "A thread or a worker calls a plain function; calling a coroutine there would only create it. Run it on the loop with `call` or `spawn`, or make it a `def`.",
                "스레드나 작업자는 일반 함수를 부릅니다. 거기서 코루틴을 부르면 만들어지기만 합니다. `call`이나 `spawn`으로 루프에서 실행하거나 `def`로 만드세요."
            ),
            "crunch: cpu 3\na: thread crunch",
            "def crunch: cpu 3\na: thread crunch",
        ),
        Code::RespondInBlock => of(
            text!(
                "A response is sent from within a thread's block.",
                "스레드 블록 안에서 응답을 보냅니다."
            ),
            text!(
                "The handler answers, not the work that it hands to a thread. What follows `respond` in the handler is a background task.",
                "응답은 스레드에 맡긴 일이 아니라 핸들러가 보냅니다. 핸들러에서 `respond` 뒤에 오는 것은 백그라운드 작업입니다."
            ),
            "a: thread (block 1 -> respond)",
            "a: thread (block 1) -> respond",
        ),
        Code::EndlessRecursion => of(
            text!(
                "Tasks start each other in a circle, without end.",
                "태스크들이 서로를 끝없이 시작합니다."
            ),
            text!(
                "Nothing on the way round waits for anything that could stop it. A number of rounds is `repeat N:`; something endless is `forever:` with `until`.",
                "한 바퀴 도는 동안 멈출 수 있는 것이 없습니다. 횟수가 있으면 `repeat N:`, 끝이 없으면 `forever:`와 `until`을 쓰세요."
            ),
            "a: await 1 -> call a",
            "until 10s\na: forever (await 1)",
        ),
        Code::NothingRuns => of(
            text!("Nothing runs.", "실행되는 것이 없습니다."),
            text!(
                "Without any `run`, each task that no other one names runs once. Here every task is named by another one, so the first has to be named: `run main`.",
                "`run`이 없으면 다른 태스크가 부르지 않는 태스크가 한 번씩 실행됩니다. 여기서는 모든 태스크를 다른 태스크가 부르므로 처음 것을 `run main`처럼 정해야 합니다."
            ),
            "a: timeout 3 (call b)\nb: timeout 3 (call a)",
            "a: timeout 3 (call b)\nb: await 1\nrun a",
        ),
        Code::UnusedTask => of(
            text!("A task never runs.", "실행되지 않는 태스크입니다."),
            text!(
                "With a `run` line, only the tasks named there run, and those that they start.",
                "`run` 줄이 있으면 거기 쓴 태스크와 그 태스크가 시작하는 태스크만 실행됩니다."
            ),
            "a: cpu 1\nb: cpu 1\nrun a",
            "a: cpu 1\nb: cpu 1\nrun a, b",
        ),
        Code::UnusedResource => of(
            text!("A resource is never used.", "쓰이지 않는 자원입니다."),
            text!(
                "It changes nothing; perhaps a segment was meant to use it.",
                "아무것도 바꾸지 않습니다. 어떤 세그먼트가 쓰려던 것일 수 있습니다."
            ),
            "lock sink\na: cpu 1",
            "lock sink\na: with sink (cpu 1)",
        ),
        Code::UnusedHandle => of(
            text!("A handle is never used.", "쓰이지 않는 핸들입니다."),
            text!(
                "A handle is for `wait` and `cancel`. A task that nobody waits for runs on by itself and needs none.",
                "핸들은 `wait`와 `cancel`에 씁니다. 아무도 기다리지 않는 태스크는 혼자 돌므로 핸들이 필요 없습니다."
            ),
            "a: spawn b as h\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::Unreachable => of(
            text!(
                "A segment is never reached.",
                "도달하지 않는 세그먼트입니다."
            ),
            text!(
                "`forever` ends only by a failure or a cancellation, and both leave the block; so does `fail`.",
                "`forever`는 실패나 취소로만 끝나고 둘 다 블록을 떠납니다. `fail`도 그렇습니다."
            ),
            "until 9s\na: forever (await 1) -> print \"done\"",
            "a: repeat 9 (await 1) -> print \"done\"",
        ),
        Code::NeverFilled => of(
            text!(
                "A task waits for something that nobody brings.",
                "아무도 주지 않는 것을 기다립니다."
            ),
            text!(
                "It will wait for good: a `get` needs a `put`, a `wait` a `set` or a `notify`, a semaphore without permits a `release`.",
                "영원히 기다립니다. `get`에는 `put`이, `wait`에는 `set`이나 `notify`가, 허가 없는 세마포어에는 `release`가 필요합니다."
            ),
            "queue q\na: get q",
            "queue q\na: get q\nb: put q",
        ),
        Code::NeverTaken => of(
            text!(
                "A bounded queue is filled and never emptied.",
                "채우기만 하고 비우지 않는 유한 큐입니다."
            ),
            text!(
                "Once it is full, `put` waits for good.",
                "가득 차면 `put`은 영원히 기다립니다."
            ),
            "queue q 3\na: put q",
            "queue q 3\na: put q\nb: get q",
        ),
        Code::OutsideWith => of(
            text!(
                "A condition is used without holding it.",
                "조건을 가지지 않고 사용합니다."
            ),
            text!(
                "`wait` and `notify` need the condition's lock; CPython raises `RuntimeError: cannot wait on un-acquired lock`.",
                "`wait`와 `notify`에는 조건의 락이 필요합니다. CPython은 `RuntimeError: cannot wait on un-acquired lock`을 일으킵니다."
            ),
            "condition c\na: wait c\nb: with c (notify c)",
            "condition c\na: with c (wait c)\nb: with c (notify c)",
        ),
        Code::ForeverWithoutTime => of(
            text!(
                "An endless loop takes no time.",
                "끝없는 반복에 시간이 들지 않습니다."
            ),
            text!(
                "The clock goes on when something takes time. A loop that only yields turns in place until the limit of the simulation ends it; in Python it would use a whole core.",
                "시계는 무언가 시간이 걸려야 나아갑니다. 양보만 하는 반복은 시뮬레이션의 한도까지 제자리를 돕니다. 파이썬에서는 코어 하나를 다 씁니다."
            ),
            "until 9s\na: forever (yield)",
            "until 9s\na: forever (cpu 1ms -> yield)",
        ),
        Code::QueueOfZero => of(
            text!(
                "A queue of 0 items is a queue without a limit.",
                "0칸짜리 큐는 한도가 없는 큐입니다."
            ),
            text!(
                "`asyncio.Queue(0)` is unbounded, and the script means the same. The shortest bounded queue has one place.",
                "`asyncio.Queue(0)`에는 한도가 없고 스크립트에서도 같습니다. 가장 짧은 유한 큐는 한 칸입니다."
            ),
            "queue q 0\na: put q\nb: get q",
            "queue q 1\na: put q\nb: get q",
        ),
        Code::More => of(
            text!(
                "There are more problems than are shown.",
                "보여 준 것보다 문제가 더 있습니다."
            ),
            text!(
                "Nobody reads a thousand messages; the first ones are often the cause of the rest.",
                "천 개의 메시지를 읽을 사람은 없습니다. 먼저 나온 것이 나머지의 원인일 때가 많습니다."
            ),
            "",
            "",
        ),
    }
}
