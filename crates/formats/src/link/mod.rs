//! Share links: a script or a Python program, and its view, as the fragment of a URL.
//!
//! A link is `v1.` and the base64url of compressed JSON, e.g. `v1.q1YqTi7KLChRslJK…`. Browsers
//! do not send the fragment to a server. Links are untrusted: the sizes of a link and of its
//! content are checked before memory is allocated, and invalid links give an error. Links of old
//! versions stay readable; the tests contain one of each version.

mod deflate;
mod inflate;
mod json;

use self::deflate::deflate;
use self::inflate::{InflateError, inflate};
use model::limits::SCRIPT_BYTES_MAX;

/// The longest link, in bytes. Chat programs cut links far below this.
pub const LINK_BYTES_MAX: usize = 64 * 1024;
/// The longest JSON, in bytes. An escape takes at most six bytes for one, e.g. `\u0001`; the other
/// fields are short.
const CONTENT_BYTES_MAX: usize = 6 * SCRIPT_BYTES_MAX + 4096;

/// The content of a link. Missing fields have defaults, so that links stay short and a field can
/// be added without a new version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    pub script: String,
    /// The position of the cursor, in nanoseconds.
    pub at_ns: Option<u64>,
    /// Rows for threads instead of tasks.
    pub by_thread: bool,
    /// `en` or `ko`; `None` follows the browser.
    pub language: Option<String>,
    /// The Python side is open, with this program in place of the script; an empty one is that of
    /// the script. Opening a link never runs it.
    pub program: Option<String>,
    /// The requests for the program's app, e.g. `100 GET /ping`.
    pub requests: Option<String>,
}

/// Reasons why a link cannot be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Not of the form `v1.…`.
    NoLink,
    /// Of a version that this build does not know, e.g. `v2.…`.
    Version(u32),
    /// The link or its content exceeds a size limit.
    TooLong,
    /// Truncated or changed, e.g. by a chat program.
    Damaged,
}

/// The link as a fragment without `#`.
pub fn encode(shared: &Shared) -> Result<String, LinkError> {
    let content = deflate(json::write(shared).as_bytes());
    let link = format!("v1.{}", base64_encode(&content));
    if link.len() > LINK_BYTES_MAX {
        return Err(LinkError::TooLong);
    }
    Ok(link)
}

/// Decodes a fragment, with or without `#`.
pub fn decode(fragment: &str) -> Result<Shared, LinkError> {
    let link = fragment.strip_prefix('#').unwrap_or(fragment);
    if link.len() > LINK_BYTES_MAX {
        return Err(LinkError::TooLong);
    }
    let (version, content) = link
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .ok_or(LinkError::NoLink)?;
    // A heading such as `#v-shaped` has no number, and is not a link.
    match version.parse() {
        Ok(1) => decode_v1(content),
        Ok(other) => Err(LinkError::Version(other)),
        Err(_) => Err(LinkError::NoLink),
    }
}

fn decode_v1(content: &str) -> Result<Shared, LinkError> {
    let deflated = base64_decode(content).ok_or(LinkError::Damaged)?;
    let json = inflate(&deflated, CONTENT_BYTES_MAX).map_err(|failure| match failure {
        InflateError::TooLong => LinkError::TooLong,
        InflateError::Damaged => LinkError::Damaged,
    })?;
    let shared = std::str::from_utf8(&json)
        .ok()
        .and_then(json::read)
        .ok_or(LinkError::Damaged)?;
    let program = shared.program.as_deref().unwrap_or_default();
    if shared.script.len().max(program.len()) > SCRIPT_BYTES_MAX {
        return Err(LinkError::TooLong);
    }
    Ok(shared)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding.
pub fn base64_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte))
            << (8 * (3 - group.len()));
        // n bytes need n + 1 characters of six bits.
        for place in 0..=group.len() {
            let sextet = bits >> (18 - 6 * place) & 63;
            text.push(char::from(ALPHABET[sextet as usize]));
        }
    }
    text
}

