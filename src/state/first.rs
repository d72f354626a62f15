//! The verdict on the page's first script and its best fix, before the analysis has loaded.
//!
//! The analysis is a program of its own that loads after the first chart. A newcomer sees the fix
//! with the chart, and can press it at once. A test compares it with the answer of the analysis.

use super::lessons::FIRST_SCRIPT;
use super::{Phase, State};
use crate::protocol::analysis::BestFix;
use texts::{Text, text};

/// The worst finding, as the analysis writes it.
const VERDICT: Text =
    text!("a blocking call holds the event loop for 3s; other tasks waited 21s in total.");
/// The lines before and after the fix.
const FIX: (&str, &str) = (
    "block 3s \"requests.get\"",
    "await 3s \"httpx.AsyncClient.get\"",
);
const FIXED_LINE: u32 = 4;
const FIXED_TOTAL_NS: u64 = 6_000_000_000;

/// The headline of the first script.
pub(crate) struct Foreseen {
    pub(crate) verdict: &'static str,
    pub(crate) fix: BestFix,
}

impl State {
    /// The headline, as long as the first script is on the page and no analysis has answered.
    pub(crate) fn foreseen(&self) -> Option<Foreseen> {
        let language = self.language();
        let first = FIRST_SCRIPT.of(language);
        let is_first = self.phase == Phase::Settled && *self.script == *first;
        (is_first && self.insight.verdict.is_none()).then(|| Foreseen {
            verdict: VERDICT.of(language),
            fix: BestFix {
                line: FIXED_LINE,
                setting: String::new(),
                total_ns: FIXED_TOTAL_NS,
                script: first.replace(FIX.0, FIX.1),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight;
    use crate::markup::prose::marked;
    use crate::protocol::analysis::{AnalysisData, AnalysisKind, AnalysisResponse};
    use crate::protocol::panel::{PanelNode, el};
    use crate::protocol::{self, Request, RequestId, Response};
    use crate::state::choices::Choices;
    use crate::state::trial::run;
    use texts::Language;

    /// The first script after its run.
    fn first(language: Language) -> State {
        let choices = Choices {
            language,
            ..Choices::default()
        };
        let mut state = State::new(FIRST_SCRIPT.of(language).into(), choices);
        run(&mut state);
        state
    }

    #[test]
    fn the_headline_is_the_answer_of_the_analysis() {
        for language in Language::ALL {
            let state = first(language);
            let request = Request {
                id: RequestId(1),
                kind: state.asking(AnalysisKind::Findings),
            };
            let bytes = insight::respond(&protocol::encode(&request)).expect("a request");
            let answer: Option<Response<AnalysisResponse>> = protocol::decode(&bytes);
            let AnalysisData::Found { verdict, fix, .. } = answer.expect("an answer").kind.more
            else {
                panic!("findings come with a verdict");
            };
            let foreseen = state.foreseen().expect("the first script");
            let paragraph: PanelNode = el("p.problem").kid(marked(foreseen.verdict)).into();
            assert_eq!(paragraph.html(), verdict.html());
            assert_eq!(Some(foreseen.fix), fix);
        }
    }

    #[test]
    fn another_script_has_no_headline() {
        let mut state = first(Language::En);
        state.script = "a: cpu 1\n".into();
        assert!(state.foreseen().is_none());
    }
}
