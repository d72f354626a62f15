//! The exporter to asyncio: a program that needs only the standard library.
//!
//! Helpers in the program replace FastAPI's thread pool, the process pool and the job queue,
//! e.g. `run_in_threadpool`. The program is one server process; a comment states `servers`.

use crate::export::PythonProgram;
use crate::export::python::body::{FunctionWriter, Needs};
use crate::export::python::text::{PythonText, seconds_literal};
use model::time::SimDuration;
use model::workload::{
    Arrivals, Gil, Machine, PythonVersion, ResourceIndex, ResourceKind, Run, SegmentKind,
    TaskIndex, TaskKind, Workload,
};

/// The program as Python 3.11 source text.
pub fn asyncio(workload: &Workload) -> String {
    asyncio_program(workload).source
}

/// The program with the map to the script that `verify` needs.
pub fn asyncio_program(workload: &Workload) -> PythonProgram {
    let mut functions = FunctionWriter::of(workload, &[]);
    let tasks: Vec<PythonText> = (0..workload.tasks.len() as u32)
        .map(|index| functions.task_function(TaskIndex(index)))
        .collect();
    // The bodies are written first: they determine the imports and helpers above them.
    let main = main_function(workload, &mut functions);
    let mut program = PythonText::default();
    program.push_paragraph(&header(workload));
    write_imports(&mut program, workload, &functions.needs);
    write_simplifications(&mut program, &workload.machine);
    write_settings(&mut program, workload, &functions);
    write_helpers(&mut program, &functions.needs);
    for task in &tasks {
        program.push_paragraph("\n\n");
        program.push_text(task);
    }
    program.push_paragraph("\n\n");
    program.push_text(&main);
    write_footer(&mut program, workload, &functions.needs);
    PythonProgram::of(program, functions)
}

fn header(workload: &Workload) -> String {
    let segments = workload.segments();
    let mut segments = segments.iter().flatten();
    let ends_a_queue = segments.any(|segment| matches!(segment.kind, SegmentKind::Shutdown { .. }));
    // `Queue.shutdown` is new in 3.13, `eager_task_factory` in 3.12.
    let oldest = match (ends_a_queue, workload.machine.eager) {
        (true, _) => "3.13",
        (false, true) => "3.12",
        (false, false) => "3.11",
    };
    HEADER.replace("{oldest}", oldest)
}

const HEADER: &str = r#""""Written by Loopscope: a task script as an asyncio program.

