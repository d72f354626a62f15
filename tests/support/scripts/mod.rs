//! Random valid scripts over the whole grammar, in many spellings.
//!
//! A string of bytes determines the script: each byte is a choice. proptest, a fuzzer or a seed
//! can supply the bytes. Fewer or smaller bytes make a simpler script, so shrinking the bytes
//! shrinks the script. A task refers only to later tasks, so no script recurses endlessly.

mod segments;
mod spelling;

use std::fmt::Write as _;

use segments::{Body, member, nodes, one_of};
use spelling::{line, noise, write_headed};

/// The remaining choices. After the last byte, every choice is the first option.
#[derive(Debug)]
pub(crate) struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        usize::from(*first) % bound.max(1)
    }

    pub(crate) fn pick<'c, T: ?Sized>(&mut self, options: &[&'c T]) -> &'c T {
        options[self.below(options.len())]
    }

    /// `true` with probability 1 in `of`.
    pub(crate) fn rarely(&mut self, of: usize) -> bool {
        self.below(of) == of - 1
    }

    fn are_left(&self) -> bool {
        !self.bytes.is_empty()
    }
}

/// Keywords such as `run` and `all` are valid names, and names may be Korean.
const ASYNC_NAMES: [&str; 5] = ["pasta", "toast", "파스타", "order", "run"];
const SYNC_NAMES: [&str; 3] = ["crunch", "wash", "all"];
const DEPTH_MAX: usize = 4;

/// The declarations of a script.
#[derive(Default)]
struct World {
    queues: Vec<&'static str>,
    lockables: Vec<&'static str>,
    pools: Vec<&'static str>,
    events: Vec<&'static str>,
    conditions: Vec<&'static str>,
    async_tasks: usize,
    sync_tasks: usize,
}

/// A valid script.
pub(crate) fn script(choices: &mut Choices) -> String {
    let mut world = World {
        async_tasks: 1 + choices.below(ASYNC_NAMES.len()),
        sync_tasks: choices.below(SYNC_NAMES.len() + 1),
        ..World::default()
    };
    let mut out = String::new();
    noise(&mut out, 0, choices);
    settings(&mut out, choices);
    resources(&mut out, &mut world, choices);
    for (index, name) in ASYNC_NAMES.iter().enumerate().take(world.async_tasks) {
        let body = Body {
            world: &world,
            next_async: index + 1,
            next_sync: 0,
            handles: Vec::new(),
        };
        // `async def` is optional and not case-sensitive.
        let header = choices.pick(&["", "async def ", "Async Def "]);
        task(&mut out, header, name, body, true, choices);
    }
    for (index, name) in SYNC_NAMES.iter().enumerate().take(world.sync_tasks) {
        let body = Body {
            world: &world,
            next_async: ASYNC_NAMES.len(),
            next_sync: index + 1,
            handles: Vec::new(),
        };
        task(&mut out, "def ", name, body, false, choices);
    }
    runs(&mut out, &world, choices);
    expectations(&mut out, &world, choices);
    // Line endings of Windows.
    if choices.rarely(8) {
        out = out.replace('\n', "\r\n");
    }
    out
}

fn settings(out: &mut String, choices: &mut Choices) {
    let settings = [
        "cores 2",
        "gil off",
        "switch 10ms",
        "pool 3",
        "executor 2",
        "processes 2",
        "jobs 2",
        "prefetch 0",
        "python 3.11",
        "eager off",
        "servers 2",
        "seed 42",
        "until 1h",
        "GIL ON",
    ];
    let mut used = Vec::new();
    while choices.rarely(3) {
        // A script may have each setting once.
        let index = choices.below(settings.len());
        let word = settings[index]
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if !used.contains(&word) {
            line(out, 0, settings[index], choices);
            used.push(word);
        }
    }
}

fn resources(out: &mut String, world: &mut World, choices: &mut Choices) {
    for (name, written) in [("plates", "queue plates"), ("orders", "queue orders 2")] {
        if choices.rarely(2) {
            world.queues.push(name);
            line(out, 0, written, choices);
        }
    }
    for (name, written) in [("stove", "semaphore stove 2"), ("sink", "Lock sink")] {
        if choices.rarely(2) {
            world.lockables.push(name);
            line(out, 0, written, choices);
        }
    }
    if choices.rarely(2) {
        world.pools.push("plugs");
        let written = choices.pick(&[
            "pool plugs 2",
            "Pool plugs 1 timeout 2",
            "pool plugs 3 timeout 500ms",
        ]);
        line(out, 0, written, choices);
    }
    if choices.rarely(2) {
        world.events.push("ready");
        line(out, 0, "event ready", choices);
    }
    if choices.rarely(2) {
        world.conditions.push("done");
        line(out, 0, "condition done", choices);
    }
}

fn task(
    out: &mut String,
    header: &str,
    name: &str,
    mut body: Body,
    is_async: bool,
    choices: &mut Choices,
) {
    let nodes = nodes(&mut body, is_async, !is_async, 0, choices);
    let parens = choices.pick(&["", "()"]);
    // `run():` defines a task, although `run` begins a run line.
    let header = format!("{header}{name}{parens}:");
    write_headed(out, 0, &header, &nodes, choices);
}

fn runs(out: &mut String, world: &World, choices: &mut Choices) {
    // Without `run` lines, a script runs each task that no other task names, e.g. the first.
    while choices.rarely(3) {
        let arrivals = choices.pick(&[
            "",
            " at 2s",
            " every 10ms",
            " at 50/s",
            " every 1초 from 2s",
            " at 3/min from 1s",
            " at 1 every 2",
        ]);
        let first = ASYNC_NAMES[choices.below(world.async_tasks)];
        let mut members = member(first, choices);
        if let Some(other) = one_of(&SYNC_NAMES[..world.sync_tasks], choices) {
            let _ = write!(members, ", {}", member(other, choices));
        }
        line(out, 0, &format!("run {members}{arrivals}"), choices);
    }
}

fn expectations(out: &mut String, world: &World, choices: &mut Choices) {
    while choices.rarely(3) {
        let bound = choices.pick(&[
            "9s",
            "<= 9s",
            "> 1s",
            "= 3s",
            "3s ± 1%",
            "3 +- 50ms",
            "3s +/- 0.5 %",
            "≥ 20ms",
        ]);
        let task = ASYNC_NAMES[choices.below(world.async_tasks)];
        let claim = match choices.below(9) {
            0 => format!("total {bound}"),
            1 => format!("{task} done {bound}"),
            2 => format!("{task} 2 started {bound}"),
            3 => format!("loop lag {bound}"),
            4 => format!("freeze {bound}"),
            5 => "threads <= 40".to_owned(),
            6 => format!(
                "{task} {}",
                choices.pick(&["failed", "cancelled", "responded"])
            ),
            7 => format!("{task} {} {bound}", choices.pick(&["p50", "p95", "p99"])),
            _ => format!("order {task},{}", ASYNC_NAMES[0]),
        };
        line(out, 0, &format!("expect {claim}"), choices);
    }
}
