//! The runs that the charts of the tests show.

use model::trace::{LaneKind, Role, State::*, Trace};
use model::workload::Workload;

use crate::builder::{Builder, NOWHERE};

/// `pasta: cpu 3 -> await 5`, `toast: cpu 6`.
pub(crate) fn pasta() -> (Workload, Trace) {
    cooking("pasta", "toast", "boil")
}

pub(crate) fn korean() -> (Workload, Trace) {
    cooking("파스타_만들기", "토스트", "면 삶기")
}

fn cooking(pasta: &str, toast: &str, boil: &str) -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let pasta = b.task(pasta, &["cpu", &format!("await {boil}")]);
    let toast = b.task(toast, &["cpu"]);
    b.arrive(
        pasta,
        &[
            (0.0, Running, main, 0),
            (3.0, Awaiting, NOWHERE, 1),
            (8.0, Ready, NOWHERE, 1),
            (9.0, Done, NOWHERE, 1),
        ],
    );
    b.arrive(
        toast,
        &[
            (0.0, Ready, NOWHERE, 0),
            (3.0, Running, main, 0),
            (9.0, Done, NOWHERE, 0),
        ],
    );
    b.build()
}

/// Requests of an `async def` handler that blocks the loop, so each one waits for those before it.
pub(crate) fn staircase(count: u32, each: f64) -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let ping = b.task("terrible_ping", &["block time.sleep"]);
    for number in 0..count {
        let start = f64::from(number) * each;
        b.arrive(
            ping,
            &[
                (0.0, Ready, NOWHERE, 0),
                (start, Blocking, main, 0),
                (start + each, Done, NOWHERE, 0),
            ],
        );
    }
    b.build()
}

/// A hundred `def` requests on forty threads: three waves.
pub(crate) fn waves() -> (Workload, Trace) {
    let mut b = Builder::default();
    b.main_loop();
    let threads = b.threads(40);
    let ping = b.task("good_ping", &["block requests.get"]);
    for number in 0..100 {
        let start = f64::from(number / 40);
        let handler = b.create(
            ping,
            Role::Handler,
            None,
            &[
                (0.0, QueuedToken, NOWHERE, 0),
                (start, Offloaded, NOWHERE, 0),
                (start + 1.0, Done, NOWHERE, 0),
            ],
        );
        let thread = threads[number as usize % 40];
        b.create(
            ping,
            Role::Part,
            Some(handler),
            &[(start, Blocking, thread, 0), (start + 1.0, Done, thread, 0)],
        );
    }
    b.build()
}

/// Two threads that compute and alternate every 5 ms.
pub(crate) fn gil(length: f64) -> (Workload, Trace) {
    let mut b = Builder::default();
    b.main_loop();
    let threads = b.threads(2);
    let task = b.task("crunch", &["cpu"]);
    for number in 0..2_u32 {
        let handler = [(0.0, Offloaded, NOWHERE, 0), (length, Done, NOWHERE, 0)];
        let handler = b.create(task, Role::Handler, None, &handler);
        let thread = threads[number as usize];
        let slices = (length / 0.005).round() as u32;
        let mut steps: Vec<_> = (0..slices)
            .map(|slice| {
                let state = if slice % 2 == number {
                    Running
                } else {
                    QueuedGil
                };
                (f64::from(slice) * 0.005, state, thread, 0)
            })
            .collect();
        steps.push((length, Done, thread, 0));
        b.create(task, Role::Part, Some(handler), &steps);
    }
    b.build()
}

/// Twenty calls through a semaphore of five.
pub(crate) fn semaphore() -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let call = b.task("call", &["await httpx", "cpu"]);
    for number in 0..20 {
        let start = f64::from(number / 5) * 2.0;
        let order = f64::from(number % 5) * 0.05;
        b.arrive(
            call,
            &[
                (0.0, WaitingPermit, NOWHERE, 0),
                (start, Awaiting, NOWHERE, 0),
                (start + 1.7, Ready, NOWHERE, 1),
                (start + 1.7 + order, Running, main, 1),
                (start + 1.75 + order, Done, main, 1),
            ],
        );
    }
    b.build()
}