For Python {oldest} or newer; nothing to install. The comments at the right name
the script's lines.
"""

"#;

const FOOTER: &str = r#"

if __name__ == "__main__":
    asyncio.run(main())
"#;

pub(super) fn write_footer(program: &mut PythonText, workload: &Workload, needs: &Needs) {
    match workload.machine.until {
        None => program.push_paragraph(FOOTER),
        Some(_) => footer_with_until(program, needs),
    }
}

/// The end of a program with `until`. `asyncio.run` would cancel the remaining tasks and wait
/// for their threads; the script's clock just stops, so the process exits at once.
fn footer_with_until(program: &mut PythonText, needs: &Needs) {
    program.push_paragraph(FOOTER_UNTIL);
    program.block(|text| {
        if has_processes(needs) {
            text.push_line("for survivor in multiprocessing.active_children():");
            text.block(|text| text.push_line("survivor.kill()"));
        }
        // `os._exit` does not flush the output.
        text.push_line("sys.stdout.flush()");
        text.push_line("os._exit(0)");
    });
}

const FOOTER_UNTIL: &str = r#"

if __name__ == "__main__":
    asyncio.new_event_loop().run_until_complete(main())
    # Here the script's clock stops: nobody is cancelled, nobody is waited for.
"#;

pub(super) fn write_imports(program: &mut PythonText, workload: &Workload, needs: &Needs) {
    let machine = &workload.machine;
    let threads = needs.threadpool || executor_threads(machine, needs).is_some();
    let processes = has_processes(needs);
    let until = machine.until.is_some();
    program.push_line("import asyncio");
    for (needed, module) in [
        (until && has_late_arrivals(workload), "import contextlib"),
        (until && processes, "import multiprocessing"),
        (until || needs.celery, "import os"),
        (needs.random, "import random"),
        (until || sets_switch(machine), "import sys"),
        (has_pools(workload), "import threading"),
        (needs.burn || needs.sleep, "import time"),
    ] {
        if needed {
            program.push_line(module);
        }
    }
    let pools = match (processes, threads) {
        (true, true) => "ProcessPoolExecutor, ThreadPoolExecutor",
        (true, false) => "ProcessPoolExecutor",
        (false, true) => "ThreadPoolExecutor",
        (false, false) => return,
    };
    program.push_line(&format!("from concurrent.futures import {pools}"));
}

/// Whether the program starts worker processes.
fn has_processes(needs: &Needs) -> bool {
    needs.processes || (needs.jobs && !needs.celery)
}

/// Whether threads share a `pool`.
pub(super) fn has_pools(workload: &Workload) -> bool {
    let is_pool = |kind| matches!(kind, ResourceKind::Pool { .. });
    workload
        .resources
        .iter()
        .any(|resource| is_pool(resource.kind))
}

/// Comments about settings that a program cannot apply to itself, e.g. `gil off`.
pub(super) fn write_simplifications(program: &mut PythonText, machine: &Machine) {
    let mut text = PythonText::default();
    if machine.gil == Gil::Off {
        text.push_line("# The script turns the GIL off: run this with a free-threaded Python.");
    }
    if machine.python != PythonVersion::default() {
        let version = machine.python.name();
        text.push_line(&format!(
            "# The script follows CPython {version}: run this with that version."
        ));
    }
    if machine.servers > 1 {
        let servers = machine.servers;
        text.push_line(&format!(
            "# The script has {servers} server processes: this is one of them."
        ));
    }
    if !text.is_empty() {
        program.push_line("");
        program.push_text(&text);
    }
}

/// The module-level variables: the script's resources, and the pools.
pub(super) fn write_settings(
    program: &mut PythonText,
    workload: &Workload,
    functions: &FunctionWriter<'_>,
) {
    let (machine, needs) = (&workload.machine, &functions.needs);
    let has_limit = |kind| {
        matches!(
            kind,
            ResourceKind::Pool {
                timeout: Some(_),
                ..
            }
        )
    };
    if workload
        .resources
        .iter()
        .any(|resource| has_limit(resource.kind))
    {
        program.push_paragraph(POOL);
    }
    let mut text = PythonText::default();
    for (index, resource) in (0..).zip(&workload.resources) {
        let name = functions.names.resource(ResourceIndex(index));
        let value = resource_code(resource.kind);
        text.line_of(&format!("{name} = {value}"), resource.place.line);
    }
    if needs.threadpool && !needs.framework {
        text.push_line("# Where FastAPI runs its `def` handlers; AnyIO keeps these threads there.");
        text.push_line(&format!(
            "threadpool = ThreadPoolExecutor(max_workers={})",
            machine.pool
        ));
    }
    if needs.processes {
        let workers = machine.process_workers();
        text.push_line(&format!(
            "processes = ProcessPoolExecutor(max_workers={workers})"
        ));
    }
    if needs.jobs && !needs.celery {
        text.push_line("# In production this would be Celery: a broker, and workers elsewhere.");
        text.push_line(&format!(
            "jobs = ProcessPoolExecutor(max_workers={})",
            machine.jobs
        ));
    }
    if !text.is_empty() {
        program.push_line("");
        program.push_text(&text);
    }
}

/// The object that a resource is in Python.
fn resource_code(kind: ResourceKind) -> String {
    match kind {
        ResourceKind::Queue { capacity: None } => "asyncio.Queue()".to_owned(),
        ResourceKind::Queue {
            capacity: Some(size),
        } => format!("asyncio.Queue({size})"),
        ResourceKind::Semaphore { permits } => format!("asyncio.Semaphore({permits})"),
        ResourceKind::Lock => "asyncio.Lock()".to_owned(),
        ResourceKind::Event => "asyncio.Event()".to_owned(),
        ResourceKind::Condition => "asyncio.Condition()".to_owned(),
        ResourceKind::Pool {
            permits,
            timeout: None,
        } => format!("threading.BoundedSemaphore({permits})"),
        ResourceKind::Pool {
            permits,
            timeout: Some(timeout),
        } => format!("Pool({permits}, {})", seconds_literal(timeout)),
    }
}

pub(super) fn write_helpers(program: &mut PythonText, needs: &Needs) {
    for (needed, helper) in [
        (needs.burn, BURN),
        (needs.respond, RESPOND),
        (needs.threadpool, RUN_IN_THREADPOOL),
        (needs.processes, RUN_IN_PROCESS),
    ] {
        if needed {
            program.push_paragraph(helper);
        }
    }
}

const POOL: &str = r#"

class Pool:
    """Permits for threads, as a database has connections. A wait fails after its time."""

    def __init__(self, permits, timeout):
        self.permits = threading.BoundedSemaphore(permits)
        self.timeout = timeout

    def acquire(self):
        if not self.permits.acquire(timeout=self.timeout):
            raise TimeoutError

    def release(self):
        self.permits.release()

    def __enter__(self):
        self.acquire()

    def __exit__(self, *raised):
        self.release()

"#;

pub(super) const BURN: &str = r#"

def burn(seconds):
    """Computes until this much CPU time is spent."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
