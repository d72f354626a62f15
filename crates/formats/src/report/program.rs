//! The `program` of a result: a Python program's ending, output, errors, responses and notes.

use serde::{Serialize, Serializer};

use crate::program::{ProgramEnding, ProgramRun, Site};

pub(super) struct Written<'a>(pub(super) &'a ProgramRun);

#[derive(Serialize)]
struct Program<'a> {
    file: &'a str,
    python: &'a str,
    ending: ProgramEnding,
    message: &'a str,
    exit_code: u8,
    exact: bool,
    output: Vec<Output<'a>>,
    problems: Vec<Problem<'a>>,
    responses: Vec<Response<'a>>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Output<'a> {
    t_ns: u64,
    stream: &'static str,
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Problem<'a> {
    kind: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    task: Option<&'a str>,
    advice: Option<&'a str>,
    called_from: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Response<'a> {
    route: &'a str,
    status: Option<u32>,
    latency_ns: Option<u64>,
}

#[derive(Serialize)]
struct Note<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// Absent where no line of the program is concerned.
#[derive(Serialize)]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = self.0;
        let place = |site: Option<Site>| Place {
            file: site.map(|site| run.site_file(site)),
            line: site.map(|site| site.line),
        };
        let output = run.output.iter().map(|line| Output {
            t_ns: line.at_ns,
            stream: if line.is_error_stream {
                "stderr"
            } else {
                "stdout"
            },
            text: &line.text,
            place: place(line.site),
        });
        let problems = run.problems.iter().map(|problem| Problem {
            kind: &problem.kind,
            message: &problem.message,
            place: place(problem.site),
            task: problem.task.as_deref(),
            advice: problem.advice.as_deref(),
            called_from: problem.callers().map(|site| place(Some(site))).collect(),
        });
        let responses = run.responses.iter().map(|response| Response {
            route: &response.route,
            status: response.status,
            latency_ns: response.latency_ns,
        });
        let notes = run.notes.iter().map(|(site, text)| Note {
            text,
            place: place(*site),
        });
        Program {
            file: run.file(),
            python: &run.python,
            ending: run.ending,
            message: &run.message,
            exit_code: run.exit_code,
            exact: run.is_exact,
            output: output.collect(),
            problems: problems.collect(),
            responses: responses.collect(),
            notes: notes.collect(),
        }
        .serialize(serializer)
    }
}
