//! The page's words, in every language: a constant each, and complete, because
//! a [`Text`] cannot be made with one of them missing.
//!
//! Sentences that hold names and numbers are in [`super::sentences`]; messages
//! about the script come from the core.

use crate::language::{Language, Text};

const fn t(en: &'static str, ko: &'static str) -> Text {
    Text::new(en, ko)
}

// The frame.
pub(in crate::web) const LESSONS: Text = t("Lessons", "실험");
pub(in crate::web) const SHARE: Text = t("Share", "공유");
pub(in crate::web) const HELP: Text = t("Keys and legend", "단축키와 범례");
pub(in crate::web) const CLOSE: Text = t("Close", "닫기");
pub(in crate::web) const THEME_AUTO: Text = t("Colours: as the system", "색상: 시스템 설정");
pub(in crate::web) const THEME_LIGHT: Text = t("Colours: light", "색상: 밝게");
pub(in crate::web) const THEME_DARK: Text = t("Colours: dark", "색상: 어둡게");
pub(in crate::web) const SKIP_TO_SCRIPT: Text = t("Skip to the script", "스크립트로 건너뛰기");
pub(in crate::web) const NOTHING_LEAVES: Text = t(
    "Everything runs on your device. Nothing leaves it.",
    "모든 것은 이 기기 안에서 실행되며, 아무것도 밖으로 나가지 않습니다.",
);

// The tour.
pub(in crate::web) const TOUR: Text = t("A tour in four steps", "네 단계로 둘러보기");
pub(in crate::web) const TOUR_OFFER: Text = t(
    "New here? Four steps show you around.",
    "처음이신가요? 네 단계로 안내해 드립니다.",
);
pub(in crate::web) const TOUR_START: Text = t("Show me", "둘러보기");
pub(in crate::web) const TOUR_LEAVE: Text = t("Skip the tour", "건너뛰기");
pub(in crate::web) const TOUR_NEXT: Text = t("Next", "다음");
pub(in crate::web) const TOUR_BACK: Text = t("Back", "이전");
pub(in crate::web) const TOUR_DONE: Text = t("Done", "완료");
pub(in crate::web) const TOUR_SCRIPT: Text = t("Say what tasks do", "태스크가 하는 일을 쓰세요");
pub(in crate::web) const TOUR_SCRIPT_TEXT: Text = t(
    "`cpu` works and holds the loop, `await` waits and holds nothing, `block` waits and holds its thread. Change a number: the chart follows as you type.",
    "`cpu`는 일하며 루프를 붙잡고, `await`는 아무것도 붙잡지 않고 기다리고, `block`은 스레드를 붙잡고 기다립니다. 숫자를 바꾸면 차트가 바로 따라옵니다.",
);
pub(in crate::web) const TOUR_CHART: Text = t("See who runs when", "누가 언제 실행되는지 보세요");
pub(in crate::web) const TOUR_CHART_TEXT: Text = t(
    "A row is a task, and time goes to the right. Dotted means ready, but kept waiting. Drag the end of a bar, and the script follows.",
    "한 줄이 태스크 하나이고, 시간은 오른쪽으로 흐릅니다. 점무늬는 준비되었지만 차례를 기다리는 시간입니다. 막대의 끝을 끌면 스크립트가 바뀝니다.",
);
pub(in crate::web) const TOUR_TIME: Text =
    t("Go through it step by step", "한 단계씩 따라가 보세요");
pub(in crate::web) const TOUR_TIME_TEXT: Text = t(
    "Play it, or step one decision on and back. Below the chart stands who is next, who waits, and for what.",
    "재생하거나, 결정을 하나씩 앞뒤로 옮겨 보세요. 차트 아래에 다음은 누구인지, 누가 무엇을 기다리는지 나옵니다.",
);
pub(in crate::web) const TOUR_WHY: Text = t("Ask why", "이유를 물어보세요");
pub(in crate::web) const TOUR_WHY_TEXT: Text = t(
    "Findings name the line that makes others wait, and a change that helps. Select a waiting bar to ask why it waits; compare, sweep, or guess first.",
    "다른 태스크를 기다리게 하는 줄과 도움이 되는 변경을 알려 줍니다. 기다리는 막대를 고르면 이유를 볼 수 있습니다. 비교하고, 범위를 바꾸고, 먼저 예상해 보세요.",
);

