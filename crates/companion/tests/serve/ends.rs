//! All ways in which a run or the server can end: no process and no folder remains.
//!
//! As in crates/companion/tests/verify, a wrapper starts Python and holds a pipe open that all its child processes
//! inherit. The pipe ends when the last of them has ended.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

use crate::support::{PATIENCE, Reply, Server, until};

const LONG: &str = "processes 2\ndef work: block 50s\na: process work\nrun 2 a\n";

/// A server with a Python that reports through the pipe that it runs a program.
fn watched() -> (Server, mpsc::Receiver<BufReader<File>>) {
    watched_as(|fifo| {
        format!(
            "case \"$*\" in *main.py*) exec 9>'{fifo}'; echo up >&9;; esac\nexec python3 \"$@\""
        )
    })
}

/// A server with a Python that reports its start, and then hangs for an hour.
fn hanging() -> (Server, mpsc::Receiver<BufReader<File>>) {
    watched_as(|fifo| format!("exec 9>'{fifo}'; echo up >&9\nexec sleep 3600"))
}

/// A server with this shell script as its Python. The script opens the named pipe, which stays open
/// while the script or a child process of it lives.
fn watched_as(
    body: impl FnOnce(std::path::Display<'_>) -> String,
) -> (Server, mpsc::Receiver<BufReader<File>>) {
    // The tests are threads of one process, so the name contains the thread's id, too.
    let folder = std::env::temp_dir().join(format!("loopscope-pipe-{}", std::process::id()));
    let folder =
        folder.with_extension(format!("{:?}", thread::current().id()).replace(['(', ')'], ""));
    fs::create_dir_all(&folder).expect("a new folder");
    let (fifo, python) = (folder.join("alive"), folder.join("python"));
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.expect("mkfifo starts").success());
    let script = format!("#!/bin/sh\n{}\n", body(fifo.display()));
    fs::write(&python, script).expect("a file can be written");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("and made executable");
    let server = Server::with(&[], |command| {
        command.env("LOOPSCOPE_PYTHON", &python);
    });
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        // Opening a named pipe blocks until the wrapper opens it for writing.
        let mut pipe = BufReader::new(File::open(&fifo).expect("somebody writes"));
        let mut line = String::new();
        pipe.read_line(&mut line).expect("the wrapper says so");
        let _ = fs::remove_dir_all(&folder);
        tell.send(pipe).expect("the test listens");
    });
    (server, told)
}

#[track_caller]
fn are_gone(mut pipe: BufReader<File>) {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut rest = Vec::new();
        let _ = pipe.read_to_end(&mut rest);
        tell.send(()).expect("the test listens");
    });
    told.recv_timeout(PATIENCE)
        .expect("every process that was started has ended");
}

/// If a client disconnects in the middle of its run, the run ends and the next one starts.
#[track_caller]
fn check_that_hanging_up_frees_the_queue((server, up): (Server, mpsc::Receiver<BufReader<File>>)) {
    let mut stream = server.connect();
    let request = server.verification(LONG, "asyncio", &Value::Null);
    stream.write_all(request.as_bytes()).expect("it listens");
    let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
    drop(stream);
    are_gone(pipe);
    let reply = server.verify("a: await 1ms\n", "tokio");
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
    assert!(server.leftovers().is_empty());
}

#[test]
fn ctrl_c_while_idle_ends_the_server() {
    let server = Server::start();
    let idle = server.connect();
    server.signal("-INT");
    let output = server.ended();
    assert_eq!(output.status.code(), Some(130));
    drop(idle);
}

#[test]
fn ctrl_c_during_a_run_ends_everybody() {
    for signal in ["-INT", "-TERM"] {
        let (server, up) = watched();
        let mut stream = server.connect();
        let request = server.verification(LONG, "asyncio", &Value::Null);
        stream.write_all(request.as_bytes()).expect("it listens");
        let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
        server.signal(signal);
        are_gone(pipe);
        let folder = server.leftovers();
        let output = server.ended();
        assert_eq!(output.status.code(), Some(130), "{signal}");
        assert!(folder.iter().all(|left| !left.exists()), "{folder:?}");
    }
}

#[test]
fn a_client_that_hangs_up_ends_its_run_and_the_next_one_starts() {
    check_that_hanging_up_frees_the_queue(watched());
}

#[test]
fn who_waits_hears_of_the_end_too() {
    let (server, up) = watched();
    let mut running = server.connect();
    running
        .write_all(
            server
                .verification(LONG, "asyncio", &Value::Null)
                .as_bytes(),
        )
        .expect("it listens");
    let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
    let mut waiting = server.connect();
    waiting
        .write_all(
            server
                .verification("a: await 1ms\n", "tokio", &Value::Null)
                .as_bytes(),
        )
        .expect("it listens");
    let mut first = [0; 12];
    waiting.read_exact(&mut first).expect("an answer begins");
    assert_eq!(&first, b"HTTP/1.1 200");
    server.signal("-INT");
    are_gone(pipe);
    let rest = Reply::read(waiting);
    assert!(!format!("{rest:?}").contains("started"), "{rest:?}");
    assert_eq!(server.ended().status.code(), Some(130));
}

