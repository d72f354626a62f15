//! The languages that texts for people are written in.

/// Chosen by the reader; English where nothing was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    Ko,
}
