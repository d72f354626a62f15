//! The page's fixed texts: a constant each.
//!
//! [`super::sentences`] has the sentences with names and numbers; messages about the script
//! come from the core.

use crate::language::{Language, Text, say, text};

// The frame.
pub(in crate::web) const LESSONS: Text = text!("Lessons");
pub(in crate::web) const SHARE: Text = text!("Share");
pub(in crate::web) const HELP: Text = text!("Keys and legend");
pub(in crate::web) const CLOSE: Text = text!("Close");
pub(in crate::web) const THEME_AUTO: Text = text!("Colours: as the system");
pub(in crate::web) const THEME_LIGHT: Text = text!("Colours: light");
pub(in crate::web) const THEME_DARK: Text = text!("Colours: dark");
pub(in crate::web) const SKIP_TO_SCRIPT: Text = text!("Skip to the script");
pub(in crate::web) const NOTHING_LEAVES: Text =
    text!("Everything runs on your device. Nothing leaves it.");

// The tour.
pub(in crate::web) const TOUR: Text = text!("A tour in four steps");
pub(in crate::web) const TOUR_OFFER: Text = text!("New here? Four steps show you around.");
pub(in crate::web) const TOUR_START: Text = text!("Show me");
pub(in crate::web) const TOUR_LEAVE: Text = text!("Skip the tour");
pub(in crate::web) const TOUR_NEXT: Text = text!("Next");
pub(in crate::web) const TOUR_BACK: Text = text!("Back");
pub(in crate::web) const TOUR_DONE: Text = text!("Done");
pub(in crate::web) const TOUR_SCRIPT: Text = text!("Say what tasks do");
pub(in crate::web) const TOUR_SCRIPT_TEXT: Text = text!(
    "`cpu` works and holds the loop, `await` waits and holds nothing, `block` waits and holds its thread. Change a number: the chart follows as you type."
);
pub(in crate::web) const TOUR_CHART: Text = text!("See who runs when");
pub(in crate::web) const TOUR_CHART_TEXT: Text = text!(
    "A row is a task, and time goes to the right. Dotted means ready, but kept waiting. Drag the end of a bar, and the script follows."
);
pub(in crate::web) const TOUR_TIME: Text = text!("Go through it step by step");
pub(in crate::web) const TOUR_TIME_TEXT: Text = text!(
    "Play it, or step one decision on and back. Below the chart stands who is next, who waits, and for what."
);
pub(in crate::web) const TOUR_WHY: Text = text!("Ask why");
pub(in crate::web) const TOUR_WHY_TEXT: Text = text!(
    "Findings name the line that makes others wait, and a change that helps. Select a waiting bar to ask why it waits; compare, sweep, or guess first."
);

// The script.
pub(in crate::web) const SCRIPT: Text = text!("Script");
pub(in crate::web) const SAVED: Text = text!("autosaved");
pub(in crate::web) const NOT_SAVED: Text = text!("not saved: this browser refuses storage");
pub(in crate::web) const FORMAT: Text = text!("Format");
pub(in crate::web) const PROBLEMS: Text = text!("Problems");
pub(in crate::web) const HIDE_SCRIPT: Text = text!("Done");
pub(in crate::web) const EDIT_SCRIPT: Text = text!("Edit script");
pub(in crate::web) const SAVED_ELSEWHERE: Text = text!("Another tab has saved a newer script.");
pub(in crate::web) const OPEN_IT: Text = text!("Open it here");
pub(in crate::web) const KEEP_MINE: Text = text!("Keep this one");
pub(in crate::web) const DRAFTS: Text = text!("Drafts");
pub(in crate::web) const DRAFTS_INTRO: Text =
    text!("Choose a draft to open it. What you have written now is kept here in its place.");
pub(in crate::web) const DRAFTS_WRITTEN: Text = text!("Written by you");
pub(in crate::web) const DRAFTS_BROUGHT: Text = text!("From links and exercises");
pub(in crate::web) const DRAFTS_NOT_STORED: Text = text!(
    "The browser refuses to store all of these. Keep this tab open until you have copied what you need."
);
pub(in crate::web) const DRAFTS_FULL: Text = text!(
    "The browser's storage is full: the script that you had before is in Drafts only until this tab is closed."
);
pub(in crate::web) const SETTINGS: Text = text!("Machine");
pub(in crate::web) const CORES: Text = text!("cores");
pub(in crate::web) const POOL: Text = text!("pool");
pub(in crate::web) const GIL: Text = text!("GIL");
pub(in crate::web) const SERVERS: Text = text!("servers");
pub(in crate::web) const PROCESSES: Text = text!("processes");
pub(in crate::web) const JOBS: Text = text!("job workers");
pub(in crate::web) const SEED: Text = text!("seed");
pub(in crate::web) const MORE_SETTINGS: Text = text!("more");
pub(in crate::web) const ON: Text = text!("on");
pub(in crate::web) const OFF: Text = text!("off");

