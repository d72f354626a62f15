//! The environment of a command: language, colours, width of the terminal.
//!
//! It is read once, before clap parses the arguments, because help and usage errors follow
//! `--lang` and `--color`, too.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};

use clap::{ColorChoice, ValueEnum};

use super::args::{ColourChoice, LanguageChoice};
use super::colour::Colour;
use super::console::Style;
use texts::Language;

#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    pub(crate) language: Language,
    when: ColourChoice,
    environment: Environment,
    /// In cells; `None` if standard output is not a terminal.
    columns: Option<usize>,
    pub(super) out_is_terminal: bool,
    err_is_terminal: bool,
}

/// The environment variables that determine language and colours.
#[derive(Clone, Debug, Default)]
struct Environment {
    locale: Option<String>,
    no_color: bool,
    force_color: bool,
    dumb: bool,
}

/// The greatest width, in cells. Wider charts are not easier to read.
const COLUMNS_MAX: usize = 160;
/// The width in a file or a pipe, in cells.
const COLUMNS_ELSEWHERE: usize = 80;

impl Surroundings {
    pub(crate) fn of_process(arguments: &[OsString]) -> Self {
        let environment = Environment::read(|name| std::env::var(name).ok());
        let size = terminal_size::terminal_size_of(io::stdout());
        Self {
            language: chosen_language(arguments, &environment),
            when: option_value(arguments, "--color").unwrap_or_default(),
            environment,
            columns: size.map(|(width, _)| usize::from(width.0)),
            out_is_terminal: io::stdout().is_terminal(),
            err_is_terminal: io::stderr().is_terminal(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        Style {
            language: self.language,
            out: self.stream_colour(self.out_is_terminal),
            err: self.stream_colour(self.err_is_terminal),
            watched: self.err_is_terminal && !self.environment.dumb,
            columns: self
                .columns
                .map_or(COLUMNS_ELSEWHERE, |columns| columns.min(COLUMNS_MAX)),
            quiet: false,
        }
    }

    pub(crate) fn clap_colour(&self) -> ColorChoice {
        match self.when {
            ColourChoice::Always => ColorChoice::Always,
            ColourChoice::Never => ColorChoice::Never,
            // clap reads the same variables, e.g. `NO_COLOR`.
            ColourChoice::Auto => ColorChoice::Auto,
        }
    }

    fn stream_colour(&self, terminal: bool) -> Colour {
        let wanted = match self.when {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto => self.environment.wants_colour(terminal),
        };
        if wanted { Colour::Ansi } else { Colour::None }
    }
}

impl Environment {
    fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        // POSIX and no-color.org treat an empty variable as unset.
        let set = |name| variable(name).filter(|value| !value.is_empty());
        Self {
            // The precedence of POSIX.
            locale: set("LC_ALL")
                .or_else(|| set("LC_MESSAGES"))
                .or_else(|| set("LANG")),
            no_color: set("NO_COLOR").is_some(),
            force_color: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: set("TERM").is_some_and(|value| value == "dumb"),
        }
    }

    fn wants_colour(&self, terminal: bool) -> bool {
        !self.no_color && (self.force_color || (terminal && !self.dumb))
    }
}

fn chosen_language(arguments: &[OsString], environment: &Environment) -> Language {
    let asked: Option<LanguageChoice> = option_value(arguments, "--lang");
    let locale = environment.locale.as_deref().and_then(Language::from_tag);
    asked.map(|tongue| tongue.0).or(locale).unwrap_or_default()
}

/// The value of `--name value` or `--name=value`, e.g. `--lang ko`. `None` if it is invalid;
/// clap reports that later.
fn option_value<T: ValueEnum>(arguments: &[OsString], name: &str) -> Option<T> {
    // Arguments after `--` are file names.
    let end = arguments.iter().position(|argument| argument == "--");
    let arguments = &arguments[..end.unwrap_or(arguments.len())];
    let value = arguments.iter().enumerate().find_map(|(index, argument)| {
        let argument = argument.to_str()?;
        if argument == name {
            return arguments
                .get(index + 1)
                .and_then(|next| OsStr::to_str(next));
        }
        argument.strip_prefix(name)?.strip_prefix('=')
    })?;
    T::from_str(value, true).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(set: &[(&str, &str)]) -> Environment {
        let find = |name: &str| set.iter().find(|(known, _)| *known == name);
        Environment::read(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    #[track_caller]
    fn check_language(arguments: &str, set: &[(&str, &str)], expected: Language) {
        let arguments: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
        assert_eq!(chosen_language(&arguments, &environment(set)), expected);
    }

    #[test]
    fn the_language_is_asked_for_or_the_locales() {
        check_language("run a.loop", &[], Language::En);
        check_language("run a.loop", &[("LANG", "ko_KR.UTF-8")], Language::Ko);
        check_language("run", &[("LC_ALL", "C"), ("LANG", "ko_KR")], Language::En);
        check_language("run", &[("LC_ALL", ""), ("LANG", "ko_KR")], Language::Ko);
        check_language("run --lang en", &[("LANG", "ko_KR")], Language::En);
        check_language("--lang=ko run", &[], Language::Ko);
        check_language("check -- --lang ko", &[], Language::En);
    }

    #[track_caller]
    fn check_colour(set: &[(&str, &str)], terminal: bool, expected: bool) {
        assert_eq!(environment(set).wants_colour(terminal), expected);
    }

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        check_colour(&[("TERM", "xterm")], true, true);
        check_colour(&[("TERM", "xterm")], false, false);
        check_colour(&[("TERM", "dumb")], true, false);
        check_colour(&[("NO_COLOR", "1")], true, false);
        check_colour(&[("NO_COLOR", "")], true, true);
        check_colour(&[("CLICOLOR_FORCE", "1")], false, true);
        check_colour(&[("CLICOLOR_FORCE", "0")], false, false);
        check_colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true, false);
    }
}
