//! The supervisor of a run: a process of this program that makes the run's folder, starts the
//! run's command, and removes both when the companion says so or is gone.
//!
//! It is a process of its own because `kill -9` leaves the companion no time to clean up, and a
//! command that hangs cannot watch for that. It leaves time limits to [`super::child`].
//!
//! ```text
//! companion                 supervisor                       command
//!   starts it ────────────▶ makes the folder
//!             ◀── ready ───
//!   go ───────────────────▶ starts the command ────────────▶ leads a process group
//!             ◀─ started ──
//!             ◀── ended ─── when the command has ended, and its group with it
//!   hangs up ─────────────▶ kills the group, removes the folder, ends
//! ```
//!
//! The line between the two is the supervisor's standard input, a socket. The end of the
//! companion, however it comes, closes it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process_group, test_kill_process_group,
    wait, waitid,
};

/// The first argument of the supervisor's process. The next ones are the folder, the command
/// and its arguments. Not for people.
pub(crate) const ARGUMENT: &str = "supervise-a-run-in-this-process";
/// The companion's one word.
pub(super) const GO: u8 = b'g';
/// What the command printed, in the run's folder.
pub(super) const SAID: &str = "said";

/// For a killed group to be gone. A killed process needs milliseconds, unless its disk hangs.
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// The supervisor's answers, a line each. Errors are the system's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    Ready,
    Failed(i32),
    Started(i32),
    /// As `wait` encodes it.
    Ended(i32),
}

impl Report {
    fn line(self) -> String {
        match self {
            Self::Ready => "ready\n".to_owned(),
            Self::Failed(errno) => format!("failed {errno}\n"),
            Self::Started(pid) => format!("started {pid}\n"),
            Self::Ended(status) => format!("ended {status}\n"),
        }
    }

    /// `None` for what no supervisor says.
    pub(super) fn read(line: &str) -> Option<Self> {
        let (word, number) = line.split_once(' ').unwrap_or((line, "0"));
        let number = number.parse().ok()?;
        Some(match word {
            "ready" => Self::Ready,
            "failed" => Self::Failed(number),
            "started" => Self::Started(number),
            "ended" => Self::Ended(number),
            _ => return None,
        })
    }
}

/// This program's file, even after an update has put another in its place.
pub(super) fn this_program() -> io::Result<PathBuf> {
    match cfg!(target_os = "linux") {
        true => Ok("/proc/self/exe".into()),
        false => std::env::current_exe(),
    }
}

/// The whole life of the supervisor's process.
pub(crate) fn main(folder: &Path, command: &[OsString]) -> ExitCode {
    let Some((program, arguments)) = command.split_first() else {
        return ExitCode::FAILURE;
    };
    match supervise(folder, program, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn supervise(folder: &Path, program: &OsStr, arguments: &[OsString]) -> io::Result<()> {
    adopt_orphans();
    let mut line = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (tell, told) = channel();
    // Held until the end: what it removes was started in it.
    let _folder = match Folder::new(folder) {
        Ok(folder) => folder,
        Err(error) => return report(&mut line, failed(&error)),
    };
    report(&mut line, Report::Ready)?;
    listen(line.try_clone()?, tell.clone());
    if told.recv() != Ok(Event::Go) {
        return Ok(());
    }
    match start(folder, program, arguments) {
        Ok(group) => accompany(group, &mut line, &tell, &told),
        Err(error) => report(&mut line, failed(&error)),
    }
}

fn accompany(
    mut group: Group,
    line: &mut UnixStream,
    tell: &Sender<Event>,
    told: &Receiver<Event>,
) -> io::Result<()> {
    // A companion that has gone meanwhile hears nothing; the group ends all the same.
    let _ = report(line, Report::Started(group.pid.as_raw_nonzero().get()));
    let (pid, tell) = (group.pid, tell.clone());
    thread::spawn(move || {
        let _ = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
        // The receiver has gone only where the companion has.
        let _ = tell.send(Event::Exited);
    });
    let event = told.recv();
    let status = group.end()?;
    if event == Ok(Event::Exited) {
        report(line, Report::Ended(status.into_raw()))?;
        // The companion reads the folder, then hangs up.
        while !matches!(told.recv(), Ok(Event::HungUp) | Err(_)) {}
    }
    Ok(())
}

/// What the supervisor waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Go,
    HungUp,
    Exited,
}

/// Reads the line on a thread of its own.
fn listen(mut line: UnixStream, tell: Sender<Event>) {
    thread::spawn(move || {
        let mut byte = [0];
        while let Ok(1) = line.read(&mut byte) {
            if byte[0] == GO && tell.send(Event::Go).is_err() {
                return;
            }
        }
        let _ = tell.send(Event::HungUp);
    });
}

fn report(line: &mut UnixStream, report: Report) -> io::Result<()> {
    line.write_all(report.line().as_bytes())
}

fn failed(error: &io::Error) -> Report {
    Report::Failed(error.raw_os_error().unwrap_or_default())
}

/// Removed when dropped, with all that is in it.
struct Folder(PathBuf);

impl Folder {
    /// For this user alone: what is in it is run. Fails where another has made it first.
    fn new(path: &Path) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(path)?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Where it cannot be removed, the next boot does.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Path, program: &OsStr, arguments: &[OsString]) -> io::Result<Group> {
    let said = File::create(folder.join(SAID))?;
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(said.try_clone()?)
        .stderr(said)
        .spawn()?;
    Ok(Group {
        pid: Pid::from_child(&child),
        child,
        ended: false,
    })
}

/// The command's process group, seen by its leader. Killed when dropped.
struct Group {
    child: Child,
    pid: Pid,
    ended: bool,
}

impl Group {
    /// Kills the whole group. The leader's number is given to no other process before it is
    /// waited for here.
    fn end(&mut self) -> io::Result<ExitStatus> {
        self.ended = true;
        // An empty group has no process to kill.
        let _ = kill_process_group(self.pid, Signal::KILL);
        let status = self.child.wait();
        let deadline = Instant::now() + KILLED_WITHIN;
        // Orphans of the group have become our children.
        while wait(WaitOptions::NOHANG).is_ok_and(|ended| ended.is_some())
            || test_kill_process_group(self.pid).is_ok() && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(1));
        }
        status
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.end();
        }
    }
}

/// Orphans of the command become children of this process, which reaps them. Elsewhere than
/// on Linux that is left to the system's first process.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // Where it is refused, the first process reaps them, perhaps later.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_survive_the_line() {
        for report in [
            Report::Ready,
            Report::Failed(24),
            Report::Started(4711),
            Report::Ended(9),
        ] {
            assert_eq!(Report::read(report.line().trim_end()), Some(report));
        }
        for line in ["", "usage: loopscope", "ended", "ended soon"] {
            assert!(
                !matches!(Report::read(line), Some(Report::Started(_))),
                "{line}"
            );
        }
    }
}