// The script.
pub(in crate::web) const SCRIPT: Text = t("Script", "스크립트");
pub(in crate::web) const SAVED: Text = t("autosaved", "자동 저장됨");
pub(in crate::web) const NOT_SAVED: Text = t(
    "not saved: this browser refuses storage",
    "저장 안 됨: 브라우저가 저장을 거부합니다",
);
pub(in crate::web) const FORMAT: Text = t("Format", "정렬");
pub(in crate::web) const PROBLEMS: Text = t("Problems", "문제");
pub(in crate::web) const HIDE_SCRIPT: Text = t("Done", "완료");
pub(in crate::web) const EDIT_SCRIPT: Text = t("Edit script", "스크립트 편집");
pub(in crate::web) const SAVED_ELSEWHERE: Text = t(
    "Another tab has saved a newer script.",
    "다른 탭에서 더 새로운 스크립트를 저장했습니다.",
);
pub(in crate::web) const OPEN_IT: Text = t("Open it here", "여기서 열기");
pub(in crate::web) const KEEP_MINE: Text = t("Keep this one", "이 스크립트 유지");
pub(in crate::web) const RESTORE: Text = t("Bring mine back", "내 스크립트 되찾기");
pub(in crate::web) const SETTINGS: Text = t("Machine", "실행 환경");
pub(in crate::web) const CORES: Text = t("cores", "코어");
pub(in crate::web) const POOL: Text = t("pool", "스레드 풀");
pub(in crate::web) const GIL: Text = t("GIL", "GIL");
pub(in crate::web) const SERVERS: Text = t("servers", "서버");
pub(in crate::web) const PROCESSES: Text = t("processes", "프로세스");
pub(in crate::web) const JOBS: Text = t("job workers", "작업자");
pub(in crate::web) const SEED: Text = t("seed", "시드");
pub(in crate::web) const MORE_SETTINGS: Text = t("more", "더 보기");
pub(in crate::web) const ON: Text = t("on", "켬");
pub(in crate::web) const OFF: Text = t("off", "끔");

// The result.
pub(in crate::web) const RESULT: Text = t("Result", "결과");
pub(in crate::web) const TOTAL: Text = t("Total elapsed", "총 소요 시간");
pub(in crate::web) const LONGEST_FREEZE: Text = t("longest freeze", "가장 긴 멈춤");
pub(in crate::web) const LOOP_LAG: Text = t("loop lag", "루프 지연");
pub(in crate::web) const LATENCY: Text = t("p95 latency", "지연 p95");
pub(in crate::web) const THREADS_PEAK: Text = t("threads at peak", "최대 스레드");
pub(in crate::web) const POOL_QUEUE_PEAK: Text = t("pool queue at peak", "풀 대기 최대");
pub(in crate::web) const WAITED: Text = t("others waited", "서로 기다림");
pub(in crate::web) const IN_SUM: Text = t("in sum", "모두 더해");
pub(in crate::web) const CPU_USED: Text = t("CPU used", "CPU 사용");
pub(in crate::web) const NONE: Text = t("none", "없음");
pub(in crate::web) const EXPECTED: Text = t("Expectations", "기대값");
pub(in crate::web) const MET: Text = t("met", "맞음");
pub(in crate::web) const MISSED: Text = t("missed", "틀림");
pub(in crate::web) const BY_TASK_FIGURES: Text = t("Figures for each task", "태스크별 수치");
pub(in crate::web) const TASK: Text = t("task", "태스크");
pub(in crate::web) const COUNT: Text = t("runs", "실행");
pub(in crate::web) const FIRST_START: Text = t("first start", "첫 시작");
pub(in crate::web) const LAST_FINISH: Text = t("last finish", "마지막 종료");
pub(in crate::web) const PER_SECOND: Text = t("per second", "초당");
pub(in crate::web) const DONE: Text = t("done", "완료");
pub(in crate::web) const NOT_OVER: Text = t("not over", "끝나지 않음");
pub(in crate::web) const FAILED: Text = t("failed", "실패");
pub(in crate::web) const CANCELLED_COUNT: Text = t("cancelled", "취소됨");

