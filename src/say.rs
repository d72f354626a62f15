//! What is said about causes and comparisons, in every language: on the command
//! line and in the page with the same words.

use crate::compare::chance::{Order, Who};
use crate::compare::divergence::{Difference, Named};
use crate::language::Language;
use crate::why::Scarce;
use crate::workload::Workload;

/// The catalogue for one language.
#[derive(Clone, Copy, Debug)]
pub struct Say(pub Language);

impl Say {
    fn of(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    pub fn line(self, line: u32) -> String {
        match self.0 {
            Language::En => format!("line {line}"),
            Language::Ko => format!("{line}번째 줄"),
        }
    }

    pub fn more_lines(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("… {count} more"),
            Language::Ko => format!("… {count}개 더"),
        }
    }

    pub fn between(self, from: &str, to: &str) -> String {
        match self.0 {
            Language::En => format!("{from} to {to}"),
            Language::Ko => format!("{from}부터 {to}까지"),
        }
    }

    // Blame

    pub fn nobody_waited(self) -> &'static str {
        self.of(
            "no line made others wait",
            "다른 태스크를 기다리게 한 줄이 없습니다",
        )
    }

    pub fn waited_because_of(self, time: &str) -> String {
        match self.0 {
            Language::En => format!("others waited {time} in sum, because of"),
            Language::Ko => format!("다른 태스크가 기다린 시간의 합 {time}, 원인:"),
        }
    }

    pub fn nobodys(self, time: &str) -> String {
        match self.0 {
            Language::En => format!("{time}  for permits that nobody gives back"),
            Language::Ko => format!("{time}  아무도 돌려주지 않는 허가를 기다림"),
        }
    }

    /// What a line had while others waited for it.
    pub fn scarce(self, scarce: Scarce) -> &'static str {
        match scarce {
            Scarce::Permit => self.of("permit", "허가"),
            Scarce::Token => self.of("pool thread", "풀 스레드"),
            Scarce::Executor => self.of("executor", "실행기"),
            Scarce::Process => self.of("process", "프로세스"),
            Scarce::Job => self.of("job worker", "작업자"),
            Scarce::Loop => self.of("loop", "루프"),
            Scarce::Gil => self.of("GIL", "GIL"),
            Scarce::Core => self.of("core", "코어"),
        }
    }

    /// What a line made others wait for, in a sentence.
    pub fn made_wait(self, time: &str, parts: &str) -> String {
        match self.0 {
            Language::En => format!("others waited {time} in sum because of this line: {parts}"),
            Language::Ko => {
                format!("이 줄 때문에 다른 태스크가 기다린 시간의 합은 {time}입니다: {parts}")
            }
        }
    }

    pub fn nothing_found(self) -> &'static str {
        self.of(
            "Nothing stands in anybody's way here.",
            "여기서는 서로 방해하는 것이 없습니다.",
        )
    }

    // Why

    pub fn because(self) -> &'static str {
        self.of("because of", "원인:")
    }

    pub fn circle(self) -> &'static str {
        self.of(
            "the last of them waits for one of the others: nobody can go on",
            "마지막 태스크가 앞의 태스크를 기다립니다. 아무도 계속할 수 없습니다",
        )
    }

    pub fn adds_up(self, length: &str) -> String {
        match self.0 {
            Language::En => format!("these {length} are"),
            Language::Ko => format!("이 {length}의 내용:"),
        }
    }

    pub fn not_begun(self) -> &'static str {
        self.of("not there yet, or over", "아직 없거나 끝났음")
    }

    pub fn not_there(self, who: &str) -> String {
        match self.0 {
            Language::En => format!("{who} takes no time then"),
            Language::Ko => format!("{who}: 그때 걸린 시간이 없습니다"),
        }
    }

    pub fn waiting_for(self, who: &str, at: &str, names: &str, more: usize) -> String {
        let more = match (self.0, more) {
            (_, 0) => String::new(),
            (Language::En, more) => format!(" and {more} more"),
            (Language::Ko, more) => format!(" 외 {more}개"),
        };
        match self.0 {
            Language::En => format!("waiting for {who} at {at}: {names}{more}"),
            Language::Ko => format!("{at}에 {who} 태스크를 기다림: {names}{more}"),
        }
    }

    // Compare and sweep

    pub fn compare_titles(self) -> [&'static str; 6] {
        match self.0 {
            Language::En => ["placement", "total", "95 %", "threads", "loop lag", ""],
            Language::Ko => ["배치", "전체", "95%", "스레드", "루프 지연", ""],
        }
    }

    pub fn cannot_be(self) -> &'static str {
        self.of("not possible", "불가능")
    }

    pub fn stuck(self) -> &'static str {
        self.of("(stuck)", "(멈춤)")
    }

    /// Of a table of points: the script's own total, the best placement, and its total.
    pub fn sweep_titles(self) -> [&'static str; 3] {
        match self.0 {
            Language::En => ["as written", "best", "total"],
            Language::Ko => ["쓴 그대로", "가장 좋은 배치", "전체"],
        }
    }

    pub fn sweep_picture(self, name: &str) -> String {
        match self.0 {
            Language::En => format!("the total for each value of {name}"),
            Language::Ko => format!("{name} 값마다의 전체 시간"),
        }
    }

    pub fn crossing(self, name: &str, value: &str, from: &str, to: &str) -> String {
        match self.0 {
            Language::En => format!("from {name} {value} on: {to} instead of {from}"),
            Language::Ko => format!("{name} {value}부터: {from} 대신 {to}"),
        }
    }

    // Orders

    pub fn shaken(self, runs: u32, percent: u32) -> String {
        match self.0 {
            Language::En => {
                format!("{runs} runs with every duration up to {percent} % longer or shorter")
            }
            Language::Ko => format!("모든 시간을 최대 {percent}% 늘이거나 줄여 {runs}번 실행"),
        }
    }

    /// Which of the two came first, and whether that was an accident.
    pub fn order(self, order: &Order, workload: &Workload) -> String {
        let name = |(task, number): Who| format!("{} {number}", workload.task(task).name);
        let (first, second) = (name(order.first), name(order.second));
        let share = 100 * u64::from(order.kept) / u64::from(order.runs.max(1));
        match (self.0, order.turned_in) {
            (Language::En, None) => format!("{first} before {second}: always"),
            (Language::En, Some(_)) => {
                format!("{first} before {second}: an accident, in {share} % of the runs")
            }
            (Language::Ko, None) => format!("{first} → {second}: 항상"),
            (Language::Ko, Some(_)) => {
                format!("{first} → {second}: 우연, 실행의 {share}%에서")
            }
        }
    }

    pub fn too_long_for_orders(self) -> &'static str {
        self.of(
            "This run is too long to be repeated a hundred times.",
            "이 실행은 백 번 되풀이하기에는 너무 깁니다.",
        )
    }

    pub fn no_orders(self) -> &'static str {
        self.of(
            "Fewer than two tasks end, so there is no order.",
            "끝나는 태스크가 둘 미만이라 순서가 없습니다.",
        )
    }

    pub fn example(self, total: &str) -> String {
        match self.0 {
            Language::En => format!("a run the other way round, {total}"),
            Language::Ko => format!("반대 순서인 실행, {total}"),
        }
    }

    // Guessing

    pub fn right(self) -> &'static str {
        self.of("Right.", "맞았습니다.")
    }

    pub fn wrong(self) -> &'static str {
        self.of(
            "Not so. Try again, or reveal it.",
            "아닙니다. 다시 해 보거나 답을 보세요.",
        )
    }

    pub fn no_answer(self, question: crate::guess::Question) -> &'static str {
        match question {
            crate::guess::Question::Total => {
                self.of("Write a time, such as `9s`.", "`9s`처럼 시간을 쓰세요.")
            }
            crate::guess::Question::Order => self.of(
                "Write the names in their order, such as `toast, pasta`.",
                "`toast, pasta`처럼 이름을 차례로 쓰세요.",
            ),
        }
    }

    pub fn no_key(self) -> &'static str {
        self.of(
            "This run does not come to its end, so there is nothing to guess.",
            "끝나지 않는 실행이라 맞힐 것이 없습니다.",
        )
    }

    pub fn bar_is_elsewhere(self, name: &str) -> String {
        match self.0 {
            Language::En => format!("{name} begins or ends elsewhere"),
            Language::Ko => format!("{name}: 시작이나 끝이 다릅니다"),
        }
    }

    // The first difference

    pub fn no_difference(self) -> &'static str {
        self.of("they are the same, event by event", "모든 사건이 같습니다")
    }

    pub fn nothing_more(self) -> &'static str {
        self.of("nothing more happens", "더 일어나는 일이 없음")
    }

    pub fn in_total(self) -> &'static str {
        self.of("total", "전체")
    }

    pub fn common(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("the first {count} events are the same"),
            Language::Ko => format!("처음 사건 {count}개는 같습니다"),
        }
    }

    pub fn difference(self, difference: Difference) -> &'static str {
        match difference {
            Difference::Time => self.of(
                "then the same happens at another time",
                "그다음 같은 일이 다른 때에 일어납니다",
            ),
            Difference::Deed => self.of(
                "then the same task does something else",
                "그다음 같은 태스크가 다른 일을 합니다",
            ),
            Difference::Task => self.of(
                "then it is another task's turn",
                "그다음 다른 태스크의 차례입니다",
            ),
            Difference::End => self.of("then one of them is over", "그다음 하나가 먼저 끝납니다"),
        }
    }

    pub fn before(self) -> &'static str {
        self.of("before", "이전")
    }

    pub fn now(self) -> &'static str {
        self.of("now", "지금")
    }

    pub fn show_moment(self, at: &str) -> String {
        match self.0 {
            Language::En => format!("show {at} on the chart"),
            Language::Ko => format!("차트에서 {at} 보기"),
        }
    }

    pub fn other_has_errors(self) -> &'static str {
        self.of(
            "The script to compare with has errors.",
            "비교할 스크립트에 오류가 있습니다.",
        )
    }

    /// `3s  toast 2 start, line 4`.
    pub fn event(self, event: Option<&Named>) -> String {
        let Some(event) = event else {
            return self.nothing_more().to_owned();
        };
        let (task, kind, line) = (&event.task, event.kind.name(), self.line(event.line));
        format!("{}  {task} {} {kind}, {line}", event.at, event.number)
    }
}
