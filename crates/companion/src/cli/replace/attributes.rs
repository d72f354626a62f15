//! What a file has besides its content: permissions, owner, other names, and
//! extended attributes.
//!
//! # What this leaves out
//!
//! - Attributes that the system sets by its own policy (`security.*`, `trusted.*`).

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, fchown};

/// How many names besides its own lead to a file.
#[cfg(unix)]
pub(super) fn other_names(file: &Metadata) -> u64 {
    file.nlink().saturating_sub(1)
}

#[cfg(not(unix))]
pub(super) fn other_names(_: &Metadata) -> u64 {
    0
}

/// `None` where the system has no numbers for files.
#[cfg(unix)]
pub(super) fn is_same(one: &Metadata, other: &Metadata) -> Option<bool> {
    Some((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
pub(super) fn is_same(_: &Metadata, _: &Metadata) -> Option<bool> {
    None
}

/// Gives `fresh` all of it. Fails if that is not allowed.
pub(super) fn copy(target: &Path, existing: &Metadata, fresh: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        let ours = fresh.metadata()?;
        if (ours.uid(), ours.gid()) != (existing.uid(), existing.gid()) {
            fchown(fresh, Some(existing.uid()), Some(existing.gid()))?;
        }
    }
    #[cfg(target_os = "linux")]
    copy_extended(target, fresh)?;
    #[cfg(not(target_os = "linux"))]
    let _ = target;
    // Last: a new owner takes permissions away.
    fresh.set_permissions(existing.permissions())
}

/// Names and values of more bytes than this are not copied; Linux allows 64 KiB of each.
#[cfg(target_os = "linux")]
const BYTES_MAX: usize = 64 * 1024;

#[cfg(target_os = "linux")]
fn copy_extended(target: &Path, fresh: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
    use rustix::io::Errno;

    let mut names = vec![0_u8; BYTES_MAX];
    let length = match listxattr(target, &mut names[..]) {
        Ok(length) => length,
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
