//! The page's fixed texts: a constant each.
//!
//! [`super::sentences`] has the sentences with names and numbers; messages about the script
//! come from the core.

use texts::{Language, Text, say, text};

// The frame.
pub(crate) const TAGLINE: Text = text!("See how asyncio runs your code");
pub(crate) const LESSONS: Text = text!("Lessons");
pub(crate) const SHARE: Text = text!("Share");
pub(crate) const HELP: Text = text!("Keys and legend");
pub(crate) const CLOSE: Text = text!("Close");
pub(crate) const THEME_AUTO: Text = text!("Theme: system");
pub(crate) const THEME_LIGHT: Text = text!("Theme: light");
pub(crate) const THEME_DARK: Text = text!("Theme: dark");
pub(crate) const SKIP_TO_SCRIPT: Text = text!("Skip to the script");
pub(crate) const NOTHING_LEAVES: Text = text!("Everything runs on your device. Nothing leaves it.");

// The tour.
pub(crate) const TOUR: Text = text!("A tour in four steps");
pub(crate) const TOUR_START: Text = text!("Take a tour");
pub(crate) const TOUR_LEAVE: Text = text!("Skip the tour");
pub(crate) const TOUR_NEXT: Text = text!("Next");
pub(crate) const TOUR_BACK: Text = text!("Back");
pub(crate) const TOUR_DONE: Text = text!("Done");
pub(crate) const TOUR_SCRIPT: Text = text!("Write what each task does");
pub(crate) const TOUR_SCRIPT_TEXT: Text = text!(
    "`cpu` works and holds the loop, `await` waits and holds nothing, `block` waits and holds its thread. Change a number: the chart follows as you type."
);
pub(crate) const TOUR_CHART: Text = text!("See when each task runs");
pub(crate) const TOUR_CHART_TEXT: Text = text!(
    "Each row is a task; time runs from left to right. Dots mean: ready, but waiting for its turn. Drag the end of a bar to change the script."
);
pub(crate) const TOUR_TIME: Text = text!("Step through it");
pub(crate) const TOUR_TIME_TEXT: Text = text!(
    "Press Play, or step forward and back. Below the chart you see which task is next, which tasks wait, and why."
);
pub(crate) const TOUR_WHY: Text = text!("Find out why");
pub(crate) const TOUR_WHY_TEXT: Text = text!(
    "Findings name the line that makes other tasks wait, and a change that helps. Select a waiting bar to see why it waits. You can also compare strategies, vary a setting, or guess before you look."
);

// The script.
pub(crate) const SCRIPT: Text = text!("Script");
pub(crate) const SIDES: Text = text!("Script or Python");
pub(crate) const PYTHON: Text = text!("Python");
pub(crate) const OWN_PROGRAM: Text = text!("Edit it");
pub(crate) const START_OVER: Text = text!("Start over");
pub(crate) const START_OVER_HINT: Text =
    text!("Show the script's program again. Yours stays in Drafts.");
