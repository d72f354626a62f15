//! The page's words, in every language: a constant each, and complete, because
//! a [`Text`] cannot be made with one of them missing.
//!
//! Sentences that hold names and numbers are in [`super::sentences`]; messages
//! about the script come from the core.

use crate::language::{Language, Text, say, text};

// The frame.
pub(in crate::web) const LESSONS: Text = text!("Lessons", "실험");
pub(in crate::web) const SHARE: Text = text!("Share", "공유");
pub(in crate::web) const HELP: Text = text!("Keys and legend", "단축키와 범례");
pub(in crate::web) const CLOSE: Text = text!("Close", "닫기");
pub(in crate::web) const THEME_AUTO: Text = text!("Colours: as the system", "색상: 시스템 설정");
pub(in crate::web) const THEME_LIGHT: Text = text!("Colours: light", "색상: 밝게");
pub(in crate::web) const THEME_DARK: Text = text!("Colours: dark", "색상: 어둡게");
pub(in crate::web) const SKIP_TO_SCRIPT: Text = text!("Skip to the script", "스크립트로 건너뛰기");
pub(in crate::web) const NOTHING_LEAVES: Text = text!(
    "Everything runs on your device. Nothing leaves it.",
    "모든 것은 이 기기 안에서 실행되며, 아무것도 밖으로 나가지 않습니다."
);

// The tour.
pub(in crate::web) const TOUR: Text = text!("A tour in four steps", "네 단계로 둘러보기");
pub(in crate::web) const TOUR_OFFER: Text = text!(
    "New here? Four steps show you around.",
    "처음이신가요? 네 단계로 안내해 드립니다."
);
pub(in crate::web) const TOUR_START: Text = text!("Show me", "둘러보기");
pub(in crate::web) const TOUR_LEAVE: Text = text!("Skip the tour", "건너뛰기");
pub(in crate::web) const TOUR_NEXT: Text = text!("Next", "다음");
pub(in crate::web) const TOUR_BACK: Text = text!("Back", "이전");
pub(in crate::web) const TOUR_DONE: Text = text!("Done", "완료");
pub(in crate::web) const TOUR_SCRIPT: Text =
    text!("Say what tasks do", "태스크가 하는 일을 쓰세요");
pub(in crate::web) const TOUR_SCRIPT_TEXT: Text = text!(
    "`cpu` works and holds the loop, `await` waits and holds nothing, `block` waits and holds its thread. Change a number: the chart follows as you type.",
    "`cpu`는 일하며 루프를 붙잡고, `await`는 아무것도 붙잡지 않고 기다리고, `block`은 스레드를 붙잡고 기다립니다. 숫자를 바꾸면 차트가 바로 따라옵니다."
);
pub(in crate::web) const TOUR_CHART: Text =
    text!("See who runs when", "누가 언제 실행되는지 보세요");
pub(in crate::web) const TOUR_CHART_TEXT: Text = text!(
    "A row is a task, and time goes to the right. Dotted means ready, but kept waiting. Drag the end of a bar, and the script follows.",
    "한 줄이 태스크 하나이고, 시간은 오른쪽으로 흐릅니다. 점무늬는 준비되었지만 차례를 기다리는 시간입니다. 막대의 끝을 끌면 스크립트가 바뀝니다."
);
pub(in crate::web) const TOUR_TIME: Text =
    text!("Go through it step by step", "한 단계씩 따라가 보세요");
pub(in crate::web) const TOUR_TIME_TEXT: Text = text!(
    "Play it, or step one decision on and back. Below the chart stands who is next, who waits, and for what.",
    "재생하거나, 결정을 하나씩 앞뒤로 옮겨 보세요. 차트 아래에 다음은 누구인지, 누가 무엇을 기다리는지 나옵니다."
);
pub(in crate::web) const TOUR_WHY: Text = text!("Ask why", "이유를 물어보세요");
pub(in crate::web) const TOUR_WHY_TEXT: Text = text!(
    "Findings name the line that makes others wait, and a change that helps. Select a waiting bar to ask why it waits; compare, sweep, or guess first.",
    "다른 태스크를 기다리게 하는 줄과 도움이 되는 변경을 알려 줍니다. 기다리는 막대를 고르면 이유를 볼 수 있습니다. 비교하고, 범위를 바꾸고, 먼저 예상해 보세요."
);

