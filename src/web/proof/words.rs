//! What the pane says, in every language.

use super::desk::Stage;
use super::report::{Note, Step, Verdict};
use super::trouble::Trouble;
use crate::language::{Language, Text, say, text};
use crate::scene::label::brief;
use crate::time::SimDuration;

pub(super) const INTRO: Text = text!(
    "Runs this script for real on this machine, and lays what was measured behind the prediction.",
    "이 스크립트를 이 컴퓨터에서 실제로 실행하고, 측정한 것을 예측 뒤에 그립니다."
);
pub(super) const GET_IT: Text = text!(
    "Real runs need the companion on this machine. Install it, start it, and open the address that it prints:",
    "실제 실행에는 이 컴퓨터의 동반 프로그램이 필요합니다. 설치하고, 시작하고, 출력된 주소를 여세요."
);
pub(super) const INSTALL: &str = "cargo install loopscope";
pub(super) const SERVE: &str = "loopscope serve";
pub(super) const OR_FROM_HERE: Text =
    text!("Or use it from this page", "또는 이 페이지에서 바로 쓰기");
pub(super) const NAME_THIS_PAGE: Text = text!(
    "Start it so that this page may ask, then paste the address that it prints:",
    "이 페이지가 물을 수 있게 시작한 다음, 출력된 주소를 붙여 넣으세요."
);
pub(super) const ADDRESS: Text = text!("The companion's address", "동반 프로그램의 주소");
pub(super) const CONNECT: Text = text!("Connect", "연결");
pub(super) const LOOK_AGAIN: Text = text!("Look again", "다시 확인");
pub(super) const CONNECTING: Text = text!("asking the companion…", "동반 프로그램에 묻는 중…");
pub(super) const COPY: Text = text!("Copy", "복사");
pub(super) const COPIED: Text = text!("Copied", "복사됨");
pub(super) const RUNTIME: Text = text!("Runtime", "런타임");
pub(super) const MISSING: Text = text!("Not there yet", "아직 없는 것");
pub(super) const SCALE: Text = text!("A second takes", "1초의 길이");
pub(super) const RUNS: Text = text!("Runs", "횟수");
pub(super) const TOLERANCE: Text = text!("Tolerance", "허용 오차");
pub(super) const START: Text = text!("Run for real", "실제로 실행");
pub(super) const CANCEL: Text = text!("Cancel", "취소");
pub(super) const NOT_SOUND: Text = text!(
    "The script has errors: there is nothing to run yet.",
    "스크립트에 오류가 있어 아직 실행할 것이 없습니다."
);
pub(super) const CANCELLED: Text = text!(
    "Cancelled. The run has been ended with all that it started.",
    "취소했습니다. 실행과 그것이 시작한 모든 것을 끝냈습니다."
);
pub(super) const OLDER: Text = text!(
    "This was measured of an older script.",
    "이전 스크립트를 측정한 결과입니다."
);
pub(super) const ON_THE_CHART: Text = text!(
    "By task, the chart shows what was measured as pale bars behind the prediction.",
    "태스크별 차트에서 측정한 것은 예측 뒤의 옅은 막대입니다."
);
pub(super) const TOTAL: Text = text!("total", "총 시간");
pub(super) const TASK: Text = text!("Task", "태스크");
pub(super) const BEGINS: Text = text!("Begins", "시작");
pub(super) const ENDS: Text = text!("Ends", "끝");
pub(super) const PREDICTED: Text = text!("predicted", "예측");
pub(super) const MEASURED: Text = text!("measured", "측정");
pub(super) const ERROR: Text = text!("error", "오차");
pub(super) const PER_TASK: Text = text!(
    "The error for each task, the worst first",
    "태스크별 오차, 큰 것부터"
);
pub(super) const NOT_PREDICTED: Text = text!("was not predicted", "예측에 없음");
pub(super) const DID_NOT_APPEAR: Text = text!("did not appear", "나타나지 않음");
pub(super) const ENDED_OTHERWISE: Text = text!("ended otherwise", "다르게 끝남");
pub(super) const ORDER_UNCHECKED: Text = text!(
    "The order was not compared: no loop decides it, or there are too many steps.",
    "순서는 비교하지 않았습니다. 루프가 정하지 않거나 단계가 너무 많습니다."
);

