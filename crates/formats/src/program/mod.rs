//! A Python program that ran on the virtual clock: its files, its output, its errors.
//!
//! The trace of such a run refers to a script whose segments name the lines of the program
//! (docs/trace-format.md). [`ProgramRun::rename`] puts the lines and names of the program in their
//! place, so everything that draws or reports shows the program. [`translated`] translates the
//! package's sentences.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use words::translated;

use model::workload::{Place, SegmentId, TaskIndex, Workload};

/// One run of a Python program, without its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramRun {
    /// The texts of all its files, one after another; places of the workload are ranges of it.
    pub text: String,
    /// The first is the program itself.
    files: Vec<SourceFile>,
    /// By segment. `None` if no line of the program holds it.
    sites: Vec<Option<Site>>,
    /// By task: the name in the program, e.g. `Client.fetch`.
    names: Vec<String>,
    /// E.g. `3.11.7`.
    pub python: String,
    pub ending: ProgramEnding,
    /// Why the run ended, e.g. which limit it reached. Empty if the program just ended.
    pub message: String,
    pub exit_code: u8,
    /// False if computing was measured on this machine.
    pub is_exact: bool,
    pub output: Vec<OutputLine>,
    pub problems: Vec<Problem>,
    pub notes: Vec<(Option<Site>, String)>,
    pub responses: Vec<Response>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SourceFile {
    name: String,
    /// The byte of `text` at which each line begins, and the end of the last one.
    lines: Vec<usize>,
}

/// A line of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Index of its file; 0 is the program itself.
    pub file: usize,
    /// Counts from 1.
    pub line: u32,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramEnding {
    #[default]
    Finished,
    Error,
    /// It ended itself, e.g. by `sys.exit(3)`.
    Exit,
    Deadlock,
    Limit,
    /// It asked for something that a run on the virtual clock does not do.
    Refused,
}

/// A line that the program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputLine {
    pub at_ns: u64,
    /// The instance of the trace; `None` if it is not in the trace.
    pub instance: Option<u32>,
    pub is_error_stream: bool,
    pub text: String,
    pub site: Option<Site>,
}

/// An exception that nothing caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// E.g. `ZeroDivisionError`.
    pub kind: String,
    pub message: String,
    pub site: Option<Site>,
    /// The program's lines on the way to it, outermost first.
    pub frames: Vec<Site>,
    pub task: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

impl Problem {
    /// The lines whose calls led to it, outermost first.
    pub fn callers(&self) -> impl Iterator<Item = Site> + '_ {
        let calls = self.frames.len().saturating_sub(1);
        self.frames[..calls].iter().copied()
    }
}

/// A request that was sent to the program's app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// E.g. `GET /ping`.
    pub route: String,
    pub status: Option<u32>,
    pub latency_ns: Option<u64>,
}

/// File and line, as in the trace.
type WrittenSite = Option<(String, u32)>;

/// The fields `program`, `lines` and `versions` of a trace. Files from before a field existed
/// lack it.
#[derive(Deserialize)]
pub(crate) struct WrittenProgram {
    file: String,
    source: String,
    #[serde(default)]
    files: Vec<(String, String)>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    ending: ProgramEnding,
    #[serde(default)]
    message: String,
    #[serde(default)]
    exit_code: u8,
    #[serde(default = "exact")]
    is_exact: bool,
    #[serde(default)]
    output: Vec<(u64, i64, String, String, WrittenSite)>,
    #[serde(default)]
    problems: Vec<WrittenProblem>,
    #[serde(default)]
    notes: Vec<(WrittenSite, String)>,
    #[serde(default)]
    responses: Vec<(String, Option<u32>, Option<u64>)>,
}

fn exact() -> bool {
    true
}

#[derive(Deserialize)]
struct WrittenProblem {
    kind: String,
    message: String,
    place: WrittenSite,
    frames: Vec<(String, u32)>,
    task: Option<String>,
    advice: Option<String>,
}

