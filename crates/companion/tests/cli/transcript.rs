//! Terminal sessions as text files, and their replay:
//!
//! ```text
//! # The reason for this case.
//! @ pasta.loop
//! | pasta: cpu 3
//!
//! $ loopscope run pasta.loop
//! > a line of standard output
//! ! a line of standard error
//! = 0
//! ```
//!
//! `@` begins a file, with `\t`, `\r` and `\xff` as in Rust. A command may begin with variables
//! (`LANG=ko_KR`) and read a file with `<`. Besides `loopscope` there are `cat FILE` and `ls`. The
//! last line of a command is its exit code. `%` marks a last line without a line feed, and control
//! characters are escaped.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::process::{finish, loopscope, python};

pub(crate) struct Transcript {
    steps: Vec<Step>,
}

enum Step {
    /// Prose and empty lines.
    Text(String),
    File {
        name: String,
        lines: Vec<String>,
    },
    Command {
        line: String,
        /// The lines of output, each with its sign.
        answer: Vec<String>,
    },
}

impl Transcript {
    pub(crate) fn parse(text: &str) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for line in text.lines() {
            let sign = line.chars().next().map_or(0, char::len_utf8);
            let (sign, rest) = line.split_at(sign);
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match (sign, steps.last_mut()) {
                ("@", _) => steps.push(Step::File {
                    name: rest.to_owned(),
                    lines: Vec::new(),
                }),
                ("|", Some(Step::File { lines, .. })) => lines.push(rest.to_owned()),
                ("$", _) => steps.push(Step::Command {
                    line: rest.to_owned(),
                    answer: Vec::new(),
                }),
                (">" | "!" | "=", Some(Step::Command { answer, .. })) => {
                    answer.push(line.to_owned());
                }
                _ => steps.push(Step::Text(line.to_owned())),
            }
        }
        Self { steps }
    }

    /// The same session with today's output.
    #[track_caller]
    pub(crate) fn replay(&self, name: &str) -> Self {
        self.replay_in(name, "")
    }

    /// The same session with `LANG` set to this locale.
    #[track_caller]
    pub(crate) fn replay_in(&self, name: &str, locale: &str) -> Self {
        let folder = empty_folder(&format!("{name}{locale}"));
        let step = |step: &Step| match step {
            Step::Text(text) => Step::Text(text.clone()),
            Step::File { name, lines } => {
                let content: Vec<u8> = lines.iter().flat_map(|line| unescaped(line)).collect();
                let path = folder.join(name);
                fs::create_dir_all(path.parent().expect("it is in the folder"))
                    .and_then(|()| fs::write(path, content))
                    .expect("the folder of the test can be written");
                Step::File {
                    name: name.clone(),
                    lines: lines.clone(),
                }
            }
            Step::Command { line, .. } => Step::Command {
                line: line.clone(),
                answer: answer(line, &folder, locale),
            },
        };
        Self {
            steps: self.steps.iter().map(step).collect(),
        }
    }
}

