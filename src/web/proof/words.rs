//! What the pane says, in every language.

use super::desk::Stage;
use super::report::{Note, Step, Verdict};
use super::trouble::Trouble;
use crate::language::{Language, Text};
use crate::scene::label::brief;
use crate::time::SimDuration;

const fn t(en: &'static str, ko: &'static str) -> Text {
    Text::new(en, ko)
}

pub(super) const INTRO: Text = t(
    "Runs this script for real on this machine, and lays what was measured behind the prediction.",
    "이 스크립트를 이 컴퓨터에서 실제로 실행하고, 측정한 것을 예측 뒤에 그립니다.",
);
pub(super) const GET_IT: Text = t(
    "Real runs need the companion on this machine. Install it, start it, and open the address that it prints:",
    "실제 실행에는 이 컴퓨터의 동반 프로그램이 필요합니다. 설치하고, 시작하고, 출력된 주소를 여세요.",
);
pub(super) const INSTALL: &str = "cargo install loopscope";
pub(super) const SERVE: &str = "loopscope serve";
pub(super) const OR_FROM_HERE: Text = t("Or use it from this page", "또는 이 페이지에서 바로 쓰기");
pub(super) const NAME_THIS_PAGE: Text = t(
    "Start it so that this page may ask, then paste the address that it prints:",
    "이 페이지가 물을 수 있게 시작한 다음, 출력된 주소를 붙여 넣으세요.",
);
pub(super) const ADDRESS: Text = t("The companion's address", "동반 프로그램의 주소");
pub(super) const CONNECT: Text = t("Connect", "연결");
pub(super) const LOOK_AGAIN: Text = t("Look again", "다시 확인");
pub(super) const CONNECTING: Text = t("asking the companion…", "동반 프로그램에 묻는 중…");
pub(super) const COPY: Text = t("Copy", "복사");
pub(super) const COPIED: Text = t("Copied", "복사됨");
pub(super) const RUNTIME: Text = t("Runtime", "런타임");
pub(super) const MISSING: Text = t("Not there yet", "아직 없는 것");
pub(super) const SCALE: Text = t("A second takes", "1초의 길이");
pub(super) const RUNS: Text = t("Runs", "횟수");
pub(super) const TOLERANCE: Text = t("Tolerance", "허용 오차");
pub(super) const START: Text = t("Run for real", "실제로 실행");
pub(super) const CANCEL: Text = t("Cancel", "취소");
pub(super) const NOT_SOUND: Text = t(
    "The script has errors: there is nothing to run yet.",
    "스크립트에 오류가 있어 아직 실행할 것이 없습니다.",
);
pub(super) const CANCELLED: Text = t(
    "Cancelled. The run has been ended with all that it started.",
    "취소했습니다. 실행과 그것이 시작한 모든 것을 끝냈습니다.",
);
pub(super) const OLDER: Text = t(
    "This was measured of an older script.",
    "이전 스크립트를 측정한 결과입니다.",
);
pub(super) const ON_THE_CHART: Text = t(
    "By task, the chart shows what was measured as pale bars behind the prediction.",
    "태스크별 차트에서 측정한 것은 예측 뒤의 옅은 막대입니다.",
);
pub(super) const TOTAL: Text = t("total", "총 시간");
pub(super) const TASK: Text = t("Task", "태스크");
pub(super) const BEGINS: Text = t("Begins", "시작");
pub(super) const ENDS: Text = t("Ends", "끝");
pub(super) const PREDICTED: Text = t("predicted", "예측");
pub(super) const MEASURED: Text = t("measured", "측정");
pub(super) const ERROR: Text = t("error", "오차");
pub(super) const PER_TASK: Text = t(
    "The error for each task, the worst first",
    "태스크별 오차, 큰 것부터",
);
pub(super) const NOT_PREDICTED: Text = t("was not predicted", "예측에 없음");
pub(super) const DID_NOT_APPEAR: Text = t("did not appear", "나타나지 않음");
pub(super) const ENDED_OTHERWISE: Text = t("ended otherwise", "다르게 끝남");
pub(super) const ORDER_UNCHECKED: Text = t(
    "The order was not compared: no loop decides it, or there are too many steps.",
    "순서는 비교하지 않았습니다. 루프가 정하지 않거나 단계가 너무 많습니다.",
);

