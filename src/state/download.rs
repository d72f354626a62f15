//! The files that a run can be downloaded as, and the one in preparation.

use super::insight::Failure;

/// A file for download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum File {
    Script,
    Svg,
    /// A picture in the page's theme.
    Png {
        dark: bool,
    },
    Trace,
    Csv,
    Python,
}

impl File {
    /// Its name for the program that makes files; `None` for files that the page makes itself.
    pub(crate) fn kind(self) -> Option<&'static str> {
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

    /// The file name and the media type; of a PNG, the type of the SVG that it is painted from.
    pub(crate) fn name_and_type(self) -> (&'static str, &'static str) {
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

/// The state of the last requested file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Download {
    /// No file, or the file has been handed over.
    #[default]
    Idle,
    UnderWay(File),
    Failed(Failure),
}

impl Download {
    pub(crate) fn is_under_way(self) -> bool {
        matches!(self, Self::UnderWay(_))
    }

    /// The page has the script itself, so that file needs no waiting.
    pub(super) fn begin(&mut self, file: File) {
        if file.kind().is_some() {
            *self = Self::UnderWay(file);
        }
    }

    pub(super) fn end(&mut self, outcome: Result<(), Failure>) {
        *self = match outcome {
            Ok(()) | Err(Failure::Cancelled) => Self::Idle,
            Err(failure) => Self::Failed(failure),
        };
    }

    pub(super) fn forget_failure(&mut self) {
        if let Self::Failed(_) = self {
            *self = Self::Idle;
        }
    }
}
