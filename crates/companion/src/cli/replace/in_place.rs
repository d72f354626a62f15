//! New content for a file that stays the same file: all its names, its owner and its
//! attributes stay.
//!
//! The content is complete in memory before the file is touched, and what makes the
//! file longer is written first: a full disk is found out while the old content is
//! whole.
//!
//! # What this leaves out
//!
//! - A process that is killed in the middle leaves new and old content mixed.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

pub(super) fn overwrite(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut content = Vec::new();
    write(&mut content)?;
    let mut file = OpenOptions::new().write(true).open(target)?;
    let old = file.metadata()?.len();
    let kept = usize::try_from(old).map_or(content.len(), |old| old.min(content.len()));
    let (first, longer) = content.split_at(kept);
    if let Err(error) = append(&mut file, old, longer) {
        // As long as before; a failure here leaves a longer file, and no less of the old one.
        let _ = file.set_len(old);
        return Err(error);
    }
    file.rewind()?;
    file.write_all(first)?;
    file.set_len(content.len() as u64)
}

fn append(file: &mut File, end: u64, content: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(end))?;
    file.write_all(content)
}
