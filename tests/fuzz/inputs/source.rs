//! New inputs: mutated from the corpus, generated, or random words.

use crate::python_lines::PYTHON_LINES;
use model::trace::codec;
use std::collections::BTreeMap;

use analysis::guess::Family;
use formats::export::{self, trace::Origin};
use formats::link;
use loopscope_page::protocol::simulation::{Reached, SimulationRequest, SimulationResponse};
use loopscope_page::protocol::{self, Request, RequestId, Response};
use miniz_oxide::deflate::compress_to_vec;
use model::trace::Trace;
use model::workload::Workload;
use serde_json::json;
use sim::{SyncRunLimits, simulate_sync};

use super::corpus::Bases;
use super::mutate::mutated;
use super::words;
use crate::checks::Kind;
use crate::checks::scripts::{self, Choices};
use crate::rng::Rng;

/// Longer runs would make long trace files.
const BOUNDS: SyncRunLimits = SyncRunLimits {
    instances: 20,
    records: 60,
    steps: 2_000,
};

pub(super) fn input(kind: Kind, bases: &Bases, rng: &mut Rng) -> Vec<u8> {
    let words = words::of(kind);
    // All bytes are valid choices, so mutation adds nothing.
    if kind == Kind::Program {
        return choices(rng);
    }
    let bases = bases.of(kind);
    match rng.below(10) {
        0 | 1 => soup(words, rng),
        2..=5 if !bases.is_empty() => {
            let base = &bases[rng.below(bases.len())];
            let other = &bases[rng.below(bases.len())];
            mutated(base, other, words, rng)
        }
        _ => {
            let base = generated(kind, rng);
            let other = generated(kind, rng);
            let whole = rng.chance(20);
            let input = if whole {
                base
            } else {
                mutated(&base, &other, words, rng)
            };
            match kind {
                // Mutates the content before compression. Mutating the compressed letters almost
                // always breaks the link before its content is read.
                Kind::Link if rng.chance(70) => {
                    packed(&mutated(&content(rng), &other, words::JSON, rng))
                }
                _ => input,
            }
        }
    }
}

fn generated(kind: Kind, rng: &mut Rng) -> Vec<u8> {
    match kind {
        Kind::Program => choices(rng),
        Kind::Script => generated_script(rng).into_bytes(),
        Kind::Python => python(rng),
        Kind::Trace => trace_file(rng),
        Kind::Link => packed(&content(rng)),
        Kind::Message => message(rng),
        Kind::Request => request(rng),
        Kind::Vary => vary(rng).into_bytes(),
        Kind::Answer => answer(rng).into_bytes(),
        Kind::Table => table(rng).into_bytes(),
    }
}

fn choices(rng: &mut Rng) -> Vec<u8> {
    let length = rng.pick(&[20, 60, 150, 400]);
    (0..rng.below(length)).map(|_| rng.next() as u8).collect()
}

/// Random words in a row.
fn soup(words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let count = rng.pick(&[3, 10, 30, 100]);
    let pieces = (0..rng.between(1, count)).map(|_| rng.pick(words));
    pieces.collect::<String>().into_bytes()
}

fn generated_script(rng: &mut Rng) -> String {
    scripts::script(&mut Choices::new(&choices(rng)))
}

fn small_run(rng: &mut Rng) -> (String, Workload, Trace) {
    let text = generated_script(rng);
    let workload = script::parse(&text).workload.unwrap_or_default();
    match simulate_sync(&workload, BOUNDS) {
        Some(trace) => (text, workload, trace),
        // The random run is too large, so a fixed small one replaces it.
        None => {
            let text = "a: await 1 -> cpu 2\nb: block 1\n";
            let workload = script::parse(text).workload.unwrap_or_default();
            let trace = simulate_sync(&workload, BOUNDS).expect("a small run");
            (text.to_owned(), workload, trace)
        }
    }
}

fn python(rng: &mut Rng) -> Vec<u8> {
    // Exported programs are valid Python; the lines below are mostly invalid together.
    if rng.chance(50) {
        let text = generated_script(rng);
        let workload = script::parse(&text).workload.unwrap_or_default();
        return export::asyncio(&workload).into_bytes();
    }
    let lines = (0..rng.between(1, 25)).map(|_| {
        let indent = "    ".repeat(rng.below(4));
        format!("{indent}{}\n", rng.pick(PYTHON_LINES))
    });
    lines.collect::<String>().into_bytes()
}