// The result.
pub(in crate::web) const RESULT: Text = text!("Result");
pub(in crate::web) const TOTAL: Text = text!("Total elapsed");
pub(in crate::web) const LONGEST_FREEZE: Text = text!("longest freeze");
pub(in crate::web) const LOOP_LAG: Text = text!("loop lag");
pub(in crate::web) const LATENCY: Text = text!("p95 latency");
pub(in crate::web) const THREADS_PEAK: Text = text!("threads at peak");
pub(in crate::web) const POOL_QUEUE_PEAK: Text = text!("pool queue at peak");
pub(in crate::web) const WAITED: Text = text!("others waited");
pub(in crate::web) const IN_SUM: Text = text!("in sum");
pub(in crate::web) const CPU_USED: Text = text!("CPU used");
pub(in crate::web) const NONE: Text = text!("none");
pub(in crate::web) const EXPECTED: Text = text!("Expectations");
pub(in crate::web) const MET: Text = text!("met");
pub(in crate::web) const MISSED: Text = text!("missed");
pub(in crate::web) const BY_TASK_FIGURES: Text = text!("Figures for each task");
pub(in crate::web) const TASK: Text = text!("task");
pub(in crate::web) const COUNT: Text = text!("runs");
pub(in crate::web) const FIRST_START: Text = text!("first start");
pub(in crate::web) const LAST_FINISH: Text = text!("last finish");
pub(in crate::web) const PER_SECOND: Text = text!("per second");
pub(in crate::web) const DONE: Text = text!("done");
pub(in crate::web) const NOT_OVER: Text = text!("not over");
pub(in crate::web) const FAILED: Text = text!("failed");
pub(in crate::web) const CANCELLED_COUNT: Text = text!("cancelled");

// Running.
pub(in crate::web) const CANCEL: Text = text!("Cancel");
pub(in crate::web) const RUN_AGAIN: Text = text!("Run again");
pub(in crate::web) const PREPARING: Text = text!("Simulated. Preparing the chart…");
pub(in crate::web) const MAKING_ROWS: Text = text!("Arranging the rows…");
pub(in crate::web) const CANCELLED: Text = text!("Cancelled. The script is as you left it.");
pub(in crate::web) const CRASHED: Text = text!(
    "The simulator broke on this script. That is our mistake, not yours; your text is safe and the next run starts clean."
);
pub(in crate::web) const COPY_REPORT: Text = text!("Copy a report");
pub(in crate::web) const NO_WORKER: Text =
    text!("This browser starts no worker here; the simulation runs in the page, in small slices.");
pub(in crate::web) const STALE_CHART: Text =
    text!("The chart shows the last script without errors.");
pub(in crate::web) const EMPTY_TITLE: Text = text!("Nothing to run yet");
pub(in crate::web) const EMPTY_TEXT: Text = text!("Write a task in the script, for example");
pub(in crate::web) const EMPTY_EXAMPLE: Text = text!("pasta: cpu 3 -> await 5");
pub(in crate::web) const OPEN_LESSON: Text = text!("Open a lesson");
pub(in crate::web) const FIRST_CHART: Text = text!("Drawing the first chart…");

// The chart.
pub(in crate::web) const CHART: Text = text!("Schedule");
pub(in crate::web) const BY_TASK: Text = text!("By task");
pub(in crate::web) const BY_THREAD: Text = text!("By thread");
pub(in crate::web) const ZOOM_IN: Text = text!("Zoom in");
pub(in crate::web) const ZOOM_OUT: Text = text!("Zoom out");
pub(in crate::web) const FIT: Text = text!("Fit");
pub(in crate::web) const CHART_ROLE: Text = text!("Gantt chart");
pub(in crate::web) const MINIMAP: Text = text!("Overview; drag to choose what is shown");
pub(in crate::web) const ASK_A_BAR: Text = text!("Point at a bar to ask what it is.");
pub(in crate::web) const ASK_OR_DRAG_A_BAR: Text =
    text!("Point at a bar to ask what it is; drag its end to make it longer.");
