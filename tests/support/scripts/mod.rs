//! Random valid scripts over the whole grammar, in many spellings.
//!
//! A string of bytes determines the script: each byte is a choice. proptest, a fuzzer or a seed
//! can supply the bytes. Fewer or smaller bytes make a simpler script, so shrinking the bytes
//! shrinks the script. A task refers only to later tasks, so no script recurses endlessly.

use std::fmt::Write as _;

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

/// A segment before it is written, inline or as a block.
struct Node {
    head: String,
    /// The block and its clauses; the word of the first is empty.
    blocks: Vec<(&'static str, Vec<Node>)>,
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
    events: Vec<&'static str>,
    conditions: Vec<&'static str>,
    async_tasks: usize,
    sync_tasks: usize,
}

/// The state of a body under construction.
struct Body<'w> {
    world: &'w World,
    /// The first task that this body may refer to.
    next_async: usize,
    next_sync: usize,
    handles: Vec<String>,
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

fn nodes(
    body: &mut Body,
    is_async: bool,
    may_respond: bool,
    depth: usize,
    choices: &mut Choices,
) -> Vec<Node> {
    let count = 1 + choices.below(4);
    (0..count)
        .map(|_| node(body, is_async, may_respond, depth, choices))
        .collect()
}

fn leaf(head: impl Into<String>) -> Node {
    Node {
        head: head.into(),
        blocks: Vec::new(),
    }
}

fn node(
    body: &mut Body,
    is_async: bool,
    may_respond: bool,
    depth: usize,
    choices: &mut Choices,
) -> Node {
    // Without choices left, no block: exhausted bytes must end the script.
    if depth < DEPTH_MAX && choices.are_left() && choices.rarely(3) {
        return block(body, is_async, may_respond, depth, choices);
    }
    if is_async && !choices.rarely(4) {
        return async_leaf(body, choices);
    }
    match choices.below(6) {
        0 => leaf(timed("cpu", choices)),
        1 => leaf(timed("block", choices)),
        2 => leaf(format!(
            "{} {}",
            choices.pick(&["print", "Print"]),
            text(choices)
        )),
        3 => leaf(format!("fail {}", text(choices))),
        4 => match sync_task(body, choices) {
            Some(task) => leaf(format!("call {task}")),
            None => leaf("time.sleep(0.5)"),
        },
        _ if may_respond || is_async => leaf("respond"),
        _ => leaf("cpu 1"),
    }
}

/// A segment that needs the loop. It is an `await` if the script lacks the resource or task.
fn async_leaf(body: &mut Body, choices: &mut Choices) -> Node {
    let world = body.world;
    let segment = match choices.below(18) {
        0 => Some(timed("await", choices)),
        1 => Some("yield".to_owned()),
        2 => async_task(body, choices).map(|task| format!("call {task}")),
        3 => spawn(body, choices),
        4 => handle(body, choices).map(|handle| format!("wait {handle}")),
        5 => handle(body, choices).map(|handle| format!("cancel {handle}")),
        6 => gather(body, choices),
        7 => sync_task(body, choices).map(|task| {
            let word = choices.pick(&["thread", "executor", "process", "Thread"]);
            format!("{word} {task}")
        }),
        8 => send(body, choices),
        9 => one_of(&world.queues, choices)
            .map(|queue| format!("{} {queue}", choices.pick(&["put", "get"]))),
        10 => one_of(&world.lockables, choices)
            .map(|resource| format!("{} {resource}", choices.pick(&["acquire", "release"]))),
        11 => one_of(&world.events, choices)
            .map(|event| format!("{} {event}", choices.pick(&["set", "clear", "wait"]))),
        12 => async_task(body, choices).map(|task| format!("shield {task}")),
        13 => Some("await asyncio.sleep(0.25)".to_owned()),
        14 => Some("await sleep(1..2s)".to_owned()),
        15 => sync_task(body, choices).map(|task| format!("call {task}()")),
        16 => Some("respond".to_owned()),
        _ => one_of(&world.conditions, choices)
            .map(|condition| format!("{} {condition}", choices.pick(&["wait", "notify"]))),
    };
    leaf(segment.unwrap_or_else(|| timed("await", choices)))
}

fn block(
    body: &mut Body,
    is_async: bool,
    may_respond: bool,
    depth: usize,
    choices: &mut Choices,
) -> Node {
    let with = |head: &str, blocks| Node {
        head: head.to_owned(),
        blocks,
    };
    let mut inner = |is_async, may_respond, choices: &mut Choices| {
        nodes(body, is_async, may_respond, depth + 1, choices)
    };
    // The first three kinds are valid in `def` tasks.
    let kinds = if is_async { 8 } else { 3 };
    match choices.below(kinds) {
        0 => {
            let head = format!("repeat {}", choices.below(4));
            let inner = inner(is_async, may_respond, choices);
            with(&head, vec![("", inner)])
        }
        1 => {
            let tried = inner(is_async, may_respond, choices);
            let mut blocks = vec![("", tried)];
            // A `try` needs at least one of its clauses.
            let which = choices.below(3);
            if which != 1 {
                blocks.push(("except", inner(is_async, may_respond, choices)));
            }
            if which != 0 {
                blocks.push(("finally", inner(is_async, may_respond, choices)));
            }
            with("try", blocks)
        }
        2 => with("forever", vec![("", inner(is_async, may_respond, choices))]),
        3 => with("group", vec![("", inner(true, false, choices))]),
        4 => {
            let head = format!("timeout {}", duration(choices));
            let mut blocks = vec![("", inner(true, false, choices))];
            if choices.rarely(2) {
                blocks.push(("else", inner(true, false, choices)));
            }
            with(&head, blocks)
        }
        5 => {
            // The thread of an offload cannot respond; only a `def` handler's own thread can.
            let head = choices.pick(&["thread", "executor", "process"]);
            with(head, vec![("", inner(false, false, choices))])
        }
        6 => {
            let held = body.world.lockables.iter().chain(&body.world.conditions);
            let held: Vec<_> = held.copied().collect();
            let head = match one_of(&held, choices) {
                Some(resource) => format!("{} {resource}", choices.pick(&["with", "async with"])),
                None => "group".to_owned(),
            };
            with(
                &head,
                vec![("", nodes(body, true, false, depth + 1, choices))],
            )
        }
        _ => match one_of(&body.world.conditions, choices) {
            Some(condition) => with(
                &format!("with {condition}"),
                vec![(
                    "",
                    vec![
                        leaf(format!("notify {condition} 2")),
                        leaf(format!("wait {condition}")),
                    ],
                )],
            ),
            None => leaf("yield"),
        },
    }
}

fn one_of<'n>(names: &[&'n str], choices: &mut Choices) -> Option<&'n str> {
    if names.is_empty() {
        return None;
    }
    Some(names[choices.below(names.len())])
}

