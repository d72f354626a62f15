//! A command that runs in its own folder under a supervisor. All its processes end with it: at
//! its own end, at a time limit, at an interrupt, or when this process is killed.
//!
//! This side chooses the folder's name and decides when the command ends. The
//! [`super::supervisor`] kills the processes and removes the folder.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group};

use super::folder::Folder;
use super::interrupt::{Interrupt, Wake};
use super::supervisor::{self, GO, SupervisorReport};

/// How long the supervisor may take to make the folder. It takes milliseconds, so a minute
/// means a hanging disk.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// How a command ended.
#[derive(Debug)]
pub(super) enum Ended {
    Exited(ExitStatus),
    /// The command was still running at its time limit.
    TimedOut,
    Interrupted,
}

/// The supervisor's command line for a program. The caller appends the program's arguments and
/// sets its environment variables; the supervisor passes both on.
pub(super) fn supervised_command(
    folder: &Folder,
    program: impl AsRef<OsStr>,
) -> io::Result<Command> {
    let mut command = Command::new(supervisor::this_program()?);
    command
        .arg0("loopscope")
        .arg(supervisor::ARGUMENT)
        .arg(folder.path())
        .arg(program);
    Ok(command)
}

/// A supervisor and the folder of its run. Dropping this ends and removes them.
#[derive(Debug)]
pub(super) struct Supervised {
    process: Child,
    line: UnixStream,
    folder: Folder,
}

impl Supervised {
    /// Starts the supervisor, which makes the folder. If the folder's name is taken, tries
    /// again with another name and calls `command` again.
    pub(super) fn new(command: impl Fn(&Folder) -> io::Result<Command>) -> io::Result<Self> {
        loop {
            let folder = Folder::named()?;
            match Self::start(&mut command(&folder)?, folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                started => return started,
            }
        }
    }

    fn start(command: &mut Command, folder: Folder) -> io::Result<Self> {
        let (line, end) = UnixStream::pair()?;
        let process = command
            // Ctrl-C goes to the terminal's whole process group; the supervisor must survive
            // it to clean up.
            .process_group(0)
            .stdin(OwnedFd::from(end))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // From here on an early return drops it, which ends the process.
        let supervised = Self {
            process,
            line,
            folder,
        };
        supervised.line.set_read_timeout(Some(READY_WITHIN))?;
        let mut answer = String::new();
        BufReader::new(&supervised.line).read_line(&mut answer)?;
        supervised.line.set_read_timeout(None)?;
        match SupervisorReport::read(answer.trim_end()) {
            Some(SupervisorReport::Ready) => Ok(supervised),
            Some(SupervisorReport::Failed(errno)) => Err(io::Error::from_raw_os_error(errno)),
            _ => Err(supervisor_killed()),
        }
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Runs the command to its end, the limit or an interrupt. The error is the system's, e.g.
    /// if the program does not exist.
    pub(super) fn run(&mut self, limit: Duration, interrupt: &Interrupt) -> io::Result<Ended> {
        self.run_while(limit, interrupt, |_| None)
    }

    /// Like [`Supervised::run`]. At the limit `more` may give it further time.
    pub(super) fn run_while(
        &mut self,
        limit: Duration,
        interrupt: &Interrupt,
        mut more: impl FnMut(&Folder) -> Option<Duration>,
    ) -> io::Result<Ended> {
        let mut deadline = Instant::now() + limit;
        // One channel for reports and interrupts, so that one receive waits for both.
        let (tell, told) = channel();
        let _listening = interrupt.tell(tell.clone());
        let line = self.line.try_clone()?;
        thread::spawn(move || follow_supervisor(line, &tell));
        self.line.write_all(&[GO])?;
        let mut group = None;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match told.recv_timeout(left) {
                Ok(Wake::Reported(SupervisorReport::Started(pid))) => group = Pid::from_raw(pid),
                Ok(Wake::Reported(SupervisorReport::Ended(status))) => {
                    return Ok(Ended::Exited(ExitStatus::from_raw(status)));
                }
                Ok(Wake::Reported(SupervisorReport::Failed(errno))) => {
                    return Err(io::Error::from_raw_os_error(errno));
                }
                Ok(Wake::Reported(SupervisorReport::Ready)) => {}
                Ok(Wake::Interrupted) => return Ok(Ended::Interrupted),
                Ok(Wake::HungUp) | Err(RecvTimeoutError::Disconnected) => {
                    // The supervisor was killed, so the command's group must be killed here.
                    if let Some(group) = group {
                        let _ = kill_process_group(group, Signal::KILL);
                    }
                    return Err(supervisor_killed());
                }
                Err(RecvTimeoutError::Timeout) => match more(&self.folder) {
                    Some(time) => deadline = Instant::now() + time,
                    None => return Ok(Ended::TimedOut),
                },
            }
        }
    }
}

/// Forwards the supervisor's reports until either side closes the connection.
fn follow_supervisor(line: UnixStream, tell: &Sender<Wake>) {
    let lines = BufReader::new(line).lines().map_while(Result::ok);
    for report in lines.filter_map(|line| SupervisorReport::read(&line)) {
        if tell.send(Wake::Reported(report)).is_err() {
            return;
        }
    }
    // Fails if the run is over and its receiver was dropped.
    let _ = tell.send(Wake::HungUp);
}

/// Whether the system has no room for another process or file, such as at `EMFILE`. Then the
/// program itself is not the cause.
pub(super) fn is_exhausted(error: &io::Error) -> bool {
    let of = |errno: Errno| error.raw_os_error() == Some(errno.raw_os_error());
    [
        Errno::MFILE,
        Errno::NFILE,
        Errno::AGAIN,
        Errno::NOMEM,
        Errno::NOSPC,
        Errno::DQUOT,
    ]
    .into_iter()
    .any(of)
}

fn supervisor_killed() -> io::Error {
    io::Error::other("the process that watches over it was killed")
}

impl Drop for Supervised {
    /// Hangs up and waits until the supervisor has ended the processes and removed the folder.
    fn drop(&mut self) {
        let _ = self.line.shutdown(std::net::Shutdown::Both);
        let _ = self.process.wait();
    }
}
