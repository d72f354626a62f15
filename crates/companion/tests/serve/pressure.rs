//! Many clients, slow clients, and clients that do not read: none of them delays a well-behaved
//! client.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Reply, Server, until};

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn c11_what_is_too_much_is_refused_before_it_is_expanded() {
    let server = Server::start();
    // The first is beyond the limit of the language, the second beyond that of real runs.
    assert_eq!(
        server
            .verify("a: await 1ms\nrun 1000000000 a", "asyncio")
            .status,
        422
    );
    let reply = server.verify("a: await 1ms\nrun 20000 a", "asyncio");
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (422, &Value::from("too_much"))
    );
    let bearer = format!("Bearer {}", server.token);
    let headers = [("Authorization", bearer.as_str()), JSON];
    let large = " ".repeat(300_000);
    assert_eq!(server.ask("POST /api/verify", &headers, &large).status, 413);
    // The length of a chunked body is not known in advance.
    let mut request = server.request(
        "POST /api/verify",
        &[headers[0], headers[1], ("Transfer-Encoding", "chunked")],
        "",
    );
    for _ in 0..5 {
        request.push_str(&format!("{:x}\r\n{}\r\n", 100_000, " ".repeat(100_000)));
    }
    // 0: the server may close the connection before its answer is read.
    assert!(matches!(server.say(request.as_bytes()).status, 413 | 0));
    let head = format!(
        "GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n",
        server.host(),
        "x".repeat(40_000)
    );
    assert!(matches!(server.say(head.as_bytes()).status, 431 | 400 | 0));
    server.still_serves();
}

#[test]
fn c11_a_slow_client_is_not_waited_for() {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.token);
    let mut silent = server.connect();
    let mut head = server.connect();
    head.write_all(b"GET / HTTP/1.1\r\nHost: 127.")
        .expect("it listens");
    let mut body = server.connect();
    let request = server.request(
        "POST /api/verify",
        &[("Authorization", &bearer), JSON, ("Content-Length", "100")],
        "",
    );
    body.write_all((request + "{").as_bytes())
        .expect("it listens");
    server.still_serves();
    for stream in [&mut silent, &mut head] {
        let mut rest = Vec::new();
        stream
            .read_to_end(&mut rest)
            .expect("it is closed before our own patience ends");
        assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    }
    assert_eq!(Reply::read(body).status, 408);
    server.still_serves();
}

/// A client that requests far more than the few megabytes of the socket buffers, and reads nothing.
fn deaf(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.host());
    stream.set_nonblocking(true).expect("a socket");
    // The write ends early, since the server has stopped reading.
    let _ = stream.write_all(request.repeat(40_000).as_bytes());
    stream
}

/// The server once kept 200 of them for ever, each with its pending responses.
#[test]
fn c11_clients_that_read_nothing_are_hung_up_on() {
    let server = Server::start();
    let clients: Vec<TcpStream> = (0..20).map(|_| deaf(&server)).collect();
    server.still_serves();
    until("all of them are hung up on", || {
        clients.iter().all(is_hung_up_on)
    });
    server.still_serves();
}

/// Checks without reading: the system reports a connection that was closed with unread data.
fn is_hung_up_on(stream: &TcpStream) -> bool {
    let mut stream = stream;
    stream.take_error().is_ok_and(|error| error.is_some())
        || stream
            .write(b"x")
            .is_err_and(|error| error.kind() != ErrorKind::WouldBlock)
}

fn is_open(stream: &TcpStream) -> bool {
    let mut stream = stream;
    stream.set_nonblocking(true).expect("a socket");
    let read = stream.read(&mut [0]);
    read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// The server reserves 64 descriptors for everything else, so 16 connections remain.
const DESCRIPTORS: u32 = 80;
const CONNECTIONS: usize = 16;

#[test]
fn c11_a_good_client_gets_the_place_of_the_slowest_one() {
    let server = Server::with_descriptors(DESCRIPTORS);
    let slow: Vec<TcpStream> = (0..CONNECTIONS)
        .map(|_| {
            let mut stream = server.connect();
            stream
                .write_all(b"GET / HTTP/1.1\r\nHo")
                .expect("it listens");
            stream
        })
        .collect();
    server.still_serves();
    until("the first is closed", || !is_open(&slow[0]));
    assert!(
        slow[1..].iter().all(is_open),
        "only one had to go: no time limit has passed"
    );
    server.still_serves();
}

/// A run in progress is not ended by later clients, however many there are.
#[test]
fn c11_many_clients_do_not_push_out_a_run() {
    let server = Server::with_descriptors(DESCRIPTORS);
    let more = Value::Null;
    let request = server.verification("a: await 1500ms\n", "tokio", &more);
    let mut run = server.connect();
    run.write_all(request.as_bytes()).expect("it listens");
    let mut begin = [0; 12];
    run.read_exact(&mut begin).expect("an answer begins");
    let others: Vec<TcpStream> = (0..3 * CONNECTIONS).map(|_| server.connect()).collect();
    server.still_serves();
    let reply = Reply::read(run);
    let all = format!("{}{}", reply.head, reply.body);
    assert!(all.contains("\"event\":\"done\""), "{reply:?}");
    drop(others);
}

#[test]
fn c11_a_run_has_descriptors_left_when_clients_have_all_the_others() {
    let server = Server::with_descriptors(DESCRIPTORS);
    let clients: Vec<TcpStream> = (0..2 * CONNECTIONS).map(|_| server.connect()).collect();
    let reply = server.verify("a: await 1ms\n", "asyncio");
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
    drop(clients);
}

/// The program once said that Python was missing, with the command to install it.
#[test]
fn without_descriptors_the_reason_is_said_and_not_that_python_is_missing() {
    let folder = std::env::temp_dir().join(format!("loopscope-few-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a new folder");
    let script = folder.join("a.loop");
    std::fs::write(&script, "a: await 1ms\n").expect("a file can be written");
    let output = Command::new("sh")
        // Too few for the pipes to Python.
        .args(["-c", "ulimit -n 6; exec \"$0\" verify \"$1\" --on asyncio"])
        .arg(env!("CARGO_BIN_EXE_loopscope"))
        .arg(&script)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .expect("sh starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("Too many open files") && errors.contains("ulimit -n"),
        "{errors}"
    );
    assert!(!errors.contains("apt-get"), "{errors}");
    let _ = std::fs::remove_dir_all(&folder);
}

/// The numbers of a security review: two thousand silent clients, replaced as the server closes
/// them.
#[test]
#[ignore = "opens thousands of connections"]
fn c11_two_thousand_slow_clients_do_not_delay_a_good_one() {
    let server = Server::start();
    let mut slow: Vec<TcpStream> = (0..2_500).map(|_| server.connect()).collect();
    for round in 0..20 {
        server.still_serves();
        slow.truncate(2_000);
        slow.extend((0..500).map(|_| server.connect()));
        assert!(slow.iter().rev().take(100).all(is_open), "round {round}");
    }
}