// The script.
pub(in crate::web) const SCRIPT: Text = text!("Script", "스크립트");
pub(in crate::web) const SAVED: Text = text!("autosaved", "자동 저장됨");
pub(in crate::web) const NOT_SAVED: Text = text!(
    "not saved: this browser refuses storage",
    "저장 안 됨: 브라우저가 저장을 거부합니다"
);
pub(in crate::web) const FORMAT: Text = text!("Format", "정렬");
pub(in crate::web) const PROBLEMS: Text = text!("Problems", "문제");
pub(in crate::web) const HIDE_SCRIPT: Text = text!("Done", "완료");
pub(in crate::web) const EDIT_SCRIPT: Text = text!("Edit script", "스크립트 편집");
pub(in crate::web) const SAVED_ELSEWHERE: Text = text!(
    "Another tab has saved a newer script.",
    "다른 탭에서 더 새로운 스크립트를 저장했습니다."
);
pub(in crate::web) const OPEN_IT: Text = text!("Open it here", "여기서 열기");
pub(in crate::web) const KEEP_MINE: Text = text!("Keep this one", "이 스크립트 유지");
pub(in crate::web) const DRAFTS: Text = text!("Drafts", "임시 보관본");
pub(in crate::web) const DRAFTS_INTRO: Text = text!(
    "Choose a draft to open it. What you have written now is kept here in its place.",
    "하나를 고르면 그 스크립트가 열립니다. 지금 쓰던 스크립트는 이 목록에 보관됩니다."
);
pub(in crate::web) const DRAFTS_WRITTEN: Text = text!("Written by you", "직접 쓴 스크립트");
pub(in crate::web) const DRAFTS_BROUGHT: Text =
    text!("From links and exercises", "링크와 연습 문제");
pub(in crate::web) const DRAFTS_NOT_STORED: Text = text!(
    "The browser refuses to store all of these. Keep this tab open until you have copied what you need.",
    "브라우저가 일부를 저장하지 못했습니다. 필요한 내용을 복사할 때까지 이 탭을 닫지 마세요."
);
pub(in crate::web) const DRAFTS_FULL: Text = text!(
    "The browser's storage is full: the script that you had before is in Drafts only until this tab is closed.",
    "브라우저 저장 공간이 가득 찼습니다. 직전 스크립트는 이 탭을 닫기 전까지만 ‘임시 보관본’에 남아 있습니다."
);
pub(in crate::web) const SETTINGS: Text = text!("Machine", "실행 환경");
pub(in crate::web) const CORES: Text = text!("cores", "코어");
pub(in crate::web) const POOL: Text = text!("pool", "스레드 풀");
pub(in crate::web) const GIL: Text = text!("GIL", "GIL");
pub(in crate::web) const SERVERS: Text = text!("servers", "서버");
pub(in crate::web) const PROCESSES: Text = text!("processes", "프로세스");
pub(in crate::web) const JOBS: Text = text!("job workers", "작업자");
pub(in crate::web) const SEED: Text = text!("seed", "시드");
pub(in crate::web) const MORE_SETTINGS: Text = text!("more", "더 보기");
pub(in crate::web) const ON: Text = text!("on", "켬");
pub(in crate::web) const OFF: Text = text!("off", "끔");

// The result.
pub(in crate::web) const RESULT: Text = text!("Result", "결과");
pub(in crate::web) const TOTAL: Text = text!("Total elapsed", "총 소요 시간");
pub(in crate::web) const LONGEST_FREEZE: Text = text!("longest freeze", "가장 긴 멈춤");
pub(in crate::web) const LOOP_LAG: Text = text!("loop lag", "루프 지연");
pub(in crate::web) const LATENCY: Text = text!("p95 latency", "지연 p95");
pub(in crate::web) const THREADS_PEAK: Text = text!("threads at peak", "최대 스레드");
pub(in crate::web) const POOL_QUEUE_PEAK: Text = text!("pool queue at peak", "풀 대기 최대");
pub(in crate::web) const WAITED: Text = text!("others waited", "서로 기다림");
pub(in crate::web) const IN_SUM: Text = text!("in sum", "모두 더해");
pub(in crate::web) const CPU_USED: Text = text!("CPU used", "CPU 사용");
pub(in crate::web) const NONE: Text = text!("none", "없음");
pub(in crate::web) const EXPECTED: Text = text!("Expectations", "기대값");
pub(in crate::web) const MET: Text = text!("met", "맞음");
pub(in crate::web) const MISSED: Text = text!("missed", "틀림");
pub(in crate::web) const BY_TASK_FIGURES: Text = text!("Figures for each task", "태스크별 수치");
pub(in crate::web) const TASK: Text = text!("task", "태스크");
pub(in crate::web) const COUNT: Text = text!("runs", "실행");
pub(in crate::web) const FIRST_START: Text = text!("first start", "첫 시작");
pub(in crate::web) const LAST_FINISH: Text = text!("last finish", "마지막 종료");
pub(in crate::web) const PER_SECOND: Text = text!("per second", "초당");
pub(in crate::web) const DONE: Text = text!("done", "완료");
pub(in crate::web) const NOT_OVER: Text = text!("not over", "끝나지 않음");
pub(in crate::web) const FAILED: Text = text!("failed", "실패");
pub(in crate::web) const CANCELLED_COUNT: Text = text!("cancelled", "취소됨");

