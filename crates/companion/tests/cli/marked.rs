//! The command line in the language in which every text is marked, `⟦so⟧`: what is said without
//! marks would stay English in any language but English and Korean.

use std::collections::BTreeSet;
use std::fs;

use super::transcript::Transcript;

/// Whose answers are for programs, are scripts and links, are help (which is compared with its
/// translations in `native/cli/help.rs`), or are in a language that was asked for.
const OTHERS: &[&str] = &[
    "--format json",
    "--format csv",
    "--svg",
    "--help",
    "--lang",
    "LANG=",
    "cat ",
    "export",
    "import",
    "lessons",
    "link",
    // Says what is wrong in JSON, in the words of its parser.
    "open pasta.loop",
];

/// The same in every language: units, functions, the script language and its samples, names that
/// can be typed, kinds of events, and a thread of another program.
const WORDS: &[&str] = &[
    "us",
    "ms",
    "max",
    "ceil",
    "async",
    "def",
    "await",
    "block",
    "cpu",
    "at",
    "ping",
    "pasta",
    "toast",
    "waits",
    "busy",
    "hands",
    "staircase",
    "pool",
    "gil",
    "processes",
    "semaphore",
    "gather",
    "order",
    "queue",
    "offload",
    "token",
    "thread",
];

#[test]
fn nothing_is_said_outside_of_the_catalogues() {
    let mut left = Vec::new();
    for entry in fs::read_dir(super::folder())
        .expect("the cases are there")
        .flatten()
    {
        let path = entry.path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        let written = fs::read_to_string(&path).expect("a case");
        left.extend(unmarked(&name, &Transcript::parse(&written)));
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

/// The words that a session says without marks, with the line they are in.
fn unmarked(name: &str, session: &Transcript) -> Vec<String> {
    let own: BTreeSet<String> = session.files().flat_map(words).collect();
    let happened = session.replay_in(name, "qaa");
    let mut left = Vec::new();
    for (command, answer) in happened.commands() {
        let asked: BTreeSet<String> = words(command).collect();
        let answer = answer.join("\n");
        // The parser of the command line speaks English, always with this at its end.
        let is_parsers = answer.ends_with("For more information, try '--help'.");
        if is_parsers
            || ["ls", "loopscope"].contains(&command)
            || OTHERS.iter().any(|option| command.contains(option))
        {
            continue;
        }
        let answer = without_marked(&answer);
        for line in answer.lines() {
            let unknown = words(line).filter(|word| {
                !own.contains(word) && !asked.contains(word) && !WORDS.contains(&word.as_str())
            });
            let unknown: Vec<_> = unknown.collect();
            if !unknown.is_empty() {
                left.push(format!(
                    "{name}: $ {command}: {} in: {line}",
                    unknown.join(" ")
                ));
            }
        }
    }
    left
}

/// Runs of two letters and more.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| word.len() > 1).map(str::to_owned)
}

fn without_marked(text: &str) -> String {
    let mut rest = text;
    let mut without = String::new();
    while let Some((before, marked)) = rest.split_once('⟦') {
        without.push_str(before);
        without.push(' ');
        rest = marked.split_once('⟧').map_or("", |(_, after)| after);
    }
    without + rest
}
