//! A check that a file can be written, before a command that takes long, e.g. `verify`.
//!
//! The disk may still fill up later; writing reports that.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::failure::Failure;

/// Fails as writing the file would fail, as far as that is known in advance.
pub(crate) fn must_be_writable(path: &Path) -> Result<(), Failure> {
    try_beside(path).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}

fn try_beside(path: &Path) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        Ok(existing) if existing.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // Opening a pipe blocks until it has a reader, so devices and pipes are not tried.
        Ok(existing) if !existing.is_file() => return Ok(()),
        _ => {}
    }
    let mut name = OsString::from(".");
    name.push(target.file_name().ok_or(io::ErrorKind::IsADirectory)?);
    name.push(format!(".try-{}", std::process::id()));
    let beside = target.with_file_name(name);
    // The file itself is replaced through a new file, so the folder must take one.
    match File::create_new(&beside) {
        Ok(_) => fs::remove_file(&beside),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
