//! A process that is ended with everything it started: at its own end, at a
//! time limit, when somebody interrupts, when we die.
//!
//! It leads a process group of its own, so one signal reaches them all; and its
//! standard input is a pipe that we hold, whose end is its sign that we are gone.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process_group, test_kill_process_group, waitid,
};

use super::interrupt::{Interrupt, Wake};

/// For the last of a killed group to be gone. Longer only where nobody buries orphans.
const LAST_GASP: Duration = Duration::from_millis(500);

/// How a child was over.
#[derive(Debug)]
pub(super) enum Ended {
    Exited(ExitStatus),
    /// It was still running at its limit.
    TimedOut,
    Interrupted,
}

pub(super) fn run(
    command: &mut Command,
    limit: Duration,
    interrupt: &Interrupt,
) -> io::Result<Ended> {
    let mut group = Group::start(command)?;
    let (tell, told) = mpsc::channel();
    interrupt.tell(tell.clone());
    let pid = group.pid;
    thread::spawn(move || {
        let _ = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
        let _ = tell.send(Wake::Exited);
    });
    let wake = told.recv_timeout(limit);
    let status = group.end()?;
    Ok(match wake {
        Ok(Wake::Exited) => Ended::Exited(status),
        Ok(Wake::Interrupted) => Ended::Interrupted,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ended::TimedOut,
    })
}

/// A running process group; ended when dropped.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    pid: Pid,
    ended: bool,
}

impl Group {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        use std::os::unix::process::CommandExt;
        let child = command.process_group(0).stdin(Stdio::piped()).spawn()?;
        let pid = Pid::from_child(&child);
        Ok(Self {
            child,
            pid,
            ended: false,
        })
    }

    /// Kills the whole group, leader last seen: its number is not given to
    /// anybody else before it is waited for here.
    pub(super) fn end(&mut self) -> io::Result<ExitStatus> {
        self.ended = true;
        // Nobody is left: then there is nobody to kill.
        let _ = kill_process_group(self.pid, Signal::KILL);
        let status = self.child.wait();
        self.see_off();
        status
    }

    /// Who was killed needs a moment to be gone; a run that is said to be over has nobody left.
    fn see_off(&self) {
        let deadline = Instant::now() + LAST_GASP;
        while test_kill_process_group(self.pid).is_ok() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.end();
        }
    }
}
