//! A failing input: shrinking, its file, and the command that repeats it.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::checks::Kind;

/// The environment variable with the file of an input to repeat.
pub(crate) const INPUT: &str = "LOOPSCOPE_INPUT";

/// The code locations that have failed.
#[derive(Debug, Default)]
pub(crate) struct Failures(HashSet<String>);

impl Failures {
    /// Whether this location fails for the first time. Many inputs fail at one location, and one
    /// report is enough.
    pub(crate) fn is_new(&mut self, place: &str) -> bool {
        self.0.insert(place.to_owned())
    }
}

/// The folder of failing inputs, `target/fuzz`.
pub(crate) fn folder() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    target.parent().unwrap_or(target).join("fuzz")
}

/// Writes a failing input to a file named after its hash, e.g. `target/fuzz/python/9f2c…`.
pub(crate) fn write(kind: Kind, bytes: &[u8]) -> io::Result<PathBuf> {
    let folder = folder().join(kind.name());
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{:016x}", fnv_1a(bytes)));
    fs::write(&path, bytes)?;
    Ok(path)
}

pub(crate) fn command(path: &Path) -> String {
    format!("{INPUT}={} cargo test --test fuzz", path.display())
}

/// The kind of an input file, from the name of its folder.
pub(crate) fn kind_of(path: &Path) -> Option<Kind> {
    let folder = path.parent()?.file_name()?.to_str()?;
    Kind::from_name(folder)
}

/// Shrinks a failing input by removing parts, large ones first, with at most `tries` attempts.
pub(crate) fn shrunk(input: &[u8], tries: usize, mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut smallest = input.to_vec();
    let mut tries = 0..tries;
    let mut size = smallest.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        while start < smallest.len() {
            if tries.next().is_none() {
                return smallest;
            }
            let end = (start + size).min(smallest.len());
            let candidate = [&smallest[..start], &smallest[end..]].concat();
            // Without this part it still fails: the part is not needed.
            if fails(&candidate) {
                smallest = candidate;
            } else {
                start = end;
            }
        }
        size /= 2;
    }
    smallest
}

fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