pub(in crate::web) const LEGEND: Text = text!("Legend");
pub(in crate::web) const LEGEND_IN_WORDS: Text = text!("What the colours mean");
pub(in crate::web) const AS_TABLE: Text = text!("The chart as a table");
pub(in crate::web) const STATE: Text = text!("state");
pub(in crate::web) const FROM: Text = text!("from");
pub(in crate::web) const TO: Text = text!("to");
pub(in crate::web) const LENGTH: Text = text!("length");
pub(in crate::web) const LINE: Text = text!("line");
pub(in crate::web) const WHY: Text = text!("why");
pub(in crate::web) const EARLIER_LINES: Text = text!("Earlier");
pub(in crate::web) const LATER_LINES: Text = text!("Later");
pub(in crate::web) const PART_ONLY: Text = text!("Only what the chart shows of the time.");

// Time.
pub(in crate::web) const TO_START: Text = text!("To the start");
pub(in crate::web) const STEP_BACK: Text = text!("back");
pub(in crate::web) const STEP_BACK_LONG: Text = text!("One step back");
pub(in crate::web) const STEP: Text = text!("step");
pub(in crate::web) const STEP_LONG: Text = text!("One step on");
pub(in crate::web) const PLAY: Text = text!("Play");
pub(in crate::web) const PAUSE: Text = text!("Pause");
pub(in crate::web) const TIME: Text = text!("Time");
pub(in crate::web) const SPEED: Text = text!("Speed");

pub(in crate::web) const IN_TEN_SECONDS: Text = text!("all in 10 s");
pub(in crate::web) const NOTHING_YET: Text = text!("Nothing has happened yet.");

// Now.
pub(in crate::web) const NOW: Text = text!("At this instant");
pub(in crate::web) const NOW_RUNNING: Text = text!("Running");
pub(in crate::web) const NOW_READY: Text = text!("Ready queue");
pub(in crate::web) const NOW_WAITING: Text = text!("Waiting");
pub(in crate::web) const NOBODY: Text = text!("nobody");
pub(in crate::web) const IDLE: Text = text!("idle");
pub(in crate::web) const POOL_NAME: Text = text!("Thread pool");
pub(in crate::web) const EXECUTOR_NAME: Text = text!("Executor");
pub(in crate::web) const PROCESS_NAME: Text = text!("Processes");
pub(in crate::web) const JOB_NAME: Text = text!("Job queue");
pub(in crate::web) const QUEUED: Text = text!("Queue");

// Lessons.
pub(in crate::web) const LESSONS_INTRO: Text = text!(
    "25 classic experiments. Each opens as a script that you can change; what you wrote before is kept."
);
pub(in crate::web) const LESSONS_AWAITED: Text = text!("They are on their way …");
pub(in crate::web) const LESSONS_LACKING: Text =
    text!("The lessons cannot be loaded now. Check the connection, then open this again.");
pub(in crate::web) const SCRIPTS_OF_LESSON: Text = text!("Scripts of this lesson");
pub(in crate::web) const TRY_IT: Text = text!("Try it");
pub(in crate::web) const UNDO: Text = text!("Undo");
pub(in crate::web) const PREVIOUS_LESSON: Text = text!("Previous lesson");
pub(in crate::web) const NEXT_LESSON: Text = text!("Next lesson");
pub(in crate::web) const CLOSE_LESSON: Text = text!("Close the lesson");

// Sharing.
pub(in crate::web) const LINK: Text = text!("Link");
pub(in crate::web) const LINK_HOLDS: Text =
    text!("The link itself holds the script; no server keeps it.");
pub(in crate::web) const COPY: Text = text!("Copy");
pub(in crate::web) const COPIED: Text = text!("Copied");
pub(in crate::web) const SELECT_AND_COPY: Text = text!("Select the text and copy it yourself");
pub(in crate::web) const DOWNLOAD: Text = text!("Download");
pub(in crate::web) const DOWNLOAD_SVG: Text = text!("Chart as SVG");
pub(in crate::web) const DOWNLOAD_PNG: Text = text!("Chart as PNG");
pub(in crate::web) const DOWNLOAD_SCRIPT: Text = text!("Script");
pub(in crate::web) const DOWNLOAD_TRACE: Text = text!("Trace JSON");
pub(in crate::web) const DOWNLOAD_CSV: Text = text!("Figures as CSV");
pub(in crate::web) const DOWNLOAD_PYTHON: Text = text!("Runnable Python");
pub(in crate::web) const DOWNLOAD_HINT: Text = text!(
    "The trace opens in ui.perfetto.dev. The Python program does on real asyncio what the script says."
);
pub(in crate::web) const FILE_NOT_LOADED: Text =
    text!("The file could not be made: its program did not load. Try again when you are online.");