pub(crate) const RUN: Text = text!("Run");
pub(crate) const RUN_HINT: Text = text!(
    "It runs on CPython in this page, cut off from the network and from your data. Python is downloaded once: 4.7 MB, and 2.5 MB more for FastAPI."
);
pub(crate) const CHART_AFTER_RUN: Text = text!("The chart appears after the run.");
pub(crate) const OUTPUT: Text = text!("Output");
pub(crate) const NO_PROGRAM: Text = text!("The script has errors: there is nothing to run yet.");
pub(crate) const LOOKS_LIKE_PYTHON: Text = text!("This looks like Python.");
pub(crate) const RUN_AS_PYTHON: Text = text!("Run it as Python");
pub(crate) const READ_AS_SCRIPT: Text = text!("Read it as a script");
pub(crate) const READ_FROM_PYTHON: Text = text!("This script was read from your Python.");
pub(crate) const READING_NOTES: Text = text!("Notes");
pub(crate) const RAN_ON_PYTHON: Text = text!("Your program, on CPython");
pub(crate) const SAVED: Text = text!("autosaved");
pub(crate) const NOT_SAVED: Text = text!("not saved: this browser blocks storage");
pub(crate) const CHEAT_SHEET: Text = text!("Cheat sheet");
pub(crate) const GUIDE: Text = text!("Guide");
pub(crate) const LANGUAGE_REFERENCE: Text = text!("Language reference");
pub(crate) const FORMAT: Text = text!("Format");
pub(crate) const PROBLEMS: Text = text!("Problems");
pub(crate) const HIDE_SCRIPT: Text = text!("Done");
pub(crate) const EDIT_SCRIPT: Text = text!("Edit script");
pub(crate) const SAVED_ELSEWHERE: Text = text!("Another tab has saved a newer script.");
pub(crate) const OPEN_IT: Text = text!("Open it here");
pub(crate) const KEEP_MINE: Text = text!("Keep this one");
pub(crate) const DRAFTS: Text = text!("Drafts");
pub(crate) const DRAFTS_INTRO: Text =
    text!("Choose a draft to open it. Your current script is then kept here.");
pub(crate) const DRAFTS_WRITTEN: Text = text!("Written by you");
pub(crate) const DRAFTS_BROUGHT: Text = text!("From links and exercises");
pub(crate) const DRAFTS_NOT_STORED: Text = text!(
    "The browser cannot store all of these. Keep this tab open until you have copied the scripts that you need."
);
pub(crate) const DRAFTS_FULL: Text = text!(
    "The browser's storage is full: your previous script stays in Drafts only until you close this tab."
);
pub(crate) const SETTINGS: Text = text!("Machine");
pub(crate) const CORES: Text = text!("cores");
pub(crate) const POOL: Text = text!("pool");
pub(crate) const GIL: Text = text!("GIL");
pub(crate) const EAGER: Text = text!("Eager tasks");
pub(crate) const SERVERS: Text = text!("servers");
pub(crate) const PROCESSES: Text = text!("processes");
pub(crate) const JOBS: Text = text!("job workers");
pub(crate) const SEED: Text = text!("seed");
pub(crate) const ON: Text = text!("on");
pub(crate) const OFF: Text = text!("off");

// The result.
pub(crate) const RESULT: Text = text!("Result");
pub(crate) const TOTAL: Text = text!("Total elapsed");
pub(crate) const LONGEST_FREEZE: Text = text!("longest freeze");
pub(crate) const LOOP_LAG: Text = text!("loop lag");
pub(crate) const LONGEST_LATENCY: Text = text!("longest latency");
pub(crate) const LATENCY_P95: Text = text!("p95 latency");
pub(crate) const THREADS_PEAK: Text = text!("peak threads");
pub(crate) const POOL_QUEUE_PEAK: Text = text!("longest pool queue");
pub(crate) const WAITED: Text = text!("time lost waiting");
pub(crate) const IN_SUM: Text = text!("all tasks");
pub(crate) const CPU_USED: Text = text!("CPU used");
pub(crate) const NONE: Text = text!("none");
pub(crate) const EXPECTED: Text = text!("Expectations");
pub(crate) const MET: Text = text!("met");
pub(crate) const MISSED: Text = text!("missed");
pub(crate) const BY_TASK_FIGURES: Text = text!("Numbers for each task");
pub(crate) const TASK: Text = text!("task");
pub(crate) const COUNT: Text = text!("runs");
pub(crate) const FIRST_START: Text = text!("first start");
pub(crate) const LAST_FINISH: Text = text!("last finish");
pub(crate) const PER_SECOND: Text = text!("per second");
pub(crate) const DONE: Text = text!("done");
pub(crate) const NOT_OVER: Text = text!("unfinished");
pub(crate) const FAILED: Text = text!("failed");
pub(crate) const CANCELLED_COUNT: Text = text!("cancelled");

