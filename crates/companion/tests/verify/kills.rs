//! Kills at random moments, on every runtime: no process and no folder remains.
//!
//! `LOOPSCOPE_KILLS=N` sets how many (`make test-long`: 1,000); `LOOPSCOPE_SEED=S` repeats them.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use self::rng::Rng;
use self::server::Server;
use crate::support::{Place, until};

#[allow(dead_code)]
#[path = "../../../../tests/support/rng.rs"]
mod rng;
#[allow(dead_code)]
#[path = "../serve/support.rs"]
mod server;

/// The default number of kills. Each one takes about a second.
const KILLS: usize = 48;
const SIGNALS: [&str; 4] = ["-KILL", "-TERM", "-INT", "-HUP"];

#[derive(Clone, Copy, Debug)]
struct Case {
    runtime: &'static str,
    /// `TIME` is replaced by a long time, to be killed in the middle, or a short one, to be killed
    /// at the end.
    script: &'static str,
    /// The time after which everything has started, on a machine with two busy cores.
    started_ms: usize,
}

const CASES: [Case; 6] = [
    Case {
        runtime: "asyncio",
        script: "a: await TIME -> thread (block TIME)\nrun 2 a\n",
        started_ms: 500,
    },
    Case {
        runtime: "asyncio",
        script: "processes 2\ndef work: block TIME\na: process work\nrun 2 a\n",
        started_ms: 800,
    },
    Case {
        runtime: "fastapi",
        script: "servers 2\na: await TIME\nrun 3 a\n",
        started_ms: 2_500,
    },
    Case {
        runtime: "celery",
        script: "jobs 2\ndef work: block TIME\na: send work as h -> wait h\nrun 2 a\n",
        started_ms: 4_000,
    },
    Case {
        runtime: "threads",
        script: "a: block TIME\nrun 3 a\n",
        started_ms: 200,
    },
    Case {
        runtime: "tokio",
        script: "a: await TIME -> thread (block TIME)\nrun 3 a\n",
        started_ms: 200,
    },
];

#[test]
fn a_kill_at_any_moment_leaves_no_process_and_no_folder() {
    crate::fastapi::set_up();
    let number = |name| env::var(name).ok().and_then(|text| text.parse().ok());
    let kills = number("LOOPSCOPE_KILLS").unwrap_or(KILLS);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seed = number("LOOPSCOPE_SEED").unwrap_or(now.map_or(0, |now| now.as_secs() as usize));
    #[allow(clippy::print_stderr)]
    {
        eprintln!("LOOPSCOPE_SEED={seed} LOOPSCOPE_KILLS={kills}");
    }
    let next = AtomicUsize::new(0);
    // One thread more than a small machine has cores, so that the kills hit different moments.
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let kill = next.fetch_add(1, Ordering::Relaxed);
                    if kill >= kills {
                        return;
                    }
                    let seed = seed + kill;
                    let mut rng = Rng::new(seed as u64);
                    // Programs and signals take turns, so that even a few kills cover all of them.
                    let case = CASES[seed % CASES.len()];
                    let signal = SIGNALS[seed / CASES.len() % SIGNALS.len()];
                    let time = if rng.chance(75) { "50s" } else { "20ms" };
                    let script = case.script.replace("TIME", time);
                    let moment = Duration::from_millis(rng.below(case.started_ms) as u64);
                    let what = format!(
                        "nothing is left of {} ({time}) after {signal} at {moment:?}: LOOPSCOPE_SEED={seed} LOOPSCOPE_KILLS=1",
                        case.runtime,
                    );
                    if rng.chance(50) {
                        kill_command(case, &script, moment, signal, &what);
                    } else {
                        kill_companion(case, &script, moment, signal, &what);
                    }
                }
            });
        }
    });
}

fn kill_command(case: Case, script: &str, moment: Duration, signal: &str, what: &str) {
    let place = Place::new();
    let mut command = place.verify(script, &["--on", case.runtime]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    // A fixed delay and no condition: this is the random moment.
    thread::sleep(moment);
    let mut kill = Command::new("kill");
    kill.args([signal, &child.id().to_string()]);
    // The process may have ended already.
    let _ = kill.stderr(Stdio::null()).status();
    child.wait().expect("it ends");
    until(what, || {
        place.leftovers().is_empty() && !has_process(place.path())
    });
}

fn kill_companion(case: Case, script: &str, moment: Duration, signal: &str, what: &str) {
    let server = Server::start();
    let mut stream = server.connect();
    let request = server.verification(script, case.runtime, &Value::Null);
    stream.write_all(request.as_bytes()).expect("it listens");
    thread::sleep(moment);
    server.signal(signal);
    let folder = server.folder().to_owned();
    server.ended_keeping_folder();
    until(what, || {
        let is_empty = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none());
        is_empty && !has_process(&folder)
    });
    let _ = fs::remove_dir_all(&folder);
}

/// Whether a process has a path in this folder in its arguments or environment, or runs in it.
/// Every process of a run inherits its TMPDIR.
fn has_process(folder: &Path) -> bool {
    // With a final slash, so that a folder with a longer name does not match, e.g. `run-1` and
    // `run-12`.
    let name = format!("{}/", folder.display());
    let mentions = |file: &Path| {
        fs::read(file).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(&name))
    };
    let processes = fs::read_dir("/proc").expect("this is Linux").flatten();
    let mut paths = processes.map(|entry| entry.path());
    paths.any(|process| {
        mentions(&process.join("cmdline"))
            || mentions(&process.join("environ"))
            || fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder))
    })
}
