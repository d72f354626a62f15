//! Long chains and deep nesting: the reader needs no stack in proportion to its input.
//!
//! Every shape is built as large as a script may be, and read on a thread with half the stack that
//! WebAssembly has on the page. It becomes a valid script, or a note says that something was left
//! out.

use model::limits::SCRIPT_BYTES_MAX;
use reader::{NoteKind, Options, outline, read};

/// The page has 1 MiB of stack, and the callers of the reader need some of it, too.
const STACK_BYTES: usize = 512 * 1024;
/// The number of repetitions of a shape, if they fit.
const TIMES: usize = 50_000;

/// A text that repeats `part` and `close` equally often, e.g. `x = ((1))`.
#[derive(Clone, Copy, Default)]
struct Shape {
    before: &'static str,
    part: &'static str,
    between: &'static str,
    close: &'static str,
    after: &'static str,
}

impl Shape {
    fn text(self, times: usize) -> String {
        let Self {
            before,
            part,
            between,
            close,
            after,
        } = self;
        [
            before,
            &part.repeat(times),
            between,
            &close.repeat(times),
            after,
        ]
        .concat()
    }

    fn largest(self) -> String {
        let fixed = self.before.len() + self.between.len() + self.after.len();
        let each = self.part.len() + self.close.len();
        self.text(TIMES.min((SCRIPT_BYTES_MAX - fixed) / each))
    }
}

fn chain(before: &'static str, part: &'static str, between: &'static str) -> Shape {
    Shape {
        before,
        part,
        between,
        ..Shape::default()
    }
}

fn nest(
    before: &'static str,
    part: &'static str,
    between: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        before,
        part,
        between,
        close,
        after: "\n",
    }
}

/// Shapes for the parser.
fn grammar() -> Vec<Shape> {
    vec![
        nest("x = ", "(", "1", ")"),
        nest("x = ", "[", "1", "]"),
        nest("x = ", "{", "1", "}"),
        nest("x = ", "{1:", "1", "}"),
        nest("x = ", "f(", "1", ")"),
        nest("x = ", "a[", "1", "]"),
        nest("x = ", "a[b(", "1", ")]"),
        nest("x = ", "(yield ", "1", ")"),
        nest("x = ", "[a for a in ", "b", "]"),
        nest("x = ", "f'{", "1", "}'"),
        nest("x = ", "f'{f\"{", "1", "}\"}'"),
        nest("(", "x := (", "1)", ")"),
        nest("for ", "(a, ", "b", ") in c: pass"),
        nest("match x:\n case ", "(", "1", ")"),
        nest("match x:\n case ", "{", "1", ": 1}"),
        nest("match x:\n case ", "[", "1", "]"),
        nest("match x:\n case ", "A(b=", "1", ")"),
        chain("x = ", "(", ""),
        chain("x = ", "[", ""),
        chain("match x:\n case ", "{", "1: pass\n"),
        chain("x = f'", "{", "'"),
        chain("x = '''", "f'''{", ""),
        chain("x = ", "-", "1"),
        chain("x = ", "~", "1"),
        chain("x = ", "not ", "1"),
        chain("x = ", "await ", "1"),
        chain("x = ", "yield ", "1"),
        chain("x = ", "yield from ", "1"),
        chain("x = ", "*", "1"),
        chain("x = ", "lambda: ", "1"),
        chain("x = ", "lambda a=", "1"),
        chain("x = ", "a if b else ", "1"),
        chain("x = 1", " if 1 else 1", "\n"),
        chain("x = 1", " + 1", "\n"),
        chain("x = 1", " < 1", "\n"),
        chain("x = 1", " ** 1", "\n"),
        chain("x = 1", " and 1", "\n"),
        chain("x = 1", " or 1 and not 1", "\n"),
        chain("x = 'a'", " 'b'", "\n"),
        chain("x = f''", " f'{a}'", "\n"),
        chain("x = a", ".b", "\n"),
        chain("x = a", "()", "\n"),
        chain("x = a", "[0]", "\n"),
        chain("x = a", ".b()[0]", "\n"),
        chain("x = a", " := a", "\n"),
        chain("", "x = ", "1\n"),
        chain("x = [a", " for a in b", "]\n"),
        chain("x = [a for a in b", " if a", "]\n"),
        chain("x: ", "a[", ""),
        chain("import a", ".b", "\n"),
        chain("import a", ", b", "\n"),
        chain("from ", ".", " import a\n"),
        chain("global a", ", b", "\n"),
        chain("del a", ", b", "\n"),
        chain("", "if a: ", "pass\n"),
        chain("if a: pass\n", "elif b: pass\n", "else: pass\n"),
        chain("", "@a\n", "def f(): pass\n"),
        chain("", "else: pass\n", ""),
        chain("try: pass\n", "except a: pass\n", ""),
        chain("match x:\n", " case 1: pass\n", ""),
        chain("match x:\n case a", " | a", ": pass\n"),
        chain("def f(a", ", b=1", "): pass\n"),
        chain("class A", "(B)", ": pass\n"),
        chain("with a", ", b", ": pass\n"),
        chain("", "a;", "\n"),
        chain("", "\\\n", "a\n"),
        chain("", "\"\"\"\n", ""),
        chain("", "f'''{\n", ""),
    ]
}

