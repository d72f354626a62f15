//! A test's search for texts without marks, in the language that marks every text, `⟦so⟧`: such
//! texts would stay English in every other language.

use super::{Element, Node};
use script::vocabulary::{SEGMENTS, SETTINGS, words};

/// Attributes whose values people read or hear.
const READ: [&str; 5] = [
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "aria-valuetext",
];

/// Elements that hold code, which is never translated.
const CODE: [&str; 5] = ["code", "pre", "kbd", "textarea", "title"];

/// Words that are the same in every language: units, keys, commands, program and format names.
const SAME: &[&str] = &[
    "ms",
    "µs",
    "GIL",
    "CPU",
    "Loopscope",
    "SVG",
    "PNG",
    "CSV",
    "JSON",
    "Python",
    "Markdown",
    "p95",
    "Shift",
    "Alt",
    "Ctrl",
    "cargo",
    "install",
    "loopscope",
    "serve",
    "allow",
    "origin",
    "https",
    "http",
];

/// The words without marks, each with its line. `known` are the words of the script and of
/// other programs' output.
pub(crate) fn unmarked<L, S>(node: &Node<L, S>, known: &str) -> Vec<String> {
    let known: Vec<&str> = known.split(|c: char| !c.is_alphanumeric()).collect();
    let mut said = String::new();
    let mut attributes = Vec::new();
    gather(node, &mut said, &mut attributes);
    attributes.push(said);
    let left = attributes.iter().map(|text| outside(text));
    let lines = left.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    lines
        .filter_map(|line| {
            let mut words = line.split(|c: char| !c.is_alphanumeric());
            let word =
                words.find(|word| is_english(word) && !known.contains(word) && !is_same(word))?;
            Some(format!("`{word}` in: {line}"))
        })
        .collect()
}

fn is_english(word: &str) -> bool {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    letters.count() > 1
}

fn is_same(word: &str) -> bool {
    let is_unit = |number: &str| number.starts_with(|c: char| c.is_ascii_digit());
    let mut keywords = words(SEGMENTS).chain(words(SETTINGS));
    SAME.contains(&word) || is_unit(word) || keywords.any(|keyword| keyword == word)
}

fn gather<L, S>(node: &Node<L, S>, said: &mut String, attributes: &mut Vec<String>) {
    match node {
        Node::Text(text) => said.push_str(text),
        Node::Several(nodes) => nodes.iter().for_each(|node| gather(node, said, attributes)),
        Node::Slot(_) => {}
        Node::Element(Element(parts)) => {
            if !CODE.contains(&parts.tag.0) {
                let read = parts.attributes.iter();
                let read = read.filter(|(name, _)| READ.contains(&name.0));
                attributes.extend(read.map(|(_, text)| text.to_string()));
                said.push('\n');
                parts
                    .kids
                    .iter()
                    .for_each(|kid| gather(kid, said, attributes));
            }
        }
    }
}

/// The parts of a text outside of the marks.
fn outside(text: &str) -> String {
    let mut rest = text;
    let mut left = String::new();
    while let Some((before, marked)) = rest.split_once('⟦') {
        left.push_str(before);
        left.push(' ');
        rest = marked.split_once('⟧').map_or("", |(_, after)| after);
    }
    left + rest
}
