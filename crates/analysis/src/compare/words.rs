//! The sentences about strategies and advice, in every language.

use super::advice::{Advice, Reason, Variation};
use super::strategy::Strategy;
use texts::{Language, say, text};

impl Strategy {
    /// The name in the page and on the command line.
    pub fn name(self, language: Language) -> &'static str {
        let text = match self {
            Self::AsWritten => text!("as written"),
            Self::Awaiting => text!("async def with await"),
            Self::OnLoop => text!("async def, blocking the loop"),
            Self::Pool => text!("def on the thread pool"),
            Self::Executor => text!("to_thread, the loop's executor"),
            Self::Process => text!("await, CPU in processes"),
            Self::Jobs => text!("job queue"),
            Self::FreeThreaded => text!("def on the pool, no GIL"),
        };
        text.of(language)
    }
}

impl Reason {
    fn words(self, language: Language) -> &'static str {
        let text = match self {
            Self::Total => text!("it finishes first"),
            Self::Latency => text!("its responses come soonest"),
            Self::LoopLag => text!("the loop stays free"),
            Self::Threads => text!("it needs the fewest threads"),
            Self::Simplest => text!("no other strategy is better"),
        };
        text.of(language)
    }
}

impl Variation {
    fn words(self, language: Language) -> &'static str {
        let text = match self {
            Self::TenTimesRequests => text!("with ten times the requests"),
            Self::TenthOfRequests => {
                text!("with a tenth of the requests")
            }
            Self::TenTimesCpu => text!("with ten times the CPU time"),
            Self::TenthOfCpu => text!("with a tenth of the CPU time"),
            Self::TenTimesIo => text!("with I/O that takes ten times as long"),
            Self::OneCore => text!("on one core"),
        };
        text.of(language)
    }
}

impl Advice {
    /// The choice as one line, then one line for each change that would make another one the
    /// best.
    pub fn told(&self, language: Language) -> Vec<String> {
        let (best, reason) = (self.best.name(language), self.reason.words(language));
        let mut lines = vec![say!(language, "choose {best}: {reason}", best, reason)];
        lines.extend(self.unless.iter().map(|(variation, other)| {
            let (change, other) = (variation.words(language), other.name(language));
            say!(language, "{change}: {other}", change, other)
        }));
        if self.untried > 0 {
            lines.push(say!(
                language,
                "{count} more changes were not tried: they would take too long",
                count = self.untried
            ));
        }
        lines.extend(self.as_job.map(|soon| {
            say!(
                language,
                "if the client need not wait for the result: the job queue, it responds after {soon}",
                soon
            )
        }));
        lines
    }
}