// Running.
pub(in crate::web) const CANCEL: Text = t("Cancel", "취소");
pub(in crate::web) const RUN_AGAIN: Text = t("Run again", "다시 실행");
pub(in crate::web) const CANCELLED: Text = t(
    "Cancelled. The script is as you left it.",
    "취소했습니다. 스크립트는 그대로 있습니다.",
);
pub(in crate::web) const CRASHED: Text = t(
    "The simulator broke on this script. That is our mistake, not yours; your text is safe and the next run starts clean.",
    "이 스크립트에서 시뮬레이터가 멈췄습니다. 작성하신 내용은 안전하며, 다음 실행은 새로 시작합니다.",
);
pub(in crate::web) const COPY_REPORT: Text = t("Copy a report", "오류 보고 복사");
pub(in crate::web) const NO_WORKER: Text = t(
    "This browser starts no worker here; the simulation runs in the page, in small slices.",
    "이 환경에서는 워커를 시작할 수 없어, 페이지 안에서 조금씩 나누어 시뮬레이션합니다.",
);
pub(in crate::web) const STALE_CHART: Text = t(
    "The chart shows the last script without errors.",
    "차트는 오류가 없던 마지막 스크립트를 보여 줍니다.",
);
pub(in crate::web) const EMPTY_TITLE: Text = t("Nothing to run yet", "아직 실행할 것이 없습니다");
pub(in crate::web) const EMPTY_TEXT: Text = t(
    "Write a task in the script, for example",
    "스크립트에 태스크를 적어 보세요. 예:",
);
pub(in crate::web) const EMPTY_EXAMPLE: Text =
    t("pasta: cpu 3 -> await 5", "파스타: cpu 3초 -> await 5초");
pub(in crate::web) const OPEN_LESSON: Text = t("Open a lesson", "실험 열기");
pub(in crate::web) const FIRST_CHART: Text = t("Drawing the first chart…", "첫 차트를 그리는 중…");

// The chart.
pub(in crate::web) const CHART: Text = t("Schedule", "일정");
pub(in crate::web) const BY_TASK: Text = t("By task", "태스크별");
pub(in crate::web) const BY_THREAD: Text = t("By thread", "스레드별");
pub(in crate::web) const ZOOM_IN: Text = t("Zoom in", "확대");
pub(in crate::web) const ZOOM_OUT: Text = t("Zoom out", "축소");
pub(in crate::web) const FIT: Text = t("Fit", "맞춤");
pub(in crate::web) const CHART_ROLE: Text = t("Gantt chart", "간트 차트");
pub(in crate::web) const MINIMAP: Text = t(
    "Overview; drag to choose what is shown",
    "전체 보기: 끌어서 보일 범위를 고릅니다",
);
pub(in crate::web) const ASK_A_BAR: Text = t(
    "Point at a bar to ask what it is.",
    "막대를 가리키면 설명이 나옵니다.",
);
pub(in crate::web) const ASK_OR_DRAG_A_BAR: Text = t(
    "Point at a bar to ask what it is; drag its end to make it longer.",
    "막대를 가리키면 설명이 나오고, 끝을 끌면 길이가 바뀝니다.",
);
pub(in crate::web) const LEGEND: Text = t("Legend", "범례");
pub(in crate::web) const LEGEND_IN_WORDS: Text = t("What the colours mean", "색과 무늬의 뜻");
pub(in crate::web) const AS_TABLE: Text = t("The chart as a table", "차트를 표로 보기");
pub(in crate::web) const STATE: Text = t("state", "상태");
pub(in crate::web) const FROM: Text = t("from", "시작");
pub(in crate::web) const TO: Text = t("to", "끝");
pub(in crate::web) const LENGTH: Text = t("length", "길이");
pub(in crate::web) const LINE: Text = t("line", "줄");
pub(in crate::web) const WHY: Text = t("why", "이유");
pub(in crate::web) const EARLIER_LINES: Text = t("Earlier", "이전");
pub(in crate::web) const LATER_LINES: Text = t("Later", "다음");
pub(in crate::web) const PART_ONLY: Text = t(
    "Only what the chart shows of the time.",
    "차트에 보이는 시간대만 담았습니다.",
);

