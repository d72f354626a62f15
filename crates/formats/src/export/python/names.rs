//! Python identifiers for the names of a script.
//!
//! A script may name a task `class`, `print` or `main`. Two names that differ in a script can
//! be equal in Python, which normalises identifiers (NFKC), e.g. `ﬁ` and `fi`. A name is kept if
//! possible, and gets a suffix otherwise, e.g. `class_`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::letters::is_newer_than_python;
use model::workload::{HandleIndex, ResourceIndex, Task, TaskIndex, Workload};

/// Names that Python reserves or that the exported programs use.
const RESERVED: &[&str] = &[
    // Keywords.
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    // Builtins and modules of the programs.
    "Exception",
    "Pool",
    "ProcessPoolExecutor",
    "RuntimeError",
    "ThreadPoolExecutor",
    "TimeoutError",
    "asyncio",
    "contextlib",
    "multiprocessing",
    "os",
    "print",
    "random",
    "range",
    "sys",
    "threading",
    "time",
    // Helpers and variables of the programs.
    "at",
    "burn",
    "survivor",
    "ended",
    "finished",
    "group",
    "jobs",
    "left",
    "loop",
    "main",
    "number",
    "processes",
    "respond",
    "run_in_process",
    "run_in_threadpool",
    "running",
    "start",
    "task",
    "threadpool",
    "work",
];

/// The identifiers of one program.
#[derive(Debug)]
pub(crate) struct PythonNames {
    tasks: Vec<String>,
    resources: Vec<String>,
    /// Indexed by task, then by handle.
    handles: Vec<Vec<String>>,
    globals: TakenIdentifiers,
}

impl PythonNames {
    /// Chooses the names of a program. `reserved` has the names that only this exporter uses.
    pub(crate) fn of(workload: &Workload, reserved: &[&str]) -> Self {
        let task_names: BTreeSet<&str> = workload.tasks.iter().map(|task| &*task.name).collect();
        let resource_names = workload.resources.iter().map(|resource| &*resource.name);
        let handle_names = workload.tasks.iter().flat_map(|task| &task.handles);
        let wishes = task_names.iter().copied().chain(resource_names);
        // All wishes are known before the first claim, so that `_u7` never meets a later name.
        let mut globals =
            TakenIdentifiers::before(wishes.chain(handle_names.map(|handle| &**handle)));
        let reserved = reserved.iter().map(|&word| word.to_owned());
        globals.names.extend(reserved);
        let tasks = workload.tasks.iter();
        let tasks = tasks.map(|task| globals.claim_name(&task.name)).collect();
        let resources = workload.resources.iter();
        let resources = resources
            .map(|each| globals.claim_name(&each.name))
            .collect();
        let handles = workload.tasks.iter();
        let handles: Vec<Vec<String>> = handles
            .map(|task| local_names(&task_names, &mut globals, task))
            .collect();
        // Invented functions are global, so no local variable may hide them.
        globals.names.extend(handles.iter().flatten().cloned());
        Self {
            tasks,
            resources,
            handles,
            globals,
        }
    }

    pub(crate) fn task(&self, index: TaskIndex) -> &str {
        &self.tasks[index.0 as usize]
    }

    pub(crate) fn resource(&self, index: ResourceIndex) -> &str {
        &self.resources[index.0 as usize]
    }

    pub(crate) fn handle(&self, task: TaskIndex, handle: HandleIndex) -> &str {
        &self.handles[task.0 as usize][handle.0 as usize]
    }

    /// A name for a function that the script does not name: `wish`, `wish_2`, ….
    pub(crate) fn invent_name(&mut self, wish: &str) -> String {
        if self.globals.names.contains(wish) {
            self.globals.claim_numbered(wish)
        } else {
            self.globals.claim_name(wish)
        }
    }
}

/// The names of a task's handles. They are local variables: unique in their function, and
/// different from all globals. A handle with the name of a task gets the suffix `_task`.
fn local_names(
    task_names: &BTreeSet<&str>,
    globals: &mut TakenIdentifiers,
    task: &Task,
) -> Vec<String> {
    let names: Vec<String> = task
        .handles
        .iter()
        .map(|handle| {
            if task_names.contains(&**handle) {
                globals.claim_name(&format!("{handle}_task"))
            } else {
                globals.claim_name(handle)
            }
        })
        .collect();
    // Local names are free again in other functions.
    for name in &names {
        globals.names.remove(name);
    }
    names
}

