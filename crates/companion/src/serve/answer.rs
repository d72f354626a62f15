//! Responses: their bodies, and the headers that all of them have.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{
    self, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderValue, REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;

use super::connections::EvictionGuard;
use super::guard::{RefusedHeader, Visitor};

pub(super) type HttpAnswer = Response<Content>;

/// The body of a response: complete, or lines until their sender is dropped.
#[derive(Debug)]
pub(super) enum Content {
    Whole(Option<Bytes>),
    Lines {
        lines: UnboundedReceiver<Bytes>,
        _held: EvictionGuard,
    },
}

impl Body for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Lines { lines, .. } => lines
                .poll_recv(context)
                .map(|line| line.map(|line| Ok(Frame::data(line)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Lines { .. } => SizeHint::default(),
        }
    }
}

/// An error response. The page distinguishes errors by `code`, e.g. `too_large`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ErrorAnswer {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl ErrorAnswer {
    pub(super) fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
        }
    }
}

#[derive(Serialize)]
struct Wrong<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    message: &'a str,
}

/// The content security policy of API responses: they load nothing and cannot be framed.
const API_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The policy of the page, in addition to the one in its `<head>`. That one allows requests to any
/// companion on this machine; this one only to the server of the page.
pub(super) const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "connect-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'none'",
);

pub(super) fn whole_answer(status: StatusCode, kind: &'static str, bytes: Bytes) -> HttpAnswer {
    with_headers(status, kind, Content::Whole(Some(bytes)))
}

pub(super) fn json_answer(status: StatusCode, value: &impl Serialize) -> HttpAnswer {
    let text = serde_json::to_vec(value).expect("answers have string keys only");
    whole_answer(status, "application/json", text.into())
}

/// A response that streams lines. Its connection is protected from eviction until the end.
pub(super) fn line_stream(lines: UnboundedReceiver<Bytes>, held: EvictionGuard) -> HttpAnswer {
    with_headers(
        StatusCode::OK,
        "application/x-ndjson",
        Content::Lines { lines, _held: held },
    )
}

pub(super) fn refusal_answer(refusal: &ErrorAnswer) -> HttpAnswer {
    let reason = ErrorBody {
        code: refusal.code,
        message: &refusal.message,
    };
    let mut answer = json_answer(refusal.status, &Wrong { error: reason });
    if refusal.status == StatusCode::TOO_MANY_REQUESTS {
        let headers = answer.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    answer
}

pub(super) fn refused_answer(refused: RefusedHeader) -> HttpAnswer {
    let (status, code, message) = match refused {
        RefusedHeader::Host => (
            StatusCode::FORBIDDEN,
            "host",
            "this is not the name of this server",
        ),
        RefusedHeader::Origin => (
            StatusCode::FORBIDDEN,
            "origin",
            "this page may not ask here",
        ),
        RefusedHeader::Upgrade => (
            StatusCode::BAD_REQUEST,
            "upgrade",
            "nothing is upgraded here",
        ),
    };
    refusal_answer(&ErrorAnswer::new(status, code, message))
}

pub(super) fn wrong_method(allowed: &'static str) -> HttpAnswer {
    let message = format!("write one of {allowed}");
    let mut answer = refusal_answer(&ErrorAnswer {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: "method",
        message,
    });
    let headers = answer.headers_mut();
    headers.insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// The response to a CORS preflight, which browsers send before a page of another origin may send
/// JSON or a token.
pub(super) fn preflight_answer() -> HttpAnswer {
    let mut answer = with_headers(StatusCode::NO_CONTENT, "text/plain", Content::Whole(None));
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// Adds the CORS headers that let an allowed page read the response.
pub(super) fn readable_by(mut answer: HttpAnswer, visitor: &Visitor) -> HttpAnswer {
    let headers = answer.headers_mut();
    // The response depends on Origin, so a cache must not give it to another page.
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    if let Visitor::Named(origin) = visitor {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer
}

fn with_headers(status: StatusCode, kind: &'static str, content: Content) -> HttpAnswer {
    let mut answer = Response::new(content);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, API_POLICY);
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        // The response to `/api/token` contains the token.
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    answer
}