// Time.
pub(in crate::web) const TO_START: Text = t("To the start", "처음으로");
pub(in crate::web) const STEP_BACK: Text = t("step", "이전");
pub(in crate::web) const STEP_BACK_LONG: Text = t("One step back", "이전 단계로");
pub(in crate::web) const STEP: Text = t("step", "다음");
pub(in crate::web) const STEP_LONG: Text = t("One step on", "다음 단계로");
pub(in crate::web) const PLAY: Text = t("Play", "재생");
pub(in crate::web) const PAUSE: Text = t("Pause", "일시 정지");
pub(in crate::web) const TIME: Text = t("Time", "시각");
pub(in crate::web) const SPEED: Text = t("Speed", "속도");

pub(in crate::web) const IN_TEN_SECONDS: Text = t("all in 10 s", "전체를 10초에");
pub(in crate::web) const NOTHING_YET: Text = t(
    "Nothing has happened yet.",
    "아직 아무 일도 일어나지 않았습니다.",
);

// Now.
pub(in crate::web) const NOW: Text = t("At this instant", "지금 이 순간");
pub(in crate::web) const NOW_RUNNING: Text = t("Running", "실행 중");
pub(in crate::web) const NOW_READY: Text = t("Ready queue", "준비 큐");
pub(in crate::web) const NOW_WAITING: Text = t("Waiting", "대기 중");
pub(in crate::web) const NOBODY: Text = t("nobody", "없음");
pub(in crate::web) const IDLE: Text = t("idle", "쉬는 중");
pub(in crate::web) const POOL_NAME: Text = t("Thread pool", "스레드 풀");
pub(in crate::web) const EXECUTOR_NAME: Text = t("Executor", "실행기");
pub(in crate::web) const PROCESS_NAME: Text = t("Processes", "프로세스 풀");
pub(in crate::web) const JOB_NAME: Text = t("Job queue", "작업 큐");
pub(in crate::web) const QUEUED: Text = t("Queue", "기다리는 줄");

// Lessons.
pub(in crate::web) const LESSONS_INTRO: Text = t(
    "25 classic experiments. Each opens as a script that you can change; what you wrote before is kept.",
    "고전적인 실험 25가지입니다. 열면 바꿔 볼 수 있는 스크립트가 나오고, 쓰던 글은 보관됩니다.",
);
pub(in crate::web) const LESSONS_AWAITED: Text = t("They are on their way …", "가져오는 중입니다…");
pub(in crate::web) const LESSONS_LACKING: Text = t(
    "The lessons cannot be loaded now. Check the connection, then open this again.",
    "지금은 실험을 가져올 수 없습니다. 연결을 확인한 뒤 다시 열어 주세요.",
);
pub(in crate::web) const SCRIPTS_OF_LESSON: Text =
    t("Scripts of this lesson", "이 실험의 스크립트");
pub(in crate::web) const TRY_IT: Text = t("Try it", "해 보기");
pub(in crate::web) const UNDO: Text = t("Undo", "되돌리기");
pub(in crate::web) const PREVIOUS_LESSON: Text = t("Previous lesson", "이전 실험");
pub(in crate::web) const NEXT_LESSON: Text = t("Next lesson", "다음 실험");
pub(in crate::web) const CLOSE_LESSON: Text = t("Close the lesson", "실험 설명 닫기");

