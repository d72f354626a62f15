//! Text in the sixteen ANSI colours, which every terminal has and themes adapt.

use chart::standalone::Colours;

/// Whether a stream gets colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colour {
    #[default]
    None,
    Ansi,
}

/// The role of a piece of text; it determines the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Error,
    Warning,
    Good,
    Strong,
    Faint,
}

impl Colour {
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Error => "1;31",
            Ink::Warning => "1;33",
            Ink::Good => "32",
            Ink::Strong => "1",
            Ink::Faint => "90",
        };
        match self {
            Self::None => text.to_owned(),
            Self::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

impl From<Colour> for Colours {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::None => Self::None,
            Colour::Ansi => Self::Ansi,
        }
    }
}
