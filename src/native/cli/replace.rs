//! A file's new content, all of it or none: written beside it, then renamed.
//! Its permissions stay.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// Names that are tried for the file beside it; each is taken only if somebody
/// else writes there at the same time.
const TRIES: u32 = 100;

pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    replace_target(path, write).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}

fn replace_target(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Through a link, the file it names is replaced, not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|file| !file.is_file()) {
        return write_into(&target, write);
    }
    let (beside, mut file) = create_beside(&target)?;
    let written = (|| {
        write(&mut file)?;
        if let Some(existing) = existing {
            fs::set_permissions(&beside, existing.permissions())?;
        }
        fs::rename(&beside, &target)
    })();
    if written.is_err() {
        // The first failure is the one worth telling.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A device or a pipe (`/dev/stdout`) cannot be replaced.
fn write_into(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(target)?;
    write(&mut file)
}

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    for number in 0..TRIES {
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}-{number}", std::process::id()));
        let beside = target.with_file_name(beside);
        match File::create_new(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
