//! The page's words, in every language: a constant each, and complete, because
//! a [`Text`] cannot be made with one of them missing.
//!
//! Sentences that hold names and numbers are in [`super::sentences`]; messages
//! about the script come from the core.

use crate::language::Text;

const fn t(en: &'static str, ko: &'static str) -> Text {
    Text::new(en, ko)
}

// The frame.
pub const EXPLORE: Text = t("Explore", "살펴보기");
pub const LESSONS: Text = t("Lessons", "실험");
pub const SHARE: Text = t("Share", "공유");
pub const HELP: Text = t("Keys and legend", "단축키와 범례");
pub const CLOSE: Text = t("Close", "닫기");
pub const LANGUAGE: Text = t("Language", "언어");
pub const THEME: Text = t("Colours", "색상");
pub const THEME_AUTO: Text = t("Colours: as the system", "색상: 시스템 설정");
pub const THEME_LIGHT: Text = t("Colours: light", "색상: 밝게");
pub const THEME_DARK: Text = t("Colours: dark", "색상: 어둡게");
pub const SKIP_TO_SCRIPT: Text = t("Skip to the script", "스크립트로 건너뛰기");
pub const NOTHING_LEAVES: Text = t(
    "Everything runs in your browser. Nothing leaves it.",
    "모든 것은 브라우저 안에서 실행되며, 아무것도 밖으로 나가지 않습니다.",
);

// The script.
pub const SCRIPT: Text = t("Script", "스크립트");
pub const SAVED: Text = t("autosaved", "자동 저장됨");
pub const NOT_SAVED: Text = t(
    "not saved: this browser refuses storage",
    "저장 안 됨: 브라우저가 저장을 거부합니다",
);
pub const FORMAT: Text = t("Format", "정렬");
pub const PROBLEMS: Text = t("Problems", "문제");
pub const LOADING_EDITOR: Text = t(
    "plain text until the editor has loaded",
    "편집기를 불러오는 동안 일반 텍스트로 편집합니다",
);
pub const HIDE_SCRIPT: Text = t("Done", "완료");
pub const EDIT_SCRIPT: Text = t("Edit script", "스크립트 편집");
pub const RESTORE: Text = t("Bring mine back", "내 스크립트 되찾기");
pub const SETTINGS: Text = t("Machine", "실행 환경");
pub const CORES: Text = t("cores", "코어");
pub const POOL: Text = t("pool", "스레드 풀");
pub const GIL: Text = t("GIL", "GIL");
pub const SERVERS: Text = t("servers", "서버");
pub const PROCESSES: Text = t("processes", "프로세스");
pub const JOBS: Text = t("job workers", "작업 워커");
pub const SEED: Text = t("seed", "시드");
pub const MORE_SETTINGS: Text = t("more", "더 보기");
pub const ON: Text = t("on", "켬");
pub const OFF: Text = t("off", "끔");

// The result.
pub const RESULT: Text = t("Result", "결과");
pub const TOTAL: Text = t("Total elapsed", "총 소요 시간");
pub const LONGEST_FREEZE: Text = t("longest freeze", "가장 긴 멈춤");
pub const LOOP_LAG: Text = t("loop lag", "루프 지연");
pub const LATENCY: Text = t("p95 latency", "지연 p95");
pub const THREADS_PEAK: Text = t("threads at peak", "최대 스레드");
pub const POOL_QUEUE_PEAK: Text = t("pool queue at peak", "풀 대기 최대");
pub const CPU_USED: Text = t("CPU used", "CPU 사용");
pub const NONE: Text = t("none", "없음");
pub const EXPECTED: Text = t("Expectations", "기대값");
pub const MET: Text = t("met", "맞음");
pub const MISSED: Text = t("missed", "틀림");
pub const BY_TASK_FIGURES: Text = t("Figures for each task", "태스크별 수치");
pub const TASK: Text = t("task", "태스크");
pub const COUNT: Text = t("runs", "실행");
pub const FIRST_START: Text = t("first start", "첫 시작");
pub const LAST_FINISH: Text = t("last finish", "마지막 종료");
pub const PER_SECOND: Text = t("per second", "초당");
pub const FAILED: Text = t("failed", "실패");
pub const CANCELLED_COUNT: Text = t("cancelled", "취소됨");

