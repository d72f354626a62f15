//! Shorter bodies: `with` for a permit that is taken and given back, `repeat` for equal parts.

use super::{BlockHead, FittedBody, FittedKind, FittedSegment};

/// `acquire s`, a body and `release s` as `with s:`.
pub(super) fn close_locks(nodes: FittedBody) -> FittedBody {
    let mut result = FittedBody::new();
    for node in nodes {
        if let FittedKind::Shared("release", shared) = node.kind {
            let taken = result
                .iter()
                .rposition(|node| node.kind == FittedKind::Shared("acquire", shared));
            if let Some(taken) = taken
                && taken + 1 < result.len()
            {
                let body = fold(result.split_off(taken + 1));
                if let Some(first) = result.pop() {
                    result.push(FittedSegment {
                        line: first.line,
                        kind: FittedKind::Block(BlockHead::With(shared), body),
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
pub(super) fn fold(nodes: FittedBody) -> FittedBody {
    let mut result = FittedBody::new();
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
                result.push(FittedSegment {
                    line: 0,
                    kind: FittedKind::Block(BlockHead::Repeat(times as u64), body),
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

/// Whether the part can be repeated. A handle has one task, and an event is set once.
fn is_foldable(part: &[FittedSegment]) -> bool {
    part.iter().all(|node| {
        !matches!(
            node.kind,
            FittedKind::Start(_, _, Some(_))
                | FittedKind::Handle(..)
                | FittedKind::Shared("set" | "wait", _)
        )
    })
}
