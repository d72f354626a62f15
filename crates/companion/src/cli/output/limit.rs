//! The message about a run that a limit ended, with the line that reached it if there is one.

use std::path::Path;

use super::load::Loaded;
use crate::cli::colour::Ink;
use crate::cli::console::Console;
use crate::cli::diagnose::ScriptPage;
use crate::cli::exit::Exit;
use model::trace::{Ending, Limit};
use script::{Severity, Span};

/// Reports that the command's work limit ended it early, e.g. after 12 of 200 runs. The command
/// has printed its partial result.
pub(crate) fn tell_spent(message: &str, console: &mut Console) -> Exit {
    let style = console.style;
    let error = style.err.paint(Ink::Error, style.say().error_label());
    console.report(&format!("{error}: {message}\n"));
    Exit::Limit
}

/// Reports that a limit cut the run off, so the results are incomplete.
pub(crate) fn report_limit(
    ending: &Ending,
    path: &Path,
    loaded: &Loaded,
    console: &mut Console,
) -> Exit {
    let Ending::Limit(limit) = ending else {
        return Exit::Holds;
    };
    let message = console.style.say().limit_reached(limit);
    let told = match limit {
        // One segment is at fault, e.g. a loop that never waits. The other limits are reached
        // by the run as a whole.
        Limit::CallDepth { segment } | Limit::Spinning { segment } => {
            let place = loaded.workload.place(*segment);
            let span = Span::new(place.start as usize, place.end as usize);
            let page = ScriptPage::new(path, &loaded.text, console.style);
            page.remark(Severity::Error, &message, span)
        }
        Limit::Instances | Limit::Records { .. } | Limit::Steps | Limit::Horizon | Limit::Lanes => {
            let style = console.style;
            let error = style.err.paint(Ink::Error, style.say().error_label());
            format!("{error}: {message}\n")
        }
    };
    console.report(&told);
    Exit::Limit
}
