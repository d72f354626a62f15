//! Whether a request may be answered at all, before anything else is looked at.
//!
//! A browser lets any page send requests to this machine. What tells ours apart:
//! the name that was typed (`Host`: a name of somebody else's that was made to
//! point here is not ours) and the page that asks (`Origin`, `Sec-Fetch-Site`;
//! another port of this machine is another page). That neither is sent proves
//! nothing, so what starts a run needs the token besides.

use std::net::{IpAddr, SocketAddr};

use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderValue, ORIGIN, UPGRADE};
use hyper::{Uri, http};

/// Scheme, host and port of a page, as browsers write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// `None` for what no browser sends: a path, a missing scheme, `null`, `*`. The port that
    /// the scheme has anyway is left out, as browsers do: `https://page.example:443`.
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
        // Nothing else stands there: no user, no empty port, no zeros before it.
        let plain = format!("{scheme}://{host}{port}");
        let is_plain = text == plain && text == text.to_lowercase() && !host.contains('*');
        let shown = match authority.port_u16() == Some(usual) {
            true => format!("{scheme}://{host}"),
            false => plain,
        };
        is_plain.then_some(Self(shown))
    }
}

/// The names we go by, and the pages that may ask.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    hosts: Vec<String>,
    own: Vec<String>,
    named: Vec<Origin>,
}

/// Who asks, as far as the guard knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Visitor {
    /// Our own page, the address bar, or a program.
    Local,
    /// A page from elsewhere that was named at the start; it must be told that it may read.
    Named(HeaderValue),
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Host,
    Origin,
    Upgrade,
}

impl Allowed {
    pub(super) fn new(address: SocketAddr, named: &[Origin]) -> Self {
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        if is_localhost(address.ip()) {
            hosts.push(format!("localhost:{port}"));
        }
        // Without a port it is 80.
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

    pub(super) fn judge(&self, uri: &Uri, headers: &HeaderMap) -> Result<Visitor, Refused> {
        self.host(uri, headers)?;
        if headers.contains_key(UPGRADE) || asks_to_upgrade(headers) {
            return Err(Refused::Upgrade);
        }
        let visitor = self.origin(headers)?;
        match visitor {
            Visitor::Local => same_site(headers)?,
            Visitor::Named(_) => {}
        }
        Ok(visitor)
    }

    /// Exactly one of ours; nothing that only means the same.
    fn host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
        let ours = |host: &[u8]| self.hosts.iter().any(|own| own.as_bytes() == host);
        let host = only(headers, HOST).flatten().ok_or(Refused::Host)?;
        let authority = uri.authority().map(http::uri::Authority::as_str);
        match ours(host.as_bytes()) && authority.is_none_or(|name| ours(name.as_bytes())) {
            true => Ok(()),
            false => Err(Refused::Host),
        }
    }

    fn origin(&self, headers: &HeaderMap) -> Result<Visitor, Refused> {
        let Some(origin) = only(headers, ORIGIN).ok_or(Refused::Origin)? else {
            return Ok(Visitor::Local);
        };
        let is = |text: &String| text.as_bytes() == origin.as_bytes();
        if self.own.iter().any(is) {
            return Ok(Visitor::Local);
        }
        match self.named.iter().any(|Origin(text)| is(text)) {
            true => Ok(Visitor::Named(origin.clone())),
            false => Err(Refused::Origin),
        }
    }
}

/// `localhost` is one of these two addresses, and no other of the loopback's.
fn is_localhost(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1]) || address == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])
}

/// Its one value; `Some(None)` where there is none, `None` where there are several.
pub(super) fn only(headers: &HeaderMap, name: http::HeaderName) -> Option<Option<&HeaderValue>> {
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

/// Browsers say whether another site made the request, and mean by it also another port.
fn same_site(headers: &HeaderMap) -> Result<(), Refused> {
    let mut values = headers.get_all("sec-fetch-site").iter();
    match values.all(|value| matches!(value.as_bytes(), b"same-origin" | b"none")) {
        true => Ok(()),
        false => Err(Refused::Origin),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed() -> Allowed {
        let page = Origin::parse("https://page.example").expect("an origin");
        Allowed::new(SocketAddr::from(([127, 0, 0, 1], 8765)), &[page])
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: Result<Visitor, Refused>) {
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
            check(&[host, ("origin", origin)], Err(Refused::Origin));
        }
        for site in ["cross-site", "same-site", "", "same-origin, none"] {
            check(&[host, ("sec-fetch-site", site)], Err(Refused::Origin));
        }
        let own = ("origin", "http://127.0.0.1:8765");
        check(&[host, own, own], Err(Refused::Origin));
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
            assert_eq!(Origin::parse(text), None, "{text}");
        }
        assert!(Origin::parse("http://localhost:8080").is_some());
    }

    #[test]
    fn a_page_that_was_named_with_its_usual_port_matches_what_browsers_send() {
        for (named, sent) in [
            ("https://page.example:443", "https://page.example"),
            ("http://page.example:80", "http://page.example"),
            ("http://page.example:443", "http://page.example:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let sent = Origin(sent.to_owned());
            assert_eq!(Origin::parse(named), Some(sent), "{named}");
        }
    }

    #[test]
    fn nothing_is_upgraded() {
        let host = ("host", "127.0.0.1:8765");
        check(&[host, ("upgrade", "websocket")], Err(Refused::Upgrade));
        check(
            &[host, ("connection", "keep-alive, Upgrade")],
            Err(Refused::Upgrade),
        );
    }

    proptest! {
        /// C8: whatever stands in the headers that are looked at.
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
