//! What is said about causes and comparisons, in every language: on the command
//! line and in the page with the same words.

use crate::compare::chance::{Order, Who};
use crate::compare::divergence::{Difference, Named};
use crate::language::{Language, say, text};
use crate::limits::DETAIL_RECORDS_MAX;
use crate::scene::mark::MarkKind;
use crate::scene::{Kind, Words};
use crate::trace::{EventKind, State};
use crate::why::Scarce;
use crate::workload::Workload;

/// The catalogue for one language.
#[derive(Clone, Copy, Debug)]
pub struct Say(pub Language);

impl Say {
    pub fn line(self, line: u32) -> String {
        say!(self.0, "line {line}", "{line}번째 줄", line)
    }

    pub fn more_lines(self, count: usize) -> String {
        say!(self.0, "… {count} more", "… {count}개 더", count)
    }

    pub fn between(self, from: &str, to: &str) -> String {
        say!(self.0, "{from} to {to}", "{from}부터 {to}까지", from, to)
    }

    // Blame

    pub fn nobody_waited(self) -> &'static str {
        text!(
            "no line made others wait",
            "다른 태스크를 기다리게 한 줄이 없습니다"
        )
        .of(self.0)
    }

    pub fn waited_because_of(self, time: &str) -> String {
        say!(
            self.0,
            "others waited {time} in sum, because of",
            "다른 태스크가 기다린 시간의 합 {time}, 원인:",
            time
        )
    }

    pub fn nobodys(self, time: &str) -> String {
        say!(
            self.0,
            "{time}  for permits that nobody gives back",
            "{time}  아무도 돌려주지 않는 허가를 기다림",
            time
        )
    }

    /// What a line had while others waited for it.
    pub fn scarce(self, scarce: Scarce) -> &'static str {
        match scarce {
            Scarce::Permit => text!("permit", "허가").of(self.0),
            Scarce::Token => text!("pool thread", "풀 스레드").of(self.0),
            Scarce::Executor => text!("executor", "실행기").of(self.0),
            Scarce::Process => text!("process", "프로세스").of(self.0),
            Scarce::Job => text!("job worker", "작업자").of(self.0),
            Scarce::Loop => text!("loop", "루프").of(self.0),
            Scarce::Gil => text!("GIL", "GIL").of(self.0),
            Scarce::Core => text!("core", "코어").of(self.0),
        }
    }

    /// What a line made others wait for, in a sentence.
    pub fn made_wait(self, time: &str, parts: &str) -> String {
        say!(
            self.0,
            "others waited {time} in sum because of this line: {parts}",
            "이 줄 때문에 다른 태스크가 기다린 시간의 합은 {time}입니다: {parts}",
            time,
            parts
        )
    }

    pub fn nothing_found(self) -> &'static str {
        text!(
            "Nothing stands in anybody's way here.",
            "여기서는 서로 방해하는 것이 없습니다."
        )
        .of(self.0)
    }

    // Why

    pub fn because(self) -> &'static str {
        text!("because of", "원인:").of(self.0)
    }

    pub fn circle(self) -> &'static str {
        text!(
            "the last of them waits for one of the others: nobody can go on",
            "마지막 태스크가 앞의 태스크를 기다립니다. 아무도 계속할 수 없습니다"
        )
        .of(self.0)
    }

    pub fn adds_up(self, length: &str) -> String {
        say!(self.0, "these {length} are", "이 {length}의 내용:", length)
    }

    pub fn not_begun(self) -> &'static str {
        text!("not there yet, or over", "아직 없거나 끝났음").of(self.0)
    }

    pub fn not_there(self, who: &str) -> String {
        say!(
            self.0,
            "{who} takes no time then",
            "{who}: 그때 걸린 시간이 없습니다",
            who
        )
    }

    pub fn waiting_for(self, who: &str, at: &str, names: &str, more: usize) -> String {
        let names = match more {
            0 => names.to_owned(),
            more => say!(
                self.0,
                "{names} and {more} more",
                "{names} 외 {more}개",
                names,
                more
            ),
        };
        say!(
            self.0,
            "waiting for {who} at {at}: {names}",
            "{at}에 {who} 태스크를 기다림: {names}",
            who,
            at,
            names
        )
    }

    // Compare and sweep

    pub fn compare_titles(self) -> [&'static str; 6] {
        [
            text!("placement", "배치").of(self.0),
            text!("total", "전체").of(self.0),
            text!("95 %", "95%").of(self.0),
            text!("threads", "스레드").of(self.0),
            text!("loop lag", "루프 지연").of(self.0),
            "",
        ]
    }

    pub fn cannot_be(self) -> &'static str {
        text!("not possible", "불가능").of(self.0)
    }

    pub fn stuck(self) -> &'static str {
        text!("(stuck)", "(멈춤)").of(self.0)
    }

    /// Of a table of points: the script's own total, the best placement, and its total.
    pub fn sweep_titles(self) -> [&'static str; 3] {
        [
            text!("as written", "쓴 그대로").of(self.0),
            text!("best", "가장 좋은 배치").of(self.0),
            text!("total", "전체").of(self.0),
        ]
    }

    pub fn sweep_picture(self, name: &str) -> String {
        say!(
            self.0,
            "the total for each value of {name}",
            "{name} 값마다의 전체 시간",
            name
        )
    }

    pub fn crossing(self, name: &str, value: &str, from: &str, to: &str) -> String {
        say!(
            self.0,
            "from {name} {value} on: {to} instead of {from}",
            "{name} {value}부터: {from} 대신 {to}",
            name,
            value,
            to,
            from
        )
    }

    // Orders

    pub fn shaken(self, runs: u32, percent: u32) -> String {
        say!(
            self.0,
            "{runs} runs with every duration up to {percent} % longer or shorter",
            "모든 시간을 최대 {percent}% 늘이거나 줄여 {runs}번 실행",
            runs,
            percent
        )
    }

    /// Which of the two came first, and whether that was an accident.
    pub fn order(self, order: &Order, workload: &Workload) -> String {
        let name = |(task, number): Who| format!("{} {number}", workload.task(task).name);
        let (first, second) = (name(order.first), name(order.second));
        let share = 100 * u64::from(order.kept) / u64::from(order.runs.max(1));
        match order.turned_in {
            None => say!(
                self.0,
                "{first} before {second}: always",
                "{first} → {second}: 항상",
                first,
                second
            ),
            Some(_) => say!(
                self.0,
                "{first} before {second}: an accident, in {share} % of the runs",
                "{first} → {second}: 우연, 실행의 {share}%에서",
                first,
                second,
                share
            ),
        }
    }

    /// `orders` that could not make all its runs.
    pub fn ran_some(self, made: u32, asked: u32) -> String {
        say!(
            self.0,
            "made {made} of {asked} runs: the rest takes too long; {remedy}",
            "{asked}번 중 {made}번 실행했습니다. 나머지는 너무 오래 걸립니다. {remedy}",
            made,
            asked,
            remedy = self.shorten()
        )
    }

    /// `compare` that could not try all of them.
    pub fn compared_some(self, done: usize, all: usize) -> String {
        say!(
            self.0,
            "compared {done} of {all} strategies: the rest takes too long; {remedy}",
            "{all}가지 중 {done}가지를 비교했습니다. 나머지는 너무 오래 걸립니다. {remedy}",
            done,
            all,
            remedy = self.shorten()
        )
    }

    fn shorten(self) -> &'static str {
        text!(
            "end the run sooner with `until`, or lower the counts behind `run`",
            "`until`로 실행을 더 일찍 끝내거나 `run` 뒤의 수를 줄이세요"
        )
        .of(self.0)
    }

    /// Of a run whose spans would take too much memory.
    pub fn without_findings(self) -> String {
        say!(
            self.0,
            "findings are not looked for in more than {most} changes of state; {remedy}",
            "상태 변화가 {most}번을 넘으면 문제를 찾지 않습니다. {remedy}",
            most = DETAIL_RECORDS_MAX,
            remedy = self.shorten()
        )
    }

    /// A sweep that could not measure all its points.
    pub fn measured_some(self, done: usize, all: usize) -> String {
        say!(
            self.0,
            "measured {done} of {all} points: the rest takes too long; \
             narrow the range or take larger steps",
            "점 {all}개 중 {done}개를 쟀습니다. 나머지는 너무 오래 걸립니다. \
             범위를 좁히거나 간격을 넓히세요",
            done,
            all
        )
    }

    pub fn no_orders(self) -> &'static str {
        text!(
            "Fewer than two tasks end, so there is no order.",
            "끝나는 태스크가 둘 미만이라 순서가 없습니다."
        )
        .of(self.0)
    }

    pub fn example(self, total: &str) -> String {
        say!(
            self.0,
            "a run the other way round, {total}",
            "반대 순서인 실행, {total}",
            total
        )
    }

    // Guessing

    pub fn right(self) -> &'static str {
        text!("Right.", "맞았습니다.").of(self.0)
    }

    pub fn wrong(self) -> &'static str {
        text!(
            "Not so. Try again, or reveal it.",
            "아닙니다. 다시 해 보거나 답을 보세요."
        )
        .of(self.0)
    }

    pub fn no_answer(self, question: crate::guess::Question) -> &'static str {
        match question {
            crate::guess::Question::Total => {
                text!("Write a time, such as `9s`.", "`9s`처럼 시간을 쓰세요.").of(self.0)
            }
            crate::guess::Question::Order => text!(
                "Write the names in their order, such as `toast, pasta`.",
                "`toast, pasta`처럼 이름을 차례로 쓰세요."
            )
            .of(self.0),
        }
    }

    pub fn no_key(self) -> &'static str {
        text!(
            "This run does not come to its end, so there is nothing to guess.",
            "끝나지 않는 실행이라 맞힐 것이 없습니다."
        )
        .of(self.0)
    }

    pub fn bar_is_elsewhere(self, name: &str) -> String {
        say!(
            self.0,
            "{name} begins or ends elsewhere",
            "{name}: 시작이나 끝이 다릅니다",
            name
        )
    }

    // The first difference

    pub fn no_difference(self) -> &'static str {
        text!("they are the same, event by event", "모든 사건이 같습니다").of(self.0)
    }

    pub fn nothing_more(self) -> &'static str {
        text!("nothing more happens", "더 일어나는 일이 없음").of(self.0)
    }

    pub fn in_total(self) -> &'static str {
        text!("total", "전체").of(self.0)
    }

    pub fn common(self, count: usize) -> String {
        say!(
            self.0,
            "the first {count} events are the same",
            "처음 사건 {count}개는 같습니다",
            count
        )
    }

    pub fn difference(self, difference: Difference) -> &'static str {
        match difference {
            Difference::Time => text!(
                "then the same happens at another time",
                "그다음 같은 일이 다른 때에 일어납니다"
            )
            .of(self.0),
            Difference::Deed => text!(
                "then the same task does something else",
                "그다음 같은 태스크가 다른 일을 합니다"
            )
            .of(self.0),
            Difference::Task => text!(
                "then it is another task's turn",
                "그다음 다른 태스크의 차례입니다"
            )
            .of(self.0),
            Difference::End => {
                text!("then one of them is over", "그다음 하나가 먼저 끝납니다").of(self.0)
            }
        }
    }

    pub fn before(self) -> &'static str {
        text!("before", "이전").of(self.0)
    }

    pub fn now(self) -> &'static str {
        text!("now", "지금").of(self.0)
    }

    pub fn show_moment(self, at: &str) -> String {
        say!(self.0, "show {at} on the chart", "차트에서 {at} 보기", at)
    }

    pub fn other_has_errors(self) -> &'static str {
        text!(
            "The script to compare with has errors.",
            "비교할 스크립트에 오류가 있습니다."
        )
        .of(self.0)
    }

    /// `3s  toast 2: starts, line 4`.
    pub fn event(self, event: Option<&Named>) -> String {
        let Some(event) = event else {
            return self.nothing_more().to_owned();
        };
        let (task, deed, line) = (&event.task, self.deed(event.kind), self.line(event.line));
        format!("{}  {task} {}: {deed}, {line}", event.at, event.number)
    }

    fn deed(self, kind: EventKind) -> &'static str {
        let words = Words(self.0);
        match kind {
            EventKind::Arrive => text!("arrives", "도착").of(self.0),
            EventKind::Accept => text!("is accepted", "접수됨").of(self.0),
            EventKind::Start => text!("starts", "시작").of(self.0),
            EventKind::Resume => text!("goes on", "이어서 실행").of(self.0),
            EventKind::Wake => text!("becomes ready", "준비됨").of(self.0),
            EventKind::Yield => text!("yields to the others", "양보").of(self.0),
            EventKind::Enter => text!("its work begins", "맡긴 일 시작").of(self.0),
            EventKind::Leave => text!("its work is done", "맡긴 일 끝남").of(self.0),
            // Where it blocks, an event does not say.
            EventKind::Turn(State::Blocking) => text!("blocks", "블로킹").of(self.0),
            EventKind::Turn(state) => {
                let seen = Kind::of(state, None);
                seen.map_or(kind.name(), |seen| words.kind(seen))
            }
            EventKind::Print => words.mark(MarkKind::Printed),
            EventKind::Respond => words.mark(MarkKind::Responded),
            EventKind::CancelRequested => text!("is told to stop", "취소 요청받음").of(self.0),
            EventKind::Timeout => words.mark(MarkKind::TimedOut),
            EventKind::Finish => text!("finishes", "끝남").of(self.0),
            EventKind::Fail => words.mark(MarkKind::Failed),
            EventKind::Cancel => words.mark(MarkKind::Cancelled),
        }
    }
}