"#;

pub(super) const RESPOND: &str = r#"

def respond():
    """Here a server's response goes out; what follows is a background task."""
    print("response sent")
"#;

const RUN_IN_THREADPOOL: &str = r#"

async def run_in_threadpool(work):
    """What FastAPI does with a `def` handler; its own is in `fastapi.concurrency`."""
    await asyncio.get_running_loop().run_in_executor(threadpool, work)
"#;

pub(super) const RUN_IN_PROCESS: &str = r#"

async def run_in_process(work):
    """Another process computes under a GIL of its own."""
    await asyncio.get_running_loop().run_in_executor(processes, work)
"#;

/// The function `main`: starts the arrivals in the script's order, and waits for all of them.
pub(super) fn main_function(workload: &Workload, functions: &mut FunctionWriter<'_>) -> PythonText {
    functions.needs.random |= has_random_arrivals(workload);
    let mut text = PythonText::default();
    text.push_line("async def main():");
    text.block(|text| {
        let late = has_late_arrivals(workload);
        write_preparation(text, &workload.machine, &functions.needs, late);
        if late {
            start_as_they_arrive(text, workload, functions);
        } else if !workload.runs.is_empty() {
            start_together(text, workload, functions);
        }
    });
    text
}

fn write_preparation(text: &mut PythonText, machine: &Machine, needs: &Needs, late: bool) {
    if sets_switch(machine) {
        text.push_line(&format!(
            "sys.setswitchinterval({})",
            seconds_literal(machine.switch)
        ));
    }
    if needs.random {
        text.push_line(&format!("random.seed({})", machine.seed));
    }
    if late || machine.eager || executor_threads(machine, needs).is_some() {
        text.push_line("loop = asyncio.get_running_loop()");
    }
    if machine.eager {
        text.push_line("loop.set_task_factory(asyncio.eager_task_factory)");
    }
    if let Some(threads) = executor_threads(machine, needs) {
        text.push_line(&format!(
            "loop.set_default_executor(ThreadPoolExecutor(max_workers={threads}))"
        ));
    }
}

fn start_together(text: &mut PythonText, workload: &Workload, functions: &mut FunctionWriter<'_>) {
    text.push_line("running = [");
    text.block(|text| {
        for run in &workload.runs {
            let create = format!(
                "asyncio.create_task({})",
                functions.coroutine_call(run.task)
            );
            let code = match run.count {
                1 => format!("{create},"),
                count => format!("*({create} for _ in range({count})),"),
            };
            text.line_of(&code, run.place.line);
        }
    });
    text.push_line("]");
    match workload.machine.until {
        None => text.push_line("await asyncio.wait(running)"),
        Some(until) => {
            let until = seconds_literal(until);
            text.push_line(&format!("await asyncio.wait(running, timeout={until})"));
        }
    }
}

/// Starts arrivals over time. `asyncio.wait` cannot wait for tasks that do not exist yet, so the
/// program counts them. Like `asyncio.wait`, the counter wakes `main` two loop iterations after
/// the last task has ended, which keeps the order of events.
fn start_as_they_arrive(
    text: &mut PythonText,
    workload: &Workload,
    functions: &mut FunctionWriter<'_>,
) {
    let total = workload
        .runs
        .iter()
        .fold(0_u64, |total, run| total.saturating_add(run.count));
    text.push_line("finished = asyncio.Event()");
    text.push_line("running = set()");
    text.push_line(&format!("left = {total}"));
    text.push_paragraph(COUNT_DOWN);
    // An eager task takes its first step, and perhaps time, inside `start`, so the timers come first.
    let parts: &[StartPart] = if workload.machine.eager {
        &[StartPart::Timers, StartPart::AtOnce]
    } else {
        &[StartPart::All]
    };
    for part in parts {
        for run in &workload.runs {
            write_arrivals(text, run, *part, functions);
        }
    }
    match workload.machine.until {
        None => text.push_line("await finished.wait()"),
        Some(until) => {
            text.push_line("with contextlib.suppress(TimeoutError):");
            text.block(|text| {
                text.push_line(&format!(
                    "async with asyncio.timeout({}):",
                    seconds_literal(until)
                ));
                text.block(|text| text.push_line("await finished.wait()"));
            });
        }
    }
}

