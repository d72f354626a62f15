//! The folder of a run: its name and its files. The supervisor makes and removes it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Random bytes of the folder's name, so that other users cannot guess it and take it first.
/// Few, because the path of Redis's socket in the folder is limited to about 100 bytes.
const RANDOM_BYTES: usize = 8;

#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Chooses a new name, e.g. `/tmp/loopscope-5f0c9a3b17e2d468`. Does not make the folder.
    pub(super) fn named() -> io::Result<Self> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let digits = u64::from_ne_bytes(random);
        // The command's working directory is this folder, so a relative path would be wrong.
        let parent = std::path::absolute(std::env::temp_dir())?;
        Ok(Self(parent.join(format!("loopscope-{digits:016x}"))))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, e.g. `program.py` or `loopscope/watcher.py`.
    pub(super) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.0.join(name);
        if let Some(folder) = Path::new(name).parent() {
            fs::create_dir_all(self.0.join(folder))?;
        }
        fs::write(path, text)
    }

    /// The text of a file; empty if the file does not exist.
    pub(super) fn read(&self, name: &str) -> String {
        // Lossy, because a program may print bytes that are not UTF-8.
        let bytes = fs::read(self.0.join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
