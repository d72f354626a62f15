//! The table of options in `docs/cli.md` is generated from the definitions of the commands.
//!
//! A test fails when they differ; `UPDATE=1 cargo test -p loopscope --test cli` rewrites it.

use std::fs;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Arg, Command};

use loopscope::cli::help::command;

const BEGIN: &str = "<!-- options:";
const END: &str = "<!-- end -->";

/// The heading of the options that every command that simulates has.
const SHARED: &str = "Settings that replace those of the script";

#[test]
fn the_table_of_options_is_that_of_the_program() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let from = page.find(BEGIN).expect("the page has the table's mark");
    let from = from + page[from..].find('\n').expect("a mark is a line") + 1;
    let until = from + page[from..].find(END).expect("a table ends");
    let mut root = command();
    // Gives every argument its number of values, and the commands their global options.
    root.build();
    let table = option_table(&root);
    if std::env::var_os("UPDATE").is_some() {
        let page = format!("{}{table}{}", &page[..from], &page[until..]);
        fs::write(&path, page).expect("the page can be written");
        return;
    }
    assert_eq!(&page[from..until], table, "UPDATE=1, and look at it");
}

/// The commands with their own options, then the options of all commands that simulate.
fn option_table(root: &Command) -> String {
    let mut table = String::from("| command | option | meaning |\n| --- | --- | --- |\n");
    let mut shared: Vec<&Arg> = Vec::new();
    for command in root.get_subcommands() {
        let (arguments, options): (Vec<&Arg>, Vec<&Arg>) = command
            .get_arguments()
            .filter(|argument| !argument.is_global_set())
            .partition(|argument| argument.is_positional());
        let files = arguments.iter().map(|argument| format!(" {argument}"));
        let call = format!("{}{}", command.get_name(), files.collect::<String>());
        table.push_str(&row(&code(&call), "", text(command.get_about())));
        for argument in arguments {
            let value = code(&argument.to_string());
            table.push_str(&row("", &value, meaning(argument)));
        }
        for option in options {
            if option.get_help_heading() != Some(SHARED) {
                table.push_str(&row("", &spelling(option), meaning(option)));
            } else if !shared.iter().any(|other| other.get_id() == option.get_id()) {
                shared.push(option);
            }
        }
    }
    table.push_str(&row("every command that simulates", "", String::new()));
    for option in shared {
        table.push_str(&row("", &spelling(option), meaning(option)));
    }
    table.push_str(&row("every command", "", String::new()));
    for option in root.get_arguments() {
        table.push_str(&row("", &spelling(option), meaning(option)));
    }
    table
}

fn row(command: &str, option: &str, meaning: String) -> String {
    format!("| {command} | {option} | {meaning} |\n")
}

/// E.g. `-o`, `--output <FILE>`.
fn spelling(option: &Arg) -> String {
    let short = option.get_short().map(|short| code(&format!("-{short}")));
    // Without the `...` of options that may be repeated.
    let long = option.to_string();
    let long = Some(code(long.trim_end_matches("...")));
    short.into_iter().chain(long).collect::<Vec<_>>().join(", ")
}

/// The help text, with the default and the possible values.
fn meaning(argument: &Arg) -> String {
    let mut meaning = text(argument.get_help());
    if !argument.get_action().takes_values() {
        return meaning;
    }
    let possible = argument.get_possible_values();
    let possible: Vec<String> = possible
        .iter()
        .map(|value| code(value.get_name()))
        .collect();
    if !possible.is_empty() {
        meaning.push_str(&format!(": {}", possible.join(", ")));
    }
    let defaults = argument.get_default_values().iter();
    let defaults: Vec<String> = defaults
        .filter_map(|value| Some(code(value.to_str()?)))
        .collect();
    if !defaults.is_empty() && !argument.is_hide_default_value_set() {
        meaning.push_str(&format!(" (default: {})", defaults.join(", ")));
    }
    meaning
}

/// A help text in a table cell, in which an unescaped `|` would end the cell.
fn text(help: Option<&StyledStr>) -> String {
    help.map_or(String::new(), |help| help.to_string().replace('|', "\\|"))
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
