//! The supervisor of a run: a second process of this program that makes the run's folder,
//! starts the run's command, and removes both when the companion asks for it or has ended.
//!
//! It is a separate process because a companion that is killed with `kill -9` cannot clean up.
//! It leaves time limits to [`super::child`].
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
//! The connection between the two is the supervisor's standard input, a Unix socket. The
//! operating system closes it when the companion ends, even by `kill -9`.

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
/// and its arguments. An internal argument: the help does not list it.
pub(crate) const ARGUMENT: &str = "supervise-a-run-in-this-process";
/// The byte with which the companion starts the command.
pub(super) const GO: u8 = b'g';
/// The file in the run's folder with the command's output, standard error included.
pub(super) const SAID: &str = "said";

/// How long to wait until a killed process group has disappeared. It takes milliseconds, unless
/// a process is blocked on a hanging disk.
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// A message from the supervisor, one line of text, e.g. `started 4711`. Errors are `errno`
/// numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SupervisorReport {
    Ready,
    Failed(i32),
    Started(i32),
    /// The exit status as `wait` encodes it.
    Ended(i32),
}

impl SupervisorReport {
    fn line(self) -> String {
        match self {
            Self::Ready => "ready\n".to_owned(),
            Self::Failed(errno) => format!("failed {errno}\n"),
            Self::Started(pid) => format!("started {pid}\n"),
            Self::Ended(status) => format!("ended {status}\n"),
        }
    }

    /// Parses a line. `None` if it is not a message.
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

/// The path of this program's file. On Linux it stays valid after an update has replaced the
/// file.
pub(super) fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}

/// The main function of the supervisor's process.
pub(crate) fn main(folder: &Path, command: &[OsString]) -> ExitCode {
    let Some((program, arguments)) = command.split_first() else {
        return ExitCode::FAILURE;
    };
    match supervise_command(folder, program, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn supervise_command(folder: &Path, program: &OsStr, arguments: &[OsString]) -> io::Result<()> {
    // Before the command starts, or its first orphans would go to another process.
    adopt_orphans();
    let mut line = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (tell, told) = channel();
    // Declared before the group, so it is dropped after it: no process is left that could
    // write into the folder while it is removed.
    let _folder = match RunFolder::new(folder) {
        Ok(folder) => folder,
        Err(error) => return send_report(&mut line, start_failure(&error)),
    };
    send_report(&mut line, SupervisorReport::Ready)?;
    listen_for_orders(line.try_clone()?, tell.clone());
    if told.recv() != Ok(SupervisorEvent::Go) {
        return Ok(());
    }
    match start(folder, program, arguments) {
        Ok(group) => watch_group(group, &mut line, &tell, &told),
        Err(error) => send_report(&mut line, start_failure(&error)),
    }
}

fn watch_group(
    mut group: ProcessGroup,
    line: &mut UnixStream,
    tell: &Sender<SupervisorEvent>,
    told: &Receiver<SupervisorEvent>,
) -> io::Result<()> {
    // Fails if the companion has ended. Then `listen` reports it and the group is killed below.
    let _ = send_report(
        line,
        SupervisorReport::Started(group.pid.as_raw_nonzero().get()),
    );
    let (pid, tell) = (group.pid, tell.clone());
    thread::spawn(move || {
        // NOWAIT leaves the process unreaped, so its number still belongs to it when
        // `Group::end` kills the group.
        let _ = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
        // Fails only if the receiver was dropped, i.e. if the companion hung up.
        let _ = tell.send(SupervisorEvent::Exited);
    });
    let event = told.recv();
    let status = group.end()?;
    if event == Ok(SupervisorEvent::Exited) {
        send_report(line, SupervisorReport::Ended(status.into_raw()))?;
        // Keeps the folder until the companion has read the results and hangs up.
        while !matches!(told.recv(), Ok(SupervisorEvent::HungUp) | Err(_)) {}
    }
    Ok(())
}

/// An event that the supervisor waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SupervisorEvent {
    Go,
    HungUp,
    Exited,
}

/// Reads the connection on a separate thread.
fn listen_for_orders(mut line: UnixStream, tell: Sender<SupervisorEvent>) {
    thread::spawn(move || {
        let mut byte = [0];
        while let Ok(1) = line.read(&mut byte) {
            if byte[0] == GO && tell.send(SupervisorEvent::Go).is_err() {
                return;
            }
        }
        let _ = tell.send(SupervisorEvent::HungUp);
    });
}

fn send_report(line: &mut UnixStream, report: SupervisorReport) -> io::Result<()> {
    line.write_all(report.line().as_bytes())
}

fn start_failure(error: &io::Error) -> SupervisorReport {
    SupervisorReport::Failed(error.raw_os_error().unwrap_or_default())
}

/// The run's folder, which is removed with its content when this is dropped.
struct RunFolder(PathBuf);

impl RunFolder {
    /// Creates the folder, accessible to this user only because programs in it are executed.
    /// Fails if the path exists, e.g. because another user made it first.
    fn new(path: &Path) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(path)?;
        Ok(Self(path.to_owned()))
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        // If this fails the folder stays in the temporary directory, until the system clears it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(folder: &Path, program: &OsStr, arguments: &[OsString]) -> io::Result<ProcessGroup> {
    let said = File::create(folder.join(SAID))?;
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(said.try_clone()?)
        .stderr(said)
        .spawn()?;
    Ok(ProcessGroup {
        pid: Pid::from_child(&child),
        child,
        ended: false,
    })
}

/// The command's process group. The command is its leader. Killed when dropped.
struct ProcessGroup {
    child: Child,
    pid: Pid,
    ended: bool,
}

impl ProcessGroup {
    /// Kills the whole group and returns the exit status of its leader.
    fn end(&mut self) -> io::Result<ExitStatus> {
        self.ended = true;
        // Before `wait`: until then the system does not give the leader's number to another
        // process. Fails if the group is empty.
        let _ = kill_process_group(self.pid, Signal::KILL);
        let status = self.child.wait();
        let deadline = Instant::now() + KILLED_WITHIN;
        // Orphans of the group have become children of this process, so it must reap them.
        while wait(WaitOptions::NOHANG).is_ok_and(|ended| ended.is_some())
            || test_kill_process_group(self.pid).is_ok() && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(1));
        }
        status
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.end();
        }
    }
}

/// Makes this process the parent of the command's orphans, so that it can reap them. On other
/// systems than Linux the init process reaps them.
fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // If the system refuses, the init process reaps them, perhaps later.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_survive_the_line() {
        for report in [
            SupervisorReport::Ready,
            SupervisorReport::Failed(24),
            SupervisorReport::Started(4711),
            SupervisorReport::Ended(9),
        ] {
            assert_eq!(
                SupervisorReport::read(report.line().trim_end()),
                Some(report)
            );
        }
        for line in ["", "usage: loopscope", "ended", "ended soon"] {
            assert!(
                !matches!(
                    SupervisorReport::read(line),
                    Some(SupervisorReport::Started(_))
                ),
                "{line}"
            );
        }
    }
}
