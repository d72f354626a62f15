//! The weights of segment kinds in a random program.
//!
//! With equal weights a program has a little of everything, and few segments interact. So each
//! program has its own weights: it never uses some kinds and uses others often.

use super::rng::Rng;

/// Like `SegmentKind`, but without data and without kinds that leave the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cpu,
    Block,
    Sleep,
    Yield,
    Call,
    Spawn,
    Wait,
    Cancel,
    Gather,
    AsCompleted,
    Shield,
    WaitFor,
    /// `wait_for` with a block.
    Limit,
    Respond,
    Fail,
    Put,
    Get,
    Shutdown,
    Acquire,
    Release,
    Set,
    Clear,
    WaitEvent,
    WaitCondition,
    Notify,
    Group,
    With,
    Timeout,
    Attempt,
    Repeat,
    Forever,
}

/// The relative frequency of each kind in a program without preferences.
const USUAL: &[(Kind, usize)] = &[
    (Kind::Cpu, 6),
    (Kind::Block, 3),
    (Kind::Sleep, 10),
    (Kind::Yield, 6),
    (Kind::Call, 5),
    (Kind::Spawn, 10),
    (Kind::Wait, 7),
    (Kind::Cancel, 7),
    (Kind::Gather, 5),
    (Kind::AsCompleted, 4),
    (Kind::Shield, 4),
    (Kind::WaitFor, 6),
    (Kind::Limit, 7),
    (Kind::Respond, 1),
    (Kind::Fail, 2),
    (Kind::Put, 5),
    (Kind::Get, 4),
    (Kind::Shutdown, 1),
    (Kind::Acquire, 2),
    (Kind::Release, 3),
    (Kind::Set, 4),
    (Kind::Clear, 2),
    (Kind::WaitEvent, 2),
    (Kind::WaitCondition, 1),
    (Kind::Notify, 1),
    (Kind::Group, 7),
    (Kind::With, 7),
    (Kind::Timeout, 8),
    (Kind::Attempt, 7),
    (Kind::Repeat, 2),
    (Kind::Forever, 1),
];

/// What a program is about. The corner cases that one version of CPython changed need several tasks
/// that meet in one place; in a program of everything they rarely do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Anything,
    /// One semaphore, with more releases than were asked for.
    Permits,
    /// One condition, and cancellations.
    Notifications,
    /// Groups that fail while they are cancelled.
    Groups,
    /// Queues with and without room, and cancellations.
    Queues,
    /// `wait_for`, `timeout` and `shield`.
    Limits,
}

impl Theme {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Anything,
            Self::Anything,
            Self::Anything,
            Self::Permits,
            Self::Permits,
            Self::Notifications,
            Self::Groups,
            Self::Queues,
            Self::Limits,
        ])
    }

    /// The relative frequencies of the kinds that belong to it.
    fn kinds(self) -> &'static [(Kind, usize)] {
        match self {
            Self::Anything => USUAL,
            Self::Permits => PERMITS,
            Self::Notifications => NOTIFICATIONS,
            Self::Groups => GROUPS,
            Self::Queues => QUEUES,
            Self::Limits => LIMITS,
        }
    }
}

const PERMITS: &[(Kind, usize)] = &[
    (Kind::Acquire, 16),
    (Kind::Release, 20),
    (Kind::Spawn, 12),
    (Kind::Cancel, 14),
    (Kind::Timeout, 10),
    (Kind::Sleep, 6),
    (Kind::Yield, 4),
    (Kind::With, 4),
    (Kind::Limit, 3),
    (Kind::Attempt, 3),
];

const NOTIFICATIONS: &[(Kind, usize)] = &[
    (Kind::With, 30),
    (Kind::Spawn, 14),
    (Kind::Cancel, 14),
    (Kind::Timeout, 10),
    (Kind::Sleep, 6),
    (Kind::Yield, 4),
    (Kind::Limit, 3),
    (Kind::Attempt, 3),
];

const GROUPS: &[(Kind, usize)] = &[
    (Kind::Group, 14),
    (Kind::Spawn, 10),
    (Kind::Fail, 6),
    (Kind::Cancel, 8),
    (Kind::Timeout, 8),
    (Kind::Attempt, 8),
    (Kind::Sleep, 8),
    (Kind::Yield, 6),
    (Kind::Wait, 4),
    (Kind::WaitFor, 3),
    (Kind::Call, 3),
    (Kind::Cpu, 2),
];

const QUEUES: &[(Kind, usize)] = &[
    (Kind::Put, 14),
    (Kind::Get, 14),
    (Kind::Shutdown, 3),
    (Kind::Spawn, 10),
    (Kind::Cancel, 6),
    (Kind::Sleep, 6),
    (Kind::Yield, 6),
    (Kind::Timeout, 5),
    (Kind::Limit, 5),
    (Kind::Attempt, 4),
    (Kind::Gather, 3),
    (Kind::AsCompleted, 2),
    (Kind::Shield, 2),
    (Kind::Cpu, 2),
];

const LIMITS: &[(Kind, usize)] = &[
    (Kind::WaitFor, 12),
    (Kind::Limit, 12),
    (Kind::Timeout, 6),
    (Kind::Shield, 5),
    (Kind::Spawn, 8),
    (Kind::Cancel, 8),
    (Kind::Attempt, 8),
    (Kind::Sleep, 10),
    (Kind::Yield, 6),
    (Kind::Wait, 5),
    (Kind::Fail, 3),
    (Kind::Gather, 5),
    (Kind::AsCompleted, 5),
    (Kind::Cpu, 4),
];

#[derive(Clone, Debug)]
pub(crate) struct Taste(Vec<(Kind, usize)>);

impl Taste {
    pub(crate) fn new(rng: &mut Rng, theme: Theme) -> Self {
        // A quarter of the programs keeps the usual weights.
        let plain = rng.chance(25);
        let weigh = |&(kind, usual): &(Kind, usize)| {
            let liking = if plain {
                1
            } else {
                rng.pick(&[0, 1, 1, 1, 2, 6])
            };
            (kind, usual * liking)
        };
        Self(theme.kinds().iter().map(weigh).collect())
    }

    /// A random kind of segment; a block only if `blocks` allows it.
    pub(crate) fn pick(&self, rng: &mut Rng, blocks: bool) -> Kind {
        let weight = |&(kind, weight): &(Kind, usize)| {
            if blocks || !kind.is_block() {
                weight
            } else {
                0
            }
        };
        let total: usize = self.0.iter().map(weight).sum();
        if total == 0 {
            // Every allowed kind has weight 0, e.g. for a program that only uses blocks.
            return Kind::Sleep;
        }
        let mut left = rng.below(total);
        for entry in &self.0 {
            match left.checked_sub(weight(entry)) {
                Some(rest) => left = rest,
                None => return entry.0,
            }
        }
        unreachable!("the weights add up to the total")
    }
}

impl Kind {
    fn is_block(self) -> bool {
        matches!(
            self,
            Self::Group
                | Self::With
                | Self::Timeout
                | Self::Limit
                | Self::Attempt
                | Self::Repeat
                | Self::Forever
        )
    }
}
