//! The texts of the panel, in every language.

use super::panel_state::RunStage;
use super::trouble::Trouble;
use chart::scene::label::brief;
use formats::verification::{StepKind, VerificationNote, VerificationVerdict};
use model::time::SimDuration;
use texts::{Language, Text, say, text};

pub(super) const IN_REAL_TIME: Text = text!("In real time, on this machine");
pub(super) const INTRO: Text = text!(
    "Runs this script for real on this machine and compares the measured times with the prediction."
);
pub(super) const GET_IT: Text = text!(
    "Real runs need the Loopscope companion, a program on this machine. Install it, start it, and open the address that it prints:"
);
/// Commands are the same in every language.
pub(super) const INSTALL: &str = "cargo install loopscope";
pub(super) const SERVE: &str = "loopscope serve";
pub(super) const OR_FROM_HERE: Text = text!("Or use it from this page");
pub(super) const NAME_THIS_PAGE: Text =
    text!("Start it so that it accepts this page, then paste the address that it prints:");
pub(super) const ADDRESS: Text = text!("The companion's address");
pub(super) const CONNECT: Text = text!("Connect");
pub(super) const LOOK_AGAIN: Text = text!("Check again");
pub(super) const CONNECTING: Text = text!("connecting to the companion…");
pub(super) const COPY: Text = text!("Copy");
pub(super) const COPIED: Text = text!("Copied");
pub(super) const RUNTIME: Text = text!("Runtime");
pub(super) const MISSING: Text = text!("Not installed");
pub(super) const SCALE: Text = text!("1 s of the script takes");
pub(super) const RUNS: Text = text!("Runs");
pub(super) const TOLERANCE: Text = text!("Tolerance");
pub(super) const START: Text = text!("Run for real");
pub(super) const CANCEL: Text = text!("Cancel");
pub(super) const NOT_SOUND: Text = text!("The script has errors: there is nothing to run yet.");
pub(super) const NOTHING_TO_PROVE: Text =
    text!("The script has errors or runs nothing: there is nothing to prove yet.");
pub(super) const CANCELLED: Text =
    text!("Cancelled. The run and everything that it started were stopped.");
pub(super) const OLDER: Text = text!("This was measured with an older version of the script.");
pub(super) const ON_THE_CHART: Text =
    text!("In the chart by task, the pale bars behind the prediction are the measured times.");
/// Predicted, and pale behind them measured.
pub(super) const BARS: Text = text!("Bars");
pub(super) const TOTAL: Text = text!("total");
pub(super) const TASK: Text = text!("Task");
pub(super) const BEGINS: Text = text!("Start");
pub(super) const ENDS: Text = text!("End");
pub(super) const PREDICTED: Text = text!("predicted");
pub(super) const MEASURED: Text = text!("measured");
pub(super) const ERROR: Text = text!("deviation");
pub(super) const PER_TASK: Text = text!("The deviation of each task, largest first");
pub(super) const NOT_PREDICTED: Text = text!("was not predicted");
pub(super) const DID_NOT_APPEAR: Text = text!("did not appear");
pub(super) const ENDED_OTHERWISE: Text = text!("ended differently");
pub(super) const ORDER_UNCHECKED: Text =
    text!("The order was not compared: the loop does not decide it, or there are too many steps.");

pub(super) const OPEN_A_TRACE: Text = text!("Open a measured trace");
pub(super) const WHICH_TRACES: Text = text!(
    "Choose a file from `loopscope verify --trace` or VizTracer, or drop it anywhere on this page. The file stays in this browser."
);
pub(super) const NO_SCRIPT: Text = text!(
    "This trace comes from another tool: it shows the innermost function of each thread, not what tasks waited for, so there are no findings."
);
pub(super) const AS_A_SCRIPT: Text = text!("As a script");
pub(super) const LOOKING: Text = text!("analysing…");
pub(super) const TOO_LONG: Text = text!("This run is too long to be analysed here.");

pub(super) fn reading(language: Language, name: &str) -> String {
    say!(language, "reading `{name}`…", name)
}

pub(super) fn opened(language: Language, name: &str) -> String {
    say!(language, "The chart shows `{name}`.", name)
}

pub(super) fn left_out(language: Language, events: usize) -> String {
    match events {
        1 => say!(language, "1 unknown or invalid event was left out.", events),
        _ => say!(
            language,
            "{events} unknown or invalid events were left out.",
            events
        ),
    }
}

pub(super) fn not_opened(language: Language, name: &str) -> String {
    say!(language, "`{name}` was not opened.", name)
}

pub(super) fn serve_for(origin: &str) -> String {
    format!("{SERVE} --allow-origin {origin}")
}

pub(super) fn scale(language: Language, value: &str) -> String {
    say!(language, "{value} s", value)
}

