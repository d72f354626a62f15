//! The entry points of the programs that run in workers, one call for each message of the page.

use js_sys::Array;

use crate::message::{PostedMessage, post_response, take_body, take_buffers};
use crate::{files, insight, proof, python};

/// Analyses a run.
pub fn analyse(request: &Array) {
    post_response(insight::respond(&take_body(request)));
}

/// Translates Python into a script.
pub fn read_python(request: &Array) {
    post_response(python::respond(&take_body(request)));
}

/// Makes a file for download.
pub fn make_file(request: &Array) {
    let body = take_body(request);
    match files::respond(&body, take_buffers(request)) {
        Some((response, Some(file))) => PostedMessage::encoded(&response).with_bytes(&file).post(),
        Some((response, None)) => post_response(Some(response)),
        None => post_response(None),
    }
}

/// Runs scripts for real through a companion, and opens traces from files.
pub fn run_for_real(request: &Array) {
    proof::receive(request);
}
