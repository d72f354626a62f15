//! A Python identifier for everything the script names.
//!
//! Scripts may call a task `class`, `print` or `main`, and two names that
//! differ in a script can be one name to Python, which normalises identifiers
//! (NFKC). Every name is kept where it can be, and gets a suffix where it cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::letters::is_newer_than_python;
use model::workload::{HandleIndex, ResourceIndex, Task, TaskIndex, Workload};

/// What Python keeps for itself, and what the exported programs use.
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
    // Builtins and modules that the programs use.
    "Exception",
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
    "time",
    // The programs' own helpers and variables.
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
pub(crate) struct Names {
    tasks: Vec<String>,
    resources: Vec<String>,
    /// By task, then by handle.
    handles: Vec<Vec<String>>,
    globals: Taken,
}

impl Names {
    /// `reserved` is what a program uses beyond what all of them do.
    pub(crate) fn of(workload: &Workload, reserved: &[&str]) -> Self {
        let task_names: BTreeSet<&str> = workload.tasks.iter().map(|task| &*task.name).collect();
        let resource_names = workload.resources.iter().map(|resource| &*resource.name);
        let handle_names = workload.tasks.iter().flat_map(|task| &task.handles);
        let wishes = task_names.iter().copied().chain(resource_names);
        let mut globals = Taken::before(wishes.chain(handle_names.map(|handle| &**handle)));
        let reserved = reserved.iter().map(|&word| word.to_owned());
        globals.names.extend(reserved);
        let tasks = workload.tasks.iter();
        let tasks = tasks.map(|task| globals.claim(&task.name)).collect();
        let resources = workload.resources.iter();
        let resources = resources.map(|each| globals.claim(&each.name)).collect();
        let handles = workload.tasks.iter();
        let handles: Vec<Vec<String>> = handles
            .map(|task| local_names(&task_names, &mut globals, task))
            .collect();
        // What is invented from here on is seen from all functions.
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
    pub(crate) fn invent(&mut self, wish: &str) -> String {
        match self.globals.names.contains(wish) {
            true => self.globals.numbered(wish),
            false => self.globals.claim(wish),
        }
    }
}

/// Handles are local variables: unique in their function, and no shadow of
/// anything global. One that bears the name of its task is that task's task.
fn local_names(task_names: &BTreeSet<&str>, globals: &mut Taken, task: &Task) -> Vec<String> {
    let names: Vec<String> = task
        .handles
        .iter()
        .map(|handle| match task_names.contains(&**handle) {
            true => globals.claim(&format!("{handle}_task")),
            false => globals.claim(handle),
        })
        .collect();
    // Another function may use the same names for its own.
    for name in &names {
        globals.names.remove(name);
    }
    names
}

/// The names that are in use, and how to find more of them quickly.
#[derive(Debug, Default)]
struct Taken {
    names: BTreeSet<String>,
    /// The next number for a name that was wished for again.
    numbers: BTreeMap<String, u64>,
    /// Endings like `_u7` that the script itself uses.
    endings: BTreeSet<u64>,
    /// The last number given to a name that Python might change.
    unsure: u64,
}

impl Taken {
    /// Nothing but what is reserved, before these wishes come.
    fn before<'a>(wishes: impl Iterator<Item = &'a str>) -> Self {
        let ending = |wish: &str| wish.rsplit_once("_u")?.1.parse().ok();
        Self {
            names: RESERVED.iter().map(|&word| word.to_owned()).collect(),
            endings: wishes.filter_map(ending).collect(),
            ..Self::default()
        }
    }

    /// The first form of `wish` that is free: itself, `wish_`, `wish_2`, ….
    fn claim(&mut self, wish: &str) -> String {
        let name = identifier(wish);
        if !name.chars().all(survives_normalisation) {
            return self.distinguished(&name);
        }
        let dunder = name.starts_with("__") && name.ends_with("__");
        if !dunder && self.names.insert(name.clone()) {
            return name;
        }
        let underscored = format!("{name}_");
        if !dunder && self.names.insert(underscored.clone()) {
            return underscored;
        }
        self.numbered(&name)
    }

    fn numbered(&mut self, name: &str) -> String {
        let number = self.numbers.entry(name.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{name}_{number}");
            if self.names.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    /// An ending that no other name has keeps names apart, whatever
    /// normalisation makes of the rest.
    fn distinguished(&mut self, name: &str) -> String {
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

/// `wish` with everything that no identifier may hold replaced, and with letters that
/// Python 3.11 does not know by their numbers: U+1E4D0 is `u1e4d0`. Nothing else stands
/// between a name and the program.
fn identifier(wish: &str) -> String {
    let mut name = String::new();
    for letter in wish.chars() {
        match unicode_ident::is_xid_continue(letter) {
            true if is_newer_than_python(letter) => {
                let _ = write!(name, "u{:x}", u32::from(letter));
            }
            true => name.push(letter),
            false => name.push('_'),
        }
    }
    let starts = |first: char| first == '_' || unicode_ident::is_xid_start(first);
    if !name.starts_with(starts) {
        name.insert(0, '_');
    }
    name
}

/// Letters which Python's normalisation leaves as they are. Not all of them:
/// the scripts that people write task names in, without their odd corners.
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
        let mut taken = Taken::before(wishes.iter().copied());
        let names: Vec<String> = wishes.iter().map(|wish| taken.claim(wish)).collect();
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