// Running.
pub(in crate::web) const CANCEL: Text = text!("Cancel", "취소");
pub(in crate::web) const RUN_AGAIN: Text = text!("Run again", "다시 실행");
pub(in crate::web) const CANCELLED: Text = text!(
    "Cancelled. The script is as you left it.",
    "취소했습니다. 스크립트는 그대로 있습니다."
);
pub(in crate::web) const CRASHED: Text = text!(
    "The simulator broke on this script. That is our mistake, not yours; your text is safe and the next run starts clean.",
    "이 스크립트에서 시뮬레이터가 멈췄습니다. 작성하신 내용은 안전하며, 다음 실행은 새로 시작합니다."
);
pub(in crate::web) const COPY_REPORT: Text = text!("Copy a report", "오류 보고 복사");
pub(in crate::web) const NO_WORKER: Text = text!(
    "This browser starts no worker here; the simulation runs in the page, in small slices.",
    "이 환경에서는 워커를 시작할 수 없어, 페이지 안에서 조금씩 나누어 시뮬레이션합니다."
);
pub(in crate::web) const STALE_CHART: Text = text!(
    "The chart shows the last script without errors.",
    "차트는 오류가 없던 마지막 스크립트를 보여 줍니다."
);
pub(in crate::web) const EMPTY_TITLE: Text =
    text!("Nothing to run yet", "아직 실행할 것이 없습니다");
pub(in crate::web) const EMPTY_TEXT: Text = text!(
    "Write a task in the script, for example",
    "스크립트에 태스크를 적어 보세요. 예:"
);
pub(in crate::web) const EMPTY_EXAMPLE: Text =
    text!("pasta: cpu 3 -> await 5", "파스타: cpu 3초 -> await 5초");
pub(in crate::web) const OPEN_LESSON: Text = text!("Open a lesson", "실험 열기");
pub(in crate::web) const FIRST_CHART: Text =
    text!("Drawing the first chart…", "첫 차트를 그리는 중…");

// The chart.
pub(in crate::web) const CHART: Text = text!("Schedule", "일정");
pub(in crate::web) const BY_TASK: Text = text!("By task", "태스크별");
pub(in crate::web) const BY_THREAD: Text = text!("By thread", "스레드별");
pub(in crate::web) const ZOOM_IN: Text = text!("Zoom in", "확대");
pub(in crate::web) const ZOOM_OUT: Text = text!("Zoom out", "축소");
pub(in crate::web) const FIT: Text = text!("Fit", "맞춤");
pub(in crate::web) const CHART_ROLE: Text = text!("Gantt chart", "간트 차트");
pub(in crate::web) const MINIMAP: Text = text!(
    "Overview; drag to choose what is shown",
    "전체 보기: 끌어서 보일 범위를 고릅니다"
);
pub(in crate::web) const ASK_A_BAR: Text = text!(
    "Point at a bar to ask what it is.",
    "막대를 가리키면 설명이 나옵니다."
);
pub(in crate::web) const ASK_OR_DRAG_A_BAR: Text = text!(
    "Point at a bar to ask what it is; drag its end to make it longer.",
    "막대를 가리키면 설명이 나오고, 끝을 끌면 길이가 바뀝니다."
);
pub(in crate::web) const LEGEND: Text = text!("Legend", "범례");
pub(in crate::web) const LEGEND_IN_WORDS: Text = text!("What the colours mean", "색과 무늬의 뜻");
pub(in crate::web) const AS_TABLE: Text = text!("The chart as a table", "차트를 표로 보기");
pub(in crate::web) const STATE: Text = text!("state", "상태");
pub(in crate::web) const FROM: Text = text!("from", "시작");
pub(in crate::web) const TO: Text = text!("to", "끝");
pub(in crate::web) const LENGTH: Text = text!("length", "길이");
pub(in crate::web) const LINE: Text = text!("line", "줄");
pub(in crate::web) const WHY: Text = text!("why", "이유");
pub(in crate::web) const EARLIER_LINES: Text = text!("Earlier", "이전");
pub(in crate::web) const LATER_LINES: Text = text!("Later", "다음");
pub(in crate::web) const PART_ONLY: Text = text!(
    "Only what the chart shows of the time.",
    "차트에 보이는 시간대만 담았습니다."
);

