//! The script in the content of a `<loopscope-lab>`: the last `<pre>` or similar element, or
//! else all text outside pictures. The element in the browser follows the same rule.
//!
//! Not an HTML parser: it handles the tags and character references that authors write by hand.

use std::ops::Range;

/// Elements whose text is the whole script.
const WHOLE: [&str; 4] = ["pre", "textarea", "script", "template"];
/// Pictures next to the script; their text is not part of it.
const PICTURES: [&str; 3] = ["figure", "picture", "svg"];

/// The longest tag, in bytes. A page of tags without an end would otherwise be read once for each.
const TAG_BYTES_MAX: usize = 16 * 1024;

/// The end of the tag at the start of `html`: after the first `>` outside quotes. `None` for a tag
/// that is cut off or longer than [`TAG_BYTES_MAX`].
pub(super) fn tag_end(html: &str) -> Option<usize> {
    let mut quote = None;
    let within = html
        .char_indices()
        .take_while(|(at, _)| *at < TAG_BYTES_MAX);
    for (at, c) in within {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Whether a tag says that its content is a Python program, which has nothing to check.
pub(super) fn is_of_python(tag: &str) -> bool {
    tag.trim_end_matches(['>', '/'])
        .split_ascii_whitespace()
        .filter_map(|part| part.strip_prefix("lang="))
        .any(|lang| {
            lang.trim_matches(['"', '\''])
                .eq_ignore_ascii_case("python")
        })
}

/// The range of the content of the last element that holds a whole script.
pub(super) fn whole_script_range(html: &str) -> Option<Range<usize>> {
    let ranges = WHOLE.into_iter().filter_map(|name| {
        let tag = html.rfind(&format!("<{name}"))?;
        let start = tag + html[tag..].find('>')? + 1;
        let end = html[start..].find(&format!("</{name}"));
        Some(start..end.map_or(html.len(), |end| start + end))
    });
    ranges.max_by_key(|range| range.start)
}

/// The HTML without pictures. Their line breaks stay, so that later lines keep their numbers.
pub(super) fn without_pictures(html: &str) -> String {
    let mut kept = html.to_owned();
    for name in PICTURES {
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        while let Some(start) = kept.find(&open) {
            let end = kept[start..].find(&close);
            let end = end.map_or(kept.len(), |end| start + end + close.len());
            let lines = "\n".repeat(kept[start..end].matches('\n').count());
            kept.replace_range(start..end, &lines);
        }
    }
    kept
}

/// The text without tags and with character references replaced, e.g. `-&gt;` → `->`.
pub(super) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let name = tag[1..].strip_prefix('/').unwrap_or(&tag[1..]);
        rest = match tag.find('>') {
            Some(end) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => &tag[end + 1..],
            // Not a tag, e.g. in `expect total < 3s`.
            _ => {
                text.push('<');
                &tag[1..]
            }
        };
    }
    text.push_str(rest);
    // `&amp;` last, so that `&amp;lt;` becomes `&lt;` and not `<`.
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