impl WrittenProgram {
    pub(crate) fn read(self, lines: &[WrittenSite], python: String) -> ProgramRun {
        let mut text = String::new();
        let mut files = Vec::new();
        let mut numbers = BTreeMap::new();
        let own = (self.file, self.source);
        for (name, source) in std::iter::once(own).chain(self.files) {
            numbers.insert(name.clone(), files.len());
            files.push(SourceFile::append(name, &source, &mut text));
        }
        let site = |written: &(String, u32)| {
            let file = *numbers.get(&written.0)?;
            (written.1 > 0).then_some(Site {
                file,
                line: written.1,
            })
        };
        let maybe = |written: &WrittenSite| written.as_ref().and_then(site);
        ProgramRun {
            sites: lines.iter().map(maybe).collect(),
            names: self.names,
            python,
            ending: self.ending,
            message: self.message,
            exit_code: self.exit_code,
            is_exact: self.is_exact,
            output: self
                .output
                .into_iter()
                .map(|(at_ns, instance, stream, text, place)| OutputLine {
                    at_ns,
                    instance: u32::try_from(instance).ok(),
                    is_error_stream: stream == "stderr",
                    text,
                    site: maybe(&place),
                })
                .collect(),
            problems: self
                .problems
                .into_iter()
                .map(|problem| Problem {
                    kind: problem.kind,
                    message: problem.message,
                    site: maybe(&problem.place),
                    frames: problem.frames.iter().filter_map(site).collect(),
                    task: problem.task,
                    advice: problem.advice,
                })
                .collect(),
            notes: self
                .notes
                .into_iter()
                .map(|(place, words)| (maybe(&place), words))
                .collect(),
            responses: self
                .responses
                .into_iter()
                .map(|(route, status, latency_ns)| Response {
                    route,
                    status,
                    latency_ns,
                })
                .collect(),
            files,
            text,
        }
    }
}

impl SourceFile {
    fn append(name: String, source: &str, text: &mut String) -> Self {
        let mut lines = vec![text.len()];
        text.push_str(source);
        if !source.ends_with('\n') {
            // The next file begins on a line of its own.
            text.push('\n');
        }
        let begin = lines[0];
        let feeds = text[begin..].match_indices('\n');
        lines.extend(feeds.map(|(at, _)| begin + at + 1));
        Self { name, lines }
    }
}

impl ProgramRun {
    /// Replaces the lines and names of the trace's script by those of the program. Afterwards the
    /// places are ranges of [`ProgramRun::text`]. In another file than the program's own, a place
    /// has no line, because a chart could not name the file; see [`ProgramRun::site`].
    pub fn rename(&self, workload: &mut Workload) {
        for (index, place) in workload.places.iter_mut().enumerate() {
            let site = self.sites.get(index).copied().flatten();
            *place = site.map_or(Place::default(), |site| self.place(site));
            if site.is_some_and(|site| site.file > 0) {
                place.line = 0;
            }
        }
        let mut seen = BTreeSet::new();
        for (task, name) in workload.tasks.iter_mut().zip(&self.names) {
            // A FastAPI handler on a thread has the name of its request.
            let is_first = seen.insert(name);
            task.name = if is_first {
                name.clone()
            } else {
                format!("{name} (thread)")
            };
        }
    }

    /// The printed lines that have a record in the trace, in its order.
    pub fn printed(&self) -> impl Iterator<Item = &str> {
        let recorded = self.output.iter().filter(|line| line.instance.is_some());
        recorded.map(|line| line.text.as_str())
    }

    /// The program's file, as the command that ran it named it.
    pub fn file(&self) -> &str {
        self.file_name(0)
    }

    /// The name of a task in the program, e.g. `Client.fetch`.
    pub fn task_name(&self, task: TaskIndex) -> Option<&str> {
        self.names.get(task.0 as usize).map(String::as_str)
    }

    /// The line of a segment; `None` if no line of the program holds it.
    pub fn site(&self, segment: SegmentId) -> Option<Site> {
        self.sites.get(segment.0 as usize).copied().flatten()
    }

    pub fn site_file(&self, site: Site) -> &str {
        self.file_name(site.file)
    }