const PROGRAM: &str = "\
import asyncio
from functools import partial
lock = asyncio.Lock()
limit = asyncio.timeout(9)
async def gen():
    yield 1
    await asyncio.sleep(1)
    yield 2
async def work(n=1):
    await asyncio.sleep(1)
    return n
def step(*given):
    return given
x = work
y = []
";

/// Shapes for the interpreter of values: one statement, repeated.
fn statements() -> Vec<Shape> {
    let lines = [
        "x = [x]\n",
        "x = [x, x]\n",
        "x = (x, x, x)\n",
        "x = {1: x}\n",
        "x = x.a\n",
        "x = x + x\n",
        "x = partial(x)\n",
        "x = partial(x, x)\n",
        "x = Depends(x)\n",
        "x = asyncio.wait_for(x, 1)\n",
        "x = asyncio.gather(x, x)\n",
        "x = asyncio.shield(x)\n",
        "x = asyncio.create_task(work(x))\n",
        "x = work(x)\n",
        "x = work([x, x])\n",
        "x = step(x)\n",
        "x = step(x, x)\n",
        "x = step(*x, *x)\n",
        "x = enumerate(y)\n",
        "x = lambda: x()\n",
        "y += y\n",
        "y = y + y\n",
        "y += [y]\n",
        "y.append(y)\n",
        "y.extend(y)\n",
        "y.append(x)\n",
        "y = [y for a in y]\n",
        "asyncio.run(work())\n",
        "asyncio.run(work(x := [x]))\n",
    ];
    lines
        .map(|line| chain(PROGRAM, line, "x()\nasyncio.run(x)\n"))
        .to_vec()
}

fn expressions() -> Vec<Shape> {
    const MAIN: &str = "\
import asyncio
lock = asyncio.Lock()
async def gen():
    yield 1
    await asyncio.sleep(1)
    yield 2
async def work(): await asyncio.sleep(1)
async def main():
 ";
    const RUN: &str = "\nasyncio.run(main())\n";
    let of = |part, between| Shape {
        before: MAIN,
        part,
        between,
        close: "",
        after: RUN,
    };
    vec![
        of("async with lock, ", "async with lock: await work()"),
        Shape {
            before: "\
import asyncio
lock = asyncio.Lock()
async def work(): await asyncio.sleep(1)
async def main():
 async with lock",
            part: ",lock",
            between: ":\n  await work()",
            close: "",
            after: RUN,
        },
        Shape {
            before: "\
import asyncio
async def work(): await asyncio.sleep(1)
async def main():
 async with asyncio.timeout(1)",
            part: ", asyncio.timeout(1)",
            between: ":\n  await work()",
            close: "",
            after: RUN,
        },
        Shape {
            before: "\
import asyncio
async def gen():
    await asyncio.sleep(1)
    yield 1
    await asyncio.sleep(1)
async def main():
 async with gen()",
            part: ", gen()",
            between: ":\n  await asyncio.sleep(2)",
            close: "",
            after: RUN,
        },
        of("await work(); ", "pass"),
        of("await asyncio.gather(work()", ")"),
        of("asyncio.create_task(work()); ", "pass"),
        of("[await work() for a in [1] ", "]"),
        chain(
            "async def main():\n x = [await f()",
            " for a in b",
            "]\nasyncio.run(main())\n",
        ),
        chain(
            "async def main():\n if a: await f()\n",
            " elif b: await f()\n",
            " else: await f()\nasyncio.run(main())\n",
        ),
        chain(
            "async def main():\n if a: pass\n",
            " elif b: return\n",
            " else: await f()\nasyncio.run(main())\n",
        ),
    ]
}