#[test]
fn a_server_that_is_killed_leaves_nobody() {
    let (server, up) = watched();
    let mut stream = server.connect();
    stream
        .write_all(
            server
                .verification(LONG, "asyncio", &Value::Null)
                .as_bytes(),
        )
        .expect("it listens");
    let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
    server.signal("-KILL");
    are_gone(pipe);
}

#[test]
fn a_python_that_hangs_is_said_and_not_waited_for() {
    let (server, _up) = hanging();
    let hello = server.ask("GET /api/hello?nonce=0123456789abcdef", &[], "");
    let asyncio = &hello.json()["runtimes"][0];
    assert_eq!(asyncio["ready"], false, "{asyncio}");
    let missing = asyncio["missing"].as_str().expect("a reason");
    assert!(missing.contains("does not say its version"), "{missing}");
    let remedy = asyncio["remedy"].as_str().expect("a remedy");
    assert!(remedy.contains("LOOPSCOPE_PYTHON"), "{remedy}");
}

#[test]
fn a_client_that_hangs_up_while_python_hangs_frees_the_queue() {
    check_that_hanging_up_frees_the_queue(hanging());
}

#[test]
fn signals_end_a_companion_whose_python_hangs() {
    for signals in [&["-TERM"][..], &["-TERM", "-TERM"], &["-HUP"], &["-INT"]] {
        for asks_hello in [true, false] {
            let (server, up) = hanging();
            let mut stream = server.connect();
            let request = if asks_hello {
                server.request("GET /api/hello?nonce=0123456789abcdef", &[], "")
            } else {
                server.verification(LONG, "asyncio", &Value::Null)
            };
            stream.write_all(request.as_bytes()).expect("it listens");
            let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
            for signal in signals {
                // The first signal may have ended the server already.
                server.try_signal(signal);
            }
            are_gone(pipe);
            let folder = server.folder().to_owned();
            let left = || fs::read_dir(&folder).map_or(0, Iterator::count);
            let output = server.ended_keeping_folder();
            assert_eq!(output.status.code(), Some(130), "{signals:?}");
            assert_eq!(left(), 0, "{signals:?}");
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[test]
fn a_companion_that_is_killed_while_python_hangs_leaves_no_process_and_no_folder() {
    let (server, up) = hanging();
    let mut stream = server.connect();
    let hello = server.request("GET /api/hello?nonce=0123456789abcdef", &[], "");
    stream.write_all(hello.as_bytes()).expect("it listens");
    let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
    server.signal("-KILL");
    are_gone(pipe);
    until("the folders are gone", || server.leftovers().is_empty());
}

/// The folders were once called `loopscope-PID-0` and so on, below a folder that every user may
/// write.
#[test]
fn folders_that_another_user_makes_first_do_not_stop_a_run() {
    let server = Server::start();
    for number in 0..20 {
        let name = format!("loopscope-{}-{number}", server.id());
        fs::create_dir(server.folder().join(name)).expect("a new folder");
    }
    let reply = server.verify("a: await 1ms\n", "tokio");
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
}

/// Covers every runtime; the numbers of files, processes and descriptors must not grow.
#[test]
#[ignore = "takes minutes of real time"]
fn fifty_in_a_row_leave_nothing_behind() {
    let server = Server::start();
    let script = "jobs 1\ndef work: block 5ms\na: send work as h -> wait h\nrun a\n";
    let open = |server: &Server| {
        let folder = format!("/proc/{}/fd", server.id());
        fs::read_dir(folder).expect("this is Linux").count()
    };
    let mut before = None;
    for round in 0..50 {
        let (runtime, script) = match round % 5 {
            0 => ("asyncio", "a: await 5ms -> thread (block 5ms)\n"),
            1 => ("fastapi", "servers 2\na: await 5ms\nrun 3 a\n"),
            2 => ("celery", script),
            3 => ("threads", "a: cpu 5ms\nrun 3 a\n"),
            _ => ("tokio", "a: await 5ms\n"),
        };
        let reply = server.verify(script, runtime);
        assert_eq!(
            reply.events().last().map(String::as_str),
            Some("done"),
            "{reply:?}"
        );
        assert!(server.leftovers().is_empty(), "{:?}", server.leftovers());
        assert_eq!(server.processes(), 0, "round {round}, on {runtime}");
        // After five rounds every runtime has run once, and has opened everything that it keeps.
        if round == 4 {
            before = Some(open(&server));
        }
    }
    // The connection of the last response may still be open.
    assert!(open(&server) <= before.expect("there were rounds") + 1);
}