// Running.
pub(crate) const CANCEL: Text = text!("Cancel");
pub(crate) const RUN_AGAIN: Text = text!("Run again");
pub(crate) const PREPARING: Text = text!("Simulated. Preparing the chart…");
pub(crate) const MAKING_ROWS: Text = text!("Arranging the rows…");
pub(crate) const CANCELLED: Text = text!("Cancelled. Your script is unchanged.");
pub(crate) const CRASHED: Text = text!(
    "The simulator crashed on this script. This is a bug in Loopscope. Your script is safe, and the next run starts fresh."
);
pub(crate) const COPY_REPORT: Text = text!("Copy an error report");
pub(crate) const NO_WORKER: Text = text!(
    "This browser cannot start a worker here, so the simulation runs in the page, in small slices."
);
pub(crate) const STALE_CHART: Text = text!("The chart shows the last script without errors.");
pub(crate) const EMPTY_TITLE: Text = text!("Nothing to run yet");
pub(crate) const EMPTY_TEXT: Text = text!("Write a task in the script, for example");
pub(crate) const EMPTY_EXAMPLE: Text = text!("pasta: cpu 3 -> await 5");
pub(crate) const OPEN_LESSON: Text = text!("Open a lesson");
pub(crate) const FIRST_CHART: Text = text!("Drawing the first chart…");

// The chart.
pub(crate) const CHART: Text = text!("Schedule");
pub(crate) const BY_TASK: Text = text!("By task");
pub(crate) const BY_THREAD: Text = text!("By thread");
pub(crate) const ZOOM_IN: Text = text!("Zoom in");
pub(crate) const ZOOM_OUT: Text = text!("Zoom out");
pub(crate) const FIT: Text = text!("Fit");
pub(crate) const CHART_ROLE: Text = text!("Gantt chart");
pub(crate) const MINIMAP: Text = text!("Overview: drag to choose the visible part");
pub(crate) const ASK_A_BAR: Text = text!("Point at a bar to see what it does.");
pub(crate) const ASK_OR_DRAG_A_BAR: Text =
    text!("Point at a bar to see what it does. Drag its end to change its length.");
pub(crate) const LEGEND: Text = text!("Legend");
pub(crate) const LEGEND_IN_WORDS: Text = text!("Meaning of the colours");
pub(crate) const AS_TABLE: Text = text!("The chart as a table");
pub(crate) const STATE: Text = text!("state");
pub(crate) const FROM: Text = text!("from");
pub(crate) const TO: Text = text!("to");
pub(crate) const LENGTH: Text = text!("length");
pub(crate) const LINE: Text = text!("line");
pub(crate) const WHY: Text = text!("why");
pub(crate) const EARLIER_LINES: Text = text!("Earlier");
pub(crate) const LATER_LINES: Text = text!("Later");
pub(crate) const PART_ONLY: Text = text!("Only the time range that the chart shows.");

// Time.
pub(crate) const TO_START: Text = text!("To the start");
pub(crate) const STEP_BACK: Text = text!("back");
pub(crate) const STEP_BACK_LONG: Text = text!("One step back");
pub(crate) const STEP: Text = text!("step");
pub(crate) const STEP_LONG: Text = text!("One step forward");
pub(crate) const PLAY: Text = text!("Play");
pub(crate) const PAUSE: Text = text!("Pause");
pub(crate) const TIME: Text = text!("Time");
pub(crate) const SPEED: Text = text!("Speed");

pub(crate) const IN_TEN_SECONDS: Text = text!("whole run in 10 s");
pub(crate) const NOTHING_YET: Text = text!("No events yet.");

