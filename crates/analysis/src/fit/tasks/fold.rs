//! Shorter bodies: `with` for a permit that is taken and given back, `repeat` for equal parts.

use super::{Head, Node, Nodes, What};

/// `acquire s`, a body and `release s` as `with s:`.
pub(super) fn close_locks(nodes: Nodes) -> Nodes {
    let mut result = Nodes::new();
    for node in nodes {
        if let What::Shared("release", shared) = node.what {
            let taken = result
                .iter()
                .rposition(|node| node.what == What::Shared("acquire", shared));
            if let Some(taken) = taken
                && taken + 1 < result.len()
            {
                let body = fold(result.split_off(taken + 1));
                if let Some(first) = result.pop() {
                    result.push(Node {
                        line: first.line,
                        what: What::Block(Head::With(shared), body),
                    });
                }
                continue;
            }
        }
        result.push(node);
    }
    result
}

/// The longest part that is looked for again.
const PERIOD_MAX: usize = 24;

/// Parts that follow each other are written once, as `repeat`.
pub(super) fn fold(nodes: Nodes) -> Nodes {
    let mut result = Nodes::new();
    let mut at = 0;
    while at < nodes.len() {
        let found = (1..=PERIOD_MAX.min((nodes.len() - at) / 2)).find_map(|period| {
            let part = &nodes[at..at + period];
            let times = nodes[at..]
                .chunks_exact(period)
                .take_while(|chunk| *chunk == part)
                .count();
            (times > 1 && period * times > 2 && is_foldable(part)).then_some((period, times))
        });
        match found {
            Some((period, times)) => {
                let body = nodes[at..at + period].to_vec();
                result.push(Node {
                    line: 0,
                    what: What::Block(Head::Repeat(times as u64), body),
                });
                at += period * times;
            }
            None => {
                result.push(nodes[at].clone());
                at += 1;
            }
        }
    }
    result
}

/// What holds a lock at its end cannot be repeated; a handle has one task.
fn is_foldable(part: &[Node]) -> bool {
    part.iter().all(|node| {
        !matches!(
            node.what,
            What::Start(_, _, Some(_)) | What::Handle(..) | What::Shared("set" | "wait", _)
        )
    })
}
