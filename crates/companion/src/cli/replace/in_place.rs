//! Overwriting a file in place: it keeps its inode, and with it hard links, owner and attributes.
//!
//! The content is complete in memory before the file is changed. The part beyond the old end is
//! written first, so that a full disk is noticed while the old content is intact.
//!
//! # What this leaves out
//!
//! - A process killed while it writes leaves a mixture of new and old content.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

pub(super) fn overwrite_file(
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut content = Vec::new();
    write(&mut content)?;
    let mut file = OpenOptions::new().write(true).open(target)?;
    let old = file.metadata()?.len();
    let kept = usize::try_from(old).map_or(content.len(), |old| old.min(content.len()));
    let (first, longer) = content.split_at(kept);
    if let Err(error) = append_content(&mut file, old, longer) {
        // Restores the old length. If this fails too, the file is longer, but no old byte is lost.
        let _ = file.set_len(old);
        return Err(error);
    }
    file.rewind()?;
    // These bytes replace old ones, for which even a full disk usually has room.
    file.write_all(first)?;
    file.set_len(content.len() as u64)
}

fn append_content(file: &mut File, end: u64, content: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(end))?;
    file.write_all(content)
}