// Now.
pub(crate) const NOW: Text = text!("At this moment");
pub(crate) const NOW_RUNNING: Text = text!("Running");
pub(crate) const NOW_READY: Text = text!("Ready queue");
pub(crate) const NOW_WAITING: Text = text!("Waiting");
pub(crate) const NO_INSTANCE: Text = text!("none");
pub(crate) const IDLE: Text = text!("idle");
pub(crate) const POOL_NAME: Text = text!("Thread pool");
pub(crate) const EXECUTOR_NAME: Text = text!("Executor");
pub(crate) const PROCESS_NAME: Text = text!("Processes");
pub(crate) const JOB_NAME: Text = text!("Job queue");
pub(crate) const QUEUED: Text = text!("Queue");

// Lessons.
pub(crate) const LESSONS_INTRO: Text = text!(
    "27 experiments, as scripts and in Python. Each asks what will happen, then shows it. Your own script is kept in Drafts."
);
pub(crate) const LESSONS_AWAITED: Text = text!("Loading the lessons…");
pub(crate) const LESSONS_LACKING: Text =
    text!("The lessons could not be loaded. Check the connection, then open this again.");
pub(crate) const SCRIPTS_OF_LESSON: Text = text!("Scripts of this lesson");
pub(crate) const GUESS_FIRST: Text = text!("Your guess first");
pub(crate) const SHOW_ME: Text = text!("Show me");
pub(crate) const PREDICT_HINT: Text = text!("Read it, then choose an answer.");
pub(crate) const CHANGE_IT: Text = text!("Now change it");
pub(crate) const TRY_IT: Text = text!("Do it for me");
pub(crate) const UNDO: Text = text!("Undo");
pub(crate) const PREVIOUS_LESSON: Text = text!("Previous lesson");
pub(crate) const NEXT_LESSON: Text = text!("Next lesson");
pub(crate) const CLOSE_LESSON: Text = text!("Close the lesson");
pub(crate) const ALL_LESSONS: Text = text!("All lessons");
pub(crate) const GUESSED: Text = text!("guessed");
pub(crate) const REACHED: Text = text!("goal reached");

// Sharing.
pub(crate) const LINK: Text = text!("Link");
pub(crate) const LINK_HOLDS: Text = text!("The link contains the whole text; no server stores it.");
pub(crate) const COPY: Text = text!("Copy");
pub(crate) const COPIED: Text = text!("Copied");
pub(crate) const SELECT_AND_COPY: Text = text!("Select the text and copy it yourself");
pub(crate) const DOWNLOAD: Text = text!("Download");
pub(crate) const DOWNLOAD_SVG: Text = text!("Chart as SVG");
pub(crate) const DOWNLOAD_PNG: Text = text!("Chart as PNG");
pub(crate) const DOWNLOAD_SCRIPT: Text = text!("Script");
pub(crate) const DOWNLOAD_TRACE: Text = text!("Trace JSON");
pub(crate) const DOWNLOAD_CSV: Text = text!("Numbers as CSV");
pub(crate) const DOWNLOAD_PYTHON: Text = text!("Runnable Python");
pub(crate) const DOWNLOAD_HINT: Text = text!(
    "The trace opens in ui.perfetto.dev. The Python program does the same as the script, with real asyncio."
);
pub(crate) const FILE_NOT_LOADED: Text = text!(
    "The file could not be created: a part of Loopscope did not load. Try again when you are online."
);
pub(crate) const FILE_BROKE: Text = text!(
    "The file could not be created: this run is too large. Make the script smaller, or use loopscope on the command line."
);
pub(crate) const MAKING_FILE: Text = text!("Creating the file…");
pub(crate) const EMBED: Text = text!("Embed code");
pub(crate) const EMBED_HINT: Text =
    text!("For a course page. Without JavaScript the reader still sees the script.");
pub(crate) const EMBED_FRAME: Text = text!("Where only an iframe is allowed");
pub(crate) const MARKDOWN: Text = text!("Markdown with a picture");
pub(crate) const MARKDOWN_HINT: Text =
    text!("Save the chart as SVG next to the page; a click on it opens this script.");