pub(in crate::web) const FILE_BROKE: Text = text!(
    "The file could not be made: this run is too large for it. Make the script smaller, or use loopscope on the command line."
);
pub(in crate::web) const MAKING_FILE: Text = text!("Making the file…");
pub(in crate::web) const EMBED: Text = text!("Embed code");
pub(in crate::web) const EMBED_HINT: Text =
    text!("For a course page. Without JavaScript the reader still sees the script.");
pub(in crate::web) const EMBED_FRAME: Text = text!("Where only a frame is allowed");
pub(in crate::web) const MARKDOWN: Text = text!("Markdown with a picture");
pub(in crate::web) const MARKDOWN_HINT: Text =
    text!("Save the chart as SVG beside the page; a click on it opens this script.");
pub(in crate::web) const LONG_LINK: Text =
    text!("Some chat programs cut links as long as this one; a file is safer.");

// In another page.
pub(in crate::web) const GOAL: Text = text!("Goal");
pub(in crate::web) const GOAL_REACHED: Text = text!("reached");
pub(in crate::web) const GOAL_NOT_REACHED: Text = text!("not yet");
pub(in crate::web) const WHOLE_PAGE: Text = text!("Open in Loopscope");
pub(in crate::web) const FROZEN: Text = text!("This line stays as it is.");

// Keys.
pub(in crate::web) const KEYS_CHART: Text = text!("With the chart focused");
pub(in crate::web) const KEYS_EDITOR: Text = text!("In the script");
pub(in crate::web) const KEY_ZOOM: Text = text!("zoom in and out");
pub(in crate::web) const KEY_PAN: Text = text!("move along time");
pub(in crate::web) const KEY_HEIGHT: Text = text!("higher and lower rows");
pub(in crate::web) const KEY_BARS: Text = text!("from bar to bar");
pub(in crate::web) const KEY_FIT: Text = text!("fit everything");
pub(in crate::web) const KEY_STEP: Text = text!("one decision back, on");
pub(in crate::web) const KEY_PLAY: Text = text!("play and pause");
pub(in crate::web) const KEY_HELP: Text = text!("this help");
pub(in crate::web) const KEY_CLEAR: Text = text!("clear the selection");
pub(in crate::web) const KEY_COMPLETE: Text = text!("complete");
pub(in crate::web) const KEY_FORMAT: Text = text!("format");
pub(in crate::web) const KEY_NUDGE: Text = text!("longer, shorter duration");
pub(in crate::web) const KEY_TAB_OUT: Text = text!("leave the editor");

// When the page itself breaks.
pub(in crate::web) const PAGE_BROKE: Text = text!(
    "Loopscope broke. Your script is kept; reload to go on. Should it break again, the script may need more memory than the browser gives: make it smaller. This is what happened:"
);
pub(in crate::web) const RELOAD: Text = text!("Reload");
pub(in crate::web) const SAFE_MODE: Text = text!(
    "The page broke with this script, so it was not run again. Make it smaller, or run it anyway."
);

/// CodeMirror's own words.
pub(in crate::web) const EDITOR_PHRASES: [(&str, Text); 6] = [
    ("Diagnostics", PROBLEMS),
    ("No diagnostics", text!("No problems")),
    ("Completions", text!("Completions")),
    ("close", CLOSE),
    ("Undo", text!("Undo")),
    ("Redo", text!("Redo")),
];

// Python in.
pub(in crate::web) const FROM_PYTHON: Text = text!("From Python");
pub(in crate::web) const PYTHON_INTRO: Text = text!(
    "Paste FastAPI handlers or a program with asyncio, threads, pools or Celery. It is read, never run, and stays in your browser."
);
pub(in crate::web) const PYTHON_TEXT: Text = text!("Python program");
pub(in crate::web) const PYTHON_LIBRARY: Text = text!("How long your own libraries take");
pub(in crate::web) const PYTHON_EXAMPLE: &str =
    "@app.get(\"/\")\nasync def home():\n    time.sleep(3)";