pub(super) const OPEN_A_TRACE: Text = t("Open a measured trace", "측정한 기록 열기");
pub(super) const WHICH_TRACES: Text = t(
    "A file of `loopscope verify --trace`, or of VizTracer: choose it here, or drop it anywhere on this page. It stays in this browser.",
    "여기서 고르거나 이 페이지 아무 데나 놓으세요: `loopscope verify --trace`나 VizTracer가 쓴 파일. 파일은 이 브라우저를 떠나지 않습니다.",
);
pub(super) const NO_SCRIPT: Text = t(
    "Another tool's: what a thread did is its innermost function. Whom anybody waited for is not in it, so there are no findings.",
    "다른 도구의 기록입니다. 스레드가 한 일은 가장 안쪽 함수입니다. 누구를 기다렸는지는 들어 있지 않아 문제점은 찾지 않습니다.",
);
pub(super) const LOOKING: Text = t("looking closer…", "살펴보는 중…");
pub(super) const TOO_LONG: Text = t(
    "Too long to be looked at closer here.",
    "여기서 더 살펴보기에는 너무 깁니다.",
);

pub(super) fn reading(language: Language, name: &str) -> String {
    match language {
        Language::En => format!("reading `{name}`…"),
        Language::Ko => format!("`{name}` 읽는 중…"),
    }
}

pub(super) fn opened(language: Language, name: &str) -> String {
    match language {
        Language::En => format!("`{name}` is on the chart."),
        Language::Ko => format!("`{name}` 기록이 차트에 있습니다."),
    }
}

pub(super) fn left_out(language: Language, events: usize) -> String {
    match (language, events) {
        (Language::En, 1) => "1 event means nothing here and was left out.".to_owned(),
        (Language::En, _) => format!("{events} events mean nothing here and were left out."),
        (Language::Ko, _) => format!("여기서 뜻이 없는 이벤트 {events}개를 뺐습니다."),
    }
}

pub(super) fn not_opened(language: Language, name: &str) -> String {
    match language {
        Language::En => format!("`{name}` was not opened."),
        Language::Ko => format!("`{name}` 파일을 열 수 없습니다."),
    }
}

pub(super) fn serve_for(origin: &str) -> String {
    format!("{SERVE} --allow-origin {origin}")
}

pub(super) fn scale(language: Language, value: &str) -> String {
    match language {
        Language::En => format!("{value} s"),
        Language::Ko => format!("{value}초"),
    }
}

pub(super) fn runs(language: Language, value: &str) -> String {
    match language {
        Language::En => value.to_owned(),
        Language::Ko => format!("{value}번"),
    }
}

/// Where a run is.
pub(super) fn stage(language: Language, stage: Stage) -> String {
    match (stage, language) {
        (Stage::Greeting | Stage::Asked, _) => CONNECTING.of(language).to_owned(),
        (Stage::Queued { ahead: 0 }, Language::En) => "it is about to begin".to_owned(),
        (Stage::Queued { ahead: 0 }, Language::Ko) => "곧 시작합니다".to_owned(),
        (Stage::Queued { ahead }, Language::En) => format!("{ahead} runs are before it"),
        (Stage::Queued { ahead }, Language::Ko) => format!("앞에 {ahead}개가 있습니다"),
        (Stage::Running { run, runs, run_ns }, _) => {
            let length = brief(SimDuration::from_nanos(run_ns));
            match language {
                Language::En => format!("run {run} of {runs}, about {length} each"),
                Language::Ko => format!("{runs}번 중 {run}번째, 한 번에 약 {length}"),
            }
        }
    }
}

pub(super) fn seconds(language: Language, seconds: u32) -> String {
    match language {
        Language::En => format!("{seconds} s"),
        Language::Ko => format!("{seconds}초"),
    }
}

pub(super) fn verdict(language: Language, verdict: Verdict) -> &'static str {
    let text = match verdict {
        Verdict::Holds => t("The prediction holds.", "예측이 맞습니다."),
        Verdict::Fails => t("The prediction fails.", "예측이 틀립니다."),
        Verdict::TooNoisy => t(
            "Too noisy to say: the runs disagree, or this machine is busy.",
            "잡음이 많아 판단할 수 없습니다. 실행마다 다르거나 이 컴퓨터가 바쁩니다.",
        ),
    };
    text.of(language)
}