fn async_task(body: &Body, choices: &mut Choices) -> Option<&'static str> {
    let below = ASYNC_NAMES[..body.world.async_tasks].get(body.next_async..)?;
    one_of(below, choices)
}

fn sync_task(body: &Body, choices: &mut Choices) -> Option<&'static str> {
    let below = SYNC_NAMES[..body.world.sync_tasks].get(body.next_sync..)?;
    one_of(below, choices)
}

fn spawn(body: &mut Body, choices: &mut Choices) -> Option<String> {
    let task = async_task(body, choices)?;
    Some(named(body, "spawn", task, choices))
}

fn send(body: &mut Body, choices: &mut Choices) -> Option<String> {
    let task = sync_task(body, choices)?;
    Some(named(body, "send", task, choices))
}

fn named(body: &mut Body, verb: &str, task: &str, choices: &mut Choices) -> String {
    if choices.rarely(2) {
        let handle = choices.pick(&["h", "첫째", "as"]);
        body.handles.push(handle.to_owned());
        return format!("{verb} {task} as {handle}");
    }
    body.handles.push(task.to_owned());
    format!("{verb} {task}")
}

fn handle(body: &Body, choices: &mut Choices) -> Option<String> {
    // Only handles that are bound already are valid.
    let last = body.handles.len().checked_sub(1)?;
    Some(body.handles[last - choices.below(last + 1)].clone())
}

fn gather(body: &Body, choices: &mut Choices) -> Option<String> {
    let mut members = vec![member(async_task(body, choices)?, choices)];
    while choices.rarely(3) {
        members.push(member(async_task(body, choices)?, choices));
    }
    let all = choices.pick(&["", "all "]);
    Some(format!(
        "gather {all}{}",
        members.join(choices.pick(&[", ", ",", " , "]))
    ))
}

