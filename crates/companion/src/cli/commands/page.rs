//! `page`: writes the page's files into a folder, for a web server of one's own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::replace;
use crate::cli::words::Say;
use crate::serve::{HAS_PAGE, page_files};
use texts::{Text, say, text};

/// Write the page's files into a folder, to serve it from your own site
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct PageArgs {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope page static/loopscope",
);

/// In the `index.html` of every built page.
const MARK: &str = "<meta name=\"loopscope-build\"";
/// The folder of the page's Python, which a package of crates.io has no room for.
const PYTHON: &str = "python/";

pub(crate) fn write_page(args: &PageArgs, console: &mut Console) -> Result<Exit, Failure> {
    if !HAS_PAGE {
        return Err(Failure::NoPage);
    }
    let index = args.dir.join("index.html");
    if holds_other_site(&index) {
        return Err(Failure::OntoOtherSite {
            path: args.dir.clone(),
        });
    }
    let files = page_files();
    // The page itself comes last: a server that serves the folder meanwhile has all its parts then.
    let (first, last): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| *name != "index.html");
    for (name, bytes) in first.into_iter().chain(last) {
        write_file(&args.dir.join(name), bytes)?;
    }
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let say = console.style.say();
    let written = say.page_written(files.len(), bytes, &args.dir);
    console.print(&format!("{written}\n"))?;
    if !files.iter().any(|(name, _)| name.starts_with(PYTHON)) {
        let note = say.page_without_python();
        console.note(&format!("{note}\n"));
    }
    Ok(Exit::Holds)
}

/// Whether there is an `index.html` that is not Loopscope's.
fn holds_other_site(index: &Path) -> bool {
    match fs::read(index) {
        Ok(bytes) => !String::from_utf8_lossy(&bytes).contains(MARK),
        Err(error) => error.kind() != io::ErrorKind::NotFound && index.exists(),
    }
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Failure::Write {
        path: folder.to_owned(),
        error,
    })?;
    replace(path, |out| out.write_all(bytes))
}

impl Say {
    fn page_written(self, count: usize, bytes: usize, folder: &Path) -> String {
        say!(
            self.0,
            "{count} files ({megabytes} MB) are in `{folder}`; any web server can serve them",
            count,
            megabytes = format_args!("{:.1}", bytes as f64 / 1e6),
            folder = folder.display()
        )
    }

    fn page_without_python(self) -> &'static str {
        text!("this program was built without the page's Python, so *Prove it* and the tab *Python* do not work there").of(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_loopscope_is_replaced() {
        let folder = std::env::temp_dir().join(format!("loopscope-page-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for temporary files");
        let index = folder.join("index.html");
        assert!(!holds_other_site(&index));
        for (text, expected) in [("<h1>My course</h1>", true), (MARK, false)] {
            fs::write(&index, text).expect("it can be written");
            assert_eq!(holds_other_site(&index), expected, "{text}");
        }
        fs::remove_dir_all(&folder).expect("it can be removed");
    }
}
