//! What a verification says, in every language.

use crate::language::Language;
use crate::native::verify::order::StepKind;
use crate::native::verify::{Note, Verdict};

#[derive(Clone, Copy, Debug)]
pub(in crate::native::verify) struct Words(pub(in crate::native::verify) Language);

impl Words {
    fn pick(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    pub(in crate::native::verify) fn heading(self, runtime: &str, runs: usize) -> String {
        match (self.0, runs) {
            (Language::En, 1) => format!("measured on {runtime}, 1 run"),
            (Language::En, _) => format!("measured on {runtime}, median of {runs} runs"),
            (Language::Ko, _) => format!("{runtime}에서 {runs}번 실행한 중앙값"),
        }
    }

    pub(super) fn scale(self, factor: f64) -> String {
        match self.0 {
            Language::En => format!("a second of the script took {factor} s"),
            Language::Ko => format!("스크립트의 1초를 {factor}초로 실행"),
        }
    }

    pub(super) fn task(self) -> &'static str {
        self.pick("task", "태스크")
    }

    pub(super) fn start(self) -> &'static str {
        self.pick("start", "시작")
    }

    pub(super) fn finish(self) -> &'static str {
        self.pick("finish", "끝")
    }

    pub(in crate::native::verify) fn predicted(self) -> &'static str {
        self.pick("predicted", "예측")
    }

    pub(in crate::native::verify) fn measured(self) -> &'static str {
        self.pick("measured", "측정")
    }

    pub(super) fn error(self) -> &'static str {
        self.pick("error", "오차")
    }

    pub(super) fn total(self) -> &'static str {
        self.pick("total", "총 시간")
    }

    pub(super) fn more(self, count: usize, worst: &str) -> String {
        match self.0 {
            Language::En => format!("… {count} more; the largest error is {worst}"),
            Language::Ko => format!("… {count}개 더. 가장 큰 오차는 {worst}"),
        }
    }

    pub(super) fn spread(self, from: &str, to: &str) -> String {
        match self.0 {
            Language::En => format!("runs from {from} to {to}"),
            Language::Ko => format!("실행마다 {from}에서 {to}까지"),
        }
    }

    pub(super) fn not_predicted(self) -> &'static str {
        self.pick("was not predicted", "예측에 없음")
    }

    pub(super) fn did_not_run(self) -> &'static str {
        self.pick("did not appear", "나타나지 않음")
    }

    pub(super) fn ended_otherwise(self) -> &'static str {
        self.pick("ended otherwise than predicted", "예측과 다르게 끝남")
    }

    pub(super) fn same_order(self, steps: usize) -> String {
        match self.0 {
            Language::En => format!("order: as promised in every run ({steps} steps)"),
            Language::Ko => format!("순서: 모든 실행에서 약속대로({steps}단계)"),
        }
    }

    pub(super) fn order_unchecked(self) -> &'static str {
        self.pick(
            "order: not compared (no loop decides it, or there are too many steps)",
            "순서: 비교하지 않음(루프가 정하지 않거나 단계가 너무 많음)",
        )
    }

    pub(super) fn broken_order(
        self,
        broken: usize,
        runs: usize,
        earlier: &str,
        later: &str,
    ) -> String {
        match self.0 {
            Language::En => format!(
                "order: other than promised in {broken} of {runs} runs: {later} came before {earlier}"
            ),
            Language::Ko => {
                format!("순서: {runs}번 가운데 {broken}번 약속과 다름: {later} 다음에 {earlier}")
            }
        }
    }

    pub(super) fn step(self, who: &str, kind: StepKind) -> String {
        let what = match kind {
            StepKind::Start => self.pick("starts", "시작"),
            StepKind::Print => self.pick("prints", "출력"),
            StepKind::Respond => self.pick("responds", "응답"),
            StepKind::End => self.pick("ends", "끝"),
        };
        format!("`{who}` {what}")
    }

    pub(super) fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Holds => self.pick("the prediction holds", "예측이 맞습니다"),
            Verdict::Fails => self.pick("the prediction fails", "예측이 틀립니다"),
            Verdict::TooNoisy => self.pick("too noisy to say", "잡음이 많아 판단할 수 없습니다"),
        }
    }

    pub(super) fn tolerance(self, percent: f64, slack: &str) -> String {
        match self.0 {
            Language::En => format!("tolerance {percent} % and {slack}"),
            Language::Ko => format!("허용 오차 {percent}% 더하기 {slack}"),
        }
    }

    pub(super) fn others(self, cores: f64) -> String {
        match self.0 {
            Language::En => format!("other programs used {cores:.1} cores meanwhile"),
            Language::Ko => format!("그동안 다른 프로그램이 코어 {cores:.1}개를 썼습니다"),
        }
    }

    pub(super) fn interrupted(self) -> &'static str {
        self.pick(
            "interrupted: only the runs until then",
            "중단됨: 그때까지의 실행만",
        )
    }

    pub(super) fn note(self, note: Note) -> String {
        match (note, self.0) {
            (Note::FewerCores { script, machine }, Language::En) => format!(
                "the script has {script} cores and this machine {machine}: predicted for {machine}"
            ),
            (Note::FewerCores { script, machine }, Language::Ko) => {
                format!("스크립트의 코어는 {script}개, 이 기계는 {machine}개: {machine}개로 예측했습니다")
            }
            (Note::OneProcess { servers }, Language::En) => format!(
                "the script has {servers} servers, and this runtime is one process: predicted for one"
            ),
            (Note::OneProcess { servers }, Language::Ko) => {
                format!("스크립트의 서버는 {servers}개, 이 런타임은 프로세스 하나: 하나로 예측했습니다")
            }
            (Note::GilIsOn, Language::En) => {
                "the script turns the GIL off, and this Python has one: predicted with it".to_owned()
            }
            (Note::GilIsOn, Language::Ko) => {
                "스크립트는 GIL을 껐지만 이 Python에는 있습니다: GIL이 있는 것으로 예측했습니다".to_owned()
            }
            (Note::NoGil, Language::En) => "this runtime has no GIL: predicted without".to_owned(),
            (Note::NoGil, Language::Ko) => "이 런타임에는 GIL이 없어 GIL 없이 예측했습니다".to_owned(),
            (Note::EveryTaskAThread, Language::En) => {
                "every task is a thread, and what awaits in the script blocks: predicted so".to_owned()
            }
            (Note::EveryTaskAThread, Language::Ko) => {
                "모든 태스크가 스레드이고 await 대신 블로킹합니다: 그렇게 예측했습니다".to_owned()
            }
            (Note::NoCosts, Language::En) => {
                "the costs are Python's, and this runtime is none: predicted without".to_owned()
            }
            (Note::NoCosts, Language::Ko) => {
                "비용은 Python의 것이고 이 런타임은 Python이 아닙니다: 비용 없이 예측했습니다".to_owned()
            }
            (Note::OneByOne, Language::En) => {
                "requests of one instant reach a server one after the other: predicted so".to_owned()
            }
            (Note::OneByOne, Language::Ko) => {
                "같은 순간의 요청도 서버에는 하나씩 닿습니다: 그렇게 예측했습니다".to_owned()
            }
            (Note::RandomLengths, Language::En) => {
                "the script draws lengths, and the real run draws its own: this cannot fail".to_owned()
            }
            (Note::RandomLengths, Language::Ko) => {
                "스크립트가 시간을 무작위로 정하고 실제 실행은 따로 정하므로, 틀렸다고 할 수 없습니다".to_owned()
            }
        }
    }
}
