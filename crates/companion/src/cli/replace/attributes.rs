//! The attributes of a file: permissions, owner, hard links, extended attributes.
//!
//! # What this leaves out
//!
//! - Attributes that the system sets by its own policy (`security.*`, `trusted.*`).

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, fchown};

/// The number of hard links besides this name.
#[cfg(unix)]
pub(super) fn other_names(file: &Metadata) -> u64 {
    file.nlink().saturating_sub(1)
}

#[cfg(not(unix))]
pub(super) fn other_names(_: &Metadata) -> u64 {
    0
}

/// Whether two files are the same inode. `None` on systems without inode numbers.
#[cfg(unix)]
pub(super) fn is_same(one: &Metadata, other: &Metadata) -> Option<bool> {
    Some((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
pub(super) fn is_same(_: &Metadata, _: &Metadata) -> Option<bool> {
    None
}

/// Copies the attributes to `fresh`. Fails if that is not allowed, e.g. another user's ownership.
pub(super) fn copy_attributes(target: &Path, existing: &Metadata, fresh: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        let ours = fresh.metadata()?;
        // Only if they differ: `fchown` may be forbidden, and clears set-user-ID bits.
        if (ours.uid(), ours.gid()) != (existing.uid(), existing.gid()) {
            fchown(fresh, Some(existing.uid()), Some(existing.gid()))?;
        }
    }
    #[cfg(target_os = "linux")]
    copy_extended(target, fresh)?;
    #[cfg(not(target_os = "linux"))]
    let _ = target;
    // Last, because `fchown` clears the set-user-ID and set-group-ID bits.
    fresh.set_permissions(existing.permissions())
}

/// Bytes of the list of names, and of a value. Linux allows no more than 64 KiB of either.
#[cfg(target_os = "linux")]
const BYTES_MAX: usize = 64 * 1024;

#[cfg(target_os = "linux")]
fn copy_extended(target: &Path, fresh: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
    use rustix::io::Errno;

    let mut names = vec![0_u8; BYTES_MAX];
    let length = match listxattr(target, &mut names[..]) {
        Ok(length) => length,
        // A file system without extended attributes has none to copy.
        Err(Errno::NOTSUP) => 0,
        Err(error) => return Err(error.into()),
    };
    let mut value = vec![0_u8; BYTES_MAX];
    for name in names[..length].split(|byte| *byte == 0) {
        let is_policy = name.starts_with(b"security.") || name.starts_with(b"trusted.");
        if name.is_empty() || is_policy {
            continue;
        }
        let length = getxattr(target, name, &mut value[..])?;
        fsetxattr(fresh, name, &value[..length], XattrFlags::empty())?;
    }
    Ok(())
}
