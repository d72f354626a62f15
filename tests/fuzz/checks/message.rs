//! The rules of a message between page and worker: it is refused, or encoding and decoding
//! preserve it.

use loopscope_page::protocol::{self, Order, Report};
use model::trace::codec;

use super::run;

pub(super) fn check(bytes: &[u8]) -> bool {
    // A message does not name its type, so the bytes are tried as each.
    let order: Option<Order> = protocol::decode(bytes);
    if let Some(order) = &order {
        let again = protocol::decode(&protocol::encode(order));
        assert_eq!(again.as_ref(), Some(order));
    }
    let report: Option<Report> = protocol::decode(bytes);
    if let Some(report) = &report {
        let again = protocol::decode(&protocol::encode(report));
        assert_eq!(again.as_ref(), Some(report));
    }
    let trace = codec::decode(bytes);
    if let Some(trace) = &trace {
        run::check_messages(trace);
    }
    check_chunks(bytes);
    order.is_some() || report.is_some() || trace.is_some()
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
