//! The folder of a run: its name, and the files in it. Its supervisor makes and removes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Digits of a name that no other user can foresee, and so cannot take before us. Short, since
/// the path of Redis's socket in the folder may have about 100 bytes.
const RANDOM_BYTES: usize = 8;

#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new name, e.g. `/tmp/loopscope-5f0c9a3b17e2d468`; there is no such folder yet.
    pub(super) fn named() -> io::Result<Self> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let digits = u64::from_ne_bytes(random);
        // The command runs in it, so a relative path would lead elsewhere.
        let parent = std::path::absolute(std::env::temp_dir())?;
        Ok(Self(parent.join(format!("loopscope-{digits:016x}"))))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        fs::write(self.0.join(name), text)
    }

    /// Empty where there is no such file.
    pub(super) fn read(&self, name: &str) -> String {
        let bytes = fs::read(self.0.join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