/// `asyncio, median of 3 runs (Python 3.11.7); a second of the script took 0.1 s`.
pub(super) fn where_run(
    language: Language,
    runtime: &str,
    versions: &str,
    runs: u32,
    scale: f64,
) -> String {
    let shrunk = scale != 1.0;
    match language {
        Language::En => {
            let runs = match runs {
                1 => "1 run".to_owned(),
                _ => format!("median of {runs} runs"),
            };
            let scale = match shrunk {
                true => format!("; a second of the script took {scale} s"),
                false => String::new(),
            };
            format!("{runtime}, {runs}{versions}{scale}")
        }
        Language::Ko => {
            let runs = match runs {
                1 => "한 번 실행".to_owned(),
                _ => format!("{runs}번의 중앙값"),
            };
            let scale = match shrunk {
                true => format!("; 스크립트의 1초를 {scale}초로 실행"),
                false => String::new(),
            };
            format!("{runtime}, {runs}{versions}{scale}")
        }
    }
}

pub(super) fn spread(language: Language, from: &str, to: &str) -> String {
    match language {
        Language::En => format!("runs from {from} to {to}"),
        Language::Ko => format!("실행마다 {from}에서 {to}"),
    }
}

pub(super) fn tolerance(language: Language, percent: f64, slack: &str) -> String {
    match language {
        Language::En => format!("tolerance {percent} % and {slack}"),
        Language::Ko => format!("허용 오차 {percent} % 더하기 {slack}"),
    }
}

pub(super) fn same_order(language: Language, steps: usize) -> String {
    match language {
        Language::En => format!("The order was as promised in every run ({steps} steps)."),
        Language::Ko => format!("순서는 모든 실행에서 약속대로였습니다({steps}단계)."),
    }
}

pub(super) fn broken_order(
    language: Language,
    (broken, runs): (u32, u32),
    earlier: &str,
    later: &str,
) -> String {
    match language {
        Language::En => format!(
            "The order was other than promised in {broken} of {runs} runs: {later} came before {earlier}."
        ),
        Language::Ko => format!(
            "{runs}번 가운데 {broken}번은 순서가 약속과 달랐습니다: {later} 다음에 {earlier}."
        ),
    }
}

pub(super) fn step(language: Language, name: &str, step: &Step) -> String {
    let what = match &*step.kind {
        "start" => t("starts", "시작"),
        "print" => t("prints", "출력"),
        "respond" => t("responds", "응답"),
        _ => t("ends", "끝"),
    };
    format!("`{name}` {}", what.of(language))
}

pub(super) fn others(language: Language, cores: f64) -> String {
    match language {
        Language::En => format!("Other programs used {cores:.1} cores meanwhile."),
        Language::Ko => format!("그동안 다른 프로그램이 코어 {cores:.1}개를 썼습니다."),
    }
}

pub(super) fn more(language: Language, count: usize) -> String {
    match language {
        Language::En => format!("{count} more, with smaller errors"),
        Language::Ko => format!("오차가 더 작은 {count}개"),
    }
}

/// `None` of what only a newer page knows.
pub(super) fn note(language: Language, note: &Note) -> Option<String> {
    let text = match note {
        Note::FewerCores { script, machine } => match language {
            Language::En => format!(
                "The script has {script} cores and this machine {machine}: compared with the prediction for {machine}."
            ),
            Language::Ko => format!(
                "스크립트의 코어는 {script}개, 이 컴퓨터는 {machine}개: {machine}개의 예측과 비교했습니다."
            ),
        },
        Note::OneProcess { servers } => match language {
            Language::En => format!(
                "The script has {servers} servers, and this runtime is one process: compared with the prediction for one."
            ),
            Language::Ko => format!(
                "스크립트의 서버는 {servers}개, 이 런타임은 프로세스 하나: 하나의 예측과 비교했습니다."
            ),
        },
        Note::GilIsOn => t(
            "The script turns the GIL off, and this Python has one: compared with the prediction with it.",
            "스크립트는 GIL을 껐지만 이 Python에는 있습니다. GIL이 있는 예측과 비교했습니다.",
        )
        .of(language)
        .to_owned(),
        Note::NoGil => t(
            "This runtime has no GIL: compared with the prediction without one.",
            "이 런타임에는 GIL이 없습니다. GIL 없는 예측과 비교했습니다.",
        )
        .of(language)
        .to_owned(),
        Note::EveryTaskAThread => t(
            "Every task is a thread here, and what awaits in the script blocks: compared with the prediction for that.",
            "여기서는 모든 태스크가 스레드이고 await 대신 블로킹합니다. 그 예측과 비교했습니다.",
        )
        .of(language)
        .to_owned(),
        Note::NoCosts => t(
            "The costs are Python's, and this runtime is none: compared with the prediction without them.",
            "비용은 Python의 것이고 이 런타임은 Python이 아닙니다. 비용 없는 예측과 비교했습니다.",
        )
        .of(language)
        .to_owned(),
        Note::RandomLengths => t(
            "The script draws lengths, and the real run draws its own: this cannot fail.",
            "스크립트가 시간을 무작위로 정하고 실제 실행은 따로 정하므로, 틀렸다고 할 수 없습니다.",
        )
        .of(language)
        .to_owned(),
        Note::Unknown => return None,
    };
    Some(text)
}

