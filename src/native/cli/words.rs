//! What the commands say, in every language.
//!
//! Charts bring their own words, and so do the script's diagnostics, failures
//! and deadlocks.

use super::lesson::Tally;
use crate::language::Language;
use crate::link::LinkError;
use crate::time::SimTime;
use crate::trace::Limit;

pub(super) use crate::say::Say;

impl Say {
    fn pick(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    pub(super) fn error(self) -> &'static str {
        self.pick("error", "오류")
    }

    pub(super) fn warning(self) -> &'static str {
        self.pick("warning", "경고")
    }

    /// Stands before a hint. Hints in Korean begin with a word of their own.
    pub(super) fn hint(self) -> &'static str {
        self.pick("hint: ", "")
    }

    pub(super) fn standard_input(self) -> &'static str {
        self.pick("standard input", "표준 입력")
    }

    // calibrate

    pub(super) fn calibrating(self) -> &'static str {
        self.pick(
            "measuring for some seconds; other programs would be measured too",
            "몇 초 동안 잽니다. 다른 프로그램이 돌고 있으면 함께 재어집니다",
        )
    }

    pub(super) fn hop(self) -> &'static str {
        self.pick("a step of a task", "태스크의 한 단계")
    }

    pub(super) fn watched_hop(self) -> &'static str {
        self.pick(
            "a step while `verify` watches",
            "`verify`가 지켜볼 때의 한 단계",
        )
    }

    pub(super) fn hand_over(self) -> &'static str {
        self.pick("work to a thread, one way", "스레드에 일을 넘기기(한 방향)")
    }

    pub(super) fn thread_start(self) -> &'static str {
        self.pick("starting a thread", "스레드 시작")
    }

    pub(super) fn process_start(self) -> &'static str {
        self.pick("starting a process", "프로세스 시작")
    }

    pub(super) fn ipc(self) -> &'static str {
        self.pick("a message to a process", "프로세스에 보내는 메시지")
    }

    pub(super) fn http(self) -> &'static str {
        self.pick("a request over HTTP", "HTTP 요청 하나")
    }

    pub(super) fn not_measured(self) -> &'static str {
        self.pick(
            "not measured; to get it: loopscope setup python",
            "재지 않음. 재려면: loopscope setup python",
        )
    }

    // open

    pub(super) fn left_out(self, events: usize) -> String {
        match (self.0, events) {
            (Language::En, 1) => "1 event means nothing here and was left out".to_owned(),
            (Language::En, _) => format!("{events} events mean nothing here and were left out"),
            (Language::Ko, _) => format!("여기서 뜻이 없는 이벤트 {events}개를 뺐습니다"),
        }
    }

    // serve

    pub(super) fn serving(self) -> &'static str {
        self.pick(
            "open this address in a browser on this machine; whoever has it can run scripts here. Ctrl-C ends it",
            "이 컴퓨터의 브라우저에서 이 주소를 여세요. 주소를 아는 사람은 여기서 스크립트를 실행할 수 있습니다. Ctrl-C로 끝냅니다",
        )
    }

    // setup

    pub(super) fn setting_up(self, place: &str) -> String {
        match self.0 {
            Language::En => format!("installing pinned Python packages into {place}"),
            Language::Ko => format!("고정된 버전의 Python 패키지를 {place}에 설치합니다"),
        }
    }

    pub(super) fn set_up(self) -> &'static str {
        self.pick("done", "완료")
    }

    pub(super) fn set_up_already(self, place: &str) -> String {
        match self.0 {
            Language::En => format!("already there: {place}"),
            Language::Ko => format!("이미 있습니다: {place}"),
        }
    }

    // Failures of tasks

    pub(super) fn at_line(self, who: &str, line: u32) -> String {
        match self.0 {
            Language::En => format!("{who}, line {line}"),
            Language::Ko => format!("{who}, {line}번째 줄"),
        }
    }

    pub(super) fn not_held(self) -> &'static str {
        self.pick("it does not hold the lock", "락을 잡고 있지 않습니다")
    }

    pub(super) fn failed_in_group(self) -> &'static str {
        self.pick(
            "tasks of its group failed",
            "그룹 안의 태스크가 실패했습니다",
        )
    }

    pub(super) fn group_is_closing(self) -> &'static str {
        self.pick(
            "its group is shutting down and takes no new task",
            "그룹이 끝나는 중이라 새 태스크를 받지 않습니다",
        )
    }

    pub(super) fn handle_is_unset(self) -> &'static str {
        self.pick(
            "its handle was never assigned",
            "핸들에 아직 태스크가 없습니다",
        )
    }

    pub(super) fn timed_out(self) -> &'static str {
        self.pick("its timeout fired", "타임아웃이 지났습니다")
    }

    // check

    /// `2 errors, 1 warning in pasta.loop`.
    pub(super) fn problems(self, file: &str, errors: usize, warnings: usize) -> String {
        if self.0 == Language::Ko {
            return match (errors, warnings) {
                (0, 0) => format!("{file}: 문제 없음"),
                (errors, 0) => format!("{file}: 오류 {errors}개"),
                (0, warnings) => format!("{file}: 경고 {warnings}개"),
                (errors, warnings) => format!("{file}: 오류 {errors}개, 경고 {warnings}개"),
            };
        }
        let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
        match (errors, warnings) {
            (None, None) => format!("{file}: no problems"),
            (Some(some), None) | (None, Some(some)) => format!("{file}: {some}"),
            (Some(errors), Some(warnings)) => format!("{file}: {errors}, {warnings}"),
        }
    }

    pub(super) fn fixed(self, file: &str, fixes: usize) -> String {
        match (self.0, fixes) {
            (Language::En, 1) => format!("{file}: 1 problem repaired"),
            (Language::En, _) => format!("{file}: {fixes} problems repaired"),
            (Language::Ko, _) => format!("{file}: 문제 {fixes}개를 고쳤습니다"),
        }
    }

    pub(super) fn fixable(self, fixes: usize) -> String {
        match (self.0, fixes) {
            (Language::En, 1) => "`--fix` repairs 1 of them".to_owned(),
            (Language::En, _) => format!("`--fix` repairs {fixes} of them"),
            (Language::Ko, _) => format!("이 중 {fixes}개는 `--fix`로 고칠 수 있습니다"),
        }
    }

    /// `course.md: 4 scripts, 7 expectations, all hold`.
    pub(super) fn lesson(self, file: &str, tally: &Tally) -> String {
        let (scripts, claims) = (tally.scripts, tally.expectations);
        let broken = tally.broken.len() + tally.invalid;
        match self.0 {
            Language::En => {
                let scripts = counted(scripts, "script").unwrap_or("no script".to_owned());
                let claims = counted(claims, "expectation").unwrap_or("no expectation".to_owned());
                match broken {
                    0 => format!("{file}: {scripts}, {claims}, nothing broken"),
                    _ => format!("{file}: {scripts}, {claims}, {broken} broken"),
                }
            }
            Language::Ko => match broken {
                0 => format!("{file}: 스크립트 {scripts}개, 기대 {claims}개, 어긋남 없음"),
                _ => format!("{file}: 스크립트 {scripts}개, 기대 {claims}개, {broken}개 어긋남"),
            },
        }
    }

    pub(super) fn not_so(self, claim: &str, actual: &str) -> String {
        match self.0 {
            Language::En => format!("{claim}: actually {actual}"),
            Language::Ko => format!("{claim}: 실제로는 {actual}"),
        }
    }

    pub(super) fn no_error(self) -> &'static str {
        self.pick(
            "the block is marked `error`, but its script has none",
            "`error`로 표시된 블록인데 스크립트에 오류가 없습니다",
        )
    }

    pub(super) fn unexpected_deadlock(self, at: SimTime) -> String {
        match self.0 {
            Language::En => format!("deadlock at {at}; write `expect deadlock` if it is meant"),
            Language::Ko => format!("{at}에 교착 상태. 의도한 것이면 `expect deadlock`을 쓰세요"),
        }
    }

    pub(super) fn bad_link(self, error: LinkError) -> String {
        match (self.0, error) {
            (Language::En, error) => error.to_string(),
            (Language::Ko, LinkError::NoLink) => "공유 링크가 아닙니다".to_owned(),
            (Language::Ko, LinkError::Version(version)) => {
                format!("버전 {version} 링크는 새 Loopscope가 있어야 열립니다")
            }
            (Language::Ko, LinkError::TooLong) => {
                "링크가 너무 깁니다. 스크립트를 파일로 보내세요".to_owned()
            }
            (Language::Ko, LinkError::Damaged) => {
                "링크가 손상되었습니다. 전체를 다시 받으세요".to_owned()
            }
        }
    }

    // fmt

    pub(super) fn would_change(self, file: &str) -> String {
        match self.0 {
            Language::En => format!("{file}: not in the layout of `loopscope fmt`"),
            Language::Ko => format!("{file}: `loopscope fmt`의 서식과 다릅니다"),
        }
    }

    // run

    pub(super) fn did_not_run(self, errors: usize) -> String {
        match (self.0, errors) {
            (Language::En, 1) => "the script has an error, so it did not run".to_owned(),
            (Language::En, _) => format!("the script has {errors} errors, so it did not run"),
            (Language::Ko, _) => format!("스크립트에 오류가 {errors}개 있어 실행하지 않았습니다"),
        }
    }

    pub(super) fn expected(self, claim: &str, actual: &str, line: u32) -> String {
        match self.0 {
            Language::En => format!("{claim}: actually {actual} (line {line})"),
            Language::Ko => format!("{claim}: 실제로는 {actual} ({line}번째 줄)"),
        }
    }

    pub(super) fn printed(self) -> &'static str {
        self.pick("printed", "출력")
    }

    pub(super) fn more(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("… {count} more"),
            Language::Ko => format!("… {count}개 더"),
        }
    }

    pub(super) fn limit_reached(self, limit: &Limit) -> String {
        match self.0 {
            Language::En => format!("stopped at a limit of the language: {limit}"),
            Language::Ko => format!("언어의 한도에서 멈췄습니다: {}", korean_limit(limit)),
        }
    }

    pub(super) fn loop_lag(self) -> &'static str {
        self.pick("longest wait for the loop", "루프를 가장 오래 기다린 시간")
    }

    // The table of tasks.

    pub(super) fn task(self) -> &'static str {
        self.pick("task", "태스크")
    }

    pub(super) fn runs(self) -> &'static str {
        self.pick("runs", "횟수")
    }

    pub(super) fn done(self) -> &'static str {
        self.pick("done", "완료")
    }

    pub(super) fn failed(self) -> &'static str {
        self.pick("failed", "실패")
    }

    pub(super) fn cancelled(self) -> &'static str {
        self.pick("cancelled", "취소")
    }

    pub(super) fn running(self) -> &'static str {
        self.pick("unfinished", "미완료")
    }

    pub(super) fn median(self) -> &'static str {
        self.pick("median", "중앙값")
    }

    pub(super) fn p95(self) -> &'static str {
        self.pick("95 %", "95%")
    }

    pub(super) fn slowest(self) -> &'static str {
        self.pick("slowest", "최대")
    }
}

fn counted(count: usize, noun: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    }
}

fn korean_limit(limit: &Limit) -> String {
    use crate::limits::*;
    match limit {
        Limit::Instances => format!("태스크 인스턴스가 {INSTANCES_MAX}개를 넘음"),
        Limit::Records => format!("상태 변화가 {RECORDS_MAX}번을 넘음"),
        Limit::Steps => format!("실행 단계가 {STEPS_MAX}번을 넘음"),
        Limit::Horizon => {
            let days = HORIZON.as_secs_f64() / 86_400.0;
            format!("시뮬레이션 시간이 {days}일을 넘음")
        }
        Limit::CallDepth { .. } => format!("겹친 호출이 {CALL_DEPTH_MAX}번을 넘음"),
        Limit::Spinning { .. } => "시간이 흐르지 않는 반복".to_owned(),
        Limit::Lanes => format!("스레드가 {}개를 넘음", u16::MAX),
    }
}
