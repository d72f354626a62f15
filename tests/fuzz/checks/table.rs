//! The rules of tables: libraries (`import --library`) and shards of a sweep (`merge`).

use analysis::sweep::table::merge;
use reader::{Options, entries, read};

/// The separator of two shards in one input.
const CUT: &str = "---\n";
const PROGRAM: &str =
    "import mylib\nasync def f():\n    await mylib.aio()\n    mylib.charge()\nasyncio.run(f())\n";

pub(super) fn check(text: &str) -> bool {
    // One input is tried as both kinds of table.
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

/// Merging a merged table changes nothing.
fn check_shards(text: &str) -> bool {
    let shards: Vec<String> = text.split(CUT).map(str::to_owned).collect();
    let Ok(whole) = merge(&shards) else {
        return false;
    };
    assert_eq!(merge(std::slice::from_ref(&whole)), Ok(whole));
    true
}