impl Transcript {
    /// Each command with its lines of output, without their signs.
    pub(crate) fn commands(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Command { line, answer } => {
                let said = answer.iter().filter(|line| !line.starts_with('='));
                let said = said.map(|line| line.get(2..).unwrap_or_default());
                Some((line.as_str(), said.collect()))
            }
            Step::Text(_) | Step::File { .. } => None,
        })
    }

    /// The lines and names of the session's files, which are written by hand.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| match step {
            Step::File { name, lines } => {
                let lines = lines.iter().map(String::as_str);
                lines.chain([name.as_str()]).collect()
            }
            Step::Text(_) | Step::Command { .. } => Vec::new(),
        })
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match step {
                Step::Text(text) => writeln!(f, "{text}")?,
                Step::File { name, lines } => {
                    writeln!(f, "@ {name}")?;
                    for line in lines {
                        writeln!(f, "{}", format!("| {line}").trim_end())?;
                    }
                }
                Step::Command { line, answer } => {
                    writeln!(f, "$ {line}")?;
                    for line in answer {
                        writeln!(f, "{line}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A description of the first different line.
pub(crate) fn difference(written: &str, happened: &str) -> Option<String> {
    if written == happened {
        return None;
    }
    let same = written.lines().zip(happened.lines());
    let number = same.take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(number).unwrap_or("(nothing)").to_owned();
    let (was, is) = (line(written), line(happened));
    Some(format!(
        "differs in line {}\n  written:  {was}\n  happened: {is}",
        number + 1
    ))
}

pub(crate) fn empty_folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("cli")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

#[track_caller]
fn answer(line: &str, folder: &Path, locale: &str) -> Vec<String> {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["cat", file] => {
            let content = fs::read(folder.join(file)).expect("the file is there");
            signed('>', &content)
        }
        ["ls"] => {
            let entries = fs::read_dir(folder).expect("the folder is there");
            let name = |entry: std::io::Result<fs::DirEntry>| {
                let name = entry.expect("it can be listed").file_name();
                name.to_string_lossy().into_owned()
            };
            let mut names: Vec<String> = entries.map(name).collect();
            names.sort();
            names.iter().map(|name| format!("> {name}")).collect()
        }
        words => spoken(&run(words, folder, locale)),
    }
}

#[track_caller]
fn run(words: &[&str], folder: &Path, locale: &str) -> Output {
    let start = words.iter().position(|word| *word == "loopscope");
    let start = start.expect("a command is `loopscope`, `cat` or `ls`");
    let (words, input) = match words {
        [words @ .., "<", file] => (words, fs::read(folder.join(file)).expect("it is there")),
        words => (words, Vec::new()),
    };
    let mut command = loopscope(folder);
    command.env("LANG", locale);
    if needs_python(words) {
        command.env("LOOPSCOPE_PYTHON", python());
    }
    for variable in &words[..start] {
        let (name, value) = variable.split_once('=').expect("NAME=value");
        command.env(name, value);
    }
    command.args(&words[start + 1..]);
    finish(command, input)
}

fn needs_python(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| ["prove", "--python"].contains(word) || word.ends_with(".py"))
}

/// The version of the machine's Python as `3.N.N`, so that cases hold for every version.
fn without_version(line: String) -> String {
    if !line.contains("CPython") && !line.contains("\"python\":\"") {
        return line;
    }
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = VERSION.get_or_init(|| {
        let ask = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
        let output = Command::new(python()).args(["-c", ask]).output();
        let said = output.expect("Python starts, as it did before").stdout;
        String::from_utf8_lossy(&said).trim().to_owned()
    });
    line.replace(version.as_str(), "3.N.N")
}

fn spoken(output: &Output) -> Vec<String> {
    let mut answer = signed('>', &output.stdout);
    answer.extend(signed('!', &output.stderr));
    let code = output.status.code();
    answer.push(format!(
        "= {}",
        code.map_or("ended by a signal".to_owned(), |c| c.to_string())
    ));
    answer
}

/// A fitted script without its first line where that names an older Python, so that cases hold for
/// every version.
fn without_older_python(script: &str) -> &str {
    let rest = ["python 3.11\n", "python 3.12\n"]
        .iter()
        .find_map(|line| script.strip_prefix(line));
    rest.map_or(script, |rest| rest.strip_prefix('\n').unwrap_or(rest))
}

/// Each line after its sign. `%` follows a last line that lacks a line feed.
fn signed(sign: char, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let text = without_older_python(&text);
    let mut lines: Vec<String> = text
        .split_terminator('\n')
        .map(|line| escaped(&format!("{sign} {line}")).trim_end().to_owned())
        .map(without_version)
        .collect();
    if !text.is_empty() && !text.ends_with('\n') {
        lines.last_mut().expect("it is not empty").push('%');
    }
    lines
}

/// The words of a command line, split like in a shell; quotes keep spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (' ', None) => words.push(String::new()),
            (c, _) => words.last_mut().expect("one was pushed").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The bytes of a file's line, including its line feed, e.g. `\xff` → `0xff`.
fn unescaped(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => match rest.next() {
                Some(b't') => bytes.push(b'\t'),
                Some(b'r') => bytes.push(b'\r'),
                Some(b'x') => {
                    let digits = [rest.next(), rest.next()].map(|d| d.expect("two digits"));
                    let digits = std::str::from_utf8(&digits).expect("hexadecimal digits");
                    bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                }
                other => bytes.extend([Some(b'\\'), other].into_iter().flatten()),
            },
            byte => bytes.push(byte),
        }
    }
    bytes.push(b'\n');
    bytes
}

fn escaped(line: &str) -> String {
    line.replace('\x1b', "\\e")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

#[test]
fn prose_may_begin_with_any_letter() {
    let text = "정상입니다.\n\n# A comment.\n";
    assert_eq!(Transcript::parse(text).to_string(), text);
}