// Time.
pub(in crate::web) const TO_START: Text = text!("To the start", "처음으로");
pub(in crate::web) const STEP_BACK: Text = text!("step", "이전");
pub(in crate::web) const STEP_BACK_LONG: Text = text!("One step back", "이전 단계로");
pub(in crate::web) const STEP: Text = text!("step", "다음");
pub(in crate::web) const STEP_LONG: Text = text!("One step on", "다음 단계로");
pub(in crate::web) const PLAY: Text = text!("Play", "재생");
pub(in crate::web) const PAUSE: Text = text!("Pause", "일시 정지");
pub(in crate::web) const TIME: Text = text!("Time", "시각");
pub(in crate::web) const SPEED: Text = text!("Speed", "속도");

pub(in crate::web) const IN_TEN_SECONDS: Text = text!("all in 10 s", "전체를 10초에");
pub(in crate::web) const NOTHING_YET: Text = text!(
    "Nothing has happened yet.",
    "아직 아무 일도 일어나지 않았습니다."
);

// Now.
pub(in crate::web) const NOW: Text = text!("At this instant", "지금 이 순간");
pub(in crate::web) const NOW_RUNNING: Text = text!("Running", "실행 중");
pub(in crate::web) const NOW_READY: Text = text!("Ready queue", "준비 큐");
pub(in crate::web) const NOW_WAITING: Text = text!("Waiting", "대기 중");
pub(in crate::web) const NOBODY: Text = text!("nobody", "없음");
pub(in crate::web) const IDLE: Text = text!("idle", "쉬는 중");
pub(in crate::web) const POOL_NAME: Text = text!("Thread pool", "스레드 풀");
pub(in crate::web) const EXECUTOR_NAME: Text = text!("Executor", "실행기");
pub(in crate::web) const PROCESS_NAME: Text = text!("Processes", "프로세스 풀");
pub(in crate::web) const JOB_NAME: Text = text!("Job queue", "작업 큐");
pub(in crate::web) const QUEUED: Text = text!("Queue", "기다리는 줄");

// Lessons.
pub(in crate::web) const LESSONS_INTRO: Text = text!(
    "25 classic experiments. Each opens as a script that you can change; what you wrote before is kept.",
    "고전적인 실험 25가지입니다. 열면 바꿔 볼 수 있는 스크립트가 나오고, 쓰던 글은 보관됩니다."
);
pub(in crate::web) const LESSONS_AWAITED: Text =
    text!("They are on their way …", "가져오는 중입니다…");
pub(in crate::web) const LESSONS_LACKING: Text = text!(
    "The lessons cannot be loaded now. Check the connection, then open this again.",
    "지금은 실험을 가져올 수 없습니다. 연결을 확인한 뒤 다시 열어 주세요."
);
pub(in crate::web) const SCRIPTS_OF_LESSON: Text =
    text!("Scripts of this lesson", "이 실험의 스크립트");
pub(in crate::web) const TRY_IT: Text = text!("Try it", "해 보기");
pub(in crate::web) const UNDO: Text = text!("Undo", "되돌리기");
pub(in crate::web) const PREVIOUS_LESSON: Text = text!("Previous lesson", "이전 실험");
pub(in crate::web) const NEXT_LESSON: Text = text!("Next lesson", "다음 실험");
pub(in crate::web) const CLOSE_LESSON: Text = text!("Close the lesson", "실험 설명 닫기");

