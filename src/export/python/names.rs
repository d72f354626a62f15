//! A Python identifier for everything the script names.
//!
//! Scripts may call a task `class`, `print` or `main`, and two names that
//! differ in a script can be one name to Python, which normalises identifiers
//! (NFKC). Every name is kept where it can be, and gets a suffix where it cannot.

use std::collections::BTreeSet;

use crate::workload::{HandleIndex, ResourceIndex, Task, TaskIndex, Workload};

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
    "print",
    "random",
    "range",
    "sys",
    "time",
    // The programs' own helpers and variables.
    "at",
    "burn",
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
pub(in crate::export) struct Names {
    tasks: Vec<String>,
    resources: Vec<String>,
    /// By task, then by handle.
    handles: Vec<Vec<String>>,
    taken: BTreeSet<String>,
}

impl Names {
    pub(in crate::export) fn of(workload: &Workload) -> Self {
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|&word| word.to_owned()).collect();
        let tasks = workload
            .tasks
            .iter()
            .map(|task| claim(&mut taken, &task.name))
            .collect();
        let resources = workload
            .resources
            .iter()
            .map(|resource| claim(&mut taken, &resource.name))
            .collect();
        let task_names: BTreeSet<&str> = workload.tasks.iter().map(|task| &*task.name).collect();
        let handles = workload
            .tasks
            .iter()
            .map(|task| local_names(&task_names, &taken, task))
            .collect();
        Self {
            tasks,
            resources,
            handles,
            taken,
        }
    }

    pub(in crate::export) fn task(&self, index: TaskIndex) -> &str {
        &self.tasks[index.0 as usize]
    }

    pub(in crate::export) fn resource(&self, index: ResourceIndex) -> &str {
        &self.resources[index.0 as usize]
    }

    pub(in crate::export) fn handle(&self, task: TaskIndex, handle: HandleIndex) -> &str {
        &self.handles[task.0 as usize][handle.0 as usize]
    }

    /// A name for a function that the script does not name.
    pub(in crate::export) fn invent(&mut self, wish: &str) -> String {
        claim(&mut self.taken, wish)
    }
}

/// Handles are local variables: unique in their function, and no shadow of
/// anything global. One that bears the name of its task is that task's task.
fn local_names(
    task_names: &BTreeSet<&str>,
    globals: &BTreeSet<String>,
    task: &Task,
) -> Vec<String> {
    let mut taken = globals.clone();
    task.handles
        .iter()
        .map(|handle| match task_names.contains(&**handle) {
            true => claim(&mut taken, &format!("{handle}_task")),
            false => claim(&mut taken, handle),
        })
        .collect()
}

/// The first form of `wish` that is free: itself, `wish_`, `wish_2`, ….
fn claim(taken: &mut BTreeSet<String>, wish: &str) -> String {
    let name = identifier(wish);
    let dunder = name.starts_with("__") && name.ends_with("__");
    if !dunder && name.chars().all(survives_normalisation) && taken.insert(name.clone()) {
        return name;
    }
    let underscored = format!("{name}_");
    if name.is_ascii() && !dunder && taken.insert(underscored.clone()) {
        return underscored;
    }
    // A number that no other name ends in keeps names apart whatever normalisation makes of the rest.
    let suffix = (2_u64..)
        .map(|number| format!("_{number}"))
        .find(|suffix| !taken.iter().any(|other| other.ends_with(suffix.as_str())))
        .expect("there are more numbers than names");
    let name = format!("{name}{suffix}");
    taken.insert(name.clone());
    name
}

/// `wish` with everything that no identifier may hold replaced. The script's
/// own names need none of this; nothing else stands between a name and the program.
fn identifier(wish: &str) -> String {
    let mut name: String = wish
        .chars()
        .map(|letter| match unicode_ident::is_xid_continue(letter) {
            true => letter,
            false => '_',
        })
        .collect();
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
        let mut taken = RESERVED.iter().map(|&word| word.to_owned()).collect();
        let names: Vec<String> = wishes.iter().map(|wish| claim(&mut taken, wish)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        check(
            &["make_pasta", "파스타", "café", "_x1"],
            &["make_pasta", "파스타", "café", "_x1"],
        );
    }

    #[test]
    fn keywords_helpers_and_repeated_names_get_an_underscore_or_a_number() {
        check(&["class", "main", "print"], &["class_", "main_", "print_"]);
        check(&["ping", "ping", "ping"], &["ping", "ping_", "ping_2"]);
        check(&["__name__"], &["__name___2"]);
    }

    #[test]
    fn names_that_normalisation_could_merge_end_in_numbers_of_their_own() {
        check(&["fi_2", "ﬁ", "fi"], &["fi_2", "ﬁ_3", "fi"]);
        check(&["e\u{301}a", "éa"], &["e\u{301}a_2", "éa"]);
    }

    #[test]
    fn what_no_identifier_may_hold_is_replaced() {
        check(&["a-b", "2nd", "x²", ""], &["a_b", "_2nd", "x_", "_"]);
    }
}
