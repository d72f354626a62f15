//! The files that can be had of a run.

/// A file that can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum File {
    Script,
    Svg,
    /// In the page's theme.
    Png {
        dark: bool,
    },
    Trace,
    Csv,
    Python,
}

impl File {
    /// What the program that makes files calls it; `None` of what the page has itself.
    pub(in crate::web) fn kind(self) -> Option<&'static str> {
        Some(match self {
            Self::Script => return None,
            Self::Svg => "svg",
            Self::Png { dark: false } => "light",
            Self::Png { dark: true } => "dark",
            Self::Trace => "trace",
            Self::Csv => "csv",
            Self::Python => "python",
        })
    }

    /// Of a PNG, the type of the picture that it is painted from.
    pub(in crate::web) fn name_and_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Script => ("script.loop", "text/plain"),
            Self::Svg => ("schedule.svg", "image/svg+xml"),
            Self::Png { .. } => ("schedule.png", "image/svg+xml"),
            Self::Trace => ("trace.json", "application/json"),
            Self::Csv => ("result.csv", "text/csv"),
            Self::Python => ("program.py", "text/x-python"),
        }
    }
}
