//! What is answered where.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::admission::{BODY_MAX, admit};
use super::answer::{self, Answer, Refusal};
use super::guard::Visitor;
use super::hello::{hello, is_nonce};
use super::{Service, answer::readable_by};
use crate::language::Language;

/// For the whole body of a request.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn answer(service: Arc<Service>, request: Request<Incoming>) -> Answer {
    let visitor = match service.allowed.judge(request.uri(), request.headers()) {
        Ok(visitor) => visitor,
        Err(refused) => return answer::refused(refused),
    };
    let answer = route(service, request, &visitor).await;
    readable_by(answer, &visitor)
}

async fn route(service: Arc<Service>, request: Request<Incoming>, visitor: &Visitor) -> Answer {
    let path = request.uri().path();
    let is_preflight = request.method() == Method::OPTIONS && *visitor != Visitor::Local;
    match (path, request.method()) {
        ("/api/hello" | "/api/verify", _) if is_preflight => answer::preflight(),
        ("/api/hello", &Method::GET) => greet(service, request.uri().query().unwrap_or("")).await,
        ("/api/hello", _) => answer::wrong_method("GET"),
        ("/api/verify", &Method::POST) => match verify(service, request).await {
            Ok(answer) => answer,
            Err(refusal) => answer::refusal(&refusal),
        },
        ("/api/verify", _) => answer::wrong_method("POST"),
        (path, &Method::GET | &Method::HEAD) => service.page.answer(path).unwrap_or_else(|| {
            answer::refusal(&Refusal::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "there is nothing here",
            ))
        }),
        _ => answer::wrong_method("GET"),
    }
}

async fn greet(service: Arc<Service>, query: &str) -> Answer {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let Some(nonce) = value("nonce").filter(|nonce| is_nonce(nonce)) else {
        return answer::refusal(&Refusal::new(
            StatusCode::BAD_REQUEST,
            "nonce",
            "write `?nonce=` and 16 to 128 letters, digits, `-` or `_`",
        ));
    };
    let language = value("lang")
        .and_then(Language::from_tag)
        .unwrap_or_default();
    match service.runtimes.say(language).await {
        Some(runtimes) => answer::json(StatusCode::OK, &hello(&service.token, runtimes, nonce)),
        None => broken(),
    }
}

/// Who asks, then how, then for what: nothing is read before somebody may ask.
async fn verify(service: Arc<Service>, request: Request<Incoming>) -> Result<Answer, Refusal> {
    let headers = request.headers();
    let is_json = |value: &[u8]| {
        let kind = value.split(|&byte| byte == b';').next().unwrap_or_default();
        kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
    };
    if !headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| is_json(value.as_bytes()))
    {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_type",
            "write `Content-Type: application/json`",
        ));
    }
    if !headers
        .get(AUTHORIZATION)
        .is_some_and(|value| service.token.is_in(value.as_bytes()))
    {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "token",
            "open the address that `loopscope serve` printed; it has the token",
        ));
    }
    let body = read(request.into_body()).await?;
    let job = spawn_blocking(move || admit(&body)).await;
    let job =
        job.map_err(|_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", BROKEN))??;
    let lines = service.jobs.enter(job).ok_or_else(|| {
        Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "busy",
            "too many wait already; ask again later",
        )
    })?;
    Ok(answer::lines(lines))
}

/// All of it, if it is small and soon there.
async fn read(body: Incoming) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let message = format!("at most {BODY_MAX} bytes are read");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", &message)
    };
    if body.size_hint().lower() > BODY_MAX as u64 {
        return Err(too_large());
    }
    let all = timeout(BODY_PATIENCE, collect(body)).await;
    match all {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(too_large()),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow",
            "the request took too long",
        )),
    }
}

/// `None` if it is larger than it may be. What breaks off in the middle is no JSON either.
async fn collect(mut body: Incoming) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let data: Bytes = frame.into_data().unwrap_or_default();
        if all.len() + data.len() > BODY_MAX {
            return None;
        }
        all.extend_from_slice(&data);
    }
    Some(all)
}

const BROKEN: &str = "the companion itself broke down over this request";

fn broken() -> Answer {
    answer::refusal(&Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "broken",
        BROKEN,
    ))
}