pub(super) fn runs(language: Language, value: &str) -> String {
    say!(language, "{value}", value)
}

/// The progress of a run, e.g. `run 1 of 3, about 900ms each`.
pub(super) fn stage(language: Language, stage: RunStage) -> String {
    match stage {
        RunStage::Greeting | RunStage::Asked => CONNECTING.of(language).to_owned(),
        RunStage::Queued { ahead: 0 } => say!(language, "about to start"),
        RunStage::Queued { ahead } => say!(language, "{ahead} runs are ahead", ahead),
        RunStage::Running { run, runs, run_ns } => {
            let length = brief(SimDuration::from_nanos(run_ns));
            say!(
                language,
                "run {run} of {runs}, about {length} each",
                run,
                runs,
                length
            )
        }
    }
}

pub(super) fn seconds(language: Language, seconds: u32) -> String {
    say!(language, "{seconds} s", seconds)
}

/// What is drawn if the page's chart shows another prediction than the one that was judged.
pub(super) fn not_on_the_chart(language: Language, runtime: &str) -> String {
    say!(
        language,
        "The chart above shows another prediction. The one for `{runtime}` is in the last column, with the measured times as pale bars behind it.",
        runtime
    )
}

pub(super) fn verdict(language: Language, verdict: VerificationVerdict) -> &'static str {
    let text = match verdict {
        VerificationVerdict::Holds => text!("The prediction holds."),
        VerificationVerdict::Fails => text!("The prediction fails."),
        VerificationVerdict::TooNoisy => {
            text!("Too noisy to say: the runs disagree, or this machine is busy.")
        }
    };
    text.of(language)
}

/// The runtime and the runs, e.g. `asyncio, median of 3 runs (Python 3.11.7); a second of the
/// script took 0.1 s`.
pub(super) fn where_run(
    language: Language,
    runtime: &str,
    versions: &str,
    runs: u32,
    scale: f64,
) -> String {
    let shrunk = scale != 1.0;
    let runs = match runs {
        1 => say!(language, "1 run"),
        _ => say!(language, "median of {runs} runs", runs),
    };
    if shrunk {
        say!(
            language,
            "{runtime}, {runs}{versions}; 1 s of the script took {scale} s",
            runtime,
            runs,
            versions,
            scale
        )
    } else {
        format!("{runtime}, {runs}{versions}")
    }
}

pub(super) fn spread(language: Language, from: &str, to: &str) -> String {
    say!(language, "runs from {from} to {to}", from, to)
}

pub(super) fn tolerance(language: Language, percent: f64, slack: &str) -> String {
    say!(
        language,
        "tolerance {percent} % and {slack}",
        percent,
        slack
    )
}

pub(super) fn same_order(language: Language, steps: usize) -> String {
    say!(
        language,
        "The order was as predicted in every run ({steps} steps).",
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
        "The order was not as predicted in {broken} of {runs} runs: {later} before {earlier}.",
        broken,
        runs,
        later,
        earlier
    )
}

pub(super) fn step(language: Language, name: &str, kind: StepKind) -> String {
    let what = match kind {
        StepKind::Start => text!("starts"),
        StepKind::Print => text!("prints"),
        StepKind::Respond => text!("responds"),
        StepKind::End => text!("ends"),
    };
    format!("`{name}` {}", what.of(language))
}

pub(super) fn others(language: Language, cores: f64) -> String {
    say!(
        language,
        "Other programs used {cores} cores during the runs.",
        cores = format_args!("{cores:.1}")
    )
}

pub(super) fn more(language: Language, count: usize) -> String {
    say!(language, "{count} more, with smaller deviations", count)
}

/// The text of a note.
pub(super) fn note(language: Language, note: VerificationNote) -> String {
    match note {
        VerificationNote::FewerCores { script, machine } => say!(language, "The script has {script} cores, this machine has {machine}: the prediction uses {machine}.", script, machine),
        VerificationNote::OneProcess { servers } => say!(language, "The script has {servers} servers, this runtime has one process: the prediction uses one.", servers),
        VerificationNote::GilIsOn => text!("The script turns the GIL off, but this Python has one: the prediction uses the GIL.")
        .of(language)
        .to_owned(),
        VerificationNote::OtherPython { script, machine } => say!(language, "The script follows CPython {script}, this is CPython {machine}: the prediction follows {machine}.", script = script.name(), machine = machine.name()),
        VerificationNote::NoGil => text!("This runtime has no GIL: the prediction uses none.")
        .of(language)
        .to_owned(),
        VerificationNote::EveryTaskAThread => text!("Here every task is a thread and every await blocks: the prediction does the same.")
        .of(language)
        .to_owned(),
        VerificationNote::NoCosts => text!("The costs were measured for Python, but this runtime is not Python: the prediction leaves them out.")
        .of(language)
        .to_owned(),
        VerificationNote::RandomLengths => text!("The script has random durations, and the real run draws its own: the figures of many seeds are compared.")
        .of(language)
        .to_owned(),
        VerificationNote::OneByOne => text!("Requests of one instant reach a server one after another: the prediction does the same.")
        .of(language)
        .to_owned(),
    }
}

