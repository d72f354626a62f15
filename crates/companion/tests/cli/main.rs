//! The command line as a process: arguments, output and exit code.
//!
//! The cases in `crates/companion/tests/cli/cases` are transcripts of terminal sessions. `UPDATE=1 cargo test --test
//! cli` rewrites them; review the changes before committing.

#![cfg(not(target_arch = "wasm32"))]

mod advice;
mod bounds;
mod doctor;
mod help;
mod marked;
mod mdbook;
mod options;
mod process;
mod python;
mod transcript;
mod watch;
mod writing;

use std::fs;
use std::path::PathBuf;

use transcript::Transcript;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/cases")
}

#[track_caller]
fn check(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let written = fs::read_to_string(&path).expect("the case is there");
    let transcript = Transcript::parse(&written);
    let happened = transcript.replay(name).to_string();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, happened).expect("the folder of the cases can be written");
        return;
    }
    if let Some(difference) = transcript::difference(&written, &happened) {
        panic!("{name}.txt {difference}\nlook at it, then UPDATE=1");
    }
}

macro_rules! cases {
    ($($name:ident)*) => {
        // One test for each case, so that they run in parallel.
        mod case {
            $(#[test] fn $name() { super::check(stringify!($name)); })*
        }

        #[test]
        fn every_case_runs() {
            let files = fs::read_dir(folder()).expect("the folder is there");
            let mut found: Vec<String> = files
                .map(|file| file.expect("it can be listed").path())
                .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
                .collect();
            found.sort();
            assert_eq!(found, [$(stringify!($name)),*], "list each case in crates/companion/tests/cli/main.rs");
        }
    };
}

cases! {
    bad_scripts
    check
    colours
    compare
    deadlocks
    diff
    draw
    exercise
    explain
    export
    files
    fmt
    formula
    help
    import
    json
    korean
    lesson
    lessons
    limits
    link
    machine
    open
    orders
    programs
    prove
    quiet
    run
    seeds
    sweep
    usage
    why
}
