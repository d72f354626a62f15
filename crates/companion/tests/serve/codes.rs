//! The one-time codes in the printed addresses, which the page exchanges for the token.

use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn a_printed_address_works_once_and_the_next_one_is_printed() {
    let mut server = Server::start();
    let next = server.next_code();
    let reply = server.exchange(&next);
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, Some("no-store"))
    );
    assert_eq!(reply.json()["token"], server.token.as_str());
    let again = server.exchange(&next);
    assert_eq!(
        (again.status, &again.json()["error"]["code"]),
        (401, &"code".into())
    );
    // Using a code makes the server print an address with a new one.
    let another = server.next_code();
    assert_ne!(another, next);
    assert_eq!(server.exchange(&another).status, 200);
}

/// The browser's history contains the printed address, which must be worthless to its next reader.
#[test]
fn no_printed_address_holds_the_token() {
    let mut server = Server::start();
    let codes = [server.next_code(), server.token.clone()];
    assert!(!codes[0].contains(&codes[1][..16]) && !codes[1].contains(&codes[0]));
    assert_eq!(codes[0].len(), 32);
    let output = {
        server.signal("-INT");
        server.ended()
    };
    for said in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(said).contains(&codes[1]));
    }
}

#[test]
fn a_code_is_guessed_ten_times_a_minute_and_no_more() {
    let mut server = Server::start();
    for _ in 0..10 {
        let reply = server.exchange("0123456789abcdef0123456789abcdef");
        assert_eq!(reply.status, 401, "{reply:?}");
    }
    let right = server.next_code();
    let reply = server.exchange(&right);
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (429, &"guesses".into())
    );
    assert!(reply.header("retry-after").is_some());
    // The limit on wrong codes does not apply to requests with the token.
    assert_eq!(server.verify("a: await 1ms\n", "tokio").status, 200);
}

#[test]
fn a_page_elsewhere_and_what_is_no_json_get_no_token() {
    let mut server = Server::start();
    let code = server.next_code();
    let body = serde_json::json!({ "code": code }).to_string();
    let evil = ("Origin", "http://evil.example");
    assert_eq!(
        server.ask("POST /api/token", &[JSON, evil], &body).status,
        403
    );
    let site = ("Sec-Fetch-Site", "same-site");
    assert_eq!(
        server.ask("POST /api/token", &[JSON, site], &body).status,
        403
    );
    let plain = ("Content-Type", "text/plain");
    assert_eq!(server.ask("POST /api/token", &[plain], &body).status, 415);
    assert_eq!(
        server.ask("POST /api/token", &[JSON, plain], &body).status,
        415
    );
    assert_eq!(
        server
            .ask(&format!("GET /api/token?code={code}"), &[], "")
            .status,
        405
    );
    for wrong in [
        "",
        "{}",
        "[\"0\"]",
        "{\"code\":1}",
        "{\"code\":\"0\",\"and\":1}",
    ] {
        let reply = server.ask("POST /api/token", &[JSON], wrong);
        assert_eq!(reply.status, 400, "{wrong}: {reply:?}");
    }
    let large = serde_json::json!({ "code": "0".repeat(2_000) }).to_string();
    assert_eq!(server.ask("POST /api/token", &[JSON], &large).status, 413);
    assert_eq!(
        server.exchange(&code).status,
        200,
        "none of these used it up"
    );
}
