//! `prove`: compares a simulated script with CPython's own asyncio, event by event.
//!
//! Leaves the run and the comparison to [`crate::verify::prove`].

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::load::load_script;
use crate::cli::words::Say;
use crate::verify::{
    Difference, Interrupt, Proof, ProofError, ProvedEvent, ProvedKind, Unprovable,
};
use formats::proof::{agreement, event_words, other_version};
use sim::simulate;
use texts::{Language, Text, say, text};

/// Compare a script with CPython's own asyncio, every event, without waiting
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct ProveArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ProveFormat,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope prove pasta.loop",
);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ProveFormat {
    /// One line, or the first difference
    #[default]
    Text,
    /// One object, `loopscope.proof/1`
    Json,
}

pub(crate) fn prove(args: &ProveArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load_script(&args.file, &MachineArgs::default(), console)? else {
        return Ok(Exit::Invalid);
    };
    let simulated = simulate(&loaded.workload);
    let interrupt = Interrupt::on_signals();
    let proof = crate::verify::prove(&loaded.workload, &simulated, &interrupt);
    let proof = proof.map_err(|error| match error {
        ProofError::Program(error) => Failure::Program(error),
        error => Failure::Proof(error),
    })?;
    match args.format {
        ProveFormat::Text => console.print(&proof_text(&proof, console.style))?,
        ProveFormat::Json => console.write(|out| write_json(&proof, out))?,
    }
    Ok(match proof.difference {
        None => Exit::Holds,
        Some(_) => Exit::Fails,
    })
}

fn proof_text(proof: &Proof, style: Style) -> String {
    let say = style.say();
    let Some(difference) = &proof.difference else {
        let tick = style.out.paint(Ink::Good, "✓");
        let mut text = format!("{tick} {}\n", agreement(proof, say.0));
        push_line(&mut text, other_version(proof, say.0));
        return text;
    };
    let cross = style.out.paint(Ink::Error, "✗");
    let mut text = format!("{cross} {}\n", say.differs(proof));
    for (side, event) in sides(difference, say) {
        text.push_str(&format!("  {side}: {}\n", event_words(event, say.0)));
    }
    push_line(&mut text, other_version(proof, say.0));
    let is_newer = proof.is_of_newer_python();
    push_line(&mut text, is_newer.then(|| say.newer_python(&proof.python)));
    text
}

fn push_line(text: &mut String, line: Option<String>) {
    if let Some(line) = line {
        text.push_str(&line);
        text.push('\n');
    }
}

fn sides(difference: &Difference, say: Say) -> [(String, Option<&ProvedEvent>); 2] {
    [
        (
            say.simulated_side().to_owned(),
            difference.simulated.as_ref(),
        ),
        ("CPython".to_owned(), difference.python.as_ref()),
    ]
}

pub(crate) fn message(error: &ProofError, language: Language) -> String {
    match error {
        ProofError::Unprovable(Unprovable::Threads { line, .. }) => say!(
            language,
            "line {line} needs a thread or a process, which only real time can prove; write `loopscope verify FILE --on asyncio`",
            line
        ),
        ProofError::Unprovable(Unprovable::Servers) => say!(
            language,
            "the script has several server processes, which only real time can prove; write `loopscope verify FILE --on fastapi`"
        ),
        ProofError::Unprovable(Unprovable::Random) => say!(
            language,
            "the script draws random durations, and Python draws other ones, so the events cannot be compared; write fixed durations"
        ),
        ProofError::Program(error) => error.message(language),
        ProofError::Python(words) => say!(
            language,
            "Python did not run the script to its end: {words}",
            words
        ),
    }
}

pub(crate) fn exit_of_error(error: &ProofError) -> Exit {
    match error {
        ProofError::Unprovable(_) | ProofError::Program(_) => Exit::Usage,
        ProofError::Python(_) => Exit::Fails,
    }
}

impl Say {
    fn differs(self, proof: &Proof) -> String {
        say!(
            self.0,
            "{agreeing} of {events} events as on CPython {python}; here they differ:",
            agreeing = proof.agreeing,
            events = proof.events,
            python = proof.python
        )
    }

    fn simulated_side(self) -> &'static str {
        text!("simulated").of(self.0)
    }

    fn newer_python(self, version: &str) -> String {
        say!(
            self.0,
            "The simulator follows CPython 3.11 to 3.15. CPython {version} may differ. LOOPSCOPE_PYTHON names another Python.",
            version
        )
    }
}

#[derive(Serialize)]
struct ReportedProof<'a> {
    schema: &'static str,
    verdict: &'static str,
    python: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    script_python: Option<&'static str>,
    events: usize,
    agreeing: usize,
    first_difference: Option<ReportedDifference<'a>>,
}

#[derive(Serialize)]
struct ReportedDifference<'a> {
    simulated: Option<ReportedEvent<'a>>,
    python: Option<ReportedEvent<'a>>,
}

#[derive(Serialize)]
struct ReportedEvent<'a> {
    t_ns: u64,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

fn write_json(proof: &Proof, out: &mut dyn io::Write) -> io::Result<()> {
    let reported = ReportedProof {
        schema: "loopscope.proof/1",
        verdict: if proof.difference.is_none() {
            "same"
        } else {
            "different"
        },
        python: &proof.python,
        script_python: proof.other_version.map(|(_, script)| script.name()),
        events: proof.events,
        agreeing: proof.agreeing,
        first_difference: proof
            .difference
            .as_ref()
            .map(|difference| ReportedDifference {
                simulated: difference.simulated.as_ref().map(reported_event),
                python: difference.python.as_ref().map(reported_event),
            }),
    };
    serde_json::to_writer(&mut *out, &reported)?;
    out.write_all(b"\n")
}

fn reported_event(event: &ProvedEvent) -> ReportedEvent<'_> {
    ReportedEvent {
        t_ns: event.at.as_nanos(),
        // Where the data contract has the event, its word.
        kind: match &event.kind {
            ProvedKind::Print(_) => "print",
            ProvedKind::Respond => "respond",
            ProvedKind::Finish => "finish",
            ProvedKind::Fail => "fail",
            ProvedKind::Cancel => "cancel",
            ProvedKind::RunFinishes => "finished",
            ProvedKind::RunIsCut => "until",
            ProvedKind::RunIsStuck => "deadlock",
            ProvedKind::Waits => "waits",
        },
        task: event.instance.as_ref().map(|(task, _)| task.as_str()),
        number: event.instance.as_ref().map(|(_, number)| *number),
        line: (event.line > 0).then_some(event.line),
        text: match &event.kind {
            ProvedKind::Print(text) => Some(text),
            _ => None,
        },
    }
}