/// What happened, and what to do about it.
pub(super) fn trouble(language: Language, trouble: &Trouble, origin: &str) -> (String, String) {
    let (what, remedy) = match trouble {
        Trouble::NoToken => (
            t(
                "This page does not know the companion's token.",
                "이 페이지는 동반 프로그램의 토큰을 모릅니다.",
            ),
            t(
                "Open the whole address that `loopscope serve` printed, with `#t=` and what follows; or paste it here.",
                "`loopscope serve`가 출력한 주소를 `#t=`까지 모두 열거나, 여기에 붙여 넣으세요.",
            ),
        ),
        Trouble::Address => (
            t(
                "This is not the address of a companion on this machine.",
                "이 컴퓨터에 있는 동반 프로그램의 주소가 아닙니다.",
            ),
            t(
                "Paste all of what `loopscope serve` printed: `http://127.0.0.1:` and a number, then `/#t=` and 64 digits.",
                "`loopscope serve`가 출력한 것을 모두 붙여 넣으세요: `http://127.0.0.1:`과 번호, `/#t=`과 64자리.",
            ),
        ),
        Trouble::Silent => {
            let remedy = match language {
                Language::En => format!(
                    "Start it with `{}`, and paste the new address. If it runs, the browser keeps this page from it: \
                     open the companion's own address instead.",
                    serve_for(origin)
                ),
                Language::Ko => format!(
                    "`{}`로 시작하고 새 주소를 붙여 넣으세요. 이미 실행 중이라면 브라우저가 막고 있는 것이니, \
                     동반 프로그램의 주소를 직접 여세요.",
                    serve_for(origin)
                ),
            };
            let what = t(
                "No companion answers at this address.",
                "이 주소에서 답하는 동반 프로그램이 없습니다.",
            );
            return (what.of(language).to_owned(), remedy);
        }
        Trouble::Denied => (
            t(
                "The browser does not let this page reach programs on this machine.",
                "브라우저가 이 페이지에서 이 컴퓨터의 프로그램에 닿는 것을 막고 있습니다.",
            ),
            t(
                "Allow it in the settings for this site (apps on this device, or local network), or open the companion's own address.",
                "이 사이트의 설정에서 허용하거나(이 기기의 앱, 또는 로컬 네트워크), 동반 프로그램의 주소를 직접 여세요.",
            ),
        ),
        Trouble::Stranger => (
            t(
                "Something answers at this address, but it is no companion.",
                "이 주소에서 무언가 답하지만 동반 프로그램이 아닙니다.",
            ),
            t(
                "Start `loopscope serve` again and use the address that it prints.",
                "`loopscope serve`를 다시 시작하고 출력된 주소를 쓰세요.",
            ),
        ),
        Trouble::Proof => (
            t(
                "What answers at this address does not know the token, so it was not sent anything.",
                "이 주소에서 답하는 것이 토큰을 모르므로 아무것도 보내지 않았습니다.",
            ),
            t(
                "It is another program, or a companion that was started anew: use the address that it printed last.",
                "다른 프로그램이거나 새로 시작한 동반 프로그램입니다. 마지막으로 출력된 주소를 쓰세요.",
            ),
        ),
        Trouble::CutOff => (
            t(
                "The companion has ended in the middle of the run.",
                "실행하는 도중에 동반 프로그램이 끝났습니다.",
            ),
            t(
                "Start `loopscope serve` again and open the address that it prints. The script is kept.",
                "`loopscope serve`를 다시 시작하고 출력된 주소를 여세요. 스크립트는 남아 있습니다.",
            ),
        ),
        Trouble::Garbled => (
            t(
                "The companion sent something that this page cannot read.",
                "동반 프로그램이 이 페이지가 읽을 수 없는 것을 보냈습니다.",
            ),
            t(
                "Page and companion may be of different versions: open the companion's own address.",
                "페이지와 동반 프로그램의 버전이 다를 수 있습니다. 동반 프로그램의 주소를 직접 여세요.",
            ),
        ),
        Trouble::Failed(failed) => {
            return (
                what_failed(&failed.code).of(language).to_owned(),
                remedy(&failed.code).map_or_else(String::new, |text| text.of(language).to_owned()),
            );
        }
    };
    (what.of(language).to_owned(), remedy.of(language).to_owned())
}

