//! Arbitrary text as Python: reading it takes bounded time, never panics, and produces a valid
//! script or none.

use proptest::prelude::*;
use reader::{Options, read};

use crate::python_lines::PYTHON_LINES;

/// Checks that the script, if any, is valid.
fn check(text: &str) -> Result<(), TestCaseError> {
    let reading = read(text, &Options::default());
    if reading.script.is_empty() {
        return Ok(());
    }
    let parsed = script::parse(&reading.script);
    prop_assert!(
        parsed.workload.is_some(),
        "{:#?}\n{}\nof\n{text}",
        parsed.diagnostics,
        reading.script
    );
    Ok(())
}

/// Random lines of programs, many of which are valid Python.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(PYTHON_LINES);
    let line = (0_usize..4, fragment)
        .prop_map(|(depth, text)| format!("{}{text}\n", "    ".repeat(depth)));
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn programs_of_random_lines_become_scripts(text in fragments()) {
        check(&text)?;
    }

    #[test]
    fn any_text_is_read(text in ".{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_ascii_lines_are_read(text in "([ -~]{0,30}\n){0,10}") {
        check(&text)?;
    }

    #[test]
    fn damaged_programs_are_read(text in fragments(), cut in 0_usize..2_000, with in "[ -~]{0,3}") {
        let mut text = text;
        let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        text.insert_str(at.unwrap_or(0), &with);
        check(&text)?;
    }
}

#[test]
fn deep_nesting_is_bounded() {
    let many = 20_000;
    let texts = [
        format!("x = {}1{}", "(".repeat(many), ")".repeat(many)),
        format!("x = {}1{}", "[".repeat(many), "]".repeat(many)),
        format!("x = {}1", "-".repeat(many)),
        format!("x = {}1", "not ".repeat(many)),
        format!("x = {}1", "lambda: ".repeat(many)),
        format!("x = 1{}", " + 1".repeat(many)),
        format!("x = 1{}", " ** 1".repeat(many)),
        format!("x = a{}", ".b".repeat(many)),
        format!("x = a{}", "()".repeat(many)),
        format!("x = {}1", "a if b else ".repeat(many)),
        format!("x = f'{}'", "{".repeat(many)),
        format!("{}pass", "if a: ".repeat(many)),
        format!(
            "{}pass\n",
            (0..1_000)
                .map(|n| format!("{}if a:\n", " ".repeat(n)))
                .collect::<String>()
        ),
        format!("if a: pass\n{}", "elif b: pass\n".repeat(many)),
        format!("match x:\n case {}1: pass", "(".repeat(many)),
    ];
    for text in texts {
        // Below the limit on the size of a text, which would hide the limits on depth.
        let text = &text[..text.len().min(200_000)];
        assert_eq!(
            read(text, &Options::default()).script,
            "",
            "{}",
            &text[..40]
        );
    }
}

#[test]
fn blocks_in_blocks_become_a_script() {
    let mut text = String::from("import asyncio\nlock = asyncio.Lock()\nasync def main():\n");
    for depth in 1..80 {
        text.push_str(&format!(
            "{}async with asyncio.timeout(9):\n",
            " ".repeat(depth)
        ));
    }
    text.push_str(&format!(
        "{}await asyncio.sleep(1)\nasyncio.run(main())\n",
        " ".repeat(80)
    ));
    check(&text).expect("it becomes a script");
}

#[test]
fn limits_that_go_on_one_below_the_other_become_a_script() {
    let mut text = String::from("import anyio\nasync def main():\n");
    for _ in 0..2_000 {
        text.push_str(" with anyio.move_on_after(1):\n  await anyio.sleep(2)\n  return\n");
    }
    text.push_str("anyio.run(main)\n");
    check(&text).expect("it becomes a script");
}

#[test]
fn functions_that_call_each_other_in_a_chain_are_followed_so_far() {
    let mut text = String::from("import asyncio\n");
    for number in 0..2_000 {
        text.push_str(&format!(
            "async def f{number}():\n    await f{}()\n",
            number + 1
        ));
    }
    text.push_str("asyncio.run(f0())\n");
    check(&text).expect("it becomes a script");
}

#[test]
fn a_program_of_loops_in_loops_takes_bounded_time() {
    let mut text = String::from(
        "import asyncio\nasync def f(n):\n    await asyncio.sleep(n)\nasync def main():\n",
    );
    for depth in 1..12 {
        text.push_str(&format!(
            "{}for i{depth} in range(12):\n",
            " ".repeat(depth)
        ));
    }
    text.push_str(&format!(
        "{}await f(i1 + i11)\nasyncio.run(main())\n",
        " ".repeat(12)
    ));
    check(&text).expect("it becomes a script");
}
