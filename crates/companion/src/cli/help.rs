//! The help in languages other than English.
//!
//! The English texts are the doc comments of each command's arguments; the language files
//! translate them. Leaves clap's own messages about wrong usage in English.

use clap::{Arg, Command, CommandFactory};

use texts::{Language, say, text};

/// The command with its help in the language.
pub(crate) fn localised_command(command: Command, language: Language) -> Command {
    if language == Language::En {
        return command;
    }
    Help(language).translate_command(command)
}

/// The help in a language other than English.
#[derive(Clone, Copy)]
struct Help(Language);

impl Help {
    fn translate_command(self, mut command: Command) -> Command {
        if let Some(about) = command.get_about().map(ToString::to_string) {
            command = command.about(self.translated(about));
        }
        if let Some(after) = command.get_after_help().map(ToString::to_string) {
            command = command.after_help(self.translated(after));
        }
        let usage = text!("Usage").of(self.0);
        command
            .help_template(format!(
                "{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}"
            ))
            .subcommand_help_heading(text!("Commands").of(self.0))
            .mut_args(|argument| self.translate_argument(argument))
            .mut_subcommands(|command| self.translate_command(command))
    }

    fn translate_argument(self, argument: Arg) -> Arg {
        let help = argument.get_help().map(ToString::to_string);
        let help = self.translated(help.unwrap_or_default());
        let argument = match self.translated_heading(&argument) {
            Some(heading) => argument.help_heading(heading),
            None => argument,
        };
        if !argument.get_action().takes_values() {
            return argument.help(help);
        }
        // clap would append the values with English words, so they are added here instead.
        let help = format!("{help}{}", self.value_list(&argument));
        argument
            .help(help)
            .hide_default_value(true)
            .hide_possible_values(true)
    }

    /// `None` leaves an untranslated heading as it is.
    fn translated_heading(self, argument: &Arg) -> Option<&'static str> {
        match argument.get_help_heading() {
            Some(heading) => self.0.translate(heading),
            None if argument.is_positional() => Some(text!("Arguments").of(self.0)),
            None => Some(text!("Options").of(self.0)),
        }
    }

    /// The default and the possible values, e.g. ` [default: text] [possible values: text, json]`.
    fn value_list(self, argument: &Arg) -> String {
        let mut text = String::new();
        let defaults = argument.get_default_values().iter();
        let defaults: Vec<_> = defaults.filter_map(|value| value.to_str()).collect();
        if !defaults.is_empty() {
            let values = defaults.join(", ");
            text.push(' ');
            text.push_str(&say!(self.0, "[default: {values}]", values));
        }
        let possible = argument.get_possible_values();
        let possible: Vec<_> = possible.iter().map(|value| value.get_name()).collect();
        if !possible.is_empty() {
            let values = possible.join(", ");
            text.push(' ');
            text.push_str(&say!(self.0, "[possible values: {values}]", values));
        }
        text
    }

    /// The translation, or the English text if there is none.
    fn translated(self, en: String) -> String {
        self.0.translate(&en).map_or(en, str::to_owned)
    }
}

/// The program's command with its options, in English. For the table in `docs/cli.md`.
pub fn command() -> Command {
    super::commands::Args::command()
}

/// Every text of the help, in English: the keys of its translations.
pub fn texts() -> Vec<String> {
    fn collect_texts(command: &Command, found: &mut Vec<String>) {
        let own = [command.get_about(), command.get_after_help()];
        found.extend(own.into_iter().flatten().map(ToString::to_string));
        for argument in command.get_arguments() {
            found.extend(argument.get_help().map(ToString::to_string));
            found.extend(argument.get_help_heading().map(str::to_owned));
        }
        for sub in command.get_subcommands() {
            collect_texts(sub, found);
        }
    }
    let mut found = Vec::new();
    collect_texts(&command(), &mut found);
    found
}