pub(in crate::web) const LIBRARY_EXAMPLE: &str = "mylib.fetch await 250ms";
pub(in crate::web) const USE_SCRIPT: Text = text!("Use this script");

pub(in crate::web) fn python_line(language: Language, line: u32) -> String {
    say!(language, "line {line}", line)
}

pub(in crate::web) fn bad_library(language: Language, line: usize) -> String {
    say!(
        language,
        "line {line} of the libraries is not of the form: name, then await, block, cpu or nothing, then a time",
        line
    )
}

// Guessing.
pub(in crate::web) const GUESS: Text = text!("Guess");
pub(in crate::web) const PROOF: Text = text!("Verify");
pub(in crate::web) const MEASURED_TRACE: Text = text!("A measured trace:");
pub(in crate::web) const BACK_TO_SCRIPT: Text = text!("Back to the script");
pub(in crate::web) const GUESS_HINT: Text =
    text!("The chart is covered. What will happen? Read the script and say so first.");
pub(in crate::web) const GUESS_TOTAL: Text = text!("the total");
pub(in crate::web) const GUESS_ORDER: Text = text!("the order");
pub(in crate::web) const GUESS_BARS: Text = text!("the bars");
pub(in crate::web) const GUESS_WHAT: Text = text!("What to guess");
pub(in crate::web) const ASK_TOTAL: Text = text!("How long does it take in all?");
pub(in crate::web) const ASK_ORDER: Text =
    text!("In which order are the tasks done? Their names, with commas between.");
pub(in crate::web) const ASK_BARS: Text =
    text!("When does each task begin, and when is it done? Draw its bar.");
pub(in crate::web) const CHECK_GUESS: Text = text!("Check");
pub(in crate::web) const REVEAL: Text = text!("Reveal");
pub(in crate::web) const EXERCISES: Text = text!("Or take an exercise");
pub(in crate::web) const OTHER_EXERCISES: Text = text!("Other ones");
pub(in crate::web) const BAR_START: Text = text!("begins");
pub(in crate::web) const BAR_END: Text = text!("is done");

// The closer look.
pub(in crate::web) const INSIGHT: Text = text!("A closer look");
pub(in crate::web) const FINDINGS: Text = text!("Findings");
pub(in crate::web) const COMPARE: Text = text!("Compare");
pub(in crate::web) const ORDERS: Text = text!("Guaranteed?");
pub(in crate::web) const DIFFERENCE: Text = text!("What changed");
pub(in crate::web) const SWEEP: Text = text!("Sweep");
pub(in crate::web) const LOOKING: Text = text!("Working it out…");
pub(in crate::web) const LOOK_NOT_LOADED: Text =
    text!("This could not be worked out: its program did not load. Try again when you are online.");
pub(in crate::web) const LOOK_BROKE: Text = text!(
    "This could not be worked out: its program broke, perhaps for want of memory. Make the text smaller, or try again; it starts afresh."
);
pub(in crate::web) const LOOK_CANCELLED: Text = text!("Cancelled; nothing was worked out.");
pub(in crate::web) const TRY_AGAIN: Text = text!("Try again");
pub(in crate::web) const LONG_RUN: Text =
    text!("This run is long; a closer look takes several seconds.");
pub(in crate::web) const LOOK_ANYWAY: Text = text!("Look closer");
pub(in crate::web) const SHOW_PATH: Text = text!("Show the critical path on the chart");
pub(in crate::web) const COMPARE_HINT: Text =
    text!("The same work, placed differently. All charts have one axis.");
pub(in crate::web) const ORDERS_HINT: Text =
    text!("Does the runtime promise that order, or do these durations happen to give it?");
pub(in crate::web) const DIFFERENCE_HINT: Text =
    text!("Remember the script as it is, change it, and see the first event that differs.");
pub(in crate::web) const PIN: Text = text!("Remember this script");
pub(in crate::web) const SWEEP_HINT: Text = text!(
    "What if there were more requests, fewer threads, a slower call? Write a range such as `run 1..1000`, `line 4 10ms..2s`, or two with a comma between."
);
pub(in crate::web) const SWEEP_RANGE: Text = text!("What to vary");
pub(in crate::web) const SWEEP_START: Text = text!("Try all");