// Sharing.
pub(in crate::web) const LINK: Text = t("Link", "링크");
pub(in crate::web) const LINK_HOLDS: Text = t(
    "The link itself holds the script; no server keeps it.",
    "스크립트는 링크 자체에 들어 있으며, 어떤 서버에도 저장되지 않습니다.",
);
pub(in crate::web) const COPY: Text = t("Copy", "복사");
pub(in crate::web) const COPIED: Text = t("Copied", "복사했습니다");
pub(in crate::web) const SELECT_AND_COPY: Text = t(
    "Select the text and copy it yourself",
    "텍스트를 선택해 직접 복사해 주세요",
);
pub(in crate::web) const DOWNLOAD: Text = t("Download", "내려받기");
pub(in crate::web) const DOWNLOAD_SVG: Text = t("Chart as SVG", "차트 SVG");
pub(in crate::web) const DOWNLOAD_PNG: Text = t("Chart as PNG", "차트 PNG");
pub(in crate::web) const DOWNLOAD_SCRIPT: Text = t("Script", "스크립트");
pub(in crate::web) const DOWNLOAD_TRACE: Text = t("Trace JSON", "트레이스 JSON");
pub(in crate::web) const DOWNLOAD_CSV: Text = t("Figures as CSV", "수치 CSV");
pub(in crate::web) const DOWNLOAD_PYTHON: Text = t("Runnable Python", "실행할 수 있는 Python");
pub(in crate::web) const DOWNLOAD_HINT: Text = t(
    "The trace opens in ui.perfetto.dev. The Python program does on real asyncio what the script says.",
    "트레이스는 ui.perfetto.dev에서 열립니다. Python 프로그램은 스크립트대로 실제 asyncio에서 실행됩니다.",
);
pub(in crate::web) const NO_FILE: Text = t(
    "The file could not be made: its program did not load. Try again when you are online.",
    "파일을 만들지 못했습니다. 필요한 프로그램을 불러오지 못했으니 온라인에서 다시 시도해 주세요.",
);
pub(in crate::web) const EMBED: Text = t("Embed code", "삽입 코드");
pub(in crate::web) const EMBED_HINT: Text = t(
    "For a course page. Without JavaScript the reader still sees the script.",
    "강의 페이지에 넣으세요. 자바스크립트가 없어도 스크립트는 보입니다.",
);
pub(in crate::web) const EMBED_FRAME: Text = t(
    "Where only a frame is allowed",
    "iframe만 넣을 수 있는 곳에",
);
pub(in crate::web) const MARKDOWN: Text = t("Markdown with a picture", "그림이 있는 Markdown");
pub(in crate::web) const MARKDOWN_HINT: Text = t(
    "Save the chart as SVG beside the page; a click on it opens this script.",
    "차트 SVG를 페이지 옆에 저장하세요. 그림을 누르면 이 스크립트가 열립니다.",
);
pub(in crate::web) const LONG_LINK: Text = t(
    "Some chat programs cut links as long as this one; a file is safer.",
    "이렇게 긴 링크는 일부 메신저에서 잘릴 수 있습니다. 파일이 더 안전합니다.",
);

// In another page.
pub(in crate::web) const GOAL: Text = t("Goal", "목표");
pub(in crate::web) const GOAL_REACHED: Text = t("reached", "달성");
pub(in crate::web) const GOAL_NOT_REACHED: Text = t("not yet", "아직 아님");
pub(in crate::web) const WHOLE_PAGE: Text = t("Open in Loopscope", "Loopscope에서 열기");
pub(in crate::web) const FROZEN: Text = t("This line stays as it is.", "이 줄은 바꿀 수 없습니다.");

// Keys.
pub(in crate::web) const KEYS_CHART: Text = t("With the chart focused", "차트에 초점이 있을 때");
pub(in crate::web) const KEYS_EDITOR: Text = t("In the script", "스크립트에서");
pub(in crate::web) const KEY_ZOOM: Text = t("zoom in and out", "확대와 축소");
pub(in crate::web) const KEY_PAN: Text = t("move along time", "시간축 이동");
pub(in crate::web) const KEY_HEIGHT: Text = t("higher and lower rows", "줄 높이 조절");
pub(in crate::web) const KEY_BARS: Text = t("from bar to bar", "막대 사이 이동");
pub(in crate::web) const KEY_FIT: Text = t("fit everything", "전체 맞춤");
pub(in crate::web) const KEY_STEP: Text = t("one decision back, on", "한 단계 뒤로, 앞으로");
pub(in crate::web) const KEY_PLAY: Text = t("play and pause", "재생과 일시 정지");
pub(in crate::web) const KEY_HELP: Text = t("this help", "이 도움말");
pub(in crate::web) const KEY_CLEAR: Text = t("clear the selection", "선택 해제");
pub(in crate::web) const KEY_COMPLETE: Text = t("complete", "자동 완성");
pub(in crate::web) const KEY_FORMAT: Text = t("format", "정렬");
pub(in crate::web) const KEY_NUDGE: Text = t("longer, shorter duration", "시간 늘리기, 줄이기");
pub(in crate::web) const KEY_TAB_OUT: Text = t("leave the editor", "편집기 나가기");

