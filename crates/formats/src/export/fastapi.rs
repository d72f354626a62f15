//! The exporter to FastAPI: an app, and an httpx client that calls it.
//!
//! A task with a `run` line becomes a route that the client requests, e.g. `run 100 ping` →
//! `@app.get("/ping")` and 100 requests. Other tasks become functions. `servers` becomes
//! uvicorn's `--workers`; a process pool replaces the job queue.

use crate::export::PythonProgram;
use crate::export::asyncio::{
    BURN, RESPOND, RUN_IN_PROCESS, executor_threads, has_pools, has_random_arrivals, sets_switch,
    write_settings,
};
use crate::export::python::body::{FunctionWriter, Needs};
use crate::export::python::text::{PythonText, seconds_literal, string_literal};
use model::workload::{Arrivals, Machine, Run, TaskIndex, Workload};

/// The program as Python 3.11 source text.
pub fn fastapi(workload: &Workload) -> String {
    fastapi_program(workload).source
}

/// The program with the map to the script that `verify` needs.
pub fn fastapi_program(workload: &Workload) -> PythonProgram {
    let mut functions = FunctionWriter::of(workload, RESERVED);
    functions.needs.framework = true;
    functions.routes = workload.runs.iter().map(|run| run.task).collect();
    let tasks: Vec<PythonText> = (0..workload.tasks.len() as u32)
        .map(|index| functions.task_function(TaskIndex(index)))
        .collect();
    // The bodies are written first: they determine the imports and helpers above them.
    let load = client_script(workload, &functions);
    let lifespan = lifespan_statements(workload, &functions.needs);
    let mut program = PythonText::default();
    write_header(&mut program, workload.machine.servers);
    write_imports(&mut program, workload, &functions.needs, &lifespan);
    if lifespan.is_empty() {
        program.push_paragraph("\napp = FastAPI()");
    } else {
        program.push_paragraph("\n\n@asynccontextmanager\nasync def lifespan(app):");
        program.block(|text| {
            lifespan.iter().for_each(|line| text.push_line(line));
            text.push_line("yield");
        });
        program.push_paragraph("\n\napp = FastAPI(lifespan=lifespan)");
    }
    write_settings(&mut program, workload, &functions);
    for (needed, helper) in [
        (functions.needs.burn, BURN),
        (functions.needs.respond, RESPOND),
        (functions.needs.processes, RUN_IN_PROCESS),
    ] {
        if needed {
            program.push_paragraph(helper);
        }
    }
    for task in &tasks {
        program.push_paragraph("\n\n");
        program.push_text(task);
    }
    program.push_paragraph("\n\n");
    program.push_text(&load);
    program.push_paragraph(FOOTER);
    PythonProgram::of(program, functions)
}

const RESERVED: &[&str] = &[
    "BackgroundTasks",
    "FastAPI",
    "accumulate",
    "anyio",
    "app",
    "asynccontextmanager",
    "background",
    "client",
    "httpx",
    "lifespan",
    "path",
    "limits",
    "request",
    "server",
];

const FOOTER: &str = r#"

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
"#;

fn write_header(program: &mut PythonText, servers: u32) {
    let workers = match servers {
        1 => String::new(),
        servers => format!(" --workers {servers}"),
    };
    program.push_paragraph(&format!(
        "\"\"\"Written by Loopscope: a task script as a FastAPI app, and who calls it.\n\n\
         Saved as app.py, with `pip install fastapi uvicorn httpx`:\n\n    \
         uvicorn app:app{workers}\n    \
         python app.py http://127.0.0.1:8000\n\n\
         The comments at the right name the script's lines.\n\"\"\"\n\n"
    ));
}

