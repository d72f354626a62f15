//! The protocol between the page and its programs.
//!
//! Each program runs in a worker. The page sends it a [`Request`], and the program answers with
//! one or more [`Response`]s of the same id, so the page drops those that come too late. The
//! programs differ only in the kinds of their requests and responses:
//!
//! | program | [`Program`] | answers a request with |
//! | --- | --- | --- |
//! | the simulator | [`simulation::Simulator`] | progress, then a trace |
//! | the analysis | [`analysis::Analyst`] | a panel, and data for the rest of the page |
//! | the Python reader | [`python::PythonReader`] | a panel and a script, or a program |
//! | downloads | [`files::FileMaker`] | a file |
//! | real runs | [`real_run::RealRunner`] | a panel after each change, an overlay, a trace, a program's output |
//!
//! A message is an array: first the bytes of the request or response, encoded with postcard, then
//! its attachments, e.g. the chunks of a trace ([`model::trace::codec`]). Attachments are on the
//! transfer list, so they are moved and not copied. A program that is ready for its first request
//! posts `true`, one that cannot be loaded `false`. Sending is left to `browser` and `message`.

// In a native build only the tests use parts of this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

pub(crate) mod analysis;
pub(crate) mod files;
pub(crate) mod panel;
pub(crate) mod python;
pub(crate) mod real_run;
pub mod simulation;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The number of a request. The page counts up for each program. The id of a run is that of the
/// request for it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct RequestId(pub u32);

impl RequestId {
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// A message of the page to a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request<K> {
    pub id: RequestId,
    pub kind: K,
}

/// A message of a program to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response<K> {
    /// The request that it answers.
    pub id: RequestId,
    pub kind: K,
}

/// A program that answers requests.
pub(crate) trait Program {
    /// Its name in the build, e.g. `"insight"`.
    const NAME: &'static str;
    type Request: Serialize + DeserializeOwned;
    type Response: Serialize + DeserializeOwned;
}

/// The encoded response to an encoded request; `None` if the request cannot be decoded.
pub(crate) fn respond<P: Program>(
    request: &[u8],
    answer: impl FnOnce(P::Request) -> P::Response,
) -> Option<Vec<u8>> {
    let Request { id, kind } = decode::<Request<P::Request>>(request)?;
    let kind = answer(kind);
    Some(encode(&Response { id, kind }))
}

/// Bytes for `postMessage`.
pub fn encode<T: Serialize>(message: &T) -> Vec<u8> {
    // `expect` would add the texts of all of postcard's errors to the page.
    let Ok(bytes) = postcard::to_allocvec(message) else {
        unreachable!("messages hold nothing that postcard refuses")
    };
    bytes
}

/// Decodes a message; `None` if the bytes are not one.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::simulation::{Reached, SimulationRequest, SimulationResponse, Simulator};
    use super::*;

    #[test]
    fn encoded_messages_decode_to_themselves() {
        let request = Request {
            id: RequestId(7),
            kind: SimulationRequest::Run {
                script: "파스타: await 3".into(),
            },
        };
        assert_eq!(decode(&encode(&request)), Some(request));
        let response = Response {
            id: RequestId(7),
            kind: SimulationResponse::Progress(Reached {
                steps: 1 << 40,
                at_ns: 9,
            }),
        };
        assert_eq!(decode(&encode(&response)), Some(response));
    }

    #[test]
    fn a_response_has_the_id_of_its_request() {
        let request = Request {
            id: RequestId(9),
            kind: SimulationRequest::Stop,
        };
        let bytes = respond::<Simulator>(&encode(&request), |kind| {
            assert_eq!(kind, SimulationRequest::Stop);
            SimulationResponse::Faulty
        });
        let response: Option<Response<SimulationResponse>> = decode(&bytes.expect("a request"));
        assert_eq!(response.map(|response| response.id), Some(RequestId(9)));
    }

    #[test]
    fn noise_is_not_a_message() {
        assert_eq!(decode::<Response<SimulationResponse>>(&[1, 250, 1]), None);
        assert_eq!(decode::<Request<SimulationRequest>>(&[]), None);
        let noise = respond::<Simulator>(&[1, 250, 1], |_| SimulationResponse::Faulty);
        assert_eq!(noise, None);
    }
}