// Sharing.
pub(in crate::web) const LINK: Text = text!("Link", "링크");
pub(in crate::web) const LINK_HOLDS: Text = text!(
    "The link itself holds the script; no server keeps it.",
    "스크립트는 링크 자체에 들어 있으며, 어떤 서버에도 저장되지 않습니다."
);
pub(in crate::web) const COPY: Text = text!("Copy", "복사");
pub(in crate::web) const COPIED: Text = text!("Copied", "복사했습니다");
pub(in crate::web) const SELECT_AND_COPY: Text = text!(
    "Select the text and copy it yourself",
    "텍스트를 선택해 직접 복사해 주세요"
);
pub(in crate::web) const DOWNLOAD: Text = text!("Download", "내려받기");
pub(in crate::web) const DOWNLOAD_SVG: Text = text!("Chart as SVG", "차트 SVG");
pub(in crate::web) const DOWNLOAD_PNG: Text = text!("Chart as PNG", "차트 PNG");
pub(in crate::web) const DOWNLOAD_SCRIPT: Text = text!("Script", "스크립트");
pub(in crate::web) const DOWNLOAD_TRACE: Text = text!("Trace JSON", "트레이스 JSON");
pub(in crate::web) const DOWNLOAD_CSV: Text = text!("Figures as CSV", "수치 CSV");
pub(in crate::web) const DOWNLOAD_PYTHON: Text = text!("Runnable Python", "실행할 수 있는 Python");
pub(in crate::web) const DOWNLOAD_HINT: Text = text!(
    "The trace opens in ui.perfetto.dev. The Python program does on real asyncio what the script says.",
    "트레이스는 ui.perfetto.dev에서 열립니다. Python 프로그램은 스크립트대로 실제 asyncio에서 실행됩니다."
);
pub(in crate::web) const NO_FILE: Text = text!(
    "The file could not be made: its program did not load. Try again when you are online.",
    "파일을 만들지 못했습니다. 필요한 프로그램을 불러오지 못했으니 온라인에서 다시 시도해 주세요."
);
pub(in crate::web) const EMBED: Text = text!("Embed code", "삽입 코드");
pub(in crate::web) const EMBED_HINT: Text = text!(
    "For a course page. Without JavaScript the reader still sees the script.",
    "강의 페이지에 넣으세요. 자바스크립트가 없어도 스크립트는 보입니다."
);
pub(in crate::web) const EMBED_FRAME: Text = text!(
    "Where only a frame is allowed",
    "iframe만 넣을 수 있는 곳에"
);
pub(in crate::web) const MARKDOWN: Text = text!("Markdown with a picture", "그림이 있는 Markdown");
pub(in crate::web) const MARKDOWN_HINT: Text = text!(
    "Save the chart as SVG beside the page; a click on it opens this script.",
    "차트 SVG를 페이지 옆에 저장하세요. 그림을 누르면 이 스크립트가 열립니다."
);
pub(in crate::web) const LONG_LINK: Text = text!(
    "Some chat programs cut links as long as this one; a file is safer.",
    "이렇게 긴 링크는 일부 메신저에서 잘릴 수 있습니다. 파일이 더 안전합니다."
);

// In another page.
pub(in crate::web) const GOAL: Text = text!("Goal", "목표");
pub(in crate::web) const GOAL_REACHED: Text = text!("reached", "달성");
pub(in crate::web) const GOAL_NOT_REACHED: Text = text!("not yet", "아직 아님");
pub(in crate::web) const WHOLE_PAGE: Text = text!("Open in Loopscope", "Loopscope에서 열기");
pub(in crate::web) const FROZEN: Text =
    text!("This line stays as it is.", "이 줄은 바꿀 수 없습니다.");

// Keys.
pub(in crate::web) const KEYS_CHART: Text =
    text!("With the chart focused", "차트에 초점이 있을 때");
