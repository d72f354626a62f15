//! The check of a request's headers, before anything else is read.
//!
//! A browser lets any page send requests to this machine. Two things distinguish allowed ones.
//! `Host` must be this server's own address; otherwise a foreign domain that resolves to this
//! machine could use it (DNS rebinding). `Origin` and `Sec-Fetch-Site` must name this server's
//! page or an allowed one; another port is another origin. Programs send neither, so starting a
//! run needs the token as well.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderValue, ORIGIN, UPGRADE};
use hyper::{Uri, http};

/// Scheme, host and port of a page in the spelling of browsers, e.g. `https://page.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOrigin(String);

impl PageOrigin {
    /// Parses an origin. `None` for text that no browser sends as an origin, e.g. with a path,
    /// without a scheme, `null` or `*`. Removes the scheme's default port as browsers do:
    /// `https://page.example:443` → `https://page.example`.
    pub fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let authority = uri.authority()?;
        let scheme = uri.scheme_str()?;
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let host = authority.host();
        let port = match authority.port_u16() {
            Some(0) => return None,
            Some(port) => format!(":{port}"),
            None => String::new(),
        };
        // Comparing with the rebuilt text excludes a user, an empty port and leading zeros.
        let plain = format!("{scheme}://{host}{port}");
        let is_plain = text == plain && text == text.to_lowercase() && !host.contains('*');
        let shown = if authority.port_u16() == Some(usual) {
            format!("{scheme}://{host}")
        } else {
            plain
        };
        is_plain.then_some(Self(shown))
    }
}

/// The allowed values of Host and Origin.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    hosts: Vec<String>,
    /// The origins of this server's own page.
    own: Vec<String>,
    /// The origins of the option `--allow-origin`.
    named: Vec<PageOrigin>,
}

/// The sender of an allowed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Visitor {
    /// This server's page, the address bar, or a program.
    Local,
    /// A page of another origin, which is on the list. It needs CORS headers.
    Named(HeaderValue),
}

/// The header because of which a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefusedHeader {
    Host,
    Origin,
    Upgrade,
}

impl Allowed {
    pub(super) fn new(address: SocketAddr, named: &[PageOrigin]) -> Self {
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        if is_localhost(address.ip()) {
            hosts.push(format!("localhost:{port}"));
        }
        // Browsers omit the default port.
        if port == 80 {
            let bare = hosts
                .iter()
                .map(|host| host.trim_end_matches(":80").to_owned());
            hosts.extend(bare.collect::<Vec<_>>());
        }
        Self {
            own: hosts.iter().map(|host| format!("http://{host}")).collect(),
            hosts,
            named: named.to_vec(),
        }
    }

    /// Checks a request.
    pub(super) fn judge(&self, uri: &Uri, headers: &HeaderMap) -> Result<Visitor, RefusedHeader> {
        self.check_host(uri, headers)?;
        if headers.contains_key(UPGRADE) || asks_to_upgrade(headers) {
            return Err(RefusedHeader::Upgrade);
        }
        let visitor = self.check_origin(headers)?;
        // A listed page is on another site by definition.
        match visitor {
            Visitor::Local => same_site(headers)?,
            Visitor::Named(_) => {}
        }
        Ok(visitor)
    }

    /// Requires exactly one Host header with a known value. Equivalent spellings are refused,
    /// e.g. `127.1:8765`.
    fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), RefusedHeader> {
        let ours = |host: &[u8]| self.hosts.iter().any(|own| own.as_bytes() == host);
        let host = only_value(headers, HOST)
            .flatten()
            .ok_or(RefusedHeader::Host)?;
        // A request in absolute form (`GET http://host/`) names the host in its target, too.
        let authority = uri.authority().map(http::uri::Authority::as_str);
        if ours(host.as_bytes()) && authority.is_none_or(|name| ours(name.as_bytes())) {
            Ok(())
        } else {
            Err(RefusedHeader::Host)
        }
    }

    fn check_origin(&self, headers: &HeaderMap) -> Result<Visitor, RefusedHeader> {
        let Some(origin) = only_value(headers, ORIGIN).ok_or(RefusedHeader::Origin)? else {
            return Ok(Visitor::Local);
        };
        let is = |text: &String| text.as_bytes() == origin.as_bytes();
        if self.own.iter().any(is) {
            return Ok(Visitor::Local);
        }
        if self.named.iter().any(|PageOrigin(text)| is(text)) {
            Ok(Visitor::Named(origin.clone()))
        } else {
            Err(RefusedHeader::Origin)
        }
    }
}

/// Whether browsers resolve `localhost` to this address: to 127.0.0.1 or ::1, but not to other
/// loopback addresses, e.g. 127.0.0.2.
fn is_localhost(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1]) || address == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])
}

/// The single value of a header; `Some(None)` if it is absent, `None` if it occurs twice.
pub(super) fn only_value(
    headers: &HeaderMap,
    name: http::HeaderName,
) -> Option<Option<&HeaderValue>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    values.next().is_none().then_some(first)
}

