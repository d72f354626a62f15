//! Loading a workload from a file. Prints the diagnostics of the script.

use std::path::Path;
use std::rc::Rc;

use crate::cli::console::Console;
use crate::cli::diagnose::ScriptPage;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::source;
use model::workload::Workload;

/// A script without errors, and its workload.
pub(crate) struct Loaded {
    pub(crate) text: String,
    /// Shared with its run.
    pub(crate) workload: Rc<Workload>,
}

/// Loads a script. `None` if it has errors, which have been printed.
pub(crate) fn load_script(
    path: &Path,
    machine: &MachineArgs,
    console: &mut Console,
) -> Result<Option<Loaded>, Failure> {
    let bytes = source::read(path, console)?;
    Ok(load_bytes(&bytes, path, machine, console))
}

/// Whether a text that is no script is a Python program. A mere `def ping():` is not enough: it may
/// be a slip in a script, which the diagnostics explain.
fn looks_like_python(text: &str) -> bool {
    text.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["import", _, ..] | ["from", _, "import", ..] | ["if", "__name__", ..] => true,
            [first, ..] => first.starts_with("asyncio.run(") || first.starts_with("@app."),
            [] => false,
        }
    })
}

/// Loads the text of a script. `None` if it has errors, which have been printed.
pub(crate) fn load_bytes(
    bytes: &[u8],
    path: &Path,
    machine: &MachineArgs,
    console: &mut Console,
) -> Option<Loaded> {
    let (text, parsed) = script::parse_bytes(bytes);
    if parsed.workload.is_none() && looks_like_python(&text) {
        console.complain(&Failure::PythonGiven {
            path: path.to_owned(),
        });
        return None;
    }
    let page = ScriptPage::new(path, &text, console.style);
    let problems: String = parsed.diagnostics.iter().map(|d| page.show(d)).collect();
    console.report(&problems);
    let Some(mut workload) = parsed.workload else {
        let errors = parsed.diagnostics.iter().filter(|d| d.is_error()).count();
        console.note(&format!("{}\n", console.style.say().did_not_run(errors)));
        return None;
    };
    // Options of the command line take precedence over the settings of the script.
    machine.apply(&mut workload.machine);
    Some(Loaded {
        text: text.into_owned(),
        workload: Rc::new(workload),
    })
}