    fn file_name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.name)
    }

    /// The text of a line, without its indentation.
    pub fn line(&self, site: Site) -> &str {
        let place = self.place(site);
        &self.text[place.start as usize..place.end as usize]
    }

    /// The line without its indentation, as a range of [`ProgramRun::text`].
    fn place(&self, site: Site) -> Place {
        let lines = self.files.get(site.file).map(|file| file.lines.as_slice());
        // The line's start and that of the next.
        let around = |lines: &'_ [usize]| {
            let end = lines.get(site.line as usize)?;
            Some((*lines.get(site.line.checked_sub(1)? as usize)?, *end))
        };
        let Some((start, end)) = lines.and_then(around) else {
            return Place {
                line: site.line,
                ..Place::default()
            };
        };
        let line = &self.text[start..end];
        let indentation = line.len() - line.trim_start().len();
        let length = line.trim().len();
        let first = start + indentation;
        Place {
            line: site.line,
            start: first as u32,
            end: (first + length) as u32,
        }
    }

    /// Line and column of a segment's start and end in their own file, from 1, and the bytes
    /// from the start of that file. `None` if no line holds it.
    pub fn stretch(&self, segment: SegmentId) -> Option<[(usize, usize, u32); 2]> {
        let site = self.site(segment)?;
        let begin = *self.files.get(site.file)?.lines.first()?;
        let line_start = *self
            .files
            .get(site.file)?
            .lines
            .get(site.line as usize - 1)?;
        let place = self.place(site);
        let position = |byte: u32| {
            let before = &self.text[line_start..byte as usize];
            let column = before.chars().count() + 1;
            (site.line as usize, column, byte - begin as u32)
        };
        Some([position(place.start), position(place.end)])
    }
}

/// The texts, lines and names that a chart of the run shows, e.g. for another web worker, which
/// has only the trace and its script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramSource {
    /// As [`ProgramRun::text`].
    pub text: String,
    /// By segment.
    places: Vec<Place>,
    /// By task.
    names: Vec<String>,
}

impl ProgramSource {
    /// From the run, and its workload after [`ProgramRun::rename`].
    pub fn of(run: &ProgramRun, renamed: &Workload) -> Self {
        Self {
            text: run.text.clone(),
            places: renamed.places.clone(),
            names: renamed.tasks.iter().map(|task| task.name.clone()).collect(),
        }
    }

    /// Does what [`ProgramRun::rename`] does to a workload of the same script.
    pub fn rename(self, workload: &mut Workload) {
        for (place, own) in workload.places.iter_mut().zip(self.places) {
            *place = own;
        }
        for (task, name) in workload.tasks.iter_mut().zip(self.names) {
            task.name = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(lines: &[WrittenSite]) -> ProgramRun {
        let written = r#"{
            "file": "app.py", "source": "import 도구\n\n    도구.f()\n",
            "files": [["/srv/도구.py", "def f():\n    return 1"]],
            "names": ["Client.fetch"]}"#;
        let written: WrittenProgram = serde_json::from_str(written).expect("a program");
        written.read(lines, "3.11.7".to_owned())
    }

    fn at(file: &str, line: u32) -> WrittenSite {
        Some((file.to_owned(), line))
    }

    #[test]
    fn a_segment_is_a_line_of_its_file() {
        let lines = [
            at("app.py", 3),
            at("/srv/도구.py", 2),
            None,
            at("app.py", 99),
            at("gone.py", 1),
        ];
        let run = program(&lines);
        let text = |number| run.site(SegmentId(number)).map(|site| run.line(site));
        assert_eq!(text(0), Some("도구.f()"));
        assert_eq!(text(1), Some("return 1"));
        assert_eq!((text(2), text(3), text(4)), (None, Some(""), None));
        assert_eq!(
            run.stretch(SegmentId(0)),
            Some([(3, 5, 19), (3, 11, 29)]),
            "columns count characters, bytes count from the file's start"
        );
        assert_eq!(run.stretch(SegmentId(1)), Some([(2, 5, 13), (2, 13, 21)]));
    }

    #[test]
    fn the_workload_gets_lines_and_names_of_the_program() {
        let mut workload = script::parse("async def Client_fetch: await 0s -> await 1s\n")
            .workload
            .expect("a valid script");
        let run = program(&[at("app.py", 3), None]);
        run.rename(&mut workload);
        assert_eq!(workload.tasks[0].name, "Client.fetch");
        assert_eq!(workload.source(&run.text, SegmentId(0)), "도구.f()");
        let lines: Vec<u32> = workload.places.iter().map(|place| place.line).collect();
        assert_eq!(lines, [3, 0]);
    }

    #[test]
    fn another_workload_of_the_script_gets_the_same() {
        let script = "async def Client_fetch: await 0s -> await 1s\n";
        let parsed = || script::parse(script).workload.expect("a valid script");
        let run = program(&[at("app.py", 3), None]);
        let mut workload = parsed();
        run.rename(&mut workload);
        let mut other = parsed();
        ProgramSource::of(&run, &workload).rename(&mut other);
        assert_eq!(other, workload);
        // A damaged message has too few or too many of them.
        let source = ProgramSource::of(&run, &workload);
        source.rename(
            &mut script::parse("a: cpu 1\n")
                .workload
                .expect("a valid script"),
        );
    }
}