fn what_failed(code: &str) -> Text {
    match code {
        "missing" => t("This runtime is not there.", "이 런타임이 없습니다."),
        "unsupported" => t(
            "This runtime has nothing for something in the script.",
            "스크립트에 이 런타임이 할 수 없는 것이 있습니다.",
        ),
        "no_jobs" => t(
            "The script sends no job, so Celery has nothing to do.",
            "스크립트가 작업을 보내지 않아 Celery가 할 일이 없습니다.",
        ),
        "no_prediction" => t(
            "The simulation stopped at a limit: there is nothing to compare with.",
            "시뮬레이션이 한도에서 멈춰 비교할 것이 없습니다.",
        ),
        "timed_out" => t(
            "The run took much longer than predicted, and was ended.",
            "예측보다 훨씬 오래 걸려 실행을 끝냈습니다.",
        ),
        "crashed" => t("The run broke down.", "실행이 실패했습니다."),
        "interrupted" => t(
            "The run was ended before anything was complete.",
            "아무것도 끝나기 전에 실행이 중단되었습니다.",
        ),
        "too_much" | "too_large" => t(
            "This is more than the companion runs for a page.",
            "동반 프로그램이 페이지를 위해 실행하는 한도를 넘습니다.",
        ),
        "invalid_script" => t(
            "The companion found an error in the script.",
            "동반 프로그램이 스크립트에서 오류를 찾았습니다.",
        ),
        "busy" => t(
            "Too many runs wait already.",
            "이미 너무 많은 실행이 기다리고 있습니다.",
        ),
        "origin" | "host" => t(
            "The companion does not answer this page.",
            "동반 프로그램이 이 페이지에는 답하지 않습니다.",
        ),
        "token" => t(
            "The companion knows another token.",
            "동반 프로그램의 토큰이 다릅니다.",
        ),
        _ => t(
            "The companion could not do it.",
            "동반 프로그램이 실행하지 못했습니다.",
        ),
    }
}

fn remedy(code: &str) -> Option<Text> {
    Some(match code {
        "missing" => t(
            "Install it, then look again:",
            "설치한 다음 다시 확인하세요.",
        ),
        "unsupported" => t(
            "Choose another runtime; asyncio has everything but jobs.",
            "다른 런타임을 고르세요. asyncio는 작업을 뺀 모든 것을 합니다.",
        ),
        "no_jobs" => t(
            "Write `send f` for a `def f`, or choose another runtime.",
            "`def f`를 `send f`로 보내거나 다른 런타임을 고르세요.",
        ),
        "no_prediction" => t("Make the script shorter.", "스크립트를 줄이세요."),
        "timed_out" => t(
            "Close what keeps this machine busy, or let a second take less.",
            "컴퓨터를 바쁘게 하는 것을 닫거나 1초의 길이를 줄이세요.",
        ),
        "too_much" => t(
            "Let a second take less, or ask for fewer runs or tasks.",
            "1초의 길이를 줄이거나, 횟수나 태스크를 줄이세요.",
        ),
        "too_large" => t("Make the script shorter.", "스크립트를 줄이세요."),
        "busy" => t("Try again in a moment.", "잠시 뒤에 다시 해 보세요."),
        "origin" | "host" => t(
            "Start it with `--allow-origin` and the address of this page, or open its own address.",
            "`--allow-origin`과 이 페이지의 주소로 시작하거나, 동반 프로그램의 주소를 직접 여세요.",
        ),
        "interrupted" => t(
            "If the companion has ended, start `loopscope serve` again and open the address that it prints. The script is kept.",
            "동반 프로그램이 끝났다면 `loopscope serve`를 다시 시작하고 출력된 주소를 여세요. 스크립트는 남아 있습니다.",
        ),
        "token" => t(
            "Use the address that `loopscope serve` printed last.",
            "`loopscope serve`가 마지막으로 출력한 주소를 쓰세요.",
        ),
        "crashed" | "system" | "broken" => t(
            "Run `loopscope verify` in a terminal to see more.",
            "터미널에서 `loopscope verify`를 실행해 자세히 보세요.",
        ),
        _ => return None,
    })
}
