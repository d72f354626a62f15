//! Failures of the page's Python, and their words.

use texts::{Language, Text, text};

/// The reason why the Python runtime (`www/python/client.js`) has no result. A program that ends
/// in an error, or at a limit, is a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PythonFailure {
    /// A file cannot be downloaded.
    Offline,
    /// A file is not the one of this build.
    Damaged,
    /// The browser refuses the sandbox, the worker or WebAssembly.
    Unsupported,
    /// Python itself crashed, e.g. by a stack that is too deep. It starts again for the next run.
    Broken,
    /// An option that is none, with the runtime's words.
    Refused(String),
    Cancelled,
}

impl PythonFailure {
    /// A failure by the code that the runtime has for it.
    pub(super) fn of(code: &str, message: String) -> Self {
        match code {
            "offline" => Self::Offline,
            "damaged" => Self::Damaged,
            "broken" => Self::Broken,
            "refused" => Self::Refused(message),
            "cancelled" => Self::Cancelled,
            // Also what an old browser lacks, e.g. `DecompressionStream`.
            _ => Self::Unsupported,
        }
    }

    /// A word for tests and style sheets, e.g. `offline`.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::Broken => "broken",
            Self::Refused(_) => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// What happened, and the remedy.
    pub(super) fn words(&self, language: Language) -> [&'static str; 2] {
        let of = |texts: [Text; 2]| texts.map(|text| text.of(language));
        of(match self {
            Self::Offline => [
                text!("Python could not be downloaded."),
                text!("Check the network, then try again. Once downloaded, it works offline."),
            ],
            Self::Damaged => [
                text!("A downloaded part of Python is not the one of this page."),
                text!("Reload the page, then try again."),
            ],
            Self::Unsupported => [
                text!("This browser does not start Python."),
                text!(
                    "Update it, or turn off the setting or extension that blocks WebAssembly or frames."
                ),
            ],
            Self::Broken => [
                text!("Python itself crashed."),
                text!("It starts again for the next run. A shorter program may succeed."),
            ],
            Self::Refused(_) => [
                text!("Python did not accept the program."),
                text!("Reload the page, then try again."),
            ],
            Self::Cancelled => [text!("Cancelled."), text!("Nothing was changed.")],
        })
    }
}
