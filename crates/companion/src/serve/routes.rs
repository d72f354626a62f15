//! The paths of the server and their handlers.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::admission::{BODY_MAX, admit, parse_object};
use super::answer::{self, ErrorAnswer, HttpAnswer};
use super::codes::CodeError;
use super::connections::Connection;
use super::guard::{Visitor, only_value};
use super::hello::{hello_json, is_nonce};
use super::{Service, answer::readable_by};
use texts::Language;

/// The time limit for reading the whole body of a request.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request for the token. `{"code":"…"}` has 43.
const CODE_BODY_MAX: usize = 1024;

/// Responds to a request, after the guard's checks.
pub(super) async fn answer_request(
    service: Arc<Service>,
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> HttpAnswer {
    let visitor = match service.allowed.judge(request.uri(), request.headers()) {
        Ok(visitor) => visitor,
        Err(refused) => return answer::refused_answer(refused),
    };
    let answer = route_request(service, connection, request, &visitor).await;
    readable_by(answer, &visitor)
}

async fn route_request(
    service: Arc<Service>,
    connection: Arc<Connection>,
    request: Request<Incoming>,
    visitor: &Visitor,
) -> HttpAnswer {
    let path = request.uri().path();
    // Browsers send a preflight only for requests to another origin.
    let is_preflight = request.method() == Method::OPTIONS && *visitor != Visitor::Local;
    match (path, request.method()) {
        ("/api/hello" | "/api/token" | "/api/verify", _) if is_preflight => {
            answer::preflight_answer()
        }
        ("/api/hello", &Method::GET) => {
            answer_hello(service, request.uri().query().unwrap_or("")).await
        }
        ("/api/hello", _) => answer::wrong_method("GET"),
        ("/api/token", &Method::POST) => exchange_code(service, request)
            .await
            .unwrap_or_else(|refusal| answer::refusal_answer(&refusal)),
        ("/api/verify", &Method::POST) => start_verification(service, &connection, request)
            .await
            .unwrap_or_else(|refusal| answer::refusal_answer(&refusal)),
        ("/api/token" | "/api/verify", _) => answer::wrong_method("POST"),
        (path, &Method::GET | &Method::HEAD) => service.page.answer(path).unwrap_or_else(|| {
            answer::refusal_answer(&ErrorAnswer::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "there is nothing here",
            ))
        }),
        _ => answer::wrong_method("GET"),
    }
}

async fn answer_hello(service: Arc<Service>, query: &str) -> HttpAnswer {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let Some(nonce) = value("nonce").filter(|nonce| is_nonce(nonce)) else {
        return answer::refusal_answer(&ErrorAnswer::new(
            StatusCode::BAD_REQUEST,
            "nonce",
            "write `?nonce=` and 16 to 128 letters, digits, `-` or `_`",
        ));
    };
    let language = value("lang")
        .and_then(Language::from_tag)
        .unwrap_or_default();
    let Some(runtimes) = service.runtimes.say(language).await else {
        return broken_connection();
    };
    // After the search for runtimes, which takes time: the code may have expired meanwhile.
    match service.codes.proof(nonce, Instant::now()) {
        Ok(code_proof) => {
            let proof = service.token.proof(nonce);
            answer::json_answer(StatusCode::OK, &hello_json(proof, code_proof, runtimes))
        }
        Err(_) => broken_connection(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeExchange {
    code: String,
}

#[derive(Serialize)]
struct TokenAnswer {
    token: String,
}

/// Exchanges the code of the address that was printed last for the token.
async fn exchange_code(
    service: Arc<Service>,
    request: Request<Incoming>,
) -> Result<HttpAnswer, ErrorAnswer> {
    must_be_json(request.headers())?;
    let body = read_body(request.into_body(), CODE_BODY_MAX).await?;
    let CodeExchange { code } = parse_object(&body)?;
    match service.codes.redeem(&code, Instant::now()) {
        Ok(Ok(())) => {
            let token = service.token.to_string();
            Ok(answer::json_answer(StatusCode::OK, &TokenAnswer { token }))
        }
        Ok(Err(CodeError::Wrong)) => Err(ErrorAnswer::new(
            StatusCode::UNAUTHORIZED,
            "code",
            "this address was used already, or is older than ten minutes; open the one that `loopscope serve` printed last",
        )),
        Ok(Err(CodeError::TooMany)) => Err(ErrorAnswer::new(
            StatusCode::TOO_MANY_REQUESTS,
            "guesses",
            "too many wrong codes; ask again in a minute",
        )),
        Err(_) => Err(ErrorAnswer::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "broken",
            BROKEN,
        )),
    }
}

/// Requires one `Content-Type: application/json`. Forms of other sites cannot send it, and two
/// such headers would be ambiguous.
fn must_be_json(headers: &HeaderMap) -> Result<(), ErrorAnswer> {
    let is_json = |value: &HeaderValue| {
        let mut parts = value.as_bytes().split(|&byte| byte == b';');
        let kind = parts.next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
    };
    if only_value(headers, CONTENT_TYPE)
        .flatten()
        .is_some_and(is_json)
    {
        Ok(())
    } else {
        Err(ErrorAnswer::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_type",
            "write `Content-Type: application/json`, once",
        ))
    }
}

/// Starts a run. Checks the type and the token before it reads the body, so that a client without
/// the token cannot make the server read.
async fn start_verification(
    service: Arc<Service>,
    connection: &Arc<Connection>,
    request: Request<Incoming>,
) -> Result<HttpAnswer, ErrorAnswer> {
    let headers = request.headers();
    must_be_json(headers)?;
    let authorization = only_value(headers, AUTHORIZATION).flatten();
    if !authorization.is_some_and(|value| service.token.is_in(value.as_bytes())) {
        return Err(ErrorAnswer::new(
            StatusCode::UNAUTHORIZED,
            "token",
            "open the address that `loopscope serve` printed last; its code is exchanged for the token",
        ));
    }
    let held = connection.hold();
    let body = read_body(request.into_body(), BODY_MAX).await?;
    // `admit` simulates the script, which would block all connections meanwhile.
    let job = spawn_blocking(move || admit(&body)).await;
    let job =
        job.map_err(|_| ErrorAnswer::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", BROKEN))??;
    let lines = service.jobs.enter(job).ok_or_else(|| {
        ErrorAnswer::new(
            StatusCode::TOO_MANY_REQUESTS,
            "busy",
            "too many wait already; ask again later",
        )
    })?;
    Ok(answer::line_stream(lines, held))
}

/// Reads the body within the limits of size and time.
async fn read_body(body: Incoming, most: usize) -> Result<Vec<u8>, ErrorAnswer> {
    let too_large = || {
        let message = format!("at most {most} bytes are read");
        ErrorAnswer::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &message)
    };
    // From Content-Length, so a large body is refused before it is sent.
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let all = timeout(BODY_PATIENCE, collect_body(body, most)).await;
    match all {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(too_large()),
        Err(_) => Err(ErrorAnswer::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow",
            "the request took too long",
        )),
    }
}

/// `None` if the body is too large. A body that ends early is returned as it is, because it
/// fails as JSON later.
async fn collect_body(mut body: Incoming, most: usize) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let data: Bytes = frame.into_data().unwrap_or_default();
        if all.len() + data.len() > most {
            return None;
        }
        all.extend_from_slice(&data);
    }
    Some(all)
}

const BROKEN: &str = "the companion itself broke down over this request";

fn broken_connection() -> HttpAnswer {
    answer::refusal_answer(&ErrorAnswer::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "broken",
        BROKEN,
    ))
}