pub(crate) const LONG_LINK: Text =
    text!("Some chat programs cut off long links like this one; a file is safer.");

// In another page.
pub(crate) const GOAL: Text = text!("Goal");
pub(crate) const GOAL_REACHED: Text = text!("reached");
pub(crate) const GOAL_NOT_REACHED: Text = text!("not yet");
pub(crate) const RESET_SCRIPT: Text = text!("Reset the script");
pub(crate) const WHOLE_PAGE: Text = text!("Open in Loopscope");
pub(crate) const FROZEN: Text = text!("This line is locked.");

// Keys.
pub(crate) const KEYS_CHART: Text = text!("With the chart focused");
pub(crate) const KEYS_EDITOR: Text = text!("In the script");
pub(crate) const KEY_ZOOM: Text = text!("zoom in and out");
pub(crate) const KEY_PAN: Text = text!("move along time");
pub(crate) const KEY_HEIGHT: Text = text!("taller and shorter rows");
pub(crate) const KEY_BARS: Text = text!("move between bars");
pub(crate) const KEY_FIT: Text = text!("fit everything");
pub(crate) const KEY_STEP: Text = text!("one step back, forward");
pub(crate) const KEY_PLAY: Text = text!("play and pause");
pub(crate) const KEY_HELP: Text = text!("this help");
pub(crate) const KEY_CLEAR: Text = text!("clear the selection");
pub(crate) const KEY_COMPLETE: Text = text!("complete");
pub(crate) const KEY_FORMAT: Text = text!("format");
pub(crate) const KEY_NUDGE: Text = text!("longer, shorter duration");
pub(crate) const KEY_TAB_OUT: Text = text!("leave the editor");

// When the page itself breaks.
pub(crate) const PAGE_BROKE: Text = text!(
    "Loopscope crashed. Your script is saved; reload to continue. If it crashes again, the script may need more memory than the browser allows: make it smaller. Details:"
);
pub(crate) const RELOAD: Text = text!("Reload");
pub(crate) const SAFE_MODE: Text = text!(
    "The page crashed with this script, so the script was not run again. Make it smaller, or run it anyway."
);

/// CodeMirror's own words.
pub(crate) const EDITOR_PHRASES: [(&str, Text); 11] = [
    ("Diagnostics", PROBLEMS),
    ("No diagnostics", text!("No problems")),
    ("Completions", text!("Completions")),
    ("close", CLOSE),
    ("Undo", text!("Undo")),
    ("Redo", text!("Redo")),
    ("load", text!("Requests to the app")),
    ("count", text!("Number of requests")),
    ("method", text!("Method")),
    ("path", text!("Path")),
    (
        "comments",
        text!("The comments `# run …` say which requests are sent."),
    ),
];

// Python in.
pub(crate) const FROM_PYTHON: Text = text!("From Python");
pub(crate) const PYTHON_INTRO: Text = text!(
    "Paste FastAPI handlers or a program with asyncio, threads, pools or Celery. It is read, never run, and stays in your browser."
);
pub(crate) const PYTHON_TEXT: Text = text!("Python program");
pub(crate) const PYTHON_LIBRARY: Text = text!("Durations of your own libraries");
pub(crate) const PYTHON_EXAMPLE: &str = "@app.get(\"/\")\nasync def home():\n    time.sleep(3)";
pub(crate) const LIBRARY_EXAMPLE: &str = "mylib.fetch await 250ms";
pub(crate) const USE_SCRIPT: Text = text!("Use this script");

pub(crate) fn python_line(language: Language, line: u32) -> String {
    say!(language, "line {line}", line)
}

pub(crate) fn bad_library(language: Language, line: usize) -> String {
    say!(
        language,
        "line {line} of the libraries: write a name, then await, block, cpu or nothing, then a time",
        line
    )
}

