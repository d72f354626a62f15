//! The supervisor of a run, controlled through the protocol that the companion uses.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};

use crate::support::{Place, processes_of};

struct Supervisor {
    process: Child,
    line: BufReader<UnixStream>,
}

impl Supervisor {
    fn of(folder: &Path, command: &[&str]) -> Self {
        // The supervisor's standard input is the connection, which ends with the companion.
        let (line, end) = UnixStream::pair().expect("two ends");
        let process = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .arg("supervise-a-run-in-this-process")
            .arg(folder)
            .args(command)
            .stdin(OwnedFd::from(end))
            .spawn()
            .expect("it starts");
        Self {
            process,
            line: BufReader::new(line),
        }
    }

    fn says(&mut self) -> String {
        let mut line = String::new();
        self.line.read_line(&mut line).expect("a line");
        line
    }

    // One byte starts the command; the supervisor waits for it after `ready`.
    fn go(&mut self) {
        self.line.get_mut().write_all(b"g").expect("it listens");
    }

    fn hang_up(mut self) {
        drop(self.line);
        self.process.wait().expect("it ends");
    }
}

#[test]
fn the_folder_of_a_run_is_for_its_user_alone_and_gone_with_the_run() {
    let place = Place::new();
    let folder = place.path().join("tmp/run");
    let mut supervisor = Supervisor::of(&folder, &["true"]);
    assert_eq!(supervisor.says(), "ready\n");
    let mode = fs::metadata(&folder).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
    supervisor.go();
    assert!(supervisor.says().starts_with("started "));
    assert_eq!(supervisor.says(), "ended 0\n");
    assert!(folder.exists(), "the companion reads it first");
    supervisor.hang_up();
    assert!(!folder.exists());
}

/// Another user might have created the folder to read or change the program.
#[test]
fn a_folder_that_is_there_already_is_not_used_and_not_removed() {
    let place = Place::new();
    let folder = place.path().join("tmp/run");
    fs::create_dir(&folder).expect("a new folder");
    let mut supervisor = Supervisor::of(&folder, &["true"]);
    assert_eq!(supervisor.says(), "failed 17\n", "EEXIST");
    supervisor.hang_up();
    assert!(folder.exists());
}

#[test]
fn a_program_that_is_not_there_is_reported_with_the_systems_reason() {
    let place = Place::new();
    let folder = place.path().join("tmp/run");
    let mut supervisor = Supervisor::of(&folder, &["/nowhere/python3"]);
    assert_eq!(supervisor.says(), "ready\n");
    supervisor.go();
    assert_eq!(supervisor.says(), "failed 2\n", "ENOENT");
    supervisor.hang_up();
    assert!(!folder.exists());
}

/// The companion was killed between its command and the start of the program.
#[test]
fn a_command_that_starts_when_the_companion_has_gone_is_ended() {
    for _ in 0..20 {
        let place = Place::new();
        let folder = place.path().join("tmp/run");
        let script = format!("sleep 3600; : {}", folder.display());
        let mut supervisor = Supervisor::of(&folder, &["sh", "-c", &script]);
        assert_eq!(supervisor.says(), "ready\n");
        supervisor.go();
        supervisor.hang_up();
        assert_eq!(processes_of(place.path()), 0);
        assert!(!folder.exists());
    }
}

/// The companion was killed: the supervisor only notices that the connection ends.
#[test]
fn a_command_that_hangs_ends_with_the_companion_and_so_do_its_children() {
    let place = Place::new();
    let folder = place.path().join("tmp/run");
    let hang = "sleep 3600 & touch up; wait";
    let mut supervisor = Supervisor::of(&folder, &["sh", "-c", hang]);
    assert_eq!(supervisor.says(), "ready\n");
    supervisor.go();
    let started = supervisor.says();
    let group = started.trim().strip_prefix("started ").expect("a number");
    place.wait_for("up");
    supervisor.hang_up();
    let mut kill = Command::new("kill");
    // Signal 0 only checks whether a process of the group exists.
    let is_there = kill.args(["-0", "--", &format!("-{group}")]).output();
    assert!(!is_there.expect("kill starts").status.success());
    assert!(!folder.exists());
}
