//! What the commands say, in every language.
//!
//! Charts bring their own words, and so do the script's diagnostics, failures
//! and deadlocks.

use super::lesson::Tally;
use crate::language::{say, text};
use crate::limits::DETAIL_RECORDS_MAX;
use crate::link::{LINK_BYTES_MAX, LinkError};
use crate::time::SimTime;
use crate::trace::Limit;

pub(super) use crate::say::Say;

impl Say {
    pub(super) fn error(self) -> &'static str {
        text!("error", "오류").of(self.0)
    }

    pub(super) fn warning(self) -> &'static str {
        text!("warning", "경고").of(self.0)
    }

    /// Stands before a hint. Hints in Korean begin with a word of their own.
    pub(super) fn hint(self) -> &'static str {
        text!("hint: ", "").of(self.0)
    }

    pub(super) fn standard_input(self) -> &'static str {
        text!("standard input", "표준 입력").of(self.0)
    }

    // calibrate

    pub(super) fn calibrating(self) -> &'static str {
        text!(
            "measuring for some seconds; other programs would be measured too",
            "몇 초 동안 잽니다. 다른 프로그램이 돌고 있으면 함께 재어집니다"
        )
        .of(self.0)
    }

    pub(super) fn hop(self) -> &'static str {
        text!("a step of a task", "태스크의 한 단계").of(self.0)
    }

    pub(super) fn watched_hop(self) -> &'static str {
        text!(
            "a step while `verify` watches",
            "`verify`가 지켜볼 때의 한 단계"
        )
        .of(self.0)
    }

    pub(super) fn hand_over(self) -> &'static str {
        text!("work to a thread, one way", "스레드에 일을 넘기기(한 방향)").of(self.0)
    }

    pub(super) fn thread_start(self) -> &'static str {
        text!("starting a thread", "스레드 시작").of(self.0)
    }

    pub(super) fn process_start(self) -> &'static str {
        text!("starting a process", "프로세스 시작").of(self.0)
    }

    pub(super) fn ipc(self) -> &'static str {
        text!("a message to a process", "프로세스에 보내는 메시지").of(self.0)
    }

    pub(super) fn http(self) -> &'static str {
        text!("a request over HTTP", "HTTP 요청 하나").of(self.0)
    }

    pub(super) fn not_measured(self) -> &'static str {
        text!(
            "not measured; to get it: loopscope setup python",
            "재지 않음. 재려면: loopscope setup python"
        )
        .of(self.0)
    }

    // open

    pub(super) fn left_out(self, events: usize) -> String {
        match events {
            1 => say!(
                self.0,
                "1 event means nothing here and was left out",
                "여기서 뜻이 없는 이벤트 {events}개를 뺐습니다",
                events
            ),
            _ => say!(
                self.0,
                "{events} events mean nothing here and were left out",
                "여기서 뜻이 없는 이벤트 {events}개를 뺐습니다",
                events
            ),
        }
    }

    // serve

    pub(super) fn without_page(self) -> &'static str {
        text!("this program was built without the page. In a clone of Loopscope, `make serve` builds one that has it, and starts it", "이 프로그램은 페이지 없이 빌드되었습니다. Loopscope 저장소에서 `make serve`를 실행하면 페이지가 든 프로그램을 빌드해 시작합니다").of(self.0)
    }

    pub(super) fn serving(self) -> &'static str {
        text!(
            "open this address in a browser on this machine, to run scripts here. It works once, within ten minutes; \
             when it is used or opened too late, the next one is printed here. Ctrl-C ends the server",
            "이 컴퓨터의 브라우저에서 이 주소를 열면 여기서 스크립트를 실행할 수 있습니다. 주소는 10분 안에 한 번만 쓸 수 있고, \
             쓰거나 늦게 열면 다음 주소가 여기에 출력됩니다. Ctrl-C로 끝냅니다"
        )
        .of(self.0)
    }

    // setup

    pub(super) fn setting_up(self, place: &str) -> String {
        say!(
            self.0,
            "installing pinned Python packages into {place}",
            "고정된 버전의 Python 패키지를 {place}에 설치합니다",
            place
        )
    }

    pub(super) fn set_up(self) -> &'static str {
        text!("done", "완료").of(self.0)
    }

    pub(super) fn set_up_already(self, place: &str) -> String {
        say!(
            self.0,
            "already there: {place}",
            "이미 있습니다: {place}",
            place
        )
    }

    // Failures of tasks

    pub(super) fn at_line(self, who: &str, line: u32) -> String {
        say!(
            self.0,
            "{who}, line {line}",
            "{who}, {line}번째 줄",
            who,
            line
        )
    }

    pub(super) fn not_held(self) -> &'static str {
        text!("it does not hold the lock", "락을 잡고 있지 않습니다").of(self.0)
    }

    pub(super) fn failed_in_group(self) -> &'static str {
        text!(
            "tasks of its group failed",
            "그룹 안의 태스크가 실패했습니다"
        )
        .of(self.0)
    }

    pub(super) fn group_is_closing(self) -> &'static str {
        text!(
            "its group is shutting down and takes no new task",
            "그룹이 끝나는 중이라 새 태스크를 받지 않습니다"
        )
        .of(self.0)
    }

    pub(super) fn handle_is_unset(self) -> &'static str {
        text!(
            "its handle was never assigned",
            "핸들에 아직 태스크가 없습니다"
        )
        .of(self.0)
    }

    pub(super) fn timed_out(self) -> &'static str {
        text!("its timeout fired", "타임아웃이 지났습니다").of(self.0)
    }

    // check

    /// `pasta.loop: 2 errors, 1 warning`.
    pub(super) fn problems(self, file: &str, errors: usize, warnings: usize) -> String {
        let errors = (errors > 0).then(|| self.errors(errors));
        let warnings = (warnings > 0).then(|| self.warnings(warnings));
        let found: Vec<_> = errors.into_iter().chain(warnings).collect();
        match found.is_empty() {
            true => say!(self.0, "{file}: no problems", "{file}: 문제 없음", file),
            false => format!("{file}: {}", found.join(", ")),
        }
    }

    fn errors(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 error", "오류 1개"),
            _ => say!(self.0, "{count} errors", "오류 {count}개", count),
        }
    }

    fn warnings(self, count: usize) -> String {
        match count {
            1 => say!(self.0, "1 warning", "경고 1개"),
            _ => say!(self.0, "{count} warnings", "경고 {count}개", count),
        }
    }

    pub(super) fn fixed(self, file: &str, fixes: usize) -> String {
        match fixes {
            1 => say!(
                self.0,
                "{file}: 1 problem repaired",
                "{file}: 문제 {fixes}개를 고쳤습니다",
                file,
                fixes
            ),
            _ => say!(
                self.0,
                "{file}: {fixes} problems repaired",
                "{file}: 문제 {fixes}개를 고쳤습니다",
                file,
                fixes
            ),
        }
    }

    pub(super) fn fixable(self, fixes: usize) -> String {
        match fixes {
            1 => say!(
                self.0,
                "`--fix` repairs 1 of them",
                "이 중 {fixes}개는 `--fix`로 고칠 수 있습니다",
                fixes
            ),
            _ => say!(
                self.0,
                "`--fix` repairs {fixes} of them",
                "이 중 {fixes}개는 `--fix`로 고칠 수 있습니다",
                fixes
            ),
        }
    }

    /// `course.md: 4 scripts, 7 expectations, all hold`.
    pub(super) fn lesson(self, file: &str, tally: &Tally) -> String {
        let (scripts, claims) = (self.scripts(tally.scripts), self.claims(tally.expectations));
        let broken = match tally.broken.len() + tally.invalid {
            0 => text!("nothing broken", "어긋남 없음").of(self.0).to_owned(),
            broken => say!(self.0, "{broken} broken", "{broken}개 어긋남", broken),
        };
        format!("{file}: {scripts}, {claims}, {broken}")
    }

    fn scripts(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no script", "스크립트 0개"),
            1 => say!(self.0, "1 script", "스크립트 1개"),
            _ => say!(self.0, "{count} scripts", "스크립트 {count}개", count),
        }
    }

    fn claims(self, count: usize) -> String {
        match count {
            0 => say!(self.0, "no expectation", "기대 0개"),
            1 => say!(self.0, "1 expectation", "기대 1개"),
            _ => say!(self.0, "{count} expectations", "기대 {count}개", count),
        }
    }

    pub(super) fn not_so(self, claim: &str, actual: &str) -> String {
        say!(
            self.0,
            "{claim}: actually {actual}",
            "{claim}: 실제로는 {actual}",
            claim,
            actual
        )
    }

    pub(super) fn no_error(self) -> &'static str {
        text!(
            "the block is marked `error`, but its script has none",
            "`error`로 표시된 블록인데 스크립트에 오류가 없습니다"
        )
        .of(self.0)
    }

    pub(super) fn unexpected_deadlock(self, at: SimTime) -> String {
        say!(
            self.0,
            "deadlock at {at}; write `expect deadlock` if it is meant",
            "{at}에 교착 상태. 의도한 것이면 `expect deadlock`을 쓰세요",
            at
        )
    }

    pub(super) fn bad_link(self, error: LinkError) -> String {
        match error {
            LinkError::NoLink => say!(
                self.0,
                "this is no share link; one begins with `v1.`",
                "공유 링크가 아닙니다"
            ),
            LinkError::Version(version) => say!(
                self.0,
                "the link is of version {version}; reload for a newer Loopscope",
                "버전 {version} 링크는 새 Loopscope가 있어야 열립니다",
                version
            ),
            LinkError::TooLong => say!(
                self.0,
                "the link holds more than {most} KiB; send the script as a file",
                "링크가 너무 깁니다. 스크립트를 파일로 보내세요",
                most = LINK_BYTES_MAX / 1024
            ),
            LinkError::Damaged => say!(
                self.0,
                "the link is damaged; ask for it again, whole",
                "링크가 손상되었습니다. 전체를 다시 받으세요"
            ),
        }
    }

    // fmt

    pub(super) fn would_change(self, file: &str) -> String {
        say!(
            self.0,
            "{file}: not in the layout of `loopscope fmt`",
            "{file}: `loopscope fmt`의 서식과 다릅니다",
            file
        )
    }

    // run

    pub(super) fn did_not_run(self, errors: usize) -> String {
        match errors {
            1 => say!(
                self.0,
                "the script has an error, so it did not run",
                "스크립트에 오류가 {errors}개 있어 실행하지 않았습니다",
                errors
            ),
            _ => say!(
                self.0,
                "the script has {errors} errors, so it did not run",
                "스크립트에 오류가 {errors}개 있어 실행하지 않았습니다",
                errors
            ),
        }
    }

    pub(super) fn expected(self, claim: &str, actual: &str, line: u32) -> String {
        say!(
            self.0,
            "{claim}: actually {actual} (line {line})",
            "{claim}: 실제로는 {actual} ({line}번째 줄)",
            claim,
            actual,
            line
        )
    }

    pub(super) fn printed(self) -> &'static str {
        text!("printed", "출력").of(self.0)
    }

    pub(super) fn more(self, count: usize) -> String {
        say!(self.0, "… {count} more", "… {count}개 더", count)
    }

    pub(super) fn limit_reached(self, limit: &Limit) -> String {
        say!(
            self.0,
            "stopped at a limit of the language: {limit}",
            "언어의 한도에서 멈췄습니다: {limit}",
            limit = limit.text(self.0)
        )
    }

    pub(super) fn too_long_for_a_page(self) -> String {
        say!(
            self.0,
            "too long for a page: more than {most} changes of state; end it sooner with `until`",
            "페이지에 싣기에는 너무 깁니다: 상태 변화가 {most}번을 넘습니다. `until`로 더 일찍 끝내세요",
            most = DETAIL_RECORDS_MAX
        )
    }

    pub(super) fn loop_lag(self) -> &'static str {
        text!("longest wait for the loop", "루프를 가장 오래 기다린 시간").of(self.0)
    }

    // The table of tasks.

    pub(super) fn task(self) -> &'static str {
        text!("task", "태스크").of(self.0)
    }

    pub(super) fn runs(self) -> &'static str {
        text!("runs", "횟수").of(self.0)
    }

    pub(super) fn done(self) -> &'static str {
        text!("done", "완료").of(self.0)
    }

    pub(super) fn failed(self) -> &'static str {
        text!("failed", "실패").of(self.0)
    }

    pub(super) fn cancelled(self) -> &'static str {
        text!("cancelled", "취소").of(self.0)
    }

    pub(super) fn running(self) -> &'static str {
        text!("unfinished", "미완료").of(self.0)
    }

    pub(super) fn median(self) -> &'static str {
        text!("median", "중앙값").of(self.0)
    }

    pub(super) fn p95(self) -> &'static str {
        text!("95 %", "95%").of(self.0)
    }

    pub(super) fn slowest(self) -> &'static str {
        text!("slowest", "최대").of(self.0)
    }
}
