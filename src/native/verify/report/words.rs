//! What a verification says, in every language.

use crate::language::{Language, say, text};
use crate::native::verify::order::StepKind;
use crate::native::verify::{Note, Verdict};

#[derive(Clone, Copy, Debug)]
pub(in crate::native::verify) struct Words(pub(in crate::native::verify) Language);

impl Words {
    pub(in crate::native::verify) fn heading(self, runtime: &str, runs: usize) -> String {
        match runs {
            1 => say!(
                self.0,
                "measured on {runtime}, 1 run",
                "{runtime}에서 {runs}번 실행한 중앙값",
                runtime,
                runs
            ),
            _ => say!(
                self.0,
                "measured on {runtime}, median of {runs} runs",
                "{runtime}에서 {runs}번 실행한 중앙값",
                runtime,
                runs
            ),
        }
    }

    pub(super) fn scale(self, factor: f64) -> String {
        say!(
            self.0,
            "a second of the script took {factor} s",
            "스크립트의 1초를 {factor}초로 실행",
            factor
        )
    }

    pub(super) fn task(self) -> &'static str {
        text!("task", "태스크").of(self.0)
    }

    pub(super) fn start(self) -> &'static str {
        text!("start", "시작").of(self.0)
    }

    pub(super) fn finish(self) -> &'static str {
        text!("finish", "끝").of(self.0)
    }

    pub(in crate::native::verify) fn predicted(self) -> &'static str {
        text!("predicted", "예측").of(self.0)
    }

    pub(in crate::native::verify) fn measured(self) -> &'static str {
        text!("measured", "측정").of(self.0)
    }

    pub(super) fn error(self) -> &'static str {
        text!("error", "오차").of(self.0)
    }

    pub(super) fn total(self) -> &'static str {
        text!("total", "총 시간").of(self.0)
    }

    pub(super) fn more(self, count: usize, worst: &str) -> String {
        say!(
            self.0,
            "… {count} more; the largest error is {worst}",
            "… {count}개 더. 가장 큰 오차는 {worst}",
            count,
            worst
        )
    }

    pub(super) fn spread(self, from: &str, to: &str) -> String {
        say!(
            self.0,
            "runs from {from} to {to}",
            "실행마다 {from}에서 {to}까지",
            from,
            to
        )
    }

    pub(super) fn not_predicted(self) -> &'static str {
        text!("was not predicted", "예측에 없음").of(self.0)
    }

    pub(super) fn did_not_run(self) -> &'static str {
        text!("did not appear", "나타나지 않음").of(self.0)
    }

    pub(super) fn ended_otherwise(self) -> &'static str {
        text!("ended otherwise than predicted", "예측과 다르게 끝남").of(self.0)
    }

    pub(super) fn same_order(self, steps: usize) -> String {
        say!(
            self.0,
            "order: as promised in every run ({steps} steps)",
            "순서: 모든 실행에서 약속대로({steps}단계)",
            steps
        )
    }

    pub(super) fn order_unchecked(self) -> &'static str {
        text!(
            "order: not compared (no loop decides it, or there are too many steps)",
            "순서: 비교하지 않음(루프가 정하지 않거나 단계가 너무 많음)"
        )
        .of(self.0)
    }

    pub(super) fn broken_order(
        self,
        broken: usize,
        runs: usize,
        earlier: &str,
        later: &str,
    ) -> String {
        say!(
            self.0,
            "order: other than promised in {broken} of {runs} runs: {later} came before {earlier}",
            "순서: {runs}번 가운데 {broken}번 약속과 다름: {later} 다음에 {earlier}",
            broken,
            runs,
            later,
            earlier
        )
    }

    pub(super) fn step(self, who: &str, kind: StepKind) -> String {
        let what = match kind {
            StepKind::Start => text!("starts", "시작").of(self.0),
            StepKind::Print => text!("prints", "출력").of(self.0),
            StepKind::Respond => text!("responds", "응답").of(self.0),
            StepKind::End => text!("ends", "끝").of(self.0),
        };
        format!("`{who}` {what}")
    }

    pub(super) fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Holds => text!("the prediction holds", "예측이 맞습니다").of(self.0),
            Verdict::Fails => text!("the prediction fails", "예측이 틀립니다").of(self.0),
            Verdict::TooNoisy => {
                text!("too noisy to say", "잡음이 많아 판단할 수 없습니다").of(self.0)
            }
        }
    }

    pub(super) fn tolerance(self, percent: f64, slack: &str) -> String {
        say!(
            self.0,
            "tolerance {percent} % and {slack}",
            "허용 오차 {percent}% 더하기 {slack}",
            percent,
            slack
        )
    }

    pub(super) fn others(self, cores: f64) -> String {
        say!(
            self.0,
            "other programs used {cores} cores meanwhile",
            "그동안 다른 프로그램이 코어 {cores}개를 썼습니다",
            cores = format_args!("{cores:.1}")
        )
    }

    pub(super) fn interrupted(self) -> &'static str {
        text!(
            "interrupted: only the runs until then",
            "중단됨: 그때까지의 실행만"
        )
        .of(self.0)
    }

    pub(super) fn note(self, note: Note) -> String {
        match note {
            Note::FewerCores { script, machine } => say!(
                self.0,
                "the script has {script} cores and this machine {machine}: predicted for {machine}",
                "스크립트의 코어는 {script}개, 이 기계는 {machine}개: {machine}개로 예측했습니다",
                script,
                machine
            ),
            Note::OneProcess { servers } => say!(
                self.0,
                "the script has {servers} servers, and this runtime is one process: predicted for one",
                "스크립트의 서버는 {servers}개, 이 런타임은 프로세스 하나: 하나로 예측했습니다",
                servers
            ),
            Note::GilIsOn => say!(
                self.0,
                "the script turns the GIL off, and this Python has one: predicted with it",
                "스크립트는 GIL을 껐지만 이 Python에는 있습니다: GIL이 있는 것으로 예측했습니다"
            ),
            Note::NoGil => say!(
                self.0,
                "this runtime has no GIL: predicted without",
                "이 런타임에는 GIL이 없어 GIL 없이 예측했습니다"
            ),
            Note::EveryTaskAThread => say!(
                self.0,
                "every task is a thread, and what awaits in the script blocks: predicted so",
                "모든 태스크가 스레드이고 await 대신 블로킹합니다: 그렇게 예측했습니다"
            ),
            Note::NoCosts => say!(
                self.0,
                "the costs are Python's, and this runtime is none: predicted without",
                "비용은 Python의 것이고 이 런타임은 Python이 아닙니다: 비용 없이 예측했습니다"
            ),
            Note::OneByOne => say!(
                self.0,
                "requests of one instant reach a server one after the other: predicted so",
                "같은 순간의 요청도 서버에는 하나씩 닿습니다: 그렇게 예측했습니다"
            ),
            Note::RandomLengths => say!(
                self.0,
                "the script draws lengths, and the real run draws its own: this cannot fail",
                "스크립트가 시간을 무작위로 정하고 실제 실행은 따로 정하므로, 틀렸다고 할 수 없습니다"
            ),
        }
    }
}
