//! Every way a run or the server can be over: nobody and nothing stays behind.
//!
//! Python is started by a wrapper that holds a pipe open, as in tests/verify:
//! the pipe ends when the last who was started is gone.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use serde_json::Value;

use crate::support::{PATIENCE, Reply, Server, until};

const LONG: &str = "processes 2\ndef work: block 50s\na: process work\nrun 2 a\n";

/// A server whose Python says when it runs a program.
fn watched() -> (Server, mpsc::Receiver<BufReader<File>>) {
    watched_as(|fifo| {
        format!(
            "case \"$*\" in *main.py*) exec 9>'{fifo}'; echo up >&9;; esac\nexec python3 \"$@\""
        )
    })
}

/// A server whose Python says that it was started, and then nothing for an hour.
fn hanging() -> (Server, mpsc::Receiver<BufReader<File>>) {
    watched_as(|fifo| format!("exec 9>'{fifo}'; echo up >&9\nexec sleep 3600"))
}

/// The Python is a shell script; it holds a pipe open as long as it or a child of it lives.
fn watched_as(
    body: impl FnOnce(std::path::Display<'_>) -> String,
) -> (Server, mpsc::Receiver<BufReader<File>>) {
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

/// A client that hangs up in the middle of its run ends it, and the next run starts.
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
            let request = match asks_hello {
                true => server.request("GET /api/hello?nonce=0123456789abcdef", &[], ""),
                false => server.verification(LONG, "asyncio", &Value::Null),
            };
            stream.write_all(request.as_bytes()).expect("it listens");
            let pipe = up.recv_timeout(PATIENCE).expect("Python is up");
            for signal in signals {
                // The first may have ended it already.
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

/// Names were `loopscope-PID-0` and so on, in a folder where any user may write.
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

/// On every runtime that is there; neither files, nor processes, nor descriptors add up.
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
        if round == 4 {
            before = Some(open(&server));
        }
    }
    // The connection of the last answer may not be closed yet.
    assert!(open(&server) <= before.expect("there were rounds") + 1);
}
