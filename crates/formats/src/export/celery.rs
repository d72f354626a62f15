//! The exporter to Celery: an app, and an asyncio program that sends jobs to it.
//!
//! A task that is sent becomes a Celery task, e.g. `send resize` → `resize.delay()`. The rest is
//! as in [`super::asyncio()`]. Each job worker is a Celery worker that runs one job at a time.

use crate::export::PythonProgram;
use crate::export::asyncio::{
    main_function, write_footer, write_helpers, write_imports, write_settings,
    write_simplifications,
};
use crate::export::python::body::FunctionWriter;
use crate::export::python::text::PythonText;
use model::workload::{Machine, SegmentKind, TaskIndex, Workload};

/// The program as Python 3.11 source text.
pub fn celery(workload: &Workload) -> String {
    celery_program(workload).source
}

/// The program with the map to the script that `verify` needs.
pub fn celery_program(workload: &Workload) -> PythonProgram {
    let mut functions = FunctionWriter::of(workload, RESERVED);
    // Before the tasks are written, because it decides how they send jobs.
    functions.needs.celery = true;
    let tasks: Vec<PythonText> = (0..workload.tasks.len() as u32)
        .map(|index| functions.task_function(TaskIndex(index)))
        .collect();
    let main = main_function(workload, &mut functions);
    let mut program = PythonText::default();
    write_header(&mut program, workload.machine.jobs);
    write_imports(&mut program, workload, &functions.needs);
    program.push_paragraph("\nfrom celery import Celery");
    write_simplifications(&mut program, &workload.machine);
    write_app(&mut program, &workload.machine);
    write_settings(&mut program, workload, &functions);
    write_helpers(&mut program, &functions.needs);
    if functions.needs.results {
        program.push_paragraph(RESULT_OF);
    }
    for task in &tasks {
        program.push_paragraph("\n\n");
        program.push_text(task);
    }
    program.push_paragraph("\n\n");
    program.push_text(&main);
    write_footer(&mut program, workload, &functions.needs);
    PythonProgram::of(program, functions)
}

/// Whether the script sends a job. Otherwise Celery would have nothing to do.
pub fn sends_jobs(workload: &Workload) -> bool {
    let segments = workload.segments();
    let mut kinds = segments.iter().flatten().map(|segment| &segment.kind);
    kinds.any(|kind| matches!(kind, SegmentKind::Send { .. }))
}

const RESERVED: &[&str] = &["Celery", "app", "job", "redis_url", "result_of"];

/// Polls the result. `job.get()` would block a thread, which a cancelled task could not stop.
const RESULT_OF: &str = r#"

async def result_of(job):
    """Waits for a job without holding the loop; its failure is raised here."""
    while not job.ready():
        await asyncio.sleep(0.005)
    job.get()
"#;

fn write_header(program: &mut PythonText, jobs: u32) {
    // Several workers with one slot each, because the processes of one worker share its prefetch.
    let (start, stop) = match jobs {
        1 => ("celery -A app worker --concurrency 1".to_owned(), None),
        jobs => (
            format!("celery multi start {jobs} -A app --concurrency=1"),
            Some(format!("celery multi stopwait {jobs} -A app\n")),
        ),
    };
    let stop = stop.map_or(String::new(), |stop| format!("    {stop}"));
    let workers = match jobs {
        1 => "the worker, one job at a time; then, beside it, the sender".to_owned(),
        jobs => format!("{jobs} workers, one job at a time each; then the sender"),
    };
    program.push_paragraph(&format!(
        "\"\"\"Written by Loopscope: a task script as a Celery app, and who sends jobs to it.\n\n\
         Saved as app.py, with `pip install \"celery[redis]\"` and a Redis where REDIS_URL says:\n\
         {workers}.\n\n    \
         {start}\n    \
         python app.py\n{stop}\n\
         The comments at the right name the script's lines.\n\"\"\"\n\n"
    ));
}

fn write_app(program: &mut PythonText, machine: &Machine) {
    program.push_paragraph(
        "\nredis_url = os.environ.get(\"REDIS_URL\", \"redis://127.0.0.1:6379/0\")\n\
         app = Celery(\"app\", broker=redis_url, backend=redis_url)",
    );
    match machine.prefetch {
        0 => program.push_paragraph(
            "# A worker takes a job only when it has done the one before.\n\
             app.conf.task_acks_late = True\n\
             app.conf.worker_prefetch_multiplier = 1",
        ),
        jobs => program.push_paragraph(&format!(
            "# So many jobs a worker reserves beyond the one it runs.\n\
             app.conf.worker_prefetch_multiplier = {jobs}"
        )),
    }
}