pub(in crate::web) const KEYS_EDITOR: Text = text!("In the script", "스크립트에서");
pub(in crate::web) const KEY_ZOOM: Text = text!("zoom in and out", "확대와 축소");
pub(in crate::web) const KEY_PAN: Text = text!("move along time", "시간축 이동");
pub(in crate::web) const KEY_HEIGHT: Text = text!("higher and lower rows", "줄 높이 조절");
pub(in crate::web) const KEY_BARS: Text = text!("from bar to bar", "막대 사이 이동");
pub(in crate::web) const KEY_FIT: Text = text!("fit everything", "전체 맞춤");
pub(in crate::web) const KEY_STEP: Text = text!("one decision back, on", "한 단계 뒤로, 앞으로");
pub(in crate::web) const KEY_PLAY: Text = text!("play and pause", "재생과 일시 정지");
pub(in crate::web) const KEY_HELP: Text = text!("this help", "이 도움말");
pub(in crate::web) const KEY_CLEAR: Text = text!("clear the selection", "선택 해제");
pub(in crate::web) const KEY_COMPLETE: Text = text!("complete", "자동 완성");
pub(in crate::web) const KEY_FORMAT: Text = text!("format", "정렬");
pub(in crate::web) const KEY_NUDGE: Text = text!("longer, shorter duration", "시간 늘리기, 줄이기");
pub(in crate::web) const KEY_TAB_OUT: Text = text!("leave the editor", "편집기 나가기");

// When the page itself breaks.
pub(in crate::web) const PAGE_BROKE: Text = text!(
    "Loopscope broke. Your script is kept; reload to go on. This is what happened:",
    "Loopscope에 오류가 났습니다. 스크립트는 보관되어 있으니 새로 고쳐 계속하세요. 오류 내용:"
);
pub(in crate::web) const RELOAD: Text = text!("Reload", "새로 고침");
pub(in crate::web) const SAFE_MODE: Text = text!(
    "The page broke several times with this script, so it was not run. Change it, or run it anyway.",
    "이 스크립트로 페이지가 여러 번 멈춰서 실행하지 않았습니다. 고치거나 그대로 실행해 보세요."
);

/// CodeMirror's own words.
pub(in crate::web) const EDITOR_PHRASES: [(&str, Text); 6] = [
    ("Diagnostics", PROBLEMS),
    ("No diagnostics", text!("No problems", "문제 없음")),
    ("Completions", text!("Completions", "자동 완성")),
    ("close", CLOSE),
    ("Undo", text!("Undo", "실행 취소")),
    ("Redo", text!("Redo", "다시 실행")),
];

// Python in.
pub(in crate::web) const FROM_PYTHON: Text = text!("From Python", "파이썬에서");
pub(in crate::web) const PYTHON_INTRO: Text = text!(
    "Paste FastAPI handlers or a program with asyncio, threads, pools or Celery. It is read, never run, and stays in your browser.",
    "FastAPI 핸들러나 asyncio, 스레드, 풀, Celery를 쓰는 프로그램을 붙여 넣으세요. 읽기만 하고 실행하지 않으며, 브라우저 밖으로 나가지 않습니다."
);
pub(in crate::web) const PYTHON_TEXT: Text = text!("Python program", "파이썬 프로그램");
pub(in crate::web) const PYTHON_LIBRARY: Text = text!(
    "How long your own libraries take",
    "직접 쓰는 라이브러리에 걸리는 시간"
);
pub(in crate::web) const PYTHON_EXAMPLE: &str =
    "@app.get(\"/\")\nasync def home():\n    time.sleep(3)";
pub(in crate::web) const LIBRARY_EXAMPLE: &str = "mylib.fetch await 250ms";
pub(in crate::web) const USE_SCRIPT: Text = text!("Use this script", "이 스크립트 쓰기");

pub(in crate::web) fn python_line(language: Language, line: u32) -> String {
    say!(language, "line {line}", "{line}번째 줄", line)
}

pub(in crate::web) fn bad_library(language: Language, line: usize) -> String {
    say!(
        language,
        "line {line} of the libraries is not of the form: name, then await, block, cpu or nothing, then a time",
        "라이브러리 {line}번째 줄의 형식이 다릅니다. 이름, await·block·cpu·nothing 중 하나, 시간을 차례로 쓰세요",
        line
    )
}

// Guessing.
pub(in crate::web) const GUESS: Text = text!("Guess", "맞혀 보기");
pub(in crate::web) const PROOF: Text = text!("Verify", "실측");
pub(in crate::web) const MEASURED_TRACE: Text = text!("A measured trace:", "측정한 기록:");
pub(in crate::web) const BACK_TO_SCRIPT: Text = text!("Back to the script", "스크립트로 돌아가기");
pub(in crate::web) const GUESS_HINT: Text = text!(
    "The chart is covered. What will happen? Read the script and say so first.",
    "차트를 가렸습니다. 스크립트를 읽고 어떻게 될지 먼저 말해 보세요."
);
pub(in crate::web) const GUESS_TOTAL: Text = text!("the total", "전체 시간");
pub(in crate::web) const GUESS_ORDER: Text = text!("the order", "순서");
pub(in crate::web) const GUESS_BARS: Text = text!("the bars", "막대");
pub(in crate::web) const GUESS_WHAT: Text = text!("What to guess", "맞힐 것");
pub(in crate::web) const ASK_TOTAL: Text =
    text!("How long does it take in all?", "모두 얼마나 걸리나요?");