fn member(task: &str, choices: &mut Choices) -> String {
    match choices.below(3) {
        0 => task.to_owned(),
        count => format!("{count} {task}"),
    }
}

fn timed(verb: &str, choices: &mut Choices) -> String {
    let verb = match choices.below(3) {
        0 => verb.to_owned(),
        1 => verb.to_uppercase(),
        _ => verb[..1].to_uppercase() + &verb[1..],
    };
    let label = if choices.rarely(4) {
        format!(" {}", text(choices))
    } else {
        String::new()
    };
    format!("{verb} {}{label}", duration(choices))
}

fn duration(choices: &mut Choices) -> &'static str {
    choices.pick(&[
        // Numbers without a unit are seconds.
        "1",
        "3s",
        "0.5",
        ".25s",
        "20ms",
        "3초",
        "2 s",
        "1분",
        "100밀리초",
        "7ns",
        "15µs",
        "1..3s",
        "100..300ms",
        "5ms..1s",
        "~200ms",
        "0",
        "1_000us",
        "1.50s",
        "0..2",
    ])
}

fn text(choices: &mut Choices) -> &'static str {
    choices.pick(&[
        "\"x\"",
        "'it is \"late\"'",
        "“한글”",
        "\"a # b\"",
        r#""back \\ slash \" quote""#,
        "\"\"",
        "\"tab\\there\"",
    ])
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
        let claim = match choices.below(8) {
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
            _ => format!("order {task},{}", ASYNC_NAMES[0]),
        };
        line(out, 0, &format!("expect {claim}"), choices);
    }
}

// Writing.

fn line(out: &mut String, indent: usize, code: &str, choices: &mut Choices) {
    noise(out, indent, choices);
    out.push_str(&" ".repeat(indent));
    out.push_str(code);
    end_line(out, choices);
}

fn end_line(out: &mut String, choices: &mut Choices) {
    if choices.rarely(6) {
        out.push_str(choices.pick(&["  # why", " #why", "#한글 주석"]));
    } else if choices.rarely(8) {
        out.push_str("  ");
    }
    out.push('\n');
}

/// Writes blank lines and comments.
fn noise(out: &mut String, indent: usize, choices: &mut Choices) {
    while choices.rarely(6) {
        match choices.below(3) {
            0 => out.push('\n'),
            1 => {
                let _ = writeln!(out, "{}# a comment", " ".repeat(indent));
            }
            _ => out.push_str("#at the margin\n\n"),
        }
    }
}

/// Writes a header with its body, on the same line or as an indented block.
fn write_headed(
    out: &mut String,
    indent: usize,
    header: &str,
    nodes: &[Node],
    choices: &mut Choices,
) {
    noise(out, indent, choices);
    out.push_str(&" ".repeat(indent));
    out.push_str(header);
    if choices.rarely(2) {
        let inline = inline(nodes, choices);
        let _ = write!(out, " {inline}");
        end_line(out, choices);
        return;
    }
    end_line(out, choices);
    // Any indent is valid, as in Python.
    let deeper = indent + 1 + choices.below(4);
    for node in nodes {
        write_node(out, deeper, node, choices);
    }
}

fn write_node(out: &mut String, indent: usize, node: &Node, choices: &mut Choices) {
    let Some(((_, first), clauses)) = node.blocks.split_first() else {
        line(out, indent, &node.head, choices);
        return;
    };
    write_headed(out, indent, &format!("{}:", node.head), first, choices);
    for (word, block) in clauses {
        write_headed(out, indent, &format!("{word}:"), block, choices);
    }
}

fn inline(nodes: &[Node], choices: &mut Choices) -> String {
    let mut out = String::new();
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            out.push_str(choices.pick(&[" -> ", "->", " → ", " ──► ", "; ", " --> "]));
        }
        let segment = inline_node(node, choices);
        if choices.rarely(6) {
            let _ = write!(out, "[{segment}]");
        } else {
            out.push_str(&segment);
        }
    }
    out
}

fn inline_node(node: &Node, choices: &mut Choices) -> String {
    let mut out = node.head.clone();
    for (word, block) in &node.blocks {
        let colon = choices.pick(&["", ":"]);
        let inner = inline(block, choices);
        let space = if word.is_empty() { "" } else { " " };
        let _ = write!(out, "{space}{word}{colon} ({inner})");
    }
    out
}