fn write_imports(
    program: &mut PythonText,
    workload: &Workload,
    needs: &Needs,
    lifespan: &[String],
) {
    let processes = needs.processes || needs.jobs;
    let threads = executor_threads(&workload.machine, needs).is_some();
    program.push_line("import asyncio");
    for (needed, module) in [
        (
            needs.random || has_random_arrivals(workload),
            "import random",
        ),
        (true, "import sys"),
        (has_pools(workload), "import threading"),
        (needs.burn || needs.sleep, "import time"),
    ] {
        if needed {
            program.push_line(module);
        }
    }
    let pools = [
        processes.then_some("ProcessPoolExecutor"),
        threads.then_some("ThreadPoolExecutor"),
    ];
    let pools: Vec<&str> = pools.into_iter().flatten().collect();
    if !pools.is_empty() {
        program.push_line(&format!(
            "from concurrent.futures import {}",
            pools.join(", ")
        ));
    }
    if !lifespan.is_empty() {
        program.push_line("from contextlib import asynccontextmanager");
    }
    if has_random_arrivals(workload) {
        program.push_line("from itertools import accumulate");
    }
    program.push_line("");
    if sets_pool(&workload.machine) {
        program.push_line("import anyio");
    }
    program.push_line("import httpx");
    program.push_line(if needs.background {
        "from fastapi import BackgroundTasks, FastAPI"
    } else {
        "from fastapi import FastAPI"
    });
    if needs.threadpool {
        program.push_line("from fastapi.concurrency import run_in_threadpool");
    }
}

/// Statements for the settings in which the script differs from FastAPI's and Python's defaults.
fn lifespan_statements(workload: &Workload, needs: &Needs) -> Vec<String> {
    let machine = &workload.machine;
    let mut lines = Vec::new();
    // The limiter and the loop exist only while the app runs, hence a lifespan and no globals.
    if sets_pool(machine) {
        let pool = machine.pool;
        lines.push(format!(
            "anyio.to_thread.current_default_thread_limiter().total_tokens = {pool}"
        ));
    }
    if let Some(threads) = executor_threads(machine, needs) {
        lines.push(format!(
            "asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor({threads}))"
        ));
    }
    if machine.eager {
        lines.push(
            "asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)".to_owned(),
        );
    }
    if sets_switch(machine) {
        lines.push(format!(
            "sys.setswitchinterval({})",
            seconds_literal(machine.switch)
        ));
    }
    if needs.random {
        lines.push(format!("random.seed({})", machine.seed));
    }
    lines
}

fn sets_pool(machine: &Machine) -> bool {
    machine.pool != Machine::default().pool
}

/// The client: the routes that it requests, when, and how often.
fn client_script(workload: &Workload, functions: &FunctionWriter<'_>) -> PythonText {
    let mut text = PythonText::default();
    text.push_line("async def main(server):");
    text.block(|text| {
        text.push_line("\"\"\"The requests: to what, when, and how many.\"\"\"");
        // httpx allows 100 connections by default, and would delay further requests.
        text.push_line("limits = httpx.Limits(max_connections=None)");
        let client = "httpx.AsyncClient(base_url=server, timeout=None, limits=limits)";
        text.push_line(&format!("async with {client} as client:"));
        text.block(|text| {
            text.push_paragraph(REQUEST);
            text.push_line("await asyncio.gather(");
            text.block(|text| {
                for run in &workload.runs {
                    let path = string_literal(&format!("/{}", functions.names.task(run.task)));
                    text.line_of(&request_statements(run, &path), run.place.line);
                }
            });
            text.push_line(")");
        });
    });
    text
}

const REQUEST: &str = r"
async def request(path, at=0):
    await asyncio.sleep(at)
    await client.get(path)

";

fn request_statements(run: &Run, path: &str) -> String {
    let count = run.count;
    match run.arrivals {
        Arrivals::Together { at } => {
            let at = if at.is_zero() {
                String::new()
            } else {
                format!(", {}", seconds_literal(at))
            };
            match count {
                1 => format!("request({path}{at}),"),
                count => format!("*(request({path}{at}) for _ in range({count})),"),
            }
        }
        Arrivals::Every { start, gap } => {
            let start = if start.is_zero() {
                String::new()
            } else {
                format!("{} + ", seconds_literal(start))
            };
            let gap = seconds_literal(gap);
            format!("*(request({path}, {start}number * {gap}) for number in range({count})),")
        }
        Arrivals::Poisson { start, gap } => {
            let gaps = format!(
                "random.expovariate(1 / {}) for _ in range({count})",
                seconds_literal(gap)
            );
            let start = seconds_literal(start);
            format!("*(request({path}, {start} + at) for at in accumulate({gaps})),")
        }
    }
}
