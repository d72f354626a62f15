//! `exercise` and `guess`: judge the reader's prediction of a run.
//!
//! Leaves making exercises and recognising misconceptions to [`analysis::guess`].

use std::fmt::Write;
use std::path::PathBuf;

use crate::cli::args::whole_number;
use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::load::load_script;
use analysis::guess::{Answer, Exercise, Family, Judged, Question, judge, key, parse};
use chart::paint::text::plain;
use model::workload::Workload;
use texts::{Language, Text, text};

/// Create an exercise from a seed, and check an answer
#[derive(Debug, clap::Args)]
#[command(after_help = EXERCISE_EXAMPLE.en())]
pub(crate) struct ExerciseArgs {
    /// The kind of exercise; without it, all kinds are listed
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Number of the exercise: the same seed gives the same exercise everywhere
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = whole_number::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Your answer: a time, or names in order
    #[arg(long, value_name = "ANSWER", conflicts_with = "key")]
    answer: Option<String>,
    /// Show the right answer
    #[arg(long)]
    key: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ExerciseFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum ExerciseFormat {
    /// For people
    #[default]
    Text,
    /// One object, `loopscope.exercise/1`
    Json,
}

/// Check a guess about a script: its total, or the order of its tasks
#[derive(Debug, clap::Args)]
#[command(after_help = GUESS_EXAMPLE.en())]
pub(crate) struct GuessArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A time, or task names in the order in which they finish
    #[arg(value_name = "ANSWER")]
    answer: String,
    #[command(flatten)]
    machine: MachineArgs,
}

const EXERCISE_EXAMPLE: Text = text!(
    "\
Example:
  loopscope exercise busy-hands --seed 7",
);
const GUESS_EXAMPLE: Text = text!(
    "\
Example:
  loopscope guess pasta.loop 9s",
);

pub(crate) fn exercise(args: &ExerciseArgs, console: &mut Console) -> Result<Exit, Failure> {
    let language = console.style.language;
    let Some(name) = &args.name else {
        console.print(&family_list(language))?;
        return Ok(Exit::Holds);
    };
    let family =
        Family::from_name(name).ok_or_else(|| Failure::NoSuchFamily { name: plain(name) })?;
    let exercise = family.exercise(args.seed);
    // Generated scripts always parse; the tests of `guess` check every family.
    let workload = script::parse(&exercise.script).workload.unwrap_or_default();
    let judged = match &args.answer {
        Some(answer) => Some(judge_answer(answer, &workload, exercise.question)?),
        None => None,
    };
    let key = if args.key {
        key(&workload, exercise.question)
    } else {
        None
    };
    let exit = exit_of(judged.as_ref());
    let written = match args.format {
        ExerciseFormat::Text => {
            exercise_text(&exercise, judged.as_ref(), key, &workload, console.style)
        }
        ExerciseFormat::Json => exercise_json(&exercise, judged.as_ref(), key, &workload, language),
    };
    console.print(&written)?;
    Ok(exit)
}

pub(crate) fn guess(args: &GuessArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    // Names of tasks do not begin with a digit, so a digit means a time.
    let begins_with_digit = args.answer.trim().starts_with(|c: char| c.is_ascii_digit());
    let question = if begins_with_digit {
        Question::Total
    } else {
        Question::Order
    };
    let judged = judge_answer(&args.answer, &loaded.workload, question)?;
    console.print(&verdict_text(&judged, &loaded.workload, console.style))?;
    Ok(exit_of(Some(&judged)))
}

fn judge_answer(text: &str, workload: &Workload, question: Question) -> Result<Judged, Failure> {
    let answer = parse(text, workload, question);
    let judged = answer.and_then(|answer| judge(workload, &answer));
    judged.ok_or_else(|| Failure::NoAnswer { text: plain(text) })
}

fn exit_of(judged: Option<&Judged>) -> Exit {
    match judged {
        Some(judged) if !judged.right => Exit::Fails,
        _ => Exit::Holds,
    }
}

fn family_list(language: Language) -> String {
    let mut list = String::new();
    for family in Family::ALL {
        let _ = writeln!(list, "{:<12} {}", family.name(), family.title(language));
    }
    list
}

fn exercise_text(
    exercise: &Exercise,
    judged: Option<&Judged>,
    key: Option<Answer>,
    workload: &Workload,
    style: Style,
) -> String {
    if let Some(judged) = judged {
        return verdict_text(judged, workload, style);
    }
    if let Some(key) = key {
        return format!("{}\n", key.text(workload));
    }
    let title = exercise.family.title(style.language);
    let title = style.out.paint(Ink::Strong, title);
    let asked = exercise.question.text(style.language);
    format!("# {title}\n\n{}\n{asked}\n", exercise.script)
}

/// E.g. `✗ 9s`, followed by the misconception that explains the wrong answer.
fn verdict_text(judged: &Judged, workload: &Workload, style: Style) -> String {
    let key = plain(&judged.key.text(workload));
    if judged.right {
        return format!("{} {key}\n", style.out.paint(Ink::Good, "✓"));
    }
    let mut written = format!("{} {key}\n", style.out.paint(Ink::Error, "✗"));
    // The most specific one is first. Others that lead to the same answer would add little.
    if let Some(misconception) = judged.misconceptions.first() {
        let _ = writeln!(written, "    {}", misconception.text(style.language));
    }
    written
}

fn exercise_json(
    exercise: &Exercise,
    judged: Option<&Judged>,
    key: Option<Answer>,
    workload: &Workload,
    language: Language,
) -> String {
    let misconceptions = judged.map(|judged| {
        let each = judged.misconceptions.iter();
        each.map(|one| serde_json::json!({"code": one.code(), "text": one.text(language)}))
            .collect::<Vec<_>>()
    });
    let shown = judged.map(|judged| &judged.key).or(key.as_ref());
    let object = serde_json::json!({
        "schema": "loopscope.exercise/1",
        "family": exercise.family.name(),
        "seed": exercise.seed,
        "script": exercise.script,
        "question": exercise.question.text(language),
        "key": shown.map(|key| key.text(workload)),
        "right": judged.map(|judged| judged.right),
        "misconceptions": misconceptions,
    });
    format!("{object}\n")
}