/// Parents with children, a failure, a cancellation, a response, and a thread that runs longer than
/// its timeout.
pub(crate) fn family() -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let thread = b.threads(1)[0];
    let process = b.lane(LaneKind::ProcessWorker, 1);
    let order = b.task("order", &["await gather", "cpu"]);
    let fetch = b.task("fetch_menu", &["await httpx"]);
    let slow = b.task("slow_report", &["block psycopg2", "await"]);
    let render = b.task("render", &["cpu"]);
    let parent = b.arrive(
        order,
        &[
            (0.0, Running, main, 1),
            (0.4, WaitingAll, NOWHERE, 0),
            (2.5, Printed, NOWHERE, 0),
            (3.0, Responded, NOWHERE, 1),
            (3.0, Running, main, 1),
            (3.6, Done, main, 1),
        ],
    );
    b.create(
        fetch,
        Role::Gathered,
        Some(parent),
        &[(0.4, Awaiting, NOWHERE, 0), (3.0, Done, NOWHERE, 0)],
    );
    b.create(
        fetch,
        Role::Gathered,
        Some(parent),
        &[(0.4, Awaiting, NOWHERE, 0), (1.4, Failed, NOWHERE, 0)],
    );
    b.create(
        fetch,
        Role::Gathered,
        Some(parent),
        &[(0.4, Awaiting, NOWHERE, 0), (2.0, Cancelled, NOWHERE, 0)],
    );
    let outlived = b.arrive(
        slow,
        &[
            (0.4, Offloaded, NOWHERE, 0),
            (1.4, TimedOut, NOWHERE, 0),
            (1.4, Awaiting, NOWHERE, 1),
            (4.0, Done, NOWHERE, 1),
        ],
    );
    b.create(
        slow,
        Role::Part,
        Some(outlived),
        &[(0.4, Blocking, thread, 0), (3.4, Done, thread, 0)],
    );
    let asks = b.arrive(
        order,
        &[
            (0.4, QueuedProcess, NOWHERE, 0),
            (1.0, Offloaded, NOWHERE, 0),
            (3.5, Ready, NOWHERE, 1),
            (3.6, Running, main, 1),
            (4.2, Done, main, 1),
        ],
    );
    b.create(
        render,
        Role::Offloaded,
        Some(asks),
        &[
            (1.0, QueuedCore, process, 0),
            (1.4, Running, process, 0),
            (3.5, Done, process, 0),
        ],
    );
    b.build()
}

/// A workload with one task per state that takes time, to compare the patterns.
pub(crate) fn zoo() -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let thread = b.threads(1)[0];
    let states = [
        ("running", Running, main),
        ("blocks_loop", Blocking, main),
        ("blocks_thread", Blocking, thread),
        ("awaiting", Awaiting, NOWHERE),
        ("ready", Ready, NOWHERE),
        ("unaccepted", Unaccepted, NOWHERE),
        ("queued_token", QueuedToken, NOWHERE),
        ("queued_job", QueuedJob, NOWHERE),
        ("gil", QueuedGil, thread),
        ("core", QueuedCore, thread),
        ("permit", WaitingPermit, NOWHERE),
        ("item", WaitingItem, NOWHERE),
        ("event", WaitingEvent, NOWHERE),
        ("gather", WaitingAll, NOWHERE),
        ("offloaded", Offloaded, NOWHERE),
    ];
    for (name, state, lane) in states {
        let task = b.task(name, &["await"]);
        b.arrive(task, &[(0.0, state, lane, 0), (4.0, Done, NOWHERE, 0)]);
    }
    b.build()
}

pub(crate) fn one() -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let only = b.task("only", &["cpu"]);
    b.arrive(only, &[(0.0, Running, main, 0), (0.15, Done, main, 0)]);
    b.build()
}

/// A task that ends without taking time.
pub(crate) fn nothing() -> (Workload, Trace) {
    let mut b = Builder::default();
    let main = b.main_loop();
    let idle = b.task("idle", &["cpu"]);
    b.arrive(idle, &[(0.0, Ready, NOWHERE, 0), (0.0, Done, main, 0)]);
    b.build()
}

pub(crate) fn empty() -> (Workload, Trace) {
    Builder::default().build()
}

/// `await 1 -> thread (block 1) -> await 2` on a pool of 40; all instances arrive at once.
pub(crate) fn many(count: u32) -> (Workload, Trace) {
    let mut b = Builder::default();
    let threads = b.threads(40);
    let task = b.task("request", &["await", "block", "await"]);
    for number in 0..count {
        let start = 1.0 + f64::from(number / 40);
        let thread = threads[(number % 40) as usize];
        let role = Role::Arrived;
        b.create(
            task,
            role,
            None,
            &[
                (0.0, Awaiting, NOWHERE, 0),
                (1.0, QueuedToken, NOWHERE, 1),
                (start, Blocking, thread, 1),
                (start + 1.0, Awaiting, NOWHERE, 2),
                (start + 3.0, Done, NOWHERE, 2),
            ],
        );
    }
    b.build()
}
