//! The reader's preferences for the page itself.

use crate::language::Language;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    /// The word in storage.
    pub(in crate::web) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(in crate::web) fn from_word(word: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.word() == word)
    }

    pub(in crate::web) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The reader's preferences for the page itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Choices {
    pub(in crate::web) language: Language,
    pub(in crate::web) theme: Theme,
    /// Whether the system prefers a dark theme, which `Auto` follows.
    pub(in crate::web) system_dark: bool,
}

impl Choices {
    pub(in crate::web) fn dark(self) -> bool {
        match self.theme {
            Theme::Auto => self.system_dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
}