pub(in crate::web) const ASK_ORDER: Text = text!(
    "In which order are the tasks done? Their names, with commas between.",
    "태스크는 어떤 순서로 끝나나요? 이름을 쉼표로 나누어 쓰세요."
);
pub(in crate::web) const ASK_BARS: Text = text!(
    "When does each task begin, and when is it done? Draw its bar.",
    "각 태스크는 언제 시작해서 언제 끝나나요? 막대를 그려 보세요."
);
pub(in crate::web) const CHECK_GUESS: Text = text!("Check", "확인");
pub(in crate::web) const REVEAL: Text = text!("Reveal", "답 보기");
pub(in crate::web) const EXERCISES: Text = text!("Or take an exercise", "연습 문제 고르기");
pub(in crate::web) const OTHER_EXERCISES: Text = text!("Other ones", "다른 문제");
pub(in crate::web) const BAR_START: Text = text!("begins", "시작");
pub(in crate::web) const BAR_END: Text = text!("is done", "끝");

// The closer look.
pub(in crate::web) const INSIGHT: Text = text!("A closer look", "자세히 보기");
pub(in crate::web) const FINDINGS: Text = text!("Findings", "문제점");
pub(in crate::web) const COMPARE: Text = text!("Compare", "비교");
pub(in crate::web) const ORDERS: Text = text!("Guaranteed?", "순서 보장");
pub(in crate::web) const DIFFERENCE: Text = text!("What changed", "달라진 점");
pub(in crate::web) const SWEEP: Text = text!("Sweep", "값 바꿔 보기");
pub(in crate::web) const LOOKING: Text = text!("Working it out…", "계산하는 중…");
pub(in crate::web) const LOOK_FAILED: Text = text!(
    "This could not be worked out. Change the script, or reload when you are online.",
    "계산하지 못했습니다. 스크립트를 바꾸거나, 온라인일 때 새로 고치세요."
);
pub(in crate::web) const LONG_RUN: Text = text!(
    "This run is long; a closer look takes several seconds.",
    "긴 실행이라 자세히 보려면 몇 초가 걸립니다."
);
pub(in crate::web) const LOOK_ANYWAY: Text = text!("Look closer", "자세히 보기");
pub(in crate::web) const SHOW_PATH: Text = text!(
    "Show the critical path on the chart",
    "차트에 임계 경로 표시"
);
pub(in crate::web) const COMPARE_HINT: Text = text!(
    "The same work, placed differently. All charts have one axis.",
    "같은 일을 다르게 배치한 결과입니다. 모든 차트의 시간축은 같습니다."
);
pub(in crate::web) const ORDERS_HINT: Text = text!(
    "Does the runtime promise that order, or do these durations happen to give it?",
    "런타임이 보장하는 순서일까요, 아니면 지금의 시간값 때문에 우연히 그렇게 된 것일까요?"
);
pub(in crate::web) const DIFFERENCE_HINT: Text = text!(
    "Remember the script as it is, change it, and see the first event that differs.",
    "지금 스크립트를 기억해 두고 고쳐 보세요. 처음으로 달라지는 사건을 보여 줍니다."
);
pub(in crate::web) const PIN: Text = text!("Remember this script", "이 스크립트 기억하기");
pub(in crate::web) const SWEEP_HINT: Text = text!(
    "What if there were more requests, fewer threads, a slower call? Write a range such as `run 1..1000`, `line 4 10ms..2s`, or two with a comma between.",
    "요청이 더 많다면, 스레드가 더 적다면, 호출이 더 느리다면? `run 1..1000`이나 `line 4 10ms..2s`처럼 범위를 쓰세요. 쉼표로 두 개를 쓸 수도 있습니다."
);
pub(in crate::web) const SWEEP_RANGE: Text = text!("What to vary", "바꿀 값");
pub(in crate::web) const SWEEP_START: Text = text!("Try all", "모두 해 보기");
