//! Refused requests: foreign hosts and origins, missing tokens, paths outside of the page, and
//! malformed headers.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use sha2::Sha256;

use crate::support::{Reply, Server};

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn c1_only_our_own_names_are_answered() {
    let server = Server::start();
    let port = server.port;
    let with = |host: &str| {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        server.say(request.as_bytes()).status
    };
    assert_eq!(with(&format!("127.0.0.1:{port}")), 200);
    assert_eq!(with(&format!("localhost:{port}")), 200);
    // Other spellings of the loopback address, and names that only contain the right one.
    for host in [
        "evil.example",
        "127.0.0.1",
        "localhost",
        "",
        &format!("evil.example:{port}"),
        &format!("127.0.0.1.evil.example:{port}"),
        &format!("127.0.0.1:{port}.evil.example"),
        &format!("evil@127.0.0.1:{port}"),
        &format!("0.0.0.0:{port}"),
        &format!("127.1:{port}"),
        &format!("127.0.0.2:{port}"),
        &format!("0177.0.0.1:{port}"),
        &format!("0x7f.0.0.1:{port}"),
        &format!("2130706433:{port}"),
        &format!("[::1]:{port}"),
        &format!("[::ffff:127.0.0.1]:{port}"),
        &format!("localhost6:{port}"),
        &format!("localhost.:{port}"),
        &format!("LOCALHOST:{port}"),
        &format!("127.0.0.1.:{port}"),
        &format!("127.0.0.1:{}", port ^ 1),
        &format!("127.0.0.1:0{port}"),
        &format!("127.0.0.1:{port}, evil.example"),
    ] {
        let status = with(host);
        assert!(matches!(status, 400 | 403), "`{host}`: {status}");
    }
    let twice = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n");
    assert_eq!(server.say(twice.as_bytes()).status, 403);
    assert_eq!(
        server
            .say(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            .status,
        403
    );
    assert_eq!(server.say(b"GET / HTTP/1.0\r\n\r\n").status, 403);
    let absolute = format!(
        "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(server.say(absolute.as_bytes()).status, 403);
    server.still_serves();
}

#[test]
fn c2_a_form_or_plain_text_starts_nothing() {
    let server = Server::start();
    let authorization = format!("Bearer {}", server.token);
    let token = ("Authorization", authorization.as_str());
    let body = r#"{"script":"a: await 1ms","runtime":"asyncio"}"#;
    for kind in [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain; application/json",
    ] {
        let reply = server.ask("POST /api/verify", &[token, ("Content-Type", kind)], body);
        assert_eq!(reply.status, 415, "{kind}");
    }
    assert_eq!(server.ask("POST /api/verify", &[token], body).status, 415);
    assert_eq!(server.ask("POST /api/verify", &[JSON], body).status, 401);
    let wrong = (
        "Authorization",
        "Bearer 0000000000000000000000000000000000000000000000000000000000000000",
    );
    assert_eq!(
        server.ask("POST /api/verify", &[JSON, wrong], body).status,
        401
    );
    let cookie = format!("t={0}; token={0}", server.token);
    assert_eq!(
        server
            .ask("POST /api/verify", &[JSON, ("Cookie", &cookie)], body)
            .status,
        401
    );
    let query = format!("POST /api/verify?t={}", server.token);
    assert_eq!(server.ask(&query, &[JSON], body).status, 401);
    assert_eq!(server.ask("GET /api/verify", &[token], "").status, 405);
    // Of two equal headers, another parser might use the other one.
    let plain = ("Content-Type", "text/plain");
    let reply = server.ask("POST /api/verify", &[token, JSON, plain], body);
    assert_eq!(reply.status, 415, "two types");
    let reply = server.ask("POST /api/verify", &[token, wrong, JSON], body);
    assert_eq!(reply.status, 401, "two tokens");
    server.still_serves();
}

#[test]
fn c3_no_connection_becomes_a_web_socket() {
    let server = Server::start();
    let own = format!("http://{}", server.host());
    for origin in [own.as_str(), "http://evil.example", "null"] {
        for path in [
            "/",
            "/api/verify",
            "/api/hello?nonce=0123456789abcdef",
            "/ws",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                server.host()
            );
            let mut stream = server.connect();
            stream.write_all(request.as_bytes()).expect("it listens");
            // The connection stays open until the answer is read: a server need not answer a client
            // that has disconnected.
            let mut status = String::new();
            let read = BufReader::new(stream).read_line(&mut status);
            read.expect("it answers");
            assert!(
                status.starts_with("HTTP/1.1 400 ") || status.starts_with("HTTP/1.1 403 "),
                "{path} {origin}: {status:?}"
            );
        }
    }
    server.still_serves();
}

#[test]
fn c4_nobody_else_may_read_an_answer() {
    let server = Server::start();
    let own = format!("http://{}", server.host());
    for reply in [
        server.ask("GET /", &[], ""),
        server.ask(
            "GET /api/hello?nonce=0123456789abcdef",
            &[("Origin", &own)],
            "",
        ),
        server.ask("GET /", &[("Origin", "http://evil.example")], ""),
        server.ask(
            "OPTIONS /api/verify",
            &[("Origin", "http://evil.example")],
            "",
        ),
        server.ask("OPTIONS /api/verify", &[("Origin", &own)], ""),
    ] {
        assert!(
            !reply.head.to_lowercase().contains("access-control"),
            "{reply:?}"
        );
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn c4_a_page_that_was_named_may_read_and_no_other() {
    let server = Server::with(&["--allow-origin", "https://page.example"], |_| {});
    let from = |origin| [("Origin", origin), ("Sec-Fetch-Site", "cross-site")];
    let preflight = server.ask("OPTIONS /api/verify", &from("https://page.example"), "");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some("https://page.example")
    );
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        Some("authorization, content-type")
    );
    let body = r#"{"script":"a: await 1ms","runtime":"tokio","runs":1}"#;
    let [origin, site] = from("https://page.example");
    assert_eq!(
        server
            .ask("POST /api/verify", &[origin, site, JSON], body)
            .status,
        401
    );
    let bearer = format!("Bearer {}", server.token);
    let reply = server.ask(
        "POST /api/verify",
        &[origin, site, JSON, ("Authorization", &bearer)],
        body,
    );
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
    assert_eq!(reply.header("vary"), Some("Origin"));
    for other in [
        "https://page.example.evil.example",
        "http://page.example",
        "null",
    ] {
        let reply = server.ask("OPTIONS /api/verify", &from(other), "");
        assert_eq!(reply.status, 403, "{other}");
    }
    for pattern in [
        "*",
        "null",
        "https://page.example/path",
        "https://page.example:",
        "https://page.example:0443",
    ] {
        let refused = serve(&["--allow-origin", pattern]).status.code();
        assert_eq!(refused, Some(2), "{pattern}");
    }
}

#[test]
fn c5_a_page_without_an_origin_is_refused() {
    let server = Server::start();
    let reply = server.ask(
        "GET /api/hello?nonce=0123456789abcdef",
        // The origin of sandboxed frames and of local files.
        &[("Origin", "null")],
        "",
    );
    assert_eq!(reply.status, 403);
}

#[test]
fn c6_another_port_of_this_machine_is_another_page() {
    let server = Server::start();
    for (site, status) in [
        ("same-origin", 200),
        ("none", 200),
        ("same-site", 403),
        ("cross-site", 403),
        ("", 403),
    ] {
        let reply = server.ask("GET /", &[("Sec-Fetch-Site", site)], "");
        assert_eq!(reply.status, status, "{site}");
    }
    // Another port of the same machine: same site, other origin.
    let neighbour = format!("http://127.0.0.1:{}", server.port ^ 1);
    assert_eq!(
        server.ask("GET /", &[("Origin", &neighbour)], "").status,
        403
    );
    // A page under a rebound host name sends no Sec-Fetch headers at all. Still no run starts
    // without the token.
    assert_eq!(server.ask("POST /api/verify", &[JSON], "{}").status, 401);
}

#[test]
fn c7_nobody_else_on_the_network_reaches_it() {
    let server = Server::start();
    // On Linux all of 127.0.0.0/8 is this machine, but the server listens on one address only.
    assert!(TcpStream::connect(("127.0.0.2", server.port)).is_err());
    for arguments in [
        &["--host", "192.0.2.1"][..],
        &["--host", "0.0.0.0"],
        &["--host", "0.0.0.0", "--i-understand"],
    ] {
        assert_eq!(serve(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_the_remedy() {
    let server = Server::start();
    let output = serve(&["--port", &server.port.to_string()]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    let words = format!("port {} of 127.0.0.1 is in use", server.port);
    assert!(
        errors.contains(&words) && errors.contains("--port"),
        "{errors}"
    );
    server.still_serves();
}

/// Runs a `serve` that is expected to exit at once.
fn serve(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.arg("serve").args(arguments);
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command.output().expect("the program starts")
}

#[test]
fn c8_no_bytes_in_a_header_break_the_server() {
    let server = Server::start();
    let bytes = || proptest::collection::vec(any::<u8>(), 0..60);
    let names = prop_oneof![
        Just("Host"),
        Just("Origin"),
        Just("Sec-Fetch-Site"),
        Just("Authorization"),
        Just("Content-Type"),
        Just("X")
    ];
    let mut runner = TestRunner::new(ProptestConfig::with_cases(200));
    let judged = runner.run(&(names, bytes(), bytes()), |(name, value, line)| {
        let mut request =
            format!("POST /api/verify HTTP/1.1\r\nConnection: close\r\n{name}: ").into_bytes();
        request.extend(value);
        request.extend(b"\r\n");
        request.extend(line);
        request.extend(b"\r\n\r\n");
        let mut stream = server.connect();
        let _ = stream.write_all(&request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let reply = Reply::read(stream);
        prop_assert!(
            reply.status == 0 || (400..500).contains(&reply.status),
            "{reply:?}"
        );
        Ok(())
    });
    judged.expect("every answer is a refusal");
    server.still_serves();
}

#[test]
fn c9_the_token_is_said_for_a_code_and_never_again() {
    let server = Server::start();
    let token = server.token.clone();
    assert_eq!(token.len(), 64);
    let replies = [
        server.ask("GET /", &[], ""),
        server.ask("GET /api/hello?nonce=0123456789abcdef", &[], ""),
        server.ask(&format!("GET /?t={token}"), &[], ""),
        server.verify("a: await 1ms", "tokio"),
        server.verify("a: awiat", "tokio"),
    ];
    for reply in &replies {
        assert!(!format!("{reply:?}").contains(&token), "{reply:?}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    }
    assert_ne!(Server::start().token, token, "every process has its own");
    server.signal("-INT");
    let output = server.ended();
    assert!(!String::from_utf8_lossy(&output.stderr).contains(&token));
    assert!(!String::from_utf8_lossy(&output.stdout).contains(&token));
}

#[test]
fn c10_texts_of_a_script_are_texts() {
    let server = Server::start();
    let file = server.folder().join("broken-out");
    let shell = format!("$(touch {0})`touch {0}`'; touch {0} #", file.display());
    let python = format!("'); open('{0}', 'w'); print('", file.display());
    let script = format!(
        "class: await 1ms \"{shell}\"\n__import__: print \"{python}\"\nexec: fail \"\\\\{python}\"\nrun class, __import__, exec\n"
    );
    let reply = server.verify(&script, "asyncio");
    assert_eq!(
        reply.events().last().map(String::as_str),
        Some("done"),
        "{reply:?}"
    );
    assert!(!file.exists());
    for field in ["python", "path", "command", "limit"] {
        let more = serde_json::json!({ field: "/bin/sh" });
        let reply = server.say(
            server
                .verification("a: await 1ms", "asyncio", &more)
                .as_bytes(),
        );
        assert_eq!(
            (reply.status, &reply.json()["error"]["code"]),
            (400, &Value::from("bad_request"))
        );
    }
}

#[test]
fn c12_nothing_can_be_framed() {
    let server = Server::start();
    for path in ["/", "/api/hello?nonce=0123456789abcdef", "/nothing"] {
        let reply = server.ask(&format!("GET {path}"), &[], "");
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(reply.header("x-frame-options"), Some("DENY"));
        assert_eq!(
            reply.header("cross-origin-opener-policy"),
            None,
            "Perfetto is opened from here"
        );
    }
}

#[test]
fn the_page_may_ask_only_the_companion_that_serves_it() {
    let server = Server::start();
    let reply = server.ask("GET /", &[], "");
    let policy = reply.header("content-security-policy").expect("a policy");
    assert!(policy.contains("connect-src 'self';"), "{policy}");
}

#[test]
fn c13_no_path_leads_to_a_file_of_the_machine() {
    let server = Server::start();
    for path in [
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/Cargo.toml",
        "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "//etc/passwd",
        "/etc/passwd",
        "/./index.html",
        "/index.html/",
        "/index.html%00.js",
        "/%69ndex.html",
        "/..\\Cargo.toml",
        "/..;/Cargo.toml",
        "/@fs/etc/passwd",
        "/file:///etc/passwd",
        "/api/../index.html",
        "/api",
        "/api/",
        "/api/verify/",
    ] {
        let reply = server.ask(&format!("GET {path}"), &[], "");
        assert!(matches!(reply.status, 400 | 404), "{path}: {reply:?}");
        assert!(!reply.body.contains("root:"), "{path}");
    }
    assert_eq!(server.ask("GET /index.html", &[], "").status, 200);
    let head = server.ask("HEAD /", &[], "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"] {
        let status = server.ask(&format!("{method} /"), &[], "").status;
        assert!(matches!(status, 400 | 403 | 405), "{method}: {status}");
    }
}

#[test]
fn c14_only_who_knows_the_token_can_prove_it() {
    let server = Server::start();
    let nonce = "q8r7Zt-6_Abc0123456789";
    let reply = server.ask(&format!("GET /api/hello?nonce={nonce}"), &[], "");
    // The proof is the HMAC of the nonce with the token as its key.
    let mut mac = Hmac::<Sha256>::new_from_slice(server.token.as_bytes()).expect("any key");
    mac.update(nonce.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let proof: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(reply.json()["proof"], proof);
    for query in [
        "",
        "?nonce=",
        "?nonce=short",
        "?nonce=with%20space0123456789",
        "?other=0123456789abcdef",
    ] {
        assert_eq!(
            server
                .ask(&format!("GET /api/hello{query}"), &[], "")
                .status,
            400,
            "{query}"
        );
    }
}

#[test]
fn c15_texts_come_back_as_json_and_nothing_else() {
    let server = Server::start();
    let script = "a: await 1ms \"<img src=x onerror=alert(1)>\" -> print \"</script><script>alert(1)</script>\"\n";
    for reply in [
        server.verify(script, "asyncio"),
        server.verify("a: <img>", "asyncio"),
        server.ask("GET /<img src=x>", &[], ""),
    ] {
        let kind = reply.header("content-type").unwrap_or_default();
        assert!(
            matches!(kind, "application/json" | "application/x-ndjson" | ""),
            "{reply:?}"
        );
        assert_eq!(
            reply.header("x-content-type-options").is_some(),
            !kind.is_empty()
        );
    }
}
