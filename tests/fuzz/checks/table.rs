//! Rules of tables: one of libraries (`import --library`), shards of a sweep (`merge`).

use analysis::sweep::table::merge;
use reader::{Options, entries, read};

/// Between two shards.
const CUT: &str = "---\n";
const PROGRAM: &str =
    "import mylib\nasync def f():\n    await mylib.aio()\n    mylib.charge()\nasyncio.run(f())\n";

pub(super) fn check(text: &str) -> bool {
    let merges = check_shards(text);
    let lines = text.lines().count();
    let library = match entries(text) {
        Ok(library) => library,
        Err(bad) => {
            assert!((1..=lines).contains(&bad.0), "line {} of {lines}", bad.0);
            return merges;
        }
    };
    assert!(library.len() <= lines);
    let options = Options {
        library,
        ..Options::default()
    };
    let script = read(PROGRAM, &options).script;
    assert!(script::parse(&script).workload.is_some(), "{script}");
    true
}

/// A table that was merged merges with nothing else to itself.
fn check_shards(text: &str) -> bool {
    let shards: Vec<String> = text.split(CUT).map(str::to_owned).collect();
    let Ok(whole) = merge(&shards) else {
        return false;
    };
    assert_eq!(merge(std::slice::from_ref(&whole)), Ok(whole));
    true
}