fn trace_file(rng: &mut Rng) -> Vec<u8> {
    let (text, workload, trace) = small_run(rng);
    let mut bytes = Vec::new();
    let origin = Origin {
        script: &text,
        runtime: None,
        versions: &BTreeMap::new(),
        scale: 1.0,
    };
    let written = if rng.chance(70) {
        export::trace::trace(origin, &trace, &mut bytes)
    } else {
        export::perfetto(&text, &workload, &trace, &mut bytes)
    };
    written.expect("memory can be written");
    bytes
}

fn content(rng: &mut Rng) -> Vec<u8> {
    let script = generated_script(rng);
    let content = match rng.below(3) {
        0 => json!({ "script": script }),
        // The shift gives numbers of all magnitudes.
        1 => json!({ "script": script, "at_ns": rng.next() >> rng.below(64), "by_thread": true }),
        _ => {
            json!({ "script": script, "language": "ko", "other": [null, 1.5, { "a": "\u{1f600}" }] })
        }
    };
    content.to_string().into_bytes()
}

fn packed(content: &[u8]) -> Vec<u8> {
    let deflated = compress_to_vec(content, 6);
    format!("v1.{}", link::base64_encode(&deflated)).into_bytes()
}

fn message(rng: &mut Rng) -> Vec<u8> {
    let id = RequestId(rng.next() as u32);
    match rng.below(4) {
        0 => {
            let script = generated_script(rng);
            let kind = SimulationRequest::Run { script };
            protocol::encode(&Request { id, kind })
        }
        1 => {
            let reached = Reached {
                steps: rng.next() >> rng.below(64),
                at_ns: rng.next(),
            };
            let kind = SimulationResponse::Progress(reached);
            protocol::encode(&Response { id, kind })
        }
        _ => codec::encode(&small_run(rng).2),
    }
}

fn request(rng: &mut Rng) -> Vec<u8> {
    let script = small_run(rng).0;
    let runtime = rng.pick(&["asyncio", "threads", "tokio", "fastapi", "celery", "bash"]);
    let scale = rng.pick(&[0.001, 0.1, 1.0, 1_000.0, -1.0]);
    let runs = rng.below(12);
    let body = json!({ "script": script, "runtime": runtime, "scale": scale, "runs": runs });
    body.to_string().into_bytes()
}

fn vary(rng: &mut Rng) -> String {
    let name = rng.pick(&[
        "run",
        "cores",
        "pool",
        "executor",
        "processes",
        "jobs",
        "servers",
        "switch",
        "line 1",
        "line 2",
    ]);
    let is_time = name.starts_with("line") || name == "switch";
    let unit = if is_time {
        rng.pick(&["", "s", "ms", "us", "min"])
    } else {
        ""
    };
    let (first, second) = (
        rng.below(words::COUNTS.len()),
        rng.below(words::COUNTS.len()),
    );
    let (low, high) = (
        words::COUNTS[first.min(second)],
        words::COUNTS[first.max(second)],
    );
    let step = rng.pick(&["", "", " by ", " times ", " in "]);
    let count = if step.is_empty() {
        ""
    } else {
        rng.pick(words::COUNTS)
    };
    format!("{name} {low}{unit}..{high}{unit}{step}{count}")
}

fn answer(rng: &mut Rng) -> String {
    let family = Family::ALL[rng.below(Family::ALL.len())].name();
    let given = rng.pick(&[
        "9s",
        "1.5s",
        "0",
        "pasta, toast",
        "toast > pasta, soup",
        "a",
        "12",
    ]);
    let question = format!("{family} {} {given}", rng.below(1_000));
    if rng.chance(30) {
        format!("{question}\n{}", generated_script(rng))
    } else {
        question
    }
}

fn table(rng: &mut Rng) -> String {
    if rng.chance(50) {
        let lines = (0..rng.between(1, 6)).map(|_| {
            let path = rng.pick(&["mylib.aio", "mylib.charge", "mylib", "a.b.c"]);
            let manner = rng.pick(&["await", "block", "cpu", "nothing"]);
            format!("{path} {manner} {}ms\n", rng.pick(words::COUNTS))
        });
        return lines.collect();
    }
    let points: Vec<usize> = (0..rng.between(1, 6)).collect();
    let cut = rng.below(points.len());
    let row = |point: &usize| format!("{point},{},1,2,3,4,5\n", point + 1);
    let rows = |points: &[usize]| points.iter().map(row).collect::<String>();
    let head = "point,run,async.total\n";
    let (first, second) = points.split_at(cut);
    format!("{head}{}---\n{head}{}", rows(first), rows(second))
}