pub(super) const OPEN_A_TRACE: Text = text!("Open a measured trace", "측정한 기록 열기");
pub(super) const WHICH_TRACES: Text = text!(
    "A file of `loopscope verify --trace`, or of VizTracer: choose it here, or drop it anywhere on this page. It stays in this browser.",
    "여기서 고르거나 이 페이지 아무 데나 놓으세요: `loopscope verify --trace`나 VizTracer가 쓴 파일. 파일은 이 브라우저를 떠나지 않습니다."
);
pub(super) const NO_SCRIPT: Text = text!(
    "Another tool's: what a thread did is its innermost function. Whom anybody waited for is not in it, so there are no findings.",
    "다른 도구의 기록입니다. 스레드가 한 일은 가장 안쪽 함수입니다. 누구를 기다렸는지는 들어 있지 않아 문제점은 찾지 않습니다."
);
pub(super) const LOOKING: Text = text!("looking closer…", "살펴보는 중…");
pub(super) const TOO_LONG: Text = text!(
    "Too long to be looked at closer here.",
    "여기서 더 살펴보기에는 너무 깁니다."
);

pub(super) fn reading(language: Language, name: &str) -> String {
    say!(language, "reading `{name}`…", "`{name}` 읽는 중…", name)
}

pub(super) fn opened(language: Language, name: &str) -> String {
    say!(
        language,
        "`{name}` is on the chart.",
        "`{name}` 기록이 차트에 있습니다.",
        name
    )
}

pub(super) fn left_out(language: Language, events: usize) -> String {
    match events {
        1 => say!(
            language,
            "1 event means nothing here and was left out.",
            "여기서 뜻이 없는 이벤트 {events}개를 뺐습니다.",
            events
        ),
        _ => say!(
            language,
            "{events} events mean nothing here and were left out.",
            "여기서 뜻이 없는 이벤트 {events}개를 뺐습니다.",
            events
        ),
    }
}

pub(super) fn not_opened(language: Language, name: &str) -> String {
    say!(
        language,
        "`{name}` was not opened.",
        "`{name}` 파일을 열 수 없습니다.",
        name
    )
}

pub(super) fn serve_for(origin: &str) -> String {
    format!("{SERVE} --allow-origin {origin}")
}

pub(super) fn scale(language: Language, value: &str) -> String {
    say!(language, "{value} s", "{value}초", value)
}

pub(super) fn runs(language: Language, value: &str) -> String {
    say!(language, "{value}", "{value}번", value)
}

/// Where a run is.
pub(super) fn stage(language: Language, stage: Stage) -> String {
    match stage {
        Stage::Greeting | Stage::Asked => CONNECTING.of(language).to_owned(),
        Stage::Queued { ahead: 0 } => say!(language, "it is about to begin", "곧 시작합니다"),
        Stage::Queued { ahead } => say!(
            language,
            "{ahead} runs are before it",
            "앞에 {ahead}개가 있습니다",
            ahead
        ),
        Stage::Running { run, runs, run_ns } => {
            let length = brief(SimDuration::from_nanos(run_ns));
            say!(
                language,
                "run {run} of {runs}, about {length} each",
                "{runs}번 중 {run}번째, 한 번에 약 {length}",
                run,
                runs,
                length
            )
        }
    }
}

pub(super) fn seconds(language: Language, seconds: u32) -> String {
    say!(language, "{seconds} s", "{seconds}초", seconds)
}