// When the page itself breaks.
pub(in crate::web) const PAGE_BROKE: Text = t(
    "Loopscope broke. Your script is kept; reload to go on. This is what happened:",
    "Loopscope에 오류가 났습니다. 스크립트는 보관되어 있으니 새로 고쳐 계속하세요. 오류 내용:",
);
pub(in crate::web) const RELOAD: Text = t("Reload", "새로 고침");
pub(in crate::web) const SAFE_MODE: Text = t(
    "The page broke several times with this script, so it was not run. Change it, or run it anyway.",
    "이 스크립트로 페이지가 여러 번 멈춰서 실행하지 않았습니다. 고치거나 그대로 실행해 보세요.",
);

/// CodeMirror's own words.
pub(in crate::web) const EDITOR_PHRASES: [(&str, Text); 6] = [
    ("Diagnostics", PROBLEMS),
    ("No diagnostics", t("No problems", "문제 없음")),
    ("Completions", t("Completions", "자동 완성")),
    ("close", CLOSE),
    ("Undo", t("Undo", "실행 취소")),
    ("Redo", t("Redo", "다시 실행")),
];

// Python in.
pub(in crate::web) const FROM_PYTHON: Text = t("From Python", "파이썬에서");
pub(in crate::web) const PYTHON_INTRO: Text = t(
    "Paste FastAPI handlers or a program with asyncio, threads, pools or Celery. It is read, never run, and stays in your browser.",
    "FastAPI 핸들러나 asyncio, 스레드, 풀, Celery를 쓰는 프로그램을 붙여 넣으세요. 읽기만 하고 실행하지 않으며, 브라우저 밖으로 나가지 않습니다.",
);
pub(in crate::web) const PYTHON_TEXT: Text = t("Python program", "파이썬 프로그램");
pub(in crate::web) const PYTHON_LIBRARY: Text = t(
    "How long your own libraries take",
    "직접 쓰는 라이브러리에 걸리는 시간",
);
pub(in crate::web) const PYTHON_EXAMPLE: &str =
    "@app.get(\"/\")\nasync def home():\n    time.sleep(3)";
pub(in crate::web) const LIBRARY_EXAMPLE: &str = "mylib.fetch await 250ms";
pub(in crate::web) const USE_SCRIPT: Text = t("Use this script", "이 스크립트 쓰기");

pub(in crate::web) fn python_line(language: Language, line: u32) -> String {
    match language {
        Language::En => format!("line {line}"),
        Language::Ko => format!("{line}번째 줄"),
    }
}

pub(in crate::web) fn bad_library(language: Language, line: usize) -> String {
    match language {
        Language::En => format!(
            "line {line} of the libraries is not of the form: name, then await, block, cpu or nothing, then a time"
        ),
        Language::Ko => format!(
            "라이브러리 {line}번째 줄의 형식이 다릅니다. 이름, await·block·cpu·nothing 중 하나, 시간을 차례로 쓰세요"
        ),
    }
}

// Guessing.
pub(in crate::web) const GUESS: Text = t("Guess", "맞혀 보기");
pub(in crate::web) const PROOF: Text = t("Verify", "실측");
pub(in crate::web) const MEASURED_TRACE: Text = t("A measured trace:", "측정한 기록:");
pub(in crate::web) const BACK_TO_SCRIPT: Text = t("Back to the script", "스크립트로 돌아가기");
pub(in crate::web) const GUESS_HINT: Text = t(
    "The chart is covered. What will happen? Read the script and say so first.",
    "차트를 가렸습니다. 스크립트를 읽고 어떻게 될지 먼저 말해 보세요.",
);
pub(in crate::web) const GUESS_TOTAL: Text = t("the total", "전체 시간");
pub(in crate::web) const GUESS_ORDER: Text = t("the order", "순서");
pub(in crate::web) const GUESS_BARS: Text = t("the bars", "막대");
pub(in crate::web) const GUESS_WHAT: Text = t("What to guess", "맞힐 것");
pub(in crate::web) const ASK_TOTAL: Text =
    t("How long does it take in all?", "모두 얼마나 걸리나요?");
