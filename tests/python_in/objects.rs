//! Locks, queues and events in every use, valid or not, and numbers of every size.
//!
//! The result is a valid script, and a note reports each use that Python itself refuses.

use std::collections::BTreeMap;
use std::process::Command;

use reader::{NoteKind, Options, Reading, read};

const KINDS: [&str; 6] = [
    "Queue",
    "Lock",
    "Semaphore",
    "BoundedSemaphore",
    "Event",
    "Condition",
];

/// A line that uses `it`, and the attribute without which Python refuses it, e.g. `put`.
const USES: [(&str, &str); 30] = [
    ("async with it: await asyncio.sleep(1)", "__aenter__"),
    ("async with it as x: await asyncio.sleep(1)", "__aenter__"),
    ("with it: await asyncio.sleep(1)", "__enter__"),
    ("await it", "__await__"),
    ("it()", "__call__"),
    ("await it()", "__call__"),
    ("await it.put(1)", "put"),
    ("await it.get()", "get"),
    ("it.put_nowait(1)", "put_nowait"),
    ("it.get_nowait()", "get_nowait"),
    ("await it.join()", "join"),
    ("it.task_done()", "task_done"),
    ("it.qsize()", "qsize"),
    ("it.empty()", "empty"),
    ("it.full()", "full"),
    ("await it.acquire()", "acquire"),
    ("it.release()", "release"),
    ("it.locked()", "locked"),
    ("it.set()", "set"),
    ("it.clear()", "clear"),
    ("await it.wait()", "wait"),
    ("it.is_set()", "is_set"),
    ("it.notify()", "notify"),
    ("it.notify(0)", "notify"),
    ("it.notify(10 ** 12)", "notify"),
    ("it.notify_all()", "notify_all"),
    ("await it.wait_for(lambda: True)", "wait_for"),
    ("await asyncio.wait_for(it.get(), 1)", "get"),
    ("await asyncio.create_task(it.acquire())", "acquire"),
    ("x = it.set", "set"),
];

/// Uses after which the reader does not follow the object. Only the validity of the script is
/// checked.
const PASSED_ON: [&str; 8] = [
    "x = [it, it]",
    "await asyncio.gather(it, it)",
    "asyncio.create_task(it)",
    "await asyncio.to_thread(it)",
    "await asyncio.shield(it)",
    "for x in it: await asyncio.sleep(1)",
    "async for x in it: await asyncio.sleep(1)",
    "print(it, it.x, it[0], it + it, -it, not it)",
];

/// Programs with the line in a coroutine, in a function on the loop and on a thread, and in nested
/// blocks.
fn programs(kind: &str, arguments: &str, line: &str) -> [String; 3] {
    let made = format!("import asyncio\nit = asyncio.{kind}({arguments})\n");
    let plain = if line.contains("await") || line.contains("async") {
        "pass"
    } else {
        line
    };
    [
        format!(
            "{made}async def main():\n  await asyncio.sleep(1)\n  {line}\nasyncio.run(main())\n"
        ),
        format!(
            "{made}def f():\n  {plain}\nasync def main():\n  f()\n  await asyncio.to_thread(f)\nasyncio.run(main())\n"
        ),
        format!(
            "{made}async def main():\n  async with asyncio.timeout(3):\n    try:\n      for x in range(3):\n        {line}\n    finally:\n      {line}\nasyncio.run(main())\n"
        ),
    ]
}

#[track_caller]
fn check(text: &str) -> Reading {
    let reading = read(text, &Options::default());
    if !reading.script.is_empty() {
        let parsed = script::parse(&reading.script);
        assert!(
            parsed.workload.is_some(),
            "{:#?}\n{}\nof\n{text}",
            parsed.diagnostics,
            reading.script
        );
    }
    reading
}

/// Asks CPython which class has which attribute.
fn attributes() -> BTreeMap<(String, String), bool> {
    let mut ask = String::from("import asyncio\n");
    for kind in KINDS {
        for (_, attribute) in USES {
            ask.push_str(&format!(
                "print('{kind}', '{attribute}', hasattr(asyncio.{kind}(), '{attribute}'))\n"
            ));
        }
    }
    let python = std::env::var("LOOPSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let answer = Command::new(python).args(["-c", &ask]).output();
    let answer = String::from_utf8(answer.expect("Python starts").stdout).expect("text");
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, attribute, has] = words[..] else {
            panic!("{line}")
        };
        ((kind.to_owned(), attribute.to_owned()), has == "True")
    };
    answer.lines().map(line).collect()
}

