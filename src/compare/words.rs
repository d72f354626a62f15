//! How placements and advice are said, in every language.

use super::advice::{Advice, Reason, Variation};
use super::placement::Placement;
use crate::language::{Language, say, text};

impl Placement {
    pub fn name(self, language: Language) -> &'static str {
        let text = match self {
            Self::AsWritten => text!("as written", "쓴 그대로"),
            Self::Awaiting => text!("async def, awaiting", "async def, await"),
            Self::OnLoop => text!("async def, blocking the loop", "async def, 루프를 막음"),
            Self::Pool => text!("def on the thread pool", "def, 스레드 풀"),
            Self::Executor => text!("to_thread, the loop's executor", "to_thread, 루프의 실행기"),
            Self::Process => text!("awaiting, CPU in processes", "await, 계산은 프로세스"),
            Self::Jobs => text!("job queue", "작업 큐"),
            Self::FreeThreaded => text!("def on the pool, no GIL", "def, 스레드 풀, GIL 없음"),
        };
        text.of(language)
    }
}

impl Reason {
    fn words(self, language: Language) -> &'static str {
        let text = match self {
            Self::Total => text!("it is done first", "가장 먼저 끝납니다"),
            Self::Latency => text!("answers come soonest", "응답이 가장 빠릅니다"),
            Self::LoopLag => text!("the loop stays free", "루프가 비어 있습니다"),
            Self::Threads => text!("it needs the fewest threads", "스레드가 가장 적게 듭니다"),
            Self::Simplest => text!("no other is better", "더 나은 것이 없습니다"),
        };
        text.of(language)
    }
}

impl Variation {
    fn words(self, language: Language) -> &'static str {
        let text = match self {
            Self::TenTimesRequests => text!("with ten times the requests", "요청이 열 배라면"),
            Self::TenthOfRequests => {
                text!("with a tenth of the requests", "요청이 십분의 일이라면")
            }
            Self::TenTimesCpu => text!("with ten times the CPU time", "계산이 열 배라면"),
            Self::TenthOfCpu => text!("with a tenth of the CPU time", "계산이 십분의 일이라면"),
            Self::TenTimesIo => text!(
                "with I/O that takes ten times as long",
                "I/O가 열 배 걸린다면"
            ),
            Self::OneCore => text!("on one core", "코어가 하나라면"),
        };
        text.of(language)
    }
}

impl Advice {
    /// The choice, then a line for each change that would make it another.
    pub fn told(&self, language: Language) -> Vec<String> {
        let (best, reason) = (self.best.name(language), self.reason.words(language));
        let mut lines = vec![say!(
            language,
            "choose {best}: {reason}",
            "추천: {best}. {reason}",
            best,
            reason
        )];
        lines.extend(self.unless.iter().map(|(variation, other)| {
            let (change, other) = (variation.words(language), other.name(language));
            say!(
                language,
                "{change}: {other}",
                "{change} {other}",
                change,
                other
            )
        }));
        if self.untried > 0 {
            lines.push(say!(
                language,
                "{count} more changes were not tried: they take too long together",
                "바꿔 볼 것 {count}가지는 오래 걸려 실행하지 않았습니다",
                count = self.untried
            ));
        }
        lines.extend(self.as_job.map(|soon| {
            say!(
                language,
                "if nobody has to wait for the result: the job queue, it answers after {soon}",
                "결과를 기다릴 필요가 없다면: 작업 큐. {soon} 만에 응답합니다",
                soon
            )
        }));
        lines
    }
}