pub(in crate::web) const ASK_ORDER: Text = t(
    "In which order are the tasks done? Their names, with commas between.",
    "태스크는 어떤 순서로 끝나나요? 이름을 쉼표로 나누어 쓰세요.",
);
pub(in crate::web) const ASK_BARS: Text = t(
    "When does each task begin, and when is it done? Draw its bar.",
    "각 태스크는 언제 시작해서 언제 끝나나요? 막대를 그려 보세요.",
);
pub(in crate::web) const CHECK_GUESS: Text = t("Check", "확인");
pub(in crate::web) const REVEAL: Text = t("Reveal", "답 보기");
pub(in crate::web) const EXERCISES: Text = t("Or take an exercise", "연습 문제 고르기");
pub(in crate::web) const OTHER_EXERCISES: Text = t("Other ones", "다른 문제");
pub(in crate::web) const BAR_START: Text = t("begins", "시작");
pub(in crate::web) const BAR_END: Text = t("is done", "끝");

// The closer look.
pub(in crate::web) const INSIGHT: Text = t("A closer look", "자세히 보기");
pub(in crate::web) const FINDINGS: Text = t("Findings", "문제점");
pub(in crate::web) const COMPARE: Text = t("Compare", "비교");
pub(in crate::web) const ORDERS: Text = t("Guaranteed?", "순서 보장");
pub(in crate::web) const DIFFERENCE: Text = t("What changed", "달라진 점");
pub(in crate::web) const SWEEP: Text = t("Sweep", "값 바꿔 보기");
pub(in crate::web) const LOOKING: Text = t("Working it out…", "계산하는 중…");
pub(in crate::web) const LOOK_FAILED: Text = t(
    "This could not be worked out. Change the script, or reload when you are online.",
    "계산하지 못했습니다. 스크립트를 바꾸거나, 온라인일 때 새로 고치세요.",
);
pub(in crate::web) const LONG_RUN: Text = t(
    "This run is long; a closer look takes several seconds.",
    "긴 실행이라 자세히 보려면 몇 초가 걸립니다.",
);
pub(in crate::web) const LOOK_ANYWAY: Text = t("Look closer", "자세히 보기");
pub(in crate::web) const SHOW_PATH: Text = t(
    "Show the critical path on the chart",
    "차트에 임계 경로 표시",
);
pub(in crate::web) const COMPARE_HINT: Text = t(
    "The same work, placed differently. All charts have one axis.",
    "같은 일을 다르게 배치한 결과입니다. 모든 차트의 시간축은 같습니다.",
);
pub(in crate::web) const ORDERS_HINT: Text = t(
    "Does the runtime promise that order, or do these durations happen to give it?",
    "런타임이 보장하는 순서일까요, 아니면 지금의 시간값 때문에 우연히 그렇게 된 것일까요?",
);
pub(in crate::web) const DIFFERENCE_HINT: Text = t(
    "Remember the script as it is, change it, and see the first event that differs.",
    "지금 스크립트를 기억해 두고 고쳐 보세요. 처음으로 달라지는 사건을 보여 줍니다.",
);
pub(in crate::web) const PIN: Text = t("Remember this script", "이 스크립트 기억하기");
pub(in crate::web) const SWEEP_HINT: Text = t(
    "What if there were more requests, fewer threads, a slower call? Write a range such as `run 1..1000`, `line 4 10ms..2s`, or two with a comma between.",
    "요청이 더 많다면, 스레드가 더 적다면, 호출이 더 느리다면? `run 1..1000`이나 `line 4 10ms..2s`처럼 범위를 쓰세요. 쉼표로 두 개를 쓸 수도 있습니다.",
);
pub(in crate::web) const SWEEP_RANGE: Text = t("What to vary", "바꿀 값");
pub(in crate::web) const SWEEP_START: Text = t("Try all", "모두 해 보기");