/// An error message and its remedy.
pub(super) fn trouble(language: Language, trouble: &Trouble, origin: &str) -> (String, String) {
    let (what, remedy) = match trouble {
        Trouble::NoToken => (
            text!("This page does not know the companion's token."),
            text!(
                "Open the complete address that `loopscope serve` printed last, including the part after `#c=`, or paste it here."
            ),
        ),
        Trouble::Spent => (
            text!(
                "This address is no longer valid: it was used already, or is older than ten minutes."
            ),
            text!(
                "Open the address that `loopscope serve` printed last in its terminal, or paste it here. Each address works once. If the companion has stopped, start it again."
            ),
        ),
        Trouble::Address => (
            text!("This is not the address of a companion on this machine."),
            text!(
                "Paste the complete address that `loopscope serve` printed: `http://127.0.0.1:` and a number, then `/#c=` and 32 digits."
            ),
        ),
        Trouble::Silent => {
            let remedy = say!(
                language,
                "Start it with `{origin}` and paste the new address. If it is running already, the browser blocks this page: open the companion's own address instead.",
                origin = serve_for(origin)
            );
            let what = text!("No companion answers at this address.");
            return (what.of(language).to_owned(), remedy);
        }
        Trouble::Denied => (
            text!("The browser does not let this page reach programs on this machine."),
            text!(
                "Allow it in the settings for this site (apps on this device, or local network), or open the companion's own address."
            ),
        ),
        Trouble::Stranger => (
            text!("A program answers at this address, but it is not a companion."),
            text!("Start `loopscope serve` again and use the address that it prints."),
        ),
        Trouble::Proof => (
            text!(
                "The program at this address does not know the token, so nothing was sent to it."
            ),
            text!(
                "It is another program, or a restarted companion: use the address that it printed last."
            ),
        ),
        Trouble::CutOff => (
            text!("The companion stopped during the run."),
            text!(
                "Start `loopscope serve` again and open the address that it prints. The script is kept."
            ),
        ),
        Trouble::Garbled => (
            text!("The companion sent a message that this page cannot read."),
            text!(
                "The page and the companion may have different versions: open the companion's own address."
            ),
        ),
        // The view adds the companion's own message and command.
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
        "missing" => text!("This runtime is not installed."),
        "unsupported" => text!("This runtime does not support a part of the script."),
        "no_jobs" => text!("The script sends no job, so Celery has nothing to do."),
        "no_prediction" => {
            text!("The simulation stopped at a limit: there is nothing to compare with.")
        }
        "timed_out" => text!("The run took much longer than predicted and was stopped."),
        "crashed" => text!("The run failed."),
        "interrupted" => text!("The run was stopped before there was a result."),
        "too_much" | "too_large" => {
            text!("The run is larger than the companion allows for a page.")
        }
        "invalid_script" => text!("The companion found an error in the script."),
        "guesses" => text!("Too many wrong addresses were tried."),
        "busy" => text!("Too many runs are waiting already."),
        "origin" | "host" => text!("The companion does not accept this page."),
        "token" => text!("The companion has another token."),
        _ => text!("The companion could not run the script."),
    }
}

fn remedy(code: &str) -> Option<Text> {
    Some(match code {
        "missing" => text!("Install it, then check again:"),
        "unsupported" => text!("Choose another runtime; asyncio supports everything except jobs."),
        "no_jobs" => text!("Write `send f` for a `def f`, or choose another runtime."),
        "no_prediction" => text!("Make the script shorter."),
        "timed_out" => text!(
            "Close the programs that keep this machine busy, or choose a shorter time for 1 s of the script."
        ),
        "too_much" => {
            text!("Choose a shorter time for 1 s of the script, or use fewer runs or tasks.")
        }
        "too_large" => text!("Make the script shorter."),
        "busy" => text!("Try again in a moment."),
        "guesses" => text!("Try again in a minute."),
        "origin" | "host" => text!(
            "Start the companion with `--allow-origin` and the address of this page, or open its own address."
        ),
        "interrupted" => text!(
            "If the companion has stopped, start `loopscope serve` again and open the address that it prints. The script is kept."
        ),
        "token" => text!("Use the address that `loopscope serve` printed last."),
        "crashed" | "system" | "broken" => {
            text!("Run `loopscope verify` in a terminal to see more.")
        }
        _ => return None,
    })
}
