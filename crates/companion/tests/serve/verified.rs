//! Successful and failed runs, and the stream of events that reports them.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Reply, Server};

const SCRIPT: &str = "make_pasta: cpu 20ms -> await 50ms\nmake_toast: cpu 60ms\n";

#[track_caller]
fn done(reply: &Reply) -> Value {
    let lines = reply.lines();
    let last = lines.last().expect("a last line");
    assert_eq!(last["event"], "done", "{reply:?}");
    last.clone()
}

#[test]
fn a_run_is_told_line_by_line() {
    let server = Server::start();
    let reply = server.say(
        server
            .verification(SCRIPT, "asyncio", &json!({ "runs": 2 }))
            .as_bytes(),
    );
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(
        reply.events(),
        ["queued", "started", "progress", "progress", "done"]
    );
    let lines = reply.lines();
    assert_eq!(lines[0], json!({ "event": "queued", "ahead": 0 }));
    assert_eq!(
        lines[1],
        // Both computations share the loop, and the await is over before they are: 20 ms + 60 ms.
        json!({ "event": "started", "runs": 2, "run_ns": 80_000_000 })
    );
    assert_eq!(
        lines[3],
        json!({ "event": "progress", "run": 2, "runs": 2 })
    );
    let done = done(&reply);
    assert_eq!(done["report"]["schema"], "loopscope.verification/1");
    assert_eq!(done["report"]["tasks"][0]["name"], "make_pasta");
    assert!(server.leftovers().is_empty());
}

/// The format that the page reads: base64url of the columns of `model::trace::codec`.
#[test]
fn both_traces_come_along() {
    let server = Server::start();
    let done = done(&server.verify(SCRIPT, "asyncio"));
    for name in ["predicted", "measured"] {
        let text = done[name].as_str().expect("a text");
        let bytes = formats::link::base64_decode(text).expect("base64url");
        let trace = model::trace::codec::decode(&bytes).expect("a trace");
        assert_eq!(trace.instances.len(), 2, "{name}");
        let total = &done["report"]["total"][format!("{name}_ns")];
        assert_eq!(Some(trace.end.as_nanos()), total.as_u64(), "{name}");
    }
}

#[test]
fn what_cannot_run_says_why() {
    let server = Server::with(&[], |command| {
        command
            .env("LOOPSCOPE_PYTHON", "/nowhere/python3")
            .env("LOOPSCOPE_DATA", "/nowhere");
        command.env("LOOPSCOPE_REDIS", "/nowhere/redis-server");
    });
    let reply = server.verify(SCRIPT, "asyncio");
    let lines = reply.lines();
    let last = lines.last().expect("a line");
    assert_eq!(
        (&last["event"], &last["code"]),
        (&json!("failed"), &json!("missing")),
        "{last}"
    );
    assert!(
        last["remedy"]
            .as_str()
            .is_some_and(|remedy| remedy.contains("python3")),
        "{last}"
    );
    let reply = server.verify("b: await 1ms\na: gather 2 b\nrun a\n", "threads");
    assert_eq!(reply.lines().last().expect("a line")["code"], "unsupported");
    let hello = server
        .ask("GET /api/hello?nonce=0123456789abcdef&lang=ko", &[], "")
        .json();
    let ready = |name: &str| {
        let runtimes = hello["runtimes"].as_array().expect("a list");
        let runtime = runtimes
            .iter()
            .find(|runtime| runtime["name"] == name)
            .expect(name);
        (
            runtime["ready"] == true,
            runtime["remedy"].as_str().unwrap_or_default().to_owned(),
        )
    };
    assert!(ready("asyncio").1.contains("python3"));
    assert!(ready("fastapi").1.contains("loopscope setup python"));
    assert!(ready("celery").1.contains("redis-server"));
    let runtimes = hello["runtimes"].as_array().expect("a list");
    let said = runtimes
        .iter()
        .filter_map(|runtime| runtime["missing"].as_str());
    assert!(
        said.clone().count() == 3 && said.into_iter().all(|text| text.contains("습니다")),
        "{hello:#}"
    );
    assert!(ready("threads").0 && ready("tokio").0);
}

#[test]
fn a_script_with_errors_is_refused_in_the_language_asked_for() {
    let server = Server::start();
    let ask = |lang: &str| {
        let request = server.verification("a: awiat 1", "asyncio", &json!({ "lang": lang }));
        server.say(request.as_bytes())
    };
    let (english, korean) = (ask("en"), ask("ko"));
    assert_eq!((english.status, korean.status), (422, 422));
    assert_eq!(english.json()["error"]["code"], "invalid_script");
    assert_ne!(
        english.json()["error"]["message"],
        korean.json()["error"]["message"]
    );
    assert_eq!(ask("fr").status, 400);
}

#[test]
fn twenty_at_once_have_their_turn() {
    let server = Server::start();
    let replies: Vec<Reply> = thread::scope(|scope| {
        let clients: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| server.verify("a: await 10ms\n", "tokio")))
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("no client panics"))
            .collect()
    });
    for reply in &replies {
        done(reply);
    }
    server.still_serves();
    assert!(server.leftovers().is_empty());
}