fn asks_to_upgrade(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONNECTION).iter();
    values.any(|value| {
        value
            .as_bytes()
            .to_ascii_lowercase()
            .windows(7)
            .any(|part| part == b"upgrade")
    })
}

/// Refuses requests that a browser marks as coming from another origin. A request without the
/// header passes, because programs do not send it.
fn same_site(headers: &HeaderMap) -> Result<(), RefusedHeader> {
    let mut values = headers.get_all("sec-fetch-site").iter();
    if values.all(|value| matches!(value.as_bytes(), b"same-origin" | b"none")) {
        Ok(())
    } else {
        Err(RefusedHeader::Origin)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed() -> Allowed {
        let page = PageOrigin::parse("https://page.example").expect("an origin");
        Allowed::new(SocketAddr::from(([127, 0, 0, 1], 8765)), &[page])
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: Result<Visitor, RefusedHeader>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).expect("a value"));
        }
        let judged = allowed().judge(&Uri::from_static("/"), &map);
        assert_eq!(judged, expected, "{headers:?}");
    }

    #[test]
    fn our_own_page_the_address_bar_and_programs_may_ask() {
        let host = ("host", "127.0.0.1:8765");
        check(&[host], Ok(Visitor::Local));
        check(&[("host", "localhost:8765")], Ok(Visitor::Local));
        check(
            &[host, ("origin", "http://127.0.0.1:8765")],
            Ok(Visitor::Local),
        );
        check(&[host, ("sec-fetch-site", "none")], Ok(Visitor::Local));
    }

    #[test]
    fn other_pages_may_not_whatever_they_say_of_themselves() {
        let host = ("host", "127.0.0.1:8765");
        for origin in [
            "null",
            "",
            "*",
            "http://127.0.0.1:8766",
            "https://127.0.0.1:8765",
            "http://evil.example",
            "http://127.0.0.1:8765.evil.example",
            "http://127.0.0.1:8765/",
            "HTTP://127.0.0.1:8765",
            "https://page.example:443",
            "https://page.example.evil.example",
        ] {
            check(&[host, ("origin", origin)], Err(RefusedHeader::Origin));
        }
        for site in ["cross-site", "same-site", "", "same-origin, none"] {
            check(
                &[host, ("sec-fetch-site", site)],
                Err(RefusedHeader::Origin),
            );
        }
        let own = ("origin", "http://127.0.0.1:8765");
        check(&[host, own, own], Err(RefusedHeader::Origin));
    }

    #[test]
    fn a_page_that_was_named_may_ask_from_another_site() {
        let named = HeaderValue::from_static("https://page.example");
        check(
            &[
                ("host", "127.0.0.1:8765"),
                ("origin", "https://page.example"),
                ("sec-fetch-site", "cross-site"),
            ],
            Ok(Visitor::Named(named)),
        );
    }

    #[test]
    fn only_an_origin_can_be_named() {
        for text in [
            "null",
            "*",
            "page.example",
            "https://page.example/",
            "https://*.example",
            "ftp://a",
            "https://A.example",
            "https://a@b",
            "https://a:",
            "https://a:0443",
            "https://a:0",
            "https://a:65536",
        ] {
            assert_eq!(PageOrigin::parse(text), None, "{text}");
        }
        assert!(PageOrigin::parse("http://localhost:8080").is_some());
    }

    #[test]
    fn a_page_that_was_named_with_its_usual_port_matches_what_browsers_send() {
        for (named, sent) in [
            ("https://page.example:443", "https://page.example"),
            ("http://page.example:80", "http://page.example"),
            ("http://page.example:443", "http://page.example:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let sent = PageOrigin(sent.to_owned());
            assert_eq!(PageOrigin::parse(named), Some(sent), "{named}");
        }
    }

    #[test]
    fn nothing_is_upgraded() {
        let host = ("host", "127.0.0.1:8765");
        check(
            &[host, ("upgrade", "websocket")],
            Err(RefusedHeader::Upgrade),
        );
        check(
            &[host, ("connection", "keep-alive, Upgrade")],
            Err(RefusedHeader::Upgrade),
        );
    }

    proptest! {
        /// Threat C8 of `docs/companion-api.md`: no bytes in the checked headers make the guard
        /// panic or accept a foreign host.
        #[test]
        fn no_bytes_break_the_guard(
            host in proptest::collection::vec(any::<u8>(), 0..40),
            origin in proptest::collection::vec(any::<u8>(), 0..40),
            site in proptest::collection::vec(any::<u8>(), 0..20),
        ) {
            let mut headers = HeaderMap::new();
            for (name, bytes) in [("host", &host), ("origin", &origin), ("sec-fetch-site", &site)] {
                if let Ok(value) = HeaderValue::from_bytes(bytes) {
                    headers.append(name, value);
                }
            }
            let judged = allowed().judge(&Uri::from_static("/"), &headers);
            prop_assert!(judged.is_err() || host == b"127.0.0.1:8765" || host == b"localhost:8765");
        }
    }
}