#[test]
fn an_object_in_a_use_that_it_has_not_is_said_and_never_breaks_the_script() {
    let has = attributes();
    assert!(has.len() > 100, "Python answered");
    for kind in KINDS {
        for (line, attribute) in USES {
            let wrong = !has[&(kind.to_owned(), attribute.to_owned())];
            let programs = programs(kind, "", line);
            let said: Vec<bool> = programs
                .iter()
                .map(|text| {
                    let notes = check(text).notes;
                    let mut kinds = notes.iter().map(|note| &note.kind);
                    kinds.any(|kind| matches!(kind, NoteKind::Refused { .. }))
                })
                .collect();
            // An attribute that is read but not called is ignored.
            let called = !line.starts_with("x =");
            assert_eq!(said[0], wrong && called, "{kind}: {line}");
        }
        for line in PASSED_ON {
            programs(kind, "", line).iter().for_each(|text| {
                check(text);
            });
        }
    }
}

#[test]
fn numbers_of_every_size_become_a_script() {
    let numbers = [
        "0",
        "1",
        "-1",
        "0.5",
        "10 ** 9",
        "10 ** 12",
        "10 ** 15",
        "10 ** 18",
        "10 ** 60",
        "1e-12",
        "2 ** 32",
        "4294967296",
        "1e300",
        "[]",
        "None",
        "'7'",
    ];
    let lines = [
        "await asyncio.sleep(N)",
        "time.sleep(N)",
        "await asyncio.sleep(random.uniform(N, N))",
        "await asyncio.sleep(random.expovariate(N))",
        "await asyncio.sleep(random.uniform(0, 1) * N)",
        "async with asyncio.timeout(N): await asyncio.sleep(1)",
        "await asyncio.wait_for(asyncio.sleep(1), N)",
        "for x in range(N): await asyncio.sleep(1)",
        "for x in range(N): pass",
        "await asyncio.gather(*[f() for x in range(N)])",
        "await asyncio.gather(*([f()] * (N)))",
        "x = [asyncio.create_task(f()) for x in range(N)]",
        "list(ThreadPoolExecutor(N).map(g, range(N)))",
        "list(ProcessPoolExecutor(N).map(g, range(N)))",
        "group([job.s()] * (N)).apply_async()",
        "group(job.s() for x in range(N)).apply_async()",
        "async with asyncio.Semaphore(N): await asyncio.sleep(1)",
        "await asyncio.Queue(N).get()",
        "x = asyncio.Condition(); await x.acquire(); x.notify(N)",
    ];
    for number in numbers {
        for line in lines {
            let line = line.replace('N', number);
            check(&format!(
                "import asyncio, random, time\nfrom celery import Celery, group\nfrom concurrent.futures import *\napp = Celery()\n@app.task\ndef job(): time.sleep(1)\nasync def f(): await asyncio.sleep(1)\ndef g(x): time.sleep(1)\nasync def main():\n  {line}\nasyncio.run(main())\n"
            ));
        }
    }
}

#[test]
fn a_handle_does_not_take_the_name_of_a_lock() {
    let reading = check(
        "import asyncio\nf_2 = asyncio.Lock()\nasync def f(): await asyncio.sleep(1)\nasync def main():\n  a = asyncio.create_task(f())\n  b = asyncio.create_task(f())\n  async with f_2: await b\n  await a\nasyncio.run(main())\n",
    );
    assert!(
        reading.script.contains("spawn f as f_3"),
        "{}",
        reading.script
    );
}

/// As many copies of each part as a text may contain, so that the script must be cut.
#[test]
fn a_program_that_is_too_large_for_a_script_is_cut_and_that_is_said() {
    let handlers = |n: usize| format!("@app.get('/')\ndef a{n}():f()\n");
    let functions = |n: usize| format!("async def a{n}():await f()\n");
    let tries = |n: usize| {
        format!("  try: await f({n})\n  except ValueError: pass\n  finally: await f({n})\n")
    };
    let locks = |n: usize| format!("  async with asyncio.Lock(): await f({n})\n");
    let long = |_: usize| format!("  await {}()\n", "long".repeat(60));
    let calls = |n: usize| format!("  asyncio.create_task(g({n}))\n");
    let main = "import asyncio\nasync def g(n):await asyncio.sleep(n)\nasync def main():\n";
    let parts: [(&str, &dyn Fn(usize) -> String); 6] = [
        ("from fastapi import FastAPI\napp = FastAPI()\n", &handlers),
        ("import asyncio\n", &functions),
        (main, &tries),
        (main, &locks),
        (main, &long),
        (main, &calls),
    ];
    for (before, part) in parts {
        let mut text = String::from(before);
        for number in 0.. {
            let next = part(number);
            if text.len() + next.len() + 30 > model::limits::SCRIPT_BYTES_MAX {
                break;
            }
            text.push_str(&next);
        }
        if before == main {
            text.push_str("asyncio.run(main())\n");
        }
        let reading = check(&text);
        let start = &text[..text.len().min(200)];
        assert!(!reading.script.is_empty(), "{start}");
        let cut = reading
            .notes
            .iter()
            .any(|note| note.kind == NoteKind::TooMuch);
        assert!(cut || part(0).len() > 200, "{start}");
    }
}
