//! The names of a script and their meanings.
//!
//! Tasks and resources share one namespace, like the globals of a Python module. Handles are
//! local to a body and are left to [`super::body`].

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::NameKind;
use crate::suggest;
use model::workload::{ResourceIndex, TaskIndex};

#[derive(Clone, Copy, Debug)]
pub(super) struct Symbol {
    pub(super) meaning: Meaning,
    /// The line of the declaration.
    pub(super) line: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    AsyncTask(TaskIndex),
    SyncTask(TaskIndex),
    Resource(ResourceIndex, NameKind),
}

impl Meaning {
    pub(super) fn kind(self) -> NameKind {
        match self {
            Self::AsyncTask(_) => NameKind::AsyncTask,
            Self::SyncTask(_) => NameKind::SyncTask,
            Self::Resource(_, kind) => kind,
        }
    }

    fn is_task(self) -> bool {
        !matches!(self, Self::Resource(..))
    }
}

/// The number of names that get a suggestion. A suggestion compares a name with all others,
/// which takes long in a large script, and more would not help a reader.
const SUGGESTIONS_MAX: usize = 100;

#[derive(Debug, Default)]
pub(super) struct NameTable<'t> {
    symbols: BTreeMap<&'t str, Symbol>,
    suggested: usize,
}

impl<'t> NameTable<'t> {
    /// Declares a name. Returns the symbol that already has it, e.g. a task called like a queue.
    pub(super) fn declare(&mut self, name: &'t str, symbol: Symbol) -> Option<Symbol> {
        if let Some(first) = self.symbols.get(name) {
            return Some(*first);
        }
        self.symbols.insert(name, symbol);
        None
    }

    pub(super) fn find(&self, name: &str) -> Option<Symbol> {
        self.symbols.get(name).copied()
    }

    pub(super) fn nearest_task(&mut self, name: &str) -> Option<&'t str> {
        self.nearest_name(name, [], Meaning::is_task)
    }

    pub(super) fn nearest_resource(&mut self, name: &str) -> Option<&'t str> {
        self.nearest_name(name, [], |meaning| !meaning.is_task())
    }

    /// The most similar handle; for `wait` also an event or a condition.
    pub(super) fn nearest_handle(
        &mut self,
        name: &str,
        handles: &BTreeSet<&'t str>,
        verb: &str,
    ) -> Option<&'t str> {
        let waits = verb == "wait";
        let handles = handles.iter().copied();
        self.nearest_name(name, handles, |meaning| {
            waits && matches!(meaning.kind(), NameKind::Event | NameKind::Condition)
        })
    }

    fn nearest_name(
        &mut self,
        name: &str,
        handles: impl IntoIterator<Item = &'t str>,
        wanted: impl Fn(Meaning) -> bool,
    ) -> Option<&'t str> {
        self.suggested += 1;
        if self.suggested > SUGGESTIONS_MAX {
            return None;
        }
        let candidates = self
            .symbols
            .iter()
            .filter(|(_, symbol)| wanted(symbol.meaning));
        let candidates = candidates.map(|(name, _)| *name);
        suggest::nearest(name, handles.into_iter().chain(candidates))
    }
}