/// Texts with numbered or indented lines, which a shape cannot express.
fn written_out() -> Vec<String> {
    let deep = |head: &str, levels: usize, inner: &str| {
        let mut text = String::from(PROGRAM);
        text.push_str("async def main():\n");
        for level in 1..=levels {
            text.push_str(&format!("{}{head}\n", " ".repeat(level)));
        }
        text.push_str(&format!("{}{inner}\n", " ".repeat(levels + 1)));
        text.push_str("asyncio.run(main())\n");
        text
    };
    let mut texts = Vec::new();
    for levels in [30, 60, 90, 99, 120, 600] {
        for head in [
            "async with lock:",
            "async with lock, lock, lock, lock:",
            "async with asyncio.timeout(1):",
            "async for a in gen():",
            "for a in [1, 2]:",
            "for a in range(99):",
            "while True:",
            "while a:",
            "if a:",
            "try:",
            "def f():",
            "class A:",
            "async def f():",
            "with asyncio.TaskGroup():",
        ] {
            texts.push(deep(head, levels, "await work()"));
            texts.push(deep(
                head,
                levels,
                "x = f(f(f(f(await work(1 + -2), [{1}]))))",
            ));
        }
    }
    // Nested `elif` chains.
    let mut text = String::new();
    for level in 0..60 {
        let indent = " ".repeat(level);
        text.push_str(&format!("{indent}if a: pass\n"));
        text.push_str(&format!("{indent}elif b: pass\n").repeat(100));
        text.push_str(&format!("{indent}else:\n"));
    }
    text.push_str(&format!("{}pass\n", " ".repeat(60)));
    texts.push(text);
    // Functions that call the next one: once, twice, or inside blocks.
    let mut functions = |body: &dyn Fn(usize) -> String, count: usize, last: &str| {
        let mut text = String::from("import asyncio\nlock = asyncio.Lock()\n");
        for number in 0..count {
            text.push_str(&body(number));
        }
        text.push_str(last);
        text.push_str("asyncio.run(f0())\n");
        texts.push(text);
    };
    let tail = |count: usize| {
        format!("async def f{count}():\n  await asyncio.sleep(1)\n  raise ValueError()\n")
    };
    functions(
        &|n| format!("async def f{n}():\n  await f{}()\n", n + 1),
        5_000,
        &tail(5_000),
    );
    for count in [20, 40, 100] {
        functions(
            &|n| {
                format!(
                    "async def f{n}():\n  await f{m}()\n  await f{m}()\n",
                    m = n + 1
                )
            },
            count,
            &tail(count),
        );
        functions(
            &|n| format!("def f{n}():\n  f{m}()\n  f{m}()\n", m = n + 1),
            count,
            &format!(
                "async def g(): await asyncio.sleep(1)\ndef f{count}(): asyncio.create_task(g())\n"
            ),
        );
        functions(
            &|n| {
                format!(
                    "async def f{n}():\n  async with lock:\n    try:\n      await f{}()\n    except ValueError: pass\n",
                    n + 1
                )
            },
            count,
            &tail(count),
        );
        functions(
            &|n| {
                format!(
                    "def f{n}():\n  asyncio.run(h{n}())\nasync def h{n}():\n  async with lock:\n    f{}()\n",
                    n + 1
                )
            },
            count,
            &format!("def f{count}(): asyncio.run(g())\nasync def g(): await asyncio.sleep(1)\n"),
        );
    }
    texts
}

/// Reads the text on a small stack.
#[track_caller]
fn check(text: String) {
    let start = text.chars().take(400).collect::<String>();
    let reader = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || {
            // `outline` only parses; `read` also interprets the program.
            let _ = outline(&text);
            read(&text, &Options::default())
        });
    let reading = reader.expect("a thread starts").join();
    let reading = reading.unwrap_or_else(|_| panic!("the reader panicked at\n{start}"));
    if reading.script.is_empty() {
        assert!(!reading.notes.is_empty(), "nothing is said of\n{start}");
        return;
    }
    let parsed = script::parse(&reading.script);
    let script = reading.script.chars().take(2_000).collect::<String>();
    assert!(
        parsed.workload.is_some(),
        "{:#?}\n{script}\nof\n{start}",
        parsed.diagnostics
    );
}

/// The note is at the line of the nesting.
#[test]
fn a_nest_that_is_too_deep_is_said_with_what_to_do() {
    for shape in [
        nest("x = ", "(", "1", ")"),
        nest("x = ", "[a for a in ", "b", "]"),
        chain("x = ", "not ", "1\n"),
        chain("x = a", ".a", "\n"),
        chain("match x:\n case ", "{", "1: pass\n"),
    ] {
        let text = format!("pass\n{}", shape.text(2_000));
        let notes = read(&text, &Options::default()).notes;
        let line = text.lines().position(|line| line.len() > 1_000);
        let line = line.expect("a long line") as u32 + 1;
        let is_said = |kind: NoteKind| {
            notes
                .iter()
                .any(|note| note.line == line && note.kind == kind)
        };
        assert!(is_said(NoteKind::TooDeep), "{notes:?}");
    }
}

#[test]
fn a_long_expression_never_takes_the_page_down() {
    for shape in grammar() {
        check(shape.largest());
        // Just below, at and above the parser's limits on depth, where off-by-one errors show.
        for times in [40, 49, 50, 90, 99, 100, 149, 150, 299, 300, 301] {
            check(shape.text(times));
        }
    }
}

#[test]
fn a_program_that_piles_up_values_never_takes_the_page_down() {
    for shape in statements() {
        check(shape.largest());
        for times in [33, 65, 400] {
            check(shape.text(times));
        }
    }
}

#[test]
fn a_program_with_long_statements_never_takes_the_page_down() {
    for shape in expressions() {
        check(shape.largest());
    }
}

#[test]
fn blocks_and_functions_in_each_other_never_take_the_page_down() {
    written_out().into_iter().for_each(check);
}