// Running.
pub const RUNNING_NOW: Text = t("Simulating…", "시뮬레이션 중…");
pub const CANCEL: Text = t("Cancel", "취소");
pub const RUN_AGAIN: Text = t("Run again", "다시 실행");
pub const CANCELLED: Text = t(
    "Cancelled. The script is as you left it.",
    "취소했습니다. 스크립트는 그대로 있습니다.",
);
pub const CRASHED: Text = t(
    "The simulator broke on this script. That is our mistake, not yours; your text is safe and the next run starts clean.",
    "이 스크립트에서 시뮬레이터가 멈췄습니다. 작성하신 내용은 안전하며, 다음 실행은 새로 시작합니다.",
);
pub const COPY_REPORT: Text = t("Copy a report", "오류 보고 복사");
pub const NO_WORKER: Text = t(
    "This browser starts no worker here; the simulation runs in the page, in small slices.",
    "이 환경에서는 워커를 시작할 수 없어, 페이지 안에서 조금씩 나누어 시뮬레이션합니다.",
);
pub const STALE_CHART: Text = t(
    "The chart shows the last script without errors.",
    "차트는 오류가 없던 마지막 스크립트를 보여 줍니다.",
);
pub const EMPTY_TITLE: Text = t("Nothing to run yet", "아직 실행할 것이 없습니다");
pub const EMPTY_TEXT: Text = t(
    "Write a task in the script, for example",
    "스크립트에 태스크를 적어 보세요. 예:",
);
pub const EMPTY_EXAMPLE: Text = t("pasta: cpu 3 -> await 5", "파스타: cpu 3초 -> await 5초");
pub const OPEN_LESSON: Text = t("Open a lesson", "실험 열기");
pub const FIRST_CHART: Text = t("Drawing the first chart…", "첫 차트를 그리는 중…");

// The chart.
pub const CHART: Text = t("Schedule", "일정");
pub const BY_TASK: Text = t("By task", "태스크별");
pub const BY_THREAD: Text = t("By thread", "스레드별");
pub const ZOOM_IN: Text = t("Zoom in", "확대");
pub const ZOOM_OUT: Text = t("Zoom out", "축소");
pub const FIT: Text = t("Fit", "맞춤");
pub const CHART_ROLE: Text = t("Gantt chart", "간트 차트");
pub const MINIMAP: Text = t(
    "Overview; drag to choose what is shown",
    "전체 보기: 끌어서 보일 범위를 고릅니다",
);
pub const LEGEND: Text = t("Legend", "범례");
pub const TABLE: Text = t("Schedule as a table", "표로 보는 일정");
pub const FROM: Text = t("from", "부터");
pub const TO: Text = t("to", "까지");
pub const STATE: Text = t("state", "상태");
pub const LINE: Text = t("line", "줄");
pub const WHERE: Text = t("where", "위치");
pub const SELECTED: Text = t("Selected", "선택됨");

// Time.
pub const TO_START: Text = t("To the start", "처음으로");
pub const STEP_BACK: Text = t("step", "이전");
pub const STEP_BACK_LONG: Text = t("One decision back", "한 단계 뒤로");
pub const STEP: Text = t("step", "다음");
pub const STEP_LONG: Text = t("One decision on", "한 단계 앞으로");
pub const PLAY: Text = t("Play", "재생");
pub const PAUSE: Text = t("Pause", "일시 정지");
pub const TIME: Text = t("Time", "시각");
pub const SPEED: Text = t("Speed", "속도");

pub const IN_TEN_SECONDS: Text = t("all in 10 s", "전체를 10초에");
pub const NOTHING_YET: Text = t(
    "Nothing has happened yet.",
    "아직 아무 일도 일어나지 않았습니다.",
);

// Now.
pub const NOW: Text = t("At this instant", "지금 이 순간");
pub const NOW_RUNNING: Text = t("Running", "실행 중");
pub const NOW_READY: Text = t("Ready queue", "준비 큐");
pub const NOW_WAITING: Text = t("Waiting", "대기 중");
pub const NOW_POOLS: Text = t("Pools", "풀");
pub const NOBODY: Text = t("nobody", "없음");
pub const IDLE: Text = t("idle", "쉬는 중");
pub const POOL_NAME: Text = t("Thread pool", "스레드 풀");
pub const EXECUTOR_NAME: Text = t("Executor", "실행기");
pub const PROCESS_NAME: Text = t("Processes", "프로세스 풀");
pub const JOB_NAME: Text = t("Job queue", "작업 큐");
pub const QUEUED: Text = t("queued", "대기");

