//! The kinds of things that have names, and their words in messages.

use texts::{Text, text};

/// The kind of a name's task or resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    AsyncTask,
    SyncTask,
    Queue,
    Semaphore,
    Lock,
    Event,
    Condition,
    Pool,
}

impl NameKind {
    pub(super) fn noun(self) -> Text {
        match self {
            Self::AsyncTask | Self::SyncTask => text!("task"),
            Self::Queue => text!("queue"),
            Self::Semaphore => text!("semaphore"),
            Self::Lock => text!("lock"),
            Self::Event => text!("event"),
            Self::Condition => text!("condition"),
            Self::Pool => text!("pool of permits"),
        }
    }

    pub(super) fn with_article(self) -> Text {
        match self {
            Self::AsyncTask | Self::SyncTask => text!("a task"),
            Self::Queue => text!("a queue"),
            Self::Semaphore => text!("a semaphore"),
            Self::Lock => text!("a lock"),
            Self::Event => text!("an event"),
            Self::Condition => text!("a condition"),
            Self::Pool => text!("a pool"),
        }
    }
}

/// The kinds that a segment takes, e.g. `wait` takes [`Wanted::Awaitable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Task,
    Queue,
    /// A semaphore, a lock, a condition or a pool.
    Lockable,
    Event,
    Condition,
    /// A handle, an event or a condition.
    Awaitable,
    Handle,
}

impl Wanted {
    pub(super) fn noun(self) -> Text {
        match self {
            Self::Task => text!("task"),
            Self::Queue => text!("queue"),
            Self::Lockable => text!("semaphore, lock, condition or pool"),
            Self::Event => text!("event"),
            Self::Condition => text!("condition"),
            Self::Awaitable => text!("handle, event or condition"),
            Self::Handle => text!("handle"),
        }
    }

    pub(super) fn with_article(self) -> Text {
        match self {
            Self::Task => text!("a task"),
            Self::Queue => text!("a queue"),
            Self::Lockable => text!("a semaphore, lock, condition or pool"),
            Self::Event => text!("an event"),
            Self::Condition => text!("a condition"),
            Self::Awaitable => text!("a handle, event or condition"),
            Self::Handle => text!("a handle"),
        }
    }
}