/// Decodes base64url without padding. `None` if a character or the length is invalid.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for &character in group {
            let sextet = ALPHABET.iter().position(|&each| each == character)?;
            bits = bits << 6 | sextet as u32;
        }
        bits <<= 6 * (4 - group.len());
        let whole = match group.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=whole]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shared: Shared) {
        let link = encode(&shared).expect("short enough");
        assert!(
            link.bytes()
                .all(|byte| byte == b'.' || ALPHABET.contains(&byte)),
            "{link} is safe anywhere"
        );
        assert_eq!(decode(&link), Ok(shared.clone()));
        assert_eq!(decode(&format!("#{link}")), Ok(shared));
    }

    fn script(text: &str) -> Shared {
        Shared {
            script: text.into(),
            ..Shared::default()
        }
    }

    #[test]
    fn a_link_gives_back_what_it_holds() {
        check(script(""));
        check(script("파스타: cpu 3초 -> await 5초\n토스트: cpu 6초\n"));
        check(Shared {
            script: "a: await 1\r\n\t\u{1f35d} </script>".into(),
            at_ns: Some(u64::MAX),
            by_thread: true,
            language: Some("ko".into()),
            ..Shared::default()
        });
        check(Shared {
            program: Some("import asyncio\nprint(\"안녕 \\\\ {}\")\n".into()),
            requests: Some("100 GET /ping?a=\"1\"".into()),
            ..Shared::default()
        });
        check(Shared {
            program: Some(String::new()),
            ..script("a: await 1\n")
        });
    }

    #[test]
    fn a_script_of_control_characters_fits_up_to_the_limit_of_scripts() {
        check(script(&"\u{1}".repeat(SCRIPT_BYTES_MAX)));
    }

    #[test]
    fn a_link_of_each_version_opens_forever() {
        let v1 = "v1.AXAAj_97InNjcmlwdCI6Iu2MjOyKpO2DgDogY3B1IDMgLT4gYXdhaXQgNVxu7Yag7Iqk7Yq4OiBjcHUgNlxuIiwiYXRfbnMiOjMwMDAwMDAwMDAsImJ5X3RocmVhZCI6dHJ1ZSwibGFuZ3VhZ2UiOiJrbyJ9";
        let expected = Shared {
            script: "파스타: cpu 3 -> await 5\n토스트: cpu 6\n".into(),
            at_ns: Some(3_000_000_000),
            by_thread: true,
            language: Some("ko".into()),
            ..Shared::default()
        };
        assert_eq!(decode(v1), Ok(expected));
        let program = "v1.q1YqTi7KLChRslJS0lEqKMpPL0rMBXIKijLzSjRilN5M7XjdOjVGSTMmDyhflFpYmlpcUgxUYKng7hqioF-QmZeuVAsA";
        let expected = Shared {
            program: Some("print(\"안녕\")\n".into()),
            requests: Some("9 GET /ping".into()),
            ..Shared::default()
        };
        assert_eq!(decode(program), Ok(expected));
    }

    #[test]
    fn what_is_no_link_is_said_to_be_none() {
        assert_eq!(decode(""), Err(LinkError::NoLink));
        assert_eq!(decode("#lesson"), Err(LinkError::NoLink));
        assert_eq!(decode("v.abc"), Err(LinkError::NoLink));
        assert_eq!(decode("v99.abc"), Err(LinkError::Version(99)));
        assert_eq!(decode("v1."), Err(LinkError::Damaged));
        assert_eq!(decode("v1.!!!!"), Err(LinkError::Damaged));
        assert_eq!(decode("v1.AAAAAAAA"), Err(LinkError::Damaged));
    }

    #[test]
    fn a_cut_link_is_damaged() {
        let link = encode(&script(&"order: cpu 1s\n".repeat(40))).expect("short enough");
        for length in 3..link.len() {
            assert!(decode(&link[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        let bomb = base64_encode(&deflate(&vec![b' '; 4 << 20]));
        let refused = decode(&format!("v1.{bomb}"));
        assert_eq!(refused, Err(LinkError::TooLong));
    }

    #[test]
    fn a_program_that_is_longer_than_any_script_is_refused() {
        let long = Shared {
            program: Some("#".repeat(SCRIPT_BYTES_MAX + 1)),
            ..Shared::default()
        };
        let link = encode(&long).expect("it is compressed");
        assert_eq!(decode(&link), Err(LinkError::TooLong));
    }

    #[test]
    fn a_script_that_fits_no_link_is_refused() {
        let mut seed = 1_u64;
        let noise: String = (0..120_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(35 + ((seed >> 40) % 56) as u8)
            })
            .collect();
        assert_eq!(encode(&script(&noise)), Err(LinkError::TooLong));
    }
}
