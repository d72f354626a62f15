//! A temporary file in the folder of its target. It takes the target's name once it is complete.
//!
//! On Linux it has no name until then (`O_TMPFILE`), so the kernel removes it however the
//! process ends. On other systems, and on file systems without `O_TMPFILE`, its name is
//! `.NAME.PID-0`, e.g. `.pasta.svg.4711-0`. SIGINT and SIGTERM remove it; `kill -9` leaves it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use signal_hook::low_level::emulate_default_handler;

use crate::signals::on_end_signals;

/// Temporary names to try. A name is taken only by a process with the same PID, e.g. by one in
/// another container.
const TRIES: u32 = 100;

/// The usual mode of a new file; the umask restricts it.
const USUAL: u32 = 0o666;
/// The mode until the file has the permissions of the file that it replaces.
pub(super) const PRIVATE: u32 = 0o600;

pub(super) struct Fresh {
    file: File,
    /// The temporary name. `None` while the file has no name, or once it has the target's.
    name: Option<PathBuf>,
}

impl Fresh {
    /// For a target that does not exist.
    pub(super) fn create(target: &Path) -> io::Result<Self> {
        Self::with_mode(target, USUAL)
    }

    /// For a target that exists: readable by the owner only, until the caller sets the
    /// target's permissions.
    pub(super) fn create_private(target: &Path) -> io::Result<Self> {
        Self::with_mode(target, PRIVATE)
    }

    fn with_mode(target: &Path, mode: u32) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(file) = unnamed::create(folder_of(target), mode) {
            return Ok(Self { file, name: None });
        }
        Self::create_named(target, mode)
    }

    pub(super) fn create_named(target: &Path, mode: u32) -> io::Result<Self> {
        remove_on_signals();
        let (file, name) = first_free(target, |name| create_new(name, mode))?;
        set_unfinished(Some(name.clone()));
        Ok(Self {
            file,
            name: Some(name),
        })
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Renames the file to its target, which may exist.
    pub(super) fn take_name(mut self, target: &Path) -> io::Result<()> {
        if self.name.is_none() && self.link(target)? {
            return Ok(());
        }
        let Some(name) = &self.name else {
            return Err(ErrorKind::NotFound.into());
        };
        // `rename` replaces an existing target atomically; `link` cannot replace one.
        fs::rename(name, target)?;
        self.name = None;
        set_unfinished(None);
        Ok(())
    }

    /// Links an unnamed file under the target's name and returns true, or, if the target exists,
    /// under a temporary name.
    #[cfg(target_os = "linux")]
    fn link(&mut self, target: &Path) -> io::Result<bool> {
        match unnamed::link(&self.file, target) {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // E.g. without /proc, an unnamed file cannot be linked. A named copy takes over.
            Err(_) => return self.copy_to_named(target).map(|()| false),
        }
        let ((), name) = first_free(target, |name| unnamed::link(&self.file, name))?;
        self.name = Some(name);
        Ok(false)
    }

    #[cfg(target_os = "linux")]
    fn copy_to_named(&mut self, target: &Path) -> io::Result<()> {
        use std::io::Seek;

        let mut named = Self::create_named(target, PRIVATE)?;
        self.file.rewind()?;
        io::copy(&mut self.file, &mut named.file)?;
        let permissions = self.file.metadata()?.permissions();
        named.file.set_permissions(permissions)?;
        *self = named;
        Ok(())
    }

    /// On other systems every file has a name from the start.
    #[cfg(not(target_os = "linux"))]
    fn link(&mut self, _: &Path) -> io::Result<bool> {
        Ok(false)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // The failure that led here is reported; one of the clean-up would hide it.
            let _ = fs::remove_file(name);
            set_unfinished(None);
        }
    }
}

#[cfg(target_os = "linux")]
fn folder_of(target: &Path) -> &Path {
    let parent = target.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// The first of `.NAME.PID-0`, `.NAME.PID-1` … that `take` finds free.
fn first_free<T>(target: &Path, take: impl Fn(&Path) -> io::Result<T>) -> io::Result<(T, PathBuf)> {
    let name = target.file_name().ok_or(ErrorKind::IsADirectory)?;
    for number in 0..TRIES {
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}-{number}", std::process::id()));
        let beside = target.with_file_name(beside);
        match take(&beside) {
            Ok(taken) => return Ok((taken, beside)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn create_new(name: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(name)
}

/// The name of the incomplete file, for the signal handler. A process writes one at a time.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

fn set_unfinished(name: Option<PathBuf>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = name;
}

/// Has no effect if the command has its own handler, e.g. `verify`. Such a command returns
/// normally, and `drop` removes the file.
fn remove_on_signals() {
    on_end_signals(|signal| {
        let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = &*unfinished {
            let _ = fs::remove_file(name);
        }
        // Ends the process by the signal itself, so that shells report e.g. 143 for SIGTERM.
        let _ = emulate_default_handler(signal);
    });
}

/// Unnamed files of Linux, `O_TMPFILE`.
#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    pub(super) fn create(folder: &Path, mode: u32) -> io::Result<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        Ok(File::from(open(folder, flags, Mode::from_raw_mode(mode))?))
    }

    pub(super) fn link(file: &File, name: &Path) -> io::Result<()> {
        // Linking by descriptor (`AT_EMPTY_PATH`) needs a capability; the path in /proc does not.
        let open_file = format!("/proc/self/fd/{}", file.as_raw_fd());
        linkat(CWD, open_file, CWD, name, AtFlags::SYMLINK_FOLLOW)?;
        Ok(())
    }
}
