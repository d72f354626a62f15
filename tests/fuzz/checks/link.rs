//! The rules of a share link: it is refused, or encoding and decoding preserve it.

use formats::link::{self, LinkError, Shared};

pub(super) fn check(text: &str) -> bool {
    check_content(text);
    // Only the bytes are compared: several texts can decode to the same bytes.
    if let Some(bytes) = link::base64_decode(text) {
        let again = link::base64_encode(&bytes);
        assert_eq!(link::base64_decode(&again), Some(bytes));
    }
    let Ok(shared) = link::decode(text) else {
        return false;
    };
    match link::encode(&shared) {
        Ok(again) => assert_eq!(link::decode(&again), Ok(shared)),
        // Another program may have compressed the link better than ours does.
        Err(error) => assert_eq!(error, LinkError::TooLong),
    }
    true
}

/// Checks the text as the script of a link.
fn check_content(text: &str) {
    let shared = Shared {
        script: text.to_owned(),
        at_ns: Some(text.len() as u64),
        by_thread: text.len().is_multiple_of(2),
        language: text.split_whitespace().next().map(str::to_owned),
        program: text.lines().next().map(str::to_owned),
        requests: text.lines().last().map(str::to_owned),
    };
    match link::encode(&shared) {
        Ok(link) => assert_eq!(link::decode(&link), Ok(shared)),
        Err(error) => assert_eq!(error, LinkError::TooLong),
    }
}
