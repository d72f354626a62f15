//! A run that a limit ended: told with the line that ran into it, where there
//! is one, and by an exit code of its own.

use std::path::Path;

use super::colour::Ink;
use super::console::Console;
use super::diagnose::Page;
use super::exit::Exit;
use super::load::Loaded;
use model::trace::{Ending, Limit};
use script::{Severity, Span};

/// A command that could not try everything: what it has is shown, and this is said.
pub(super) fn tell_spent(message: &str, console: &mut Console) -> Exit {
    let style = console.style;
    let error = style.err.paint(Ink::Error, style.say().error());
    console.note(&format!("{error}: {message}\n"));
    Exit::Limit
}

/// What is made of the run is not the whole run.
pub(super) fn tell(ending: &Ending, path: &Path, loaded: &Loaded, console: &mut Console) -> Exit {
    let Ending::Limit(limit) = ending else {
        return Exit::Holds;
    };
    let message = console.style.say().limit_reached(limit);
    let told = match limit {
        Limit::CallDepth { segment } | Limit::Spinning { segment } => {
            let place = loaded.workload.place(*segment);
            let span = Span::new(place.start as usize, place.end as usize);
            let page = Page::new(path, &loaded.text, console.style);
            page.remark(Severity::Error, &message, span)
        }
        Limit::Instances | Limit::Records { .. } | Limit::Steps | Limit::Horizon | Limit::Lanes => {
            let style = console.style;
            let error = style.err.paint(Ink::Error, style.say().error());
            format!("{error}: {message}\n")
        }
    };
    console.note(&told);
    Exit::Limit
}
