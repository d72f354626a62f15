//! Random segments, as trees that are written later.

use super::{ASYNC_NAMES, Choices, DEPTH_MAX, SYNC_NAMES, World};

/// A segment before it is written, inline or as a block.
pub(super) struct Node {
    pub(super) head: String,
    /// The block and its clauses; the word of the first is empty.
    pub(super) blocks: Vec<(&'static str, Vec<Node>)>,
}

/// The state of a body under construction.
pub(super) struct Body<'w> {
    pub(super) world: &'w World,
    /// The first task that this body may refer to.
    pub(super) next_async: usize,
    pub(super) next_sync: usize,
    pub(super) handles: Vec<String>,
}

pub(super) fn nodes(
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
    let segment = match choices.below(20) {
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
        18 => one_of(&world.pools, choices)
            .map(|pool| format!("{} {pool}", choices.pick(&["acquire", "release"]))),
        17 => async_task(body, choices).map(|task| format!("wait_for 1..2s {task}")),
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
    let kinds = if is_async { 12 } else { 3 };
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
        7 => {
            let head = format!("wait_for {}", duration(choices));
            // The block has handles of its own.
            let around = std::mem::take(&mut body.handles);
            let inside = nodes(body, true, false, depth + 1, choices);
            body.handles = around;
            let mut blocks = vec![("", inside)];
            if choices.rarely(2) {
                blocks.push(("else", nodes(body, true, false, depth + 1, choices)));
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
        10 => {
            let head = match one_of(&body.world.pools, choices) {
                Some(pool) => format!("with {pool}"),
                None => "group".to_owned(),
            };
            let inner = nodes(body, true, false, depth + 1, choices);
            with(&head, vec![("", inner)])
        }
        // Not in a `def`, which may run in another process.
        11 => {
            let thread = choices.pick(&["thread", "executor"]);
            let mut inside = nodes(body, false, false, depth + 1, choices);
            if let Some(pool) = one_of(&body.world.pools, choices) {
                let held = nodes(body, false, false, depth + 1, choices);
                inside.push(with(&format!("with {pool}"), vec![("", held)]));
            }
            with(thread, vec![("", inside)])
        }
        8 => {
            let head = match members(body, choices) {
                Some(members) => format!("as_completed {members}"),
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

pub(super) fn one_of<'n>(names: &[&'n str], choices: &mut Choices) -> Option<&'n str> {
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
    let members = members(body, choices)?;
    let mode = choices.pick(&["", "all ", "first "]);
    Some(format!("gather {mode}{members}"))
}

fn members(body: &Body, choices: &mut Choices) -> Option<String> {
    let mut members = vec![member(async_task(body, choices)?, choices)];
    while choices.rarely(3) {
        members.push(member(async_task(body, choices)?, choices));
    }
    Some(members.join(choices.pick(&[", ", ",", " , "])))
}

pub(super) fn member(task: &str, choices: &mut Choices) -> String {
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
