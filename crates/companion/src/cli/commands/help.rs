//! `help`: the help of a command, the meaning of a word of the script language, or the explanation
//! of a code.
//!
//! The words and their texts are those of [`script::vocabulary`].

use std::fmt::Write;

use clap::CommandFactory;

use super::Args;
use super::explain::{COLUMNS_MAX, folded_line};
use crate::cli::colour::Colour;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help::localised_command;
use chart::paint::text::plain;
use script::vocabulary::{
    CLAIMS, CLAUSES, CONNECTIVES, PERCENTILES, RESOURCES, SEGMENTS, SETTINGS, STAGES, STATEMENTS,
    UNITS, Word,
};
use script::{Code, explain, nearest};
use texts::{Language, Text, say, text};

/// Explain a command, a word of the script language, or a code
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  loopscope help run
  loopscope help gather")]
pub(crate) struct HelpArgs {
    /// A command, a segment, a setting, another word, or a code such as `L401`
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

pub(crate) fn help(args: &HelpArgs, console: &mut Console) -> Result<Exit, Failure> {
    let style = console.style;
    // Some words are two, e.g. `loop lag`.
    let topic = args.topic.join(" ");
    if topic.is_empty() {
        console.print(&rendered_help(&mut command_tree(style), style))?;
        return Ok(Exit::Holds);
    }
    if let Some(code) = Code::from_name(&topic) {
        console.print(&folded(explain(code, style.language), style))?;
        return Ok(Exit::Holds);
    }
    let words = words_named(&topic);
    let mut parts = Vec::new();
    // `run` and `help` are names of commands, too, but a word of the language is only one of them.
    if let Some(command) = command_tree(style).find_subcommand_mut(&topic) {
        parts.push(rendered_help(command, style));
    }
    parts.extend(words.iter().map(|entry| entry.shown(style)));
    if parts.is_empty() {
        return Err(unknown_topic(&topic, style));
    }
    console.print(&parts.join("\n"))?;
    Ok(Exit::Holds)
}

/// All commands, with every text and option as their own help shows it.
fn command_tree(style: Style) -> clap::Command {
    let mut command = localised_command(Args::command(), style.language);
    // Gives the commands their full names and the options of all commands.
    command.build();
    command
}

fn rendered_help(command: &mut clap::Command, style: Style) -> String {
    let help = command.render_help();
    match style.out {
        Colour::Ansi => help.ansi().to_string(),
        Colour::None => help.to_string(),
    }
}

/// A word with the kind of its table.
#[derive(Clone, Copy)]
struct Entry {
    kind: Text,
    word: &'static Word,
}

/// Every word of the language, by kind.
fn entries() -> impl Iterator<Item = Entry> {
    fn of<T>(kind: Text, table: &'static [(T, Word)]) -> impl Iterator<Item = Entry> {
        table.iter().map(move |(_, word)| Entry { kind, word })
    }
    of(text!("a segment"), SEGMENTS)
        .chain(of(text!("a clause of a block"), CLAUSES))
        .chain(of(text!("a setting"), SETTINGS))
        .chain(of(text!("a resource"), RESOURCES))
        .chain(of(text!("a statement"), STATEMENTS))
        .chain(of(text!("a claim of `expect`"), CLAIMS))
        .chain(of(text!("a stage of a task in `expect`"), STAGES))
        .chain(of(
            text!("a percentile of a task's latencies in `expect`"),
            PERCENTILES,
        ))
        .chain(of(text!("a unit of time"), UNITS))
        .chain(CONNECTIVES.iter().map(|word| Entry {
            kind: text!("a word inside of a line"),
            word,
        }))
}

fn words_named(topic: &str) -> Vec<Entry> {
    entries()
        .filter(|entry| entry.word.word.eq_ignore_ascii_case(topic))
        .collect()
}

impl Entry {
    /// E.g. `cpu D`, its kind, its meaning and its Python.
    fn shown(self, style: Style) -> String {
        let language = style.language;
        let mut shown = format!("{}: {}\n", self.word.form, self.kind.of(language));
        shown.push_str(&indented(self.word.doc.of(language), style));
        if !self.word.python.is_empty() {
            let python = self.word.python;
            let _ = writeln!(shown, "  {}", say!(language, "in Python: {python}", python));
        }
        shown
    }
}

/// The text below a heading, e.g. `  Computes for D …`.
fn indented(text: &str, style: Style) -> String {
    let room = style.columns.clamp(20, COLUMNS_MAX) - 2;
    let folded = folded_line(text, room);
    folded.lines().map(|line| format!("  {line}\n")).collect()
}

fn folded(text: impl AsRef<str>, style: Style) -> String {
    let room = style.columns.min(COLUMNS_MAX);
    let lines = text.as_ref().lines();
    lines.map(|line| folded_line(line, room)).collect()
}

fn unknown_topic(topic: &str, style: Style) -> Failure {
    let tree = command_tree(style);
    let commands = tree.get_subcommands().map(clap::Command::get_name);
    let words = entries().map(|entry| entry.word.word);
    let similar = nearest(topic, commands.chain(words)).map(str::to_owned);
    Failure::UnknownTopic {
        topic: plain(topic),
        similar,
    }
}

/// The message about a topic that is neither a command nor a word.
pub(crate) fn unknown_topic_message(
    topic: &str,
    similar: Option<&str>,
    language: Language,
) -> String {
    match similar {
        Some(similar) => say!(
            language,
            "there is no help about `{topic}`; did you mean `{similar}`?",
            topic,
            similar
        ),
        None => say!(
            language,
            "there is no help about `{topic}`; `loopscope help` lists the commands, and words such as `gather` or `pool` have help, too",
            topic
        ),
    }
}
