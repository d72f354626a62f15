//! Arbitrary text: it is read in bounded time, never panics, and what comes out is a script.

use loopscope::python::{Options, read};
use loopscope::script;
use proptest::prelude::*;

/// The script of a text runs, or there is none.
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

/// Pieces of programs, in any order: much of it is Python.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(FRAGMENTS);
    let line = (0_usize..4, fragment)
        .prop_map(|(depth, text)| format!("{}{text}\n", "    ".repeat(depth)));
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.concat())
}

const FRAGMENTS: &[&str] = &[
    "import asyncio, time, threading, requests, httpx",
    "from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor",
    "async def f(x=1, *args, **kw):",
    "async def g():",
    "def h(n):",
    "def gen():",
    "class A(B):",
    "@app.get('/x')",
    "@celery.task",
    "await asyncio.sleep(x)",
    "await asyncio.gather(f(1), g(), *[f(i) for i in range(3)])",
    "await asyncio.gather(*tasks, return_exceptions=True)",
    "tasks.append(asyncio.create_task(f(2)))",
    "tasks = [asyncio.create_task(f(i)) for i in range(5)]",
    "t = asyncio.create_task(g())",
    "await t",
    "t.cancel()",
    "for t in tasks:",
    "for i in range(100):",
    "for x in unknown:",
    "while True:",
    "while time.time() < end:",
    "if x:",
    "elif y:",
    "else:",
    "try:",
    "except asyncio.TimeoutError:",
    "except:",
    "finally:",
    "async with lock:",
    "async with asyncio.timeout(2):",
    "async with asyncio.TaskGroup() as tg:",
    "with ThreadPoolExecutor(3) as pool:",
    "tg.create_task(f(3))",
    "pool.submit(h, 3)",
    "list(pool.map(h, range(8)))",
    "lock = asyncio.Lock()",
    "q = asyncio.Queue(0)",
    "await q.put(1)",
    "await q.get()",
    "q.task_done()",
    "await q.join()",
    "h.delay(3)",
    "h(3)",
    "f(3)",
    "await f(3)",
    "await asyncio.wait_for(f(3), 1)",
    "await asyncio.to_thread(h, 2)",
    "await loop.run_in_executor(pool, h)",
    "time.sleep(0.5)",
    "requests.get(url).json()",
    "await unknown()",
    "unknown()",
    "print('a \"quoted\" text')",
    "yield 1",
    "return await g()",
    "raise ValueError('no')",
    "break",
    "continue",
    "x = lambda y: y + 1",
    "tasks = []",
    "match x:",
    "case 1:",
    "async for x in gen():",
    "asyncio.run(f())",
    "asyncio.run(g())",
    "thread = threading.Thread(target=h, args=(1,))",
    "thread.start()",
    "thread.join()",
    "pass",
];

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