/// The names in use, with counters that find a free name quickly.
#[derive(Debug, Default)]
struct TakenIdentifiers {
    names: BTreeSet<String>,
    /// The last number appended to a name.
    numbers: BTreeMap<String, u64>,
    /// The numbers of endings such as `_u7` in the script's own names.
    endings: BTreeSet<u64>,
    /// The last number given to a name that normalisation may change.
    unsure: u64,
}

impl TakenIdentifiers {
    /// Only the reserved names, prepared for these wishes.
    fn before<'a>(wishes: impl Iterator<Item = &'a str>) -> Self {
        let ending = |wish: &str| wish.rsplit_once("_u")?.1.parse().ok();
        Self {
            names: RESERVED.iter().map(|&word| word.to_owned()).collect(),
            endings: wishes.filter_map(ending).collect(),
            ..Self::default()
        }
    }

    /// Claims the first free form of `wish`: itself, `wish_`, `wish_2`, ….
    fn claim_name(&mut self, wish: &str) -> String {
        let name = python_identifier(wish);
        if !name.chars().all(survives_normalisation) {
            return self.claim_distinguished(&name);
        }
        // A name such as `__name__` has a meaning for Python even if it is free.
        let dunder = name.starts_with("__") && name.ends_with("__");
        if !dunder && self.names.insert(name.clone()) {
            return name;
        }
        let underscored = format!("{name}_");
        if !dunder && self.names.insert(underscored.clone()) {
            return underscored;
        }
        self.claim_numbered(&name)
    }

    fn claim_numbered(&mut self, name: &str) -> String {
        let number = self.numbers.entry(name.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{name}_{number}");
            if self.names.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    /// Claims the name with a unique ending. It distinguishes the name from all others, however
    /// Python normalises the letters before it.
    fn claim_distinguished(&mut self, name: &str) -> String {
        loop {
            self.unsure += 1;
            if !self.endings.contains(&self.unsure) {
                let distinguished = format!("{name}_u{}", self.unsure);
                self.names.insert(distinguished.clone());
                return distinguished;
            }
        }
    }
}

/// The wish as a valid identifier: other characters become `_`, and letters newer than Python
/// 3.11 their code points, e.g. U+1E4D0 → `u1e4d0`. This is the only barrier between a name
/// and the text of the program.
fn python_identifier(wish: &str) -> String {
    let mut name = String::new();
    for letter in wish.chars() {
        if !unicode_ident::is_xid_continue(letter) {
            name.push('_');
        } else if is_newer_than_python(letter) {
            let _ = write!(name, "u{:x}", u32::from(letter));
        } else {
            name.push(letter);
        }
    }
    let starts = |first: char| first == '_' || unicode_ident::is_xid_start(first);
    if !name.starts_with(starts) {
        name.insert(0, '_');
    }
    name
}

/// Whether normalisation certainly keeps the letter. Covers the common ranges of Latin, Greek,
/// Cyrillic, Japanese, Chinese and Korean; `false` for others only costs a suffix.
fn survives_normalisation(letter: char) -> bool {
    letter.is_ascii()
        || matches!(
            letter,
            'À'..='ı' | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž' | 'Ά'..='ώ' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ'
                | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿋' | '가'..='힣'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wishes: &[&str], expected: &[&str]) {
        let mut taken = TakenIdentifiers::before(wishes.iter().copied());
        let names: Vec<String> = wishes.iter().map(|wish| taken.claim_name(wish)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        let names = ["make_pasta", "파스타", "café", "_x1"];
        check(&names, &names);
    }

    #[test]
    fn keywords_helpers_and_repeated_names_get_an_underscore_or_a_number() {
        check(&["class", "main", "print"], &["class_", "main_", "print_"]);
        check(&["ping", "ping", "ping"], &["ping", "ping_", "ping_2"]);
        check(&["__name__"], &["__name___2"]);
    }

    #[test]
    fn names_that_normalisation_could_merge_end_in_numbers_of_their_own() {
        check(&["ﬁ", "fi_u1", "fi"], &["ﬁ_u2", "fi_u1", "fi"]);
        check(&["e\u{301}a", "éa"], &["e\u{301}a_u1", "éa"]);
    }

    #[test]
    fn letters_that_python_does_not_know_are_spelled_and_names_stay_apart() {
        check(&["\u{1e4d0}", "a\u{31350}"], &["u1e4d0", "au31350"]);
        check(&["u1e4d0", "\u{1e4d0}"], &["u1e4d0", "u1e4d0_"]);
        check(&["\u{1e4d0}", "u1e4d0"], &["u1e4d0", "u1e4d0_"]);
    }

    #[test]
    fn what_no_identifier_may_hold_is_replaced() {
        check(&["a-b", "2nd", "x²", ""], &["a_b", "_2nd", "x_", "_"]);
    }
}