// Lessons.
pub const LESSONS_INTRO: Text = t(
    "Classic experiments. Each opens as a script you can change.",
    "고전적인 실험들입니다. 열어서 마음대로 바꿔 보세요.",
);
pub const TRY: Text = t("Try", "해 보기");

// Sharing.
pub const LINK: Text = t("Link", "링크");
pub const LINK_HOLDS: Text = t(
    "The link itself holds the script; no server keeps it.",
    "스크립트는 링크 자체에 들어 있으며, 어떤 서버에도 저장되지 않습니다.",
);
pub const COPY: Text = t("Copy", "복사");
pub const COPIED: Text = t("Copied", "복사했습니다");
pub const SELECT_AND_COPY: Text = t(
    "Select the text and copy it yourself",
    "텍스트를 선택해 직접 복사해 주세요",
);
pub const DOWNLOAD: Text = t("Download", "내려받기");
pub const DOWNLOAD_SVG: Text = t("Chart as SVG", "차트 SVG");
pub const DOWNLOAD_PNG: Text = t("Chart as PNG", "차트 PNG");
pub const DOWNLOAD_SCRIPT: Text = t("Script", "스크립트");
pub const LONG_LINK: Text = t(
    "Some chat programs cut links as long as this one; a file is safer.",
    "이렇게 긴 링크는 일부 메신저에서 잘릴 수 있습니다. 파일이 더 안전합니다.",
);

// Keys.
pub const KEYS: Text = t("Keys", "단축키");
pub const KEYS_CHART: Text = t("With the chart focused", "차트에 초점이 있을 때");
pub const KEYS_EDITOR: Text = t("In the script", "스크립트에서");
pub const KEY_ZOOM: Text = t("zoom in and out", "확대와 축소");
pub const KEY_PAN: Text = t("move along time", "시간축 이동");
pub const KEY_HEIGHT: Text = t("higher and lower rows", "줄 높이 조절");
pub const KEY_BARS: Text = t("from bar to bar", "막대 사이 이동");
pub const KEY_FIT: Text = t("fit everything", "전체 맞춤");
pub const KEY_STEP: Text = t("one decision back, on", "한 단계 뒤로, 앞으로");
pub const KEY_PLAY: Text = t("play and pause", "재생과 일시 정지");
pub const KEY_HELP: Text = t("this help", "이 도움말");
pub const KEY_CLEAR: Text = t("clear the selection", "선택 해제");
pub const KEY_COMPLETE: Text = t("complete", "자동 완성");
pub const KEY_FORMAT: Text = t("format", "정렬");
pub const KEY_NUDGE: Text = t("longer, shorter duration", "시간 늘리기, 줄이기");
pub const KEY_TAB_OUT: Text = t("leave the editor", "편집기 나가기");

// When the page itself breaks.
pub const PAGE_BROKE: Text = t(
    "Loopscope broke. Your script is kept; reload to go on. This is what happened:",
    "Loopscope에 오류가 났습니다. 스크립트는 보관되어 있으니 새로 고쳐 계속하세요. 오류 내용:",
);
pub const RELOAD: Text = t("Reload", "새로 고침");
pub const SAFE_MODE: Text = t(
    "The page broke several times with this script, so it was not run. Change it, or run it anyway.",
    "이 스크립트로 페이지가 여러 번 멈춰서 실행하지 않았습니다. 고치거나 그대로 실행해 보세요.",
);

/// CodeMirror's own words.
pub const EDITOR_PHRASES: [(&str, Text); 6] = [
    ("Diagnostics", PROBLEMS),
    ("No diagnostics", t("No problems", "문제 없음")),
    ("Completions", t("Completions", "자동 완성")),
    ("close", CLOSE),
    ("Undo", t("Undo", "실행 취소")),
    ("Redo", t("Redo", "다시 실행")),
];
