//! `--watch`: a command runs again whenever one of its files is saved, until Ctrl-C.
//!
//! Linux reports changes of a folder by inotify. Elsewhere the files' times and sizes are compared
//! a few times a second. The folder is watched, and not the file, because many editors save by
//! putting a new file in its place.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::source::{is_standard, shown};
use super::words::Say;
use crate::verify::Interrupt;
use texts::say;

/// An editor writes a file in several steps; after the last one it is read.
const SETTLED_AFTER: Duration = Duration::from_millis(30);
/// Other files of the folder may change all the time.
const SETTLES_WITHIN: Duration = Duration::from_millis(500);
/// The time between two looks at the files where the system reports no changes.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Clears the terminal and its scrolled lines, and moves the cursor to the top.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// The files that a command reads again and again.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) files: Vec<PathBuf>,
    /// A Python program runs for a while and is ended by itself; it may import the other `.py` files
    /// of its folder.
    pub(crate) is_program: bool,
}

/// Runs the command, and again after each change. Returns after Ctrl-C.
pub(crate) fn run_watched(
    watched: &Watched,
    console: &mut Console,
    clears: bool,
    mut run: impl FnMut(&mut Console) -> Exit,
) -> Exit {
    if let Some(path) = watched.files.iter().find(|path| is_standard(path)) {
        let failure = Failure::CannotWatch { path: path.clone() };
        console.complain(&failure);
        return failure.exit();
    }
    let interrupt = Interrupt::on_signals();
    let is_running = Arc::new(AtomicBool::new(false));
    end_on_interrupt(&interrupt, watched.is_program.then_some(&is_running));
    let changes = changes_of(&watched.files);
    loop {
        // Before the run, so that a change during the run is not missed.
        let before = FileState::of_all(watched);
        if clears {
            let _ = console.print(CLEAR);
        }
        is_running.store(true, Ordering::SeqCst);
        let exit = run(console);
        is_running.store(false, Ordering::SeqCst);
        if exit == Exit::Interrupted || interrupt.is_raised() {
            return Exit::Interrupted;
        }
        let note = console.style.say().watching(&watched.files);
        console.note(&format!("{note}\n"));
        if !wait_for_change(watched, &before, &changes) {
            // The watch broke, e.g. because the folder was removed.
            return exit;
        }
    }
}

/// Ends this process at Ctrl-C, unless a Python program runs: its run ends first, by the same
/// interrupt.
fn end_on_interrupt(interrupt: &Interrupt, program: Option<&Arc<AtomicBool>>) {
    let (interrupt, program) = (interrupt.clone(), program.map(Arc::clone));
    thread::spawn(move || {
        interrupt.wait();
        let runs = program.is_some_and(|running| running.load(Ordering::SeqCst));
        if !runs {
            process::exit(Exit::Interrupted.code().into());
        }
    });
}

/// Waits until a file differs from its state before the run. False if no more changes can come.
fn wait_for_change(watched: &Watched, before: &[FileState], changes: &Receiver<()>) -> bool {
    loop {
        if FileState::of_all(watched) != before {
            let end = Instant::now() + SETTLES_WITHIN;
            while Instant::now() < end && changes.recv_timeout(SETTLED_AFTER).is_ok() {}
            return true;
        }
        if changes.recv().is_err() {
            return false;
        }
    }
}

/// What shows that a file was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileState {
    path: PathBuf,
    /// `None` if it does not exist, e.g. while an editor replaces it.
    saved: Option<(u64, SystemTime)>,
}

impl FileState {
    fn of(path: PathBuf) -> Self {
        let saved = fs::metadata(&path).and_then(|data| Ok((data.len(), data.modified()?)));
        Self {
            saved: saved.ok(),
            path,
        }
    }

    fn of_all(watched: &Watched) -> Vec<Self> {
        let mut paths = watched.files.clone();
        if watched.is_program {
            for file in &watched.files {
                paths.extend(programs_beside(file));
            }
        }
        paths.sort();
        paths.dedup();
        paths.into_iter().map(Self::of).collect()
    }
}

/// The `.py` files of a file's folder.
fn programs_beside(file: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder_of(file))
        .into_iter()
        .flatten()
        .flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension() == Some(OsStr::new("py")))
        .collect()
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Receives a message when something in the files' folders may have changed.
fn changes_of(files: &[PathBuf]) -> Receiver<()> {
    // One change that nothing has looked at yet is as good as many.
    let (tell, changes) = sync_channel(1);
    let mut folders: Vec<PathBuf> = files
        .iter()
        .map(|file| folder_of(file).to_owned())
        .collect();
    // A file behind a symbolic link changes in its own folder.
    let real = files.iter().filter_map(|file| file.canonicalize().ok());
    folders.extend(real.map(|file| folder_of(&file).to_owned()));
    folders.sort();
    folders.dedup();
    begin_watch(&folders, tell);
    changes
}

/// Tells a change. False if the receiver is gone.
fn tell_change(tell: &SyncSender<()>) -> bool {
    !matches!(tell.try_send(()), Err(TrySendError::Disconnected(())))
}

/// Tells each change of the folders from now on, until the receiver is gone.
#[cfg(target_os = "linux")]
fn begin_watch(folders: &[PathBuf], tell: SyncSender<()>) {
    use std::mem::MaybeUninit;

    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};

    let saved = WatchFlags::CLOSE_WRITE
        | WatchFlags::MOVED_TO
        | WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MODIFY;
    let watch = init(CreateFlags::CLOEXEC).and_then(|watch| {
        for folder in folders {
            add_watch(&watch, folder, saved)?;
        }
        Ok(watch)
    });
    // A system allows only so many watches.
    let Ok(watch) = watch else {
        return begin_polling(tell);
    };
    // The thread comes last: a file that is saved before it runs is not missed.
    thread::spawn(move || {
        // Room for some events with the longest names.
        let mut buffer = [const { MaybeUninit::uninit() }; 4_096];
        let mut events = Reader::new(watch, &mut buffer);
        while events.next().is_ok() {
            if !tell_change(&tell) {
                return;
            }
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn begin_watch(_folders: &[PathBuf], tell: SyncSender<()>) {
    begin_polling(tell);
}

/// Lets the receiver look at the files at a slow pace.
fn begin_polling(tell: SyncSender<()>) {
    thread::spawn(move || {
        while tell_change(&tell) {
            thread::sleep(LOOK_AGAIN);
        }
    });
}

impl Say {
    /// E.g. `waiting for changes of pasta.loop; Ctrl-C ends`.
    fn watching(self, files: &[PathBuf]) -> String {
        let names: Vec<String> = files.iter().map(|file| shown(file)).collect();
        let files = names.join(", ");
        say!(self.0, "waiting for changes of {files}; Ctrl-C ends", files)
    }
}
