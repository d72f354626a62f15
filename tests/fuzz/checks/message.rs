//! The rules of a message between page and worker: it is refused, or encoding and decoding
//! preserve it.

use loopscope_page::protocol::simulation::{SimulationRequest, SimulationResponse};
use loopscope_page::protocol::{self, Request, Response};
use model::trace::codec;

use super::run;

pub(super) fn check(bytes: &[u8]) -> bool {
    // A message does not name its type, so the bytes are tried as each.
    let request: Option<Request<SimulationRequest>> = protocol::decode(bytes);
    if let Some(request) = &request {
        let again = protocol::decode(&protocol::encode(request));
        assert_eq!(again.as_ref(), Some(request));
    }
    let response: Option<Response<SimulationResponse>> = protocol::decode(bytes);
    if let Some(response) = &response {
        let again = protocol::decode(&protocol::encode(response));
        assert_eq!(again.as_ref(), Some(response));
    }
    let trace = codec::decode(bytes);
    if let Some(trace) = &trace {
        run::check_messages(trace);
    }
    check_chunks(bytes);
    request.is_some() || response.is_some() || trace.is_some()
}

/// Decodes the bytes as two chunks, split in the middle.
fn check_chunks(bytes: &[u8]) {
    let (head, rest) = bytes.split_at(bytes.len() / 2);
    let Some(mut decoding) = codec::TraceDecoder::begin(head) else {
        return;
    };
    if decoding.add(rest).is_some() {
        let _ = decoding.finish();
    }
}
