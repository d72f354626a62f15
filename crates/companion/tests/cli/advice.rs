//! The edits in a JSON result can be applied by a program and have the stated effect.

use std::fs;

use serde_json::Value;

use crate::process::{finish, loopscope};
use crate::transcript::empty_folder;

fn run(folder: &std::path::Path) -> Value {
    let mut command = loopscope(folder);
    command.args(["run", "script.loop", "--format", "json", "--summary"]);
    let output = finish(command, Vec::new());
    serde_json::from_slice(&output.stdout).expect("the result is JSON")
}

/// Applies the edits of a result by their lines and columns. Checks that the byte offsets agree.
fn apply(text: &str, edits: &[Value]) -> String {
    let byte = |place: &Value| {
        let number = |key: &str| place[key].as_u64().expect("a number") as usize;
        let lines = text.split_inclusive('\n').take(number("line") - 1);
        let line_start: usize = lines.map(str::len).sum();
        let column = text[line_start..].char_indices().nth(number("column") - 1);
        let by_column = line_start + column.map_or(text[line_start..].len(), |(at, _)| at);
        assert_eq!(by_column, number("byte"), "{place}");
        by_column
    };
    let mut edits: Vec<_> = edits
        .iter()
        .map(|edit| {
            (
                byte(&edit["start"]),
                byte(&edit["end"]),
                edit["text"].as_str().expect("a text"),
            )
        })
        .collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    // From the end, so that the offsets of earlier edits stay valid.
    for (start, end, with) in edits.into_iter().rev() {
        text.replace_range(start..end, with);
    }
    text
}

#[track_caller]
fn check(name: &str, script: &str) {
    let folder = empty_folder(name);
    fs::write(folder.join("script.loop"), script).expect("it can be written");
    let fix = run(&folder)["findings"][0]["fix"].clone();
    let edits = fix["edits"].as_array().expect("the finding has a fix");
    fs::write(folder.join("script.loop"), apply(script, edits)).expect("it can be written");
    assert_eq!(run(&folder)["total_ns"], fix["total_ns"], "{script}\n{fix}");
}

#[test]
fn applying_a_fix_gives_the_total_that_it_promises() {
    check(
        "advice_loop",
        "async def 핑: block 1 \"느린 호출\"\nrun 30 핑\n",
    );
    check("advice_pool", "pool 2\ndef ping: block 1\nrun 30 ping\n");
    check(
        "advice_cpu",
        "async def a: cpu 2\nasync def b: await 10ms\nrun 4 a\nrun 20 b\n",
    );
}
