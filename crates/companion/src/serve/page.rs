//! The built page, as files inside this program.
//!
//! A request finds a file by its exact name in a map, so no path leads to files of the machine.

use std::collections::BTreeMap;

use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::CONTENT_SECURITY_POLICY;

use super::answer::{HttpAnswer, PAGE_POLICY, whole_answer};

/// Whether the program was built with the page. Without it the server responds with instructions
/// for building it.
pub(crate) const HAS_PAGE: bool = cfg!(page_inside);

#[cfg(page_inside)]
mod inside {
    // `NAMES_AND_BYTES`, written by build.rs from the folder of the built page.
    include!(concat!(env!("OUT_DIR"), "/page_inside.rs"));
}

#[cfg(not(page_inside))]
mod inside {
    pub(super) const NAMES_AND_BYTES: &[(&str, &[u8])] = &[("index.html", WITHOUT.as_bytes())];

    const WITHOUT: &str = include_str!("without-page.html");
}

/// The tag that registers the service worker. It is removed: a companion usually has another
/// port at each start, so an offline copy would never be used.
const OFFLINE: &str = "<meta name=\"loopscope-offline\" content=\"offline.js\">";
/// A tag in every page that tools/page/seal.mjs writes. The companion's tag is inserted before it.
const BUILD: &str = "<meta name=\"loopscope-build\"";
/// The tag by which the page knows that a companion serves it.
const COMPANION: &str = concat!(
    "<meta name=\"loopscope-companion\" content=\"",
    env!("CARGO_PKG_VERSION"),
    "\">\n"
);

#[derive(Debug)]
pub(super) struct BundledPage {
    /// Media type and content by path, e.g. `/page-1.js`.
    files: BTreeMap<String, (&'static str, Bytes)>,
}

/// All files of the page by path, e.g. `embed/v1/embed.js`, as a static host serves them.
pub(crate) fn page_files() -> &'static [(&'static str, &'static [u8])] {
    inside::NAMES_AND_BYTES
}

/// Whether the page of a companion uses the file. It has no service worker, because its address
/// changes with each start, and nothing for embedded pages, because no other page may frame it.
fn is_served(name: &str) -> bool {
    name != "offline.js" && !name.starts_with("inside-") && !name.starts_with("embed/")
}

impl BundledPage {
    pub(super) fn inside() -> Self {
        Self::of(inside::NAMES_AND_BYTES)
    }

    fn of(files: &[(&str, &'static [u8])]) -> Self {
        let mut page = Self {
            files: BTreeMap::new(),
        };
        for (name, bytes) in files.iter().filter(|(name, _)| is_served(name)) {
            let kind = media_type(name);
            if *name == "index.html" {
                let text = Bytes::from(for_companion(&String::from_utf8_lossy(bytes)));
                page.files.insert("/".to_owned(), (kind, text.clone()));
                page.files.insert("/index.html".to_owned(), (kind, text));
            } else {
                let bytes = Bytes::from_static(bytes);
                page.files.insert(format!("/{name}"), (kind, bytes));
            }
        }
        page
    }

    /// The response for a path. `None` if there is no such file.
    pub(super) fn answer(&self, path: &str) -> Option<HttpAnswer> {
        let (kind, bytes) = self.files.get(path)?;
        let mut answer = whole_answer(StatusCode::OK, kind, bytes.clone());
        answer
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
        Some(answer)
    }
}

fn for_companion(html: &str) -> String {
    html.replace(OFFLINE, "")
        .replace(BUILD, &format!("{COMPANION}{BUILD}"))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_exact_name_only() {
        let page = BundledPage::of(&[("index.html", b"<p>"), ("page-1.js", b"1")]);
        for path in ["/", "/index.html", "/page-1.js"] {
            assert!(page.answer(path).is_some(), "{path}");
        }
        for path in [
            "",
            "/page",
            "//page-1.js",
            "/../page-1.js",
            "/PAGE-1.JS",
            "/page-1.js/",
        ] {
            assert!(page.answer(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_companion_serves_no_file_for_other_hosts() {
        let files: [(&str, &[u8]); 4] = [
            ("embed/v1/embed.js", b"1"),
            ("inside-1.js", b"2"),
            ("offline.js", b"3"),
            ("python/client-1.js", b"4"),
        ];
        let page = BundledPage::of(&files);
        let served: Vec<&String> = page.files.keys().collect();
        assert_eq!(served, ["/python/client-1.js"]);
    }

    #[test]
    fn the_page_learns_that_a_companion_serves_it() {
        let html = concat!(
            "<head><meta name=\"loopscope-build\" content=\"1\">",
            "<meta name=\"loopscope-offline\" content=\"offline.js\"></head>"
        );
        let page = BundledPage::of(&[("index.html", html.as_bytes())]);
        let (_, bytes) = &page.files["/"];
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("offline") && text.contains(COMPANION),
            "{text}"
        );
    }
}