pub(super) fn verdict(language: Language, verdict: Verdict) -> &'static str {
    let text = match verdict {
        Verdict::Holds => text!("The prediction holds.", "예측이 맞습니다."),
        Verdict::Fails => text!("The prediction fails.", "예측이 틀립니다."),
        Verdict::TooNoisy => text!(
            "Too noisy to say: the runs disagree, or this machine is busy.",
            "잡음이 많아 판단할 수 없습니다. 실행마다 다르거나 이 컴퓨터가 바쁩니다."
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
    let runs = match runs {
        1 => say!(language, "1 run", "한 번 실행"),
        _ => say!(language, "median of {runs} runs", "{runs}번의 중앙값", runs),
    };
    match shrunk {
        true => say!(
            language,
            "{runtime}, {runs}{versions}; a second of the script took {scale} s",
            "{runtime}, {runs}{versions}; 스크립트의 1초를 {scale}초로 실행",
            runtime,
            runs,
            versions,
            scale
        ),
        false => format!("{runtime}, {runs}{versions}"),
    }
}

pub(super) fn spread(language: Language, from: &str, to: &str) -> String {
    say!(
        language,
        "runs from {from} to {to}",
        "실행마다 {from}에서 {to}",
        from,
        to
    )
}

pub(super) fn tolerance(language: Language, percent: f64, slack: &str) -> String {
    say!(
        language,
        "tolerance {percent} % and {slack}",
        "허용 오차 {percent} % 더하기 {slack}",
        percent,
        slack
    )
}

pub(super) fn same_order(language: Language, steps: usize) -> String {
    say!(
        language,
        "The order was as promised in every run ({steps} steps).",
        "순서는 모든 실행에서 약속대로였습니다({steps}단계).",
        steps
    )
}

pub(super) fn broken_order(
    language: Language,
    (broken, runs): (u32, u32),
    earlier: &str,
    later: &str,
) -> String {
    say!(
        language,
        "The order was other than promised in {broken} of {runs} runs: {later} came before {earlier}.",
        "{runs}번 가운데 {broken}번은 순서가 약속과 달랐습니다: {later} 다음에 {earlier}.",
        broken,
        runs,
        later,
        earlier
    )
}

pub(super) fn step(language: Language, name: &str, step: &Step) -> String {
    let what = match &*step.kind {
        "start" => text!("starts", "시작"),
        "print" => text!("prints", "출력"),
        "respond" => text!("responds", "응답"),
        _ => text!("ends", "끝"),
    };
    format!("`{name}` {}", what.of(language))
}

pub(super) fn others(language: Language, cores: f64) -> String {
    say!(
        language,
        "Other programs used {cores} cores meanwhile.",
        "그동안 다른 프로그램이 코어 {cores}개를 썼습니다.",
        cores = format_args!("{cores:.1}")
    )
}

pub(super) fn more(language: Language, count: usize) -> String {
    say!(
        language,
        "{count} more, with smaller errors",
        "오차가 더 작은 {count}개",
        count
    )
}

/// `None` of what only a newer page knows.
pub(super) fn note(language: Language, note: &Note) -> Option<String> {
    let text = match note {
        Note::FewerCores { script, machine } => say!(language, "The script has {script} cores and this machine {machine}: compared with the prediction for {machine}.", "스크립트의 코어는 {script}개, 이 컴퓨터는 {machine}개: {machine}개의 예측과 비교했습니다.", script, machine),
        Note::OneProcess { servers } => say!(language, "The script has {servers} servers, and this runtime is one process: compared with the prediction for one.", "스크립트의 서버는 {servers}개, 이 런타임은 프로세스 하나: 하나의 예측과 비교했습니다.", servers),
        Note::GilIsOn => text!("The script turns the GIL off, and this Python has one: compared with the prediction with it.", "스크립트는 GIL을 껐지만 이 Python에는 있습니다. GIL이 있는 예측과 비교했습니다.")
        .of(language)
        .to_owned(),
        Note::NoGil => text!("This runtime has no GIL: compared with the prediction without one.", "이 런타임에는 GIL이 없습니다. GIL 없는 예측과 비교했습니다.")
        .of(language)
        .to_owned(),
        Note::EveryTaskAThread => text!("Every task is a thread here, and what awaits in the script blocks: compared with the prediction for that.", "여기서는 모든 태스크가 스레드이고 await 대신 블로킹합니다. 그 예측과 비교했습니다.")
        .of(language)
        .to_owned(),
        Note::NoCosts => text!("The costs are Python's, and this runtime is none: compared with the prediction without them.", "비용은 Python의 것이고 이 런타임은 Python이 아닙니다. 비용 없는 예측과 비교했습니다.")
        .of(language)
        .to_owned(),
        Note::RandomLengths => text!("The script draws lengths, and the real run draws its own: this cannot fail.", "스크립트가 시간을 무작위로 정하고 실제 실행은 따로 정하므로, 틀렸다고 할 수 없습니다.")
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
            text!(
                "This page does not know the companion's token.",
                "이 페이지는 동반 프로그램의 토큰을 모릅니다."
            ),
            text!(
                "Open the whole address that `loopscope serve` printed last, with `#c=` and what follows; or paste it here.",
                "`loopscope serve`가 마지막으로 출력한 주소를 `#c=` 뒤까지 모두 열거나, 여기에 붙여 넣으세요."
            ),
        ),
        Trouble::Spent => (
            text!(
                "This address is not valid any more: it was used already, or is older than ten minutes.",
                "더는 쓸 수 없는 주소입니다. 이미 쓰였거나 10분이 지났습니다."
            ),
            text!(
                "Open the address that `loopscope serve` printed last in its terminal, or paste it here; each works once. If it has ended, start it again.",
                "`loopscope serve`가 터미널에 마지막으로 출력한 주소를 열거나 여기에 붙여 넣으세요. 주소마다 한 번만 쓸 수 있습니다. 끝났다면 다시 시작하세요."
            ),
        ),
        Trouble::Address => (
            text!(
                "This is not the address of a companion on this machine.",
                "이 컴퓨터에 있는 동반 프로그램의 주소가 아닙니다."
            ),
            text!(
                "Paste all of what `loopscope serve` printed: `http://127.0.0.1:` and a number, then `/#c=` and 32 digits.",
                "`loopscope serve`가 출력한 것을 모두 붙여 넣으세요: `http://127.0.0.1:`과 번호, `/#c=`과 32자리."
            ),
        ),
        Trouble::Silent => {
            let remedy = say!(
                language,
                "Start it with `{origin}`, and paste the new address. If it runs, the browser keeps this page from it: \
                     open the companion's own address instead.",
                "`{origin}`로 시작하고 새 주소를 붙여 넣으세요. 이미 실행 중이라면 브라우저가 막고 있는 것이니, \
                     동반 프로그램의 주소를 직접 여세요.",
                origin = serve_for(origin)
            );
            let what = text!(
                "No companion answers at this address.",
                "이 주소에서 답하는 동반 프로그램이 없습니다."
            );
            return (what.of(language).to_owned(), remedy);
        }
        Trouble::Denied => (
            text!(
                "The browser does not let this page reach programs on this machine.",
                "브라우저가 이 페이지에서 이 컴퓨터의 프로그램에 닿는 것을 막고 있습니다."
            ),
            text!(
                "Allow it in the settings for this site (apps on this device, or local network), or open the companion's own address.",
                "이 사이트의 설정에서 허용하거나(이 기기의 앱, 또는 로컬 네트워크), 동반 프로그램의 주소를 직접 여세요."
            ),
        ),
        Trouble::Stranger => (
            text!(
                "Something answers at this address, but it is no companion.",
                "이 주소에서 무언가 답하지만 동반 프로그램이 아닙니다."
            ),
            text!(
                "Start `loopscope serve` again and use the address that it prints.",
                "`loopscope serve`를 다시 시작하고 출력된 주소를 쓰세요."
            ),
        ),
        Trouble::Proof => (
            text!(
                "What answers at this address does not know the token, so it was not sent anything.",
                "이 주소에서 답하는 것이 토큰을 모르므로 아무것도 보내지 않았습니다."
            ),
            text!(
                "It is another program, or a companion that was started anew: use the address that it printed last.",
                "다른 프로그램이거나 새로 시작한 동반 프로그램입니다. 마지막으로 출력된 주소를 쓰세요."
            ),
        ),
        Trouble::CutOff => (
            text!(
                "The companion has ended in the middle of the run.",
                "실행하는 도중에 동반 프로그램이 끝났습니다."
            ),
            text!(
                "Start `loopscope serve` again and open the address that it prints. The script is kept.",
                "`loopscope serve`를 다시 시작하고 출력된 주소를 여세요. 스크립트는 남아 있습니다."
            ),
        ),
        Trouble::Garbled => (
            text!(
                "The companion sent something that this page cannot read.",
                "동반 프로그램이 이 페이지가 읽을 수 없는 것을 보냈습니다."
            ),
            text!(
                "Page and companion may be of different versions: open the companion's own address.",
                "페이지와 동반 프로그램의 버전이 다를 수 있습니다. 동반 프로그램의 주소를 직접 여세요."
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
        "missing" => text!("This runtime is not there.", "이 런타임이 없습니다."),
        "unsupported" => text!(
            "This runtime has nothing for something in the script.",
            "스크립트에 이 런타임이 할 수 없는 것이 있습니다."
        ),
        "no_jobs" => text!(
            "The script sends no job, so Celery has nothing to do.",
            "스크립트가 작업을 보내지 않아 Celery가 할 일이 없습니다."
        ),
        "no_prediction" => text!(
            "The simulation stopped at a limit: there is nothing to compare with.",
            "시뮬레이션이 한도에서 멈춰 비교할 것이 없습니다."
        ),
        "timed_out" => text!(
            "The run took much longer than predicted, and was ended.",
            "예측보다 훨씬 오래 걸려 실행을 끝냈습니다."
        ),
        "crashed" => text!("The run broke down.", "실행이 실패했습니다."),
        "interrupted" => text!(
            "The run was ended before anything was complete.",
            "아무것도 끝나기 전에 실행이 중단되었습니다."
        ),
        "too_much" | "too_large" => text!(
            "This is more than the companion runs for a page.",
            "동반 프로그램이 페이지를 위해 실행하는 한도를 넘습니다."
        ),
        "invalid_script" => text!(
            "The companion found an error in the script.",
            "동반 프로그램이 스크립트에서 오류를 찾았습니다."
        ),
        "guesses" => text!(
            "Too many wrong addresses were tried.",
            "틀린 주소가 너무 많이 시도되었습니다."
        ),
        "busy" => text!(
            "Too many runs wait already.",
            "이미 너무 많은 실행이 기다리고 있습니다."
        ),
        "origin" | "host" => text!(
            "The companion does not answer this page.",
            "동반 프로그램이 이 페이지에는 답하지 않습니다."
        ),
        "token" => text!(
            "The companion knows another token.",
            "동반 프로그램의 토큰이 다릅니다."
        ),
        _ => text!(
            "The companion could not do it.",
            "동반 프로그램이 실행하지 못했습니다."
        ),
    }
}

fn remedy(code: &str) -> Option<Text> {
    Some(match code {
        "missing" => text!(
            "Install it, then look again:",
            "설치한 다음 다시 확인하세요."
        ),
        "unsupported" => text!(
            "Choose another runtime; asyncio has everything but jobs.",
            "다른 런타임을 고르세요. asyncio는 작업을 뺀 모든 것을 합니다."
        ),
        "no_jobs" => text!(
            "Write `send f` for a `def f`, or choose another runtime.",
            "`def f`를 `send f`로 보내거나 다른 런타임을 고르세요."
        ),
        "no_prediction" => text!("Make the script shorter.", "스크립트를 줄이세요."),
        "timed_out" => text!(
            "Close what keeps this machine busy, or let a second take less.",
            "컴퓨터를 바쁘게 하는 것을 닫거나 1초의 길이를 줄이세요."
        ),
        "too_much" => text!(
            "Let a second take less, or ask for fewer runs or tasks.",
            "1초의 길이를 줄이거나, 횟수나 태스크를 줄이세요."
        ),
        "too_large" => text!("Make the script shorter.", "스크립트를 줄이세요."),
        "busy" => text!("Try again in a moment.", "잠시 뒤에 다시 해 보세요."),
        "guesses" => text!("Try again in a minute.", "1분 뒤에 다시 해 보세요."),
        "origin" | "host" => text!(
            "Start it with `--allow-origin` and the address of this page, or open its own address.",
            "`--allow-origin`과 이 페이지의 주소로 시작하거나, 동반 프로그램의 주소를 직접 여세요."
        ),
        "interrupted" => text!(
            "If the companion has ended, start `loopscope serve` again and open the address that it prints. The script is kept.",
            "동반 프로그램이 끝났다면 `loopscope serve`를 다시 시작하고 출력된 주소를 여세요. 스크립트는 남아 있습니다."
        ),
        "token" => text!(
            "Use the address that `loopscope serve` printed last.",
            "`loopscope serve`가 마지막으로 출력한 주소를 쓰세요."
        ),
        "crashed" | "system" | "broken" => text!(
            "Run `loopscope verify` in a terminal to see more.",
            "터미널에서 `loopscope verify`를 실행해 자세히 보세요."
        ),
        _ => return None,
    })
}