const COUNT_DOWN: &str = r"
def ended(task):
    nonlocal left
    left -= 1
    running.discard(task)
    if left == 0:
        finished.set()

def start(work):
    task = asyncio.create_task(work())
    running.add(task)
    task.add_done_callback(ended)

";

/// Which arrivals of a run are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StartPart {
    All,
    /// Those that a timer starts.
    Timers,
    /// Those that `main` starts itself.
    AtOnce,
}

fn write_arrivals(
    text: &mut PythonText,
    run: &Run,
    part: StartPart,
    functions: &mut FunctionWriter<'_>,
) {
    // `start` calls its argument at the arrival; a coroutine created earlier would warn if it
    // were never awaited.
    let work = match functions.workload().task(run.task).kind {
        TaskKind::Async => functions.names.task(run.task).to_owned(),
        TaskKind::Sync => format!("lambda: {}", functions.coroutine_call(run.task)),
    };
    let line = run.place.line;
    match run.arrivals {
        Arrivals::Together { at } if part.has(at.is_zero()) => {
            let code = if at.is_zero() {
                format!("start({work})")
            } else {
                format!("loop.call_later({}, start, {work})", seconds_literal(at))
            };
            write_repeated(text, run.count, &code, line);
        }
        Arrivals::Every { start, gap } if start.is_zero() && gap.is_zero() => {
            if part.has(true) {
                write_repeated(text, run.count, &format!("start({work})"), line);
            }
        }
        Arrivals::Every { start, gap } => {
            // The arrival at time zero starts at once; a timer would delay it by an iteration.
            let first = u64::from(start.is_zero());
            if first == 1 && part.has(true) {
                text.line_of(&format!("start({work})"), line);
            }
            if !part.has(false) {
                return;
            }
            let range = match first {
                0 => run.count.to_string(),
                first => format!("{first}, {}", run.count),
            };
            let start = match start {
                SimDuration::ZERO => String::new(),
                later => format!("{} + ", seconds_literal(later)),
            };
            text.line_of(&format!("for number in range({range}):"), line);
            text.block(|text| {
                let at = format!("{start}number * {}", seconds_literal(gap));
                text.push_line(&format!("loop.call_later({at}, start, {work})"));
            });
        }
        Arrivals::Poisson { start, gap } if part.has(false) => {
            text.push_line(&format!("at = {}", seconds_literal(start)));
            text.line_of(&format!("for _ in range({}):", run.count), line);
            text.block(|text| {
                text.push_line(&format!(
                    "at += random.expovariate(1 / {})",
                    seconds_literal(gap)
                ));
                text.push_line(&format!("loop.call_later(at, start, {work})"));
            });
        }
        Arrivals::Together { .. } | Arrivals::Poisson { .. } => {}
    }
}

impl StartPart {
    /// Whether it includes the arrivals that begin at once, or else those of timers.
    fn has(self, is_at_once: bool) -> bool {
        match self {
            Self::All => true,
            Self::Timers => !is_at_once,
            Self::AtOnce => is_at_once,
        }
    }
}

fn write_repeated(text: &mut PythonText, count: u64, code: &str, line: u32) {
    if count == 1 {
        text.line_of(code, line);
        return;
    }
    text.line_of(&format!("for _ in range({count}):"), line);
    text.block(|text| text.push_line(code));
}

fn has_late_arrivals(workload: &Workload) -> bool {
    workload.runs.iter().any(|run| match run.arrivals {
        Arrivals::Together { at } => !at.is_zero(),
        Arrivals::Every { start, gap } => !start.is_zero() || !gap.is_zero(),
        Arrivals::Poisson { .. } => true,
    })
}

pub(super) fn has_random_arrivals(workload: &Workload) -> bool {
    workload
        .runs
        .iter()
        .any(|run| matches!(run.arrivals, Arrivals::Poisson { .. }))
}

pub(super) fn sets_switch(machine: &Machine) -> bool {
    machine.switch != Machine::default().switch
}

/// The size of the executor, if the script sets it. Python's default depends on the machine that
/// runs the program.
pub(super) fn executor_threads(machine: &Machine, needs: &Needs) -> Option<u32> {
    machine.executor.filter(|_| needs.executor)
}
