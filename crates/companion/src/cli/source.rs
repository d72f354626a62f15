//! Reading files and standard input, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use chart::paint::text::plain;

/// The largest script that is read. The language's own limit is far below, and its message
/// names the exact size of a script up to this limit.
pub(crate) const INPUT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The bytes of a script; `-` is standard input.
pub(crate) fn read(path: &Path, console: &mut Console) -> Result<Vec<u8>, Failure> {
    read_at_most(path, INPUT_BYTES_MAX, console)
}

/// Reads a file that may be larger than a script, e.g. a trace, up to `most` bytes.
pub(crate) fn read_at_most(
    path: &Path,
    most: usize,
    console: &mut Console,
) -> Result<Vec<u8>, Failure> {
    let bytes = if is_standard(path) {
        read_bounded(&mut *console.input, most)
    } else {
        File::open(path).and_then(|file| read_bounded(file, most))
    };
    let bytes = bytes.map_err(|error| Failure::Read {
        path: path.to_owned(),
        error,
    })?;
    if bytes.len() > most {
        Err(Failure::TooLarge {
            path: path.to_owned(),
            most,
        })
    } else {
        Ok(bytes)
    }
}

/// Whether the path is `-`, standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path for a message, without control characters.
pub(crate) fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}

fn read_bounded(input: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells the caller that the input is too large.
    input.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