// Guessing.
pub(crate) const GUESS: Text = text!("Guess this run");
pub(crate) const PROOF: Text = text!("Verify");
pub(crate) const MEASURED_TRACE: Text = text!("A measured trace:");
pub(crate) const BACK_TO_SCRIPT: Text = text!("Back to the script");
pub(crate) const GUESS_HINT: Text =
    text!("The chart is hidden. Read the script: what will happen?");
pub(crate) const GUESS_TOTAL: Text = text!("the total");
pub(crate) const GUESS_ORDER: Text = text!("the order");
pub(crate) const GUESS_BARS: Text = text!("the bars");
pub(crate) const GUESS_WHAT: Text = text!("What to guess");
pub(crate) const ASK_TOTAL: Text = text!("How long does it take in total?");
pub(crate) const ASK_ORDER: Text =
    text!("In which order do the tasks finish? Write their names, separated by commas.");
pub(crate) const ASK_BARS: Text =
    text!("When does each task start, and when does it finish? Draw its bar.");
pub(crate) const CHECK_GUESS: Text = text!("Check");
pub(crate) const REVEAL: Text = text!("Show answer");
pub(crate) const EXERCISES: Text = text!("Exercises");
pub(crate) const EXERCISES_HINT: Text =
    text!("Each opens a new script and hides its chart: read it, and say what will happen.");
pub(crate) const OTHER_EXERCISES: Text = text!("Other exercises");
pub(crate) const BAR_START: Text = text!("starts");
pub(crate) const BAR_END: Text = text!("finishes");

// The closer look.
pub(crate) const INSIGHT: Text = text!("Analysis");
pub(crate) const DOOR_WHY: Text = text!("Why");
pub(crate) const DOOR_WHAT_IF: Text = text!("What if");
pub(crate) const PRACTISE: Text = text!("Practise");
pub(crate) const DOOR_PROVE: Text = text!("Prove it");
pub(crate) const NUMBERS: Text = text!("Numbers");
pub(crate) const FINDINGS: Text = text!("Findings");
pub(crate) const COMPARE: Text = text!("Compare");
pub(crate) const ORDERS: Text = text!("Guaranteed?");
pub(crate) const DIFFERENCE: Text = text!("What changed");
pub(crate) const SWEEP: Text = text!("Sweep");
pub(crate) const LOOKING: Text = text!("Computing…");
pub(crate) const LOOK_NOT_LOADED: Text = text!(
    "This could not be computed: a part of Loopscope did not load. Try again when you are online."
);
pub(crate) const LOOK_BROKE: Text = text!(
    "This could not be computed: a part of Loopscope crashed, perhaps because the memory ran out. Make the text smaller, or try again."
);
pub(crate) const LOOK_CANCELLED: Text = text!("Cancelled; there is no result.");
pub(crate) const TRY_AGAIN: Text = text!("Try again");
pub(crate) const LONG_RUN: Text = text!("This run is long; the analysis takes several seconds.");
pub(crate) const LOOK_ANYWAY: Text = text!("Analyse");
pub(crate) const SHOW_PATH: Text = text!("Show the critical path on the chart");
pub(crate) const COMPARE_HINT: Text =
    text!("The same work, run with different strategies. All charts share one time axis.");
pub(crate) const ORDERS_HINT: Text =
    text!("Is this order guaranteed, or does it depend on the durations?");
pub(crate) const DIFFERENCE_HINT: Text =
    text!("Remember this version, change the script, and see the first event that differs.");
pub(crate) const PIN: Text = text!("Remember this version");
pub(crate) const SWEEP_HINT: Text = text!(
    "What if there were more requests, fewer threads, a slower call? Write a range such as `run 1..1000` or `line 4 10ms..2s`, or two ranges separated by a comma."
);
pub(crate) const SWEEP_RANGE: Text = text!("What to vary");
pub(crate) const SWEEP_START: Text = text!("Run all");
