//! Requests and bodies that are made to be misread.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::Value;

use crate::support::Server;

/// Sends these bytes, closes the sending side, and returns everything that the server sends.
///
/// The server takes a closed sending side for a client that left, and may answer less.
fn said(server: &Server, request: &str) -> String {
    let mut stream = server.connect();
    // A server that refuses a request may close the connection before it has read everything.
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    everything(stream)
}

/// What the server sends until it closes the connection.
fn everything(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn answers(said: &str) -> usize {
    said.matches("HTTP/1.1 ").count()
}

#[test]
fn c8_no_body_is_taken_for_a_second_request() {
    let server = Server::start();
    let host = server.host();
    let second = format!("GET /index.html HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let length = second.len();
    for (claims, body) in [
        (format!("Content-Length: {length}"), second.clone()),
        (format!("Content-Length: 0, {length}"), second.clone()),
        (
            format!("Content-Length: 0\r\nContent-Length: {length}"),
            second.clone(),
        ),
        (format!("Content-Length: +{length}"), second.clone()),
        ("Content-Length: -1".to_owned(), second.clone()),
        (
            "Content-Length: 18446744073709551616".to_owned(),
            second.clone(),
        ),
        (format!("Content-Length : {length}"), second.clone()),
        ("Transfer-Encoding: xchunked".to_owned(), second.clone()),
        (
            "Transfer-Encoding: chunked, identity".to_owned(),
            second.clone(),
        ),
        (
            "Transfer-Encoding: identity, chunked".to_owned(),
            format!("{length:x}\r\n{second}\r\n0\r\n\r\n"),
        ),
        (
            "Transfer-Encoding: chunked".to_owned(),
            format!("{length:x};a=b\r\n{second}\r\n0\r\n\r\n"),
        ),
        (
            "Transfer-Encoding: chunked".to_owned(),
            format!("ffffffffffffffff1\r\n{second}"),
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 4".to_owned(),
            format!("{length:x}\r\n{second}\r\n0\r\n\r\n"),
        ),
        (
            "Content-Length: 4\r\nTransfer-Encoding : chunked".to_owned(),
            format!("{length:x}\r\n{second}"),
        ),
        (
            "X: y\r\n Transfer-Encoding: chunked".to_owned(),
            second.clone(),
        ),
    ] {
        let first = format!(
            "POST /api/verify HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{claims}\r\n\r\n{body}"
        );
        let said = said(&server, &first);
        // A second answer would mean that the body was parsed as a request: request smuggling.
        assert!(answers(&said) <= 1, "{claims}: {said}");
        assert!(!said.contains("200 OK"), "{claims}: {said}");
    }
    server.still_serves();
}

#[test]
fn c8_fifty_requests_in_one_go_get_fifty_answers() {
    let server = Server::start();
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\n", server.host());
    let fifty = format!("{request}\r\n").repeat(49) + &request + "Connection: close\r\n\r\n";
    let mut stream = server.connect();
    stream.write_all(fifty.as_bytes()).unwrap();
    assert_eq!(answers(&everything(stream)), 50);
}

#[test]
fn c8_bodies_that_are_no_request_are_refused() {
    let server = Server::start();
    let with =
        |field: &str| format!(r#"{{"script":"a: await 1ms","runtime":"tokio","runs":1,{field}}}"#);
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[".repeat(100_000),
        r#"["a: await 1ms","tokio",1,1,5,"en"]"#.to_owned(),
        format!("\u{feff}{}", with(r#""scale":1"#)),
        with(r#""scale":NaN"#),
        with(r#""scale":1e999"#),
        with(r#""scale":-1"#),
        with(r#""scale":"1""#),
        with(&format!(r#""scale":{}"#, "9".repeat(200_000))),
        with(r#""runs":2"#),
        with(r#""tolerance":[]"#),
        with(r#""lang":"\ud800""#),
        with(r#""lang":"xx""#),
        with(r#""argv":["id"]"#),
        r#"{"script":"a: await 1ms","runtime":"asyncio; id"}"#.to_owned(),
        r#"{"script":"a: await 1ms","runtime":"../tokio"}"#.to_owned(),
        r#"{"script":["a: await 1ms"],"runtime":"tokio"}"#.to_owned(),
        format!("{} {}", with(r#""scale":1"#), with(r#""scale":1"#)),
    ];
    let bearer = format!("Bearer {}", server.token);
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    for body in bodies {
        let reply = server.ask("POST /api/verify", &headers, &body);
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.status, 400, "{shown}: {reply:?}");
    }
    server.still_serves();
}

#[test]
fn c2_nothing_but_the_token_in_its_one_header_is_the_token() {
    let server = Server::start();
    let token = &server.token;
    let body = r#"{"script":"a: await 1ms","runtime":"tokio"}"#;
    for wrong in [
        token.clone(),
        format!("bearer {token}"),
        format!("Bearer  {token}"),
        format!("Bearer {token}0"),
        format!("Bearer {}", &token[1..]),
        format!(
            "Bearer {}",
            token
                // Differs from the token even if that has no letters.
                .to_uppercase()
                .replace(|digit: char| digit.is_ascii_digit(), "A")
        ),
        format!("Basic {token}"),
        format!("Bearer {token}, Bearer {token}"),
        "Bearer null".to_owned(),
    ] {
        let headers = [
            ("Authorization", wrong.as_str()),
            ("Content-Type", "application/json"),
        ];
        let status = server.ask("POST /api/verify", &headers, body).status;
        assert_eq!(status, 401, "{wrong}");
    }
}

/// One run is active and 32 wait; further requests get status 429. When the clients disconnect, all
/// places are free again.
#[test]
fn c11_the_queue_is_bounded_and_free_again_when_its_clients_hang_up() {
    let server = Server::start();
    let request = server.verification("a: await 50s\n", "tokio", &Value::Null);
    let begun = |stream: &mut TcpStream| {
        let mut begin = [0; 12];
        stream.read_exact(&mut begin).expect("an answer begins");
        begin
    };
    let mut inside = Vec::new();
    for _ in 0..33 {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).expect("it listens");
        assert_eq!(&begun(&mut stream), b"HTTP/1.1 200");
        inside.push(stream);
    }
    for _ in 0..8 {
        let reply = server.say(request.as_bytes());
        assert_eq!(reply.status, 429, "{reply:?}");
        assert!(reply.header("retry-after").is_some());
    }
    drop(inside);
    // The server notices the disconnections one by one, so the first tries may still get 429.
    let mut reply = server.verify("a: await 1ms\n", "tokio");
    while reply.status == 429 {
        reply = server.verify("a: await 1ms\n", "tokio");
    }
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
    assert!(server.leftovers().is_empty());
}
