//! Scripts from files and from standard input, never more than fits.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use chart::paint::text::plain;

/// More than this is not even read; the language's own limit is far below, and
/// its message can name the exact size up to here.
pub(super) const INPUT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The bytes of a script; `-` is standard input.
pub(super) fn read(path: &Path, console: &mut Console) -> Result<Vec<u8>, Failure> {
    read_at_most(path, INPUT_BYTES_MAX, console)
}

/// The same for files that may be larger than scripts.
pub(super) fn read_at_most(
    path: &Path,
    most: usize,
    console: &mut Console,
) -> Result<Vec<u8>, Failure> {
    let bytes = match is_standard(path) {
        true => read_bounded(&mut *console.input, most),
        false => File::open(path).and_then(|file| read_bounded(file, most)),
    };
    let bytes = bytes.map_err(|error| Failure::Read {
        path: path.to_owned(),
        error,
    })?;
    match bytes.len() > most {
        true => Err(Failure::TooLarge {
            path: path.to_owned(),
            most,
        }),
        false => Ok(bytes),
    }
}

/// `-`, which is standard input, or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as it is printed: it moves no cursor.
pub(super) fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}

fn read_bounded(input: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
