//! Arrows point inward: which module may use which, as a table. And which tests are for the browser.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the core and what it may use. `native`, `web` and `bin` may use all of it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("time", &[]),
    ("cooperative", &[]),
    ("sorting", &["cooperative"]),
    ("limits", &["time"]),
    ("language", &[]),
    ("workload", &["time", "limits"]),
    (
        "trace",
        &[
            "time",
            "cooperative",
            "sorting",
            "limits",
            "language",
            "workload",
        ],
    ),
    (
        "script",
        &["time", "sorting", "limits", "language", "workload"],
    ),
    ("sim", &["time", "sorting", "limits", "workload", "trace"]),
    ("effort", &["limits", "workload", "trace", "sim"]),
    ("report", &["time", "workload", "trace"]),
    ("export", &["time", "workload", "trace"]),
    (
        "import",
        &["time", "limits", "language", "workload", "trace", "script"],
    ),
    (
        "scene",
        &[
            "time",
            "cooperative",
            "sorting",
            "language",
            "workload",
            "trace",
        ],
    ),
    (
        "paint",
        &["time", "limits", "language", "workload", "trace", "scene"],
    ),
    (
        "chart",
        &["time", "language", "workload", "trace", "scene", "paint"],
    ),
    ("replay", &["time", "cooperative", "workload", "trace"]),
    (
        "why",
        &[
            "time", "limits", "language", "workload", "trace", "script", "effort",
        ],
    ),
    (
        "compare",
        &["time", "limits", "language", "workload", "trace", "effort"],
    ),
    (
        "sweep",
        &[
            "time", "limits", "language", "workload", "script", "effort", "compare",
        ],
    ),
    (
        "say",
        &[
            "limits", "language", "workload", "trace", "scene", "why", "compare", "guess",
        ],
    ),
    (
        "guess",
        &["time", "language", "workload", "trace", "script", "sim"],
    ),
    ("formula", &["time", "language", "workload", "trace", "why"]),
    (
        "python",
        &["time", "limits", "language", "workload", "script"],
    ),
    ("link", &["limits"]),
    ("lessons", &["language"]),
];

/// The engine's modules and all others, which see the engine's as their own.
const SOURCES: [&str; 2] = ["src", "engine/src"];

const OUTSIDE: &[&str] = &["native", "web", "bin", "lib", "protocol"];

#[test]
fn arrows_point_inward() {
    let mut found = Vec::new();
    for source in SOURCES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        for file in rust_files(&source) {
            found.extend(strange_arrows(&source, &file));
        }
    }
    found.sort();
    found.dedup();
    assert!(
        found.is_empty(),
        "arrows that are not in the table:\n{}",
        found.join("\n")
    );
}

/// Of one file: the modules that it uses and may not.
fn strange_arrows(source: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(source).expect("below its source folder");
    let module = module_of(path);
    if OUTSIDE.contains(&module.as_str()) || path.ends_with("tests.rs") {
        return Vec::new();
    }
    let allowed = MAY_USE
        .iter()
        .find(|(name, _)| *name == module)
        .map_or(&[] as &[&str], |(_, uses)| *uses);
    let text = fs::read_to_string(file).expect("a source file is readable");
    let strange = |used: &String| *used != module && !allowed.contains(&used.as_str());
    let used = uses(&text).into_iter().filter(strange);
    used.map(|used| format!("{} uses {used}", path.display()))
        .collect()
}

/// `wasm-pack test` builds every test program for the browser; only this one runs there.
const IN_THE_BROWSER: &str = "web.rs";

#[test]
fn what_is_not_for_the_browser_says_so() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let entries = fs::read_dir(&folder).expect("the tests' folder is readable");
    let programs = entries.flatten().map(|entry| match entry.path() {
        path if path.is_dir() => path.join("main.rs"),
        path => path,
    });
    let rust = programs.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let silent: Vec<PathBuf> = rust
        .filter(|path| !path.ends_with(IN_THE_BROWSER))
        .filter(|path| {
            fs::read_to_string(path)
                .is_ok_and(|text| !text.contains("#![cfg(not(target_arch = \"wasm32\"))]"))
        })
        .collect();
    assert!(
        silent.is_empty(),
        "begin these with `#![cfg(not(target_arch = \"wasm32\"))]`: {silent:?}"
    );
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a source folder is readable")
        .flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                rust_files(&path)
            } else {
                Vec::from_iter(
                    path.extension()
                        .is_some_and(|end| end == "rs")
                        .then_some(path),
                )
            }
        })
        .collect()
}

fn module_of(path: &Path) -> String {
    let first = path.components().next().expect("a path has a part");
    let name = first.as_os_str().to_string_lossy();
    name.trim_end_matches(".rs").to_owned()
}

/// Modules named after `crate::`, outside tests and comments.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let named = lines.flat_map(|line| {
        line.split("crate::").skip(1).filter_map(|rest| {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            // A macro stands at the root, whichever module it is of.
            (!after.starts_with('!')).then(|| name.to_owned())
        })
    });
    named.filter(|name| !name.is_empty()).collect()
}
