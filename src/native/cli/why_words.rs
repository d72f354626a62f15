//! What the commands about causes say, in every language.

use super::words::Say;
use crate::language::Language;
use crate::why::Scarce;

impl Say {
    fn of(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    pub(super) fn line(self, line: u32) -> String {
        match self.0 {
            Language::En => format!("line {line}"),
            Language::Ko => format!("{line}번째 줄"),
        }
    }

    pub(super) fn more_lines(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("… {count} more"),
            Language::Ko => format!("… {count}개 더"),
        }
    }

    pub(super) fn between(self, from: &str, to: &str) -> String {
        match self.0 {
            Language::En => format!("{from} to {to}"),
            Language::Ko => format!("{from}부터 {to}까지"),
        }
    }

    // Blame

    pub(super) fn nobody_waited(self) -> &'static str {
        self.of(
            "no line made others wait",
            "다른 태스크를 기다리게 한 줄이 없습니다",
        )
    }

    pub(super) fn waited_because_of(self, time: &str) -> String {
        match self.0 {
            Language::En => format!("others waited {time} in sum, because of"),
            Language::Ko => format!("다른 태스크가 기다린 시간의 합 {time}, 원인:"),
        }
    }

    pub(super) fn nobodys(self, time: &str) -> String {
        match self.0 {
            Language::En => format!("{time}  for permits that nobody gives back"),
            Language::Ko => format!("{time}  아무도 돌려주지 않는 허가를 기다림"),
        }
    }

    /// What a line had while others waited for it.
    pub(super) fn scarce(self, scarce: Scarce) -> &'static str {
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

    // Why

    pub(super) fn because(self) -> &'static str {
        self.of("because of", "원인:")
    }

    pub(super) fn circle(self) -> &'static str {
        self.of(
            "the last of them waits for one of the others: nobody can go on",
            "마지막 태스크가 앞의 태스크를 기다립니다. 아무도 계속할 수 없습니다",
        )
    }

    pub(super) fn adds_up(self, length: &str) -> String {
        match self.0 {
            Language::En => format!("these {length} are"),
            Language::Ko => format!("이 {length}의 내용:"),
        }
    }

    pub(super) fn not_begun(self) -> &'static str {
        self.of("not there yet, or over", "아직 없거나 끝났음")
    }

    pub(super) fn not_there(self, who: &str) -> String {
        match self.0 {
            Language::En => format!("{who} takes no time then"),
            Language::Ko => format!("{who}: 그때 걸린 시간이 없습니다"),
        }
    }

    pub(super) fn waiting_for(self, who: &str, at: &str, names: &str, more: usize) -> String {
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

    pub(super) fn compare_titles(self) -> [&'static str; 6] {
        match self.0 {
            Language::En => ["placement", "total", "95 %", "threads", "loop lag", ""],
            Language::Ko => ["배치", "전체", "95%", "스레드", "루프 지연", ""],
        }
    }

    pub(super) fn cannot_be(self) -> &'static str {
        self.of("not possible", "불가능")
    }

    pub(super) fn stuck(self) -> &'static str {
        self.of("(stuck)", "(멈춤)")
    }

    pub(super) fn crossing(self, name: &str, value: &str, from: &str, to: &str) -> String {
        match self.0 {
            Language::En => format!("from {name} {value} on: {to} instead of {from}"),
            Language::Ko => format!("{name} {value}부터: {from} 대신 {to}"),
        }
    }
}
